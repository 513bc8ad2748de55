"""部件: covers over the wells, lamps, and what stands along the roads and in the yards."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.standard.tables import CITY_EDITION, find_class
from sample_data import geometry
from sample_data.chance import stream
from sample_data.departments import responsible
from sample_data.divisions import district
from sample_data.geometry import Floats
from sample_data.ground import Ground
from sample_data.lanes import LANES
from sample_data.lines import Ints, all_stretches, place_beside
from sample_data.partition import Partition
from sample_data.pipe_rows import Pipes
from sample_data.places import covers, find_grids
from sample_data.roads import GRADES, Network
from sample_data.sizes import Size
from sample_data.tables import Table, either, table

# Lane and kind of a pipe point → class of what is seen of it in the street.
SEEN = {
    ("water", "valve_chamber"): "0101", ("water", "meter_chamber"): "0101",
    ("foul", "sewage_manhole"): "0102",
    ("storm", "storm_manhole"): "0103", ("storm", "storm_grate"): "0104",
    ("power", "inspection_chamber"): "0105", ("power", "ring_main_unit"): "0128",
    ("lamps", "lamp_post"): "0137", ("lamps", "control_cabinet"): "0128", ("telecom", "manhole"): "0107",
    ("telecom", "handhole"): "0109", ("television", "tap"): "0108", ("television", "optical_node"): "0108",
    ("heat supply", "vault"): "0110", ("gas", "valve_chamber"): "0111", ("gas", "regulator_box"): "0149",
    ("foul", "septic_tank"): "0118",
}  # fmt: skip
SHARE_OF_COVERS = 0.45  # at most, of all components

# Class, how many of a thousand along the roads, metres outside the kerb.
ROADSIDE = (
    ("0402", 430, 1.5), ("0305", 90, 2.2), ("0221", 70, 0.5), ("0407", 40, 3.0), ("0217", 35, 0.3),
    ("0307", 70, 3.6), ("0306", 15, 3.4), ("0204", 14, 1.2), ("0212", 18, 1.0), ("0404", 45, 1.5),
    ("0405", 30, 2.6), ("0150", 25, 1.0), ("0225", 20, 2.8), ("0130", 18, 2.0), ("0131", 14, 2.4),
    ("0127", 12, 3.2), ("0140", 4, 3.0), ("0142", 4, 2.8), ("0145", 5, 3.2), ("0154", 8, 3.4),
    ("0283", 8, 1.4), ("0123", 6, 1.8), ("0106", 10, 1.1), ("0284", 6, 2.0), ("0126", 3, 0.8),
)  # fmt: skip
# Class, how many of a thousand inside the cells, on which land.
YARDS = (
    ("0146", 200, ("residential", "park")), ("0308", 200, ("residential", "public")),
    ("0301", 90, ("residential", "commercial", "park")),
    ("0201", 110, ("residential", "commercial", "public")),
    ("0304", 30, ("residential", "industrial")), ("0409", 110, ("park",)), ("0406", 60, ("park", "public")),
    ("0410", 25, ("park",)), ("0507", 70, ("river",)), ("0230", 30, ("river",)), ("0138", 75, ("park",)),
)  # fmt: skip
SHARE_OF_YARDS = 0.06
STATES = ("intact", "broken", "lost", "abandoned")
STATE_SHARES = (0.967, 0.024, 0.005, 0.004)


@dataclass(frozen=True)
class Components:
    """One entry a component, in the order of their unit grids; ids count from 1."""

    class_code: NDArray[np.object_]
    xy: Floats
    grid: Ints
    road: Ints  # -1: away from roads
    state: Ints


def make_components(
    ground: Ground,
    partition: Partition,
    network: Network,
    uses: list[str],
    pipes: Pipes,
    pipe_grids: Ints,
    size: Size,
    seed: int,
) -> Components:
    """About ``size.components`` of them; each lies well inside its unit grid."""
    chance = stream(seed, "components")
    parts = [_covers(pipes, pipe_grids, size, chance)]
    left = round(1.04 * size.components) - len(parts[0][0])  # some fall on a border and are left out
    yards = round(size.components * SHARE_OF_YARDS)
    parts.append(_roadside(ground, partition, network, left - yards, chance))
    parts.append(_yards(ground, partition, uses, yards, chance))
    code = np.concatenate([part[0] for part in parts])
    xy = np.concatenate([part[1] for part in parts])
    grid = np.concatenate([part[2] for part in parts])
    road = np.concatenate([part[3] for part in parts])
    safe = covers(ground.corners(partition.cells[grid]), xy, margin_m=0.05)
    kept = np.nonzero(safe)[0]
    if len(kept) > size.components:
        kept = np.sort(chance.choice(kept, size.components, replace=False))
    code, xy, grid, road = code[kept], xy[kept], grid[kept], road[kept]
    order = np.lexsort((xy[:, 0], code.astype("U5"), grid))
    state = chance.choice(len(STATES), len(code), p=STATE_SHARES)
    return Components(code[order], xy[order], grid[order], road[order], state)


Part = tuple[NDArray[np.object_], Floats, Ints, Ints]


def _covers(pipes: Pipes, grids: Ints, size: Size, chance: np.random.Generator) -> Part:
    names = [lane.name for lane in LANES]
    seen = [
        SEEN.get((names[k], kind))
        for k, kind in zip(pipes.lane_of_point.tolist(), pipes.kind.tolist(), strict=True)
    ]
    code = np.array(seen, dtype=object)
    mine = np.nonzero((code != None) & (grids >= 0))[0]  # noqa: E711 - elementwise
    most = round(size.components * SHARE_OF_COVERS)
    if len(mine) > most:
        mine = np.sort(chance.choice(mine, most, replace=False))
    return code[mine], pipes.xy[mine], grids[mine], pipes.point_road[mine]


def _roadside(
    ground: Ground, partition: Partition, network: Network, count: int, chance: np.random.Generator
) -> Part:
    stretches = all_stretches(network)
    weights = np.array([row[1] for row in ROADSIDE], dtype=float)
    which = chance.choice(len(ROADSIDE), count, p=weights / weights.sum())
    stretch = chance.integers(len(stretches.a), size=count)
    share = chance.uniform(0.06, 0.94, count)
    side = np.where(chance.random(count) < 0.5, 1.0, -1.0)
    outside = np.array([row[2] for row in ROADSIDE])[which] + chance.uniform(-0.2, 0.2, count)
    half = np.array([grade.carriageway_m / 2 for grade in GRADES])
    offset = side * (half[stretches.grade[stretch]] + outside)
    xy = place_beside(ground, stretches, stretch, share, offset)
    grid = find_grids(ground, partition, xy, stretches.a[stretch])
    inside = grid >= 0
    code = np.array([row[0] for row in ROADSIDE], dtype=object)[which]
    return code[inside], xy[inside], grid[inside], stretches.road[stretch][inside]


def _yards(
    ground: Ground, partition: Partition, uses: list[str], count: int, chance: np.random.Generator
) -> Part:
    use = np.array(uses)
    weights = np.array([row[1] for row in YARDS], dtype=float)
    counts = np.floor(weights / weights.sum() * count).astype(int)
    codes: list[str] = []
    cells: list[Ints] = []
    for (code, _weight, land), number in zip(YARDS, counts, strict=True):
        pool = np.nonzero(np.isin(use, land))[0]
        if len(pool):
            cells.append(chance.choice(pool, number))
            codes += [code] * number
    grid = np.concatenate(cells)
    u, v = chance.uniform(0.2, 0.8, len(grid)), chance.uniform(0.2, 0.8, len(grid))
    xy = ground.place(partition.cells[grid], u, v)
    return np.array(codes, dtype=object), xy, grid, np.full(len(grid), -1)


def component_table(components: Components, departments: dict[str, int]) -> Table:
    """Components as rows; ``departments``: ids by code."""
    code = components.class_code
    classes = sorted(set(code.tolist()))
    sequence = np.zeros(len(code), dtype=np.intp)
    keeper, names = {}, {}
    for name in classes:
        mine = code == name
        sequence[mine] = np.arange(1, mine.sum() + 1)
        keeper[name] = departments[responsible("component", name)]
        names[name] = find_class(CITY_EDITION, "component", name).name_zh
    county = district().code
    keepers = np.array([keeper[name] for name in code.tolist()])
    unknown = code == "0123"  # covers nobody owns up to
    return table(
        "component",
        {
            "id": np.arange(1, len(code) + 1),
            "code": [
                f"{county}{name}{n:06d}" for name, n in zip(code.tolist(), sequence.tolist(), strict=True)
            ],
            "edition": CITY_EDITION,
            "kind": "component",
            "class_code": code,
            "name": [names[name] for name in code.tolist()],
            "state": np.array(STATES, dtype=object)[components.state],
            "unit_grid_id": components.grid + 1,
            "supervisor_id": departments["CGJ"],
            "owner_id": either(unknown, None, keepers),
            "maintainer_id": keepers,
            "valid_from": "2022-01-01",
            "geom": geometry.points(components.xy),
        },
    )
