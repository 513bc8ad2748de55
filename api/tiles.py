"""Vector tiles, the list of layers with their legends, and single rows of them."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from pydantic import AwareDatetime, BaseModel
from starlette.responses import Response

from api.dependencies import Actor, DbSession, MapReader, signed_in
from api.quick_tiles import remember
from api.tile_answer import MVT, packed_answer
from gis.i18n import _
from layers.catalog import find_layer, layers_for
from layers.layer import Layer
from layers.legend import legend
from layers.source import read_item
from layers.tile_cache import packed_tile
from layers.tiles import When

router = APIRouter(tags=["map"], dependencies=[Depends(signed_in)])
ItemId = Annotated[int, Path(ge=0, lt=2**63)]
Number = Annotated[int, Path(description="of the tile pyramid in EPSG:3857, north-west first")]


async def asked_time(
    as_of: Annotated[date | None, Query(description="rows as they were at the end of this day")] = None,
    since: Annotated[
        AwareDatetime | None, Query(alias="from", description="rows from this moment on")
    ] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to", description="rows before this moment")] = None,
) -> When:
    """Of which time the rows are asked for."""
    return When(as_of, since, until)


AskedTime = Annotated[When, Depends(asked_time)]


class LegendOut(BaseModel):
    """One line of a legend. ``swatch`` is an SVG image."""

    value: str
    title: str
    swatch: str
    parent: str
    present: bool


class LayerOut(BaseModel):
    """A layer of the map, in the reader's language."""

    name: str
    title: str
    group: str
    group_title: str
    geometry: str
    visible: bool
    min_zoom: int
    whole_from_zoom: int
    refresh_s: int
    class_field: str | None
    tiles: str
    legend: list[LegendOut]


class LayersOut(BaseModel):
    """All layers the reader may see, from the bottom of the picture to its top."""

    items: list[LayerOut]


class FieldOut(BaseModel):
    """One thing told of a row: ``value`` for programs, ``text`` for people."""

    name: str
    title: str
    value: Any
    text: str


class ItemOut(BaseModel):
    """One row of a layer; fields that are empty are left out. ``box``: west, south, east, north, degrees."""

    layer: str
    id: int
    title: str
    lon: float
    lat: float
    box: tuple[float, float, float, float]
    fields: list[FieldOut]
    page: str


@router.get(
    "/tiles/{layer}/{z}/{x}/{y}.mvt", response_class=Response, responses={200: {"content": {MVT: {}}}}
)
def tile(
    request: Request,
    session: DbSession,
    actor: MapReader,
    layer: str,
    z: Number,
    x: Number,
    y: Number,
    when: AskedTime,
    accept_encoding: Annotated[str, Header()] = "",
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """A vector tile; 204 where nothing lies. Below ``whole_from_zoom`` rows are merged or counted."""
    packed = packed_tile(session, find_layer(layer, actor.role), z, x, y, when)
    remember(request.scope, actor.role)
    return packed_answer(packed, accept_encoding, if_none_match)


@router.get("/api/v1/layers")
def layers(session: DbSession, actor: Actor) -> LayersOut:
    """The layers of the map, with their legends."""
    return LayersOut(items=[layer_out(session, layer) for layer in layers_for(actor.role)])


@router.get("/api/v1/layers/{layer}/items/{item_id}")
def item(session: DbSession, actor: MapReader, layer: str, item_id: ItemId) -> ItemOut:
    """One row of a layer, as a click on the map tells it."""
    return ItemOut(**asdict(read_item(session, find_layer(layer, actor.role), item_id)))


def layer_out(session: DbSession, layer: Layer) -> LayerOut:
    """What a client must know of a layer."""
    return LayerOut(
        name=layer.name,
        title=_(layer.title),
        group=layer.group,
        group_title=_(layer.group.words),
        geometry=layer.shape,
        visible=layer.visible,
        min_zoom=layer.min_zoom,
        whole_from_zoom=layer.generalise.below if layer.generalise else layer.min_zoom,
        refresh_s=layer.refresh_s,
        class_field=layer.classes.by if layer.classes else None,
        tiles=f"/tiles/{layer.name}/{{z}}/{{x}}/{{y}}.mvt",
        legend=[LegendOut(**asdict(entry)) for entry in legend(session, layer)],
    )
