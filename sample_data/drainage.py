"""Gravity lines: which way each reach falls, how wide it is, how deep it lies.

Water seeks the nearest outfall along the roads and shuns flat and rising land; what each road carries flows
together in a forest, wider downstream. Inverts follow from the top down: each reach falls by at least what
its width needs, each keeps its soil above, and pipes of two widths meet crown to crown.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from sample_data.geometry import Floats
from sample_data.lines import Bools, Ints, Stretches

DIGGING_COSTS_M = 20_000.0  # a detour of so many metres rather than one metre deeper
WANTED_SLOPE = 0.002
JUNCTION_SLACK_M = 0.25  # foul below storm, where the two cross


@dataclass(frozen=True)
class Sewer:
    """A kind of gravity line: widths in mm, each up to so many metres of drained street."""

    widths: tuple[tuple[int, float], ...]


STORM = Sewer(((400, 250), (500, 600), (600, 1200), (800, 2500), (1000, 5000), (1200, 10000), (1500, 1e9)))
FOUL = Sewer(((300, 1500), (400, 4000), (500, 9000), (600, 20000), (800, 1e9)))


@dataclass(frozen=True)
class Drains:
    """Levels of inside bottoms, metres.

    Attributes
    ----------
    vertex_level : shape (m,), where the outgoing pipe leaves each vertex
    level_a, level_b : shape (n,), at both ends of each stretch; water flows to the lower
    width_mm : shape (n,)
    cut_a, cut_b : shape (n,): a head, where the line begins inside the stretch
    roots : vertices where the water leaves; vertex_width_mm: of the pipe that leaves each vertex
    """

    vertex_level: Floats
    level_a: Floats
    level_b: Floats
    width_mm: Ints
    cut_a: Bools
    cut_b: Bools
    roots: Ints
    vertex_width_mm: Ints


def least_slope(width_mm: Ints) -> Floats:
    """The slope a pipe needs to keep itself clean; the order of GB 50014, ours."""
    return np.select([width_mm <= 400, width_mm <= 800], [0.002, 0.0015], 0.001)


def drain(
    stretches: Stretches,
    xy: Floats,
    ground: Floats,
    at_river: Bools,
    sewer: Sewer,
    cover_m: float,
    ceiling: Floats,
) -> Drains:
    """Find the forest, widths and levels.

    ``xy``, ``ground``, ``at_river``, ``ceiling`` belong to the vertices; no crown may rise above ``ceiling``.
    """
    a, b = stretches.vertex_a, stretches.vertex_b
    length = np.hypot(*(xy[a] - xy[b]).T)
    roots = _roots(len(xy), a, b, ground, at_river)
    distance, parent = _forest(len(xy), a, b, length, ground, roots)
    order = np.lexsort((np.arange(len(xy)), distance))[::-1]
    to_b, to_a = parent[a] == b, parent[b] == a
    to_a &= ~to_b
    head = ~to_a & ~to_b
    low_is_b = ground[b] <= ground[a]
    load = np.zeros(len(xy))
    np.add.at(load, np.where(low_is_b, b, a)[head], length[head])
    out = np.zeros(len(xy))
    out[np.where(to_b, a, b)[~head]] = length[~head]
    for u in order:
        load[u] += out[u]
        if parent[u] >= 0:
            load[parent[u]] += load[u]
    widths = np.array([width for width, _up_to in sewer.widths])
    width = widths[np.searchsorted([up_to for _width, up_to in sewer.widths], load)]
    level = _levels(order, parent, out, width, ground, cover_m, ceiling)
    least = widths[0]
    reach_width = np.where(head, least, np.where(to_b, width[a], width[b]))
    # Crown to crown: a narrower pipe arrives above the bottom of the wider one.
    arrive_a, arrive_b = (
        level[a] + (width[a] - reach_width) / 1000,
        level[b] + (width[b] - reach_width) / 1000,
    )
    low = np.where(low_is_b, arrive_b, arrive_a)
    top = np.where(low_is_b, ground[a], ground[b]) - cover_m - least / 1000
    high = np.maximum(top, low + least_slope(reach_width) * length)
    level_a = np.where(head, np.where(low_is_b, high, low), np.where(to_b, level[a], arrive_a))
    level_b = np.where(head, np.where(low_is_b, low, high), np.where(to_b, arrive_b, level[b]))
    return Drains(
        level, level_a, level_b, reach_width, head & low_is_b, head & ~low_is_b, roots, width
    )  # fmt: skip


def _roots(count: int, a: Ints, b: Ints, ground: Floats, at_river: Bools) -> Ints:
    """Where the water leaves: beside the river, and at low dead ends; else the lowest vertex of a network."""
    degree = np.bincount(np.concatenate([a, b]), minlength=count)
    neighbour = np.full(count, -np.inf)
    np.maximum.at(neighbour, a, ground[b])
    np.maximum.at(neighbour, b, ground[a])
    leaves = at_river | ((degree == 1) & (ground < neighbour))
    links = coo_matrix((np.ones(len(a)), (a, b)), shape=(count, count))
    number, label = connected_components(links, directed=False)
    chosen: list[int] = []
    for part in range(number):
        mine = np.nonzero(label == part)[0]
        chosen += mine[leaves[mine]].tolist() or [int(mine[np.argmin(ground[mine])])]
    return np.array(sorted(chosen), dtype=np.intp)


def _forest(
    count: int, a: Ints, b: Ints, length: Floats, ground: Floats, roots: Ints
) -> tuple[Floats, NDArray[np.intp]]:
    """Distance to the outfall and the vertex each drains to, -1 at an outfall."""
    drop = ground[a] - ground[b]
    # How much deeper the line lies for it, where the land falls too little from a to b, from b to a.
    forth = np.maximum(WANTED_SLOPE * length - drop, 0.0) * DIGGING_COSTS_M
    back = np.maximum(WANTED_SLOPE * length + drop, 0.0) * DIGGING_COSTS_M
    # The search starts at the outfalls and runs against the flow.
    costs = np.concatenate([length + forth, length + back])
    graph = coo_matrix(
        (costs, (np.concatenate([b, a]), np.concatenate([a, b]))), shape=(count, count)
    ).tocsr()
    distance, parent, _source = dijkstra(graph, indices=roots, min_only=True, return_predecessors=True)
    return distance, np.where(parent < 0, -1, parent).astype(np.intp)


def _levels(
    order: Ints, parent: Ints, out: Floats, width: Ints, ground: Floats, cover_m: float, ceiling: Floats
) -> Floats:
    level = np.minimum(ground - cover_m, ceiling) - width / 1000
    slope = least_slope(width)
    for u in order:  # from the furthest down to the outfalls
        p = parent[u]
        if p >= 0:
            arrives = level[u] - slope[u] * out[u] - max(width[p] - width[u], 0) / 1000
            level[p] = min(level[p], arrives)
    result: Floats = level
    return result
