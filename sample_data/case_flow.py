"""How cases go on: when each step is taken, by whom, and where the case stands at the sample's now."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gis.case.clock import WorkingClock
from gis.case.limits import UNWRITTEN
from gis.case.states import OPEN, CaseState
from gis.case.workflow import ACTIONS as ACTION_TITLES
from gis.case.workflow import Pending
from gis.people.models import Role
from gis.standard.tables import limit_units
from sample_data.case_clocks import Deadlines, Intervals, deadlines_of, intervals_of
from sample_data.case_drafts import Drafts
from sample_data.case_paths import Path
from sample_data.chance import stream
from sample_data.geometry import Floats
from sample_data.lines import Bools, Ints

Seconds = NDArray[np.int64]
STATES = tuple(CaseState)
ACTIONS = tuple(ACTION_TITLES)
ACTION_NAMES = np.array(ACTIONS, dtype=object)
PENDING = tuple(Pending)
SAID = (None, "fixed", "not_fixed")
ROLES = (Role.INSPECTOR, Role.ACCEPTOR, Role.SHIFT_LEADER, Role.DISPATCHER, Role.DEPARTMENT)
LATE_SHARE = 0.045  # beside those that come late for other reasons
NEVER = np.iinfo(np.int64).max
DAY_S = 86_400


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

    Moments are seconds since 1970 UTC, -1 where there is none; ``department`` 0 is none. ``pending`` counts
    in :data:`PENDING`, -1 where nothing waits for a decision; ``extension_s`` was added to the limit.
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
    suspended_until: Seconds
    pending: Ints
    extension_s: Seconds
    rework: Ints
    is_filed: Bools  # a condition was chosen
    said: Ints  # what a caller said after closing, counted in SAID
    told: Intervals = field(init=False)
    ends: Deadlines = field(init=False)

    @property
    def due(self) -> Seconds:
        """The end of disposal."""
        return self.ends.due

    def state_before(self, column: int) -> Ints:
        """The state each case was in when a step was taken."""
        return self.target[:, max(column - 1, 0)]

    def names(self) -> NDArray[np.object_]:
        """The actions by name, in the shape of ``action``; columns past ``steps`` name something, too."""
        return ACTION_NAMES[self.action]


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
    action, target, role, waits = (np.full((count, width), -1, dtype=np.intp) for _ in range(4))
    for index, path in enumerate(paths):
        mine = np.nonzero(drafts.path[part] == index)[0]
        if not len(mine):
            continue
        at[mine, : len(path.steps)] = _times(path, drafts.reported[part][mine], limits, mine, clock, chance)
        for column, step in enumerate(path.steps):
            action[mine, column] = ACTIONS.index(step.action)
            target[mine, column] = STATES.index(step.target)
            role[mine, column] = ROLES.index(step.role)
            waits[mine, column] = -1 if step.pending is None else PENDING.index(step.pending)
    until = np.full(count, now, dtype=np.int64)
    if is_last:
        # Every desk has work, however small the city.
        least = int(np.clip(len(drafts.reported) // 800, 3, 12))
        _keep_waiting(at, target, waits, action, until, least)
    steps = (at <= until[:, None]).sum(axis=1)
    flow = _effects(part.start, steps, at, action, target, role, waits, limits, right, office, now)
    flow.actor = _actors(flow, crew, duty, chance)
    _run_clocks(flow, limits, clock)
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
    # A repair is handed over some minutes after it is done.
    wanted = np.round(ratio * np.maximum(limit - 1200, limit // 2)).astype(np.int64)
    moment = reported.copy()
    given = moment
    used = np.zeros(count, dtype=np.int64)
    times = [moment]
    reworked = False
    for step in path.steps[1:]:
        median = (step.minutes or 120.0) * 60
        spent = np.maximum(30, np.round(median * np.exp(chance.normal(0, 0.55, count)))).astype(np.int64)
        if step.action.startswith("grant"):
            moment = moment + np.minimum(spent, limit // 5)
        elif step.role is not Role.DEPARTMENT or step.action in ("feed_back", "resume"):
            moment = moment + spent
        elif step.action == "dispose" and not reworked:
            done = _after(given, wanted - used, continuous, clock)
            moment = np.maximum(done, moment + 180)
        else:
            moment = _after(moment, np.minimum(spent, limit // 5), continuous, clock)
        if step.action == "grant_suspension":
            used = used + _spent(given, moment, continuous, clock)
        if step.action in ("dispatch", "resume"):
            given = moment
        reworked = reworked or step.action == "rework"
        times.append(moment)
    return np.stack(times, axis=1)


def _spent(begin: Seconds, end: Seconds, continuous: Bools, clock: WorkingClock) -> Seconds:
    """How much of a limit goes by between two moments."""
    working = clock.worked_before(end) - clock.worked_before(begin)
    result: Seconds = np.where(continuous, end - begin, working)
    return result


def _after(start: Seconds, spent: Seconds, continuous: Bools, clock: WorkingClock) -> Seconds:
    """So much later: by the clock on the wall where continuous, else by the working clock."""
    working, _provisional = clock.deadlines(start, np.maximum(spent, 1))
    result: Seconds = np.where(continuous, start + spent, working)
    return result


def _keep_waiting(at: Seconds, target: Ints, waits: Ints, action: Ints, until: Seconds, least: int) -> None:
    """Hold back the latest cases so that ``least`` wait in each open state and for each kind of decision.

    Changes ``until`` in place.
    """
    rows = np.arange(len(at))
    is_open = [STATES.index(s) for s in OPEN]
    asked = [(waits, kind) for kind in np.unique(waits[waits >= 0]).tolist()]
    asked.append((action, ACTIONS.index("say_not_fixed")))
    for marks, wanted in [*asked, *((target, state) for state in is_open)]:
        last = (at <= until[:, None]).sum(axis=1) - 1
        missing = least - int((marks[rows, last] == wanted).sum())
        reached = (marks == wanted) & (at <= until[:, None])
        if marks is not target:
            missing = min(missing, int(reached.any(axis=1).sum()) // 2)  # some are decided, too
        if missing <= 0:
            continue
        ended = ~np.isin(target[rows, last], is_open)
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
    waits: Ints,
    limits: Limits,
    right: Ints,
    office: Ints,
    now: int,
) -> Flow:
    """What each step changes beside the state: as ``gis.case.service`` does, for all cases at once."""
    count, width = at.shape
    none = np.full(count, -1, dtype=np.int64)
    rows = np.arange(count)
    flow = Flow(
        start, steps, at, action, target, role, np.zeros_like(action), np.zeros_like(action),
        target[rows, steps - 1], np.zeros(count, dtype=np.intp), none.copy(), none.copy(), none.copy(),
        none.copy(), none.copy(), waits[rows, steps - 1], np.zeros(count, dtype=np.int64),
        np.zeros(count, dtype=np.intp), np.zeros(count, dtype=bool), np.zeros(count, dtype=np.intp),
    )  # fmt: skip
    sent_back = (action == ACTIONS.index("send_back")) & (role == ROLES.index(Role.DEPARTMENT))
    for column in range(width):
        taken = column < steps
        at_now = at[:, column]

        def took(name: str, taken: Bools = taken, column: int = column) -> Bools:
            return np.asarray(taken & (action[:, column] == ACTIONS.index(name)))

        filed, given, back = took("file"), took("dispatch"), took("send_back")
        flow.filed[filed] = at_now[filed]
        flow.is_filed |= filed
        # The first department of a case that comes back is the wrong one.
        wrong = given & sent_back[:, column + 1 :].any(axis=1)
        flow.department[given] = right[given]
        flow.department[wrong] = office[wrong]
        flow.dispatched[given] = at_now[given]
        flow.filed[back & (flow.state_before(column) == STATES.index(CaseState.FILED))] = -1
        flow.department[back], flow.dispatched[back] = 0, -1
        handed_over, closed, again = took("feed_back"), took("close"), took("rework")
        flow.disposed[handed_over] = at_now[handed_over]
        flow.disposed[again] = -1
        flow.closed[closed] = at_now[closed]
        reopened = took("reopen")
        flow.closed[reopened], flow.said[reopened] = -1, 0
        flow.rework[again] += 1
        longer = took("grant_extension")
        flow.extension_s[longer] = limits.chosen_s[longer]  # the limit once more
        flow.said[took("say_not_fixed")] = SAID.index("not_fixed")
        flow.said[took("say_fixed")] = SAID.index("fixed")
        flow.step_department[:, column] = flow.department
    suspended = flow.state == STATES.index(CaseState.SUSPENDED)
    flow.suspended_until[suspended] = until_of(flow, rows, steps - 2, now)[suspended]
    return flow


def until_of(flow: Flow, row: Ints, column: Ints, now: int) -> Seconds:
    """Until when a suspension was asked for in a step: the hour after it was resumed, or days to come."""
    resumed = flow.at[row, np.minimum(column + 2, flow.at.shape[1] - 1)]
    in_days = now + DAY_S * (1 + flow.at[row, 0] % 6)
    planned: Seconds = np.where(column + 2 < flow.steps[row], resumed, in_days)
    return (planned // 3600 + 1) * 3600


def _run_clocks(flow: Flow, limits: Limits, clock: WorkingClock) -> None:
    flow.told = intervals_of(
        flow.steps, flow.at, flow.target, flow.names(), flow.step_department, flow.actor
    )  # fmt: skip
    rows = np.arange(len(flow.steps))
    before = flow.target[rows, np.maximum(flow.steps - 2, 0)]
    limit = np.where(flow.is_filed, limits.chosen_s, limits.first_s) + flow.extension_s
    continuous = np.where(flow.is_filed, limits.chosen_continuous, limits.first_continuous)
    flow.ends = deadlines_of(
        flow.told, flow.state, before, flow.at[:, 0], flow.filed, flow.suspended_until, limit, continuous,
        clock,
    )  # fmt: skip


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
