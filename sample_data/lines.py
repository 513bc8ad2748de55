"""From lanes to lines: the points of one utility along the roads, and what joins them. Levels come later."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sample_data.geometry import Floats, millimetres
from sample_data.ground import Ground
from sample_data.lanes import Lane
from sample_data.roads import GRADES, Network

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]
VALVE_SHARE = 0.31  # of a stretch: past the widest junction


@dataclass(frozen=True)
class Stretches:
    """Lattice edges that carry a lane; from vertex ``a`` to ``b``, some hundred metres apart.

    Attributes
    ----------
    axis, grade, road : shape (n,)
    a, b : shape (n, 2), lattice vertices; ``vertex_a``, ``vertex_b`` index ``vertices``
    vertices : shape (m, 2); ``degree`` how many stretches meet there; ``junction``: from both directions
    """

    axis: Ints
    grade: Ints
    road: Ints
    a: Ints
    b: Ints
    vertex_a: Ints
    vertex_b: Ints
    vertices: Ints
    degree: Ints
    junction: Bools


@dataclass
class Lines:
    """Points and segments of one lane, numbered from 0.

    Attributes
    ----------
    xy : shape (p, 2); ``kind``: codes of point kinds; ``near``: the lattice vertex or edge start beside it
    start, end : shape (s,), indexes of points; ``stretch``: which stretch each segment lies on
    share_start, share_end : shape (s,): where on the stretch
    """

    xy: Floats
    kind: NDArray[np.object_]
    near: Ints
    point_road: Ints
    start: Ints
    end: Ints
    stretch: Ints
    share_start: Floats
    share_end: Floats
    point_share: Floats
    point_stretch: Ints  # -1 for vertices


def stretches_of(network: Network, served: tuple[Bools, Bools], lane: Lane) -> Stretches:
    """The stretches of road that carry a lane, eastward ones first."""
    return stretches_where(
        network,
        (
            served[0] & (network.grade[0] >= lane.least_grade) & (0 in lane.axes),
            served[1] & (network.grade[1] >= lane.least_grade) & (1 in lane.axes),
        ),
    )


def all_stretches(network: Network) -> Stretches:
    """All stretches of road."""
    return stretches_where(network, (network.grade[0] > 0, network.grade[1] > 0))


def stretches_where(network: Network, has: tuple[Bools, Bools]) -> Stretches:
    """The lattice edges that are marked, eastward ones first."""
    parts = [np.argwhere(here) for here in has]
    axis = np.repeat([0, 1], [len(part) for part in parts])
    a = np.concatenate(parts)
    b = a + np.stack([axis == 0, axis == 1], axis=1)
    grade = np.concatenate([network.grade[k][tuple(parts[k].T)] for k in (0, 1)])
    road = np.concatenate([network.road[k][tuple(parts[k].T)] for k in (0, 1)])
    touched = np.zeros((2, *has[0].shape), dtype=np.intp)
    for k in (0, 1):
        np.add.at(touched[k], tuple(parts[k].T), 1)
        np.add.at(touched[k], tuple(b[axis == k].T), 1)
    both = touched.sum(axis=0)
    vertices = np.argwhere(both)
    index = np.full(both.shape, -1)
    index[tuple(vertices.T)] = np.arange(len(vertices))
    return Stretches(
        axis, grade, road, a, b, index[tuple(a.T)], index[tuple(b.T)], vertices,
        both[tuple(vertices.T)], (touched[0] * touched[1] > 0)[tuple(vertices.T)],
    )  # fmt: skip


def normals(ground: Ground) -> tuple[Floats, Floats]:
    """At each vertex the unit vectors across an eastward road (northward) and across a northward one."""
    v = ground.vertices
    east = np.gradient(v, axis=0)
    north = np.gradient(v, axis=1)
    across_east = np.stack([-east[..., 1], east[..., 0]], axis=-1)
    across_north = np.stack([north[..., 1], -north[..., 0]], axis=-1)
    return (
        across_east / np.linalg.norm(across_east, axis=-1, keepdims=True),
        across_north / np.linalg.norm(across_north, axis=-1, keepdims=True),
    )


def offsets(lane: Lane) -> Floats:
    """Offset of a lane by grade of road."""
    return np.array([lane.offset(grade) if grade.name else 0.0 for grade in GRADES])


def place_beside(ground: Ground, stretches: Stretches, which: Ints, share: Floats, offset: Floats) -> Floats:
    """Places at a share of stretches, so far across from the centre line; shape (n, 2)."""
    a, b = stretches.a[which], stretches.b[which]
    axis = stretches.axis[which]
    across = np.stack(normals(ground))
    start = ground.vertices[tuple(a.T)] + offset[:, None] * across[axis, a[:, 0], a[:, 1]]
    end = ground.vertices[tuple(b.T)] + offset[:, None] * across[axis, b[:, 0], b[:, 1]]
    return millimetres(start + (end - start) * share[:, None])


def make_lines(
    ground: Ground,
    stretches: Stretches,
    lane: Lane,
    survey: int,
    cut: tuple[Bools, Bools],
    extra: tuple[Ints, Floats, str],
) -> Lines:
    """Lay a lane: points at vertices, stations, valves and tees, and segments between neighbours.

    ``cut``: stretches whose first or last piece is left out; ``extra``: stretches, shares and the kind of
    further points, from which connections leave.
    """
    count = len(stretches.a)
    by_grade = offsets(lane)
    vertex_xy = vertex_places(ground, stretches, by_grade)
    which, share, kind = _stations(stretches, lane, survey, by_grade)
    which, share = np.concatenate([which, extra[0]]), np.concatenate([share, extra[1]])
    kind = np.concatenate([kind, np.full(len(extra[0]), extra[2], dtype=object)])
    station_xy = place_beside(ground, stretches, which, share, by_grade[stretches.grade[which]])
    m = len(stretches.vertices)
    every = np.arange(count)
    seq_stretch = np.concatenate([every[~cut[0]], which, every[~cut[1]]])
    seq_share = np.concatenate([np.zeros((~cut[0]).sum()), share, np.ones((~cut[1]).sum())])
    seq_point = np.concatenate(
        [stretches.vertex_a[~cut[0]], m + np.arange(len(which)), stretches.vertex_b[~cut[1]]]
    )
    order = np.lexsort((seq_share, seq_stretch))
    seq_stretch, seq_share, seq_point = seq_stretch[order], seq_share[order], seq_point[order]
    joined = seq_stretch[1:] == seq_stretch[:-1]
    start, end = seq_point[:-1][joined], seq_point[1:][joined]
    lines = Lines(
        xy=np.concatenate([vertex_xy, station_xy]),
        kind=np.concatenate([_vertex_kinds(stretches, lane), kind]),
        near=np.concatenate([stretches.vertices, stretches.a[which]]),
        point_road=np.concatenate([_vertex_roads(stretches), stretches.road[which]]),
        start=start,
        end=end,
        stretch=seq_stretch[1:][joined],
        share_start=seq_share[:-1][joined],
        share_end=seq_share[1:][joined],
        point_share=np.concatenate([np.zeros(m), share]),
        point_stretch=np.concatenate([np.full(m, -1), which]),
    )
    return _without_lonely(lines)


def vertex_places(ground: Ground, stretches: Stretches, by_grade: Floats) -> Floats:
    """Where a lane passes each vertex: where two roads cross, their two lanes meet in one point."""
    shift = np.zeros((len(stretches.vertices), 2))
    across = normals(ground)
    at = tuple(stretches.vertices.T)
    for axis in (0, 1):
        grade = np.zeros(len(stretches.vertices), dtype=np.intp)
        mine = stretches.axis == axis
        for end in (stretches.vertex_a, stretches.vertex_b):
            np.maximum.at(grade, end[mine], stretches.grade[mine])
        shift += by_grade[grade][:, None] * across[axis][at]
    return millimetres(ground.vertices[at] + shift)


def _stations(
    stretches: Stretches, lane: Lane, survey: int, by_grade: Floats
) -> tuple[Ints, Floats, NDArray[np.object_]]:
    blocked_a, blocked_b = stretches.junction[stretches.vertex_a], stretches.junction[stretches.vertex_b]
    # Beside a junction the line bends to the point where it meets the crossing road's.
    clear = (np.abs(by_grade).max() + 4.0) / 80.0
    parts = []
    for at, what in lane.stations[survey]:
        keep = (~blocked_a | (at >= clear)) & (~blocked_b | (at <= 1 - clear))
        parts.append((np.nonzero(keep)[0], at, what))
    if lane.valves:
        parts.append((np.nonzero(blocked_a)[0], VALVE_SHARE, lane.valves))
        parts.append((np.nonzero(blocked_b)[0], 1 - VALVE_SHARE, lane.valves))
    if not parts:
        return np.empty(0, dtype=np.intp), np.empty(0), np.empty(0, dtype=object)
    which = np.concatenate([part[0] for part in parts])
    share = np.concatenate([np.full(len(part[0]), part[1]) for part in parts])
    kind = np.concatenate([np.full(len(part[0]), part[2], dtype=object) for part in parts])
    return which, share, kind


def _vertex_kinds(stretches: Stretches, lane: Lane) -> NDArray[np.object_]:
    kinds = np.full(len(stretches.vertices), lane.joint, dtype=object)
    if lane.joint == "tee":
        kinds[stretches.degree == 2] = "turning_point"
        kinds[stretches.degree == 4] = "cross"
    kinds[stretches.degree == 1] = lane.end
    return kinds


def _vertex_roads(stretches: Stretches) -> Ints:
    road = np.full(len(stretches.vertices), -1)
    for end in (stretches.vertex_b, stretches.vertex_a):
        road[end] = stretches.road
    return road


def _without_lonely(lines: Lines) -> Lines:
    """Leave out points that no segment reaches."""
    used = np.zeros(len(lines.xy), dtype=bool)
    used[lines.start] = used[lines.end] = True
    number = np.cumsum(used) - 1
    return Lines(
        lines.xy[used], lines.kind[used], lines.near[used], lines.point_road[used],
        number[lines.start], number[lines.end], lines.stretch, lines.share_start, lines.share_end,
        lines.point_share[used], lines.point_stretch[used],
    )  # fmt: skip
