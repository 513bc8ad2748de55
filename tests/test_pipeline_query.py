"""Asking the network: filters against a plain evaluation, places against shapely, odd questions, detail."""

import json
import re
import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from gis.crs import to_lonlat
from gis.errors import InvalidInput, NotFound
from gis.filtering.text import DEEPEST, MOST_SIGNS, read_text
from gis.i18n import in_locale
from gis.pipeline.asking import Buffer, Question
from gis.pipeline.detail import segment_detail
from gis.pipeline.models import PipeSegment
from gis.pipeline.queries import rows_asked
from tests import pipe_rows
from tests.pipe_rows import EAST, NORTH, Row
from tests.small_city import AsRole

QUERY = "/api/v1/pipelines/query"
FIND = "/api/v1/pipelines/find"


@pytest.fixture(scope="module")
def lines(database: Engine) -> Iterator[tuple[Session, list[Row]]]:
    """Sixty lines, gone again when the module is done."""
    with database.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session, pipe_rows.build(session)
        outer.rollback()


WORDS = {
    "class": ["JS", "PS", "TX", "XX"],
    "material": ["PE", "PVC", "QM", "pe"],
    "road": ["人民路", "It's 50%_off", "a\\b", ""],
    "number": ["WS001", "JP010"],
}
NUMBERS = ["width_mm", "height_mm", "holes", "used_holes", "year", "start_depth_m", "length_m"]
SIGNS = ["=", "<>", "<", "<=", ">", ">="]
figures = st.one_of(
    st.integers(-5, 2500), st.floats(-10, 3000, allow_nan=False).map(lambda number: round(number, 2))
)
days = st.dates(date(2019, 12, 30), date(2020, 2, 2))


def _of(name: str) -> dict[str, str]:
    return {"property": name}


