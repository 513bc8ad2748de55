"""Photos: what is taken, what is kept of it, who sees it, and that nothing waits while one is read."""

import importlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PIL import Image, ImageFile
from sqlalchemy import create_engine, text

from gis.case import attachments, pictures
from gis.case.attachments import has_photo
from gis.case.models import Case
from gis.case.photo_files import path_of
from gis.database import transaction
from gis.errors import InvalidInput
from tests.photos import at_place, notes, opened, picture, send_photo, sha256
from tests.small_city import AsRole
from tests.test_case_loop import act, report


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("HEIF", "image/jpeg")],
)
def test_a_photo_comes_back_bare_and_known_by_time_and_place(
    as_role: AsRole, place: dict[str, float], kind: str, media_type: str
) -> None:
    client = as_role("inspector")
    number = report(client, place)["case_no"]
    exif = notes("2026:11:20 10:11:12", "+09:00", at_place(**place))
    answer = send_photo(client, number, picture(kind, exif=exif), stage="report")
    assert answer.status_code == 201, answer.text
    stored = answer.json()
    assert stored["taken_at"] == "2026-11-20T09:11:12+08:00"
    assert stored["taken_lon"] == pytest.approx(place["lon"], abs=1e-6)
    assert stored["taken_lat"] == pytest.approx(place["lat"], abs=1e-6)
    back = client.get(stored["url"])
    assert back.headers["content-type"] == stored["media_type"] == media_type
    assert sha256(back.content) == stored["sha256"]
    for url in (stored["url"], stored["screen_url"], stored["thumb_url"]):
        content = client.get(url).content
        assert b"maker of the phone" not in content
        assert not opened(content).getexif()


