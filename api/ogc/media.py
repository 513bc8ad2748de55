"""The formats of OGC API answers, and which of them a request wants: ``f`` first, else its ``Accept``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.exceptions import HTTPException

from gis.errors import InvalidInput
from gis.i18n import N_, _


@dataclass(frozen=True)
class Media:
    """A format: its name in ``f=``, its type, what a person calls it. ``also``: other types it answers."""

    name: str
    type: str
    title: str
    also: tuple[str, ...] = ()


JSON = Media("json", "application/json", "JSON")
GEOJSON = Media("json", "application/geo+json", "GeoJSON", ("application/json", "application/vnd.geo+json"))
SCHEMA = Media("json", "application/schema+json", N_("JSON Schema"), ("application/json",))
OPENAPI = Media("json", "application/vnd.oai.openapi+json;version=3.0", "OpenAPI 3.0", ("application/json",))
HTML = Media("html", "text/html", N_("Page for people"), ("application/xhtml+xml",))


def described(*offered: Media) -> dict[int | str, dict[str, Any]]:
    """What a route answers with, for the description of the API."""
    return {200: {"content": {one.type: {} for one in offered}}}


def wanted(request: Request, offered: Sequence[Media]) -> Media:
    """The one of the offered formats that a request wants; the first where it does not care.

    Raises
    ------
    InvalidInput
        ``f`` names none of them.
    HTTPException
        406: ``Accept`` takes none of them.
    """
    said = request.query_params.get("f")
    if said is not None:
        for one in offered:
            if said in (one.name, one.type):
                return one
        known = ", ".join(one.name for one in offered)
        raise InvalidInput(
            _("There is no format {name}; there are: {known}").format(name=said[:40], known=known),
            errors=[{"pointer": "/f", "detail": said[:40]}],
        )
    ranges = _ranked(request.headers.get("accept", "*/*"))
    for pattern in ranges:
        for one in offered:
            if any(_fits(pattern, kind.partition(";")[0]) for kind in (one.type, *one.also)):
                return one
    raise HTTPException(406)


def _ranked(accept: str) -> list[str]:
    """The ranges of an ``Accept`` header, what is liked best first."""
    found = []
    for position, part in enumerate(accept.split(",")):
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    quality = float(parameter[2:])
                except ValueError:
                    quality = 0.0
        if kind and quality > 0:
            found.append((-quality, position, kind.lower()))
    return [kind for _quality, _position, kind in sorted(found)] or ["*/*"]


def _fits(pattern: str, kind: str) -> bool:
    return pattern in ("*/*", kind) or (pattern.endswith("/*") and kind.startswith(pattern[:-1]))