comparisons = st.one_of(
    st.tuples(st.sampled_from(sorted(WORDS)), st.sampled_from(SIGNS)).flatmap(
        lambda pair: st.sampled_from(WORDS[pair[0]]).map(
            lambda word: {"op": pair[1], "args": [_of(pair[0]), word]}
        )
    ),
    st.builds(
        lambda name, sign, value: {"op": sign, "args": [_of(name), value]},
        st.sampled_from(NUMBERS), st.sampled_from(SIGNS), figures,
    ),
    st.builds(
        lambda name, sign, value: {"op": sign, "args": [value, _of(name)]},
        st.sampled_from(NUMBERS), st.sampled_from(SIGNS), figures,
    ),
    st.builds(
        lambda a, sign, b: {"op": sign, "args": [_of(a), _of(b)]},
        st.sampled_from(NUMBERS), st.sampled_from(SIGNS), st.sampled_from(NUMBERS),
    ),
    st.builds(
        lambda sign, day: {"op": sign, "args": [_of("surveyed_on"), {"date": day.isoformat()}]},
        st.sampled_from(SIGNS), days,
    ),
    st.builds(
        lambda name, a, b: {"op": "between", "args": [_of(name), a, b]},
        st.sampled_from(NUMBERS), figures, figures,
    ),
    st.sampled_from(sorted(WORDS)).flatmap(
        lambda name: st.lists(st.sampled_from(WORDS[name]), min_size=1, max_size=4).map(
            lambda words: {"op": "in", "args": [_of(name), words]}
        )
    ),
    st.builds(
        lambda name, pattern: {"op": "like", "args": [_of(name), pattern]},
        st.sampled_from(sorted(WORDS)),
        st.sampled_from(["%", "P%", "_S%", "%路", "%50\\%\\_%", "%\\\\%", "", "J_", "%'%"]),
    ),
    st.sampled_from([*WORDS, *NUMBERS]).map(lambda name: {"op": "isNull", "args": [_of(name)]}),
)  # fmt: skip
filters = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.builds(lambda arg: {"op": "not", "args": [arg]}, inner),
        st.builds(
            lambda op, args: {"op": op, "args": args},
            st.sampled_from(["and", "or"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
    ),
    max_leaves=6,
)


def holds(node: Any, row: Row) -> bool | None:
    """Whether a row fits, in the logic of three values that SQL has: an oracle of its own."""
    op, args = node["op"], node["args"]
    if op == "not":
        inner = holds(args[0], row)
        return None if inner is None else not inner
    if op in ("and", "or"):
        known = [holds(arg, row) for arg in args]
        decides = op == "or"
        return decides if decides in known else None if None in known else not decides
    values = [_value(arg, row) for arg in args if not isinstance(arg, list)]
    if op == "isNull":
        return values[0] is None
    if None in values:
        return None
    if op == "in":
        return values[0] in args[1]
    if op == "between":
        return values[1] <= values[0] <= values[2]
    if op == "like":
        return re.fullmatch(_regex(values[1]), values[0], re.DOTALL) is not None
    return {
        "=": values[0] == values[1],
        "<>": values[0] != values[1],
        "<": values[0] < values[1],
        "<=": values[0] <= values[1],
        ">": values[0] > values[1],
        ">=": values[0] >= values[1],
    }[op]  # type: ignore[no-any-return]


def _value(arg: Any, row: Row) -> Any:
    if isinstance(arg, dict):
        return row[arg["property"]] if "property" in arg else date.fromisoformat(arg["date"])
    return arg


def _regex(pattern: str) -> str:
    made, signs = "", iter(pattern)
    for sign in signs:
        made += {"%": ".*", "_": "."}.get(sign) or re.escape(next(signs) if sign == "\\" else sign)
    return made


def written(node: Any) -> str:
    """A filter as CQL2 text."""
    if isinstance(node, list):
        return f"({', '.join(map(written, node))})"
    if isinstance(node, str):
        return "'" + node.replace("'", "''") + "'"
    if not isinstance(node, dict):
        return f"{node}"
    if "property" in node:
        return node["property"]
    if "date" in node:
        return f"DATE('{node['date']}')"
    op, args = node["op"], [written(arg) for arg in node["args"]]
    if op in ("and", "or"):
        return "(" + f" {op.upper()} ".join(args) + ")"
    if op == "not":
        return f"(NOT {args[0]})"
    if op == "isNull":
        return f"({args[0]} IS NULL)"
    if op == "between":
        return f"({args[0]} BETWEEN {args[1]} AND {args[2]})"
    return f"({args[0]} {op.upper()} {args[1]})"


def found(session: Session, said: Any) -> list[int]:
    return [item["id"] for item in rows_asked(session, Question(filter=said), limit=1000).items]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=filters)
def test_filters_find_what_a_plain_evaluation_finds(lines: tuple[Session, list[Row]], tree: Any) -> None:
    session, rows = lines
    expected = [row["id"] for row in rows if holds(tree, row) is True]
    assert found(session, tree) == expected
    said = written(tree)
    if deepest_bracket(said) <= DEEPEST and len(re.findall(r"[()=<>-]", said)) < MOST_SIGNS - 20:
        assert found(session, said) == expected


def deepest_bracket(said: str) -> int:
    """How deep brackets stand in brackets."""
    depth = deepest = 0
    for sign in said:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    return deepest


def test_every_comparison_of_words_follows_the_code_order(lines: tuple[Session, list[Row]]) -> None:
    session, rows = lines
    assert found(session, "class < 'PS'") == [row["id"] for row in rows if row["class"] in ("DL", "JS")]


def test_casei_finds_whatever_the_case(lines: tuple[Session, list[Row]]) -> None:
    session, rows = lines
    some = [row["id"] for row in rows if row["material"] == "PE"]
    assert found(session, "CASEI(material) = CASEI('pE')") == some
    assert found(session, "material = 'pE'") == []


