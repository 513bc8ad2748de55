"""The ways cases go: each a row of steps that the workflow table allows, with how often it is taken."""

from dataclasses import dataclass
from itertools import product

from gis.case.states import CaseState
from gis.case.workflow import Source, find_step
from gis.people.models import Role

BY_INSPECTOR, BY_OTHERS = 0, 1


@dataclass(frozen=True)
class Step:
    """One step of a path; ``minutes`` it usually takes (median), beside disposal, which its limit sets."""

    action: str
    role: Role
    target: CaseState
    minutes: float


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
            ("verify", Role.INSPECTOR, 22),
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
    ("rework", Role.INSPECTOR, 35),
    ("dispose", Role.DEPARTMENT, 0),
    ("feed_back", Role.DEPARTMENT, 12),
    ("send_check", Role.ACCEPTOR, 6),
)
_CLOSED = (("check", Role.INSPECTOR, 35), ("close", Role.SHIFT_LEADER, 12))
_ENDINGS = {"plain": (0.958, (*_DONE, *_CLOSED)), "rework": (0.042, (*_DONE, *_AGAIN, *_CLOSED))}
_REFUSED = (0.030, (("refuse", Role.ACCEPTOR, 8),))
_VOID = (0.008, (*_FILED, ("void", Role.SHIFT_LEADER, 30)))


def _path(origin: int, weight: float, rows: tuple[tuple[str, Role, float], ...]) -> Path:
    """Follow the rows through the workflow table, which says where each step leads, or refuses it."""
    source = Source.INSPECTOR if origin == BY_INSPECTOR else Source.HOTLINE
    state = CaseState.REPORTED
    steps = [Step("report", rows[0][1], state, 0)]
    for action, role, minutes in rows[1:]:
        state = find_step(action, state, role, source).target
        steps.append(Step(action, role, state, minutes))
    return Path(origin, weight, tuple(steps))


def make_paths() -> tuple[Path, ...]:
    """All paths, checked against the workflow table as it stands."""
    paths = []
    for origin, share, begin in _BEGINNINGS.values():
        paths.append(_path(origin, share * _REFUSED[0], (*begin, *_REFUSED[1])))
        paths.append(_path(origin, share * _VOID[0], (*begin, *_VOID[1])))
        rest = share * (1 - _REFUSED[0] - _VOID[0])
        for (often, middle), (usual, end) in product(_MIDDLES.values(), _ENDINGS.values()):
            paths.append(_path(origin, rest * often * usual, (*begin, *middle, *end)))
    return tuple(paths)
