"""How many cases were reported when, over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from api.dependencies import Actor, DbSession, signed_in
from api.narrowed import Narrowed
from gis.case.histogram import Step, reported_histogram

router = APIRouter(prefix="/api/v1/cases", tags=["cases"], dependencies=[Depends(signed_in)])


class BarOut(BaseModel):
    """Cases reported from ``at``, inclusive, to the next bar."""

    at: datetime
    count: int


class HistogramOut(BaseModel):
    """Bars without a gap; ``until`` is where the last one ends."""

    step: Step
    since: datetime
    until: datetime
    total: int
    items: list[BarOut]


@router.get("/histogram")
def histogram(
    session: DbSession,
    actor: Actor,
    wanted: Narrowed,
    step: Annotated[
        Step | None, Query(description="the width of a bar, by the city's calendar; else one that fits")
    ] = None,
    since: Annotated[
        datetime | None, Query(alias="from", description="drawn out to a whole step; else the first case")
    ] = None,
    until: Annotated[datetime | None, Query(alias="to", description="the same; else now")] = None,
) -> HistogramOut:
    """Count cases by when they were reported, narrowed as ``GET /cases`` is."""
    found = reported_histogram(session, actor, wanted, step, since, until)
    return HistogramOut(
        step=found.step,
        since=found.since,
        until=found.until,
        total=sum(bar.count for bar in found.bars),
        items=[BarOut(at=bar.at, count=bar.count) for bar in found.bars],
    )