def test_the_same_photo_twice_is_one_photo(as_role: AsRole, place: dict[str, float]) -> None:
    client = as_role("inspector")
    number = report(client, place)["case_no"]
    first, again = (send_photo(client, number, picture()) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(client.get(f"/api/v1/cases/{number}/attachments").json()["items"]) == 1


NO_PHOTOS = {
    "nothing": b"",
    "text": b"not a photo",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "gif": b"GIF89a" + b"\0" * 100,
    "half a jpeg": picture(size=(640, 480))[:2000],
    "half a png": picture("PNG", size=(640, 480))[:-40],
    "half a webp": picture("WEBP", size=(640, 480))[:-40],
    "half a heic": picture("HEIF", size=(640, 480))[:-400],
    "heic of junk": picture("HEIF")[:12] + b"junk" * 100,
    "a film in png": picture("PNG", save_all=True, append_images=[Image.new("RGB", (64, 48))]),
    "a film in webp": picture("WEBP", save_all=True, append_images=[Image.new("RGB", (64, 48))]),
}


@pytest.mark.parametrize("content", NO_PHOTOS.values(), ids=NO_PHOTOS)
def test_what_is_no_photo_is_refused(as_role: AsRole, case_no: str, content: bytes) -> None:
    client = as_role("inspector")
    answer = send_photo(client, case_no, content)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/file"
    assert client.get(f"/api/v1/cases/{case_no}/attachments").json()["items"] == []


def test_half_a_photo_is_refused_after_a_report_was_drawn() -> None:
    """What draws PDF makes Pillow take half a picture, in the whole process."""
    importlib.import_module("layers.report.pdf")
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    with pytest.raises(InvalidInput):
        pictures.read_picture(NO_PHOTOS["half a jpeg"])


@pytest.fixture(scope="module")
def case_no(as_role: AsRole, place: dict[str, float]) -> str:
    """A case without photos."""
    return str(report(as_role("inspector"), place)["case_no"])


def test_an_unknown_stage_is_refused_before_the_photo_is_read(
    as_role: AsRole, case_no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "read_picture", lambda _content: pytest.fail("was read"))
    answer = send_photo(as_role("inspector"), case_no, picture(), stage="party")
    assert (answer.status_code, answer.json()["errors"]) == (422, [{"pointer": "/stage"}])


def test_a_case_takes_so_many_photos_and_no_more(
    as_role: AsRole, place: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST_OF_A_CASE", 2)
    client = as_role("inspector")
    number = report(client, place)["case_no"]
    colours = ("red", "green", "navy")
    assert [send_photo(client, number, picture(colour=one)).status_code for one in colours] == [201, 201, 409]
    assert send_photo(client, number, picture(colour="red")).status_code == 200


def test_a_place_beyond_the_reach_of_the_citys_projection_is_left_out(
    as_role: AsRole, place: dict[str, float]
) -> None:
    client = as_role("inspector")
    number = report(client, place)["case_no"]
    stored = send_photo(client, number, picture(exif=notes(place=at_place(-70.5, -33.25)))).json()
    assert (stored["taken_lon"], stored["taken_lat"]) == (None, None)


def test_small_sizes_are_made_again_when_they_are_missing(as_role: AsRole, place: dict[str, float]) -> None:
    client = as_role("inspector")
    number = report(client, place)["case_no"]
    stored = send_photo(client, number, picture(size=(800, 600), colour="teal")).json()
    for size in pictures.SIZES:
        path_of(stored["sha256"], size).unlink()
    answer = client.get(stored["thumb_url"])
    assert opened(answer.content).size == (320, 240)
    assert "immutable" in answer.headers["cache-control"]
    again = client.get(stored["thumb_url"], headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(stored["url"]).headers["etag"] != answer.headers["etag"]
    assert client.get(f"{stored['url']}?size=huge").status_code == 422


def test_a_photo_whose_file_is_lost_is_not_there(as_role: AsRole, place: dict[str, float]) -> None:
    client = as_role("inspector")
    number = report(client, place)["case_no"]
    stored = send_photo(client, number, picture(colour="plum")).json()
    for size in ("", *pictures.SIZES):
        path_of(stored["sha256"], size).unlink()
    for url in (stored["url"], stored["thumb_url"]):
        assert client.get(url).status_code == 404


def test_a_photo_of_a_case_one_may_not_see_is_not_there(as_role: AsRole, place: dict[str, float]) -> None:
    number = report(as_role("inspector"), place)["case_no"]
    stored = send_photo(as_role("inspector"), number, picture()).json()
    for name in ("url", "thumb_url", "screen_url"):
        assert as_role("department").get(stored[name]).status_code == 404
    assert as_role("department").get(f"/api/v1/cases/{number}/attachments").status_code == 404
    assert send_photo(as_role("department"), number, picture()).status_code == 404


def test_the_photo_of_one_case_is_not_a_photo_of_another(as_role: AsRole, place: dict[str, float]) -> None:
    client = as_role("inspector")
    one, other = (report(client, place)["case_no"] for _ in range(2))
    stored = send_photo(client, one, picture(colour="cyan")).json()
    assert client.get(stored["url"].replace(one, other)).status_code == 404


def test_photos_of_merged_cases_are_seen_on_the_case_they_went_into(
    as_role: AsRole, place: dict[str, float]
) -> None:
    client = as_role("inspector")
    first, second, third = (report(client, place)["case_no"] for _ in range(3))
    stored = send_photo(client, first, picture(colour="gold")).json()
    act(as_role, "acceptor", first, "merge", case=second)
    act(as_role, "acceptor", second, "merge", case=third)
    items = client.get(f"/api/v1/cases/{third}/attachments").json()["items"]
    assert [item["sha256"] for item in items] == [stored["sha256"]]
    assert client.get(items[0]["thumb_url"]).status_code == 200
    assert client.get(stored["url"]).status_code == 200  # and still on its own


def test_a_step_can_ask_for_a_photo_of_its_stage(as_role: AsRole, place: dict[str, float]) -> None:
    client = as_role("inspector")
    number = report(client, place)["case_no"]
    send_photo(client, number, picture(), stage="disposal")
    with transaction() as session:
        case_id = session.query(Case.id).filter_by(case_no=number).scalar()
        assert has_photo(session, case_id, "disposal")
        assert not has_photo(session, case_id, "inspection")
        assert not has_photo(session, case_id, "disposal", since=datetime.now(UTC))


@pytest.fixture
def while_reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Two events: a photo is being read; it may go on."""
    reading, go_on = threading.Event(), threading.Event()
    plain = attachments.read_picture

    def slow(content: bytes) -> pictures.Picture:
        reading.set()
        assert go_on.wait(30)
        return plain(content)

    monkeypatch.setattr(attachments, "read_picture", slow)
    yield reading, go_on
    go_on.set()


def test_no_transaction_is_open_while_a_photo_is_read(
    small_city: str,
    as_role: AsRole,
    case_no: str,
    while_reading: tuple[threading.Event, threading.Event],
) -> None:
    """Seen from PostgreSQL: no session waits inside a transaction, and none holds a lock."""
    reading, go_on = while_reading
    answers: list[int] = []
    client = as_role("inspector")
    sender = threading.Thread(
        target=lambda: answers.append(send_photo(client, case_no, picture(colour="pink")).status_code)
    )
    sender.start()
    assert reading.wait(30)
    outside = create_engine(small_city)
    with outside.connect() as connection:
        others = (
            "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        in_transaction = connection.execute(
            text(f"SELECT state, query FROM pg_stat_activity AS a WHERE {others} AND xact_start IS NOT NULL")
        ).all()
        locks = connection.execute(
            text(
                "SELECT l.* FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)"
                f" WHERE {others} AND l.locktype <> 'virtualxid'"
            )
        ).all()
    outside.dispose()
    go_on.set()
    sender.join(30)
    assert in_transaction == []
    assert locks == []
    assert answers == [201]
