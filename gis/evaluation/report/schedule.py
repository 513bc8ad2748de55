"""When reports are made by themselves: last month's, on a day of the month at an hour of the city's own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from gis.database import transaction
from gis.errors import InvalidInput
from gis.evaluation.models import ReportSchedule
from gis.evaluation.period import of_day
from gis.evaluation.report.service import add_report
from gis.evaluation.whole_city import need_whole_city
from gis.i18n import DEFAULT_LOCALE, LOCALES, _
from gis.people.models import Person
from gis.settings import get_settings

DAYS, HOURS = range(1, 29), range(24)


@dataclass(frozen=True)
class Plan:
    """The schedule as it stands. ``next_at`` and ``next_period``: the next report; empty while it is off."""

    active: bool
    day: int
    hour: int
    locale: str
    next_at: datetime | None
    next_period: str | None


def read_plan(session: Session, now: datetime | None = None) -> Plan:
    """The schedule; off until it is set for the first time."""
    row = session.get(ReportSchedule, 1)
    if row is None:
        return Plan(False, 2, 6, DEFAULT_LOCALE, None, None)
    if not row.active:
        return Plan(False, row.day, row.hour, row.locale, None, None)
    at = _due_at(row, now or datetime.now(UTC))
    if row.made_for == _month_before(at):
        at = _due_at(row, at + timedelta(days=31))
    return Plan(True, row.day, row.hour, row.locale, at, _month_before(at))


def set_plan(
    session: Session,
    person: Person,
    active: bool,
    day: int,
    hour: int,
    locale: str,
    now: datetime | None = None,
) -> Plan:
    """Change the schedule. A moment of this month that has passed is not made up for.

    Raises
    ------
    InvalidInput
        A day that not every month has, an hour that no day has, or a language that there is not.
    NotAllowed
        The person sees a part of the city only.
    """
    need_whole_city(session, person)
    for name, value, known in (("day", day, DAYS), ("hour", hour, HOURS)):
        if value not in known:
            detail = _("from {first} to {last}").format(first=known[0], last=known[-1])
            raise InvalidInput(detail, errors=[{"pointer": f"/{name}", "detail": detail}])
    if locale not in LOCALES:
        raise InvalidInput(
            _("one of: {words}").format(words=", ".join(LOCALES)), errors=[{"pointer": "/locale"}]
        )
    now = now or datetime.now(UTC)
    row = session.get(ReportSchedule, 1, with_for_update=True) or ReportSchedule(id=1, made_for="")
    session.add(row)
    row.active, row.day, row.hour, row.locale, row.set_by = active, day, hour, locale, person.id
    if (at := _due_at(row, now)) <= now:
        row.made_for = _month_before(at)
    session.flush()
    return read_plan(session, now)


def make_due_report(now: datetime | None = None) -> None:
    """Have last month's report made, once, when its moment has come; also where the service was away then."""
    now = now or datetime.now(UTC)
    with transaction() as session:
        row = session.get(ReportSchedule, 1, with_for_update=True)
        if row is None or not row.active:
            return
        at = _due_at(row, now)
        if now < at or row.made_for == (month := _month_before(at)):
            return
        add_report(session, month, row.locale, scheduled=True, now=now)
        row.made_for = month


def _due_at(row: ReportSchedule, now: datetime) -> datetime:
    """The moment of the month that runs."""
    local = now.astimezone(get_settings().zone)
    return local.replace(day=row.day, hour=row.hour, minute=0, second=0, microsecond=0)


def _month_before(at: datetime) -> str:
    return of_day("month", at.date()).before().code
