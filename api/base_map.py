"""The door to base maps: tiles of a file or of another server, by the names that an operator has set."""

import gzip
import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request
from starlette.responses import Response

from api.addresses import key_of, root_of
from api.detached import allow_detached
from gis.errors import UpstreamFailed
from gis.i18n import _
from gis.people.models import Role
from layers.base_map import drawing
from layers.base_map.config import BaseMap, find_base_map
from layers.base_map.sources import Kind, media_type
from layers.tiles import tile_bounds
from layers.tilesets import MVT

# No connection is held while another server is waited for.
router = APIRouter(prefix="/base", tags=["map"], dependencies=[Depends(allow_detached(*Role))])
A_DAY = "private, max-age=86400"
Number = Annotated[int, Path(description="of the tile pyramid in EPSG:3857, north-west first")]


@router.get("/{base}.json")
def base_tilejson(request: Request, base: str) -> dict[str, Any]:
    """TileJSON of a base map."""
    return drawing.tilejson(find_base_map(base), root_of(request), key_of(request))


@router.get(
    "/{base}/{z}/{x}/{y}", response_class=Response, responses={200: {"content": {"image/png": {}, MVT: {}}}}
)
def base_tile(
    base: str,
    z: Number,
    x: Number,
    y: Number,
    accept_encoding: Annotated[str, Header()] = "",
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """A tile of a base map; 204 where it has none, 502 when its server fails."""
    tile_bounds(z, x, y)  # refuses a tile that cannot be
    found = find_base_map(base)
    content = found.source.read(z, x, y)
    if not content:
        return Response(status_code=204, headers={"cache-control": A_DAY})
    return _answer(found, content, accept_encoding, if_none_match)


def _answer(base: BaseMap, content: bytes, accept_encoding: str, if_none_match: str) -> Response:
    headers = {"cache-control": A_DAY}
    if base.about.kind is Kind.VECTOR:
        headers["vary"] = "accept-encoding"
        if content[:2] == b"\x1f\x8b":
            if "gzip" in accept_encoding:
                headers["content-encoding"] = "gzip"
            else:
                content = gzip.decompress(content)
        kind = MVT
    else:
        kind = media_type(content) or ""
        if not kind:
            raise UpstreamFailed(_("The base map's file is damaged"))
    headers["etag"] = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    if headers["etag"] in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)
