"""The map told in words, its tools for drawing, printing and comparing, and the page of layers."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pyproj import Transformer
from sqlalchemy import Engine, create_engine, text

from gis.settings import CITY_SRID
from layers.catalog import LAYERS
from layers.inside import MOST_COUNTED

AsRole = Callable[[str], TestClient]


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
    told = as_role("dispatcher").get("/api/v1/map/today").json()
    since = datetime.fromisoformat(told["since"])
    assert 0 <= (datetime.now(UTC) - since).total_seconds() < 86_400
    with engine.connect() as connection:
        reported = connection.scalar(
            text('SELECT count(*) FROM public."case" WHERE reported_at >= :since'), {"since": since}
        )
        red = connection.scalar(
            text('SELECT count(*) FROM public."case" WHERE stage IS NOT NULL AND stage_due_at < now()')
        )
    assert told["reported"] == reported
    assert told["red"] == red
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
