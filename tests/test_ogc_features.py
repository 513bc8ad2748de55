"""OGC API Features as its clients use it: pages, filters, coordinate systems, files, and what is refused."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas
import httpx2
import pyogrio
import pyproj
import pytest
import shapely
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from gis.errors import InvalidInput
from gis.settings import get_settings
from layers.catalog import LAYERS
from layers.features import feature_etag, read_feature
from layers.features.asking import Asked, Question, read_span
from tests.small_city import PASSWORD, AsRole

COLLECTIONS = "/ogc/collections"
SEGMENTS = f"{COLLECTIONS}/pipe_segments/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
Feature = dict[str, Any]
DASHED = {"bbox_crs", "filter_lang", "filter_crs"}


@pytest.fixture(scope="module")
def engine(small_city: str) -> Iterator[Engine]:
    engine = create_engine(small_city, connect_args={"options": "-c timezone=UTC"})
    yield engine
    engine.dispose()


@pytest.fixture
def city(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@pytest.fixture
def planner(as_role: AsRole) -> TestClient:
    return as_role("planner")


def read(client: TestClient, path: str, **parameters: Any) -> dict[str, Any]:
    answer = client.get(path, params={name.replace("_", "-", 1) if name in DASHED else name: value
                                      for name, value in parameters.items()})  # fmt: skip
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def link(document: dict[str, Any], rel: str) -> str | None:
    return next((one["href"] for one in document["links"] if one["rel"] == rel), None)


def walk(client: TestClient, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
    """Page after page by its ``next`` link, as GDAL and QGIS go."""
    page = read(client, path, **parameters)
    yield page
    while address := link(page, "next"):
        page = client.get(address).json()
        yield page


@pytest.fixture(scope="module")
def segments(as_role: AsRole) -> list[Feature]:
    pages = walk(as_role("planner"), SEGMENTS, limit=200)
    return [feature for page in pages for feature in page["features"]]


class TestPages:
    def test_next_links_give_every_row_once_while_rows_are_added(
        self, planner: TestClient, engine: Engine
    ) -> None:
        with engine.connect() as connection:
            before = set(connection.scalars(text("SELECT id FROM app.buildings")))
        seen: list[int] = []
        try:
            for number, page in enumerate(walk(planner, f"{COLLECTIONS}/buildings/items", limit=40)):
                seen += [feature["id"] for feature in page["features"]]
                if number == 1:
                    with engine.begin() as connection:
                        connection.execute(
                            text(
                                "INSERT INTO building (code, geom) SELECT 'walk', geom FROM building LIMIT 1"
                            )
                        )
        finally:
            with engine.begin() as connection:
                connection.execute(text("DELETE FROM building WHERE code = 'walk'"))
        assert len(seen) == len(set(seen)) == len(before) + 1
        assert before < set(seen)
        assert seen == sorted(seen)

    def test_the_way_back_is_the_way_there(self, planner: TestClient) -> None:
        there = list(walk(planner, SEGMENTS, limit=50, class_code="JS"))
        assert len(there) > 2
        page, back = there[-1], [there[-1]["features"]]
        while address := link(page, "prev"):
            page = planner.get(address).json()
            back.append(page["features"])
        assert back[::-1] == [one["features"] for one in there]

    def test_offset_skips_rows_and_goes_on_by_cursor(
        self, planner: TestClient, segments: list[Feature]
    ) -> None:
        page = read(planner, SEGMENTS, limit=3, offset=5)
        assert [one["id"] for one in page["features"]] == [one["id"] for one in segments[5:8]]
        following = planner.get(link(page, "next")).json()
        assert "offset" not in (link(page, "next") or "")
        assert [one["id"] for one in following["features"]] == [one["id"] for one in segments[8:11]]

    def test_the_first_page_says_how_many_there_are(
        self, planner: TestClient, segments: list[Feature]
    ) -> None:
        page = read(planner, SEGMENTS, limit=7)
        assert (page["numberMatched"], page["numberReturned"]) == (len(segments), 7)
        assert "numberMatched" not in planner.get(link(page, "next")).json()
        hits = read(planner, SEGMENTS, resulttype="hits")
        assert (hits["numberMatched"], hits["features"]) == (len(segments), [])

    def test_beyond_the_cap_the_number_is_called_an_estimate(
        self, planner: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("layers.features.reading.COUNT_CAP", 20)
        page = read(planner, SEGMENTS, limit=7)
        assert "numberMatched" not in page
        assert page["numberMatchedEstimated"] > 20

    def test_pages_are_found_by_the_primary_key(self, city: Session) -> None:
        asked = Asked(city, LAYERS["pipe_segments"])
        statement = asked.ids.where(asked.rows.c.id > 100).order_by(asked.rows.c.id).limit(10)
        city.execute(text("SET LOCAL enable_seqscan = off"))
        query = str(statement.compile(city.get_bind(), compile_kwargs={"literal_binds": True}))
        plan = "\n".join(city.scalars(text(f"EXPLAIN {query}")))
        assert "pk_pipe_segment" in plan
        assert "Sort" not in plan
        assert "Join" not in plan  # what names are joined for is none of the ids' business


class TestFilters:
    WORDS = ("class_code", "sub_code", "flow_direction", "material_zh", "road_name")
    NUMBERS = ("start_depth_m", "end_depth_m", "length_m", "cable_count", "year_laid")

    @staticmethod
    def holds(feature: Feature, node: Any) -> bool | None:
        """What a filter says of a feature, by the rules of SQL: unknown is neither true nor false."""
        op, args = node["op"], node["args"]
        if op in ("and", "or"):
            found = [TestFilters.holds(feature, arg) for arg in args]
            decisive = op == "or"
            return decisive if decisive in found else None if None in found else not decisive
        if op == "not":
            inner = TestFilters.holds(feature, args[0])
            return None if inner is None else not inner
        value = feature["properties"][args[0]["property"]]
        if op == "isNull":
            return value is None
        if value is None:
            return None
        if op == "in":
            return value in args[1]
        if op == "between":
            return bool(args[1] <= value <= args[2])
        other = args[1]
        return {"=": value == other, "<>": value != other, "<": value < other, "<=": value <= other,
                ">": value > other, ">=": value >= other}[op]  # fmt: skip

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_rows_are_those_that_plain_python_picks(
        self, city: Session, segments: list[Feature], data: st.DataObject
    ) -> None:
        def leaf(name: str) -> st.SearchStrategy[Any]:
            known = {one["properties"][name] for one in segments}
            values = st.sampled_from(sorted(value for value in known if value is not None))
            of = {"property": name}
            plain = st.builds(
                lambda sign, value: {"op": sign, "args": [of, value]},
                st.sampled_from(("=", "<>", "<", "<=", ">", ">=") if name in self.NUMBERS else ("=", "<>")),
                values,
            )
            among = st.lists(values, min_size=1, max_size=3).map(
                lambda some: {"op": "in", "args": [of, some]}
            )
            between = st.tuples(values, values).map(lambda two: {"op": "between", "args": [of, *two]})
            missing = st.just({"op": "isNull", "args": [of]})
            return st.one_of(plain, among, missing, *([between] if name in self.NUMBERS else []))

        leaves = st.sampled_from((*self.WORDS, *self.NUMBERS)).flatmap(leaf)
        tree = data.draw(
            st.recursive(
                leaves,
                lambda inner: st.one_of(
                    st.builds(lambda op, two: {"op": op, "args": two}, st.sampled_from(("and", "or")),
                              st.lists(inner, min_size=2, max_size=3)),
                    inner.map(lambda one: {"op": "not", "args": [one]}),
                ),
                max_leaves=5,
            )
        )  # fmt: skip
        expected = {one["id"] for one in segments if self.holds(one, tree)}
        asked = Asked(city, LAYERS["pipe_segments"], Question(filter=tree))
        assert set(city.scalars(asked.ids)) == expected

    @pytest.mark.parametrize(
        "relation", ["intersects", "disjoint", "within", "contains", "crosses", "touches"]
    )
    def test_relations_of_places_are_those_of_shapely(
        self, planner: TestClient, segments: list[Feature], relation: str
    ) -> None:
        west, south, east, north = shapely.union_all([shape(one) for one in segments[:40]]).bounds
        beyond = 1e-6  # no line ends on the edge itself, where a rounded digit would decide
        area = shapely.box(west - beyond, south - beyond, (west + east) / 2, (south + north) / 2)
        found = read(planner, SEGMENTS, limit=1000, filter=f"S_{relation.upper()}(geometry, {area.wkt})")
        expected = {one["id"] for one in segments if getattr(shape(one), relation)(area)}
        assert {one["id"] for one in found["features"]} == expected

    def test_text_and_json_and_a_plain_parameter_say_the_same(self, planner: TestClient) -> None:
        tree = {"op": "=", "args": [{"property": "class_code"}, "JS"]}
        pages = [
            read(planner, SEGMENTS, limit=1000, filter="class_code = 'JS'"),
            read(planner, SEGMENTS, limit=1000, filter=json.dumps(tree), filter_lang="cql2-json"),
            read(planner, SEGMENTS, limit=1000, class_code="JS"),
            read(planner, SEGMENTS, limit=1000, filter="casei(class_code) = casei('js')"),
        ]
        assert all(page["features"] == pages[0]["features"] for page in pages)
        assert {one["properties"]["class_code"] for one in pages[0]["features"]} == {"JS"}

    @pytest.mark.parametrize(
        ("condition", "keeps"),
        [
            ("T_AFTER(surveyed_on, DATE('{day}'))", lambda at, day: at > day),
            ("T_BEFORE(surveyed_on, DATE('{day}'))", lambda at, day: at < day),
            ("T_EQUALS(surveyed_on, DATE('{day}'))", lambda at, day: at == day),
            ("T_INTERSECTS(surveyed_on, INTERVAL('..', '{day}'))", lambda at, day: at <= day),
            ("surveyed_on >= DATE('{day}')", lambda at, day: at >= day),
        ],
    )
    def test_relations_of_time(
        self, planner: TestClient, segments: list[Feature], condition: str, keeps: Any
    ) -> None:
        days = sorted(
            {one["properties"]["surveyed_on"] for one in segments if one["properties"]["surveyed_on"]}
        )
        day = days[len(days) // 2]
        found = read(planner, SEGMENTS, limit=1000, filter=condition.format(day=day))
        told = [one for one in segments if one["properties"]["surveyed_on"]]
        expected = {one["id"] for one in told if keeps(one["properties"]["surveyed_on"], day)}
        assert {one["id"] for one in found["features"]} == expected

    def test_a_fault_is_told_with_its_place(self, planner: TestClient) -> None:
        answer = planner.get(SEGMENTS, params={"filter": "class_code = 'JS' AND nothing = 1"})
        assert answer.status_code == 400
        (error,) = answer.json()["errors"]
        assert error["character"] == len("class_code = 'JS' AND ") + 1


def shape(feature: Feature) -> Any:
    return shapely.force_2d(shapely.geometry.shape(feature["geometry"]))


class TestCoordinates:
    @pytest.mark.parametrize("code", [4326, 4490, 4546, 3857])
    def test_axes_stand_as_their_authority_has_them(self, planner: TestClient, code: int) -> None:
        path = f"{COLLECTIONS}/components/items"
        plain = read(planner, path, limit=20)["features"]
        answer = planner.get(path, params={"limit": 20, "crs": f"{EPSG}{code}"})
        assert answer.headers["content-crs"] == f"<{EPSG}{code}>"
        # pyproj by itself follows the authority's order of axes; CRS84 is longitude first.
        by_authority = pyproj.Transformer.from_crs("OGC:CRS84", f"EPSG:{code}")
        near = 1e-6 if code in (4326, 4490) else 0.01
        for one, other in zip(plain, answer.json()["features"], strict=True):
            expected = by_authority.transform(*one["geometry"]["coordinates"])
            assert other["geometry"]["coordinates"] == pytest.approx(expected, abs=near)

    def test_a_box_finds_what_touches_it_in_whatever_system(
        self, planner: TestClient, segments: list[Feature]
    ) -> None:
        west, south, east, north = shapely.union_all([shape(one) for one in segments[:25]]).bounds
        area = shapely.box(west, south, east, north)
        expected = {one["id"] for one in segments if shape(one).intersects(area)}
        assert 25 <= len(expected) < len(segments)
        grown = 1e-9  # the corners are those of lines, rounded
        box = (west - grown, south - grown, east + grown, north + grown)
        flipped = (box[1], box[0], box[3], box[2])
        for parameters in (
            {"bbox": listed(box)},
            {"bbox": listed(flipped), "bbox_crs": f"{EPSG}4326"},
            {"bbox": listed((*box[:2], -10_000, *box[2:], 10_000))},
        ):
            found = read(planner, SEGMENTS, limit=1000, **parameters)
            assert {one["id"] for one in found["features"]} == expected

    def test_heights_of_a_box_leave_out_what_lies_above(self, planner: TestClient) -> None:
        found = read(planner, SEGMENTS, limit=1000, bbox="-180,-90,-20,180,90,-10")["features"]
        # What is not known cannot be left out for it.
        assert all(len(place) == 2 for one in found for place in one["geometry"]["coordinates"])
        assert len(read(planner, SEGMENTS, limit=1000, bbox="-180,-90,0,180,90,9000")["features"]) > len(
            found
        )

    def test_a_box_across_the_antimeridian_is_two(self, planner: TestClient, segments: list[Feature]) -> None:
        west = min(shape(one).bounds[0] for one in segments)
        around = read(planner, SEGMENTS, limit=1000, bbox=f"{west - 1},-90,{west - 2},90")
        assert len(around["features"]) == len(segments)
        assert read(planner, SEGMENTS, bbox="170,-90,-170,90")["features"] == []

    def test_a_line_with_an_unknown_height_is_told_without_heights(self, city: Session) -> None:
        layer = LAYERS["pipe_segments"]
        wanted = text("SELECT id FROM pipe_segment WHERE ST_NPoints(geom) = 2 AND valid_to IS NULL LIMIT 1")
        number = city.scalars(wanted).one()
        assert len(read_feature(city, layer, number)["geometry"]["coordinates"][0]) == 3
        city.execute(
            text(
                "UPDATE pipe_segment SET geom = ST_SetPoint(geom, 0, ST_SetSRID(ST_MakePoint("
                "ST_X(ST_StartPoint(geom)), ST_Y(ST_StartPoint(geom)), 'NaN'), ST_SRID(geom))) WHERE id = :id"
            ),
            {"id": number},
        )
        feature = read_feature(city, layer, number)
        assert [len(place) for place in feature["geometry"]["coordinates"]] == [2, 2]
        city.rollback()


def listed(numbers: tuple[float, ...]) -> str:
    return ",".join(map(repr, numbers))


class TestTime:
    def test_a_day_before_the_city_has_no_components(self, planner: TestClient) -> None:
        path = f"{COLLECTIONS}/components/items"
        now = read(planner, path, resulttype="hits")["numberMatched"]
        assert read(planner, path, resulttype="hits", datetime="1900-01-01")["numberMatched"] == 0
        assert read(planner, path, resulttype="hits", datetime="../..")["numberMatched"] >= now > 0

    def test_a_state_that_ended_is_found_on_its_days_only(self, city: Session) -> None:
        layer = LAYERS["components"]
        number, begin = city.execute(
            text(
                "SELECT id, valid_from FROM component"
                " WHERE valid_to IS NULL AND valid_from < '2025-01-01' LIMIT 1"
            )
        ).one()
        city.execute(text("UPDATE component SET valid_to = '2025-06-01' WHERE id = :id"), {"id": number})

        def found(said: str) -> bool:
            asked = Asked(city, layer, Question(span=read_span(said)))
            return number in set(city.scalars(asked.ids))

        assert found(begin.isoformat())
        assert found("2025-05-31")
        assert not found("2025-06-01")
        assert found("2025-05-01/..")
        city.rollback()


class TestFiles:
    @pytest.mark.parametrize("f", ["jsonseq", "fgb", "gpkg", "kml", "parquet"])
    def test_a_file_holds_every_row_and_reads_back(
        self, planner: TestClient, segments: list[Feature], tmp_path: Path, f: str
    ) -> None:
        answer = planner.get(SEGMENTS, params={"f": f, "class_code": "JS"})
        assert answer.status_code == 200, answer.text
        path = tmp_path / f"pipes.{f}"
        path.write_bytes(answer.content)
        frame = geopandas.read_parquet(path) if f == "parquet" else geopandas.read_file(path)
        expected = {one["properties"]["segment_no"]: shape(one) for one in segments
                    if one["properties"]["class_code"] == "JS"}  # fmt: skip
        assert answer.headers["x-row-count"] == str(len(frame)) == str(len(expected))
        assert frame.crs.to_epsg() in (4326, None)
        for number, made in zip(frame["segment_no"], frame.geometry, strict=True):
            assert made.distance(expected[number]) < 1e-7
        assert "Content-Disposition".lower() in answer.headers

    def test_files_of_maps_have_easting_first_in_whatever_system(
        self, planner: TestClient, tmp_path: Path
    ) -> None:
        answer = planner.get(f"{COLLECTIONS}/components/items", params={"f": "gpkg", "crs": "EPSG:4546"})
        path = tmp_path / "components.gpkg"
        path.write_bytes(answer.content)
        frame = geopandas.read_file(path)
        assert frame.crs.to_epsg() == 4546
        assert (frame.geometry.x < frame.geometry.y).all()  # eastings 4…, northings 44… hundred thousand

    def test_a_table_opens_in_a_spreadsheet(self, planner: TestClient, segments: list[Feature]) -> None:
        answer = planner.get(SEGMENTS, params={"f": "csv", "properties": "segment_no"})
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert lines[0] == "id,segment_no,geometry"
        assert len(lines) == len(segments) + 1

    def test_more_than_one_file_may_hold_is_refused(
        self, planner: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(get_settings(), "export_rows", 10)
        assert planner.get(SEGMENTS, params={"f": "csv"}).status_code == 413
        assert planner.get(SEGMENTS, params={"f": "csv", "limit": 10}).headers["x-row-count"] == "10"

    def test_accept_chooses_as_f_does(self, planner: TestClient) -> None:
        by_header = planner.get(SEGMENTS, headers={"accept": "application/geo+json-seq"})
        assert by_header.headers["content-type"] == "application/geo+json-seq"
        assert json.loads(by_header.content.split(b"\x1e")[1])["type"] == "Feature"


class TestOneFeature:
    def test_it_is_the_one_of_the_page_with_an_etag(
        self, planner: TestClient, segments: list[Feature]
    ) -> None:
        one = segments[0]
        answer = planner.get(f"{SEGMENTS}/{one['id']}")
        found = answer.json()
        assert {name: found[name] for name in one} == one
        assert answer.headers["etag"] == feature_etag(one)
        again = planner.get(f"{SEGMENTS}/{one['id']}", headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_what_is_not_there_is_404(self, planner: TestClient) -> None:
        for path in (f"{SEGMENTS}/999999999", f"{COLLECTIONS}/nothing/items", f"{COLLECTIONS}/nothing"):
            assert planner.get(path).status_code == 404

    def test_properties_choose(self, planner: TestClient, segments: list[Feature]) -> None:
        answer = planner.get(f"{SEGMENTS}/{segments[0]['id']}", params={"properties": "size,class_code"})
        assert set(answer.json()["properties"]) == {"size", "class_code"}


class TestWhoMay:
    def test_a_stranger_may_not(self, anonymous: TestClient) -> None:
        for path in ("/ogc", "/ogc/api", COLLECTIONS, SEGMENTS):
            assert anonymous.get(path, headers={"accept": "application/json"}).status_code == 401

    def test_a_department_reads_the_cases_it_may_see(self, as_role: AsRole) -> None:
        path = f"{COLLECTIONS}/cases/items"
        told = [
            {
                one["properties"]["case_no"]
                for page in walk(as_role(role), path, limit=500)
                for one in page["features"]
            }
            for role in ("dispatcher", "department")
        ]
        assert told[1] < told[0]
        listed_cases: set[str] = set()
        address: str | None = "/api/v1/cases?open=true&limit=500"
        while address:
            page = as_role("department").get(address).json()
            listed_cases |= {case["case_no"] for case in page["items"]}
            address = page["next"]
        assert told[1] == listed_cases


BAD = {
    "unknown parameter": {"colour": "red"},
    "limit of nothing": {"limit": "0"},
    "limit of a thousand million": {"limit": "1000000000"},
    "limit in words": {"limit": "many"},
    "box of three": {"bbox": "1,2,3"},
    "box of words": {"bbox": "a,b,c,d"},
    "box upside down": {"bbox": "109,40,110,39"},
    "box of NaN": {"bbox": "nan,nan,nan,nan"},
    "box without end": {"bbox": "-inf,0,inf,1"},
    "box beyond the earth": {"bbox": "-200,-100,200,100"},
    "metres west of east": {"bbox": "500000,0,400000,1", "bbox-crs": f"{EPSG}3857"},
    "unknown system of the box": {"bbox": "1,2,3,4", "bbox-crs": f"{EPSG}27700"},
    "unknown system": {"crs": f"{EPSG}27700"},
    "no system": {"crs": "x" * 3000},
    "unknown format": {"f": "shp"},
    "a day that is none": {"datetime": "2024-02-30"},
    "an end before its beginning": {"datetime": "2025-01-01/2024-01-01"},
    "three moments": {"datetime": "2024-01-01/2024-01-02/2024-01-03"},
    "a cursor of another": {"cursor": "WyJhZnRlciIsICJ4Il0"},
    "a cursor of no sense": {"cursor": "%%%"},
    "an offset below nothing": {"offset": "-1"},
    "no such property": {"properties": "colour"},
    "a word for a number": {"start_depth_m": "deep"},
    "no filter": {"filter": "class_code ="},
    "a filter of brackets": {"filter": "(" * 500 + "class_code='JS'" + ")" * 500},
    "a long filter": {"filter": " OR ".join(["class_code='JS'"] * 500)},
    "a filter without a language": {"filter": "class_code='JS'", "filter-lang": "sql"},
    "JSON that is none": {"filter": "{", "filter-lang": "cql2-json"},
    "JSON that is deep": {"filter": '{"op":"not","args":[' * 300 + "true" + "]}" * 300,
                          "filter-lang": "cql2-json"},
    "JSON that is a number": {"filter": "5", "filter-lang": "cql2-json"},
    "an area that crosses itself": {"filter": "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))"},
    "a place that is a number": {"filter": '{"op":"s_intersects","args":[{"property":"geometry"},5]}',
                                 "filter-lang": "cql2-json"},
    "time of what has none": {"filter": "T_AFTER(class_code, DATE('2024-01-01'))"},
    "results of another type": {"resulttype": "all"},
    "a zero byte": {"road_name": "a\0b"},
}  # fmt: skip


@pytest.mark.parametrize("parameters", BAD.values(), ids=BAD)
def test_bad_input_is_told_as_400(planner: TestClient, parameters: dict[str, str]) -> None:
    answer = planner.get(SEGMENTS, params=parameters)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 400


def test_a_parameter_twice_is_refused(planner: TestClient) -> None:
    assert planner.get(f"{SEGMENTS}?limit=1&limit=2").status_code == 400


class TestDescription:
    def test_it_is_openapi_30_and_says_the_limit(self, planner: TestClient) -> None:
        answer = planner.get("/ogc/api")
        assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
        told = answer.json()
        assert told["openapi"].startswith("3.0.")
        assert '{"type":"null"}' not in answer.text
        parameters = told["paths"]["/collections/pipe_segments/items"]["get"]["parameters"]
        by_name = {one["name"]: one for one in parameters}
        assert by_name["limit"]["schema"]["maximum"] == 1000
        assert by_name["class_code"]["schema"]["type"] == "string"

    def test_every_link_of_the_landing_page_and_of_a_collection_leads_somewhere(
        self, planner: TestClient
    ) -> None:
        for path in ("/ogc", f"{COLLECTIONS}/pipe_segments"):
            for one in planner.get(path).json()["links"]:
                answer = planner.get(one["href"], follow_redirects=True)
                assert answer.status_code == 200, one
                assert answer.headers["content-type"].split(";")[0] == one["type"].split(";")[0], one

    def test_a_schema_lists_what_features_hold(self, planner: TestClient, segments: list[Feature]) -> None:
        told = read(planner, f"{COLLECTIONS}/pipe_segments/schema")["properties"]
        read_back = {name for name, one in told.items() if not one.get("writeOnly")}
        assert read_back == {"id", "geometry", *segments[0]["properties"]}
        assert told["flow_direction"]["enum"] == ["+", "-", "0"]
        assert told["geometry"]["x-ogc-role"] == "primary-geometry"
        kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool}
        for feature in segments[:50]:
            for name, value in feature["properties"].items():
                assert value is None or isinstance(value, kinds[told[name]["type"]]), name

    def test_titles_are_in_the_readers_language(self, planner: TestClient) -> None:
        chinese = planner.get(f"{COLLECTIONS}/pipe_segments/schema", headers={"accept-language": "zh"}).json()
        assert chinese["properties"]["size"]["title"] != "Size"


BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class TestPagesForPeople:
    def test_every_document_has_a_page(self, planner: TestClient, segments: list[Feature]) -> None:
        for path in (
            "/ogc", "/ogc/conformance", COLLECTIONS, f"{COLLECTIONS}/pipe_segments", SEGMENTS,
            f"{SEGMENTS}/{segments[0]['id']}", f"{COLLECTIONS}/pipe_segments/queryables",
        ):  # fmt: skip
            answer = planner.get(path, headers=BROWSER)
            assert answer.status_code == 200, path
            assert answer.headers["content-type"].startswith("text/html")
            assert "<h1>" in answer.text
        assert str(segments[0]["properties"]["segment_no"]) in planner.get(SEGMENTS, headers=BROWSER).text

    def test_a_stranger_is_shown_the_way_in(self, anonymous: TestClient) -> None:
        answer = anonymous.get("/ogc/collections", headers=BROWSER, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Fogc%2Fcollections")


# In a process of its own: GDAL asks and waits without letting the server's thread of this one answer.
BY_GDAL = """
import sys, geopandas, pyogrio
address, token, where, folder = sys.argv[1:]
pyogrio.set_gdal_config_options({"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": token})
for name, said in (("all", None), ("some", where)):
    frame = geopandas.read_file(f"OAPIF:{address}/ogc", layer="pipe_segments", where=said)
    frame.to_crs("OGC:CRS84").to_parquet(f"{folder}/{name}.parquet")
