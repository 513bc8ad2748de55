"""Updates of service requests, as FixMyStreet speaks them."""

from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.dependencies import DbSession
from api.georeport.doors import Open311Route, door
from api.georeport.form import Posted, kept_photos, sender_of
from api.georeport.formats import Row, answer
from api.georeport.parameters import (
    Moment,
    Pages,
    jurisdiction,
    next_link,
    of_jurisdiction,
    read_moment,
    read_span,
)
from api.shapes import local
from gis.case.attachments import attach_photo
from gis.database import session_maker, transaction
from gis.open311.updates import EXTENDED, Comment, Update, post_update, update_page

router = APIRouter(route_class=Open311Route, tags=["open311"])
ROOT = "service_request_updates"
SPAN = timedelta(days=90)
FIELDS = (
    "jurisdiction_id", "api_key", "service_request_id", "update_id", "status", "updated_datetime",
    "description", "email", "first_name", "last_name", "phone", "account_id", "media_url",
)  # fmt: skip
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["service_request_id", "update_id"],
                    "properties": {name: {"type": "string"} for name in FIELDS},
                    "additionalProperties": {"type": "string"},
                }
            }
        },
    }
}


@door(router, "GET", "/servicerequestupdates", jurisdiction)
def read_updates(
    request: Request,
    session: DbSession,
    pages: Pages,
    start_date: Moment = None,
    end_date: Moment = None,
) -> Response:
    """What became of service requests, oldest first; of the last 90 days unless said."""
    begin, end = read_span(read_moment("start_date", start_date), read_moment("end_date", end_date), SPAN)
    page = update_page(session, begin, end, pages.limit, pages.cursor)
    return answer(
        request, ROOT, [row_of(update) for update in page.items], headers=next_link(request, page.next_cursor)
    )


@door(router, "POST", "/servicerequestupdates", status_code=201, openapi_extra=BODY)
def post(request: Request, form: Posted) -> Response:
    """What a citizen adds to a request: 201; the same ``update_id`` again: 200."""
    with session_maker()() as session:
        actor = sender_of(request, session, form)
        of_jurisdiction(session, form.text("jurisdiction_id") or request.query_params.get("jurisdiction_id"))
        session.commit()
    comment = Comment(
        case_no=form.text("service_request_id"),
        update_id=form.text("update_id"),
        status=form.text("status"),
        description=form.text("description"),
        sender=form.sender(),
    )
    read_moment("updated_datetime", form.text("updated_datetime"))
    photos = kept_photos(form)
    with transaction() as session:
        number, is_new = post_update(session, actor, comment)
        for photo in photos if is_new else ():
            attach_photo(session, actor, comment.case_no.upper(), "report", photo)
    rows = [{"update_id": str(number), "account_id": comment.sender.account_id or None}]
    return answer(request, ROOT, rows, 201 if is_new else 200)


def row_of(update: Update) -> Row:
    return {
        "update_id": str(update.id),
        "service_request_id": update.case_no,
        "status": EXTENDED[update.state],
        "updated_datetime": local(update.at),
        "description": update.words,
        "media_url": "",
        "external_status_code": update.state,
    }
