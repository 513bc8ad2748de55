"""Tiles hold all that lies in them, no more and no less, and are found by the index."""

import gzip
import math
import re
from collections.abc import Iterator

import mapbox_vector_tile
import pytest
import shapely.affinity
import shapely.geometry
from fastapi.testclient import TestClient
from pyproj import Transformer
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from gis.errors import InvalidInput
from gis.people.models import Role
from gis.settings import CITY_SRID
from layers.catalog import LAYERS, layers_for
from layers.layer import Count, Layer, Merge, Shape
from layers.source import city_box as city_lonlat
from layers.tile_cache import TileCache, pack, packed_tile
from layers.tile_sql import EXTENT, MARGIN
from layers.tiles import city_box, kept_of, tile, tile_bounds, tile_sql

EVERY_LAYER = pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
# People and jobs make these, the sample does not: tests/test_map_layers.py makes some of its own.
NOT_IN_THE_SAMPLE = {"patrol_tracks", "pipe_findings"}
POINT_LAYERS = [
    layer
    for layer in LAYERS.values()
    if isinstance(layer.generalise, Count) and layer.name not in NOT_IN_THE_SAMPLE
]
LINE_LAYERS = [layer for layer in LAYERS.values() if isinstance(layer.generalise, Merge)]


@pytest.fixture(scope="module")
def engine(small_city: str) -> Iterator[Engine]:
    engine = create_engine(small_city)
    yield engine
    engine.dispose()


