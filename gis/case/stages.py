"""环节: the links a case passes through, each with a clock of its own; one table.

A case is in one stage at a time, given by its state. The limits of the links are a city's practice (secondary
sources: 15 minutes to accept and to dispatch, 30 to verify and to check); where none was found the number is
ours and says so. All of them run day and night; only disposal has its limit from the filing rule.
"""

from dataclasses import dataclass

from gis.case.states import ENDED, CaseState
from gis.i18n import N_
from gis.people.models import Role

S, R = CaseState, Role


@dataclass(frozen=True)
class Stage:
    """One link. ``minutes``: its limit in natural time; ``None`` for disposal (by rule) and suspension.

    ``holders``: whose turn it is. ``source`` and ``status`` as in the tables of the standards: where the
    number was read, how far it may be trusted; ``own`` is this service's own setting.
    """

    code: str
    title: str
    states: tuple[CaseState, ...]
    holders: tuple[Role, ...]
    minutes: int | None
    source: str
    status: str


# fmt: off
STAGES: dict[str, Stage] = {stage.code: stage for stage in (
    Stage("accept", N_("Acceptance"), (S.REPORTED, S.SELF_DISPOSED), (R.ACCEPTOR,), 15, "YC", "secondary"),
    Stage("verify", N_("Verification on site"), (S.VERIFYING,), (R.INSPECTOR,), 30, "YC", "secondary"),
    Stage("file", N_("Filing"), (S.VERIFIED,), (R.SHIFT_LEADER,), 15, "citygrid", "own"),
    Stage("dispatch", N_("Dispatch"), (S.FILED,), (R.DISPATCHER,), 15, "YC", "secondary"),
    Stage("dispose", N_("Disposal"), (S.DISPATCHED, S.ACCEPTED, S.DISPOSED), (R.DEPARTMENT,), None,
          "filing_rule", "by rule"),
    Stage("suspend", N_("Suspension"), (S.SUSPENDED,), (), None, "citygrid", "by decision"),
    Stage("send_check", N_("Sending to check"), (S.FED_BACK,), (R.ACCEPTOR,), 15, "citygrid", "own"),
    Stage("check", N_("Check on site"), (S.CHECKING,), (R.INSPECTOR,), 30, "YC", "secondary"),
    Stage("close", N_("Closing"), (S.CHECKED,), (R.SHIFT_LEADER,), 15, "citygrid", "own"),
)}
# fmt: on

_STAGE_OF = {state: stage for stage in STAGES.values() for state in stage.states}


def stage_of(state: CaseState) -> Stage | None:
    """The link a state belongs to; ``None`` once the case has ended."""
    return None if state in ENDED else _STAGE_OF[state]


def turn_of(role: Role) -> frozenset[CaseState]:
    """The states in which it is a role's turn."""
    return frozenset(state for stage in STAGES.values() if role in stage.holders for state in stage.states)
