"""The city's working calendar: loading years into the database, and the clock that runs by it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache

import chinese_calendar
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.case.calendar_models import CalendarDay, WorkShift
from gis.case.clock import WorkingClock
from gis.errors import CalendarNotLoaded, InvalidInput
from gis.i18n import _
from gis.settings import get_settings

DEFAULT_SHIFTS = ((time(8), time(12)), (time(14), time(18)))
FIRST_YEAR = 2024
CHINESE_ZONES = ("Asia/Shanghai", "PRC", "Asia/Chongqing")
STATE_COUNCIL = "State Council holiday notices, by chinesecalendar"


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
    """The clock of the calendar as it stands; built anew only when a day or a shift has changed."""
    fingerprint = session.execute(
        text(
            "SELECT"
            " (SELECT md5(string_agg(day::text || is_workday::text, ',' ORDER BY day)) FROM calendar_day),"
            " (SELECT md5(string_agg(starts_at::text || ends_at::text, ',' ORDER BY id)) FROM work_shift)"
        )
    ).one()
    return _clock(session, f"{fingerprint[0]}/{fingerprint[1]}/{get_settings().timezone}")


# Few entries: in one service there is one calendar; more only while it is being corrected.
_clocks: dict[str, WorkingClock] = {}


def _clock(session: Session, fingerprint: str) -> WorkingClock:
    clock = _clocks.get(fingerprint)
    if clock is None:
        days = session.scalars(select(CalendarDay).order_by(CalendarDay.day)).all()
        shifts = session.scalars(select(WorkShift).order_by(WorkShift.starts_at)).all()
        run = _unbroken([d.day for d in days])
        if not days:
            run = [date(1970, 1, 1)]
        clock = WorkingClock.from_days(
            [d.day for d in days if d.is_workday and run[0] <= d.day <= run[-1]],
            [(shift.starts_at, shift.ends_at) for shift in shifts] or DEFAULT_SHIFTS,
            get_settings().zone,
            run[0],
            run[-1],
        )
        _clocks.clear()
        _clocks[fingerprint] = clock
    return clock


def _unbroken(days: list[date]) -> list[date]:
    """The last run of days without a gap: a deadline must not leap over a year nobody loaded."""
    start = 0
    for index in range(1, len(days)):
        if days[index] - days[index - 1] > timedelta(days=1):
            start = index
    return days[start:]


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
