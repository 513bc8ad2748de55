"""The pages of the frame: sign in, home, cases, report, the description of the service.

A page reads; what changes something goes through ``/api/v1`` from the browser, by the same rules as for any
other client. Only signing in and out are forms of their own, so that they work without a script.
"""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from api.dependencies import Actor, DbSession, allow, public
from api.session import check_csrf, sign_in, sign_out
from gis.case.queries import case_page, case_steps, get_case, open_counts
from gis.case.states import CaseState
from gis.case.workflow import open_steps
from gis.errors import CityGridError
from gis.i18n import pick
from gis.people.models import Department, Person, Role
from gis.people.service import check_sign_in
from gis.settings import get_settings
from gis.standard.models import ObjectClass
from web.case_view import case_facts, list_rows, rule_choices, step_rows
from web.navigation import REPORTERS
from web.preferences import safe_next
from web.rendering import render
from web.words import STATES

router = APIRouter(include_in_schema=False)
Signed = Depends(allow(*Role))
Public = Depends(public)


@router.get("/login", dependencies=[Public])
def login_page(request: Request, session: DbSession, next: str = "/") -> Response:
    """The sign-in form."""
    return _login(request, session, next)


@router.post("/login", dependencies=[Public])
def login(
    request: Request,
    session: DbSession,
    login: Annotated[str, Form(max_length=64)],
    password: Annotated[str, Form(max_length=256)],
    csrf_token: Annotated[str, Form()],
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Sign in and go on to where the person wanted to be."""
    check_csrf(request, csrf_token)
    try:
        person = check_sign_in(session, login.strip(), password)
    except CityGridError as error:
        return _login(request, session, next, login=login, wrong=str(error))
    answer = RedirectResponse(safe_next(next), 303)
    sign_in(answer, person)
    return answer


def _login(request: Request, session: DbSession, next: str, login: str = "", wrong: str = "") -> Response:
    demo = _demo_people(session) if get_settings().is_loopback else []
    status = 401 if wrong else 200
    return render(
        request, "login.html", status=status, next=safe_next(next), login=login, wrong=wrong, demo=demo
    )


def _demo_people(session: DbSession) -> list[Person]:
    """The demo accounts of the sample city, in the order of the roles."""
    people = session.scalars(select(Person).where(Person.is_demo, Person.active))
    order = list(Role)
    return sorted(people, key=lambda person: (order.index(person.role), person.login))


@router.post("/logout", dependencies=[Public])
def logout(request: Request, csrf_token: Annotated[str, Form()]) -> Response:
    """Leave: the session's cookie is taken back."""
    check_csrf(request, csrf_token)
    answer = RedirectResponse("/login", 303)
    sign_out(answer)
    return answer


@router.get("/", dependencies=[Signed])
def home(request: Request, session: DbSession, actor: Actor) -> Response:
    """What waits for this person, and where they may go."""
    counts = open_counts(session, actor)
    ordered = [(state, counts[state]) for state in CaseState if counts.get(state)]
    return render(request, "home.html", actor, counts=ordered)


@router.get("/docs", dependencies=[Public])
def docs(request: Request) -> Response:
    """The description of the service, drawn from its own files."""
    return render(request, "docs.html", description_url=request.app.openapi_url)


@router.get("/cases", dependencies=[Signed])
def cases(
    request: Request,
    session: DbSession,
    actor: Actor,
    state: str = "",
    mine: bool = False,
    case_no: str = "",
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """The list of cases; a case number goes straight to its case."""
    if case_no.strip():
        return RedirectResponse(f"/cases/{get_case(session, case_no.strip()).case_no}", 303)
    wanted = CaseState(state) if state in set(CaseState) else None
    page = case_page(session, actor, state=wanted, mine=mine, limit=limit, cursor=cursor)
    asked = {"state": wanted, "mine": "true" if mine else None, "cursor": page.next_cursor}
    following = urlencode({name: value for name, value in asked.items() if value})
    return render(
        request,
        "cases.html",
        actor,
        rows=list_rows(session, page.items),
        state=wanted,
        mine=mine,
        may_report=actor.role in REPORTERS,
        next_address=f"/cases?{following}" if page.next_cursor else "",
    )


@router.get("/cases/{case_no}", dependencies=[Signed])
def case(request: Request, session: DbSession, actor: Actor, case_no: str) -> Response:
    """One case: its facts, what has happened, and the steps this person may take now."""
    found = get_case(session, case_no)
    departments = session.scalars(
        select(Department).where(Department.disposes).order_by(Department.code)
    ).all()
    return render(
        request,
        "case.html",
        actor,
        case=case_facts(session, found),
        steps=step_rows(session, case_steps(session, case_no)),
        actions=open_steps(found.state, actor.role, found.source),
        rules=rule_choices(session, found),
        departments=departments,
        usual_department="",
        waits_for=STATES[found.state].waits_for,
    )


@router.get("/report", dependencies=[Depends(allow(*REPORTERS))])
def report(request: Request, session: DbSession, actor: Actor) -> Response:
    """The form of a new report."""
    classes = [
        (
            row.kind,
            row.code,
            *_names(row.name_zh, row.name_en),
            _names(row.major_name_zh, row.major_name_en)[0],
        )
        for row in session.scalars(select(ObjectClass).order_by(ObjectClass.kind, ObjectClass.position))
    ]
    return render(request, "report.html", actor, classes=classes, centre={"lon": 110.0, "lat": 39.8})


def _names(name_zh: str, name_en: str) -> tuple[str, str]:
    """A name in the reader's language, then the other one: both may be typed to find it."""
    first = pick(name_zh, name_en)
    return first, name_en if first == name_zh else name_zh
