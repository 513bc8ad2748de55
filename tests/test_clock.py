"""The working clock against a clock that counts minute by minute, and against chinesecalendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from gis.case.calendar import Day, load_days, national_year, working_clock
from gis.case.clock import WorkingClock
from gis.case.limits import Limit, deadline
from gis.errors import CalendarNotLoaded, InvalidInput

CITY = ZoneInfo("Asia/Shanghai")
SHIFTS = [(time(8), time(12)), (time(14), time(18))]
FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
CLOCK = WorkingClock.from_days([d for d in DAYS if chinese_calendar.is_workday(d)], SHIFTS, CITY, FIRST, LAST)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY)


# Worked on paper with the State Council's notices at hand.
BY_HAND = [
    # start, working hours, end, why
    ("2026-11-23 09:00", 4, "2026-11-23 15:00", "over the midday break"),
    ("2026-11-23 12:30", 1, "2026-11-23 15:00", "begins in the break"),
    ("2026-11-23 08:00", 8, "2026-11-23 18:00", "a whole day ends when the shift closes"),
    ("2026-11-27 17:00", 2, "2026-11-30 09:00", "over a weekend"),
    ("2025-09-30 16:00", 8, "2025-10-09 16:00", "over National Day and Mid-Autumn 2025"),
    ("2025-01-24 14:00", 8, "2025-01-26 12:00", "Sunday 26 January 2025 is a make-up workday"),
    ("2026-11-22 23:00", 4, "2026-11-23 12:00", "begins on a Sunday night"),
]


@pytest.mark.parametrize(("start", "hours", "end", "why"), BY_HAND)
def test_limits_worked_on_paper(start: str, hours: int, end: str, why: str) -> None:
    found = CLOCK.deadline(at(start), hours * 60, continuous=False)
    assert found.due_at.astimezone(CITY) == at(end), why
    assert not found.provisional


def test_an_urgent_limit_runs_through_night_and_holiday() -> None:
    found = CLOCK.deadline(at("2025-09-30 23:00"), 120, continuous=True)
    assert found.due_at.astimezone(CITY) == at("2025-10-01 01:00")
    assert not found.provisional


def minute_by_minute(start: datetime, minutes: int) -> datetime:
    """The slow clock: steps a minute at a time and asks chinesecalendar each time."""
    now, left = start, minutes
    while left:
        local = now.astimezone(CITY)
        is_open = chinese_calendar.is_workday(local.date()) and any(b <= local.time() < e for b, e in SHIFTS)
        left -= is_open
        now += timedelta(minutes=1)
    return now


moments = st.datetimes(datetime(2024, 1, 2), datetime(2026, 11, 1)).map(  # noqa: DTZ001 - the strategy wants them naive
    lambda m: m.replace(second=0, microsecond=0, tzinfo=CITY)
)


@settings(max_examples=60, deadline=None)
@given(moments, st.integers(1, 5 * 8 * 60))
def test_the_clock_agrees_with_one_that_counts_minutes(start: datetime, minutes: int) -> None:
    assert CLOCK.deadline(start, minutes, continuous=False).due_at == minute_by_minute(start, minutes)


@given(moments, st.integers(1, 4000), st.integers(1, 4000))
def test_a_limit_can_be_cut_in_two(start: datetime, first: int, second: int) -> None:
    """Stopping at some minute and going on from there ends when one run would have ended."""
    middle = CLOCK.deadline(start, first, continuous=False).due_at
    whole = CLOCK.deadline(start, first + second, continuous=False).due_at
    assert CLOCK.deadline(middle, second, continuous=False).due_at == whole


@given(moments, st.integers(1, 4000))
def test_working_time_up_to_the_deadline_is_the_limit(start: datetime, minutes: int) -> None:
    end = CLOCK.deadline(start, minutes, continuous=False).due_at
    assert CLOCK.working_seconds(start, end) == minutes * 60
    assert CLOCK.working_seconds(end, start) == 0


@given(st.lists(st.tuples(moments, st.integers(1, 4000)), min_size=1, max_size=50))
def test_many_deadlines_at_once_are_the_same_as_one_by_one(cases: list[tuple[datetime, int]]) -> None:
    starts = np.array([int(start.timestamp()) for start, _minutes in cases])
    limits = np.array([minutes * 60 for _start, minutes in cases])
    ends, provisional = CLOCK.deadlines(starts, limits)
    one_by_one = [CLOCK.deadline(start, minutes, continuous=False) for start, minutes in cases]
    assert [datetime.fromtimestamp(int(end), UTC) for end in ends] == [found.due_at for found in one_by_one]
    assert provisional.tolist() == [found.provisional for found in one_by_one]


def test_a_year_that_is_not_loaded_is_not_guessed() -> None:
    found = CLOCK.deadline(at("2026-12-31 17:00"), 8 * 60, continuous=False)
    assert found.provisional
    assert found.due_at > at("2026-12-31 18:00")
    before = CLOCK.deadline(at("2023-06-01 09:00"), 60, continuous=False)
    assert before.provisional
    with pytest.raises(CalendarNotLoaded, match="2031"):
        national_year(2031)


def test_every_day_of_the_database_is_chinesecalendars(session: Session) -> None:
    clock = working_clock(session)
    for day in DAYS:
        midnight = datetime.combine(day, time.min, CITY)
        worked = clock.working_seconds(midnight, midnight + timedelta(days=1))
        assert worked == (8 * 3600 if chinese_calendar.is_workday(day) else 0), day


def test_a_corrected_calendar_moves_the_deadline(session: Session) -> None:
    limit = Limit(1, "WORK_DAY", None)
    start = at("2026-11-23 09:00")
    assert deadline(session, start, limit).due_at.astimezone(CITY) == at("2026-11-24 09:00")
    days = [Day(d.day, "holiday", "local") if d.day == date(2026, 11, 24) else d for d in national_year(2026)]
    load_days(session, days, "a test")
    assert deadline(session, start, limit).due_at.astimezone(CITY) == at("2026-11-25 09:00")


def test_half_a_year_is_refused(session: Session) -> None:
    with pytest.raises(InvalidInput, match="184"):
        load_days(session, [d for d in national_year(2026) if d.day.month <= 6], "a test")
