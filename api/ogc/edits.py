"""Creating, replacing, updating and ending features one by one (OGC API – Features part 4).

``OPTIONS`` says what the person may do: QGIS takes a layer for editable by it.
"""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from api.dependencies import Actor, DbSession, Limit, allow
from api.ogc.edit_requests import (
    GEOJSON,
    MERGE_PATCH,
    ContentSystem,
    ItemNumber,
    SeenTags,
    feature_sent,
    patch_sent,
    require_seen,
)
from api.ogc.edited import EDITED, Edited
from api.shapes import ListOf
from gis.edit.properties import read_properties
from gis.edit.record import records_of
from gis.edit.shapes import read_shape
from gis.people.models import Person
from layers.catalog import LAYERS
from layers.features import feature_etag, read_feature
from layers.features.properties import properties_of
from layers.features.systems import LONLAT, System
from layers.layer import Layer

router = APIRouter(prefix="/ogc/collections", tags=["ogc"])
Whole = Annotated[dict[str, Any], Body(media_type=GEOJSON, description="a GeoJSON feature")]
Parts = Annotated[dict[str, Any], Body(media_type=MERGE_PATCH, description="what is to be merged into it")]


class Spelled(bytes):
    """The name of a header that keeps its capitals, where the server would write small letters."""

    def lower(self) -> bytes:
        return self


# QGIS 3.40 looks for this spelling alone, and tells its user without it that nothing was created.
LOCATION = Spelled(b"Location")


def _routes_of(name: str, edited: Edited) -> None:
    """The routes of one collection; each says in the API description who may use it."""
    layer = LAYERS[name]
    items = f"/{name}/items"
    item = items + "/{fid}"
    readers = [Depends(allow(*layer.roles))]
    writers = [Depends(allow(*edited.roles))]

    @router.options(items, status_code=204, dependencies=readers, name=f"{name}_options")
    def options(actor: Actor) -> Response:
        """What the person may do with the collection."""
        return _allowed(actor, edited, "POST")

    @router.options(item, status_code=204, dependencies=readers, name=f"{name}_item_options")
    def item_options(fid: str, actor: Actor) -> Response:
        """What the person may do with a feature."""
        answer = _allowed(actor, edited, "PUT", "PATCH", "DELETE")
        answer.headers["Accept-Patch"] = MERGE_PATCH
        return answer

    @router.post(items, status_code=201, dependencies=writers, name=f"{name}_create")
    def create(
        request: Request, session: DbSession, actor: Actor, system: ContentSystem, body: Whole
    ) -> Response:
        """Create a feature. ``Location`` is its address."""
        feature = feature_sent(request, body)
        readable = _readable(session, layer)
        shape = read_shape(feature.get("geometry"), edited.shape, system.srid, system.flipped)
        values = read_properties(
            session, edited.table, feature.get("properties") or {}, None, readable, whole=True
        )
        row = edited.create(session, actor, values, shape)
        answer = _answer(session, layer, row.id, system, HTTPStatus.CREATED)
        address = str(request.url.replace(query="")).rstrip("/") + f"/{row.id}"
        answer.raw_headers.append((LOCATION, address.encode()))
        return answer

    @router.put(item, dependencies=writers, name=f"{name}_replace")
    def replace(
        request: Request, session: DbSession, actor: Actor, fid: ItemNumber, tags: SeenTags,
        system: ContentSystem, body: Whole,
    ) -> Response:  # fmt: skip
        """Replace a feature: what is read and not sent is emptied."""
        feature = feature_sent(request, body)
        return _change(session, actor, layer, edited, fid, tags, system, feature, whole=True)

    @router.patch(item, dependencies=writers, name=f"{name}_update")
    def update(
        request: Request, session: DbSession, actor: Actor, fid: ItemNumber, tags: SeenTags,
        system: ContentSystem, body: Parts,
    ) -> Response:  # fmt: skip
        """Change some properties or the shape of a feature, as a merge patch of it says."""
        patch = patch_sent(request, body)
        return _change(session, actor, layer, edited, fid, tags, system, patch, whole=False)

    @router.delete(item, status_code=204, dependencies=writers, name=f"{name}_delete")
    def end(session: DbSession, actor: Actor, fid: ItemNumber, tags: SeenTags) -> Response:
        """End a feature as of today. It is kept, and maps of a day before still show it."""
        row = edited.lock(session, fid)
        require_seen(tags, feature_etag(read_feature(session, layer, fid)))
        edited.end(session, actor, row)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    @router.get(item + "/edits", dependencies=writers, name=f"{name}_edits")
    def edits(session: DbSession, fid: ItemNumber, limit: Limit) -> ListOf:
        """The last changes of a feature by hand, newest first: who, when, before and after."""
        return ListOf(items=[_told(record) for record in records_of(session, name, fid, limit)])


def _told(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in ("id", "at", "actor_id", "action", "before", "after")}


def _change(
    session: Session, actor: Person, layer: Layer, edited: Edited, fid: int, tags: tuple[str, ...],
    system: System, sent: dict[str, Any], whole: bool,
) -> Response:  # fmt: skip
    """Lock, compare with what was seen, read what was sent, change."""
    row = edited.lock(session, fid)
    present = read_feature(session, layer, fid)
    require_seen(tags, feature_etag(present))
    shape = None
    if whole or "geometry" in sent:
        shape = read_shape(sent.get("geometry"), edited.shape, system.srid, system.flipped)
    values = read_properties(
        session, edited.table, sent.get("properties") or {}, present["properties"],
        _readable(session, layer), whole,
    )  # fmt: skip
    edited.change(session, actor, row, values, shape)
    return _answer(session, layer, fid, system, HTTPStatus.OK)


def _answer(session: Session, layer: Layer, fid: int, system: System, status: HTTPStatus) -> Response:
    """The feature as it is now, in the CRS that it was sent in, and its ETag for the next change."""
    plain = read_feature(session, layer, fid)
    feature = plain if system is LONLAT else read_feature(session, layer, fid, crs=system)
    headers = {"ETag": feature_etag(plain), "Content-Crs": f"<{system.uri}>"}
    return JSONResponse(feature, status_code=status, headers=headers, media_type=GEOJSON)


def _allowed(actor: Person, edited: Edited, *methods: str) -> Response:
    more = methods if actor.role in edited.roles else ()
    return Response(
        status_code=HTTPStatus.NO_CONTENT, headers={"Allow": ", ".join(("GET", "OPTIONS", *more))}
    )


def _readable(session: Session, layer: Layer) -> frozenset[str]:
    return frozenset(one.name for one in properties_of(session, layer))


for _name, _edited in EDITED.items():
    _routes_of(_name, _edited)
