"""Pipes laid by hand on the empty database: places are metres from the corner of the hand-made city."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from geoalchemy2 import WKBElement
from geoalchemy2.shape import from_shape
from shapely import LineString, Point
from sqlalchemy.orm import Session

from gis.pipeline.models import PipePoint, PipeSegment
from gis.settings import CITY_SRID
from tests.hand_made_city import EAST, NORTH


def point(
    session: Session, number: str, x: float, y: float, ground: float | None = None, **more: Any
) -> PipePoint:
    """A point of the survey ``T``; of the foul sewers unless told otherwise."""
    given = {"class_code": "PS", "sub_code": "WS", "survey": "T"} | more
    made = PipePoint(
        point_no=number,
        ground_level=ground,
        geom=from_shape(Point(EAST + x, NORTH + y), srid=CITY_SRID),
        **given,
    )
    session.add(made)
    session.flush()
    return made


def segment(
    session: Session,
    number: str,
    start: PipePoint,
    end: PipePoint,
    levels: tuple[float | None, float | None] = (None, None),
    by_way_of: Sequence[tuple[float, float]] = (),
    **more: Any,
) -> PipeSegment:
    """A segment between two points, of the first one's class; ``levels`` as surveyed at start and end.

    Heights of its line are left unknown: sections read the levels.
    """
    ends = [shapely.from_wkb(bytes(each.geom.data)) for each in (start, end)]  # type: ignore[union-attr]
    first, last = ((place.x, place.y) for place in ends)
    middle = [(EAST + x, NORTH + y) for x, y in by_way_of]
    given = {"class_code": start.class_code, "sub_code": start.sub_code, "survey": start.survey} | more
    made = PipeSegment(
        segment_no=number,
        start_point_id=start.id,
        end_point_id=end.id,
        start_level=levels[0],
        end_level=levels[1],
        geom=_line([first, *middle, last]),
        **given,
    )
    session.add(made)
    session.flush()
    session.refresh(made)
    return made


def _line(places: Sequence[tuple[float, float]]) -> WKBElement:
    # A height of NaN throughout would make shapely forget that there are heights.
    high = np.column_stack([np.array(places), np.zeros(len(places))])
    return from_shape(LineString(high), srid=CITY_SRID)
