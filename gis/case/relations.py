"""How cases belong together: parent and child, merged duplicates, main and co-departments, followers."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.case.record import Act, record_aside
from gis.case.scope import cases_in_scope
from gis.case.side_models import CaseCoDepartment, CaseFollower
from gis.case.states import ENDED
from gis.errors import Conflict, InvalidInput
from gis.i18n import _
from gis.people.models import Department, Person


def other_case(session: Session, case: Case, actor: Person | None, number: str | None) -> Case:
    """The other case that a step names, locked; open, and one that the actor may see.

    Raises
    ------
    InvalidInput
        None is named, it is the case itself, there is none that the actor may see, or it has ended.
    """
    errors = [{"pointer": "/case"}]
    if not number:
        raise InvalidInput(_("Name the other case"), errors=[{"pointer": "/case", "detail": _("needed")}])
    statement = select(Case).where(Case.case_no == number.strip().upper()).with_for_update()
    if actor is not None:
        statement = statement.where(cases_in_scope(session, actor))
    other = session.scalar(statement.execution_options(populate_existing=True))
    if other is None:
        raise InvalidInput(
            _("There is no case {case_no} that you may see").format(case_no=number), errors=errors
        )
    if other.id == case.id:
        raise InvalidInput(_("A case cannot be put together with itself"), errors=errors)
    if other.state in ENDED:
        raise InvalidInput(_("Case {case_no} has ended").format(case_no=other.case_no), errors=errors)
    return other


def put_under(session: Session, case: Case, parent: Case) -> None:
    """Make a case the child of another; there is one level, so that nobody waits in a ring."""
    if parent.parent_id is not None:
        raise Conflict(_("Case {case_no} is a child itself").format(case_no=parent.case_no))
    if session.scalar(select(Case.id).where(Case.parent_id == case.id).limit(1)) is not None:
        raise Conflict(_("Case {case_no} has child cases of its own").format(case_no=case.case_no))
    take_out(session, case)
    case.parent_id = parent.id
    session.flush()
    count_parts(session, parent)


def take_out(session: Session, case: Case) -> None:
    """Let a case stand alone again."""
    if case.parent_id is None:
        return
    parent = session.get_one(Case, case.parent_id, with_for_update=True)
    case.parent_id = None
    session.flush()
    count_parts(session, parent)


def parts_changed(session: Session, case: Case) -> None:
    """Tell a case's parent that the case has ended, or is open again."""
    if case.parent_id is not None:
        session.flush()
        count_parts(session, session.get_one(Case, case.parent_id, with_for_update=True))


def count_parts(session: Session, case: Case) -> None:
    """Count anew what a case waits for: children that are open, co-departments that are not done."""
    children = (
        select(func.count()).select_from(Case).where(Case.parent_id == case.id, Case.stage.is_not(None))
    )
    helpers = (
        select(func.count())
        .select_from(CaseCoDepartment)
        .where(CaseCoDepartment.case_id == case.id, CaseCoDepartment.done_at.is_(None))
    )
    case.open_parts = (session.scalar(children) or 0) + (session.scalar(helpers) or 0)


def merge(session: Session, case: Case, into: Case, actor: Person | None, now: datetime) -> None:
    """Let a case go on as another one; who reported or followed it follows that one."""
    if session.scalar(select(Case.id).where(Case.parent_id == case.id).limit(1)) is not None:
        raise Conflict(_("Case {case_no} has child cases of its own").format(case_no=case.case_no))
    take_out(session, case)
    people = set(session.scalars(select(CaseFollower.person_id).where(CaseFollower.case_id == case.id)))
    if case.reporter_id is not None:
        people.add(case.reporter_id)
    for person_id in sorted(people - {into.reporter_id}):
        session.execute(
            insert(CaseFollower)
            .values(case_id=into.id, person_id=person_id, note=case.case_no, since=now)
            .on_conflict_do_nothing(index_elements=["case_id", "person_id"])
        )
    record_aside(
        session, into, "follow", actor, Act(note=case.description, detail={"case": case.case_no}), now
    )
    case.merged_into_id = into.id  # last: the row is only right once its state says so too


def add_department(session: Session, case: Case, department: Department, note: str, now: datetime) -> None:
    """Give a department a part in a case beside the main one."""
    if department.id == case.department_id:
        raise Conflict(_("{name} has the case already").format(name=department.name_zh))
    session.execute(
        insert(CaseCoDepartment)
        .values(case_id=case.id, department_id=department.id, note=note, added_at=now)
        .on_conflict_do_update(
            index_elements=["case_id", "department_id"],
            set_={"done_at": None, "done_note": "", "note": note, "added_at": now},
        )
    )
    count_parts(session, case)


def part_done(session: Session, case: Case, departments: list[int], note: str, now: datetime) -> None:
    """Record that co-departments of the actor have done their part."""
    rows = session.scalars(
        select(CaseCoDepartment).where(
            CaseCoDepartment.case_id == case.id,
            CaseCoDepartment.department_id.in_(departments),
            CaseCoDepartment.done_at.is_(None),
        )
    ).all()
    if not rows:
        raise Conflict(_("No part of this case waits for your department"))
    for row in rows:
        row.done_at, row.done_note = now, note
    session.flush()
    count_parts(session, case)


def co_departments(session: Session, case_id: int) -> list[tuple[CaseCoDepartment, Department]]:
    """The departments that have a part in a case, in the order they were added."""
    rows = session.execute(
        select(CaseCoDepartment, Department)
        .join(Department, Department.id == CaseCoDepartment.department_id)
        .where(CaseCoDepartment.case_id == case_id)
        .order_by(CaseCoDepartment.added_at, Department.code)
    )
    return [(row[0], row[1]) for row in rows]


def children_of(session: Session, case_id: int) -> list[Case]:
    """The child cases of a case, oldest first."""
    return list(session.scalars(select(Case).where(Case.parent_id == case_id).order_by(Case.id)))
