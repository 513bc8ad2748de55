"""The coordinate systems that features are read in, with the order of axes that each prescribes."""

import re
from dataclasses import dataclass
from functools import lru_cache

from pyproj import CRS

from gis.crs import DOOR_SRID, WGS84
from gis.errors import InvalidInput
from gis.i18n import _
from gis.settings import CITY_SRID

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
MERCATOR = 3857
DEGREE_DIGITS = 8  # about 1 mm
METRE_DIGITS = 3


@dataclass(frozen=True)
class System:
    """One system. ``flipped``: its first axis runs north, so that coordinates stand as (latitude, longitude).

    Inside, and in PostGIS, easting or longitude always comes first.
    """

    uri: str
    srid: int
    flipped: bool
    in_degrees: bool

    @property
    def digits(self) -> int:
        """Decimal places of a coordinate."""
        return DEGREE_DIGITS if self.in_degrees else METRE_DIGITS


@lru_cache
def epsg(srid: int) -> System:
    """A system of EPSG, axes as EPSG has them."""
    crs = CRS.from_epsg(srid)
    flipped = crs.axis_info[0].direction.lower() == "north"
    return System(f"http://www.opengis.net/def/crs/EPSG/0/{srid}", srid, flipped, crs.is_geographic)


LONLAT = System(CRS84, WGS84, flipped=False, in_degrees=True)
OFFERED: dict[str, System] = {
    one.uri: one for one in (LONLAT, *map(epsg, dict.fromkeys((WGS84, DOOR_SRID, CITY_SRID, MERCATOR))))
}
STORED = epsg(CITY_SRID)
_SHORT = re.compile(
    r"(?:EPSG:|urn:ogc:def:crs:EPSG:[^:]*:|https?://www\.opengis\.net/def/crs/EPSG/[^/]+/)(\d+)"
)
_LONLAT_NAMES = {
    CRS84,
    CRS84.replace("http:", "https:"),
    "OGC:CRS84",
    "CRS84",
    "urn:ogc:def:crs:OGC:1.3:CRS84",
}


def find_system(name: str, pointer: str = "/crs") -> System:
    """The system of a URI, a URN, ``EPSG:4490`` or ``[EPSG:4490]``; axes always as its authority has them.

    Raises
    ------
    InvalidInput
        It is not offered; the answer lists those that are.
    """
    said = name.strip().removeprefix("[").removesuffix("]")
    if said in _LONLAT_NAMES:
        return LONLAT
    short = _SHORT.fullmatch(said)
    found = OFFERED.get(f"http://www.opengis.net/def/crs/EPSG/0/{short[1]}") if short else OFFERED.get(said)
    if found is None:
        raise InvalidInput(
            _("Coordinates are not offered in {name}; there are: {known}").format(
                name=name[:100], known=", ".join(OFFERED)
            ),
            errors=[{"pointer": pointer, "detail": name[:100]}],
        )
    return found
