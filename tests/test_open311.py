"""Open311 GeoReport v2: read by its own client, spoken to as FixMyStreet does, JSON and XML alike."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from fastapi.testclient import TestClient
from georeport import GeoReport
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from gis.case.states import ENDED
from gis.case.track import PUBLIC_STATES
from gis.database import transaction
from gis.open311.reading import Wanted, request_page
from gis.open311.updates import EXTENDED
from gis.people.api_keys import add_key
from gis.people.service import add_person
from gis.settings import get_settings
from gis.standard.tables import CITY_EDITION, object_classes, rules_for

BASE = "/georeport/v2"
numbers = count(1)
AsRole = Callable[[str], TestClient]
SECRETS = {
    "email": "li.na@example.org", "phone": "13900000001", "first_name": "娜", "last_name": "李",
    "device_id": "device-77", "account_id": "account-77",
}  # fmt: skip


@pytest.fixture(scope="module")
def city(small_city: str) -> Iterator[Engine]:
    engine = create_engine(small_city)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def key(small_city: str) -> str:
    """The key of an application of citizens."""
    with transaction() as session:
        add_person(session, "citizens-app", "随手拍", None, "acceptor")
        return add_key(session, "citizens-app", "citizens' application", ["open311"])[1]


@pytest.fixture
def form(key: str, place: dict[str, float]) -> dict[str, str]:
    """A report as FixMyStreet sends one, each with a number of its own."""
    number = next(numbers)
    return {
        "jurisdiction_id": "150602",
        "api_key": key,
        "service_code": "C0101",
        "lat": str(place["lat"]),
        "long": str(place["lon"]),
        "description": f"title: 井盖松动 {number}\n\ndetail: 车过有响声",
        "attribute[condition]": "C0101-3",
        "attribute[fixmystreet_id]": str(number),
        "attribute[title]": "井盖松动",
        **SECRETS,
    }


def report(client: TestClient, form: dict[str, Any], **more: Any) -> str:
    """Post a report; the number of its case."""
    answer = client.post(f"{BASE}/requests.json", data=form, **more)
    assert answer.status_code == 201, answer.text
    number: str = answer.json()[0]["service_request_id"]
    return number


def read(client: TestClient, path: str, **asked: Any) -> Any:
    answer = client.get(f"{BASE}/{path}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def xml_of(answer: Any) -> ET.Element:
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    return ET.fromstring(answer.content)  # noqa: S314 - our own


@pytest.mark.parametrize("output_format", ["json", "xml"])
def test_the_client_from_the_package_index_reads_it(
    live_server: str, anonymous: TestClient, form: dict[str, str], output_format: str
) -> None:
    number = report(anonymous, form)
    report(anonymous, form | {"attribute[fixmystreet_id]": f"beside-{number}"})  # it reads no list of one
    client = GeoReport(f"{live_server}{BASE}", jurisdiction="150602", output_format=output_format)
    offered = {service["service_code"]: service for service in client.get_service_list()}
    assert offered["C0101"]["type"] == "realtime"
    definition = client.get_service_definition("C0101")
    assert definition["service_code"] == "C0101"
    one = client.get_service_request(number)
    assert (one["service_request_id"], one["status"]) == (number, "open")
    listed = client.get_service_requests(service_code="C0101,E0101", status="open")
    assert number in {request["service_request_id"] for request in listed}
    assert client.get_service_requests(service_request_id=f"{number},C9999")


def test_every_class_that_the_city_acts_on_is_a_service(anonymous: TestClient) -> None:
    expected = {
        {"component": "C", "event": "E"}[row.kind] + row.code
        for row in object_classes()
        if row.edition == CITY_EDITION and rules_for(CITY_EDITION, row.kind, row.code)
    }
    offered = read(anonymous, "services.json")
    assert {service["service_code"] for service in offered} == expected
    assert len(offered) == len(expected)
    for service in offered:
        assert service["metadata"] is True
        assert service["service_name"]
        assert service["group"]


def test_a_definition_offers_the_citys_filing_conditions(anonymous: TestClient) -> None:
    attributes = read(anonymous, "services/C0101.json")["attributes"]
    assert [asked["order"] for asked in attributes] == [1, 2, 3]
    offered = {value["key"] for value in attributes[0]["values"]}
    assert offered == {rule.code for rule in rules_for(CITY_EDITION, "component", "0101")}
    assert [asked["code"] for asked in read(anonymous, "services/E0101.json")["attributes"]] == [
        "condition",
        "occurred_at",
    ]


XML_SHAPES = {
    "discovery": (
        "discovery", "endpoints/endpoint", {"specification", "url", "changeset", "type", "formats"},
    ),
    "services": (
        "services", "service",
        {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"},
    ),
    "services/C0101": (
        "service_definition", "attributes/attribute",
        {"variable", "code", "datatype", "required", "datatype_description", "order", "description"},
    ),
    "requests": (
        "service_requests", "request",
        {"service_request_id", "status", "status_notes", "service_name", "service_code", "description",
         "agency_responsible", "service_notice", "requested_datetime", "updated_datetime",
         "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url"},
    ),
    "servicerequestupdates": (
        "service_request_updates", "request_update",
        {"update_id", "service_request_id", "status", "updated_datetime", "description", "media_url"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("path", XML_SHAPES)
def test_xml_has_the_elements_of_the_specification(anonymous: TestClient, path: str) -> None:
    root, child, fields = XML_SHAPES[path]
    element = xml_of(anonymous.get(f"{BASE}/{path}.xml"))
    assert element.tag == root
    rows = element.findall(child)
    assert rows
    for row in rows[:20]:
        assert fields <= {field.tag for field in row}


def test_pages_of_others_may_read_and_not_report(anonymous: TestClient, form: dict[str, str]) -> None:
    origin = {"origin": "https://citizens.example"}
    read_by_page = anonymous.get(f"{BASE}/requests.json", headers=origin)
    assert read_by_page.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in read_by_page.headers
    posted = anonymous.post(f"{BASE}/requests.json", data=form, headers=origin)
    assert "access-control-allow-origin" not in posted.headers


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/xml", "text/xml"), ("application/xml", "text/xml"), ("application/json", "application/json"),
        ("*/*", "application/json"), ("text/xml;q=0.2, application/json;q=0.9", "application/json"),
        ("text/html,application/xml;q=0.9,*/*;q=0.8", "text/xml"), ("nonsense;;q=x", "application/json"),
    ],
)  # fmt: skip
def test_without_an_ending_the_format_goes_by_accept(anonymous: TestClient, accept: str, kind: str) -> None:
    answer = anonymous.get(f"{BASE}/services", headers={"accept": accept})
    assert answer.headers["content-type"].startswith(kind)
    ending = anonymous.get(f"{BASE}/services.xml", headers={"accept": "application/json"})
    assert ending.headers["content-type"].startswith("text/xml")


def test_both_formats_tell_the_same(anonymous: TestClient) -> None:
    in_json = read(anonymous, "requests.json", page_size=50)
    in_xml = xml_of(anonymous.get(f"{BASE}/requests.xml", params={"page_size": 50}))
    assert len(in_json) == 50
    for row, element in zip(in_json, in_xml, strict=True):
        told = {field.tag: field.text or "" for field in element}
        assert told == {name: "" if value is None else str(value) for name, value in row.items()}


def test_a_report_becomes_a_case_with_its_reporter_kept_apart(
    anonymous: TestClient, as_role: AsRole, city: Engine, form: dict[str, str]
) -> None:
    number = report(anonymous, form)
    case = as_role("shift_leader").get(f"/api/v1/cases/{number}").json()
    assert (case["source"], case["state"], case["class_code"]) == ("open311", "reported", "0101")
    assert "车过有响声" in case["description"]
    with city.connect() as connection:
        kept = connection.execute(
            text(
                "SELECT r.*, p.login FROM service_request r JOIN person p ON p.id = r.person_id"
                ' JOIN "case" c ON c.id = r.case_id WHERE c.case_no = :number'
            ),
            {"number": number},
        ).one()
    assert {name: getattr(kept, name) for name in SECRETS} == SECRETS
    assert kept.attributes["title"] == "井盖松动"
    assert kept.login == "citizens-app"


def test_who_reported_is_told_to_who_takes_reports_in(
    anonymous: TestClient, as_role: AsRole, form: dict[str, str]
) -> None:
    number = report(anonymous, form)
    update(anonymous, form, number, f"call-{next(numbers)}", "OPEN", "请回电")
    path = f"/api/v1/cases/{number}/reporters"
    found = as_role("acceptor").get(path).json()["items"]
    assert [(one["system"], one["email"], one["name"]) for one in found] == [
        ("随手拍", SECRETS["email"], "李娜"),
        ("随手拍", SECRETS["email"], ""),
    ]
    assert as_role("dispatcher").get(path).status_code == 403
    assert SECRETS["phone"] in as_role("acceptor").get(f"/cases/{number}").text
    assert SECRETS["phone"] not in as_role("dispatcher").get(f"/cases/{number}").text
    assert anonymous.get(path).status_code == 401


def test_without_a_key_where_the_city_allows_it(
    anonymous: TestClient, form: dict[str, str], monkeypatch: pytest.MonkeyPatch, city: Engine
) -> None:
    """Counted by address, so that nobody reports in bulk; a wrong key is never no key."""
    monkeypatch.setattr(get_settings(), "open311_account", "acceptor")
    with city.begin() as connection:
        connection.execute(text("DELETE FROM public_answer"))
    try:
        statuses = []
        for number in range(11):
            data = form | {"api_key": "", "attribute[fixmystreet_id]": f"{form['description']}-{number}"}
            statuses.append(anonymous.post(f"{BASE}/requests.json", data=data).status_code)
        assert statuses == [201] * 10 + [429]
        wrong = anonymous.post(f"{BASE}/requests.json", data=form | {"api_key": "cg_wrong"})
        assert wrong.status_code == 403
    finally:
        with city.begin() as connection:
            connection.execute(text("DELETE FROM public_answer"))


def test_nothing_personal_is_ever_told(anonymous: TestClient, form: dict[str, str]) -> None:
    number = report(anonymous, form)
    told = [
        anonymous.get(f"{BASE}/{path}", params={"extensions": "true"}).text
        for path in (
            f"requests/{number}.json",
            f"requests/{number}.xml",
            "requests.json",
            f"tokens/{number}.json",
        )
    ]
    for secret in (*(value for name, value in SECRETS.items() if name != "first_name"), "车过有响声"):
        assert not any(secret in text for text in told), secret


def test_the_place_told_is_the_middle_of_the_grid_never_the_one_reported(
    anonymous: TestClient, city: Engine, form: dict[str, str], place: dict[str, float]
) -> None:
    moved = form | {"lat": str(place["lat"] + 0.0001)}
    told = read(anonymous, f"requests/{report(anonymous, moved)}.json")[0]
    assert (told["lat"], told["long"]) == pytest.approx((place["lat"], place["lon"]), abs=1e-6)
    assert told["lat"] != pytest.approx(float(moved["lat"]), abs=5e-5)


@pytest.mark.parametrize("ending", ["json", "xml"])
def test_the_same_report_again_is_the_same_case(
    anonymous: TestClient, form: dict[str, str], ending: str
) -> None:
    def sent() -> tuple[int, str]:
        answer = anonymous.post(f"{BASE}/requests.{ending}", data=form)
        found = re.search(r"C0101\d+", answer.text)
        assert found, answer.text
        return answer.status_code, found[0]

    status, number = sent()
    assert (status, sent()) == (201, (200, number))
    other = anonymous.post(f"{BASE}/requests.{ending}", data=form | {"description": "另一件事"})
    assert other.status_code == 409


def test_words_in_utf_8_arrive_also_where_a_client_does_not_escape_them(
    anonymous: TestClient, as_role: AsRole, form: dict[str, str]
) -> None:
    body = "&".join(f"{name}={value}" for name, value in form.items()).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = anonymous.post(f"{BASE}/requests.json", content=body, headers=headers)
    number = answer.json()[0]["service_request_id"]
    assert "车过有响声" in as_role("shift_leader").get(f"/api/v1/cases/{number}").json()["description"]


def test_a_photo_comes_along_and_an_address_of_one_is_kept_not_fetched(
    anonymous: TestClient, as_role: AsRole, form: dict[str, str]
) -> None:
    picture = BytesIO()
    Image.new("RGB", (40, 30), (90, 120, next(numbers) % 256)).save(picture, "PNG")
    url = "http://127.0.0.1:9/never-asked.jpg"
    number = report(
        anonymous, form | {"media_url": url}, files={"media": ("p.png", picture.getvalue(), "image/png")}
    )
    photos = as_role("shift_leader").get(f"/api/v1/cases/{number}/attachments").json()["items"]
    assert [photo["stage"] for photo in photos] == ["report"]
    assert url in as_role("shift_leader").get(f"/api/v1/cases/{number}").json()["description"]


def test_an_address_stands_for_the_place_when_it_says_one(
    anonymous: TestClient, form: dict[str, str], place: dict[str, float]
) -> None:
    nowhere = {name: value for name, value in form.items() if name not in ("lat", "long")}
    words = f"{place['lon']:.6f}, {place['lat']:.6f}"
    assert report(anonymous, nowhere | {"address_string": words}).startswith("C0101")
    unknown = anonymous.post(f"{BASE}/requests.json", data=nowhere | {"address_string": "没有这条街99999号"})
    assert unknown.status_code == 400
    assert "没有这条街" in unknown.json()[0]["description"]


def test_a_key_is_needed_and_its_scope_is_enough(
    anonymous: TestClient, form: dict[str, str], key: str
) -> None:
    without = {name: value for name, value in form.items() if name != "api_key"}
    assert anonymous.post(f"{BASE}/requests.json", data=without).status_code == 403
    refused = anonymous.post(f"{BASE}/requests.xml", data=form | {"api_key": "cg_" + "x" * 43})
    assert refused.status_code == 403
    error = xml_of(refused)
    assert (error.tag, error.findtext("error/code")) == ("errors", "403")
    for named in ({"params": {"api_key": key}}, {"headers": {"x-api-key": key}}):
        answer = anonymous.post(f"{BASE}/requests.json", data=without, **named)
        assert answer.status_code in (200, 201), answer.text


def test_an_account_whose_role_does_not_report_is_refused(as_role: AsRole, form: dict[str, str]) -> None:
    without = {name: value for name, value in form.items() if name != "api_key"}
    assert as_role("planner").post(f"{BASE}/requests.json", data=without).status_code == 403


ENCODED = "application/x-www-form-urlencoded"
LONG = "长" * 5000
BAD_POSTS: dict[str, tuple[int, dict[str, Any]]] = {
    "no service": (400, {"service_code": ""}),
    "unknown service": (404, {"service_code": "C9999"}),
    "service with NUL": (404, {"service_code": "C01\x0001"}),
    "no place": (400, {"lat": "", "long": ""}),
    "latitude only": (400, {"long": ""}),
    "NaN": (400, {"lat": "NaN"}),
    "infinite": (400, {"long": "1e999"}),
    "huge": (400, {"long": "1e300"}),
    "words": (400, {"lat": "here"}),
    "another city": (400, {"lat": "31.2", "long": "121.5"}),
    "the far side": (400, {"lat": "-89.99", "long": "-180"}),
    "NUL in words": (400, {"description": "a\x00b"}),
    "long words": (400, {"description": LONG}),
    "long e-mail": (400, {"email": LONG}),
    "long name": (400, {"first_name": LONG}),
    "NUL in a name": (400, {"last_name": "\x00"}),
    "long device": (400, {"device_id": LONG}),
    "a file address": (400, {"media_url": "file:///etc/passwd"}),
    "no address": (400, {"media_url": "http://[::1"}),
    "many addresses": (400, {"media_url": [f"http://example.org/{n}" for n in range(11)]}),
    "unknown condition": (400, {"attribute[condition]": "C0102-1"}),
    "unknown component": (400, {"attribute[component]": "1506020010123456"}),
    "long attribute": (400, {"attribute[x]": LONG}),
    "NUL in an attribute": (400, {"attribute[x]": "\x00"}),
    "no moment": (400, {"attribute[occurred_at]": "yesterday"}),
    "tomorrow": (400, {"attribute[occurred_at]": "2999-01-01T00:00:00Z"}),
    "unknown crs": (400, {"crs": "EPSG:999999"}),
    "another jurisdiction": (404, {"jurisdiction_id": "150603"}),
    "many fields": (400, {f"field{n}": "x" for n in range(400)}),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_POSTS)
def test_a_report_that_cannot_be_is_told_why(anonymous: TestClient, form: dict[str, str], name: str) -> None:
    status, change = BAD_POSTS[name]
    data = form | change
    data.pop("attribute[fixmystreet_id]")
    answer = anonymous.post(f"{BASE}/requests.json", data=data)
    assert answer.status_code == status, answer.text
    assert answer.json()[0]["code"] == str(status)
    assert answer.json()[0]["description"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"service_code": "C0101"}', "application/json"), (b"\xff\xfe=%ff", ENCODED),
        (b"a=%ff", ENCODED), (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"nothing", "multipart/form-data"), (b"", ""),
    ],
)  # fmt: skip
def test_a_body_that_is_no_form_is_told_so(anonymous: TestClient, body: bytes, kind: str) -> None:
    for path in ("requests.json", "servicerequestupdates.json"):
        answer = anonymous.post(f"{BASE}/{path}", content=body, headers={"content-type": kind})
        assert answer.status_code in (400, 403), answer.text
        assert answer.json()[0]["code"] == str(answer.status_code)


def test_a_file_that_is_no_picture_is_refused(anonymous: TestClient, form: dict[str, str]) -> None:
    answer = anonymous.post(f"{BASE}/requests.json", data=form, files={"media": b"no picture"})
    assert answer.status_code == 400


BAD_READS = [
    ("requests.json?status=lost", 400), ("requests.json?service_code=C9999", 404),
    ("requests.json?page=0", 400), ("requests.json?page=x", 400), ("requests.json?page_size=0", 400),
    ("requests.json?page_size=1001", 400),
    ("requests.json?page_size=" + "9" * 400, 400), ("requests.json?page=" + "9" * 30, 400),
    ("requests.json?start_date=yesterday", 400), ("requests.json?start_date=2026-13-01T00:00:00Z", 400),
    ("requests.json?start_date=0001-01-01T00:00:00%2B08:00", 400), ("requests.json?end_date=9999-12-31", 400),
    ("requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-10-01T00:00:00Z", 400),
    ("requests.json?start_date=2026-02-01T00:00:00Z&end_date=2026-01-01T00:00:00Z", 400),
    ("requests.json?updated_after=%00", 400), ("requests.json?cursor=nonsense", 400),
    ("requests.json?cursor=" + "A" * 500, 400), ("requests.json?extensions=perhaps", 400),
    ("requests.json?service_request_id=" + ",".join(f"C{n}" for n in range(101)), 400),
    ("requests.json?jurisdiction_id=000000", 404), ("requests/C0000.json", 404), ("requests/%00.json", 400),
    ("requests.csv", 404), ("requests/.json", 404), ("services/E9.json", 404),
    ("services/%F0%9F%92%A9.json", 404), ("tokens/none.json", 404), ("nothing.json", 404),
    ("servicerequestupdates.json?start_date=x", 400),
    ("servicerequestupdates.json?start_date=2026-01-01&end_date=2026-12-31", 400),
    ("servicerequestupdates.json?cursor=WzEsIDJd", 400),
]  # fmt: skip


@pytest.mark.parametrize(("path", "status"), BAD_READS)
def test_a_question_that_cannot_be_is_told_why(anonymous: TestClient, path: str, status: int) -> None:
    answer = anonymous.get(f"{BASE}/{path}")
    assert answer.status_code == status, answer.text
    assert answer.json()[0]["code"] == str(status)
    in_xml = anonymous.get(f"{BASE}/{path.replace('.json', '.xml')}", headers={"accept": "text/xml"})
    assert xml_of(in_xml).tag == "errors"


def test_filters_choose_what_they_say(anonymous: TestClient, city: Engine) -> None:
    with city.connect() as connection:
        rows = connection.execute(
            text(
                'SELECT case_no, state, kind, class_code, reported_at FROM "case"'
                " WHERE reported_at > now() - interval '90 days'"
            )
        ).all()
    everything = {row["service_request_id"] for row in read(anonymous, "requests.json")}
    assert everything == {row.case_no for row in rows}
    ended = {row.case_no for row in rows if row.state in ENDED}
    assert ended
    assert {row["service_request_id"] for row in read(anonymous, "requests.json", status="closed")} == ended
    assert {
        row["service_request_id"] for row in read(anonymous, "requests.json", status="OPEN,closed")
    } == everything
    events = {row.case_no for row in rows if (row.kind, row.class_code) == ("event", "0101")}
    assert {
        row["service_request_id"] for row in read(anonymous, "requests.json", service_code="e0101")
    } == events
    since = datetime.now(UTC) - timedelta(days=7)
    recent = {row.case_no for row in rows if row.reported_at >= since}
    found = read(anonymous, "requests.json", start_date=since.isoformat())
    assert {row["service_request_id"] for row in found} == recent
    unescaped = anonymous.get(f"{BASE}/requests.json?start_date={since.isoformat()}")  # + becomes a blank
    assert unescaped.json() == found


def walk(client: TestClient, path: str) -> list[dict[str, Any]]:
    """All pages from one on, by their links."""
    rows: list[dict[str, Any]] = []
    while path:
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        rows += answer.json()
        link = re.fullmatch(r'<(.+)>; rel="next"', answer.headers.get("link", ""))
        path = link[1] if link else ""
    return rows


@tries(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(1, 97), hours=st.integers(1, 24 * 40))
def test_walking_from_a_moment_on_gives_every_change_once(
    anonymous: TestClient, city: Engine, size: int, hours: int
) -> None:
    since = datetime.now(UTC) - timedelta(hours=hours)
    rows = walk(
        anonymous,
        f"{BASE}/requests.json?updated_after={since.isoformat()}&page_size={max(size, 5)}".replace(
            "+", "%2B"
        ),
    )
    with city.connect() as connection:
        expected = connection.execute(
            text('SELECT case_no, updated_at FROM "case" WHERE updated_at >= :since ORDER BY updated_at, id'),
            {"since": since},
        ).all()
    assert [row["service_request_id"] for row in rows] == [row.case_no for row in expected]
    assert [datetime.fromisoformat(row["updated_datetime"]) for row in rows] == [
        row.updated_at for row in expected
    ]


def test_a_case_that_changes_during_a_walk_comes_again_and_none_is_lost(
    session: Session, city: Engine
) -> None:
    """Changes between two pages go to the end of the walk; what was read before is not read twice."""
    with Session(city) as own:
        begin = own.execute(text('SELECT min(updated_at) FROM "case"')).scalar_one()
        first = request_page(own, Wanted(updated_from=begin), 10)
        moved = first.items[3].case.case_no
        own.execute(text('UPDATE "case" SET updated_at = now() WHERE case_no = :number'), {"number": moved})
        seen = [found.case.case_no for found in first.items]
        cursor = first.next_cursor
        while cursor:
            page = request_page(own, Wanted(updated_from=begin), 50, cursor=cursor)
            seen += [found.case.case_no for found in page.items]
            cursor = page.next_cursor
        every = set(own.scalars(text('SELECT case_no FROM "case"')))
        own.rollback()
    assert set(seen) == every
    assert [number for number in seen if seen.count(number) > 1] == [moved, moved]


def test_pages_by_number_are_the_pages_by_link(anonymous: TestClient) -> None:
    linked = walk(anonymous, f"{BASE}/requests.json?page_size=40")
    paged: list[dict[str, Any]] = []
    for page in count(1):
        rows = read(anonymous, "requests.json", page=page, page_size=40)
        paged += rows
        if len(rows) < 40:
            break
    assert paged == linked
    assert [row["requested_datetime"] for row in paged] == sorted(
        (row["requested_datetime"] for row in paged), reverse=True
    )


def test_updates_tell_when_the_public_is_told_something_else(anonymous: TestClient, city: Engine) -> None:
    rows = walk(anonymous, f"{BASE}/servicerequestupdates.json?page_size=60")
    with city.connect() as connection:
        steps = connection.execute(
            text(
                "SELECT s.id, c.case_no, s.from_state, s.to_state FROM case_step s"
                ' JOIN "case" c ON c.id = s.case_id'
                " WHERE s.from_state IS NOT NULL AND s.at > now() - interval '90 days' ORDER BY s.at, s.id"
            )
        ).all()
    told = {state: code for state, (code, _words) in PUBLIC_STATES.items()}
    expected = [
        (str(step.id), step.case_no, EXTENDED[told[step.to_state]])
        for step in steps
        if told[step.from_state] != told[step.to_state]
    ]
    assert len(expected) > 100
    assert [(row["update_id"], row["service_request_id"], row["status"]) for row in rows] == expected


def update(
    client: TestClient, form: dict[str, str], number: str, update_id: str, status: str, words: str
) -> Any:
    data = {
        "api_key": form["api_key"], "service_request_id": number, "update_id": update_id, "status": status,
        "description": words, "updated_datetime": datetime.now(UTC).isoformat(), "email": SECRETS["email"],
    }  # fmt: skip
    return client.post(f"{BASE}/servicerequestupdates.xml", data=data)


def steps_of(as_role: AsRole, number: str) -> list[tuple[str, str]]:
    items = as_role("shift_leader").get(f"/api/v1/cases/{number}/steps").json()["items"]
    return [(step["action"], step["note"]) for step in items]


def test_what_a_citizen_adds_is_recorded_once(
    anonymous: TestClient, as_role: AsRole, form: dict[str, str]
) -> None:
    number, mine = report(anonymous, form), f"comment-{next(numbers)}"
    first = update(anonymous, form, number, mine, "OPEN", "今天又塌了一块")
    assert first.status_code == 201, first.text
    again = update(anonymous, form, number, mine, "OPEN", "今天又塌了一块")
    assert again.status_code == 200
    row = xml_of(first).find("request_update")
    assert row is not None
    assert xml_of(again).findtext("request_update/update_id") == row.findtext("update_id")
    assert steps_of(as_role, number)[1:] == [("citizen_comment", "今天又塌了一块")]
    other = report(anonymous, form | {"attribute[fixmystreet_id]": f"other-{number}"})
    assert update(anonymous, form, other, mine, "OPEN", "别处").status_code == 409


def test_a_citizen_says_of_a_closed_case_that_it_is_not_fixed(
    anonymous: TestClient, as_role: AsRole, city: Engine, form: dict[str, str]
) -> None:
    with city.connect() as connection:
        number = connection.execute(
            text("SELECT case_no FROM \"case\" WHERE state = 'closed' AND said IS NULL ORDER BY id LIMIT 1")
        ).scalar_one()
    assert read(anonymous, f"requests/{number}.json")[0]["status"] == "closed"
    assert update(anonymous, form, number, f"u{next(numbers)}", "FIXED", "谢谢").status_code == 201
    assert update(anonymous, form, number, f"u{next(numbers)}", "reopen", "又坏了").status_code == 201
    assert steps_of(as_role, number)[-2:] == [("citizen_fixed", "谢谢"), ("citizen_not_fixed", "又坏了")]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"service_request_id": "C0000"}, 404), ({"service_request_id": ""}, 404), ({"update_id": ""}, 400),
        ({"update_id": "x" * 129}, 400), ({"status": "MELTED"}, 400), ({"description": LONG}, 400),
        ({"description": "\x00"}, 400), ({"updated_datetime": "now"}, 400), ({"api_key": ""}, 403),
        ({"jurisdiction_id": "1"}, 404), ({"email": LONG}, 400),
    ],
)  # fmt: skip
def test_an_update_that_cannot_be_is_told_why(
    anonymous: TestClient, form: dict[str, str], change: dict[str, str], status: int
) -> None:
    data = {
        "api_key": form["api_key"], "service_request_id": report(anonymous, form), "update_id": "1",
        "status": "OPEN", "description": "x",
    }  # fmt: skip
    answer = anonymous.post(f"{BASE}/servicerequestupdates.json", data=data | change)
    assert answer.status_code == status, answer.text
    assert answer.json()[0]["code"] == str(status)
