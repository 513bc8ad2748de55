"""The vocabulary of a request: its transaction, its actor, and who may come in.

Every route declares its access by exactly one of :func:`public` and :func:`allow`; :mod:`api.access` refuses
to start a service in which one does not. What asks no database is ``async``: it runs where it is, without the
hop to a worker thread that a plain function costs.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import unquote

from fastapi import Depends, Header, Query, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from api.presented_key import SAFE_METHODS, person_id_of_key, presented_key
from api.session import SESSION_COOKIE, Claims, check_csrf, read_token
from api.turns import turn
from gis.case.scope import narrow_views
from gis.database import session_maker
from gis.errors import InvalidInput, NotAllowed, NotSignedIn
from gis.i18n import _
from gis.people.models import Person, Role
from gis.people.queries import find_person
from gis.settings import get_settings


async def get_session() -> AsyncIterator[Session]:
    """The transaction of this request: committed at the door, rolled back on any error.

    It waits for its turn without a thread, and takes one only to end the transaction.
    """
    async with turn():
        session = session_maker()()
        try:
            yield session
        except BaseException:
            await run_in_threadpool(session.close)  # what is not committed is rolled back
            raise
        await run_in_threadpool(_commit, session)


def _commit(session: Session) -> None:
    with session:
        session.commit()


# scope="function": the commit happens before the answer goes out, so a failing one is not answered with 200.
DbSession = Annotated[Session, Depends(get_session, scope="function")]


def current_person(request: Request, session: DbSession) -> Person:
    """Who asks: by API key, by bearer token, else by the pages' cookie.

    Raises
    ------
    NotSignedIn
        No key or token, a wrong, old or withdrawn one, a closed account, or another person than
        ``X-Person`` names.
    NotAllowed
        A change by cookie without its CSRF token; a key that is not good for this.
    TooManyRequests
        More requests than the key may send.
    """
    key = presented_key(request)
    header = request.headers.get("authorization", "")
    if key is not None:
        claims = claims_of_key(session, person_id_of_key(session, request, key))
    elif header:
        scheme, _space, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotSignedIn(_("The Authorization header must carry a bearer token"))
        claims = read_token(token.strip(), "access")
    else:
        cookie = request.cookies.get(SESSION_COOKIE)
        if not cookie:
            raise NotSignedIn(_("Sign in first, or send a token from /api/v1/token"))
        claims = read_token(cookie, "page")
        if request.method not in SAFE_METHODS:
            check_csrf(request, request.headers.get("x-csrf-token", ""))
    person = find_person(session, claims.person_id)
    if person is None or not person.active or person.token_generation != claims.generation:
        raise NotSignedIn(_("This sign-in is no longer valid; sign in again"))
    if person.is_demo and not get_settings().is_loopback:
        raise NotSignedIn(_("Demo accounts only work on this machine"))
    meant = request.headers.get("x-person")
    # A cookie is the browser's: it may be another's by the time that a page sends what its person captured.
    if meant is not None and unquote(meant) != person.login:
        raise NotSignedIn(_("Another person is signed in by now"))
    request.state.actor = person
    request.state.by_key = key is not None
    request.state.by_cookie = key is None and not header
    request.state.claims = claims
    return person


def claims_of_key(session: Session, person_id: int) -> Claims:
    """What a token of now would say. Signing out everywhere ends tokens, not keys: those are revoked."""
    person, now = find_person(session, person_id), datetime.now(UTC)
    return Claims(person_id, person.token_generation if person else 0, now, now)


Actor = Annotated[Person, Depends(current_person)]


async def by_itself(request: Request, actor: Actor) -> None:
    """What an open page asks without its person keeps no session alive: the cookie is not renewed."""
    request.state.by_cookie = False


async def public() -> None:
    """Anyone may come in, signed in or not."""


def allow(*roles: Role) -> Callable[[Person], Awaitable[None]]:
    """Only these roles may come in."""

    async def guard(actor: Actor) -> None:
        if actor.role not in roles:
            raise NotAllowed(_("This is not for your role"))

    guard.roles = roles  # type: ignore[attr-defined]  # api.access and the API description read it
    return guard


signed_in = allow(*Role)


def map_reader(session: DbSession, actor: Actor) -> Person:
    """Who reads the map's views: they show no case that this person may not see."""
    narrow_views(session, actor)
    return actor


MapReader = Annotated[Person, Depends(map_reader)]


async def page_limit(limit: Annotated[int, Query(ge=1, description="rows of one page")] = 50) -> int:
    """How many rows a page holds, never more than the service's limit."""
    most = get_settings().page_limit
    if limit > most:
        raise InvalidInput(
            _("limit is {limit}, at most {most}").format(limit=limit, most=most),
            errors=[{"pointer": "/limit"}],
        )
    return limit


Limit = Annotated[int, Depends(page_limit)]


async def seen_version(if_match: Annotated[str | None, Header()] = None) -> int | None:
    """The version of a record that the sender saw, from ``If-Match``; ``None`` when not sent or ``*``."""
    if if_match is None or if_match.strip() == "*":
        return None
    digits = if_match.strip().removeprefix("W/").strip('"')
    if not digits.isdigit():
        raise InvalidInput(_('If-Match must be an ETag of this service, such as "3"'))
    return int(digits)


SeenVersion = Annotated[int | None, Depends(seen_version)]
