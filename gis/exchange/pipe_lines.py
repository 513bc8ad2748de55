"""Lines as they come from files: joining parts, refusing what no pipe can be, naming what is odd.

Nothing is moved, cleaned or closed in silence: a line is loaded as it was drawn or not at all. Pure: knows
shapes and rules, no database.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from gis.exchange.findings import Report
from gis.exchange.rows import Row
from gis.i18n import _

SHORT_M = 0.05


@dataclass
class Segment:
    """One run of a pipe to be: a row of a file, or a part of one. ``line`` in metres of the city's CRS."""

    row: Row
    number: str
    class_code: str
    sub_code: str
    line: LineString
    start: Any = None
    end: Any = None
    misses_m: list[float] = field(default_factory=list)  # how far manholes lie off its ends


def split_parts(report: Report, row: Row, class_code: str, sub_code: str) -> list[Segment]:
    """The segments of a row: one; or one of several parts joined end to end; or the parts that do not join.

    Parts of a row are numbered ``number/1``, ``number/2`` in the order of the drawing.
    """
    shape = row.shape
    if shape is None or shape.geom_type not in ("LineString", "MultiLineString"):
        report.add("wrong_geometry", row.where, shape.geom_type if shape is not None else "")
        return []
    if shape.length == 0:
        report.add("zero_length", row.where)
        return []
    if isinstance(shape, LineString):
        return [Segment(row, row["number"], class_code, sub_code, shape)]
    parts = [part for part in shape.geoms if part.length > 0]  # type: ignore[attr-defined]
    joined = shapely.line_merge(shapely.MultiLineString(parts))
    if isinstance(joined, LineString):
        if len(parts) > 1:
            report.add("parts_joined", row.where, str(len(parts)))
        return [Segment(row, row["number"], class_code, sub_code, joined)]
    report.add("parts_split", row.where, str(len(parts)))
    return [
        Segment(row, part_number(row["number"], index), class_code, sub_code, part)
        for index, part in enumerate(parts, start=1)
    ]


def part_number(number: str, index: int) -> str:
    """What the ``index``-th part (from 1) of a row is called."""
    return f"{number}/{index}"


def first_part(number: str) -> str:
    """What the first part of a row is called: where it is known, the row was loaded in parts."""
    return part_number(number, 1)


@dataclass(frozen=True)
class Drawn:
    """A line that is there: in the city, or earlier in the import."""

    number: str
    class_code: str


DrawnLines = dict[bytes, list[Drawn]]


def line_key(line: BaseGeometry) -> bytes:
    """What two drawings of the same line share: drawn the other way round, a line is the same line."""
    return line.normalize().wkb


def refuse_impossible(
    report: Report, rows: list[list[Segment]], city: BaseGeometry, drawn: DrawnLines
) -> list[list[Segment]]:
    """Leave out the rows that break a rule: outside the city, a ring, drawn before. One row, one reason.

    ``drawn`` holds the lines that are in the city; the lines of the import are added to it.
    """
    kept = []
    for segments in rows:
        if segments and not _refused(report, segments, city, drawn):
            kept.append(segments)
    return kept


def _refused(report: Report, segments: list[Segment], city: BaseGeometry, drawn: DrawnLines) -> bool:
    where = segments[0].row.where
    if not all(city.covers(segment.line) for segment in segments):
        report.add("outside_city", where)
        return True
    if any(segment.line.coords[0] == segment.line.coords[-1] for segment in segments):
        report.add("closed_ring", where)
        return True
    shapes = [line_key(segment.line) for segment in segments]
    for shape in shapes:
        for other in drawn.get(shape, []):
            if other.class_code == segments[0].class_code:
                report.add("duplicate_geometry", where, _("same as {number}").format(number=other.number))
                return True
    for shape, segment in zip(shapes, segments, strict=True):
        for other in drawn.setdefault(shape, []):
            report.add("same_line_other_class", where, _("same as {number}").format(number=other.number))
        drawn[shape].append(Drawn(segment.number, segment.class_code))
    return False


def note_oddities(report: Report, rows: list[list[Segment]]) -> None:
    """Say what is noteworthy about rows that are loaded, each thing once a row."""
    for segments in rows:
        row = segments[0].row
        # Of the shape as it was drawn: parts may cross each other, though none crosses itself.
        if row.shape is not None and not row.shape.is_simple:
            report.add("self_crossing", row.where)
        if any(segment.line.length < SHORT_M for segment in segments):
            report.add("very_short", row.where, f"{min(s.line.length for s in segments):.3f} m")
        if row["year_laid"] is None:
            report.add("no_year", row.where)
        if all(row[name] is None for name in ("start_depth_m", "end_depth_m", "start_level", "end_level")):
            report.add("no_levels", row.where)
        if row["size"] is None and row["width_mm"] is None:
            report.add("no_size", row.where)


def centre_heights(
    line: LineString, start_level: float | None, end_level: float | None, to_centre_m: float | None
) -> NDArray[np.float64]:
    """Heights of the pipe's centre at each vertex.

    Parameters
    ----------
    line : LineString of n vertices, metres
    start_level, end_level : float, metres in the city's height datum
        Levels of the survey; between them the pipe is straight.
    to_centre_m : float, metres
        From the level that was surveyed up to the centre; negative where the crown was surveyed.

    Returns
    -------
    array of float, shape (n,), metres
        NaN throughout where a level or the size is unknown.
    """
    places = shapely.get_coordinates(line)
    if start_level is None or end_level is None or to_centre_m is None:
        return np.full(len(places), np.nan)
    steps = np.hypot(*np.diff(places, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)]) / steps.sum()
    heights: NDArray[np.float64] = start_level + (end_level - start_level) * along + to_centre_m
    return heights
