"""The network over HTTP: rows by any attribute and place, one row with all that is known, finding."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field

from api.dependencies import DbSession, allow
from api.pipeline_access import READERS
from api.pipeline_shapes import QuestionIn
from gis.errors import InvalidInput, NotFound
from gis.i18n import _
from gis.pipeline.attribute_words import is_short, words_of
from gis.pipeline.attributes import Attribute, attributes_of
from gis.pipeline.bounded import in_time
from gis.pipeline.checks.table import find_check
from gis.pipeline.detail import Detail, FindingTold, point_detail, segment_detail
from gis.pipeline.find import KINDS, Found, find
from gis.pipeline.frame import Kind
from gis.pipeline.queries import rows_asked
from gis.settings import get_settings

router = APIRouter(prefix="/api/v1/pipelines", tags=["pipelines"], dependencies=[Depends(allow(*READERS))])
RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class ValueOut(BaseModel):
    code: str
    title: str


class AttributeOut(BaseModel):
    """An attribute that filters, groups and columns of exports name."""

    name: str
    title: str
    type: str
    unit: str
    filterable: bool
    groupable: bool
    aliases: list[str]
    values: list[ValueOut] | None = Field(description="the codes there are, where they can be listed")


class AttributesOut(BaseModel):
    items: list[AttributeOut]


class QueryIn(QuestionIn):
    """A question, and which page of its answer."""

    limit: Annotated[int, Field(ge=1)] = 50
    cursor: Annotated[str, Field(max_length=2000)] | None = None
    sort: Annotated[str, Field(max_length=60)] | None = Field(
        None, description="an attribute, with - before it the other way round; unknown values stand last"
    )


class RowsOut(BaseModel):
    """Rows with every attribute, ``titles`` of their codes and ``geometry`` in degrees."""

    items: list[dict[str, Any]]
    next: str | None = Field(description="the cursor of the next page")


class FoundOut(BaseModel):
    """``query``: what POST /pipelines/query needs to list what belongs to it."""

    kind: str
    kind_title: str
    id: int
    title: str
    subtitle: str
    lon: float | None
    lat: float | None
    box: tuple[float, float, float, float] | None
    query: dict[str, Any]


class FindOut(BaseModel):
    items: list[FoundOut]


@router.get("/attributes")
def read_attributes(session: DbSession, kind: Kind = Kind.SEGMENTS) -> AttributesOut:
    """What can be asked of segments or points."""
    return AttributesOut(items=[_attribute(session, one) for one in attributes_of(kind)])


@router.post("/query")
def query(session: DbSession, body: QueryIn) -> RowsOut:
    """Segments or points by filter and place, a page at a time in a stable order."""
    with in_time(session):
        page = rows_asked(session, body.question(), checked(body.limit), body.cursor, body.sort)
    return RowsOut(items=list(page.items), next=page.next_cursor)


@router.get("/segments/{segment_id}")
def read_segment(session: DbSession, segment_id: RowId, as_of: date | None = None) -> dict[str, Any]:
    """Everything known of a segment: attributes, both ends, neighbours, levels, history, findings."""
    return _told(Kind.SEGMENTS, segment_detail(session, segment_id, as_of))


@router.get("/points/{point_id}")
def read_point(session: DbSession, point_id: RowId, as_of: date | None = None) -> dict[str, Any]:
    """Everything known of a point, with the segments that meet there."""
    return _told(Kind.POINTS, point_detail(session, point_id, as_of))


@router.get("/find")
def find_pipelines(
    session: DbSession,
    q: Annotated[str, Query(max_length=200, description="a number or a part of it, a road, an owner")],
    limit: Annotated[int, Query(ge=1, le=50, description="most rows of each kind")] = 10,
) -> FindOut:
    """Roads and owners by name, segments and points by number."""
    with in_time(session):
        return FindOut(items=[_found(one) for one in find(session, q, limit)])


def checked(limit: int) -> int:
    """A limit of rows that the service allows."""
    most = get_settings().page_limit
    if limit > most:
        raise InvalidInput(
            _("limit is {limit}, at most {most}").format(limit=limit, most=most),
            errors=[{"pointer": "/limit"}],
        )
    return limit


def _attribute(session: DbSession, one: Attribute) -> AttributeOut:
    words = words_of(session, one.words) if one.words and is_short(one.words) else None
    return AttributeOut(
        name=one.name,
        title=_(one.title),
        type=one.type,
        unit=one.unit,
        filterable=one.filterable,
        groupable=one.groupable,
        aliases=list(one.aliases),
        values=None if words is None else [ValueOut(code=code, title=title) for code, title in words.items()],
    )


def _told(kind: Kind, detail: Detail) -> dict[str, Any]:
    told: dict[str, Any] = {**detail.row, "kind": kind, "valid_to": detail.valid_to}
    told["attributes"] = [
        {
            "name": one.name,
            "title": _(one.title),
            "unit": one.unit,
            "value": detail.row[one.name],
            "text": detail.row["titles"].get(one.name),
        }
        for one in attributes_of(kind)
    ]
    told["extra"] = detail.extra
    ends = [asdict(end) for end in detail.ends]
    if kind is Kind.SEGMENTS:
        told["depth_reference"] = detail.depth_reference
        told["start"], told["end"] = ends
    else:
        told["segments"] = ends[0]["neighbours"]
    told["history"] = [asdict(change) for change in detail.history]
    told["findings"] = [_finding(one) for one in detail.findings]
    told["photos"] = []
    return told


def _finding(one: FindingTold) -> dict[str, Any]:
    try:
        title = _(find_check(one.code).title)
    except NotFound:  # a check of an older release
        title = one.code
    return {**asdict(one), "title": title}


def _found(one: Found) -> FoundOut:
    return FoundOut(**asdict(one), kind_title=_(KINDS[one.kind]))
