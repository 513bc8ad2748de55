"""Where and when the features of a collection lie."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.features.systems import DEGREE_DIGITS
from layers.layer import Layer

# Edges are cut small: straight in metres, they are curves in degrees.
_EXTENT = text("""
SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b)
FROM (SELECT Box3D(ST_Transform(ST_Segmentize(ST_SetSRID(
          ST_EstimatedExtent('public', f.f_table_name, f.f_geometry_column)::geometry, f.srid), 500), 4326))
      FROM geometry_columns AS f
      WHERE f.f_table_schema = 'public' AND f.f_table_name = :table LIMIT 1) AS e (b)
""")


@dataclass(frozen=True)
class Extent:
    """``box``: west, south, east, north in degrees; ``span``: first and last moment, None where open."""

    box: list[float] | None
    span: list[str | None] | None


def extent_of(session: Session, layer: Layer) -> Extent:
    """The extent of a layer; its box may be a little large, never small.

    The box is that of the index of places, which costs nothing however many rows there are.
    """
    return Extent(_box(session, layer), _span(layer))


def _box(session: Session, layer: Layer) -> list[float] | None:
    for table in layer.tables:
        row = session.execute(_EXTENT, {"table": table}).one_or_none()
        if row is not None and row[0] is not None:
            return [round(float(value), DEGREE_DIGITS) for value in row]
    return None


def _span(layer: Layer) -> list[str | None] | None:
    """What keeps a history or a time has one; it goes on, and where it began is not looked for."""
    return [None, None] if layer.ever or layer.times else None
