"""Features edited one by one over HTTP: who may, by which version, what is refused and kept, two at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, create_engine, text

from tests.small_city import AsRole

PATCH = "application/merge-patch+json"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
COMPONENTS, POINTS, SEGMENTS = (
    f"/ogc/collections/{name}/items" for name in ("components", "pipe_points", "pipe_segments")
)
SEWER = {"class_code": "PS", "sub_code": "WS"}


@pytest.fixture(scope="module")
def city(small_city: str) -> Iterator[Engine]:
    engine = create_engine(small_city)
    yield engine
    engine.dispose()


@pytest.fixture
def db(city: Engine) -> Iterator[Connection]:
    with city.connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def middle(city: Engine) -> tuple[float, float]:
    """The middle of a unit grid, metres in the city's CRS."""
    place = "SELECT ST_PointOnSurface(geom) AS p FROM unit_grid ORDER BY code LIMIT 1"
    query = f"SELECT ST_X(p), ST_Y(p) FROM ({place}) AS g"
    with city.connect() as connection:
        easting, northing = connection.execute(text(query)).one()
    return easting, northing


def degrees(db: Connection, easting: float, northing: float, srid: int = 4326) -> list[float]:
    """Easting and northing, or longitude and latitude, of a place in another CRS, as PostGIS has them."""
    query = text(
        "SELECT ST_X(p), ST_Y(p) FROM"
        " (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(:e, :n), 4546), :srid) AS p) AS t"
    )
    return list(db.execute(query, {"e": easting, "n": northing, "srid": srid}).one())


def make(
    client: TestClient, items: str, geometry: Any, headers: Any = None, **properties: Any
) -> httpx2.Response:
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    headers = {"content-type": "application/geo+json"} | (headers or {})
    return client.post(items, json=feature, headers=headers)


def patch(client: TestClient, answer: httpx2.Response, **members: Any) -> httpx2.Response:
    """Patch the feature of an answer as the version that the answer is of."""
    items = str(answer.request.url.path).rstrip("0123456789").rstrip("/")
    address = f"{items}/{answer.json()['id']}"
    headers = {"content-type": PATCH, "if-match": answer.headers["etag"]}
    return client.patch(address, json=members, headers=headers)


def at(place: list[float]) -> dict[str, Any]:
    return {"type": "Point", "coordinates": place}


def well(client: TestClient, db: Connection, x: float, y: float, number: str, **more: Any) -> httpx2.Response:
    answer = make(client, POINTS, at(degrees(db, x, y)), survey="E1", point_no=number, **SEWER | more)
    assert answer.status_code == 201, answer.text
    return answer


def test_a_component_is_numbered_placed_moved_and_ended_but_never_lost(
    as_role: AsRole, db: Connection, middle: tuple[float, float]
) -> None:
    admin, leader = as_role("admin"), as_role("shift_leader")
    last = db.scalar(text("SELECT max(code) FROM component WHERE code LIKE '1506020103%'"))
    place = at(degrees(db, *middle))
    one = make(admin, COMPONENTS, place, class_zh="雨水井盖", state_zh="破损", maintainer_code="PSGS")
    two = make(leader, COMPONENTS, place, class_code="0103")
    codes = [answer.json()["properties"]["code"] for answer in (one, two)]
    assert codes == [str(int(last or 0) + 1), str(int(last or 0) + 2)]
    assert one.headers["location"].endswith(f"{COMPONENTS}/{one.json()['id']}")
    told = one.json()["properties"]
    assert (told["name"], told["state_en"], told["maintainer_zh"]) == ("雨水井盖", "broken", "东胜区排水公司")
    far = patch(leader, one, geometry=at(degrees(db, middle[0] + 150, middle[1])))
    assert far.json()["properties"]["unit_grid"] != told["unit_grid"]
    gone = admin.delete(one.headers["location"], headers={"if-match": far.headers["etag"]})
    assert (gone.status_code, gone.content) == (204, b"")
    shown = "SELECT count(*) FROM public.tile_component WHERE id = :id"  # what tiles are made of
    assert db.scalar(text(shown), {"id": one.json()["id"]}) == 0
    assert admin.get(f"{COMPONENTS}/{one.json()['id']}").status_code == 404
    kept = db.execute(
        text("SELECT valid_to IS NOT NULL, code FROM component WHERE id = :id"), {"id": one.json()["id"]}
    )
    assert kept.one() == (True, codes[0])
    edits = admin.get(f"{COMPONENTS}/{one.json()['id']}/edits").json()["items"]
    assert [edit["action"] for edit in edits] == ["end", "change", "create"]
    assert edits[1]["before"]["geom"] != edits[1]["after"]["geom"]
    assert edits[2]["before"] is None
    assert make(admin, COMPONENTS, place, class_code="0103").json()["properties"]["code"] == str(
        int(codes[1]) + 1
    )


