"""Acting on cases. Services flush; whoever opened the transaction commits."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis.case.alarms import set_alarm
from gis.case.attachments import has_photo
from gis.case.clocks import move_clocks
from gis.case.effects import EFFECTS, Taking
from gis.case.models import Case, CaseStep
from gis.case.record import SERVICE, Act, check_text, record_step
from gis.case.relations import parts_changed
from gis.case.requests import ask, decide
from gis.case.routing import is_automatic, suggest_department
from gis.case.scope import cases_in_scope
from gis.case.standing import standing_of
from gis.case.states import ENDED, CaseState
from gis.case.tasks import end_task
from gis.case.workflow import ACTIONS, STEPS, Need, Step, find_step
from gis.errors import InvalidInput, NotAllowed, NotFound, Stale
from gis.i18n import _
from gis.people.models import Person, Role
from gis.people.queries import departments_of
from gis.settings import get_settings

AFTER_STAGE = "disposal"  # the stage of photos that show what was put right
CLOSERS = ("close", "force_close")
DISPATCHERS = ("dispatch", "redispatch")
# What an inspector who is party to the repair must not do.
CHECKS = ("verify", "not_confirmed", "check", "rework")


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
        The case was changed since ``version``; ``changes`` says what happened meanwhile.
    ActionNotAllowed, NotAllowed
        Not from this state or not as the case stands; not by this role or person.
    InvalidInput
        A needed reason, department, condition, photo … is missing or unknown.
    Conflict
        It contradicts how cases stand to each other.
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
            changes=_changes(session, case, version),
        )
    now = at or datetime.now(UTC)
    step = find_step(action, standing_of(case, actor, now), actor.role)
    _check_actor(session, case, step, actor)
    _check_needs(session, case, step, act)
    take(session, case, step, actor, act, now)
    if action == "file" and at is None:
        _dispatch_by_itself(session, case, now)
    return case


def take(
    session: Session,
    case: Case,
    step: Step,
    actor: Person | None,
    act: Act,
    now: datetime,
    role: str = SERVICE,
) -> None:
    """Take a step that is open: state, clocks, requests, tasks, history and alarm change together.

    The case is locked by the caller. ``actor`` empty: the service itself, or a citizen by ``role``.
    """
    origin = case.state
    request = None
    if step.decides is not None and step.asks is None:
        request = decide(session, case, not step.action.startswith("deny"), actor, act, now)
    elif step.target is not None and case.pending:
        # The case moves on: what was asked for is answered by that.
        decide(session, case, False, None, replace(act, note=_(ACTIONS[step.action])), now)
    taking = Taking(session, case, actor, act, now, request)
    # The database checks a case whole: nothing of it is written before all of it has changed.
    with session.no_autoflush:
        EFFECTS.get(step.action, _nothing)(taking)
        ask(session, case, step, actor, act, now)
        case.state = step.target or origin
        case.version += 1
        case.updated_at = now
        move_clocks(session, case, origin, step.clock, actor, now)
    if case.state is not origin and origin in (CaseState.VERIFYING, CaseState.CHECKING):
        end_task(session, case, step.action, actor, now)
    if (case.state in ENDED) != (origin in ENDED):
        parts_changed(session, case)
    act = replace(act, detail={**act.detail, **taking.told})
    record_step(session, case, step.action, origin, case.state, actor, act, now, role)
    set_alarm(session, case)


def _nothing(_taking: Taking) -> None:
    pass


def resume_when_due(session: Session, case: Case, now: datetime) -> bool:
    """End a suspension whose time has come, by nobody; the case is locked by the caller."""
    if case.state is not CaseState.SUSPENDED or case.suspended_until is None or now < case.suspended_until:
        return False
    step = next(step for step in STEPS if step.action == "resume")
    take(session, case, step, None, Act(), now)
    return True


def _dispatch_by_itself(session: Session, case: Case, now: datetime) -> None:
    """Dispatch what the city has set so, to the department that is proposed; else it waits for a person."""
    if not is_automatic(session, case):
        return
    suggestion = suggest_department(session, case)
    if suggestion is None:
        return
    step = next(step for step in STEPS if step.action == "dispatch")
    act = Act(note=suggestion.reason, department=suggestion.department_code, detail={"automatic": True})
    take(session, case, step, None, act, now)


def _changes(session: Session, case: Case, seen: int) -> list[dict[str, Any]]:
    """What happened to a case after a version, in the reader's language."""
    rows = session.execute(
        select(CaseStep, Person)
        .outerjoin(Person, Person.id == CaseStep.actor_id)
        .where(CaseStep.case_id == case.id, CaseStep.seq > seen)
        .order_by(CaseStep.seq)
        .limit(20)
    )
    return [
        {
            "seq": step.seq,
            "action": step.action,
            "title": _(ACTIONS.get(step.action, step.action)),
            "state": step.to_state,
            "by": person.name if person else "",
            "note": step.note,
            "at": step.at.astimezone(get_settings().zone).isoformat(),
        }
        for step, person in rows
    ]


def _check_actor(session: Session, case: Case, step: Step, actor: Person) -> None:
    acts_for_main = actor.role is Role.DEPARTMENT and step.action != "part_done"
    if acts_for_main and case.department_id not in departments_of(session, actor):
        raise NotAllowed(_("The case was not given to your department"))
    if step.action in CHECKS and actor.role is Role.INSPECTOR and _is_party(session, case, actor):
        raise NotAllowed(_("Who is party to the repair does not check it"))
    if step.action in CLOSERS:
        dispatched = select(CaseStep.id).where(
            CaseStep.case_id == case.id,
            CaseStep.action.in_(DISPATCHERS),
            CaseStep.actor_id == actor.id,
        )
        if session.scalar(dispatched.limit(1)) is not None:
            raise NotAllowed(_("Who dispatched a case may not close it"))


def _is_party(session: Session, case: Case, person: Person) -> bool:
    """Whether somebody works for a department that has or had the case, took its steps, or repaired it."""
    found = session.scalar(
        text("SELECT true FROM app.parties_to_repair(:case_id) AS p(person_id) WHERE person_id = :person_id"),
        {"case_id": case.id, "person_id": person.id},
    )
    return found is True


def _check_needs(session: Session, case: Case, step: Step, act: Act) -> None:
    check_text("/note", act.note)
    if Need.NOTE in step.needs and not act.note.strip():
        raise InvalidInput(
            _("This step needs a reason"), errors=[{"pointer": "/note", "detail": _("needed")}]
        )
    wanted = Need.PHOTO in step.needs or (
        Need.AFTER_PHOTO in step.needs and get_settings().require_after_photo
    )
    if wanted and not has_photo(session, case.id, AFTER_STAGE):
        raise InvalidInput(
            _("This step needs a photo of what was put right; add one of the stage {stage} first").format(
                stage=AFTER_STAGE
            ),
            errors=[{"pointer": "/attachments", "detail": _("needed")}],
        )
