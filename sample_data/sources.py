"""Where networks are fed from."""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from sample_data.lanes import Lane
from sample_data.lines import Lines, Stretches
from sample_data.pipe_rows import Pipes


def feed(lane: Lane, stretches: Stretches, lines: Lines, pipes: Pipes) -> None:
    """Give each connected part of a network its source: at its highest dead ends, where there are any."""
    if lane.class_code == "PS":
        return
    count = len(lines.xy)
    links = coo_matrix((np.ones(len(lines.start)), (lines.start, lines.end)), shape=(count, count))
    parts, label = connected_components(links, directed=False)
    degree = np.bincount(np.concatenate([lines.start, lines.end]), minlength=count)
    loose = (degree == 1) & (lines.point_stretch < 0) if lane.crosses else degree == 1
    sources: list[int] = []
    order = np.lexsort((np.arange(count), -pipes.ground, ~loose, label))
    bounds = np.searchsorted(label[order], np.arange(parts + 1))
    for k in range(parts):
        mine = order[bounds[k] : bounds[k + 1]]
        wanted = 1 + len(mine) // 2500 if lane.crosses else 1
        sources += mine[:wanted].tolist()
    pipes.kind[sources] = lane.source
    if lane.name == "water":
        _transmit(stretches, lines, pipes, sources)


def _transmit(stretches: Stretches, lines: Lines, pipes: Pipes, sources: list[int]) -> None:
    """From a pumping station at a dead end to the first junction runs a transmission main (SS)."""
    at_vertex: dict[int, list[int]] = {}
    for stretch, (a, b) in enumerate(zip(stretches.vertex_a, stretches.vertex_b, strict=True)):
        at_vertex.setdefault(int(a), []).append(stretch)
        at_vertex.setdefault(int(b), []).append(stretch)
    places = {(int(i), int(j)): n for n, (i, j) in enumerate(stretches.vertices)}
    trunk: set[int] = set()
    for source in sources:
        vertex = places[int(lines.near[source, 0]), int(lines.near[source, 1])]
        while not stretches.junction[vertex]:
            onward = [s for s in at_vertex[vertex] if s not in trunk]
            if not onward:
                break
            trunk.add(onward[0])
            a, b = int(stretches.vertex_a[onward[0]]), int(stretches.vertex_b[onward[0]])
            vertex = b if vertex == a else a
    mine = np.isin(lines.stretch, sorted(trunk))
    pipes.sub[mine] = "SS"
    points = np.unique(np.concatenate([lines.start[mine], lines.end[mine]]))
    pipes.kind[points[pipes.kind[points] == "fire_hydrant"]] = "blow_off_valve"
    inner = points[~np.isin(points, np.concatenate([lines.start[~mine], lines.end[~mine]]))]
    pipes.point_sub[inner] = "SS"
