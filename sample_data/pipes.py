"""All pipes of the sample city: lanes laid along the roads, levels, sizes, connections, sources."""

import numpy as np

from sample_data.branches import connected, with_connections, with_outfalls
from sample_data.chance import stream
from sample_data.divisions import is_rural
from sample_data.drainage import FOUL, JUNCTION_SLACK_M, STORM, Drains, drain
from sample_data.geometry import millimetres
from sample_data.ground import Ground
from sample_data.lanes import CONNECTIONS, GRADE_OF_TELEPHONE, LANES, Lane
from sample_data.lines import (
    Bools,
    Lines,
    Stretches,
    make_lines,
    offsets,
    stretches_of,
    vertex_places,
)
from sample_data.partition import Partition
from sample_data.pipe_rows import Pipes, together
from sample_data.roads import BRANCH, Network, ages
from sample_data.sizes import Size
from sample_data.sources import feed

SURVEYS = {"small": 0, "city": 1, "large": 2}
_MARK = "@"  # where a connection leaves, until the point gets its own kind


def served_roads(ground: Ground, partition: Partition, network: Network, size: Size) -> tuple[Bools, Bools]:
    """Lattice edges whose pipes have been surveyed: main roads of the streets; in a large city all roads."""
    surveyed = np.zeros((ground.columns + 2, ground.rows + 2), dtype=bool)
    rural = np.array([is_rural(street.code) for street in partition.streets])
    cells = partition.cells[~rural[partition.street] | size.branches]
    surveyed[cells[:, 0] + 1, cells[:, 1] + 1] = True
    here = surveyed[1:, 1:]
    below, left = surveyed[1:, :-1], surveyed[:-1, 1:]
    least = BRANCH if size.branches else BRANCH + 1
    return (
        (network.grade[0] >= least) & here & below,
        (network.grade[1] >= least) & here & left,
    )


def make_pipes(
    ground: Ground, partition: Partition, network: Network, built: Bools, size: Size, seed: int
) -> Pipes:
    """Lay all lanes. ``built``, shape (columns, rows): cells with buildings to connect."""
    served = served_roads(ground, partition, network, size)
    parts: list[Pipes] = []
    storm_floor: dict[tuple[int, int], float] = {}
    for number, lane in enumerate(LANES):
        stretches = stretches_of(network, served, lane)
        parts.append(_lay(number, lane, stretches, ground, built, size, seed, storm_floor))
    return together(parts)


def _lay(
    number: int,
    lane: Lane,
    stretches: Stretches,
    ground: Ground,
    built: Bools,
    size: Size,
    seed: int,
    storm_floor: dict[tuple[int, int], float],
) -> Pipes:
    chance = stream(seed, f"lane {lane.name}")
    survey = SURVEYS[size.name]
    drains = None
    cut = (np.zeros(len(stretches.a), dtype=bool), np.zeros(len(stretches.a), dtype=bool))
    if lane.class_code == "PS":
        drains = _drain(lane, stretches, ground, storm_floor)
        cut = (drains.cut_a, drains.cut_b)
    elif not lane.crosses:
        cut = (stretches.junction[stretches.vertex_a], stretches.junction[stretches.vertex_b])
    connection = next((c for c in CONNECTIONS if c.lane == lane.name), None)
    tees, shares = np.empty(0, dtype=np.intp), np.empty(0)
    if connection:
        tees = connected(connection, stretches, built, survey, chance)
        shares = np.full(len(tees), connection.share)
    lines = make_lines(ground, stretches, lane, survey, cut, (tees, shares, _MARK))
    tee_points = np.nonzero(lines.kind == _MARK)[0]
    lines.kind[tee_points] = lane.joint
    main = _main(number, lane, stretches, lines, drains, ground, chance)
    feed(lane, stretches, lines, main)
    if lane.name == "storm" and drains is not None:
        main = with_outfalls(main, lines, drains, stretches, ground)
    if connection and len(tee_points):
        main = with_connections(main, connection, lane, stretches, lines, tee_points, ground)
    return main


def _drain(
    lane: Lane, stretches: Stretches, ground: Ground, storm_floor: dict[tuple[int, int], float]
) -> Drains:
    xy = vertex_places(ground, stretches, offsets(lane))
    keys = [(int(i), int(j)) for i, j in stretches.vertices]
    wet = np.zeros((ground.columns + 2, ground.rows + 2), dtype=bool)
    wet[1:-1, 1:-1] = ground.river
    i, j = stretches.vertices.T
    at_river = wet[i, j] | wet[i + 1, j] | wet[i, j + 1] | wet[i + 1, j + 1]
    foul = lane.name == "foul"
    ceiling = np.full(len(xy), np.inf)
    if foul:
        ceiling = np.array([storm_floor.get(key, np.inf) for key in keys]) - JUNCTION_SLACK_M
    sewer = FOUL if foul else STORM
    drains = drain(stretches, xy, ground.levels(xy), at_river, sewer, lane.depth_m, ceiling)
    if not foul:
        storm_floor.update(zip(keys, drains.vertex_level.tolist(), strict=True))
    return drains


def _main(
    number: int,
    lane: Lane,
    stretches: Stretches,
    lines: Lines,
    drains: Drains | None,
    ground: Ground,
    chance: np.random.Generator,
) -> Pipes:
    level = ground.levels(lines.xy)
    grade, road = stretches.grade[lines.stretch], stretches.road[lines.stretch]
    if drains is None:
        # Trenches are never quite even; depths are surveyed to the centimetre.
        depth = np.round(lane.depth_m + chance.uniform(-0.01, 0.01, len(level)), 2)
        top = millimetres(level - depth)
        start_level, end_level = top[lines.start], top[lines.end]
        width = np.array(lane.sizes)[grade]
        start, end = lines.start, lines.end
    else:
        a, b = drains.level_a[lines.stretch], drains.level_b[lines.stretch]
        start_level = millimetres(a + (b - a) * lines.share_start)
        end_level = millimetres(a + (b - a) * lines.share_end)
        width = drains.width_mm[lines.stretch]
        # Drawn the way the water flows.
        down = a > b
        start, end = np.where(down, lines.start, lines.end), np.where(down, lines.end, lines.start)
        start_level, end_level = (
            np.where(down, start_level, end_level),
            np.where(down, end_level, start_level),
        )
    height = np.full(len(width), lane.height_mm) if lane.height_mm else width
    sub = np.full(len(width), lane.sub_code, dtype=object)
    point_sub = np.full(len(level), lane.sub_code, dtype=object)
    if lane.name == "telecom":
        sub[grade < GRADE_OF_TELEPHONE] = "XX"
        point_sub[:] = "XX"
        for ends in (start, end):
            point_sub[ends[sub == "DH"]] = "DH"
    years = ages(ground, lines.xy)
    laid = np.minimum(years[start] + number % 5, 2025).astype(np.intp)
    none = np.zeros(len(width), dtype=bool)
    return Pipes(
        np.full(len(level), number), lines.xy, lines.kind, level, lines.near, lines.point_road, point_sub,
        np.full(len(width), number), sub, start, end, start_level, end_level, width, height, road, grade,
        laid, none, none.copy(),
    )  # fmt: skip
