"""The city's calendar: local days, shifts, seasons and years, changed by service, call and command."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import create_engine, delete, select, text
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from gis import cli
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
from gis.case.calendar_models import CalendarDay, LocalDay
from gis.case.calendar_view import loaded_years, stored_seasons, year_view
from gis.case.clock import WorkingClock
from gis.case.limits import Limit, deadline
from gis.case.models import Case
from gis.case.recompute import recompute_here, recompute_when_stale
from gis.case.working_hours import Season, Shift
from gis.errors import CalendarNotLoaded, InvalidInput, NotFound
from gis.i18n import in_locale
from gis.standard.models import FilingRule, LimitUnit
from tests.browser import DESK, PHONE, TOO_SMALL, visit
from tests.small_city import AsRole

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


@pytest.fixture
def open_cases(small_city: str) -> Iterator[Session]:
    """A look at the small city; its calendar is as it was when the test is over."""
    engine = create_engine(small_city)
    with Session(engine) as session:
        shifts, seasons = stored_shifts(session), stored_seasons(session)
    try:
        with Session(engine) as session:
            yield session
    finally:
        with Session(engine) as session, session.begin():
            session.execute(delete(LocalDay))
            replace_shifts(session, shifts)
            replace_seasons(session, seasons)
            recompute_here(session)
        engine.dispose()


def deadlines_of(session: Session) -> dict[str, tuple[datetime | None, datetime | None, bool]]:
    session.rollback()
    columns = (Case.case_no, Case.due_at, Case.warn_at, Case.due_is_provisional)
    return {
        row.case_no: (row.due_at, row.warn_at, row.due_is_provisional)
        for row in session.execute(select(*columns).where(Case.stage.is_not(None)))
    }


def a_day_of_disposal(session: Session) -> tuple[str, date]:
    """A case in disposal whose limit is counted in working time, and the workday on which that began."""
    clock = working_clock(session)
    rows = session.execute(
        select(Case.case_no, Case.dispatched_at)
        .where(Case.state == "accepted", Case.limit_unit.in_(["WORK_HOUR", "WORK_DAY"]))
        .order_by(Case.id)
    )
    days = [(row.case_no, row.dispatched_at.astimezone(CITY).date()) for row in rows]
    return next((case_no, day) for case_no, day in days if worked_hours(clock, day))


def test_a_day_set_by_call_moves_the_deadlines_it_says(as_role: AsRole, open_cases: Session) -> None:
    admin = as_role("admin")
    before = deadlines_of(open_cases)
    case_no, day = a_day_of_disposal(open_cases)
    answer = admin.put(f"/api/v1/calendar/days/{day}", json={"is_workday": False, "name": "Snow"})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["day"], body["is_workday"], body["year_is_loaded"]) == (str(day), False, True)
    after = deadlines_of(open_cases)
    assert body["deadlines"]["open_cases"] == len(after)
    moved = [number for number in after if after[number] != before[number]]
    assert body["deadlines"]["moved"] == len(moved)
    assert case_no in moved
    seen = as_role("department").get(f"/api/v1/calendar?year={day.year}").json()
    assert seen["deadlines_are_current"]
    mine = next(one for one in seen["days"] if one["day"] == str(day))
    assert (mine["is_workday"], mine["is_local"], mine["name"], mine["hours"]) == (False, True, "Snow", [])
    assert seen["local_days"] == [{"day": str(day), "is_workday": False, "name": "Snow"}]
    version = admin.get(f"/api/v1/cases/{case_no}").headers["etag"]
    answer = admin.delete(f"/api/v1/calendar/days/{day}")
    assert answer.json()["deadlines"]["moved"] == len(moved)
    assert deadlines_of(open_cases) == before
    assert admin.get(f"/api/v1/cases/{case_no}").headers["etag"] == version, "nobody took a step"
    assert admin.delete(f"/api/v1/calendar/days/{day}").status_code == 404


def test_shifts_and_seasons_by_call(as_role: AsRole, open_cases: Session) -> None:
    admin = as_role("admin")
    before = admin.get("/api/v1/calendar/shifts").json()["items"]
    assert {(one["starts_at"], one["ends_at"]) for one in before} == {
        ("08:00:00", "12:00:00"),
        ("14:00:00", "18:00:00"),
    }
    longer = [*before, {"starts_at": "19:00", "ends_at": "21:00", "from_day": None, "to_day": None}]
    answer = admin.put("/api/v1/calendar/shifts", json={"items": longer})
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["items"]) == 3
    assert answer.json()["deadlines"]["moved"] > 0
    rule = rule_in(open_cases, continuous=False)
    season = {"rule_code": rule, "from_day": "03-15", "to_day": "05-31", "name": "Planting"}
    answer = admin.put("/api/v1/calendar/seasons", json={"items": [season]})
    assert answer.json()["items"] == [season]
    assert as_role("inspector").get("/api/v1/calendar/seasons").json()["items"] == [season]


@pytest.mark.parametrize(
    ("method", "path", "body", "pointer"),
    [
        ("PUT", "/shifts", {"items": [{"starts_at": "12:00", "ends_at": "08:00"}]}, "/items/0/ends_at"),
        (
            "PUT",
            "/shifts",
            {"items": [{"starts_at": "08:00", "ends_at": "12:00", "from_day": "06-01"}]},
            "/items/0/from_day",
        ),
        ("PUT", "/shifts", {"items": [{"starts_at": "08:00", "ends_at": "26:00"}]}, "/items/0/ends_at"),
        (
            "PUT",
            "/shifts",
            {"items": [{"starts_at": "08:00", "ends_at": "12:00", "weekday": 8}]},
            "/items/0/weekday",
        ),
        (
            "PUT",
            "/seasons",
            {"items": [{"rule_code": "?", "from_day": "03-15", "to_day": "05-31"}]},
            "/items/0/rule_code",
        ),
        ("PUT", "/days/2026-02-30", {"is_workday": True}, "/day"),
        ("PUT", "/days/2026-11-24", {"is_workday": "perhaps"}, "/is_workday"),
        ("PUT", "/days/2026-11-24", {"is_workday": True, "name": "x" * 101}, "/name"),
    ],
)
def test_calls_that_cannot_be_change_nothing(
    as_role: AsRole, open_cases: Session, method: str, path: str, body: object, pointer: str
) -> None:
    before = as_role("admin").get("/api/v1/calendar").json()
    answer = as_role("admin").request(method, f"/api/v1/calendar{path}", json=body)
    assert answer.status_code == 422, answer.text
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}
    assert as_role("admin").get("/api/v1/calendar").json() == before


def test_a_year_by_call_makes_what_was_provisional_firm(as_role: AsRole, open_cases: Session) -> None:
    admin = as_role("admin")
    last = national_year(2026)
    try:
        with Session(open_cases.get_bind()) as session, session.begin():
            session.execute(delete(CalendarDay).where(CalendarDay.day >= date(2026, 1, 1)))
            recompute_here(session)
        before = deadlines_of(open_cases)
        running = dict(
            open_cases.execute(select(Case.case_no, Case.state).where(Case.state == "accepted")).all()
        )
        provisional = {number for number in running if before[number][2]}
        assert provisional
        file = "\n".join(["day,kind,name", *(f"{d.day},{d.kind},{d.name}" for d in last)])
        csv = {"content-type": "text/csv"}
        answer = admin.post("/api/v1/calendar/years/2025", content=file, headers=csv)
        assert answer.status_code == 422, "days of another year"
        answer = admin.post("/api/v1/calendar/years/2026", content=b"\xff\xfe", headers=csv)
        assert answer.status_code == 422, "no text"
        answer = admin.post("/api/v1/calendar/years/2026", content=file, headers=csv)
        assert answer.status_code == 200, answer.text
        assert answer.json()["days"] == 365
        assert answer.json()["deadlines"]["moved"] >= len(provisional)
        after = deadlines_of(open_cases)
        assert not any(after[number][2] for number in provisional)
        assert all(after[number][0] >= before[number][0] for number in provisional), "never a later guess"
    finally:
        answer = admin.post("/api/v1/calendar/years/2026")
        assert answer.json()["days"] == 365
    assert admin.post("/api/v1/calendar/years/2031").status_code == 409


def test_what_was_changed_past_the_service_is_noticed_by_the_job(open_cases: Session) -> None:
    _case_no, day = a_day_of_disposal(open_cases)
    before = deadlines_of(open_cases)
    with Session(open_cases.get_bind()) as session, session.begin():
        session.execute(text(f"INSERT INTO local_day (day, is_workday) VALUES ('{day}', false)"))
    done = recompute_when_stale()
    after = deadlines_of(open_cases)
    assert done.cases == len(after)
    assert done.moved == sum(after[number] != before[number] for number in after) > 0
    assert recompute_when_stale().cases == 0, "nothing has changed since"


def test_the_calendar_by_command(open_cases: Session) -> None:
    def run(*words: str) -> str:
        with in_locale("en"):
            answer = CliRunner().invoke(cli.build(["calendar"]), ["calendar", *words])
        assert answer.exception is None, (words, answer.exception)
        return answer.output

    before = deadlines_of(open_cases)
    _case_no, day = a_day_of_disposal(open_cases)
    said = run("day", str(day), "--free", "--name", "Snow")
    after = deadlines_of(open_cases)
    moved = sum(after[number] != before[number] for number in after)
    assert moved
    assert f"{len(after)} cases looked at, {moved} have another deadline now" in said
    assert f"{day:%d}−" in run("show", str(day.year))
    assert f"{moved} have another deadline" in run("day", str(day), "--clear")
    assert "09:00–13:00  Saturday" in run("shift", "09:00-13:00", "--weekday", "6")
    assert "Saturday" not in run("shift", "--weekday", "6", "--clear")
    assert "07:30–11:30  Every workday  06-01 – 09-30" in run(
        "shift", "07:30-11:30", "--from", "06-01", "--to", "09-30"
    )
    rule = rule_in(open_cases, continuous=False)
    assert "All limits run the whole year" in run("season")
    assert f"{rule}  03-15 – 05-31" in run("season", rule, "--from", "03-15", "--to", "05-31")
    assert "All limits" in run("season", rule, "--clear")
    assert ", 0 have another deadline" in run("recompute")
    assert "2031 is not loaded" in run("show", "2031")


@pytest.mark.parametrize(
    "words",
    [
        ["day", "2026-11-24"],
        ["day", "2026-11-24", "--free", "--clear"],
        ["shift", "8 to 12"],
        ["shift", "08:00-12:00", "--from", "06-01"],
        ["load"],
    ],
)
def test_a_command_that_cannot_be_says_so(open_cases: Session, words: list[str]) -> None:
    before = stored_shifts(open_cases)
    answer = CliRunner().invoke(cli.build(["calendar"]), ["calendar", *words])
    assert isinstance(answer.exception, InvalidInput)
    open_cases.rollback()
    assert stored_shifts(open_cases) == before


@pytest.mark.parametrize(("size", "locale", "scheme"), [(PHONE, "zh_CN", "dark"), (DESK, "en", "light")])
def test_the_administrator_sets_a_day_and_hours_on_the_page(
    live_server: str, browser: Browser, open_cases: Session, size: dict[str, int], locale: str, scheme: str
) -> None:
    with visit(browser, live_server, "admin", size=size, locale=locale, scheme=scheme) as seen:
        page = seen.go("/admin/calendar?year=2026")
        day = page.locator("button.day[data-day='2026-11-24']")
        expect(day).to_have_attribute("data-look", "workday")
        if size is PHONE:
            assert page.evaluate(TOO_SMALL) == []
        day.click()
        page.locator("#day-form label").nth(1).click()
        page.locator("#day-name").fill("Snow")
        page.locator("#day-form [type=submit]").click()
        expect(page.locator("button.day[data-day='2026-11-24'][data-local]")).to_have_attribute(
            "data-look", "holiday"
        )
        expect(page.locator("wa-toast-item")).to_be_visible()
        page.locator("button.day[data-day='2026-11-24']").click()
        page.locator("#day-form [data-clear]").click()
        expect(page.locator("button.day[data-day='2026-11-24']:not([data-local])")).to_be_visible()
        row = page.locator("#shifts [data-row]")
        expect(row).to_have_count(2)
        page.locator("#shifts [data-add]").click()
        row.nth(2).locator("[name=starts_at]").fill("17:00")
        row.nth(2).locator("[name=ends_at]").fill("19:00")
        page.locator("#shifts [type=submit]").click()
        expect(page.locator("#shifts .wrong")).to_contain_text("17:00")
        row.nth(2).locator("[name=weekday]").select_option("6")
        with page.expect_navigation():
            page.locator("#shifts [type=submit]").click()
        expect(row.nth(2).locator("[name=weekday]")).to_have_value("6")
        seen.check()


def test_others_read_the_page_and_change_nothing(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server, "inspector", size=DESK, locale="en", scheme="light") as seen:
        page = seen.go("/admin/calendar?year=2026")
        expect(page.locator(".month")).to_have_count(12)
        expect(page.get_by_title("2026-10-01 · Holiday · National Day")).to_be_visible()
        assert page.locator("#main button, #main input, #main select").count() == 0
        page = seen.go("/admin/calendar?year=2031")
        expect(page.locator(".empty")).to_contain_text("2031 is not loaded")
        seen.check()
