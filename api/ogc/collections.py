"""OGC API Features: the collections, what each holds, and what it can be filtered by."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.dependencies import Actor, DbSession, MapReader, signed_in
from api.ogc.answers import answer, offered, only
from api.ogc.edited import tell_receivable
from api.ogc.links import BASE, COLLECTION, itself, links
from api.ogc.media import HTML, JSON, SCHEMA, described
from gis.errors import NotFound
from gis.i18n import _
from gis.people.models import Person
from layers.catalog import find_layer, layers_for
from layers.features.extent import Extent, extent_of
from layers.features.schema import queryables, schema
from layers.features.systems import CRS84, OFFERED, STORED
from layers.layer import Layer

router = APIRouter(prefix=f"{BASE}/collections", tags=["ogc features"], dependencies=[Depends(signed_in)])
CollectionId = Annotated[str, Path(alias="collectionId")]
Beside = Callable[[Request, Session, Person], dict[str, Any]]
# Collections that are no layers of the map: each row makes one entry of the list.
BESIDE: list[Beside] = []


def collection_of(name: str, actor: Person) -> Layer:
    """The layer of a collection.

    Raises
    ------
    NotFound
        There is none of that name that other systems read.
    NotAllowed
        There is, but the role may not see it.
    """
    layer = find_layer(name, actor.role)
    if not layer.collection:
        raise NotFound(_("There is no collection {name}").format(name=name[:60]))
    return layer


@router.get("", response_model=None, responses=described(JSON, HTML))
def collections(request: Request, session: DbSession, actor: MapReader) -> Response:
    """All collections that the reader may see."""
    only(request)
    path = f"{BASE}/collections"
    document = {
        "links": itself(request, path, JSON, offered(request)),
        "crs": list(OFFERED),
        "collections": [
            *(describe(request, session, layer) for layer in layers_for(actor.role) if layer.collection),
            *(row(request, session, actor) for row in BESIDE),
        ],
    }
    return answer(request, actor, "collections", document)


@router.get("/{collectionId}", response_model=None, responses=described(JSON, HTML))
def collection(request: Request, session: DbSession, actor: MapReader, name: CollectionId) -> Response:
    """One collection: its extent, its coordinate systems, where its features are."""
    only(request)
    layer = collection_of(name, actor)
    document = describe(request, session, layer)
    document["links"] = [
        *itself(request, f"{BASE}/collections/{layer.name}", JSON, offered(request)),
        *document["links"],
    ]
    return answer(request, actor, "collection", document, told={"layer": layer})


@router.get("/{collectionId}/queryables", response_model=None, responses=described(SCHEMA, HTML))
def queryables_of(request: Request, session: DbSession, actor: Actor, name: CollectionId) -> Response:
    """What a filter may name, as JSON Schema."""
    only(request)
    layer = collection_of(name, actor)
    document = queryables(session, layer) | {"$id": _here(request, layer, "queryables")}
    return answer(request, actor, "schema", document, SCHEMA, told={"layer": layer, "kind": "queryables"})


@router.get("/{collectionId}/schema", response_model=None, responses=described(SCHEMA, HTML))
def schema_of(request: Request, session: DbSession, actor: Actor, name: CollectionId) -> Response:
    """What a feature holds, as JSON Schema."""
    only(request)
    layer = collection_of(name, actor)
    document = schema(session, layer) | {"$id": _here(request, layer, "schema")}
    tell_receivable(document, layer.name)
    return answer(request, actor, "schema", document, SCHEMA, told={"layer": layer, "kind": "schema"})


def describe(request: Request, session: Session, layer: Layer) -> dict[str, Any]:
    """A layer as a collection."""
    return {
        "id": layer.name,
        "title": _(layer.title),
        "itemType": "feature",
        "extent": _extent(extent_of(session, layer)),
        "crs": list(OFFERED),
        "storageCrs": STORED.uri,
        "links": [
            *itself(request, f"{BASE}/collections/{layer.name}", JSON)[:1],
            *links(request, COLLECTION, layer),
        ],
    }


def _extent(found: Extent) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if found.box:
        told["spatial"] = {"bbox": [found.box], "crs": CRS84}
    if found.span:
        told["temporal"] = {
            "interval": [found.span],
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        }
    return told


def _here(request: Request, layer: Layer, part: str) -> str:
    address: str = itself(request, f"{BASE}/collections/{layer.name}/{part}", SCHEMA)[0]["href"]
    return address.partition("?")[0]
