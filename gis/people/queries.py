"""Reading people and departments."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.grid.models import Area
from gis.i18n import get_locale
from gis.people.models import Department, Person, PersonArea, Role


def find_person(session: Session, person_id: int) -> Person | None:
    """A person by id."""
    return session.get(Person, person_id)


def departments(session: Session, limit: int = 1000) -> Sequence[Department]:
    """Departments in force, by code."""
    return session.scalars(
        select(Department).where(Department.valid_to.is_(None)).order_by(Department.code).limit(limit)
    ).all()


def demo_logins(session: Session) -> Sequence[Person]:
    """The demo accounts, in the order of their ids."""
    return session.scalars(select(Person).where(Person.is_demo, Person.active).order_by(Person.id)).all()


def inspectors(session: Session, limit: int = 1000) -> Sequence[Person]:
    """Field inspectors who may be given a task, by login."""
    chosen = select(Person).where(Person.role == Role.INSPECTOR, Person.active)
    return session.scalars(chosen.order_by(Person.login).limit(limit)).all()


def department_name(department: Department) -> str:
    """Its name in the reader's language."""
    return department.name_en if get_locale() == "en" else department.name_zh


def departments_of(session: Session, person: Person) -> list[int]:
    """The person's department and those below it; ids."""
    if person.department_id is None:
        return []
    tree = select(Department.id).where(Department.id == person.department_id).cte("tree", recursive=True)
    tree = tree.union(select(Department.id).join(tree, Department.parent_id == tree.c.id))
    return list(session.scalars(select(tree.c.id)))


def departments_below(session: Session, code: str, below: bool = True) -> list[int]:
    """Ids of the department of a code and, with ``below``, of those below it that are still there."""
    tree = select(Department.id).where(Department.code == code).cte("tree", recursive=True)
    if below:
        under = select(Department.id).join(tree, Department.parent_id == tree.c.id)
        tree = tree.union(under.where(Department.valid_to.is_(None)))
    return list(session.scalars(select(tree.c.id)))


def area_codes(session: Session, person: Person) -> list[str]:
    """Codes of the areas a person is limited to; empty: the whole city."""
    rows = select(Area.code).join(PersonArea, PersonArea.area_id == Area.id)
    return list(session.scalars(rows.where(PersonArea.person_id == person.id).order_by(Area.code)))
