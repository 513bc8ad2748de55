"""Vector tiles, made by PostGIS from the catalogue's views.

A tile is complete: rows are merged or counted where they are too many to be drawn one by one, never left out.
Rows are found by the GiST index on the city's own CRS and transformed afterwards.
"""

from collections.abc import Iterable
from functools import lru_cache
from math import atan, cos, degrees, pi, radians, sinh
from typing import Any, cast

from pyproj import CRS
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.crs import transformer
from gis.errors import InvalidInput
from gis.i18n import _
from gis.settings import CITY_SRID
from layers.layer import MAX_ZOOM, Count, Layer, Merge

EXTENT = 4096
# Lines and polygons reach this far over a tile's edge, in units of EXTENT: 8 px of a tile of 512.
MARGIN = 64
WORLD_M = 2 * pi * 6378137.0
# A degree of slack round the CRS's area of use; beyond that, its arithmetic means nothing.
SLACK_DEG = 1.0

Box = tuple[float, float, float, float]


def tile_bounds(z: int, x: int, y: int, margin: float = 0.0) -> Box:
    """West, south, east, north of a tile in degrees; ``margin`` is a share of its side added all round.

    Raises
    ------
    InvalidInput
        No such tile: the zoom is not 0 to 22, or a number is not 0 to 2^z - 1.
    """
    if not 0 <= z <= MAX_ZOOM:
        raise InvalidInput(
            _("The zoom must be 0 to {most}, not {z}").format(most=MAX_ZOOM, z=z),
            errors=[{"pointer": "/z", "detail": f"0..{MAX_ZOOM}"}],
        )
    side = 1 << z
    for name, number in (("x", x), ("y", y)):
        if not 0 <= number < side:
            raise InvalidInput(
                _("At zoom {z} the tile's {name} must be 0 to {most}, not {number}").format(
                    z=z, name=name, most=side - 1, number=number
                ),
                errors=[{"pointer": f"/{name}", "detail": f"0..{side - 1}"}],
            )

    def lon(column: float) -> float:
        return min(180.0, max(-180.0, column / side * 360.0 - 180.0))

    def lat(row: float) -> float:
        return degrees(atan(sinh(pi * (1 - 2 * row / side))))

    return lon(x - margin), lat(y + 1 + margin), lon(x + 1 + margin), lat(y - margin)


@lru_cache
def area_of_use() -> Box:
    """Where the city's CRS can be used, west, south, east, north in degrees, with some slack."""
    area = CRS.from_epsg(CITY_SRID).area_of_use
    if area is None:
        return (-180.0, -85.0, 180.0, 85.0)
    return (area.west - SLACK_DEG, area.south - SLACK_DEG, area.east + SLACK_DEG, area.north + SLACK_DEG)


def city_box(z: int, x: int, y: int, margin: float = 0.0) -> Box | None:
    """A tile as a box in the city's CRS, metres, that holds all of it; None when it lies far off the city.

    The edges of a tile are curves there: they are followed point by point, not from corner to corner.
    """
    west, south, east, north = tile_bounds(z, x, y, margin)
    use = area_of_use()
    west, south, east, north = max(west, use[0]), max(south, use[1]), min(east, use[2]), min(north, use[3])
    if west >= east or south >= north:
        return None
    left, bottom, right, top = transformer(4326, CITY_SRID).transform_bounds(
        west, south, east, north, densify_pts=21
    )
    # What lies between two of those points bulges by less than a thousandth of the tile.
    slack = max(right - left, top - bottom) / 1000 + 1.0
    return (left - slack, bottom - slack, right + slack, top + slack)


def tile(session: Session, layer: Layer, z: int, x: int, y: int) -> bytes:
    """One tile as MVT; ``b""`` where nothing lies.

    Layers of the tile: the layer's own name, and ``{name}_label`` with one point a polygon for its words.

    Raises
    ------
    InvalidInput
        There is no tile with these numbers.
    """
    box = city_box(z, x, y, MARGIN / EXTENT)
    if box is None or z < layer.min_zoom:
        return b""
    side = WORLD_M / 2**z
    south, north = tile_bounds(z, x, y)[1::2]
    values: dict[str, Any] = {
        "z": z,
        "x": x,
        "y": y,
        "srid": CITY_SRID,
        "per_metre": EXTENT / side,
        "west": -WORLD_M / 2 + x * side,
        "north": WORLD_M / 2 - y * side,
        # Half a pixel of a tile of 512 px, metres on the ground: Mercator stretches by 1 / cos(latitude).
        "half_pixel": side / 1024 * cos(radians((south + north) / 2)),
    }
    values |= dict(zip(("left", "bottom", "right", "top"), box, strict=True))
    content = session.scalar(text(statement(layer, z)), values)
    return bytes(content) if content else b""


