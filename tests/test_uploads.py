"""Photos that travel in pieces: broken off, continued, sent twice, sent wrongly, never finished."""

import os
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from gis.case import attachments, uploads
from gis.case.models import Upload
from gis.case.upload_bytes import Incoming, WrongHash, WrongOffset, uploads_folder
from gis.case.uploads import sweep_uploads
from gis.database import transaction
from gis.errors import InvalidInput
from gis.people.models import Person
from gis.settings import get_settings
from tests.photos import picture, send_photo, sha256
from tests.small_city import PASSWORD, AsRole
from tests.test_case_loop import report

numbers = count(1)


def new_photo(**options: Any) -> bytes:
    """A photo that nobody has sent before."""
    return picture(size=(64 + next(numbers), 48), **options)


def announce(client: TestClient, content: bytes, **more: Any) -> Any:
    body = {"sha256": sha256(content), "size_bytes": len(content), "file_name": "近.jpg"} | more
    return client.post("/api/v1/uploads", json=body)


def send(client: TestClient, name: str, at: int, piece: bytes) -> Any:
    return client.patch(f"/api/v1/uploads/{name}", content=piece, headers={"upload-offset": str(at)})


def attach(client: TestClient, case_no: str, name: str, stage: str = "report") -> Any:
    body = {"sha256": name, "stage": stage}
    return client.post(f"/api/v1/cases/{case_no}/attachments/from-upload", json=body)


@pytest.fixture
def inspector(as_role: AsRole) -> TestClient:
    return as_role("inspector")


@pytest.fixture
def case_no(inspector: TestClient, place: dict[str, float]) -> str:
    return str(report(inspector, place)["case_no"])


def test_a_photo_goes_in_pieces_and_becomes_one_of_the_case(inspector: TestClient, case_no: str) -> None:
    content = new_photo()
    name, half = sha256(content), len(content) // 2
    first = announce(inspector, content)
    assert (first.status_code, first.json()) == (
        201,
        {"sha256": name, "size_bytes": len(content), "offset": 0, "complete": False},
    )
    assert send(inspector, name, 0, content[:half]).json()["offset"] == half
    # The phone forgot how far it was: announcing again tells, as asking does.
    again = announce(inspector, content)
    assert (again.status_code, again.json()["offset"]) == (200, half)
    assert inspector.get(f"/api/v1/uploads/{name}").json() == again.json()
    early = attach(inspector, case_no, name)
    assert (early.status_code, early.json()["code"], early.json()["offset"]) == (409, "wrong-offset", half)
    assert send(inspector, name, half, content[half:]).json()["complete"]
    stored = attach(inspector, case_no, name, "verification")
    assert stored.status_code == 201, stored.text
    assert stored.json()["source_sha256"] == name
    assert stored.json()["stage"] == "verification"
    assert not list(uploads_folder().glob(f"*/{name}*"))


