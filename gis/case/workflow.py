"""The workflow as one table: who may take which step from which state, what it needs, what the clock does.

API, buttons, documents and tests read this table; a new step is a new row. Roles and the separation of the
two centres follow the notes on GB/T 30428 and CJ/T 292 (secondary sources; see docs/standards.md).
"""

from collections.abc import Iterable
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
    CLOSING = "closing"  # the closing condition of the rule it was filed by; that rule's when not named
    PHOTO = "photo"  # a photo of what was put right
    AFTER_PHOTO = "after_photo"  # the same, asked for; required where the city set it so
    CASE = "case"  # the number of another case
    UNTIL = "until"  # a moment, with its offset
    CLASS = "class"  # another class, and what belongs to it
    PERSON = "person"  # an inspector's login


class Source(StrEnum):
    """案件来源: where a report comes from."""

    INSPECTOR = "inspector"
    HOTLINE = "hotline"
    CITIZEN = "citizen"
    OPEN311 = "open311"  # a citizen, by another system
    MEDIA = "media"
    LEADER = "leader"
    IMPORTED = "imported"


class Pending(StrEnum):
    """What was asked for and is not decided yet; a case has one at a time."""

    EXTENSION = "extension"  # 延期
    SUSPENSION = "suspension"  # 挂账
    VOID = "void"  # 作废
    APPEAL = "appeal"  # 申诉, before the dispatcher
    APPEAL_HEARD = "appeal_heard"  # 申诉, supported by the dispatcher, before the acceptor


class Clock(StrEnum):
    """What a step does to the clocks of a case."""

    NOTHING = "nothing"  # they go on
    NEXT = "next"  # the link ends; the next one starts anew
    GO_ON = "go_on"  # the link ends; the next one goes on where it had stopped
    PAUSE = "pause"  # disposal stops; what is left of it is kept
    SAME_OR_NEW = "same_or_new"  # disposal goes on for the same department, starts anew for another
    MORE = "more"  # the limit of disposal grows
    LIMIT = "limit"  # the limit of disposal is another one; what was used counts
    END = "end"  # all stop for good


class Proof(StrEnum):
    """What must be true of a case, beside its state, for a step to be open."""

    IN_TIME = "in_time"  # the limit of disposal has not passed
    CLOSED_LATE = "closed_late"  # disposed after its limit, and never appealed
    SAID_NOT_FIXED = "said_not_fixed"  # who reported or follows it says that it is not fixed
    OWN_REPORT = "own_report"  # the actor reported it
    PARTS_DONE = "parts_done"  # children ended, co-departments done
    WAITS_FOR_PARTS = "waits_for_parts"  # some are not
    HAS_PARENT = "has_parent"


@dataclass(frozen=True)
class Step:
    """One row: ``action`` takes a case from any of ``sources`` to ``target``; ``None``: it stays where it is.

    Attributes
    ----------
    reports : only for reports from these sources; empty means all. What comes by telephone or from the media
        must be verified on site before it is filed.
    asks : what is pending once the step is taken.
    decides : the step answers this request, and is open only while it is pending. Other steps that move the
        case end what is pending.
    proofs : what must hold beside the state.
    """

    action: str
    title: str
    sources: tuple[CaseState, ...]
    target: CaseState | None
    roles: tuple[Role, ...]
    needs: tuple[Need, ...] = ()
    clock: Clock = Clock.NEXT
    reports: tuple[Source, ...] = ()
    asks: Pending | None = None
    decides: Pending | None = None
    proofs: tuple[Proof, ...] = ()

    @property
    def stays(self) -> bool:
        """Whether it is a side record: the case stays in its state."""
        return self.target is None


REPORTERS = (Role.INSPECTOR, Role.ACCEPTOR)
SEEN_ON_SITE = (Source.INSPECTOR,)
INTAKE = (S.REPORTED, S.VERIFYING, S.VERIFIED)
BEFORE_DISPOSAL = (*INTAKE, S.FILED, S.DISPATCHED, S.ACCEPTED, S.SUSPENDED)
GIVEN = (S.DISPATCHED, S.ACCEPTED, S.SUSPENDED, S.DISPOSED)
AFTER_FILING = (S.FILED, *GIVEN, S.FED_BACK, S.CHECKING, S.CHECKED)
URGERS = (Role.SHIFT_LEADER, Role.DISPATCHER, Role.EVALUATOR)
C, P, R, N, W = Clock, Proof, Role, Need, Pending

