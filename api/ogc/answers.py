"""How OGC API answers: as JSON with an ETag of its content, or drawn for a person."""

from collections.abc import Callable
from typing import Any

from fastapi import Request
from starlette.responses import Response

from api.ogc.media import HTML, JSON, Media, wanted
from gis.errors import InvalidInput
from gis.i18n import _
from gis.people.models import Person
from layers.features.reading import content_etag, to_json

# Ask each time, and hear 304 where nothing changed; never kept by a proxy between.
ASK_AGAIN = "private, no-cache"
# Every route takes these besides its own: the format, and the key of a system.
EVERYWHERE = frozenset({"f", "api_key"})
Draw = Callable[[Request, Person, str, dict[str, Any]], Response]


def answer(
    request: Request,
    actor: Person,
    page: str,
    document: dict[str, Any],
    media: Media = JSON,
    told: dict[str, Any] | None = None,
) -> Response:
    """A document in the format that is wanted. ``told``: what only its page for people says."""
    if wanted(request, offered(request, media)) is HTML:
        return draw(request)(request, actor, page, document | {"told": told or {}})
    return json_answer(request, to_json(document), media)


def json_answer(
    request: Request, content: bytes, media: Media, headers: dict[str, str] | None = None, etag: str = ""
) -> Response:
    """JSON with its ETag; 304 where the client has it."""
    etag = etag or content_etag(content)
    headers = {"etag": etag, "cache-control": ASK_AGAIN, "vary": "accept, accept-language", **(headers or {})}
    seen = request.headers.get("if-none-match", "")
    if seen.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in seen.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media.type, headers=headers)


def offered(request: Request, *media: Media) -> tuple[Media, ...]:
    """These formats, and pages for people where the service has pages."""
    return (*media, HTML) if hasattr(request.app.state, "draw_ogc") else media


def draw(request: Request) -> Draw:
    """Who draws pages: :func:`web.ogc_pages.draw_ogc` put it there."""
    drawn: Draw = request.app.state.draw_ogc
    return drawn


def only(request: Request, known: frozenset[str] = frozenset()) -> None:
    """Refuse parameters that a route does not know: a misspelt filter filters nothing.

    Raises
    ------
    InvalidInput
        There is one; the answer lists those that are known.
    """
    allowed = known | EVERYWHERE
    for name in request.query_params:
        if name not in allowed:
            raise InvalidInput(
                _("There is no parameter {name} here; there are: {known}").format(
                    name=name[:60], known=", ".join(sorted(allowed))
                ),
                errors=[{"pointer": f"/{name[:60]}"}],
            )
