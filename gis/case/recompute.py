"""The deadlines of all open cases anew, after the calendar has changed: in chunks, each as arrays.

The same rules as :func:`gis.case.clocks.derive`, and from the same stored intervals: a test compares the two.
Only rows that move are written. A case's ``version`` stays, because nobody has taken a step: whoever works on
it is not turned away with 412; ``updated_at`` moves, and every reading has the new deadline.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis.case.calendar import clocks_by_rule
from gis.case.clock import Bools, Seconds, WorkingClock
from gis.case.clocks import NOT_FILED, STANDS_STILL, WARN_SHARE, ends_of_limits
from gis.case.models import Case
from gis.case.side_models import CaseRequest
from gis.case.workflow import Pending
from gis.database import read_sql, transaction
from gis.standard.tables import limit_units

CHUNK = 10_000
AT_ONCE = 5_000  # open cases that are recomputed within the request that changes the calendar


@dataclass(frozen=True)
class Recomputed:
    """What came of it: ``cases`` looked at, of which ``moved`` have another deadline now."""

    cases: int = 0
    moved: int = 0

    def __add__(self, other: "Recomputed") -> "Recomputed":
        return Recomputed(self.cases + other.cases, self.moved + other.moved)


def recompute_all(closed: bool = False, say: Callable[[int, int], None] | None = None) -> Recomputed:
    """Recompute every open case, a transaction a chunk: what is locked is free again in a moment.

    ``closed``: those that are closed too, whose evaluation then follows the calendar as it is now. ``say`` is
    told how many are done, of how many.
    """
    with transaction() as session:
        total = count_open(session) if not closed else session.scalar(select(func.count(Case.id))) or 0
        state = calendar_state(session)
    done = Recomputed()
    after: int | None = 0
    while after is not None:
        with transaction() as session:
            chunk, after = recompute_chunk(session, after, closed)
        done += chunk
        if say is not None:
            say(done.cases, max(total, done.cases))
    with transaction() as session:
        note_recomputed(session, state)
    return done


def recompute_when_stale() -> Recomputed:
    """Recompute every open case if the calendar has changed since that was last done, whoever changed it."""
    with transaction() as session:
        current = is_recomputed(session)
    return Recomputed() if current else recompute_all()


def recompute_here(session: Session) -> Recomputed:
    """Recompute every open case within the caller's transaction."""
    state = calendar_state(session)
    done = Recomputed()
    after: int | None = 0
    while after is not None:
        chunk, after = recompute_chunk(session, after)
        done += chunk
    note_recomputed(session, state)
    return done


def count_open(session: Session) -> int:
    """How many cases are open."""
    return session.scalar(select(func.count()).where(Case.stage.is_not(None))) or 0


def calendar_state(session: Session) -> Any:
    """The mark of the calendar as it stands; another one after every change."""
    return session.scalar(text("SELECT revision FROM app.calendar_revision"))


def note_recomputed(session: Session, state: Any) -> None:
    """Keep that the deadlines of open cases follow a state of the calendar."""
    session.execute(text("UPDATE app.calendar_revision SET recomputed = :state"), {"state": state})


def is_recomputed(session: Session) -> bool:
    """Whether the deadlines of open cases follow the calendar as it stands."""
    return bool(session.scalar(text("SELECT recomputed = revision FROM app.calendar_revision")))


def recompute_chunk(
    session: Session, after: int, closed: bool = False, size: int = CHUNK
) -> tuple[Recomputed, int | None]:
    """Recompute the next cases after an id; returns what came of it and the last id, None at the end.

    The cases are locked before the calendar is read: a step that was under way when the calendar changed is
    waited for, and one that comes later reads the new calendar.
    """
    session.flush()
    wanted = {"after": after, "closed": closed, "size": size}
    rows = session.execute(read_sql("cases_to_recompute"), wanted).all()
    if not rows:
        return Recomputed(), None
    cases = _Cases.of(rows)
    spans = _spans(session, cases)
    due, warn, provisional = _deadlines(session, cases, spans)
    moved = spans.told & cases.limited
    moved &= (due != cases.due) | (warn != cases.warn) | (provisional != cases.provisional)
    if moved.any():
        values = {"ids": cases.ids, "due": due, "warn": warn, "provisional": provisional}
        session.execute(
            read_sql("move_deadlines"), {name: array[moved].tolist() for name, array in values.items()}
        )
        session.expire_all()
    last = rows[-1].id if len(rows) == size else None
    return Recomputed(len(rows), int(moved.sum())), last


