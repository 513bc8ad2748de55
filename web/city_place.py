"""Where the city is: for a map that has nothing else to begin with, and for times that a person writes."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.crs import to_lonlat
from gis.grid.models import Area, AreaLevel
from gis.settings import get_settings


def city_centre(session: Session) -> dict[str, float]:
    """Longitude and latitude in the middle of the city's communities; 0, 0 while no area is loaded."""
    extent = (
        select(func.ST_Extent(Area.geom).label("box")).where(Area.level == AreaLevel.COMMUNITY).subquery()
    )
    row = session.execute(
        select(
            (func.ST_XMin(extent.c.box) + func.ST_XMax(extent.c.box)) / 2,
            (func.ST_YMin(extent.c.box) + func.ST_YMax(extent.c.box)) / 2,
        )
    ).one()
    if row[0] is None:
        return {"lon": 0.0, "lat": 0.0}
    lon, lat = to_lonlat(float(row[0]), float(row[1]))
    return {"lon": lon, "lat": lat}


def city_offset() -> str:
    """The city's offset from UTC as a time carries it, such as ``+08:00``; China knows no summer time."""
    return datetime.now(get_settings().zone).isoformat()[-6:]
