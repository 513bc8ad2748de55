"""Who has which cells: streets, communities, duty grids and the numbers of unit grids."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from gis.grid.numbering import sequence_order
from gis.standard.grid_code import GridCode
from sample_data.divisions import Division, streets_of
from sample_data.geometry import Floats
from sample_data.ground import Ground
from sample_data.sizes import Size

Cells = NDArray[np.intp]


@dataclass(frozen=True)
class Partition:
    """The cells of the city in the order of their codes, and to whom each belongs.

    Attributes
    ----------
    cells : int array, shape (n, 2): column and row of each unit grid; its id is its index plus 1
    codes : 15 digit codes, ascending
    community, street, duty : int arrays, shape (n,): indexes into the lists of that name
    at : int array, shape (columns, rows): index of the unit grid, -1 outside the city
    """

    streets: list[Division]
    communities: list[Division]
    street_of_community: list[int]
    cells: Cells
    codes: list[str]
    community: NDArray[np.intp]
    street: NDArray[np.intp]
    duty: NDArray[np.intp]
    duty_codes: list[str]
    duty_street: list[int]
    area_m2: Floats
    at: NDArray[np.intp]


def make_partition(ground: Ground, size: Size, lines: tuple[Sequence[int], Sequence[int]]) -> Partition:
    """Divide the city; borders keep to ``lines`` (columns and rows of main roads) where they can."""
    tree = streets_of(size)
    owner = np.full(ground.inside.shape, -1)
    streets = [street for street, _inner in tree]
    communities = [row for _street, inner in tree for row in inner]
    street_of = [s for s, (_street, inner) in enumerate(tree) for _row in inner]
    first = np.concatenate([[0], np.cumsum([len(inner) for _street, inner in tree])])
    leaves = [(s, len(inner), (row.plan_x, row.plan_y)) for s, (row, inner) in enumerate(tree)]
    for s, cells in _divide(np.argwhere(ground.inside), leaves, lines):
        inner = [(int(first[s]) + k, 1, None) for k in range(len(tree[s][1]))]
        for community, part in _divide(cells, inner, lines):
            owner[part[:, 0], part[:, 1]] = community
    _keep_whole(owner, ground)
    return _number(ground, size, owner, streets, communities, street_of)


Leaf = tuple[int, int, tuple[float, float] | None]


def _divide(
    cells: Cells, leaves: Sequence[Leaf], lines: tuple[Sequence[int], Sequence[int]]
) -> list[tuple[int, Cells]]:
    """Cut cells across their longer side again and again until each leaf has its share."""
    if len(leaves) == 1:
        return [(leaves[0][0], cells)]
    spans = np.ptp(cells, axis=0)
    axis = 0 if spans[0] >= spans[1] else 1
    ordered = sorted(leaves, key=lambda leaf: leaf[2][axis]) if leaves[0][2] else leaves  # type: ignore[index]
    weights = np.cumsum([leaf[1] for leaf in ordered])
    half = int(np.argmin(np.abs(weights[:-1] - weights[-1] / 2))) + 1
    share = weights[half - 1] / weights[-1]
    order = np.lexsort((cells[:, 1 - axis], cells[:, axis]))
    cells = cells[order]
    cuts = np.nonzero(np.diff(cells[:, axis]))[0] + 1
    miss = np.abs(cuts / len(cells) - share)
    on_road = np.isin(cells[cuts, axis], lines[axis])
    near = miss < 0.12
    score = miss - 0.08 * (on_road & near)
    at = cuts[np.argmin(score)] if len(cuts) and miss.min() < 0.2 else round(share * len(cells))
    return _divide(cells[:at], ordered[:half], lines) + _divide(cells[at:], ordered[half:], lines)


def _keep_whole(owner: NDArray[np.intp], ground: Ground) -> None:
    """Cells cut off from the rest of their community leave the city: an outline has no islands."""
    for community in range(int(owner.max()) + 1):
        labels, count = ndimage.label(owner == community)
        if count > 1:
            largest = 1 + np.argmax(np.bincount(labels.ravel())[1:])
            lost = (labels > 0) & (labels != largest)
            owner[lost] = -1
            ground.inside[lost] = False
            ground.river[lost] = False


def _number(
    ground: Ground,
    size: Size,
    owner: NDArray[np.intp],
    streets: list[Division],
    communities: list[Division],
    street_of: list[int],
) -> Partition:
    parts, codes = [], []
    for index, community in enumerate(communities):
        cells = np.argwhere(owner == index)
        cells = cells[sequence_order(centroids(ground.corners(cells)))]
        parts.append(cells)
        codes += [str(GridCode.build(community.code, n)) for n in range(1, len(cells) + 1)]
    cells = np.concatenate(parts)
    community_of = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    street = np.asarray(street_of)[community_of]
    at = np.full(ground.inside.shape, -1)
    at[cells[:, 0], cells[:, 1]] = np.arange(len(cells))
    duty = np.zeros(len(cells), dtype=np.intp)
    duty_codes: list[str] = []
    duty_street: list[int] = []
    for s, row in enumerate(streets):
        mine = cells[street == s]
        count = max(1, round(len(mine) / size.grid_per_duty))
        leaves: list[Leaf] = [(k, 1, None) for k in range(count)]
        for k, part in _divide(mine, leaves, ((), ())):
            duty[at[part[:, 0], part[:, 1]]] = len(duty_codes) + k
        duty_codes += [f"{row.code}Z{k:03d}" for k in range(1, count + 1)]
        duty_street += [s] * count
    return Partition(
        streets, communities, street_of, cells, codes, community_of, street, duty, duty_codes, duty_street,
        areas(ground.corners(cells)), at,
    )  # fmt: skip


def areas(corners: Floats) -> Floats:
    """Area of polygons of one ring, shape (n, corners, 2), square metres to a tenth."""
    origin = corners[:, :1]
    local = corners - origin
    x, y = local[..., 0], local[..., 1]
    cross = x * np.roll(y, -1, axis=1) - np.roll(x, -1, axis=1) * y
    result: Floats = np.round(np.abs(cross.sum(axis=1)) / 2, 1)
    return result


def centroids(corners: Floats) -> Floats:
    """Centroids of polygons of one ring, shape (n, corners, 2)."""
    origin = corners[:, :1]
    local = corners - origin
    x, y = local[..., 0], local[..., 1]
    x2, y2 = np.roll(x, -1, axis=1), np.roll(y, -1, axis=1)
    cross = x * y2 - x2 * y
    twice = cross.sum(axis=1)
    cx, cy = ((x + x2) * cross).sum(axis=1) / (3 * twice), ((y + y2) * cross).sum(axis=1) / (3 * twice)
    result: Floats = np.stack([cx, cy], axis=1) + origin[:, 0]
    return result
