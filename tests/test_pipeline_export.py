"""Files of the network: read back by other libraries; the survey tables through an import and out again."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import ezdxf
import geopandas
import openpyxl
import pyogrio
import pytest
import shapely
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from gis.errors import TooLarge
from gis.exchange.export import drawing
from gis.exchange.export.run import FORMATS, export
from gis.exchange.export.selection import Selection
from gis.pipeline.asking import Question
from gis.pipeline.frame import Kind
from gis.pipeline.models import PipePoint, PipeSegment
from gis.settings import CITY_SRID, get_settings
from gis.standard.tables import pipe_main_classes, pipeline_fields
from gis.survey.comparing import compare
from gis.survey.merge import merge
from gis.survey.models import ImportState, StagedLine, StagedPoint, SurveyImport
from gis.survey.options import SurveyOptions
from gis.survey.staging import stage
from tests import pipe_rows
from tests.import_files import EAST, NORTH, lay_out
from tests.small_city import AsRole

PATH = "/api/v1/pipelines/export"
QUERY = "/api/v1/pipelines/query"
Tables = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def small(small_city: str) -> Iterator[Session]:
    """The small city as it was loaded, without what other tests have drawn; what is done to it is undone."""
    engine = create_engine(small_city)
    with engine.connect() as connection:
        outer = connection.begin()
        for table in ("pipe_segment", "pipe_point"):
            connection.execute(text(f"DELETE FROM {table} WHERE survey <> 'DS2021' OR valid_to IS NOT NULL"))
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()
    engine.dispose()


def written(session: Session, format_name: str, folder: Path, **question: Any) -> Path:
    """An export in a folder that lasts as long as its test."""
    made = export(session, Question(**question), format_name, "planner")
    kept = folder / f"{format_name}{made.path.suffix}"
    kept.write_bytes(made.path.read_bytes())
    made.remove()
    assert not made.folder.exists()
    return kept


def tables_of(path: Path) -> Tables:
    """Every sheet of a workbook, cell by cell as typed values."""
    book = openpyxl.load_workbook(path, read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def test_a_table_holds_what_the_list_tells(as_role: AsRole) -> None:
    client = as_role("planner")
    asked = {"filter": "class = 'PS' AND width_mm >= 300"}
    items = client.post(QUERY, json={**asked, "limit": 1000}).json()["items"]
    assert len(items) > 50
    sheet = client.post(PATH, json={**asked, "format": "xlsx"})
    assert sheet.status_code == 200, sheet.text
    assert sheet.headers["x-row-count"] == str(len(items))
    (rows,) = tables_of(io.BytesIO(sheet.content)).values()  # type: ignore[arg-type]
    heading, *cells = rows
    names = [one["name"] for one in client.get("/api/v1/pipelines/attributes").json()["items"]]
    assert len(heading) == len(names)
    for item, row in zip(items, cells, strict=True):
        told = {name: item["titles"].get(name, item[name]) for name in names}
        days = {name: date.fromisoformat(told[name]) for name in ("surveyed_on", "valid_from") if told[name]}
        plain = [cell.date() if isinstance(cell, datetime) else cell for cell in row]
        assert plain == pytest.approx([days.get(name, told[name]) for name in names])
    table = client.post(PATH, json={**asked, "format": "csv"})
    assert table.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert lines[0] == list(heading)
    assert [line[0] for line in lines[1:]] == [item["number"] for item in items]
    length = names.index("length_m")
    assert [float(line[length]) for line in lines[1:]] == [item["length_m"] for item in items]


def test_text_is_no_formula(session: Session, tmp_path: Path) -> None:
    rows = pipe_rows.build(session)
    session.get_one(PipeSegment, rows[0]["id"]).note = "=HYPERLINK(1)"
    session.flush()
    table = written(session, "csv", tmp_path, filter=f"number = '{rows[0]['number']}'")
    assert "'=HYPERLINK(1)" in next(csv.reader(table.read_text("utf-8-sig").splitlines()[1:]))
    (sheet,) = tables_of(written(session, "xlsx", tmp_path, filter="note IS NOT NULL")).values()
    assert "=HYPERLINK(1)" in sheet[1]


def test_layers_of_a_geopackage_are_those_of_the_city(small: Session, tmp_path: Path) -> None:
    path = written(small, "gpkg", tmp_path)
    layers = dict(pyogrio.list_layers(path))
    assert layers == {"pipe_segments": "LineString Z", "pipe_points": "Point"}
    lines = geopandas.read_file(path, layer="pipe_segments").set_index("id")
    points = geopandas.read_file(path, layer="pipe_points").set_index("id")
    assert lines.crs.to_epsg() == points.crs.to_epsg() == CITY_SRID
    raw = small.execute(
        text("SELECT id, segment_no, width_mm, total_holes, ST_AsBinary(geom) FROM pipe_segment ORDER BY id")
    ).all()
    assert list(lines.index) == [row.id for row in raw]
    assert list(lines["number"]) == [row.segment_no for row in raw]
    assert lines["holes"].notna().tolist() == [row.total_holes is not None for row in raw]
    exact = shapely.from_wkb([bytes(row[4]) for row in raw])
    assert shapely.equals_identical(lines.geometry.to_numpy(), exact).all()
    assert len(points) == small.scalar(text("SELECT count(*) FROM pipe_point"))


def test_an_empty_answer_makes_empty_layers(small: Session, tmp_path: Path) -> None:
    path = written(small, "gpkg", tmp_path, filter="class = 'GY'")
    assert [len(pyogrio.read_dataframe(path, layer=name)) for name in ("pipe_segments", "pipe_points")] == [
        0,
        0,
    ]


def test_points_of_a_part_are_the_ends_of_its_lines(small: Session, tmp_path: Path) -> None:
    path = written(small, "gpkg", tmp_path, filter="width_mm > 400")
    lines = pyogrio.read_dataframe(path, layer="pipe_segments")
    points = pyogrio.read_dataframe(path, layer="pipe_points")
    assert set(points["number"]) == set(lines["start_no"]) | set(lines["end_no"])


def test_a_drawing_is_whole_and_true(small: Session, tmp_path: Path) -> None:
    document = ezdxf.readfile(written(small, "dxf", tmp_path))
    auditor = document.audit()
    assert (auditor.errors, auditor.fixes) == ([], [])
    assert document.units == ezdxf.units.M
    for row in pipe_main_classes():
        layer = document.layers.get(drawing.layer_of(row.class_code, ""))
        assert "#{:02X}{:02X}{:02X}".format(*layer.rgb) == row.rgb_hex
    space = document.modelspace()
    raw = small.execute(text("SELECT class_code, ST_AsBinary(geom) FROM pipe_segment")).all()
    expected = sorted(_corners(code, shapely.from_wkb(bytes(wkb))) for code, wkb in raw)
    drawn = []
    for line in space.query("POLYLINE"):
        drawn.append((line.dxf.layer[:2], tuple(tuple(round(c, 6) for c in p.xyz) for p in line.points())))
    for line in space.query("LWPOLYLINE"):
        drawn.append(
            (line.dxf.layer[:2], tuple((round(x, 6), round(y, 6)) for x, y in line.get_points("xy")))
        )
    assert sorted(drawn) == expected
    points = small.execute(text("SELECT point_no, ST_X(geom), ST_Y(geom) FROM pipe_point")).all()
    wells = {insert.get_attrib_text("NUMBER"): insert for insert in space.query("INSERT")}
    assert len(wells) == len(points)
    for number, x, y in points:
        assert tuple(wells[number].dxf.insert.vec2) == pytest.approx((x, y))
    words = {text_.dxf.text for text_ in space.query("TEXT")}
    assert {f"{size} {material}" for size, material in small.execute(text(
        "SELECT size, material FROM pipe_segment WHERE length_m > 40 AND material IS NOT NULL"
    ))} <= words  # fmt: skip


def _corners(code: str, line: Any) -> tuple[str, tuple[tuple[float, ...], ...]]:
    places = shapely.get_coordinates(line, include_z=True).tolist()
    dimensions = 3 if all(place[2] == place[2] for place in places) else 2
    return code, tuple(tuple(round(part, 6) for part in place[:dimensions]) for place in places)


def test_survey_tables_have_the_columns_of_the_standard_in_order(small: Session, tmp_path: Path) -> None:
    tables = tables_of(written(small, "cjj61", tmp_path))
    classes = small.scalars(text("SELECT DISTINCT class_code FROM pipe_segment")).all()
    assert set(tables) == {f"{code}{kind}" for code in classes for kind in ("Point", "Line")}
    for name, rows in tables.items():
        fields = [row.field for row in pipeline_fields() if row.table_name == name[2:].lower()]
        assert list(rows[0][: len(fields)]) == fields
    first = small.execute(
        text(
            "SELECT point_no, ST_Y(geom), ST_X(geom) FROM pipe_point"
            " WHERE class_code = 'JS' ORDER BY id LIMIT 1"
        )
    ).one()
    heading, point = tables["JSPoint"][:2]
    told = dict(zip(heading, point, strict=True))
    assert (told["Exp_No"], told["X"], told["Y"]) == tuple(first)  # X is northing


def taken_in(session: Session, path: Path, survey: str, day: date = date(2024, 1, 1)) -> SurveyImport:
    """A workbook as it waits to be accepted."""
    made = SurveyImport(survey=survey, files=[], options={}, state=ImportState.CHECKED)
    session.add(made)
    session.flush()
    stage(session, made.id, [path], SurveyOptions.from_json({"survey": survey}))
    made.counts = {"change": compare(session, made)}
    session.flush()
    return made


def test_the_network_through_its_tables_is_the_same_network(small: Session, tmp_path: Path) -> None:
    """Export, import: nothing is new, changed or gone."""
    path = written(small, "cjj61", tmp_path)
    made = taken_in(small, path, "DS2021")
    change = made.counts["change"]
    rows = small.scalar(
        text("SELECT (SELECT count(*) FROM pipe_point) + (SELECT count(*) FROM pipe_segment)")
    )
    assert {name: change[name] for name in ("new", "changed", "gone", "refused", "same")} == {
        "new": 0, "changed": 0, "gone": 0, "refused": 0, "same": rows,
    }  # fmt: skip
    for model in (StagedPoint, StagedLine):
        unread = select(model.unread).where(model.import_id == made.id, model.unread != {})
        assert small.scalars(unread).all() == []


def test_tables_through_the_network_are_the_same_tables(small: Session, tmp_path: Path) -> None:
    """Import under another name, export: the same cells."""
    first = written(small, "cjj61", tmp_path)
    made = taken_in(small, first, "COPY")
    merge(small, made, date(2024, 1, 1), only_clean=False)
    small.flush()
    second = written(small, "cjj61", tmp_path, filter="survey = 'COPY'")
    ours, theirs = tables_of(first), tables_of(second)
    assert ours.keys() == theirs.keys()
    for name, rows in ours.items():
        assert rows[0] == theirs[name][0]
        assert sorted(map(repr, rows)) == sorted(map(repr, theirs[name]))


# What surveyors write beyond codes: words of usage, dates of all kinds, unknowns, columns of their own.
HAND_MADE: dict[str, list[dict[str, Any]]] = {
    "PSPoint": [
        {"Exp_No": "WS1", "X": NORTH + 10.125, "Y": EAST + 10.001, "High": 1430.25, "Subsid": "检查井",
         "WellDeep": 3.2, "MDate": date(2009, 7, 1), "UStatus": "0", "sub_code": "WS", "WellNeck": 0.35,
         "Map_No": "A-1", "测量组": "三组", "WellSize": "700", "Angle": 12.5},
        {"Exp_No": "WS2", "X": NORTH + 50.0, "Y": EAST + 10.0, "High": 1430.1, "Feature": "三通",
         "UStatus": "1", "sub_code": "WS", "Belong": "某小区物业", "Note": "井盖=破损"},
        {"Exp_No": "WS3", "X": NORTH + 90.0, "Y": EAST + 10.0, "UStatus": "0", "sub_code": "WS",
         "Subsid": "检查井", "is_open": "常开"},
    ],
    "PSLine": [
        {"LNo": "L1", "S_Exp": "WS1", "E_Exp": "WS2", "S_Deep": 2.5, "E_Deep": 2.6, "S_H": 1427.75,
         "E_H": 1427.5, "S_High": 1430.25, "Type": "PS", "Material": "HDPE", "PSize": "400", "FlowDir": "+",
         "Embed": "ZM", "MDate": date(2009, 7, 1), "UStatus": "0", "sub_code": "WS", "width_mm": 400,
         "height_mm": 400, "Casing": "钢套管", "DataSource": "1"},
        {"LNo": "L2", "S_Exp": "WS2", "E_Exp": "WS3", "Type": "PS", "PSize": "1200X800", "Material": "PE",
         "FlowDir": "0", "MDate": 1998, "UStatus": "0", "sub_code": "WS", "width_mm": 1200, "height_mm": 800,
         "Voltage": None, "备查": "x"},
    ],
}  # fmt: skip


def test_what_surveyors_write_comes_back_as_they_wrote_it(session: Session, tmp_path: Path) -> None:
    lay_out(session)
    path = tmp_path / "hand.xlsx"
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in HAND_MADE.items():
        sheet = book.create_sheet(name)
        heads = list(dict.fromkeys(head for row in rows for head in row))
        sheet.append(heads)
        for row in rows:
            sheet.append([row.get(head) for head in heads])
    book.save(path)
    made = taken_in(session, path, "HAND")
    merge(session, made, date(2024, 1, 1), only_clean=False)
    session.flush()
    tables = tables_of(written(session, "cjj61", tmp_path))
    assert set(tables) == set(HAND_MADE)
    for name, rows in HAND_MADE.items():
        heading, *found = tables[name]
        for row, cells in zip(rows, found, strict=True):
            told = {
                head: cell.date() if isinstance(cell, datetime) else cell
                for head, cell in zip(heading, cells, strict=True)
                if cell is not None
            }
            assert told == {head: cell for head, cell in row.items() if cell is not None}


def test_several_surveys_are_several_workbooks(session: Session, tmp_path: Path) -> None:
    pipe_rows.build(session)
    half = select(PipePoint.id).order_by(PipePoint.id).limit(30)
    ids = session.scalars(half).all()
    session.execute(text("UPDATE pipe_point SET survey = 'T/2' WHERE id = ANY(:ids)"), {"ids": list(ids)})
    session.execute(
        text("UPDATE pipe_segment SET survey = 'T/2' WHERE start_point_id = ANY(:ids)"), {"ids": list(ids)}
    )
    path = written(session, "cjj61", tmp_path)
    assert path.suffix == ".zip"
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["01-T_2.xlsx", "02-T1.xlsx"]
        lines = 0
        for name in archive.namelist():
            archive.extract(name, tmp_path)
            lines += sum(
                len(rows) - 1 for sheet, rows in tables_of(tmp_path / name).items() if sheet.endswith("Line")
            )
    assert lines == pipe_rows.COUNT


@pytest.mark.parametrize("format_name", FORMATS)
def test_too_many_rows_are_refused_and_never_cut(
    small: Session, format_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "export_rows", 734)
    with pytest.raises(TooLarge) as refused:
        export(small, Question(), format_name, "planner")
    assert refused.value.extra["most"] == 734


def test_who_took_what_is_logged(small: Session, tmp_path: Path) -> None:
    with capture_logs() as logs:
        written(small, "csv", tmp_path, filter="class = 'RQ'")
    (line,) = [log for log in logs if log["event"] == "pipelines exported"]
    assert (line["who"], line["format"], line["rows"]) == (
        "planner", "csv", small.scalar(text("SELECT count(*) FROM pipe_segment WHERE class_code = 'RQ'")),
    )  # fmt: skip
    assert line["question"]["filter"] == "class = 'RQ'"


def test_rows_come_by_a_cursor_of_the_server(small: Session) -> None:
    rows = Selection(small, Question()).rows(Kind.SEGMENTS)
    next(rows)
    assert small.scalar(text("SELECT count(*) FROM pg_cursors WHERE name <> ''")) == 1
    rows.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"format": "shp"}, 422),
        ({"format": "csv", "filter": "bore = 1"}, 422),
        ({"format": "cjj61", "kind": "points"}, 422),
        ({"format": "cjj61", "filter": "class = 'GY'"}, 422),
        ({"format": "csv", "community": "nowhere"}, 404),
    ],
)
def test_odd_exports_are_told_what_is_wrong(as_role: AsRole, body: dict[str, Any], status: int) -> None:
    answer = as_role("planner").post(PATH, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_points_alone_are_a_table_too(as_role: AsRole) -> None:
    client = as_role("planner")
    asked = {"kind": "points", "filter": "appendage = 'manhole'"}
    count = len(client.post(QUERY, json={**asked, "limit": 1000}).json()["items"])
    assert count > 10
    for format_name in ("xlsx", "csv", "gpkg", "dxf"):
        answer = client.post(PATH, json={**asked, "format": format_name})
        assert (answer.status_code, answer.headers["x-row-count"]) == (200, str(count))
        assert "attachment" in answer.headers["content-disposition"]
