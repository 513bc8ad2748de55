"""Which cases a person may see and act on: by area, and for a department by what it was given."""

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session, aliased

from gis.case.models import Case
from gis.grid.models import Area
from gis.people.models import Department, Person, PersonArea, Role


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


def departments_of(session: Session, person: Person) -> list[int]:
    """The person's department and those below it; ids."""
    if person.department_id is None:
        return []
    tree = select(Department.id).where(Department.id == person.department_id).cte("tree", recursive=True)
    tree = tree.union(select(Department.id).join(tree, Department.parent_id == tree.c.id))
    return list(session.scalars(select(tree.c.id)))
