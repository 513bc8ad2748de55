"""All of GeoReport under one address; what is not there is told in its form, too."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.dependencies import public
from api.georeport import requests, services, updates
from api.georeport.doors import Open311Route, refusal
from gis.i18n import _

router = APIRouter(prefix="/georeport/v2", route_class=Open311Route)
for part in (services, requests, updates):
    router.include_router(part.router)


@router.get("/{rest:path}", include_in_schema=False, dependencies=[Depends(public)])
async def nothing(request: Request, rest: str) -> Response:
    """An address that GeoReport does not have."""
    return refusal(request, 404, _("There is nothing here by that name"))
