"""Coordinate systems: one metric CRS inside, lon/lat at the doors."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from gis import shifted as shift
from gis.errors import InvalidInput, SetupError
from gis.i18n import _
from gis.settings import CITY_SRID

DOOR_SRID = 4490  # CGCS2000 lon/lat: what the doors speak unless told otherwise
WGS84 = 4326


@dataclass(frozen=True)
class Shifted:
    """A system of shifted degrees, with the way to WGS84 and back; longitude first."""

    name: str
    to_wgs84: Callable[[ArrayLike, ArrayLike], shift.Pair]
    from_wgs84: Callable[[ArrayLike, ArrayLike], shift.Pair]


# These have no EPSG code: the numbers are our own, below zero, where EPSG will never give any.
GCJ02, BD09 = -2, -9
SHIFTED: dict[int, Shifted] = {
    GCJ02: Shifted("GCJ-02", shift.wgs84_from_gcj02, shift.gcj02_from_wgs84),
    BD09: Shifted("BD-09", shift.wgs84_from_bd09, shift.bd09_from_wgs84),
}
NAMES: dict[str, int] = {
    "WGS84": WGS84,
    "WGS-84": WGS84,
    "CRS84": WGS84,
    "OGC:CRS84": WGS84,
    "CGCS2000": DOOR_SRID,
    "GCJ-02": GCJ02,
    "GCJ02": GCJ02,
    "BD-09": BD09,
    "BD09": BD09,
    "BD09LL": BD09,
}

BEYOND_DEGREES = 3.0  # how far past its area of use a projection is still good enough to look for places


@lru_cache
def transformer(source: int, target: int) -> Transformer:
    """Transform between two EPSG codes, always easting/longitude first.

    EPSG:4490 and EPSG:4546 are northing-first by definition; GeoJSON and PostGIS are not.
    """
    return Transformer.from_crs(source, target, always_xy=True)


def to_city(lon: float, lat: float, srid: int = DOOR_SRID) -> tuple[float, float]:
    """Easting and northing in the city's CRS, metres; infinite where the projection does not reach."""
    easting, northing = to_city_many(np.float64(lon), np.float64(lat), srid)
    return float(easting), float(northing)


def to_city_many(lon: ArrayLike, lat: ArrayLike, srid: int = DOOR_SRID) -> tuple[Any, Any]:
    """The same for arrays of one shape."""
    if shifted := SHIFTED.get(srid):
        lon, lat = shifted.to_wgs84(lon, lat)
        srid = WGS84
    easting, northing = transformer(srid, CITY_SRID).transform(lon, lat)
    return easting, northing


def to_lonlat(easting: float, northing: float, srid: int = DOOR_SRID) -> tuple[float, float]:
    """Longitude and latitude in degrees of a place in the city's CRS."""
    shifted = SHIFTED.get(srid)
    lon, lat = transformer(CITY_SRID, WGS84 if shifted else srid).transform(easting, northing)
    if shifted:
        lon, lat = shifted.from_wgs84(lon, lat)
    return float(lon), float(lat)


def bounds_in_city(
    west: float, south: float, east: float, north: float
) -> tuple[float, float, float, float] | None:
    """A box in degrees (EPSG:4490) as the box around it in the city's CRS, metres; empty where none is.

    The box is first cut to where the city's projection makes sense: a transverse Mercator folds the far
    side of the earth onto the city.
    """
    area = CRS.from_epsg(CITY_SRID).area_of_use
    if area is not None:
        west, east = max(west, area.west - BEYOND_DEGREES), min(east, area.east + BEYOND_DEGREES)
        south, north = max(south, area.south - BEYOND_DEGREES), min(north, area.north + BEYOND_DEGREES)
    if west >= east or south >= north:
        return None
    return transformer(DOOR_SRID, CITY_SRID).transform_bounds(west, south, east, north)


def parse_crs(name: str | None) -> int:
    """Read what a sender declares (``EPSG:4490``, ``4326``, ``CRS84``, ``GCJ-02``, ``BD-09``).

    The answer is an EPSG code, or one of :data:`SHIFTED`. Nothing is ever guessed from the numbers: a place
    whose system is not declared is taken as CGCS2000.

    Raises
    ------
    InvalidInput
        The name is not known, or is no system of places on a map (a height, a geocentric one).
    """
    if not name:
        return DOOR_SRID
    text = name.strip().upper()
    if text in NAMES:
        return NAMES[text]
    digits = text.rsplit(":", 1)[-1].rsplit("/", 1)[-1]
    if digits.isascii() and digits.isdigit() and _is_flat(int(digits)):
        return int(digits)
    raise InvalidInput(
        _("Unknown coordinate system {name}").format(name=name[:40]),
        errors=[{"pointer": "/crs", "detail": _("known: EPSG codes, WGS84, CGCS2000, GCJ-02, BD-09")}],
    )


def parse_epsg(name: str | None) -> int:
    """The same where only an EPSG code will do: a shifted system is refused."""
    srid = parse_crs(name)
    if srid in SHIFTED:
        raise InvalidInput(
            _("{name} is taken for single places only; convert the file first").format(name=crs_name(srid))
        )
    return srid


def crs_name(srid: int) -> str:
    """What a system is called, for people and in records: ``EPSG:4490``, ``GCJ-02``."""
    return SHIFTED[srid].name if srid in SHIFTED else f"EPSG:{srid}"


@lru_cache
def in_degrees(srid: int) -> bool:
    """Whether a system counts in degrees rather than in metres."""
    return srid in SHIFTED or CRS.from_epsg(srid).is_geographic


@lru_cache
def _is_flat(code: int) -> bool:
    """Whether an EPSG code is of longitudes and latitudes or of a projection."""
    try:
        crs = CRS.from_epsg(code)
    except CRSError:
        return False
    return crs.is_geographic or crs.is_projected


def require_metric(srid: int) -> None:
    """Refuse a city CRS that is not projected in metres.

    Raises
    ------
    SetupError
        The code is unknown, geographic, or in another unit (US survey feet).
    """
    try:
        crs = CRS.from_epsg(srid)
    except CRSError as error:
        raise SetupError(
            _("CITYGRID_CITY_SRID={srid} is not an EPSG code; take a projected one such as 4546").format(
                srid=srid
            )
        ) from error
    units = {axis.unit_name for axis in crs.axis_info}
    if not crs.is_projected or units != {"metre"}:
        raise SetupError(
            _(
                "CITYGRID_CITY_SRID={srid} ({name}) does not measure in metres; "
                "take a projected one such as 4546"
            ).format(srid=srid, name=crs.name)
        )
