"""The sample city: the same to the byte, whole on the ground, sound under it, lawful in its cases."""

import hashlib
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import networkx as nx  # type: ignore[import-untyped]
import numpy as np
import pytest
import shapely
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine, select, text
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from gis.case.clocks import derive
from gis.case.models import Case, CaseStep
from gis.case.side_models import CaseInterval
from gis.case.stages import stage_of
from gis.case.states import OPEN, CaseState
from gis.case.workflow import STEPS, Clock, Pending, Proof, Standing, find_step
from gis.cli import build as build_commands
from gis.cluster import Cluster
from gis.errors import Conflict, InvalidInput
from gis.grid.numbering import sequence_order
from gis.people.models import Role
from gis.standard.component_code import ComponentCode
from gis.standard.grid_code import GridCode
from gis.standard.tables import CITY_EDITION, component_classes, event_classes, point_kinds
from sample_data.case_paths import next_pending
from sample_data.city import Plan, build, make_plan, spoiled_pipes_of
from sample_data.departments import make_departments, responsible
from sample_data.divisions import divisions
from sample_data.flaws import THIN_COVER_M, Flaws
from sample_data.ground import make_ground
from sample_data.lanes import LANES
from sample_data.load import load, remove_city
from sample_data.partition import centroids, make_partition
from sample_data.people import DEMO_PASSWORD
from sample_data.pipe_rows import Pipes
from sample_data.roads import main_lines
from sample_data.sizes import find_size
from tests.conftest import make_database

FROST_M = 1.2
ALL_PROOFS = frozenset(Proof)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan("small")


@pytest.fixture(scope="module")
def city_plan() -> Plan:
    return make_plan("city")


@pytest.fixture(scope="module", params=["small", "city"])
def laid(request: pytest.FixtureRequest) -> tuple[Pipes, Flaws]:
    """The pipes of a city and what is wrong with them."""
    plan: Plan = request.getfixturevalue("plan" if request.param == "small" else "city_plan")
    return spoiled_pipes_of(plan)


@pytest.fixture(scope="module")
def engine(cluster: Cluster, template: str) -> Engine:
    return create_engine(make_database(cluster, "sample_city", template))


@pytest.fixture(scope="module")
def loaded(engine: Engine) -> Engine:
    """A database with the small city in it."""
    with engine.begin() as connection:
        load(connection, "small")
    return engine


@pytest.fixture
def city(loaded: Engine) -> Iterator[Session]:
    with Session(loaded) as session:
        yield session


def digests(size: str, seed: int) -> dict[str, str]:
    """SHA-256 of what COPY reads, table by table."""
    found = {}
    for table in build(size, seed):
        digest = hashlib.sha256("\t".join(table.columns).encode())
        for _rows, lines in table.copy_blocks():
            digest.update(lines)
        found[table.name] = digest.hexdigest()
    return found


# The same bytes


def test_a_seed_gives_the_same_bytes_in_every_process() -> None:
    here = digests("small", 1)
    script = "from tests.test_sample_city import digests; print(digests('small', 1))"
    there = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert str(here) == there.stdout.strip()
    assert here == digests("small", 1)


def test_another_seed_gives_another_city() -> None:
    one, two = digests("small", 1), digests("small", 2)
    same = {name for name in one if one[name] == two[name]}
    # Departments and what they answer for are the same in every city.
    assert same <= {"department", "responsibility", "person_area", "person_duty_grid"}


# The ground


def quads(plan: Plan) -> list[shapely.Polygon]:
    corners = plan.ground.corners(plan.partition.cells)
    return polygons(corners)


def polygons(corners: np.ndarray) -> list[shapely.Polygon]:
    """Polygons of cells by their corners, shape (n, 4, 2)."""
    return [shapely.Polygon(ring) for ring in corners]


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_unit_grids_leave_no_gap_and_no_overlap(seed: int) -> None:
    size = find_size("small")
    ground = make_ground(size, seed)
    part = make_partition(ground, size, (main_lines(ground.columns, (4,)), main_lines(ground.rows, (4,))))
    corners = ground.corners(part.cells)
    cells = polygons(corners)
    assert shapely.coverage_is_valid(cells)
    whole = shapely.union_all(cells)
    assert isinstance(whole, shapely.Polygon)
    assert len(whole.interiors) == 0
    assert whole.area == pytest.approx(sum(cell.area for cell in cells), abs=0.01)


