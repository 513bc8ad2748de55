"""Where OGC API leads on, as tables: a new part of the service is a row here.

Paths stand below ``/ogc``; ``{id}`` is the name of the collection.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from api.addresses import key_of, root_of
from api.ogc.media import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Media
from gis.i18n import N_, gettext
from layers.layer import Layer

BASE = "/ogc"
_REL = "http://www.opengis.net/def/rel/ogc/1.0/"


@dataclass(frozen=True)
class Link:
    """One link. ``f``: the address asks for its format; ``of``: the layers whose collections have it."""

    rel: str
    path: str
    media: Media
    title: str
    f: bool = False
    of: Callable[[Layer], bool] = lambda _layer: True


LANDING: tuple[Link, ...] = (
    Link("service-desc", "/api", OPENAPI, N_("Description of the interface")),
    Link("service-doc", "/api", HTML, N_("Description of the interface, to read"), f=True),
    Link("conformance", "/conformance", JSON, N_("What the service conforms to")),
    Link(f"{_REL}conformance", "/conformance", JSON, N_("What the service conforms to")),
    Link("data", "/collections", JSON, N_("Collections")),
    Link(f"{_REL}data", "/collections", JSON, N_("Collections")),
    Link(f"{_REL}ogc-catalog", "/collections/datasets", JSON, N_("Datasets")),
    Link(f"{_REL}tilesets-vector", "/tiles", JSON, N_("Vector tiles of all collections")),
    Link(f"{_REL}tiling-schemes", "/tileMatrixSets", JSON, N_("Tile matrix sets")),
    Link(f"{_REL}styles", "/styles", JSON, N_("Styles")),
)
COLLECTION: tuple[Link, ...] = (
    Link("items", "/collections/{id}/items", GEOJSON, N_("Features")),
    Link("items", "/collections/{id}/items", HTML, N_("Features, to read"), f=True),
    Link(f"{_REL}queryables", "/collections/{id}/queryables", SCHEMA, N_("What can be filtered by")),
    Link(f"{_REL}schema", "/collections/{id}/schema", SCHEMA, N_("What a feature holds")),
    Link(f"{_REL}tilesets-vector", "/collections/{id}/tiles", JSON, N_("Vector tiles")),
)


def link(request: Request, rel: str, path: str, media: Media, title: str = "", f: str = "") -> dict[str, Any]:
    """One link with its whole address, which carries the API key on where the request's own did."""
    address = root_of(request) + path + key_of(request)
    if f:
        address += f"{'&' if '?' in address else '?'}f={f}"
    told = {"href": address, "rel": rel, "type": media.type}
    return told | ({"title": gettext(title)} if title else {})


def links(request: Request, rows: Iterable[Link], layer: Layer | None = None) -> list[dict[str, Any]]:
    """The links of a table; of a layer's collection those that it has."""
    return [
        link(
            request,
            row.rel,
            BASE + row.path.format(id=layer.name if layer else ""),
            row.media,
            row.title,
            row.media.name if row.f else "",
        )
        for row in rows
        if layer is None or row.of(layer)
    ]


def itself(request: Request, path: str, media: Media, others: Iterable[Media] = ()) -> list[dict[str, Any]]:
    """The links to an answer and to the same in other formats."""
    return [
        link(request, "self", path, media, f=media.name),
        *(link(request, "alternate", path, one, one.title, one.name) for one in others if one is not media),
    ]
