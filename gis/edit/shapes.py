"""Shapes that are sent: GeoJSON in a declared CRS, brought into the city's, inside the city."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import shapely
from geoalchemy2 import WKBElement
from geoalchemy2.shape import from_shape, to_shape
from shapely import LineString, MultiPoint, Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.crs import to_city_many
from gis.errors import InvalidInput, OutsideCity
from gis.grid.models import City, UnitGrid
from gis.i18n import _
from gis.settings import CITY_SRID

MOST_VERTICES = 10_000
SAME_M = 0.002  # what a place may move by when it is read in degrees and sent back


def read_shape(geometry: Any, kind: str, srid: int, flipped: bool) -> Point | LineString:
    """A sent GeoJSON geometry in the city's CRS; heights as sent, NaN where there are none.

    A shape of several parts is taken where it has one part only, as tools write it that promote all shapes.

    Parameters
    ----------
    kind : ``Point`` or ``LineString``
    srid, flipped : the CRS of the coordinates, and whether its northing or latitude comes first

    Raises
    ------
    InvalidInput
        It is no shape of that kind, or holds what is no coordinate.
    """
    if not isinstance(geometry, dict) or geometry.get("type") not in (kind, f"Multi{kind}"):
        raise _refusal("type", _("a {kind} is needed").format(kind=kind))
    coordinates = geometry.get("coordinates")
    if geometry["type"] != kind:
        if not isinstance(coordinates, list) or len(coordinates) != 1:
            raise _refusal("coordinates", _("one part is needed"))
        coordinates = coordinates[0]
    places = _places([coordinates] if kind == "Point" else coordinates)
    if kind == "LineString" and len(places) < 2:
        raise _refusal("coordinates", _("a line has two places at least"))
    first, second = (1, 0) if flipped else (0, 1)
    easting, northing = to_city_many(places[:, first], places[:, second], srid)
    placed = np.column_stack([easting, northing, places[:, 2]])
    if not np.isfinite(placed[:, :2]).all():
        raise _refusal("coordinates", _("the place lies where the city's coordinates do not reach"))
    return Point(placed[0]) if kind == "Point" else LineString(placed)


def require_in_city(session: Session, shape: Point | LineString) -> None:
    """Refuse a shape with a vertex outside the city's boundary; OutsideCity."""
    vertices = MultiPoint(shapely.get_coordinates(shape))
    inside = session.scalar(
        select(func.ST_Covers(City.boundary, from_shape(vertices, srid=CITY_SRID))).limit(1)
    )
    if not inside:
        raise OutsideCity(
            _("The shape leaves the city; is it in the CRS that Content-Crs names, in its order of axes?"),
            errors=[{"pointer": "/geometry/coordinates", "detail": _("outside the city")}],
        )


def unit_grid_at(session: Session, place: Point) -> int | None:
    """The unit grid of a place in the city's CRS, on a shared edge the one with the lower code."""
    here = from_shape(Point(place.x, place.y), srid=CITY_SRID)
    return session.scalar(
        select(UnitGrid.id)
        .where(func.ST_Covers(UnitGrid.geom, here), UnitGrid.valid_to.is_(None))
        .order_by(UnitGrid.code)
        .limit(1)
    )


def place_of(geom: WKBElement) -> Point:
    """The place of a point as it is stored, metres in the city's CRS."""
    return cast("Point", to_shape(geom))


def is_same_plan(one: Point | LineString, other: Point | LineString) -> bool:
    """Whether two shapes run through the same places in plan, vertex by vertex, but for rounding."""
    first, second = shapely.get_coordinates(one), shapely.get_coordinates(other)
    return first.shape == second.shape and bool(np.abs(first - second).max() <= SAME_M)


def _places(coordinates: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    if not isinstance(coordinates, list) or len(coordinates) > MOST_VERTICES:
        raise _refusal("coordinates", _("a list of at most {most} places").format(most=MOST_VERTICES))
    if not all(isinstance(place, list) and _is_place(place) for place in coordinates):
        raise _refusal("coordinates", _("each place is two or three finite numbers"))
    rows = [(float(p[0]), float(p[1]), float(p[2]) if len(p) > 2 else np.nan) for p in coordinates]
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def _is_place(place: Sequence[Any]) -> bool:
    """Two or three numbers as coordinates are: 10^9 is beyond any map, and any larger integer a float."""
    return 2 <= len(place) <= 3 and all(
        isinstance(number, int | float) and not isinstance(number, bool) and abs(number) <= 1e9
        for number in place
    )


def _refusal(where: str, detail: str) -> InvalidInput:
    return InvalidInput(
        _("The geometry cannot be used"), errors=[{"pointer": f"/geometry/{where}", "detail": detail}]
    )
