"""What a patrol has covered of a day, and the grids it has to cover."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.database import read_sql
from gis.errors import InvalidInput, NotAllowed, NotFound
from gis.i18n import _
from gis.patrol.service import keeping
from gis.people.models import Person, Role
from gis.settings import get_settings


@dataclass(frozen=True)
class Visit:
    """A unit grid, and when it was first visited that day; empty: not at all."""

    code: str
    visited_at: datetime | None


@dataclass
class DutyGridCover:
    """What was visited of a duty grid."""

    code: str
    name: str
    unit_grids: list[Visit] = field(default_factory=list)

    @property
    def visited(self) -> int:
        return sum(visit.visited_at is not None for visit in self.unit_grids)

    @property
    def share(self) -> float:
        """Of its unit grids, 0 … 1."""
        return self.visited / len(self.unit_grids)


@dataclass(frozen=True)
class Coverage:
    """The duty grids of a person on a day of the city's own calendar."""

    person: Person
    day: date
    duty_grids: list[DutyGridCover]


def coverage(
    session: Session,
    reader: Person,
    login: str | None = None,
    day: date | None = None,
    now: datetime | None = None,
) -> Coverage:
    """How much of the duty grids was visited on a day, today unless told.

    Inspectors read their own. A shift leader names the inspector, and is told of the duty grids in the
    leader's own areas, only while that inspector shares the track.

    Raises
    ------
    InvalidInput
        A day that has not come, or one whose points are not kept any more; a leader who names nobody.
    NotAllowed
        Another inspector's coverage; one who does not share the track.
    NotFound
        There is no such inspector.
    """
    person = _asked_about(session, reader, login)
    zone = get_settings().zone
    at = now or datetime.now(UTC)
    today = at.astimezone(zone).date()
    day = day or today
    oldest = (at - keeping()).astimezone(zone).date()
    if not oldest <= day <= today:
        raise InvalidInput(
            _("Coverage is known from {oldest} to {today}").format(oldest=oldest, today=today),
            errors=[{"pointer": "/day"}],
        )
    values = {
        "person_id": person.id,
        "reader_id": None if person is reader else reader.id,
        "since": datetime.combine(day, time(), zone),
        "until": datetime.combine(day + timedelta(days=1), time(), zone),
    }
    duty_grids: dict[str, DutyGridCover] = {}
    for row in session.execute(read_sql("coverage"), values):
        known = duty_grids.setdefault(row.duty_grid, DutyGridCover(row.duty_grid, row.name))
        known.unit_grids.append(Visit(row.unit_grid, row.visited_at))
    return Coverage(person, day, list(duty_grids.values()))


def _asked_about(session: Session, reader: Person, login: str | None) -> Person:
    if reader.role is Role.INSPECTOR:
        if login not in (None, reader.login):
            raise NotAllowed(_("An inspector reads only the own coverage"))
        return reader
    if login is None:
        raise InvalidInput(_("Name the inspector"), errors=[{"pointer": "/person", "detail": _("needed")}])
    person = session.scalar(select(Person).where(Person.login == login, Person.role == Role.INSPECTOR))
    if person is None:
        raise NotFound(_("There is no inspector {login}").format(login=login))
    if not person.shares_track:
        raise NotAllowed(_("{name} does not share the track").format(name=person.name))
    return person
