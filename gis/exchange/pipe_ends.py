"""Which point a line ends at: the manhole drawn exactly there, else a plain point made for it.

Two lines of one class and sub-class that end at the same place share that point, and so are joined. Ends of
another class never are, though they may be drawn on the same spot.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely import Point, STRtree

from gis.exchange.findings import Report, Where
from gis.exchange.pipe_lines import Segment
from gis.i18n import _

ON_M = 0.009  # the database lets an end lie at most 0.01 m off its point; a rounding below that
NEAR_M = 0.5  # a manhole as near as this was probably meant


@dataclass(eq=False)
class PointToBe:
    """A pipe point of the import, or one there already (``id``). ``where``: its row, if it has one."""

    number: str
    class_code: str
    sub_code: str
    place: Point
    values: dict[str, Any]
    appendage: str = ""
    feature: str = ""
    where: Where | None = None
    id: int | None = None


def join_ends(segments: list[Segment], points: list[PointToBe]) -> list[PointToBe]:
    """Give every segment its two points; returns the points that had to be made."""
    made: list[PointToBe] = []
    for kind in sorted({(segment.class_code, segment.sub_code) for segment in segments}):
        of_kind = [s for s in segments if (s.class_code, s.sub_code) == kind]
        made += _join_kind(of_kind, [p for p in points if (p.class_code, p.sub_code) == kind])
    return made


def refuse_rings(report: Report, rows: list[list[Segment]]) -> list[list[Segment]]:
    """Leave out rows with a segment both of whose ends fell on one point."""
    kept = []
    for segments in rows:
        if any(segment.start is segment.end for segment in segments):
            report.add("closed_ring", segments[0].row.where, _("both ends lie on one point"))
        else:
            kept.append(segments)
    return kept


def note_near_manholes(report: Report, rows: list[list[Segment]]) -> None:
    """Name the rows an end of which just misses a manhole of its class."""
    for segments in rows:
        misses = [miss for segment in segments for miss in segment.misses_m]
        if misses:
            report.add("manhole_near_end", segments[0].row.where, f"{min(misses):.2f} m")


def _join_kind(segments: list[Segment], points: list[PointToBe]) -> list[PointToBe]:
    lines = np.array([segment.line for segment in segments])
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    found: list[PointToBe | None] = [None] * len(ends)
    distance = np.full(len(ends), np.inf)
    if points:
        tree = STRtree([point.place for point in points])
        (which, nearest), metres = tree.query_nearest(ends, return_distance=True, all_matches=False)
        for index, point, metre in zip(which, nearest, metres, strict=True):
            distance[index] = metre
            if metre <= ON_M:
                found[index] = points[point]
    made: dict[str, PointToBe] = {}
    for index, end in enumerate(ends):
        segment = segments[index % len(segments)]
        point = found[index]
        if point is None:
            # Named by its place, so that another file of the same survey meets it there again.
            name = f"{segment.sub_code}@{end.x:.3f},{end.y:.3f}"
            point = made.setdefault(
                name, PointToBe(name, segment.class_code, segment.sub_code, end, {}, where=None)
            )
            if distance[index] <= NEAR_M:
                segment.misses_m.append(float(distance[index]))
        if index < len(segments):
            segment.start = point
        else:
            segment.end = point
    return list(made.values())
