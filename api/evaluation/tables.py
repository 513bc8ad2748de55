"""The tables behind figures: indicators, and what they count."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.evaluation.asked import READ_OR_OWN
from gis.evaluation.behind import PARTS
from gis.evaluation.counts import COUNTS
from gis.evaluation.duties import BESIDE, DUTY_COUNTS
from gis.evaluation.indicators import INDICATORS, Indicator, indicators_of
from gis.i18n import _

router = APIRouter(prefix="/api/v1/evaluation", tags=["evaluation"], dependencies=[READ_OR_OWN])


class IndicatorOut(BaseModel):
    """What is counted over what."""

    code: str
    title: str
    numerator: str
    denominator: str | None
    unit: str
    better: str
    source: str
    status: str
    objects: list[str]

    @classmethod
    def of(cls, row: Indicator) -> "IndicatorOut":
        return cls(
            code=row.code,
            title=_(row.title),
            numerator=row.numerator,
            denominator=row.denominator,
            unit=row.unit,
            better=row.better,
            source=row.source,
            status=row.status,
            objects=list(row.kinds),
        )


class IndicatorsOut(BaseModel):
    items: list[IndicatorOut]


class CountOut(BaseModel):
    """A count, and the parameter of ``GET /cases`` that lists its cases: count, duty or part."""

    code: str
    title: str
    way: str
    at: str | None = None


class CountsOut(BaseModel):
    items: list[CountOut]


@router.get("/indicators")
def indicators(
    kind: Annotated[str | None, Query(alias="object", max_length=16, description="a kind of object")] = None,
) -> IndicatorsOut:
    """The table of indicators."""
    rows = INDICATORS.values() if kind is None else indicators_of(kind)
    return IndicatorsOut(items=[IndicatorOut.of(row) for row in rows])


@router.get("/counts")
def counts() -> CountsOut:
    """The tables of counts; ``at``: the moment of a case that decides its period."""
    return CountsOut(
        items=[
            *(CountOut(code=one.code, title=_(one.title), way="count", at=one.at) for one in COUNTS.values()),
            *(CountOut(code=one.code, title=_(one.title), way="duty") for one in DUTY_COUNTS.values()),
            *(
                CountOut(code=code, title=_(title), way="part" if code in PARTS else "duty")
                for code, title in BESIDE.items()
            ),
        ]
    )