def test_on_the_line_location_is_spelled_as_qgis_looks_for_it(
    live_server: str, as_role: AsRole, db: Connection, middle: tuple[float, float]
) -> None:
    feature = {"type": "Feature", "geometry": at(degrees(db, *middle)), "properties": {"class_code": "0103"}}
    headers = {"authorization": as_role("admin").headers["authorization"]}
    answer = httpx2.post(f"{live_server}{COMPONENTS}", json=feature, headers=headers)
    assert answer.status_code == 201, answer.text
    assert b"Location" in dict(answer.headers.raw)


def test_who_may_edit_is_told_by_options_and_kept_to(
    every_role: dict[str, TestClient], db: Connection, middle: tuple[float, float]
) -> None:
    """QGIS takes a layer for editable by the Allow of these two addresses, the second of any id."""
    editors = {COMPONENTS: {"admin", "shift_leader"}}
    editors[POINTS] = editors[SEGMENTS] = {"admin", "planner", "owner"}
    for items, may in editors.items():
        for role, client in every_role.items():
            allowed = client.options(items).headers.get("allow", ""), client.options(f"{items}/unknown_id")
            assert ("POST" in allowed[0]) == (role in may), (items, role)
            if allowed[1].status_code == 204:
                methods = allowed[1].headers["allow"].split(", ")
                assert ({"PUT", "PATCH", "DELETE"} <= set(methods)) == (role in may)
            answer = make(client, items, {"type": "Polygon"}, **SEWER)
            assert answer.status_code == (422 if role in may else 403), (items, role)


def test_a_change_says_what_it_saw(as_role: AsRole, db: Connection, middle: tuple[float, float]) -> None:
    planner = as_role("planner")
    made = well(planner, db, *middle, "V1")
    address = f"{POINTS}/{made.json()['id']}"
    etag, kind = made.headers["etag"], {"content-type": PATCH}
    assert not etag.startswith("W/")
    for method in ("PUT", "PATCH", "DELETE"):
        answer = planner.request(method, address, json=made.json(), headers=kind if method == "PATCH" else {})
        assert answer.status_code == 428, method
    changed = patch(planner, made, properties={"note": "one"})
    assert (changed.status_code, changed.headers["etag"] != etag) == (200, True)
    assert patch(planner, made, properties={"note": "two"}).status_code == 412
    for tags in (f"W/{changed.headers['etag']}", '"other"'):
        assert planner.delete(address, headers={"if-match": tags}).status_code == 412
    for tags in ("3", '"open', ""):
        assert planner.delete(address, headers={"if-match": tags}).status_code == 422
    several = {"if-match": f'"other", {changed.headers["etag"]}'} | kind
    assert planner.patch(address, json={"properties": {"note": "three"}}, headers=several).status_code == 200
    anything = kind | {"if-match": "*"}
    assert planner.patch(address, json={"properties": {"note": "four"}}, headers=anything).status_code == 200
    for nothing in ("0", "999999999", "nothing", "9" * 40):
        answer = planner.delete(f"{POINTS}/{nothing}", headers={"if-match": "*"})
        assert answer.status_code == 404, nothing
    plain = planner.patch(address, json={}, headers={"if-match": "*", "content-type": "application/json"})
    assert (plain.status_code, plain.headers["accept"]) == (415, PATCH)


def test_what_was_read_can_be_sent_back_and_changes_nothing(as_role: AsRole, db: Connection) -> None:
    admin = as_role("admin")
    for items, table in ((COMPONENTS, "component"), (POINTS, "pipe_point"), (SEGMENTS, "pipe_segment")):
        row = f"SELECT md5(t::text) FROM {table} AS t WHERE id = 7"
        before = db.scalar(text(row))
        address = f"{items}/7"
        feature = admin.get(address)
        headers = {"if-match": feature.headers["etag"], "content-type": "application/geo+json"}
        again = admin.put(address, json=feature.json(), headers=headers)
        assert (again.status_code, again.headers["etag"]) == (200, feature.headers["etag"])
        assert db.scalar(text(row)) == before
        assert admin.get(f"{address}/edits").json()["items"] == []
        wrong = feature.json()
        wrong["properties"]["class_zh"] = "没有"
        assert admin.put(address, json=wrong, headers=headers).status_code == 422


