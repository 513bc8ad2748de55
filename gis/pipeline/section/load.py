"""What lies around section lines, from the database: one statement a table, however many lines."""

from collections.abc import Sequence
from datetime import date

import shapely
from sqlalchemy.orm import Session

from gis.database import read_sql
from gis.errors import OutsideCity
from gis.i18n import _
from gis.pipeline.section.around import Around, Building, Point, Road, Segment
from gis.pipeline.section.cut import ALONG_M
from gis.pipeline.section.ground import BESIDE_M
from gis.pipeline.section.line import SectionLine
from gis.settings import CITY_SRID

ROADS_M = 60.0  # half of the widest road
BUILDINGS_M = 15.0  # beyond the largest distance that a table asks for


def load(
    session: Session,
    lines: Sequence[SectionLine],
    as_of: date | None = None,
    class_codes: Sequence[str] | None = None,
) -> Around:
    """Rows around the lines, now or as they were on a day; of all classes, or of main classes such as ``JS``.

    Raises
    ------
    OutsideCity
        No line touches the city.
    """
    values = {
        "lines": shapely.to_wkb(shapely.MultiLineString([line.geometry for line in lines])),
        "srid": CITY_SRID,
        "as_of": as_of,
    }
    around = values | {"roads_m": ROADS_M, "buildings_m": BUILDINGS_M}
    surface = session.execute(read_sql("section_surroundings"), around).all()
    if not any(row.kind == "city" for row in surface):
        raise OutsideCity(_("The section line lies outside the city"), errors=[{"pointer": "/line"}])
    codes = list(class_codes) if class_codes else None
    segments = session.execute(
        read_sql("section_segments"), values | {"within_m": ALONG_M, "class_codes": codes}
    )
    points = session.execute(read_sql("section_points"), values | {"within_m": BESIDE_M})
    shapes = shapely.from_wkb([row.wkb for row in surface])
    return Around.of(
        [Segment._make(row) for row in segments],
        [Point._make(row) for row in points],
        [
            Road(row.name_zh, row.name_en, row.width_m, row.carriageway_m, shape)
            for row, shape in zip(surface, shapes, strict=True)
            if row.kind == "road"
        ],
        [
            Building(row.name_zh, row.height_m, shape)
            for row, shape in zip(surface, shapes, strict=True)
            if row.kind == "building"
        ],
    )
