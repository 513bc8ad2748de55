"""Survey files of every kind are read, what is recognised is said, and what is broken is refused whole."""

import os
import zipfile
from datetime import date
from pathlib import Path
from typing import ClassVar

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from geoalchemy2.shape import to_shape
from shapely import LineString, MultiLineString, Point, Polygon
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.crs import transformer
from gis.errors import InvalidInput, TooLarge
from gis.settings import CITY_SRID, get_settings
from gis.survey.models import StagedLine, StagedPoint
from gis.survey.reading import access, opening
from tests.import_files import EAST, NORTH, lay_out
from tests.survey_files import LINE_HEADS, POINT_HEADS, Staged, point, staged, write_csv, write_workbook


@pytest.fixture
def city(session: Session) -> Session:
    lay_out(session)
    return session


def place(one: StagedPoint) -> tuple[float, float]:
    """Metres east and north of (0, 0), to the tenth of a millimetre."""
    shape = to_shape(one.geom)
    return round(shape.x - EAST, 4), round(shape.y - NORTH, 4)


# ---- tables of CJJ 61


def test_a_workbook_of_tables_by_class_is_staged_as_it_stands(city: Session, tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path / "成果.xlsx",
        JSPoint=[
            [*POINT_HEADS, "图上点号", "建设日期", "井盖颜色"],
            [*point("JS1", 0, 0, 1040.123, "", "阀门井"), "7", "2005-06-07", "红"],
            [*point("JS2", 50, 0, 1040.3, "三通"), "", "2005", ""],
            [*point("JS3", 50, 30, "高", "怪特征"), "", "", ""],
        ],
        JSLine=[
            [*LINE_HEADS, "埋设方式", "建设年代", "总孔数"],
            ["JS1", "JS2", 1.2, 1.3, "DN300", "球墨铸铁", "直埋", "2005-03", ""],
            ["JS2", "JS3", "浅", 1.3, "1200X800", "双壁波纹管", "ZM", 1999, 3],
        ],
        说明=[["本成果为样例"]],
    )
    found = staged(city, path)
    first, second, third = found.points
    assert place(first) == (0, 0)
    assert place(third) == (50, 30)
    assert (first.class_code, first.appendage, first.ground_level) == ("JS", "valve_chamber", 1040.123)
    assert (first.sheet, first.row_no, second.row_no) == ("JSPoint", 1, 2)
    assert first.extra == {"Map_No": "7", "井盖颜色": "红"}
    assert (first.built_on, second.built_on) == (date(2005, 6, 7), date(2005, 1, 1))
    assert second.extra == {"MDate": "2005"}  # a day made of a year: the year is kept beside it
    assert (second.feature, third.feature) == ("tee", "怪特征")
    assert (third.ground_level, third.unread) == (None, {"ground_level": "高"})
    pipe, box = found.lines
    assert (pipe.start_no, pipe.end_no, pipe.segment_no) == ("JS1", "JS2", "JS1-JS2")
    assert (pipe.start_depth_m, pipe.end_depth_m, pipe.geom) == (1.2, 1.3, None)
    assert (pipe.size, pipe.width_mm, pipe.height_mm) == ("DN300", 300, 300)
    assert (pipe.material, pipe.laying, pipe.year_laid) == ("QM", "ZM", 2005)
    assert pipe.extra == {"MDate": "2005-03"}
    assert (box.width_mm, box.height_mm, box.total_holes, box.year_laid) == (1200, 800, 3, 1999)
    assert box.unread == {"start_depth_m": "浅", "material": "双壁波纹管"}
    assert {"x_is_north", "crs_assumed", "columns_kept", "unread_cells", "numbers_made"} <= found.said
    assert all(one.text for one in found.recognised)


