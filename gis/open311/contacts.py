"""Who reported a case by another system: for those who take reports in, and nobody else."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.case.queries import get_case
from gis.open311.models import Contact, ServiceRequest, ServiceRequestUpdate
from gis.people.models import Person, Role

MOST = 1000  # of one case
CALLS_BACK = (Role.ACCEPTOR, Role.SHIFT_LEADER)  # who may know who reported


@dataclass(frozen=True)
class Reporter:
    """What a citizen said of themselves, ``system`` the account that brought it."""

    system: str
    email: str
    phone: str
    name: str
    media_urls: tuple[str, ...]
    at: datetime


def reporters_of(session: Session, actor: Person, case_no: str) -> list[Reporter]:
    """Who reported a case and who added to it, in order; raises NotFound for one the actor may not see."""
    case = get_case(session, actor, case_no)
    request, update = ServiceRequest, ServiceRequestUpdate
    first = session.execute(
        select(request, Person.name)
        .join(Person, Person.id == request.person_id)
        .where(request.case_id == case.id)
    )
    later = session.execute(
        select(update, Person.name)
        .join(Person, Person.id == update.person_id)
        .where(update.case_id == case.id)
        .order_by(update.id)
        .limit(MOST)
    )
    return [
        *(_reporter(row[0], row[1], row[0].created_at) for row in first),
        *(_reporter(row[0], row[1], row[0].created_at) for row in later),
    ]


def _reporter(row: Contact, system: str, at: datetime) -> Reporter:
    name = full_name(row.first_name, row.last_name)
    return Reporter(system, row.email, row.phone, name, tuple(row.media_urls), at)


def full_name(first: str, last: str) -> str:
    """A name as people write it: 李娜, Na Li."""
    if any("\u4e00" <= letter <= "\u9fff" for letter in last):
        return f"{last}{first}"
    return f"{first} {last}".strip()
