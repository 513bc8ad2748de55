"""How cases go on: when each step is taken, by whom, and where the case stands at the sample's now."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.case.clock import WorkingClock
from gis.case.limits import UNWRITTEN
from gis.case.states import OPEN, CaseState
from gis.people.models import Role
from gis.standard.tables import limit_units
from sample_data.case_drafts import Drafts
from sample_data.case_paths import Path
from sample_data.chance import stream
from sample_data.geometry import Floats
from sample_data.lines import Bools, Ints

Seconds = NDArray[np.int64]
STATES = tuple(CaseState)
ACTIONS = ("report", "send_verification", "verify", "refuse", "file", "dispatch", "send_back", "accept",
           "dispose", "feed_back", "send_check", "check", "rework", "close", "void")  # fmt: skip
ROLES = (Role.INSPECTOR, Role.ACCEPTOR, Role.SHIFT_LEADER, Role.DISPATCHER, Role.DEPARTMENT)
LATE_SHARE = 0.055  # beside those that come late for other reasons
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Crew:
    """Who acts. ``inspector``: of each duty grid; ``department``: two people of each department id."""

    inspector: Ints
    relief: Ints  # a second inspector of the duty grid, or the same
    acceptors: Ints
    leaders: Ints
    dispatchers: Ints
    department: NDArray[np.intp]  # shape (departments + 1, 2)


@dataclass(frozen=True)
class Limits:
    """Of each case: what its class usually allows, and what the chosen condition allows, in seconds."""

    first_s: Seconds
    first_continuous: Bools
    chosen_s: Seconds
    chosen_continuous: Bools


@dataclass
class Flow:
    """Cases ``start`` onward. Matrices: a row a case, a column a step; columns past ``steps`` are empty.

    Moments are seconds since 1970 UTC, -1 where there is none; ``department`` 0 is none.
    """

    start: int
    steps: Ints
    at: Seconds
    action: Ints
    target: Ints
    role: Ints
    actor: Ints
    step_department: Ints
    state: Ints
    department: Ints
    filed: Seconds
    dispatched: Seconds
    disposed: Seconds
    closed: Seconds
    due: Seconds
    provisional: Bools
    rework: Ints
    is_filed: Bools  # a condition was chosen

    def state_before(self, column: int) -> Ints:
        """The state each case was in when a step was taken."""
        return self.target[:, max(column - 1, 0)]


def limits_of(drafts: Drafts, part: slice) -> Limits:
    """Limits of some cases; where a class has no rule, the service's own."""
    units = {unit.code: (unit.minutes * 60, unit.is_continuous) for unit in limit_units()}

    def limit(value: float, unit: str) -> tuple[int, bool]:
        return round(value * units[unit][0]), units[unit][1]

    table = [
        [limit(value, unit) for _code, value, unit in row.rules] or [limit(UNWRITTEN.value, UNWRITTEN.unit)]
        for row in drafts.classes
    ]
    width = max(map(len, table))
    seconds = np.array([[row[min(k, len(row) - 1)][0] for k in range(width)] for row in table])
    continuous = np.array([[row[min(k, len(row) - 1)][1] for k in range(width)] for row in table])
    klass, rule = drafts.klass[part], np.maximum(drafts.rule[part], 0)
    return Limits(seconds[klass, 0], continuous[klass, 0], seconds[klass, rule], continuous[klass, rule])