@pytest.mark.parametrize("name", ["plan", "city_plan"])
def test_communities_are_whole_and_made_of_whole_grids(name: str, request: pytest.FixtureRequest) -> None:
    plan: Plan = request.getfixturevalue(name)
    cells = np.array(quads(plan))
    outlines = []
    for community in range(len(plan.partition.communities)):
        mine = cells[plan.partition.community == community]
        outline = shapely.union_all(mine)
        assert outline.geom_type == "Polygon", plan.partition.communities[community].name_zh
        assert outline.area == pytest.approx(sum(cell.area for cell in mine), abs=0.01)
        outlines.append(outline)
    assert shapely.coverage_is_valid(outlines)


def test_unit_grids_measure_about_ten_thousand_square_metres(city_plan: Plan) -> None:
    area = city_plan.partition.area_m2
    assert area.min() > 6_000
    assert area.max() < 15_000
    assert area.mean() == pytest.approx(10_000, rel=0.05)
    assert area == pytest.approx([cell.area for cell in quads(city_plan)], abs=0.1)


def test_grid_codes_run_west_to_east_then_north_to_south(city_plan: Plan) -> None:
    part = city_plan.partition
    assert len(set(part.codes)) == len(part.codes)
    middle = centroids(city_plan.ground.corners(part.cells))
    for index, community in enumerate(part.communities):
        mine = np.nonzero(part.community == index)[0]
        codes = [GridCode.parse(part.codes[k]) for k in mine]
        assert {code.community_code for code in codes} == {community.code}
        order = sequence_order(middle[mine])
        assert [int(codes[k].sequence) for k in order] == list(range(1, len(mine) + 1))


def test_dongshengs_real_divisions_are_all_there(city_plan: Plan) -> None:
    assert Counter(row.level for row in divisions()) == {"district": 1, "street": 16, "community": 109}
    assert len(city_plan.partition.communities) == 109
    names = {row.code: row.name_zh for row in divisions()}
    assert names["150602001"] == "交通街道"
    assert names["150602012003"] == "滨河社区"
    assert names["150602405"] == "鄂尔多斯高新技术产业开发区"


def test_duty_grids_are_whole_grids_of_one_street(city_plan: Plan) -> None:
    part = city_plan.partition
    sizes = np.bincount(part.duty)
    assert sizes.min() >= 12
    assert sizes.max() <= 50
    assert (np.array(part.duty_street)[part.duty] == part.street).all()


# The sizes


@pytest.mark.parametrize(("name", "segments"), [("plan", 600), ("city_plan", 20_000)])
def test_sizes_come_near_their_aims(name: str, segments: int, request: pytest.FixtureRequest) -> None:
    plan: Plan = request.getfixturevalue(name)
    pipes, _flaws = spoiled_pipes_of(plan)
    assert len(pipes.start) == pytest.approx(segments, rel=0.3)
    assert len(plan.partition.cells) == pytest.approx(plan.size.cells, rel=0.02)


def test_a_size_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidInput, match="village"):
        find_size("village")


# Under the ground


def names_of(pipes: Pipes) -> np.ndarray:
    return np.array([lane.name for lane in LANES])[pipes.lane]


def test_every_sewer_falls_but_those_on_the_list(laid: tuple[Pipes, Flaws]) -> None:
    pipes, flaws = laid
    sewer = np.isin(names_of(pipes), ("storm", "foul"))
    rising = np.nonzero(sewer & (pipes.start_level <= pipes.end_level))[0]
    assert rising.tolist() == flaws.reversed_fall.tolist()
    length = np.hypot(*(pipes.xy[pipes.start] - pipes.xy[pipes.end]).T)
    fall = (pipes.start_level - pipes.end_level) / length
    sound = sewer & ~np.isin(np.arange(len(fall)), flaws.reversed_fall)
    assert fall[sound].min() > 0.0005


