"""What tiles are made of is what the city's tables say: after any change, settled or not, and on any day."""

import math
from collections.abc import Iterator
from datetime import date

import mapbox_vector_tile
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from gis.errors import InvalidInput
from gis.tile.datasets import CELL_ZOOM, CELLS_BITS, KEPT, Counted, Merged
from gis.tile.settling import rebuild, settle, settle_some
from gis.tile.versions import dataset_version, tile_state
from layers.catalog import LAYERS
from layers.layer import Count, Merge
from layers.source import city_box
from layers.tiles import When, tile

EVERY_DATASET = pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT)


@pytest.fixture(scope="module")
def engine(small_city: str) -> Iterator[Engine]:
    engine = create_engine(small_city)
    yield engine
    engine.dispose()


@pytest.fixture
def city(engine: Engine) -> Iterator[Session]:
    """The small city; whatever a test does to it is rolled back."""
    with Session(engine) as session:
        yield session
        session.rollback()


def tile_at(session: Session, z: int) -> tuple[int, int]:
    box = city_box(session)
    assert box is not None
    lon, lat = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    row = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * 2**z), int(row * 2**z)


def read(content: bytes, name: str) -> list[dict]:  # type: ignore[type-arg]
    return mapbox_vector_tile.decode(content).get(name, {}).get("features", []) if content else []  # type: ignore[no-any-return]


def content(session: Session, table: str, columns: str = "t") -> list[tuple]:  # type: ignore[type-arg]
    """All rows of a table as text, in an order of their own."""
    rows = session.execute(text(f"SELECT ({columns})::text FROM {table} AS t ORDER BY 1"))
    return [tuple(row) for row in rows]


def settle_all(session: Session) -> None:
    while settle_some(session):
        pass


class TestTable:
    @EVERY_DATASET
    def test_catalogue_and_database_agree_on_what_is_kept(self, kept, city: Session) -> None:  # type: ignore[no-untyped-def]
        layer = LAYERS[kept.name]
        columns = city.scalars(
            text("SELECT column_name FROM information_schema.columns WHERE table_name = :t"),
            {"t": kept.table},
        )
        assert set(layer.in_tiles) <= set(columns)
        match kept.overview:
            case Merged() as how:
                assert isinstance(layer.generalise, Merge)
                assert (layer.generalise.by, layer.generalise.below) == (how.by, CELL_ZOOM + 1)
                assert layer.min_zoom >= how.least
            case Counted() as how:
                assert isinstance(layer.generalise, Count)
                assert (layer.generalise.cells, layer.generalise.below) == (2**CELLS_BITS, how.most + 1)
                assert layer.min_zoom >= how.least
            case None:
                assert layer.generalise is None

    def test_every_kept_table_has_its_triggers(self, city: Session) -> None:
        found = city.execute(
            text(
                "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger"
                " WHERE tgname LIKE 'keep_tiles_%' GROUP BY 1"
            )
        )
        assert dict(map(tuple, found)) == {kept.subject: 4 for kept in KEPT.values()}


