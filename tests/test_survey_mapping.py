"""Which column means which field is suggested, shown and saved; cells are read as what their field holds."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from gis.errors import InvalidInput
from gis.i18n import in_locale
from gis.standard.tables import pipe_classes, pipe_main_classes, pipeline_fields
from gis.survey.cell_words import read_size
from gis.survey.cells import Read, day, escaped, floats, numbers, whole
from gis.survey.class_words import kind_of_element, read_kind
from gis.survey.head_words import FIELDS, HELD
from gis.survey.mapping import suggest
from gis.survey.models import SurveyMapping
from gis.survey.options import SurveyOptions
from gis.survey.preview import preview
from gis.survey.reading.table import object_array
from gis.survey.recognised import SENTENCES, Recognised
from gis.survey.staging import stage
from tests.import_files import EAST, NORTH, lay_out
from tests.survey_files import LINE_HEADS, POINT_HEADS, point, staged, write_csv, write_workbook


@pytest.fixture
def city(session: Session) -> Session:
    lay_out(session)
    return session


def fields_of(table: str, *columns: str) -> dict[str, str | None]:
    return {meaning.column: meaning.field for meaning in suggest(table, columns, {}, {}).meanings}


@pytest.mark.parametrize("table", ["point", "line"])
def test_every_field_name_of_the_standard_is_known(table: str) -> None:
    rows = [row for row in pipeline_fields() if row.table_name == table]
    found = fields_of(table, *(row.field for row in rows))
    assert found == {row.field: HELD[table].get(row.field) for row in rows}


@pytest.mark.parametrize("table", ["point", "line"])
def test_fields_that_are_held_are_columns_of_the_staged_table(table: str) -> None:
    from gis.survey.models import StagedLine, StagedPoint

    columns = {"point": StagedPoint, "line": StagedLine}[table].__table__.columns.keys()
    elsewhere = {
        "x",
        "y",
        "northing",
        "easting",
        "lon",
        "lat",
        "kind",
        "pressure",
    }  # become geom, class, two columns
    assert set(FIELDS[table]) - elsewhere <= set(columns)


@pytest.mark.parametrize(
    ("table", "column", "field"),
    [
        ("point", "物探点号", "point_no"),
        ("point", "X坐标(m)", "x"),
        ("point", " x ", "x"),
        ("point", "地面高程（米）", "ground_level"),
        ("point", "EXP_NO", "point_no"),
        ("point", "附属物", "appendage"),
        ("point", "纵坐标", "northing"),
        ("line", "起点点号", "start_no"),
        ("line", "连接点号", "end_no"),
        ("line", "管径或断面尺寸(mm)", "size"),
        ("line", "起点管底高程", "start_level"),
        ("line", "流向", "flow_direction"),
        ("line", "MATERIALS", "material"),
        ("line", "终点管内底高程", "end_level"),
        ("line", "管线种", "kind"),
        ("line", "甲乙丙丁", None),
        ("line", "管段长度", None),
        ("point", "井盖颜色", None),
    ],
)
def test_heads_as_surveyors_write_them(table: str, column: str, field: str | None) -> None:
    assert fields_of(table, column) == {column: field}


def test_likeness_is_said_with_its_confidence_and_never_crosses_ends() -> None:
    near = suggest("line", ["MATERIALS"], {}, {}).meanings[0]
    assert near.how == "alike"
    assert near.confidence < 0.95
    exact = suggest("line", ["Material"], {}, {}).meanings[0]
    assert (exact.how, exact.confidence) == ("name", 1.0)
    swapped = suggest("line", ["起点管内底标高值"], {}, {}).meanings[0]
    assert swapped.field in (None, "start_level")


def test_a_field_takes_one_column_and_the_better_named_one() -> None:
    found = suggest("line", ["点号", "起点点号", "连接点号"], {}, {})
    assert found.columns["start_no"] == "起点点号"
    assert found.kept == {"点号": "点号"}


def test_columns_of_the_standard_that_are_not_held_keep_its_name() -> None:
    found = suggest("point", ["图上点号", "怪列", "WellNeck"], {}, {})
    assert found.kept == {"图上点号": "Map_No", "怪列": "怪列", "WellNeck": "WellNeck"}


def test_the_order_is_said_then_saved_then_names(city: Session, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "JSLine.csv", [*LINE_HEADS, "乙"], ["1", "2", "1.1", "1.2", "300", "G", "1.5"]
    )
    city.add(
        SurveyMapping(
            name="甲院",
            table_name="line",
            columns=sorted([*LINE_HEADS, "乙"]),
            mapping={"start_depth_m": "乙"},
        )
    )
    city.flush()
    saved = staged(city, path)
    assert saved.lines[0].start_depth_m == 1.5
    assert saved.lines[0].extra == {"起点埋深": "1.1"}
    assert saved.detail("saved_mapping") == {"name": "甲院"}
    said = staged(city, path, mapping={"line": {"start_depth_m": "终点埋深"}})
    assert (said.lines[0].start_depth_m, said.lines[0].end_depth_m) == (1.2, None)


@pytest.mark.parametrize(
    ("mapping", "pointer"),
    [
        ({"line": {"start_depth_m": "没有"}}, "/options/mapping/line/start_depth_m"),
        ({"line": {"colour": "管径"}}, "/options/mapping/line/colour"),
    ],
)
def test_a_mapping_to_what_is_not_there_is_refused(
    city: Session, tmp_path: Path, mapping: dict[str, dict[str, str]], pointer: str
) -> None:
    path = write_csv(tmp_path / "JSLine.csv", LINE_HEADS, ["1", "2", "1.1", "1.2", "300", "G"])
    with pytest.raises(InvalidInput) as refused:
        staged(city, path, mapping=mapping)
    assert [error["pointer"] for error in refused.value.extra["errors"]] == [pointer]


def test_the_preview_shows_columns_samples_and_what_is_missing(city: Session, tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path / "a.xlsx",
        JSPoint=[[*POINT_HEADS, "怪列"], [*point("1", 0, 0), "a"], [*point("2", 1, 0), "b"]],
        JSLine=[["起点点号", "终点埋深", "管径"], ["1", 1.2, 300]],
        人员=[["姓名", "电话"], ["甲", "1"]],
    )
    points, lines, people = preview(city, [path], SurveyOptions())
    assert (points.table, points.class_code, points.rows, points.needed_missing) == ("point", "JS", 2, [])
    by_name = {column.name: column for column in points.columns}
    assert (by_name["物探点号"].field, by_name["物探点号"].samples) == ("point_no", ["1", "2"])
    assert (by_name["怪列"].field, by_name["怪列"].samples) == (None, ["a", "b"])
    assert points.first_rows[0][:2] == ["1", "4410000"]
    assert "x_is_north" in {one.code for one in points.recognised}
    assert (lines.table, lines.needed_missing) == ("line", ["end_no"])
    assert (people.table, people.recognised[0].code) == (None, "left_out")


def test_the_preview_says_what_must_be_declared(city: Session, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "JSPoint.csv", ["Exp_No", "X", "Y"], ["1", NORTH - 90_000, EAST])
    (only,) = preview(city, [path], SurveyOptions())
    assert {one.code for one in only.recognised} >= {"table", "needs_more"}
    assert [column.field for column in only.columns] == ["point_no", "x", "y"]


def test_progress_counts_up_to_the_rows_of_all_tables(city: Session, tmp_path: Path) -> None:
    from gis.survey.models import SurveyImport

    point_table = write_csv(tmp_path / "JSPoint.csv", POINT_HEADS, *[point(str(n), n, 0) for n in range(7)])
    line_table = write_csv(tmp_path / "JSLine.csv", LINE_HEADS, ["1", "2", "1", "1", "300", "G"])
    one = SurveyImport(survey="B", files=[])
    city.add(one)
    city.flush()
    told: list[tuple[int, int | None]] = []
    stage(
        city,
        one.id,
        [line_table, point_table],
        SurveyOptions(),
        lambda done, total: told.append((done, total)),
    )
    assert told[0] == (0, 8)
    assert told[-1] == (8, 8)
    assert told == sorted(told)


# ---- words and cells


def test_every_class_is_known_by_code_name_and_number() -> None:
    for main in pipe_main_classes():
        for word in (main.class_code, main.name_zh, main.name_zh + "管线"):
            kind = read_kind(word)
            assert kind is not None
            assert kind.class_code == main.class_code
        subs = [row for row in pipe_classes() if row.class_code == main.class_code]
        for number, row in enumerate(subs, start=1):
            kind = kind_of_element(f"5{main.number}{number:02}1000")
            assert kind is not None
            assert (kind.class_code, kind.sub_code) == (row.class_code, row.sub_code)
            named = read_kind(row.name_zh)
            assert named is not None
            assert named.class_code == row.class_code


@pytest.mark.parametrize(
    ("word", "size"),
    [
        ("300", (300, 300)),
        ("300.0", (300, 300)),
        ("DN300", (300, 300)),
        ("Φ300", (300, 300)),
        ("φ300", (300, 300)),
        ("d300", (300, 300)),
        ("1200X800", (1200, 800)),
        ("1200*800", (1200, 800)),
        ("1200×800", (1200, 800)),
        ("１２００Ｘ８００", (1200, 800)),
        ("2Φ100", (200, 100)),
        ("2-DN100", (200, 100)),
        ("4Φ100", (None, None)),
        ("0", (None, None)),
        ("2X100", (None, None)),
    ],
)
def test_sizes_as_surveyors_write_them(word: str, size: tuple[int | None, int | None]) -> None:
    assert read_size(word) == size


@pytest.mark.parametrize("word", ["大", "300X", "-5", "1e999", "nan", "0.3"])
def test_what_is_no_size_is_refused(word: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its words are of no use
        read_size(word)


@given(st.floats(-1e6, 1e6), st.sampled_from(["{!r}", " {!r} ", "{!r}m", "{:,.6f}"]))
def test_a_number_is_read_as_it_was_written(value: float, form: str) -> None:
    found, unread = floats(object_array([form.format(value)]))
    assert not unread.any()
    assert found[0] == pytest.approx(value, abs=1e-6)


@given(
    st.lists(
        st.one_of(st.none(), st.text(max_size=8), st.integers(-(2**40), 2**40), st.floats()), max_size=20
    )
)
def test_a_cell_is_read_or_unread_and_never_raises(cells: list[object]) -> None:
    column = object_array(cells)
    for read in (numbers(), whole(), day):
        found: Read = read(column)
        assert len(found.values) == len(cells)
        assert not any(
            bad and value is not None for bad, value in zip(found.unread, found.values, strict=True)
        )


@given(st.text())
def test_text_for_copy_stays_on_its_line(text: str) -> None:
    assert not set("\t\n\r") & set(escaped(text))
    plain = escaped(text)
    for sign, letter in (("t", "\t"), ("n", "\n"), ("r", "\r")):
        plain = plain.replace("\\\\", "\0\0").replace(f"\\{sign}", letter).replace("\0\0", "\\\\")
    if "\0" not in text:
        assert plain.replace("\\\\", "\\") == text


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("2019-05-01", "2019-05-01"),
        ("2019/5/1", "2019-05-01"),
        ("20190501", "2019-05-01"),
        ("2019.5", "2019-05-01"),
        ("2019年5月", "2019-05-01"),
        ("2019年5月3日", "2019-05-03"),
        ("2019", "2019-01-01"),
        (2019.0, "2019-01-01"),
        (date(2019, 5, 1), "2019-05-01"),
        ("2019-13-01", None),
        ("0", None),
        ("1019-05-01", None),
    ],
)
def test_days_as_surveyors_write_them(cell: object, found: str | None) -> None:
    read = day(object_array([cell]))
    assert read.values[0] == found
    assert read.unread[0] == (found is None)


def test_pressures_are_figures_or_bands(city: Session, tmp_path: Path) -> None:
    heads = ["起点点号", "终点点号", "压力"]
    words = ["中压A", "0.4", "400kPa", "0.005", "高", "中压b"]
    path = write_csv(tmp_path / "RQLine.csv", heads, *[[n, n + 1, word] for n, word in enumerate(words)])
    found = [(line.pressure_mpa, line.pressure_band, line.unread) for line in staged(city, path).lines]
    assert found == [
        (None, "MPA", {}),
        (0.4, "MPA", {}),
        (0.4, "MPA", {}),
        (0.005, "LP", {}),
        (None, None, {"pressure": "高"}),
        (None, "MPB", {}),
    ]


def test_signs_of_all_kinds_arrive_as_they_were_sent(city: Session, tmp_path: Path) -> None:
    odd = 'a\\b\t"c"\n{d}, \\N 井'
    path = write_workbook(
        tmp_path / "a.xlsx",
        JSPoint=[[*POINT_HEADS, "备注", "奇"], [*point("1", 0, 0), odd, odd], point("2", 1, 0)],
    )
    first, second = staged(city, path).points
    assert (first.note, first.extra) == (odd, {"奇": odd})
    assert (second.note, second.extra) == ("", {})


def test_what_is_recognised_is_said_in_the_readers_language() -> None:
    one = Recognised("old_edition", "a.csv", "DXPoint", {"old": "DX", "new": "TX"})
    with in_locale("en"):
        assert one.text == "DX of an older edition is read as TX"
    with in_locale("zh_CN"):
        assert one.text == "旧版代码 DX 按 TX 读取"
    assert Recognised.from_json(one.to_json()) == one
    assert all(SENTENCES.values())


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"axis": "zz"}, "/options/axis"),
        ({"units": "inch"}, "/options/units"),
        ({"crs": "EPSG:1"}, "/options/crs"),
        ({"class_code": "XY"}, "/options/class_code"),
        ({"mapping": {"road": {}}}, "/options/mapping"),
        ({"survey": "x" * 33}, "/options/survey"),
        ({"layer": 5}, "/options/layer"),
    ],
)
def test_options_that_are_none_are_refused_by_name(said: dict[str, object], pointer: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        SurveyOptions.from_json(said)
    assert refused.value.extra["errors"][0]["pointer"] == pointer


def test_options_survive_json() -> None:
    said = {"axis": "yx", "units": "mm", "crs": "4546", "class_code": "WS", "mapping": {"point": {"x": "X"}}}
    options = SurveyOptions.from_json(said | {"mode": "update"})
    assert SurveyOptions.from_json(options.to_json()) == options


def test_thousands_of_rows_are_read_in_chunks_as_in_one(
    city: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gis.survey.reading import grid

    rows = [point(str(n), n % 300, n // 300, "" if n % 5 else 1040 + n / 1000) for n in range(1000)]
    path = write_csv(tmp_path / "JSPoint.csv", POINT_HEADS, *rows)
    monkeypatch.setattr(grid, "CHUNK_ROWS", 64)
    found = staged(city, path).points
    assert [one.row_no for one in found] == list(range(1, 1001))
    assert [one.ground_level for one in found] == [row[3] or None for row in rows]
    assert np.isfinite([one.ground_level or 0 for one in found]).all()
