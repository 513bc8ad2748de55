"""OWSLib reads, filters, pages and edits, as Python programs do: ``make test-clients``."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from tests.running_service import RunningService

pytestmark = pytest.mark.clients


@pytest.fixture(scope="module")
def ogc(service: RunningService) -> str:
    return f"{service.address}/ogc"


@pytest.fixture(scope="module")
def planner(ogc: str, service: RunningService) -> Any:
    """The client of features with a key that may write."""
    from owslib.ogcapi.features import Features
    from owslib.util import Authentication

    key = service.key("planner", "write")
    return Features(ogc, auth=Authentication(username="key", password=key))


def pages(client: Any, collection: str, **asked: Any) -> Iterator[dict[str, Any]]:
    """Every page, by the ``next`` links."""
    from urllib.parse import parse_qsl, urlsplit

    while True:
        page = client.collection_items(collection, **asked)
        yield page
        ahead = [one["href"] for one in page["links"] if one["rel"] == "next"]
        if not ahead:
            return
        asked = dict(parse_qsl(urlsplit(ahead[0]).query))


def test_it_finds_its_way_from_the_landing_page(planner: Any) -> None:
    assert {"conformance", "data", "service-desc"} <= {one["rel"] for one in planner.links}
    assert any(one.endswith("ogcapi-features-1/1.0/conf/core") for one in planner.conformance()["conformsTo"])
    assert planner.api()["openapi"].startswith("3.")
    assert "pipe_segments" in planner.feature_collections()
    assert planner.collection("pipe_segments")["storageCrs"].endswith("/4546")
    assert planner.collection_queryables("pipe_segments")["properties"]["start_depth_m"]["type"] == "number"
    assert planner.collection_schema("pipe_segments")["properties"]["geometry"]


def test_it_reads_pages_that_a_filter_leaves(planner: Any, service: RunningService) -> None:
    asked = {"filter": "class_code = 'JS' AND start_depth_m > 1", "filter-lang": "cql2-text", "limit": 40}
    read = list(pages(planner, "pipe_segments", **asked))
    assert len(read) > 2
    numbers = [feature["id"] for page in read for feature in page["features"]]
    query = "SELECT id FROM app.pipe_segments WHERE class_code = 'JS' AND start_depth_m > 1 ORDER BY id"
    with service.database.connect() as connection:
        assert sorted(numbers) == list(connection.scalars(text(query)))
    one = planner.collection_item("pipe_segments", str(numbers[0]))
    assert one["properties"]["class_code"] == "JS"


def test_it_reads_the_shelf_of_datasets(ogc: str, planner: Any) -> None:
    from owslib.ogcapi.records import Records

    client = Records(ogc, auth=planner.auth)
    assert "datasets" in client.records()
    every = client.collection_items("datasets")
    titles = {record["properties"]["title"] for record in every["features"]}
    assert every["numberMatched"] == len(titles) > 5
    some = client.collection_items("datasets", q=min(titles))
    assert 0 < some["numberReturned"] < every["numberReturned"]


def test_it_creates_replaces_and_ends_a_point(planner: Any, service: RunningService) -> None:
    seen = planner.collection_items("pipe_points", limit=1)["features"][0]["geometry"]["coordinates"]
    told = {"class_code": "PS", "sub_code": "WS", "survey": "E1", "point_no": "OWSLIB-1"}
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": seen[:2]}, "properties": told}
    planner.headers |= {"Content-Type": "application/geo+json", "If-Match": "*"}

    def kept() -> list[tuple[int, str]]:
        query = "SELECT id, point_no FROM app.pipe_points WHERE point_no LIKE 'OWSLIB-%'"
        with service.database.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    planner.collection_item_create("pipe_points", json.dumps(feature))
    ((number, name),) = kept()
    assert name == "OWSLIB-1"
    told["point_no"] = "OWSLIB-2"
    planner.collection_item_update("pipe_points", str(number), json.dumps(feature))
    assert kept() == [(number, "OWSLIB-2")]
    planner.collection_item_delete("pipe_points", str(number))
    assert kept() == []