@dataclass(frozen=True)
class _Cases:
    """One chunk as arrays, shape (n,), in the order of ids; moments in seconds since 1970 UTC, -1: none.

    ``minutes``: the limit by the rule, no extension in it; ``limited`` false: the deadline is not ours.
    """

    ids: Seconds
    not_filed: Bools
    stands_still: Bools
    limited: Bools
    minutes: NDArray[np.float64]
    continuous: Bools
    rules: NDArray[np.object_]
    extended: Bools
    reported: Seconds
    filed: Seconds
    suspended_until: Seconds
    due: Seconds
    warn: Seconds
    provisional: Bools

    @classmethod
    def of(cls, rows: Any) -> "_Cases":
        column = dict(zip(rows[0]._fields, zip(*rows, strict=True), strict=True))
        units = {unit.code: (float(unit.minutes), unit.is_continuous) for unit in limit_units()}
        minutes, continuous = zip(
            *(units.get(code, (0.0, True)) for code in column["limit_unit"]), strict=True
        )
        value = np.array([value or 0.0 for value in column["limit_value"]], dtype=np.float64)

        def moments(name: str) -> Seconds:
            return np.array(column[name], dtype=np.int64)

        def among(states: frozenset[Any]) -> Bools:
            return np.array([state in states for state in column["state"]], dtype=np.bool_)

        return cls(
            ids=moments("id"),
            not_filed=among(NOT_FILED),
            stands_still=among(STANDS_STILL),
            limited=np.array([unit is not None for unit in column["limit_unit"]]) & (value > 0),
            minutes=value * np.array(minutes),
            continuous=np.array(continuous, dtype=np.bool_),
            rules=np.array(column["rule_code"], dtype=np.object_),
            extended=np.array(column["extended"], dtype=np.bool_),
            reported=moments("reported"),
            filed=moments("filed"),
            suspended_until=moments("suspended_until"),
            due=moments("due"),
            warn=moments("warn"),
            provisional=np.array(column["provisional"], dtype=np.bool_),
        )


@dataclass(frozen=True)
class _Spans:
    """What the limit of each case runs through: arrays of shape (m,), case by case, in the order of time.

    ``case`` is the row of the chunk. ``turn``, shape (n,): the round of disposal. ``supposed``, shape (n,):
    the last span is only supposed. ``told``, shape (n,): there is a span at all.
    """

    case: NDArray[np.intp]
    starts: Seconds
    ends: Seconds
    turn: Seconds
    supposed: Bools
    told: Bools


def _spans(session: Session, cases: _Cases) -> _Spans:
    rows = session.execute(read_sql("disposal_intervals"), {"ids": cases.ids.tolist()}).all()
    told = np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, 4)
    case, turn_of = np.searchsorted(cases.ids, told[:, 0]), told[:, 1]
    turn = np.zeros(len(cases.ids), dtype=np.int64)
    np.maximum.at(turn, case, turn_of)
    counts = (turn_of == turn[case]) & ~cases.not_filed[case]
    case, starts, ends = case[counts], told[counts, 2], told[counts, 3]
    stopped = np.full(len(cases.ids), -1, dtype=np.int64)
    np.maximum.at(stopped, case, ends)
    supposed = cases.not_filed | cases.stands_still
    # While disposal stands still, what is left of the limit is counted from where it would go on.
    goes_on = np.select(
        [cases.not_filed, cases.suspended_until >= 0, stopped >= 0, cases.filed >= 0],
        [cases.reported, cases.suspended_until, stopped, cases.filed],
        cases.reported,
    )
    added = np.nonzero(supposed)[0]
    case = np.concatenate([case, added])
    order = np.argsort(case, kind="stable")
    starts = np.concatenate([starts, goes_on[added]])[order]
    ends = np.concatenate([ends, np.full(len(added), -1)])[order]
    has_span = np.bincount(case, minlength=len(cases.ids)) > 0
    return _Spans(case[order], starts, np.where(ends < 0, starts, ends), turn, supposed, has_span)


def _deadlines(session: Session, cases: _Cases, spans: _Spans) -> tuple[Seconds, Seconds, Bools]:
    minutes = cases.minutes + _granted_minutes(session, cases, spans.turn)
    due, warn = cases.due.copy(), cases.warn.copy()
    provisional = cases.provisional.copy()
    for mine, clock in _by_clock(clocks_by_rule(session), cases.rules, spans.told & cases.limited):
        inside = np.isin(spans.case, mine)
        case, starts, ends = spans.case[inside], spans.starts[inside], spans.ends[inside]
        firsts = np.searchsorted(case, mine)
        continuous = cases.continuous[mine]
        due[mine], beyond = ends_of_limits(clock, starts, ends, firsts, _seconds(minutes[mine]), continuous)
        warn[mine], _beyond = ends_of_limits(
            clock, starts, ends, firsts, _seconds(minutes[mine] * WARN_SHARE), continuous
        )
        provisional[mine] = spans.supposed[mine] | beyond
    return due, warn, provisional


def _seconds(minutes: NDArray[np.float64]) -> Seconds:
    return np.maximum(1, np.round(minutes * 60)).astype(np.int64)


def _by_clock(
    clocks: dict[str | None, WorkingClock], rules: NDArray[np.object_], wanted: Bools
) -> Iterator[tuple[NDArray[np.intp], WorkingClock]]:
    """The rows whose limits run by each clock, ascending."""
    seasonal = np.array([rule in clocks and rule is not None for rule in rules], dtype=np.bool_)
    for rule, clock in clocks.items():
        of_rule = ~seasonal if rule is None else rules == rule
        mine = np.nonzero(wanted & of_rule)[0]
        if len(mine):
            yield mine, clock


def _granted_minutes(session: Session, cases: _Cases, turn: Seconds) -> NDArray[np.float64]:
    added = np.zeros(len(cases.ids))
    extended = cases.ids[cases.extended].tolist()
    if extended:
        granted = (
            select(CaseRequest.case_id, CaseRequest.round, func.sum(CaseRequest.minutes).label("minutes"))
            .where(
                CaseRequest.case_id.in_(extended),
                CaseRequest.kind == Pending.EXTENSION,
                CaseRequest.granted.is_(True),
            )
            .group_by(CaseRequest.case_id, CaseRequest.round)
        )
        for row in session.execute(granted):
            place = int(np.searchsorted(cases.ids, row.case_id))
            if turn[place] == row.round:
                added[place] = row.minutes or 0.0
    return added
