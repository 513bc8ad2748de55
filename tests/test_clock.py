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
from gis.case.clocks import Span, limit_end
from gis.case.limits import Limit, deadline
from gis.errors import CalendarNotLoaded, InvalidInput

CITY = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
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


@pytest.mark.parametrize(
    ("start", "value", "unit", "end", "why"),
    [
        (
            "2025-01-24 14:00",
            3,
            "WORK_DAY",
            "2025-02-05 12:00",
            "Sunday 26 January is worked, then nine days off",
        ),
        ("2025-01-25 10:00", 3, "WORK_DAY", "2025-02-05 18:00", "begins on a Saturday off"),
        ("2025-02-07 14:00", 8, "WORK_HOUR", "2025-02-08 12:00", "Saturday 8 February is a make-up workday"),
        ("2026-02-12 08:00", 5, "WORK_DAY", "2026-02-25 18:00", "over Spring Festival 2026 and Saturday 14"),
        ("2026-02-13 16:00", 1, "WORK_DAY", "2026-02-14 16:00", "two hours on Friday, six on Saturday"),
        ("2026-02-14 16:00", 1, "WORK_DAY", "2026-02-24 16:00", "the rest after nine days off"),
        ("2026-02-14 17:00", 4, "WORK_HOUR", "2026-02-24 11:00", "one hour on Saturday, three after"),
        ("2026-02-14 16:00", 2, "WORK_HOUR", "2026-02-14 18:00", "used up just as the festival begins"),
        ("2026-02-18 10:00", 4, "WORK_HOUR", "2026-02-24 12:00", "begins on the second day of the year"),
        ("2026-02-28 17:00", 2, "WORK_HOUR", "2026-03-02 09:00", "from a make-up Saturday over Sunday"),
        ("2026-02-14 23:00", 2, "URGENT_HOUR", "2026-02-15 01:00", "into the festival"),
        ("2026-02-15 09:30", 4, "URGENT_HOUR", "2026-02-15 13:30", "on the eve"),
        ("2026-02-16 09:00", 2, "URGENT_DAY", "2026-02-18 09:00", "two days of the festival"),
        ("2026-02-27 18:00", 1, "URGENT_DAY", "2026-02-28 18:00", "a natural day"),
        ("2026-04-30 18:00", 0.5, "WORK_HOUR", "2026-05-06 08:30", "over Labour Day"),
        ("2026-05-08 17:00", 1, "WORK_DAY", "2026-05-09 17:00", "Saturday 9 May is a make-up workday"),
        ("2026-09-19 12:00", 1, "WORK_DAY", "2026-09-20 18:00", "Sunday 20 September is a make-up workday"),
        ("2026-09-30 08:00", 2, "WORK_DAY", "2026-10-08 18:00", "over National Day"),
    ],
)
def test_units_over_festivals_and_make_up_days(
    session: Session, start: str, value: float, unit: str, end: str, why: str
) -> None:
    found = deadline(session, at(start), Limit(value, unit, None))
    assert found.due_at.astimezone(CITY) == at(end), why
    assert not found.provisional


def test_years_on_both_sides_of_one_that_is_not_loaded() -> None:
    """What lies in a loaded year is firm; what begins or ends in the gap, or passes over it, is not."""
    hours = [(d, SHIFTS) for d in DAYS if d.year != 2025 and chinese_calendar.is_workday(d)]
    clock = WorkingClock.from_hours(
        hours, CITY, [(FIRST, date(2024, 12, 31)), (date(2026, 1, 1), date(2026, 12, 31))]
    )
    for start, hour_count, is_firm in [
        ("2024-06-03 09:00", 40, True),
        ("2026-06-03 09:00", 40, True),
        ("2024-12-31 17:00", 1, True),  # used up with the last hour that is known
        ("2024-12-31 17:00", 2, False),
        ("2025-06-03 09:00", 1, False),
        ("2025-12-31 17:00", 2, False),
    ]:
        found = clock.deadline(at(start), hour_count * 60, continuous=False)
        assert found.provisional is not is_firm, start
        if is_firm:
            assert found == CLOCK.deadline(at(start), hour_count * 60, continuous=False)
        else:
            assert found.due_at <= CLOCK.deadline(at(start), hour_count * 60, continuous=False).due_at
    spans = [("2024-05-01", "2024-06-01"), ("2024-12-31", "2026-01-02"), ("2026-12-31", "2027-01-01")]
    begins, ends = (
        np.array([int(at(f"{pair[side]} 00:00").timestamp()) for pair in spans]) for side in (0, 1)
    )
    assert clock.is_loaded(begins, ends).tolist() == [True, False, True]


def test_without_a_calendar_every_limit_is_provisional() -> None:
    clock = WorkingClock.from_hours([], CITY, [])
    found = clock.deadline(at("2026-06-03 09:00"), 60, continuous=False)
    assert found.provisional
    assert found.due_at == at("2026-06-03 10:00")
    assert clock.working_seconds(at("2026-06-03 09:00"), at("2026-06-03 10:00")) == 0


FIRST_SPAN = Span(at("2026-02-13 16:00"), at("2026-02-14 10:00"))
RUNNING = Span(at("2026-02-13 16:00"), None)
RESUMED = Span(at("2026-02-24 08:00"), None)