@pytest.mark.parametrize(
    ("geometry", "properties", "pointer"),
    [
        (None, {}, "/geometry/type"),
        ({"type": "LineString", "coordinates": [[110, 39], [110, 40]]}, {}, "/geometry/type"),
        ({"type": "Point", "coordinates": [110]}, {}, "/geometry/coordinates"),
        ({"type": "Point", "coordinates": [True, 39]}, {}, "/geometry/coordinates"),
        ({"type": "Point", "coordinates": [1e300, 39]}, {}, "/geometry/coordinates"),
        ({"type": "Point", "coordinates": [39.8, 109.98]}, {}, "/geometry/coordinates"),
        ({"type": "Point", "coordinates": [0, 0]}, {}, "/geometry/coordinates"),
        ({"type": "MultiPoint", "coordinates": [[110, 39], [110, 40]]}, {}, "/geometry/coordinates"),
        ("here", {"ground_level": "high"}, "/properties/ground_level"),
        ("here", {"ground_level": 1e9}, "/properties/ground_level"),
        ("here", {"is_open": "yes"}, "/properties/is_open"),
        ("here", {"built_on": "2026-02-30"}, "/properties/built_on"),
        ("here", {"usage_status": "9"}, "/properties/usage_status"),
        ("here", {"sub_code": "JS"}, "/properties/sub_code"),
        ("here", {"class_code": None}, "/properties/class_code"),
        ("here", {"point_no": "x" * 65}, "/properties/point_no"),
        ("here", {"note": "a\0b"}, "/properties/note"),
        ("here", {"note": {"a": 1}}, "/properties/note"),
        ("here", {"colour/red~1": 1}, "/properties/colour~1red~01"),
        ("here", {"owner_zh": "不存在"}, "/properties/owner_zh"),
    ],
)
def test_what_cannot_be_is_refused_and_its_place_named(
    as_role: AsRole, db: Connection, middle: tuple[float, float], geometry: Any, properties: Any, pointer: str
) -> None:
    shape = at(degrees(db, *middle)) if geometry == "here" else geometry
    numbers = {"survey": "BAD", "point_no": "1"}
    answer = make(as_role("planner"), POINTS, shape, **numbers | SEWER | properties)
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert db.scalar(text("SELECT count(*) FROM pipe_point WHERE survey = 'BAD'")) == 0


@pytest.mark.parametrize("body", ["[]", "{", '{"type": "Feature", "geometry": NaN}', "[" * 5000])
def test_a_body_that_is_no_feature_is_refused(as_role: AsRole, body: str) -> None:
    headers = {"content-type": "application/geo+json"}
    answer = as_role("planner").post(POINTS, content=body, headers=headers)
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    ("said", "srid", "northing_first"),
    [
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, False),
        (f"<{EPSG}4326>", 4326, True),
        (f"{EPSG}4490", 4490, True),
        ("[EPSG:4546]", 4546, True),
        (f"<{EPSG}3857>", 3857, False),
    ],
)
def test_the_shape_is_in_the_crs_that_is_said_in_its_own_order_of_axes(
    as_role: AsRole, db: Connection, middle: tuple[float, float], said: str, srid: int, northing_first: bool
) -> None:
    place = degrees(db, *middle, srid)
    sent = place[::-1] if northing_first else place
    answer = make(
        as_role("planner"),
        POINTS,
        at(sent),
        {"content-crs": said},
        survey="CRS",
        point_no=said[-30:],
        **SEWER,
    )
    assert answer.status_code == 201, answer.text
    query = text("SELECT ST_X(geom), ST_Y(geom) FROM pipe_point WHERE id = :id")
    assert list(db.execute(query, {"id": answer.json()["id"]}).one()) == pytest.approx(middle, abs=0.002)
    assert answer.json()["geometry"]["coordinates"] == pytest.approx(sent, rel=1e-7)


def test_an_unknown_crs_is_refused(as_role: AsRole, db: Connection, middle: tuple[float, float]) -> None:
    answer = make(
        as_role("planner"), POINTS, at(degrees(db, *middle)), {"content-crs": f"<{EPSG}27700>"}, **SEWER
    )
    assert answer.status_code == 422