@pytest.mark.parametrize(
    ("said", "character", "words"),
    [
        ("klass = 'JS'", 1, "klass"),
        ("class = 'JS' AND bore > 3", 18, "bore"),
        ("class = ", 9, "CQL2"),
        ("class = 'JS' AND AND year > 1", 22, "CQL2"),
        ("class = 5", 1, "code in quotes"),
        ("year = 'x'", 1, "a number"),
        ("road = 'year' AND year LIKE '19%'", 19, "LIKE"),
        ("surveyed_on > DATE('2020-02-31')", 1, "date"),
        ("1 = 1", 1, "attribute"),
        ("class = material AND year = class", 29, "compared"),
        ("year + 1 > 2000", 1, "attribute"),
        ("road LIKE 'a\\'", 1, "pattern"),
        ("S_INTERSECTS(geometry, POINT(1 1))", 14, "Polygon"),
    ],
)
def test_faults_in_text_say_where(
    lines: tuple[Session, list[Row]], said: str, character: int, words: str
) -> None:
    with in_locale("en"), pytest.raises(InvalidInput) as refused:
        found(lines[0], said)
    (error,) = refused.value.extra["errors"]
    assert (error["pointer"], error["character"]) == ("/filter", character)
    assert words in refused.value.detail


def test_faults_in_json_point_to_the_node(lines: tuple[Session, list[Row]]) -> None:
    tree = {
        "op": "and",
        "args": [{"op": "=", "args": [_of("class"), "JS"]}, {"op": "=", "args": [_of("x"), 1]}],
    }
    with pytest.raises(InvalidInput) as refused:
        found(lines[0], tree)
    assert refused.value.extra["errors"][0]["pointer"] == "/filter/args/1/args/0/property"


BOMBS = {
    "brackets": "(" * 3000 + "year = 1" + ")" * 900,
    "brackets of a list": "year IN " + "(" * 20 + "1" + ")" * 20,
    "lists in lists": "year IN (1, (2, (3, (4, (5, (6, (7, (8",
    "tuples": "year = " + "((1," * 24,
    "not": "NOT " * 900 + "year = 1",
    "powers": "year = 1" + "^1" * 1500,
    "signs": "year = " + "-" * 3900 + "1",
    "functions": "f(" * 1900,
    "length": "year = 1 OR " * 5000 + "year = 1",
    "quote": "road = '" + "(" * 3000,
}


@pytest.mark.parametrize("said", BOMBS.values(), ids=BOMBS.keys())
def test_bombs_are_refused_before_they_are_read(said: str) -> None:
    with pytest.raises(InvalidInput):
        read_text(said)


def test_the_deepest_filter_fits_a_small_stack() -> None:
    """What is let through must not end the process, whatever thread reads it."""
    deepest = [
        "(" * DEEPEST + "year = 1" + ")" * DEEPEST,
        "NOT " * (MOST_SIGNS - 1) + "year = 1",
        "year = 1" + "^1" * (MOST_SIGNS - 1),
        "year = " + "-" * (MOST_SIGNS - 1) + "1",
        "(" * DEEPEST + "year = 1" + "^1" * (MOST_SIGNS - 2 * DEEPEST - 1) + ")" * DEEPEST,
    ]
    read = []
    before = threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(target=lambda: read.extend(map(read_text, deepest)))
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    assert len(read) == len(deepest)


def polygon(*corners: tuple[float, float]) -> dict[str, Any]:
    """GeoJSON in degrees from metres east and north of the first line's beginning."""
    ring = [list(to_lonlat(EAST + x, NORTH + y)) for x, y in (*corners, corners[0])]
    return {"type": "Polygon", "coordinates": [ring]}


def test_a_drawn_area_finds_what_touches_it(lines: tuple[Session, list[Row]]) -> None:
    session, rows = lines
    corners = [(103.0, -20.0), (255.0, -3.0), (210.0, 2.5), (120.0, 30.0)]
    area = shapely.Polygon([(EAST + x, NORTH + y) for x, y in corners])
    expected = [row["id"] for row in rows if shapely.intersects(area, row["line"])]
    assert 5 < len(expected) < 40
    asked = rows_asked(session, Question(area=polygon(*corners)), limit=1000)
    assert [item["id"] for item in asked.items] == expected
    both = {"op": "s_intersects", "args": [{"property": "geometry"}, polygon(*corners)]}
    assert found(session, both) == expected