def test_asking_again_after_a_lost_answer_changes_nothing(inspector: TestClient, case_no: str) -> None:
    content = new_photo()
    name = sha256(content)
    announce(inspector, content)
    send(inspector, name, 0, content)
    late = send(inspector, name, 0, content)
    assert (late.status_code, late.json()["offset"], late.json()["complete"]) == (409, len(content), True)
    first, again = (attach(inspector, case_no, name) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    # Even a phone that begins anew sends no byte twice.
    known = announce(inspector, content)
    assert (known.status_code, known.json()["complete"]) == (200, True)
    assert send_photo(inspector, case_no, content).status_code == 200
    assert len(inspector.get(f"/api/v1/cases/{case_no}/attachments").json()["items"]) == 1


def test_bytes_that_are_here_serve_a_second_case(
    inspector: TestClient, place: dict[str, float], case_no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = new_photo()
    announce(inspector, content)
    send(inspector, sha256(content), 0, content)
    first = attach(inspector, case_no, sha256(content)).json()
    monkeypatch.setattr(attachments, "read_picture", lambda _content: pytest.fail("was read again"))
    other = report(inspector, place)["case_no"]
    second = attach(inspector, other, sha256(content))
    assert second.status_code == 201, second.text
    assert second.json()["sha256"] == first["sha256"]


@pytest.mark.parametrize("offset", [1, 10**9])
def test_a_piece_at_the_wrong_place_is_refused_and_told_the_right_one(
    inspector: TestClient, offset: int
) -> None:
    content = new_photo()
    announce(inspector, content)
    answer = send(inspector, sha256(content), offset, b"x")
    assert (answer.status_code, answer.json()["code"], answer.json()["offset"]) == (409, "wrong-offset", 0)


@pytest.mark.parametrize("headers", [{}, {"upload-offset": "-1"}, {"upload-offset": "half"}])
def test_a_piece_says_where_it_belongs(inspector: TestClient, headers: dict[str, str]) -> None:
    content = new_photo()
    announce(inspector, content)
    answer = inspector.patch(f"/api/v1/uploads/{sha256(content)}", content=b"x", headers=headers)
    assert answer.status_code == 422


def test_other_bytes_than_announced_are_dropped_and_told(inspector: TestClient, case_no: str) -> None:
    content = new_photo()
    name = sha256(content)
    announce(inspector, content)
    wrong = send(inspector, name, 0, content[:-1] + b"?")
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["offset"]) == (422, "wrong-hash", 0)
    assert attach(inspector, case_no, name).status_code == 409
    assert inspector.get(f"/api/v1/uploads/{name}").json()["offset"] == 0
    assert send(inspector, name, 0, content).json()["complete"]


def test_more_bytes_than_announced_are_refused(inspector: TestClient) -> None:
    content = new_photo()
    announce(inspector, content)
    assert send(inspector, sha256(content), 0, content + b"x").status_code == 422
    assert send(inspector, sha256(content), 0, content).json()["complete"]


def test_an_upload_that_is_no_photo_is_refused_and_dropped(inspector: TestClient, case_no: str) -> None:
    content = b"these words are no photo"
    announce(inspector, content)
    assert send(inspector, sha256(content), 0, content).json()["complete"]
    assert attach(inspector, case_no, sha256(content), "party").status_code == 422
    assert inspector.get(f"/api/v1/uploads/{sha256(content)}").json()["complete"]  # the stage was wrong
    assert attach(inspector, case_no, sha256(content)).status_code == 422
    assert inspector.get(f"/api/v1/uploads/{sha256(content)}").status_code == 404


def test_a_file_that_is_too_large_is_refused_before_a_byte_is_sent(inspector: TestClient) -> None:
    most = get_settings().max_upload_bytes
    assert announce(inspector, b"", sha256="a" * 64, size_bytes=most + 1).status_code == 413
    assert inspector.get(f"/api/v1/uploads/{'a' * 64}").status_code == 404
    assert announce(inspector, b"").status_code == 422  # nothing at all
    assert announce(inspector, b"x", sha256="A" * 64).status_code == 422
    assert announce(inspector, b"x", sha256="../../etc/passwd").status_code == 422


def test_one_hash_has_one_size(inspector: TestClient) -> None:
    content = new_photo()
    announce(inspector, content)
    assert announce(inspector, content, size_bytes=len(content) + 1).status_code == 409


def test_an_upload_is_its_senders_alone(as_role: AsRole, inspector: TestClient, case_no: str) -> None:
    content = new_photo()
    name = sha256(content)
    announce(inspector, content)
    send(inspector, name, 0, content)
    other = as_role("acceptor")
    assert other.get(f"/api/v1/uploads/{name}").status_code == 404
    assert send(other, name, 0, content).status_code == 404
    assert attach(other, case_no, name).status_code == 404
    assert other.delete(f"/api/v1/uploads/{name}").status_code == 404
    assert announce(other, content).json()["offset"] == 0
    assert attach(as_role("department"), case_no, name).status_code == 404
    # Who knows a hash has not the photo: also not once it is attached.
    attach(inspector, case_no, name)
    assert announce(other, content).json()["complete"] is False
    assert attach(other, report(other, _where(inspector, case_no))["case_no"], name).status_code == 409


def _where(client: TestClient, case_no: str) -> dict[str, float]:
    case = client.get(f"/api/v1/cases/{case_no}").json()
    return {"lon": case["lon"], "lat": case["lat"]}


def test_an_upload_can_be_given_up(inspector: TestClient) -> None:
    content = new_photo()
    announce(inspector, content)
    send(inspector, sha256(content), 0, content[:9])
    assert inspector.delete(f"/api/v1/uploads/{sha256(content)}").status_code == 204
    assert send(inspector, sha256(content), 9, content[9:]).status_code == 404
    assert not list(uploads_folder().glob(f"*/{sha256(content)}*"))
    assert announce(inspector, content).json()["offset"] == 0


def test_the_limit_of_uploads_holds_for_many_tabs_at_once(
    live_server: str, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_ON_THE_WAY", 5)
    token = _token(live_server, "department")

    def announced(n: int) -> int:
        body = {"sha256": f"{n:064x}", "size_bytes": 9}
        return httpx2.post(f"{live_server}/api/v1/uploads", json=body, headers=token, timeout=60).status_code

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(announced, range(20))) == {201: 5, 409: 15}
    assert as_role("acceptor").post("/api/v1/uploads", json={"sha256": "b" * 64, "size_bytes": 9}).is_success


def _token(live_server: str, login: str) -> dict[str, str]:
    form = {"username": login, "password": PASSWORD}
    token = httpx2.post(f"{live_server}/api/v1/token", data=form).json()["access_token"]
    return {"authorization": f"Bearer {token}"}


def test_two_tabs_that_send_the_same_photo_do_not_harm_it(
    live_server: str, inspector: TestClient, case_no: str
) -> None:
    """Each of six senders goes on where the service says, pieces of odd sizes, all at once."""
    content = os.urandom(40) + new_photo(quality=100) + os.urandom(200_000)
    name = sha256(content)
    announce(inspector, content)
    headers = _token(live_server, "inspector")
    address = f"{live_server}/api/v1/uploads/{name}"

    def sender(n: int) -> bool:
        at, complete = 0, False
        while not complete:
            piece = content[at : at + 7_000 + 911 * n]
            answer = httpx2.patch(
                address, content=piece, headers=headers | {"upload-offset": str(at)}, timeout=60
            )
            assert answer.status_code in (200, 409), answer.text
            at, complete = answer.json()["offset"], answer.json()["complete"]
        return complete

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(sender, range(6)))
    (file,) = uploads_folder().glob(f"*/{name}*")
    assert file.read_bytes() == content


