"""Lines and points of a survey, with every kind of dirt: what is wrong is said, the rest loaded as drawn."""

from pathlib import Path
from typing import Any

import pytest
from shapely import LineString, MultiLineString, Point, Polygon
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.errors import Conflict, InvalidInput
from gis.exchange.findings import Report
from gis.exchange.rows import Options
from gis.exchange.run import run_import
from gis.pipeline.models import PipePoint, PipeSegment
from tests.import_files import SIDE, feature, lay_out, refused, said, write_geojson

WATER = {"class_code": "JS", "sub_code": "JP", "year": 2009}

# number: (shape, properties, rule that refuses it)
REFUSED: dict[str, tuple[Any, dict[str, Any], str]] = {
    "ring": (LineString([(200, 200), (220, 200), (220, 220), (200, 200)]), WATER, "closed_ring"),
    "nothing long": (LineString([(200, 100), (200, 100)]), WATER, "zero_length"),
    "twice": (LineString([(0, 0), (50, 0)]), WATER, "duplicate_geometry"),
    "twice the other way": (LineString([(50, 0), (0, 0)]), WATER, "duplicate_geometry"),
    "abroad": (LineString([(SIDE + 5, 10), (SIDE + 50, 10)]), WATER, "outside_city"),
    "across the border": (LineString([(SIDE - 5, 10), (SIDE + 5, 10)]), WATER, "outside_city"),
    "no shape": (None, WATER, "no_geometry"),
    "a field": (Polygon([(0, 0), (10, 0), (10, 10)]), WATER, "wrong_geometry"),
    "no class": (LineString([(10, 10), (20, 20)]), {"class_code": "??"}, "unknown_kind"),
}
# number: (shape, properties, what is said about it)
KEPT: dict[str, tuple[Any, dict[str, Any], set[str]]] = {
    "good": (
        LineString([(0, 0), (50, 0)]),
        {**WATER, "size": "300", "start_level": 3, "end_level": 2},
        set(),
    ),
    "next": (LineString([(50, 0), (100, 0)]), WATER, {"no_levels", "no_size"}),
    "eight": (LineString([(0, 20), (40, 60), (40, 20), (0, 60)]), WATER, {"self_crossing"}),
    "joined": (MultiLineString([[(0, 80), (30, 80)], [(60, 80), (30, 80)]]), WATER, {"parts_joined"}),
    "split": (MultiLineString([[(0, 100), (30, 100)], [(60, 100), (90, 100)]]), WATER, {"parts_split"}),
    "ageless": (LineString([(0, 120), (30, 120)]), {**WATER, "year": None}, {"no_year"}),
    "odd year": (LineString([(0, 130), (30, 130)]), {**WATER, "year": 1066}, {"no_year", "value_not_taken"}),
    "short": (LineString([(0, 140), (0.03, 140)]), WATER, {"very_short"}),
    "cable": (
        LineString([(0, 0), (50, 0)]),
        {"class_code": "DL", "sub_code": "GD"},
        {"same_line_other_class"},
    ),
}


@pytest.fixture
def city(session: Session) -> Session:
    lay_out(session)
    return session


def load(city: Session, path: Path, *features: dict[str, Any], survey: str = "S1") -> Report:
    return run_import(city, "pipelines", [write_geojson(path, *features)], Options(survey=survey))


@pytest.fixture
def dirty(city: Session, tmp_path: Path) -> Report:
    """The report of an import of everything above."""
    rows = {**KEPT, **REFUSED}
    return load(
        city,
        tmp_path / "pipes.geojson",
        *(feature(shape, segment_no=number, **more) for number, (shape, more, _rule) in rows.items()),
        feature(LineString([(5, 5), (6, 6)]), segment_no="good", **WATER),
        feature(LineString([(5, 5), (6, 6)]), **WATER),
    )


