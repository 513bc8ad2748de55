"""The whole sample city as a row of tables, in the order they can be loaded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely

from gis.settings import CITY_SRID, get_settings
from gis.standard.tables import GRID_EDITION
from sample_data import geometry
from sample_data.buildings import LAND_USE, Buildings, land_uses, make_buildings
from sample_data.case_tables import case_tables
from sample_data.cases import make_docket
from sample_data.components import Components, component_table, make_components
from sample_data.departments import Department, make_departments, make_responsibilities
from sample_data.divisions import NOTE, district
from sample_data.flaws import Flaws, add_flaws
from sample_data.ground import Ground, make_ground
from sample_data.lines import Ints
from sample_data.named_places import place_table
from sample_data.partition import Partition, make_partition
from sample_data.people import CENTRES, People, make_people
from sample_data.pipe_rows import Pipes
from sample_data.pipe_tables import point_table, segment_table
from sample_data.pipes import make_pipes
from sample_data.places import find_grids
from sample_data.roads import GRADES, Network, ages, main_lines, make_network
from sample_data.sizes import Size, find_size
from sample_data.tables import Table, table

UNTIL = date(2026, 11, 20)  # the sample's today: inside the years whose holidays are known
FOUNDED = date(2020, 1, 1)  # since when grids, departments and pipes are on record
NOTE_EN = "The outlines are invented; codes and names of the divisions are real."
NOTE_ZH = "示意：界线、道路、管线、人员和案件均为虚构，区划代码和名称为真实。"


@dataclass(frozen=True)
class Plan:
    """What all later parts are built on."""

    size: Size
    seed: int
    until: date
    ground: Ground
    partition: Partition
    network: Network
    uses: list[str]
    buildings: Buildings
    departments: list[Department]
    people: People


def make_plan(size_name: str, seed: int = 1, until: date = UNTIL) -> Plan:
    """Decide everything but pipes, components and cases."""
    size = find_size(size_name)
    ground = make_ground(size, seed)
    lines = (main_lines(ground.columns, size.block_cells), main_lines(ground.rows, size.block_cells))
    partition = make_partition(ground, size, lines)
    network = make_network(ground, size, seed)
    uses = land_uses(ground, partition, network, seed)
    buildings = make_buildings(ground, partition, network, uses, seed)
    departments = make_departments(partition.streets)
    people = make_people(partition, departments, seed)
    return Plan(
        size, seed, until, ground, partition, network, uses, buildings, departments, people
    )  # fmt: skip


def build(size_name: str, seed: int = 1, until: date = UNTIL) -> Iterator[Table]:
    """All tables of the sample city, each to be read once and in this order.

    The same size, seed and ``until`` give the same bytes in every process.
    """
    plan = make_plan(size_name, seed, until)
    yield from _areas(plan)
    yield from _roads_and_buildings(plan)
    yield from _departments(plan)
    yield from _people(plan)
    pipes, _flaws = spoiled_pipes_of(plan)
    owners = {d.code: d.id for d in plan.departments}
    grids = find_grids(plan.ground, plan.partition, pipes.xy, pipes.near)
    yield point_table(pipes, plan.network.roads, grids, owners, seed)
    yield segment_table(pipes, plan.network.roads, owners, seed)
    components = components_of(plan, pipes, grids)
    del pipes
    yield component_table(components, owners)
    docket = make_docket(
        plan.ground, plan.partition, plan.network, components, plan.departments, plan.people, plan.size, seed,
        until,
    )  # fmt: skip
    yield from case_tables(docket)


def spoiled_pipes_of(plan: Plan) -> tuple[Pipes, Flaws]:
    """All pipes of the plan, and which of them have been spoiled."""
    built = np.zeros(plan.ground.inside.shape, dtype=bool)
    built[tuple(plan.partition.cells[plan.buildings.cell].T)] = True
    pipes = make_pipes(plan.ground, plan.partition, plan.network, built, plan.size, plan.seed)
    return pipes, add_flaws(pipes, plan.seed)


def components_of(plan: Plan, pipes: Pipes, grids: Ints | None = None) -> Components:
    """All components of the plan; ``grids``: of the pipe points, where they are known already."""
    if grids is None:
        grids = find_grids(plan.ground, plan.partition, pipes.xy, pipes.near)
    return make_components(
        plan.ground, plan.partition, plan.network, plan.uses, pipes, grids, plan.size, plan.seed
    )


def _areas(plan: Plan) -> Iterator[Table]:
    ground, part = plan.ground, plan.partition
    corners = ground.corners(part.cells)
    quads = np.asarray(shapely.polygons(np.concatenate([corners, corners[:, :1]], axis=1)))

    # Exact unions: every border keeps the vertices of its cells, so that neighbours share them.
    def union(owner: np.ndarray, count: int) -> list[str]:
        order = np.argsort(owner, kind="stable")
        groups = np.split(quads[order], np.searchsorted(owner[order], np.arange(1, count)))
        return [geometry.multipolygon(shapely.coverage_union_all(group)) for group in groups]

    whole = geometry.multipolygon(shapely.coverage_union_all(quads))
    top = district()
    yield table(
        "city",
        {
            "id": 1, "code": top.code,
            "name_zh": "鄂尔多斯市" + top.name_zh, "name_en": top.name_en + ", Ordos",
            "srid": CITY_SRID, "timezone": get_settings().timezone, "note_zh": NOTE_ZH, "note_en": NOTE_EN,
            "boundary": [whole], "created_at": f"{plan.until.isoformat()}T00:00:00Z",
        },
    )  # fmt: skip
    rows = [top, *part.streets, *part.communities]
    parents = [None] + [1] * len(part.streets) + [2 + s for s in part.street_of_community]
    geoms = [whole, *union(part.street, len(part.streets)), *union(part.community, len(part.communities))]
    people = _population(plan)
    yield table(
        "area",
        {
            "id": range(1, len(rows) + 1), "code": [r.code for r in rows], "level": [r.level for r in rows],
            "name_zh": [r.name_zh for r in rows], "name_en": [r.name_en for r in rows], "parent_id": parents,
            "population": people, "note": NOTE, "valid_from": FOUNDED.isoformat(), "geom": geoms,
        },
    )  # fmt: skip
    yield table(
        "duty_grid",
        {
            "id": range(1, len(part.duty_codes) + 1), "code": part.duty_codes,
            "name": [f"{part.streets[s].name_zh}责任网格{code[-3:]}"
                     for code, s in zip(part.duty_codes, part.duty_street, strict=True)],
            "street_id": [2 + s for s in part.duty_street], "valid_from": FOUNDED.isoformat(),
            "geom": union(part.duty, len(part.duty_codes)),
        },
    )  # fmt: skip
    first_community = 2 + len(part.streets)
    yield table(
        "unit_grid",
        {
            "id": np.arange(1, len(part.cells) + 1), "code": part.codes, "edition": GRID_EDITION,
            "name": [f"{part.communities[c].name_zh}{code[-3:]}"
                     for code, c in zip(part.codes, part.community, strict=True)],
            "community_id": part.community + first_community, "duty_grid_id": part.duty + 1,
            "area_m2": part.area_m2, "land_use": [LAND_USE[use] for use in plan.uses],
            "valid_from": FOUNDED.isoformat(), "geom": geometry.rings(corners),
        },
    )  # fmt: skip


def _population(plan: Plan) -> list[int]:
    """Residents by the floor space of dwellings: district, streets, communities."""
    part, b = plan.partition, plan.buildings
    use = np.asarray(b.use) == "residential"
    homes = np.bincount(part.community[b.cell[use]], b.floors[use] * 14, minlength=len(part.communities))
    street = np.bincount(part.street_of_community, homes, minlength=len(part.streets))
    return [int(n) for n in (homes.sum(), *street, *homes)]


def _roads_and_buildings(plan: Plan) -> Iterator[Table]:
    ground, roads = plan.ground, plan.network.roads
    paths = [ground.vertices[tuple(road.steps().T)] for road in roads]
    middles = np.array([path[len(path) // 2] for path in paths])
    opened = ages(ground, middles).astype(int)
    # One road in seven was relaid since, some of them too recently to be dug up again.
    days = np.arange(len(roads)) * 37 % 365
    relaid = [
        f"{2026 - k % 11}-{1 + day // 31 % 10:02d}-{1 + day % 28:02d}" if k % 7 == 3 else None
        for k, day in enumerate(days)
    ]
    yield table(
        "road",
        {
            "id": range(1, len(roads) + 1), "code": [f"150602R{n:05d}" for n in range(1, len(roads) + 1)],
            "name_zh": [r.name_zh for r in roads], "name_en": [r.name_en for r in roads],
            "grade": [GRADES[r.grade].name for r in roads],
            "width_m": [GRADES[r.grade].width_m for r in roads],
            "carriageway_m": [GRADES[r.grade].carriageway_m for r in roads],
            "opened_on": [f"{year}-{1 + day // 31:02d}-{1 + day % 28:02d}"
                          for year, day in zip(opened, days, strict=True)],
            "overhauled_on": relaid, "valid_from": FOUNDED.isoformat(),
            "geom": [geometry.line(path) for path in paths],
        },
    )  # fmt: skip
    b = plan.buildings
    count = len(b.cell)
    names = [
        f"{roads[road].name_zh}{number}号" if road >= 0 else ""
        for road, number in zip(b.road.tolist(), b.number.tolist(), strict=True)
    ]
    codes = [plan.partition.codes[cell] for cell in b.cell]
    rank = np.arange(count) - np.searchsorted(b.cell, b.cell) + 1
    yield table(
        "building",
        {
            "id": range(1, count + 1), "code": [f"{c}{r:02d}" for c, r in zip(codes, rank, strict=True)],
            "address": names, "use": b.use, "floors": b.floors,
            "height_m": np.round(b.floors * np.where(np.asarray(b.use) == "residential", 2.9, 3.9), 1),
            "road_id": [None if road < 0 else road + 1 for road in b.road.tolist()],
            "valid_from": FOUNDED.isoformat(), "geom": geometry.rings(b.corners),
        },
    )  # fmt: skip
    yield place_table(plan.partition, plan.network, b, 2 + len(plan.partition.streets), plan.seed)


def _departments(plan: Plan) -> Iterator[Table]:
    rows = plan.departments
    ids = {row.code: row.id for row in rows}
    yield table(
        "department",
        {
            "id": [r.id for r in rows], "code": [r.code for r in rows], "name_zh": [r.name_zh for r in rows],
            "name_en": [r.name_en for r in rows],
            "parent_id": [ids[r.parent] if r.parent else None for r in rows],
            "disposes": [r.disposes for r in rows], "valid_from": FOUNDED.isoformat(),
        },
    )  # fmt: skip
    duties = make_responsibilities(plan.partition.streets)
    yield table(
        "responsibility",
        {
            "id": range(1, len(duties) + 1),
            "area_id": [None if d.street is None else d.street + 2 for d in duties],
            "kind": [d.kind for d in duties], "edition": [d.edition for d in duties],
            "class_code": [d.class_code for d in duties],
            "department_id": [ids[d.department] for d in duties], "valid_from": FOUNDED.isoformat(),
        },
    )  # fmt: skip


def _people(plan: Plan) -> Iterator[Table]:
    everybody = plan.people.everybody
    yield table(
        "person",
        {
            "id": [p.id for p in everybody], "login": [p.login for p in everybody],
            "name": [p.name for p in everybody], "password_hash": [p.password_hash for p in everybody],
            "role": [p.role.value for p in everybody], "centre": [CENTRES[p.role] for p in everybody],
            "department_id": [p.department for p in everybody], "is_demo": [p.is_demo for p in everybody],
            "created_at": f"{FOUNDED.isoformat()}T00:00:00Z",
        },
    )  # fmt: skip
    scopes = [(p.id, s + 2) for p in everybody for s in p.streets]
    yield table("person_area", {"person_id": [p for p, _a in scopes], "area_id": [a for _p, a in scopes]})
    patrols = plan.people.patrols
    yield table(
        "person_duty_grid",
        {"person_id": [p for p, _d in patrols], "duty_grid_id": [d + 1 for _p, d in patrols]},
    )
