"""Which cases a person may see and act on: by area, and for a department by what it was given."""

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.grid.models import Area
from gis.people.models import Person, PersonArea, Role
from gis.people.queries import departments_of

# These see a case when it is given to their department, and not before.
GIVEN_CASES = (Role.DEPARTMENT, Role.OWNER)


def narrow_views(session: Session, person: Person) -> None:
    """Let the views of cases (``app.cases``) show, until this transaction ends, only what the person may see.

    The views read two settings of the transaction, so that tiles, details and search need no condition of
    their own and cannot forget it.
    """
    areas = _areas(session, person)
    departments = departments_of(session, person) if person.role in GIVEN_CASES else None
    session.execute(
        select(
            func.set_config("citygrid.areas", _array(areas or None), True),
            func.set_config("citygrid.departments", _array(departments), True),
        )
    )


def _array(ids: list[int] | None) -> str:
    """Ids as a PostgreSQL array; empty text where nothing narrows."""
    return "" if ids is None else "{" + ",".join(map(str, ids)) + "}"


def _areas(session: Session, person: Person) -> list[int]:
    """Ids of the areas a person is limited to, with the streets of its districts; empty: the whole city."""
    own = select(PersonArea.area_id).where(PersonArea.person_id == person.id)
    statement = select(Area.id).where(or_(Area.id.in_(own), Area.parent_id.in_(own)))
    return list(session.scalars(statement))


def cases_in_scope(session: Session, person: Person) -> ColumnElement[bool]:
    """A condition on :class:`Case` that holds for the cases this person may see."""
    conditions: list[ColumnElement[bool]] = []
    if areas := _areas(session, person):
        conditions.append(or_(Case.community_id.in_(areas), Case.street_id.in_(areas)))
    if person.role in GIVEN_CASES:
        conditions.append(Case.department_id.in_(departments_of(session, person)))
    return and_(true(), *conditions)
