"""What a collection holds and can be filtered by, as JSON Schema in the reader's language."""

from typing import Any

from sqlalchemy.orm import Session

from gis.filtering.table import Type
from gis.i18n import _
from layers.classes import categories_of
from layers.features.properties import Property, properties_of
from layers.layer import Layer, Shape

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: dict[Type, dict[str, Any]] = {
    Type.CODE: {"type": "string"},
    Type.TEXT: {"type": "string"},
    Type.WHOLE: {"type": "integer"},
    Type.NUMBER: {"type": "number"},
    Type.DATE: {"type": "string", "format": "date"},
    Type.MOMENT: {"type": "string", "format": "date-time"},
    Type.YES: {"type": "boolean"},
}
# An area may have several parts.
_GEOMETRY = {
    Shape.POINT: "geometry-point",
    Shape.LINE: "geometry-linestring-or-multilinestring",
    Shape.POLYGON: "geometry-polygon-or-multipolygon",
}


def schema(session: Session, layer: Layer) -> dict[str, Any]:
    """What a feature holds; roles by OGC API Features, part 5."""
    properties: dict[str, Any] = {
        "id": {"title": _("Number of the row"), "type": "integer", "x-ogc-role": "id", "readOnly": True},
        "geometry": _geometry(layer),
    }
    for one in properties_of(session, layer):
        properties[one.name] = _property(one, _words(session, layer, one)) | _role(layer, one)
    return {
        "$schema": DIALECT,
        "type": "object",
        "title": _(layer.title),
        "properties": properties,
        "additionalProperties": False,
    }


def queryables(session: Session, layer: Layer) -> dict[str, Any]:
    """What a filter may name: all that a feature holds."""
    made = schema(session, layer)
    for one in made["properties"].values():
        one.pop("readOnly", None)
    return made


def _geometry(layer: Layer) -> dict[str, Any]:
    return {
        "title": _("Geometry"),
        "format": _GEOMETRY.get(layer.shape, "geometry-any"),
        "x-ogc-role": "primary-geometry",
    }


def _property(one: Property, words: dict[str, str]) -> dict[str, Any]:
    told = {"title": one.label, **_TYPES[one.type]}
    if one.language:
        told["x-ogc-language"] = one.language
    if one.unit:
        told["x-ogc-unit"] = one.unit
    if words and one.type is not Type.YES:
        told |= {"enum": list(words), "x-enum-titles": words}
    return told


def _words(session: Session, layer: Layer, one: Property) -> dict[str, str]:
    """The codes of a property with their names in the reader's language; empty where anything may stand."""
    if one.words:
        return {value: _(word) for value, word in one.words.items()}
    if layer.classes is None or one.name != layer.classes.by:
        return {}
    return {
        category.value: category.label for category in categories_of(session, layer) if not category.parent
    }


def _role(layer: Layer, one: Property) -> dict[str, str]:
    if one.name == layer.times:
        return {"x-ogc-role": "primary-instant"}
    if layer.ever and one.name == "valid_from":
        return {"x-ogc-role": "primary-interval-start"}
    return {}
