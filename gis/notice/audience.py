"""The people behind an audience, as conditions on :class:`Person`: found by the statement that tells them."""

from collections.abc import Callable, Iterable

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from gis.case.models import Case
from gis.case.scope import GIVEN_CASES
from gis.case.side_models import CaseCoDepartment, CaseFollower, CaseRequest, CaseTask
from gis.grid.models import Area
from gis.notice.rules import HOLDERS, Audience
from gis.people.models import Person, PersonArea, Role

Condition = ColumnElement[bool]


def people(audiences: Iterable[Audience], case: Case) -> Condition:
    """Who belongs to any of the audiences of a case; active people only."""
    return and_(Person.active, or_(*(FINDERS[audience](case) for audience in audiences)))


def _of_area(case: Case, *roles: Role) -> Condition:
    """People of roles whose areas, if they have any, hold the case; the inverse of ``cases_in_scope``."""
    street = aliased(Area)
    district = select(street.parent_id).where(street.id == case.street_id).scalar_subquery()
    limited = exists().where(PersonArea.person_id == Person.id)
    places = (case.community_id, case.street_id, district)
    within = exists().where(PersonArea.person_id == Person.id, PersonArea.area_id.in_(places))
    return and_(Person.role.in_(roles), or_(~limited, within))


def _department(case: Case) -> Condition:
    if case.department_id is None:
        return false()
    return and_(_of_area(case, *GIVEN_CASES), Person.department_id == case.department_id)


def _co_department(case: Case) -> Condition:
    asked = select(CaseCoDepartment.department_id).where(
        CaseCoDepartment.case_id == case.id, CaseCoDepartment.done_at.is_(None)
    )
    return and_(_of_area(case, *GIVEN_CASES), Person.department_id.in_(asked))


def _assignee(case: Case) -> Condition:
    task = and_(CaseTask.case_id == case.id, CaseTask.ended_at.is_(None))
    given = exists().where(task, CaseTask.assignee_id.is_not(None))
    return or_(
        Person.id.in_(select(CaseTask.assignee_id).where(task)),
        and_(_of_area(case, Role.ACCEPTOR), ~given),
    )


def _asker(case: Case) -> Condition:
    last = select(func.max(CaseRequest.id)).where(CaseRequest.case_id == case.id).scalar_subquery()
    return Person.id == select(CaseRequest.asked_by).where(CaseRequest.id == last).scalar_subquery()


def _followers(case: Case) -> Condition:
    return Person.id.in_(select(CaseFollower.person_id).where(CaseFollower.case_id == case.id))


def _holder(case: Case) -> Condition:
    return FINDERS[HOLDERS[case.stage or "accept"]](case)


FINDERS: dict[Audience, Callable[[Case], Condition]] = {
    Audience.DEPARTMENT: _department,
    Audience.CO_DEPARTMENT: _co_department,
    Audience.ACCEPTORS: lambda case: _of_area(case, Role.ACCEPTOR),
    Audience.SHIFT_LEADERS: lambda case: _of_area(case, Role.SHIFT_LEADER),
    Audience.DISPATCHERS: lambda case: _of_area(case, Role.DISPATCHER),
    Audience.ASSIGNEE: _assignee,
    Audience.ASKER: _asker,
    Audience.REPORTER: lambda case: Person.id == case.reporter_id,
    Audience.FOLLOWERS: _followers,
    Audience.HOLDER: _holder,
}
