"""What every request passes through: a limit on its size, cookies that are renewed, counts and times."""

import time
from contextlib import suppress
from http import HTTPStatus

from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import plain
from api.session import SESSION_COOKIE, give_csrf, renew
from gis.errors import NotSignedIn
from gis.i18n import _
from gis.settings import get_settings

EVENTS = "text/event-stream"  # lasts as long as somebody listens: its seconds say nothing of our speed

REQUESTS = Counter("citygrid_requests_total", "Requests answered", ["method", "status"])
SECONDS = Histogram("citygrid_request_seconds", "Time to answer, seconds", ["method"])


class BodyLimit:
    """Refuses bodies over the limit, declared or not, before they fill the memory."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = _most_bytes(scope["path"])
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdigit() and int(declared) > most:
            await plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_large(most))(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                # Of the framework's own kind: it answers any other error while reading with 400.
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        await self.app(scope, counted, send)


def _most_bytes(path: str) -> int:
    """How large the body of a request to an address may be."""
    settings = get_settings()
    if path in ("/api/v1/imports", "/api/v1/imports/preview"):
        return settings.max_import_bytes
    if path.endswith("/attachments") or path.startswith("/georeport/") or path.startswith("/api/v1/uploads/"):
        return settings.max_upload_bytes
    return settings.max_body_bytes


def _too_large(most: int) -> str:
    return _("At most {most} bytes are taken here").format(most=most)


class Cookies:
    """Gives a new CSRF cookie where a page made one, and a fresh session cookie where one is half spent."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)

        async def with_cookies(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_cookies(request, MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, with_cookies)


def _add_cookies(request: Request, headers: MutableHeaders) -> None:
    answer = Response()
    state = request.scope.get("state", {})
    if token := state.get("new_csrf"):
        give_csrf(answer, token)
    already = any(f"{SESSION_COOKIE}=" in value for value in headers.getlist("set-cookie"))
    if state.get("by_cookie") and not already:
        # Suppressed: it ended while the request ran, and the next one will be told.
        with suppress(NotSignedIn):
            renew(request, answer)
    for value in answer.headers.getlist("set-cookie"):
        headers.append("set-cookie", value)


class Measure:
    """Counts requests and their seconds for ``/metrics``."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begin = time.perf_counter()
        status, lasting = 500, False

        async def watched(message: Message) -> None:
            nonlocal status, lasting
            if message["type"] == "http.response.start":
                status = message["status"]
                lasting = Headers(raw=message["headers"]).get("content-type", "").startswith(EVENTS)
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            REQUESTS.labels(scope["method"], status).inc()
            if not lasting:
                SECONDS.labels(scope["method"]).observe(time.perf_counter() - begin)
