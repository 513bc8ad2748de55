"""The routes of OGC API as OpenAPI 3.0: what map programs look for limits, filters and formats in.

The service's own description is OpenAPI 3.1, where null is a type and bounds are numbers; 3.0 knows neither.
"""

import copy
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session

from api.addresses import root_of
from api.ogc.links import BASE
from api.ogc.parameters import NUMBER_DEFAULT, PARAMETERS
from gis.i18n import _
from gis.people.models import Person
from gis.settings import get_settings
from layers.catalog import layers_for
from layers.features.schema import queryables
from layers.layer import Layer

TEMPLATE = "/collections/{collectionId}/items"


def describe(request: Request, session: Session, actor: Person) -> dict[str, Any]:
    """The description; the features of each collection that the reader sees have their own address."""
    whole = copy.deepcopy(request.app.openapi())
    paths = {
        path.removeprefix(BASE) or "/": operations
        for path, operations in whole["paths"].items()
        if path == BASE or path.startswith(f"{BASE}/")
    }
    for operation in paths.get(TEMPLATE, {}).values():
        operation["parameters"] = [*_path_parameters(operation), *map(_parameter, PARAMETERS)]
    for layer in layers_for(actor.role):
        if layer.collection and TEMPLATE in paths:
            path = TEMPLATE.replace("{collectionId}", layer.name)
            paths[path] = paths.get(path, {}) | {"get": _items_of(session, layer, paths[TEMPLATE]["get"])}
    document = {
        "openapi": "3.0.3",
        "info": {"title": whole["info"]["title"], "version": whole["info"]["version"]},
        "servers": [{"url": root_of(request) + BASE}],
        "paths": paths,
        "components": whole.get("components", {}),
    }
    made: dict[str, Any] = _as_30(document)
    return made


def _items_of(session: Session, layer: Layer, plain: dict[str, Any]) -> dict[str, Any]:
    own = [
        {"name": name, "in": "query", "required": False, "description": one["title"], "schema": _bare(one)}
        for name, one in queryables(session, layer)["properties"].items()
        if name not in PARAMETERS and name not in ("id", "geometry")
    ]
    return plain | {
        "operationId": f"items_of_{layer.name}",
        "summary": _(layer.title),
        "parameters": [*map(_parameter, PARAMETERS), *own],
    }


def _bare(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: schema[name] for name in ("type", "format", "enum") if name in schema}


def _path_parameters(operation: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in operation.get("parameters", []) if one.get("in") == "path"]


def _parameter(name: str) -> dict[str, Any]:
    schema = dict(PARAMETERS[name])
    if name == "limit":
        most = get_settings().page_limit
        schema |= {"maximum": most, "default": min(NUMBER_DEFAULT, most)}
    # As the standard has it: a list in one parameter, with commas between.
    written = {"style": "form", "explode": False} if schema["type"] == "array" else {}
    return {"name": name, "in": "query", "required": False, "schema": schema, **written}


def _as_30(node: Any) -> Any:
    """OpenAPI 3.1 as 3.0: ``nullable`` for a type of null, true and false for numbers as bounds."""
    if isinstance(node, list):
        return [_as_30(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {name: _as_30(value) for name, value in node.items()}
    for name in ("anyOf", "oneOf"):
        choices = made.get(name)
        if isinstance(choices, list) and {"type": "null"} in choices:
            rest = [one for one in choices if one != {"type": "null"}]
            made.pop(name)
            made |= (rest[0] if len(rest) == 1 else {name: rest}) | {"nullable": True}
    for name, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(made.get(name), (int, float)) and not isinstance(made.get(name), bool):
            made[bound], made[name] = made[name], True
    if "const" in made and not isinstance(made["const"], dict):
        made["enum"] = [made.pop("const")]
    if isinstance(made.get("prefixItems"), list):
        kinds = made.pop("prefixItems")
        made["items"] = kinds[0] if kinds else {}
    if isinstance(made.get("examples"), list):
        made["example"] = made.pop("examples")[0]
    made.pop("contentMediaType", None)
    return made
