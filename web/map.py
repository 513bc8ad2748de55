"""指挥地图: the page of the city's map, and what it draws."""

import gzip
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.dependencies import Actor, DbSession, signed_in
from gis.i18n import _
from gis.settings import get_settings
from layers.base_map.config import base_maps
from layers.base_map.drawing import drawn as base_drawn
from layers.catalog import layers_for
from layers.finding import ICONS as FOUND_ICONS
from layers.folium_map import city_drawing, city_map, draw
from layers.layer import Group, Layer
from layers.legend import Entry, legend
from web.map_parts import map_parts
from web.map_words import CHANGES, ICONS, SHAPES, TEXTS, TOOLS
from web.rendering import render
from web.static_files import static_url
from web.vendor import vendor_url

router = APIRouter(include_in_schema=False, dependencies=[Depends(signed_in)])

Switch = tuple[Layer, list[tuple[Entry, list[Entry]]]]
DRAWING = "/map/drawing.json"
# What an SVG needs as a file and not inside a page.
_ALONE = ' xmlns="http://www.w3.org/2000/svg" width="32" height="32"'
# What map/city_tiles.js imports, all the way down: asked for at once, not one after the other.
OWN_MODULES = (
    "map/address.js", "map/details.js", "map/images.js", "map/keys.js", "map/layer_switch.js",
    "map/notice.js", "map/picking.js", "map/heat.js", "map/live.js", "map/live_words.js", "map/pin.js",
    "map/search.js", "map/style.js", "map/tile_time.js",
    "map/time.js", "map/time_bars.js", "map/toolbar.js", "js/api.js",
    "js/combobox.js", "desk/live.js",
)  # fmt: skip


@router.get("/map")
def map_page(request: Request, session: DbSession, actor: Actor) -> Response:
    """Areas, grids, pipelines, components and open cases in one picture."""
    layers = layers_for(actor.role)
    drawn = draw(city_map(session, layers, DRAWING))
    page = render(
        request,
        "map.html",
        actor,
        base_maps=[base_drawn(base) for base in base_maps()],
        map_html=Markup(drawn.html),  # noqa: S704 - rendered from the catalogue; values are JSON
        map_script=Markup(drawn.script),  # noqa: S704
        drawing=DRAWING,
        switches=switches(session, layers),
        swatch=swatch,
        tools=TOOLS,
        shapes=SHAPES,
        changes=CHANGES,
        today=datetime.now(get_settings().zone).date().isoformat(),
        icons=sorted({*ICONS, *FOUND_ICONS.values(), "history"}),
        data={"words": {name: _(words) for name, words in TEXTS.items()}},
        **map_parts(session, layers),
    )
    # In the header, where the browser reads it before the page. Not as modules: those would be resolved
    # before the page's import map is known, and stay unresolved.
    how = "rel=preload; as=script; crossorigin"
    page.headers["link"] = ", ".join(f"<{module}>; {how}" for module in modules())
    return page


@router.get(DRAWING)
def drawing(
    session: DbSession,
    actor: Actor,
    accept_encoding: Annotated[str, Header()] = "",
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """What the map draws for this reader: style, symbols, layers. Kept by the browser and asked for again."""
    told = json.dumps(
        city_drawing(session, layers_for(actor.role)), ensure_ascii=False, separators=(",", ":")
    ).encode()
    etag = f'"{hashlib.sha256(told).hexdigest()[:20]}"'
    headers = {
        "etag": etag,
        "cache-control": "private, no-cache",
        "vary": "accept-encoding, accept-language, cookie",
    }
    if etag in if_none_match:
        return Response(status_code=304, headers=headers)
    if "gzip" in accept_encoding:
        headers["content-encoding"] = "gzip"
        told = gzip.compress(told, compresslevel=5, mtime=0)
    return Response(told, media_type="application/json", headers=headers)


def switches(session: Session, layers: Sequence[Layer]) -> dict[Group, list[Switch]]:
    """The layer switch: the folders in their order, the layers of each with the lines of their legends."""
    order = list(Group)
    ordered = sorted(layers, key=lambda layer: order.index(layer.group))
    return {
        group: [(layer, nested(legend(session, layer))) for layer in members]
        for group, members in groupby(ordered, key=lambda layer: layer.group)
    }


def swatch(entry: Entry) -> Markup:
    """The drawing of a line of a legend; the page's styles give it its size."""
    drawn = entry.swatch.replace(_ALONE, "", 1).replace(' opacity="1"', "")
    return Markup(drawn)  # noqa: S704 - drawn by layers.legend


def modules() -> list[str]:
    """The modules of the map's page, to be asked for at once."""
    packages = (
        vendor_url("leaflet", "leaflet-src.esm.js"),
        vendor_url("maplibre-gl", "maplibre-gl.mjs"),
        vendor_url("@maplibre/maplibre-gl-leaflet", "leaflet-maplibre-gl.mjs"),
    )
    own = (f"/static/{name}" for name in OWN_MODULES)
    return [*packages, static_url("map/city_tiles.js"), *own]


def nested(entries: tuple[Entry, ...]) -> list[tuple[Entry, list[Entry]]]:
    """The lines of a legend that the city has, each with those below it."""
    shown = [entry for entry in entries if entry.present]
    return [
        (entry, [below for below in shown if below.parent and below.parent == entry.value])
        for entry in shown
        if not entry.parent
    ]
