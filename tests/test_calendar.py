"""The city's calendar: local days, shifts, seasons and years, and the clock that follows them."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from gis.case.calendar import (
    clock_for,
    clocks_by_rule,
    load_days,
    national_year,
    stored_shifts,
    working_clock,
)
from gis.case.calendar_changes import (
    RuleSeason,
    clear_local_day,
    load_calendar_year,
    replace_seasons,
    replace_shifts,
    set_local_day,
)
from gis.case.calendar_file import parse_days
from gis.case.calendar_models import CalendarDay
from gis.case.calendar_view import loaded_years, stored_seasons, year_view
from gis.case.clock import WorkingClock
from gis.case.limits import Limit, deadline
from gis.case.working_hours import Season, Shift
from gis.errors import CalendarNotLoaded, InvalidInput, NotFound
from gis.i18n import in_locale
from gis.standard.models import FilingRule, LimitUnit

CITY = ZoneInfo("Asia/Shanghai")
TUESDAY = date(2026, 11, 24)
USUAL = [Shift(time(8), time(12)), Shift(time(14), time(18))]


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=CITY)


def worked_hours(clock: WorkingClock, day: date) -> float:
    midnight = datetime.combine(day, time.min, CITY)
    return clock.working_seconds(midnight, midnight + timedelta(days=1)) / 3600


def rule_in(session: Session, continuous: bool) -> str:
    """A filing rule whose limit is counted that way."""
    return session.scalars(
        select(FilingRule.code)
        .join(LimitUnit, LimitUnit.code == FilingRule.limit_unit_in_force)
        .where(LimitUnit.is_continuous == continuous)
        .order_by(FilingRule.code)
        .limit(1)
    ).one()


def test_a_local_day_stands_over_the_national_calendar(session: Session) -> None:
    limit = Limit(1, "WORK_DAY", None)
    set_local_day(session, TUESDAY, False, "Snow", None)
    assert worked_hours(working_clock(session), TUESDAY) == 0
    assert deadline(session, at("2026-11-23 09:00"), limit).due_at == at("2026-11-25 09:00")
    sunday = date(2026, 11, 29)
    set_local_day(session, sunday, True, "", None)
    assert worked_hours(working_clock(session), sunday) == 8
    set_local_day(session, TUESDAY, True, "It melted", None)
    assert worked_hours(working_clock(session), TUESDAY) == 8
    set_local_day(session, TUESDAY, False, "", None)
    clear_local_day(session, TUESDAY)
    assert worked_hours(working_clock(session), TUESDAY) == 8
    with pytest.raises(NotFound):
        clear_local_day(session, TUESDAY)


def test_a_year_loaded_again_leaves_what_the_city_has_set(session: Session) -> None:
    set_local_day(session, TUESDAY, False, "Snow", None)
    assert load_calendar_year(session, 2026, None, "") == 365
    assert worked_hours(working_clock(session), TUESDAY) == 0


def test_a_local_day_counts_once_its_year_is_loaded(session: Session) -> None:
    day = date(2027, 3, 3)
    set_local_day(session, day, False, "Founding day", None)
    assert deadline(session, at("2027-03-03 09:00"), Limit(1, "WORK_HOUR", None)).provisional
    days = parse_days(weekdays_of(2027))
    assert load_calendar_year(session, 2027, days, "a file") == 365
    found = deadline(session, at("2027-03-03 09:00"), Limit(1, "WORK_HOUR", None))
    assert not found.provisional
    assert found.due_at == at("2027-03-04 09:00")
    assert loaded_years(session) == [2024, 2025, 2026, 2027]
    seen = year_view(session, 2027)
    assert (seen.is_loaded, seen.sources) == (True, ["a file"])
    assert [(one.day, one.name) for one in seen.days if one.is_local] == [(day, "Founding day")]


def weekdays_of(year: int) -> str:
    """A file of a year without holidays."""
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    lines = [f"{d},{'workday' if d.isoweekday() <= 5 else 'weekend'}," for d in days if d.year == year]
    return "\n".join(["day,kind,name", *lines])


def test_a_file_must_hold_its_year_and_no_day_twice(session: Session) -> None:
    with pytest.raises(CalendarNotLoaded):
        load_calendar_year(session, 2031, None, "")
    with in_locale("en"):
        with pytest.raises(InvalidInput, match="not a day of 2028"):
            load_calendar_year(session, 2028, parse_days(weekdays_of(2027)), "a file")
        with pytest.raises(InvalidInput, match="lacks 1 days"):
            load_calendar_year(session, 2027, parse_days(weekdays_of(2027))[:-1], "a file")
        with pytest.raises(InvalidInput, match="must hold the days of 2027"):
            load_calendar_year(session, 2027, [], "a file")
        with pytest.raises(InvalidInput, match="Line 3: 2027-01-01 comes twice"):
            parse_days("day,kind,name\n2027-01-01,holiday,\n2027-01-01,workday,\n")
    assert 2027 not in loaded_years(session)


def test_summer_hours_and_saturdays_own(session: Session) -> None:
    summer = Season("06-01", "09-30")
    replace_shifts(
        session,
        [
            *USUAL,
            Shift(time(7, 30), time(11, 30), None, summer),
            Shift(time(15), time(17), None, summer),
            Shift(time(9), time(12), 6),
        ],
    )
    clock = working_clock(session)
    assert worked_hours(clock, date(2026, 7, 1)) == 6
    assert worked_hours(clock, date(2026, 10, 8)) == 8
    assert worked_hours(clock, date(2026, 5, 9)) == 3, "a make-up Saturday, by Saturday's own hours"
    assert worked_hours(clock, date(2026, 9, 20)) == 6, "a make-up Sunday, which has none of its own"
    assert worked_hours(clock, date(2026, 11, 28)) == 0, "a Saturday that is not worked"
    found = deadline(session, at("2026-07-01 07:30"), Limit(1, "WORK_DAY", None))
    assert found.due_at == at("2026-07-02 09:30"), (
        "a working day is eight hours, however long a day is worked"
    )
    assert set(stored_shifts(session)) == {
        *USUAL,
        Shift(time(7, 30), time(11, 30), None, summer),
        Shift(time(15), time(17), None, summer),
        Shift(time(9), time(12), 6),
    }


@pytest.mark.parametrize(
    ("shifts", "words"),
    [
        ([], "Monday on 01-01 would have no hours"),
        ([Shift(time(8), time(12), weekday) for weekday in range(1, 7)], "Sunday on 01-01 would have no"),
        ([Shift(time(8), time(12), None, Season("03-01", "02-28"))], "Monday on 02-29 would have no hours"),
        ([Shift(time(12), time(8))], "must end after it begins"),
        ([Shift(time(8), time(8))], "must end after it begins"),
        ([*USUAL, Shift(time(11), time(13))], "overlap at 11:00"),
        (
            [
                *USUAL,
                Shift(time(8), time(12), None, Season("05-01", "10-01")),
                Shift(time(11), time(13), None, Season("10-01", "10-31")),
            ],
            "overlap at 11:00 on a Monday on 10-01",
        ),
        (
            [*USUAL, Shift(time(8), time(12), None, Season("02-30", "04-01"))],
            "02-30 is not a day of the year",
        ),
        (
            [*USUAL, Shift(time(8), time(12), None, Season("02-01", "13-01"))],
            "13-01 is not a day of the year",
        ),
        ([Shift(time(8), time(12), 1)] * 201, "201 rows; at most 200"),
    ],
)
def test_shifts_that_cannot_be(session: Session, shifts: list[Shift], words: str) -> None:
    before = stored_shifts(session)
    with in_locale("en"), pytest.raises(InvalidInput, match=words):
        replace_shifts(session, shifts)
    assert stored_shifts(session) == before


def test_a_limit_of_a_season_stands_still_outside_it(session: Session) -> None:
    rule = rule_in(session, continuous=False)
    other = Limit(2, "WORK_DAY", None)
    replace_seasons(session, [RuleSeason(rule, Season("03-15", "05-31"), "Planting")])
    limit = Limit(2, "WORK_DAY", rule)
    for start, end in [
        ("2026-01-05 09:00", "2026-03-17 18:00"),  # before it: Sunday 15 March begins it, Monday is worked
        ("2026-04-01 09:00", "2026-04-03 09:00"),
        ("2025-05-29 14:00", "2026-03-16 12:00"),  # Thursday and Friday, the rest ten months later
    ]:
        found = deadline(session, at(start), limit)
        assert (found.due_at, found.provisional) == (at(end), False), start
    assert deadline(session, at("2026-01-05 09:00"), other).due_at == at("2026-01-07 09:00")
    assert deadline(session, at("2026-06-01 09:00"), limit).provisional, "the next spring is not loaded"
    assert clock_for(session, None) is clock_for(session, "no such rule") is working_clock(session)
    assert set(clocks_by_rule(session)) == {None, rule}
    replace_seasons(session, [])
    assert deadline(session, at("2026-01-05 09:00"), limit).due_at == at("2026-01-07 09:00")


def test_seasons_over_new_year_and_two_in_a_year(session: Session) -> None:
    rule = rule_in(session, continuous=False)
    seasons = [
        RuleSeason(rule, Season("11-15", "02-28"), "Winter"),
        RuleSeason(rule, Season("07-01", "07-31"), ""),
    ]
    replace_seasons(session, seasons)
    assert stored_seasons(session) == sorted(seasons, key=lambda one: one.season.from_day)
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(365)]
    clock = clock_for(session, rule)
    found = {d for d in days if worked_hours(clock, d)}
    inside = {d for d in days if d.month in (1, 2, 7, 12) or (d.month == 11 and d.day >= 15)}
    assert found == {d for d in inside if chinese_calendar.is_workday(d)}


def test_seasons_that_cannot_be(session: Session) -> None:
    rule, urgent = rule_in(session, continuous=False), rule_in(session, continuous=True)
    spring = Season("03-15", "05-31")
    for wrong, words in [
        ([RuleSeason("no such rule", spring)], "There is no filing rule"),
        ([RuleSeason(urgent, spring)], "runs day and night"),
        ([RuleSeason(rule, Season("3-15", "05-31"))], "not a day of the year"),
        ([RuleSeason(rule, spring), RuleSeason(rule, Season("03-15", "04-01"))], "Two seasons"),
    ]:
        with in_locale("en"), pytest.raises(InvalidInput, match=words):
            replace_seasons(session, wrong)
    assert stored_seasons(session) == []


CHANGES = {
    "calendar_day": "UPDATE calendar_day SET is_workday = false WHERE day = '2026-11-24'",
    "local_day": "INSERT INTO local_day (day, is_workday) VALUES ('2026-11-24', false)",
    "work_shift": "UPDATE work_shift SET weekday = 1 WHERE starts_at = '14:00'",
    "seasonal_limit": "INSERT INTO seasonal_limit (rule_code, from_day, to_day)"
    " SELECT min(code), '01-01', '11-01' FROM filing_rule",
}


@pytest.mark.parametrize("table", CHANGES)
def test_any_change_of_the_calendar_is_seen_whoever_makes_it(session: Session, table: str) -> None:
    """By plain SQL, as another process or an operator at the database does it; and when it is taken back."""
    rule = session.scalars(select(FilingRule.code).order_by(FilingRule.code).limit(1)).one()

    def hours() -> float:
        return worked_hours(clock_for(session, rule), TUESDAY)

    assert hours() == 8
    outer = session.begin_nested()
    session.execute(text(CHANGES[table]))
    assert hours() == (4 if table == "work_shift" else 0)
    outer.rollback()
    assert hours() == 8
    outer = session.begin_nested()
    session.execute(text("UPDATE calendar_day SET is_workday = true WHERE day = '2026-11-28'"))
    assert hours() == 8, "another change, not the one that was taken back"
    outer.rollback()


def test_the_same_clock_serves_until_the_calendar_changes(session: Session) -> None:
    clock = working_clock(session)
    assert working_clock(session) is clock
    set_local_day(session, TUESDAY, True, "no change, but set", None)
    assert working_clock(session) is not clock


def test_asking_for_the_clock_writes_nothing_half_done(session: Session) -> None:
    """A case is being changed: the database must not be shown it before all of it is."""
    session.connection().execute(text(CHANGES["local_day"]))
    half = CalendarDay(day=date(2030, 1, 1), is_workday=True, kind="workday", source="a test")
    session.add(half)
    assert worked_hours(working_clock(session), TUESDAY) == 0
    assert half in session.new
    session.expunge(half)


def test_a_year_between_that_is_missing_does_not_spoil_the_others(session: Session) -> None:
    session.execute(delete(CalendarDay).where(CalendarDay.day.between(date(2025, 1, 1), date(2025, 12, 31))))
    limit = Limit(3, "WORK_DAY", None)
    for start, is_firm in [("2024-05-06", True), ("2026-05-06", True), ("2025-05-06", False)]:
        assert deadline(session, at(f"{start} 09:00"), limit).provisional is not is_firm
    assert deadline(session, at("2024-12-31 09:00"), limit).provisional
    load_days(session, national_year(2025), "again")
    assert not deadline(session, at("2024-12-31 09:00"), limit).provisional
