"""The wall of the centre: figures that are those of the cases, and a page that hangs for weeks."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, Route
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from gis.case.stages import STAGES
from gis.evaluation.now import ACTS, LAMPS, city_now, last_days, last_steps
from gis.people.models import Person
from gis.settings import get_settings
from tests.browser import PHONE, visit

AsRole = Callable[[str], TestClient]
Reader = tuple[Session, Person]
WALL = {"width": 1920, "height": 1080}


@pytest.fixture(scope="module")
def facts(small_city: str) -> dict[str, list[Any]]:
    """Steps, open cases and facts of the small city as plain rows."""
    engine = create_engine(small_city)
    with engine.connect() as connection:
        found: dict[str, list[Any]] = {
            "steps": list(connection.execute(text("SELECT case_id, seq, action, at FROM case_step"))),
            "open": list(
                connection.execute(
                    text(
                        'SELECT stage, stage_due_at, stage_warn_at FROM "case"'
                        " WHERE stage IS NOT NULL AND stage_due_at < '9000-01-01'"
                    )
                )
            ),
            "facts": list(connection.execute(text("SELECT * FROM case_fact")).mappings()),
        }
    engine.dispose()
    return found


@pytest.fixture
def reader(small_city: str) -> Iterator[Reader]:
    engine = create_engine(small_city)
    with Session(engine) as session:
        yield session, session.scalars(select(Person).where(Person.login == "evaluator")).one()
    engine.dispose()


def busy_noon(facts: dict[str, list[Any]]) -> datetime:
    """Noon, by the city's clocks, of the day with the most steps before it."""
    zone = get_settings().zone
    times = (row.at.astimezone(zone) for row in facts["steps"])
    days = Counter(at.date() for at in times if at.hour < 12)
    day = max(days, key=lambda one: (days[one], one))
    return datetime(day.year, day.month, day.day, 12, tzinfo=zone)


def test_the_day_so_far_and_the_day_before_are_their_steps(
    facts: dict[str, list[Any]], reader: Reader
) -> None:
    noon = busy_noon(facts)
    told = city_now(*reader, now=noon)
    which = {
        "filed": {"file"},
        "dispatched": {"dispatch"},
        "disposed": {"feed_back"},
        "closed": {"close", "force_close"},
    }

    def counted(first: datetime, last: datetime) -> dict[str, int]:
        rows = [row for row in facts["steps"] if first <= row.at <= last]
        found = {
            code: len({r.case_id for r in rows if r.action in actions}) for code, actions in which.items()
        }
        return found | {"reported": len({r.case_id for r in rows if r.seq == 1})}

    midnight = noon.replace(hour=0)
    assert told.since == midnight
    assert told.today == counted(midnight, noon)
    assert sum(told.today.values()) > 0
    day = timedelta(days=1)
    assert told.yesterday == counted(midnight - day, noon - day - timedelta(microseconds=1))
    assert list(told.today) == [code for code, _title, _which in ACTS]


def test_open_cases_stand_by_their_clocks(facts: dict[str, list[Any]], reader: Reader) -> None:
    now = datetime.now(UTC)
    told = city_now(*reader, now=now)

    def lamp_of(row: Any) -> str:
        if row.stage_due_at < now:
            return "red"
        return "yellow" if row.stage_warn_at is not None and row.stage_warn_at <= now else "green"

    lamps = Counter((row.stage, lamp_of(row)) for row in facts["open"])
    assert [one.stage for one in told.stages] == list(STAGES)
    for one in told.stages:
        assert {lamp: one.lamps[lamp] for lamp in LAMPS[:3]} == {
            lamp: lamps[one.stage, lamp] for lamp in LAMPS[:3]
        }
    assert told.lamps["red"] == sum(number for (_stage, lamp), number in lamps.items() if lamp == "red") > 0


