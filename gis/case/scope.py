"""Which cases a person may see and act on: by area, and for a department by what it was given."""

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session, aliased

from gis.case.models import Case
from gis.grid.models import Area
from gis.people.models import Person, PersonArea, Role
from gis.people.queries import departments_of


def cases_in_scope(session: Session, person: Person) -> ColumnElement[bool]:
    """A condition on :class:`Case` that holds for the cases this person may see."""
    conditions: list[ColumnElement[bool]] = []
    areas = session.execute(
        select(Area.id, Area.level)
        .join(PersonArea, PersonArea.area_id == Area.id)
        .where(PersonArea.person_id == person.id)
    ).all()
    if areas:
        ids = [row.id for row in areas]
        street = aliased(Area)
        streets = select(street.id).where(or_(street.id.in_(ids), street.parent_id.in_(ids)))
        conditions.append(or_(Case.community_id.in_(ids), Case.street_id.in_(streets)))
    if person.role in (Role.DEPARTMENT, Role.OWNER):
        conditions.append(Case.department_id.in_(departments_of(session, person)))
    return and_(true(), *conditions)
