"""Survey files into the staged tables, by COPY, a chunk at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.database import read_sql
from gis.errors import InvalidInput
from gis.i18n import _
from gis.survey.copy_text import CopyText, copy
from gis.survey.hand_over import made_beside
from gis.survey.line_ends import Ends
from gis.survey.line_shapes import is_line, is_point
from gis.survey.mapping import check_said
from gis.survey.options import SurveyOptions
from gis.survey.places import City
from gis.survey.plan import Plan, make_plan
from gis.survey.reading.opening import opened
from gis.survey.reading.table import Chunk, Table
from gis.survey.recognised import Recognised
from gis.survey.staged_lines import stage_lines
from gis.survey.staged_points import Staging, stage_points
from gis.survey.tally import Tally

Progress = Callable[[int, int | None], None]
Item = CopyText | tuple[int, int | None]  # rows to be stored, or how far it has come
SAMPLED_ROWS = 5000  # by which a table is recognised


def stage(
    session: Session,
    import_id: int,
    files: Sequence[Path],
    options: SurveyOptions,
    progress: Progress = lambda _done, _total: None,
) -> list[Recognised]:
    """Read all files and COPY their rows into ``survey_staged_point`` and ``survey_staged_line``.

    In the session's transaction: whoever calls rolls back on an error, so that nothing is half-loaded.
    ``progress`` is told the rows read so far, and their total where it is known.

    Raises
    ------
    InvalidInput
        A file cannot be read, or not without the sender saying more; the message names file, sheet and row.
    Conflict
        There is no city yet.
    """
    city = City.of(session)
    with opened(files) as tables:
        chosen = choose_tables(tables, options)
        plans = [(table, make_plan(session, table, options, city, sample_of(table))) for table in chosen]
        found = [table.note("left_out", reason=no_table()) for table, plan in plans if plan is None]
        wanted = [plan for _table, plan in plans if plan is not None]
        _check(chosen, wanted, options)
        for plan in wanted:
            found += once(plan.notes)
        tallies: list[Tally] = []

        def read(give: Callable[[Item], None]) -> None:
            tallies.extend(_read_all(import_id, wanted, options, city, give))

        for item in made_beside(read):
            if isinstance(item, CopyText):
                copy(session, item)
            else:
                progress(*item)
        if any(tally.numbered for tally in tallies):
            session.execute(read_sql("parallel_staged_lines"), {"import_id": import_id})
        # What rows are looked up by; the shapes and words of all columns would take as long as the load.
        session.execute(
            text(
                "ANALYZE survey_staged_point (import_id, class_code, point_no),"
                " survey_staged_line (import_id, class_code, segment_no, start_no, end_no)"
            )
        )
    return found + [said for tally in tallies for said in tally.said()]


def choose_tables(tables: list[Table], options: SurveyOptions) -> list[Table]:
    """The tables that are asked for: all, or the one the sender names.

    Raises
    ------
    InvalidInput
        No file has a sheet or layer of that name, or a table at all.
    """
    if not tables:
        raise InvalidInput(_("The files hold no table: there is no heading with at least two columns"))
    if options.layer is None:
        return tables
    chosen = [table for table in tables if options.layer in (table.sheet, table.file)]
    if not chosen:
        raise InvalidInput(
            _("No file has a sheet or layer {layer}; there are: {known}").format(
                layer=options.layer, known=", ".join(table.sheet or table.file for table in tables)
            ),
            errors=[{"pointer": "/options/layer", "detail": _("no such sheet or layer")}],
        )
    return chosen


def sample_of(table: Table) -> Chunk:
    """The first rows of a table, by which it is recognised."""
    return next(iter(table.chunks(SAMPLED_ROWS)), Chunk.empty(table.columns))


def _check(tables: list[Table], plans: list[Plan], options: SurveyOptions) -> None:
    """Refuse files with no table that is known, tables that lack what is needed, and wrong mappings."""
    check_said(options.mapping, [column for table in tables for column in table.columns])
    if not plans:
        raise InvalidInput(
            _("No sheet is a table of points or lines; there are: {sheets}").format(
                sheets="; ".join(f"{table.title} ({', '.join(table.columns[:8])})" for table in tables[:10])
            )
        )
    for plan in plans:
        if plan.missing:
            raise InvalidInput(
                _("{table} has no column for {fields}; say which in the mapping; it has: {columns}").format(
                    table=plan.table.title,
                    fields=", ".join(plan.missing),
                    columns=", ".join(plan.table.columns),
                ),
                errors=[
                    {"pointer": f"/options/mapping/{table}/{name}", "detail": _("no column")}
                    for table, mapped in plan.mapped.items()
                    for name in mapped.missing(plan.table.has_shapes)
                ],
            )


def _read_all(
    import_id: int, plans: list[Plan], options: SurveyOptions, city: City, give: Callable[[Item], None]
) -> list[Tally]:
    """Read points before lines, whose ends look for them; a layer that holds both is read twice.

    Gives rows to be stored, and how far it has come; knows no database.
    """
    ends = Ends() if any(plan.table.has_shapes and "line" in plan.mapped for plan in plans) else None
    staging = Staging(import_id, options, city, give, ends)
    rounds = [(plan, what) for what in ("point", "line") for plan in plans if what in plan.mapped]
    counts = [plan.table.rows for plan, _what in rounds]
    total = None if None in counts else sum(count or 0 for count in counts)
    done = 0
    give((done, total))
    for plan, what in rounds:
        read = 0
        for chunk in plan.table.chunks(None):
            read += len(chunk)
            mine = _of_kind(staging, plan, what, chunk)
            if len(mine):
                (stage_points if what == "point" else stage_lines)(staging, plan, mine)
            done += len(chunk)
            give((done, total))
        if not read:
            raise InvalidInput(_("{name} has no rows").format(name=plan.table.title))
    return list(staging.tallies.values())


def _of_kind(staging: Staging, plan: Plan, what: str, chunk: Chunk) -> Chunk:
    """The rows of a chunk that are points or lines; those without a shape go with a table of one kind."""
    if chunk.shapes is None:
        return chunk
    points, lines = is_point(chunk.shapes), is_line(chunk.shapes)
    bare = chunk.shapes == None  # noqa: E711 - element by element
    if plan.what != "both":
        mine = (points if what == "point" else lines) | bare
    else:
        mine = points if what == "point" else lines | bare
    if what == next(iter(plan.mapped)):
        staging.tally(plan).others(chunk, ~(points | lines | bare) if plan.what == "both" else ~mine)
    return chunk if mine.all() else chunk.where(mine)


def no_table() -> str:
    """Why a sheet is not read."""
    return _("neither its name nor its columns are those of points or lines")


def once(notes: list[Recognised]) -> list[Recognised]:
    """Notes without repetitions: a layer of points and lines has the same to say of both."""
    return [note for index, note in enumerate(notes) if note not in notes[:index]]
