"""长度、数量、孔数、体积 of the network over HTTP, in groups; every figure leads to its rows."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from api.dependencies import DbSession, allow
from api.pipeline_access import READERS
from api.pipeline_shapes import BufferIn, QuestionIn
from gis.errors import InvalidInput
from gis.i18n import _
from gis.pipeline.bounded import in_time
from gis.pipeline.statistics import Figures, Group, Statistics, statistics, with_unknown_volume

router = APIRouter(
    prefix="/api/v1/pipelines/statistics", tags=["pipelines"], dependencies=[Depends(allow(*READERS))]
)
ROWS = "/api/v1/pipelines/query"


class StatisticsIn(QuestionIn):
    """A question, and what to group its rows by."""

    group_by: Annotated[list[str], Field(max_length=10)] = Field(
        default_factory=list, description="up to three names of GET /pipelines/attributes"
    )


class FiguresOut(BaseModel):
    """Sums over some segments; lengths in plan."""

    count: int
    length_m: float
    holes: int | None
    used_holes: int | None
    volume_m3: float | None = Field(description="of the lines whose size is known")
    unknown_volume_count: int
    unknown_volume_length_m: float


class RowsLink(BaseModel):
    """Where the rows behind a figure are: POST ``body`` to ``href``."""

    href: str = ROWS
    method: str = "POST"
    body: dict[str, Any]


class TotalOut(FiguresOut):
    rows: RowsLink
    unknown_volume_rows: RowsLink | None = Field(description="the lines whose size is not known")


class GroupOut(TotalOut):
    """Figures of the segments that share a key; null in a key: unknown."""

    key: dict[str, Any]
    title: dict[str, str]


class OthersOut(FiguresOut):
    """The shorter groups that are not shown."""

    groups: int


class GroupedByOut(BaseModel):
    name: str
    title: str
    unit: str


class StatisticsOut(BaseModel):
    """Groups, the longest first; ``total`` counts them all, shown or not."""

    group_by: list[GroupedByOut]
    groups: list[GroupOut]
    others: OthersOut | None
    total: TotalOut


@router.get("")
def read_statistics(
    session: DbSession,
    group_by: Annotated[str, Query(max_length=200, description="names with commas between")] = "",
    filter: Annotated[str | None, Query(description="CQL2 text")] = None,
    bbox: Annotated[str | None, Query(max_length=200, description="west,south,east,north")] = None,
    road: Annotated[str | None, Query(max_length=200)] = None,
    distance_m: Annotated[float, Query(gt=0, le=2000, description="to either side of the road")] = 30.0,
    community: Annotated[str | None, Query(min_length=1, max_length=40)] = None,
    grid: Annotated[str | None, Query(min_length=1, max_length=40)] = None,
    as_of: date | None = None,
    clip: bool = False,
) -> StatisticsOut:
    """Sums in groups; see the other method for areas and lines."""
    body = StatisticsIn(
        filter=filter,
        bbox=read_box(bbox),
        buffer=BufferIn(road=road, distance_m=distance_m) if road else None,
        community=community,
        grid=grid,
        as_of=as_of,
        clip=clip,
        group_by=[name.strip() for name in group_by.split(",") if name.strip()],
    )
    return ask_statistics(session, body)


@router.post("")
def ask_statistics(session: DbSession, body: StatisticsIn) -> StatisticsOut:
    """Length, count, holes and volume of segments, grouped by up to three attributes."""
    with in_time(session):
        return _told(body, statistics(session, body.question(), body.group_by))


def read_box(said: str | None) -> tuple[float, float, float, float] | None:
    """``w,s,e,n`` as four numbers."""
    if not said:
        return None
    try:
        west, south, east, north = (float(part) for part in said.split(","))
    except ValueError as error:
        raise InvalidInput(
            _("A box is [west, south, east, north] in degrees"), errors=[{"pointer": "/bbox"}]
        ) from error
    return west, south, east, north


def _told(body: StatisticsIn, found: Statistics) -> StatisticsOut:
    return StatisticsOut(
        group_by=[GroupedByOut(name=one.name, title=_(one.title), unit=one.unit) for one in found.group_by],
        groups=[_group(body, group) for group in found.groups],
        others=OthersOut(**asdict(found.others), groups=found.other_groups) if found.others else None,
        total=TotalOut(**_figures(body, found.total, body.filter)),
    )


def _group(body: StatisticsIn, group: Group) -> GroupOut:
    return GroupOut(**_figures(body, group.figures, group.filter), key=group.key, title=group.title)


def _figures(body: StatisticsIn, figures: Figures, rows: Any) -> dict[str, Any]:
    unknown = RowsLink(body=body.asked_again(with_unknown_volume(rows)))
    return {
        **asdict(figures),
        "rows": RowsLink(body=body.asked_again(rows)),
        "unknown_volume_rows": unknown if figures.unknown_volume_count else None,
    }
