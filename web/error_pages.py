"""What a person sees when something goes wrong: the service's own problem, on a page instead of as JSON.

What went wrong and its status are decided once, by the handlers of :mod:`api.problems`; a browser that asked
for a page gets their answer drawn, every other client gets it as it is.
"""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from web.rendering import render
from web.visitor import visitor

# Doors for programs: they get problem+json even when a browser asks.
FOR_PROGRAMS = (
    "/api/",
    "/tiles/",
    "/georeport/",
    "/static/",
    "/health/",
    "/metrics",
    "/openapi.json",
)


def wants_page(request: Request) -> bool:
    """Whether a person in a browser is waiting for a page."""
    # A format that is named is asked for by a program, or by somebody who wants to see what programs see.
    named = request.query_params.get("f", "html") != "html"
    browser = "text/html" in request.headers.get("accept", "")
    return browser and not named and not request.url.path.startswith(FOR_PROGRAMS)


def error_page(request: Request, status: int, problem: dict[str, Any]) -> Response:
    """The page of one problem; the sign-in page, with the way back, where that is what is missing."""
    if status == HTTPStatus.UNAUTHORIZED and request.method == "GET":
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse("/login" if here == "/" else f"/login?next={quote(here, safe='')}", 303)
    return render(
        request,
        "error.html",
        visitor(request),
        status=status,
        code=status,
        problem={"title": "", "detail": ""} | problem,
    )


Handler = Callable[[Request, Any], Any]


def _for_people(handler: Handler) -> Handler:
    async def handle(request: Request, error: Any) -> Response:
        answer = handler(request, error)
        response: Response = await answer if hasattr(answer, "__await__") else answer
        if not wants_page(request) or response.status_code < HTTPStatus.BAD_REQUEST:
            return response
        problem = json.loads(bytes(response.body) or b"{}")
        # Off the event loop: a template reads files, and its translations may be read for the first time.
        page = await run_in_threadpool(error_page, request, response.status_code, problem)
        for name in ("retry-after", "allow"):
            if name in response.headers:
                page.headers[name] = response.headers[name]
        return page

    return handle


def draw_problems(app: FastAPI) -> None:
    """Give every error handler that ``app`` has a page for people."""
    for error, handler in list(app.exception_handlers.items()):
        app.exception_handlers[error] = _for_people(handler)
