"""OGC API Records: the city's datasets as a collection of records, searched as the standard says."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, Request
from geoalchemy2.shape import from_shape
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api.dependencies import Actor, DbSession, signed_in
from api.ogc import collections
from api.ogc.answers import answer, json_answer, offered, only
from api.ogc.links import BASE, itself, link
from api.ogc.media import GEOJSON, HTML, JSON, SCHEMA, described, wanted
from api.ogc.parameters import page_limit
from api.ogc.record_documents import Shelf, own_figures, record
from gis.dataset.queries import Question, count_datasets, datasets_page, find_visible
from gis.dataset.service import shelve
from gis.dataset.vocabulary import THEMES
from gis.errors import InvalidInput
from gis.i18n import N_, _
from gis.people.models import Person
from gis.settings import CITY_SRID, get_settings
from layers.catalog import LAYERS
from layers.datasets import own_datasets
from layers.features.asking import read_span
from layers.features.places import box_in_city
from layers.features.reading import to_json
from layers.features.systems import CRS84, LONLAT

NAME = "datasets"
TITLE = N_("Datasets")
ABOUT = N_("What data the city has: from whom, of what date and quality, and where to get them")
PATH = f"{BASE}/collections/{NAME}"
KNOWN = frozenset(
    {"q", "type", "ids", "externalIds", "bbox", "datetime", "limit", "sortby", "cursor", "theme", "owner"}
)
QUERYABLES: dict[str, dict[str, Any]] = {
    "q": {"type": "string"},
    "type": {"type": "string", "enum": ["dataset"]},
    "ids": {"type": "string"},
    "externalIds": {"type": "string"},
    "theme": {"type": "string", "enum": list(THEMES)},
    "owner": {"type": "string"},
    "datetime": {"type": "string"},
}

router = APIRouter(prefix=PATH, tags=["ogc records"], dependencies=[Depends(signed_in)])


def collection_document(request: Request, session: Session, actor: Person) -> dict[str, Any]:
    """The collection of records, for the list of collections and by itself."""
    return {
        "id": NAME,
        "title": _(TITLE),
        "description": _(ABOUT),
        "itemType": "record",
        "crs": [CRS84],
        "links": [
            link(request, "self", PATH, JSON),
            link(request, "items", f"{PATH}/items", GEOJSON, N_("Records")),
            link(request, "items", "/datasets", HTML, N_("Records, to read")),
            link(request, "http://www.opengis.net/def/rel/ogc/1.0/queryables", f"{PATH}/queryables", SCHEMA),
        ],
    }


collections.BESIDE.append(collection_document)


@router.get("", response_model=None, responses=described(JSON, HTML))
def catalogue(request: Request, session: DbSession, actor: Actor) -> Response:
    """The catalogue of datasets as a collection."""
    only(request)
    if wanted(request, offered(request, JSON)) is HTML:
        return RedirectResponse("/datasets", 303)
    return answer(request, actor, "collection", collection_document(request, session, actor))


@router.get("/queryables", response_model=None, responses=described(SCHEMA, HTML))
def queryables(request: Request) -> Response:
    """What records can be searched by, as JSON Schema."""
    only(request)
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": itself(request, f"{PATH}/queryables", SCHEMA)[0]["href"].partition("?")[0],
        "type": "object",
        "title": _(TITLE),
        "properties": QUERYABLES,
        "additionalProperties": False,
    }
    return json_answer(request, to_json(document), SCHEMA)


@router.get("/items", response_model=None, responses=described(GEOJSON, HTML))
def records(request: Request, session: DbSession, actor: Actor) -> Response:
    """Records: by words (``q``), ``bbox``, ``datetime``, ``ids``, ``externalIds``, ``theme``, ``owner``."""
    only(request, KNOWN)
    said = request.query_params
    if wanted(request, offered(request, GEOJSON)) is HTML:
        kept = {name: said[name] for name in ("q", "theme", "owner") if name in said}
        return RedirectResponse(str(request.url_for("datasets_page").include_query_params(**kept)), 303)
    asked = question(session, actor, dict(said))
    limit = page_limit(_limit(said.get("limit")))
    found = datasets_page(session, asked, limit, said.get("cursor"))
    shelf = Shelf.of(session, list(found.items))
    document = {
        "type": "FeatureCollection",
        "numberMatched": count_datasets(session, asked),
        "numberReturned": len(found.items),
        "features": [record(request, shelf, dataset) for dataset in found.items],
        "links": _links(request, found.next_cursor),
    }
    return json_answer(request, to_json(document), GEOJSON)


@router.get("/items/{record_id}", response_model=None, responses=described(GEOJSON, HTML))
def one_record(request: Request, session: DbSession, actor: Actor, record_id: str) -> Response:
    """One record."""
    only(request)
    shelve(session, own_datasets())
    dataset = find_visible(session, record_id, hidden_from(actor))
    if wanted(request, offered(request, GEOJSON)) is HTML:
        return RedirectResponse(f"/datasets/{dataset.code}", 303)
    return json_answer(request, to_json(record(request, Shelf.of(session, [dataset]), dataset)), GEOJSON)


def hidden_from(actor: Person) -> tuple[str, ...]:
    """The collections that a person may not see, and whose entries they are not shown either."""
    return tuple(layer.name for layer in LAYERS.values() if actor.role not in layer.roles)


def question(session: Session, actor: Person, said: dict[str, str]) -> Question:
    """What parameters ask of the catalogue; what is served here is on the shelf by then.

    Raises
    ------
    InvalidInput
        One of them cannot be read.
    """
    shelve(session, own_datasets())
    if "type" in said and "dataset" not in _parts(said["type"]):
        raise InvalidInput(_("All records are of the type dataset"), errors=[{"pointer": "/type"}])
    return Question(
        words=_parts(said.get("q", "")),
        codes=_parts(said.get("ids", "")),
        external_ids=_parts(said.get("externalIds", "")),
        theme=said.get("theme", ""),
        owner=said.get("owner", ""),
        box=_box(said["bbox"]) if said.get("bbox") else None,
        days=_days(said["datetime"]) if said.get("datetime") else None,
        hidden=hidden_from(actor),
        newest={name: figures.newest for name, figures in own_figures(session).items()},
        sort=said.get("sortby", "").strip().removeprefix("+"),
    )


def _links(request: Request, cursor: str | None) -> list[dict[str, Any]]:
    said = {name: value for name, value in request.query_params.items() if name != "cursor"}
    here = str(request.url.replace(query=""))

    def to(rel: str, **more: str) -> dict[str, Any]:
        address = request.url.replace(query="").include_query_params(**said, **more)
        return {"rel": rel, "href": str(address), "type": GEOJSON.type}

    made = [to("self"), {"rel": "alternate", "href": f"{here}?f=html", "type": HTML.type}]
    if cursor:
        made.append(to("next", cursor=cursor))
    return [*made, link(request, "collection", PATH, JSON)]


def _parts(text: str) -> tuple[str, ...]:
    """The parts of a list with commas; words between them stand together."""
    return tuple(" ".join(part.split())[:100] for part in text.split(",")[:50] if part.strip())


def _limit(said: str | None) -> int | None:
    if said is None:
        return None
    if not (said.isascii() and said.isdigit()) or len(said) > 10 or int(said) < 1:
        raise InvalidInput(
            _("a whole number from {least} on").format(least=1), errors=[{"pointer": "/limit"}]
        )
    return int(said)


def _box(said: str) -> Any:
    try:
        numbers = [float(part) for part in said.split(",")]
    except ValueError as error:
        raise InvalidInput(
            _("A box has four numbers, or six with heights"), errors=[{"pointer": "/bbox"}]
        ) from error
    return from_shape(box_in_city(numbers, LONLAT), srid=CITY_SRID)


def _days(said: str) -> tuple[date | None, date | None]:
    """The first and the last day of a span, by the city's clocks."""
    zone = get_settings().zone
    first, last = read_span(said)
    return (
        None if first.year <= 1 else first.astimezone(zone).date(),
        None if last.year >= 9999 else last.astimezone(zone).date(),
    )
