"""The ways cases go: each a row of steps that the workflow table allows, with how often it is taken."""

from dataclasses import dataclass
from itertools import product

from gis.case.states import CaseState
from gis.case.workflow import Pending, Proof, Source, Standing, find_step
from gis.case.workflow import Step as WorkflowStep
from gis.people.models import Role

BY_INSPECTOR, BY_OTHERS = 0, 1


@dataclass(frozen=True)
class Step:
    """One step of a path; ``minutes`` it usually takes (median), beside disposal, which its limit sets.

    ``target`` is the state after it, ``pending`` what waits for a decision then.
    """

    action: str
    role: Role
    target: CaseState
    minutes: float
    pending: Pending | None = None


@dataclass(frozen=True)
class Path:
    """``origin``: :data:`BY_INSPECTOR` or :data:`BY_OTHERS`; ``weight``: how often, within its origin."""

    origin: int
    weight: float
    steps: tuple[Step, ...]


# Action, role, minutes. What is reported by telephone is looked at on site before it is filed.
_BEGINNINGS = {
    "straight": (BY_INSPECTOR, 0.7, (("report", Role.INSPECTOR, 0),)),
    "looked at": (BY_INSPECTOR, 0.3, (("report", Role.INSPECTOR, 0), ("verify", Role.ACCEPTOR, 5))),
    "called in": (
        BY_OTHERS,
        1.0,
        (
            ("report", Role.ACCEPTOR, 0),
            ("send_verification", Role.ACCEPTOR, 4),
            ("verify", Role.INSPECTOR, 17),
        ),
    ),
}
_FILED = (("file", Role.SHIFT_LEADER, 6),)
_GIVEN = (("dispatch", Role.DISPATCHER, 7),)
_MIDDLES = {
    "plain": (0.935, (*_FILED, *_GIVEN)),
    "declined": (
        0.045,
        (*_FILED, *_GIVEN, ("send_back", Role.DEPARTMENT, 40), ("dispatch", Role.DISPATCHER, 15)),
    ),
    "unclear": (0.02, (*_FILED, ("send_back", Role.DISPATCHER, 9), ("file", Role.SHIFT_LEADER, 15), *_GIVEN)),
}  # fmt: skip
_DONE = (
    ("accept", Role.DEPARTMENT, 25),
    ("dispose", Role.DEPARTMENT, 0),
    ("feed_back", Role.DEPARTMENT, 12),
    ("send_check", Role.ACCEPTOR, 6),
)
_AGAIN = (
    ("rework", Role.INSPECTOR, 17),
    ("dispose", Role.DEPARTMENT, 0),
    ("feed_back", Role.DEPARTMENT, 12),
    ("send_check", Role.ACCEPTOR, 6),
)
_CLOSED = (("check", Role.INSPECTOR, 17), ("close", Role.SHIFT_LEADER, 8))
_REST_DONE = _DONE[1:]
_SUSPENDED = (
    ("ask_suspension", Role.DEPARTMENT, 60),
    ("grant_suspension", Role.DISPATCHER, 25),
    ("resume", Role.DEPARTMENT, 5 * 1440),
)
_LONGER = (("ask_extension", Role.DEPARTMENT, 60), ("grant_extension", Role.DISPATCHER, 25))
_FIXED = (("say_fixed", Role.ACCEPTOR, 1440),)
_NOT_FIXED = (("say_not_fixed", Role.ACCEPTOR, 2 * 1440), *_FIXED)
_REOPENED = (_NOT_FIXED[0], ("reopen", Role.SHIFT_LEADER, 30), _DONE[-1], *_CLOSED, *_FIXED)
_ENDINGS = {
    "plain": (0.84, (*_DONE, *_CLOSED)),
    "fixed": (0.038, (*_DONE, *_CLOSED, *_FIXED)),
    "reopened": (0.012, (*_DONE, *_CLOSED, *_REOPENED)),
    "rework": (0.042, (*_DONE, *_AGAIN, *_CLOSED)),
    "suspended": (0.028, (_DONE[0], *_SUSPENDED, *_REST_DONE, *_CLOSED)),
    "longer": (0.025, (_DONE[0], *_LONGER, *_REST_DONE, *_CLOSED)),
    "not fixed": (0.015, (*_DONE, *_CLOSED, *_NOT_FIXED)),
}
# Of a beginning's cases, those that never reach a department.
_SHORT = {
    "refused": (0.030, (("refuse", Role.ACCEPTOR, 8),)),
    "merged": (0.020, (("merge", Role.ACCEPTOR, 6),)),
    "void": (0.020, (*_FILED, ("ask_void", Role.DISPATCHER, 20), ("void", Role.SHIFT_LEADER, 30))),
}
# 自处置: what an inspector puts right while standing there.
_SELF = (0.06, (("self_dispose", Role.INSPECTOR, 15), ("archive", Role.ACCEPTOR, 12)))
_PROOFS = frozenset({Proof.IN_TIME, Proof.OWN_REPORT, Proof.PARTS_DONE, Proof.SAID_NOT_FIXED})


def _path(origin: int, weight: float, rows: tuple[tuple[str, Role, float], ...]) -> Path:
    """Follow the rows through the workflow table, which says where each step leads, or refuses it."""
    source = Source.INSPECTOR if origin == BY_INSPECTOR else Source.HOTLINE
    state, pending = CaseState.REPORTED, None
    steps = [Step("report", rows[0][1], state, 0)]
    for action, role, minutes in rows[1:]:
        row = find_step(action, Standing(state, source, pending, _PROOFS), role)
        state = row.target or state
        pending = next_pending(row, pending)
        steps.append(Step(action, role, state, minutes, pending))
    return Path(origin, weight, tuple(steps))


def next_pending(row: WorkflowStep, pending: Pending | None) -> Pending | None:
    """What waits for a decision once a step is taken."""
    return row.asks or (pending if row.stays and not row.decides else None)


def make_paths() -> tuple[Path, ...]:
    """All paths, checked against the workflow table as it stands."""
    paths = []
    for name, (origin, share, begin) in _BEGINNINGS.items():
        short = [*_SHORT.values(), *([_SELF] if name == "straight" else [])]
        for often, end in short:
            paths.append(_path(origin, share * often, (*begin, *end)))
        rest = share * (1 - sum(often for often, _end in short))
        for (often, middle), (usual, end) in product(_MIDDLES.values(), _ENDINGS.values()):
            paths.append(_path(origin, rest * often * usual, (*begin, *middle, *end)))
    return tuple(paths)
