"""受理 under real conditions: many hands at once, photos, and answers that got lost on the way."""

# ruff: noqa: F811 - a fixture and its argument share a name

import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from tests.small_city import PASSWORD, AsRole
from tests.test_case_loop import place, report  # noqa: F401 - a fixture


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


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "orange").save(out, kind, **options)
    return out.getvalue()


def send_photo(client: TestClient, number: str, content: bytes, **form: str) -> Any:
    files = {"file": ("photo.jpg", content, "image/jpeg")}
    return client.post(f"/api/v1/cases/{number}/attachments", files=files, data=form)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_comes_back_upright_and_bare(as_role: AsRole, place: dict[str, float], kind: str) -> None:
    client = as_role("inspector")
    number = report(client, place)["case_no"]
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "maker of the phone"
    answer = send_photo(client, number, picture(kind, exif=exif))
    assert answer.status_code == 201, answer.text
    stored = answer.json()
    assert (stored["width_px"], stored["height_px"]) == (48, 64)
    back = client.get(stored["url"])
    assert back.headers["content-type"] == stored["media_type"] == f"image/{kind.lower()}"
    assert b"maker of the phone" not in back.content
    with Image.open(io.BytesIO(back.content)) as image:
        assert image.size == (48, 64)
        assert not image.getexif()


def test_the_same_photo_twice_is_one_photo(as_role: AsRole, place: dict[str, float]) -> None:
    client = as_role("inspector")
    number = report(client, place)["case_no"]
    first, again = (send_photo(client, number, picture()) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert len(client.get(f"/api/v1/cases/{number}/attachments").json()["items"]) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a photo",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture()[:200],
        b"GIF89a" + b"\0" * 100,
    ],
)
def test_what_is_no_photo_is_refused(as_role: AsRole, place: dict[str, float], content: bytes) -> None:
    client = as_role("inspector")
    number = report(client, place)["case_no"]
    assert send_photo(client, number, content).status_code == 422
    assert send_photo(client, number, picture(), stage="party").status_code == 422
    assert client.get(f"/api/v1/cases/{number}/attachments").json()["items"] == []


def test_a_photo_of_a_case_one_may_not_see_is_not_there(as_role: AsRole, place: dict[str, float]) -> None:
    number = report(as_role("inspector"), place)["case_no"]
    stored = send_photo(as_role("inspector"), number, picture()).json()
    assert as_role("department").get(stored["url"]).status_code == 404
    assert send_photo(as_role("department"), number, picture()).status_code == 404
