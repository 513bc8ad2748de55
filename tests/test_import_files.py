"""What people send: read as it is meant, or refused in one clear line."""

import csv
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import LineString, Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.errors import InvalidInput
from gis.exchange.fields import match_columns, parse_mapping
from gis.exchange.files import open_sheet
from gis.exchange.findings import RULES, Report, Where
from gis.exchange.profiles import case_classes, columns, pipe_kinds
from gis.exchange.rows import Options
from gis.exchange.run import run_import
from gis.i18n import in_locale
from gis.pipeline.models import PipeSegment
from gis.settings import CITY_SRID
from gis.standard.tables import find_class, pipe_class, point_kinds_of
from gis.standard.vocabulary import PointRole
from tests.import_files import EAST, NORTH, feature, lay_out, write_geojson

LINE = LineString([(EAST, NORTH), (EAST + 9, NORTH)])
WRONG = {
    "missing.geojson": None,
    "empty.geojson": b"",
    "broken.geojson": b'{"type": "FeatureCollection", "features": [{"type"',
    "nothing.geojson": b'{"type": "FeatureCollection", "features": []}',
    "picture.shp": b"\x89PNG\r\n",
    "letter.docx": b"PK",
    "table.csv": b"\xff\xfe\x00\x01\x81",
    "binary.csv": b"a,b\n\x00\x00,1\n",
    "heading.csv": b"lon,lat\n",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_cannot_be_read_is_one_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if (content := WRONG[name]) is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidInput) as refusal:
        open_sheet(path)
    assert name in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_chinese_table_is_read_in_either_encoding(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("名称,备注\n东胜区,井盖\n", encoding)
    assert open_sheet(path).rows == [{"名称": "东胜区", "备注": "井盖"}]


@pytest.mark.parametrize("encoding", ["GB18030", "UTF-8"])
@pytest.mark.parametrize("told", [True, False])
def test_a_chinese_shapefile_is_read_in_either_encoding(encoding: str, told: bool, tmp_path: Path) -> None:
    """Old programs write GBK and leave out the .cpg file that would say so."""
    frame = gpd.GeoDataFrame({"编号": ["给水一号"]}, geometry=[LINE], crs=CITY_SRID)
    frame.to_file(tmp_path / "pipes.shp", encoding=encoding)
    if not told:
        (tmp_path / "pipes.cpg").unlink()
        table = bytearray((tmp_path / "pipes.dbf").read_bytes())
        table[29] = 0
        (tmp_path / "pipes.dbf").write_bytes(table)
    assert open_sheet(tmp_path / "pipes.shp").rows == [{"编号": "给水一号"}]


@pytest.mark.parametrize("name", ["pipes.gpkg", "pipes.fgb", "pipes.shp"])
def test_every_kind_of_drawing_is_loaded_where_it_says(name: str, session: Session, tmp_path: Path) -> None:
    lay_out(session)
    frame = gpd.GeoDataFrame({"number": ["A"], "class_code": ["JS"], "sub_code": ["JP"]}, geometry=[LINE])
    frame.set_crs(CITY_SRID).to_crs(4490).to_file(tmp_path / name)
    assert run_import(session, "pipelines", [tmp_path / name], Options()).loaded == 1
    length = session.scalar(select(PipeSegment.geom.ST_Length()))
    assert length == pytest.approx(9, abs=1e-6)


def test_a_drawing_must_say_its_coordinate_system_or_have_it_declared(tmp_path: Path) -> None:
    gpd.GeoDataFrame({"a": [1]}, geometry=[LINE]).to_file(tmp_path / "pipes.shp")
    with pytest.raises(InvalidInput):
        open_sheet(tmp_path / "pipes.shp")
    assert open_sheet(tmp_path / "pipes.shp", "EPSG:4546").crs.to_epsg() == 4546


def test_one_of_several_layers_must_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    for layer in ("lines", "points"):
        gpd.GeoDataFrame({"a": [1]}, geometry=[Point(0, 0)], crs=4326).to_file(path, layer=layer)
    with pytest.raises(InvalidInput, match="points"):
        open_sheet(path)
    assert open_sheet(path, layer="points").rows == [{"a": 1}]


def test_columns_are_found_by_name_by_alias_and_as_told() -> None:
    given = parse_mapping("cases", ["when=reported_at"])
    found = match_columns("cases", [" External_ID ", "when", "经度", "上报时间"], given)
    assert found == {"number": [" External_ID "], "reported_at": ["when"], "lon": ["经度"]}


@pytest.mark.parametrize("pair", ["when", "=reported_at", "when=nothing"])
def test_a_mapping_to_no_field_is_refused(pair: str) -> None:
    with pytest.raises(InvalidInput):
        parse_mapping("cases", [pair])


def test_a_file_without_the_needed_columns_is_refused_whole(session: Session, tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "a.geojson", feature(Point(0, 0), colour="red"))
    with pytest.raises(InvalidInput, match="colour"):
        run_import(session, "areas", [path], Options())


def test_a_profile_that_is_not_there_is_refused(session: Session, tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "a.geojson", feature(Point(0, 0), code="150602", name="x"))
    with pytest.raises(InvalidInput):
        run_import(session, "areas", [path], Options(profile="boston311"))


def test_the_report_is_a_table_that_spreadsheets_open(tmp_path: Path) -> None:
    report = Report("pipelines")
    report.add("closed_ring", Where("a.geojson", 7, "P-1"), "两端")
    report.add("no_year", Where("a.geojson", 7, "P-1"))
    report.add("no_year", Where("a.geojson", 3, "P-0"))
    report.settle()
    with in_locale("zh_CN"):
        report.write_csv(tmp_path / "report.csv")
    assert (tmp_path / "report.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["outcome"], row["code"]) for row in rows] == [
        ("3", "kept", "no_year"),
        ("7", "refused", "closed_ring"),  # and nothing else about a row that is not there
    ]
    assert rows[1]["reason"] == "管线首尾重合"
    with pytest.raises(InvalidInput):
        report.write_csv(tmp_path / "no such folder" / "report.csv")


def test_rules_have_codes_of_their_own() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)


def test_the_profiles_name_only_what_there_is() -> None:
    for column in columns():
        assert match_columns(column.subject, [column.column], {column.field: column.column})[column.field]
    for kind in pipe_kinds():
        pipe_class(kind.class_code, kind.sub_code)
        names = {point.code for point in point_kinds_of(kind.class_code, PointRole.APPENDAGE)}
        assert kind.appendage in names | {""}
    for row in case_classes():
        find_class(row.edition, row.kind, row.class_code)
