"""Tokens and cookies: short, signed, and worthless once the person signs out everywhere.

An access token goes in the ``Authorization`` header. Pages carry theirs in a cookie that no script can read,
renewed while it is used; what changes something by cookie must also show the CSRF token.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any

import jwt
from fastapi import Request
from starlette.responses import Response

from gis.errors import NotAllowed, NotSignedIn
from gis.i18n import _
from gis.people.models import Person
from gis.secrets import secret
from gis.settings import get_settings

ALGORITHM = "HS256"
SESSION_COOKIE = "citygrid_session"
CSRF_COOKIE = "citygrid_csrf"
LONGEST_SESSION = timedelta(hours=12)  # however busy: one working day, then sign in again


@dataclass(frozen=True)
class Claims:
    """What a valid token says."""

    person_id: int
    generation: int
    began: datetime
    issued: datetime


def issue_token(person: Person, use: str = "access") -> tuple[str, int]:
    """A signed token and its life in seconds; ``use`` is ``access`` or ``page``."""
    return _issue(person.id, person.token_generation, use, datetime.now(UTC))


def _issue(person_id: int, generation: int, use: str, began: datetime) -> tuple[str, int]:
    now = datetime.now(UTC)
    life = timedelta(minutes=get_settings().token_minutes)
    claims = {
        "sub": str(person_id),
        "use": use,
        "gen": generation,
        "began": int(began.timestamp()),
        "iat": int(now.timestamp()),
        "exp": int((now + life).timestamp()),
    }
    return jwt.encode(claims, secret("token"), ALGORITHM), int(life.total_seconds())


def read_token(token: str, use: str) -> Claims:
    """The claims of a token; raises NotSignedIn when it is wrong, old, or made for another use."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token, secret("token"), [ALGORITHM], options={"require": ["exp", "iat", "sub"]}
        )
        read = Claims(
            int(claims["sub"]),
            int(claims["gen"]),
            datetime.fromtimestamp(claims["began"], UTC),
            datetime.fromtimestamp(claims["iat"], UTC),
        )
    except (jwt.PyJWTError, KeyError, ValueError, TypeError) as error:
        raise NotSignedIn(_("This sign-in has ended; sign in again")) from error
    if claims.get("use") != use or datetime.now(UTC) - read.began > LONGEST_SESSION:
        raise NotSignedIn(_("This sign-in has ended; sign in again"))
    return read


def sign_in(response: Response, person: Person) -> None:
    """Give the browser its session cookie."""
    _set(response, SESSION_COOKIE, *issue_token(person, "page"))


def sign_out(response: Response) -> None:
    """Take the session cookie back."""
    response.delete_cookie(SESSION_COOKIE, path="/")


def renew(request: Request, response: Response) -> None:
    """Give the browser a fresh session cookie when its own has lived half its life.

    Only for a request whose cookie was found good: what it says is said again, for as long as a session may
    last from when it began.
    """
    claims = read_token(request.cookies[SESSION_COOKIE], "page")
    if datetime.now(UTC) - claims.issued > timedelta(minutes=get_settings().token_minutes) / 2:
        _set(response, SESSION_COOKIE, *_issue(claims.person_id, claims.generation, "page", claims.began))


def csrf_token(request: Request) -> str:
    """The CSRF token of this browser; a new one is given with the answer by :mod:`api.middleware`."""
    token = request.cookies.get(CSRF_COOKIE) or getattr(request.state, "new_csrf", None)
    if not token:
        token = secrets.token_urlsafe(32)
        request.state.new_csrf = token
    return str(token)


def give_csrf(response: Response, token: str) -> None:
    """Store the CSRF token in the browser; forms and scripts get it from the page, not from the cookie."""
    _set(response, CSRF_COOKIE, token, int(LONGEST_SESSION.total_seconds()))


def check_csrf(request: Request, token: str) -> None:
    """Refuse a change that does not come from one of our own pages.

    Raises
    ------
    NotAllowed
        The token differs from the cookie, or the browser says the form stood on another site.
    """
    origin = request.headers.get("origin")
    host = request.headers.get("host", "")
    foreign = origin is not None and origin.split("://", 1)[-1] != host
    stored = request.cookies.get(CSRF_COOKIE, "")
    if foreign or not stored or not compare_digest(stored.encode(), token.encode()):
        raise NotAllowed(_("The page is too old or not ours; reload it and try again"))


def _set(response: Response, name: str, value: str, life_s: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=life_s,
        path="/",
        httponly=True,
        samesite="strict" if name == CSRF_COOKIE else "lax",
        secure=not get_settings().is_loopback,
    )
