"""Acting on cases. Services flush; whoever opened the transaction commits."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.case.limits import choose_limit, deadline
from gis.case.models import Case, CaseStep
from gis.case.record import Act, check_text, record_step
from gis.case.routing import suggest_department
from gis.case.scope import cases_in_scope
from gis.case.states import CaseState
from gis.case.workflow import Need, Step, find_step
from gis.errors import InvalidInput, NotAllowed, NotFound, Stale
from gis.i18n import _
from gis.people.models import Department, Person, Role
from gis.people.queries import departments_of
from gis.people.service import find_department


def apply_action(
    session: Session,
    case_no: str,
    action: str,
    actor: Person,
    act: Act | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Case:
    """Take one step of the workflow and record who took it.

    ``version`` is what the actor saw; when the case has moved on since, nothing is done.

    Raises
    ------
    NotFound
        There is no such case within what the actor may see.
    Stale
        The case was changed since ``version``.
    ActionNotAllowed, NotAllowed
        Not from this state; not by this role or person.
    InvalidInput
        A needed reason, department or condition is missing or unknown.
    """
    act = act or Act()
    case = session.scalar(
        select(Case)
        .where(Case.case_no == case_no, cases_in_scope(session, actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if case is None:
        raise NotFound(_("There is no case {case_no} that you may see").format(case_no=case_no))
    if version is not None and version != case.version:
        raise Stale(
            _("The case is now at version {now}, you saw {seen}").format(now=case.version, seen=version),
            state=case.state,
            version=case.version,
        )
    step = find_step(action, case.state, actor.role, case.source)
    now = at or datetime.now(UTC)
    _check_actor(session, case, step, actor)
    _check_needs(step, act)
    origin = case.state
    EFFECTS.get(action, _nothing)(session, case, act, now)
    case.state = step.target
    case.version += 1
    case.updated_at = now
    record_step(session, case, action, origin, step.target, actor, act, now)
    return case


def _nothing(session: Session, case: Case, act: Act, now: datetime) -> None:
    pass


def _file(session: Session, case: Case, act: Act, now: datetime) -> None:
    limit = choose_limit(session, case.edition, case.kind, case.class_code, act.condition)
    case.rule_code, case.limit_value, case.limit_unit = limit.rule_code, limit.value, limit.unit
    case.filed_at = now
    _set_due(session, case, act, now, provisional=True)


def _dispatch(session: Session, case: Case, act: Act, now: datetime) -> None:
    case.department_id = _department(session, case, act).id
    case.dispatched_at = now
    # The department's time begins when it is given the case, not while it lay in the centres.
    _set_due(session, case, act, now, provisional=False)


def _dispose(session: Session, case: Case, act: Act, now: datetime) -> None:
    case.disposed_at = now


def _send_back(session: Session, case: Case, act: Act, now: datetime) -> None:
    if case.state is CaseState.FILED:
        case.filed_at = None
    case.department_id = None
    case.dispatched_at = None


def _rework(session: Session, case: Case, act: Act, now: datetime) -> None:
    case.rework_count += 1
    case.disposed_at = None  # the first disposal was none; it stays in the history


def _close(session: Session, case: Case, act: Act, now: datetime) -> None:
    case.closed_at = now


# What a step changes beside the state: one row an action.
EFFECTS = {
    "file": _file,
    "dispatch": _dispatch,
    "dispose": _dispose,
    "send_back": _send_back,
    "rework": _rework,
    "close": _close,
}


def _set_due(session: Session, case: Case, act: Act, start: datetime, provisional: bool) -> None:
    if act.foreign_limit is not None:
        case.due_at, case.due_is_provisional = act.foreign_limit.due_at, False
        return
    limit = choose_limit(session, case.edition, case.kind, case.class_code, case.rule_code)
    due = deadline(session, start, limit)
    case.due_at = due.due_at
    case.due_is_provisional = provisional or due.provisional


def _department(session: Session, case: Case, act: Act) -> Department:
    if act.department:
        department = find_department(session, act.department)
        if not department.disposes:
            raise InvalidInput(
                _("{name} does not dispose of cases").format(name=department.name_zh),
                errors=[{"pointer": "/department", "detail": _("not a disposing department")}],
            )
        return department
    suggestion = suggest_department(session, case)
    if suggestion is None:
        raise InvalidInput(
            _("No responsibility fits this case; name the department"),
            errors=[{"pointer": "/department", "detail": _("needed")}],
        )
    return session.get_one(Department, suggestion.department_id)


def _check_actor(session: Session, case: Case, step: Step, actor: Person) -> None:
    if actor.role is Role.DEPARTMENT and case.department_id not in departments_of(session, actor):
        raise NotAllowed(_("The case was not given to your department"))
    if step.action != "close":
        return
    dispatched = select(CaseStep.id).where(
        CaseStep.case_id == case.id, CaseStep.action == "dispatch", CaseStep.actor_id == actor.id
    )
    if session.scalar(dispatched.limit(1)) is not None:
        raise NotAllowed(_("Who dispatched a case may not close it"))


def _check_needs(step: Step, act: Act) -> None:
    if Need.NOTE in step.needs and not act.note.strip():
        raise InvalidInput(
            _("This step needs a reason"), errors=[{"pointer": "/note", "detail": _("needed")}]
        )
    check_text("/note", act.note)
