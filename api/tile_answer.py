"""A tile as it is sent, whichever door it was asked at."""

from starlette.responses import Response

from layers.tile_cache import Packed

MVT = "application/vnd.mapbox-vector-tile"
# Ask each time, and hear 304 where nothing changed; never kept by a proxy between.
ASK_AGAIN = "private, no-cache"
VARY = "accept-encoding, authorization, cookie, x-api-key"


def packed_answer(packed: Packed, accept_encoding: str, if_none_match: str) -> Response:
    """Packed or plain; 304 where the client has it, 204 where nothing lies."""
    headers = {"etag": _tag(packed.etag, accept_encoding), "cache-control": ASK_AGAIN, "vary": VARY}
    if client_has(packed.etag, accept_encoding, if_none_match):
        return Response(status_code=304, headers=headers)
    if packed.is_empty:
        return Response(status_code=204, headers=headers)
    if _takes_gzip(accept_encoding):
        headers["content-encoding"] = "gzip"
        return Response(packed.content, media_type=MVT, headers=headers)
    return Response(packed.plain(), media_type=MVT, headers=headers)


def client_has(name: str, accept_encoding: str, if_none_match: str) -> bool:
    """Whether a client has the tile of a name already, as it would be sent."""
    has = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in has or _tag(name, accept_encoding) in has


def _tag(name: str, accept_encoding: str) -> str:
    # A strong ETag names bytes: packed and plain are two.
    return f'"{name}-gzip"' if _takes_gzip(accept_encoding) else f'"{name}"'


def _takes_gzip(accept_encoding: str) -> bool:
    return "gzip" in accept_encoding
