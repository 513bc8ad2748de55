"""Keeping overviews true: merged lines and counted points are made anew where something has changed.

A change notes its cells as unsettled (``app.keep_tiles``); a tile puts such cells together from their rows,
so that it is complete at any moment (:mod:`layers.tiles`). Settling only makes it quick again.
"""

import json

import numpy as np
from shapely import MultiLineString, from_wkb, to_wkb
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from gis.tile.datasets import CELL_ZOOM, CELLS_BITS, KEPT, Counted, Kept, Merged
from gis.tile.strokes import overview

WORLD_M = 40_075_016.685578488  # EPSG:3857, along the equator
MOST_CELLS = 256  # of one transaction
_LOCK = 4_209_004
_HERE = "dataset = :dataset AND z = :z AND (x, y) = (:x, :y)"
_ABOVE = text(
    "SELECT l.kind, ST_AsBinary(d.geom) AS line FROM public.tile_line AS l"
    " CROSS JOIN LATERAL ST_Dump(l.geom) AS d WHERE l.dataset = :dataset AND l.z = :z + 1"
    " AND l.x IN (2 * :x, 2 * :x + 1) AND l.y IN (2 * :y, 2 * :y + 1)"
)
_TAKE_OUT = text(f"DELETE FROM public.tile_line WHERE {_HERE}")
_PUT_IN = text(
    "INSERT INTO public.tile_line (dataset, z, x, y, kind, geom) VALUES (:dataset, :z, :x, :y,"
    " CAST(:kind AS jsonb), ST_GeomFromWKB(:lines, 3857))"
)
_CELLS = "(SELECT * FROM unnest(CAST(:xs AS integer[]), CAST(:ys AS integer[])) AS c (x, y))"


def settle_some(session: Session) -> int:
    """Settle one dataset in up to 256 cells; returns how many, 0 when none is left or another settles."""
    connection = session.connection()
    if not connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LOCK}):
        return 0
    end_validity(connection)
    first = connection.scalar(
        text("SELECT dataset FROM public.data_change WHERE NOT settled ORDER BY dataset, id LIMIT 1")
    )
    return settle(connection, str(first)) if first is not None else 0


def settle(connection: Connection, dataset: str, most: int = MOST_CELLS) -> int:
    """Make the overviews of a dataset true in up to ``most`` cells; returns how many."""
    # What is noted after this statement stays unsettled, whether its rows are seen below or not.
    noted = connection.execute(
        text(
            "WITH cells AS (SELECT DISTINCT x, y FROM public.data_change"
            "               WHERE dataset = :dataset AND NOT settled ORDER BY x, y LIMIT :most)"
            " SELECT d.id, d.x, d.y FROM public.data_change AS d JOIN cells USING (x, y)"
            " WHERE d.dataset = :dataset"
        ),
        {"dataset": dataset, "most": most},
    ).all()
    cells = sorted({(row.x, row.y) for row in noted})
    if not cells:
        return 0
    kept = KEPT.get(dataset)
    if kept is not None and isinstance(kept.overview, Merged):
        _merge(connection, kept, kept.overview, cells)
    elif kept is not None and isinstance(kept.overview, Counted):
        _count(connection, kept, kept.overview, cells)
    # One row a cell instead of many: together they name the same state.
    connection.execute(
        text(
            "WITH gone AS (DELETE FROM public.data_change WHERE id = ANY(:ids) RETURNING x, y, stamp)"
            " INSERT INTO public.data_change (dataset, x, y, stamp, settled)"
            " SELECT :dataset, x, y, bit_xor(stamp), true FROM gone GROUP BY x, y"
        ),
        {"ids": [row.id for row in noted], "dataset": dataset},
    )
    return len(cells)


def end_validity(connection: Connection) -> None:
    """Take rows out of the tiles whose last day is over, and note where they were."""
    for kept in KEPT.values():
        connection.execute(
            text(
                f"WITH gone AS (DELETE FROM public.{kept.table} WHERE ends_on <= current_date RETURNING geom)"
                " INSERT INTO public.data_change (dataset, x, y)"
                " SELECT DISTINCT :dataset, c.x, c.y"
                " FROM gone CROSS JOIN LATERAL app.tile_cells(gone.geom) AS c"
            ),
            {"dataset": kept.name},
        )


