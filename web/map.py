"""指挥地图: the page of the city's map."""

from itertools import groupby

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from starlette.responses import Response

from api.dependencies import Actor, DbSession, signed_in
from layers.catalog import layers_for
from layers.folium_map import city_map, draw
from layers.layer import Group, Layer
from layers.legend import Entry, legend
from web.rendering import render

router = APIRouter(include_in_schema=False, dependencies=[Depends(signed_in)])

Switch = tuple[Layer, list[tuple[Entry, list[Entry]]]]


@router.get("/map")
def map_page(request: Request, session: DbSession, actor: Actor) -> Response:
    """Areas, grids, pipelines, components and open cases in one picture."""
    layers = layers_for(actor.role)
    drawn = draw(city_map(session, layers))
    order = list(Group)
    ordered = sorted(layers, key=lambda layer: order.index(layer.group))
    switches = {
        group: [(layer, nested(legend(session, layer))) for layer in members]
        for group, members in groupby(ordered, key=lambda layer: layer.group)
    }
    return render(
        request,
        "map.html",
        actor,
        map_html=Markup(drawn.html),  # noqa: S704 - rendered from the catalogue; values are JSON
        map_script=Markup(drawn.script),  # noqa: S704
        switches=switches,
        swatch=lambda entry: Markup(entry.swatch),  # noqa: S704 - drawn by layers.legend
    )


def nested(entries: tuple[Entry, ...]) -> list[tuple[Entry, list[Entry]]]:
    """The lines of a legend that the city has, each with those below it."""
    shown = [entry for entry in entries if entry.present]
    return [
        (entry, [below for below in shown if below.parent and below.parent == entry.value])
        for entry in shown
        if not entry.parent
    ]
