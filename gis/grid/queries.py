"""Where a place lies: which grid, community and street."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from sqlalchemy.orm import Session

from gis.crs import DOOR_SRID, to_city, transformer
from gis.database import read_sql
from gis.errors import InvalidInput, OutsideCity
from gis.grid.index import grid_index
from gis.i18n import _
from gis.settings import CITY_SRID


@dataclass(frozen=True)
class Place:
    """A place in the city. ``easting``, ``northing``: metres in the city's CRS."""

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


def locate(session: Session, lon: float, lat: float, srid: int = DOOR_SRID) -> Place:
    """Find the unit grid of a place, with its community, street and the nearest road.

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
        values = {"easting": easting, "northing": northing, "city_srid": CITY_SRID}
        row = session.execute(read_sql("locate"), values).one_or_none()
    if row is None:
        raise OutsideCity(
            _("No unit grid of the city contains {x:.6f}, {y:.6f} (EPSG:{srid})").format(
                x=lon, y=lat, srid=srid
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
    eastings, northings = transformer(srid, CITY_SRID).transform(given[:, 0], given[:, 1])
    return grid_index(session).locate(np.asarray(eastings), np.asarray(northings))


def check_lonlat(lon: float, lat: float, srid: int) -> None:
    """Refuse what cannot be a place: NaN, infinite, or degrees off the globe (often lat and lon swapped)."""
    if not (isfinite(lon) and isfinite(lat)):
        raise InvalidInput(_("Coordinates must be numbers"))
    degrees = srid in (4326, 4490)
    if degrees and not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InvalidInput(
            _("Longitude {lon} or latitude {lat} is off the globe; are the two swapped?").format(
                lon=lon, lat=lat
            )
        )
    if not degrees and (abs(lon) > 1e8 or abs(lat) > 1e8):
        raise InvalidInput(_("Coordinates {x}, {y} are too large for any map").format(x=lon, y=lat))
