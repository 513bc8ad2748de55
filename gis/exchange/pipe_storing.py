"""Segments and points of an import into their tables, by COPY."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis.database import read_sql
from gis.exchange.copying import copy_rows, line_z_text, shape_text
from gis.exchange.pipe_ends import PointToBe
from gis.exchange.pipe_lines import Segment, centre_heights
from gis.pipeline.models import PipePoint
from gis.standard.tables import pipe_class
from gis.standard.vocabulary import DepthReference

STAGED_COLUMNS = (
    *("point_no", "class_code", "sub_code", "feature", "appendage", "ground_level", "well_depth_m"),
    *("usage_status", "built_on", "surveyed_on", "note", "geom"),
)


def store(session: Session, survey: str, points: list[PointToBe], segments: list[Segment]) -> None:
    """Store points first, each with its grid; then the segments between them, and those that stood there."""
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
    numbers = dict(session.execute(of_survey).all())
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
