"""OGC API Features: the features of a collection in pages, as files, one at a time."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from api.addresses import root_of
from api.dependencies import DbSession, MapReader, signed_in
from api.ogc.answers import draw, json_answer, offered, only
from api.ogc.collections import CollectionId, collection_of
from api.ogc.exports import exported
from api.ogc.links import BASE, link
from api.ogc.media import GEOJSON, HTML, JSON, Media, described, wanted
from api.ogc.parameters import Wanted, cursor_of, page_limit, read_parameters
from gis.pipeline.bounded import in_time
from gis.settings import get_settings
from layers.features.asking import Asked
from layers.features.files import FORMATS
from layers.features.properties import properties_of
from layers.features.reading import (
    Features,
    chosen_names,
    count_features,
    feature_etag,
    read_feature,
    read_features,
    to_json,
)
from layers.features.systems import LONLAT, find_system
from layers.layer import Layer

router = APIRouter(prefix=f"{BASE}/collections", tags=["ogc features"], dependencies=[Depends(signed_in)])
FeatureId = Annotated[int, Path(alias="featureId", ge=0, lt=2**63)]
FILES = tuple(Media(one.name, one.media_type, one.title) for one in FORMATS.values())
OF_ONE = frozenset({"crs", "properties"})


@router.get("/{collectionId}/items", response_model=None, responses=described(GEOJSON, HTML, *FILES))
def items(request: Request, session: DbSession, actor: MapReader, name: CollectionId) -> Response:
    """Features of a collection: a page of GeoJSON, or all that are asked for as a file."""
    layer = collection_of(name, actor)
    known = frozenset(one.name for one in properties_of(session, layer))
    asks = read_parameters(request, known)
    media = wanted(request, (*offered(request, GEOJSON), *FILES))
    asked = Asked(session, layer, asks.question)
    if media.name in FORMATS:
        return exported(asked, asks, FORMATS[media.name], actor)
    with in_time(session):
        document = page(request, asked, asks)
    headers = {"content-crs": f"<{asks.system.uri}>"}
    if media is HTML:
        shown = {"layer": layer, "properties": asked.properties, "asks": asks}
        return draw(request)(request, actor, "items", document | {"told": shown})
    return json_answer(request, to_json(document), GEOJSON, headers)


@router.get("/{collectionId}/items/{featureId}", response_model=None, responses=described(GEOJSON, HTML))
def item(
    request: Request, session: DbSession, actor: MapReader, name: CollectionId, item_id: FeatureId
) -> Response:
    """One feature; its ETag is that of its content, whichever system its coordinates are read in."""
    only(request, OF_ONE)
    layer = collection_of(name, actor)
    said = request.query_params
    system = find_system(said["crs"]) if "crs" in said else LONLAT
    media = wanted(request, offered(request, GEOJSON))
    plain = read_feature(session, layer, item_id)
    names = chosen_names(Asked(session, layer), said.get("properties"))
    feature = (
        plain if system is LONLAT and names is None else read_feature(session, layer, item_id, system, names)
    )
    path = f"{BASE}/collections/{layer.name}"
    document = feature | {
        "links": [
            link(request, "self", f"{path}/items/{item_id}", GEOJSON, f="json"),
            link(request, "alternate", f"{path}/items/{item_id}", HTML, HTML.title, "html"),
            link(request, "collection", path, JSON, layer.title),
        ]
    }
    if media is HTML:
        shown = {"layer": layer, "properties": properties_of(session, layer)}
        return draw(request)(request, actor, "item", document | {"told": shown})
    headers = {"content-crs": f"<{system.uri}>"}
    return json_answer(request, to_json(document), GEOJSON, headers, feature_etag(plain))


def page(request: Request, asked: Asked, asks: Wanted) -> dict[str, Any]:
    """A page of features with its links; with how many there are where that was asked for or is the first."""
    names = chosen_names(asked, asks.properties)
    limit = page_limit(asks.limit)
    if asks.hits:
        number = count_features(asked, get_settings().export_rows)
        found = Features((), (), more=False, number=number)
    else:
        found = read_features(
            asked,
            limit,
            after=asks.after,
            before=asks.before,
            offset=asks.offset,
            system=asks.system,
            names=names,
            counted=asks.is_first,
        )
    document: dict[str, Any] = {"type": "FeatureCollection", "numberReturned": len(found.ids)}
    if found.number is not None:
        name = "numberMatched" if found.number.exact else "numberMatchedEstimated"
        document[name] = found.number.value
    return document | {"links": _links(request, asked.layer, asks, found), "features": found.items}


def _links(request: Request, layer: Layer, asks: Wanted, found: Features) -> list[dict[str, Any]]:
    """This page, the same in other formats, the pages beside it, its collection."""
    path = f"{BASE}/collections/{layer.name}/items"
    here = root_of(request) + path

    def to(rel: str, media: Media, title: str = "", **changed: str | None) -> dict[str, Any]:
        said = {key: value for key, value in {**asks.said, **changed}.items() if value is not None}
        told = {"href": f"{here}?{urlencode(said)}" if said else here, "rel": rel, "type": media.type}
        return told | ({"title": title} if title else {})

    made = [to("self", GEOJSON, f="json")]
    made += [to("alternate", one, f=one.name) for one in offered(request)]
    # A file holds all that is asked for, not a page of it.
    made += [to("alternate", one, f=one.name, limit=None, offset=None, cursor=None) for one in FILES]
    ahead, behind = _beside(asks, found)
    if ahead:
        made.append(to("next", GEOJSON, cursor=cursor_of("after", found.ids[-1]), offset=None))
    if behind:
        made.append(to("prev", GEOJSON, cursor=cursor_of("before", found.ids[0]), offset=None))
    made.append(link(request, "collection", f"{BASE}/collections/{layer.name}", JSON, layer.title))
    return made


def _beside(asks: Wanted, found: Features) -> tuple[bool, bool]:
    """Whether there are pages behind this one, and before it."""
    if not found.ids:
        return False, False
    if asks.before is not None:
        return True, found.more
    return found.more, not asks.is_first
