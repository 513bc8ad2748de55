"""Service requests: posting one, and reading what anybody may know of them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from starlette.responses import Response

from api.dependencies import DbSession
from api.georeport.doors import Open311Route, door
from api.georeport.form import Form, Posted, kept_photos, sender_of
from api.georeport.formats import Row, answer
from api.georeport.parameters import Pages, jurisdiction, next_link, of_jurisdiction, wanted
from api.shapes import class_name, local
from gis.case.attachments import attach_photo
from gis.case.models import Case
from gis.case.track import PUBLIC_STATES, moments_of
from gis.crs import DOOR_SRID, parse_crs
from gis.database import session_maker, transaction
from gis.errors import InvalidInput
from gis.i18n import _, pick
from gis.open311.addressing import place_of
from gis.open311.posting import Posted as Report
from gis.open311.posting import post_request
from gis.open311.reading import PublicRequest, Wanted, find_request, request_page
from gis.people.models import Person
from gis.settings import get_settings
from gis.standard.vocabulary import ObjectKind

router = APIRouter(route_class=Open311Route, tags=["open311"])
Asked = Annotated[Wanted, Depends(wanted)]
ROOT = "service_requests"
FIELDS = (
    "jurisdiction_id", "api_key", "service_code", "lat", "long", "address_string", "address_id", "email",
    "device_id", "account_id", "first_name", "last_name", "phone", "description", "media_url", "crs",
)  # fmt: skip
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["service_code"],
                    "properties": {
                        **{name: {"type": "string"} for name in FIELDS},
                        "media": {"type": "string", "format": "binary"},
                    },
                    "additionalProperties": {"type": "string"},
                }
            }
        },
    }
}


@door(router, "GET", "/requests", jurisdiction)
def read_requests(
    request: Request, session: DbSession, asked: Asked, pages: Pages, extensions: bool = False
) -> Response:
    """Service requests: newest first, or with ``updated_after`` in the order of their changes."""
    page = request_page(session, asked, pages.limit, skip=pages.skip, cursor=pages.cursor)
    rows = [row_of(found, request, extensions) for found in page.items]
    return answer(request, ROOT, rows, headers=next_link(request, page.next_cursor))


@door(router, "GET", "/requests/{service_request_id}", jurisdiction)
def read_request(
    request: Request, session: DbSession, service_request_id: str, extensions: bool = False
) -> Response:
    """One service request."""
    return answer(request, ROOT, [row_of(find_request(session, service_request_id), request, extensions)])


@door(router, "GET", "/tokens/{token}", jurisdiction)
def read_token(request: Request, session: DbSession, token: str) -> Response:
    """The number behind a token. Every service answers at once with the number, which is its own token."""
    number = find_request(session, token).case.case_no
    return answer(request, ROOT, [{"service_request_id": number, "token": number}])


@door(router, "POST", "/requests", status_code=201, openapi_extra=BODY)
def post(
    request: Request,
    form: Posted,
    idempotency_key: Annotated[str | None, Header(min_length=8, max_length=128)] = None,
) -> Response:
    """Report: 201; the same again, by ``Idempotency-Key`` or the sender's own number: 200.

    Three steps, so that no transaction waits while photos are decoded.
    """
    with session_maker()() as session:
        actor = sender_of(request, session, form)
        of_jurisdiction(session, form.text("jurisdiction_id") or request.query_params.get("jurisdiction_id"))
        report = report_of(session, form)
        session.commit()
    photos = kept_photos(form)
    with transaction() as session:
        case, is_new = post_request(session, actor, report, idempotency_key)
        for photo in photos if is_new else ():
            attach_photo(session, actor, case.case_no, "report", photo)
        rows = [receipt(request, case, form, actor)]
    return answer(request, ROOT, rows, 201 if is_new else 200)


def report_of(session: DbSession, form: Form) -> Report:
    """The report that a form holds; raises InvalidInput where it says no place that can be found."""
    code = form.text("service_code")
    if not code:
        raise InvalidInput(_("A report needs its service_code"), errors=[{"pointer": "/service_code"}])
    lon, lat, srid = form.number("long"), form.number("lat"), parse_crs(form.text("crs") or None)
    address = form.text("address_string") or form.text("address_id")
    if lon is None or lat is None:
        if not address:
            raise InvalidInput(
                _("A report needs its place: lat and long, or an address"), errors=[{"pointer": "/lat"}]
            )
        (lon, lat), srid = place_of(session, address), DOOR_SRID
    return Report(
        service_code=code,
        lon=lon,
        lat=lat,
        sender=form.sender(),
        description=form.text("description"),
        address=form.text("address_string"),
        device_id=form.text("device_id"),
        attributes=form.attributes(),
        srid=srid,
    )


def receipt(request: Request, case: Case, form: Form, actor: Person) -> Row:
    """What who reports is told."""
    notice = _("Thank you. You can follow your report at {address}").format(
        address=f"{base_of(request)}/track/{case.case_no}"
    )
    return {
        "service_request_id": case.case_no,
        "service_notice": notice,
        "account_id": form.text("account_id") or None,
    }


def base_of(request: Request) -> str:
    """The address by which others reach the service."""
    return get_settings().public_url.rstrip("/") or str(request.base_url).rstrip("/")


def row_of(found: PublicRequest, request: Request, extensions: bool) -> Row:
    """A service request as anybody may read it, in the words of GeoReport."""
    case = found.case
    department = case.department
    row = {
        "service_request_id": case.case_no,
        "status": "open" if found.is_open else "closed",
        "status_notes": _(PUBLIC_STATES[case.state][1]),
        "service_name": class_name(case.edition, case.kind, case.class_code),
        "service_code": f"{ObjectKind(case.kind).letter}{case.class_code}",
        "description": None,
        "agency_responsible": pick(department.name_zh, department.name_en) if department else None,
        "service_notice": None,
        "requested_datetime": local(case.reported_at),
        "updated_datetime": local(case.updated_at),
        "expected_datetime": local(found.expected_at),
        "address": pick(case.street.name_zh, case.street.name_en),
        "address_id": None,
        "zipcode": None,
        "lat": found.lat,
        "long": found.lon,
        "media_url": None,
    }
    return row | {"extended_attributes": _extended(found, request)} if extensions else row


def _extended(found: PublicRequest, request: Request) -> Row:
    case = found.case
    return {
        "state": found.state,
        "kind": case.kind,
        "merged_into": found.merged_into,
        "track_url": f"{base_of(request)}/track/{case.case_no}",
        "moments": [{"what": what, "title": words, "at": local(at)} for what, words, at in moments_of(case)],
    }