def test_segments_end_at_points_follow_them_and_hold_them(
    as_role: AsRole, db: Connection, middle: tuple[float, float]
) -> None:
    owner = as_role("owner")
    x, y = middle[0], middle[1] + 12
    a, b = well(owner, db, x, y, "S1", ground_level=10), well(owner, db, x + 30, y, "S2", ground_level=10)
    line = {
        "type": "LineString",
        "coordinates": [degrees(db, x, y), degrees(db, x + 10, y + 5), degrees(db, x + 30, y)],
    }
    made = make(owner, SEGMENTS, line, size="DN400", start_level=8, end_level=7.7, **SEWER)
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["properties"]["segment_no"], told["properties"]["survey"]) == ("S1-S2", "E1")
    heights = [place[2] for place in told["geometry"]["coordinates"]]
    assert [heights[0], heights[-1]] == pytest.approx([8.2, 7.9])  # inverts, and half of 400 mm above them
    assert heights[0] > heights[1] > heights[2]
    astray = make(owner, SEGMENTS, line | {"coordinates": line["coordinates"][:2]}, **SEWER)
    assert astray.status_code == 422
    assert make(owner, SEGMENTS, line, class_code="JS", sub_code="SS").status_code == 422
    assert make(owner, SEGMENTS, line, size="400", **SEWER).status_code == 409  # the number stands already

    held = owner.delete(f"{POINTS}/{b.json()['id']}", headers={"if-match": b.headers["etag"]})
    assert (held.status_code, held.json()["segments"]) == (409, ["S1-S2"])
    assert patch(owner, b, properties={"class_code": "JS", "sub_code": "SS"}).status_code == 409
    short = patch(owner, b, geometry=at(degrees(db, x + 10, y + 5)))
    assert short.status_code == 409  # the last run of the line would have no length

    moved = patch(owner, b, geometry=at(degrees(db, x + 30, y + 4)))
    assert moved.status_code == 200, moved.text
    query = text(
        "SELECT ST_Y(ST_EndPoint(geom)), ST_Z(ST_EndPoint(geom)), ST_Y(ST_PointN(geom, 2))"
        " FROM pipe_segment WHERE id = :id"
    )
    end = list(db.execute(query, {"id": told["id"]}).one())
    shown = "SELECT ST_Equals(t.geom, ST_Transform(ST_Force2D(s.geom), 3857)) FROM tile_pipe_segment AS t"
    shown += " JOIN pipe_segment AS s USING (id) WHERE id = :id"
    assert db.scalars(text(shown), {"id": told["id"]}).all() == [True]
    assert end == pytest.approx([y + 4, 7.9, y + 5], abs=0.002)
    actions = [edit["action"] for edit in owner.get(f"{SEGMENTS}/{told['id']}/edits").json()["items"]]
    assert actions == ["follow", "create"]

    headers = {"if-match": "*"}
    assert owner.delete(f"{SEGMENTS}/{told['id']}", headers=headers).status_code == 204
    for point in (a, b):
        assert owner.delete(f"{POINTS}/{point.json()['id']}", headers=headers).status_code == 204
    living = "SELECT count(*) FROM pipe_point WHERE point_no IN ('S1', 'S2') AND valid_to IS NULL"
    assert db.scalar(text(living)) == 0


def test_an_end_that_is_drawn_to_another_point_goes_there(
    as_role: AsRole, db: Connection, middle: tuple[float, float]
) -> None:
    planner = as_role("planner")
    x, y = middle
    a, b, c = (well(planner, db, x + dx, y + 2, number) for dx, number in ((0, "T1"), (20, "T2"), (40, "T3")))
    line: dict[str, Any] = {
        "type": "LineString",
        "coordinates": [a.json()["geometry"]["coordinates"], b.json()["geometry"]["coordinates"]],
    }
    made = make(planner, SEGMENTS, line, start_point="T1", end_point="T2", **SEWER)
    line["coordinates"][1] = c.json()["geometry"]["coordinates"]
    longer = patch(planner, made, geometry=line)
    assert longer.json()["properties"]["end_point"] == "T3"
    assert longer.json()["properties"]["length_m"] == pytest.approx(40, abs=0.01)
    back = patch(planner, longer, properties={"end_point": "T2"})
    assert back.json()["properties"]["length_m"] == pytest.approx(20, abs=0.01)
    ring = patch(planner, back, properties={"end_point": "T1"})
    assert ring.status_code == 422


