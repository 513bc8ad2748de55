"""The shapes of the streets, for the map of a report."""

from shapely import from_wkb
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.evaluation.report.blocks import MapArea
from gis.evaluation.report.ranking import Ranking

DETAIL_M = 25.0  # a quarter of a millimetre where the city is 15 km wide on a page


def map_areas(session: Session, streets: Ranking, indicator: str) -> tuple[MapArea, ...]:
    """Streets with one of their ratios; in the city's CRS, simplified to what a page can show."""
    shapes: dict[str, BaseGeometry] = {
        code: from_wkb(bytes(shape))
        for code, shape in session.execute(
            text(
                "SELECT code, ST_AsBinary(ST_SimplifyPreserveTopology(geom, :detail)) FROM area"
                " WHERE code = ANY(:codes) AND valid_to IS NULL"
            ),
            {"detail": DETAIL_M, "codes": [item.row.code for item in streets.items]},
        )
    }
    return tuple(
        MapArea(
            item.row.name,
            shapes[item.row.code],
            item.row.figures[indicator].value,
            item.row.figures[indicator].is_small,
        )
        for item in streets.items
        if item.row.code in shapes
    )
