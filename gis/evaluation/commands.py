"""``citygrid evaluate``: scores of a kind of object over a period, and facts derived anew."""

import csv
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from gis.i18n import _

if TYPE_CHECKING:
    from gis.evaluation.figures import Figure
    from gis.evaluation.standing import Standing


def register(app: typer.Typer) -> None:
    """Add the command; its help is in the language that is set by now."""
    app.command("evaluate", help=_("Scores of regions, departments and posts over a period"))(evaluate)


def evaluate(
    period: Annotated[
        str | None, typer.Option(help="2026-10, 2026-W41, 2026-Q4, 2026, 2026-10-03/2026-10-17 / 周期")
    ] = None,
    of: Annotated[
        str,
        typer.Option(
            "--object", help="district, street, community, unit_grid, department, collector … / 对象"
        ),
    ] = "department",
    card: Annotated[str | None, typer.Option(help="score card, code or code@version / 评分卡")] = None,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", help="write all indicators there instead / 输出 CSV")
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="derive all facts from the steps anew first / 重算案件事实")
    ] = False,
) -> None:
    """The month that runs, where no period is named."""
    from datetime import UTC, datetime

    from gis.database import transaction
    from gis.evaluation.period import of_day, parse_period
    from gis.evaluation.standing import standing
    from gis.people.models import Person, Role
    from gis.settings import get_settings

    if rebuild:
        _rebuild()
        if period is None and csv_file is None:
            return
    wanted = (
        parse_period(period)
        if period
        else of_day("month", datetime.now(UTC).astimezone(get_settings().zone).date())
    )
    # Whoever may use the command line here sees the whole city.
    nobody = Person(id=0, login="", name="", role=Role.ADMIN)
    with transaction() as session:
        stands = standing(session, nobody, of, wanted, card)
        if csv_file is not None:
            _write(csv_file, stands)
        else:
            _show(stands)


def _rebuild() -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    from gis.commands import say
    from gis.database import check_server, engine
    from gis.evaluation.rebuild import rebuild_beside

    check_server()
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress("{task.description}", *columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(_("Facts of cases"), total=None)
        done = rebuild_beside(
            engine(), lambda cases, total: progress.update(bar, completed=cases, total=total)
        )
    say(_("The facts of {cases} cases are derived anew").format(cases=done))


def _show(stands: "Standing") -> None:
    from rich.table import Table

    from gis.evaluation.cards import Card
    from gis.evaluation.indicators import OBJECT_KINDS, indicator_of

    scored = [indicator_of(part.indicator) for part in Card.from_json(stands.card.content).parts]
    table = Table(title=f"{_(OBJECT_KINDS[stands.kind])} · {stands.period.code} · {stands.card.code}")
    heads = (_("Rank"), _("Code"), _("Name"), _("Score"), _("Grade"), *(_(row.title) for row in scored))
    for place, head in enumerate(heads):
        is_name = place in (1, 2)
        table.add_column(head, justify="left" if is_name or place == 4 else "right", no_wrap=is_name)
    for one in sorted(stands.rows, key=lambda one: (one.rank or math.inf, one.row.code)):
        total, grade = one.score.total, one.score.grade
        table.add_row(
            "" if one.rank is None else str(one.rank),
            one.row.code,
            one.row.name,
            _("no cases") if total is None else f"{total:.1f}",
            "" if grade is None else grade.name,
            *(_told(one.row.figures[row.code]) for row in scored),
        )
    Console().print(table)


def _told(figure: "Figure") -> str:
    if figure.value is None:
        return "–"
    if figure.indicator.unit == "ratio":
        return f"{figure.value:.1%}"
    return f"{figure.value:,.0f}" if figure.indicator.unit == "cases" else f"{figure.value:.1f}"


def _write(path: Path, stands: "Standing") -> None:
    """One row an object: score, and each indicator with numerator and denominator; empty: no cases."""
    from gis.evaluation.indicators import indicators_of

    codes = [row.code for row in indicators_of(stands.kind)]
    heads = ["code", "name", "rank", "score", "grade"]
    heads += [name for code in codes for name in (code, f"{code}_numerator", f"{code}_denominator")]
    # With a byte order mark: spreadsheets take it for another encoding otherwise.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(heads)
        for one in stands.rows:
            figures = [one.row.figures[code] for code in codes]
            told = [
                part for figure in figures for part in (figure.value, figure.numerator, figure.denominator)
            ]
            grade = one.score.grade
            lines.writerow(
                [one.row.code, one.row.name, one.rank, one.score.total, grade.name if grade else None, *told]
            )
