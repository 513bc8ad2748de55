"""Deadlines from stored intervals: the same intervals give the same deadline in whatever order they came.

A limit runs through the intervals of one round of a stage, one after the other, and ends in the interval that
uses up the rest of it. Where none of them does, it ends in the last one as if that went on; while disposal
stands still (suspended, sent back, not dispatched yet), as if it went on from a moment that is said below.
Nothing is ever added to a deadline that was computed before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from gis.case.calendar import clock_for
from gis.case.clock import Seconds, WorkingClock
from gis.case.models import Case
from gis.case.side_models import CaseInterval, CaseRequest
from gis.case.stages import STAGES, stage_of
from gis.case.states import CaseState
from gis.case.workflow import Clock, Pending
from gis.people.models import Person
from gis.standard.tables import limit_units

NEVER = datetime(9000, 1, 1, tzinfo=UTC)  # the end of a link without a limit: last in every queue
WARN_SHARE = 0.8  # of the limit used: the lamp turns yellow (UM, a secondary source)
STANDS_STILL = frozenset({CaseState.FILED, CaseState.SUSPENDED})
NOT_FILED = frozenset({CaseState.REPORTED, CaseState.SELF_DISPOSED, CaseState.VERIFYING, CaseState.VERIFIED})
WITHOUT_DISPOSAL = frozenset(
    {CaseState.ARCHIVED, CaseState.REFUSED, CaseState.MERGED, CaseState.VOID}
)  # what they would have been due at stays as it was


def ends_of_limits(
    clock: WorkingClock,
    starts: Seconds,
    ends: Seconds,
    firsts: NDArray[np.intp],
    limits: Seconds,
    continuous: NDArray[np.bool_],
) -> tuple[Seconds, NDArray[np.bool_]]:
    """When the limits of n cases end, each run through its own intervals.

    Parameters
    ----------
    starts, ends : int64 arrays, shape (m,), seconds since 1970 UTC
        Intervals, case by case and in order of time within a case. The end of a case's last interval is not
        looked at: the limit goes on beyond it.
    firsts : int array, shape (n,)
        Where each case's intervals begin in ``starts``; every case has one at least.
    limits : int64 array, shape (n,), seconds, > 0
    continuous : bool array, shape (n,)
        Whether a limit counts natural time; else working time of ``clock``.

    Returns
    -------
    ends : int64 array, shape (n,), seconds since 1970 UTC
    provisional : bool array, shape (n,)
        The loaded calendar does not cover all that was counted.
    """
    count = len(firsts)
    lengths = np.diff(np.append(firsts, len(starts)))
    case = np.repeat(np.arange(count), lengths)
    last = np.append(firsts[1:], len(starts)) - 1
    used = np.where(continuous[case], ends - starts, clock.worked_before(ends) - clock.worked_before(starts))
    used[last] = 0
    run = np.cumsum(used)
    before = run - used
    before -= before[firsts][case]
    reached = before + used >= limits[case]
    reached[last] = True
    place = np.where(reached, np.arange(len(starts)), len(starts))
    hit = np.minimum.reduceat(place, firsts)
    left = limits - before[hit]
    by_work, beyond = clock.deadlines(starts[hit], left)
    outside = ~clock.is_loaded(starts, ends) & (np.arange(len(starts)) < hit[case])
    uncovered = np.logical_or.reduceat(outside, firsts)
    due = np.where(continuous, starts[hit] + left, by_work)
    return due, ~continuous & (beyond | uncovered)


def lamp_of(now: datetime, warn_at: datetime | None, due_at: datetime | None) -> str | None:
    """绿黄红灯: green until four fifths of a limit are used, yellow to its end, then red.

    None where there is no limit.
    """
    if due_at is None or due_at >= NEVER:
        return None
    if now > due_at:
        return "red"
    return "yellow" if warn_at is not None and now >= warn_at else "green"


@dataclass(frozen=True)
class Span:
    """A stretch of time that counts; ``end`` is empty while it runs."""

    start: datetime
    end: datetime | None


def limit_end(
    clock: WorkingClock, spans: Sequence[Span], minutes: float, continuous: bool
) -> tuple[datetime, bool]:
    """When one limit of some minutes ends that runs through ``spans``; and whether that is provisional."""
    starts = np.array([int(span.start.timestamp()) for span in spans], dtype=np.int64)
    ends = np.array([int((span.end or span.start).timestamp()) for span in spans], dtype=np.int64)
    due, provisional = ends_of_limits(
        clock, starts, ends, np.zeros(1, dtype=np.intp),
        np.array([max(1, round(minutes * 60))]), np.array([continuous]),
    )  # fmt: skip
    return datetime.fromtimestamp(int(due[0]), UTC), bool(provisional[0])


def first_link(now: datetime) -> dict[str, Any]:
    """The columns of a case that has just been reported, for the statement that inserts it."""
    accept = STAGES["accept"]
    minutes = accept.minutes or 0
    return {
        "stage": accept.code,
        "stage_due_at": now + timedelta(minutes=minutes),
        "stage_warn_at": now + timedelta(minutes=minutes * WARN_SHARE),
    }


def expected_disposal(session: Session, now: datetime, value: float, unit: str) -> dict[str, Any]:
    """When disposal would end if it began now, as columns of a case that is not filed yet."""
    minutes, continuous = limit_minutes(value, unit)
    clock = clock_for(session, None)
    due, _beyond = limit_end(clock, [Span(now, None)], minutes, continuous)
    warn, _beyond = limit_end(clock, [Span(now, None)], minutes * WARN_SHARE, continuous)
    return {"due_at": due, "warn_at": warn, "due_is_provisional": True}


def start_clocks(session: Session, case: Case, now: datetime) -> None:
    """Begin the first link of a new case, whose columns are those of :func:`first_link`."""
    session.add(CaseInterval(case_id=case.id, stage="accept", round=1, started_at=now))


def move_clocks(
    session: Session, case: Case, origin: CaseState, effect: Clock, actor: Person | None, now: datetime
) -> None:
    """End the link that a step leaves, begin the one it enters, and derive the deadlines anew."""
    before, after = stage_of(origin), stage_of(case.state)
    told = _intervals(session, case)
    if before is not after or effect is Clock.SAME_OR_NEW:
        for running in told:
            if running.ended_at is None:
                _end(session, running, actor, now)
        if after is not None:
            told.append(_begin(session, case, told, after.code, effect, now))
    derive(session, case, told)


def _end(session: Session, running: CaseInterval, actor: Person | None, now: datetime) -> None:
    # Two clocks of two servers may differ by a little; time never runs backwards in a case.
    ended_at = max(now, running.started_at)
    ended_by = actor.id if actor else None
    # Written at once, before the next one is: only one may run.
    session.execute(
        update(CaseInterval)
        .where(CaseInterval.id == running.id)
        .values(ended_at=ended_at, person_id=ended_by)
        .execution_options(synchronize_session=False)
    )
    set_committed_value(running, "ended_at", ended_at)
    set_committed_value(running, "person_id", ended_by)


def _begin(
    session: Session, case: Case, told: list[CaseInterval], stage: str, effect: Clock, now: datetime
) -> CaseInterval:
    earlier = [row for row in told if row.stage == stage]
    latest = max((row.round for row in earlier), default=0)
    goes_on = effect is Clock.GO_ON or (
        effect is Clock.SAME_OR_NEW and bool(earlier) and earlier[-1].department_id == case.department_id
    )
    begun = CaseInterval(
        case_id=case.id,
        stage=stage,
        round=max(1, latest if goes_on else latest + 1),
        started_at=max(now, told[-1].ended_at or now) if told else now,
        department_id=case.department_id if stage == "dispose" else None,
    )
    session.add(begun)
    return begun


def derive(session: Session, case: Case, told: list[CaseInterval] | None = None) -> None:
    """Write a case's deadlines from its intervals, its limit and what was granted."""
    told = _intervals(session, case) if told is None else told
    stage = stage_of(case.state)
    case.stage = stage.code if stage else None
    if case.state not in WITHOUT_DISPOSAL:
        _set_due(session, case, [row for row in told if row.stage == "dispose"])
    if stage is None:
        case.stage_due_at = case.stage_warn_at = None
        return
    mine = [row for row in told if row.stage == stage.code]
    turn = mine[-1].round if mine else 1
    _set_stage(case, [Span(row.started_at, row.ended_at) for row in mine if row.round == turn])


