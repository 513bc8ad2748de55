"""核实核查任务: which inspector is asked to look at the place of a case, and why.

The one who is asked is not the only one who may: another inspector of the area may take the step, and the
task records who did. Words for the reason are made when it is read: see :mod:`gis.case.task_words`.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.case.side_models import CaseTask
from gis.case.stages import STAGES
from gis.case.states import CaseState
from gis.database import read_sql
from gis.errors import InvalidInput
from gis.i18n import _
from gis.patrol.points import AHEAD
from gis.people.models import Person, Role

SEEN_WITHIN = timedelta(minutes=30)  # older points of a track say nothing about where somebody is
BAND_M = 100.0  # nearer by less than this is not nearer: then the fewest open tasks decide
KINDS = {CaseState.VERIFYING: "verify", CaseState.CHECKING: "check"}
WITHDRAWN = "withdrawn"


def give_task(session: Session, case: Case, kind: str, given_by: Person | None, now: datetime) -> CaseTask:
    """Ask the fittest inspector to verify or check a case; ``kind`` is ``verify`` or ``check``.

    Who is party to the repair is never asked, nor who may not act in the area. Where nobody fits the task has
    no assignee, and any inspector of the area may do it. A task that is still open is withdrawn.
    """
    end_task(session, case, WITHDRAWN, given_by, now)
    found = _fittest(session, case, kind, now)
    task = _new_task(case, kind, given_by, now)
    task.assignee_id = found.person_id if found else None
    task.reason = _reason(found) if found else {"rule": "nobody"}
    session.add(task)
    session.flush()
    return task


def end_task(session: Session, case: Case, outcome: str, actor: Person | None, now: datetime) -> None:
    """End the open task of a case, if there is one; ``outcome`` is the action that ended it."""
    task = open_task(session, case)
    if task is None:
        return
    task.ended_at, task.ended_by, task.outcome = now, actor.id if actor else None, outcome
    session.flush()


def hand_task_on(session: Session, case: Case, login: str, actor: Person, now: datetime) -> None:
    """Give the open task of a case to another inspector; its time does not begin anew.

    Raises
    ------
    InvalidInput
        There is no such inspector, or not one who may look at this case.
    """
    person = session.scalar(select(Person).where(Person.login == login))
    if person is None or person.role is not Role.INSPECTOR or not person.active:
        raise _wrong_person(_("There is no inspector {login}").format(login=login))
    task = open_task(session, case)
    kind = task.kind if task else KINDS[case.state]
    found = _fittest(session, case, kind, now, person)
    if found is None:
        raise _wrong_person(
            _("{name} may not look at this case: not of its area, or party to the repair").format(
                name=person.name
            )
        )
    if task is None:
        # A case that came into this state without one, such as from another system.
        task = _new_task(case, kind, actor, now)
        session.add(task)
    task.assignee_id, task.given_by = person.id, actor.id
    task.reason = _reason(found) | {"rule": "by_hand", "by": actor.name}
    session.flush()


def open_task(session: Session, case: Case) -> CaseTask | None:
    """The task that waits for somebody to look; a case has one at most."""
    return session.scalar(select(CaseTask).where(CaseTask.case_id == case.id, CaseTask.ended_at.is_(None)))


def _new_task(case: Case, kind: str, given_by: Person | None, now: datetime) -> CaseTask:
    return CaseTask(
        case_id=case.id,
        kind=kind,
        given_by=given_by.id if given_by else None,
        given_at=now,
        due_at=now + timedelta(minutes=STAGES[kind].minutes or 0),
    )


def _fittest(
    session: Session, case: Case, kind: str, now: datetime, only: Person | None = None
) -> Row[Any] | None:
    session.flush()  # the statement reads the case's own rows
    values = {
        "case_id": case.id,
        "kind": kind,
        "person_id": only.id if only else None,
        "seen_since": now - SEEN_WITHIN,
        "seen_until": now + AHEAD,
        "band_m": BAND_M,
    }
    return session.execute(read_sql("task_candidates"), values).one_or_none()


def _reason(found: Row[Any]) -> dict[str, Any]:
    """Codes and numbers that say why; a distance in tens of metres, so that no track can be read from it."""
    return {
        "rule": "duty_grid" if found.of_duty_grid else "nearest",
        "duty_grid": found.duty_grid,
        "distance_m": None if found.distance_m is None else round(found.distance_m, -1),
        "by_track": found.by_track,
        "open_tasks": found.open_tasks,
        "candidates": found.candidates,
        "own_report": found.own_report,
    }


def _wrong_person(detail: str) -> InvalidInput:
    return InvalidInput(detail, errors=[{"pointer": "/person", "detail": _("not possible")}])
