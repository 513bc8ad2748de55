"""The line of a segment: where it was drawn, from its first point to its last, at the heights that follow."""

from typing import Any

import numpy as np
import shapely
from shapely import LineString
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.database import read_sql
from gis.edit.shapes import place_of
from gis.errors import InvalidInput
from gis.i18n import _
from gis.pipeline.editing import LEAST_LENGTH_M
from gis.pipeline.models import PipePoint, PipeSegment
from gis.settings import CITY_SRID

# The columns that heights follow from.
HEIGHTS = (
    "start_level", "end_level", "start_depth_m", "end_depth_m", "height_mm", "class_code",
    "sub_code", "laying",
)  # fmt: skip
SAME_HEIGHT_M = 0.001


def stored_line(session: Session, segment: PipeSegment, drawn: LineString) -> Any:
    """The line as it is stored: where it was drawn, at the heights of the segment's levels or depths."""
    if drawn.length < LEAST_LENGTH_M:
        raise InvalidInput(_("The line has no length"), errors=[{"pointer": "/geometry/coordinates"}])
    values = {name: getattr(segment, name) for name in HEIGHTS} | {
        "laying": segment.laying or "",
        "start_point_id": segment.start_point_id,
        "end_point_id": segment.end_point_id,
        "drawn": drawn.wkb_hex,
        "srid": CITY_SRID,
    }  # fmt: skip
    return session.execute(
        select(PipeSegment.geom).from_statement(read_sql("pipe_line").columns(PipeSegment.geom)), values
    ).scalar_one()


def joined(line: LineString, start: PipePoint, end: PipePoint) -> LineString:
    """A line with its ends exactly at its points."""
    places = shapely.get_coordinates(line, include_z=True)
    for index, point in ((0, start), (-1, end)):
        here = place_of(point.geom)
        places[index, :2] = here.x, here.y
    return LineString(places)


def with_heights(drawn: LineString | None, stored: LineString) -> LineString:
    """A new course at the heights of its drawing, else at those that its ends had."""
    if drawn is None:
        return stored
    new = shapely.get_coordinates(drawn, include_z=True)
    old = shapely.get_coordinates(stored, include_z=True)
    for index in (0, -1):
        if np.isnan(new[index, 2]):
            new[index, 2] = old[index, 2]
    return LineString(new)


def has_other_heights(line: LineString, stored: LineString) -> bool:
    """Whether a line was sent with heights that differ from those stored, by a millimetre or more."""
    new = shapely.get_coordinates(line, include_z=True)[:, 2]
    old = shapely.get_coordinates(stored, include_z=True)[:, 2]
    return bool((~np.isnan(new) & ~(np.abs(new - old) <= SAME_HEIGHT_M)).any())