def test_sewers_run_downhill_to_where_they_end(laid: tuple[Pipes, Flaws]) -> None:
    pipes, _flaws = laid
    for name, ends in (("storm", {"water_outlet", "storm_manhole"}), ("foul", {"sewage_manhole"})):
        mine = names_of(pipes) == name
        flow = nx.DiGraph(zip(pipes.start[mine].tolist(), pipes.end[mine].tolist(), strict=True))
        assert nx.is_directed_acyclic_graph(flow)
        mouths = [point for point, degree in flow.out_degree() if degree == 0]
        assert {pipes.kind[point] for point in mouths} <= ends
        reached = set().union(*(nx.ancestors(flow, mouth) for mouth in mouths), mouths)
        assert reached == set(flow)


def test_pipes_grow_wider_downstream(laid: tuple[Pipes, Flaws]) -> None:
    pipes, _flaws = laid
    sewer = np.isin(names_of(pipes), ("storm", "foul")) & ~pipes.is_connection
    arriving = np.zeros(len(pipes.xy))
    np.maximum.at(arriving, pipes.end[sewer], pipes.width_mm[sewer])
    assert (pipes.width_mm[sewer] >= arriving[pipes.start[sewer]]).all()


@pytest.mark.parametrize("name", ["water", "gas", "heat supply", "heat return", "power", "telecom"])
def test_every_network_is_fed(laid: tuple[Pipes, Flaws], name: str) -> None:
    pipes, _flaws = laid
    lane = next(row for row in LANES if row.name == name)
    mine = names_of(pipes) == name
    network = nx.Graph(zip(pipes.start[mine].tolist(), pipes.end[mine].tolist(), strict=True))
    for part in nx.connected_components(network):
        assert lane.source in {pipes.kind[point] for point in part}


def test_a_burst_main_can_be_shut_off(laid: tuple[Pipes, Flaws]) -> None:
    """Cut at its valves, the water network falls into parts, each much smaller than the whole."""
    pipes, _flaws = laid
    mine = names_of(pipes) == "water"
    network = nx.Graph(zip(pipes.start[mine].tolist(), pipes.end[mine].tolist(), strict=True))
    whole = len(network)
    network.remove_nodes_from([p for p in list(network) if pipes.kind[p] == "valve_chamber"])
    assert max(map(len, nx.connected_components(network))) < max(60, whole / 20)


def test_hydrants_stand_close_enough(laid: tuple[Pipes, Flaws]) -> None:
    pipes, _flaws = laid
    hydrants = shapely.STRtree(shapely.points(pipes.xy[pipes.kind == "fire_hydrant"]))
    mains = np.nonzero((names_of(pipes) == "water") & (pipes.sub == "JP"))[0]
    middles = shapely.points((pipes.xy[pipes.start[mains]] + pipes.xy[pipes.end[mains]]) / 2)
    _index, distance = hydrants.query_nearest(middles, return_distance=True, all_matches=False)
    assert distance.max() <= 120


def test_water_lies_below_the_frost_but_where_listed(laid: tuple[Pipes, Flaws]) -> None:
    pipes, flaws = laid
    water = names_of(pipes) == "water"
    cover = pipes.ground[pipes.start] - pipes.start_level
    thin = np.nonzero(water & (cover < FROST_M))[0]
    assert thin.tolist() == flaws.thin_cover.tolist()
    assert cover[thin] == pytest.approx(THIN_COVER_M)


def test_lines_that_cross_clear_each_other(laid: tuple[Pipes, Flaws]) -> None:
    pipes, flaws = laid
    spoiled = np.concatenate([flaws.thin_cover, flaws.reversed_fall, flaws.without_levels])
    ends = np.stack([pipes.xy[pipes.start], pipes.xy[pipes.end]], axis=1)
    lines = np.asarray(shapely.linestrings(ends))
    one, two = shapely.STRtree(lines).query(lines, predicate="crosses")
    once = (one < two) & ~np.isin(one, spoiled) & ~np.isin(two, spoiled)
    one, two = one[once], two[once]
    at = shapely.get_coordinates(shapely.intersection(lines[one], lines[two]))
    high, low = centre_at(pipes, one, at), centre_at(pipes, two, at)
    gap = np.abs(high - low) - (pipes.height_mm[one] + pipes.height_mm[two]) / 2000
    assert len(gap) > 50
    assert gap.min() > 0.1