@pytest.mark.parametrize("distance_m", [0.5, 3.0, 40.0])
def test_a_corridor_finds_what_lies_within_its_distance(
    lines: tuple[Session, list[Row]], distance_m: float
) -> None:
    session, rows = lines
    course = [(95.0, 12.0), (205.0, 12.0), (260.0, -30.0)]
    line = shapely.LineString([(EAST + x, NORTH + y) for x, y in course])
    places = [list(to_lonlat(EAST + x, NORTH + y)) for x, y in course]
    buffer = Buffer(line={"type": "LineString", "coordinates": places}, distance_m=distance_m)
    expected = [row["id"] for row in rows if row["line"].distance(line) <= distance_m]
    asked = rows_asked(session, Question(buffer=buffer), limit=1000)
    assert [item["id"] for item in asked.items] == expected


def test_the_community_is_that_of_the_starting_point(small_city: str, as_role: AsRole) -> None:
    client = as_role("planner")
    counted = client.get("/api/v1/pipelines/statistics", params={"group_by": "community"}).json()
    named = [group for group in counted["groups"] if group["key"]["community"]]
    assert len(named) > 2
    for group in named:
        body = {"community": group["key"]["community"], "limit": 1000}
        assert len(client.post(QUERY, json=body).json()["items"]) == group["count"]
    assert sum(group["count"] for group in counted["groups"]) == counted["total"]["count"]


@pytest.mark.parametrize(
    "sort", [None, "material", "-material", "-year", "start_depth_m", "-surveyed_on", "cover_m"]
)
def test_pages_hold_every_row_once_in_order(lines: tuple[Session, list[Row]], sort: str | None) -> None:
    session, rows = lines
    seen: list[Row] = []
    cursor = None
    while True:
        page = rows_asked(session, Question(), limit=7, cursor=cursor, sort=sort)
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sorted(item["id"] for item in seen) == [row["id"] for row in rows]
    if sort:
        name = sort.removeprefix("-")
        values = [item[name] for item in seen]
        known = [value for value in values if value is not None]
        assert values == known + [None] * (len(values) - len(known))  # the unknown stand last
        assert known == sorted(known, reverse=sort.startswith("-"))


def test_a_cursor_of_another_order_is_refused(lines: tuple[Session, list[Row]]) -> None:
    session, _rows = lines
    cursor = rows_asked(session, Question(), limit=5, sort="year").next_cursor
    with pytest.raises(InvalidInput):
        rows_asked(session, Question(), limit=5, sort="-year", cursor=cursor)


def test_a_day_of_the_past_shows_the_state_of_that_day(lines: tuple[Session, list[Row]]) -> None:
    session, rows = lines
    wanted = next(row for row in rows if row["material"] == "PE")
    with session.begin_nested() as change:
        session.execute(
            text("UPDATE pipe_segment SET valid_from = '2020-01-01' WHERE valid_to IS NULL AND id <> :id"),
            wanted,
        )
        living = session.get_one(PipeSegment, wanted["id"])
        columns = [
            column.name
            for column in PipeSegment.__table__.columns
            if column.name not in ("id", "past_of", "valid_from", "valid_to", "length_m")
        ]
        session.execute(
            text(
                f"INSERT INTO pipe_segment ({', '.join(columns)}, past_of, valid_from, valid_to)"
                f" SELECT {', '.join(columns)}, id, '2020-01-01', '2022-05-05'"
                " FROM pipe_segment WHERE id = :id"
            ),
            {"id": living.id},
        )
        living.material, living.valid_from = "QM", date(2022, 5, 5)
        session.flush()
        number = f"number = '{wanted['number']}'"
        states = {
            day: [
                (item["id"], item["material"])
                for item in rows_asked(session, Question(filter=number, as_of=day), limit=10).items
            ]
            for day in (None, date(2022, 5, 5), date(2022, 5, 4), date(2019, 12, 31))
        }
        assert states == {
            None: [(living.id, "QM")],
            date(2022, 5, 5): [(living.id, "QM")],
            date(2022, 5, 4): [(living.id, "PE")],
            date(2019, 12, 31): [],
        }
        told = segment_detail(session, living.id)
        assert [(one.valid_from, one.valid_to) for one in told.history] == [
            (date(2022, 5, 5), None),
            (date(2020, 1, 1), date(2022, 5, 5)),
        ]
        (changed,) = told.history[0].changed
        assert (changed["name"], told.history[1].changed) == ("material", [])
        assert segment_detail(session, living.id, date(2022, 5, 4)).row["material"] == "PE"
        with pytest.raises(NotFound):
            segment_detail(session, living.id, date(2019, 12, 31))
        change.rollback()