# fmt: off
STEPS: tuple[Step, ...] = (
    # Collect, verify, file: the supervision centre.
    Step("send_verification", N_("Send to verify"), (S.REPORTED,), S.VERIFYING, (R.ACCEPTOR,)),
    Step("verify", N_("Verify"), (S.REPORTED,), S.VERIFIED, (R.ACCEPTOR,), reports=SEEN_ON_SITE),
    Step("verify", N_("Verify"), (S.REPORTED, S.VERIFYING), S.VERIFIED, (R.INSPECTOR,)),
    Step("not_confirmed", N_("Not confirmed"), (S.VERIFYING,), S.REPORTED, (R.INSPECTOR,), (N.NOTE,), C.GO_ON),
    Step("self_dispose", N_("Put right on the spot"), (S.REPORTED,), S.SELF_DISPOSED, (R.INSPECTOR,), (N.PHOTO,),
         C.GO_ON, proofs=(P.OWN_REPORT,)),
    Step("archive", N_("Archive"), (S.SELF_DISPOSED,), S.ARCHIVED, (R.ACCEPTOR, R.SHIFT_LEADER), (), C.END),
    Step("not_put_right", N_("Not put right"), (S.SELF_DISPOSED,), S.REPORTED, (R.ACCEPTOR, R.SHIFT_LEADER),
         (N.NOTE,), C.GO_ON),
    Step("refuse", N_("Refuse"), INTAKE, S.REFUSED, (R.ACCEPTOR, R.SHIFT_LEADER), (N.NOTE,), C.END),
    Step("merge", N_("Merge into another case"), INTAKE, S.MERGED, (R.ACCEPTOR, R.SHIFT_LEADER), (N.CASE,), C.END),
    Step("file", N_("File"), (S.REPORTED,), S.FILED, (R.SHIFT_LEADER,), (N.CONDITION,), reports=SEEN_ON_SITE),
    Step("file", N_("File"), (S.VERIFIED,), S.FILED, (R.SHIFT_LEADER,), (N.CONDITION,)),
    Step("not_file", N_("Do not file"), (S.VERIFIED,), S.REPORTED, (R.SHIFT_LEADER,), (N.NOTE,)),
    # Dispatch: the command centre.
    Step("dispatch", N_("Dispatch"), (S.FILED,), S.DISPATCHED, (R.DISPATCHER,), (N.DEPARTMENT,), C.SAME_OR_NEW),
    Step("redispatch", N_("Dispatch to another"), (S.DISPATCHED, S.ACCEPTED), S.DISPATCHED, (R.DISPATCHER,),
         (N.DEPARTMENT, N.NOTE), C.SAME_OR_NEW),
    Step("send_back", N_("Send back"), (S.FILED,), S.VERIFIED, (R.DISPATCHER,), (N.NOTE,)),
    Step("add_department", N_("Add a co-department"), (S.DISPATCHED, S.ACCEPTED), None, (R.DISPATCHER,),
         (N.DEPARTMENT,), C.NOTHING),
    # Dispose and feed back: the department.
    Step("accept", N_("Accept"), (S.DISPATCHED,), S.ACCEPTED, (R.DEPARTMENT,), (), C.NOTHING),
    Step("send_back", N_("Send back"), (S.DISPATCHED, S.ACCEPTED), S.FILED, (R.DEPARTMENT,), (N.NOTE,), C.PAUSE),
    Step("part_done", N_("Our part is done"), (S.DISPATCHED, S.ACCEPTED, S.DISPOSED), None, (R.DEPARTMENT,),
         (N.NOTE,), C.NOTHING, proofs=(P.WAITS_FOR_PARTS,)),
    Step("dispose", N_("Dispose"), (S.ACCEPTED,), S.DISPOSED, (R.DEPARTMENT,), (), C.NOTHING),
    Step("feed_back", N_("Feed back"), (S.DISPOSED,), S.FED_BACK, (R.DEPARTMENT,), (N.AFTER_PHOTO,),
         proofs=(P.PARTS_DONE,)),
    # More time: asked by the department, decided by the dispatcher.
    Step("ask_extension", N_("Ask for an extension"), (S.ACCEPTED,), None, (R.DEPARTMENT,), (N.NOTE,), C.NOTHING,
         asks=W.EXTENSION, proofs=(P.IN_TIME,)),
    Step("grant_extension", N_("Grant the extension"), (S.ACCEPTED,), None, (R.DISPATCHER,), (), C.MORE,
         decides=W.EXTENSION, proofs=(P.IN_TIME,)),
    Step("deny_extension", N_("Deny the extension"), (S.ACCEPTED,), None, (R.DISPATCHER,), (N.NOTE,), C.NOTHING,
         decides=W.EXTENSION),
    Step("ask_suspension", N_("Ask for suspension"), (S.ACCEPTED,), None, (R.DEPARTMENT,), (N.NOTE, N.UNTIL),
         C.NOTHING, asks=W.SUSPENSION, proofs=(P.IN_TIME,)),
    Step("grant_suspension", N_("Grant the suspension"), (S.ACCEPTED,), S.SUSPENDED, (R.DISPATCHER,), (), C.PAUSE,
         decides=W.SUSPENSION, proofs=(P.IN_TIME,)),
    Step("deny_suspension", N_("Deny the suspension"), (S.ACCEPTED,), None, (R.DISPATCHER,), (N.NOTE,), C.NOTHING,
         decides=W.SUSPENSION),
    Step("resume", N_("Resume"), (S.SUSPENDED,), S.ACCEPTED, (R.DEPARTMENT, R.DISPATCHER), (), C.GO_ON),
    # Check and close: the supervision centre again.
    Step("send_check", N_("Send to check"), (S.FED_BACK,), S.CHECKING, (R.ACCEPTOR,)),
    Step("check", N_("Check"), (S.FED_BACK, S.CHECKING), S.CHECKED, (R.INSPECTOR, R.ACCEPTOR)),
    Step("rework", N_("Rework"), (S.FED_BACK, S.CHECKING, S.CHECKED), S.ACCEPTED,
         (R.INSPECTOR, R.ACCEPTOR, R.SHIFT_LEADER), (N.NOTE,), C.GO_ON),
    Step("close", N_("Close"), (S.CHECKED,), S.CLOSED, (R.SHIFT_LEADER,), (N.CLOSING,), C.END,
         proofs=(P.PARTS_DONE,)),
    Step("force_close", N_("Close by force"), (*GIVEN, S.FED_BACK, S.CHECKING), S.CLOSED, (R.SHIFT_LEADER,),
         (N.NOTE,), C.END, proofs=(P.PARTS_DONE,)),
    # After closing.
    Step("say_fixed", N_("Caller says: fixed"), (S.CLOSED,), None, (R.ACCEPTOR,), (), C.NOTHING),
    Step("say_not_fixed", N_("Caller says: not fixed"), (S.CLOSED,), None, (R.ACCEPTOR,), (N.NOTE,), C.NOTHING),
    Step("reopen", N_("Reopen"), (S.CLOSED,), S.FED_BACK, (R.SHIFT_LEADER,), (N.NOTE,), proofs=(P.SAID_NOT_FIXED,)),
    Step("appeal", N_("Appeal"), (S.CLOSED,), None, (R.DEPARTMENT,), (N.NOTE,), C.NOTHING, asks=W.APPEAL,
         proofs=(P.CLOSED_LATE,)),
    Step("support_appeal", N_("Support the appeal"), (S.CLOSED,), None, (R.DISPATCHER,), (N.NOTE,), C.NOTHING,
         asks=W.APPEAL_HEARD, decides=W.APPEAL),
    Step("deny_appeal", N_("Deny the appeal"), (S.CLOSED,), None, (R.DISPATCHER,), (N.NOTE,), C.NOTHING,
         decides=W.APPEAL),
    Step("grant_appeal", N_("Grant the appeal"), (S.CLOSED,), None, (R.ACCEPTOR,), (N.NOTE,), C.NOTHING,
         decides=W.APPEAL_HEARD),
    Step("deny_appeal", N_("Deny the appeal"), (S.CLOSED,), None, (R.ACCEPTOR,), (N.NOTE,), C.NOTHING,
         decides=W.APPEAL_HEARD),
    # Void: asked by either centre, approved by the shift leader.
    Step("ask_void", N_("Ask to void"), BEFORE_DISPOSAL, None, (R.ACCEPTOR, R.DISPATCHER), (N.NOTE,), C.NOTHING,
         asks=W.VOID),
    Step("void", N_("Void"), BEFORE_DISPOSAL, S.VOID, (R.SHIFT_LEADER,), (N.NOTE,), C.END, decides=W.VOID),
    Step("deny_void", N_("Do not void"), BEFORE_DISPOSAL, None, (R.SHIFT_LEADER,), (N.NOTE,), C.NOTHING,
         decides=W.VOID),
    # Side records, in any link of theirs.
    Step("reclassify", N_("Change the class"), (*INTAKE, S.FILED, S.DISPATCHED, S.ACCEPTED), None,
         (R.ACCEPTOR, R.SHIFT_LEADER, R.DISPATCHER), (N.CLASS, N.NOTE), C.LIMIT),
    Step("assign_task", N_("Give the task to another"), (S.VERIFYING, S.CHECKING), None, (R.ACCEPTOR,), (N.PERSON,),
         C.NOTHING),
    Step("put_under", N_("Put under a parent case"), (*INTAKE, *AFTER_FILING), None,
         (R.ACCEPTOR, R.SHIFT_LEADER, R.DISPATCHER), (N.CASE,), C.NOTHING),
    Step("take_out", N_("Take out of its parent case"), (*INTAKE, *AFTER_FILING), None,
         (R.ACCEPTOR, R.SHIFT_LEADER, R.DISPATCHER), (), C.NOTHING, proofs=(P.HAS_PARENT,)),
    Step("urge", N_("Urge"), AFTER_FILING, None, URGERS, (N.NOTE,), C.NOTHING),
)
# fmt: on

