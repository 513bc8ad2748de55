"""OGC API, the way in: landing page, what it conforms to, its description."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.dependencies import Actor, DbSession, signed_in
from api.ogc.answers import answer, json_answer, offered, only
from api.ogc.conformance import CONFORMANCE
from api.ogc.description import describe
from api.ogc.links import BASE, LANDING, itself, links
from api.ogc.media import HTML, JSON, OPENAPI, described, wanted
from gis.i18n import N_, _
from layers.features.reading import to_json

TITLE = N_("The city's data")
ABOUT = N_("Grids, components, pipelines and cases of the city, for map programs and other systems.")

router = APIRouter(prefix=BASE, tags=["ogc features"], dependencies=[Depends(signed_in)])


@router.get("", response_model=None, responses=described(JSON, HTML))
def landing(request: Request, actor: Actor) -> Response:
    """Where everything begins: links to the description, the conformance and the collections."""
    only(request)
    document: dict[str, Any] = {
        "title": _(TITLE),
        "description": _(ABOUT),
        "links": [*itself(request, BASE, JSON, offered(request)), *links(request, LANDING)],
    }
    return answer(request, actor, "landing", document)


@router.get("/conformance", response_model=None, responses=described(JSON, HTML))
def conformance(request: Request, actor: Actor) -> Response:
    """The conformance classes of the standards that the service keeps."""
    only(request)
    return answer(request, actor, "conformance", {"conformsTo": list(CONFORMANCE)})


@router.get("/api", response_model=None, responses=described(OPENAPI))
def description(request: Request, session: DbSession, actor: Actor) -> Response:
    """These routes as OpenAPI 3.0, each collection under its own address with its own parameters."""
    only(request)
    if wanted(request, offered(request, OPENAPI)) is HTML:
        return RedirectResponse("/docs", 303)
    return json_answer(request, to_json(describe(request, session, actor)), OPENAPI)