@pytest.mark.parametrize(
    ("spans", "hours", "free", "due", "warn"),
    [
        ([RUNNING], 8, [], "2026-02-14 16:00", "2026-02-14 14:24"),
        ([FIRST_SPAN, RESUMED], 8, [], "2026-02-24 12:00", "2026-02-24 10:24"),
        ([FIRST_SPAN, RESUMED], 16, [], "2026-02-25 12:00", "2026-02-25 08:48"),
        ([FIRST_SPAN, RESUMED], 16, [date(2026, 2, 25)], "2026-02-26 12:00", "2026-02-26 08:48"),
        ([FIRST_SPAN, RESUMED], 12, [date(2026, 2, 25)], "2026-02-24 18:00", "2026-02-24 15:36"),
    ],
)
def test_the_worked_example_of_the_docs(
    spans: list[Span], hours: int, free: list[date], due: str, warn: str
) -> None:
    """docs/clock.md: suspended, extended, a local day, another class."""
    workdays = [d for d in DAYS if chinese_calendar.is_workday(d) and d not in free]
    clock = WorkingClock.from_days(workdays, SHIFTS, CITY, FIRST, LAST)
    assert limit_end(clock, spans, hours * 60, continuous=False) == (at(due), False)
    assert limit_end(clock, spans, hours * 60 * 0.8, continuous=False) == (at(warn), False)


# Reports to the centre of Boston in January 2022: opened, its limit in working days (w) or natural days (d),
# its own target, closed or open, its own verdict. It works on weekdays from half past eight to five.
BOSTON = """
01-01 09:17:38 | 1w | 01-04 08:30:00 | 01-03 00:11:40 | ONTIME
01-01 08:15:00 | 60d | 03-02 08:15:22 | 03-09 07:27:41 | OVERDUE
01-01 12:43:50 | 30d | 01-31 12:43:50 | 01-03 10:46:27 | ONTIME
01-01 18:25:00 | 10w | 01-17 08:30:00 | 02-12 01:55:14 | OVERDUE
01-01 21:11:00 | 1w | 01-04 08:30:00 | 01-04 09:30:03 | OVERDUE
01-01 21:31:54 | 30d | 01-31 21:31:54 | 01-04 08:34:40 | ONTIME
01-01 23:53:44 | 45w | 03-07 08:30:00 | | OVERDUE
01-02 08:15:00 | 5w | 01-10 08:30:00 | 01-05 10:37:03 | ONTIME
01-02 10:32:35 | 1d | 01-03 10:32:34 | 01-03 06:44:23 | ONTIME
01-02 11:26:00 | 5w | 01-10 08:30:00 | 01-06 16:53:32 | ONTIME
01-02 12:27:00 | 1w | 01-04 08:30:00 | 01-03 10:02:17 | ONTIME
01-03 07:28:49 | 3w | 01-06 08:30:00 | 01-03 10:57:18 | ONTIME
01-03 07:55:00 | 10w | 01-17 08:30:00 | | OVERDUE
01-03 08:22:00 | 5w | 01-10 08:30:00 | 01-07 10:33:35 | ONTIME
01-03 12:47:00 | 45d | 02-17 12:47:39 | 04-25 14:30:31 | OVERDUE
01-03 16:16:00 | 12w | 01-19 16:16:48 | 02-28 10:40:30 | OVERDUE
01-03 16:20:22 | 1w | 01-04 16:20:22 | 01-03 18:35:34 | ONTIME
01-03 17:02:00 | 1w | 01-05 08:30:00 | 01-04 11:03:42 | ONTIME
01-03 19:58:00 | 12w | 01-20 08:30:00 | 01-04 11:58:48 | ONTIME
01-04 01:03:19 | 1w | 01-05 08:30:00 | 01-04 07:41:04 | ONTIME
01-06 16:14:45 | 45w | 03-10 16:14:45 | | OVERDUE
"""


@pytest.mark.parametrize("row", BOSTON.strip().splitlines())
def test_another_citys_verdicts_follow_from_its_hours(row: str) -> None:
    opened, limit, target, closed, verdict = (cell.strip() for cell in row.split("|"))
    weekdays = [date(2022, 1, 1) + timedelta(days=n) for n in range(365)]
    clock = WorkingClock.from_days(
        [day for day in weekdays if day.isoweekday() <= 5],
        [(time(8, 30), time(17))],
        NEW_YORK,
        weekdays[0],
        weekdays[-1],
    )

    def there(text: str) -> datetime:
        return datetime.fromisoformat(f"2022-{text}").replace(tzinfo=NEW_YORK)

    length = 24 * 60 if limit.endswith("d") else 8.5 * 60
    due = clock.deadline(there(opened), int(limit[:-1]) * length, limit.endswith("d")).due_at
    late = not closed or there(closed) > due
    assert late == (verdict == "OVERDUE")
    # Its target is ours up to the seconds it rounds away, and up to the night after a limit that was used up.
    between = sorted([due, there(target)])
    apart = (between[1] - between[0]).total_seconds() if "d" in limit else clock.working_seconds(*between)
    assert apart < 60


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
