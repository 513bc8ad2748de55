"""公众查询: where a case stands, in plain words for whoever has its number; no sign-in, nothing personal."""

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from api.dependencies import DbSession, public
from api.problems import status_of
from api.session import check_csrf
from api.track import TrackedOut, address_of
from gis.case.track import LONGEST_NOTE, MOMENTS, answer, track
from gis.errors import CityGridError, NotFound
from web.rendering import render
from web.visitor import visitor

router = APIRouter(include_in_schema=False, dependencies=[Depends(public)])

ICONS = {
    "received": "inbox",
    "filed": "route",
    "in_hand": "wrench",
    "on_hold": "circle-pause",
    "checking": "footprints",
    "closed": "circle-check-big",
    "not_taken": "circle-slash",
    "merged": "git-merge",
}
ENDED_EARLY = ("not_taken", "merged")  # nothing more is to come of these


@router.get("/track")
def ask_number(request: Request, no: Annotated[str, Query(max_length=64)] = "") -> Response:
    """The form for a number; a number leads to its case."""
    number = no.strip().upper()
    if number:
        return RedirectResponse(f"/track/{quote(number, safe='')}", 303)
    return render(request, "track.html", visitor(request), number="", tracked=None, wrong="")


@router.get("/track/{case_no}")
def show_case(request: Request, session: DbSession, case_no: str) -> Response:
    """Where one case stands, and the question whether it is fixed once it is closed."""
    try:
        return _page(request, TrackedOut.of(track(session, case_no)))
    except NotFound as error:
        return _unknown(request, case_no, error)


@router.post("/track/{case_no}")
def take_answer(
    request: Request,
    session: DbSession,
    case_no: str,
    fixed: Annotated[bool, Form()],
    note: Annotated[str, Form(max_length=LONGEST_NOTE)] = "",
    csrf_token: Annotated[str, Form(max_length=128)] = "",
) -> Response:
    """Take a citizen's answer from the form, which works without a script."""
    try:
        check_csrf(request, csrf_token)
        answer(session, case_no, fixed, note, address_of(request))
    except NotFound as error:
        return _unknown(request, case_no, error)
    except CityGridError as error:
        return _page(request, TrackedOut.of(track(session, case_no)), note, error)
    return RedirectResponse(f"/track/{quote(case_no, safe='')}", 303)


def _page(
    request: Request, tracked: TrackedOut, note: str = "", error: CityGridError | None = None
) -> Response:
    done = {moment.what for moment in tracked.moments}
    codes = [(name.removesuffix("_at"), title) for name, title in MOMENTS]
    ahead = [] if tracked.state in ENDED_EARLY else [title for code, title in codes if code not in done]
    return render(
        request,
        "track.html",
        visitor(request),
        status=status_of(error) if error else 200,
        number=tracked.case_no,
        tracked=tracked,
        symbol=ICONS[tracked.state],
        is_late=tracked.expected_at is not None and tracked.expected_at < datetime.now(UTC),
        ahead=ahead if tracked.state != "closed" else [],
        note=note,
        longest_note=LONGEST_NOTE,
        wrong=str(error) if error else "",
    )


def _unknown(request: Request, number: str, error: NotFound) -> Response:
    return render(
        request,
        "track.html",
        visitor(request),
        status=status_of(error),
        number=number,
        tracked=None,
        wrong=str(error),
    )
