"""Routes of GeoReport: each under two addresses, with and without the ending, and with errors in its form."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.dependencies import public
from api.georeport.formats import MEDIA_TYPES, answer, by_ending
from api.problems import PLAIN, handle_database, status_of
from gis.errors import CityGridError, InvalidInput, NotSignedIn
from gis.i18n import _

Function = Callable[..., Response]
_CONTENT: dict[str, Any] = {kind: {} for kind in MEDIA_TYPES.values()}
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "JSON or XML", "content": _CONTENT},
    400: {"description": "a value that cannot be", "content": _CONTENT},
    404: {"description": "nothing by that name", "content": _CONTENT},
    "4XX": {"description": "refused", "content": _CONTENT},
    "5XX": {"description": "the service cannot answer now", "content": _CONTENT},
}
REFUSALS: dict[int | str, dict[str, Any]] = {
    201: {"description": "taken in", "content": _CONTENT},
    403: {"description": "no key, or one that is not good for this", "content": _CONTENT},
    409: {"description": "contradicts what was sent before", "content": _CONTENT},
    410: {"description": "the case was made void", "content": _CONTENT},
    413: {"description": "too large", "content": _CONTENT},
    429: {"description": "too many requests", "content": _CONTENT},
}


class Open311Route(APIRoute):
    """A route that tells errors as ``[{"code", "description"}]``, JSON or XML, with GeoReport's codes."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await inner(request)
            except RequestValidationError as error:
                return _of_validation(request, error)
            except CityGridError as error:
                return _of_ours(request, error)
            except HTTPException as error:
                return refusal(request, error.status_code, str(error.detail))
            except DBAPIError as error:
                status = handle_database(request, error).status_code
                return refusal(request, 400 if status == 422 else status)

        return handler


def door(
    router: APIRouter, method: str, path: str, *guards: Callable[..., Any], **options: Any
) -> Callable[[Function], Function]:
    """Offer a function under ``path.json`` and ``path.xml``, and under ``path`` with the format by Accept.

    The first one is what GeoReport describes, and so what our own description shows. ``guards`` are
    dependencies of both.
    """

    def register(function: Function) -> Function:
        kept: dict[str, Any] = {
            "methods": [method],
            "responses": RESPONSES if method == "GET" else RESPONSES | REFUSALS,
            **options,
        }
        needed = [Depends(guard) for guard in (public, *guards)]
        router.add_api_route(path + ".{format}", function, dependencies=[*needed, Depends(by_ending)], **kept)
        router.add_api_route(path, function, dependencies=needed, **(kept | {"include_in_schema": False}))
        return function

    return register


def refusal(
    request: Request, status: int, words: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """One error in the form of GeoReport; its code is the status."""
    told = words or _(PLAIN.get(status, PLAIN[500 if status >= 500 else 400])[1])
    rows = [{"code": str(int(status)), "description": told}]
    return answer(request, "errors", rows, int(status), headers)


def _of_ours(request: Request, error: CityGridError) -> Response:
    status = int(status_of(error))
    if isinstance(error, NotSignedIn):
        status = 403  # what GeoReport calls a key that is missing or wrong
    elif isinstance(error, InvalidInput):
        status = 400
    headers = {"retry-after": str(error.extra["retry_after_s"])} if "retry_after_s" in error.extra else {}
    return refusal(request, status, str(error), headers)


def _of_validation(request: Request, error: RequestValidationError) -> Response:
    """All that is wrong, one row each; an ending that is no format is an address that is not there."""
    faults = error.errors()
    if any(fault["loc"][0] == "path" for fault in faults):
        return refusal(request, 404, _("There is nothing here by that name"))
    rows = [
        {"code": "400", "description": f"{'.'.join(str(part) for part in fault['loc'][1:])}: {fault['msg']}"}
        for fault in faults[:50]
    ]
    return answer(request, "errors", rows, 400)
