"""Changing the working calendar: days, shifts, seasons, years. Each says what became of the deadlines.

Services flush; whoever opened the transaction commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.case.calendar import STATE_COUNCIL, Day, load_days, national_year
from gis.case.calendar_models import LocalDay, SeasonalLimit, WorkShift
from gis.case.recompute import AT_ONCE, count_open, recompute_here
from gis.case.record import check_text
from gis.case.working_hours import LEAP_YEAR, Season, Shift, days_of_any_year, hours_on
from gis.errors import InvalidInput, NotFound
from gis.i18n import N_, _
from gis.people.models import Person
from gis.standard.models import FilingRule, LimitUnit

MOST_SHIFTS = 200
MOST_SEASONS = 2_000
WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip


@dataclass(frozen=True)
class Deadlines:
    """What a change did to the deadlines of ``open_cases``; ``moved`` is None while that is still to do."""

    open_cases: int
    moved: int | None


@dataclass(frozen=True)
class RuleSeason:
    """A part of the year in which the limit of a filing rule runs."""

    rule_code: str
    season: Season
    name: str = ""


def settle(session: Session) -> Deadlines:
    """Recompute the open cases at once where they are few; else that is left to a run of its own."""
    session.flush()
    open_cases = count_open(session)
    if open_cases > AT_ONCE:
        return Deadlines(open_cases, None)
    return Deadlines(open_cases, recompute_here(session).moved)


def set_local_day(session: Session, day: date, is_workday: bool, name: str, actor: Person | None) -> LocalDay:
    """Make a day free or a workday in this city, over the national calendar."""
    check_text("/name", name)
    values = {"is_workday": is_workday, "name": name.strip(), "set_by": actor.id if actor else None}
    statement = insert(LocalDay).values(day=day, **values)
    session.execute(
        statement.on_conflict_do_update(index_elements=["day"], set_=values | {"set_at": func.now()})
    )
    return session.get_one(LocalDay, day, populate_existing=True)


def clear_local_day(session: Session, day: date) -> None:
    """Let a day be what the national calendar says again.

    Raises
    ------
    NotFound
        The city has set nothing for that day.
    """
    if session.execute(delete(LocalDay).where(LocalDay.day == day).returning(LocalDay.day)).first() is None:
        raise NotFound(_("The city has set nothing of its own for {day}").format(day=day))


def replace_shifts(session: Session, shifts: Sequence[Shift]) -> None:
    """Put these shifts in the place of all that were.

    Raises
    ------
    InvalidInput
        Hours that end before they begin, a day of the year that does not exist, hours that overlap on some
        day, or a workday that would have no hours at all.
    """
    _check_count("/items", len(shifts), MOST_SHIFTS)
    for number, shift in enumerate(shifts):
        pointer = f"/items/{number}"
        if shift.starts_at >= shift.ends_at:
            raise InvalidInput(
                _("A shift must end after it begins; one past midnight is two"),
                errors=[{"pointer": f"{pointer}/ends_at", "detail": _("not later")}],
            )
        if shift.season:
            _check_season(pointer, shift.season)
    _check_hours(shifts)
    session.execute(delete(WorkShift))
    session.add_all(
        WorkShift(
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            weekday=shift.weekday,
            from_day=shift.season.from_day if shift.season else None,
            to_day=shift.season.to_day if shift.season else None,
        )
        for shift in shifts
    )
    session.flush()


def _check_hours(shifts: Sequence[Shift]) -> None:
    for month_day, weekday in days_of_any_year():
        hours = hours_on(month_day, weekday, shifts)
        if not hours:
            raise InvalidInput(
                _("A workday on a {weekday} on {month_day} would have no hours").format(
                    weekday=_(WEEKDAYS[weekday - 1]), month_day=month_day
                ),
                errors=[{"pointer": "/items", "detail": _("hours are missing")}],
            )
        for (_begin, end), (begin, _end) in pairwise(hours):
            if begin < end:
                raise InvalidInput(
                    _("Two shifts overlap at {time} on a {weekday} on {month_day}").format(
                        time=f"{begin:%H:%M}", weekday=_(WEEKDAYS[weekday - 1]), month_day=month_day
                    ),
                    errors=[{"pointer": "/items", "detail": _("hours overlap")}],
                )


def replace_seasons(session: Session, seasons: Sequence[RuleSeason]) -> None:
    """Put these seasons of filing rules in the place of all that were.

    Raises
    ------
    InvalidInput
        An unknown rule, one whose limit runs day and night, a day of the year that does not exist, or two
        seasons of a rule that begin on the same day.
    """
    _check_count("/items", len(seasons), MOST_SEASONS)
    codes = {one.rule_code for one in seasons}
    known = session.execute(
        select(FilingRule.code, LimitUnit.is_continuous)
        .join(LimitUnit, LimitUnit.code == FilingRule.limit_unit_in_force)
        .where(FilingRule.code.in_(codes))
    )
    is_continuous = {row.code: row.is_continuous for row in known}
    begun: set[tuple[str, str]] = set()
    for number, one in enumerate(seasons):
        pointer = f"/items/{number}"
        _check_season(pointer, one.season)
        check_text(f"{pointer}/name", one.name)
        if one.rule_code not in is_continuous:
            raise InvalidInput(
                _("There is no filing rule {code}").format(code=one.rule_code),
                errors=[{"pointer": f"{pointer}/rule_code", "detail": _("unknown filing condition")}],
            )
        if is_continuous[one.rule_code]:
            raise InvalidInput(
                _("The limit of {code} runs day and night; it has no season").format(code=one.rule_code),
                errors=[{"pointer": f"{pointer}/rule_code", "detail": _("an urgent limit")}],
            )
        if (one.rule_code, one.season.from_day) in begun:
            raise InvalidInput(
                _("Two seasons of {code} begin on {day}").format(code=one.rule_code, day=one.season.from_day),
                errors=[{"pointer": f"{pointer}/from_day", "detail": _("comes twice")}],
            )
        begun.add((one.rule_code, one.season.from_day))
    session.execute(delete(SeasonalLimit))
    session.add_all(
        SeasonalLimit(
            rule_code=one.rule_code,
            from_day=one.season.from_day,
            to_day=one.season.to_day,
            name=one.name.strip(),
        )
        for one in seasons
    )
    session.flush()


def load_calendar_year(session: Session, year: int, days: Sequence[Day] | None, source: str) -> int:
    """Store a year, over what stood there: these days, or the State Council's where there are none.

    Returns how many days. What the city itself has set for single days stays.

    Raises
    ------
    CalendarNotLoaded
        The national arrangement of that year is not known yet.
    InvalidInput
        The days are not those of that year, all of them.
    """
    if days is None:
        return load_days(session, national_year(year), STATE_COUNCIL)
    strange = next((one.day for one in days if one.day.year != year), None)
    if strange is not None or not days:
        raise InvalidInput(
            _("The file must hold the days of {year} and no others").format(year=year)
            if strange is None
            else _("{day} is not a day of {year}").format(day=strange, year=year)
        )
    return load_days(session, days, source)


def _check_season(pointer: str, season: Season) -> None:
    for name in ("from_day", "to_day"):
        value = getattr(season, name)
        try:
            date.fromisoformat(f"{LEAP_YEAR}-{value}")
        except ValueError as error:
            raise InvalidInput(
                _("{day} is not a day of the year; write it as 03-15").format(day=value),
                errors=[{"pointer": f"{pointer}/{name}", "detail": _("MM-DD")}],
            ) from error


def _check_count(pointer: str, count: int, most: int) -> None:
    if count > most:
        raise InvalidInput(
            _("{count} rows; at most {most}").format(count=count, most=most), errors=[{"pointer": pointer}]
        )
