"""受理: taking reports in, each once, however often it is sent."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.case.limits import choose_limit, deadline
from gis.case.models import Case, CaseCounter
from gis.case.record import Act, check_text, record_step
from gis.case.side_models import CaseInterval
from gis.case.stages import STAGES
from gis.case.states import CaseState
from gis.case.workflow import REPORTERS, Source
from gis.component.models import Component
from gis.crs import DOOR_SRID
from gis.errors import Conflict, InvalidInput, NotAllowed
from gis.grid.queries import Place, locate
from gis.i18n import _
from gis.people.models import Person, Role
from gis.settings import CITY_SRID, get_settings
from gis.standard.case_code import CaseNumber
from gis.standard.tables import CITY_EDITION, find_class

ACCEPTANCE = STAGES["accept"]
WARN_SHARE = 0.8  # of a limit used: the lamp turns yellow
AHEAD = timedelta(minutes=5)  # how far a phone's clock may run ahead of ours


@dataclass(frozen=True)
class Report:
    """What a reporter sends. ``lon``, ``lat`` in the CRS of ``srid``; ``occurred_at`` with an offset."""

    kind: str
    class_code: str
    lon: float
    lat: float
    description: str = ""
    component_code: str | None = None
    edition: str = CITY_EDITION
    srid: int = DOOR_SRID
    source: str | None = None
    occurred_at: datetime | None = None
    external_id: str | None = None
    address: str = ""

    def digest(self) -> str:
        """SHA-256 of the content, to tell a repeated report from another one under the same key."""
        return hashlib.sha256(json.dumps(asdict(self), default=str, sort_keys=True).encode()).hexdigest()


def report_case(
    session: Session,
    actor: Person,
    report: Report,
    idempotency_key: str | None = None,
    at: datetime | None = None,
) -> tuple[Case, bool]:
    """Take in a report; returns the case and whether it is new.

    The same key with the same content gives the same case again, however often and from however many
    connections: the key is UNIQUE in the database.

    Raises
    ------
    InvalidInput, OutsideCity
        Unknown class, wrong component, impossible time, text too long, a place outside the city.
    Conflict
        The key was used for other content.
    NotAllowed
        The actor's role does not report.
    """
    if actor.role not in REPORTERS:
        raise NotAllowed(_("Reports come from inspectors and acceptors"))
    digest = report.digest()
    if idempotency_key and (known := _known_report(session, idempotency_key, digest)):
        return known, False
    now = at or datetime.now(UTC)
    source = _source(actor, report)
    _check_report(report, now)
    find_class(report.edition, report.kind, report.class_code)
    place = locate(session, report.lon, report.lat, report.srid)
    component_id = _component(session, report, place)
    limit = choose_limit(session, report.edition, report.kind, report.class_code, None)
    due = deadline(session, now, limit)
    values = {
        "case_no": _next_number(session, report.kind, report.class_code, now),
        "kind": report.kind,
        "edition": report.edition,
        "class_code": report.class_code,
        "state": CaseState.REPORTED,
        "version": 1,
        "source": source,
        "description": report.description,
        "address": report.address or place.road_zh or "",
        "location": from_shape(Point(place.easting, place.northing), srid=CITY_SRID),
        "unit_grid_id": place.unit_grid_id,
        "community_id": place.community_id,
        "street_id": place.street_id,
        "duty_grid_id": place.duty_grid_id,
        "component_id": component_id,
        "reporter_id": actor.id,
        "occurred_at": report.occurred_at,
        "reported_at": now,
        "limit_value": limit.value,
        "limit_unit": limit.unit,
        "due_at": due.due_at,
        "due_is_provisional": True,
        "stage": ACCEPTANCE.code,
        "stage_due_at": now + timedelta(minutes=ACCEPTANCE.minutes or 0),
        "stage_warn_at": now + WARN_SHARE * timedelta(minutes=ACCEPTANCE.minutes or 0),
        "idempotency_key": idempotency_key,
        "idempotency_digest": digest if idempotency_key else None,
        "external_id": report.external_id,
        "updated_at": now,
    }
    # Two phones' retries may race here: the loser waits for the winner's commit, inserts nothing, reads it.
    statement = insert(Case).on_conflict_do_nothing(index_elements=["idempotency_key"]).returning(Case.id)
    case_id = session.scalar(statement, values)
    if case_id is None:
        known = _known_report(session, idempotency_key or "", digest)
        if known is None:
            raise Conflict(_("The report is being stored by another request; try again"))
        return known, False
    case = session.get_one(Case, case_id)
    session.add(CaseInterval(case_id=case.id, stage=ACCEPTANCE.code, round=1, started_at=now))
    record_step(session, case, "report", None, CaseState.REPORTED, actor, Act(), now)
    return case, True


def _check_report(report: Report, now: datetime) -> None:
    check_text("/description", report.description)
    if report.occurred_at is None:
        return
    if report.occurred_at.tzinfo is None:
        raise InvalidInput(_("A time needs its offset, such as +08:00"), errors=[{"pointer": "/occurred_at"}])
    if report.occurred_at > now + AHEAD:
        raise InvalidInput(
            _("The problem cannot have occurred in the future"), errors=[{"pointer": "/occurred_at"}]
        )


def _source(actor: Person, report: Report) -> str:
    source = report.source or (Source.INSPECTOR if actor.role is Role.INSPECTOR else Source.HOTLINE)
    if source not in set(Source):
        raise InvalidInput(
            _("Unknown source {source}; known: {known}").format(source=source, known=", ".join(Source)),
            errors=[{"pointer": "/source", "detail": _("unknown source")}],
        )
    if source == Source.INSPECTOR and actor.role is not Role.INSPECTOR:
        raise InvalidInput(
            _("Only an inspector's own report has the source inspector"),
            errors=[{"pointer": "/source", "detail": _("not yours")}],
        )
    return str(source)


def _component(session: Session, report: Report, place: Place) -> int | None:
    if not report.component_code:
        return None
    pointer = "/component_code"
    if report.kind != "component":
        raise InvalidInput(_("Only a component report names a component"), errors=[{"pointer": pointer}])
    component = session.scalar(
        select(Component).where(Component.code == report.component_code, Component.valid_to.is_(None))
    )
    if component is None:
        raise InvalidInput(
            _("There is no component {code}").format(code=report.component_code),
            errors=[{"pointer": pointer}],
        )
    if component.class_code != report.class_code:
        raise InvalidInput(
            _("Component {code} is of class {actual}, not {given}").format(
                code=component.code, actual=component.class_code, given=report.class_code
            ),
            errors=[{"pointer": pointer}],
        )
    return component.id


def _known_report(session: Session, key: str, digest: str) -> Case | None:
    case = session.scalar(select(Case).where(Case.idempotency_key == key))
    if case is not None and case.idempotency_digest != digest:
        raise Conflict(
            _("This Idempotency-Key was already used for another report: {case_no}").format(
                case_no=case.case_no
            ),
            case_no=case.case_no,
        )
    return case


def _next_number(session: Session, kind: str, class_code: str, now: datetime) -> str:
    day = now.astimezone(get_settings().zone).date()
    prefix = f"{kind}/{class_code}"
    statement = insert(CaseCounter).values(prefix=prefix, day=day, last=1)
    number = session.scalar(
        statement.on_conflict_do_update(
            index_elements=["prefix", "day"], set_={"last": CaseCounter.last + 1}
        ).returning(CaseCounter.last)
    )
    return str(CaseNumber.build(kind, class_code, day, number or 1))
