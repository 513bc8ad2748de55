"""考核 over HTTP: figures of regions, departments and posts, each with the address of its cases."""

from datetime import datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from api.dependencies import Actor, DbSession, allow
from gis.evaluation.figures import Figure, Row, figures
from gis.evaluation.indicators import INDICATORS
from gis.evaluation.period import Period
from gis.i18n import _
from gis.people.models import Role
from gis.settings import get_settings

READERS = (Role.EVALUATOR, Role.SHIFT_LEADER, Role.DISPATCHER, Role.ADMIN)
router = APIRouter(prefix="/api/v1/evaluation", tags=["evaluation"], dependencies=[Depends(allow(*READERS))])


class FigureOut(BaseModel):
    """One indicator: its value, what it was made of, and where its cases are."""

    title: str
    value: float | None = Field(description="a count, or a ratio 0–1; null: no cases")
    numerator: int
    denominator: int | None
    status: str = Field(description="how far the formula may be trusted")
    cases: str


class RowOut(BaseModel):
    code: str
    name: str
    role: str | None
    score: float | None = Field(description="not scored yet: null")
    grade: str | None
    indicators: dict[str, FigureOut]


class EvaluationOut(BaseModel):
    """Rows by code; the period is by the time of filing, from inclusive, to exclusive."""

    begins: datetime
    ends: datetime
    items: list[RowOut]
    next: str | None = None


async def wanted_period(
    begins: Annotated[
        datetime | None, Query(alias="from", description="30 days before `to` unless given")
    ] = None,
    ends: Annotated[datetime | None, Query(alias="to", description="now unless given")] = None,
) -> Period:
    """The period asked for; the last 30 days unless told otherwise."""
    ends = ends or datetime.now(get_settings().zone)
    return Period(begins or ends - timedelta(days=30), ends)


Asked = Annotated[Period, Depends(wanted_period)]


def _answer(period: Period, rows: list[Row], filter_name: str) -> EvaluationOut:
    return EvaluationOut(
        begins=period.begins,
        ends=period.ends,
        items=[
            RowOut(
                code=row.code,
                name=row.name,
                role=None,
                score=None,
                grade=None,
                indicators={
                    figure.indicator.code: _figure(period, figure, filter_name, row.code)
                    for figure in row.figures.values()
                },
            )
            for row in rows
        ],
    )


def _figure(period: Period, figure: Figure, filter_name: str, code: str) -> FigureOut:
    query = {
        filter_name: code,
        "count": figure.indicator.numerator,
        "filed_from": period.begins.isoformat(),
        "filed_to": period.ends.isoformat(),
    }
    return FigureOut(
        title=_(figure.indicator.title),
        value=figure.value,
        numerator=figure.numerator,
        denominator=figure.denominator,
        status=figure.indicator.status,
        cases=f"/api/v1/cases?{urlencode(query)}",
    )


@router.get("/regions")
def regions(
    session: DbSession, actor: Actor, period: Asked, level: Literal["street", "community"] = "street"
) -> EvaluationOut:
    """Figures by street or community."""
    return _answer(period, figures(session, actor, level, period), "area")


@router.get("/departments")
def departments(session: DbSession, actor: Actor, period: Asked) -> EvaluationOut:
    """Figures by department."""
    return _answer(period, figures(session, actor, "department", period), "department")


@router.get("/indicators")
def indicators() -> dict[str, list[dict[str, str | None]]]:
    """The table of indicators: what is counted over what."""
    return {
        "items": [
            {
                "code": row.code,
                "title": _(row.title),
                "numerator": row.numerator,
                "denominator": row.denominator,
                "status": row.status,
            }
            for row in INDICATORS.values()
        ]
    }
