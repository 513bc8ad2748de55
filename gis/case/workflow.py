"""The workflow as one table: who may take which step from which state, and what it needs.

API, buttons, documents and tests read this table; a new step is a new row. Roles and the separation of the
two centres follow the notes on GB/T 30428 and CJ/T 292 (secondary sources; see docs/standards.md).
"""

from dataclasses import dataclass
from enum import StrEnum

from gis.case.states import CaseState
from gis.errors import ActionNotAllowed, NotAllowed
from gis.i18n import N_, _
from gis.people.models import Role

S = CaseState


class Need(StrEnum):
    """What a step cannot be taken without."""

    NOTE = "note"  # a reason in words
    DEPARTMENT = "department"  # proposed from the responsibilities when not named
    CONDITION = "condition"  # a filing rule; the class's first when not named


class Source(StrEnum):
    """案件来源: where a report comes from."""

    INSPECTOR = "inspector"
    HOTLINE = "hotline"
    CITIZEN = "citizen"
    MEDIA = "media"
    LEADER = "leader"
    IMPORTED = "imported"


@dataclass(frozen=True)
class Step:
    """One row: ``action`` takes a case from any of ``sources`` to ``target``.

    ``reports``: only for reports from these sources; empty means all. What comes by telephone or from the
    media must be verified on site before it is filed.
    """

    action: str
    title: str
    sources: tuple[CaseState, ...]
    target: CaseState
    roles: tuple[Role, ...]
    needs: tuple[Need, ...] = ()
    reports: tuple[Source, ...] = ()


REPORTERS = (Role.INSPECTOR, Role.ACCEPTOR)
SEEN_ON_SITE = (Source.INSPECTOR,)
BEFORE_DISPOSAL = (S.REPORTED, S.VERIFYING, S.VERIFIED, S.FILED, S.DISPATCHED, S.ACCEPTED)

# fmt: off
STEPS: tuple[Step, ...] = (
    # action, title, from, to, who, needs, only for reports from
    Step("send_verification", N_("Send to verify"), (S.REPORTED,), S.VERIFYING, (Role.ACCEPTOR,)),
    Step("verify", N_("Verify"), (S.REPORTED,), S.VERIFIED, (Role.ACCEPTOR,), (), SEEN_ON_SITE),
    Step("verify", N_("Verify"), (S.REPORTED, S.VERIFYING), S.VERIFIED, (Role.INSPECTOR,)),
    Step("refuse", N_("Refuse"), (S.REPORTED, S.VERIFYING, S.VERIFIED), S.REFUSED,
         (Role.ACCEPTOR, Role.SHIFT_LEADER), (Need.NOTE,)),
    Step("file", N_("File"), (S.REPORTED,), S.FILED, (Role.SHIFT_LEADER,), (Need.CONDITION,), SEEN_ON_SITE),
    Step("file", N_("File"), (S.VERIFIED,), S.FILED, (Role.SHIFT_LEADER,), (Need.CONDITION,)),
    Step("dispatch", N_("Dispatch"), (S.FILED,), S.DISPATCHED, (Role.DISPATCHER,), (Need.DEPARTMENT,)),
    Step("send_back", N_("Send back"), (S.FILED,), S.VERIFIED, (Role.DISPATCHER,), (Need.NOTE,)),
    Step("accept", N_("Accept"), (S.DISPATCHED,), S.ACCEPTED, (Role.DEPARTMENT,)),
    Step("send_back", N_("Send back"), (S.DISPATCHED, S.ACCEPTED), S.FILED, (Role.DEPARTMENT,), (Need.NOTE,)),
    Step("dispose", N_("Dispose"), (S.ACCEPTED,), S.DISPOSED, (Role.DEPARTMENT,)),
    Step("feed_back", N_("Feed back"), (S.DISPOSED,), S.FED_BACK, (Role.DEPARTMENT,)),
    Step("send_check", N_("Send to check"), (S.FED_BACK,), S.CHECKING, (Role.ACCEPTOR,)),
    Step("check", N_("Check"), (S.FED_BACK, S.CHECKING), S.CHECKED, (Role.INSPECTOR, Role.ACCEPTOR)),
    Step("rework", N_("Rework"), (S.FED_BACK, S.CHECKING, S.CHECKED), S.ACCEPTED,
         (Role.INSPECTOR, Role.ACCEPTOR, Role.SHIFT_LEADER), (Need.NOTE,)),
    Step("close", N_("Close"), (S.CHECKED,), S.CLOSED, (Role.SHIFT_LEADER,)),
    Step("void", N_("Void"), BEFORE_DISPOSAL, S.VOID, (Role.SHIFT_LEADER,), (Need.NOTE,)),
)
# fmt: on

ACTIONS: dict[str, str] = {"report": N_("Report")} | {step.action: step.title for step in STEPS}

STATE_TITLES: dict[CaseState, str] = {
    S.REPORTED: N_("Reported"),
    S.VERIFYING: N_("Being verified"),
    S.VERIFIED: N_("Verified, to be filed"),
    S.FILED: N_("Filed, to be dispatched"),
    S.DISPATCHED: N_("Dispatched, to be accepted"),
    S.ACCEPTED: N_("In disposal"),
    S.DISPOSED: N_("Disposed, to be fed back"),
    S.FED_BACK: N_("Fed back, to be checked"),
    S.CHECKING: N_("Being checked"),
    S.CHECKED: N_("Checked, to be closed"),
    S.CLOSED: N_("Closed"),
    S.REFUSED: N_("Refused"),
    S.VOID: N_("Void"),
}

ROLE_TITLES: dict[Role, str] = {
    Role.INSPECTOR: N_("Field inspector"),
    Role.ACCEPTOR: N_("Acceptor"),
    Role.SHIFT_LEADER: N_("Shift leader"),
    Role.DISPATCHER: N_("Dispatcher"),
    Role.DEPARTMENT: N_("Department"),
    Role.EVALUATOR: N_("Evaluator"),
    Role.PLANNER: N_("Planner"),
    Role.OWNER: N_("Pipeline owner"),
    Role.ADMIN: N_("Administrator"),
}


def open_steps(state: CaseState, role: Role, report_source: str) -> list[Step]:
    """The steps a role may take from a state, in the table's order."""
    return [
        step
        for step in STEPS
        if state in step.sources
        and role in step.roles
        and (not step.reports or report_source in step.reports)
    ]


def find_step(action: str, state: CaseState, role: Role, report_source: str) -> Step:
    """The row that lets a role take an action.

    Raises
    ------
    ActionNotAllowed
        No row leads from this state by this action (409); ``open_actions`` says what the role could do.
    NotAllowed
        A row does, but not for this role (403).
    """
    possible = open_steps(state, role, report_source)
    for step in possible:
        if step.action == action:
            return step
    open_actions = [step.action for step in possible]
    rows = [step for step in STEPS if step.action == action]
    if rows and role not in {holder for step in rows for holder in step.roles}:
        raise NotAllowed(
            _("{action} is not for the role {role}").format(
                action=_(ACTIONS[action]), role=_(ROLE_TITLES[role])
            ),
            open_actions=open_actions,
        )
    raise ActionNotAllowed(
        _("{action} cannot follow while the case is: {state}").format(
            action=_(ACTIONS.get(action, action)), state=_(STATE_TITLES[state])
        ),
        open_actions=open_actions,
    )
