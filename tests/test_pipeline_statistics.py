"""Sums of the network: against pandas on the raw rows, against shapely where lines are cut, and by hand."""

from collections.abc import Iterator
from math import pi
from typing import Any

import pandas as pd
import pytest
import shapely
from shapely.geometry import shape
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from gis.crs import to_city, to_lonlat
from gis.errors import InvalidInput
from gis.pipeline import statistics as module
from gis.pipeline.asking import Question, city_day
from gis.pipeline.queries import rows_asked
from gis.pipeline.statistics import Figures, statistics, with_unknown_volume
from tests import pipe_rows
from tests.pipe_rows import EAST, NORTH, Row
from tests.small_city import AsRole, Client

PATH = "/api/v1/pipelines/statistics"
QUERY = "/api/v1/pipelines/query"


@pytest.fixture(scope="module")
def lines(database: Engine) -> Iterator[tuple[Session, list[Row]]]:
    """Sixty lines, gone again when the module is done."""
    with database.connect() as connection:
        outer = connection.begin()
        with Session(connection) as session:
            yield session, pipe_rows.build(session)
        outer.rollback()


@pytest.fixture(scope="module")
def raw(small_city: str) -> pd.DataFrame:
    """The segments of the small city as the table holds them."""
    engine = create_engine(small_city)
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT s.*, ST_AsBinary(ST_Force2D(s.geom)) AS wkb, d.code AS owner, g.code AS unit_grid,"
                " a.code AS community FROM pipe_segment AS s LEFT JOIN department AS d ON d.id = s.owner_id"
                " LEFT JOIN pipe_point AS p ON p.id = s.start_point_id"
                " LEFT JOIN unit_grid AS g ON g.id = p.unit_grid_id"
                " LEFT JOIN area AS a ON a.id = g.community_id"
                " WHERE s.valid_to IS NULL"
            )
        ).mappings()
        frame = pd.DataFrame([dict(row) for row in rows])
    engine.dispose()
    frame["line"] = shapely.from_wkb([bytes(wkb) for wkb in frame["wkb"]])
    frame["metres"] = shapely.length(frame["line"])
    return frame


COLUMNS = {
    "class": "class_code", "sub_class": "sub_code", "material": "material", "owner": "owner",
    "road": "road_name", "year": "year_laid", "community": "community", "unit_grid": "unit_grid",
    "usage_status": "usage_status", "holes": "total_holes",
}  # fmt: skip


@pytest.mark.parametrize(
    "group_by",
    [["class", "material"], ["owner"], ["road", "class"], ["community"], ["unit_grid"], ["year"], ["holes"]],
    ids=",".join,
)
def test_groups_are_those_of_pandas(as_role: AsRole, raw: pd.DataFrame, group_by: list[str]) -> None:
    told = as_role("planner").get(PATH, params={"group_by": ",".join(group_by)}).json()
    frame = raw.assign(**{name: raw[COLUMNS[name]].replace("", None) for name in group_by})
    expected = {}
    for key, rows in frame.groupby(group_by, dropna=False):
        expected[tuple(None if pd.isna(part) else part for part in key)] = rows
    assert len(told["groups"]) == len(expected) > 1
    assert told["others"] is None
    for group in told["groups"]:
        rows = expected[tuple(group["key"][name] for name in group_by)]
        assert group["count"] == len(rows)
        assert group["length_m"] == pytest.approx(rows["metres"].sum())
        for name, column in (("holes", "total_holes"), ("used_holes", "used_holes")):
            known = rows[column].dropna()
            assert group[name] == (int(known.sum()) if len(known) else None)
    lengths = [group["length_m"] for group in told["groups"]]
    assert lengths == sorted(lengths, reverse=True)
    assert told["total"]["count"] == len(raw)
    assert told["total"]["length_m"] == pytest.approx(raw["metres"].sum())


def test_volumes_of_known_sizes_by_hand(lines: tuple[Session, list[Row]]) -> None:
    session, rows = lines
    total = statistics(session, Question(), []).total
    volume, unknown = 0.0, []
    for row in rows:
        width, height = row["width_mm"], row["height_mm"]
        if width is None or height is None:
            unknown.append(row)
        elif "X" in row["size"] or (row["class"] in ("DL", "TX") and (row["holes"] or 0) > 1):
            volume += width / 1000 * height / 1000 * row["length_m"]
        else:
            volume += pi * (width / 2000) ** 2 * row["length_m"]
    assert total.volume_m3 == pytest.approx(volume)
    assert 0 < total.unknown_volume_count == len(unknown) < len(rows)
    assert total.unknown_volume_length_m == pytest.approx(sum(row["length_m"] for row in unknown))


