"""The SQL of tiles straight from the catalogue's views: of layers that are watched live, and of past days.

Rows are found by the GiST index on the city's own CRS and transformed afterwards.
"""

from collections.abc import Iterable
from typing import cast

from layers.layer import Count, Layer, Merge

EXTENT = 4096
# Lines and polygons reach this far over a tile's edge, in units of EXTENT: 8 px of a tile of 512.
MARGIN = 64


def statement(layer: Layer, z: int, on_a_day: bool = False, in_a_span: bool = False) -> str:
    """The SQL of a layer's tiles at a zoom. Names in it come from the catalogue only; values are bound.

    ``on_a_day`` binds ``as_of``, ``in_a_span`` binds ``since`` and ``until`` (each may be null).
    """
    rows = _Rows(layer, on_a_day, in_a_span)
    if layer.is_whole_at(z):
        parts = [mvt(layer.name, rows.whole(), with_id=True)]
    elif isinstance(layer.generalise, Merge):
        parts = [mvt(layer.name, rows.merged(layer.generalise))]
    else:
        parts = [mvt(layer.name, rows.counted(cast(Count, layer.generalise)))]
    if layer.labels_from is not None and z >= layer.labels_from:
        parts.append(mvt(f"{layer.name}_label", rows.labels(), with_id=True))
    return "SELECT " + " || ".join(f"coalesce(({part}), '')" for part in parts)


def mvt(name: str, rows: str, with_id: bool = False) -> str:
    """One layer of a tile, of rows with ``geom`` in the tile's units."""
    identity = ", 'id'" if with_id else ""
    tile_layer = f"ST_AsMVT(f, '{name}', {EXTENT}, 'geom'{identity})"
    return f"SELECT {tile_layer} FROM ({rows}) AS f WHERE f.geom IS NOT NULL"


# A point belongs to the one tile it lies in: counts add up, and no word stands twice.
INSIDE = f"px >= 0 AND px < {EXTENT} AND py >= 0 AND py < {EXTENT}"


class _Rows:
    """The rows of a view in the box of a tile, drawn in several ways."""

    def __init__(self, layer: Layer, on_a_day: bool, in_a_span: bool) -> None:
        self.layer = layer
        self.id = "v.entity_id AS id" if on_a_day else "v.id"
        tests = ["v.geom && ST_MakeEnvelope(:left, :bottom, :right, :top, :srid)"]
        if layer.drawn:
            tests.append(f"v.{layer.drawn}")
        if on_a_day:
            tests.append("v.valid_from <= :as_of AND (v.valid_to IS NULL OR v.valid_to > :as_of)")
        if in_a_span:
            since, until = "CAST(:since AS timestamptz)", "CAST(:until AS timestamptz)"
            tests.append(f"({since} IS NULL OR v.{layer.times} >= {since})")
            tests.append(f"({until} IS NULL OR v.{layer.times} < {until})")
        self.found = f"FROM {layer.ever if on_a_day else layer.source} AS v WHERE {' AND '.join(tests)}"

    def whole(self) -> str:
        # In two dimensions first: clipping a LINESTRING Z fails in PostGIS with "mixed dimension geometries".
        columns = _columns(self.layer.in_tiles)
        clipped = _clipped("ST_Force2D(v.geom)")
        return f"SELECT {self.id}{columns}, {clipped} AS geom {self.found} ORDER BY v.id"

    def merged(self, merge: Merge) -> str:
        # Simplified before it is transformed: far fewer points pass through PROJ.
        lines = "ST_Simplify(ST_LineMerge(ST_Collect(ST_Force2D(v.geom) ORDER BY v.id)), :half_pixel)"
        by = ", ".join(f"v.{name}" for name in merge.by)
        return f"SELECT {by}, {_clipped(lines)} AS geom {self.found} GROUP BY {by} ORDER BY {by}"

    def counted(self, count: Count) -> str:
        cell = EXTENT // count.cells
        sums = "".join(f", count(*) FILTER (WHERE {test}) AS {name}" for name, test in count.sums.items())
        points = self._in_tile("v.geom")
        place = "ST_Point(floor(avg(px))::int, floor(avg(py))::int)"
        return (
            f"SELECT count(*) AS count{sums}, {place} AS geom FROM ({points}) AS p"
            f" WHERE {INSIDE} GROUP BY floor(px / {cell}), floor(py / {cell})"
        )

    def labels(self) -> str:
        points = self._in_tile("ST_PointOnSurface(v.geom)")
        names = "".join(f", {name}" for name in self.layer.in_tiles)
        place = "ST_Point(floor(px)::int, floor(py)::int)"
        return f"SELECT id{names}, {place} AS geom FROM ({points}) AS p WHERE {INSIDE}"

    def _in_tile(self, point: str) -> str:
        """Points of rows in the tile's own units: right and down from its north-west corner."""
        columns = f"{self.id}{_columns(self.layer.in_tiles)}"
        return (
            "SELECT m.*, (ST_X(m.at) - :west) * :per_metre AS px, (:north - ST_Y(m.at)) * :per_metre AS py"
            # OFFSET 0: transformed once a row, not once for each place below that names the point.
            f" FROM (SELECT {columns}, ST_Transform({point}, 3857) AS at {self.found} OFFSET 0) AS m"
        )


def _columns(names: Iterable[str]) -> str:
    return "".join(f", v.{name}" for name in names)


def _clipped(geom: str) -> str:
    return f"ST_AsMVTGeom(ST_Transform({geom}, 3857), ST_TileEnvelope(:z, :x, :y), {EXTENT}, {MARGIN}, true)"