def centre_at(pipes: Pipes, which: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Height of the middle of segments where they pass a place."""
    a, b = pipes.xy[pipes.start[which]], pipes.xy[pipes.end[which]]
    share = np.hypot(*(at - a).T) / np.hypot(*(b - a).T)
    level = pipes.start_level[which] * (1 - share) + pipes.end_level[which] * share
    half = pipes.height_mm[which] / 2000
    gravity = np.isin(names_of(pipes)[which], ("storm", "foul"))
    return np.asarray(level + np.where(gravity, half, -half))


def test_points_are_of_kinds_their_class_knows(laid: tuple[Pipes, Flaws]) -> None:
    pipes, _flaws = laid
    known = {(kind.class_code, kind.code) for kind in point_kinds()}
    classes = [row.class_code for row in LANES]
    used = {(classes[k], kind) for k, kind in zip(pipes.lane_of_point, pipes.kind, strict=True)}
    assert used <= known


# Who answers for what


@pytest.mark.parametrize("kind", ["component", "event"])
def test_every_class_has_a_department(kind: str) -> None:
    codes = {row.code for row in make_departments([])}
    rows = component_classes() if kind == "component" else event_classes()
    assert {responsible(kind, row.code) for row in rows} <= codes


# In the database


def test_the_loaded_city_holds_everything_in_kind(city: Session) -> None:
    states = {CaseState(state) for state in city.scalars(text('SELECT DISTINCT state FROM "case"'))}
    assert states == set(CaseState)
    pairs = city.execute(text("SELECT DISTINCT class_code, sub_code FROM pipe_segment")).all()
    assert {tuple(pair) for pair in pairs} >= {
        ("JS", "JP"), ("JS", "SS"), ("PS", "YS"), ("PS", "WS"), ("RQ", "TR"), ("RL", "RS"), ("DL", "GD"),
        ("DL", "LD"), ("TX", "DH"), ("TX", "XX"), ("TX", "DS"),
    }  # fmt: skip
    majors = set(city.scalars(text("SELECT DISTINCT left(class_code, 2) FROM component")))
    assert {"01", "02", "03", "04"} <= majors
    assert set(city.scalars(text("SELECT DISTINCT note FROM area"))) == {"示意"}


def test_levels_and_depths_say_the_same(city: Session) -> None:
    wrong = city.scalar(
        text(
            "SELECT count(*) FROM pipe_segment AS s"
            " JOIN pipe_point AS a ON a.id = s.start_point_id JOIN pipe_point AS b ON b.id = s.end_point_id"
            " WHERE abs(a.ground_level - s.start_depth_m - s.start_level) > 0.0005"
            " OR abs(b.ground_level - s.end_depth_m - s.end_level) > 0.0005"
        )
    )
    assert wrong == 0
    bare = city.scalar(
        text(
            "SELECT count(*) FROM pipe_segment"
            " WHERE start_level IS NULL AND ST_Z(ST_StartPoint(geom)) = 'NaN'"
        )
    )
    assert bare == city.scalar(text("SELECT count(*) FROM pipe_segment WHERE start_level IS NULL")) > 0


def test_each_step_is_one_the_workflow_allows(city: Session) -> None:
    rows = city.execute(select(Case.id, Case.source, Case.state, Case.version, Case.pending)).all()
    sources = {row.id: row.source for row in rows}
    final = {row.id: row.state for row in rows}
    versions = {row.id: row.version for row in rows}
    waits = {row.id: row.pending for row in rows}
    last: dict[int, CaseStep] = {}
    pending: Pending | None = None
    for step in city.scalars(select(CaseStep).order_by(CaseStep.case_id, CaseStep.seq)):
        before = last.get(step.case_id)
        if before is None:
            assert (step.seq, step.action, step.to_state) == (1, "report", CaseState.REPORTED)
            pending = None
        else:
            assert (step.seq, step.from_state) == (before.seq + 1, before.to_state)
            assert step.at >= before.at
            standing = Standing(before.to_state, sources[step.case_id], pending, ALL_PROOFS)
            row = find_step(step.action, standing, Role(step.actor_role))
            assert (row.target or before.to_state) == step.to_state
            assert step.note or "note" not in row.needs
            pending = next_pending(row, pending)
        last[step.case_id] = step
        assert step.seq < versions[step.case_id] or pending == waits[step.case_id]
    assert {case: step.to_state for case, step in last.items()} == final


def test_who_acts_holds_the_role_and_sits_in_the_right_department(city: Session) -> None:
    wrong = city.execute(
        text(
            "SELECT s.case_id, s.seq FROM case_step AS s JOIN person AS p ON p.id = s.actor_id"
            " LEFT JOIN case_step AS b ON b.case_id = s.case_id AND b.seq = s.seq - 1"
            " WHERE p.role <> s.actor_role OR (p.role = 'department'"
            "   AND p.department_id IS DISTINCT FROM coalesce(s.department_id, b.department_id))"
        )
    ).all()
    assert wrong == []


def test_cases_carry_what_their_steps_did(city: Session) -> None:
    cases = city.scalars(select(Case)).all()
    steps: dict[int, list[CaseStep]] = {case.id: [] for case in cases}
    for step in city.scalars(select(CaseStep).order_by(CaseStep.seq)):
        steps[step.case_id].append(step)
    for case in cases:
        mine = steps[case.id]
        assert case.version == len(mine)
        assert case.reported_at == mine[0].at
        assert case.reporter_id == mine[0].actor_id
        assert case.updated_at == mine[-1].at
        assert case.department_id == mine[-1].department_id
        assert case.rework_count == sum(step.action == "rework" for step in mine)
        handed_over = None
        for step in mine:
            if step.action in ("feed_back", "rework"):
                handed_over = step.at if step.action == "feed_back" else None
        assert case.disposed_at == handed_over
        assert case.said == {"say_not_fixed": "not_fixed", "say_fixed": "fixed"}.get(mine[-1].action)


DERIVED = ("due_at", "due_is_provisional", "warn_at", "stage", "stage_due_at", "stage_warn_at")


def test_deadlines_are_those_the_service_would_set(city: Session) -> None:
    cases = city.scalars(select(Case)).all()
    assert sum(case.dispatched_at is not None for case in cases) > 200
    for case in cases:
        stored = {name: getattr(case, name) for name in DERIVED}
        derive(city, case)
        assert {name: getattr(case, name) for name in DERIVED} == stored, (case.case_no, case.state)
    city.rollback()


def test_intervals_are_those_the_service_would_write(city: Session) -> None:
    """A case's links follow from its steps by the workflow table."""
    intervals: dict[int, list[CaseInterval]] = {}
    for row in city.scalars(select(CaseInterval).order_by(CaseInterval.case_id, CaseInterval.id)):
        intervals.setdefault(row.case_id, []).append(row)
    steps: dict[int, list[CaseStep]] = {}
    for step in city.scalars(select(CaseStep).order_by(CaseStep.case_id, CaseStep.seq)):
        steps.setdefault(step.case_id, []).append(step)
    clocks = {step.action: step.clock for step in STEPS}
    rounds = set()
    for case_id, story in steps.items():
        expected: list[tuple[object, ...]] = []
        turns: dict[str, int] = {}
        running: list[object] | None = None
        owner = None
        for step in story:
            stage = stage_of(step.to_state)
            if running is not None and stage is not None and running[0] == stage.code:
                continue
            if running is not None:
                expected.append((*running[:3], step.at, running[3], step.actor_id))
                running = None
            if stage is None:
                continue
            effect = clocks.get(step.action, Clock.NEXT)
            kept = effect is Clock.GO_ON or (effect is Clock.SAME_OR_NEW and owner == step.department_id)
            turns[stage.code] = max(1, turns.get(stage.code, 0) + (not kept))
            owner = step.department_id if stage.code == "dispose" else owner
            whose = step.department_id if stage.code == "dispose" else None
            running = [stage.code, turns[stage.code], step.at, whose]
            rounds.add((stage.code, turns[stage.code]))
        if running is not None:
            expected.append((*running[:3], None, running[3], None))
        found = [
            (row.stage, row.round, row.started_at, row.ended_at, row.department_id, row.person_id)
            for row in intervals[case_id]
        ]
        assert found == expected, case_id
    assert ("dispose", 2) in rounds


def test_what_waits_for_a_decision_was_asked_for(city: Session) -> None:
    rows = city.execute(
        text(
            "SELECT c.pending, r.kind, r.decided_at IS NULL AS waits, r.until, r.minutes, r.asked_at, s.at"
            ' FROM case_request AS r JOIN "case" AS c ON c.id = r.case_id'
            " JOIN case_step AS s ON s.case_id = c.id AND s.action = 'ask_' || r.kind"
        )
    ).all()
    assert {row.kind for row in rows} == {"extension", "suspension", "void"}
    for row in rows:
        assert row.asked_at == row.at
        assert (row.pending == row.kind) == row.waits
        assert (row.until is not None) == (row.kind == "suspension")
        assert (row.minutes is not None) == (row.kind == "extension" and not row.waits)
    asked = city.scalar(text('SELECT count(*) FROM "case" WHERE pending IS NOT NULL'))
    assert asked == sum(row.waits for row in rows) >= 6


def test_a_duplicate_lies_where_the_first_report_was(city: Session) -> None:
    pairs = city.execute(
        text(
            "SELECT d.class_code = o.class_code AND d.location = o.location"
            " AND d.unit_grid_id = o.unit_grid_id"
            " AND o.reported_at <= d.reported_at AND o.state NOT IN ('merged', 'refused', 'void', 'archived')"
            ' FROM "case" AS d LEFT JOIN "case" AS o ON o.id = d.merged_into_id'
            " WHERE d.state = 'merged'"
        )
    ).all()
    assert pairs
    assert {row[0] for row in pairs} == {True}


def test_each_case_being_looked_at_is_somebodys_task(city: Session) -> None:
    rows = city.execute(
        text(
            "SELECT c.state, t.kind, t.due_at = c.stage_due_at AS due, p.role,"
            " d.duty_grid_id IS NOT NULL AS own"
            ' FROM "case" AS c LEFT JOIN case_task AS t ON t.case_id = c.id AND t.ended_at IS NULL'
            " LEFT JOIN person AS p ON p.id = t.assignee_id"
            " LEFT JOIN person_duty_grid AS d ON d.person_id = p.id AND d.duty_grid_id = c.duty_grid_id"
            " WHERE c.state IN ('verifying', 'checking')"
        )
    ).all()
    assert {(row.state, row.kind) for row in rows} == {("verifying", "verify"), ("checking", "check")}
    assert {(row.due, row.role, row.own) for row in rows} == {(True, "inspector", True)}


def test_departments_are_those_the_tables_name(city: Session) -> None:
    """A case that was dispatched once lies with the department that the service would propose."""
    from gis.case.routing import suggest_department

    once = text(
        "SELECT case_id FROM case_step GROUP BY case_id"
        " HAVING count(*) FILTER (WHERE action = 'dispatch') = 1"
        " AND count(*) FILTER (WHERE action = 'send_back') = 0"
    )
    for case_id in city.scalars(once):
        case = city.get_one(Case, case_id)
        suggestion = suggest_department(city, case)
        assert suggestion is not None
        assert suggestion.department_id == case.department_id, case.class_code


def test_numbers_go_on_where_the_sample_stops(city: Session) -> None:
    counted = city.execute(
        text(
            "SELECT kind || '/' || class_code, (reported_at AT TIME ZONE 'Asia/Shanghai')::date, count(*),"
            ' max(substr(case_no, 14)::int) FROM "case" GROUP BY 1, 2'
        )
    ).all()
    counters = city.execute(text("SELECT prefix, day, last, last FROM case_counter")).all()
    assert {tuple(row) for row in counted} == {tuple(row) for row in counters}
    for table in ("area", "unit_grid", "person", "pipe_segment", '"case"', "case_step"):
        following = city.scalar(text(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id'))"))
        assert following == city.scalar(text(f"SELECT max(id) + 1 FROM {table}"))


def test_component_codes_read_back(city: Session) -> None:
    for code, class_code in city.execute(text("SELECT code, class_code FROM component")):
        assert ComponentCode.parse(code).class_code == class_code


def test_demo_accounts_sign_in_and_nobody_else_does(city: Session) -> None:
    rows = city.execute(text("SELECT login, role, password_hash, is_demo FROM person")).all()
    demo = [row for row in rows if row.is_demo]
    assert [row.login for row in demo] == [row.role for row in demo]
    assert {row.role for row in demo} == set(Role)
    for row in demo:
        assert PasswordHasher().verify(row.password_hash, DEMO_PASSWORD)
    assert {row.password_hash for row in rows if not row.is_demo} == {"!"}


def test_the_city_is_busy_late_at_times_and_sometimes_sent_to_do_it_again(city_plan: Plan) -> None:
    from sample_data.cases import make_docket
    from sample_data.city import components_of

    pipes, _flaws = spoiled_pipes_of(city_plan)
    docket = make_docket(
        city_plan.ground, city_plan.partition, city_plan.network, components_of(city_plan, pipes),
        city_plan.departments, city_plan.people, city_plan.size, city_plan.seed, city_plan.until,
    )  # fmt: skip
    flow = next(docket.flows())
    closed = flow.closed >= 0
    assert 0.04 < (flow.disposed > flow.due)[closed].mean() < 0.09
    assert 0.03 < (flow.rework > 0)[closed].mean() < 0.055
    assert 200 < np.isin(flow.state, [list(CaseState).index(state) for state in OPEN]).sum() < 450
    hours = ((docket.drafts.reported + 8 * 3600) // 3600) % 24
    assert np.bincount(hours).max() / len(hours) == pytest.approx(0.12, abs=0.01)


def test_a_second_city_is_refused_and_leaves_the_first(loaded: Engine) -> None:
    with loaded.connect() as connection, pytest.raises(Conflict, match="replace"):
        load(connection, "small")


def test_replacing_leaves_no_row_and_keeps_the_history_guarded(cluster: Cluster, template: str) -> None:
    other = create_engine(make_database(cluster, "replaced_city", template))
    with other.begin() as connection:
        before = schema_of(connection)
        load(connection, "small", seed=1)
        remove_city(connection)
        for table in ('"case"', "case_step", "case_interval", "case_request", "case_task", "person"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table
        load(connection, "small", seed=2)
        assert schema_of(connection) == before
    with other.connect() as connection, pytest.raises(Exception, match="only ever added"):
        connection.execute(text("TRUNCATE case_step CASCADE"))
    other.dispose()


def schema_of(connection: Connection) -> list[str]:
    """All indexes, constraints and triggers of the database."""
    return list(
        connection.scalars(
            text(
                "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
                " UNION ALL SELECT conrelid::regclass || conname || pg_get_constraintdef(oid)"
                " FROM pg_constraint"
                " UNION ALL SELECT tgrelid::regclass || tgname || tgenabled::text"
                " FROM pg_trigger WHERE NOT tgisinternal"
                " ORDER BY 1"
            )
        )
    )


def test_the_sample_ends_at_its_own_today(city: Session) -> None:
    first, last = city.execute(text('SELECT min(reported_at), max(updated_at) FROM "case"')).one()
    assert last.date().isoformat() == "2026-11-20"
    assert timedelta(days=50) < last - first < timedelta(days=65)
    assert city.scalar(text("SELECT DISTINCT edition FROM component")) == CITY_EDITION


def test_the_command_leaves_a_city_alone(small_city: str) -> None:
    command = build_commands(["load-sample"])
    quiet = CliRunner().invoke(command, ["load-sample", "--size", "small", "--if-empty"])
    assert (quiet.exit_code, quiet.output) == (0, "")
    refused = CliRunner().invoke(command, ["load-sample", "--size", "small"])
    assert isinstance(refused.exception, Conflict)
    # No is the answer where nobody answers; the question says which database it is about.
    asked = CliRunner().invoke(command, ["load-sample", "--size", "small", "--replace"], input="n\n")
    assert asked.exit_code != 0
    assert "/citygrid" in asked.output
