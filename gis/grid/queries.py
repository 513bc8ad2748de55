"""Where a place lies: which grid, community and street, and what it is called by."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from sqlalchemy.orm import Session

from gis.crs import DOOR_SRID, crs_name, in_degrees, to_city, to_city_many
from gis.database import read_sql
from gis.errors import InvalidInput, OutsideCity
from gis.grid.index import grid_index
from gis.i18n import _
from gis.settings import CITY_SRID

ADDRESS_WITHIN_M = 100.0  # a name from farther away would send people to another block
AT_THE_DOOR_M = 10.0  # so near, the side of the building is less certain than the place itself
SIDES = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")


@dataclass(frozen=True)
class Place:
    """A place in the city. ``easting``, ``northing``: metres in the city's CRS.

    ``building_*``: the nearest building that has an address, how far its wall is (0 inside), and in which
    direction the place lies from its middle, degrees clockwise from grid north.
    """

    easting: float
    northing: float
    unit_grid_id: int
    unit_grid_code: str
    duty_grid_id: int | None
    duty_grid_code: str | None
    community_id: int
    community_code: str
    community_zh: str
    community_en: str
    street_id: int
    street_code: str
    street_zh: str
    street_en: str
    road_zh: str | None
    road_en: str | None
    road_distance_m: float | None
    building_address: str | None
    building_distance_m: float | None
    building_bearing_deg: float | None

    @property
    def address(self) -> str:
        """What the place is called, kept as text: a building's address and the way from it, else the road.

        Chinese, as the addresses are; empty where nothing with a name is near.
        """
        if self.building_address is None or self.building_distance_m is None:
            return self.road_zh or ""
        if self.building_distance_m <= AT_THE_DOOR_M or self.building_bearing_deg is None:
            return self.building_address
        side = SIDES[round(self.building_bearing_deg / 45) % 8]
        return f"{self.building_address}{side}侧约{round(self.building_distance_m, -1):.0f}米"


def locate(session: Session, lon: float, lat: float, srid: int = DOOR_SRID) -> Place:
    """Find the unit grid of a place, with its community, street and what it is called by.

    On a shared edge the grid with the lower code is taken, so that the answer never depends on chance.

    Raises
    ------
    InvalidInput
        The coordinates are not numbers a place can have.
    OutsideCity
        No unit grid contains the place.
    """
    check_lonlat(lon, lat, srid)
    easting, northing = to_city(lon, lat, srid)
    row = None
    if isfinite(easting) and isfinite(northing):
        values = {
            "easting": easting,
            "northing": northing,
            "city_srid": CITY_SRID,
            "within_m": ADDRESS_WITHIN_M,
        }
        row = session.execute(read_sql("locate"), values).one_or_none()
    if row is None:
        raise OutsideCity(
            _("No unit grid of the city contains {x:.6f}, {y:.6f} ({crs})").format(
                x=lon, y=lat, crs=crs_name(srid)
            ),
            errors=[{"pointer": "/lon", "detail": _("outside the city")}],
        )
    return Place(**row._mapping)


def locate_many(
    session: Session, places: Sequence[tuple[float, float]], srid: int = DOOR_SRID
) -> list[str | None]:
    """Unit grid codes of many places at once; ``None`` where a place lies outside. Order kept."""
    for lon, lat in places:
        check_lonlat(lon, lat, srid)
    if not places:
        return []
    given = np.asarray(places, dtype=np.float64)
    eastings, northings = to_city_many(given[:, 0], given[:, 1], srid)
    return grid_index(session).locate(np.asarray(eastings), np.asarray(northings))


def check_lonlat(lon: float, lat: float, srid: int) -> None:
    """Refuse what cannot be a place: NaN, infinite, or degrees off the globe (often lat and lon swapped)."""
    if not (isfinite(lon) and isfinite(lat)):
        raise InvalidInput(_("Coordinates must be numbers"), errors=_at_lonlat())
    degrees = in_degrees(srid)
    if degrees and not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InvalidInput(
            _("Longitude {lon} or latitude {lat} is off the globe; are the two swapped?").format(
                lon=lon, lat=lat
            ),
            errors=_at_lonlat(),
        )
    if not degrees and (abs(lon) > 1e8 or abs(lat) > 1e8):
        raise InvalidInput(
            _("Coordinates {x}, {y} are too large for any map").format(x=lon, y=lat), errors=_at_lonlat()
        )


def _at_lonlat() -> list[dict[str, str]]:
    detail = _("not a place")
    return [{"pointer": "/lon", "detail": detail}, {"pointer": "/lat", "detail": detail}]
