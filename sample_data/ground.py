"""The ground the sample city stands on: a warped lattice of cells, its outline, its heights.

Everything else hangs on it: a cell is a unit grid, roads run along its lines, pipes beside the roads.
Neighbours share vertices, so nothing can leave a gap or overlap.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from gis.crs import to_city
from sample_data.chance import stream
from sample_data.geometry import Floats, millimetres
from sample_data.sizes import Size

CENTRE_LONLAT = (109.99, 39.82)  # Dongsheng
CELL_M = 100.0
TURN = np.radians(3.0)
MEAN_LEVEL_M = 1440.0
STEEPEST = 0.012
LEAST_SLOPE = 0.006  # enough for sewers to follow the land
FALL_M = 60.0


@dataclass(frozen=True)
class Ground:
    """Lattice of ``columns`` by ``rows`` cells; i counts eastward, j northward.

    Attributes
    ----------
    vertices : float array, shape (columns + 1, rows + 1, 2), metres in the city's CRS
    inside : bool array, shape (columns, rows): cells that belong to the city
    river : bool array, shape (columns, rows): cells of the river along the low edge
    """

    columns: int
    rows: int
    vertices: Floats
    inside: NDArray[np.bool_]
    river: NDArray[np.bool_]
    centre: tuple[float, float]
    waves: Floats

    def levels(self, xy: Floats) -> Floats:
        """Ground level, metres, at places of shape (…, 2): the land falls southward to the river."""
        local = (xy - np.asarray(self.centre)) / CELL_M
        half = self.rows / 2
        slope = float(np.clip(FALL_M / (self.rows * CELL_M), LEAST_SLOPE, STEEPEST))
        level = MEAN_LEVEL_M + slope * CELL_M * local[..., 1]
        length = max(self.columns, self.rows) / 1.5
        for phase_x, phase_y in self.waves:
            # Gentle enough that the land nowhere falls to the north by much.
            amplitude = 0.12 * slope * CELL_M * length / (2 * np.pi)
            level = level + amplitude * np.sin(2 * np.pi * local[..., 0] / length + phase_x) * np.cos(
                2 * np.pi * local[..., 1] / (2.2 * half + length) + phase_y
            )
        return millimetres(level)

    def corners(self, cells: NDArray[np.intp]) -> Floats:
        """Corners of cells (n, 2), counter-clockwise from the south-west, shape (n, 4, 2)."""
        i, j = cells[:, 0], cells[:, 1]
        v = self.vertices
        return np.stack([v[i, j], v[i + 1, j], v[i + 1, j + 1], v[i, j + 1]], axis=1)

    def place(self, cells: NDArray[np.intp], u: Floats, v: Floats) -> Floats:
        """Places inside cells by their shares of width and height (bilinear), shape (n, 2)."""
        c = self.corners(cells)
        u, v = u[:, None], v[:, None]
        south = c[:, 0] * (1 - u) + c[:, 1] * u
        north = c[:, 3] * (1 - u) + c[:, 2] * u
        return millimetres(south * (1 - v) + north * v)


def make_ground(size: Size, seed: int) -> Ground:
    """Lay out the lattice of a size."""
    chance = stream(seed, "ground")
    inside = _outline(size, chance)
    columns, rows = inside.shape
    centre = to_city(*CENTRE_LONLAT)
    vertices = _warp(columns, rows, chance) + np.asarray(centre)
    waves = chance.uniform(0, 2 * np.pi, (2, 2))
    ground = Ground(columns, rows, millimetres(vertices), inside, _river(inside), centre, waves)
    return ground


def _outline(size: Size, chance: np.random.Generator) -> NDArray[np.bool_]:
    """Cells inside a rounded, slightly irregular outline; about ``size.cells`` of them."""
    phases = chance.uniform(0, 2 * np.pi, 4)
    low, high = 0.4, 1.2
    best = np.zeros((1, 1), dtype=bool)
    for _round in range(30):
        scale = (low + high) / 2
        height = np.sqrt(size.cells / size.aspect) * scale
        best = _blob(height * size.aspect, height, size, phases)
        low, high = (scale, high) if best.sum() < size.cells else (low, scale)
        if best.sum() == size.cells:
            break
    # A cell that hangs on by less than two sides would dangle outside; the largest piece is the city.
    labels, _count = ndimage.label(best)
    best = labels == 1 + np.argmax(np.bincount(labels.ravel())[1:])
    neighbours = ndimage.convolve(best.astype(int), [[0, 1, 0], [1, 0, 1], [0, 1, 0]], mode="constant")
    best &= neighbours >= 2
    filled = np.nonzero(best)
    whole: NDArray[np.bool_] = best[
        filled[0].min() : filled[0].max() + 1, filled[1].min() : filled[1].max() + 1
    ]
    return whole


def _blob(width: float, height: float, size: Size, phases: Floats) -> NDArray[np.bool_]:
    columns, rows = int(np.ceil(width * 1.2)) + 2, int(np.ceil(height * 1.2)) + 2
    i, j = np.meshgrid(np.arange(columns) + 0.5, np.arange(rows) + 0.5, indexing="ij")
    u, v = (i - columns // 2) / (width / 2), (j - rows // 2) / (height / 2)
    angle = np.arctan2(v, u)
    noise = sum(np.sin((k + 2) * angle + phase) / (k + 1) for k, phase in enumerate(phases))
    radius = 1 + size.edge_noise * noise
    return np.asarray((np.abs(u) / radius) ** size.fullness + (np.abs(v) / radius) ** size.fullness <= 1)


def _river(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The southernmost cell of each column."""
    south = np.zeros_like(inside)
    south[:, 1:] = inside[:, :-1]
    return np.asarray(inside & ~np.logical_or.accumulate(south, axis=1))


def _warp(columns: int, rows: int, chance: np.random.Generator) -> Floats:
    """Lattice vertices around the origin: streets curve a little, blocks differ in size."""
    i, j = np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0), indexing="ij")
    x, y = (i - columns / 2) * CELL_M, (j - rows / 2) * CELL_M
    dx, dy = np.zeros_like(x), np.zeros_like(y)
    for length, strain in ((3700.0, 0.07), (1900.0, 0.06), (900.0, 0.05)):
        a = strain * length / (2 * np.pi)
        p = chance.uniform(0, 2 * np.pi, 4)
        k = 2 * np.pi / length
        dx += a * np.sin(k * x + p[0]) + 0.6 * a * np.sin(k * y + p[1])
        dy += a * np.sin(k * y + p[2]) + 0.6 * a * np.sin(k * x + p[3])
    x, y = x + dx, y + dy
    return np.stack([x * np.cos(TURN) - y * np.sin(TURN), x * np.sin(TURN) + y * np.cos(TURN)], axis=-1)
