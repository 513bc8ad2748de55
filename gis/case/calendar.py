"""The city's working calendar: loading years into the database, and the clock that runs by it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from uuid import UUID

import chinese_calendar
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.case.calendar_models import CalendarDay, LocalDay, SeasonalLimit, WorkShift
from gis.case.clock import Hours, WorkingClock
from gis.case.working_hours import Season, Shift, hours_of
from gis.errors import CalendarNotLoaded, InvalidInput
from gis.i18n import N_, _
from gis.settings import get_settings

DEFAULT_SHIFTS = ((time(8), time(12)), (time(14), time(18)))
FIRST_YEAR = 2024
CHINESE_ZONES = ("Asia/Shanghai", "PRC", "Asia/Chongqing")
STATE_COUNCIL = N_("State Council holiday notices, by chinesecalendar")


@dataclass(frozen=True)
class Day:
    """One day of a calendar; ``kind`` is workday, weekend, holiday or makeup (调休)."""

    day: date
    kind: str
    name: str = ""

    @property
    def is_workday(self) -> bool:
        return self.kind in ("workday", "makeup")


def national_year(year: int) -> list[Day]:
    """All days of a year as the State Council arranged them.

    Raises
    ------
    CalendarNotLoaded
        The arrangement of that year is not known; it is never guessed.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        try:
            is_holiday, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError as error:
            raise CalendarNotLoaded(
                _(
                    "The holidays of {year} are not published in chinesecalendar yet; load them from a file"
                ).format(year=year)
            ) from error
        weekend = day.weekday() >= 5
        off, on = ("holiday" if name else "weekend"), ("makeup" if weekend else "workday")
        kind = off if is_holiday else on
        days.append(Day(day, kind, str(name or "")))
    return days


def load_days(session: Session, days: Iterable[Day], source: str) -> int:
    """Store whole years of days, over what stood there before. Returns how many.

    Raises
    ------
    InvalidInput
        A year is not whole: half a year would give deadlines that look right and are not.
    """
    days = list(days)
    rows = [
        {"day": d.day, "is_workday": d.is_workday, "kind": d.kind, "name": d.name, "source": source}
        for d in days
    ]
    stored = {d.day for d in days}
    for year in sorted({d.year for d in stored}):
        missing = [d.day for d in _every_day(year) if d.day not in stored]
        if missing:
            raise InvalidInput(
                _("The calendar of {year} lacks {count} days, the first is {day}").format(
                    year=year, count=len(missing), day=missing[0]
                )
            )
    if not rows:
        return 0
    statement = insert(CalendarDay)
    statement = statement.on_conflict_do_update(
        index_elements=["day"],
        set_={name: statement.excluded[name] for name in ("is_workday", "kind", "name", "source")},
    )
    session.execute(statement, rows)
    if session.scalar(select(WorkShift.id).limit(1)) is None:
        session.add_all(WorkShift(starts_at=begin, ends_at=end) for begin, end in DEFAULT_SHIFTS)
    session.flush()
    return len(rows)


def load_national_calendar(session: Session) -> list[int]:
    """Store the known years that are not there yet, in a city that lives by Chinese time.

    What an operator has loaded or corrected is never overwritten. Returns the years that were added.
    """
    if get_settings().timezone not in CHINESE_ZONES:
        return []
    present = set(session.scalars(select(func.date_part("year", CalendarDay.day)).distinct()))
    added = [year for year in range(FIRST_YEAR, last_known_national_year() + 1) if year not in present]
    for year in added:
        load_days(session, national_year(year), STATE_COUNCIL)
    return added


def load_year(session: Session, year: int) -> int:
    """Store a year as the State Council arranged it, over what stood there; returns the number of days."""
    return load_days(session, national_year(year), STATE_COUNCIL)


def _every_day(year: int) -> list[Day]:
    first = date(year, 1, 1)
    return [Day(first + timedelta(days=n), "") for n in range((date(year + 1, 1, 1) - first).days)]


def working_clock(session: Session) -> WorkingClock:
    """The clock of the calendar as it stands; built anew only when the calendar has changed."""
    return _city_clocks(session).clock