def test_a_volume_nobody_knows_is_unknown_and_not_nought(lines: tuple[Session, list[Row]]) -> None:
    session, _rows = lines
    total = statistics(session, Question(filter="width_mm IS NULL"), []).total
    assert (total.volume_m3, total.unknown_volume_count) == (None, total.count)


@pytest.mark.parametrize(
    ("name", "column", "bands"),
    [
        ("size_band", "width_mm", {"<100": (0, 100), "100-200": (100, 200), "300-400": (300, 400)}),
        ("age_band", "year", {"10-20": (10, 20), "<5": (-1, 5), ">=50": (50, 999)}),
    ],
)
def test_bands_hold_what_lies_between_their_limits(
    lines: tuple[Session, list[Row]], name: str, column: str, bands: dict[str, tuple[int, int]]
) -> None:
    session, rows = lines
    groups = {
        group.key[name]: group.figures.count for group in statistics(session, Question(), [name]).groups
    }
    this_year = city_day().year
    for band, (low, high) in bands.items():
        values = [row[column] for row in rows if row[column] is not None]
        if name == "age_band":
            values = [this_year - value for value in values]
        assert groups.get(band, 0) == sum(low <= value < high for value in values)
    assert groups[None] == sum(row[column] is None for row in rows)


def test_lengths_are_cut_at_the_edge_of_the_area(lines: tuple[Session, list[Row]]) -> None:
    session, rows = lines
    corners = [(103.0, -20.0), (255.0, -3.0), (210.0, 2.5), (120.0, 30.0)]
    area = shapely.Polygon([(EAST + x, NORTH + y) for x, y in corners])
    ring = [list(to_lonlat(EAST + x, NORTH + y)) for x, y in (*corners, corners[0])]
    drawn = {"type": "Polygon", "coordinates": [ring]}
    inside = [row for row in rows if row["line"].intersects(area)]
    whole = statistics(session, Question(area=drawn), ["class"])
    cut = statistics(session, Question(area=drawn, clip=True), ["class"])
    assert whole.total.length_m == pytest.approx(sum(row["length_m"] for row in inside))
    parts = {row["id"]: shapely.force_2d(row["line"]).intersection(area).length for row in inside}
    assert cut.total.length_m == pytest.approx(sum(parts.values()), abs=1e-3)
    assert cut.total.length_m < whole.total.length_m
    assert cut.total.count == whole.total.count == len(inside)
    for group in cut.groups:
        mine = [parts[row["id"]] for row in inside if row["class"] == group.key["class"]]
        assert group.figures.length_m == pytest.approx(sum(mine), abs=1e-3)


def test_cut_to_a_community_everything_inside_counts(
    as_role: AsRole, raw: pd.DataFrame, small_city: str
) -> None:
    client = as_role("planner")
    code = next(code for code in raw["community"].dropna().unique())
    engine = create_engine(small_city)
    with engine.connect() as connection:
        area = shapely.from_wkb(
            bytes(connection.scalar(text("SELECT ST_AsBinary(geom) FROM area WHERE code = :c"), {"c": code}))
        )
    engine.dispose()
    told = client.get(PATH, params={"community": code, "clip": True}).json()["total"]
    expected = shapely.length(shapely.intersection(list(raw["line"]), area)).sum()
    assert told["length_m"] == pytest.approx(expected, rel=1e-6)
    assert told["count"] == shapely.intersects(list(raw["line"]), area).sum()


