"""Problems as RFC 9457 tells them: one table from error to status, one answer for all."""

from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from psycopg import errors as pg
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from gis.errors import (
    ActionNotAllowed,
    CalendarNotLoaded,
    CityGridError,
    Conflict,
    Gone,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
    SeenVersionNeeded,
    SetupError,
    Stale,
    TooLarge,
    TooManyRequests,
    TooManyTries,
    UpstreamFailed,
)
from gis.i18n import N_, _

log = structlog.get_logger()

STATUS: dict[type[CityGridError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    TooManyTries: HTTPStatus.TOO_MANY_REQUESTS,
    TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    ActionNotAllowed: HTTPStatus.CONFLICT,
    Conflict: HTTPStatus.CONFLICT,
    Gone: HTTPStatus.GONE,
    Stale: HTTPStatus.PRECONDITION_FAILED,
    SeenVersionNeeded: HTTPStatus.PRECONDITION_REQUIRED,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    CalendarNotLoaded: HTTPStatus.CONFLICT,
    UpstreamFailed: HTTPStatus.BAD_GATEWAY,
    SetupError: HTTPStatus.SERVICE_UNAVAILABLE,
    CityGridError: HTTPStatus.INTERNAL_SERVER_ERROR,
}

# What the framework and the database raise themselves: status → code, title.
PLAIN: dict[int, tuple[str, str]] = {
    400: ("bad-request", N_("The request cannot be read")),
    404: ("not-found", N_("There is nothing here by that name")),
    405: ("method-not-allowed", N_("This address does not take that method")),
    406: ("not-acceptable", N_("That format is not offered here")),
    409: ("conflict", N_("This contradicts what is already stored")),
    413: ("too-large", N_("What was sent is too large")),
    415: ("unsupported-content", N_("Content of that kind is not taken here")),
    422: ("invalid-input", N_("What was sent cannot be used")),
    500: ("internal-error", N_("Something went wrong on our side")),
    503: ("unavailable", N_("The service is busy or its database is away; try again in a moment")),
}

# How every route may end besides what it says itself, for the description of the API.
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "for people, in their language"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "for programs; it stays"},
        "detail": {"type": "string"},
    },
}
_CONTENT = {"application/problem+json": {"schema": _PROBLEM}}
DESCRIBED: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "a problem (RFC 9457): the request is refused", "content": _CONTENT},
    "5XX": {"description": "a problem (RFC 9457): the service cannot answer now", "content": _CONTENT},
}


def problem(status: int, code: str, title: str, detail: str = "", **extra: Any) -> JSONResponse:
    """An ``application/problem+json`` answer; ``type`` is a relative reference that names the problem."""
    headers = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        headers["Retry-After"] = "60" if status == HTTPStatus.TOO_MANY_REQUESTS else "5"
    return JSONResponse(
        _body(status, code, title, detail, extra),
        status_code=int(status),
        headers=headers,
        media_type="application/problem+json",
    )


def _body(status: int, code: str, title: str, detail: str, extra: dict[str, Any]) -> dict[str, Any]:
    body = {"type": f"/problems/{code}", "title": _(title), "status": int(status), "code": code}
    return body | ({"detail": detail} if detail else {}) | extra


def body_of(error: CityGridError) -> dict[str, Any]:
    """The body of a problem, for an answer that holds several."""
    return _body(status_of(error), error.code, error.title, error.detail, error.extra)


def plain(status: int, detail: str = "", **extra: Any) -> JSONResponse:
    """A problem of the table :data:`PLAIN`."""
    code, title = PLAIN.get(status, PLAIN[500 if status >= 500 else 400])
    return problem(status, code, title, detail, **extra)


def status_of(error: CityGridError) -> HTTPStatus:
    """The status of the nearest relative in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _told_to(request: Request, status: int) -> int:
    """What cannot be used is 422; the standards of OGC say 400 for the addresses that are read by them."""
    by_ogc = request.method in ("GET", "HEAD") and request.url.path.startswith("/ogc")
    return 400 if by_ogc and status == HTTPStatus.UNPROCESSABLE_ENTITY else status


def handle_ours(request: Request, error: CityGridError) -> JSONResponse:
    status = _told_to(request, status_of(error))
    answer = problem(status, error.code, error.title, error.detail, **error.extra)
    if "retry_after_s" in error.extra:
        answer.headers["retry-after"] = str(error.extra["retry_after_s"])
    return answer


def handle_http(_request: Request, error: HTTPException) -> JSONResponse:
    answer = plain(error.status_code, error.detail if error.status_code not in PLAIN else "")
    answer.headers.update(error.headers or {})
    return answer


def handle_validation(request: Request, error: RequestValidationError) -> JSONResponse:
    """Fields that do not fit, each by its JSON pointer."""
    found = []
    for item in error.errors():
        where = [str(part) for part in item["loc"] if part not in ("body", "query", "path", "header")]
        found.append({"pointer": "/" + "/".join(where), "detail": item["msg"]})
    return plain(_told_to(request, 422), errors=found[:50])


def handle_database(request: Request, error: DBAPIError) -> JSONResponse:
    """A guard of the database that our own checks did not foresee, a lost server, or a defect."""
    cause = error.orig
    if isinstance(error, OperationalError) or error.connection_invalidated:
        log.error("database away", error=str(cause))
        return plain(503)
    if isinstance(cause, pg.IntegrityError):
        log.warning("refused by the database", constraint=cause.diag.constraint_name, error=str(cause))
        return plain(409, constraint=cause.diag.constraint_name)
    if isinstance(cause, pg.DataError):
        log.warning("not storable", error=str(cause))
        return plain(_told_to(request, 422))
    log.error("database error", error=str(cause))
    return plain(500)


def handle_busy(_request: Request, error: PoolTimeout) -> JSONResponse:
    log.error("no free database connection", error=str(error))
    return plain(503)


def handle_rest(request: Request, error: Exception) -> JSONResponse:
    log.exception("unexpected", path=request.url.path, exc_info=error)
    return plain(500)


def register(app: FastAPI) -> None:
    """Give the application its handlers."""
    app.add_exception_handler(CityGridError, handle_ours)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, handle_http)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, handle_validation)  # type: ignore[arg-type]
    app.add_exception_handler(DBAPIError, handle_database)  # type: ignore[arg-type]
    app.add_exception_handler(PoolTimeout, handle_busy)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, handle_rest)