def test_each_wrong_row_is_refused_by_the_rule_it_breaks(dirty: Report) -> None:
    expected = {number: rule for number, (_shape, _more, rule) in REFUSED.items()}
    assert refused(dirty) == expected | {"good": "number_repeated", "": "value_missing"}
    assert dirty.refused == len(REFUSED) + 2


def test_the_rest_is_loaded_and_what_is_odd_about_it_is_said(city: Session, dirty: Report) -> None:
    assert dirty.loaded == len(KEPT)
    assert dirty.read == dirty.loaded + dirty.refused
    for number, (_shape, _more, rules) in KEPT.items():
        assert rules <= {code for name, code in said(dirty) if name == number}, number
    stored = set(city.scalars(select(PipeSegment.segment_no)))
    assert stored == set(KEPT) - {"split"} | {"split/1", "split/2"}


def test_a_row_without_fault_has_only_what_is_not_known_said_about_it(dirty: Report) -> None:
    rules = {finding.rule.code for finding in dirty.findings if finding.where.row == 1}
    assert rules == set()


def test_nothing_is_moved(city: Session, dirty: Report) -> None:
    length = func.ST_Length(PipeSegment.geom)
    lengths = dict(city.execute(select(PipeSegment.segment_no, length)).all())
    for number, (shape, _more, _rules) in KEPT.items():
        found = lengths.get(number) or lengths["split/1"] + lengths["split/2"]
        assert found == pytest.approx(shape.length, abs=1e-6), number


def test_lines_of_one_class_that_meet_share_their_point(city: Session, dirty: Report) -> None:
    rows = {s.segment_no: s for s in city.scalars(select(PipeSegment))}
    assert rows["good"].end_point_id == rows["next"].start_point_id
    assert rows["cable"].end_point_id != rows["next"].start_point_id  # a cable is no water main


def test_heights_are_unknown_where_no_level_is_known(city: Session, dirty: Report) -> None:
    """Unknown is NaN, never 0: a pipe at sea level would be somewhere else."""
    heights = city.execute(select(PipeSegment.segment_no, func.ST_Z(func.ST_StartPoint(PipeSegment.geom))))
    assert {number for number, height in heights if height == height} == set()


def test_heights_are_those_of_the_centre_where_levels_and_size_are_known(
    city: Session, tmp_path: Path
) -> None:
    levels = {"start_level": 3.0, "end_level": 2.0, "width_mm": 400}
    crown = feature(LineString([(0, 0), (10, 0), (40, 0)]), segment_no="crown", **WATER, **levels)
    storm = {"class_code": "PS", "sub_code": "YS"}
    invert = feature(LineString([(0, 9), (10, 9), (40, 9)]), segment_no="invert", **storm, **levels)
    load(city, tmp_path / "levels.geojson", crown, invert)
    for number, to_centre in (("crown", -0.2), ("invert", 0.2)):
        points = (func.ST_Z(func.ST_PointN(PipeSegment.geom, n)) for n in (1, 2, 3))
        heights = city.execute(select(*points).where(PipeSegment.segment_no == number)).one()
        assert list(heights) == pytest.approx([3.0 + to_centre, 2.75 + to_centre, 2.0 + to_centre])


def test_a_line_ends_at_the_manhole_drawn_there_and_not_at_one_near_by(city: Session, tmp_path: Path) -> None:
    report = load(
        city,
        tmp_path / "both.geojson",
        feature(Point(0, 0), point_no="M1", appendage="窨井", **WATER),
        feature(Point(50.3, 0), point_no="M2", appendage="valve", **WATER),
        feature(LineString([(0, 0), (50, 0)]), segment_no="L1", **WATER),
    )
    assert report.loaded == 3
    assert ("L1", "manhole_near_end") in said(report)
    points = {point.id: point for point in city.scalars(select(PipePoint))}
    line = city.scalars(select(PipeSegment)).one()
    assert points[line.start_point_id].point_no == "M1"
    assert points[line.start_point_id].appendage == "manhole"
    assert points[line.end_point_id].point_no not in {"M1", "M2"}
    assert all(point.unit_grid_id for point in points.values())


