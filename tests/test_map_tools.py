"""The map told in words, its tools for drawing, printing and comparing, and the page of layers."""

import io
import json
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser
from pydantic import ValidationError
from pypdf import PdfReader
from pyproj import Geod, Transformer
from sqlalchemy import Engine, create_engine, text

from gis.people.models import Role
from gis.settings import CITY_SRID, Settings, get_settings
from layers.catalog import LAYERS, layers_for
from layers.inside import MOST_COUNTED
from tests.browser import DESK, PHONE, TOO_SMALL, Visit, visit

AsRole = Callable[[str], TestClient]
IDLE = "() => window.city && city.gl.loaded() && city.gl.areTilesLoaded()"
GEOD = Geod(ellps="GRS80")
MEASURED = """async ({ line, ring }) => {
  const { areaOf, lengthOf, way } = await import('/static/map/geodesy.js');
  const { metresPerPixel, zoomFor } = await import('/static/map/scale.js');
  const { asKML, read } = await import('/static/map/shapes.js');
  const drawn = [{ type: 'Feature', geometry: { type: 'Polygon', coordinates: [ring] }, properties: { kind: 'polygon' } }];
  let refused = '';
  try { read('{"type": "Point", "coordinates": [500, 0]}'); } catch (error) { refused = error.message; }
  return {
    length: lengthOf(line), area: areaOf([ring]), bearing: way(line[0], line[1]).bearing,
    metres: metresPerPixel(zoomFor(5000, 39.8), 39.8), kml: asKML(drawn), refused,
    read: read(JSON.stringify({ type: 'FeatureCollection', features: drawn })).length,
  };
}"""  # noqa: E501 - one script
CORNERS = ((0.40, 0.45), (0.55, 0.45), (0.55, 0.65), (0.40, 0.45))


@pytest.fixture(scope="module")
def engine(small_city: str) -> Iterator[Engine]:
    engine = create_engine(small_city)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def grid(engine: Engine) -> dict[str, Any]:
    """The largest unit grid as GeoJSON in degrees, with its box ``west,south,east,north``."""
    query = text(
        "SELECT ST_AsGeoJSON(p, 12)::json AS area,"
        " ARRAY[ST_XMin(p), ST_YMin(p), ST_XMax(p), ST_YMax(p)] AS box"
        " FROM (SELECT ST_Transform(geom, 4490) AS p FROM app.unit_grids"
        " ORDER BY ST_Area(geom) DESC, id LIMIT 1) AS g"
    )
    with engine.connect() as connection:
        return dict(connection.execute(query).mappings().one())


def rows_of(client: TestClient, address: str) -> list[dict[str, Any]]:
    """All rows of a list, page by page."""
    found = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        address = answer.json()["next"]
    return found


def test_the_list_of_a_view_holds_what_lies_there(
    as_role: AsRole, engine: Engine, grid: dict[str, Any]
) -> None:
    box = ",".join(map(str, grid["box"]))
    rows = rows_of(as_role("planner"), f"/api/v1/layers/pipe_segments/items?bbox={box}&limit=7")
    query = text(
        "SELECT v.id FROM app.pipe_segments AS v WHERE ST_Intersects(v.geom,"
        " ST_Transform(ST_Segmentize(ST_MakeEnvelope(:w, :s, :e, :n, 4490), 0.0005), :srid)) ORDER BY v.id"
    )
    west, south, east, north = grid["box"]
    with engine.connect() as connection:
        expected = connection.scalars(
            query, {"w": west, "s": south, "e": east, "n": north, "srid": CITY_SRID}
        ).all()
    assert expected
    # The box is asked for by its bounds in the city's metres: what it touches there is not less.
    ids = [row["id"] for row in rows]
    assert ids == sorted(set(ids))
    assert set(expected) <= set(ids)
    assert all(row["title"] for row in rows)
    margin = 0.02
    assert all(west - margin < row["lon"] < east + margin for row in rows)


def test_an_area_tells_how_much_lies_in_it(as_role: AsRole, engine: Engine, grid: dict[str, Any]) -> None:
    answer = as_role("planner").post("/api/v1/map/summary", json={"area": grid["area"]})
    assert answer.status_code == 200, answer.text
    counts = {one["layer"]: one["count"] for one in answer.json()["items"]}
    assert set(counts) == {name for name, layer in LAYERS.items() if layer.collection}
    area = "ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(:area), 4490), :srid)"
    with engine.connect() as connection:
        for name in ("components", "pipe_points", "buildings"):
            values = {"area": str(grid["area"]).replace("'", '"'), "srid": CITY_SRID}
            query = text(f"SELECT count(*) FROM app.{name} AS v WHERE ST_Intersects(v.geom, {area})")
            assert counts[name] == connection.scalar(query, values)
    assert counts["unit_grids"] >= 1


