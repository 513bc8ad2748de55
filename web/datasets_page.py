"""数据目录: what data the city has, for people: found by words, theme and owner, with the way to each."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.dependencies import Actor, DbSession, signed_in
from api.ogc.record_documents import Shelf, downloads
from api.ogc.records import hidden_from, question
from gis.dataset.models import Dataset
from gis.dataset.queries import (
    count_datasets,
    datasets_page,
    find_visible,
    owners_of_all,
    themes_of_all,
)
from gis.dataset.service import shelve
from gis.dataset.vocabulary import FREQUENCIES, THEMES
from gis.i18n import _, pick
from layers.datasets import own_datasets
from web.rendering import render

router = APIRouter(prefix="/datasets", include_in_schema=False, dependencies=[Depends(signed_in)])
PAGE = 30
ICONS = {
    "grid": "grid-3x3",
    "component": "lamp-desk",
    "pipeline": "waypoints",
    "case": "clipboard-list",
    "ground": "building-2",
    "traffic": "traffic-cone",
    "environment": "trees",
    "planning": "drafting-compass",
    "people": "users",
    "other": "file",
}
Word = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True)
class Shown:
    """A dataset as it is shown; texts in the reader's language, empty where nothing is known."""

    code: str
    title: str
    about: str
    theme: str
    icon: str
    keywords: list[str]
    owner: str
    contact: str
    day: date | None
    rows: int | None
    frequency: str
    quality: str
    licence: str
    collection: str
    files: list[dict[str, Any]]

    @classmethod
    def of(cls, request: Request, shelf: Shelf, dataset: Dataset) -> "Shown":
        known = dataset.update_frequency != "unknown"
        return cls(
            code=dataset.code,
            title=pick(dataset.title_zh, dataset.title_en),
            about=pick(dataset.description_zh, dataset.description_en),
            theme=_(THEMES[dataset.theme]),
            icon=ICONS[dataset.theme],
            keywords=dataset.keywords,
            owner=shelf.owner_of(dataset),
            contact=dataset.contact,
            day=shelf.date_of(dataset),
            rows=shelf.rows_of(dataset),
            frequency=_(FREQUENCIES[dataset.update_frequency]) if known else "",
            quality=shelf.quality_of(dataset),
            licence=dataset.licence,
            collection=dataset.collection,
            files=downloads(request, dataset),
        )


@router.get("", name="datasets_page")
def datasets(
    request: Request,
    session: DbSession,
    actor: Actor,
    q: Word = "",
    theme: Word = "",
    owner: Word = "",
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
) -> Response:
    """The catalogue, narrowed as the reader says."""
    said = {name: value for name, value in (("q", q.strip()), ("theme", theme), ("owner", owner)) if value}
    asked = question(session, actor, said)
    found = datasets_page(session, asked, PAGE, cursor)
    shelf = Shelf.of(session, list(found.items))
    return render(
        request, "datasets.html", actor,
        rows=[Shown.of(request, shelf, dataset) for dataset in found.items],
        total=count_datasets(session, asked),
        said=said,
        themes={code: _(THEMES[code]) for code in themes_of_all(session)},
        owners=[(one.code, pick(one.name_zh, one.name_en)) for one in owners_of_all(session)],
        next_address=_address(said | {"cursor": found.next_cursor}) if found.next_cursor else "",
        is_first=cursor is None,
    )  # fmt: skip


@router.get("/{code}")
def dataset_page(
    request: Request, session: DbSession, actor: Actor, code: Annotated[str, Path(max_length=64)]
) -> Response:
    """All that is known of one dataset."""
    shelve(session, own_datasets())
    dataset = find_visible(session, code, hidden_from(actor))
    return render(request, "dataset.html", actor, dataset=_shown(request, session, dataset))


def _address(said: dict[str, str]) -> str:
    return f"/datasets?{urlencode(said)}"


def _shown(request: Request, session: Session, dataset: Dataset) -> Shown:
    return Shown.of(request, Shelf.of(session, [dataset]), dataset)