@lru_cache(maxsize=1024)
def statement(layer: Layer, z: int) -> str:
    """The SQL of a layer's tiles at a zoom. Names in it come from the catalogue only; values are bound."""
    if layer.is_whole_at(z):
        parts = [_mvt(layer.name, _whole(layer), with_id=True)]
    elif isinstance(layer.generalise, Merge):
        parts = [_mvt(layer.name, _merged(layer, layer.generalise))]
    else:
        parts = [_mvt(layer.name, _counted(layer, cast(Count, layer.generalise)))]
    if layer.labels_from is not None and z >= layer.labels_from:
        parts.append(_mvt(f"{layer.name}_label", _labels(layer), with_id=True))
    return "SELECT " + " || ".join(f"coalesce(({part}), '')" for part in parts)


def _mvt(name: str, rows: str, with_id: bool = False) -> str:
    identity = ", 'id'" if with_id else ""
    tile_layer = f"ST_AsMVT(f, '{name}', {EXTENT}, 'geom'{identity})"
    return f"SELECT {tile_layer} FROM ({rows}) AS f WHERE f.geom IS NOT NULL"


def _rows(layer: Layer) -> str:
    """Which rows of the view lie in the box; the index of the geometry column answers this."""
    also = f" AND v.{layer.drawn}" if layer.drawn else ""
    box = "ST_MakeEnvelope(:left, :bottom, :right, :top, :srid)"
    return f"FROM {layer.source} AS v WHERE v.geom && {box}{also}"


def _columns(names: Iterable[str]) -> str:
    return "".join(f", v.{name}" for name in names)


def _clipped(geom: str) -> str:
    return f"ST_AsMVTGeom(ST_Transform({geom}, 3857), ST_TileEnvelope(:z, :x, :y), {EXTENT}, {MARGIN}, true)"


def _whole(layer: Layer) -> str:
    # In two dimensions first: clipping a LINESTRING Z fails in PostGIS with "mixed dimension geometries".
    return f"SELECT v.id{_columns(layer.in_tiles)}, {_clipped('ST_Force2D(v.geom)')} AS geom {_rows(layer)}"


def _merged(layer: Layer, merge: Merge) -> str:
    # Simplified before it is transformed: far fewer points pass through PROJ.
    lines = "ST_Simplify(ST_LineMerge(ST_Collect(ST_Force2D(v.geom))), :half_pixel)"
    by = ", ".join(f"v.{name}" for name in merge.by)
    return f"SELECT {by}, {_clipped(lines)} AS geom {_rows(layer)} GROUP BY {by}"


def _counted(layer: Layer, count: Count) -> str:
    cell = EXTENT // count.cells
    sums = "".join(f", count(*) FILTER (WHERE {test}) AS {name}" for name, test in count.sums.items())
    needed = ", ".join(f"v.{name}" for name in ("id", *layer.in_tiles))
    points = _in_tile(layer, "v.geom", needed)
    place = "ST_Point(floor(avg(px))::int, floor(avg(py))::int)"
    return (
        f"SELECT count(*) AS count{sums}, {place} AS geom FROM ({points}) AS p"
        f" WHERE {_INSIDE} GROUP BY floor(px / {cell}), floor(py / {cell})"
    )


def _labels(layer: Layer) -> str:
    columns = ", ".join(f"v.{name}" for name in ("id", *layer.in_tiles))
    points = _in_tile(layer, "ST_PointOnSurface(v.geom)", columns)
    names = "".join(f", {name}" for name in layer.in_tiles)
    place = "ST_Point(floor(px)::int, floor(py)::int)"
    return f"SELECT id{names}, {place} AS geom FROM ({points}) AS p WHERE {_INSIDE}"


# A point belongs to the one tile it lies in: counts add up, and no word stands twice.
_INSIDE = f"px >= 0 AND px < {EXTENT} AND py >= 0 AND py < {EXTENT}"


def _in_tile(layer: Layer, point: str, columns: str) -> str:
    """Points of rows in the tile's own units: right and down from its north-west corner."""
    return (
        "SELECT m.*, (ST_X(m.at) - :west) * :per_metre AS px, (:north - ST_Y(m.at)) * :per_metre AS py"
        f" FROM (SELECT {columns}, ST_Transform({point}, 3857) AS at {_rows(layer)}) AS m"
    )
