"""The map as people see it: nothing comes from outside, and the city is really on the picture."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser
from sqlalchemy import Engine, create_engine, text

from gis.people.models import Role
from layers.catalog import layers_for
from tests.browser import DESK, PHONE, TOO_SMALL, Visit, visit

# Hosts named in what the page is made of; the SVG name space is a name, never fetched.
HOST = re.compile(r"(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
IDLE = "() => window.city && city.gl.loaded() && city.gl.areTilesLoaded()"
SHOWS = """(sources) => {
  const seen = new Set(city.gl.queryRenderedFeatures().map((feature) => feature.source));
  return sources.every((source) => seen.has(source));
}"""
ON_SCREEN = """(place) => {
  const at = city.map.latLngToContainerPoint(place);
  const box = city.map.getContainer().getBoundingClientRect();
  return [at.x + box.left, at.y + box.top];
}"""
FOR_PLANNERS = {layer.name for layer in layers_for(Role.PLANNER)}
AsRole = Callable[[str], TestClient]


@pytest.fixture(scope="module")
def engine(small_city: str) -> Iterator[Engine]:
    engine = create_engine(small_city)
    yield engine
    engine.dispose()


def place(engine: Engine, view: str, condition: str = "true") -> tuple[float, float, int]:
    """Latitude, longitude and id of the first row of a view."""
    query = text(
        "SELECT ST_Y(p), ST_X(p), id"
        " FROM (SELECT id, ST_Transform(ST_PointOnSurface(ST_Force2D(geom)), 4326) AS p"
        f" FROM {view} WHERE {condition} ORDER BY id LIMIT 1) AS r"
    )
    with engine.connect() as connection:
        lat, lon, row_id = connection.execute(query).one()
    return lat, lon, row_id


def open_map(seen: Visit, address: str = "") -> None:
    seen.page.goto(f"{seen.base}/map{address}")
    seen.page.wait_for_function(IDLE, timeout=60_000)


def shows(seen: Visit, *sources: str) -> None:
    """Each of these is on the picture, which is waited for: tiles may be there before they are drawn."""
    seen.page.wait_for_function(SHOWS, arg=list(sources), timeout=60_000)


def test_a_stranger_is_sent_to_the_door(anonymous: TestClient) -> None:
    answer = anonymous.get("/map", headers={"accept": "text/html"}, follow_redirects=False)
    assert answer.status_code in (303, 401)


def test_page_names_no_outside_host(as_role: AsRole) -> None:
    page = as_role("planner").get("/map").text
    assert set(HOST.findall(page)) <= {"www.w3.org"}


def test_folium_of_the_process_is_left_as_it_was(as_role: AsRole) -> None:
    import folium

    before = list(folium.Map.default_js)
    as_role("planner").get("/map")
    assert list(folium.Map.default_js) == before
    assert before


def test_page_is_small(as_role: AsRole) -> None:
    assert len(as_role("planner").get("/map", headers={"accept-encoding": "identity"}).content) < 60_000


def test_page_switches_every_layer_of_the_catalogue(as_role: AsRole) -> None:
    page = as_role("planner").get("/map").text
    assert sorted(re.findall(r'data-layer="(\w+)"', page)) == sorted(FOR_PLANNERS)


def test_page_speaks_chinese_and_english(as_role: AsRole) -> None:
    client = as_role("planner")
    assert "在办案件" in client.get("/map", headers={"accept-language": "zh-CN"}).text
    english = client.get("/map", headers={"accept-language": "en"}).text
    assert "Open cases" in english
    panel = english[english.index('id="layers"') : english.index("map-foot")]
    assert not re.search(r"[一-鿿]", panel)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_grids_pipes_and_cases_are_on_the_picture(
    browser: Browser, live_server: str, engine: Engine, size: dict[str, int]
) -> None:
    lat, lon, _id = place(engine, "app.cases", "is_open")
    with visit(browser, live_server, "planner", size=size) as seen:
        open_map(seen, f"#map=15.5/{lat}/{lon}")
        shows(seen, "areas", "roads", "buildings", "unit_grids", "cases")
        lat, lon, _id = place(engine, "app.pipe_segments")
        open_map(seen, f"#map=17/{lat}/{lon}")
        seen.page.reload()
        seen.page.wait_for_function(IDLE, timeout=60_000)
        shows(seen, "pipe_segments", "pipe_points")
        assert colours(seen) > 20
        seen.check()


def colours(seen: Visit) -> int:
    """How many colours the picture has: an empty sheet has a handful."""
    from io import BytesIO

    from PIL import Image

    picture = Image.open(BytesIO(seen.page.screenshot())).convert("RGB").resize((300, 200))
    return len(picture.getcolors(maxcolors=1_000_000) or [])


def test_the_whole_city_shows_counts_that_can_be_opened(browser: Browser, live_server: str) -> None:
    with visit(browser, live_server, "dispatcher") as seen:
        open_map(seen)
        seen.page.evaluate("city.map.setZoom(12, { animate: false })")
        counted = """() => city.gl.queryRenderedFeatures().filter((f) => f.source === 'cases')
          .reduce((sum, f) => sum + (f.properties.count ?? 0), 0)"""
        seen.page.wait_for_function(f"() => ({counted})() > 0")
        seen.check()


def test_a_click_tells_of_the_case_and_leads_to_it(
    browser: Browser, live_server: str, engine: Engine
) -> None:
    lat, lon, case_id = place(engine, "app.cases", "is_open")
    with visit(browser, live_server, "dispatcher") as seen:
        open_map(seen, f"#map=19/{lat}/{lon}")
        at = seen.page.evaluate(ON_SCREEN, [lat, lon])
        seen.page.mouse.click(*at)
        seen.page.locator(".map-details h2").wait_for()
        link = seen.page.locator('[data-part="page"] a')
        link.wait_for()
        with engine.connect() as connection:
            case_no = connection.scalar(text("SELECT case_no FROM app.cases WHERE id = :id"), {"id": case_id})
        assert link.get_attribute("href") == f"/cases/{case_no}"
        assert f"item=cases/{case_id}" in seen.page.url
        assert "marked" in {layer["id"] for layer in seen.page.evaluate("city.gl.getStyle().layers")}
        seen.check()


def test_a_pipe_tells_its_class_size_and_depths(browser: Browser, live_server: str, engine: Engine) -> None:
    _lat, _lon, segment = place(engine, "app.pipe_segments", "size <> '' AND start_depth_m IS NOT NULL")
    with visit(browser, live_server, "planner", locale="en") as seen:
        open_map(seen, f"#item=pipe_segments/{segment}")
        seen.page.locator(".map-details h2").wait_for()
        told = seen.page.locator(".map-details dl").inner_text()
        assert {"Class", "Size", "Depth at the start", "Level at the start"} <= set(told.split("\n"))
        seen.check()


def test_the_address_holds_view_and_layers(browser: Browser, live_server: str) -> None:
    with visit(browser, live_server, "planner") as seen:
        open_map(seen)
        seen.page.locator('[data-layer="duty_grids"]').check()
        seen.page.locator('[data-layer="buildings"]').uncheck()
        seen.page.locator('[data-class="DL"]').uncheck()
        seen.page.evaluate("city.map.setZoom(16, { animate: false })")
        address = seen.page.url
        seen.page.goto("about:blank")
        seen.page.goto(address)
        seen.page.wait_for_function(IDLE, timeout=60_000)
        assert seen.page.evaluate("city.map.getZoom()") == 16
        assert seen.page.locator('[data-layer="duty_grids"]').is_checked()
        assert not seen.page.locator('[data-layer="buildings"]').is_checked()
        assert not seen.page.locator('[data-class="DL"]').is_checked()


def test_a_class_that_is_off_is_not_drawn(browser: Browser, live_server: str, engine: Engine) -> None:
    lat, lon, _id = place(engine, "app.pipe_segments", "class_code = 'JS'")
    with visit(browser, live_server, "planner") as seen:
        open_map(seen, f"#map=18/{lat}/{lon}")
        query = """() => new Set(city.gl.queryRenderedFeatures().filter((f) => f.source === 'pipe_segments')
          .map((f) => f.properties.class_code)).has('JS')"""
        assert seen.page.evaluate(query)
        seen.page.locator('[data-class="JS"]').uncheck()
        # The old picture stands until the next one is drawn: waited for, and a failure when it never comes.
        seen.page.wait_for_function(f"() => !({query})()")
        seen.page.wait_for_function(IDLE)
        assert not seen.page.evaluate(query)


def test_search_by_keyboard_goes_to_what_was_found(
    browser: Browser, live_server: str, engine: Engine
) -> None:
    with engine.connect() as connection:
        code = connection.scalar(text("SELECT code FROM app.unit_grids ORDER BY id LIMIT 1"))
    with visit(browser, live_server, "planner") as seen:
        open_map(seen)
        seen.page.keyboard.press("/")
        seen.page.keyboard.type(code, delay=5)
        seen.page.locator("#found [role=option]").first.wait_for()
        seen.page.keyboard.press("ArrowDown")
        seen.page.keyboard.press("Enter")
        seen.page.locator(".map-details h2").wait_for()
        assert seen.page.locator(".map-details h2").inner_text() == code
        seen.check()


def test_the_map_is_used_by_keyboard_alone(browser: Browser, live_server: str, engine: Engine) -> None:
    lat, lon, _id = place(engine, "app.unit_grids")
    with visit(browser, live_server, "planner") as seen:
        open_map(seen, f"#map=18/{lat}/{lon}")
        seen.page.locator(".folium-map").focus()
        seen.page.keyboard.press("Enter")
        seen.page.locator(".map-details h2").wait_for()
        seen.page.keyboard.press("Escape")
        assert seen.page.locator(".map-details").is_hidden()


def test_targets_are_large_enough_for_a_thumb(browser: Browser, live_server: str) -> None:
    with visit(browser, live_server, "inspector", size=PHONE) as seen:
        open_map(seen)
        seen.page.locator("#open-layers").click()
        assert seen.page.evaluate(TOO_SMALL) == []
        seen.check()


def test_style_that_the_page_reads_is_the_catalogues(as_role: AsRole) -> None:
    client = as_role("planner")
    page = client.get("/map").text
    address = json.loads(re.search(r"cityTiles\(map_city, (.*)\);", page)[1])  # type: ignore[index]
    assert f'<link rel="preload" href="{address}"' in page
    answer = client.get(address)
    options = answer.json()
    assert client.get(address, headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    assert set(options["style"]["sources"]) == FOR_PLANNERS
    assert {layer["name"] for layer in options["layers"]} == FOR_PLANNERS
