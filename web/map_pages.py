"""The map on paper, on a wall and inside pages of others; and the page that lists its layers."""

from datetime import datetime

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.dependencies import Actor, DbSession, public, signed_in
from api.session import LONGEST_SESSION, Claims
from gis.crs import crs_name
from gis.i18n import _
from gis.people.models import Role
from gis.settings import CITY_SRID, get_settings
from layers.catalog import layers_for
from layers.sizes import estimated_rows
from web.map import DRAWING, swatch, switches
from web.map_words import GEOMETRIES, PAPERS, PRINT_TEXTS, SCALES, WALL_TEXTS
from web.rendering import render
from web.security_headers import allow_also

router = APIRouter(include_in_schema=False)
inside = [Depends(signed_in)]


@router.get("/map/print", dependencies=inside)
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


@router.get("/map/wall", dependencies=inside)
def wall_page(request: Request, actor: Actor) -> Response:
    """The map for the wall of the centre. A sign-in ends after a working day: the page says so in time."""
    claims: Claims | None = getattr(request.state, "claims", None)  # a key does not end by the hour
    return render(
        request,
        "map_wall.html",
        actor,
        drawing=DRAWING,
        zone=get_settings().timezone,
        ends=(claims.began + LONGEST_SESSION).isoformat() if claims else "",
        data={"words": {name: _(words) for name, words in WALL_TEXTS.items()}},
    )


@router.get("/map/embed", dependencies=[Depends(public)])
async def embed_page(request: Request) -> Response:
    """The map for frames of other pages, those of ``CITYGRID_EMBED_ORIGINS`` besides our own.

    The page itself shows nothing: what it draws is asked for with the reader's sign-in or a key.
    """
    origins = get_settings().embed_from
    allow_also(request, "frame-ancestors", *origins)
    return render(request, "map_embed.html", origins=origins)


@router.get("/map/layers", dependencies=inside)
def layers_page(request: Request, session: DbSession, actor: Actor) -> Response:
    """The catalogue of layers for people: what each tells and where other systems read it."""
    layers = layers_for(actor.role)
    return render(
        request,
        "map_catalog.html",
        actor,
        switches=switches(session, layers),
        swatch=swatch,
        rows=estimated_rows(session, layers),
        geometries=GEOMETRIES,
        roles=len(Role),
    )
