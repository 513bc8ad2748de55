"""Reading components."""

from dataclasses import dataclass
from math import isfinite

from sqlalchemy.orm import Session

from gis.crs import DOOR_SRID, to_city, to_lonlat
from gis.database import read_sql
from gis.grid.queries import check_lonlat
from gis.settings import CITY_SRID


@dataclass(frozen=True)
class Nearby:
    """A component and how far it is."""

    code: str
    class_code: str
    name: str
    state: str
    unit_grid_code: str
    maintainer_code: str | None
    lon: float
    lat: float
    distance_m: float


def components_near(
    session: Session,
    lon: float,
    lat: float,
    radius_m: float = 50.0,
    class_code: str | None = None,
    srid: int = DOOR_SRID,
    limit: int = 100,
) -> list[Nearby]:
    """Return the components around a place, nearest first; ties by code. At most ``limit``."""
    check_lonlat(lon, lat, srid)
    easting, northing = to_city(lon, lat, srid)
    if not (isfinite(easting) and isfinite(northing)):
        return []
    values = {
        "easting": easting,
        "northing": northing,
        "city_srid": CITY_SRID,
        "radius_m": radius_m,
        "class_code": class_code or "",
        "limit": limit,
    }
    found = []
    for row in session.execute(read_sql("components_near"), values).mappings():
        there_lon, there_lat = to_lonlat(row["easting"], row["northing"], srid)
        kept = {name: value for name, value in row.items() if name not in ("easting", "northing")}
        found.append(Nearby(**kept, lon=there_lon, lat=there_lat))
    return found
