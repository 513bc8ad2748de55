"""What lies in a view or an area, layer by layer: rows as a list that can be read, and how many there are.

For people who do not see the map, and for areas that people draw on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.i18n import _
from gis.page import Page, read_cursor, write_cursor
from gis.settings import CITY_SRID
from layers.layer import Layer
from layers.source import heading_columns, heading_of

MOST_COUNTED = 10_000
_AREA = "ST_GeomFromWKB(:area, :srid)"


@dataclass(frozen=True)
class Row:
    """One row of a layer; longitude and latitude (EPSG:4490) of a point on it."""

    id: int
    title: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Count:
    """How many rows of a layer lie in an area; at most :data:`MOST_COUNTED` are counted."""

    layer: str
    title: str
    count: int
    is_capped: bool


def rows_in(
    session: Session, layer: Layer, area: BaseGeometry, limit: int, cursor: str | None = None
) -> Page[Row]:
    """Rows of a layer that touch an area of the city's CRS, by their ids.

    Raises
    ------
    InvalidInput
        The cursor is not one of ours.
    """
    after = read_cursor(cursor, int)[0] if cursor else -1
    columns = "".join(f", v.{name}" for name in heading_columns(layer))
    # The place is reckoned for the rows of the page, not for every row of the area.
    query = text(
        "SELECT p.*, ST_X(p.at) AS lon, ST_Y(p.at) AS lat FROM (SELECT r.*,"
        " ST_Transform(ST_PointOnSurface(ST_Force2D(r.geom)), 4490) AS at"
        f" FROM (SELECT v.id{columns}, v.geom {_inside(layer)} AND v.id > :after"
        " ORDER BY v.id LIMIT :limit) AS r) AS p ORDER BY p.id"
    )
    values = {**_values(area), "after": after, "limit": limit + 1}
    found = session.execute(query, values).mappings().all()
    rows = [Row(row["id"], heading_of(layer, row), row["lon"], row["lat"]) for row in found[:limit]]
    return Page(rows, write_cursor(rows[-1].id) if len(found) > limit else None)


def counts_in(session: Session, layers: Iterable[Layer], area: BaseGeometry) -> Sequence[Count]:
    """How many rows of each layer touch an area of the city's CRS, in the layers' order."""
    found = []
    for layer in layers:
        query = text(f"SELECT count(*) FROM (SELECT 1 {_inside(layer)} LIMIT :limit) AS r")
        number = session.scalar(query, {**_values(area), "limit": MOST_COUNTED + 1}) or 0
        found.append(Count(layer.name, _(layer.title), min(number, MOST_COUNTED), number > MOST_COUNTED))
    return found


def _inside(layer: Layer) -> str:
    """The rows that the tiles show and that touch the area; the GiST index of the geometry finds them."""
    drawn = f" AND v.{layer.drawn}" if layer.drawn else ""
    return f"FROM {layer.source} AS v WHERE ST_Intersects(v.geom, {_AREA}){drawn}"


def _values(area: BaseGeometry) -> dict[str, object]:
    return {"area": area.wkb, "srid": CITY_SRID}
