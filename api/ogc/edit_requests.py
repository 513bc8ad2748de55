"""What comes with a request to edit: the body and its kind, the CRS of its shape, the version seen."""

import re
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from starlette.exceptions import HTTPException

from gis.errors import InvalidInput, NotFound, SeenVersionNeeded, Stale
from gis.i18n import _
from layers.features.systems import LONLAT, System, find_system

GEOJSON = "application/geo+json"
MERGE_PATCH = "application/merge-patch+json"
# A list of entity tags of RFC 9110; the weak ones are read and match nothing.
_TAG = re.compile(r'\s*((?:W/)?"[\x21\x23-\x7e\x80-\xff]*")\s*(?:,|$)')
MOST_HEADER = 2000


def content_system(content_crs: Annotated[str | None, Header()] = None) -> System:
    """The CRS of what is sent: ``Content-Crs: <URI>``, with or without the brackets; longitude and latitude
    (CRS84) where it is not said.
    """
    said = (content_crs or "").strip()
    if said.startswith("<") and said.endswith(">"):
        said = said[1:-1]
    return find_system(said, "/Content-Crs") if said else LONLAT


ContentSystem = Annotated[System, Depends(content_system)]


def seen_tags(if_match: Annotated[str | None, Header()] = None) -> tuple[str, ...]:
    """The entity tags of ``If-Match``; ``*`` stands for any version at all.

    Raises
    ------
    SeenVersionNeeded
        There is no such header: a change must say of what.
    InvalidInput
        It holds no entity tags.
    """
    if if_match is None:
        raise SeenVersionNeeded(
            _("Send If-Match with the ETag that was read; If-Match: * changes whatever stands there")
        )
    if if_match.strip() == "*":
        return ("*",)
    found, at = [], 0
    while at < len(if_match) <= MOST_HEADER:
        tag = _TAG.match(if_match, at)
        if tag is None:
            break
        found.append(tag[1])
        at = tag.end()
    if not found or at < len(if_match):
        raise InvalidInput(_('If-Match must be an ETag of this service, such as "3"'))
    return tuple(found)


SeenTags = Annotated[tuple[str, ...], Depends(seen_tags)]


def require_seen(tags: tuple[str, ...], present: str) -> None:
    """Refuse a change of another version than the one that was seen; Stale."""
    if "*" not in tags and present not in tags:
        raise Stale(_("Read it again: it has changed since it was read"))


def feature_sent(request: Request, body: dict[str, Any]) -> dict[str, Any]:
    """A whole GeoJSON feature; 415 for another kind of content, InvalidInput where it is no feature."""
    _require_kind(request, GEOJSON, "application/json")
    if body.get("type") != "Feature":
        raise InvalidInput(
            _("A GeoJSON feature is needed"), errors=[{"pointer": "/type", "detail": _("must be Feature")}]
        )
    return body


def patch_sent(request: Request, body: dict[str, Any]) -> dict[str, Any]:
    """Parts of a feature to be merged into it (RFC 7396).

    Raises
    ------
    InvalidInput
        A member is neither ``properties`` nor ``geometry``; ``type``, ``id`` and the like are passed over.
    """
    _require_kind(request, MERGE_PATCH)
    for name in body:
        if name not in ("properties", "geometry", "type", "id", "bbox", "links"):
            raise InvalidInput(
                _("A feature has no member {name}").format(name=name[:60]),
                errors=[{"pointer": f"/{name[:60]}"}],
            )
    return body


def item_number(fid: str) -> int:
    """The id of an address; NotFound where it is none, as any id that nothing has."""
    if not (fid.isascii() and fid.isdigit()) or not 0 < int(fid[:19]) < 2**63 or len(fid) > 18:
        raise NotFound
    return int(fid)


ItemNumber = Annotated[int, Depends(item_number)]


def _require_kind(request: Request, *kinds: str) -> None:
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said not in kinds:
        raise HTTPException(415, _("Send {kind}").format(kind=kinds[0]), {"Accept": ", ".join(kinds)})
