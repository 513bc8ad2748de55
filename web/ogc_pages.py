"""OGC API for people: the same documents that programs read, drawn as pages.

:mod:`api.ogc.answers` asks for them where a browser does; what a page shows beside its document stands in
``told``.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import FastAPI, Request
from starlette.responses import Response

from api.ogc.media import HTML
from gis.filtering.table import Type
from gis.i18n import N_, _
from gis.people.models import Person
from gis.settings import get_settings
from layers.features.files import FORMATS
from layers.features.properties import Property
from layers.features.reading import to_json
from layers.features.systems import LONLAT
from layers.layer import Layer
from web.rendering import render

MOST_COLUMNS = 8  # of the list; the page of a feature shows all
PARAGRAPHS = {"queryables": N_("What can be filtered by"), "schema": N_("What a feature holds")}
Values = dict[str, Any]


def draw_ogc(app: FastAPI) -> None:
    """Let the routes under ``/ogc`` have pages."""
    app.state.draw_ogc = draw


def draw(request: Request, actor: Person, page: str, document: Values) -> Response:
    """The page of a document."""
    told = document.pop("told")
    shown: Values = orjson.loads(to_json(document))
    values = PAGES[page](request, shown, told) | {"page": page, "document": shown, "json": _json_of(request)}
    return render(request, f"ogc_{page}.html", actor, **values)


def _plain(_request: Request, _document: Values, _told: Values) -> Values:
    return {}


def _collection(request: Request, document: Values, told: Values) -> Values:
    return {
        "layer": told["layer"],
        "box": document["extent"].get("spatial", {}).get("bbox", [None])[0],
        "files": _files(f"{request.url.path}/items", {}),
    }


def _schema(_request: Request, document: Values, told: Values) -> Values:
    heading = PARAGRAPHS[told["kind"]]
    return {"layer": told["layer"], "heading": _(heading)}


def _items(request: Request, document: Values, told: Values) -> Values:
    layer, asks = told["layer"], told["asks"]
    columns = _columns(layer, told["properties"], asks.properties)
    asked = {
        name: value for name, value in asks.said.items() if name not in ("limit", "offset", "cursor", "f")
    }
    return {
        "layer": layer,
        "columns": columns[:MOST_COLUMNS],
        "rows": [_row(request, feature, columns[:MOST_COLUMNS]) for feature in document["features"]],
        "features": _on_map(document["features"]) if asks.system is LONLAT else None,
        "asked": sorted((name, value) for name, value in asked.items() if name != "api_key"),
        "files": _files(request.url.path, asked),
        "next": _link(document, "next"),
        "prev": _link(document, "prev"),
    }


def _item(request: Request, document: Values, told: Values) -> Values:
    layer = told["layer"]
    facts = [(one, _text(one, document["properties"].get(one.name))) for one in _shown(told["properties"])]
    heading = next((text for one, text in facts if text and one.name.startswith(layer.heading)), "")
    flat = "crs" not in request.query_params
    return {
        "layer": layer,
        "heading": heading or f"{_(layer.title)} {document['id']}",
        "facts": [(one.short, text) for one, text in facts if text],
        "features": _on_map([document]) if flat else None,
    }


def _tiles(_request: Request, _document: Values, told: Values) -> Values:
    return {"layer": told["layer"]} if "layer" in told else {}


PAGES: Mapping[str, Callable[[Request, Values, Values], Values]] = {
    "landing": _plain,
    "conformance": _plain,
    "collections": _plain,
    "collection": _collection,
    "schema": _schema,
    "items": _items,
    "item": _item,
    "tilesets": _tiles,
    "tileset": _tiles,
    "styles": _plain,
    "style": _plain,
}


def _columns(layer: Layer, properties: Sequence[Property], chosen: str | None) -> list[Property]:
    """What the list shows: the title of a row first, then what people are told in its order."""
    if chosen is not None:
        names = chosen.split(",")
        return [one for one in properties if one.name in names]
    shown = _shown(properties)
    return sorted(shown, key=lambda one: not one.name.startswith(layer.heading))


def _shown(properties: Sequence[Property]) -> list[Property]:
    return [one for one in properties if one.is_shown]


def _row(request: Request, feature: Values, columns: Sequence[Property]) -> Values:
    cells = [_text(one, feature["properties"].get(one.name)) for one in columns]
    return {"id": feature["id"], "address": f"{request.url.path}/{feature['id']}", "cells": cells}


def _text(one: Property, value: Any) -> str:
    if value is None or value == "":
        return ""
    if str(value) in one.words:
        return _(one.words[str(value)])
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, str) and one.type is Type.MOMENT:
        return datetime.fromisoformat(value).astimezone(get_settings().zone).strftime("%Y-%m-%d %H:%M")
    text = f"{value:g}" if isinstance(value, float) and abs(value) < 100_000 else str(value)
    return f"{text} {one.unit}" if one.unit else text


def _on_map(features: Sequence[Values]) -> Values:
    """What the small map draws: places alone."""
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": one["id"], "geometry": one["geometry"], "properties": {}}
            for one in features
        ],
    }


def _files(path: str, asked: Mapping[str, str]) -> list[tuple[str, str]]:
    """Title and address of each kind of file."""
    return [(_(one.title), f"{path}?{urlencode({**asked, 'f': one.name})}") for one in FORMATS.values()]


def _link(document: Values, rel: str) -> str:
    """The address of a page beside this one, as a page."""
    for one in document["links"]:
        if one["rel"] == rel:
            address: str = one["href"]
            return address if f"f={HTML.name}" in address else f"{address}&f={HTML.name}"
    return ""


def _json_of(request: Request) -> str:
    return str(request.url.include_query_params(f="json").replace(scheme="", netloc=""))
