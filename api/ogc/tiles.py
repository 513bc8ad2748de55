"""OGC API Tiles, part 1: the tiles of each collection, and those of all collections in one.

The same tiles as ``/tiles``, under the standard's addresses: matrix, then row, then column.
"""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.addresses import key_of, root_of
from api.dependencies import Actor, DbSession, MapReader, signed_in
from api.ogc.answers import answer, only
from api.tile_answer import packed_answer
from api.tiles import AskedTime
from gis.errors import InvalidInput, NotFound
from gis.i18n import N_, _
from gis.people.models import Person
from layers import tilesets
from layers.catalog import find_layer, layers_for
from layers.layer import Layer
from layers.tile_cache import Packed, pack, packed_tile
from layers.tiles import NOW, When, tile_bounds
from layers.tilesets import MVT, QUAD

router = APIRouter(prefix="/ogc", tags=["ogc tiles"], dependencies=[Depends(signed_in)])

TILING = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
ALL = N_("All collections in one tile")
FORMATS = ("mvt", MVT)
Link = dict[str, Any]


def known_set(tileMatrixSetId: str) -> None:  # noqa: N803 - the standard's name
    """Refuse any tile matrix set but the one that is served."""
    if tileMatrixSetId != QUAD:
        raise NotFound(_("There is no tile matrix set {name}; there is {known}").format(
            name=tileMatrixSetId, known=QUAD
        ))  # fmt: skip


def as_tile(f: Annotated[str, Query(description="mvt")] = "mvt") -> None:
    """Refuse any format but vector tiles."""
    if f not in FORMATS:
        raise InvalidInput(
            _("Tiles come as {known}, not as {format}").format(known="mvt", format=f[:60]),
            errors=[{"pointer": "/f", "detail": ", ".join(FORMATS)}],
        )


InQuad = Depends(known_set)
AsTile = Depends(as_tile)
Collection = Annotated[str, Path(alias="collectionId")]
Matrix = Annotated[int, Path(alias="tileMatrix")]
Row = Annotated[int, Path(alias="tileRow")]
Column = Annotated[int, Path(alias="tileCol")]
Some = Annotated[str, Query(description="names of collections with commas between; all when left out")]


@router.get("/tileMatrixSets")
def tile_matrix_sets(request: Request) -> dict[str, Any]:
    """The tile matrix sets that tiles come in."""
    told = tilesets.tile_matrix_set()
    here = _link("self", f"{root_of(request)}/ogc/tileMatrixSets/{QUAD}")
    return {"tileMatrixSets": [{"id": QUAD, "title": told["title"], "uri": told["uri"], "links": [here]}]}


@router.get("/tileMatrixSets/{tileMatrixSetId}", dependencies=[InQuad])
def tile_matrix_set() -> dict[str, Any]:
    """The definition of a tile matrix set: its zooms, cells and origin."""
    return tilesets.tile_matrix_set()


@router.get("/collections/{collectionId}/tiles", response_model=None)
def collection_tile_sets(request: Request, actor: Actor, collection: Collection) -> Response:
    """The tile sets of a collection."""
    only(request)
    layer = _collection(collection, actor)
    told = _list(request, _(layer.title), f"/ogc/collections/{layer.name}/tiles")
    return answer(request, actor, "tilesets", told, told={"layer": layer})


@router.get("/collections/{collectionId}/tiles/{tileMatrixSetId}", dependencies=[InQuad], response_model=None)
def collection_tile_set(
    request: Request, session: DbSession, actor: Actor, collection: Collection
) -> Response:
    """What a collection's tiles hold, and where there are any."""
    only(request)
    layer = _collection(collection, actor)
    links = _links(request, f"/ogc/collections/{layer.name}/tiles")
    links.append(_link("describedby", f"{root_of(request)}/tiles/{layer.name}.json{key_of(request)}"))
    told = tilesets.tile_set(session, _(layer.title), [layer], links)
    return answer(request, actor, "tileset", told, told={"layer": layer})