def test_the_last_days_add_up_to_the_facts(facts: dict[str, list[Any]], reader: Reader) -> None:
    noon, zone = busy_noon(facts), get_settings().zone
    told = last_days(*reader, number=40, now=noon)
    assert [one.day for one in told] == [noon.date() - timedelta(days=n) for n in range(39, -1, -1)]
    counted: tuple[tuple[str, str, Callable[[Any], bool]], ...] = (
        ("reported", "reported_at", lambda _f: True),
        ("disposed_in_time", "settled_at", lambda f: f["disposed_in_time"] and not f["is_exempt"]),
        ("closed", "ending_at", lambda f: f["is_closed"] and not f["is_exempt"]),
    )
    for code, at, holds in counted:
        by_day = Counter(
            f[at].astimezone(zone).date() for f in facts["facts"] if f[at] and f[at] <= noon and holds(f)
        )
        assert {one.day: one.counts[code] for one in told} == {one.day: by_day[one.day] for one in told}, code
        assert sum(by_day.values()) > 0


def test_the_last_steps_are_the_newest_and_no_more(facts: dict[str, list[Any]], reader: Reader) -> None:
    noon = busy_noon(facts)
    told = last_steps(*reader, number=5, now=noon)
    newest = sorted((row.at for row in facts["steps"] if row.at <= noon), reverse=True)[:5]
    assert [one.at for one in told] == newest


def test_departments_see_their_own_and_inspectors_nothing(as_role: AsRole) -> None:
    address = "/api/v1/evaluation/now"
    everything, own = (as_role(role).get(address).json()["open"] for role in ("evaluator", "department"))
    assert 0 < own < everything
    assert as_role("inspector").get(address).status_code == 403
    assert as_role("department").get("/evaluation/wall").status_code == 403


@pytest.mark.parametrize(
    "query", ["days?days=0", "days?days=401", "days?days=x", "steps?limit=0", "steps?limit=101"]
)
def test_too_many_or_none_are_refused(as_role: AsRole, query: str) -> None:
    assert as_role("evaluator").get(f"/api/v1/evaluation/now/{query}").status_code == 422


