"""A dataset as a record of OGC API – Records (GeoJSON), with links to wherever its data can be had."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fastapi import Request
from geoalchemy2.shape import to_shape
from sqlalchemy.orm import Session

from api.ogc.links import BASE, link
from api.ogc.media import GEOJSON, HTML, JSON, Media
from gis.crs import WGS84, transformer
from gis.dataset.live import Figures, figures_of
from gis.dataset.models import Dataset
from gis.dataset.queries import city_of, owners
from gis.dataset.vocabulary import FREQUENCIES, THEMES
from gis.grid.models import City
from gis.i18n import N_, _, get_locale, pick
from gis.people.models import Department
from gis.settings import CITY_SRID
from layers.catalog import LAYERS
from layers.features.files import FORMATS

CONFORMS = "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/"
FIRST = ("gpkg", "csv")  # what most people open; the other formats follow in their order
TILEJSON = Media("json", "application/json", "TileJSON")


@dataclass(frozen=True)
class Shelf:
    """What the records of one answer share: the city, the departments, the figures of our own data."""

    city: City | None
    departments: dict[int, Department]
    figures: dict[str, Figures] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, datasets: list[Dataset]) -> "Shelf":
        return cls(city_of(session), owners(session, datasets), own_figures(session))

    def date_of(self, dataset: Dataset) -> date | None:
        """Of what day the data are: as their owner says, else as the newest row says."""
        figures = self.figures.get(dataset.collection)
        return dataset.data_date or (figures.newest if figures else None)

    def quality_of(self, dataset: Dataset) -> str:
        """What is said of the quality; of our own data, where nothing is, what the city says of all."""
        said = pick(dataset.quality_zh, dataset.quality_en)
        if said or not dataset.collection or self.city is None:
            return said
        return pick(self.city.note_zh, self.city.note_en)

    def owner_of(self, dataset: Dataset) -> str:
        owner = self.departments.get(dataset.owner_id or 0)
        return pick(owner.name_zh, owner.name_en) if owner else ""

    def rows_of(self, dataset: Dataset) -> int | None:
        figures = self.figures.get(dataset.collection)
        return figures.rows if figures else None


def own_figures(session: Session) -> dict[str, Figures]:
    """The figures of the collections that have a table of their own, by their names."""
    found = {}
    for layer in LAYERS.values():
        figures = figures_of(session, layer.tables[0]) if layer.collection and layer.tables else None
        if figures is not None:
            found[layer.name] = figures
    return found


def record(request: Request, shelf: Shelf, dataset: Dataset) -> dict[str, Any]:
    """A dataset as a record in the reader's language."""
    day = shelf.date_of(dataset)
    owner = shelf.owner_of(dataset)
    properties: dict[str, Any] = {
        "type": "dataset",
        "title": pick(dataset.title_zh, dataset.title_en),
        "description": pick(dataset.description_zh, dataset.description_en),
        "created": dataset.created_at.isoformat(),
        "updated": dataset.updated_at.isoformat(),
        "language": {"code": "en" if get_locale() == "en" else "zh"},
        "languages": [{"code": "zh"}, {"code": "en"}],
        "keywords": dataset.keywords,
        "themes": [
            {"concepts": [{"id": dataset.theme, "title": _(THEMES[dataset.theme])}], "scheme": "citygrid"}
        ],
        "formats": [{"name": one["title"], "mediaType": one["type"]} for one in downloads(request, dataset)],
        "externalIds": dataset.external_ids,
        "updateFrequency": dataset.update_frequency,
        "updateFrequencyTitle": _(FREQUENCIES[dataset.update_frequency]),
    }
    told = {
        "contacts": _contacts(owner, dataset.contact),
        "license": dataset.licence,
        "quality": shelf.quality_of(dataset),
        "numberOfRows": shelf.rows_of(dataset),
        "collection": dataset.collection,
    }
    properties |= {name: value for name, value in told.items() if value not in (None, "", [])}
    return {
        "id": dataset.code,
        "type": "Feature",
        "conformsTo": [f"{CONFORMS}record-core"],
        "time": {"date": day.isoformat()} if day else None,
        "geometry": _geometry(shelf, dataset),
        "properties": properties,
        "links": links_of(request, dataset),
    }


def links_of(request: Request, dataset: Dataset) -> list[dict[str, Any]]:
    """The record itself, its page, then where the data are."""
    here = f"{BASE}/collections/datasets"
    return [
        link(request, "self", f"{here}/items/{dataset.code}", GEOJSON),
        link(request, "alternate", f"/datasets/{dataset.code}", HTML, HTML.title),
        link(request, "collection", here, JSON),
        *served_at(request, dataset),
        *downloads(request, dataset),
    ]


def served_at(request: Request, dataset: Dataset) -> list[dict[str, Any]]:
    """Where our own data are served: interface, tiles, map."""
    if not dataset.collection:
        return []
    path = f"{BASE}/collections/{dataset.collection}"
    to_map = link(request, "preview", "/map", HTML, N_("Map"))
    return [
        link(request, "items", f"{path}/items", GEOJSON, "OGC API Features"),
        link(
            request,
            "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
            f"{path}/tiles",
            TILEJSON,
            "OGC API Tiles",
        ),
        {**to_map, "href": f"{to_map['href']}#show={dataset.collection}"},
    ]


def downloads(request: Request, dataset: Dataset) -> list[dict[str, Any]]:
    """Files: those that our own data are written to, and those that departments have put somewhere."""
    files = []
    if dataset.collection:
        path = f"{BASE}/collections/{dataset.collection}/items"
        files = [
            link(request, "enclosure", path, Media(one.name, one.media_type, one.title), one.title, one.name)
            for one in sorted(FORMATS.values(), key=lambda one: one.name not in FIRST)
        ]
    outside = [
        {"rel": "enclosure", "href": one["href"], "type": one.get("type") or "application/octet-stream",
         "title": one.get("title") or one["href"]}
        for one in dataset.distributions
    ]  # fmt: skip
    return [*files, *outside]


def _contacts(owner: str, contact: str) -> list[dict[str, Any]]:
    told = {"organization": owner, "contactInstructions": contact}
    known = {name: value for name, value in told.items() if value}
    return [known | {"roles": ["owner"]}] if known else []


def _geometry(shelf: Shelf, dataset: Dataset) -> dict[str, Any] | None:
    """The box of a dataset in longitude and latitude; that of the city where none is said."""
    extent = dataset.extent if dataset.extent is not None else shelf.city.boundary if shelf.city else None
    if extent is None:
        return None
    bounds = to_shape(extent).bounds
    west, south, east, north = transformer(CITY_SRID, WGS84).transform_bounds(*bounds)
    west, south, east, north = (round(number, 6) for number in (west, south, east, north))
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
