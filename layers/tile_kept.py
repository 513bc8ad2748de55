"""The SQL of tiles of datasets that the database keeps for them (:mod:`gis.tile`).

Rows stand in the projection of tiles and in the order of the plane; merged lines and counted points stand
ready. Where something has changed that is not settled yet, it is put together from the rows themselves: a
tile is complete at any moment.
"""

from gis.tile.datasets import CELL_ZOOM, CELLS_BITS, Counted, Kept, Merged
from layers.layer import Layer
from layers.tile_sql import EXTENT, INSIDE, MARGIN, mvt

_BOX = f"ST_TileEnvelope(:z, :x, :y, margin => {MARGIN / EXTENT})"
# A small number would be bound as smallint, and lose its upper bits when it is shifted.
_X, _Y = "CAST(:x AS integer)", "CAST(:y AS integer)"
_STALE = "SELECT DISTINCT d.x, d.y FROM public.data_change AS d WHERE d.dataset = '{name}' AND NOT d.settled"


def kept_statement(layer: Layer, kept: Kept, z: int) -> str:
    """The SQL of a kept layer's tiles at a zoom; binds ``z``, ``x``, ``y`` and measures of the tile."""
    match kept.overview:
        case Merged() as how if z <= CELL_ZOOM:
            parts = [mvt(layer.name, _merged(kept, how, z))]
        case Counted() as how if z <= how.most:
            parts = [mvt(layer.name, _counted(kept, z))]
        case _:
            parts = [mvt(layer.name, _rows(layer, kept), with_id=True)]
    if layer.labels_from is not None and z >= layer.labels_from:
        parts.append(mvt(f"{layer.name}_label", _labels(layer, kept), with_id=True))
    return "SELECT " + " || ".join(f"coalesce(({part}), '')" for part in parts)


def clipped(geom: str) -> str:
    """A geometry of EPSG:3857 in the tile's own units."""
    return f"ST_AsMVTGeom({geom}, ST_TileEnvelope(:z, :x, :y), {EXTENT}, {MARGIN}, true)"


def _rows(layer: Layer, kept: Kept) -> str:
    columns = "".join(f", t.{name}" for name in layer.in_tiles)
    # In an order of its own: the same state must be the same bytes, whatever way the rows were found.
    rows = f"FROM public.{kept.table} AS t WHERE t.geom && {_BOX} ORDER BY t.id"
    return f"SELECT t.id{columns}, {clipped('t.geom')} AS geom {rows}"


def _labels(layer: Layer, kept: Kept) -> str:
    names = "".join(f", p.{name}" for name in layer.in_tiles)
    points = (
        "SELECT t.*, (ST_X(t.label) - :west) * :per_metre AS px, (:north - ST_Y(t.label)) * :per_metre AS py"
        f" FROM public.{kept.table} AS t WHERE t.geom && ST_TileEnvelope(:z, :x, :y)"
    )
    place = "ST_Point(floor(px)::int, floor(py)::int)"
    return f"SELECT p.id{names}, {place} AS geom FROM ({points}) AS p WHERE {INSIDE} ORDER BY p.id"


def _merged(kept: Kept, how: Merged, z: int) -> str:
    """Ready lines, but of cells that are not settled; of those the rows, put together here."""
    up = CELL_ZOOM - z
    kind = ", ".join(f"'{column}', t.{column}" for column in how.by)
    by = ", ".join(f"t.{column}" for column in how.by)
    line = "ST_Simplify(ST_LineMerge(ST_Collect(t.geom)), :half_pixel, true)"
    return (
        f"WITH stale AS MATERIALIZED (SELECT DISTINCT s.x >> {up} AS x, s.y >> {up} AS y"
        f" FROM ({_STALE.format(name=kept.name)}) AS s)"
        " SELECT o.kind, o.geom FROM ("
        f" SELECT l.kind, {clipped('l.geom')} AS geom, l.x, l.y FROM public.tile_line AS l"
        f" WHERE l.dataset = '{kept.name}' AND l.z = :z AND l.geom && {_BOX}"
        " AND NOT EXISTS (SELECT FROM stale AS s WHERE (s.x, s.y) = (l.x, l.y))"
        f" UNION ALL SELECT m.kind, {clipped('m.geom')}, m.x, m.y FROM ("
        f"   SELECT jsonb_build_object({kind}) AS kind, {line} AS geom, s.x, s.y"
        f"   FROM stale AS s JOIN public.{kept.table} AS t"
        f"   ON t.cell_x BETWEEN s.x << {up} AND ((s.x + 1) << {up}) - 1"
        f"   AND t.cell_y BETWEEN s.y << {up} AND ((s.y + 1) << {up}) - 1"
        f"   WHERE t.geom && {_BOX} GROUP BY s.x, s.y, {by}) AS m"
        " ) AS o ORDER BY o.kind, o.x, o.y"
    )


def _counted(kept: Kept, z: int) -> str:
    """Ready counts where all of the tile is settled; else all of it counted here, by the same cells."""
    fine = z + CELLS_BITS
    cells = (
        f"x BETWEEN {_X} << {CELLS_BITS} AND (({_X} + 1) << {CELLS_BITS}) - 1"
        f" AND y BETWEEN {_Y} << {CELLS_BITS} AND (({_Y} + 1) << {CELLS_BITS}) - 1"
    )
    if z <= CELL_ZOOM:
        up = CELL_ZOOM - z
        here = f"(s.x >> {up}, s.y >> {up}) = ({_X}, {_Y})"
    else:
        here = f"(s.x, s.y) = ({_X} >> {z - CELL_ZOOM}, {_Y} >> {z - CELL_ZOOM})"
    is_stale = f"SELECT EXISTS (SELECT FROM ({_STALE.format(name=kept.name)}) AS s WHERE {here})"
    return (
        f"WITH stale AS MATERIALIZED ({is_stale} AS yes),"
        f" ready AS (SELECT c.x, c.y, c.count, c.easting, c.northing FROM public.tile_count AS c"
        f"   WHERE c.dataset = '{kept.name}' AND c.z = :z AND {cells} AND NOT (SELECT yes FROM stale)),"
        " points AS ("
        f"   SELECT app.tile_number(ST_X(t.geom), {fine}) AS x, app.tile_number(-ST_Y(t.geom), {fine}) AS y,"
        "          ST_X(t.geom) AS easting, ST_Y(t.geom) AS northing"
        f"  FROM public.{kept.table} AS t WHERE t.geom && {_BOX} AND (SELECT yes FROM stale)),"
        " counted AS (SELECT x, y, count(*) AS count, avg(easting) AS easting, avg(northing) AS northing"
        f"   FROM points WHERE {cells} GROUP BY x, y)"
        " SELECT f.count, ST_Point("
        f"   least(floor((f.easting - :west) * :per_metre)::int, {EXTENT - 1}),"
        f"   least(floor((:north - f.northing) * :per_metre)::int, {EXTENT - 1})) AS geom"
        " FROM (SELECT * FROM ready UNION ALL SELECT * FROM counted) AS f ORDER BY f.x, f.y"
    )