"""


def test_gdal_reads_the_city(live_server: str, segments: list[Feature], tmp_path: Path) -> None:
    if "OAPIF" not in pyogrio.list_drivers():
        pytest.skip("this GDAL was built without OAPIF")
    form = {"username": "planner", "password": PASSWORD}
    token = httpx2.post(f"{live_server}/api/v1/token", data=form).json()["access_token"]
    where = "class_code = 'JS' AND start_depth_m > 1"
    command = [sys.executable, "-c", BY_GDAL, live_server, token, where, str(tmp_path)]
    subprocess.run(command, check=True, timeout=120)
    frame, some = (geopandas.read_parquet(tmp_path / f"{name}.parquet") for name in ("all", "some"))
    expected = {one["properties"]["segment_no"]: shape(one) for one in segments}
    assert set(frame["segment_no"]) == set(expected)
    for number, made in zip(frame["segment_no"], frame.geometry, strict=True):
        assert shapely.force_2d(made).distance(expected[number]) < 1e-6
    assert set(some["segment_no"]) == {
        one["properties"]["segment_no"]
        for one in segments
        if one["properties"]["class_code"] == "JS" and (one["properties"]["start_depth_m"] or 0) > 1
    }


def test_a_filter_cannot_name_what_the_view_does_not_tell(city: Session) -> None:
    with pytest.raises(InvalidInput):
        Asked(city, LAYERS["cases"], Question(filter="reporter_id = 1"))