def disposal_round(told: Sequence[CaseInterval]) -> int:
    """The round of disposal a case is in; 0 before it was ever dispatched."""
    return max((row.round for row in told if row.stage == "dispose"), default=0)


def disposal_rounds(session: Session, case: Case) -> int:
    """The same, read from the database."""
    return disposal_round(_intervals(session, case))


def limit_minutes(value: float, unit: str) -> tuple[float, bool]:
    """A limit in minutes, and whether these are of natural time; else they are of working time."""
    row = next(row for row in limit_units() if row.code == unit)
    return value * row.minutes, row.is_continuous


def disposal_spans(case: Case, disposal: Sequence[CaseInterval], turn: int) -> tuple[list[Span], bool]:
    """The spans that the limit of disposal runs through, and whether the last one is only supposed.

    While disposal stands still the rest is counted from where it would go on: a suspension's end, the moment
    it was sent back, else from filing, else from the report.
    """
    spans = [Span(row.started_at, row.ended_at) for row in disposal if row.round == turn]
    if case.state in NOT_FILED:
        return [Span(case.reported_at, None)], True
    if case.state in STANDS_STILL:
        stopped = spans[-1].end if spans else None
        from_here = case.suspended_until or stopped or case.filed_at or case.reported_at
        return [*spans, Span(from_here, None)], True
    return spans, False


