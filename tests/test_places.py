"""Where a place lies and what stands near it, against shapely."""

import random
from math import inf, nan

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from gis.crs import to_city, to_lonlat, transformer
from gis.errors import InvalidInput, OutsideCity
from gis.grid.index import GridIndex
from gis.grid.queries import check_lonlat, locate, locate_many
from gis.settings import CITY_SRID
from tests.small_city import AsRole


@pytest.fixture(scope="module")
def grids(small_city: str) -> gpd.GeoDataFrame:
    engine = create_engine(small_city)
    frame = gpd.read_postgis("SELECT code, geom FROM unit_grid WHERE valid_to IS NULL", engine)
    engine.dispose()
    return frame


@pytest.fixture
def in_city(small_city: str) -> Session:
    engine = create_engine(small_city)
    with Session(engine) as session:
        yield session
    engine.dispose()


def test_a_thousand_places_lie_where_shapely_says(grids: gpd.GeoDataFrame, in_city: Session) -> None:
    west, south, east, north = grids.total_bounds
    chance = random.Random(7)  # noqa: S311 - places, not secrets
    points = [Point(chance.uniform(west, east), chance.uniform(south, north)) for _ in range(1000)]
    tree = grids.sindex
    expected = []
    for point in points:
        hits = tree.query(point, predicate="intersects")
        expected.append(min(grids.code.iloc[hits]) if len(hits) else None)
    places = [to_lonlat(point.x, point.y) for point in points]
    assert locate_many(in_city, places) == expected
    assert {code is None for code in expected} == {True, False}


def test_one_and_many_agree_also_on_an_edge(grids: gpd.GeoDataFrame, in_city: Session) -> None:
    """A corner of a grid belongs to up to four; both ways take the lowest code."""
    for polygon in grids.geometry.iloc[:20]:
        corner = polygon.exterior.coords[0]
        code = locate(in_city, corner[0], corner[1], CITY_SRID).unit_grid_code
        assert locate_many(in_city, [corner[:2]], CITY_SRID) == [code]
        touching = grids[grids.intersects(Point(corner))].code
        assert code == min(touching)


def test_the_way_to_the_city_and_back_is_the_same_place() -> None:
    easting, northing = to_city(109.99, 39.82)
    assert (round(easting), round(northing)) == (413525, 4410031)  # the notes' value for Ordos, plus 0.0 m
    lon, lat = to_lonlat(easting, northing)
    assert lon == pytest.approx(109.99, abs=1e-9)
    assert lat == pytest.approx(39.82, abs=1e-9)


def test_the_zone_form_of_the_city_crs_is_the_same_place(in_city: Session, grids: gpd.GeoDataFrame) -> None:
    """EPSG:4525 carries the zone before the easting; a sender may declare it."""
    inside = grids.geometry.iloc[0].representative_point()
    east, north = transformer(CITY_SRID, 4525).transform(inside.x, inside.y)
    assert east > 37_000_000
    assert locate(in_city, east, north, 4525).unit_grid_code == grids.code.iloc[0]


@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(allow_nan=True, allow_infinity=True))
def test_numbers_that_are_no_place_are_refused(lon: float, lat: float) -> None:
    possible = -180 <= lon <= 180 and -90 <= lat <= 90
    if possible:
        check_lonlat(lon, lat, 4490)
    else:
        with pytest.raises(InvalidInput):
            check_lonlat(lon, lat, 4490)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(-179, 179), st.floats(-80, 80))
def test_anywhere_else_on_earth_is_outside(in_city: Session, lon: float, lat: float) -> None:
    if 109 < lon < 111 and 39 < lat < 41:
        return
    with pytest.raises(OutsideCity):
        locate(in_city, lon, lat)


