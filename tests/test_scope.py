"""Who sees which cases: in lists, on the map, in the search and by address, always the same ones."""

from typing import Any

import mapbox_vector_tile
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pyproj import Transformer

from gis.database import session_maker
from gis.people.service import add_person
from tests.small_city import AsRole

PASSWORD = "a street of my own"


def open_cases(client: TestClient) -> dict[str, dict[str, Any]]:
    items = client.get("/api/v1/cases?open=true&limit=1000").json()["items"]
    return {case["case_no"]: case for case in items}


def tile_of(case: dict[str, Any], z: int = 17) -> str:
    easting, northing = Transformer.from_crs(4490, 3857, always_xy=True).transform(case["lon"], case["lat"])
    side = 2 * 20037508.342789244 / 2**z
    x, y = int((easting + 20037508.342789244) / side), int((20037508.342789244 - northing) / side)
    return f"/tiles/cases/{z}/{x}/{y}.mvt"


def on_the_map(client: TestClient, case: dict[str, Any]) -> bool:
    answer = client.get(tile_of(case))
    if answer.status_code == 204:
        return False
    features = mapbox_vector_tile.decode(answer.content)["cases"]["features"]
    return case["case_no"] in {feature["properties"]["case_no"] for feature in features}


def found(client: TestClient, case: dict[str, Any]) -> list[int]:
    items = client.get("/api/v1/find", params={"q": case["case_no"]}).json()["items"]
    return [item["id"] for item in items if item["layer"] == "cases"]


@pytest.fixture(scope="module")
def of_one_street(app: FastAPI, as_role: AsRole) -> TestClient:
    """An acceptor who is limited to the street of some open case."""
    street = next(iter(open_cases(as_role("evaluator")).values()))["street_code"]
    with session_maker()() as session, session.begin():
        add_person(session, "street-acceptor", "x", PASSWORD, "acceptor", area_code=street)
    client = TestClient(app, raise_server_exceptions=False)
    form = {"username": "street-acceptor", "password": PASSWORD}
    token = client.post("/api/v1/token", data=form).json()["access_token"]
    client.headers["authorization"] = f"Bearer {token}"
    assert client.get("/api/v1/me").json()["areas"] == [street]
    return client


@pytest.fixture(params=["department", "of_one_street"])
def limited(request: pytest.FixtureRequest, as_role: AsRole, of_one_street: TestClient) -> TestClient:
    return as_role("department") if request.param == "department" else of_one_street


def test_every_way_shows_the_same_cases(limited: TestClient, as_role: AsRole) -> None:
    everyone = as_role("evaluator")
    all_cases = open_cases(everyone)
    own = open_cases(limited)
    assert 0 < len(own) < len(all_cases)
    shown, hidden = ([number for number in all_cases if (number in own) is mine] for mine in (True, False))
    for number in (*shown[:12], *hidden[:12]):
        case = all_cases[number]
        (row_id,) = found(everyone, case)
        assert on_the_map(everyone, case)
        mine = number in own
        assert on_the_map(limited, case) is mine, number
        assert found(limited, case) == ([row_id] if mine else []), number
        status = 200 if mine else 404
        for address in (f"/api/v1/cases/{number}", f"/api/v1/cases/{number}/steps"):
            assert limited.get(address).status_code == status, address
        assert limited.get(f"/api/v1/layers/cases/items/{row_id}").status_code == status, number


def test_a_limit_ends_with_its_request(limited: TestClient, as_role: AsRole) -> None:
    """Connections are shared: what one person may not see must not be hidden from the next."""
    everyone = as_role("evaluator")
    hidden = next(case for number, case in open_cases(everyone).items() if number not in open_cases(limited))
    for _round in range(5):
        assert not on_the_map(limited, hidden)
        assert on_the_map(everyone, hidden)


def test_figures_are_of_the_cases_one_may_see(as_role: AsRole, of_one_street: TestClient) -> None:
    assert of_one_street.get("/api/v1/evaluation/regions").status_code == 403  # not an acceptor's page
    own = as_role("department").get("/api/v1/me").json()["department"]
    client = as_role("department")
    for number, case in open_cases(client).items():
        if case["department"] != own:  # then it helps with it
            parts = client.get(f"/api/v1/cases/{number}").json()["co_departments"]
            assert own in [part["code"] for part in parts], number
