"""Lines of other networks that cross a profile, at their real size and level."""

from collections.abc import Iterator, Sequence
from datetime import date
from math import atan2, degrees
from typing import Any

import shapely
from shapely import LineString, Point
from sqlalchemy.orm import Session

from gis.database import read_sql
from gis.pipeline.levels import between_ends, faces_at, is_at_bottom, known, number, surveyed_at
from gis.pipeline.section.form import form_of, height_for_levels
from gis.pipeline.section.model import CrossingPipe, Reach
from gis.settings import CITY_SRID
from gis.standard.tables import pipe_class

BESIDE_M = 0.01  # how far from a crossing the direction of a line is taken


def crossing_pipes(
    session: Session,
    parts: Sequence[LineString],
    reaches: Sequence[Reach],
    points: Sequence[int],
    as_of: date | None,
) -> tuple[CrossingPipe, ...]:
    """What crosses a profile, by distance. ``parts``: its reaches in plan, in its direction, city's CRS."""
    values = {
        "parts": [shapely.to_wkb(part) for part in parts],
        "ids": [reach.segment_id for reach in reaches],
        "points": list(points),
        "srid": CITY_SRID,
        "as_of": as_of,
    }
    found: dict[tuple[int, float], CrossingPipe] = {}
    for row in session.execute(read_sql("profile_crossings"), values):
        part, reach = parts[row.part - 1], reaches[row.part - 1]
        line = shapely.from_wkb(row.line)
        for place in meeting_places(part, line):
            pipe = crossing(row, line, part, reach, place)
            # On a node of the way a line meets two of its parts.
            found.setdefault((pipe.segment_id, round(pipe.distance_m, 2)), pipe)
    return tuple(sorted(found.values(), key=lambda pipe: (pipe.distance_m, pipe.segment_id)))


def meeting_places(a: LineString, b: LineString) -> Iterator[Point]:
    """Where two lines cross or touch; of a stretch that they share, its middle."""
    common = shapely.intersection(a, b)
    for piece in shapely.get_parts(common):
        yield (
            piece if isinstance(piece, Point) else shapely.line_interpolate_point(piece, 0.5, normalized=True)
        )


def crossing(row: Any, line: LineString, part: LineString, reach: Reach, place: Point) -> CrossingPipe:
    """One line at one place of a reach; ``row`` is of ``profile_crossings.sql``."""
    kind = pipe_class(row.class_code, row.sub_code)
    form = form_of(row.class_code, row.size, row.width_mm, row.height_mm, row.total_holes)
    reference = kind.depth_reference_in_trench if row.is_trench else kind.depth_reference
    ends = [
        surveyed_at(level, ground, depth)
        for level, ground, depth in (
            (row.start_level, row.start_ground, row.start_depth_m),
            (row.end_level, row.end_ground, row.end_depth_m),
        )
    ]
    share = float(shapely.line_locate_point(line, place)) / line.length
    height = number(height_for_levels(form, row.width_mm, row.height_mm)) / 1000
    own = faces_at(is_at_bottom(reference), between_ends(ends[0], ends[1], share), height)
    crown, centre, invert = map(known, own)
    along = float(shapely.line_locate_point(part, place))
    is_above, gap = _beside(reach, along / part.length, crown, invert)
    return CrossingPipe(
        distance_m=round(reach.from_m + along, 3),
        segment_id=row.id,
        segment_no=row.segment_no,
        class_code=row.class_code,
        sub_code=row.sub_code,
        class_name=kind.name,
        rgb_hex=kind.rgb_hex,
        form=form,
        size=row.size,
        width_mm=row.width_mm,
        height_mm=row.height_mm,
        crown_level=crown,
        centre_level=centre,
        invert_level=invert,
        angle_deg=round(_angle(part, line, place), 1),
        is_above=is_above,
        gap_m=gap,
    )


def _beside(
    reach: Reach, share: float, crown: float | None, invert: float | None
) -> tuple[bool | None, float | None]:
    """Whether a crossing line lies above the reach, and the clear height between the two."""
    own_crown = known(between_ends(number(reach.start_crown), number(reach.end_crown), share))
    own_invert = known(between_ends(number(reach.start_invert), number(reach.end_invert), share))
    if crown is None or invert is None or own_crown is None or own_invert is None:
        return None, None
    is_above = crown + invert > own_crown + own_invert
    return is_above, round(invert - own_crown if is_above else own_invert - crown, 3)


def _angle(a: LineString, b: LineString, place: Point) -> float:
    """The angle between two lines where they meet, 0 to 90 degrees."""
    turn = abs(_heading(a, place) - _heading(b, place)) % 180
    return min(turn, 180 - turn)


def _heading(line: LineString, place: Point) -> float:
    at = float(shapely.line_locate_point(line, place))
    before, after = max(at - BESIDE_M, 0.0), min(at + BESIDE_M, line.length)
    (x1, y1), (x2, y2) = shapely.get_coordinates(shapely.line_interpolate_point(line, [before, after]))
    return degrees(atan2(y2 - y1, x2 - x1))
