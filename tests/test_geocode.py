"""Words to places and back: every notation, nearly right names, history; an index that cannot fall behind."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from geoalchemy2.shape import from_shape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, box
from shapely.affinity import translate
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from gis.crs import to_lonlat, transformer
from gis.errors import InvalidInput, Stale
from gis.exchange.findings import Report
from gis.exchange.rows import Options
from gis.exchange.run import run_import
from gis.grid.models import Building, Road
from gis.place.answer import Answer, Kind, Match
from gis.place.coordinates import read_coordinates
from gis.place.geocode import geocode
from gis.place.models import Place
from gis.place.reverse import called
from gis.place.service import Told, add_place, change_place, end_place
from gis.place.words import address_in, crossing_in, plain, without_tail
from gis.settings import CITY_SRID
from tests import hand_made_city as city
from tests.small_city import AsRole

CITY_BOX = (109.6, 39.6, 110.3, 40.0)
LON, LAT = 109.9923, 39.8224


def near(found: tuple[float, float], wanted: tuple[float, float], metres: float = 0.5) -> bool:
    return abs(found[0] - wanted[0]) < metres / 85_000 and abs(found[1] - wanted[1]) < metres / 111_000


def lonlat_of(words: str) -> tuple[float, float]:
    """Where words lie, degrees, whatever they are written in."""
    read = read_coordinates(words, CITY_BOX)
    assert read is not None
    lon, lat = transformer(read.srid, 4490).transform(read.x, read.y)
    return float(lon), float(lat)


class TestCoordinates:
    @pytest.mark.parametrize(
        "words",
        [
            "109.9923,39.8224",
            "39.8224, 109.9923",
            "109.9923 39.8224",
            "（109.9923，39.8224）",
            "１０９．９９２３，３９．８２２４",
            "N39.8224 E109.9923",
            "39.8224°N, 109.9923°E",
            "北纬39.8224度 东经109.9923度",
            "东经109.9923、北纬39.8224",
            "经度:109.9923 纬度:39.8224",
            "109°59'32.28\" 39°49'20.64\"",
            "39°49′20.64″N 109°59′32.28″E",
            "东经109度59分32.28秒，北纬39度49分20.64秒",
            "109°59.538' 39°49.344'",
        ],
    )
    def test_degrees_in_every_notation(self, words: str) -> None:
        assert near(lonlat_of(words), (LON, LAT))

    def test_eastings_and_northings(self) -> None:
        easting, northing = transformer(4490, 4546).transform(LON, LAT)
        zoned, _north = transformer(4490, 4525).transform(LON, LAT)
        assert zoned == pytest.approx(easting + 37_000_000)
        for words in (
            f"{easting:.2f},{northing:.2f}",
            f"{northing:.2f} {easting:.2f}",
            f"X={northing:.2f} Y={easting:.2f}",
            f"Y:{easting:.2f}, X:{northing:.2f}",
            f"X={easting:.2f} Y={northing:.2f}",
            f"E={easting:.2f} N={northing:.2f}",
            f"{zoned:.2f} {northing:.2f}",
            f"X={northing:.2f} Y={zoned:.2f}",
        ):
            assert near(lonlat_of(words), (LON, LAT)), words

    @pytest.mark.parametrize(
        "words",
        [
            "铁西路12号", "12", "109.99", "109.99,", "1 2 3", "200,95", "109°75'0\" 39°0'0\"", "N39 N109",
            "E0201202411220001", "150602001001001", "x" * 500, "12-1", "DH0000001",
        ],
    )  # fmt: skip
    def test_what_is_no_coordinate(self, words: str) -> None:
        assert read_coordinates(words, CITY_BOX) is None

    @given(st.floats(-179.9, 179.9), st.floats(-89.9, 89.9))
    def test_longitude_comes_first_where_nothing_tells(self, lon: float, lat: float) -> None:
        read = read_coordinates(f"{lon:.6f},{lat:.6f}", None)
        assert read is not None
        assert (read.x, read.y) == (float(f"{lon:.6f}"), float(f"{lat:.6f}"))

    @given(st.text(max_size=60))
    def test_no_words_make_it_fail(self, words: str) -> None:
        read_coordinates(words, CITY_BOX)


class TestWords:
    @pytest.mark.parametrize(
        ("words", "road", "number", "rest"),
        [
            ("天骄路12号", "天骄路", 12, ""),
            ("天骄路１２号", "天骄路", 12, ""),
            ("天骄路 12 号", "天骄路", 12, ""),
            ("天骄路12", "天骄路", 12, ""),
            ("天骄路12-1号", "天骄路", 12, "-1号"),
            ("天骄路十二号", "天骄路", 12, ""),
            ("天骄路二十号", "天骄路", 20, ""),
            ("天骄路一百零三号", "天骄路", 103, ""),
            ("天骄路二三号", "天骄路", 23, ""),
            ("翠柏一巷7号院2号楼", "翠柏一巷", 7, "院2号楼"),
            ("tianjiaolu12", "tianjiaolu", 12, ""),
        ],
    )
    def test_road_and_number(self, words: str, road: str, number: int, rest: str) -> None:
        found = address_in(plain(words))
        assert found is not None
        assert (found.road, found.number, found.rest) == (road, number, rest)

    @pytest.mark.parametrize("words", ["天骄路", "12号", "东胜区", "翠柏一巷"])
    def test_what_has_no_number(self, words: str) -> None:
        assert address_in(plain(words)) is None

    @pytest.mark.parametrize(
        ("words", "kept"),
        [
            ("天骄路12号东侧约30米", "天骄路12号"),
            ("幸福广场附近", "幸福广场"),
            ("幸福广场对面的", "幸福广场"),
            ("幸福广场东北方向50米左右", "幸福广场"),
            ("东侧", "东侧"),
        ],
    )
    def test_words_that_only_say_where_about_it(self, words: str, kept: str) -> None:
        assert without_tail(plain(words)) == kept

    @pytest.mark.parametrize(
        "words",
        ["天骄路与和平街交叉口", "天骄路和和平街路口", "天骄路/和平街", "天骄路 & 和平街", "天骄路×和平街"],
    )
    def test_two_roads(self, words: str) -> None:
        assert ("天骄路", "和平街") in set(crossing_in(words))


def test_plain_words_are_the_same_here_and_in_the_database(session: Session) -> None:
    @settings(max_examples=150, deadline=None)
    @given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=20))
    def same(words: str) -> None:
        # Letters of other scripts are lowered by the locale there; the names here are Chinese and Latin.
        if all(
            ord(letter) < 0x100 or 0x3000 <= ord(letter) < 0xA000 or ord(letter) >= 0xFF00 for letter in words
        ):
            assert session.scalar(text("SELECT app.plain(:words)"), {"words": words}) == plain(words)

    same()


@pytest.fixture
def town(session: Session) -> Session:
    """Two roads that cross at (500, 100), five doors and two places."""
    city.build(session)
    session.execute(
        text(
            "INSERT INTO city (id, code, name_zh, name_en, srid, timezone, boundary)"
            " SELECT 1, '150602', '鄂尔多斯市东胜区', 'Dongsheng', :srid, 'Asia/Shanghai', geom"
            " FROM area WHERE level = 'district'"
        ),
        {"srid": CITY_SRID},
    )
    put_road(session, "天骄路", "Tianjiao Road", (0, 100), (500, 100))
    put_road(session, "天骄路", "Tianjiao Road", (500, 100), (1100, 100))
    put_road(session, "长宁街", "Changning Street", (500, 0), (500, 200))
    for number, x, y in ((1, 110, 80), (2, 120, 120), (12, 220, 120), (22, 320, 120), (31, 410, 80)):
        put_building(session, f"天骄路{number}号", x, y)
    put_place(session, "幸福广场", 600, 150, name_en="Xingfu Square", aliases=["大广场"])
    put_place(session, "阳光小学", 700, 150)
    session.flush()
    return session


def put_road(
    session: Session, zh: str, en: str, start: tuple[float, float], end: tuple[float, float]
) -> Road:
    count = session.scalar(text("SELECT count(*) FROM road"))
    line = translate(LineString([start, end]), city.EAST, city.NORTH)
    road = Road(code=f"R{count}", name_zh=zh, name_en=en, grade="main", geom=from_shape(line, srid=CITY_SRID))
    session.add(road)
    session.flush()
    return road


def put_building(session: Session, address: str, x: float, y: float) -> None:
    shape = translate(box(x - 5, y - 5, x + 5, y + 5), city.EAST, city.NORTH)
    session.add(Building(code=f"B{x}-{y}", address=address, geom=from_shape(shape, srid=CITY_SRID)))
    session.flush()


def put_place(session: Session, name: str, x: float, y: float, **more: object) -> Place:
    values = {"name_zh": name, "type_code": "poi", **more}
    return add_place(session, Told(values, Point(city.EAST + x, city.NORTH + y)))


def first(session: Session, words: str, **asked: object) -> Answer:
    found = geocode(session, words, **asked)  # type: ignore[arg-type]
    assert found, words
    return found[0]


def at(answer: Answer) -> tuple[int, int]:
    return round(answer.easting - city.EAST), round(answer.northing - city.NORTH)


class TestForward:
    @pytest.mark.parametrize(
        ("words", "kind", "title", "match"),
        [
            ("幸福广场", Kind.PLACE, "幸福广场", Match.EXACT),
            ("大广场", Kind.PLACE, "幸福广场", Match.EXACT),
            ("xingfu square", Kind.PLACE, "幸福广场", Match.EXACT),
            ("幸福", Kind.PLACE, "幸福广场", Match.PREFIX),
            ("福广", Kind.PLACE, "幸福广场", Match.PART),
            ("xingfuguangchang", Kind.PLACE, "幸福广场", Match.PINYIN),
            ("xfgc", Kind.PLACE, "幸福广场", Match.INITIALS),
            ("cnj", Kind.ROAD, "长宁街", Match.INITIALS),
            ("znj", Kind.ROAD, "长宁街", Match.INITIALS),
            ("changningjie", Kind.ROAD, "长宁街", Match.PINYIN),
            ("幸福文场", Kind.PLACE, "幸福广场", Match.SIMILAR),
            ("幸福广厂", Kind.PLACE, "幸福广场", Match.PINYIN),
            ("天娇路", Kind.ROAD, "天骄路", Match.PINYIN),
            ("幸福广场附近", Kind.PLACE, "幸福广场", Match.EXACT),
            ("鄂尔多斯市东胜区幸福广场对面", Kind.PLACE, "幸福广场", Match.EXACT),
            ("天骄路12号", Kind.BUILDING, "天骄路12号", Match.ADDRESS),
            ("内蒙古自治区鄂尔多斯市东胜区天骄路12号", Kind.BUILDING, "天骄路12号", Match.ADDRESS),
            ("天骄路十二号东侧", Kind.BUILDING, "天骄路12号", Match.ADDRESS),
            ("tianjiaolu12", Kind.BUILDING, "天骄路12号", Match.ADDRESS),
            ("天骄12号", Kind.BUILDING, "天骄路12号", Match.ADDRESS),
            ("长宁街99号", Kind.ROAD, "长宁街", Match.ROAD),
            ("天骄路与长宁街交叉口", Kind.CROSSING, "天骄路与长宁街交叉口", Match.CROSSING),
            ("长宁街和天骄路路口", Kind.CROSSING, "长宁街与天骄路交叉口", Match.CROSSING),
            ("150602001001000", Kind.UNIT_GRID, "150602001001000", Match.CODE),
            ("1506020010010", Kind.UNIT_GRID, "150602001001000", Match.CODE),
        ],
    )
    def test_what_words_mean(self, town: Session, words: str, kind: Kind, title: str, match: Match) -> None:
        found = first(town, words)
        assert (found.kind, found.title, found.match) == (kind, title, match)

    def test_a_number_between_two_doors_lies_between_them_on_its_side(self, town: Session) -> None:
        found = first(town, "天骄路17号")
        assert (found.match, found.precision) == (Match.INTERPOLATED, "interpolated")
        assert at(found) == (270, 80)  # odd numbers: 1 at 110, 31 at 410
        assert at(first(town, "天骄路17号", limit=1)) == (270, 80)
        assert at(first(town, "天骄路14号")) == (240, 120)  # even: 12 at 220, 22 at 320

    def test_beyond_the_last_door_the_nearest_one_is_told_as_such(self, town: Session) -> None:
        found = first(town, "天骄路24号")
        assert (found.precision, found.matched, at(found)) == ("nearest_door", "天骄路22号", (320, 120))

    def test_roads_cross_where_they_do(self, town: Session) -> None:
        assert at(first(town, "天骄路与长宁街")) == (500, 100)

    def test_shifted_coordinates_are_moved_only_when_declared(self, town: Session) -> None:
        lon, lat = city.lonlat(600, 100)
        plainly = first(town, f"{lon:.7f},{lat:.7f}")
        shifted = first(town, f"{lon:.7f},{lat:.7f}", srid=-2)
        assert at(plainly) == (600, 100)
        assert abs(shifted.easting - plainly.easting) > 100

    def test_nearer_ones_come_first_among_equals(self, town: Session) -> None:
        east = put_place(town, "便民超市", 1150, 50)
        west = put_place(town, "便民超市", 50, 50)
        assert [one.id for one in geocode(town, "便民超市", near=city.lonlat(0, 0))] == [west.id, east.id]
        assert [one.id for one in geocode(town, "便民超市", near=city.lonlat(1200, 0))] == [east.id, west.id]

    def test_only_what_lies_in_a_box(self, town: Session) -> None:
        west, south = city.lonlat(550, 0)
        east, north = city.lonlat(650, 200)
        names = {one.title for one in geocode(town, "阳光小学", box=(west, south, east, north))}
        assert names == set()
        assert first(town, "幸福广场", box=(west, south, east, north)).title == "幸福广场"

    def test_only_what_is_of_a_kind(self, town: Session) -> None:
        assert {one.kind for one in geocode(town, "天骄路12号", kinds=[Kind.ROAD])} <= {Kind.ROAD}
        assert geocode(town, "幸福广场", kinds=[Kind.ROAD]) == []

    @pytest.mark.parametrize("words", ["", "  ", "x" * 121, "a\0b"])
    def test_words_that_cannot_be_asked(self, town: Session, words: str) -> None:
        with pytest.raises(InvalidInput):
            geocode(town, words)

    def test_any_words_are_answered(self, town: Session) -> None:
        @settings(max_examples=80, deadline=None)
        @given(
            st.text(
                st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30
            )
        )
        def answered(words: str) -> None:
            if words.strip():
                assert all(0 <= one.score <= 1 for one in geocode(town, words))

        answered()


class TestHistory:
    def test_a_renamed_place_is_found_by_its_former_name_and_called_by_its_new_one(
        self, town: Session
    ) -> None:
        place = put_place(town, "红旗礼堂", 650, 50)
        changed = change_place(town, place.id, Told({"name_zh": "红旗剧院"}), seen=1)
        found = first(town, "红旗礼堂")
        assert (found.id, found.title, found.matched, found.former) == (
            place.id,
            "红旗剧院",
            "红旗礼堂",
            True,
        )
        assert not first(town, "红旗剧院").former
        assert changed.version == 2

    def test_a_mistake_in_a_name_leaves_no_former_name(self, town: Session) -> None:
        place = put_place(town, "红骑礼堂", 650, 50)
        change_place(town, place.id, Told({"name_zh": "红旗剧院"}), seen=1, correction=True)
        assert [one for one in geocode(town, "红骑礼堂") if one.match is Match.EXACT] == []

    def test_what_is_gone_is_found_as_former_after_what_is_there(self, town: Session) -> None:
        old = put_place(town, "老市场", 650, 50)
        end_place(town, old.id, seen=1)
        new = put_place(town, "老市场", 750, 50)
        assert [(one.id, one.former) for one in geocode(town, "老市场")] == [(new.id, False), (old.id, True)]

    def test_a_renamed_road_is_found_by_its_former_name(self, town: Session) -> None:
        town.execute(
            text("UPDATE road SET valid_from = :then, valid_to = current_date WHERE name_zh = '长宁街'"),
            {"then": date(2020, 1, 1)},
        )
        put_road(town, "安宁街", "Anning Street", (500, 0), (500, 200))
        assert first(town, "长宁街").former
        assert not first(town, "安宁街").former

    def test_a_day_to_come_ends_nothing_yet(self, town: Session) -> None:
        place = put_place(town, "临时市场", 650, 50)
        end_place(town, place.id, seen=1, on=date(2100, 1, 1))
        assert not first(town, "临时市场").former

    def test_a_change_of_what_somebody_else_changed_is_refused(self, town: Session) -> None:
        place = put_place(town, "红旗礼堂", 650, 50)
        change_place(town, place.id, Told({"note": "1958"}), seen=1)
        with pytest.raises(Stale):
            change_place(town, place.id, Told({"name_zh": "红旗剧院"}), seen=1)


class TestReverse:
    @pytest.mark.parametrize(
        ("x", "y", "words"),
        [
            (220, 120, "天骄路12号"),  # inside
            (255, 120, "天骄路12号东侧约30米"),
            (220, 155, "天骄路12号北侧约30米"),
            (508, 108, "天骄路与长宁街交叉口"),
            (600, 150, "幸福广场"),
            (600, 190, "幸福广场北侧约40米"),
            (900, 120, "天骄路北侧约20米"),
        ],
    )
    def test_what_a_place_is_called(self, town: Session, x: float, y: float, words: str) -> None:
        assert called(town, *city.lonlat(x, y)).address == words

    def test_a_door_plate_is_nearer_than_the_building_behind_it(self, town: Session) -> None:
        put_place(town, "天骄路12号", 220, 110, type_code="door_plate", road="天骄路", door_no="12")
        put_place(town, "天骄路14号", 240, 112, type_code="door_plate", road="天骄路", door_no="14")
        assert called(town, *city.lonlat(240, 111)).address == "天骄路14号"

    def test_the_side_of_the_road_is_told(self, town: Session) -> None:
        south = called(town, *city.lonlat(300, 85)).road
        assert south is not None
        assert (south.name, south.side, round(south.distance_m)) == ("天骄路", "南", 15)


INDEX = (
    "SELECT kind, ref_id, row_id, rank, name, plain, pinyin, initials, valid_to, ST_AsEWKB(geom)"
    " FROM search_name UNION ALL"
    " SELECT kind, ref_id, row_id, number, address, road, rest, '', valid_to, ST_AsEWKB(geom)"
    " FROM search_door ORDER BY 1, 2, 3, 4, 5, 6"
)


CHANGES = (
    "UPDATE building SET name = :name, address = :name WHERE id % 3 = :k",
    "UPDATE road SET name_zh = :name WHERE id % 3 = :k",
    "UPDATE road SET name_en = :name WHERE id % 3 = :k",
    "UPDATE road SET valid_from = '2020-01-01', valid_to = '2024-01-01' WHERE id % 3 = :k",
    "UPDATE road SET valid_to = NULL WHERE id % 3 = :k",
    "DELETE FROM road WHERE id % 3 = :k",
    "INSERT INTO road (id, code, name_zh, name_en, grade, geom)"
    " SELECT new, 'R' || new, :name, 'New', 'main', geom"
    " FROM road, (SELECT max(id) + 1 AS new FROM road) AS r WHERE id % 3 = :k LIMIT 1",
    "UPDATE place SET aliases = ARRAY[:name, 'x'] WHERE id % 3 = :k",
    "UPDATE place SET address = :name, type_code = 'door_plate' WHERE id % 3 = :k",
    "DELETE FROM place WHERE id % 3 = :k",
    "UPDATE area SET name_zh = :name || '社区' WHERE id % 3 = :k",
    "UPDATE duty_grid SET name = :name WHERE id % 3 = :k",
    "UPDATE city SET name_zh = :name || '市'",
)


def test_after_any_changes_the_index_is_what_one_built_anew_would_be(town: Session) -> None:
    """By plain SQL, in any order: no way to change a name may be missed."""
    names = st.sampled_from(["天骄路", "长宁街", "安宁街", "Ring Road", "天骄路8号", "东胜区长宁街3号", ""])
    changes = st.tuples(st.sampled_from(CHANGES), names)

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(changes, st.integers(0, 2)), min_size=1, max_size=6))
    def holds(steps: list[tuple[tuple[str, str], int]]) -> None:
        with town.begin_nested() as point:
            for (statement, name), k in steps:
                values = {key: value for key, value in (("name", name), ("k", k)) if f":{key}" in statement}
                town.execute(text(statement), values)
            kept = town.execute(text(INDEX)).all()
            town.execute(text("SELECT app.rebuild_search()"))
            assert kept == town.execute(text(INDEX)).all()
            point.rollback()

    holds()


@pytest.fixture(scope="module")
def sample(small_city: str) -> Iterator[Session]:
    engine: Engine = create_engine(small_city)
    with Session(engine) as session:
        yield session
    engine.dispose()


def test_every_name_of_the_city_finds_itself_first_or_as_good_as_that(sample: Session) -> None:
    rows = sample.execute(
        text("SELECT DISTINCT kind, ref_id, name FROM search_name WHERE valid_to IS NULL")
    ).all()
    assert len(rows) > 100
    for kind, ref_id, name in rows:
        best = geocode(sample, name, limit=50)
        first_ones = {(str(one.kind), one.id) for one in best if one.score == best[0].score}
        assert (kind, ref_id) in first_ones, name


def test_every_address_of_the_city_leads_to_its_house(sample: Session) -> None:
    rows = sample.execute(
        text(
            "SELECT address, ST_X(geom) AS x, ST_Y(geom) AS y FROM search_door"
            " WHERE valid_to IS NULL ORDER BY id"
        )
    ).all()
    for address, x, y in rows[::3]:
        found = geocode(sample, address)
        assert any(abs(one.easting - x) < 40 and abs(one.northing - y) < 40 for one in found), address


def test_the_place_of_an_address_is_called_by_it(sample: Session) -> None:
    rows = sample.execute(text("SELECT address, geom FROM building WHERE address <> '' ORDER BY id")).all()
    for address, _geom in rows[::10]:
        found = geocode(sample, address, limit=1)[0]
        assert called(sample, *to_lonlat(found.easting, found.northing)).address == address


PLACES = """code,名称,类型,别名,地址,lon,lat
P1,西山公园,兴趣点,西山;小西山,天骄路8号,{0[0]},{0[1]}
P2,天骄路10号,门（楼）牌,,天骄路10号,{1[0]},{1[1]}
"""


class TestImport:
    def load(self, town: Session, path: Path, content: str) -> Report:
        path.write_text(content, encoding="utf-8")
        return run_import(town, "places", [path], Options())

    def test_a_file_of_places_is_found_by_all_its_names(self, town: Session, tmp_path: Path) -> None:
        content = PLACES.format(city.lonlat(180, 150), city.lonlat(200, 110))
        report = self.load(town, tmp_path / "places.csv", content)
        assert (report.loaded, report.findings) == (2, [])
        assert first(town, "小西山").title == "西山公园"
        assert at(first(town, "天骄路10号")) == (200, 110)

    def test_one_wrong_row_keeps_all_out(self, town: Session, tmp_path: Path) -> None:
        content = PLACES.format(city.lonlat(180, 150), (100.0, 30.0))
        report = self.load(town, tmp_path / "places.csv", content)
        assert [finding.rule.code for finding in report.findings] == ["outside_city"]
        assert report.loaded == 0
        assert all(one.title != "西山公园" for one in geocode(town, "西山公园"))


class TestDoors:
    def test_forward_reverse_and_a_table(self, as_role: AsRole, sample: Session) -> None:
        client = as_role("acceptor")
        address = sample.scalar(text("SELECT address FROM building WHERE address <> '' ORDER BY id LIMIT 1"))
        item = client.get("/api/v1/geocode", params={"q": address}).json()["items"][0]
        assert (item["match"], item["score"], item["title"]) == ("address", 1.0, address)
        back = client.get("/api/v1/geocode/reverse", params={"lon": item["lon"], "lat": item["lat"]}).json()
        assert back["address"] == address
        table = f"no,地址\n7,{address}\n8,\n".encode()
        answer = client.post("/api/v1/geocode", content=table, headers={"content-type": "text/csv"})
        rows = list(csv.DictReader(answer.text.removeprefix("\ufeff").splitlines()))
        assert [(row["no"], row["geocode_match"]) for row in rows] == [("7", "address"), ("8", "")]
        body = client.post("/api/v1/geocode", json={"addresses": [address, "不曾有过的地方"]}).json()
        assert [bool(row["found"]) for row in body["items"]] == [True, False]

    @pytest.mark.parametrize(
        "params",
        [
            {"q": ""}, {"q": "x" * 300}, {"q": "a", "near": "nan,1"}, {"q": "a", "near": "1"},
            {"q": "a", "bbox": "3,2,1,4"}, {"q": "a", "bbox": "1,2,3"}, {"q": "a", "kind": "moon"},
            {"q": "a", "limit": "1000000000"}, {"q": "a", "crs": "EPSG:1"}, {"q": "a", "near": "1e300,5"},
        ],
    )  # fmt: skip
    def test_what_cannot_be_asked_is_refused(self, as_role: AsRole, params: dict[str, str]) -> None:
        answer = as_role("acceptor").get("/api/v1/geocode", params=params)
        assert answer.status_code == 422, answer.text

    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (b"{", "application/json"),
            (b'{"addresses": []}', "application/json"),
            (b"a,b\n1,2\n", "text/csv"),
            (b"\xff\xfe", "text/csv"),
            (b"", "text/csv"),
            (b"address\n" + b"x\n" * 1001, "text/csv"),
        ],
    )
    def test_no_table_is_refused(self, as_role: AsRole, content: bytes, kind: str) -> None:
        answer = as_role("acceptor").post("/api/v1/geocode", content=content, headers={"content-type": kind})
        assert answer.status_code == 422, answer.text

    def test_a_place_is_kept_by_its_keeper_only(self, as_role: AsRole, place: dict[str, float]) -> None:
        point = {"type": "Point", "coordinates": [place["lon"], place["lat"]]}
        wanted = {"name_zh": "测试凉亭", "type_code": "poi", "geometry": point}
        assert as_role("acceptor").post("/api/v1/places", json=wanted).status_code == 403
        keeper = as_role("admin")
        made = keeper.post("/api/v1/places", json=wanted)
        assert made.status_code == 201
        where, etag = made.headers["location"], made.headers["etag"]
        changed = keeper.patch(where, json={"name_zh": "试验亭"}, headers={"if-match": etag})
        assert [one["name_zh"] for one in changed.json()["former"]] == ["测试凉亭"]
        assert keeper.patch(where, json={"note": "x"}, headers={"if-match": etag}).status_code == 412
        listed = keeper.get("/api/v1/places", params={"q": "凉亭"}).json()["items"]
        assert [one["name_zh"] for one in listed] == ["试验亭"]
        found = keeper.get("/api/v1/find", params={"q": "测试凉亭"}).json()["items"][0]
        assert (found["title"], found["former"], found["layer"]) == ("试验亭", True, "")
        assert keeper.delete(where).json()["valid_to"]
        assert keeper.delete(where).status_code == 409

    @pytest.mark.parametrize(
        "wrong",
        [
            {"geometry": {"type": "Point", "coordinates": []}},
            {"geometry": {"type": "Point", "coordinates": ["a", 1]}},
            {"geometry": {"type": "Moon"}},
            {"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}},
            {"type_code": "moon"},
            {"name_zh": " "},
            {"name_zh": "a\0b"},
            {"aliases": ["x"] * 21},
        ],
    )
    def test_what_is_no_place_is_refused(
        self, as_role: AsRole, place: dict[str, float], wrong: dict[str, object]
    ) -> None:
        point = {"type": "Point", "coordinates": [place["lon"], place["lat"]]}
        wanted = {"name_zh": "测试", "type_code": "poi", "geometry": point} | wrong
        answer = as_role("admin").post("/api/v1/places", json=wanted)
        assert answer.status_code == 422, answer.text
