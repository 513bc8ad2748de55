"""Signing in and out: forms of their own, so that they work without a script and with password managers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from api.dependencies import DbSession, public
from api.problems import status_of
from api.session import check_csrf, sign_in, sign_out
from gis.errors import CityGridError, NotSignedIn
from gis.i18n import _
from gis.people.models import Person, Role
from gis.people.queries import demo_logins
from gis.people.service import check_sign_in
from gis.settings import get_settings
from web.preferences import safe_next
from web.rendering import render

router = APIRouter(include_in_schema=False, dependencies=[Depends(public)])


@router.get("/login")
def login_page(request: Request, session: DbSession, next: str = "/") -> Response:
    """The sign-in form."""
    return _form(request, session, next)


@router.post("/login")
def login(
    request: Request,
    session: DbSession,
    login: Annotated[str, Form(max_length=64)],
    password: Annotated[str, Form(max_length=256)],
    csrf_token: Annotated[str, Form(max_length=128)] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Sign in and go on to where the person wanted to be."""
    try:
        check_csrf(request, csrf_token)
        person = check_sign_in(session, login.strip(), password)
        if person.is_demo and not get_settings().is_loopback:
            raise NotSignedIn(_("Demo accounts only work on this machine"))
    except CityGridError as error:
        # Answered here, not raised: the transaction must keep that a wrong password was tried.
        return _form(request, session, next, login, error)
    answer = RedirectResponse(safe_next(next), 303)
    sign_in(answer, person)
    return answer


@router.post("/logout")
def logout(request: Request, csrf_token: Annotated[str, Form(max_length=128)] = "") -> Response:
    """Leave: the session's cookie is taken back."""
    check_csrf(request, csrf_token)
    answer = RedirectResponse("/login", 303)
    sign_out(answer)
    return answer


def _form(
    request: Request, session: DbSession, next: str, login: str = "", error: CityGridError | None = None
) -> Response:
    return render(
        request,
        "login.html",
        status=status_of(error) if error else 200,
        next=safe_next(next),
        login=login,
        wrong=str(error) if error else "",
        demo=_demo(session),
    )


def _demo(session: DbSession) -> list[Person]:
    """The demo accounts in the order of the roles; none where others than this machine can reach us."""
    if not get_settings().is_loopback:
        return []
    return sorted(demo_logins(session), key=lambda person: list(Role).index(person.role))
