"""Ways through a network: shortest, by edges, proved by an ellipse; chains put in order. Pure."""

from math import hypot

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gis.pipeline.section.route import (
    Edges,
    NotAChain,
    box_of_shorter_ways,
    chain,
    holds,
    reached_from,
    shortest_way,
)


def edges(*rows: tuple[int, int, int, float]) -> Edges:
    """Edges from (id, start, end, metres)."""
    table = np.array(rows, dtype=float).reshape(len(rows), 4)
    ids, start, end = (table[:, n].astype(np.int64) for n in range(3))
    return Edges(ids, start, end, table[:, 3])


some_edges = st.lists(
    st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 40)).filter(lambda e: e[0] != e[1]),
    min_size=1,
    max_size=25,
).map(lambda rows: edges(*((n, a, b, metres / 4) for n, (a, b, metres) in enumerate(rows, start=1))))


@given(some_edges, st.integers(1, 9), st.integers(1, 9))
def test_the_way_is_as_short_as_networkx_finds_it_and_joins_end_to_end(
    network: Edges, source: int, target: int
) -> None:
    graph = nx.MultiGraph()
    rows = list(zip(network.ids, network.start, network.end, network.length_m, strict=True))
    graph.add_weighted_edges_from((int(a), int(b), float(metres)) for _, a, b, metres in rows)
    way = shortest_way(network, source, target)
    if source == target:
        assert way is not None
        assert way.steps == ()
        return
    if source not in graph or target not in graph or not nx.has_path(graph, source, target):
        assert way is None
        return
    assert way is not None
    assert way.length_m == pytest.approx(nx.shortest_path_length(graph, source, target, weight="weight"))
    ends = {int(i): (int(a), int(b), float(metres)) for i, a, b, metres in rows}
    at, total = source, 0.0
    for step in way.steps:
        start, end, metres = ends[step.edge_id]
        first, last = (start, end) if step.along else (end, start)
        assert first == at
        at, total = last, total + metres
    assert at == target
    assert total == pytest.approx(way.length_m)


def test_of_parallel_pipes_the_shorter_is_taken_and_named() -> None:
    network = edges((7, 1, 2, 12.0), (8, 2, 1, 10.0), (9, 2, 3, 5.0))
    way = shortest_way(network, 1, 3)
    assert way is not None
    assert [(step.edge_id, step.along) for step in way.steps] == [(8, False), (9, True)]
    assert way.length_m == 15.0


@given(some_edges, st.integers(1, 9))
def test_what_is_reached_is_the_connected_part(network: Edges, source: int) -> None:
    graph = nx.Graph()
    graph.add_node(source)
    graph.add_edges_from(zip(network.start.tolist(), network.end.tolist(), strict=True))
    assert set(reached_from(network, source).tolist()) == nx.node_connected_component(graph, source)


coordinate = st.floats(-1000, 1000, allow_nan=False)


@given(coordinate, coordinate, coordinate, coordinate, coordinate, coordinate, st.floats(1, 3))
def test_no_shorter_way_leaves_the_box(
    x1: float, y1: float, x2: float, y2: float, x: float, y: float, times: float
) -> None:
    """A way by a third place that is not longer than the length lies inside."""
    apart = hypot(x2 - x1, y2 - y1)
    assume(apart > 1)
    length = apart * times
    west, south, east, north = box_of_shorter_ways((x1, y1), (x2, y2), length)
    if hypot(x - x1, y - y1) + hypot(x2 - x, y2 - y) <= length:
        assert west - 1e-6 <= x <= east + 1e-6
        assert south - 1e-6 <= y <= north + 1e-6


def test_the_box_is_no_larger_than_it_must_be() -> None:
    # Foci (0, 0) and (6, 0), long axis 10: half axes 5 and 4, by hand.
    assert box_of_shorter_ways((0, 0), (6, 0), 10) == pytest.approx((-2, -4, 8, 4))
    assert holds((-2, -4, 8, 4), (-1, -3, 7, 3))
    assert not holds((-1, -3, 7, 3), (-2, -4, 8, 4))


def test_a_way_shorter_than_the_distance_is_none() -> None:
    with pytest.raises(ValueError, match="apart"):
        box_of_shorter_ways((0, 0), (6, 0), 5)


def test_a_chain_is_put_in_order_from_the_end_nearer_to_what_was_named_first() -> None:
    network = edges((5, 30, 40, 4.0), (4, 20, 30, 3.0), (3, 20, 10, 2.0))
    way = chain(network)
    assert [(step.edge_id, step.along) for step in way.steps] == [(5, False), (4, False), (3, True)]
    assert way.length_m == 9.0


@pytest.mark.parametrize(
    ("network", "reason", "points"),
    [
        (edges((1, 1, 2, 1), (2, 2, 3, 1), (3, 2, 4, 1)), "forks", [2]),
        (edges((1, 1, 2, 1), (2, 2, 3, 1), (3, 3, 1, 1)), "ring", [1]),
        (edges((1, 1, 2, 1), (2, 3, 4, 1)), "gaps", [1, 2, 3, 4]),
        (edges((1, 1, 2, 1), (2, 3, 4, 1), (3, 4, 5, 1), (4, 5, 3, 1)), "gaps", [1, 2]),
        (edges((1, 1, 2, 1), (2, 1, 2, 1)), "ring", [1]),
    ],
)
def test_what_is_no_chain_says_where(network: Edges, reason: str, points: list[int]) -> None:
    with pytest.raises(NotAChain) as refused:
        chain(network)
    assert (refused.value.reason, refused.value.points) == (reason, points)
