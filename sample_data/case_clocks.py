"""The clocks of the sample's cases: the stretches of their links, and the deadlines that follow from these.

The same rules as :mod:`gis.case.clocks`, for many cases at once; tests compare the two case by case.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.case.clock import WorkingClock
from gis.case.clocks import NOT_FILED, STANDS_STILL, WARN_SHARE, WITHOUT_DISPOSAL, ends_of_limits
from gis.case.stages import STAGES, stage_of
from gis.case.states import CaseState
from gis.case.workflow import STEPS, Clock
from sample_data.lines import Bools, Ints

Seconds = NDArray[np.int64]
STATES = tuple(CaseState)
STAGE_CODES = tuple(STAGES)
DISPOSE, SUSPEND = STAGE_CODES.index("dispose"), STAGE_CODES.index("suspend")
GO_ON = frozenset(step.action for step in STEPS if step.clock is Clock.GO_ON)
SAME_OR_NEW = frozenset(step.action for step in STEPS if step.clock is Clock.SAME_OR_NEW)
NONE = -1


def _stage_index(state: CaseState) -> int:
    stage = stage_of(state)
    return NONE if stage is None else STAGE_CODES.index(stage.code)


STAGE_OF = np.array([_stage_index(state) for state in STATES])
STAGE_SECONDS = np.array([60 * (stage.minutes or 0) for stage in STAGES.values()], dtype=np.int64)


@dataclass(frozen=True)
class Intervals:
    """Stretches of a chunk's cases, case by case and in the order of time; one entry a stretch.

    Attributes
    ----------
    case : row of the chunk
    stage : index into :data:`STAGE_CODES`; ``round``: which turn of it, from 1
    started, ended : seconds since 1970 UTC; ``ended`` is -1 while it runs
    department : whose disposal it was, else 0
    person : who ended it, 0 while it runs
    """

    case: Ints
    stage: Ints
    round: Ints
    started: Seconds
    ended: Seconds
    department: Ints
    person: Ints


@dataclass(frozen=True)
class Deadlines:
    """Of each case, seconds since 1970 UTC, -1 where there is none; ``stage`` -1 once it has ended."""

    due: Seconds
    warn: Seconds
    provisional: Bools
    stage: Ints
    stage_due: Seconds
    stage_warn: Seconds


def intervals_of(
    steps: Ints, at: Seconds, target: Ints, actions: NDArray[np.object_], department: Ints, actor: Ints
) -> Intervals:
    """The stretches that the steps begin and end.

    Matrices have a row a case and a column a step; ``steps`` says how many were taken; ``actions`` are names.
    """
    count, width = at.shape
    stage = np.where(np.arange(width) < steps[:, None], STAGE_OF[target], NONE)
    before = np.column_stack([np.full(count, NONE), stage[:, :-1]])
    changes = stage != before
    entered = changes & (stage != NONE)
    turn = np.zeros((count, width), dtype=np.intp)
    latest = np.zeros((count, len(STAGE_CODES)), dtype=np.intp)
    owner = np.zeros(count, dtype=np.intp)
    rows = np.arange(count)
    for column in range(width):
        mine = rows[entered[:, column]]
        link, names = stage[mine, column], actions[mine, column]
        same = np.isin(names, list(GO_ON))
        same |= np.isin(names, list(SAME_OR_NEW)) & (owner[mine] == department[mine, column])
        turn[mine, column] = np.maximum(1, latest[mine, link] + np.where(same, 0, 1))
        latest[mine, link] = turn[mine, column]
        disposal = mine[link == DISPOSE]
        owner[disposal] = department[disposal, column]
    # The column in which the next change comes; ``width``: none.
    following = np.full((count, width + 1), width)
    for column in range(width - 1, -1, -1):
        following[:, column] = np.where(changes[:, column], column, following[:, column + 1])
    case, place = np.nonzero(entered)
    until = following[case, place + 1]
    # What changes at the first column past the steps of a case is nothing that has happened.
    runs = (until >= steps[case]) | (until == width)
    safe = np.minimum(until, width - 1)
    link = stage[case, place]
    return Intervals(
        case, link, turn[case, place], at[case, place], np.where(runs, -1, at[case, safe]),
        np.where(link == DISPOSE, department[case, place], 0), np.where(runs, 0, actor[case, safe]),
    )  # fmt: skip


def deadlines_of(
    told: Intervals,
    state: Ints,
    state_before: Ints,
    reported: Seconds,
    filed: Seconds,
    suspended_until: Seconds,
    limits: Seconds,
    continuous: Bools,
    clock: WorkingClock,
) -> Deadlines:
    """When disposal and the present link of each case end; ``limits`` in seconds, extensions included."""
    count = len(state)
    ended_before_disposal = np.isin(state, [STATES.index(s) for s in WITHOUT_DISPOSAL])
    standing = np.where(ended_before_disposal, state_before, state)
    not_filed = np.isin(standing, [STATES.index(s) for s in NOT_FILED])
    still = np.isin(standing, [STATES.index(s) for s in STANDS_STILL])
    disposal = told.stage == DISPOSE
    turn = np.zeros(count, dtype=np.intp)
    np.maximum.at(turn, told.case[disposal], told.round[disposal])
    counts = disposal & (told.round == turn[told.case]) & ~not_filed[told.case]
    stopped = np.full(count, -1, dtype=np.int64)
    np.maximum.at(stopped, told.case[counts], told.ended[counts])
    supposed = np.nonzero(not_filed | still)[0]
    from_here = np.select(
        [not_filed, suspended_until >= 0, stopped >= 0], [reported, suspended_until, stopped], filed
    )[supposed]
    case = np.concatenate([told.case[counts], supposed])
    starts = np.concatenate([told.started[counts], from_here])
    ends = np.concatenate([told.ended[counts], from_here])
    order = np.argsort(case, kind="stable")
    starts, ends = starts[order], np.where(ends[order] < 0, starts[order], ends[order])
    firsts = np.searchsorted(case[order], np.arange(count))
    due, beyond = ends_of_limits(clock, starts, ends, firsts, limits, continuous)
    early = np.maximum(1, np.round(limits * WARN_SHARE).astype(np.int64))
    warn, _beyond = ends_of_limits(clock, starts, ends, firsts, early, continuous)
    stage = STAGE_OF[state]
    last = np.searchsorted(told.case, np.arange(count), side="right") - 1
    begun, length = told.started[last], STAGE_SECONDS[stage]
    where = [stage == NONE, stage == DISPOSE, stage == SUSPEND]
    stage_due = np.select(where, [np.full(count, -1), due, suspended_until], begun + length)
    seconds = np.round(length * WARN_SHARE).astype(np.int64)
    stage_warn = np.select(where, [np.full(count, -1), warn, np.full(count, -1)], begun + seconds)
    return Deadlines(due, warn, not_filed | still | beyond, stage, stage_due, stage_warn)