@router.get(
    "/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}",
    dependencies=[InQuad, AsTile],
    response_class=Response,
    responses={200: {"content": {MVT: {}}}},
)
def collection_tile(
    session: DbSession,
    actor: MapReader,
    collection: Collection,
    matrix: Matrix,
    row: Row,
    column: Column,
    when: AskedTime,
    accept_encoding: Annotated[str, Header()] = "",
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """A tile of a collection; the row stands before the column. 204 where nothing lies."""
    packed = _read(session, _collection(collection, actor), matrix, row, column, when)
    return packed_answer(packed, accept_encoding, if_none_match)


@router.get("/tiles", response_model=None)
def tile_sets(request: Request, actor: Actor) -> Response:
    """The tile sets that hold several collections in one."""
    only(request)
    return answer(request, actor, "tilesets", _list(request, _(ALL), "/ogc/tiles"))


@router.get("/tiles/{tileMatrixSetId}", dependencies=[InQuad], response_model=None)
def tile_set(request: Request, session: DbSession, actor: Actor) -> Response:
    """What the tiles of all collections hold, each under its own name, and where there are any."""
    only(request)
    told = tilesets.tile_set(session, _(ALL), _collections(actor), _links(request, "/ogc/tiles"))
    return answer(request, actor, "tileset", told)


@router.get(
    "/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}",
    dependencies=[InQuad, AsTile],
    response_class=Response,
    responses={200: {"content": {MVT: {}}}},
)
def tile(
    session: DbSession,
    actor: MapReader,
    matrix: Matrix,
    row: Row,
    column: Column,
    collections: Some = "",
    accept_encoding: Annotated[str, Header()] = "",
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """One tile with the layers of all collections, or of those that are named."""
    names = list(dict.fromkeys(filter(None, collections.split(","))))
    chosen = [_collection(name, actor) for name in names] or _collections(actor)
    packed = _together([_read(session, layer, matrix, row, column) for layer in chosen])
    return packed_answer(packed, accept_encoding, if_none_match)


def _collection(name: str, actor: Person) -> Layer:
    """A layer that is a collection; what is only drawn on our own map is none."""
    layer = find_layer(name, actor.role)
    if not layer.collection:
        raise NotFound
    return layer


def _collections(actor: Person) -> list[Layer]:
    return [layer for layer in layers_for(actor.role) if layer.collection]


def _read(session: Session, layer: Layer, matrix: int, row: int, column: int, when: When = NOW) -> Packed:
    try:
        tile_bounds(matrix, column, row)
    except InvalidInput as error:
        # To OGC API a tile is a resource: one that cannot be is one that is not there.
        raise NotFound(error.detail) from error
    return packed_tile(session, layer, matrix, column, row, when)


def _together(parts: Sequence[Packed]) -> Packed:
    """One tile with the layers of several: the messages of a vector tile may simply follow each other."""
    names = hashlib.blake2b("/".join(part.etag for part in parts).encode(), digest_size=12)
    return Packed(names.hexdigest(), lambda: pack(b"".join(part.plain() for part in parts)).content)


def _list(request: Request, title: str, path: str) -> dict[str, Any]:
    here = root_of(request) + path
    item = tilesets.tile_set_item(title, [_link("self", f"{here}/{QUAD}{key_of(request)}")])
    return {"tilesets": [item], "links": [_link("self", here)]}


def _links(request: Request, path: str) -> list[Link]:
    """What leads on from a tile set: itself, its tiling scheme, the pattern of its tiles' addresses."""
    root, key = root_of(request), key_of(request)
    tiles = f"{root}{path}/{QUAD}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{key}"
    return [
        _link("self", f"{root}{path}/{QUAD}"),
        _link(TILING, f"{root}/ogc/tileMatrixSets/{QUAD}"),
        _link("item", tiles, MVT) | {"templated": True},
    ]


def _link(rel: str, href: str, kind: str = "application/json") -> Link:
    return {"rel": rel, "href": href, "type": kind}
