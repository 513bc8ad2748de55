"""In which unit grid a place lies: exact, by the very coordinates that are written."""

import numpy as np

from sample_data.geometry import Floats
from sample_data.ground import Ground
from sample_data.lines import Ints
from sample_data.partition import Partition

_AROUND = ((0, 0), (0, -1), (-1, 0), (-1, -1), (1, 0), (0, 1), (1, 1), (-1, 1), (1, -1))


def find_grids(ground: Ground, partition: Partition, xy: Floats, near: Ints) -> Ints:
    """Index of the unit grid that covers each place, -1 for none.

    ``xy``, shape (n, 2), metres; ``near``, shape (n, 2), a cell or lattice vertex close by. A place on a
    border belongs to the first grid found.
    """
    found = np.full(len(xy), -1)
    for di, dj in _AROUND:
        open_ = np.nonzero(found < 0)[0]
        cell = near[open_] + (di, dj)
        fits = ((cell >= 0) & (cell < (ground.columns, ground.rows))).all(axis=1)
        open_, cell = open_[fits], cell[fits]
        grid = partition.at[cell[:, 0], cell[:, 1]]
        inside = (grid >= 0) & covers(ground.corners(cell), xy[open_])
        found[open_[inside]] = grid[inside]
    return found


def covers(
    corners: Floats, xy: Floats, margin_m: float = 0.0
) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Whether convex polygons (n, 4, 2), counter-clockwise, cover places (n, 2), so far from their sides."""
    side = np.roll(corners, -1, axis=1) - corners
    to = xy[:, None, :] - corners
    cross = side[..., 0] * to[..., 1] - side[..., 1] * to[..., 0]
    return np.asarray((cross >= margin_m * np.hypot(side[..., 0], side[..., 1])).all(axis=1))
