"""``citygrid calendar …``: years, local days, shifts, seasons, and the deadlines that follow from them."""

from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from gis.errors import InvalidInput
from gis.i18n import _

if TYPE_CHECKING:
    from gis.case.working_hours import Season, Shift

FromDay = Annotated[str | None, typer.Option("--from", help="MM-DD, first day / 起始日")]
ToDay = Annotated[str | None, typer.Option("--to", help="MM-DD, last day / 结束日")]


def commands() -> typer.Typer:
    """The group of commands; help is in the language that is set by now."""
    calendar = typer.Typer(help=_("Working days and holidays"), no_args_is_help=True)
    calendar.command("load", help=_("Load the working calendar of a year"))(load)
    calendar.command("show", help=_("Show a year month by month, and which years are loaded"))(show)
    calendar.command("day", help=_("Make a day free or a workday in this city"))(day)
    calendar.command("shift", help=_("Show or set the working hours, by weekday and part of the year"))(shift)
    calendar.command("season", help=_("Show or set in which part of the year a limit runs"))(season)
    calendar.command("recompute", help=_("Compute the deadlines of open cases anew"))(recompute)
    return calendar


def load(
    years: Annotated[
        list[int] | None, typer.Argument(help="years of State Council notices / 国务院公布的年份")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="CSV: day,kind,name; kind is workday, weekend, holiday or makeup")
    ] = None,
) -> None:
    from gis.case.calendar import load_days, load_year
    from gis.case.calendar_file import read_days
    from gis.database import transaction

    if not years and file is None:
        raise InvalidInput(_("Name a year, or a file with --file"))
    for year in years or ():
        with transaction() as session:
            load_year(session, year)
        _say(_("The working calendar of {year} is loaded").format(year=year))
    if file is not None:
        with transaction() as session:
            count = load_days(session, read_days(file), source=file.name)
        _say(_("{count} days of the working calendar are loaded").format(count=count))
    recompute()


def show(year: Annotated[int | None, typer.Argument(help="2026")] = None) -> None:
    from rich.table import Table

    from gis.case.calendar_view import loaded_years, year_view
    from gis.case.recompute import is_recomputed
    from gis.database import transaction
    from gis.settings import get_settings

    year = year or datetime.now(get_settings().zone).year
    with transaction() as session:
        seen, years, current = year_view(session, year), loaded_years(session), is_recomputed(session)
    known = ", ".join(map(str, years)) or "–"
    if seen.is_loaded:
        table = Table(title=str(year))
        heads = (_("Month"), _("Workdays"), _("Hours"), _("Holidays"), _("Make-up workdays"), _("Set here"))
        for head in heads:
            table.add_column(head, justify="left" if head == heads[0] else "right")
        for month in range(1, 13):
            days = [one for one in seen.days if one.day.month == month]
            own = [f"{one.day:%d}{'+' if one.is_workday else '−'}" for one in days if one.is_local]
            table.add_row(
                f"{month:02}",
                str(sum(one.is_workday for one in days)),
                f"{sum(one.minutes for one in days) / 60:g}",
                " ".join(f"{one.day:%d}" for one in days if one.kind == "holiday" and not one.is_workday),
                " ".join(f"{one.day:%d}" for one in days if one.kind == "makeup" and one.is_workday),
                " ".join(own),
            )
        Console().print(table)
        _say(_("Source: {source}").format(source="; ".join(_(source) for source in seen.sources)))
    else:
        _say(_("{year} is not loaded: deadlines in it are provisional").format(year=year))
    _say(_("Loaded years: {years}").format(years=known))
    if not current:
        _say(_("The calendar has changed since deadlines were computed; run: citygrid calendar recompute"))


def day(
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="2026-08-11")],
    work: Annotated[
        bool | None, typer.Option("--work/--free", help="a workday, or free / 上班或放假")
    ] = None,
    name: Annotated[str, typer.Option(help="why / 名称")] = "",
    clear: Annotated[bool, typer.Option("--clear", help="as in the national calendar again / 恢复")] = False,
) -> None:
    from gis.case.calendar_changes import clear_local_day, set_local_day
    from gis.database import transaction

    if clear == (work is not None):
        raise InvalidInput(_("Say one of --work, --free and --clear"))
    with transaction() as session:
        if work is None:
            clear_local_day(session, day.date())
        else:
            set_local_day(session, day.date(), work, name, None)
    told = {
        True: _("{day} is a workday in this city"),
        False: _("{day} is free in this city"),
        None: _("{day} is what the national calendar says"),
    }[work]
    _say(told.format(day=day.date()))
    recompute()