def clock_for(session: Session, rule_code: str | None) -> WorkingClock:
    """The clock that the limit of a filing rule runs by.

    That of the city; where the rule has seasons, it stands still outside them.
    """
    return _city_clocks(session).for_rule(rule_code)


def clocks_by_rule(session: Session) -> dict[str | None, WorkingClock]:
    """Every rule's clock that is another than the city's, and the city's under None."""
    clocks = _city_clocks(session)
    return {None: clocks.clock} | {rule: clocks.for_rule(rule) for rule in clocks.seasons}


@dataclass(frozen=True)
class _CityClocks:
    """The clocks of one state of the calendar. ``worked``: the days that are, with their hours."""

    worked: list[tuple[date, Hours]]
    loaded: list[tuple[date, date]]
    seasons: dict[str, list[Season]]
    clock: WorkingClock
    of_rules: dict[str, WorkingClock]

    def for_rule(self, rule_code: str | None) -> WorkingClock:
        seasons = self.seasons.get(rule_code or "")
        if not rule_code or not seasons:
            return self.clock
        if rule_code not in self.of_rules:
            inside = [(day, hours) for day, hours in self.worked if any(s.covers(day) for s in seasons)]
            self.of_rules[rule_code] = WorkingClock.from_hours(inside, get_settings().zone, self.loaded)
        return self.of_rules[rule_code]


# One entry: a service has one calendar. Under the mark of its state, see gis/sql/functions.
_latest: tuple[UUID, _CityClocks] | None = None


def _city_clocks(session: Session) -> _CityClocks:
    global _latest
    # Asked for while a case is being changed: its half-set columns are not for the database yet.
    with session.no_autoflush:
        # The mark is read before the calendar: what is kept under it is never older than it says.
        revision = session.execute(text("SELECT revision FROM app.calendar_revision")).scalar_one()
        known = _latest
        if known is None or known[0] != revision:
            known = _latest = (revision, _build(session))
    return known[1]


def _build(session: Session) -> _CityClocks:
    days = session.execute(select(CalendarDay.day, CalendarDay.is_workday).order_by(CalendarDay.day)).all()
    local = {row.day: row.is_workday for row in session.execute(select(LocalDay.day, LocalDay.is_workday))}
    shifts = stored_shifts(session) or [Shift(begin, end) for begin, end in DEFAULT_SHIFTS]
    seasons: dict[str, list[Season]] = {}
    for row in session.execute(select(SeasonalLimit.rule_code, SeasonalLimit.from_day, SeasonalLimit.to_day)):
        seasons.setdefault(row.rule_code, []).append(Season(row.from_day, row.to_day))
    worked: list[tuple[date, Hours]] = [
        (day, hours_of(day, shifts)) for day, is_workday in days if local.get(day, is_workday)
    ]
    loaded = _stretches([day for day, _is_workday in days])
    clock = WorkingClock.from_hours(worked, get_settings().zone, loaded)
    return _CityClocks(worked, loaded, seasons, clock, {})


def stored_shifts(session: Session) -> list[Shift]:
    """The city's shifts; empty until a year was loaded."""
    return [
        Shift(
            row.starts_at,
            row.ends_at,
            row.weekday,
            Season(row.from_day, row.to_day) if row.from_day and row.to_day else None,
        )
        for row in session.scalars(select(WorkShift).order_by(WorkShift.starts_at, WorkShift.id))
    ]


def _stretches(days: list[date]) -> list[tuple[date, date]]:
    """First and last day of each run of days without a gap: no deadline leaps over a year nobody loaded."""
    stretches: list[tuple[date, date]] = []
    for day in days:
        if stretches and day - stretches[-1][1] == timedelta(days=1):
            stretches[-1] = (stretches[-1][0], day)
        else:
            stretches.append((day, day))
    return stretches


@lru_cache
def last_known_national_year() -> int:
    """The last year chinesecalendar knows."""
    year = 2024
    while True:
        try:
            chinese_calendar.is_workday(date(year + 1, 1, 1))
        except NotImplementedError:
            return year
        year += 1
