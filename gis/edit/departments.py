"""Departments as senders name them: by code, or by name."""

from collections.abc import Callable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.edit.properties import Values
from gis.people.models import Department


def departments_by_code(session: Session) -> Mapping[str, int]:
    """``{code: id}`` of the departments in force."""
    query = select(Department.code, Department.id).where(Department.valid_to.is_(None))
    return {row.code: row.id for row in session.execute(query.order_by(Department.code))}


def department_names(column: str) -> Callable[[Session], list[tuple[str, str, Values]]]:
    """What names of departments stand for in a column."""

    def rows(session: Session) -> list[tuple[str, str, Values]]:
        found = session.execute(
            select(Department.name_zh, Department.name_en, Department.id)
            .where(Department.valid_to.is_(None))
            .order_by(Department.id)
        )
        return [(zh, en, {column: id_}) for zh, en, id_ in found]

    return rows
