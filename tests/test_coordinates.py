"""Declared coordinate systems: what is converted, how exactly, and what is refused."""

from math import cos, hypot, inf, nan, radians

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.crs import BD09, GCJ02, crs_name, parse_crs, parse_epsg, to_city, to_lonlat
from gis.errors import InvalidInput
from gis.grid.queries import check_lonlat
from gis.shifted import (
    bd09_from_gcj02,
    bd09_from_wgs84,
    gcj02_from_bd09,
    gcj02_from_wgs84,
    wgs84_from_bd09,
    wgs84_from_gcj02,
)
from tests.small_city import AsRole

# Computed with an independent implementation of the formulas; longitude first.
ORDOS_WGS84 = (110.0, 39.82)
ORDOS_GCJ02 = (110.005761241, 39.821069117)
ORDOS_BD09 = (110.012271803, 39.826990776)
LAST_DIGIT = 1e-9
CENTIMETRE = 0.01

# Two kilometres inside the rectangle that is shifted: nearer to its edge the way back is not unique.
longitudes = st.floats(72.03, 137.81)
latitudes = st.floats(0.85, 55.80)


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """On a sphere of one degree = 111,320 m: good to a per cent, for distances of centimetres."""
    (lon, lat), (other_lon, other_lat) = one, other
    return hypot((lon - other_lon) * cos(radians(lat)), lat - other_lat) * 111_320


def test_the_shift_is_the_one_that_everyone_computes() -> None:
    assert gcj02_from_wgs84(*ORDOS_WGS84) == pytest.approx(ORDOS_GCJ02, abs=LAST_DIGIT)
    assert bd09_from_wgs84(*ORDOS_WGS84) == pytest.approx(ORDOS_BD09, abs=LAST_DIGIT)


def test_the_way_back_from_the_known_values() -> None:
    assert wgs84_from_gcj02(*ORDOS_GCJ02) == pytest.approx(ORDOS_WGS84, abs=LAST_DIGIT)
    assert gcj02_from_bd09(*ORDOS_BD09) == pytest.approx(ORDOS_GCJ02, abs=LAST_DIGIT)
    assert wgs84_from_bd09(*ORDOS_BD09) == pytest.approx(ORDOS_WGS84, abs=LAST_DIGIT)


@settings(deadline=None)
@given(longitudes, latitudes)
def test_there_and_back_is_the_same_centimetre(lon: float, lat: float) -> None:
    for there, back in (
        (gcj02_from_wgs84, wgs84_from_gcj02),
        (bd09_from_gcj02, gcj02_from_bd09),
        (bd09_from_wgs84, wgs84_from_bd09),
    ):
        x, y = back(*there(lon, lat))
        assert metres_between((lon, lat), (float(x), float(y))) < CENTIMETRE


@settings(deadline=None)
@given(st.lists(st.tuples(longitudes, latitudes), min_size=1, max_size=20))
def test_many_at_once_are_as_one_by_one(places: list[tuple[float, float]]) -> None:
    given_places = np.array(places)
    lons, lats = wgs84_from_bd09(given_places[:, 0], given_places[:, 1])
    one_by_one = [[float(v) for v in wgs84_from_bd09(lon, lat)] for lon, lat in places]
    assert np.column_stack([lons, lats]) == pytest.approx(np.array(one_by_one), abs=1e-12)


@pytest.mark.parametrize("place", [(-71.06, 42.36), (10.39, 55.39), (139.7, 35.7), (151.2, -33.9)])
def test_outside_china_gcj02_is_wgs84(place: tuple[float, float]) -> None:
    """Boston, Odense, Tokyo, Sydney: as map applications have it, nothing is shifted there."""
    assert gcj02_from_wgs84(*place) == place
    assert wgs84_from_gcj02(*place) == place


@pytest.mark.parametrize(
    ("declared", "srid"),
    [
        (None, 4490), ("", 4490), ("EPSG:4490", 4490), ("cgcs2000", 4490), ("4326", 4326),
        ("http://www.opengis.net/def/crs/EPSG/0/4490", 4490), ("OGC:CRS84", 4326), (" wgs84 ", 4326),
        ("EPSG:4525", 4525), ("GCJ-02", GCJ02), ("gcj02", GCJ02), ("BD-09", BD09), ("bd09ll", BD09),
    ],
)  # fmt: skip
def test_what_a_sender_may_declare(declared: str | None, srid: int) -> None:
    assert parse_crs(declared) == srid


