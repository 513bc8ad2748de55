"""``citygrid import pipelines``: survey data from the command line, by the same way as from the pages."""

import csv
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from gis.i18n import N_, _

HOW = ("clean", "all", "no")
EXIT_NOTHING_LOADED = 1
CHANGES = {
    "new": N_("new"),
    "changed": N_("changed"),
    "moved": N_("taken along by moved points"),
    "same": N_("the same"),
    "gone": N_("not in the files"),
    "refused": N_("cannot be stored"),
}


def run_pipelines(
    files: list[Path],
    survey: str | None,
    mapping: list[str],
    options: dict[str, Any],
    accept: str,
    report: Path | None,
    dry_run: bool,
) -> None:
    """Stage, check, compare, and accept as asked."""
    from gis.errors import Conflict, InvalidInput
    from gis.survey.models import ImportState
    from gis.survey.options import LONGEST_SURVEY

    if accept not in HOW:
        raise InvalidInput(_("one of: {words}").format(words=", ".join(HOW)))
    for path in files:
        if not path.is_file():
            raise InvalidInput(_("There is no file {path}").format(path=path))
    options = options | {"mapping": parse_mapping(mapping)}
    console = Console(soft_wrap=True)
    import_id = _begin(files, survey or files[0].stem[:LONGEST_SURVEY], options)
    state, message = _work(import_id, console)
    if state is ImportState.FAILED:
        raise InvalidInput(message)
    _print_outcome(import_id, console)
    if report:
        count = _write_report(import_id, report)
        console.print(
            _("{count} findings in {path}").format(count=count, path=report), highlight=False, markup=False
        )
    if dry_run:
        _drop(import_id)
        console.print(_("Checked only; nothing was stored"))
        return
    if accept == "no":
        console.print(_("Import {id} waits for a decision on the page of imports").format(id=import_id))
        return
    try:
        _accept(import_id, accept)
    except Conflict:
        _drop(import_id)
        raise
    state, message = _work(import_id, console)
    if state is not ImportState.ACCEPTED:
        _drop(import_id)
        raise Conflict(message)
    merged = _counts(import_id)["merged"]
    console.print(
        _("Taken over: {new} new, {changed} changed, {moved} taken along, {gone} ended").format(**merged)
    )
    if not any(merged.values()) and not _counts(import_id)["change"]["same"]:
        raise typer.Exit(EXIT_NOTHING_LOADED)


def parse_mapping(pairs: list[str]) -> dict[str, dict[str, str]]:
    """``column=field`` for every table that has such a field; raises InvalidInput for one that none has."""
    from gis.errors import InvalidInput
    from gis.survey.head_words import FIELDS

    found: dict[str, dict[str, str]] = {}
    for pair in pairs:
        column, _equals, name = pair.rpartition("=")
        tables = [table for table, fields in FIELDS.items() if name in fields]
        if not column or not tables:
            known = ", ".join(sorted({name for fields in FIELDS.values() for name in fields}))
            raise InvalidInput(
                _("{pair} is not column=field; fields are: {known}").format(pair=pair, known=known)
            )
        for table in tables:
            found.setdefault(table, {})[name] = column
    return found


def _begin(files: list[Path], survey: str, options: dict[str, Any]) -> int:
    from gis.database import transaction
    from gis.survey import service

    with transaction() as session:
        made = service.begin(session, None, survey, {k: v for k, v in options.items() if v})
        made.files = [
            {"name": path.name, "sha256": "", "size_bytes": path.stat().st_size, "path": str(path.resolve())}
            for path in files
        ]
        return made.id


def _work(import_id: int, console: Console) -> tuple[Any, str]:
    """Do what the import waits for in this process, and show how far it is."""
    from gis.database import transaction
    from gis.survey.job import work_import
    from gis.survey.service import find_import

    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console, transient=True
    )
    with bar:
        task = bar.add_task(_("Import"), total=None)

        def tell(step: str, done: int, total: int | None) -> None:
            bar.update(task, description=step, completed=done, total=total)

        work_import(import_id, tell)
    with transaction() as session:
        found = find_import(session, import_id)
        return found.state, found.message


def _accept(import_id: int, how: str) -> None:
    from gis.database import transaction
    from gis.survey import service

    with transaction() as session:
        service.accept(session, import_id, "all" if how == "all" else "clean", None, by_job=False)


def _drop(import_id: int) -> None:
    from gis.database import transaction
    from gis.survey import service

    with transaction() as session:
        service.drop(session, import_id, None)


def _counts(import_id: int) -> dict[str, Any]:
    from gis.database import transaction
    from gis.survey.service import find_import

    with transaction() as session:
        return find_import(session, import_id).counts


def _print_outcome(import_id: int, console: Console) -> None:
    """What was recognised, what the checks found, and what accepting would change."""
    from gis.database import transaction
    from gis.pipeline.checks.table import find_check
    from gis.survey.recognised import Recognised
    from gis.survey.service import find_import

    with transaction() as session:
        found = find_import(session, import_id)
    for each in map(Recognised.from_json, found.recognised):
        where = " · ".join(part for part in (each.file, each.sheet) if part)
        console.print(f"{where}: {each.text}", highlight=False, markup=False)
    counts = found.counts
    table = Table(title=_("Import of survey {survey}").format(survey=found.survey))
    table.add_column("")
    for head in (_("points"), _("lines")):
        table.add_column(head, justify="right")
    table.add_row(_("read"), str(counts["points"]), str(counts["lines"]))
    table.add_row(_("clean"), str(counts["clean_points"]), str(counts["clean_lines"]))
    change = counts["change"]
    for name, title in CHANGES.items():
        table.add_row(_(title), str(change["points"].get(name, 0)), str(change["lines"].get(name, 0)))
    console.print(table)
    if counts["by_check"]:
        table = Table(title=_("Findings"))
        for head in (_("check"), _("severity"), _("rows")):
            table.add_column(head, justify="right" if head == _("rows") else "left")
        for code, count in counts["by_check"].items():
            check = find_check(code)
            table.add_row(_(check.title), _(check.severity), str(count))
        console.print(table)


def _write_report(import_id: int, path: Path) -> int:
    """All findings, one a line. UTF-8 with BOM, because spreadsheets open it."""
    from gis.database import transaction
    from gis.errors import InvalidInput
    from gis.pipeline.checks.queries import findings_page
    from gis.pipeline.checks.words import text_of

    count, cursor, run_id = 0, None, _counts(import_id)["run_id"]
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file, transaction() as session:
            lines = csv.writer(file)
            lines.writerow(["file", "sheet", "row", "subject", "number", "severity", "code", "title", "text"])
            while True:
                page = findings_page(session, run_id, 1000, cursor)
                for row in page.items:
                    said = (
                        row.check.severity,
                        row.check.code,
                        _(row.check.title),
                        text_of(row.check, row.value, row.limit, row.detail),
                    )
                    lines.writerow([row.file, row.sheet, row.row_no, row.subject, row.number, *said])
                count += len(page.items)
                cursor = page.next_cursor
                if cursor is None:
                    return count
    except OSError as error:
        raise InvalidInput(
            _("The report {path} cannot be written: {reason}").format(path=path, reason=error.strerror)
        ) from error