def test_a_line_between_two_ends_of_one_manhole_is_a_ring(city: Session, tmp_path: Path) -> None:
    report = load(
        city,
        tmp_path / "tiny.geojson",
        feature(Point(10, 10), point_no="M1", **WATER),
        feature(LineString([(10, 10), (10.004, 10)]), segment_no="L1", **WATER),
    )
    assert refused(report) == {"L1": "closed_ring"}
    assert city.scalar(select(func.count()).select_from(PipePoint)) == 1


def test_the_same_survey_twice_adds_nothing(city: Session, tmp_path: Path, dirty: Report) -> None:
    before = city.scalar(select(func.count()).select_from(PipeSegment))
    again = load(
        city,
        tmp_path / "pipes.geojson",
        *(feature(shape, segment_no=number, **more) for number, (shape, more, _) in KEPT.items()),
    )
    assert set(refused(again).values()) == {"already_there"}
    other = load(
        city,
        tmp_path / "pipes.geojson",
        *(feature(shape, segment_no=number, **more) for number, (shape, more, _) in KEPT.items()),
        survey="S2",
    )
    assert set(refused(other).values()) == {"duplicate_geometry"}
    assert again.loaded == other.loaded == 0
    assert city.scalar(select(func.count()).select_from(PipeSegment)) == before


def test_a_second_file_is_joined_to_the_points_of_the_first(city: Session, tmp_path: Path) -> None:
    load(city, tmp_path / "a.geojson", feature(LineString([(0, 0), (50, 0)]), segment_no="A", **WATER))
    load(city, tmp_path / "b.geojson", feature(LineString([(50, 0), (90, 0)]), segment_no="B", **WATER))
    rows = {s.segment_no: s for s in city.scalars(select(PipeSegment))}
    assert rows["A"].end_point_id == rows["B"].start_point_id


def test_the_kinds_of_a_known_source_become_our_classes(city: Session, tmp_path: Path) -> None:
    def row(number: str, kind: str, cls: str, shape: Any) -> dict[str, Any]:
        return feature(shape, gml_id=number, kind=kind, cls=cls, year=2009.0)

    report = load(
        city,
        tmp_path / "unf.geojson",
        row("p", "power_lv", "Pipe", LineString([(0, 0), (9, 0)])),
        row("s", "sewer", "SewerPipe", LineString([(0, 5), (9, 5)])),
        row("b", "blower", "Pipe", LineString([(0, 9), (9, 9)])),
        row("m", "sewer", "Manhole", Point(0, 5)),
        row("x", "sewer", "SewerPipe", Point(9, 5)),
        row("t", "tunnel", "Pipe", LineString([(0, 12), (9, 12)])),
    )
    assert refused(report) == {"t": "unknown_kind"}
    assert ("x", "point_kind_unclear") in said(report)
    classes = select(PipeSegment.segment_no, PipeSegment.class_code, PipeSegment.sub_code)
    assert {tuple(row) for row in city.execute(classes)} == {
        ("p", "DL", "GD"),
        ("s", "PS", "YS"),
        ("b", "QT", "BM"),
    }
    assert city.scalar(select(PipePoint.appendage).where(PipePoint.point_no == "m")) == "storm_manhole"


def test_pipes_need_a_city(session: Session, tmp_path: Path) -> None:
    with pytest.raises(Conflict):
        load(session, tmp_path / "a.geojson", feature(LineString([(0, 0), (1, 0)]), segment_no="A", **WATER))


def test_a_survey_has_a_name_that_fits(city: Session, tmp_path: Path) -> None:
    one = feature(LineString([(0, 0), (1, 0)]), segment_no="A", **WATER)
    with pytest.raises(InvalidInput):
        load(city, tmp_path / "a.geojson", one, survey="S" * 33)
