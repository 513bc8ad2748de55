"""Accounts: adding them, and checking who signs in."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from gis.errors import Conflict, InvalidInput, NotFound, NotSignedIn, TooManyTries
from gis.grid.models import Area
from gis.i18n import _
from gis.people.models import Centre, Department, Person, PersonArea, Role, SignInFailure
from gis.people.passwords import LEAST_LENGTH, NO_PASSWORD, decoy, hash_password, password_matches

CENTRE_OF_ROLE: dict[Role, Centre] = {
    Role.INSPECTOR: Centre.SUPERVISION,
    Role.ACCEPTOR: Centre.SUPERVISION,
    Role.SHIFT_LEADER: Centre.SUPERVISION,
    Role.DISPATCHER: Centre.COMMAND,
    Role.DEPARTMENT: Centre.DEPARTMENT,
    Role.OWNER: Centre.DEPARTMENT,
    Role.EVALUATOR: Centre.EVALUATION,
    Role.PLANNER: Centre.PLANNING,
    Role.ADMIN: Centre.ADMINISTRATION,
}
TRIES = 8
TRIES_WITHIN = timedelta(minutes=10)


def add_person(
    session: Session,
    login: str,
    name: str,
    password: str | None,
    role: str,
    department_code: str | None = None,
    area_code: str | None = None,
) -> Person:
    """Add an account; without a password it cannot sign in.

    Raises
    ------
    InvalidInput, NotFound, Conflict
        Unknown role, short password, unknown department or area, login taken.
    """
    if role not in set(Role):
        raise InvalidInput(_("Unknown role {role}; known: {known}").format(role=role, known=", ".join(Role)))
    if password is not None and len(password) < LEAST_LENGTH:
        raise InvalidInput(_("A password needs at least {least} characters").format(least=LEAST_LENGTH))
    if session.scalar(select(Person.id).where(Person.login == login)) is not None:
        raise Conflict(_("The login {login} is taken").format(login=login))
    department = None
    if department_code:
        department = find_department(session, department_code)
    elif role == Role.DEPARTMENT:
        raise InvalidInput(_("A department's account needs its department"))
    person = Person(
        login=login,
        name=name,
        password_hash=hash_password(password) if password else NO_PASSWORD,
        role=Role(role),
        centre=CENTRE_OF_ROLE[Role(role)],
        department_id=department.id if department else None,
    )
    session.add(person)
    session.flush()
    if area_code:
        area_id = session.scalar(select(Area.id).where(Area.code == area_code))
        if area_id is None:
            raise NotFound(_("There is no area {code}").format(code=area_code))
        session.add(PersonArea(person_id=person.id, area_id=area_id))
        session.flush()
    return person


def find_department(session: Session, code: str) -> Department:
    """The department of a code; raises NotFound."""
    department = session.scalar(
        select(Department).where(Department.code == code, Department.valid_to.is_(None))
    )
    if department is None:
        raise NotFound(_("There is no department {code}").format(code=code))
    return department


def check_sign_in(session: Session, login: str, password: str) -> Person:
    """The person whose login and password these are. A wrong try is recorded; the caller must commit it.

    Raises
    ------
    TooManyTries
        Too many wrong tries for this login in the last minutes, right or wrong this time.
    NotSignedIn
        Unknown login, wrong password, or an account that was closed; never said which.
    """
    since = datetime.now(UTC) - TRIES_WITHIN
    failures = session.scalar(
        select(func.count()).where(SignInFailure.login == login[:64], SignInFailure.at > since)
    )
    if (failures or 0) >= TRIES:
        raise TooManyTries(
            _("Too many wrong tries; wait {minutes} minutes").format(minutes=TRIES_WITHIN.seconds // 60)
        )
    person = session.scalar(select(Person).where(Person.login == login))
    if not password_matches(password, person.password_hash if person else decoy()) or person is None:
        session.add(SignInFailure(login=login[:64]))
        session.flush()
        raise NotSignedIn(_("Login or password is wrong"))
    if not person.active:
        raise NotSignedIn(_("Login or password is wrong"))
    session.execute(delete(SignInFailure).where(SignInFailure.login == login))
    person.last_seen_at = datetime.now(UTC)
    session.flush()
    return person