def _set_due(session: Session, case: Case, disposal: list[CaseInterval]) -> None:
    turn = disposal_round(disposal)
    spans, supposed = disposal_spans(case, disposal, turn)
    if not spans:
        return
    if case.limit_value is None or case.limit_unit is None:
        _set_foreign_warning(case, spans[0].start)
        return
    minutes, continuous = limit_minutes(case.limit_value, case.limit_unit)
    if case.extension_count:
        minutes += granted_minutes(session, case, turn)
    clock = clock_for(session, case.rule_code)
    due, beyond = limit_end(clock, spans, minutes, continuous)
    warn, _beyond = limit_end(clock, spans, minutes * WARN_SHARE, continuous)
    case.due_at, case.warn_at = due, warn
    case.due_is_provisional = supposed or beyond


def _set_foreign_warning(case: Case, start: datetime) -> None:
    """The deadline is another system's and stays as it gave it."""
    case.due_is_provisional = False
    case.warn_at = None if case.due_at is None else start + WARN_SHARE * max(case.due_at - start, timedelta())


def granted_minutes(session: Session, case: Case, turn: int) -> float:
    """Minutes that extensions added to the limit of a round of disposal."""
    found = session.scalar(
        select(func.coalesce(func.sum(CaseRequest.minutes), 0.0)).where(
            CaseRequest.case_id == case.id,
            CaseRequest.kind == Pending.EXTENSION,
            CaseRequest.granted.is_(True),
            CaseRequest.round == turn,
        )
    )
    return float(found or 0)


def _set_stage(case: Case, spans: Sequence[Span]) -> None:
    stage = stage_of(case.state)
    case.stage = stage.code if stage else None
    if stage is None:
        case.stage_due_at = case.stage_warn_at = None
    elif stage.code == "dispose":
        case.stage_due_at, case.stage_warn_at = case.due_at or NEVER, case.warn_at
    elif stage.code == "suspend":
        case.stage_due_at, case.stage_warn_at = case.suspended_until, None
    else:
        minutes = STAGES[stage.code].minutes or 0
        case.stage_due_at = _natural_end(spans, minutes)
        case.stage_warn_at = _natural_end(spans, minutes * WARN_SHARE)


def _natural_end(spans: Sequence[Span], minutes: float) -> datetime:
    left = timedelta(minutes=minutes)
    for span in spans[:-1]:
        length = (span.end or span.start) - span.start
        if length >= left:
            return span.start + left
        left -= length
    return spans[-1].start + left


def _intervals(session: Session, case: Case) -> list[CaseInterval]:
    return list(
        session.scalars(
            select(CaseInterval)
            .where(CaseInterval.case_id == case.id)
            .order_by(CaseInterval.started_at, CaseInterval.id)
        )
    )
