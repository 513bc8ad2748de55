"""受理: taking reports in, each once, however often it is sent."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.case.alarms import set_alarm
from gis.case.clocks import expected_disposal, first_link, start_clocks
from gis.case.limits import choose_limit
from gis.case.models import Case, CaseCounter, CaseStep
from gis.case.record import Act, record_step
from gis.case.report_checks import check_component, check_grid, check_source, check_time, check_words
from gis.case.states import CaseState
from gis.case.workflow import REPORTERS
from gis.crs import DOOR_SRID, crs_name
from gis.errors import Conflict, Gone, NotAllowed
from gis.grid.queries import locate
from gis.i18n import _
from gis.people.models import Person
from gis.place.reverse import called_at
from gis.settings import CITY_SRID, get_settings
from gis.standard.case_code import CaseNumber
from gis.standard.tables import CITY_EDITION, find_class


@dataclass(frozen=True)
class Report:
    """What a reporter sends.

    ``lon``, ``lat``: in the system of ``srid``, see :func:`gis.crs.parse_crs`. ``unit_grid_code``: where the
    sender believes the place to be. ``occurred_at``: with an offset.
    """

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
    unit_grid_code: str | None = None

    def digest(self) -> str:
        """SHA-256 of the content, to tell a repeated report from another one under the same key."""
        sent = {name: value for name, value in asdict(self).items() if value is not None}
        return hashlib.sha256(json.dumps(sent, default=str, sort_keys=True).encode()).hexdigest()


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
        Unknown class, wrong grid or component, impossible time, text too long, a place outside the city.
    Conflict
        The key was used for other content, or by someone else.
    Gone
        The key made a case that was voided since.
    NotAllowed
        The actor's role does not report.
    """
    if actor.role not in REPORTERS:
        raise NotAllowed(_("Reports come from inspectors and acceptors"))
    check_words("/description", report.description)
    check_words("/address", report.address)
    digest = report.digest()
    if idempotency_key and (known := _known_report(session, actor, idempotency_key, digest)):
        return known, False
    now = at or datetime.now(UTC)
    source = check_source(actor, report.source)
    check_time(report.occurred_at, now)
    find_class(report.edition, report.kind, report.class_code)
    place = locate(session, report.lon, report.lat, report.srid)
    check_grid(session, report.unit_grid_code, place)
    component_id = check_component(session, report.kind, report.class_code, report.component_code, place)
    limit = choose_limit(session, report.edition, report.kind, report.class_code, None)
    values = {
        "case_no": _next_number(session, report.kind, report.class_code, now),
        "kind": report.kind,
        "edition": report.edition,
        "class_code": report.class_code,
        "state": CaseState.REPORTED,
        "version": 1,
        "source": source,
        "description": report.description,
        "address": report.address or called_at(session, place).address,
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
        **expected_disposal(session, now, limit.value, limit.unit),
        "idempotency_key": idempotency_key,
        "idempotency_digest": digest if idempotency_key else None,
        "external_id": report.external_id,
        "updated_at": now,
        **first_link(now),
    }
    # Two phones' retries may race here: the loser waits for the winner's commit, inserts nothing, reads it.
    statement = insert(Case).on_conflict_do_nothing(index_elements=["idempotency_key"]).returning(Case)
    case = session.scalar(statement, values)
    if case is None:
        known = _known_report(session, actor, idempotency_key or "", digest)
        if known is None:
            raise Conflict(_("The report is being stored by another request; try again"))
        return known, False
    start_clocks(session, case, now)
    act = Act(detail=_as_declared(report))
    record_step(session, case, "report", None, CaseState.REPORTED, actor, act, now)
    set_alarm(session, case)
    return case, True


def _as_declared(report: Report) -> dict[str, object]:
    """Where the sender said it is, kept as it was said when we have converted it."""
    if report.srid in (DOOR_SRID, CITY_SRID):
        return {}
    return {"crs": crs_name(report.srid), "lon": report.lon, "lat": report.lat}


def _known_report(session: Session, actor: Person, key: str, digest: str) -> Case | None:
    """The case that a key has made; the same sender may hear of it again as often as the network asks."""
    case = session.scalar(select(Case).where(Case.idempotency_key == key))
    if case is None:
        return None
    if case.reporter_id != actor.id:
        # Says nothing of the case: whose it is may be none of the sender's business.
        raise Conflict(_("This Idempotency-Key was already used by someone else; make another one"))
    if case.idempotency_digest != digest:
        raise Conflict(
            _("This Idempotency-Key was already used for another report: {case_no}").format(
                case_no=case.case_no
            ),
            case_no=case.case_no,
        )
    if case.state is CaseState.VOID:
        reason = session.scalar(
            select(CaseStep.note)
            .where(CaseStep.case_id == case.id, CaseStep.action == "void")
            .order_by(CaseStep.seq.desc())
            .limit(1)
        )
        raise Gone(
            _("Case {case_no} was voided: {reason}").format(case_no=case.case_no, reason=reason or "–"),
            case_no=case.case_no,
            reason=reason or "",
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
