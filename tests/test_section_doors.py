"""Cross-sections over HTTP, against what the small city's tables say."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import shapely
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from gis.crs import to_lonlat
from gis.pipeline.section.clearances import heads_of
from gis.pipeline.section.cross_section import cross_section
from gis.pipeline.section.limits import limits_in_force
from gis.pipeline.section.line import section_line
from gis.standard.service import correct_number
from tests.section_rows import segment, shipped_limits
from tests.small_city import AsRole, Client

DOOR = "/api/v1/pipelines/cross-section"
SERIES = "/api/v1/pipelines/cross-sections"


@pytest.fixture(scope="module")
def planner(as_role: AsRole) -> Client:
    return as_role("planner")


@pytest.fixture(scope="module")
def sewer(small_city: str) -> dict[str, Any]:
    """A long straight sewer with levels at both ends, and what its two wells say."""
    engine = create_engine(small_city)
    with engine.connect() as connection:
        row = connection.execute(
            text(
                "SELECT s.id, s.segment_no, s.start_level, s.end_level, s.height_mm, s.width_mm,"
                " a.ground_level AS start_ground, b.ground_level AS end_ground,"
                " ST_AsBinary(ST_Force2D(s.geom)) AS wkb FROM pipe_segment s"
                " JOIN pipe_point a ON a.id = s.start_point_id JOIN pipe_point b ON b.id = s.end_point_id"
                " WHERE s.class_code = 'PS' AND s.sub_code = 'WS' AND s.valid_to IS NULL"
                " AND s.start_level IS NOT NULL AND ST_NPoints(s.geom) = 2"
                " ORDER BY s.length_m DESC, s.id LIMIT 1"
            )
        ).one()
    engine.dispose()
    return dict(row._mapping)


def across(row: dict[str, Any], share: float, half_m: float = 20.0) -> list[tuple[float, float]]:
    """A line square to a segment at a share of its way, longitude and latitude."""
    (x0, y0), (x1, y1) = shapely.get_coordinates(shapely.from_wkb(bytes(row["wkb"])))
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    east, north = (x1 - x0) / length, (y1 - y0) / length
    x, y = x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
    return [to_lonlat(x + side * -north * half_m, y + side * east * half_m) for side in (1, -1)]


def line(places: Any) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [list(place) for place in places]}


@pytest.mark.parametrize("share", [0.1, 0.37, 0.5, 0.9])
def test_a_sewer_of_the_city_lies_between_its_two_wells(
    planner: Client, sewer: dict[str, Any], share: float
) -> None:
    answer = planner.post(DOOR, json={"line": line(across(sewer, share)), "name": "3-3"})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    (row,) = [row for row in body["crossings"] if row["segment_id"] == sewer["id"]]
    invert = sewer["start_level"] + (sewer["end_level"] - sewer["start_level"]) * share
    ground = sewer["start_ground"] + (sewer["end_ground"] - sewer["start_ground"]) * share
    # Places in degrees are kept to 8 digits: a millimetre in plan, far less in height.
    assert row["invert_level"] == pytest.approx(invert, abs=0.0011)
    assert row["crown_level"] == pytest.approx(invert + sewer["height_mm"] / 1000, abs=0.0011)
    assert row["ground_level"] == pytest.approx(ground, abs=0.0011)
    assert row["depth_m"] == pytest.approx(ground - invert, abs=0.0021)
    assert row["station_m"] == pytest.approx(20.0, abs=0.002)
    assert row["angle_deg"] == pytest.approx(90.0, abs=0.01)
    assert body["length_m"] == pytest.approx(40.0, abs=0.002)
    assert body["name"] == "3-3"


def test_the_answer_is_in_the_order_of_stations_and_adds_up(planner: Client, sewer: dict[str, Any]) -> None:
    body = planner.post(DOOR, json={"line": line(across(sewer, 0.37))}).json()
    rows = body["crossings"]
    assert len(rows) > 3
    for row, following in pairwise(rows):
        assert row["station_m"] <= following["station_m"]
        assert row["axis_to_next_m"] == pytest.approx(following["station_m"] - row["station_m"], abs=0.0011)
    assert rows[-1]["axis_to_next_m"] is None
    assert [row["station_m"] for row in body["ground"]] == sorted(row["station_m"] for row in body["ground"])
    # Each crossing stands where its station is on the line.
    (west, south), (east, north) = body["line"]["coordinates"]
    for row in rows:
        share = row["station_m"] / body["length_m"]
        assert row["lon"] == pytest.approx(west + (east - west) * share, abs=3e-8)
        assert row["lat"] == pytest.approx(south + (north - south) * share, abs=3e-8)


def test_a_section_may_keep_to_some_classes(planner: Client, sewer: dict[str, Any]) -> None:
    asked = {"line": line(across(sewer, 0.37)), "class_codes": ["PS", "DX"]}
    rows = planner.post(DOOR, json=asked).json()["crossings"]
    assert {row["class_code"] for row in rows} <= {"PS", "TX"}  # DX is TX in the older edition
    assert sewer["id"] in {row["segment_id"] for row in rows}
    assert planner.post(DOOR, json=asked | {"class_codes": ["nonsense"]}).status_code in (404, 422)


def test_a_section_in_the_citys_own_coordinates(planner: Client, sewer: dict[str, Any]) -> None:
    (x0, y0), (x1, y1) = shapely.get_coordinates(shapely.from_wkb(bytes(sewer["wkb"])))
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    places = [(middle[0] - (y1 - y0), middle[1] + (x1 - x0)), (middle[0] + (y1 - y0), middle[1] - (x1 - x0))]
    rows = planner.post(DOOR, json={"line": line(places), "crs": "EPSG:4546"}).json()["crossings"]
    assert sewer["id"] in {row["segment_id"] for row in rows}


HERE = (109.99, 39.82)
BAD = {
    "one point": ([HERE], "two points"),
    "none": ([], "two points"),
    "no length": ([HERE, HERE, HERE], "no length"),
    "too long": ([HERE, (110.06, 39.82)], "5000 m"),
    "crossing itself": (
        [(109.99, 39.82), (109.992, 39.822), (109.992, 39.82), (109.99, 39.822)], "crosses or touches itself",
    ),
    "closed": ([(109.99, 39.82), (109.992, 39.822), (109.992, 39.82), (109.99, 39.82)], "touches itself"),
    "outside the city": ([(100.0, 30.0), (100.001, 30.0)], "outside the city"),
    "off the globe": ([(1e300, 30.0), (0.0, 30.0)], "outside the city"),
    "half a point": ([HERE, (109.99,)], "pair"),
    "too many points": ([(109.99 + i * 1e-6, 39.82) for i in range(201)], "200 points"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_line_that_cannot_be_cut_along_is_refused_in_both_languages(planner: Client, name: str) -> None:
    places, said = BAD[name]
    answer = planner.post(DOOR, json={"line": line(places)})
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert said in problem["detail"]
    assert problem["errors"][0]["pointer"] == "/line"
    chinese = planner.post(DOOR, json={"line": line(places)}, headers={"accept-language": "zh"}).json()
    assert "断面线" in chinese["detail"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(planner: Client, number: str) -> None:
    body = f'{{"line": {{"type": "LineString", "coordinates": [[109.99, 39.82], [{number}, 39.82]]}}}}'
    answer = planner.post(DOOR, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert json.loads(answer.text)["errors"]


def test_a_line_along_a_sewer_is_refused_with_its_number(planner: Client, sewer: dict[str, Any]) -> None:
    whole = shapely.get_coordinates(shapely.from_wkb(bytes(sewer["wkb"])))
    answer = planner.post(DOOR, json={"line": line(whole.tolist()), "crs": "EPSG:4546"})
    assert answer.status_code == 422
    assert sewer["segment_no"] in answer.json()["detail"]


def test_a_section_of_a_day_shows_what_was_there(small_city: str, sewer: dict[str, Any]) -> None:
    """A re-survey lowered the sewer by 0.5 m and its first well by 1 m; before that day the old holds."""
    engine = create_engine(small_city)
    day = datetime.now(UTC).date() - timedelta(days=30)
    cut = section_line(across(sewer, 0.5))
    with engine.connect() as connection, connection.begin() as outer, Session(connection) as session:
        _resurvey(session, sewer["id"], day)

        def invert(as_of: date | None) -> tuple[float, float]:
            rows = cross_section(session, cut, as_of).crossings
            (row,) = [row for row in rows if row.segment_id == sewer["id"]]
            return row.invert_level or 0, row.ground_level or 0

        now, before = invert(None), invert(day - timedelta(days=1))
        assert invert(day) == now
        assert before[0] - now[0] == pytest.approx(0.5, abs=1e-6)
        assert before[1] - now[1] == pytest.approx(0.5, abs=1e-4)  # half way from a well that is 1.000 lower
        outer.rollback()
    engine.dispose()


def _resurvey(session: Session, segment_id: int, day: date) -> None:
    """Keep the state before as rows of the past, and change the rows that live."""
    for table, where in (
        ("pipe_segment", "id = :id"),
        ("pipe_point", "id = (SELECT start_point_id FROM pipe_segment WHERE id = :id)"),
    ):
        columns = ", ".join(
            session.scalars(
                text(
                    "SELECT quote_ident(column_name) FROM information_schema.columns"
                    " WHERE table_name = :table AND table_schema = 'public' AND is_generated = 'NEVER'"
                    " AND column_name NOT IN ('id', 'past_of', 'valid_to')"
                ),
                {"table": table},
            )
        )
        session.execute(
            text(
                f"INSERT INTO {table} ({columns}, past_of, valid_to)"
                f" SELECT {columns}, id, :day FROM {table} WHERE {where}"
            ),
            {"id": segment_id, "day": day},
        )
        session.execute(
            text(f"UPDATE {table} SET valid_from = :day WHERE {where}"), {"id": segment_id, "day": day}
        )
    session.execute(
        text(
            "UPDATE pipe_segment SET start_level = start_level - 0.5, end_level = end_level - 0.5"
            " WHERE id = :id"
        ),
        {"id": segment_id},
    )
    session.execute(
        text(
            "UPDATE pipe_point SET ground_level = ground_level - 1"
            " WHERE id = (SELECT start_point_id FROM pipe_segment WHERE id = :id)"
        ),
        {"id": segment_id},
    )


def test_limits_are_those_in_force(session: Session) -> None:
    rows = [segment([(0, 0), (1, 1)], "JS/JP", "200"), segment([(0, 0), (1, 1)], "PS/WS", "300")]
    pair = ("WATER_D_LE_200", "SEWER_STORM")
    found = limits_in_force(session, heads_of(rows))
    assert found.horizontal[pair] == shipped_limits().horizontal[pair]
    assert found.cover["WATER", "any", "carriageway"].value_m == 0.7
    key = (min(pair), max(pair))
    correct_number(session, "clearance_horizontal", key, 0.8, "read in the printed standard", "admin")
    corrected = limits_in_force(session, heads_of(rows)).horizontal[pair]
    assert (corrected.value_m, corrected.status, corrected.is_firm) == (0.8, "corrected", True)
    assert corrected.source == "read in the printed standard"


def test_a_series_along_a_road(planner: Client, small_city: str) -> None:
    engine = create_engine(small_city)
    with engine.connect() as connection:
        code, length = connection.execute(
            text("SELECT code, ST_Length(geom) FROM road ORDER BY ST_Length(geom) DESC, code LIMIT 1")
        ).one()
    engine.dispose()
    asked = {"axis": code, "every_m": 50, "half_width_m": 25}
    answer = planner.post(SERIES, json=asked)
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    assert len(items) == int(length // 50) + 1
    assert {row["length_m"] for row in items} == {50.0}
    assert [row["name"] for row in items[:2]] == ["1-1", "2-2"]
    # Each alone is the same section: what lies around its neighbours is not around it.
    for row in items:
        alone = planner.post(DOOR, json={"line": row["line"], "name": row["name"]}).json()
        for part in ("crossings", "ground", "wells", "surroundings", "findings"):
            assert len(alone[part]) == len(row[part])
        assert [each["segment_id"] for each in alone["crossings"]] == [
            each["segment_id"] for each in row["crossings"]
        ]
        # Of two lines cut at one station either gives the ground; 1 mm of a place in degrees decides.
        assert [each["level"] for each in alone["ground"]] == pytest.approx(
            [each["level"] for each in row["ground"]], abs=0.05
        )


def test_a_series_is_refused_where_it_has_no_end_or_no_road(planner: Client) -> None:
    road = {"axis": "no such road", "every_m": 50, "half_width_m": 25}
    assert planner.post(SERIES, json=road).status_code == 404
    axis = {"axis": line([(109.99, 39.82), (110.01, 39.82)]), "every_m": 1, "half_width_m": 25}
    answer = planner.post(SERIES, json=axis)
    assert answer.status_code == 422
    assert "200" in answer.json()["detail"]
    # What was advised is enough.
    least = answer.json()["errors"][0]["detail"]
    every = float(least.split()[2])
    assert planner.post(SERIES, json=axis | {"every_m": every}).status_code == 200


@pytest.mark.parametrize(
    ("query", "accept", "media", "begins"),
    [
        ("", "application/json", "application/json", b"{"),
        ("", "image/svg+xml", "image/svg+xml", b"<svg"),
        ("?f=svg&interactive=true", "*/*", "image/svg+xml", b"<svg"),
        ("?f=pdf&scale_h=100&scale_v=50&paper=A2", "*/*", "application/pdf", b"%PDF"),
        ("", "image/png, */*;q=0.1", "image/png", b"\x89PNG"),
        ("?f=dxf", "application/json", "image/vnd.dxf", b"  0"),
    ],
)
def test_a_section_is_answered_as_it_is_asked_for(
    planner: Client, sewer: dict[str, Any], query: str, accept: str, media: str, begins: bytes
) -> None:
    answer = planner.post(
        DOOR + query, json={"line": line(across(sewer, 0.37)), "name": "1-1"}, headers={"accept": accept}
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == media
    assert answer.content.startswith(begins)


def test_formats_that_are_not_offered_are_refused(planner: Client, sewer: dict[str, Any]) -> None:
    body = {"line": line(across(sewer, 0.37))}
    assert planner.post(DOOR, json=body, headers={"accept": "text/csv"}).status_code == 406
    assert planner.post(f"{DOOR}?f=docx", json=body).status_code == 422
    assert planner.post(f"{DOOR}?f=svg&scale_h=77", json=body).status_code == 422
    series = {"axis": body["line"], "every_m": 10, "half_width_m": 5}
    assert planner.post(f"{SERIES}?f=svg", json=series).status_code == 406
    assert planner.post(f"{SERIES}?f=pdf", json=series).content.startswith(b"%PDF")