@pytest.mark.parametrize(
    ("sheet", "code", "sub"),
    [
        ("JSPoint", "JS", None), ("PS_POINT", "PS", None), ("WSPoint", "PS", "WS"), ("YS_POINT", "PS", "YS"),
        ("燃气点", "RQ", None), ("RLPOINT", "RL", None), ("路灯管点表", "DL", "LD"), ("DXPoint", "TX", None),
        ("TVPoint", "TX", "DS"), ("SYPoint", "GY", None), ("ZHPoint", "QT", "ZH"), ("给水点", "JS", None),
        ("2024雨水管点成果表", "PS", "YS"), ("GYPoint", "GY", None),
    ],
)  # fmt: skip
def test_the_name_of_a_sheet_tells_its_class(
    city: Session, tmp_path: Path, sheet: str, code: str, sub: str | None
) -> None:
    path = write_workbook(tmp_path / "a.xlsx", **{sheet: [POINT_HEADS, point("1", 0, 0)]})
    only = staged(city, path).points[0]
    assert (only.class_code, only.sub_code) == (code, sub)


def test_an_old_class_is_read_as_the_new_one_and_said(city: Session, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "DXPoint.csv", POINT_HEADS, point("D1", 0, 0))
    found = staged(city, path)
    assert found.points[0].class_code == "TX"
    assert found.detail("old_edition") == {"old": "DX", "new": "TX"}


