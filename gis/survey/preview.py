"""What an import would make of some files: columns and what they mean, shown before anything is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from sqlalchemy.orm import Session

from gis.errors import InvalidInput
from gis.survey.cells import plain_text
from gis.survey.mapping import Meaning
from gis.survey.options import SurveyOptions
from gis.survey.places import City
from gis.survey.plan import Plan, make_plan
from gis.survey.reading.opening import opened
from gis.survey.reading.table import Cells, Chunk, Table
from gis.survey.recognised import Recognised
from gis.survey.staging import choose_tables, no_table, once, sample_of

SAMPLES, SAMPLED, FIRST_ROWS, LONGEST_SAMPLE = 5, 500, 10, 60


@dataclass(frozen=True)
class ColumnPreview:
    """A column of a table. ``field``: what it means, None where nothing here holds it (kept as ``extra``).

    ``how``: said, saved, name, alias, alike; empty without a field. ``confidence`` from 0 to 1.
    """

    name: str
    field: str | None
    how: str
    confidence: float
    samples: list[str]


@dataclass(frozen=True)
class SheetPreview:
    """A sheet, table or layer. ``table``: point, line or both; None: it is not read. ``rows``: if known.

    ``first_rows`` are the first rows as they stand in the file, cells in the order of ``columns``.
    """

    file: str
    sheet: str
    table: str | None
    class_code: str | None
    rows: int | None
    columns: list[ColumnPreview]
    first_rows: list[list[str]] = field(default_factory=list)
    recognised: list[Recognised] = field(default_factory=list)
    needed_missing: list[str] = field(default_factory=list)


def preview(session: Session, files: Sequence[Path], options: SurveyOptions) -> list[SheetPreview]:
    """Look at the beginning of every table of some files.

    What would keep a table from being read is said of it (``needs_more``, ``needed_missing``), not raised.

    Raises
    ------
    InvalidInput
        A file cannot be opened, or there is no table in any.
    Conflict
        There is no city yet.
    """
    city = City.of(session)
    with opened(files) as tables:
        return [_look(session, table, options, city) for table in choose_tables(tables, options)]


def _look(session: Session, table: Table, options: SurveyOptions, city: City) -> SheetPreview:
    try:
        sample = sample_of(table)
    except InvalidInput as error:
        return _unread(table, Chunk.empty(table.columns), table.note("needs_more", reason=error.detail))
    try:
        plan = make_plan(session, table, options, city, sample)
    except InvalidInput as error:
        # Its columns can be shown all the same, so that the person sees what to say.
        plan = make_plan(session, table, options, city, sample, numbers=False)
        if plan is not None:
            plan.notes.append(table.note("needs_more", reason=error.detail))
    if plan is None:
        return _unread(table, sample, table.note("left_out", reason=no_table()))
    return SheetPreview(
        table.file,
        table.sheet,
        plan.what,
        plan.kind.code if plan.kind else None,
        table.rows,
        _columns(plan, sample),
        _first_rows(table, sample),
        once(plan.notes),
        plan.missing,
    )


def _columns(plan: Plan, sample: Chunk) -> list[ColumnPreview]:
    """Columns with their meaning; in a layer of points and lines, what they mean for lines goes first."""
    meanings: dict[str, Meaning] = {}
    for name in ("line", "point"):
        for meaning in plan.mapped[name].meanings if name in plan.mapped else ():
            if meanings.get(meaning.column, meaning).field is None or meaning.column not in meanings:
                meanings[meaning.column] = meaning
    return [
        ColumnPreview(m.column, m.field, m.how, m.confidence, _samples(sample.cells[m.column]))
        for m in meanings.values()
    ]


def _unread(table: Table, sample: Chunk, note: Recognised) -> SheetPreview:
    columns = [ColumnPreview(name, None, "", 0.0, _samples(sample.cells[name])) for name in table.columns]
    return SheetPreview(
        table.file, table.sheet, None, None, table.rows, columns, _first_rows(table, sample), [note]
    )


def _samples(cells: Cells) -> list[str]:
    """The first few different cells that say something."""
    words = (plain_text(cell)[:LONGEST_SAMPLE] for cell in cells[:SAMPLED])
    return list(islice(dict.fromkeys(word for word in words if word), SAMPLES))


def _first_rows(table: Table, sample: Chunk) -> list[list[str]]:
    columns = [sample.cells[name][:FIRST_ROWS] for name in table.columns]
    return [[plain_text(cell)[:LONGEST_SAMPLE] for cell in row] for row in zip(*columns, strict=True)]
