"""A city to load real data into: a boundary, one street, communities and square unit grids, all 示意."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from geoalchemy2.shape import from_shape
from pyproj import CRS, Transformer
from shapely import MultiPolygon
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.crs import DOOR_SRID, require_metric
from gis.database import read_sql
from gis.errors import Conflict, InvalidInput
from gis.exchange.fields import match_columns
from gis.exchange.files import open_sheet
from gis.exchange.profiles import find_profile, profile_columns
from gis.exchange.rows import point_shapes, to_city
from gis.grid.models import Area, AreaLevel, City, UnitGrid
from gis.i18n import _
from gis.settings import CITY_SRID
from gis.standard.code_parts import is_digits
from gis.standard.tables import GRID_EDITION

NOTE = "示意"
MOST_GRIDS_OF_COMMUNITY = 999  # three digits of sequence
MOST_COMMUNITIES = 999
SIDE = math.isqrt(MOST_GRIDS_OF_COMMUNITY)  # cells along a block, so that blocks are near square

Extent = tuple[float, float, float, float]  # west, south, east, north, metres in the city's CRS


@dataclass(frozen=True)
class NewCity:
    """What was made."""

    grids: int
    communities: int
    width_m: float
    height_m: float


def extent_of_files(paths: Iterable[Path], crs: str | None, cell_m: float) -> Extent:
    """What the shapes of all files span, and one cell more on each side; rows without a place do not count.

    Raises
    ------
    InvalidInput
        A file cannot be read, or none of them has a place.
    """
    shapes = []
    for path in paths:
        sheet = open_sheet(path, crs)
        given = profile_columns(find_profile("cases", sheet.columns, None), "cases")
        columns = match_columns("cases", sheet.columns, given)
        shapes += to_city(sheet.shapes or point_shapes(sheet, columns), sheet.crs)
    west, south, east, north = shapely.total_bounds([s for s in shapes if s is not None])
    if not np.isfinite([west, south, east, north]).all():
        raise InvalidInput(_("None of the files has a place the city could be laid around"))
    return west - cell_m, south - cell_m, east + cell_m, north + cell_m


def extent_of_bbox(text: str, srid: int = DOOR_SRID) -> Extent:
    """``W,S,E,N`` in degrees as metres of the city's CRS; InvalidInput when it is no such thing."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise InvalidInput(_("{text} is not W,S,E,N in degrees").format(text=text)) from error
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InvalidInput(_("{text} is not W,S,E,N in degrees").format(text=text))
    change = Transformer.from_crs(CRS.from_epsg(srid), CRS.from_epsg(CITY_SRID), always_xy=True)
    bounds = change.transform_bounds(west, south, east, north, densify_pts=21)
    if not np.isfinite(bounds).all():
        raise InvalidInput(
            _("{text} lies beyond what EPSG:{srid} can show").format(text=text, srid=CITY_SRID)
        )
    return bounds


def make_city(
    session: Session, code: str, name_zh: str, name_en: str, extent: Extent, cell_m: float, timezone: str
) -> NewCity:
    """Make the one city of this database, over whole cells of ``cell_m`` metres that cover the extent.

    Cells count from the origin of the CRS, so that two cities beside each other share their lines.

    Raises
    ------
    Conflict
        A city or areas are there already.
    InvalidInput
        Bad code, cell size or time zone, or more grids than the codes have numbers for.
    """
    require_metric(CITY_SRID)
    _check(code, cell_m, timezone)
    for model in (City, Area, UnitGrid):
        if session.scalar(select(model.id).limit(1)) is not None:
            raise Conflict(_("This database has a city already; take another database for another city"))
    west, south = (math.floor(extent[n] / cell_m) for n in (0, 1))
    east, north = (math.ceil(extent[n] / cell_m) for n in (2, 3))
    bands_x, bands_y = math.ceil((east - west) / SIDE), math.ceil((north - south) / SIDE)
    if bands_x * bands_y > MOST_COMMUNITIES:
        raise InvalidInput(
            _("{count} grids are more than one street can number; take larger cells with --cell").format(
                count=(east - west) * (north - south)
            )
        )
    box = shapely.box(west * cell_m, south * cell_m, east * cell_m, north * cell_m)
    shape = from_shape(MultiPolygon([box]), srid=CITY_SRID)
    names = {"name_zh": name_zh, "name_en": name_en, "note": NOTE}
    session.add(
        City(
            id=1,
            code=code,
            name_zh=name_zh,
            name_en=name_en,
            srid=CITY_SRID,
            timezone=timezone,
            note_zh="区划与网格为示意",
            note_en="Areas and grids are illustrative",
            boundary=shape,
        )
    )
    district = Area(code=code, level=AreaLevel.DISTRICT, geom=shape, **names)
    session.add(district)
    session.flush()
    street = Area(code=code + "001", level=AreaLevel.STREET, parent_id=district.id, geom=shape, **names)
    session.add(street)
    session.flush()
    values = {
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "bands_x": bands_x,
        "bands_y": bands_y,
        "cell": cell_m,
        "srid": CITY_SRID,
        "street_id": street.id,
        "street_code": street.code,
        "edition": GRID_EDITION,
        **names,
    }
    session.execute(read_sql("square_grids"), values)
    return NewCity(
        (east - west) * (north - south), bands_x * bands_y, (east - west) * cell_m, (north - south) * cell_m
    )


def _check(code: str, cell_m: float, timezone: str) -> None:
    if len(code) != 6 or not is_digits(code):
        raise InvalidInput(_("A county code has 6 digits; {code} has not").format(code=code))
    if not 10 <= cell_m <= 10_000:
        raise InvalidInput(_("A cell measures 10 to 10,000 metres"))
    try:
        ZoneInfo(timezone)
    except (ValueError, KeyError, OSError) as error:
        raise InvalidInput(_("{name} is no time zone").format(name=timezone)) from error
