"""The map on paper, on a wall and inside pages of others; and the page that lists its layers."""

from datetime import datetime

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.dependencies import Actor, DbSession, signed_in
from gis.crs import crs_name
from gis.i18n import _
from gis.settings import CITY_SRID, get_settings
from layers.catalog import layers_for
from web.map import DRAWING, swatch, switches
from web.map_words import PAPERS, PRINT_TEXTS, SCALES
from web.rendering import render

router = APIRouter(include_in_schema=False, dependencies=[Depends(signed_in)])


@router.get("/map/print")
def print_page(request: Request, session: DbSession, actor: Actor) -> Response:
    """A sheet of the map at a scale, with its legend; the browser prints it."""
    return render(
        request,
        "map_print.html",
        actor,
        drawing=DRAWING,
        switches=switches(session, layers_for(actor.role)),
        swatch=swatch,
        papers=PAPERS,
        scales=SCALES,
        crs=crs_name(CITY_SRID),
        now=datetime.now(get_settings().zone).strftime("%Y-%m-%d %H:%M"),
        data={"words": {name: _(words) for name, words in PRINT_TEXTS.items()}},
    )