def test_a_row_names_its_own_class_before_the_table_does(city: Session, tmp_path: Path) -> None:
    heads = [*POINT_HEADS, "管线种类", "点符号代码"]
    path = write_csv(
        tmp_path / "PSPoint.csv",
        heads,
        [*point("1", 0, 0), "WS", ""],
        [*point("2", 1, 0), "", "52011000"],  # 5, class 2, sub-class 01 of appendix B: storm water
        [*point("3", 2, 0), "路灯", ""],
        [*point("4", 3, 0), "甲乙", ""],
    )
    points = staged(city, path).points
    assert [(p.class_code, p.sub_code) for p in points] == [
        ("PS", "WS"), ("PS", "YS"), ("DL", "LD"), ("PS", None),
    ]  # fmt: skip
    assert points[3].unread == {"kind": "甲乙"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_text_tables_are_read_in_the_encoding_they_are_in(
    city: Session, tmp_path: Path, encoding: str
) -> None:
    path = write_csv(
        tmp_path / "给水线.csv",
        ["东胜区给水管线成果表"],
        LINE_HEADS,
        ["甲1", "甲2", "1.2", "1.3", "300", "铸铁"],
        encoding=encoding,
    )
    found = staged(city, path)
    assert (found.lines[0].start_no, found.lines[0].material, found.lines[0].row_no) == ("甲1", "ZT", 1)
    assert found.detail("heading_row") == {"row": 2}
    spoken = {"utf-16": "UTF-16", "gbk": "GB 18030 (GBK)", "gb18030": "GB 18030 (GBK)"}
    assert found.detail("encoding") == {"encoding": spoken.get(encoding, "UTF-8")}


def test_a_geopackage_table_without_geometry_is_a_survey_table(city: Session, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    frame = gpd.pd.DataFrame([point("JS1", 10, 20, 1040.5, "三通")], columns=POINT_HEADS)
    pyogrio.write_dataframe(frame, path, layer="JSPoint")
    only = staged(city, path).points[0]
    assert (place(only), only.point_no, only.feature, only.class_code) == ((10, 20), "JS1", "tee", "JS")


def test_a_dbf_in_gbk_is_a_survey_table(city: Session, tmp_path: Path) -> None:
    path = tmp_path / "JSPoint.dbf"
    frame = gpd.pd.DataFrame([["甲1", NORTH, EAST + 5, "三通"]], columns=["Exp_No", "X", "Y", "Feature"])
    pyogrio.write_dataframe(frame, path, driver="ESRI Shapefile", encoding="GBK")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    found = staged(city, path)
    assert (found.points[0].point_no, place(found.points[0]), found.points[0].feature) == (
        "甲1",
        (5, 0),
        "tee",
    )


# ---- Access: no writer exists for Python, so the library's answer is put in its place


class MadeUpDatabase:
    """What ``AccessParser`` gives: names of tables, and columns as lists."""

    TABLES: ClassVar[dict[str, dict[str, list[object]]]] = {
        "MSysObjects": {"Name": ["x"]},
        "JSPoint": {
            "Exp_No": ["JS1", "JS2"],
            "X": [NORTH, NORTH + 5],
            "Y": [EAST, EAST + 5],
            "High": [1040.5, None],
        },
        "JSLine": {"S_Exp": ["JS1"], "E_Exp": ["JS2"], "PSize": ["300"], "S_Deep": [1.25]},
    }

    def __init__(self, path: str) -> None:
        self.catalog = dict.fromkeys(self.TABLES, 1)

    def parse_table(self, name: str) -> dict[str, list[object]]:
        return self.TABLES[name]


def test_tables_of_an_access_database_are_staged(
    city: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "AccessParser", MadeUpDatabase)
    path = tmp_path / "管线.mdb"
    path.write_bytes(b"made up")
    found = staged(city, path)
    assert [(p.point_no, place(p), p.ground_level) for p in found.points] == [
        ("JS1", (0, 0), 1040.5), ("JS2", (5, 5), None),
    ]  # fmt: skip
    assert [(line.start_no, line.width_mm, line.start_depth_m) for line in found.lines] == [
        ("JS1", 300, 1.25)
    ]


def test_what_is_no_access_database_is_refused(city: Session, tmp_path: Path) -> None:
    path = tmp_path / "a.accdb"
    path.write_bytes(os.urandom(9000))
    with pytest.raises(InvalidInput, match=r"a\.accdb"):
        staged(city, path)


# ---- axes, zones, degrees, units


def xy_table(tmp_path: Path, *rows: tuple[float, float], heads: tuple[str, str] = ("X", "Y")) -> Path:
    numbered = ((f"P{number}", *row) for number, row in enumerate(rows, start=1))
    return write_csv(tmp_path / "JSPoint.csv", ["Exp_No", *heads], *numbered)


@pytest.mark.parametrize(
    ("row", "heads", "code"),
    [
        ((NORTH + 20, EAST + 10), ("X", "Y"), "x_is_north"),
        ((EAST + 10, NORTH + 20), ("X", "Y"), "x_is_east"),
        ((NORTH + 20, EAST + 10), ("北坐标", "东坐标"), "x_is_north"),
        ((EAST + 10, NORTH + 20), ("北坐标", "东坐标"), "x_is_east"),
        ((NORTH + 20, 37e6 + EAST + 10), ("X", "Y"), "zone_prefix"),
        ((37e6 + EAST + 10, NORTH + 20), ("X", "Y"), "zone_prefix"),
        (((NORTH + 20) * 1000, (EAST + 10) * 1000), ("X", "Y"), "coordinates_mm"),
    ],
)  # fmt: skip
def test_the_order_of_axes_and_the_zone_are_told_by_the_city(
    city: Session, tmp_path: Path, row: tuple[float, float], heads: tuple[str, str], code: str
) -> None:
    found = staged(city, xy_table(tmp_path, row, heads=heads))
    assert place(found.points[0]) == (10, 20)
    assert code in found.said


@pytest.mark.parametrize("heads", [("经度", "纬度"), ("lon", "lat"), ("X", "Y"), ("lat", "lon")])
def test_degrees_are_recognised_and_said(city: Session, tmp_path: Path, heads: tuple[str, str]) -> None:
    lon, lat = transformer(CITY_SRID, 4490).transform(EAST + 10, NORTH + 20)
    row = (lat, lon) if heads == ("lat", "lon") else (lon, lat)
    found = staged(city, xy_table(tmp_path, row, heads=heads))
    assert place(found.points[0]) == pytest.approx((10, 20), abs=1e-3)
    assert found.detail("degrees") == {"crs": "EPSG:4490"}


def test_shifted_degrees_are_taken_as_such_only_when_declared(city: Session, tmp_path: Path) -> None:
    lon, lat = transformer(CITY_SRID, 4326).transform(EAST + 10, NORTH + 20)
    path = xy_table(tmp_path, (lon, lat), heads=("lon", "lat"))
    plain = place(staged(city, path).points[0])
    shifted = place(staged(city, path, crs="GCJ-02").points[0])
    assert plain == pytest.approx((10, 20), abs=0.01)
    assert 300 < np.hypot(shifted[0] - 10, shifted[1] - 20) < 800


def test_where_both_orders_fit_the_city_the_sender_is_asked(city: Session, tmp_path: Path) -> None:
    """A file in another system can have eastings and northings of one size: only the sender knows."""
    # An oblique system has no code here; degrees on a diagonal do not exist in China. The rule is tried
    # on its own, with a city that lies on the diagonal.
    from gis.survey.options import SurveyOptions
    from gis.survey.places import City, Coordinates, recognise_system

    diagonal = City((400_000.0, 400_000.0, 500_000.0, 500_000.0))
    coordinates = Coordinates(np.array([450_000.0]), np.array([460_000.0]), True, False)
    with pytest.raises(InvalidInput, match=r"yx.*xy") as refused:
        recognise_system("a.csv", coordinates, SurveyOptions(), diagonal)
    assert refused.value.extra["errors"][0]["pointer"] == "/options/axis"
    said = recognise_system("a.csv", coordinates, SurveyOptions(axis="xy"), diagonal)
    assert not said.x_is_north


def test_the_senders_word_on_axes_goes_before_the_citys_bounds(city: Session, tmp_path: Path) -> None:
    path = xy_table(tmp_path, (EAST + 10, NORTH + 20))
    found = staged(city, path, axis="yx", crs=f"EPSG:{CITY_SRID}")
    assert "axis_said" in found.said
    assert found.detail("outside_city") == {"count": 1, "total": 1}


def test_mixed_zones_are_refused_with_their_rows(city: Session, tmp_path: Path) -> None:
    rows = [(NORTH, 37e6 + EAST + n) for n in range(5)]
    rows[3] = (NORTH, 38e6 + EAST)
    with pytest.raises(InvalidInput, match=r"JSPoint\.csv.*37, 38.* 4"):
        staged(city, xy_table(tmp_path, *rows))
    with pytest.raises(InvalidInput, match=r"0, 37.* 5"):
        staged(city, xy_table(tmp_path, *rows[:3], (NORTH, 37e6 + EAST), (NORTH, EAST)))


def test_a_zone_that_is_not_the_declared_system_is_refused(city: Session, tmp_path: Path) -> None:
    path = xy_table(tmp_path, (NORTH, 37e6 + EAST))
    assert place(staged(city, path, crs="EPSG:4525").points[0]) == (0, 0)
    assert place(staged(city, path, crs="EPSG:4546").points[0]) == (0, 0)  # the same meridian, said
    with pytest.raises(InvalidInput, match="37"):
        staged(city, path, crs="EPSG:4547")


def test_places_nowhere_in_the_city_are_refused_with_the_system_that_would_fit(
    city: Session, tmp_path: Path
) -> None:
    east, north = transformer(CITY_SRID, 4547).transform(EAST + 10, NORTH + 20)
    path = xy_table(tmp_path, (north, east))
    with pytest.raises(InvalidInput, match="EPSG:4547"):
        staged(city, path)
    assert place(staged(city, path, crs="EPSG:4547").points[0]) == pytest.approx((10, 20), abs=1e-4)


@pytest.mark.parametrize(
    ("head", "depths", "unit"),
    [
        ("起点埋深", ("1.25", "0.9"), "m"), ("起点埋深", ("125", "90"), "cm"),
        ("起点埋深", ("1250", "900"), "mm"),
        ("起点埋深(mm)", ("350", "340"), "mm"), ("起点埋深（米）", ("1.25", "0.9"), "m"),
    ],
)  # fmt: skip
def test_units_of_depths_are_recognised_and_said(
    city: Session, tmp_path: Path, head: str, depths: tuple[str, str], unit: str
) -> None:
    rows = [[f"{n}", f"{n}a", depth] for n, depth in enumerate(depths)]
    found = staged(city, write_csv(tmp_path / "JSLine.csv", ["起点点号", "终点点号", head], *rows))
    factor = {"m": 1, "cm": 0.01, "mm": 0.001}[unit]
    assert [line.start_depth_m for line in found.lines] == pytest.approx([float(d) * factor for d in depths])
    assert ("unit_depths" in found.said) == (unit != "m")


def test_depths_that_may_be_either_are_asked_about(city: Session, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "JSLine.csv", ["起点点号", "终点点号", "起点埋深"], ["1", "2", "400"])
    with pytest.raises(InvalidInput, match="400"):
        staged(city, path)
    assert staged(city, path, units="mm").lines[0].start_depth_m == pytest.approx(0.4)


def test_sizes_in_metres_become_millimetres_and_that_is_said(city: Session, tmp_path: Path) -> None:
    heads = ["起点点号", "终点点号", "管径"]
    found = staged(city, write_csv(tmp_path / "JSLine.csv", heads, ["1", "2", "0.3"], ["2", "3", "1.2X0.8"]))
    assert [(line.size, line.width_mm, line.height_mm) for line in found.lines] == [
        ("300", 300, 300), ("1200X800", 1200, 800),
    ]  # fmt: skip
    assert "unit_sizes" in found.said


# ---- layers


def frame(*rows: tuple[str, object], column: str = "管线种类") -> gpd.GeoDataFrame:
    def moved(shape: shapely.Geometry) -> shapely.Geometry:
        return None if shape is None else shapely.transform(shape, lambda xy: xy + np.array([EAST, NORTH]))

    kinds, shapes = zip(*rows, strict=True)
    return gpd.GeoDataFrame({column: kinds}, geometry=[moved(s) for s in shapes], crs=CITY_SRID)


PIPES = (
    ("给水", LineString([(0, 0), (50, 0)])),
    ("给水", LineString([(50.006, 0), (50, 40)])),
    ("污水", LineString([(50, 0), (90, 0)])),
)


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".fgb", ".shp"])
def test_layers_of_lines_are_joined_at_their_ends_class_by_class(
    city: Session, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"a{suffix}"
    lines = frame(*PIPES)
    if suffix == ".geojson":
        lines = lines.to_crs(4326)
    lines.to_file(path)
    found = staged(city, path)
    assert_joined(found)


def assert_joined(found: Staged) -> None:
    """The two water pipes share a point, though drawn 6 mm apart; the sewer on that spot has its own."""
    lines = sorted(found.lines, key=lambda line: (line.class_code or "", to_shape(line.geom).length))
    assert [line.class_code for line in lines] == ["JS", "JS", "PS"]
    second, first, sewer = lines  # 40 m, 50 m
    assert first.end_no == second.start_no
    assert sewer.start_no not in (first.end_no, first.start_no)
    assert len(found.points) == 5
    assert {point.point_no for point in found.points} == {
        number for line in lines for number in (line.start_no, line.end_no)
    }
    assert found.detail("ends_made") == {"count": 5}


@pytest.mark.parametrize("how", ["side by side", "zip"])
def test_a_shapefile_in_gbk_is_recognised_without_its_cpg(city: Session, tmp_path: Path, how: str) -> None:
    path = tmp_path / "管线.shp"
    frame(*PIPES).to_file(path, encoding="GBK")
    path.with_suffix(".cpg").unlink()
    files = sorted(tmp_path.iterdir())
    if how == "zip":
        archive = tmp_path / "管线.zip"
        with zipfile.ZipFile(archive, "w") as zipped:
            for file in files:
                zipped.write(file, f"成果/{file.name}")
        files = [archive]
    assert_joined(staged(city, *files))


def test_lines_join_to_the_points_of_their_class_that_lie_there(city: Session, tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    frame(*PIPES).to_file(path, layer="lines")
    wells = frame(("给水", Point(50.003, 0)), ("路灯", Point(0, 0)))
    wells["点号"] = ["W1", "L1"]
    wells.to_file(path, layer="wells")
    found = staged(city, path)
    ends = {(line.start_no, line.end_no) for line in found.lines if line.class_code == "JS"}
    assert sum("W1" in pair for pair in ends) == 2
    assert all("L1" not in pair for pair in ends)
    assert found.detail("ends_joined") == {"count": 2}


def test_a_hundred_lines_in_a_grid_have_the_nodes_that_shapely_finds(city: Session, tmp_path: Path) -> None:
    generator = np.random.default_rng(7)
    nodes = generator.integers(0, 8, (100, 4)) * 40.0
    lines = [LineString([row[:2], row[2:]]) for row in nodes if tuple(row[:2]) != tuple(row[2:])]
    frame(*[("给水", line) for line in lines]).to_file(tmp_path / "a.fgb")
    found = staged(city, tmp_path / "a.fgb")
    spots = {tuple(map(float, xy)) for line in lines for xy in line.coords}
    assert {place(one) for one in found.points} == spots
    by_number = {one.point_no: place(one) for one in found.points}
    for line in found.lines:
        (x0, y0), (x1, y1) = shapely.get_coordinates(to_shape(line.geom)) - [EAST, NORTH]
        assert (by_number[line.start_no], by_number[line.end_no]) == ((x0, y0), (x1, y1))
    numbers = [line.segment_no for line in found.lines]
    assert len(set(numbers)) == len(numbers)  # parallel lines are told apart


def test_parts_are_joined_where_they_touch_and_told_apart_where_not(city: Session, tmp_path: Path) -> None:
    lines = frame(
        ("给水", MultiLineString([[(0, 0), (10, 0)], [(10, 0), (20, 0)]])),
        ("给水", MultiLineString([[(0, 9), (10, 9)], [(11, 9), (20, 9)]])),
        ("给水", None),
        ("给水", Polygon([(0, 0), (9, 0), (9, 9)])),
    )
    lines["编号"] = ["A", "B", "C", "D"]
    lines.to_file(tmp_path / "a.gpkg")
    found = staged(city, tmp_path / "a.gpkg")
    assert [line.segment_no for line in found.lines] == ["A", "B/1", "B/2", "C"]
    assert [None if line.geom is None else to_shape(line.geom).length for line in found.lines] == [
        20,
        10,
        9,
        None,
    ]
    assert (found.detail("parts_joined"), found.detail("parts_split")) == ({"count": 1}, {"count": 1})
    assert found.detail("other_shapes") == {"count": 1, "row": 4}


def test_heights_of_lines_are_kept_and_flat_lines_have_none(city: Session, tmp_path: Path) -> None:
    lines = frame(
        ("给水", LineString([(0, 0, 1039.5), (9, 0, 1039.4)])),
        ("给水", LineString([(0, 5, 1039), (9, 5, 1039)])),
    )
    lines.geometry = [shapely.transform(g, lambda xyz: xyz, include_z=True) for g in lines.geometry]
    flat = frame(*PIPES)
    flat.to_file(tmp_path / "flat.gpkg")
    gpd.GeoDataFrame(
        {"管线种类": ["给水"]},
        geometry=[LineString([(EAST, NORTH, 1039.5), (EAST + 9, NORTH, 1039.4)])],
        crs=CITY_SRID,
    ).to_file(tmp_path / "deep.gpkg")
    deep, plane = staged(city, tmp_path / "deep.gpkg"), staged(city, tmp_path / "flat.gpkg")
    heights = select(func.ST_Z(func.ST_StartPoint(StagedLine.geom))).where(StagedLine.id == deep.lines[0].id)
    assert city.scalar(heights) == 1039.5
    assert "heights_kept" in deep.said
    assert "heights_kept" not in plane.said


def test_a_drawing_is_read_by_its_layers(city: Session, tmp_path: Path) -> None:
    ezdxf = pytest.importorskip("ezdxf")
    drawing = ezdxf.new()
    space = drawing.modelspace()
    space.add_lwpolyline(
        [(EAST, NORTH), (EAST + 9, NORTH), (EAST + 9, NORTH + 9)], dxfattribs={"layer": "给水管线"}
    )
    space.add_line((EAST + 9, NORTH + 9), (EAST + 30, NORTH + 9), dxfattribs={"layer": "WS-LINE"})
    space.add_line((EAST, NORTH), (EAST + 30, NORTH), dxfattribs={"layer": "道路中线"})
    space.add_text("DN300", dxfattribs={"layer": "给水管线"}).set_placement((EAST + 1, NORTH))
    block = drawing.blocks.new("VALVE")
    block.add_circle((0, 0), 1)
    space.add_blockref("VALVE", (EAST + 9, NORTH + 9), dxfattribs={"layer": "JS-POINT"})
    path = tmp_path / "a.dxf"
    drawing.saveas(path)
    found = staged(city, path)
    assert [(line.class_code, line.sub_code) for line in found.lines] == [("JS", None), ("PS", "WS")]
    assert [to_shape(line.geom).length for line in found.lines] == [18, 21]
    assert found.detail("layers_left_out") == {"layers": "道路中线"}
    valve = next(one for one in found.points if one.extra.get("BlockName") == "VALVE")
    assert found.lines[0].end_no == valve.point_no
    assert "crs_assumed" in found.said


# ---- what is broken


def refused(city: Session, *files: Path, match: str) -> None:
    """Refused with a message that matches, and nothing staged."""
    before = [city.scalar(select(func.count()).select_from(model)) for model in (StagedPoint, StagedLine)]
    savepoint = city.begin_nested()
    with pytest.raises(InvalidInput, match=match):
        staged(city, *files)
    savepoint.rollback()
    after = [city.scalar(select(func.count()).select_from(model)) for model in (StagedPoint, StagedLine)]
    assert before == after


def test_half_a_workbook_is_refused(city: Session, tmp_path: Path) -> None:
    whole = write_workbook(
        tmp_path / "a.xlsx", JSPoint=[POINT_HEADS, *[point(str(n), n, 0) for n in range(99)]]
    )
    half = tmp_path / "half.xlsx"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    refused(city, half, match=r"half\.xlsx")


def test_a_workbook_with_a_broken_sheet_is_refused(city: Session, tmp_path: Path) -> None:
    whole = write_workbook(
        tmp_path / "a.xlsx", JSPoint=[POINT_HEADS, *[point(str(n), n, 0) for n in range(99)]]
    )
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[: len(content) * 2 // 3] if "sheet1" in name else content)
    refused(city, broken, match=r"broken\.xlsx.*JSPoint")


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".fgb", ".shp"])
def test_half_a_layer_is_refused(city: Session, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    frame(*[("给水", LineString([(n, 0), (n, 50)])) for n in range(300)]).to_file(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    refused(city, path, match=rf"a\{suffix}")


def test_a_text_table_cut_off_in_its_last_row_is_refused(city: Session, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "JSPoint.csv", POINT_HEADS, point("1", 0, 0), point("2", 1, 0))
    path.write_bytes(path.read_bytes()[:-14])
    refused(city, path, match=r"JSPoint\.csv.* 2 ")


def test_an_open_quotation_is_refused(city: Session, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "JSPoint.csv", POINT_HEADS, point("1", 0, 0))
    path.write_text(path.read_text("utf-8") + '"2,1,1,1,,\n3,1,1,1,,\n', "utf-8")
    refused(city, path, match=r"JSPoint\.csv")


def test_a_text_in_neither_encoding_is_refused_with_its_line(city: Session, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "JSPoint.csv", POINT_HEADS, point("1", 0, 0))
    path.write_bytes(path.read_bytes() + b"\xff\xff\xff,1,2\n")
    refused(city, path, match=r"JSPoint\.csv.* 3 ")


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("a.csv", b"", r"a\.csv"),
        ("a.xlsx", b"no workbook", r"a\.xlsx"),
        ("a.xls", b"\xd0\xcf\x11\xe0", r"\.xlsx"),
        ("a.dwg", b"AC1032", r"\.dxf"),
        ("a.csv", b"PK\x00\x00\x00\x01\x02", r"a\.csv"),
        ("a.zip", b"PK", r"a\.zip"),
        ("a.inp", b"[TITLE]\nx\n", r"a\.inp"),
        ("a.gpkg", b"SQLite format 3\x00", r"a\.gpkg"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_by_its_name(
    city: Session, tmp_path: Path, name: str, content: bytes, match: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    refused(city, path, match=match)


def test_two_columns_of_one_name_are_refused(city: Session, tmp_path: Path) -> None:
    heads = [*POINT_HEADS, "地面高程"]
    path = write_workbook(tmp_path / "a.xlsx", JSPoint=[heads, [*point("1", 0, 0), 1]])
    refused(city, path, match=r"JSPoint.*地面高程")


def test_a_row_with_too_many_cells_is_refused(city: Session, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "JSPoint.csv", POINT_HEADS, point("1", 0, 0), [*point("2", 0, 0), "多"])
    refused(city, path, match=r"JSPoint\.csv.* 2 ")


def test_a_workbook_without_a_survey_table_lists_what_it_has(city: Session, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", 人员=[["姓名", "电话"], ["甲", "1"]])
    refused(city, path, match=r"人员.*姓名")


def test_a_table_without_a_needed_column_names_it(city: Session, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "JSPoint.csv", ["物探点号", "X坐标", "地面高程"], ["1", 2, 3])
    refused(city, path, match=r"JSPoint\.csv.*\by\b")


def test_errors_of_a_spreadsheet_are_unread_cells(city: Session, tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path / "a.xlsx", JSPoint=[POINT_HEADS, point("1", 0, 0, "#N/A"), point("2", 1, 0)]
    )
    found = staged(city, path)
    assert [(one.ground_level, one.unread) for one in found.points] == [
        (None, {"ground_level": "#N/A"}), (1040.5, {}),
    ]  # fmt: skip
    assert found.detail("unread_cells") == {"field": "ground_level", "count": 1, "row": 1, "cell": "#N/A"}


def test_an_archive_that_unpacks_to_too_much_is_refused_unopened(
    city: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = tmp_path / "a.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("JSPoint.csv", b"0" * 3_000_000)
    monkeypatch.setattr(get_settings(), "survey_file_bytes", 2_000_000)
    with pytest.raises(TooLarge, match=r"a\.zip"):
        staged(city, bomb)
    large = tmp_path / "JSPoint.csv"
    large.write_bytes(b"0" * 2_000_001)
    with pytest.raises(TooLarge, match=r"JSPoint\.csv"):
        staged(city, large)


def test_names_in_an_archive_do_not_lead_out_of_it(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("../../JSPoint.csv", "物探点号,X坐标,Y坐标\n1,2,3\n")
    with opening.opened([archive]) as tables:
        assert [table.file for table in tables] == ["JSPoint.csv"]
    assert not (tmp_path.parent / "JSPoint.csv").exists()
