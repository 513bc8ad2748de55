"""What a map client needs beside the tiles: TileJSON of each layer, styles, and the sheet of symbols."""

import re
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from api.addresses import key_of, root_of
from api.dependencies import Actor, DbSession, signed_in
from gis.errors import NotFound
from layers import tilesets
from layers.catalog import find_layer, layers_for
from layers.styles import MEDIA_TYPE, find_style, outside_style, sprite

router = APIRouter(tags=["map"], dependencies=[Depends(signed_in)])
SPRITE_FILE = re.compile(r"symbols(?:@(?P<density>2)x)?\.(?P<kind>json|png)")


class StyleResponse(JSONResponse):
    """A style: JSON under the name that map clients and OGC API Styles know it by."""

    media_type = MEDIA_TYPE


@router.get("/tiles/{layer}.json")
def tilejson(request: Request, session: DbSession, actor: Actor, layer: str) -> dict[str, Any]:
    """TileJSON 3.0 of a layer: address, zooms, bounds, and the fields in its tiles."""
    found = find_layer(layer, actor.role)
    tiles = f"{root_of(request)}/tiles/{found.name}/{{z}}/{{x}}/{{y}}.mvt{key_of(request)}"
    return tilesets.tilejson(session, found, tiles)


@router.get("/styles/{style}.json", response_class=StyleResponse)
def style(request: Request, session: DbSession, actor: Actor, style: str) -> StyleResponse:
    """A style of the city (`city`) or of one folder of the layer switch, as MapLibre and QGIS read it."""
    chosen = find_style(layers_for(actor.role), style)
    return StyleResponse(outside_style(session, chosen, root_of(request), key_of(request)))


@router.get(
    "/styles/sprite/{file}",
    response_class=Response,
    responses={200: {"content": {"image/png": {}, "application/json": {}}}},
)
def sprite_file(session: DbSession, actor: Actor, file: str) -> Response:
    """The sheet of symbols that the styles name: `symbols.json`, `symbols.png`, and both with `@2x`."""
    wanted = SPRITE_FILE.fullmatch(file)
    if wanted is None:
        raise NotFound
    sheet = sprite(session, layers_for(actor.role), int(wanted["density"] or 1))
    if wanted["kind"] == "png":
        return Response(sheet.picture, media_type="image/png")
    return Response(sheet.index, media_type="application/json")