def rebuild(connection: Connection, *datasets: str) -> None:
    """Make all of it anew from the city's tables, or that of some datasets; in the caller's transaction.

    Rows are put in by the order of the plane, so that what lies together is read together.
    """
    for kept in [KEPT[name] for name in datasets] or KEPT.values():
        columns = ", ".join(_columns(connection, kept.table))
        connection.execute(text(f"TRUNCATE public.{kept.table}"))
        connection.execute(
            text(
                f"INSERT INTO public.{kept.table} ({columns})"
                f" SELECT {columns} FROM app.{kept.table} AS v ORDER BY v.geom"
            )
        )
        connection.execute(
            text(
                "INSERT INTO public.data_change (dataset, x, y) SELECT DISTINCT :dataset, c.x, c.y"
                f" FROM public.{kept.table} AS t CROSS JOIN LATERAL app.tile_cells(t.geom) AS c"
            ),
            {"dataset": kept.name},
        )
        connection.execute(text(f"ANALYZE public.{kept.table}"))
        for table in ("tile_line", "tile_count"):
            connection.execute(
                text(f"DELETE FROM public.{table} WHERE dataset = :dataset"), {"dataset": kept.name}
            )
        settle(connection, kept.name, most=1_000_000)
    for table in ("tile_line", "tile_count", "data_change"):
        connection.execute(text(f"ANALYZE public.{table}"))


def _columns(connection: Connection, table: str) -> list[str]:
    found = connection.scalars(
        text(
            "SELECT quote_ident(attname) FROM pg_attribute"
            " WHERE attrelid = to_regclass(:table) AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        ),
        {"table": f"public.{table}"},
    )
    return list(found)


def _merge(connection: Connection, kept: Kept, how: Merged, cells: list[tuple[int, int]]) -> None:
    """Zoom 13 from the rows, every zoom below from the one above it; a tile at a time, to spare memory."""
    kind = ", ".join(f"'{column}', {column}" for column in how.by)
    rows = text(
        f"SELECT jsonb_build_object({kind}) AS kind, ST_AsBinary(t.geom) AS line"
        f" FROM public.{kept.table} AS t WHERE (t.cell_x, t.cell_y) = (:x, :y)"
    )
    for z in range(CELL_ZOOM, how.least - 1, -1):
        if z < CELL_ZOOM:
            rows = _ABOVE
            cells = sorted({(x >> 1, y >> 1) for x, y in cells})
        for x, y in cells:
            here = {"dataset": kept.name, "z": z, "x": x, "y": y}
            lines: dict[str, list[bytes]] = {}
            for row in connection.execute(rows, here):
                lines.setdefault(json.dumps(row.kind, ensure_ascii=False), []).append(bytes(row.line))
            connection.execute(_TAKE_OUT, here)
            put_in = [
                {**here, "kind": name, "lines": _drawn(found, z)} for name, found in sorted(lines.items())
            ]
            if put_in:
                connection.execute(_PUT_IN, put_in)


def _drawn(lines: list[bytes], z: int) -> bytes:
    drawn = overview(from_wkb(np.array(lines, dtype=object)), half_pixel(z))
    return to_wkb(MultiLineString(list(drawn)))


def _count(connection: Connection, kept: Kept, how: Counted, cells: list[tuple[int, int]]) -> None:
    xs, ys = [x for x, _y in cells], [y for _x, y in cells]
    for z in range(how.least, how.most + 1):
        values = {"dataset": kept.name, "z": z, "xs": xs, "ys": ys, "side": WORLD_M / 2**CELL_ZOOM}
        values |= {"fine": z + CELLS_BITS, "finer": z + CELLS_BITS - CELL_ZOOM, "half": WORLD_M / 2}
        connection.execute(
            text(
                f"DELETE FROM public.tile_count AS t USING {_CELLS} AS c"
                " WHERE t.dataset = :dataset AND t.z = :z"
                " AND t.x BETWEEN c.x << :finer AND ((c.x + 1) << :finer) - 1"
                " AND t.y BETWEEN c.y << :finer AND ((c.y + 1) << :finer) - 1"
            ),
            values,
        )
        connection.execute(
            text(
                "INSERT INTO public.tile_count (dataset, z, x, y, count, easting, northing)"
                " SELECT :dataset, :z, p.x, p.y, count(*),"
                " round(avg(p.easting)::numeric, 2), round(avg(p.northing)::numeric, 2)"
                f" FROM {_CELLS} AS c CROSS JOIN LATERAL ("
                "   SELECT ST_X(t.geom) AS easting, ST_Y(t.geom) AS northing,"
                "          app.tile_number(ST_X(t.geom), :fine) AS x,"
                "          app.tile_number(-ST_Y(t.geom), :fine) AS y"
                f"  FROM public.{kept.table} AS t WHERE t.geom && ST_MakeEnvelope("
                "     c.x * :side - :half, :half - (c.y + 1) * :side,"
                "     (c.x + 1) * :side - :half, :half - c.y * :side, 3857)) AS p"
                " WHERE p.x >> :finer = c.x AND p.y >> :finer = c.y GROUP BY p.x, p.y"
            ),
            values,
        )


def half_pixel(z: int) -> float:
    """Half a pixel of a tile of 512 px, in units of EPSG:3857."""
    return float(WORLD_M / 2**z / 1024)
