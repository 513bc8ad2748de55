"""What a number is made of, why it changed, and how it went."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from api.dependencies import Actor, DbSession
from api.evaluation.asked import READ_OR_OWN, Asked, CardName, Code
from api.evaluation.explained_shapes import CausesOut, ExplainedOut, TrendOut
from gis.evaluation.changes import change_of
from gis.evaluation.explanation import explain
from gis.evaluation.trend import MOST_PERIODS, trend

router = APIRouter(prefix="/api/v1/evaluation", tags=["evaluation"], dependencies=[READ_OR_OWN])
Kind = Annotated[
    str, Query(alias="object", max_length=16, description="a kind: street, department, collector …")
]
IndicatorCode = Annotated[str, Query(max_length=64, description="of GET /evaluation/indicators, or score")]


@router.get("/explain")
def explain_figure(
    session: DbSession,
    actor: Actor,
    kind: Kind,
    code: Code,
    indicator: IndicatorCode,
    period: Asked,
    card: CardName = None,
) -> ExplainedOut:
    """One number: its formula, the cases of each count, and what it adds to the score."""
    return ExplainedOut.of(explain(session, actor, kind, code, indicator, period, card))


@router.get("/causes")
def causes(
    session: DbSession,
    actor: Actor,
    kind: Kind,
    code: Code,
    indicator: IndicatorCode,
    period: Asked,
    by: Literal["class", "street", "department"] = "class",
    card: CardName = None,
) -> CausesOut:
    """The change against the period before, split without remainder."""
    return CausesOut.of(change_of(session, actor, kind, code, indicator, period, by, card))


@router.get("/trend")
def read_trend(
    session: DbSession,
    actor: Actor,
    kind: Kind,
    code: Code,
    indicator: IndicatorCode,
    period: Asked,
    unit: Literal["day", "week", "month", "quarter", "year"] = "month",
    periods: Annotated[int, Query(ge=1, le=MOST_PERIODS)] = 12,
    card: CardName = None,
) -> TrendOut:
    """One number over the last periods, the oldest first; the last one holds the end of ``period``."""
    return TrendOut.of(trend(session, actor, kind, code, indicator, period, unit, periods, card))