def shift(
    hours: Annotated[list[str] | None, typer.Argument(help="08:00-12:00 14:00-18:00")] = None,
    weekday: Annotated[
        int | None, typer.Option(min=1, max=7, help="1 Monday … 7 Sunday / 星期一至星期日")
    ] = None,
    from_day: FromDay = None,
    to_day: ToDay = None,
    clear: Annotated[bool, typer.Option("--clear", help="take these hours away / 删除该时段班次")] = False,
) -> None:
    from gis.case.calendar import stored_shifts
    from gis.case.calendar_changes import replace_shifts
    from gis.case.working_hours import Shift
    from gis.database import transaction

    part = _season(from_day, to_day)
    if hours or clear:
        with transaction() as session:
            others = [one for one in stored_shifts(session) if (one.weekday, one.season) != (weekday, part)]
            own = [] if clear else [Shift(*_hours(text), weekday, part) for text in hours or ()]
            replace_shifts(session, [*others, *own])
    with transaction() as session:
        for one in stored_shifts(session):
            _say(_shift_line(one))
    if hours or clear:
        recompute()


def season(
    rule_code: Annotated[str | None, typer.Argument(help="a filing rule / 立案条件代码")] = None,
    from_day: FromDay = None,
    to_day: ToDay = None,
    name: Annotated[str, typer.Option(help="its name / 名称")] = "",
    clear: Annotated[bool, typer.Option("--clear", help="all year again / 全年有效")] = False,
) -> None:
    from gis.case.calendar_changes import RuleSeason, replace_seasons
    from gis.case.calendar_view import stored_seasons
    from gis.database import transaction

    part = _season(from_day, to_day)
    changes = rule_code is not None and (clear or part is not None)
    if changes and rule_code:
        with transaction() as session:
            kept = [
                one
                for one in stored_seasons(session)
                if one.rule_code != rule_code or (part and one.season.from_day != part.from_day)
            ]
            replace_seasons(session, kept if part is None else [*kept, RuleSeason(rule_code, part, name)])
    with transaction() as session:
        seasons = [one for one in stored_seasons(session) if rule_code in (None, one.rule_code)]
    for one in seasons:
        _say(f"{one.rule_code}  {one.season.from_day} – {one.season.to_day}  {one.name}".rstrip())
    if not seasons:
        _say(_("All limits run the whole year"))
    if changes:
        recompute()


def recompute(
    closed: Annotated[
        bool, typer.Option("--closed", help="closed cases too: their scores follow / 含已结案案件")
    ] = False,
) -> None:
    from rich.progress import Progress

    from gis.case.recompute import recompute_all

    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(_("Deadlines"), total=None)
        done = recompute_all(closed, lambda cases, total: progress.update(bar, completed=cases, total=total))
    _say(
        _("{cases} cases looked at, {moved} have another deadline now").format(
            cases=done.cases, moved=done.moved
        )
    )


def _season(from_day: str | None, to_day: str | None) -> "Season | None":
    from gis.case.working_hours import Season

    if (from_day is None) != (to_day is None):
        raise InvalidInput(_("A part of the year needs both --from and --to"))
    return Season(from_day, to_day) if from_day and to_day else None


def _hours(text: str) -> tuple[time, time]:
    begin, dash, end = text.partition("-")
    try:
        if not dash:
            raise ValueError
        return time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())
    except ValueError as error:
        raise InvalidInput(_("{text} are no hours; write them as 08:00-12:00").format(text=text)) from error


def _shift_line(one: "Shift") -> str:
    from gis.case.calendar_changes import WEEKDAYS

    when = _(WEEKDAYS[one.weekday - 1]) if one.weekday else _("Every workday")
    part = f"  {one.season.from_day} – {one.season.to_day}" if one.season else ""
    return f"{one.starts_at:%H:%M}–{one.ends_at:%H:%M}  {when}{part}"


def _say(line: str) -> None:
    from gis.commands import say

    say(line)