def test_a_count_that_was_cut_says_so(as_role: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layers.inside.MOST_COUNTED", 5)
    body = {"area": {"bbox": [109, 39, 111, 41]}, "layers": ["components"]}
    answer = as_role("planner").post("/api/v1/map/summary", json=body)
    assert answer.json()["items"][0] | {"title": ""} == {
        "layer": "components", "title": "", "count": 5, "is_capped": True
    }  # fmt: skip
    assert MOST_COUNTED > 5


def test_nobody_is_told_of_cases_that_they_may_not_see(
    as_role: AsRole, engine: Engine, every_role: dict[str, TestClient]
) -> None:
    body = {"area": {"bbox": [109, 39, 111, 41]}, "layers": ["cases"]}
    counts = {
        role: client.post("/api/v1/map/summary", json=body).json()["items"][0]["count"]
        for role, client in every_role.items()
    }
    with engine.connect() as connection:
        all_open = connection.scalar(text("SELECT count(*) FROM app.cases WHERE is_open"))
    assert counts["dispatcher"] == all_open
    assert counts["department"] < all_open
    assert as_role("department").get("/api/v1/map/today").json()["open"] == counts["department"]


def test_figures_of_the_day_are_those_of_its_steps(as_role: AsRole, engine: Engine) -> None:
    overdue = text('SELECT count(*) FROM public."case" WHERE stage IS NOT NULL AND stage_due_at < now()')
    with engine.connect() as connection:
        red_before = connection.scalar(overdue)
    told = as_role("dispatcher").get("/api/v1/map/today").json()
    since = datetime.fromisoformat(told["since"])
    assert 0 <= (datetime.now(UTC) - since).total_seconds() < 86_400
    with engine.connect() as connection:
        reported = connection.scalar(
            text("SELECT count(*) FROM case_step WHERE seq = 1 AND at >= :since"), {"since": since}
        )
        red = connection.scalar(overdue)
    assert told["reported"] == reported
    assert red_before <= told["red"] <= red  # limits end while we look
    assert told["open"] >= told["red"] + told["yellow"] + told["green"] > 0


def test_a_place_is_told_in_the_citys_metres(as_role: AsRole) -> None:
    told = as_role("planner").get("/api/v1/map/place?lon=109.9923&lat=39.8224").json()
    expected = Transformer.from_crs(4490, CITY_SRID, always_xy=True).transform(109.9923, 39.8224)
    assert (told["easting"], told["northing"]) == pytest.approx(expected, abs=1e-4)
    assert told["crs"] == f"EPSG:{CITY_SRID}"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/v1/layers/roads/items", None, 422),
        ("GET", "/api/v1/layers/roads/items?bbox=110,40,109,39", None, 422),
        ("GET", "/api/v1/layers/roads/items?bbox=nan,nan,nan,nan", None, 422),
        ("GET", "/api/v1/layers/roads/items?bbox=109,39,inf,41", None, 422),
        ("GET", "/api/v1/layers/roads/items?bbox=170,39,-170,41", None, 422),
        ("GET", "/api/v1/layers/roads/items?bbox=109,39,111,41&limit=1000000000", None, 422),
        ("GET", "/api/v1/layers/roads/items?bbox=109,39,111,41&cursor=x", None, 422),
        ("GET", "/api/v1/layers/nothing/items?bbox=109,39,111,41", None, 404),
        ("POST", "/api/v1/map/summary", {"area": {"type": "Point", "coordinates": [110, 40]}}, 422),
        ("POST", "/api/v1/map/summary", {"area": {"bbox": [1, 2, 3]}}, 422),
        ("POST", "/api/v1/map/summary", {"area": {"type": "Polygon", "coordinates": "x"}}, 422),
        ("POST", "/api/v1/map/summary", {"area": {"bbox": [109, 39, 111, 41]}, "layers": ["x"]}, 404),
        ("GET", "/api/v1/map/place?lon=nan&lat=39", None, 422),
        ("GET", "/api/v1/map/place?lon=-60&lat=39", None, 422),
        ("GET", "/api/v1/map/place?lon=109&lat=1e999", None, 422),
    ],
)
def test_bad_questions_are_told_so(as_role: AsRole, method: str, path: str, body: Any, status: int) -> None:
    answer = as_role("planner").request(method, path, json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def open_map(seen: Visit, address: str = "") -> None:
    seen.page.goto(f"{seen.base}/map{address}")
    seen.page.wait_for_function(IDLE, timeout=60_000)


def test_what_is_drawn_is_measured_kept_asked_about_and_taken_back(
    browser: Browser, live_server: str, grid: dict[str, Any]
) -> None:
    west, south, east, north = grid["box"]
    with visit(browser, live_server, "planner", locale="en") as seen:
        open_map(seen, f"#map=15/{(south + north) / 2}/{(west + east) / 2}")
        seen.page.keyboard.press("d")
        seen.page.wait_for_function("() => city.map.pm")
        seen.page.locator('[data-shape="Polygon"]').click()
        for x, y in CORNERS:
            seen.page.mouse.click(x * DESK["width"], y * DESK["height"])
        row = seen.page.locator("#panel-draw .map-drawn li")
        row.wait_for()
        assert seen.page.locator(".map-details").is_hidden()  # a corner is no question
        row.get_by_role("button", name="What lies here").click()
        row.locator("[data-here]").first.wait_for()
        assert " ha\n" in row.inner_text()
        kept = json.loads(seen.page.evaluate("localStorage.getItem('citygrid-drawn:planner')"))
        ring = kept[0]["geometry"]["coordinates"][0]
        line = [[109.9, 39.8], [109.95, 39.83], [110.0, 39.81]]
        told = seen.page.evaluate(MEASURED, {"line": line, "ring": ring})
        assert told["length"] == pytest.approx(GEOD.line_length(*zip(*line, strict=True)), rel=1e-9)
        assert told["bearing"] == pytest.approx(GEOD.inv(*line[0], *line[1])[0] % 360, abs=1e-6)
        area, _perimeter = GEOD.polygon_area_perimeter(*zip(*ring, strict=True))
        assert told["area"] == pytest.approx(abs(area), rel=1e-5)
        assert told["metres"] == pytest.approx(5000 * 0.0254 / 96)
        assert "GeoJSON" in told["refused"]
        assert told["read"] == told["kml"].count("<Placemark>") == 1
        seen.page.keyboard.press("Control+z")
        row.wait_for(state="detached")
        assert seen.page.evaluate("localStorage.getItem('citygrid-drawn:planner')") is None
        seen.check()


def test_the_view_is_told_as_lists_that_the_keyboard_opens(
    browser: Browser, live_server: str, grid: dict[str, Any]
) -> None:
    west, south, east, north = grid["box"]
    with visit(browser, live_server, "planner", locale="en", size=PHONE) as seen:
        open_map(seen, f"#map=17/{(south + north) / 2}/{(west + east) / 2}")
        seen.page.keyboard.press("v")
        seen.page.locator("[data-of=unit_grids] summary").press("Enter")
        first = seen.page.locator("[data-of=unit_grids] .map-row").first
        first.wait_for()
        name = first.inner_text()
        first.press("Enter")
        seen.page.locator(".map-details h2", has_text=name).wait_for()
        assert "item=unit_grids/" in seen.page.url
        assert seen.page.evaluate(TOO_SMALL) == []
        seen.check()


def test_a_printed_sheet_is_one_page_with_the_map_and_its_legend(
    browser: Browser, live_server: str, grid: dict[str, Any]
) -> None:
    west, south, east, north = grid["box"]
    place = f"map=16/{(south + north) / 2}/{(west + east) / 2}"
    with visit(browser, live_server, "planner") as seen:
        seen.page.goto(f"{live_server}/map/print#{place}&scale=2000&dpi=150&note=夜间&hide=buildings")
        seen.page.locator("#sheet[data-ready]").wait_for(timeout=60_000)
        pages = PdfReader(io.BytesIO(seen.page.pdf(prefer_css_page_size=True, print_background=True))).pages
        seen.check()
    assert len(pages) == 1
    box = pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx((297 * 72 / 25.4, 210 * 72 / 25.4), abs=1)
    words = unicodedata.normalize("NFKC", pages[0].extract_text())
    assert "1 : 2 000" in words
    assert "夜间" in words
    assert "单元网格" in words
    assert "建筑物" not in words
    drawn = max((one.image for one in pages[0].images if one.image), key=lambda image: image.width)
    assert drawn.width > 220 / 25.4 * 150  # the map's part of the sheet, at its fineness
    assert len(drawn.convert("RGB").resize((300, 200)).getcolors(1_000_000) or []) > 50


def test_a_past_day_stands_beside_the_present(browser: Browser, live_server: str) -> None:
    asked: list[str] = []
    with visit(browser, live_server, "planner", locale="en") as seen:
        seen.page.on("request", lambda request: asked.append(request.url))
        open_map(seen, "#compare=2025-01-01")
        line = seen.page.get_by_role("slider", name="Press and drag")
        line.wait_for()
        line.press("ArrowRight")
        assert line.get_attribute("aria-valuenow") == "52"
        seen.page.wait_for_timeout(500)
        past = [url for url in asked if url.endswith("?as_of=2025-01-01")]
        assert any("/tiles/unit_grids/" in url for url in past)
        assert not any("/tiles/cases/" in url for url in past)
        assert "Open cases" in seen.page.locator("#panel-compare [data-part=told]").inner_text()
        seen.page.get_by_role("button", name="End comparing").click()
        assert "compare" not in seen.page.url
        seen.check()


def test_the_wall_shows_the_figures_of_the_day(browser: Browser, live_server: str, as_role: AsRole) -> None:
    told = as_role("dispatcher").get("/api/v1/map/today").json()
    with visit(browser, live_server, "dispatcher", size={"width": 1920, "height": 1080}) as seen:
        seen.page.goto(f"{live_server}/map/wall")
        seen.page.wait_for_function("() => document.querySelector('[data-figure=open]').textContent !== '–'")
        assert seen.page.locator("[data-figure=red]").inner_text() == f"{told['red']:,}"
        assert seen.page.locator("#alarm").is_hidden()
        seen.check()


def test_only_named_origins_may_frame_the_map(anonymous: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_settings(), "embed_origins", "https://portal.example")
    embedded = anonymous.get("/map/embed")
    assert embedded.status_code == 200
    assert (
        "frame-ancestors 'self' https://portal.example;" in embedded.headers["content-security-policy"] + ";"
    )
    for path in ("/map", "/login", "/map/print"):
        assert "portal.example" not in anonymous.get(path).headers["content-security-policy"]
    # The frame itself holds nothing of the city; what it draws wants a sign-in.
    assert "unit_grids" not in embedded.text
    assert anonymous.get("/map/drawing.json").status_code == 401


@pytest.mark.parametrize("origins", ["http://portal.example", "*", "https://x; script-src *", "https://x/y"])
def test_an_origin_that_would_weaken_the_policy_is_refused(origins: str) -> None:
    with pytest.raises(ValidationError):
        Settings(embed_origins=origins)


def test_a_page_around_the_map_commands_and_hears_it(
    browser: Browser, live_server: str, engine: Engine
) -> None:
    with engine.connect() as connection:
        grid = connection.scalar(text("SELECT id FROM app.unit_grids ORDER BY id LIMIT 1"))
    with visit(browser, live_server, "planner") as seen:
        seen.page.goto(f"{live_server}/map/embed")  # a page of our own origin, to hang the frame into
        seen.page.evaluate(
            """() => { window.heard = []; addEventListener('message', (event) => heard.push(event.data));
            const frame = document.createElement('iframe'); frame.src = '/map/embed#map=14/39.82/109.99';
            frame.style = 'position:fixed;inset:0;width:800px;height:600px;z-index:9'; frame.id = 'around';
            document.body.append(frame); }"""
        )
        seen.page.wait_for_function(
            "() => heard.some((one) => one.type === 'citygrid:ready')", timeout=60_000
        )
        seen.page.evaluate(
            """(id) => document.getElementById('around').contentWindow.postMessage(
            { type: 'citygrid:select', layer: 'unit_grids', id }, location.origin)""",
            grid,
        )
        seen.page.wait_for_function("() => heard.some((one) => one.type === 'citygrid:selected')")
        told = seen.page.evaluate("heard.find((one) => one.type === 'citygrid:selected')")
        assert told["id"] == grid


def test_the_page_of_layers_lists_the_catalogue(as_role: AsRole) -> None:
    page = as_role("planner").get("/map/layers").text
    shown = {layer.name for layer in layers_for(Role.PLANNER)}
    assert {name for name in LAYERS if f'id="{name}"' in page} == shown
    assert "/ogc/collections/pipe_segments" in page
    assert "/tiles/roads.json" in page
