"""Areas that people draw, in degrees, as areas in the city's metres; and corridors along lines and roads."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from geoalchemy2.shape import from_shape, to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from gis.crs import bounds_in_city, to_city_many
from gis.errors import InvalidInput, NotFound
from gis.grid.models import Road
from gis.i18n import _
from gis.settings import CITY_SRID

MOST_VERTICES = 10_000
FARTHEST_M = 2000.0  # of a buffer
ROUND_STEPS = 32  # of a quarter circle: the corridor's edge is at most 0.03 % of the distance too near

Position = tuple[float, float]


@dataclass(frozen=True)
class Corridor:
    """All that lies within ``distance_m`` of a line; metres in the city's CRS."""

    line: BaseGeometry
    distance_m: float

    def covers(self, column: Any) -> ColumnElement[bool]:
        """Rows that touch it, measured to the line itself."""
        made: ColumnElement[bool] = func.ST_DWithin(column, area_sql(self.line), self.distance_m)
        return made

    @property
    def area(self) -> BaseGeometry:
        return self.line.buffer(self.distance_m, quad_segs=ROUND_STEPS)


def area_in_city(said: Any, pointer: str = "/area") -> BaseGeometry:
    """A GeoJSON Polygon or MultiPolygon (or ``{"bbox": […]}``), degrees EPSG:4490, in the city's metres.

    Raises
    ------
    InvalidInput
        It is no polygon, has too many vertices or crosses itself, or lies where the city's projection does
        not reach. Nothing is repaired: the sender would not see what was.
    """
    if isinstance(said, dict) and "bbox" in said:
        return box_in_city(said["bbox"], f"{pointer}/bbox")
    kind = said.get("type") if isinstance(said, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise _wrong(_("An area is a GeoJSON Polygon or MultiPolygon"), pointer)
    coordinates = said.get("coordinates")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(polygons, list) or not polygons:
        raise _wrong(_("The area has no coordinates"), f"{pointer}/coordinates")
    made = [_polygon(rings, f"{pointer}/coordinates") for rings in polygons]
    if sum(shapely.get_num_coordinates(made)) > MOST_VERTICES:
        raise _too_many(f"{pointer}/coordinates")
    area = made[0] if kind == "Polygon" else shapely.MultiPolygon(made)
    if not area.is_valid:
        reason = shapely.is_valid_reason(area).split("[")[0]
        raise _wrong(_("The area crosses or covers itself ({reason})").format(reason=reason), pointer)
    return area


def box_in_city(said: Any, pointer: str = "/bbox") -> BaseGeometry:
    """``[west, south, east, north]`` in degrees as the box around it in metres."""
    if not isinstance(said, (list, tuple)) or len(said) != 4 or not all(map(_is_number, said)):
        raise _wrong(_("A box is [west, south, east, north] in degrees"), pointer)
    west, south, east, north = map(float, said)
    bounds = bounds_in_city(west, south, east, north) if west < east and south < north else None
    if bounds is None or not all(map(math.isfinite, bounds)):
        raise _wrong(_("A box is [west, south, east, north] in degrees, inside the city's map"), pointer)
    return shapely.box(*bounds)


def line_in_city(said: Any, pointer: str) -> BaseGeometry:
    """A GeoJSON LineString in degrees as a line in the city's metres."""
    if not isinstance(said, dict) or said.get("type") != "LineString":
        raise _wrong(_("A line is a GeoJSON LineString"), pointer)
    places = _places(said.get("coordinates"), 2, f"{pointer}/coordinates")
    line = shapely.LineString(places)
    if line.length == 0:
        raise _wrong(_("The line has no length"), pointer)
    return line


def road_lines(session: Session, name: str, pointer: str = "/buffer/road") -> BaseGeometry:
    """The centre lines of a road by its name or code.

    Raises
    ------
    NotFound
        No road in force is called so.
    """
    statement = select(Road.geom).where(
        or_(Road.name_zh == name, Road.name_en == name, Road.code == name), Road.valid_to.is_(None)
    )
    lines = [to_shape(geom) for geom in session.scalars(statement)]
    if not lines:
        raise NotFound(_("There is no road {name}").format(name=name[:60]), errors=[{"pointer": pointer}])
    return shapely.union_all(lines)


def check_distance(distance_m: float, pointer: str = "/buffer/distance_m") -> float:
    if not 0 < distance_m <= FARTHEST_M:
        raise _wrong(_("A distance is more than 0 and at most {most} m").format(most=FARTHEST_M), pointer)
    return distance_m


def area_sql(shape: BaseGeometry) -> ColumnElement[Any]:
    """A shape as a bound value of a statement."""
    made: ColumnElement[Any] = func.ST_GeomFromEWKB(
        bytes(from_shape(shape, srid=CITY_SRID, extended=True).data)
    )
    return made


def _polygon(rings: Any, pointer: str) -> shapely.Polygon:
    if not isinstance(rings, list) or not rings:
        raise _wrong(_("The area has no coordinates"), pointer)
    made = []
    for ring in rings:
        places = _places(ring, 4, pointer)
        if places[0] != places[-1]:
            raise _wrong(_("A ring ends where it begins"), pointer)
        made.append(places)
    return shapely.Polygon(made[0], made[1:])


def _places(said: Any, least: int, pointer: str) -> list[Position]:
    if not isinstance(said, list) or len(said) < least:
        raise _wrong(_("At least {least} positions are needed").format(least=least), pointer)
    if len(said) > MOST_VERTICES:
        raise _too_many(pointer)
    for position in said:
        right = isinstance(position, list) and len(position) in (2, 3) and all(map(_is_number, position))
        if not right or not (-180 <= position[0] <= 180 and -90 <= position[1] <= 90):
            raise _wrong(_("A position is [longitude, latitude] in degrees"), pointer)
    degrees = np.array([position[:2] for position in said], float)
    easting, northing = to_city_many(degrees[:, 0], degrees[:, 1])
    if not (np.isfinite(easting).all() and np.isfinite(northing).all()):
        raise _wrong(_("The place lies where the city's map does not reach"), pointer)
    return list(zip(easting.tolist(), northing.tolist(), strict=True))


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _wrong(detail: str, pointer: str) -> InvalidInput:
    return InvalidInput(detail, errors=[{"pointer": pointer, "detail": detail}])


def _too_many(pointer: str) -> InvalidInput:
    return _wrong(_("At most {most} vertices can be drawn").format(most=MOST_VERTICES), pointer)
