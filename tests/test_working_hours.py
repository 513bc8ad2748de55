"""Hours by weekday and part of the year, against a clock that counts minutes; days when clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.case.clock import WorkingClock, moment
from gis.case.working_hours import Season, Shift, hours_of
from tests.test_clock import CITY, NEW_YORK, SHIFTS, at

shift_lists = st.lists(
    st.builds(
        lambda begin, length, weekday, part: Shift(
            time(begin // 60, begin % 60), time((begin + length) // 60, (begin + length) % 60), weekday, part
        ),
        st.integers(0, 20 * 60),
        st.integers(1, 3 * 60),
        st.none() | st.integers(1, 7),
        st.sampled_from([None, Season("05-01", "09-30"), Season("11-15", "03-15"), Season("02-29", "02-29")]),
    ),
    min_size=1,
    max_size=6,
)


def is_worked(shift: Shift, now: datetime) -> bool:
    """Whether a shift is open at a moment, told in other words than the code does."""
    if shift.weekday is not None and shift.weekday != now.isoweekday():
        return False
    if shift.season is not None:
        first, last = (tuple(map(int, d.split("-"))) for d in (shift.season.from_day, shift.season.to_day))
        today = (now.month, now.day)
        inside = first <= today <= last if first <= last else not last < today < first
        if not inside:
            return False
    return shift.starts_at <= now.time() < shift.ends_at


@settings(max_examples=60, deadline=None)
@given(
    shift_lists, st.sets(st.integers(0, 19)), st.integers(0, 20 * 1440 - 1), st.integers(1, 600), st.data()
)
def test_any_shifts_agree_with_a_clock_that_counts_minutes(
    shifts: list[Shift], worked: set[int], start_minute: int, minutes: int, data: st.DataObject
) -> None:
    """Twenty days from a random one: those worked, by the shift that is most particular to each."""
    first = data.draw(st.dates(date(2024, 1, 1), date(2026, 11, 1)))
    days = [first + timedelta(days=n) for n in range(20)]
    open_days = [days[n] for n in worked]
    clock = WorkingClock.from_hours(
        [(d, hours_of(d, shifts)) for d in open_days], CITY, [(days[0], days[-1])]
    )
    begin = datetime.combine(first, time.min, CITY) + timedelta(minutes=start_minute)
    end_of_calendar = datetime.combine(first, time.min, CITY) + timedelta(days=20)
    now, left = begin, minutes
    while left and now < end_of_calendar:
        noon = datetime.combine(now.date(), time(12), CITY)
        rank = max(
            ((s.weekday is not None, s.season is not None) for s in shifts if is_on(s, noon)), default=None
        )
        left -= now.date() in open_days and any(
            is_worked(s, now) for s in shifts if (s.weekday is not None, s.season is not None) == rank
        )
        now += timedelta(minutes=1)
    found = clock.deadline(begin, minutes, continuous=False)
    assert found.provisional == (left > 0)
    assert found.due_at == (now if not left else end_of_calendar + timedelta(minutes=left))


def is_on(shift: Shift, noon: datetime) -> bool:
    """Whether a shift is worked on a day at all."""
    return is_worked(Shift(time.min, time.max, shift.weekday, shift.season), noon)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2026-05-09", "09:00-13:00"),  # a make-up Saturday: its own shift
        ("2026-09-20", "07:30-11:30 15:00-18:30"),  # a make-up Sunday without one, in summer
        ("2026-11-23", "08:00-12:00 14:00-18:00"),
        ("2026-07-01", "07:30-11:30 15:00-18:30"),
        ("2026-07-03", "08:00-12:00"),  # Friday's own hours stand before the summer's
        ("2026-09-30", "07:30-11:30 15:00-18:30"),  # the last day of summer hours
        ("2026-10-01", "08:00-12:00 14:00-18:00"),
        ("2026-12-31", "09:00-12:00 13:00-17:00"),  # a Thursday in a part of the year that runs over New Year
        ("2026-01-01", "09:00-12:00 13:00-17:00"),
    ],
)
def test_hours_of_weekdays_and_parts_of_the_year(day: str, hours: str) -> None:
    summer, new_year = Season("06-01", "09-30"), Season("12-25", "01-05")
    shifts = [
        *(Shift(b, e) for b, e in SHIFTS),
        Shift(time(7, 30), time(11, 30), None, summer),
        Shift(time(15), time(18, 30), None, summer),
        Shift(time(8), time(12), 5),
        Shift(time(9), time(13), 6),
        Shift(time(9), time(12), 4, new_year),
        Shift(time(13), time(17), 4, new_year),
    ]
    found = hours_of(date.fromisoformat(day), shifts)
    assert " ".join(f"{b:%H:%M}-{e:%H:%M}" for b, e in found) == hours


def test_no_minute_is_worked_twice() -> None:
    hours = [(time(8), time(12)), (time(11), time(13)), (time(13), time(14)), (time(9), time(10))]
    day = date(2026, 11, 23)
    clock = WorkingClock.from_hours([(day, hours)], CITY, [(day, day)])
    assert clock.working_seconds(at("2026-11-23 00:00"), at("2026-11-24 00:00")) == 6 * 3600


@pytest.mark.parametrize(
    ("day", "hours", "worked"),
    [
        ("2026-03-08", [(time(0), time(6))], 5),  # clocks are put forward at two
        ("2026-11-01", [(time(0), time(6))], 7),  # and back
        ("2026-03-08", [(time(1, 30), time(2, 30))], 0.5),  # the half hour past two never comes
        ("2026-03-08", [(time(2), time(3))], 0),
        ("2026-03-08", [(time(2), time(2, 30)), (time(3), time(4))], 1),
        ("2026-03-09", [(time(0), time(6))], 6),
    ],
)
def test_hours_on_days_when_the_clocks_change(
    day: str, hours: list[tuple[time, time]], worked: float
) -> None:
    this = date.fromisoformat(day)
    clock = WorkingClock.from_hours([(this, hours)], NEW_YORK, [(this, this)])
    midnight = datetime.combine(this, time.min, NEW_YORK)
    assert clock.working_seconds(midnight, midnight + timedelta(days=1)) == worked * 3600
    next_midnight = datetime.combine(this + timedelta(days=1), time.min, NEW_YORK)
    assert clock.loaded_to.tolist() == [int(next_midnight.timestamp())]


def test_a_time_that_never_comes_is_the_moment_the_clocks_change() -> None:
    change = datetime(2026, 3, 8, 7, tzinfo=UTC)
    for clock in (time(2), time(2, 30), time(2, 59, 59), time(3)):
        assert moment(date(2026, 3, 8), clock, NEW_YORK) == int(change.timestamp())