@pytest.mark.parametrize(
    "query", [f"lon={nan}&lat=1", f"lon={inf}&lat=1", "lon=1", "lon=200&lat=1", "lon=a&lat=1"]
)
def test_the_service_refuses_what_is_no_place(as_role: AsRole, query: str) -> None:
    answer = as_role("inspector").get(f"/api/v1/grids/locate?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_components_near_a_place_are_shapelys_nearest_first(
    small_city: str, in_city: Session, as_role: AsRole
) -> None:
    engine = create_engine(small_city)
    frame = gpd.read_postgis("SELECT code, class_code, geom FROM component WHERE valid_to IS NULL", engine)
    engine.dispose()
    middle = frame.geometry.iloc[len(frame) // 2]
    lon, lat = to_lonlat(middle.x + 3, middle.y)
    distance = frame.distance(Point(middle.x + 3, middle.y))
    expected = frame[distance <= 80].assign(d=distance).sort_values(["d", "code"])
    items = (
        as_role("inspector")
        .get(f"/api/v1/components/near?lon={lon}&lat={lat}&radius_m=80&limit=1000")
        .json()["items"]
    )
    assert [item["code"] for item in items] == list(expected.code)
    assert len(items) >= 3
    assert [item["distance_m"] for item in items] == pytest.approx(list(expected.d), abs=1e-3)
    one_class = items[0]["class_code"]
    only = (
        as_role("inspector")
        .get(f"/api/v1/components/near?lon={lon}&lat={lat}&radius_m=80&class_code={one_class}")
        .json()["items"]
    )
    assert {item["class_code"] for item in only} == {one_class}


@pytest.mark.parametrize(
    ("bbox", "status"),
    [
        ("-180,-90,180,90", 200),
        ("-170,-10,-160,10", 200),
        ("109.9,39.7,110.1,39.9", 200),
        ("110,40,109,39", 422),
        ("nan,nan,nan,nan", 422),
        ("1,2,3", 422),
        ("170,39,-170,40", 422),
    ],
)
def test_a_box_of_any_size_is_answered_or_refused(as_role: AsRole, bbox: str, status: int) -> None:
    assert as_role("evaluator").get(f"/api/v1/cases?bbox={bbox}&limit=1").status_code == status


def test_the_index_sees_a_grid_that_was_changed(in_city: Session, grids: gpd.GeoDataFrame) -> None:
    """Bulk look-ups keep an index in memory; a grid that ends must leave it at once."""
    inside = grids.geometry.iloc[3].representative_point()
    place = [(inside.x, inside.y)]
    assert locate_many(in_city, place, CITY_SRID) == [grids.code.iloc[3]]
    in_city.execute(
        text("UPDATE unit_grid SET valid_to = valid_from WHERE code = :code"), {"code": grids.code.iloc[3]}
    )
    assert locate_many(in_city, place, CITY_SRID) == [None]
    in_city.rollback()
    assert locate_many(in_city, place, CITY_SRID) == [grids.code.iloc[3]]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.floats(0, 0.45))
def test_the_index_agrees_with_every_polygon_asked_one_by_one(seed: int, size: int, bend: float) -> None:
    """On crooked lattices with holes: random places, corners, middles of edges, far away."""
    chance = np.random.default_rng(seed)
    nodes = np.stack(np.meshgrid(np.arange(size + 1), np.arange(size + 1), indexing="ij"), -1) * 20.0
    nodes = nodes + chance.uniform(-bend, bend, nodes.shape) * 20
    cells = [
        Polygon([nodes[i, j], nodes[i + 1, j], nodes[i + 1, j + 1], nodes[i, j + 1]])
        for i in range(size)
        for j in range(size)
        if chance.random() > 0.2
    ]
    codes = [f"{n:03}" for n in chance.permutation(len(cells))]
    places = np.concatenate(
        [
            chance.uniform(-10, size * 20 + 10, (100, 2)),
            nodes.reshape(-1, 2),
            (nodes[1:] + nodes[:-1]).reshape(-1, 2) / 2,
            [[1e12, -1e12], [nan, 0], [inf, inf]],
        ]
    )
    found = GridIndex.build(codes, cells).locate(places[:, 0], places[:, 1])
    for (x, y), code in zip(places, found, strict=True):
        expected = [c for c, cell in zip(codes, cells, strict=True) if cell.intersects(Point(x, y))]
        assert code == (min(expected) if expected and np.isfinite(x + y) else None)
