"""The calendar changed by call, by command and on its page; and the deadlines that each says it moved."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import create_engine, delete, select, text
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from gis import cli
from gis.case.calendar import national_year, stored_shifts, working_clock
from gis.case.calendar_changes import replace_seasons, replace_shifts
from gis.case.calendar_models import CalendarDay, LocalDay
from gis.case.calendar_view import stored_seasons
from gis.case.models import Case
from gis.case.recompute import recompute_here, recompute_when_stale
from gis.errors import InvalidInput
from gis.i18n import in_locale
from tests.browser import DESK, PHONE, TOO_SMALL, visit
from tests.small_city import AsRole
from tests.test_calendar import CITY, rule_in, worked_hours


@pytest.fixture
def open_cases(small_city: str) -> Iterator[Session]:
    """A look at the small city; its deadlines are what its calendar gives, before the test and after it.

    Other tests put deadlines into the past by hand; the first change of the calendar would move those too.
    """
    engine = create_engine(small_city)
    with Session(engine) as session, session.begin():
        shifts, seasons = stored_shifts(session), stored_seasons(session)
        recompute_here(session)
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
        seen.go("/admin/calendar?year=2026")
        page.locator("button.day[data-day='2026-11-24']").click()
        page.locator("#day-form [data-clear]").click()
        expect(page.locator("button.day[data-day='2026-11-24']:not([data-local])")).to_be_visible()
        seen.go("/admin/calendar?year=2026")
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