@pytest.mark.parametrize(
    "declared",
    ["moon", "EPSG:", "EPSG:999999", "EPSG:5737", "EPSG:4978", "-2", "4490²", "BD09MC", "EPSG:٤٤٩٠"],
)
def test_what_is_no_system_of_places_is_refused(declared: str) -> None:
    """Heights (5737) and geocentric coordinates (4978) have EPSG codes too."""
    with pytest.raises(InvalidInput) as refusal:
        parse_crs(declared)
    assert refusal.value.extra["errors"][0]["pointer"] == "/crs"


def test_a_file_is_never_shifted() -> None:
    assert parse_epsg("EPSG:4326") == 4326
    with pytest.raises(InvalidInput, match="GCJ-02"):
        parse_epsg("gcj02")


@pytest.mark.parametrize(("srid", "name"), [(4490, "EPSG:4490"), (GCJ02, "GCJ-02"), (BD09, "BD-09")])
def test_every_system_has_a_name_that_can_be_declared_again(srid: int, name: str) -> None:
    assert crs_name(srid) == name
    assert parse_crs(name) == srid


@pytest.mark.parametrize(
    ("srid", "place"),
    [(4326, ORDOS_WGS84), (4490, ORDOS_WGS84), (GCJ02, ORDOS_GCJ02), (BD09, ORDOS_BD09)],
)
def test_one_place_by_each_system_is_one_place_in_the_city(srid: int, place: tuple[float, float]) -> None:
    expected = to_city(*ORDOS_WGS84)
    assert to_city(*place, srid) == pytest.approx(expected, abs=0.001)
    assert to_lonlat(*expected, srid) == pytest.approx(place, abs=LAST_DIGIT * 10)


@pytest.mark.parametrize("srid", [4490, 4326, GCJ02, BD09, 4258])
@pytest.mark.parametrize("place", [(39.8, 110.0), (181.0, 0.0), (nan, 39.8), (110.0, inf)])
def test_degrees_off_the_globe_are_refused_whatever_is_declared(
    srid: int, place: tuple[float, float]
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_lonlat(*place, srid)
    assert [error["pointer"] for error in refusal.value.extra["errors"]] == ["/lon", "/lat"]


def test_nothing_is_converted_unless_it_is_declared(as_role: AsRole, place: dict[str, float]) -> None:
    client = as_role("inspector")
    bare = ask(client, place["lon"], place["lat"])
    lon, lat = (float(v) for v in bd09_from_wgs84(place["lon"], place["lat"]))
    assert ask(client, lon, lat, "BD-09") == pytest.approx(bare, abs=0.002)
    elsewhere = client.get("/api/v1/grids/locate", params={"lon": lon, "lat": lat})
    if elsewhere.status_code == 200:
        there = elsewhere.json()
        assert hypot(there["easting"] - bare[0], there["northing"] - bare[1]) > 500


def ask(client: TestClient, lon: float, lat: float, crs: str | None = None) -> tuple[float, float]:
    params = {"lon": lon, "lat": lat} | ({"crs": crs} if crs else {})
    answer = client.get("/api/v1/grids/locate", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["easting"], answer.json()["northing"]


def test_many_places_are_found_by_what_is_declared(as_role: AsRole, place: dict[str, float]) -> None:
    client = as_role("inspector")
    shifted = [float(v) for v in gcj02_from_wgs84(place["lon"], place["lat"])]
    code = client.get("/api/v1/grids/locate", params=place).json()["unit_grid_code"]
    many = client.post("/api/v1/grids/locate", json={"points": [shifted], "crs": "GCJ-02"})
    assert many.json() == {"unit_grid_codes": [code]}


def test_components_near_are_shown_in_the_system_they_were_asked_in(
    as_role: AsRole, place: dict[str, float]
) -> None:
    client = as_role("inspector")
    lon, lat = (float(v) for v in gcj02_from_wgs84(place["lon"], place["lat"]))
    plain = client.get("/api/v1/components/near", params=place | {"radius_m": 300}).json()["items"]
    asked = {"lon": lon, "lat": lat, "crs": "GCJ-02", "radius_m": 300}
    shifted = client.get("/api/v1/components/near", params=asked).json()["items"]
    assert [one["code"] for one in shifted] == [one["code"] for one in plain] != []
    expected = [float(v) for v in gcj02_from_wgs84(plain[0]["lon"], plain[0]["lat"])]
    assert [shifted[0]["lon"], shifted[0]["lat"]] == pytest.approx(expected, abs=1e-8)