def rows_behind(client: Client, link: dict[str, Any]) -> list[dict[str, Any]]:
    """All rows of a link, page by page."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        answer = client.request(
            link["method"], link["href"], json={**link["body"], "limit": 100, "cursor": cursor}
        )
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        cursor = answer.json()["next"]
        if cursor is None:
            return found


@pytest.mark.parametrize(
    "body",
    [
        {"group_by": ["class", "size_band"]},
        {"group_by": ["owner"], "filter": "class = 'PS' OR class = 'JS'"},
        {"group_by": ["road", "material"], "filter": {"op": ">", "args": [{"property": "width_mm"}, 200]}},
        {"group_by": ["age_band", "laying", "pressure_band"]},
        {"group_by": [], "filter": "class = 'RQ'"},
    ],
    ids=lambda body: ",".join(body["group_by"]) or "total",
)
def test_every_figure_leads_to_its_rows(as_role: AsRole, body: dict[str, Any]) -> None:
    client = as_role("planner")
    told = client.post(PATH, json=body).json()
    for figures in [told["total"], *told["groups"]]:
        rows = rows_behind(client, figures["rows"])
        assert len(rows) == figures["count"]
        assert sum(row["length_m"] for row in rows) == pytest.approx(figures["length_m"])
        for name, value in figures.get("key", {}).items():
            assert {row[name] for row in rows} == {value}


def test_the_lines_without_a_size_are_shown(lines: tuple[Session, list[Row]]) -> None:
    session, rows = lines
    found = rows_asked(session, Question(filter=with_unknown_volume("class = 'PS'")), limit=1000).items
    expected = [
        row["id"] for row in rows if row["class"] == "PS" and None in (row["width_mm"], row["height_mm"])
    ]
    assert [item["id"] for item in found] == expected


def test_of_too_many_groups_the_longest_are_shown_and_the_rest_summed_up(
    lines: tuple[Session, list[Row]], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, _rows = lines
    every = statistics(session, Question(), ["year"])
    monkeypatch.setattr(module, "MOST_GROUPS", 5)
    some = statistics(session, Question(), ["year"])
    assert [group.key for group in some.groups] == [group.key for group in every.groups[:5]]
    assert (some.other_groups, every.other_groups) == (len(every.groups) - 5, 0)
    assert some.total.count == every.total.count
    assert some.others is not None
    left = [group.figures for group in every.groups[5:]]
    assert some.others.count == sum(one.count for one in left)
    assert some.others.length_m == pytest.approx(sum(one.length_m for one in left))


def test_nothing_sums_up_to_nothing(lines: tuple[Session, list[Row]]) -> None:
    nothing = statistics(lines[0], Question(filter="class = 'GY'"), ["material"])
    assert nothing.groups == []
    assert nothing.total == Figures(0, 0, None, None, None, 0, 0)


@pytest.mark.parametrize("group_by", [["number"], ["bore"], ["class", "class"], ["class"] * 4])
def test_what_cannot_be_grouped_by_is_said(lines: tuple[Session, list[Row]], group_by: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        statistics(lines[0], Question(), group_by)
    assert refused.value.extra["errors"][0]["pointer"] == "/group_by"


def test_a_box_in_the_address_is_that_of_the_body(as_role: AsRole) -> None:
    client = as_role("planner")
    item = client.post(QUERY, json={"limit": 1}).json()["items"][0]
    lon, lat = item["geometry"]["coordinates"][0]
    box = [lon - 0.002, lat - 0.002, lon + 0.002, lat + 0.002]
    by_address = client.get(PATH, params={"bbox": ",".join(map(str, box))}).json()["total"]
    by_body = client.post(PATH, json={"bbox": box}).json()["total"]
    assert by_address == by_body
    assert shape(item["geometry"]).length > 0
    assert by_body["count"] > 0
    assert client.get(PATH, params={"bbox": "1,2,x"}).status_code == 422


def test_the_same_road_either_way(as_role: AsRole, raw: pd.DataFrame, small_city: str) -> None:
    client = as_role("planner")
    engine = create_engine(small_city)
    with engine.connect() as connection:
        name = connection.scalar(text("SELECT name_zh FROM road ORDER BY ST_Length(geom) DESC LIMIT 1"))
        centre = shapely.from_wkb(
            bytes(
                connection.scalar(
                    text("SELECT ST_AsBinary(ST_Collect(geom)) FROM road WHERE name_zh = :n"), {"n": name}
                )
            )
        )
    engine.dispose()
    told = client.get(PATH, params={"road": name, "distance_m": 12.5}).json()["total"]
    near = shapely.distance(list(raw["line"]), centre) <= 12.5
    assert (told["count"], told["length_m"]) == (near.sum(), pytest.approx(raw["metres"][near].sum()))
    assert 0 < told["count"] < len(raw)


def test_places_of_lists_are_those_of_the_city(as_role: AsRole, raw: pd.DataFrame) -> None:
    """Degrees out and metres in: a line comes back to where it lies, to the millimetre."""
    for item in as_role("planner").post(QUERY, json={"limit": 20}).json()["items"]:
        line = raw.set_index("id").loc[item["id"], "line"]
        there = [to_city(lon, lat) for lon, lat in item["geometry"]["coordinates"]]
        assert shapely.LineString(there).hausdorff_distance(shapely.force_2d(line)) < 1e-3
