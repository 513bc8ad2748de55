"""受理 under real conditions: many hands at once, and answers that got lost on the way."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from sqlalchemy import create_engine, text

from tests.small_city import PASSWORD, AsRole
from tests.test_case_loop import report


@pytest.fixture(scope="module")
def inspector_token(live_server: str) -> str:
    form = {"username": "inspector", "password": PASSWORD}
    return str(httpx2.post(f"{live_server}/api/v1/token", data=form).json()["access_token"])


def test_fifty_phones_with_one_key_make_one_case(
    live_server: str,
    inspector_token: str,
    place: dict[str, float],
) -> None:
    headers = {"authorization": f"Bearer {inspector_token}", "idempotency-key": "fifty-at-once"}
    body = {"kind": "event", "class_code": "0101", "description": "五十次", **place}

    def send(_n: int) -> tuple[int, str]:
        answer = httpx2.post(f"{live_server}/api/v1/cases", json=body, headers=headers, timeout=60)
        return answer.status_code, answer.json().get("case_no", answer.text)

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, range(50)))
    assert Counter(status for status, _no in answers) == {201: 1, 200: 49}
    assert len({number for _status, number in answers}) == 1


def test_numbers_are_unique_when_many_report_at_once(
    live_server: str,
    inspector_token: str,
    place: dict[str, float],
) -> None:
    headers = {"authorization": f"Bearer {inspector_token}"}
    body = {"kind": "event", "class_code": "0102", **place}

    def send(n: int) -> str:
        answer = httpx2.post(
            f"{live_server}/api/v1/cases", json=body | {"description": str(n)}, headers=headers, timeout=60
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["case_no"])

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(send, range(40)))
    assert len(set(numbers)) == 40


def test_two_dispatchers_cannot_both_dispatch(
    live_server: str, as_role: AsRole, place: dict[str, float]
) -> None:
    number = report(as_role("inspector"), place)["case_no"]
    as_role("shift_leader").post(f"/api/v1/cases/{number}/actions/file", json={})
    seen = as_role("dispatcher").get(f"/api/v1/cases/{number}").headers["etag"]
    token = httpx2.post(
        f"{live_server}/api/v1/token", data={"username": "dispatcher", "password": PASSWORD}
    ).json()["access_token"]

    def send(_n: int) -> int:
        return httpx2.post(
            f"{live_server}/api/v1/cases/{number}/actions/dispatch",
            json={},
            headers={"authorization": f"Bearer {token}", "if-match": seen},
            timeout=60,
        ).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = Counter(pool.map(send, range(8)))
    assert statuses == {200: 1, 412: 7}
    steps = as_role("evaluator").get(f"/api/v1/cases/{number}/steps").json()["items"]
    assert [step["action"] for step in steps].count("dispatch") == 1


def test_a_report_across_the_border_keeps_its_photos(
    small_city: str, as_role: AsRole, place: dict[str, float]
) -> None:
    """An inspector sees a problem across the street, which is another district's: nothing of it is lost."""
    engine = create_engine(small_city)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO person_area (person_id, area_id) SELECT p.id, a.id FROM person AS p, area AS a"
                " WHERE p.login = 'inspector' AND a.level = 'street' AND NOT ST_Covers(a.geom,"
                " ST_Transform(ST_SetSRID(ST_MakePoint(:lon, :lat), 4490), ST_SRID(a.geom))) LIMIT 1"
            ),
            place,
        )
    try:
        client = as_role("inspector")
        other = report(as_role("acceptor"), place)["case_no"]
        assert client.get(f"/api/v1/cases/{other}").status_code == 404
        number = report(client, place)["case_no"]
        assert client.get(f"/api/v1/cases/{number}").status_code == 200
    finally:
        with engine.begin() as connection:
            connection.execute(
                text(
                    "DELETE FROM person_area USING person"
                    " WHERE person.id = person_area.person_id AND person.login = 'inspector'"
                )
            )
        engine.dispose()