# What is recorded in a case's history without being a step someone may choose.
RECORDED = {
    "report": N_("Report"),
    "follow": N_("The same was reported again"),
    "citizen_fixed": N_("A citizen says: fixed"),
    "citizen_not_fixed": N_("A citizen says: not fixed"),
    "citizen_comment": N_("A citizen adds"),
}
ACTIONS: dict[str, str] = RECORDED | {step.action: step.title for step in STEPS}

STATE_TITLES: dict[CaseState, str] = {
    S.REPORTED: N_("Reported"),
    S.SELF_DISPOSED: N_("Put right on the spot, to be audited"),
    S.VERIFYING: N_("Being verified"),
    S.VERIFIED: N_("Verified, to be filed"),
    S.FILED: N_("Filed, to be dispatched"),
    S.DISPATCHED: N_("Dispatched, to be accepted"),
    S.ACCEPTED: N_("In disposal"),
    S.SUSPENDED: N_("Suspended"),
    S.DISPOSED: N_("Disposed, to be fed back"),
    S.FED_BACK: N_("Fed back, to be checked"),
    S.CHECKING: N_("Being checked"),
    S.CHECKED: N_("Checked, to be closed"),
    S.CLOSED: N_("Closed"),
    S.ARCHIVED: N_("Archived: put right on the spot"),
    S.REFUSED: N_("Refused"),
    S.MERGED: N_("Merged"),
    S.VOID: N_("Void"),
}

