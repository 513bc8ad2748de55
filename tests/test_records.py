"""The catalogue of datasets: our own on the shelf by themselves, others described, found as Records says."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, expect
from sqlalchemy import create_engine, text

from gis.dataset.vocabulary import THEMES
from gis.people.models import Role
from layers.catalog import LAYERS, layers_for
from tests.browser import DESK, PHONE, TOO_SMALL, visit
from tests.small_city import AsRole

RECORDS, DATASETS = "/ogc/collections/datasets/items", "/api/v1/datasets"
TREES: dict[str, Any] = {
    "title_zh": "古树名木",
    "title_en": "Old trees",
    "description_zh": "挂牌保护的古树",
    "theme": "environment",
    "keywords": ["绿化", "100% real"],
    "owner": "CGYL",
    "contact": "0477-0000000",
    "data_date": "2025-06-01",
    "update_frequency": "annually",
    "quality_en": "Measured on site",
    "licence": "CC BY 4.0",
    "distributions": [
        {"title": "trees.csv", "href": "https://data.example.org/trees.csv", "type": "text/csv"}
    ],
    "external_ids": [{"scheme": "doi", "value": "10.1/trees"}],
    "bbox": [0.0, 0.0, 0.0, 0.0],
}


@pytest.fixture
def trees(as_role: AsRole, place: dict[str, float]) -> Iterator[dict[str, Any]]:
    """A dataset of the parks office, around one place of the city; off the shelf afterwards."""
    lon, lat = place["lon"], place["lat"]
    body = TREES | {"bbox": [lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001]}
    answer = as_role("admin").post(DATASETS, json=body | {"code": "trees"})
    assert answer.status_code == 201, answer.text
    yield body
    as_role("admin").delete(f"{DATASETS}/trees", headers={"if-match": "*"})


def found(client: TestClient, **asked: str) -> list[str]:
    answer = client.get(RECORDS, params=asked)
    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert document["numberReturned"] == len(document["features"])
    return [record["id"] for record in document["features"]]


def test_every_collection_stands_on_the_shelf_with_rows_counted_and_dated(
    as_role: AsRole, small_city: str
) -> None:
    admin = as_role("admin")
    records = {one["properties"]["collection"]: one for one in admin.get(RECORDS).json()["features"]}
    assert set(records) == {name for name, layer in LAYERS.items() if layer.collection}
    engine = create_engine(small_city)
    with engine.connect() as connection:
        query = "SELECT count(*), max(greatest(valid_from, surveyed_on))::text FROM pipe_segment"
        rows, newest = connection.execute(text(f"{query} WHERE valid_to IS NULL")).one()
        note = connection.scalar(text("SELECT note_en FROM city"))
    engine.dispose()
    pipes = records["pipe_segments"]
    # Figures are kept for minutes, and other tests draw pipes.
    assert abs(pipes["properties"]["numberOfRows"] - rows) < 50
    assert pipes["time"]["date"] <= newest
    assert pipes["properties"]["quality"] == note  # the city says that it is invented; nobody said more
    assert "license" not in pipes["properties"]
    files = {link["title"] for link in pipes["links"] if link["rel"] == "enclosure"}
    assert {"GeoPackage", "Table (CSV)"} <= files
    opened = admin.get(next(link["href"] for link in pipes["links"] if link["rel"] == "items"))
    assert opened.json()["type"] == "FeatureCollection"


def test_a_role_finds_no_dataset_that_it_may_not_see(every_role: dict[str, TestClient]) -> None:
    for role, client in every_role.items():
        seen = {layer.name for layer in layers_for(Role(role)) if layer.collection}
        shown = {one["properties"]["collection"] for one in client.get(RECORDS).json()["features"]}
        assert shown == seen, role


def test_a_described_dataset_is_a_record(as_role: AsRole, trees: dict[str, Any]) -> None:
    record = as_role("inspector").get(f"{RECORDS}/trees").json()
    told = record["properties"]
    assert (record["type"], record["time"]) == ("Feature", {"date": "2025-06-01"})
    assert (told["type"], told["title"], told["license"]) == ("dataset", "Old trees", "CC BY 4.0")
    assert (told["updateFrequency"], told["quality"]) == ("annually", "Measured on site")
    assert told["contacts"][0]["organization"] == "Parks and Greening Office"
    assert told["externalIds"] == [{"scheme": "doi", "value": "10.1/trees"}]
    ring = record["geometry"]["coordinates"][0]
    west, south, east, north = trees["bbox"]
    assert [*ring[0], *ring[2]] == pytest.approx([west, south, east, north], abs=1e-4)
    assert [link["href"] for link in record["links"] if link["rel"] == "enclosure"] == [
        "https://data.example.org/trees.csv"
    ]


def test_records_are_found_as_the_standard_says(as_role: AsRole, trees: dict[str, Any]) -> None:
    client = as_role("planner")
    west, south, *_rest = trees["bbox"]
    here = f"{west},{south},{west + 0.0001},{south + 0.0001}"
    for asked in (
        {"q": "old trees"}, {"q": "nothing,OLD"}, {"q": "古树"}, {"q": "绿化"}, {"q": "100% r"},
        {"ids": "trees,none"}, {"externalIds": "doi:10.1/trees"}, {"externalIds": "10.1/trees"},
        {"theme": "environment"}, {"owner": "CGYL"}, {"type": "service,dataset", "ids": "trees"},
        {"datetime": "2025-06-01", "ids": "trees"}, {"datetime": "../2025-12-31", "ids": "trees"},
        {"bbox": here, "ids": "trees"},
    ):  # fmt: skip
        assert found(client, **asked) == ["trees"], asked
    for asked in (
        {"q": "old  birds"}, {"q": "100_ r"}, {"externalIds": "isbn:10.1/trees"}, {"bbox": "0,0,1,1"},
        {"datetime": "2025-06-02/..", "ids": "trees"}, {"ids": "tree"},
    ):  # fmt: skip
        assert "trees" not in found(client, **asked), asked


@pytest.mark.parametrize("order", ["title", "-title", "updated", "-created", "date", "-date", "+id"])
def test_pages_hold_each_record_once_in_order(as_role: AsRole, trees: dict[str, Any], order: str) -> None:
    client = as_role("admin")
    whole = client.get(RECORDS, params={"sortby": order}).json()
    seen: list[str] = []
    address: str | None = f"{RECORDS}?limit=2&sortby={order.replace('+', '%2B')}"
    while address:
        page = client.get(address).json()
        assert page["numberMatched"] == whole["numberMatched"]
        seen += [record["id"] for record in page["features"]]
        address = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert seen == [record["id"] for record in whole["features"]]
    assert len(set(seen)) == len(seen) == whole["numberMatched"]
    if order.endswith("date"):
        days = [record["time"]["date"] for record in whole["features"] if record["time"]]
        assert days == sorted(days, reverse=order.startswith("-"))


@pytest.mark.parametrize(
    "asked",
    [
        "limit=0", "limit=x", "limit=1000000000", "bbox=1,2,3", "bbox=nan,0,1,1", "bbox=1,1,0,0",
        "datetime=yesterday", "sortby=colour", "cursor=zz", "type=service", "colour=red", "f=yaml",
    ],
)  # fmt: skip
def test_a_search_that_cannot_be_is_refused(as_role: AsRole, asked: str) -> None:
    answer = as_role("planner").get(f"{RECORDS}?{asked}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_descriptions_are_changed_by_who_saw_them_last(as_role: AsRole, trees: dict[str, Any]) -> None:
    admin = as_role("admin")
    first = admin.get(f"{DATASETS}/trees")
    assert as_role("planner").get(f"{DATASETS}/trees").status_code == 403
    assert admin.put(f"{DATASETS}/trees", json=trees).status_code == 428
    headers = {"if-match": first.headers["etag"]}
    changed = admin.put(f"{DATASETS}/trees", json=trees | {"licence": "CC0"}, headers=headers)
    assert (changed.status_code, changed.json()["licence"]) == (200, "CC0")
    assert admin.put(f"{DATASETS}/trees", json=trees, headers=headers).status_code == 412
    assert admin.delete(f"{DATASETS}/trees", headers=headers).status_code == 412
    assert admin.post(DATASETS, json=trees | {"code": "trees"}).status_code == 409
    own = admin.delete(f"{DATASETS}/areas", headers={"if-match": "*"})
    assert own.status_code == 409
    assert admin.get(f"{RECORDS}/nothing").status_code == 404


def test_what_is_said_of_our_own_data_stays(as_role: AsRole) -> None:
    admin = as_role("admin")
    kept = admin.get(f"{DATASETS}/roads").json()
    code, collection = kept.pop("code"), kept.pop("collection")
    said = kept | {"licence": "Open", "quality_en": "From the road office", "owner": "CGSZ"}
    admin.put(f"{DATASETS}/{code}", json=said, headers={"if-match": "*"})
    told = admin.get(f"{RECORDS}/{code}").json()["properties"]
    assert (told["license"], told["quality"], told["collection"]) == (
        "Open",
        "From the road office",
        collection,
    )
    admin.put(f"{DATASETS}/{code}", json=kept, headers={"if-match": "*"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"theme": "none"}, {"update_frequency": "often"}, {"owner": "nobody"}, {"bbox": [1, 1, 0, 0]},
        {"bbox": [0, 0, 1, 1e9]}, {"distributions": [{"href": "javascript:alert(1)"}]}, {"title_zh": ""},
        {"title_zh": "a\0"}, {"code": "Ä b"}, {"colour": "red"}, {"keywords": ["x"] * 31},
        {"data_date": "May"},
    ],
)  # fmt: skip
def test_a_description_that_cannot_be_is_refused(as_role: AsRole, wrong: dict[str, Any]) -> None:
    body = {"code": "wrong", "title_zh": "错"} | wrong
    assert as_role("admin").post(DATASETS, json=body).status_code == 422
    assert as_role("admin").get(f"{RECORDS}/wrong").status_code == 404


def test_the_collection_is_listed_and_says_what_it_can_be_searched_by(as_role: AsRole) -> None:
    client = as_role("inspector")
    listed = client.get("/ogc/collections").json()["collections"]
    assert next(one for one in listed if one["id"] == "datasets")["itemType"] == "record"
    searched = client.get("/ogc/collections/datasets/queryables").json()["properties"]
    assert searched["theme"]["enum"] == list(THEMES)


@pytest.mark.parametrize(("size", "locale"), [(PHONE, "zh_CN"), (DESK, "en")])
def test_people_find_a_dataset_and_the_way_to_it(
    live_server: str, browser: Browser, trees: dict[str, Any], size: dict[str, int], locale: str
) -> None:
    with visit(browser, live_server, "planner", size=size, locale=locale) as seen:
        page = seen.go("/datasets")
        own = [layer for layer in layers_for(Role.PLANNER) if layer.collection]
        expect(page.locator(".shelf > li")).to_have_count(len(own) + 1)
        page.locator("#find").fill("古树")
        page.keyboard.press("Enter")
        page.wait_for_url("**/datasets?q=*")
        expect(page.locator(".shelf > li")).to_have_count(1)
        page.locator(".shelf h2 a").click()
        page.wait_for_url("**/datasets/trees")
        expect(page.locator("h1")).to_have_text("Old trees" if locale == "en" else "古树名木")
        expect(page.locator("dl.brief")).to_contain_text("CC BY 4.0")
        assert page.locator(".ways a").get_attribute("href") == "https://data.example.org/trees.csv"
        if size is PHONE:
            assert page.evaluate(TOO_SMALL) == []
        page.goto(f"{live_server}/datasets/areas")
        assert page.locator('.ways a[href="/map#show=areas"]').count() == 1
        seen.check()
