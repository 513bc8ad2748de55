"""Places as the hexadecimal EWKB that a geometry column reads, many at a time."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from gis.settings import CITY_SRID

_POINT, _LINESTRING_Z = 0x20000001, 0xA0000002  # with SRID; with heights and SRID
_POINT_BYTES = 1 + 4 + 4 + 16


def points_text(easting: NDArray[np.float64], northing: NDArray[np.float64]) -> NDArray[np.object_]:
    """Points; None where a coordinate is not finite."""
    layout = [("order", "u1"), ("type", "<u4"), ("srid", "<u4"), ("place", "<f8", 2)]
    rows = np.empty(len(easting), dtype=layout)
    rows["order"], rows["type"], rows["srid"] = 1, _POINT, CITY_SRID
    rows["place"][:, 0], rows["place"][:, 1] = easting, northing
    text = rows.tobytes().hex()
    step = 2 * _POINT_BYTES
    found = np.empty(len(rows), dtype=object)
    found[:] = [text[at : at + step] for at in range(0, len(text), step)]
    found[~(np.isfinite(easting) & np.isfinite(northing))] = None
    return found


def lines_text(places: NDArray[np.float64], counts: NDArray[np.int64]) -> NDArray[np.object_]:
    """Lines with heights, NaN among them: shapely takes a line without any height for one in the plane.

    Parameters
    ----------
    places : array of float, shape (total, 3), metres
        Vertices of all lines, one line after the other.
    counts : array of int, shape (n,)
        Vertices of each; None is written for a line of fewer than 2.
    """
    body = np.ascontiguousarray(places, dtype="<f8").tobytes()
    ends = np.cumsum(counts) * 24
    found = np.empty(len(counts), dtype=object)
    for index, (end, count) in enumerate(zip(ends.tolist(), counts.tolist(), strict=True)):
        if count > 1:
            head = struct.pack("<BIII", 1, _LINESTRING_Z, CITY_SRID, count)
            found[index] = (head + body[end - count * 24 : end]).hex()
    return found