class Service:
    """Answers in place of the service: what is told, how often it was asked, whether it can be reached."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.status = 200  # 0: no connection
        self.stream = False  # whether the real one is let through
        self.today, self.day, self.number = 7, "2026-11-30", 0

    def answer(self, route: Route) -> None:
        path = route.request.url.split("/api/v1/")[1].split("?")[0]
        self.asked[path] += 1
        if path == "stream" and self.stream:
            route.continue_()
        elif path == "stream" or self.status == 0:
            route.abort()
        elif self.status != 200:
            route.fulfill(status=self.status, json={})
        else:
            route.fulfill(json=self.told(path.removeprefix("evaluation/")))

    def asked_once_more(self, path: str) -> Callable[[], bool]:
        """Whether it was asked since."""
        before = self.asked[path]
        return lambda: self.asked[path] > before

    def told(self, what: str) -> dict[str, Any]:
        at = f"{self.day}T00:00:01+08:00"
        lamps = dict(zip(LAMPS, (5, 3, 2, 1), strict=True))
        if what == "now":
            acts = [{"code": code, "title": code, "today": self.today, "yesterday": 1} for code, *_ in ACTS]
            return {
                "at": at, "since": f"{self.day}T00:00:00+08:00", "open": 11, "lamps": lamps,
                "acts": acts,
                "stages": [{"stage": code, "title": code, "open": 11, "lamps": lamps} for code in STAGES],
            }  # fmt: skip
        if what == "now/days":
            counts = {"reported": 9, "filed": 8, "closed": 7, "should_dispose": 4, "disposed_in_time": 3}
            return {"items": [{"day": f"2026-11-{n:02}", "counts": counts} for n in range(1, 31)]}
        if what == "now/steps":
            self.number += 1
            step = {
                "at": at,
                "case_no": "E1",
                "action": "file",
                "class_name": "c",
                "street": "s",
                "department": "d",
            }
            return {
                "items": [
                    step | {"id": 100 * self.number - n, "action_title": f"step {self.number}", "lamp": "red"}
                    for n in range(7)
                ]
            }
        rate = {"value": 0.5}
        row = {"score": 80.0, "grade": "B", "grade_colour": "blue", "rank": 1}
        indicators = {"filed": {"value": 3}, "on_time_disposal": rate}
        items = [row | {"code": str(n), "name": f"{what} {n}", "indicators": indicators} for n in range(9)]
        return {"period": {"code": self.day[:7]}, "items": items, "total": 9, "next": None}


def test_the_wall_rolls_over_and_recovers_and_holds_no_more_than_it_shows(
    browser: Browser, live_server: str
) -> None:
    with visit(browser, live_server, "evaluator", size=WALL, locale="en") as seen:
        page, service = seen.page, Service()
        page.route("**/api/v1/**", service.answer)
        page.clock.install(time=datetime(2026, 11, 30, 15, 59, 30, tzinfo=UTC))  # half a minute to midnight
        page.goto(f"{live_server}/evaluation/wall")
        page.wait_for_selector("#trend svg")
        until_text(page, "[data-count=filed] dd", "7")
        assert "November 30" in page.locator("#day").inner_text()
        assert "2026-11" in page.locator("#rank-title").inner_text()

        # Midnight: the day and the month begin anew.
        service.today, service.day = 0, "2026-12-01"
        page.clock.run_for(45_000)
        until_text(page, "[data-count=filed] dd", "0")
        assert "December 1" in page.locator("#day").inner_text()
        page.wait_for_function("() => document.getElementById('rank-title').textContent.includes('2026-12')")

        # The network goes, and comes back; then the sign-in ends, and somebody signs in again.
        for status, words in ((0, "No connection since 00:0"), (401, "The sign-in has ended")):
            service.status = status
            page.clock.run_for(31_000)
            page.wait_for_function(
                "(words) => document.getElementById('alarm').textContent.includes(words)", arg=words
            )
            assert page.locator("#alarm a").is_visible() == (status == 401)
            service.status = 200
            page.clock.run_for(31_000)
            page.wait_for_function("() => document.getElementById('alarm').hidden")

        # The stream was away all the time: asked for again, later each time, and there once it can be had.
        assert page.locator("#wall").get_attribute("data-stream") == "broken"
        asked = service.asked["stream"]
        turn_clock(page, 60)
        assert service.asked["stream"] - asked <= 25  # every 2 s it would be 300
        turn_clock(page, until=lambda: service.asked["stream"] >= asked + 5)
        service.stream = True
        turn_clock(page, until=lambda: page.locator("#wall").get_attribute("data-stream") == "live")

        # An evening of news leaves as many elements as before.
        held = page.evaluate("document.querySelectorAll('*').length")
        newest = page.locator("#steps li:first-child b").inner_text()
        for _time in range(20):
            once_more = service.asked_once_more("evaluation/now/days")
            page.evaluate("dispatchEvent(new Event('online'))")
            turn_clock(page, until=once_more)
        page.wait_for_function(
            "(before) => document.querySelector('#steps li:first-child b').textContent !== before", arg=newest
        )
        assert page.locator("#steps li").count() == 7
        assert page.evaluate("document.querySelectorAll('*').length") == held
        # The picture never stands quite still.
        assert page.evaluate("document.getElementById('sheet').style.transform") != ""
        # Beside what could not be reached, nothing went wrong.
        assert [error for error in seen.errors if "net::ERR_FAILED" not in error] == []


def turn_clock(page: Page, steps: int = 1, *, until: Callable[[], bool] = lambda: True) -> None:
    """Turn the page's clock on by ten seconds at a time, and let what was asked be answered in between."""
    deadline = time.monotonic() + 60
    while steps > 0 or not until():
        assert time.monotonic() < deadline, "nothing came of it within a minute"
        page.clock.run_for(10_000)
        page.wait_for_timeout(20)
        steps -= 1


def until_text(page: Page, selector: str, words: str) -> None:
    page.wait_for_function(
        "([selector, words]) => document.querySelector(selector)?.textContent === words",
        arg=[selector, words],
    )


def test_the_wall_can_be_read_in_a_hand(browser: Browser, live_server: str) -> None:
    with visit(browser, live_server, "evaluator", size=PHONE) as seen:
        seen.page.goto(f"{live_server}/evaluation/wall")
        seen.page.wait_for_function("() => document.getElementById('open').textContent !== '–'")
        seen.check()
