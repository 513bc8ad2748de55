"""The working calendar to be looked at: a year with its days and hours, which years are loaded."""

from dataclasses import dataclass, field
from datetime import date, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.case.calendar import DEFAULT_SHIFTS, stored_shifts
from gis.case.calendar_changes import RuleSeason
from gis.case.calendar_models import CalendarDay, LocalDay, SeasonalLimit
from gis.case.working_hours import Season, Shift, hours_of


@dataclass(frozen=True)
class DayView:
    """A day as it counts. ``kind``, ``name``: of the national calendar, unless ``is_local``."""

    day: date
    is_workday: bool
    kind: str
    name: str
    is_local: bool
    hours: list[tuple[time, time]]

    @property
    def minutes(self) -> int:
        """Working minutes, as the clocks on the wall count them."""
        return sum((end.hour - begin.hour) * 60 + end.minute - begin.minute for begin, end in self.hours)


@dataclass(frozen=True)
class YearView:
    """A year of the calendar; no days where it is not loaded, but the city's own may be there already."""

    year: int
    days: list[DayView] = field(default_factory=list)
    local_days: list[LocalDay] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    @property
    def is_loaded(self) -> bool:
        return bool(self.days)


def year_view(session: Session, year: int) -> YearView:
    """A year's days in order, with the city's own over the national ones."""
    within = (date(year, 1, 1), date(year, 12, 31))
    stored = session.scalars(
        select(CalendarDay).where(CalendarDay.day.between(*within)).order_by(CalendarDay.day)
    ).all()
    local = session.scalars(
        select(LocalDay).where(LocalDay.day.between(*within)).order_by(LocalDay.day)
    ).all()
    own = {one.day: one for one in local}
    shifts = stored_shifts(session) or [Shift(begin, end) for begin, end in DEFAULT_SHIFTS]
    days = [_day_view(one, own.get(one.day), shifts) for one in stored]
    return YearView(year, days, list(local), sorted({one.source for one in stored}))


def _day_view(national: CalendarDay, own: LocalDay | None, shifts: list[Shift]) -> DayView:
    is_workday = own.is_workday if own else national.is_workday
    return DayView(
        day=national.day,
        is_workday=is_workday,
        kind=national.kind,
        name=own.name if own and own.name else national.name,
        is_local=own is not None,
        hours=hours_of(national.day, shifts) if is_workday else [],
    )


def loaded_years(session: Session) -> list[int]:
    """Years of which there are days, ascending; a year is only ever loaded whole."""
    year = func.date_part("year", CalendarDay.day)
    return sorted(int(found) for found in session.scalars(select(year).distinct()))


def stored_seasons(session: Session) -> list[RuleSeason]:
    """The seasons of filing rules, by rule."""
    rows = session.scalars(select(SeasonalLimit).order_by(SeasonalLimit.rule_code, SeasonalLimit.from_day))
    return [RuleSeason(row.rule_code, Season(row.from_day, row.to_day), row.name) for row in rows]
