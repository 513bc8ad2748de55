"""督办交办: a case that the upper platform gives to the city, once, under the number it has there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.case.intake import Report, report_case
from gis.case.models import Case
from gis.case.workflow import Source
from gis.errors import Conflict, NotFound
from gis.i18n import DEFAULT_LOCALE, _, in_locale
from gis.people.models import Person
from gis.settings import get_settings

KINDS = {"C": "component", "E": "event"}
TYPES = {"supervise": "督办", "assign": "交办"}  # as they stand in the case's text, which is the city's


@dataclass(frozen=True)
class Given:
    """What the platform sends. ``lon``, ``lat``: degrees, EPSG:4490; moments with their offset."""

    number: str
    kind: str
    class_code: str
    lon: float
    lat: float
    description: str
    type: str = "assign"
    address: str = ""
    deadline: datetime | None = None
    occurred_at: datetime | None = None


def take_case(session: Session, actor: Person, given: Given) -> tuple[Case, bool]:
    """Take in a case; returns it and whether it is new. The same case again is the same case.

    Its way is that of every case: verified, filed, dispatched by the centres. What the platform wants of it
    stands at the head of its description, in the city's language.

    Raises
    ------
    InvalidInput, OutsideCity
        As :func:`gis.case.intake.report_case`.
    Conflict
        The number came with other content before.
    """
    with in_locale(DEFAULT_LOCALE):  # whoever sends it again, in whatever language: it is the same report
        wish = _("{type} by the upper platform, number {number}").format(
            type=TYPES[given.type], number=given.number
        )
    if given.deadline is not None:
        until = given.deadline.astimezone(get_settings().zone)
        wish = f"{wish}, {until:%Y-%m-%d %H:%M}"
    report = Report(
        kind=KINDS[given.kind],
        class_code=given.class_code,
        lon=given.lon,
        lat=given.lat,
        description=f"{wish}\n{given.description}",
        source=Source.LEADER,
        occurred_at=given.occurred_at,
        external_id=given.number,
        address=given.address,
    )
    key = f"platform/{given.number}"
    same_number = select(Case.id).where(Case.external_id == given.number)
    if session.scalar(same_number.where(Case.idempotency_key.is_distinct_from(key))) is not None:
        raise Conflict(
            _("The number {number} belongs to a case of another source").format(number=given.number)
        )
    return report_case(session, actor, report, key)


def case_of_number(session: Session, number: str) -> Case:
    """The case that the platform knows by a number."""
    case = session.scalar(
        select(Case).where(Case.external_id == number, Case.idempotency_key == f"platform/{number}")
    )
    if case is None:
        raise NotFound(_("There is no case of the number {number}").format(number=number))
    return case
