"""Which collections can be edited, by whom, and by which functions: one row each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from api.pipeline_access import WRITERS
from gis.component import service as components
from gis.component.properties import COMPONENT
from gis.edit.properties import SUFFIXES, Kind, Table, Values
from gis.people.models import Person, Role
from gis.pipeline import editing as points
from gis.pipeline import segment_editing as segments
from gis.pipeline.properties import PIPE_POINT, PIPE_SEGMENT


@dataclass(frozen=True)
class Edited:
    """A collection that can be edited.

    Attributes
    ----------
    roles : who may edit it
    table : what may be sent of a row
    shape : the GeoJSON type of its rows
    lock : a row by its id, locked until the transaction ends
    create, change, end : the services; of ``change`` the last argument is the new shape, if there is one
    """

    roles: tuple[Role, ...]
    table: Table
    shape: str
    lock: Callable[[Session, int], Any]
    create: Callable[[Session, Person, Values, Any], Any]
    change: Callable[[Session, Person, Any, Values, Any], None]
    end: Callable[[Session, Person, Any], None]


_TYPES: dict[Kind, dict[str, str]] = {Kind.DATE: {"type": "string", "format": "date"}}


def tell_receivable(document: dict[str, Any], name: str) -> None:
    """Say in the JSON Schema of a collection what may be sent: what cannot is ``readOnly``, codes that only
    sending knows are ``writeOnly`` (OGC API Features part 5, returnables and receivables).
    """
    edited, properties = EDITED.get(name), document["properties"]
    sent = {one.name: one for one in edited.table.properties} if edited else {}
    pairs = {names.prefix + suffix for names in (edited.table.names if edited else ()) for suffix in SUFFIXES}
    for shown, told in properties.items():
        if shown not in sent and shown not in pairs and not (edited and shown == "geometry"):
            told["readOnly"] = True
    for one in sent.values():
        if one.name not in properties:
            kind = _TYPES.get(one.kind, {"type": str(one.kind)})
            properties[one.name] = {"title": one.name, **kind, "writeOnly": True}


EDITED: dict[str, Edited] = {
    components.COLLECTION: Edited(
        components.KEEPERS,
        COMPONENT,
        "Point",
        components.lock_component,
        components.create_component,
        components.change_component,
        components.end_component,
    ),
    points.POINTS: Edited(
        WRITERS,
        PIPE_POINT,
        "Point",
        points.lock_point,
        points.create_point,
        points.change_point,
        points.end_point,
    ),
    points.SEGMENTS: Edited(
        WRITERS,
        PIPE_SEGMENT,
        "LineString",
        segments.lock_segment,
        segments.create_segment,
        segments.change_segment,
        segments.end_segment,
    ),
}
