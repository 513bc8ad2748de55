"""Who acts on imported cases: one account per role that cannot sign in, and the departments of the file."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.exchange.profiles import case_department
from gis.people.models import Department, Person, Role
from gis.people.service import add_person

PREFIX = "import-"


class Accounts:
    """The accounts of one import, made when they are first needed and found again at the next one."""

    def __init__(self, session: Session, profile: str | None) -> None:
        self.session = session
        self.profile = profile
        self._people: dict[str, Person] = {}
        self._departments: dict[str, Department] = {}

    def of_role(self, role: Role) -> Person:
        """The account of a role that needs no department."""
        return self._person(PREFIX + role.value.replace("_", "-"), role, None)

    def of_department(self, key: str) -> Person:
        """The account of the department a file calls ``key``."""
        department = self.department(key)
        return self._person(f"{PREFIX}department-{department.code}", Role.DEPARTMENT, department.code)

    def department(self, key: str) -> Department:
        """The department a file calls ``key``: by code or name, else by the profile, else a new one."""
        if key not in self._departments:
            self._departments[key] = self._find(key) or self._add(key)
        return self._departments[key]

    def _find(self, key: str) -> Department | None:
        named = (Department.code == key[:16]) | (Department.name_zh == key) | (Department.name_en == key)
        return self.session.scalar(
            select(Department).where(named, Department.valid_to.is_(None), Department.disposes).limit(1)
        )

    def _add(self, key: str) -> Department:
        known = case_department(self.profile, key)
        department = Department(
            code=_free_code(self.session, key),
            name_zh=known.name_zh if known else key,
            name_en=known.name_en if known else key,
        )
        self.session.add(department)
        self.session.flush()
        return department

    def _person(self, login: str, role: Role, department_code: str | None) -> Person:
        if login not in self._people:
            there = self.session.scalar(select(Person).where(Person.login == login))
            self._people[login] = there or add_person(
                self.session, login, login, None, role, department_code=department_code
            )
        return self._people[login]


def _free_code(session: Session, key: str) -> str:
    """A code of at most 16 letters that no department has, near to what the file says."""
    plain = re.sub(r"\s+", "-", key.strip())[:16]
    taken = set(session.scalars(select(Department.code).where(Department.code.startswith(plain[:12]))))
    code, number = plain, 1
    while code in taken:
        number += 1
        code = f"{plain[:12]}-{number}"
    return code
