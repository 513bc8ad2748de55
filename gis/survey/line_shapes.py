"""Shapes of lines and points as drawings have them, in the city's plane: parts joined or told apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.survey.places import Floats, System

POINT, LINE, MULTI_POINT, MULTI_LINE = 0, 1, 4, 5  # types of GEOS
Indexes = NDArray[np.int64]


@dataclass(frozen=True)
class LineShapes:
    """Lines of a chunk, one a part that does not join the others of its row.

    Parameters
    ----------
    rows : array of int, shape (n,)
        The row of the chunk that each comes from; a row without a shape is one line of no vertices.
    parts : array of int, shape (n,)
        0 for a line that is all of its row, else the number of the part, from 1.
    counts : array of int, shape (n,)
        Vertices of each.
    places : array of float, shape (total, 3), metres
        Vertices in the city's plane, one line after the other, heights NaN where the drawing has none.
    """

    rows: Indexes
    parts: Indexes
    counts: Indexes
    places: Floats
    joined: int
    split: int
    has_heights: bool

    def ends(self, last: bool) -> Floats:
        """First or last vertices, shape (n, 2); NaN where there is no shape."""
        found = np.full((len(self.counts), 2), np.nan)
        has = self.counts > 0
        at = np.cumsum(self.counts) - (1 if last else self.counts)
        found[has] = self.places[at[has], :2]
        return found


def line_shapes(shapes: NDArray[np.object_], system: System) -> LineShapes:
    """Join the parts of multi-part lines that touch end to end; give the others a line each."""
    types = shapely.get_type_id(shapes)
    whole = np.array(shapes, dtype=object)
    multi = np.flatnonzero(types == MULTI_LINE)
    whole[multi] = shapely.line_merge(whole[multi])
    many = shapely.get_num_geometries(shapes[multi]) if len(multi) else np.empty(0, dtype=int)
    merged = shapely.get_type_id(whole[multi]) == LINE if len(multi) else np.empty(0, dtype=bool)
    # As they were drawn where they do not all join: a part is a line of its own, in the drawing's order.
    whole[multi[~merged]] = shapes[multi[~merged]]
    lines, rows = shapely.get_parts(whole, return_index=True)
    keep = ~shapely.is_empty(lines)
    lines, rows = lines[keep], rows[keep]
    bare = np.setdiff1d(np.arange(len(shapes)), rows)
    lines = np.concatenate([lines, np.full(len(bare), None, dtype=object)])
    rows = np.concatenate([rows, bare])
    order = np.argsort(rows, kind="stable")
    lines, rows = lines[order], rows[order]
    places = shapely.get_coordinates(lines, include_z=True)
    counts = np.where(shapely.is_missing(lines), 0, shapely.get_num_coordinates(lines))
    places[:, 0], places[:, 1] = system.to_city(places[:, 0], places[:, 1])
    heights = places[:, 2]
    has_heights = bool((np.isfinite(heights) & (heights != 0)).any())
    if not has_heights:
        places[:, 2] = np.nan
    return LineShapes(
        rows.astype(np.int64),
        _part_numbers(rows),
        counts.astype(np.int64),
        places,
        joined=int((merged & (many > 1)).sum()),
        split=int((~merged).sum()),
        has_heights=has_heights,
    )


def point_places(shapes: NDArray[np.object_], system: System) -> tuple[Floats, Floats, Floats]:
    """Easting, northing and height of points; NaN where there is no shape, the height where it is flat."""
    single = np.array(shapes, dtype=object)
    multi = shapely.get_type_id(single) == MULTI_POINT
    single[multi] = shapely.get_geometry(single[multi], 0)
    first, second = shapely.get_x(single), shapely.get_y(single)
    easting, northing = system.to_city(first, second)
    return np.asarray(easting, dtype=float), np.asarray(northing, dtype=float), shapely.get_z(single)


def is_point(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which shapes are one point."""
    types = shapely.get_type_id(shapes)
    found: NDArray[np.bool_] = (types == POINT) | (
        (types == MULTI_POINT) & (shapely.get_num_geometries(shapes) == 1)
    )
    return found


def is_line(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which shapes are a line, of one part or many."""
    types = shapely.get_type_id(shapes)
    found: NDArray[np.bool_] = (types == LINE) | (types == MULTI_LINE)
    return found


def _part_numbers(rows: Indexes) -> Indexes:
    """Numbers of the parts of each row, from 1; 0 for a row in one piece. ``rows`` is sorted."""
    if not len(rows):
        return np.empty(0, dtype=np.int64)
    _row, first, counts = np.unique(rows, return_index=True, return_counts=True)
    numbers = np.arange(len(rows)) - np.repeat(first, counts) + 1
    numbers[np.repeat(counts, counts) == 1] = 0
    return numbers.astype(np.int64)