class TestFollowing:
    @EVERY_DATASET
    def test_rows_of_tiles_are_the_rows_in_force(self, kept, city: Session) -> None:  # type: ignore[no-untyped-def]
        ids = set(city.scalars(text(f"SELECT id FROM public.{kept.table}")))
        assert ids == set(city.scalars(text(f"SELECT id FROM {LAYERS[kept.name].source}")))

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["move", "rename", "end", "revive", "delete", "copy"]), st.integers(0, 40)
            ),
            min_size=1,
            max_size=8,
        )
    )
    def test_any_changes_leave_what_making_all_anew_would(self, city: Session, changes) -> None:  # type: ignore[no-untyped-def]
        statements = {
            "move": "UPDATE road SET geom = ST_Translate(geom, 300 * :n - 4000, 57 * :n) WHERE id % 41 = :n",
            "rename": "UPDATE road SET name_zh = name_zh || :n WHERE id % 41 = :n",
            "end": "UPDATE road SET valid_from = '2020-01-01', valid_to = '2024-05-06' WHERE id % 41 = :n",
            "revive": "UPDATE road SET valid_to = NULL WHERE id % 7 = :n % 7",
            "delete": "DELETE FROM road WHERE id % 41 = :n"
            " AND NOT EXISTS (SELECT FROM building AS b WHERE b.road_id = road.id)",
            "copy": "INSERT INTO road (code, name_zh, name_en, grade, geom)"
            " SELECT left(md5(random()::text), 20), name_zh, name_en, grade, ST_Reverse(geom)"
            " FROM road WHERE id % 41 = :n",
        }
        with city.begin_nested() as undo:
            for number, (what, n) in enumerate(changes):
                city.execute(text(statements[what].replace(":n", str(n))))
                if number % 3 == 1:
                    settle(city.connection(), "roads", most=1)
            settle_all(city)
            kept = {table: content(city, table) for table in ("public.tile_road",)}
            lines = content(city, "public.tile_line", "dataset, z, x, y, kind, geom")
            version = dataset_version(city, "roads")
            rebuild(city.connection(), "roads")
            assert content(city, "public.tile_road") == kept["public.tile_road"]
            assert content(city, "public.tile_line", "dataset, z, x, y, kind, geom") == lines
            assert dataset_version(city, "roads") != version
            undo.rollback()

    def test_counts_follow_too(self, city: Session) -> None:
        city.execute(text("UPDATE pipe_point SET geom = ST_Translate(geom, 35, -20) WHERE id % 3 = 0"))
        city.execute(
            text(
                "UPDATE pipe_point SET valid_from = '2020-01-01', valid_to = '2021-01-01'"
                " WHERE valid_to IS NULL AND id % 5 = 0"
            )
        )
        settle_all(city)
        counted = content(city, "public.tile_count")
        rebuild(city.connection(), "pipe_points")
        assert content(city, "public.tile_count") == counted

    @pytest.mark.parametrize(("name", "z"), [("pipe_points", 13), ("pipe_points", 15), ("components", 12)])
    def test_counts_are_whole_before_they_are_settled(self, city: Session, name: str, z: int) -> None:
        subject = KEPT[name].subject
        x, y = tile_at(city, z)

        def told() -> int:
            columns = range(x - 1, x + 2), range(y - 1, y + 2)
            tiles = (tile(city, LAYERS[name], z, i, j) for i in columns[0] for j in columns[1])
            return sum(row["properties"]["count"] for one in tiles for row in read(one, name))

        before = told()
        ended = city.execute(
            text(
                f"UPDATE {subject} SET valid_from = '2020-01-01', valid_to = '2021-01-01' WHERE id IN"
                f" (SELECT id FROM {KEPT[name].table} WHERE geom && ST_TileEnvelope(:z, :x, :y) LIMIT 9)"
            ),
            {"z": z, "x": x, "y": y},
        ).rowcount  # type: ignore[attr-defined]
        assert ended > 0
        assert told() == before - ended
        settle_all(city)
        assert told() == before - ended

    def test_merged_lines_are_whole_before_they_are_settled(self, city: Session) -> None:
        city.execute(
            text("UPDATE pipe_segment SET class_code = 'TX', sub_code = 'DH' WHERE class_code = 'JS'")
        )
        x, y = tile_at(city, 12)

        def kinds() -> set[str]:
            return {row["properties"]["class_code"] for row in read(tile(city, layer, 12, x, y), layer.name)}

        layer = LAYERS["pipe_segments"]
        unsettled = kinds()
        assert "JS" not in unsettled
        assert "TX" in unsettled
        settle_all(city)
        assert kinds() == unsettled

    def test_what_comes_while_cells_are_settled_stays_unsettled(self, small_city: str) -> None:
        """One transaction settles while another, begun before, has changes that it cannot see yet."""
        engine = create_engine(small_city)
        try:
            with engine.connect() as writer, engine.connect() as settler:
                writer.execute(text("UPDATE road SET name_en = name_en WHERE id % 5 = 0"))
                with Session(settler) as session:
                    settle_all(session)
                    assert not session.scalars(text("SELECT id FROM data_change WHERE NOT settled")).all()
                    session.rollback()
                mine = set(writer.scalars(text("SELECT id FROM data_change WHERE NOT settled")))
                assert mine
                settle(settler, "roads", most=10_000)
                assert mine == set(writer.scalars(text("SELECT id FROM data_change WHERE NOT settled")))
                writer.rollback()
                settler.rollback()
        finally:
            engine.dispose()

    def test_a_row_leaves_the_tiles_when_its_last_day_is_over(self, city: Session) -> None:
        x, y = tile_at(city, 14)
        before = {row["id"] for row in read(tile(city, LAYERS["roads"], 14, x, y), "roads")}
        ends = min(before)
        city.execute(text("UPDATE road SET valid_to = current_date + 1 WHERE id = :id"), {"id": ends})
        # The night passes.
        city.execute(text("UPDATE tile_road SET ends_on = current_date WHERE id = :id"), {"id": ends})
        state = tile_state(city, "roads", 14, x, y)
        settle_all(city)
        after = {row["id"] for row in read(tile(city, LAYERS["roads"], 14, x, y), "roads")}
        assert before - after == {ends}
        assert tile_state(city, "roads", 14, x, y) != state

    def test_an_emptied_table_empties_its_tiles(self, city: Session) -> None:
        state = dataset_version(city, "buildings")
        city.execute(text("TRUNCATE building"))
        assert city.scalar(text("SELECT count(*) FROM tile_building")) == 0
        assert dataset_version(city, "buildings") != state


