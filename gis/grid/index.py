"""Finding the unit grid of very many places at once, in memory.

Most places lie well inside a grid. A raster over the city knows, for each of its cells that no grid's edge
comes near, which grid it lies in; only places in the cells along edges are tested against polygons. The
answer is the same as PostGIS gives one by one, edges included: both ask GEOS, and take the lowest code.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from sqlalchemy import text
from sqlalchemy.orm import Session

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

OUTSIDE = -1  # no grid here
EDGE = -2  # a grid's edge is near: ask the polygons
MOST_CELLS = 16_000_000  # 64 MB
FINEST_M = 2.5


@dataclass(frozen=True)
class GridIndex:
    """A raster and a tree over the unit grids, both by the position of a grid in ``codes``.

    Attributes
    ----------
    codes : array of str, shape (n,), ascending, so that the lowest position is the lowest code
    tree : STRtree of the n polygons
    owner : int32 array, shape (rows, columns): a position, :data:`OUTSIDE` or :data:`EDGE`
    west, south, cell_m : where the raster begins and how large its cells are, metres in the city's CRS
    """

    codes: NDArray[np.str_]
    tree: shapely.STRtree
    owner: Ints
    west: float
    south: float
    cell_m: float

    @classmethod
    def build(cls, codes: list[str], polygons: list[shapely.Polygon]) -> "GridIndex":
        """Build the index of grids; polygons in the city's CRS, one a code, any order."""
        order = np.argsort(np.asarray(codes, dtype=np.str_), kind="stable")
        sorted_codes = np.asarray(codes, dtype=np.str_)[order]
        shapes = np.asarray(polygons, dtype=object)[order]
        tree = shapely.STRtree(shapes)
        if len(shapes) == 0:
            return cls(sorted_codes, tree, np.full((1, 1), OUTSIDE, dtype=np.int32), 0.0, 0.0, 1.0)
        west, south, east, north = shapely.total_bounds(shapes)
        cell_m = max(FINEST_M, float(np.sqrt((east - west) * (north - south) / MOST_CELLS)))
        shape = (int((north - south) / cell_m) + 1, int((east - west) / cell_m) + 1)
        edge = _near_edges(shapes, west, south, cell_m, shape)
        owner = _owners(edge, tree, west, south, cell_m)
        return cls(sorted_codes, tree, owner, float(west), float(south), cell_m)

    def positions(self, eastings: Floats, northings: Floats) -> Ints:
        """Positions in ``codes`` of the grids that contain the places; :data:`OUTSIDE` where none does.

        ``eastings``, ``northings``: shape (m,), metres in the city's CRS; not finite means outside.
        """
        known = np.isfinite(eastings) & np.isfinite(northings)
        # Clipped before they become integers: a place on another continent would overflow.
        column = np.clip(np.where(known, (eastings - self.west) / self.cell_m, -1), -1, self.owner.shape[1])
        row = np.clip(np.where(known, (northings - self.south) / self.cell_m, -1), -1, self.owner.shape[0])
        column, row = np.floor(column).astype(np.int32), np.floor(row).astype(np.int32)
        inside = (column >= 0) & (row >= 0) & (column < self.owner.shape[1]) & (row < self.owner.shape[0])
        found = np.full(len(eastings), OUTSIDE, dtype=np.int32)
        found[inside] = self.owner[row[inside], column[inside]]
        (unsure,) = np.nonzero(found == EDGE)
        found[unsure] = _ask_polygons(self.tree, eastings[unsure], northings[unsure])
        return found

    def locate(self, eastings: Floats, northings: Floats) -> list[str | None]:
        """Codes of the grids that contain the places; ``None`` where none does."""
        found = self.positions(eastings, northings)
        names: list[str | None] = [*self.codes.tolist(), None]  # position -1 is the last: None
        return [names[position] for position in found.tolist()]


def _near_edges(
    shapes: NDArray[np.object_], west: float, south: float, cell_m: float, shape: tuple[int, int]
) -> NDArray[np.bool_]:
    """Cells that an edge runs through or beside.

    Edges are sampled at half a cell and the neighbours of each sample marked, so that no edge can slip
    through between two samples.
    """
    lines = shapely.segmentize(shapely.boundary(shapes), cell_m / 2)
    points = shapely.get_coordinates(lines)
    column = ((points[:, 0] - west) / cell_m).astype(np.int32)
    row = ((points[:, 1] - south) / cell_m).astype(np.int32)
    edge = np.zeros(shape, dtype=bool)
    edge[np.clip(row, 0, shape[0] - 1), np.clip(column, 0, shape[1] - 1)] = True
    return ndimage.binary_dilation(edge, structure=np.ones((3, 3), dtype=bool))  # type: ignore[no-any-return]


def _owners(edge: NDArray[np.bool_], tree: shapely.STRtree, west: float, south: float, cell_m: float) -> Ints:
    """For each patch of cells that no edge comes near, the grid that one of its cells lies in."""
    patches, count = ndimage.label(~edge)
    flat = patches.ravel()
    first = np.zeros(count + 1, dtype=np.int64)
    first[flat[::-1]] = np.arange(len(flat) - 1, -1, -1)  # the first cell of each patch wins
    row, column = np.divmod(first[1:], edge.shape[1])
    middle_x = west + (column + 0.5) * cell_m
    middle_y = south + (row + 0.5) * cell_m
    owners = np.concatenate([[EDGE], _ask_polygons(tree, middle_x, middle_y)]).astype(np.int32)
    result: Ints = owners[patches]
    return result


def _ask_polygons(tree: shapely.STRtree, eastings: Floats, northings: Floats) -> Ints:
    """The lowest position of the polygons that cover each place; :data:`OUTSIDE` where none does."""
    found = np.full(len(eastings), np.iinfo(np.int32).max, dtype=np.int32)
    points = shapely.points(eastings, northings)
    which, position = tree.query(points, predicate="intersects")
    np.minimum.at(found, which, position.astype(np.int32))
    found[found == np.iinfo(np.int32).max] = OUTSIDE
    return found


# The index of the grids as they were last seen, by what tells them from any other state of the table.
_kept: dict[str, GridIndex] = {}


def grid_index(session: Session) -> GridIndex:
    """The index of the grids in force; built anew when any row of the table has changed."""
    state = session.scalar(
        text(
            "SELECT count(*) || '/' || coalesce(sum(xmin::text::bigint), 0)"
            " FROM unit_grid WHERE valid_to IS NULL"
        )
    )
    key = f"{session.get_bind().engine.url}/{state}"
    if key not in _kept:
        rows = session.execute(
            text("SELECT code, ST_AsBinary(geom) FROM unit_grid WHERE valid_to IS NULL ORDER BY code")
        ).all()
        index = GridIndex.build(
            [row[0] for row in rows], list(shapely.from_wkb([bytes(row[1]) for row in rows]))
        )
        _kept.clear()
        _kept[key] = index
    return _kept[key]