def run(
    drafts: Drafts,
    part: slice,
    paths: tuple[Path, ...],
    clock: WorkingClock,
    crew: Crew,
    duty: Ints,
    right: Ints,
    office: Ints,
    now: int,
    seed: int,
    is_last: bool,
) -> Flow:
    """Let some cases run up to ``now``.

    ``duty``: duty grid of each case; ``right``: department that answers for it; ``office``: of its street, to
    which it is sent by mistake where a path says that a department sends it back.
    """
    chance = stream(seed, f"case flow {part.start}")
    count, width = part.stop - part.start, max(len(path.steps) for path in paths)
    limits = limits_of(drafts, part)
    at = np.full((count, width), NEVER, dtype=np.int64)
    action, target, role = (np.full((count, width), -1, dtype=np.intp) for _ in range(3))
    for index, path in enumerate(paths):
        mine = np.nonzero(drafts.path[part] == index)[0]
        if not len(mine):
            continue
        at[mine, : len(path.steps)] = _times(path, drafts.reported[part][mine], limits, mine, clock, chance)
        for column, step in enumerate(path.steps):
            action[mine, column] = ACTIONS.index(step.action)
            target[mine, column] = STATES.index(step.target)
            role[mine, column] = ROLES.index(step.role)
    until = np.full(count, now, dtype=np.int64)
    if is_last:
        # Every desk has work, however small the city.
        _keep_waiting(at, target, until, least=int(np.clip(len(drafts.reported) // 800, 3, 12)))
    steps = (at <= until[:, None]).sum(axis=1)
    flow = _effects(part.start, steps, at, action, target, role, limits, clock, right, office)
    flow.actor = _actors(flow, crew, duty, chance)
    return flow


def _times(
    path: Path,
    reported: Seconds,
    limits: Limits,
    mine: Ints,
    clock: WorkingClock,
    chance: np.random.Generator,
) -> Seconds:
    """When each step of a path is taken, shape (cases, steps); always later than the one before."""
    limit, continuous = limits.chosen_s[mine], limits.chosen_continuous[mine]
    count = len(mine)
    ratio = 0.12 + 0.82 * chance.beta(2.0, 1.6, count)
    ratio = np.where(continuous, np.maximum(ratio, 0.3), ratio)
    late = chance.random(count) < LATE_SHARE
    ratio[late] = 1.02 + np.minimum(chance.exponential(0.4, int(late.sum())), 2.0)
    moment = reported.copy()
    given = moment
    times = [moment]
    reworked = False
    for step in path.steps[1:]:
        median = (step.minutes or 120.0) * 60
        spent = np.maximum(30, np.round(median * np.exp(chance.normal(0, 0.55, count)))).astype(np.int64)
        if step.role is not Role.DEPARTMENT or step.action == "feed_back":
            moment = moment + spent
        elif step.action == "dispose" and not reworked:
            done = _after(given, np.round(ratio * limit).astype(np.int64), continuous, clock)
            moment = np.maximum(done, moment + 180)
        else:
            moment = _after(moment, np.minimum(spent, limit // 5), continuous, clock)
        given = moment if step.action == "dispatch" else given
        reworked = reworked or step.action == "rework"
        times.append(moment)
    return np.stack(times, axis=1)


def _after(start: Seconds, spent: Seconds, continuous: Bools, clock: WorkingClock) -> Seconds:
    """So much later: by the clock on the wall where continuous, else by the working clock."""
    working, _provisional = clock.deadlines(start, np.maximum(spent, 1))
    result: Seconds = np.where(continuous, start + spent, working)
    return result


def _keep_waiting(at: Seconds, target: Ints, until: Seconds, least: int) -> None:
    """Hold back the latest cases so that ``least`` wait in each open state; changes ``until`` in place."""
    rows = np.arange(len(at))
    for name in OPEN:
        state = STATES.index(name)
        final = target[rows, (at <= until[:, None]).sum(axis=1) - 1]
        missing = least - int((final == state).sum())
        if missing <= 0:
            continue
        reached = (target == state) & (at <= until[:, None])
        ended = ~np.isin(final, [STATES.index(s) for s in OPEN])
        row, column = np.nonzero(reached & ended[:, None])
        latest = np.argsort(-at[row, column], kind="stable")
        for pick in latest:
            if missing and until[row[pick]] > at[row[pick], column[pick]]:
                until[row[pick]] = at[row[pick], column[pick]]
                missing -= 1


def _effects(
    start: int,
    steps: Ints,
    at: Seconds,
    action: Ints,
    target: Ints,
    role: Ints,
    limits: Limits,
    clock: WorkingClock,
    right: Ints,
    office: Ints,
) -> Flow:
    """What each step changes beside the state: as ``gis.case.service`` does, for all cases at once."""
    count, width = at.shape
    none = np.full(count, -1, dtype=np.int64)
    due = _after(at[:, 0], limits.first_s, limits.first_continuous, clock)
    flow = Flow(
        start, steps, at, action, target, role, np.zeros_like(action), np.zeros_like(action),
        target[np.arange(count), steps - 1], np.zeros(count, dtype=np.intp), none.copy(), none.copy(),
        none.copy(), none.copy(), due, np.ones(count, dtype=bool), np.zeros(count, dtype=np.intp),
        np.zeros(count, dtype=bool),
    )  # fmt: skip
    sent_back = (action == ACTIONS.index("send_back")) & (role == ROLES.index(Role.DEPARTMENT))
    for column in range(width):
        taken = column < steps
        now = at[:, column]

        def took(name: str, taken: Bools = taken, column: int = column) -> Bools:
            return np.asarray(taken & (action[:, column] == ACTIONS.index(name)))

        filed, given, back = took("file"), took("dispatch"), took("send_back")
        flow.filed[filed] = now[filed]
        flow.is_filed |= filed
        for mask, provisional in ((filed, True), (given, False)):
            moment = _after(now[mask], limits.chosen_s[mask], limits.chosen_continuous[mask], clock)
            flow.due[mask], flow.provisional[mask] = moment, provisional
        # The first department of a case that comes back is the wrong one.
        wrong = given & sent_back[:, column + 1 :].any(axis=1)
        flow.department[given] = right[given]
        flow.department[wrong] = office[wrong]
        flow.dispatched[given] = now[given]
        flow.filed[back & (flow.state_before(column) == STATES.index(CaseState.FILED))] = -1
        flow.department[back], flow.dispatched[back] = 0, -1
        disposed, closed, again = took("dispose"), took("close"), took("rework")
        flow.disposed[disposed] = now[disposed]
        flow.closed[closed] = now[closed]
        flow.rework[again] += 1
        flow.step_department[:, column] = flow.department
    return flow


def _actors(flow: Flow, crew: Crew, duty: Ints, chance: np.random.Generator) -> Ints:
    count, width = flow.at.shape
    relieved = chance.random(count) < 0.5
    inspector = np.where(relieved, crew.relief[duty], crew.inspector[duty])
    first = chance.integers(1 << 30, size=(count, width))
    which = (first % 20 < 7).astype(np.intp)
    # Who sends a case back is of the department it was given to before.
    department = flow.step_department.copy()
    empty = department == 0
    department[:, 1:][empty[:, 1:]] = flow.step_department[:, :-1][empty[:, 1:]]
    by_role = (
        np.broadcast_to(inspector[:, None], (count, width)),
        crew.acceptors[first % len(crew.acceptors)],
        crew.leaders[first % len(crew.leaders)],
        crew.dispatchers[first % len(crew.dispatchers)],
        crew.department[department, which],
    )
    result: Ints = np.select([flow.role == k for k in range(len(ROLES))], by_role, 0)
    return result


def on_time(flow: Flow) -> Floats:
    """Share of closed cases whose last disposal came in time."""
    closed = flow.closed >= 0
    return np.asarray((flow.disposed[closed] <= flow.due[closed]).mean())
