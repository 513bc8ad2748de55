"""OGC API Styles: which styles there are, each as MapLibre reads it, and what it draws."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from api.addresses import key_of, root_of
from api.dependencies import Actor, DbSession, signed_in
from api.ogc.answers import answer, only
from api.styles import StyleResponse
from gis.i18n import _
from layers.catalog import layers_for
from layers.styles import CITY, MEDIA_TYPE, find_style, named_styles, outside_style, style_metadata

router = APIRouter(prefix="/ogc/styles", tags=["ogc styles"], dependencies=[Depends(signed_in)])
StyleId = Annotated[str, Path(alias="styleId")]


@router.get("", response_model=None)
def styles(request: Request, actor: Actor) -> Response:
    """The styles of the city: one of all layers, one for each folder of the layer switch."""
    only(request)
    here, key = f"{root_of(request)}/ogc/styles", key_of(request)
    items = [
        {
            "id": chosen.name,
            "title": _(chosen.title),
            "links": [
                {"rel": "stylesheet", "href": f"{here}/{chosen.name}{key}", "type": MEDIA_TYPE},
                {
                    "rel": "describedby",
                    "href": f"{here}/{chosen.name}/metadata{key}",
                    "type": "application/json",
                },
            ],
        }
        for chosen in named_styles(layers_for(actor.role))
    ]
    told = {
        "styles": items,
        "default": CITY,
        "links": [{"rel": "self", "href": here, "type": "application/json"}],
    }
    return answer(request, actor, "styles", told)


@router.get("/{styleId}", response_class=StyleResponse)
def style(request: Request, session: DbSession, actor: Actor, style_id: StyleId) -> StyleResponse:
    """A style, with the whole addresses of its tiles and symbols."""
    chosen = find_style(layers_for(actor.role), style_id)
    return StyleResponse(outside_style(session, chosen, root_of(request), key_of(request)))


@router.get("/{styleId}/metadata", response_model=None)
def metadata(request: Request, actor: Actor, style_id: StyleId) -> Response:
    """What a style draws, and where samples of it are."""
    only(request)
    chosen = find_style(layers_for(actor.role), style_id)
    root, key = root_of(request), key_of(request)
    here = f"{root}/ogc/styles/{chosen.name}"
    links: dict[str, dict[str, Any]] = {
        layer.name: {
            "rel": "describedby",
            "href": f"{root}/tiles/{layer.name}.json{key}",
            "type": "application/json",
        }
        for layer in chosen.layers
    }
    links["self"] = {"rel": "self", "href": f"{here}/metadata", "type": "application/json"}
    links["stylesheet"] = {"rel": "stylesheet", "href": here + key, "type": MEDIA_TYPE}
    return answer(request, actor, "style", style_metadata(chosen, links))
