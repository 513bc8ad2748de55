"""Coordinate systems: one metric CRS inside, lon/lat at the doors."""

from functools import lru_cache

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from gis.errors import InvalidInput, SetupError
from gis.i18n import _
from gis.settings import CITY_SRID

DOOR_SRID = 4490  # CGCS2000 lon/lat: what the doors speak unless told otherwise


BEYOND_DEGREES = 3.0  # how far past its area of use a projection is still good enough to look for places


@lru_cache
def transformer(source: int, target: int) -> Transformer:
    """Transform between two EPSG codes, always easting/longitude first.

    EPSG:4490 and EPSG:4546 are northing-first by definition; GeoJSON and PostGIS are not.
    """
    return Transformer.from_crs(source, target, always_xy=True)


def to_city(lon: float, lat: float, srid: int = DOOR_SRID) -> tuple[float, float]:
    """Easting and northing in the city's CRS, metres; infinite where the projection does not reach."""
    return transformer(srid, CITY_SRID).transform(lon, lat)


def to_lonlat(easting: float, northing: float, srid: int = DOOR_SRID) -> tuple[float, float]:
    """Longitude and latitude in degrees of a place in the city's CRS."""
    return transformer(CITY_SRID, srid).transform(easting, northing)


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
    """Read what a sender declares (``EPSG:4490``, ``4326``, ``CRS84``) as an EPSG code.

    Raises
    ------
    InvalidInput
        The name is not known, or is one (GCJ-02, BD-09) that is not accepted here yet.
    """
    if not name:
        return DOOR_SRID
    text = name.strip().upper()
    if text in {"CRS84", "OGC:CRS84", "WGS84"}:
        return 4326
    if text in {"CGCS2000"}:
        return DOOR_SRID
    digits = text.rsplit(":", 1)[-1].rsplit("/", 1)[-1]
    if not digits.isdigit():
        raise InvalidInput(_("Unknown coordinate system {name}").format(name=name))
    try:
        CRS.from_epsg(int(digits))
    except CRSError as error:
        raise InvalidInput(_("Unknown coordinate system {name}").format(name=name)) from error
    return int(digits)


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
