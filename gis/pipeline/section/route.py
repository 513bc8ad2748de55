"""The shortest way through a network, as the edges it takes. Pure: arrays in, places in those arrays out.

A way is a list of edges, never of nodes: between two wells there may be two pipes, and a list of nodes would
not say which was meant.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, isclose, sin, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]  # west, south, east, north
Place = tuple[float, float]  # easting, northing


@dataclass(frozen=True)
class Edges:
    """The segments of a network, shape (n,): ids, ids of their two points, lengths in metres."""

    ids: Ints
    start: Ints
    end: Ints
    length_m: Floats

    @property
    def nodes(self) -> Ints:
        """The points of all edges, each once, in order."""
        return np.unique(np.concatenate([self.start, self.end]))


@dataclass(frozen=True)
class Step:
    """One edge of a way, ``along`` its drawing or against it."""

    edge_id: int
    along: bool


@dataclass(frozen=True)
class Way:
    """Edges from the first point to the last, and their length together in metres."""

    steps: tuple[Step, ...]
    length_m: float


def shortest_way(edges: Edges, source: int, target: int) -> Way | None:
    """The shortest way between two points; None where the edges do not join them.

    Of parallel edges the shorter is taken; of two equally long ones, the one with the smaller id.
    """
    if source == target:
        return Way((), 0.0)
    nodes = edges.nodes
    first, last = np.searchsorted(nodes, [source, target])
    if first >= len(nodes) or last >= len(nodes) or nodes[first] != source or nodes[last] != target:
        return None
    graph = _Graph(edges, nodes)
    _, before = dijkstra(graph.matrix, directed=False, indices=first, return_predecessors=True)
    steps: list[Step] = []
    total = 0.0
    at = int(last)
    while at != first:
        previous = int(before[at])
        if previous < 0:
            return None
        edge = graph.edge_between(at, previous)
        steps.append(Step(int(edges.ids[edge]), bool(edges.start[edge] == nodes[previous])))
        total += float(edges.length_m[edge])
        at = previous
    return Way(tuple(reversed(steps)), total)


class _Graph:
    """The shortest edge between each two nodes, as a matrix, and which edge that is."""

    def __init__(self, edges: Edges, nodes: Ints) -> None:
        a, b = np.searchsorted(nodes, edges.start), np.searchsorted(nodes, edges.end)
        self._count = len(nodes)
        pairs = self._pair(np.minimum(a, b), np.maximum(a, b))
        order = np.lexsort((edges.ids, edges.length_m, pairs))
        self._pairs, first = np.unique(pairs[order], return_index=True)
        self._edges = order[first]
        low, high = np.divmod(self._pairs, self._count)
        # A sparse matrix takes a stored zero for no edge: an edge of no length still leads somewhere.
        weight = np.maximum(edges.length_m[self._edges], 1e-9)
        self.matrix = csr_array((weight, (low, high)), shape=(self._count, self._count))

    def _pair(self, low: Any, high: Any) -> Any:
        return low.astype(np.int64) * self._count + high

    def edge_between(self, a: int, b: int) -> int:
        """The index of the edge taken between two nodes that have one."""
        pair = self._pair(np.int64(min(a, b)), np.int64(max(a, b)))
        return int(self._edges[np.searchsorted(self._pairs, pair)])


def reached_from(edges: Edges, source: int) -> Ints:
    """The points that the edges join to one, itself among them."""
    nodes = edges.nodes
    at = int(np.searchsorted(nodes, source))
    if at >= len(nodes) or nodes[at] != source:
        return np.array([source], dtype=np.int64)
    _, piece = connected_components(_Graph(edges, nodes).matrix, directed=False)
    reached: Ints = nodes[piece == piece[at]]
    return reached


def box_of_shorter_ways(source: Place, target: Place, length_m: float) -> Box:
    """A box that holds every way between two places that is not longer than ``length_m``.

    All such ways lie in the ellipse whose foci are the two places and whose long axis is that length: a way
    found inside this box is the shortest of the whole city.
    """
    (x1, y1), (x2, y2) = source, target
    apart = hypot(x2 - x1, y2 - y1)
    if length_m < apart and not isclose(length_m, apart, rel_tol=1e-9):
        raise ValueError(f"no way of {length_m} m joins two places {apart} m apart")
    long, focal = max(length_m, apart) / 2, apart / 2
    short = sqrt(max(long**2 - focal**2, 0.0))
    turn = np.arctan2(y2 - y1, x2 - x1)
    wide = hypot(long * cos(turn), short * sin(turn))
    high = hypot(long * sin(turn), short * cos(turn))
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    return x - wide, y - high, x + wide, y + high


def holds(outer: Box, inner: Box) -> bool:
    """Whether a box lies within another."""
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


class NotAChain(ValueError):
    """Some segments are no chain; ``points`` are the ids of the points where that shows."""

    def __init__(self, reason: str, points: Sequence[int]) -> None:
        super().__init__(reason)
        self.reason = reason  # forks, ring, gaps
        self.points = list(points)


def chain(edges: Edges) -> Way:
    """Edges put in order end to end, from the end nearer to the first edge given.

    Raises
    ------
    NotAChain
        They fork, close to a ring, or leave gaps: no node may join more than two, exactly two join one.
    """
    ends: dict[int, list[int]] = {}
    for index, (a, b) in enumerate(zip(edges.start.tolist(), edges.end.tolist(), strict=True)):
        ends.setdefault(a, []).append(index)
        ends.setdefault(b, []).append(index)
    if forks := [node for node, meets in ends.items() if len(meets) > 2]:
        raise NotAChain("forks", forks)
    tips = [node for node, meets in ends.items() if len(meets) == 1]
    if not tips:
        raise NotAChain("ring", list(ends)[:1])
    if len(tips) > 2:
        raise NotAChain("gaps", tips)
    walks = [_walk(edges, ends, tip) for tip in tips]
    if len(walks[0].steps) < len(edges.ids):
        raise NotAChain("gaps", tips)  # what is left over is a ring apart
    places = [[step.edge_id for step in walk.steps].index(int(edges.ids[0])) for walk in walks]
    return walks[0] if places[0] <= places[1] else walks[1]


def _walk(edges: Edges, ends: dict[int, list[int]], tip: int) -> Way:
    steps: list[Step] = []
    total, node, last = 0.0, tip, -1
    while onward := [edge for edge in ends[node] if edge != last]:
        last = onward[0]
        along = int(edges.start[last]) == node
        steps.append(Step(int(edges.ids[last]), along))
        total += float(edges.length_m[last])
        node = int(edges.end[last] if along else edges.start[last])
        if len(steps) == len(edges.ids):
            break
    return Way(tuple(steps), total)
