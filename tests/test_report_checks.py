"""What a report must keep to: bad input is told clearly and leaves nothing behind."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from gis.case.report_checks import COMPONENT_WITHIN_M
from gis.crs import to_lonlat
from gis.shifted import bd09_from_wgs84
from tests.small_city import AsRole

keys = count(1)
CASES = "/api/v1/cases"


@pytest.fixture(scope="module")
def engine(small_city: str) -> Iterator[Engine]:
    engine = create_engine(small_city)
    yield engine
    engine.dispose()


@pytest.fixture
def city(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


@pytest.fixture
def body(place: dict[str, float]) -> dict[str, Any]:
    return {"kind": "event", "class_code": "0101", "description": "井盖旁有杂物", **place}


@pytest.fixture(scope="module")
def component(engine: Engine) -> dict[str, Any]:
    """A component in force, with its class and place."""
    with engine.connect() as connection:
        row = connection.execute(
            text(
                "SELECT code, class_code, ST_X(geom) AS easting, ST_Y(geom) AS northing FROM component"
                " WHERE valid_to IS NULL ORDER BY code LIMIT 1"
            )
        ).one()
    return dict(row._mapping)


def stored(city: Connection) -> tuple[int, int, int]:
    """How many cases, steps and intervals there are."""
    city.rollback()
    return tuple(
        city.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()
        for name in ("case", "case_step", "case_interval")
    )  # type: ignore[return-value]


def at(component: dict[str, Any], east_m: float = 0.0) -> dict[str, Any]:
    """A report about a component from a place some metres east of it."""
    lon, lat = to_lonlat(component["easting"] + east_m, component["northing"])
    return {
        "kind": "component", "class_code": component["class_code"], "component_code": component["code"],
        "description": "部件破损", "lon": lon, "lat": lat,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"class_code": "9999"}, 422, None),
        ({"class_code": "01"}, 422, "/class_code"),
        ({"kind": "person"}, 422, "/kind"),
        ({"lon": 116.4, "lat": 39.9}, 422, "/lon"),
        ({"lon": 39.82, "lat": 109.99}, 422, "/lon"),
        ({"lon": "here"}, 422, "/lon"),
        ({"crs": "mars"}, 422, "/crs"),
        ({"source": "gossip"}, 422, "/source"),
        ({"source": "hotline", "occurred_at": "2026-11-20T08:00:00"}, 422, "/occurred_at"),
        ({"occurred_at": "1970-01-01T00:00:00Z"}, 422, "/occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, 422, "/occurred_at"),
        ({"occurred_at": "9999-12-31T23:59:59-12:00"}, 422, "/occurred_at"),
        ({"occurred_at": "2026-02-30T08:00:00+08:00"}, 422, "/occurred_at"),
        ({"unit_grid_code": "000000000000000"}, 422, "/unit_grid_code"),
        ({"component_code": "1506020101000001"}, 422, "/component_code"),
        ({"kind": "component", "component_code": "0000000000000000"}, 422, "/component_code"),
        ({"description": "长" * 34_000}, 422, "/description"),  # 100 kB
        ({"description": "长" * 1_000_000}, 413, None),
        ({"description": "a\x00b"}, 422, "/description"),
        ({"address": "a\x00b"}, 422, "/address"),
        ({"address": "路" * 201}, 422, "/address"),
    ],
)
def test_bad_input_is_told_and_nothing_is_half_written(
    as_role: AsRole, city: Connection, body: dict[str, Any], change: dict[str, Any],
    status: int, pointer: str | None,
) -> None:  # fmt: skip
    before = stored(city)
    answer = as_role("inspector").post(CASES, json=body | change)
    assert answer.status_code == status, answer.text
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["title"]
    if pointer:
        assert pointer in [error["pointer"] for error in problem["errors"]]
    assert stored(city) == before


def test_half_a_character_is_refused(as_role: AsRole, body: dict[str, Any]) -> None:
    sent = json.dumps(body | {"description": "x\ud83d"})  # a surrogate without its partner, escaped
    answer = as_role("inspector").post(CASES, content=sent, headers={"content-type": "application/json"})
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e400", "-1e400"])
def test_numbers_that_are_no_place_are_refused(as_role: AsRole, body: dict[str, Any], number: str) -> None:
    sent = json.dumps(body | {"lon": "@"}).replace('"@"', number)
    answer = as_role("inspector").post(CASES, content=sent, headers={"content-type": "application/json"})
    assert answer.status_code == 422, answer.text


def test_every_character_comes_back_as_it_was(as_role: AsRole, body: dict[str, Any]) -> None:
    words = '𠮷野家门前井盖🕳️破损，𰻝𰻝面店旁 e\u0301 \u200f ‘; DROP TABLE "case"; --'
    client = as_role("inspector")
    number = client.post(CASES, json=body | {"description": words, "address": "𡘙路🚧"}).json()["case_no"]
    read = client.get(f"{CASES}/{number}").json()
    assert (read["description"], read["address"]) == (words, "𡘙路🚧")


def test_the_longest_description_is_stored(as_role: AsRole, body: dict[str, Any]) -> None:
    answer = as_role("inspector").post(CASES, json=body | {"description": "🚧" * 4000})
    assert answer.status_code == 201
    assert answer.json()["description"] == "🚧" * 4000


def test_a_phone_may_be_a_little_fast_and_weeks_late(as_role: AsRole, body: dict[str, Any]) -> None:
    now = datetime.now(UTC)
    for occurred_at in (now + timedelta(minutes=4), now - timedelta(days=40)):
        answer = as_role("inspector").post(CASES, json=body | {"occurred_at": occurred_at.isoformat()})
        assert answer.status_code == 201, answer.text
        assert datetime.fromisoformat(answer.json()["occurred_at"]) == occurred_at


def test_the_grid_a_report_names_is_checked(as_role: AsRole, city: Connection, body: dict[str, Any]) -> None:
    client = as_role("inspector")
    here = client.get("/api/v1/grids/locate", params={"lon": body["lon"], "lat": body["lat"]}).json()
    code = here["unit_grid_code"]
    assert client.post(CASES, json=body | {"unit_grid_code": code}).status_code == 201
    other = city.execute(
        text("SELECT max(code) FROM unit_grid WHERE valid_to IS NULL AND code <> :code"), {"code": code}
    ).scalar_one()
    answer = client.post(CASES, json=body | {"unit_grid_code": other})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": "/unit_grid_code", "detail": f"it is {code}"}]
    assert answer.json()["unit_grid_code"] == code


def test_on_the_line_between_two_grids_either_may_be_named(as_role: AsRole, city: Connection) -> None:
    """A phone that draws the grids in rounded degrees may see the other one; the place decides."""
    row = city.execute(
        text(
            "SELECT a.code AS one, b.code AS other, ST_X(p) AS easting, ST_Y(p) AS northing"
            " FROM unit_grid AS a JOIN unit_grid AS b ON a.id < b.id AND ST_Touches(a.geom, b.geom),"
            " LATERAL (SELECT ST_LineInterpolatePoint((ST_Dump(ST_LineMerge("
            "   ST_CollectionExtract(ST_Intersection(a.geom, b.geom), 2)))).geom, 0.5) AS p) AS middle"
            " WHERE a.valid_to IS NULL AND b.valid_to IS NULL LIMIT 1"
        )
    ).one()
    lon, lat = to_lonlat(row.easting, row.northing)
    found = set()
    for code in (row.one, row.other):
        sent = {"kind": "event", "class_code": "0101", "lon": lon, "lat": lat, "unit_grid_code": code}
        answer = as_role("inspector").post(CASES, json=sent)
        assert answer.status_code == 201, answer.text
        found.add(answer.json()["unit_grid_code"])
    assert len(found) == 1


def test_a_component_report_stands_by_its_component(as_role: AsRole, component: dict[str, Any]) -> None:
    client = as_role("inspector")
    assert client.post(CASES, json=at(component, 5)).status_code == 201
    far = client.post(CASES, json=at(component, COMPONENT_WITHIN_M + 20))
    # Past the edge of the city the place itself is refused, and then this test would show nothing.
    assert far.status_code == 422
    assert [error["pointer"] for error in far.json()["errors"]] == ["/component_code"]
    assert "70 m" in far.json()["detail"]


def test_a_component_of_another_class_is_refused(as_role: AsRole, component: dict[str, Any]) -> None:
    other = "0102" if component["class_code"] == "0101" else "0101"
    answer = as_role("inspector").post(CASES, json=at(component) | {"class_code": other})
    assert answer.status_code == 422
    assert component["class_code"] in answer.json()["detail"]


def test_a_component_that_was_taken_away_is_refused(as_role: AsRole, engine: Engine) -> None:
    with engine.begin() as connection:
        row = connection.execute(
            text(
                "UPDATE component SET valid_to = current_date WHERE id ="
                " (SELECT max(id) FROM component WHERE valid_to IS NULL AND valid_from < current_date)"
                " RETURNING code, class_code, ST_X(geom) AS easting, ST_Y(geom) AS northing, valid_to"
            )
        ).one()
    try:
        answer = as_role("inspector").post(CASES, json=at(dict(row._mapping)))
        assert answer.status_code == 422
        assert row.valid_to.isoformat() in answer.json()["detail"]
    finally:
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE component SET valid_to = NULL WHERE code = :code"), {"code": row.code}
            )


def test_what_was_declared_is_kept_beside_what_it_became(as_role: AsRole, body: dict[str, Any]) -> None:
    client = as_role("inspector")
    lon, lat = (float(v) for v in bd09_from_wgs84(body["lon"], body["lat"]))
    case = client.post(CASES, json=body | {"lon": lon, "lat": lat, "crs": "BD-09"}).json()
    assert (case["lon"], case["lat"]) == pytest.approx((body["lon"], body["lat"]), abs=1e-7)
    (step,) = client.get(f"{CASES}/{case['case_no']}/steps").json()["items"]
    assert step["detail"] == {"crs": "BD-09", "lon": lon, "lat": lat}


def test_a_key_is_one_persons(as_role: AsRole, body: dict[str, Any]) -> None:
    headers = {"idempotency-key": f"mine-alone-{next(keys)}"}
    first = as_role("inspector").post(CASES, json=body, headers=headers)
    assert first.status_code == 201
    other = as_role("acceptor").post(CASES, json=body, headers=headers)
    assert other.status_code == 409
    assert first.json()["case_no"] not in other.text


def test_a_key_with_another_body_is_refused_and_says_which_case(
    as_role: AsRole, body: dict[str, Any]
) -> None:
    headers = {"idempotency-key": f"another-body-{next(keys)}"}
    first = as_role("inspector").post(CASES, json=body, headers=headers).json()
    again = as_role("inspector").post(CASES, json=body, headers=headers)
    assert (again.status_code, again.json()["case_no"]) == (200, first["case_no"])
    other = as_role("inspector").post(CASES, json=body | {"description": "另一件"}, headers=headers)
    assert other.status_code == 409
    assert other.json()["case_no"] == first["case_no"]


def test_a_report_whose_case_was_voided_is_told_so(as_role: AsRole, body: dict[str, Any]) -> None:
    headers = {"idempotency-key": f"voided-{next(keys)}"}
    number = as_role("inspector").post(CASES, json=body, headers=headers).json()["case_no"]
    for role, action, note in (
        ("acceptor", "ask_void", "误报"),
        ("shift_leader", "void", "核实为误报，作废"),
    ):
        answer = as_role(role).post(f"{CASES}/{number}/actions/{action}", json={"note": note})
        assert answer.status_code == 200, answer.text
    again = as_role("inspector").post(CASES, json=body, headers=headers)
    assert again.status_code == 410
    assert (again.json()["case_no"], again.json()["reason"]) == (number, "核实为误报，作废")
    assert again.json()["code"] == "gone"
