"""The pages of the frame: home, cases, report, the description of the service.

A page reads; what changes something goes through ``/api/v1`` from the browser, by the same rules as for any
other client.
"""

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from api.dependencies import Actor, DbSession, allow, public, signed_in
from gis.case.queries import CaseFilter, case_page, counted_number, get_case, open_counts
from gis.case.queues import queues_of
from gis.case.stages import turn_of
from gis.case.states import OPEN, CaseState
from gis.case.workflow import REPORTERS, Source
from gis.errors import NotFound
from gis.i18n import pick
from gis.people.models import Role
from gis.settings import get_settings
from gis.standard.rows import ObjectClass
from gis.standard.tables import component_classes, event_classes
from web.case_view import list_rows
from web.city_place import city_centre
from web.counted_cases import Behind
from web.navigation import AT_DESKS
from web.rendering import render
from web.visitor import visitor

router = APIRouter(include_in_schema=False)
CALLED_IN = (Source.HOTLINE, Source.CITIZEN, Source.MEDIA, Source.LEADER)  # what a desk takes in
Signed = Depends(signed_in)


@router.get("/", dependencies=[Signed])
def home(request: Request, session: DbSession, actor: Actor) -> Response:
    """What waits for this person, what else is open, and where they may go."""
    counts = open_counts(session, actor)
    turn = turn_of(actor.role)
    at_desk = actor.role in AT_DESKS
    return render(
        request,
        "home.html",
        actor,
        at_desk=at_desk,
        queues=[one for one in queues_of(session, actor) if one.count] if at_desk else [],
        waiting=[(state, counts[state]) for state in OPEN if state in counts and state in turn],
        elsewhere=[(state, counts[state]) for state in OPEN if state in counts and state not in turn],
        has_turn=bool(turn),
    )


@router.get("/docs", dependencies=[Depends(public)])
def docs(request: Request) -> Response:
    """The description of the service, drawn from its own files."""
    return render(request, "docs.html", visitor(request), description_url=request.app.openapi_url)


@router.get("/cases", dependencies=[Signed])
def cases(
    request: Request,
    session: DbSession,
    actor: Actor,
    state: str = "",
    mine: bool = False,
    q: Annotated[str, Query(max_length=100)] = "",
    behind: Behind = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """The list of cases, or of those behind a figure; a case number goes straight to its case."""
    words = q.strip()
    if words:
        try:
            return RedirectResponse(f"/cases/{get_case(session, actor, words.upper()).case_no}", 303)
        except NotFound:
            pass  # not a number: words of the description or the address
    wanted = CaseState(state) if state in set(CaseState) else None
    said = behind.filter if behind else CaseFilter()
    chosen = replace(said, states=(wanted,) if wanted else (), words=words or None, mine=mine)
    page = case_page(session, actor, chosen, limit=limit, cursor=cursor)
    kept = behind.address if behind else {}
    asked = {"state": wanted, "mine": "true" if mine else "", "q": words, "cursor": page.next_cursor}
    following = urlencode({name: value for name, value in (kept | asked).items() if value})
    return render(
        request,
        "cases.html",
        actor,
        rows=list_rows(page.items),
        state=wanted,
        mine=mine,
        words=words,
        later=bool(cursor),
        behind=behind,
        number=counted_number(session, actor, chosen) if behind else None,
        may_report=actor.role in REPORTERS,
        next_address=f"/cases?{following}" if page.next_cursor else "",
    )


@router.get("/report", dependencies=[Depends(allow(*REPORTERS))])
def report(request: Request, session: DbSession, actor: Actor) -> Response:
    """The form of a new report."""
    classes = [_choice(row) for row in (*component_classes(), *event_classes())]
    return render(
        request,
        "report.html",
        actor,
        classes=classes,
        centre=city_centre(session),
        sources=[] if actor.role is Role.INSPECTOR else CALLED_IN,
        most_bytes=get_settings().max_upload_bytes,
    )


def _choice(row: ObjectClass) -> tuple[str, str, str, str, str]:
    """Kind, code, name, the name in the other language (it may be typed too), and the major's name."""
    name = pick(row.name_zh, row.name_en)
    other = row.name_en if name == row.name_zh else row.name_zh
    return row.kind, row.code, name, other, pick(row.major_name_zh, row.major_name_en)