def test_what_arrived_before_the_line_broke_is_kept(live_server: str, inspector: TestClient) -> None:
    content = os.urandom(300_000)
    name = sha256(content)
    announce(inspector, content)
    at = urlsplit(live_server)
    head = (
        f"PATCH /api/v1/uploads/{name} HTTP/1.1\r\nHost: {at.netloc}\r\nUpload-Offset: 0\r\n"
        f"Authorization: {_token(live_server, 'inspector')['authorization']}\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    with socket.create_connection((str(at.hostname), int(at.port or 0)), timeout=30) as line:
        line.sendall(head.encode() + content[:200_000])
        _wait_for(lambda: inspector.get(f"/api/v1/uploads/{name}").json()["offset"] == 200_000)
    assert send(inspector, name, 200_000, content[200_000:]).json()["complete"]


def _wait_for(told: Any) -> None:
    for _try in range(600):
        if told():
            return
        time.sleep(0.05)
    pytest.fail("did not come true")


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Incoming:
    monkeypatch.setattr("gis.case.upload_bytes.uploads_folder", lambda: tmp_path)
    return Incoming(7, sha256(b"0123456789"), 10)


def test_bytes_are_written_in_order_and_once(held: Incoming) -> None:
    held.write(0, b"0123")
    held.write(2, b"2345")  # of a sender that lags behind
    held.write(0, b"01")
    with pytest.raises(WrongOffset) as gap:
        held.write(7, b"789")
    assert gap.value.extra == {"offset": 6, "complete": False}
    with pytest.raises(InvalidInput):
        held.write(6, b"6789A")
    assert not held.finish()
    held.write(6, b"6789")
    assert held.finish()
    assert held.read() == b"0123456789"
    held.write(0, b"0123456789")  # too late, and no harm
    assert held.finish()
    assert not held.part.exists()


def test_wrong_bytes_leave_nothing(held: Incoming) -> None:
    held.write(0, b"012345678X")
    with pytest.raises(WrongHash):
        held.finish()
    assert held.offset == 0
    assert list(held.part.parent.iterdir()) == []


def test_a_sender_whose_upload_was_dropped_is_told(held: Incoming) -> None:
    held.write(0, b"0123")
    held.drop()
    with pytest.raises(WrongOffset) as told:
        held.write(4, b"4567")
    assert told.value.extra["offset"] == 0
    assert not held.finish()


def test_uploads_that_were_never_finished_are_swept_after_a_week(inspector: TestClient) -> None:
    old, young = new_photo(), new_photo()
    for content in (old, young):
        announce(inspector, content)
        send(inspector, sha256(content), 0, content[:10])
    stray = uploads_folder() / "0" / "stray.part"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"left by a crash")
    now = datetime.now(UTC)
    eight_days_ago = now - timedelta(days=8)
    os.utime(stray, (eight_days_ago.timestamp(),) * 2)
    with transaction() as session:
        _upload(session, old).started_at = eight_days_ago
    with transaction() as session:
        assert sweep_uploads(session) == 1
    assert inspector.get(f"/api/v1/uploads/{sha256(old)}").status_code == 404
    assert not list(uploads_folder().glob(f"*/{sha256(old)}*"))
    assert not stray.exists()
    assert inspector.get(f"/api/v1/uploads/{sha256(young)}").json()["offset"] == 10


def _upload(session: Session, content: bytes) -> Upload:
    person = session.query(Person).filter_by(login="inspector").one()
    found = session.get(Upload, (person.id, sha256(content)))
    assert found is not None
    return found