@pytest.fixture
def city(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


def tiles_of_city(session: Session, z: int) -> list[tuple[int, int]]:
    """Every tile of a zoom that touches the city, with one more all round."""
    box = session.execute(
        text(
            "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM (SELECT ST_Extent(ST_Transform("
            "ST_Segmentize(geom, 500), 4326)) AS b FROM area) AS e"
        )
    ).one()
    left, top = number(box[0], box[3], z)
    right, bottom = number(box[2], box[1], z)
    most = 2**z - 1
    columns = range(max(0, left - 1), min(most, right + 1) + 1)
    rows = range(max(0, top - 1), min(most, bottom + 1) + 1)
    return [(x, y) for x in columns for y in rows]


def number(lon: float, lat: float, z: int) -> tuple[int, int]:
    side = 2**z
    return int((lon + 180) / 360 * side), int(
        (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side
    )


def central_tile(session: Session, z: int) -> tuple[int, int]:
    box = city_lonlat(session)
    assert box is not None
    return number((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, z)


def read(content: bytes, name: str) -> list[dict]:  # type: ignore[type-arg]
    decoded = mapbox_vector_tile.decode(content) if content else {}
    return decoded.get(name, {}).get("features", [])  # type: ignore[no-any-return]


def ids_by_sql(session: Session, layer: Layer, z: int, x: int, y: int, inset: float) -> set[int]:
    """Rows that meet the tile, its margin included, drawn in by ``inset`` units; without index or box."""
    side = 2 * math.pi * 6378137 / 2**z
    unit = side / EXTENT
    west, north = -math.pi * 6378137 + x * side, math.pi * 6378137 - y * side
    grow = (MARGIN - inset) * unit
    values = {"w": west - grow, "s": north - side - grow, "e": west + side + grow, "n": north + grow}
    drawn = f"WHERE v.{layer.drawn}" if layer.drawn else ""
    rows = session.scalars(
        text(
            "SELECT id FROM (SELECT v.id, ST_Transform(ST_Force2D(v.geom), 3857) AS g"
            f" FROM {layer.source} AS v {drawn}) AS r"
            " WHERE ST_Intersects(g, ST_MakeEnvelope(:w, :s, :e, :n, 3857))"
        ),
        values,
    )
    return set(rows)


@EVERY_LAYER
@pytest.mark.parametrize("z", [14, 15, 16, 17])
def test_tile_holds_every_row_that_lies_in_it(city: Session, layer: Layer, z: int) -> None:
    x, y = central_tile(city, z)
    assert layer.is_whole_at(z) or isinstance(layer.generalise, Count)
    if not layer.is_whole_at(z):
        z = layer.generalise.below  # type: ignore[union-attr]
        x, y = central_tile(city, z)
    found = [feature["id"] for feature in read(tile(city, layer, z, x, y), layer.name)]
    assert len(found) == len(set(found))
    # Rows that only graze the margin's rim are rounded in or out.
    assert (
        ids_by_sql(city, layer, z, x, y, inset=2) <= set(found) <= ids_by_sql(city, layer, z, x, y, inset=-2)
    )
    if layer.name not in {"duty_grids", *NOT_IN_THE_SAMPLE}:
        assert found


@pytest.mark.parametrize("layer", POINT_LAYERS, ids=lambda layer: layer.name)
@pytest.mark.parametrize("z", [9, 11, 13])
def test_counts_of_all_tiles_add_up_to_the_city(city: Session, layer: Layer, z: int) -> None:
    if z < layer.min_zoom:
        z = layer.min_zoom
    assert not layer.is_whole_at(z)
    total = 0
    for x, y in tiles_of_city(city, z):
        total += sum(
            feature["properties"]["count"] for feature in read(tile(city, layer, z, x, y), layer.name)
        )
    drawn = f"WHERE {layer.drawn}" if layer.drawn else ""
    assert total == city.scalar(text(f"SELECT count(*) FROM {layer.source} {drawn}")) > 0


def test_counted_cases_tell_how_many_are_overdue(city: Session) -> None:
    layer = LAYERS["cases"]
    told = sum(
        feature["properties"]["overdue"]
        for x, y in tiles_of_city(city, 11)
        for feature in read(tile(city, layer, 11, x, y), "cases")
    )
    assert told == city.scalar(text("SELECT count(*) FROM app.cases WHERE is_open AND lamp = 'red'"))


@pytest.mark.parametrize("layer", LINE_LAYERS, ids=lambda layer: layer.name)
@pytest.mark.parametrize("z", [11, 13])
def test_merged_lines_show_every_line_of_every_class_and_no_other(
    city: Session, layer: Layer, z: int
) -> None:
    assert isinstance(layer.generalise, Merge)
    by = layer.generalise.by
    pixel = 2 * math.pi * 6378137 / 2**z / 512
    drawn: dict[tuple[str, ...], list[shapely.LineString]] = {}
    for x, y in tiles_of_city(city, z):
        side = 2 * math.pi * 6378137 / 2**z
        west, south = -math.pi * 6378137 + x * side, math.pi * 6378137 - (y + 1) * side
        for feature in read(tile(city, layer, z, x, y), layer.name):
            key = tuple(str(feature["properties"].get(name)) for name in by)
            line = shapely.geometry.shape(feature["geometry"])
            unit = side / EXTENT
            drawn.setdefault(key, []).append(
                shapely.affinity.affine_transform(line, [unit, 0, 0, unit, west, south])
            )
    rows = city.execute(
        text(f"SELECT {', '.join(by)}, ST_AsBinary(ST_Transform(ST_Force2D(geom), 3857)) FROM {layer.source}")
    ).all()
    known: dict[tuple[str, ...], list[bytes]] = {}
    for row in rows:
        known.setdefault(tuple(str(value) for value in row[:-1]), []).append(bytes(row[-1]))
    assert drawn.keys() == known.keys()
    for key, lines in known.items():
        true, shown = shapely.union_all(shapely.from_wkb(lines)), shapely.union_all(drawn[key])
        # Both ways, at every vertex and half-way between: none missing, none made up.
        assert shapely.hausdorff_distance(true, shown, densify=0.5) < 2.5 * pixel, key


@EVERY_LAYER
def test_no_tile_of_the_city_is_huge(city: Session, layer: Layer) -> None:
    for z in range(layer.min_zoom, 16):
        x, y = central_tile(city, z)
        assert len(gzip.compress(tile(city, layer, z, x, y))) < 300_000, z


@EVERY_LAYER
def test_rows_are_found_by_the_index(city: Session, layer: Layer) -> None:
    z = 16
    x, y = central_tile(city, z)
    box = city_box(z, x, y, MARGIN / EXTENT)
    assert box is not None
    values = dict(zip(("left", "bottom", "right", "top"), box, strict=True))
    values |= {"z": z, "x": x, "y": y, "srid": CITY_SRID, "per_metre": 1.0, "west": 0.0, "north": 0.0}
    # The small city fits in a page or two: without this the planner would rightly read it all.
    city.execute(text("SET LOCAL enable_seqscan = off"))
    sql = text(f"EXPLAIN {tile_sql(layer, z)}")
    values |= {"half_pixel": 1.0, "as_of": None, "since": None, "until": None}
    known = {name: value for name, value in values.items() if f":{name}" in str(sql)}
    lines = city.scalars(sql, known)
    plan = "\n".join(lines)
    assert re.search(r"Index Cond: .*&&", plan), plan


def test_label_of_an_area_stands_in_one_tile_only(city: Session) -> None:
    layer = LAYERS["areas"]
    found = [
        feature["id"]
        for x, y in tiles_of_city(city, 12)
        for feature in read(tile(city, layer, 12, x, y), "areas_label")
    ]
    assert sorted(found) == sorted(city.scalars(text("SELECT id FROM app.areas")))


@pytest.mark.parametrize("z", range(0, 20, 3))
def test_box_of_a_tile_holds_all_of_its_edge(z: int) -> None:
    x, y = number(109.99, 39.82, z)
    box = city_box(z, x, y)
    assert box is not None
    west, south, east, north = tile_bounds(z, x, y)
    to_city = Transformer.from_crs(4326, CITY_SRID, always_xy=True)
    for step in range(101):
        lon, lat = west + (east - west) * step / 100, south + (north - south) * step / 100
        for corner in ((lon, south), (lon, north), (west, lat), (east, lat)):
            if abs(corner[0] - 111) < 2 and 20 < corner[1] < 53:
                easting, northing = to_city.transform(*corner)
                assert box[0] <= easting <= box[2]
                assert box[1] <= northing <= box[3]


def test_a_tile_on_the_other_side_of_the_world_is_empty(session: Session) -> None:
    assert city_box(10, 100, 400) is None
    assert tile(session, LAYERS["areas"], 10, 100, 400) == b""


@pytest.mark.parametrize(
    ("z", "x", "y"), [(-1, 0, 0), (23, 0, 0), (3, 8, 0), (3, 0, 8), (3, -1, 0), (0, 0, 1)]
)
def test_tile_that_cannot_be_is_refused(session: Session, z: int, x: int, y: int) -> None:
    with pytest.raises(InvalidInput):
        tile(session, LAYERS["areas"], z, x, y)


def test_a_row_no_longer_in_force_is_not_drawn(city: Session) -> None:
    layer = LAYERS["unit_grids"]
    z, (x, y) = 16, central_tile(city, 16)
    before = {feature["id"] for feature in read(tile(city, layer, z, x, y), layer.name)}
    ended = min(before)
    city.execute(
        text("UPDATE unit_grid SET valid_from = '2020-01-01', valid_to = current_date WHERE id = :id"),
        {"id": ended},
    )
    after = {feature["id"] for feature in read(tile(city, layer, z, x, y), layer.name)}
    city.rollback()
    assert before - after == {ended}


def test_polygons_have_no_heights_left_to_fail_on() -> None:
    for layer in LAYERS.values():
        if layer.shape is not Shape.POINT:
            made = str(tile_sql(layer, 16))
            assert kept_of(layer) is not None or "ST_Force2D" in made


def test_cache_forgets_what_was_used_longest_ago() -> None:
    cache = TileCache(most_bytes=3 * 1300)
    for name in "abc":
        cache.put(name, b"x" * 1000)
    assert cache.get("a") is not None
    cache.put("d", b"x" * 1000)
    assert cache.get("b") is None
    assert cache.get("a") is not None
    assert len(cache) == 3


def test_same_content_has_the_same_etag_everywhere() -> None:
    assert pack(b"abc") == pack(b"abc")
    assert pack(b"abc").etag != pack(b"abd").etag
    assert pack(b"abc").plain() == b"abc"


def test_a_tile_is_named_by_what_lies_there_and_kept_under_that_name(city: Session) -> None:
    layer, cache = LAYERS["roads"], TileCache()
    z, (x, y) = 14, central_tile(city, 14)
    far = (x + 40, y)
    before, far_before = (packed_tile(city, layer, z, *at, cache=cache) for at in ((x, y), far))
    assert before.content
    assert len(cache) == 1
    assert packed_tile(city, layer, z, x, y, cache=cache).etag == before.etag
    box = city_box(z, x, y)
    assert box is not None
    city.execute(
        text(
            "UPDATE road SET name_en = name_en || '!'"
            " WHERE geom && ST_MakeEnvelope(:w, :s, :e, :n, :srid) AND valid_to IS NULL"
        ),
        dict(zip("wsen", box, strict=True)) | {"srid": CITY_SRID},
    )
    after = packed_tile(city, layer, z, x, y, cache=cache)
    assert after.etag != before.etag
    assert read(after.plain(), "roads") != read(before.plain(), "roads")
    assert packed_tile(city, layer, z, *far, cache=cache).etag == far_before.etag
    city.rollback()
    assert packed_tile(city, layer, z, x, y, cache=cache).etag == before.etag


def test_layers_that_are_watched_live_are_never_kept(city: Session) -> None:
    cache = TileCache()
    x, y = central_tile(city, 14)
    packed_tile(city, LAYERS["cases"], 14, x, y, cache=cache).plain()
    assert len(cache) == 0


class TestOverHttp:
    @pytest.fixture
    def address(self, city: Session) -> str:
        x, y = central_tile(city, 14)
        return f"/tiles/unit_grids/14/{x}/{y}.mvt"

    @pytest.fixture
    def planner(self, as_role) -> TestClient:  # type: ignore[no-untyped-def]
        return as_role("planner")  # type: ignore[no-any-return]

    def test_a_tile_needs_a_person(self, anonymous: TestClient, address: str) -> None:
        assert anonymous.get(address).status_code == 401

    def test_every_role_may_look(self, every_role: dict[str, TestClient], address: str) -> None:
        assert {
            role: client.get(address).status_code for role, client in every_role.items()
        } == dict.fromkeys(every_role, 200)

    def test_tile_is_packed_private_and_asked_again(self, planner: TestClient, address: str) -> None:
        answer = planner.get(address, headers={"accept-encoding": "gzip"})
        assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["cache-control"] == "private, no-cache"
        assert "accept-encoding" in answer.headers["vary"]
        assert read(answer.content, "unit_grids")

    def test_unchanged_tile_answers_304(self, planner: TestClient, address: str) -> None:
        etag = planner.get(address).headers["etag"]
        answer = planner.get(address, headers={"if-none-match": etag})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)

    def test_packed_and_plain_have_two_etags_and_one_content(self, planner: TestClient, address: str) -> None:
        packed = planner.get(address, headers={"accept-encoding": "gzip"})
        plain = planner.get(address, headers={"accept-encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert packed.content == plain.content
        assert packed.headers["etag"] != plain.headers["etag"]

    def test_empty_tile_is_204(self, planner: TestClient) -> None:
        assert planner.get("/tiles/roads/14/1/1.mvt").status_code == 204

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("nothing/1/0/0", 404),
            ("roads/3/9/0", 422),
            ("roads/99/0/0", 422),
            ("roads/3/-1/0", 422),
            ("roads/3/a/0", 422),
            ("roads/3/99999999999999999999999/0", 422),
            ("roads;DROP/3/0/0", 404),
        ],
    )
    def test_bad_tile_is_a_clear_problem(self, planner: TestClient, path: str, status: int) -> None:
        answer = planner.get(f"/tiles/{path}.mvt")
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"

    def test_list_of_layers_comes_from_the_catalogue(self, planner: TestClient) -> None:
        items = planner.get("/api/v1/layers").json()["items"]
        assert [item["name"] for item in items] == [layer.name for layer in layers_for(Role.PLANNER)]
        assert all(item["legend"] for item in items)

    def test_every_layer_tells_of_a_row(self, planner: TestClient, city: Session) -> None:
        for layer in (layer for layer in LAYERS.values() if layer.name not in NOT_IN_THE_SAMPLE):
            first = city.scalar(text(f"SELECT min(id) FROM {layer.source}"))
            item = planner.get(f"/api/v1/layers/{layer.name}/items/{first}").json()
            assert item["title"]
            assert item["fields"]
            west, south, east, north = item["box"]
            assert west <= item["lon"] <= east
            assert south <= item["lat"] <= north

    def test_a_case_leads_to_its_page(self, planner: TestClient, city: Session) -> None:
        row = city.execute(text("SELECT id, case_no FROM app.cases ORDER BY id LIMIT 1")).one()
        item = planner.get(f"/api/v1/layers/cases/items/{row.id}").json()
        assert item["page"] == f"/cases/{row.case_no}"

    @pytest.mark.parametrize(
        ("layer", "column"),
        [("cases", "case_no"), ("unit_grids", "code"), ("roads", "name_zh"), ("areas", "name_zh")],
    )
    def test_search_finds_what_is_named_in_full(
        self, planner: TestClient, city: Session, layer: str, column: str
    ) -> None:
        drawn = LAYERS[layer].drawn
        where = f"WHERE {drawn}" if drawn else ""
        row = city.execute(
            text(f"SELECT id, {column} AS name FROM {LAYERS[layer].source} {where} LIMIT 1")
        ).one()
        found = planner.get("/api/v1/find", params={"q": row.name, "limit": 50}).json()["items"]
        assert (layer, row.id) in {(item["layer"], item["id"]) for item in found}