def test_a_segment_tells_its_ends_levels_and_neighbours(as_role: AsRole) -> None:
    client = as_role("planner")
    body = {"filter": "class = 'PS' AND start_level IS NOT NULL AND end_level IS NOT NULL", "limit": 5}
    for item in client.post(QUERY, json=body).json()["items"]:
        told = client.get(f"/api/v1/pipelines/segments/{item['id']}").json()
        for end in ("start", "end"):
            point, levels = told[end]["point"], told[end]["levels"]
            assert point["number"] == item[f"{end}_no"]
            # A sewer is measured at its inside bottom: its crown lies a height above, its cover below ground.
            height = item["height_mm"] / 1000
            assert told["depth_reference"] == "invert_inside"
            assert levels["invert"] == pytest.approx(item[f"{end}_level"])
            assert levels["crown"] == pytest.approx(item[f"{end}_level"] + height, abs=1e-4)
            assert levels["cover_m"] == pytest.approx(point["ground_level"] - levels["crown"], abs=2e-3)
            met = client.get(f"/api/v1/pipelines/points/{point['id']}").json()
            others = {one["id"] for one in told[end]["neighbours"]}
            assert {one["id"] for one in met["segments"]} == others | {item["id"]}
        covers = [told[end]["levels"]["cover_m"] for end in ("start", "end")]
        assert item["cover_m"] == pytest.approx(min(covers), abs=2e-3)


@pytest.mark.parametrize("path", ["segments/999999999", "points/999999999"])
def test_what_is_not_there_is_not_found(as_role: AsRole, path: str) -> None:
    assert as_role("planner").get(f"/api/v1/pipelines/{path}").status_code == 404


def test_numbers_are_found_by_any_part_the_equal_one_first(as_role: AsRole) -> None:
    client = as_role("planner")
    items = client.post(QUERY, json={"filter": "class = 'PS'", "limit": 3}).json()["items"]
    for item in items:
        for words in (item["number"], item["number"].lower(), item["number"][2:]):
            answer = client.get(FIND, params={"q": words, "limit": 50}).json()["items"]
            assert item["number"] in [one["title"] for one in answer if one["kind"] == "segment"]
        exact = client.get(FIND, params={"q": item["number"]}).json()["items"]
        first = next(one for one in exact if one["kind"] == "segment")
        assert first["id"] == item["id"]
        listed = client.post(QUERY, json=first["query"]).json()["items"]
        assert [one["id"] for one in listed] == [item["id"]]


def test_roads_and_owners_are_found_with_what_belongs_to_them(as_role: AsRole) -> None:
    client = as_role("planner")
    item = client.post(QUERY, json={"filter": "road IS NOT NULL", "limit": 1}).json()["items"][0]
    road = client.get("/api/v1/pipelines/find", params={"q": item["road"]}).json()["items"][0]
    assert (road["kind"], road["query"]["buffer"]["road"]) == ("road", item["road"])
    beside = client.post(QUERY, json={**road["query"], "limit": 1000}).json()["items"]
    assert item["id"] in [one["id"] for one in beside]
    owner = client.get("/api/v1/pipelines/find", params={"q": item["owner"]}).json()["items"][0]
    assert owner["kind"] == "owner"
    listed = client.post(QUERY, json={**owner["query"], "limit": 1000}).json()["items"]
    assert item["id"] in [one["id"] for one in listed]
    assert {one["owner"] for one in listed} == {item["owner"]}


