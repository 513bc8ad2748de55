"""The map as it lives: changes come by themselves, a window of time is moved, a past day is drawn."""

from playwright.sync_api import Browser
from sqlalchemy import Engine, text

from tests.browser import PHONE, visit
from tests.small_city import AsRole
from tests.test_map import engine as engine
from tests.test_map import open_map
from tests.test_map import place as place_of

SHOWN = """({ source, id, case_no: no }) => city.gl.queryRenderedFeatures().some((one) =>
  one.source === source
  && (id === undefined || one.id === id) && (!no || one.properties.case_no === no))"""
REPORTED = """() => city.gl.queryRenderedFeatures().filter((one) => one.source === 'case_reports').length"""


def test_a_case_reported_elsewhere_comes_by_itself(
    browser: Browser, live_server: str, as_role: AsRole, place: dict[str, float]
) -> None:
    with visit(browser, live_server, "shift_leader", locale="en") as seen:
        open_map(seen, f"#map=17/{place['lat']}/{place['lon']}")
        seen.page.wait_for_selector("#updated[data-state=live]")
        report = {"kind": "event", "class_code": "0101", "source": "hotline", "description": "live", **place}
        made = as_role("acceptor").post("/api/v1/cases", json=report).json()
        link = seen.page.locator("#news a")
        link.wait_for()
        assert link.get_attribute("href") == f"/cases/{made['case_no']}"
        assert seen.page.locator(".map-pulse").count() == 1
        seen.page.wait_for_function(SHOWN, arg={"source": "cases", "case_no": made["case_no"]})
        seen.check()


def test_without_the_stream_the_map_asks_and_says_so(browser: Browser, live_server: str) -> None:
    asked: list[str] = []
    with visit(browser, live_server, "dispatcher", locale="en") as seen:
        seen.page.clock.install()
        seen.page.route("**/api/v1/stream", lambda route: route.abort())
        open_map(seen)
        seen.page.wait_for_selector("#updated[data-state=offline]")
        assert "Offline since" in seen.page.locator("#updated").inner_text()
        seen.page.on("request", lambda request: asked.append(request.url))
        with seen.page.expect_request("**/tiles/cases/**"):
            seen.page.clock.run_for(31_000)
        assert not any("/tiles/roads/" in url for url in asked)


def test_the_window_of_time_changes_what_is_drawn(
    browser: Browser, live_server: str, place: dict[str, float]
) -> None:
    with visit(browser, live_server, "evaluator", size=PHONE) as seen:
        open_map(seen, f"#map=15.5/{place['lat']}/{place['lon']}&show=case_reports&hide=cases")
        seen.page.wait_for_function(f"() => ({REPORTED})() > 0")
        before = seen.page.evaluate(REPORTED)
        with seen.page.expect_request(lambda one: "/tiles/case_reports/" in one.url and "from=" in one.url):
            seen.page.locator("[data-part=days]").select_option("1")
        slider = seen.page.locator("[data-part=start]")
        slider.press("Home")
        seen.page.wait_for_function(f"() => ({REPORTED})() < {before}")
        first = slider.get_attribute("aria-valuetext")
        slider.press("ArrowRight")
        assert slider.get_attribute("aria-valuetext") != first
        seen.page.wait_for_function("() => /t=\\d{4}-\\d\\d-\\d\\d(%2F|\\/)1/.test(location.hash)")
        seen.check()


def test_a_past_day_shows_the_pipe_that_lay_there(browser: Browser, live_server: str, engine: Engine) -> None:
    lat, lon, segment = place_of(engine, "app.pipe_segments", "length_m > 20")
    dates = text("UPDATE pipe_segment SET valid_from = :begin, valid_to = :end WHERE id = :id")
    with engine.begin() as connection:
        before = connection.execute(
            text("SELECT valid_from, valid_to FROM pipe_segment WHERE id = :id"), {"id": segment}
        ).one()
        connection.execute(dates, {"id": segment, "begin": "2019-01-01", "end": "2021-01-01"})
    try:
        with visit(browser, live_server, "planner", locale="en") as seen:
            lain = {"source": "pipe_segments", "id": segment}
            open_map(seen, f"#map=18/{lat}/{lon}")
            assert not seen.page.evaluate(SHOWN, lain)
            seen.page.locator("#open-time").click()
            seen.page.locator("[data-mode=day]").click()
            seen.page.locator("#time input[name=day]").fill("2020-06-01")
            seen.page.keyboard.press("Enter")
            seen.page.wait_for_function(SHOWN, arg=lain)
            assert "as_of=2020-06-01" in seen.page.url
            seen.page.locator("[data-act=now]").click()
            seen.page.wait_for_function(f"(wanted) => !({SHOWN})(wanted)", arg=lain)
            assert "as_of" not in seen.page.url
            seen.check()
    finally:
        with engine.begin() as connection:
            connection.execute(dates, {"id": segment, "begin": before[0], "end": before[1]})
