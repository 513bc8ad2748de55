"""Buildings: rows of houses and blocks inside the cells, set back from the roads."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sample_data.chance import stream
from sample_data.geometry import Floats
from sample_data.ground import Ground
from sample_data.partition import Partition
from sample_data.roads import GRADES, Network

SETBACK_M = 5.0
USES = ("residential", "commercial", "public", "industrial")
LAND_USE = {"residential": "居住", "commercial": "商业", "public": "公共", "industrial": "工业",
            "park": "绿地", "river": "水域", "farm": "村镇"}  # fmt: skip
_HALF_WIDTH = np.array([grade.width_m / 2 for grade in GRADES])


@dataclass(frozen=True)
class Buildings:
    """One entry a building; ``cell`` indexes unit grids, ``road`` roads (-1: none near)."""

    cell: NDArray[np.intp]
    use: list[str]
    floors: NDArray[np.intp]
    road: NDArray[np.intp]
    number: NDArray[np.intp]
    corners: Floats


def land_uses(ground: Ground, partition: Partition, network: Network, seed: int) -> list[str]:
    """What each unit grid is used for; whole blocks between main roads are alike."""
    chance = stream(seed, "land use")
    i, j = partition.cells[:, 0], partition.cells[:, 1]
    block_i, block_j = np.searchsorted(network.columns, i, "right"), np.searchsorted(network.rows, j, "right")
    draws = chance.random((len(network.columns) + 1, len(network.rows) + 1))[block_i, block_j]
    own = chance.random(len(i))
    middle = np.hypot(i / ground.columns - 0.5, j / ground.rows - 0.5)
    uses = []
    for draw, single, distance, wet, street in zip(
        draws, own, middle, ground.river[i, j], partition.street, strict=True
    ):
        rural = "100" <= partition.streets[street].code[6:] < "400"
        if wet:
            uses.append("river")
        elif rural:
            uses.append("farm" if single < 0.8 else "residential")
        elif draw < 0.06:
            uses.append("park")
        elif draw < 0.16 - 0.2 * distance or single < 0.06:
            uses.append("commercial")
        elif draw > 0.93 or single > 0.96:
            uses.append("public")
        elif draw > 0.82 and distance > 0.3:
            uses.append("industrial")
        else:
            uses.append("residential")
    return uses


def make_buildings(
    ground: Ground, partition: Partition, network: Network, uses: list[str], seed: int
) -> Buildings:
    """Fill the cells: slabs in rows where people live, larger blocks elsewhere."""
    chance = stream(seed, "buildings")
    cells = partition.cells
    margins = _margins(network, cells)
    road, position, side = nearest_roads(network, cells)
    use = np.asarray(uses)
    slabs = {"residential": 3, "commercial": 1, "public": 1, "industrial": 2, "farm": 4}
    parts: list[tuple[NDArray[np.intp], Floats, Floats, Floats, Floats]] = []
    for name, count in slabs.items():
        mine = np.nonzero(use == name)[0]
        west, east, south, north = margins[mine].T
        for k in range(count):
            keep = chance.random(len(mine)) < {"farm": 0.35, "residential": 0.92}.get(name, 0.85)
            depth = (1 - south - north) / count
            gap = 0.35 * depth if count > 1 else 0.08
            v0 = south + k * depth + gap * chance.uniform(0.4, 0.6, len(mine))
            v1 = v0 + (depth - gap) * (0.45 if name == "farm" else 1)
            width = 1 - west - east
            u0 = west + width * chance.uniform(0, 0.18, len(mine))
            u1 = 1 - east - width * chance.uniform(0, 0.18, len(mine))
            if name == "farm":
                u1 = u0 + (u1 - u0) * chance.uniform(0.2, 0.4, len(mine))
            parts.append((mine[keep], u0[keep], u1[keep], v0[keep], v1[keep]))
    cell = np.concatenate([part[0] for part in parts])
    u0, u1, v0, v1 = (np.concatenate([part[n] for part in parts]) for n in range(1, 5))
    order = np.lexsort((u0, v0, cell))
    cell, u0, u1, v0, v1 = cell[order], u0[order], u1[order], v0[order], v1[order]
    spots = cells[cell]
    corners = np.stack(
        [ground.place(spots, u, v) for u, v in ((u0, v0), (u1, v0), (u1, v1), (u0, v1))], axis=1
    )
    kind = [USES[0] if uses[c] == "farm" else uses[c] for c in cell]
    floors = _floors([uses[c] for c in cell], ground, spots, chance)
    rank = np.arange(len(cell)) - np.searchsorted(cell, cell)
    number = 2 * (5 * position[cell] + rank) + 1 + side[cell]
    return Buildings(cell, kind, floors, road[cell], number, corners)


def _margins(network: Network, cells: NDArray[np.intp]) -> Floats:
    """Shares of the cell to leave free at its west, east, south and north side, shape (n, 4)."""
    i, j = cells[:, 0], cells[:, 1]
    east_edges, north_edges = network.grade
    grades = np.stack(
        [north_edges[i, j], north_edges[i + 1, j], east_edges[i, j], east_edges[i, j + 1]], axis=1
    )
    return (_HALF_WIDTH[grades] + SETBACK_M) / 90.0  # cells are at least some 80 m wide


def nearest_roads(
    network: Network, cells: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Road nearest to each cell (-1: none within six cells), how far along its line, on which side."""
    i, j = cells[:, 0], cells[:, 1]
    east, north = network.road
    columns, rows = east.shape
    road = np.full(len(cells), -1)
    position, side = np.zeros(len(cells), dtype=np.intp), np.zeros(len(cells), dtype=np.intp)
    for distance in range(6):
        looks = (
            (east[i, np.maximum(j - distance, 0)], i, 0),
            (east[i, np.minimum(j + 1 + distance, rows - 1)], i, 1),
            (north[np.maximum(i - distance, 0), j], j, 0),
            (north[np.minimum(i + 1 + distance, columns - 1), j], j, 1),
        )
        for found, along, which in looks:
            take = (road < 0) & (found >= 0)
            road[take], position[take], side[take] = found[take], along[take], which
    return road, position, side


def _floors(
    uses: list[str], ground: Ground, spots: NDArray[np.intp], chance: np.random.Generator
) -> NDArray[np.intp]:
    middle = np.hypot(spots[:, 0] / ground.columns - 0.5, spots[:, 1] / ground.rows - 0.5)
    low = np.array([{"farm": 1, "industrial": 1, "public": 3}.get(use, 4) for use in uses])
    span = np.array([{"farm": 1, "industrial": 2, "public": 6, "commercial": 18}.get(use, 8) for use in uses])
    tall = (chance.random(len(uses)) < 0.15) & (low == 4)
    floors = low + np.floor(chance.random(len(uses)) * span * (1.2 - middle)).astype(np.intp)
    result: NDArray[np.intp] = np.where(tall, np.maximum(floors, 18 + (floors % 9)), floors)
    return result
