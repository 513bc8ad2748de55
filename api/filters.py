"""Saved filters of the desk over HTTP: each holds parameters of ``GET /cases``."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field, ValidationError, validate_call

from api.dependencies import Actor, DbSession, signed_in
from api.narrowed import narrowed
from gis.case.filters import filters_of, remove_filter, replace_filter, save_filter
from gis.case.queues import find_queue
from gis.case.side_models import SavedFilter
from gis.errors import InvalidInput
from gis.i18n import _

router = APIRouter(prefix="/api/v1/filters", tags=["cases"], dependencies=[Depends(signed_in)])
ALL = "all"  # how the desk calls what is in no queue
MOST_FIELDS = 30
Words = Annotated[str, Field(max_length=200)]
FilterId = Annotated[int, Field(ge=1, le=2**63 - 1)]
_read = validate_call(narrowed)


class FilterIn(BaseModel):
    """``query``: parameters of ``GET /cases``, each as it stands in an address."""

    name: Annotated[str, Field(max_length=200)]
    query: Annotated[
        dict[str, Words | Annotated[list[Words], Field(max_length=20)]], Field(max_length=MOST_FIELDS)
    ]


class FilterOut(BaseModel):
    """A saved filter."""

    id: int
    name: str
    query: dict[str, Any]
    created_at: datetime

    @classmethod
    def of(cls, saved: SavedFilter) -> "FilterOut":
        return cls(id=saved.id, name=saved.name, query=saved.query, created_at=saved.created_at)


class FiltersOut(BaseModel):
    """The reader's filters, by name."""

    items: list[FilterOut]


@router.get("")
def read_filters(session: DbSession, actor: Actor) -> FiltersOut:
    """The reader's filters."""
    return FiltersOut(items=[FilterOut.of(saved) for saved in filters_of(session, actor)])


@router.post("", status_code=201)
def keep_filter(session: DbSession, actor: Actor, body: FilterIn) -> FilterOut:
    """Save a filter; 409 when the name is taken."""
    return FilterOut.of(save_filter(session, actor, body.name, checked(body.query)))


@router.put("/{filter_id}")
def put_filter(session: DbSession, actor: Actor, filter_id: FilterId, body: FilterIn) -> FilterOut:
    """Put another filter in the place of this one."""
    return FilterOut.of(replace_filter(session, actor, filter_id, body.name, checked(body.query)))


@router.delete("/{filter_id}", status_code=204)
def drop_filter(session: DbSession, actor: Actor, filter_id: FilterId) -> Response:
    """Remove a filter."""
    remove_filter(session, actor, filter_id)
    return Response(status_code=204)


def checked(query: dict[str, Any]) -> dict[str, Any]:
    """The query, when the list of cases would take it; raises InvalidInput with each field it would not."""
    given = {name: value for name, value in query.items() if (name, value) != ("queue", ALL)}
    if isinstance(given.get("state"), str):
        given["state"] = [given["state"]]
    try:
        wanted = _read(**given)
    except ValidationError as error:
        wrong = [
            {"pointer": "/query/" + "/".join(map(str, item["loc"])), "detail": item["msg"]}
            for item in error.errors()
        ]
        raise InvalidInput(_("The list of cases has no such filter"), errors=wrong) from error
    if wanted.queue:
        find_queue(wanted.queue)
    return query
