"""``citygrid routing try``: past cases through the rules in force, or through changed ones."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from gis.i18n import _

if TYPE_CHECKING:
    from gis.case.routing_trial import Score, Shown, Trial


def commands() -> typer.Typer:
    """The group of commands; help is in the language that is set by now."""
    routing = typer.Typer(help=_("Which department a case goes to"), no_args_is_help=True)
    routing.callback()(lambda: None)  # one command alone would lose its name
    routing.command("try", help=_("Put past cases through the rules and print first-dispatch accuracy"))(try_)
    return routing


def try_(
    rules: Annotated[
        Path | None, typer.Option(help="CSV of changed rules, see docs/routing.md / 待试规则")
    ] = None,
    from_day: Annotated[
        str | None, typer.Option("--from", help="YYYY-MM-DD, first day of filing / 立案起始日")
    ] = None,
    to_day: Annotated[
        str | None, typer.Option("--to", help="YYYY-MM-DD, last day of filing / 立案截止日")
    ] = None,
) -> None:
    """Nothing is stored. A year back when no day is given."""
    from gis.case.routing_trial import try_rules
    from gis.case.rule_drafts import read_drafts
    from gis.database import transaction
    from gis.settings import get_settings

    zone = get_settings().zone
    last = _day(to_day) if to_day else datetime.now(zone).date()
    first = _day(from_day) if from_day else last - timedelta(days=365)
    begin = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    drafts = read_drafts(rules) if rules else []
    with transaction() as session:
        trial = try_rules(session, begin, end, drafts)
    _print(trial, first, last)


def _day(text: str) -> date:
    from gis.errors import InvalidInput

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(_("{text} is no day; write YYYY-MM-DD").format(text=text)) from error


def _print(trial: "Trial", first: date, last: date) -> None:
    console = Console()
    console.print(
        _("{cases} cases filed {first} – {last} and disposed of; without any rule: {silent}").format(
            cases=trial.overall.cases, first=first, last=last, silent=trial.silent
        ),
        highlight=False,
    )
    by_class = [(f"{kind} {code}", score) for (kind, code), score in trial.classes.items()]
    for title, rows in (
        (_("First-dispatch accuracy"), [(_("all"), trial.overall)]),
        (_("By department that disposed"), sorted(trial.departments.items())),
        (_("By class"), sorted(by_class)),
    ):
        console.print(_scores(title, rows, trial.is_changed))
    if trial.is_changed:
        console.print(_cases(_("Cases that go elsewhere by the changed rules"), trial.moved))
    console.print(_cases(_("Cases whose proposal was wrong"), trial.wrong))


def _scores(title: str, rows: "list[tuple[str, Score]]", is_changed: bool) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for name in (_("cases"), _("right"), _("share")):
        table.add_column(name, justify="right")
    if is_changed:
        for name in (_("right, changed"), _("share, changed")):
            table.add_column(name, justify="right")
    for name, score in rows:
        cells = [name, str(score.cases), str(score.right), _share(score.accuracy)]
        if is_changed:
            cells += [str(score.right_changed), _share(score.accuracy_changed)]
        table.add_row(*cells)
    return table


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2%}"


def _cases(title: str, shown: "Shown") -> Table:
    if shown.is_capped:
        title = _("{title}: the newest {count} of {total}").format(
            title=title, count=len(shown.items), total=shown.total
        )
    else:
        title = f"{title}: {shown.total}"
    table = Table(title=title, title_justify="left")
    for name in (_("case"), _("class"), _("disposed by"), _("proposed"), _("proposed, changed")):
        table.add_column(name)
    for one in shown.items:
        table.add_row(
            one.case_no, one.class_code, one.disposed_by, one.proposed or "–", one.proposed_changed or "–"
        )
    return table