PENDING_TITLES: dict[Pending, str] = {
    W.EXTENSION: N_("An extension is asked for"),
    W.SUSPENSION: N_("A suspension is asked for"),
    W.VOID: N_("Voiding is asked for"),
    W.APPEAL: N_("An appeal waits for the dispatcher"),
    W.APPEAL_HEARD: N_("An appeal waits for the acceptor"),
}

PROOF_TITLES: dict[Proof, str] = {
    P.IN_TIME: N_("only while the limit has not passed"),
    P.CLOSED_LATE: N_("only for a case closed late, and once"),
    P.SAID_NOT_FIXED: N_("only when a citizen or caller said that it is not fixed"),
    P.OWN_REPORT: N_("only by who reported it"),
    P.WAITS_FOR_PARTS: N_("only while a co-department or a child case is not done"),
    P.HAS_PARENT: N_("only for a case that has a parent case"),
    P.PARTS_DONE: N_("only when its child cases have ended and its co-departments are done"),
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


@dataclass(frozen=True)
class Standing:
    """How a case stands, as far as the table asks: enough to say which steps are open.

    ``proofs`` are those that hold. Requests past their limit of number are not offered: see
    :mod:`gis.case.requests`.
    """

    state: CaseState
    source: str
    pending: Pending | None = None
    proofs: frozenset[Proof] = frozenset()


def open_steps(standing: Standing, role: Role) -> list[Step]:
    """The steps a role may take as the case stands, in the table's order."""
    return [step for step in STEPS if role in step.roles and is_open(step, standing)]


def is_open(step: Step, standing: Standing) -> bool:
    """Whether a row fits how the case stands, whoever asks."""
    return (
        standing.state in step.sources
        and (not step.reports or standing.source in step.reports)
        # One request at a time: what is pending is decided before anything else is asked for.
        and (step.decides is standing.pending if step.decides or step.asks else True)
        and standing.proofs.issuperset(step.proofs)
    )


def find_step(action: str, standing: Standing, role: Role) -> Step:
    """The row that lets a role take an action.

    Raises
    ------
    ActionNotAllowed
        No row leads from how the case stands by this action (409); ``open_actions`` says what the role could
        do.
    NotAllowed
        A row does, but not for this role (403).
    """
    possible = open_steps(standing, role)
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
        _why_not(action, [step for step in rows if role in step.roles], standing), open_actions=open_actions
    )


def _why_not(action: str, rows: Iterable[Step], standing: Standing) -> str:
    """Why an action of the role's is not open: the state first, then what else is missing."""
    title = _(ACTIONS.get(action, action))
    for step in rows:
        if standing.state not in step.sources or (step.reports and standing.source not in step.reports):
            continue
        for proof in step.proofs:
            if proof not in standing.proofs:
                return _("{action}: {proof}").format(action=title, proof=_(PROOF_TITLES[proof]))
        if standing.pending is not None and step.decides is not standing.pending:
            return _("{action} must wait: {pending}").format(
                action=title, pending=_(PENDING_TITLES[standing.pending])
            )
        if step.decides is not None:
            return _("{action}: nobody has asked for it").format(action=title)
    return _("{action} cannot follow while the case is: {state}").format(
        action=title, state=_(STATE_TITLES[standing.state])
    )
