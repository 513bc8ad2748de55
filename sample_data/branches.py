"""Short lines beside the mains: to houses and grates, and from the storm sewers into the river."""

import numpy as np

from sample_data.drainage import Drains
from sample_data.geometry import Floats, millimetres
from sample_data.ground import Ground
from sample_data.lanes import Connection, Lane
from sample_data.lines import Bools, Ints, Lines, Stretches, place_beside
from sample_data.pipe_rows import Pipes, append
from sample_data.roads import GRADES


def connected(
    connection: Connection, stretches: Stretches, built: Bools, survey: int, chance: np.random.Generator
) -> Ints:
    """Stretches along which something is connected."""
    draw = chance.random(len(stretches.a)) < connection.likelihood[survey]
    if not connection.needs_building:
        return np.nonzero(draw)[0]
    cell = stretches.a.copy()
    if connection.side < 0:
        cell[stretches.axis == 0, 1] -= 1
        cell[stretches.axis == 1, 0] -= 1
    return np.nonzero(draw & built[cell[:, 0], cell[:, 1]])[0]


def with_connections(
    pipes: Pipes,
    connection: Connection,
    lane: Lane,
    stretches: Stretches,
    lines: Lines,
    tees: Ints,
    ground: Ground,
) -> Pipes:
    keep = pipes.point_sub[tees] != "SS"
    tees = tees[keep]
    stretch = lines.point_stretch[tees]
    reach = np.array([connection.reach(grade) if grade.name else 0.0 for grade in GRADES])
    offset = connection.side * reach[stretches.grade[stretch]]
    xy = place_beside(ground, stretches, stretch, lines.point_share[tees], offset)
    level = ground.levels(xy)
    far = millimetres(level - connection.depth_m)
    width = np.full(len(tees), connection.size)
    if lane.class_code != "PS":
        depth = np.round(pipes.ground[tees] - _top_at(pipes, tees), 2)
        main = millimetres(pipes.ground[tees] - depth)
    elif lane.name == "storm":
        main = millimetres(pipes.ground[tees] - 1.45)  # above gas, heat and water, then down the well
    else:
        bottom = _top_at(pipes, tees)
        main = millimetres(bottom + 0.1)
    into_main = lane.class_code == "PS"
    return append(
        pipes, tees, xy, connection.point, level, lines.near[tees], (main, far), width, not into_main,
        np.full(len(tees), True),
    )  # fmt: skip


def with_outfalls(pipes: Pipes, lines: Lines, drains: Drains, stretches: Stretches, ground: Ground) -> Pipes:
    """Where a storm sewer reaches the bank, a last pipe leads it into the river."""
    points = {
        (int(i), int(j)): n
        for n, ((i, j), stretch) in enumerate(zip(lines.near, lines.point_stretch, strict=True))
        if stretch < 0
    }
    rows = []
    for root in drains.roots:
        i, j = (int(v) for v in stretches.vertices[root])
        wet = [
            (x, y)
            for x, y in ((i, j - 1), (i - 1, j - 1), (i, j), (i - 1, j))
            if 0 <= x < ground.columns and 0 <= y < ground.rows and ground.river[x, y]
        ]
        if wet and (i, j) in points:
            cell = np.array([wet[0]])
            middle = ground.place(cell, np.array([0.5]), np.array([0.6]))[0]
            rows.append(
                (points[i, j], middle, wet[0], drains.vertex_level[root], drains.vertex_width_mm[root])
            )
    if not rows:
        for root in drains.roots:
            key = (int(stretches.vertices[root, 0]), int(stretches.vertices[root, 1]))
            if key in points:
                pipes.kind[points[key]] = "water_outlet"
        return pipes
    at = np.array([row[0] for row in rows])
    xy = millimetres(pipes.xy[at] + (np.array([row[1] for row in rows]) - pipes.xy[at]) * 0.8)
    width = np.array([row[4] for row in rows])
    start_level = millimetres([row[3] for row in rows])
    length = np.hypot(*(xy - pipes.xy[at]).T)
    end_level = millimetres(start_level - 0.003 * length)
    bank = millimetres(end_level + width / 1000 + 1.0)  # the top of the bank above the mouth
    return append(
        pipes, at, xy, "water_outlet", bank, np.array([row[2] for row in rows]),
        (start_level, end_level), width, True, np.full(len(at), False),
    )  # fmt: skip


def _top_at(pipes: Pipes, points: Ints) -> Floats:
    """The lowest surveyed level of the segments that meet at points."""
    lowest = np.full(len(pipes.xy), np.inf)
    np.minimum.at(lowest, pipes.start, pipes.start_level)
    np.minimum.at(lowest, pipes.end, pipes.end_level)
    result: Floats = lowest[points]
    return result
