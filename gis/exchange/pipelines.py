"""Pipelines from files: lines and points of one survey, checked, joined at their ends, loaded by COPY."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from geoalchemy2.shape import to_shape
from shapely import Point, from_wkb
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis.database import read_sql
from gis.errors import InvalidInput
from gis.exchange.city_frame import boundary, the_city
from gis.exchange.copying import copy_rows, line_z_text, shape_text
from gis.exchange.findings import Report
from gis.exchange.pipe_ends import PointToBe, join_ends, note_near_manholes, refuse_rings
from gis.exchange.pipe_lines import (
    Drawn,
    DrawnLines,
    Segment,
    centre_heights,
    line_key,
    note_oddities,
    refuse_impossible,
    split_parts,
)
from gis.exchange.profiles import pipe_kind
from gis.exchange.rows import Options, Row, read_rows
from gis.i18n import N_, _
from gis.pipeline.models import PipePoint, PipeSegment
from gis.settings import CITY_SRID
from gis.standard.errors import UnknownCode
from gis.standard.tables import pipe_class, point_kinds_of
from gis.standard.vocabulary import DepthReference, PointRole

LONGEST_SURVEY = 32
MADE_POINTS, MADE_ENDS, MADE_SEGMENTS = N_("points of the file"), N_("points at plain ends"), N_("segments")


def load(session: Session, report: Report, paths: list[Path], options: Options) -> None:
    """Load lines and points of one survey; see the rules of :mod:`gis.exchange.findings`.

    Numbers are unique inside a survey; the same number of the same survey is not loaded twice.

    Raises
    ------
    InvalidInput
        The name of the survey is too long, or a file cannot be read.
    Conflict
        There is no city yet.
    """
    the_city(session)
    survey = options.survey or paths[0].stem[:LONGEST_SURVEY]
    if len(survey) > LONGEST_SURVEY:
        raise InvalidInput(_("The name of a survey has at most {most} letters").format(most=LONGEST_SURVEY))
    rows = _not_there_yet(session, report, survey, read_rows(report, paths, options))
    city = boundary(session)
    lines: list[list[Segment]] = []
    points: list[PointToBe] = []
    for row in rows:
        kind = _kind(report, row)
        if kind is None:
            continue
        if isinstance(row.shape, Point):
            points += _point(report, row, kind)
        else:
            lines.append(split_parts(report, row, kind[0], kind[1]))
    points = _possible_points(report, points, city)
    lines = refuse_impossible(report, lines, city, _drawn_before(session, lines))
    segments = [segment for parts in lines for segment in parts]
    made = join_ends(segments, points + _points_there(session, segments))
    lines = refuse_rings(report, lines)
    segments = [segment for parts in lines for segment in parts]
    used = {id(point) for segment in segments for point in (segment.start, segment.end)}
    made = [point for point in made if id(point) in used]
    note_oddities(report, lines)
    note_near_manholes(report, lines)
    _store(session, survey, [*points, *made], segments)
    report.loaded = len(lines) + len(points)
    report.made.update({MADE_SEGMENTS: len(segments), MADE_POINTS: len(points), MADE_ENDS: len(made)})


def _not_there_yet(session: Session, report: Report, survey: str, rows: list[Row]) -> list[Row]:
    """Leave out the rows whose number this survey has brought before."""
    there: set[str] = set()
    for model, number in ((PipeSegment, PipeSegment.segment_no), (PipePoint, PipePoint.point_no)):
        # "number/2" is a part of "number".
        statement = select(func.split_part(number, "/", 1)).where(model.survey == survey)
        there.update(session.scalars(statement))
    kept = []
    for row in rows:
        if row["number"].split("/")[0] in there:
            report.add("already_there", row.where, _("survey {survey}").format(survey=survey))
        else:
            kept.append(row)
    return kept


def _kind(report: Report, row: Row) -> tuple[str, str, str] | None:
    """Class, sub-class and what stands at a point of this kind; by the profile, else by the columns."""
    known = pipe_kind(row.profile, row["kind"] or "", row["part"] or "")
    if known is not None:
        return known.class_code, known.sub_code, known.appendage
    name = row["class_code"] or row["kind"] or ""
    try:
        found = pipe_class(name, row["sub_code"])
    except UnknownCode:
        report.add("unknown_kind", row.where, f"{name} {row['sub_code'] or ''}".strip())
        return None
    return found.class_code, found.sub_code, ""


def _point(report: Report, row: Row, kind: tuple[str, str, str]) -> list[PointToBe]:
    class_code, sub_code, appendage = kind
    feature = _point_kind(class_code, PointRole.FEATURE, row["feature"])
    appendage = _point_kind(class_code, PointRole.APPENDAGE, row["appendage"]) or appendage
    if not (feature or appendage):
        detail = row["appendage"] or row["feature"] or row["part"] or ""
        report.add("point_kind_unclear", row.where, detail)
    assert isinstance(row.shape, Point)  # noqa: S101 - for the type checker
    if row["year_laid"] is None:
        report.add("no_year", row.where)
    feature = "" if appendage else feature
    return [
        PointToBe(row["number"], class_code, sub_code, row.shape, row.values, appendage, feature, row.where)
    ]


def _point_kind(class_code: str, role: PointRole, name: str | None) -> str:
    """The code of a feature or appendage by code or name; empty where the class has none of that name."""
    for kind in point_kinds_of(class_code, role):
        if name in (kind.code, kind.name_zh, kind.name_en):
            return kind.code
    return ""


def _possible_points(report: Report, points: list[PointToBe], city: Any) -> list[PointToBe]:
    """Leave out points outside the city, and those on one place with an earlier one of the same kind."""
    seen: dict[tuple[str, ...], str] = {}
    kept = []
    for point in points:
        assert point.where is not None  # noqa: S101 - points of files have one
        place = f"{point.place.x:.3f},{point.place.y:.3f}"
        # Low and high voltage may share one cover and one class of ours, but not one kind of the source.
        key = (point.class_code, point.sub_code, point.appendage, place, str(point.values.get("kind")))
        if not city.covers(point.place):
            report.add("outside_city", point.where)
        elif key in seen:
            report.add("duplicate_geometry", point.where, _("same as {number}").format(number=seen[key]))
        else:
            seen[key] = point.number
            kept.append(point)
    return kept


def _drawn_before(session: Session, lines: list[list[Segment]]) -> DrawnLines:
    """Lines of the city that may be the same as one of the import."""
    bounds = [segment.line.bounds for parts in lines for segment in parts]
    sides = dict(
        zip(("wests", "souths", "easts", "norths"), map(list, zip(*bounds, strict=True)), strict=False)
    )
    drawn: DrawnLines = {}
    if bounds:
        rows = session.execute(read_sql("segments_of_same_extent"), sides | {"srid": CITY_SRID})
        for number, class_code, line in rows:
            drawn.setdefault(line_key(from_wkb(line)), []).append(Drawn(number, class_code))
    return drawn


def _points_there(session: Session, segments: list[Segment]) -> list[PointToBe]:
    """Points that the city has already, of the classes and in the bounds of the segments."""
    if not segments:
        return []
    bounds = [segment.line.bounds for segment in segments]
    box = func.ST_MakeEnvelope(
        min(b[0] for b in bounds) - 1,
        min(b[1] for b in bounds) - 1,
        max(b[2] for b in bounds) + 1,
        max(b[3] for b in bounds) + 1,
        CITY_SRID,
    )
    classes = sorted({segment.class_code for segment in segments})
    statement = select(
        PipePoint.id, PipePoint.point_no, PipePoint.class_code, PipePoint.sub_code, PipePoint.geom
    ).where(PipePoint.class_code.in_(classes), PipePoint.valid_to.is_(None), PipePoint.geom.op("&&")(box))
    return [
        PointToBe(number, class_code, sub_code, to_shape(geom), {}, id=id_)  # type: ignore[arg-type]
        for id_, number, class_code, sub_code, geom in session.execute(statement)
    ]


STAGED_COLUMNS = (
    *("point_no", "class_code", "sub_code", "feature", "appendage", "ground_level", "well_depth_m"),
    *("usage_status", "built_on", "surveyed_on", "note", "geom"),
)


def _store(session: Session, survey: str, points: list[PointToBe], segments: list[Segment]) -> None:
    session.execute(text("DROP TABLE IF EXISTS staged_point"))
    session.execute(
        text(
            "CREATE TEMPORARY TABLE staged_point ON COMMIT DROP AS"
            f" SELECT {', '.join(STAGED_COLUMNS)} FROM pipe_point WHERE false"
        )
    )
    copy_rows(session, "staged_point", STAGED_COLUMNS, map(_point_row, points))
    session.execute(read_sql("staged_points"), {"survey": survey})
    of_survey = select(PipePoint.point_no, PipePoint.id).where(
        PipePoint.survey == survey, PipePoint.valid_to.is_(None)
    )
    numbers = dict(session.execute(of_survey).tuples().all())
    for point in points:
        point.id = numbers[point.number]
    copy_rows(session, "pipe_segment", SEGMENT_COLUMNS, _segment_rows(survey, segments))


def _point_row(point: PointToBe) -> tuple[Any, ...]:
    value = point.values.get
    year = value("year_laid")
    return (
        point.number,
        point.class_code,
        point.sub_code,
        point.feature,
        point.appendage,
        value("ground_level"),
        value("well_depth_m"),
        value("usage_status"),
        date(year, 1, 1) if year else None,
        value("surveyed_on"),
        value("note") or "",
        shape_text(point.place),
    )


# Columns that a row brings under their own name; where it is silent, NULL or what stands here.
PLAIN: dict[str, Any] = {
    **dict.fromkeys(("start_depth_m", "end_depth_m", "start_level", "end_level", "width_mm", "height_mm")),
    **dict.fromkeys(("material", "laying", "pressure_mpa", "voltage_kv", "cable_count", "total_holes")),
    **dict.fromkeys(("used_holes", "year_laid", "surveyed_on")),
    "size": "",
    "flow_direction": "0",
    "usage_status": "0",
    "road_name": "",
    "note": "",
}
SEGMENT_COLUMNS = (
    *("survey", "segment_no", "class_code", "sub_code", "start_point_id", "end_point_id", "geom"),
    *PLAIN,
)


def _segment_rows(survey: str, segments: list[Segment]) -> Iterator[tuple[Any, ...]]:
    for segment in segments:
        row = segment.row
        values = {name: row[name] if row[name] is not None else other for name, other in PLAIN.items()}
        if values["height_mm"] is None:
            values["height_mm"] = values["width_mm"]  # a round pipe
        if values["used_holes"] is not None and values["used_holes"] > (values["total_holes"] or 0):
            values["used_holes"] = None
        whole = segment.number == row["number"]  # levels of a row say nothing about the ends of its parts
        levels = (row["start_level"], row["end_level"]) if whole else (None, None)
        to_centre = _to_centre(segment, values["height_mm"])
        heights = centre_heights(segment.line, levels[0], levels[1], to_centre)
        yield (
            survey,
            segment.number,
            segment.class_code,
            segment.sub_code,
            segment.start.id,
            segment.end.id,
            line_z_text(segment.line, heights),
            *values.values(),
        )


def _to_centre(segment: Segment, height_mm: int | None) -> float | None:
    if height_mm is None:
        return None
    reference = pipe_class(segment.class_code, segment.sub_code).depth_reference
    below = reference in (DepthReference.INVERT_INSIDE, DepthReference.TRENCH_BOTTOM_INSIDE)
    return (0.5 if below else -0.5) * height_mm / 1000