def test_attributes_are_listed_with_their_codes(as_role: AsRole) -> None:
    items = as_role("planner").get("/api/v1/pipelines/attributes").json()["items"]
    by_name = {one["name"]: one for one in items}
    assert "PE" in [value["code"] for value in by_name["material"]["values"]]
    assert by_name["length_m"]["unit"] == "m"
    assert by_name["community"]["values"] is None


ODD = [
    {"filter": 5},
    {"filter": []},
    {"filter": {}},
    {"filter": {"op": "and"}},
    {"filter": {"op": "and", "args": []}},
    {"filter": {"op": "=", "args": [{"property": "class"}]}},
    {"filter": {"op": "=", "args": [{"property": ["class"]}, "JS"]}},
    {"filter": {"op": "=", "args": [{"property": "class"}, "\x00"]}},
    {"filter": {"op": "=", "args": [{"property": "class"}, "\ud800"]}},
    {"filter": {"op": "=", "args": [{"property": "\ud800"}, 1]}},
    {"filter": {"op": "=", "args": [{"property": "year"}, 10**400]}},
    {"filter": {"op": "=", "args": [{"property": "year"}, True]}},
    {"filter": {"op": "in", "args": [{"property": "year"}, []]}},
    {"filter": {"op": "in", "args": [{"property": "year"}, [1] * 5000]}},
    {"filter": {"op": "casei", "args": [{"property": "class"}]}},
    {"filter": {"op": "=", "args": [{"op": "casei", "args": []}, "x"]}},
    {"filter": {"op": "; DROP TABLE pipe_segment", "args": []}},
    {"filter": "class = 'x'; DROP TABLE pipe_segment"},
    {"filter": "\x00"},
    {"filter": "a" * 5000},
    {"bbox": [1, 2, 3]},
    {"bbox": [110, 40, 109, 39]},
    {"bbox": [-180, -90, -170, -80]},
    {"bbox": "110,39,111,40"},
    {"area": {"type": "Point", "coordinates": [110, 39]}},
    {"area": {"type": "Polygon"}},
    {"area": {"type": "Polygon", "coordinates": [[[110, 39], [110, 40], [111, 40]]]}},
    {"area": {"type": "Polygon", "coordinates": [[[110, 39], [111, 40], [111, 39], [110, 40], [110, 39]]]}},
    {"area": {"type": "Polygon", "coordinates": [[["x", 39], [110, 40], [111, 40], ["x", 39]]]}},
    {"area": {"type": "Polygon", "coordinates": [[[110, 39]] * 20_000]}},
    {"area": {"type": "MultiPolygon", "coordinates": [5]}},
    {"buffer": {"distance_m": 10}},
    {"buffer": {"distance_m": -1, "road": "x"}},
    {"buffer": {"distance_m": 10, "road": "x", "line": {}}},
    {"buffer": {"distance_m": 10, "line": {"type": "LineString", "coordinates": [[110, 39], [110, 39]]}}},
    {"buffer": {"distance_m": 10, "road": "no such road"}},
    {"community": "nowhere"},
    {"grid": "nowhere"},
    {"clip": True},
    {"kind": "wells"},
    {"as_of": "yesterday"},
    {"limit": 0},
    {"limit": 10**9},
    {"cursor": "x"},
    {"cursor": "WyJ4Il0"},
    {"sort": "nothing"},
    {"permit": "2026-1"},
]


@pytest.mark.parametrize("body", ODD, ids=lambda body: ascii(body)[:60])
def test_odd_questions_are_told_what_is_wrong(as_role: AsRole, body: dict[str, Any]) -> None:
    headers = {"content-type": "application/json"}
    answer = as_role("planner").post(QUERY, content=json.dumps(body), headers=headers)
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("role", ["inspector", "acceptor"])
def test_the_network_is_not_for_everyone(as_role: AsRole, role: str) -> None:
    client = as_role(role)
    assert client.post(QUERY, json={}).status_code == 403
    assert client.get("/api/v1/pipelines/find", params={"q": "WS0"}).status_code == 403
    assert client.post("/api/v1/pipelines/export", json={"format": "csv"}).status_code == 403