class TestVersions:
    def test_settling_does_not_rename_what_it_settles(self, city: Session) -> None:
        x, y = tile_at(city, 15)
        city.execute(text("UPDATE building SET floors = 3 WHERE id % 2 = 0"))
        city.execute(text("UPDATE building SET floors = 4 WHERE id % 3 = 0"))
        named = [tile_state(city, "buildings", 15, x, y).number, dataset_version(city, "buildings")]
        settle_all(city)
        assert [tile_state(city, "buildings", 15, x, y).number, dataset_version(city, "buildings")] == named

    def test_past_states_change_the_name_as_well(self, city: Session) -> None:
        named = dataset_version(city, "roads")
        city.execute(
            text(
                "UPDATE road SET valid_from = '2019-01-01', valid_to = '2020-01-01'"
                " WHERE id = (SELECT min(id) FROM road)"
            )
        )
        ended = dataset_version(city, "roads")
        assert ended != named
        city.execute(text("UPDATE road SET name_zh = '旧名' WHERE id = (SELECT min(id) FROM road)"))
        assert dataset_version(city, "roads") != ended


class TestTimes:
    def test_a_tile_of_a_day_shows_what_lay_there_then(self, city: Session) -> None:
        layer = LAYERS["roads"]
        x, y = tile_at(city, 14)
        today = {row["id"] for row in read(tile(city, layer, 14, x, y), "roads")}
        gone, new = sorted(today)[:2]
        city.execute(
            text("UPDATE road SET valid_from = '2019-01-01', valid_to = '2021-06-01' WHERE id = :id"),
            {"id": gone},
        )
        city.execute(text("UPDATE road SET valid_from = '2022-01-01' WHERE id = :id"), {"id": new})

        def on(day: date) -> set[int]:
            return {row["id"] for row in read(tile(city, layer, 14, x, y, When(as_of=day)), "roads")}

        assert {gone, new} & on(date(2021, 5, 31)) == {gone}
        assert {gone, new} & on(date(2021, 6, 1)) == set()
        assert {gone, new} & on(date(2022, 1, 1)) == {new}

    def test_layers_without_history_or_moments_say_so(self, city: Session) -> None:
        x, y = tile_at(city, 14)
        with pytest.raises(InvalidInput):
            tile(city, LAYERS["cases"], 14, x, y, When(as_of=date(2026, 1, 1)))

    def test_over_http(self, as_role, city: Session) -> None:  # type: ignore[no-untyped-def]
        planner = as_role("planner")
        x, y = tile_at(city, 14)
        address = f"/tiles/roads/14/{x}/{y}.mvt"
        assert planner.get(f"{address}?as_of=2026-01-01").status_code in (200, 204)
        assert planner.get(f"{address}?as_of=yesterday").status_code == 422
        assert planner.get(f"{address}?from=2026-01-01T00:00:00Z").status_code == 422
        assert planner.get(f"/tiles/case_reports/14/{x}/{y}.mvt?from=2026-01-01").status_code == 422
        etag = planner.get(address).headers["etag"]
        again = planner.get(address, headers={"if-none-match": etag})
        assert (again.status_code, again.headers["etag"], again.content) == (304, etag, b"")
