"""Geometries as the hexadecimal EWKB that COPY reads; coordinates in the city's CRS, metres."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.settings import CITY_SRID

Floats = NDArray[np.float64]
_POINT, _LINE, _POLYGON = 1, 2, 3
_Z, _SRID = 0x80000000, 0x20000000


def millimetres(coordinates: Any) -> Floats:
    """Round to a thousandth: what is written is what is measured with."""
    rounded: Floats = np.asarray(np.round(coordinates, 3), dtype=np.float64)
    return rounded + 0.0  # no negative zero


def points(xy: Floats) -> list[str]:
    """EWKB of points, shape (n, 2)."""
    rows = np.zeros(len(xy), dtype=[("o", "u1"), ("t", "<u4"), ("s", "<u4"), ("c", "<f8", (2,))])
    rows["o"], rows["t"], rows["s"], rows["c"] = 1, _POINT | _SRID, CITY_SRID, xy
    return _hex(rows)


def lines(coordinates: Floats) -> list[str]:
    """EWKB of lines with equally many vertices, shape (n, vertices, 2 or 3); three dimensions are Z."""
    n, vertices, dimensions = coordinates.shape
    kind = _LINE | _SRID | (_Z if dimensions == 3 else 0)
    layout = [("o", "u1"), ("t", "<u4"), ("s", "<u4"), ("n", "<u4"), ("c", "<f8", (vertices, dimensions))]
    rows = np.zeros(n, dtype=layout)
    rows["o"], rows["t"], rows["s"], rows["n"], rows["c"] = 1, kind, CITY_SRID, vertices, coordinates
    return _hex(rows)


def rings(coordinates: Floats) -> list[str]:
    """EWKB of polygons of one ring with equally many corners, shape (n, corners, 2), not yet closed."""
    closed = np.concatenate([coordinates, coordinates[:, :1]], axis=1)
    n, vertices, _two = closed.shape
    layout = [("o", "u1"), ("t", "<u4"), ("s", "<u4"), ("r", "<u4"), ("n", "<u4")]
    rows = np.zeros(n, dtype=[*layout, ("c", "<f8", (vertices, 2))])
    rows["o"], rows["t"], rows["s"] = 1, _POLYGON | _SRID, CITY_SRID
    rows["r"], rows["n"], rows["c"] = 1, vertices, closed
    return _hex(rows)


def multipolygon(shape: Any) -> str:
    """EWKB of a polygon or multipolygon as a multipolygon, its rings in one order."""
    parts = getattr(shape, "geoms", [shape])
    whole = shapely.normalize(shapely.MultiPolygon(list(parts)))
    return str(shapely.to_wkb(shapely.set_srid(whole, CITY_SRID), hex=True, include_srid=True, byte_order=1))


def line(coordinates: Floats) -> str:
    """EWKB of one line, shape (vertices, 2 or 3)."""
    return lines(coordinates[np.newaxis])[0]


def _hex(rows: NDArray[Any]) -> list[str]:
    width = rows.dtype.itemsize * 2
    text = rows.tobytes().hex().upper()
    return [text[i : i + width] for i in range(0, len(text), width)]
