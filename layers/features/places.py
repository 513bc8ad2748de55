"""Boxes and shapes that a sender names, in any of the offered systems, as shapes in the city's CRS."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from geoalchemy2.shape import from_shape
from pyproj import CRS
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, func

from gis.crs import BEYOND_DEGREES, WGS84, in_degrees, transformer
from gis.errors import InvalidInput
from gis.i18n import _
from gis.settings import CITY_SRID
from layers.features.systems import System

MOST_VERTICES = 10_000
EDGE_STEPS = 16  # an edge straight in degrees is a curve in metres: so many chords stand for it
KINDS = (
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
)
NOWHERE = shapely.Polygon()


def box_in_city(said: Sequence[float], system: System, pointer: str = "/bbox") -> BaseGeometry:
    """``minx, miny, maxx, maxy`` in a system's order of axes; empty where the projection does not reach.

    In degrees, west beyond east is a box across the antimeridian. Of six numbers the heights are left out.

    Raises
    ------
    InvalidInput
        Not four or six finite numbers, or the lower side above the upper one.
    """
    if len(said) not in (4, 6) or not all(map(_is_number, said)):
        raise _wrong(_("A box has four numbers, or six with heights"), pointer)
    half = len(said) // 2
    low, high = list(map(float, said[:2])), list(map(float, said[half : half + 2]))
    if system.flipped:
        low, high = low[::-1], high[::-1]
    (west, south), (east, north) = low, high
    if south > north or (west > east and not system.in_degrees) or (half == 3 and said[2] > said[5]):
        raise _wrong(_("The lower side of the box lies above its upper one"), pointer)
    if system.in_degrees and not (
        south >= -90 and north <= 90 and -180 <= west <= 180 and -180 <= east <= 180
    ):
        raise _wrong(_("A box in degrees lies between -180 and 180, -90 and 90"), pointer)
    parts = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    return shapely.union_all([_to_city(_box(left, south, right, north), system) for left, right in parts])


def place_in_city(said: Any, system: System) -> BaseGeometry:
    """A GeoJSON geometry or ``{"bbox": […]}``, coordinates in a system's order of axes.

    Raises
    ------
    InvalidInput
        It is no geometry, has too many vertices or crosses itself, or lies where the projection ends.
    """
    if isinstance(said, dict) and "bbox" in said:
        box = said["bbox"]
        return box_in_city(box if isinstance(box, list) else (), system, "/bbox")
    if not isinstance(said, dict) or said.get("type") not in KINDS:
        raise _wrong(_("A geometry is expected here"), "")
    try:
        shape = shapely.force_2d(shapely.geometry.shape(said))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.GEOSException) as error:
        raise _wrong(_("The geometry cannot be read"), "") from error
    if shapely.get_num_coordinates(shape) > MOST_VERTICES:
        raise _wrong(_("At most {most} vertices can be drawn").format(most=MOST_VERTICES), "")
    if shape.is_empty or not np.isfinite(shapely.get_coordinates(shape)).all():
        raise _wrong(_("The geometry cannot be read"), "")
    if not shape.is_valid:
        reason = shapely.is_valid_reason(shape).split("[")[0]
        raise _wrong(_("The area crosses or covers itself ({reason})").format(reason=reason), "")
    if system.flipped:
        shape = shapely.transform(shape, lambda places: places[:, ::-1])
    made = shape if system.srid == CITY_SRID else shapely.transform(shape, _projected(system.srid))
    if not np.isfinite(shapely.get_coordinates(made)).all():
        raise _wrong(_("The place lies where the city's map does not reach"), "")
    return made


def shape_sql(shape: BaseGeometry) -> ColumnElement[Any]:
    """A shape as a bound value of a statement."""
    made: ColumnElement[Any] = func.ST_GeomFromEWKB(
        bytes(from_shape(shape, srid=CITY_SRID, extended=True).data)
    )
    return made


def _box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    if west == east or south == north:  # a line or a point is a box, too
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


def _to_city(box: BaseGeometry, system: System) -> BaseGeometry:
    """A box in the city's CRS, first cut to where the projection makes sense: it folds the far side over."""
    if system.srid == CITY_SRID:
        return box
    area = CRS.from_epsg(CITY_SRID).area_of_use
    if area is not None:
        reach = (area.west - BEYOND_DEGREES, area.south - BEYOND_DEGREES,
                 area.east + BEYOND_DEGREES, area.north + BEYOND_DEGREES)  # fmt: skip
        if not in_degrees(system.srid):
            reach = transformer(WGS84, system.srid).transform_bounds(*reach)
        box = shapely.intersection(box, shapely.box(*reach))
    if box.is_empty:
        return NOWHERE
    west, south, east, north = box.bounds
    step = max(east - west, north - south) / EDGE_STEPS
    fine = shapely.segmentize(box, step) if step > 0 else box
    return shapely.transform(fine, _projected(system.srid))


def _projected(srid: int) -> Any:
    to_city = transformer(srid, CITY_SRID)

    def project(places: Any) -> Any:
        return np.column_stack(to_city.transform(places[:, 0], places[:, 1]))

    return project


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _wrong(detail: str, pointer: str) -> InvalidInput:
    return InvalidInput(detail, errors=[{"pointer": pointer, "detail": detail}])
