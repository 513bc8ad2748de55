"""A report by Open311 becomes a case; what is told of the reporter is kept apart from it."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from gis.case.intake import Report, report_case
from gis.case.models import Case
from gis.case.report_checks import check_words
from gis.case.workflow import Source
from gis.crs import DOOR_SRID
from gis.errors import InvalidInput
from gis.i18n import _
from gis.open311.models import ServiceRequest
from gis.open311.services import COMPONENT, CONDITION, OCCURRED_AT, Service, condition_words, find_service
from gis.people.models import Person

# Lengths of the columns of Contact and of what else is kept.
LONGEST = {
    "email": 254, "phone": 64, "first_name": 128, "last_name": 128, "account_id": 128, "device_id": 128,
    "address_string": 200,
}  # fmt: skip
MOST_ATTRIBUTES, LONGEST_ATTRIBUTE = 60, 1000
MOST_URLS, LONGEST_URL = 10, 2000
MOST_PHOTOS = 10
FOREIGN_NUMBER = "fixmystreet_id"  # the attribute that says which report of the other system it is


@dataclass(frozen=True)
class Sender:
    """Who reported, in the words of the other system; ``media_urls`` are kept and never fetched."""

    email: str = ""
    phone: str = ""
    first_name: str = ""
    last_name: str = ""
    account_id: str = ""
    media_urls: tuple[str, ...] = ()

    def columns(self) -> dict[str, object]:
        """Values of :class:`gis.open311.models.Contact`."""
        return vars(self) | {"media_urls": list(self.media_urls)}


@dataclass(frozen=True)
class Posted:
    """A report as it was sent. ``lon``, ``lat`` in the system of ``srid``."""

    service_code: str
    lon: float
    lat: float
    sender: Sender
    description: str = ""
    address: str = ""
    device_id: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    srid: int = DOOR_SRID


def post_request(
    session: Session, actor: Person, posted: Posted, idempotency_key: str | None = None
) -> tuple[Case, bool]:
    """Take in a report; returns the case and whether it is new.

    A number of the sender's in the attribute ``fixmystreet_id`` does what an idempotency key does: who sends
    the same report again, because the answer was lost, is told of the same case.

    Raises
    ------
    NotFound
        No such service.
    InvalidInput, OutsideCity, Conflict, Gone, NotAllowed
        As :func:`gis.case.intake.report_case`; an attribute that cannot be.
    """
    service = find_service(posted.service_code)
    check_sender(posted.sender)
    check_length("device_id", posted.device_id)
    check_length("address_string", posted.address)
    _check_attributes(posted.attributes)
    number = posted.attributes.get(FOREIGN_NUMBER, "")
    key = idempotency_key or (f"open311:{actor.id}:{number[:80]}" if number else None)
    case, is_new = report_case(session, actor, _report(service, posted), key)
    if is_new:
        session.add(
            ServiceRequest(
                case_id=case.id,
                person_id=actor.id,
                device_id=posted.device_id,
                attributes=posted.attributes,
                **posted.sender.columns(),
            )
        )
        session.flush()
    return case, is_new


def _report(service: Service, posted: Posted) -> Report:
    return Report(
        kind=service.kind,
        class_code=service.row.code,
        lon=posted.lon,
        lat=posted.lat,
        description=_words(service, posted),
        component_code=posted.attributes.get(COMPONENT) or None,
        srid=posted.srid,
        source=Source.OPEN311,
        occurred_at=_moment(posted.attributes.get(OCCURRED_AT, "")),
        address=posted.address,
    )


def _words(service: Service, posted: Posted) -> str:
    """What the desk reads: the condition that was chosen, the words, where photos lie."""
    lines = [posted.description.strip()]
    if code := posted.attributes.get(CONDITION, ""):
        words = condition_words(service, code)
        if words is None:
            raise InvalidInput(
                _("Service {service} has no condition {code}").format(service=service.code, code=code[:40]),
                errors=[{"pointer": f"/attribute[{CONDITION}]"}],
            )
        lines.insert(0, words)
    return "\n".join(line for line in (*lines, *posted.sender.media_urls) if line)


def _moment(words: str) -> datetime | None:
    if not words:
        return None
    try:
        return datetime.fromisoformat(words)
    except ValueError as error:
        raise InvalidInput(
            _("{text} is no moment; write 2026-05-24T08:00:00+08:00").format(text=words[:40]),
            errors=[{"pointer": f"/attribute[{OCCURRED_AT}]"}],
        ) from error


def check_sender(sender: Sender) -> None:
    """Refuse what the columns cannot hold, and addresses that are none of the web; raises InvalidInput."""
    for name in ("email", "phone", "first_name", "last_name", "account_id"):
        check_length(name, getattr(sender, name))
    for url in sender.media_urls:
        check_words("/media_url", url)
        if len(url) > LONGEST_URL or not _is_web_address(url):
            raise InvalidInput(
                _("media_url must be an address of http or https"), errors=[{"pointer": "/media_url"}]
            )
    if len(sender.media_urls) > MOST_URLS:
        raise InvalidInput(
            _("At most {most} addresses of media").format(most=MOST_URLS), errors=[{"pointer": "/media_url"}]
        )


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def check_length(name: str, words: str) -> None:
    """Refuse a value that its column does not hold; raises InvalidInput."""
    check_words(f"/{name}", words)
    if len(words) > LONGEST[name]:
        raise InvalidInput(
            _("{name} has {length} characters; at most {most}").format(
                name=name, length=len(words), most=LONGEST[name]
            ),
            errors=[{"pointer": f"/{name}"}],
        )


def _check_attributes(attributes: dict[str, str]) -> None:
    if len(attributes) > MOST_ATTRIBUTES:
        raise InvalidInput(
            _("At most {most} attributes").format(most=MOST_ATTRIBUTES), errors=[{"pointer": "/attribute"}]
        )
    for code, value in attributes.items():
        pointer = f"/attribute[{code[:40]}]"
        check_words(pointer, code)
        check_words(pointer, value)
        if len(code) > LONGEST_ATTRIBUTE or len(value) > LONGEST_ATTRIBUTE:
            raise InvalidInput(
                _("An attribute has at most {most} characters").format(most=LONGEST_ATTRIBUTE),
                errors=[{"pointer": pointer}],
            )