def test_of_editors_at_once_one_wins_and_nothing_is_half_written(
    as_role: AsRole, city: Engine, db: Connection, middle: tuple[float, float], live_server: str
) -> None:
    planner = as_role("planner")
    made = well(planner, db, middle[0] + 3, middle[1], "R1")
    address, etag = f"{live_server}{POINTS}/{made.json()['id']}", made.headers["etag"]
    headers = {"authorization": planner.headers["authorization"], "content-type": PATCH, "if-match": etag}

    def edit(number: int) -> int:
        body = {"properties": {"note": f"editor {number}"}}
        return httpx2.patch(address, json=body, headers=headers, timeout=30).status_code

    with ThreadPoolExecutor(6) as editors:
        answers = sorted(editors.map(edit, range(6)))
    assert answers == [200, 412, 412, 412, 412, 412]
    edits = planner.get(f"{POINTS}/{made.json()['id']}/edits").json()["items"]
    assert [edit["action"] for edit in edits] == ["change", "create"]
    with city.connect() as fresh:
        note = fresh.scalar(text("SELECT note FROM pipe_point WHERE id = :id"), {"id": made.json()["id"]})
    assert note == edits[0]["after"]["note"]


def test_components_made_at_once_get_numbers_of_their_own(
    as_role: AsRole, db: Connection, middle: tuple[float, float], live_server: str
) -> None:
    headers = {
        "authorization": as_role("admin").headers["authorization"],
        "content-type": "application/geo+json",
    }
    feature = {"type": "Feature", "geometry": at(degrees(db, *middle)), "properties": {"class_code": "0101"}}

    def create(_number: int) -> str:
        answer = httpx2.post(f"{live_server}{COMPONENTS}", json=feature, headers=headers, timeout=30)
        return str(answer.json()["properties"]["code"])

    with ThreadPoolExecutor(5) as editors:
        codes = sorted(editors.map(create, range(5)))
    assert [int(code) - int(codes[0]) for code in codes] == [0, 1, 2, 3, 4]


def test_nobody_edits_while_a_survey_is_taken_over(
    as_role: AsRole, city: Engine, db: Connection, middle: tuple[float, float]
) -> None:
    from gis.survey.merge import MERGE_LOCK

    planner = as_role("planner")
    made = well(planner, db, middle[0] + 5, middle[1], "M1")
    with city.begin() as merging:
        merging.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MERGE_LOCK})
        assert patch(planner, made, properties={"note": "now"}).status_code == 409
    assert patch(planner, made, properties={"note": "then"}).status_code == 200


def test_the_record_of_edits_is_only_ever_added_to(small_city: str, city: Engine) -> None:
    with city.connect() as connection, pytest.raises(Exception, match="only ever added"):
        connection.execute(text("DELETE FROM edit_record"))


def test_the_schema_says_what_may_be_sent(as_role: AsRole) -> None:
    for name, kept, sent in (
        ("components", "unit_grid", "owner_code"),
        ("pipe_segments", "length_m", "width_mm"),
    ):
        told = as_role("admin").get(f"/ogc/collections/{name}/schema").json()["properties"]
        assert told[kept]["readOnly"] is True
        assert told[sent]["writeOnly"] is True
        assert not {"readOnly", "writeOnly"} & told["geometry"].keys()
        assert not {"readOnly", "writeOnly"} & told["note"].keys()
    areas = as_role("admin").get("/ogc/collections/areas/schema").json()["properties"]
    assert all(one["readOnly"] for one in areas.values())


def test_a_form_that_leaves_codes_empty_beside_names_means_the_names(
    as_role: AsRole, db: Connection, middle: tuple[float, float]
) -> None:
    admin = as_role("admin")
    empty = {"class_code": None, "state": None, "owner_code": None, "code": None, "unit_grid": None}
    names = {"class_zh": "雨水井盖", "state_zh": "丢失", "state_en": None, "owner_zh": "东胜区排水公司"}
    made = make(admin, COMPONENTS, at(degrees(db, *middle)), **empty | names)
    told = made.json()["properties"]
    assert (told["state_en"], told["owner_zh"]) == ("lost", "东胜区排水公司")
    cleared = patch(admin, made, properties={"owner_code": None, "state_zh": None})
    assert (cleared.json()["properties"]["owner_zh"], cleared.json()["properties"]["state_en"]) == (
        None,
        "intact",
    )
    torn = patch(admin, cleared, properties={"state_zh": "破损", "state_en": "lost"})
    assert torn.status_code == 422


def test_the_description_tells_how_features_are_edited(as_role: AsRole) -> None:
    told = as_role("planner").get("/ogc/api").json()["paths"]
    assert {"get", "post", "options"} <= told["/collections/components/items"].keys()
    one = told["/collections/components/items/{fid}"]
    assert "application/merge-patch+json" in one["patch"]["requestBody"]["content"]
    assert "application/geo+json" in one["put"]["requestBody"]["content"]
