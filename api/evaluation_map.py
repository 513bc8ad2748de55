"""考核 on the map over HTTP: figures of regions in classes, hot spots, repeat places; values only, no shapes.

Shapes are the tiles ``areas`` and ``unit_grids``; an item's ``id`` is that of its shape there.
"""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import Actor, DbSession
from api.evaluation.asked import READ, Asked, CardName
from api.evaluation.links import cases_address
from api.evaluation.shapes import PeriodOut
from gis.evaluation.breaks import HOW
from gis.evaluation.hotspots import CATEGORIES, FALSE_DISCOVERIES, Hotspots, hotspots
from gis.evaluation.period import Period
from gis.evaluation.repeats import repeats
from gis.evaluation.spatial import PERS, MapValues, map_values
from gis.i18n import N_, _

router = APIRouter(prefix="/api/v1/evaluation", tags=["evaluation"], dependencies=[READ])
METHOD = N_(
    "Getis-Ord Gi* of each grid and its neighbours, tested for more cases than chance by all permutations,"
    " the false-discovery rate held at {rate:.0%} for each week (Benjamini and Hochberg)"
)
_CODE = "-code-"


class FromRow(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ClassOut(FromRow):
    """One line of the legend: more than ``above`` (from it on where ``first``), at most ``most``."""

    no: int
    above: float
    most: float
    count: int
    first: bool


class ValueOut(FromRow):
    """One region."""

    id: int
    code: str
    name: str
    value: float | None = Field(description="as it is painted; null: see missing")
    raw: float | None = Field(description="before it is set against area, people or streets")
    numerator: int | None
    denominator: int | None
    per: float | None = Field(description="km², 10,000 inhabitants, or km of street")
    few: bool = Field(description="fewer than 10 cases stand behind the rate")
    missing: str = Field(description="no_cases, unknown, or empty")
    class_no: int | None
    lon: float
    lat: float


class MapOut(BaseModel):
    """All regions of a kind; unit grids without cases are not told one by one, see ``unlisted``."""

    period: PeriodOut
    object: str
    indicator: str
    title: str
    unit: str
    per: str
    per_title: str
    breaks: str
    legend: list[ClassOut]
    unlisted: str = Field(description="of regions that items leaves out: zero, no_cases or unknown")
    cases: str | None = Field(description="where the cases are; {code} is an item's code. A score has none")
    explain: str = Field(description="what the number is made of; {code} is an item's code")
    items: list[ValueOut]
    total: int


class WeekOut(FromRow):
    code: str
    begins: datetime
    ends: datetime
    cases: int
    hot: int


class CategoryOut(BaseModel):
    code: str
    title: str
    explanation: str
    count: int


class HotspotOut(FromRow):
    """One unit grid; lists by week, the oldest first. ``trend``: of the statistic, −1, 0 or 1."""

    id: int
    code: str
    name: str
    lon: float
    lat: float
    category: str
    trend: int
    counts: list[int]
    z: list[float]
    hot: list[bool]


class HotspotsOut(BaseModel):
    """Grids that were hot in a week at least. ``cells``: how many were tested."""

    count: str
    title: str
    method: str
    false_discoveries: float
    cells: int
    weeks: list[WeekOut]
    categories: list[CategoryOut]
    cases: str = Field(description="where the cases of all the weeks are; {code} is an item's code")
    items: list[HotspotOut]
    total: int


class RepeatOut(FromRow):
    """A place, or a component, with its cases, the newest first."""

    rank: int
    class_code: str
    class_name: str
    component_code: str | None
    cases: int
    reworked: int = Field(description="repaired again, or opened again")
    first_at: datetime
    last_at: datetime
    lon: float
    lat: float
    reach_m: float = Field(description="how far the farthest case lies from the middle")
    unit_grid_code: str
    address: str
    case_nos: list[str]


class RepeatsOut(BaseModel):
    """The first of ``total`` places."""

    period: PeriodOut
    radius_m: float
    least: int
    items: list[RepeatOut]
    total: int


@router.get("/map")
def figures_on_map(
    session: DbSession,
    actor: Actor,
    period: Asked,
    kind: Annotated[str, Query(alias="object", max_length=16, description="kind of region")] = "street",
    indicator: Annotated[str, Query(max_length=64, description="of GET /evaluation/indicators, or score")] = (
        "reported"
    ),
    per: Annotated[str, Query(max_length=16, description=f"{', '.join(PERS)}; counts only")] = "none",
    breaks: Annotated[str, Query(max_length=16, description=", ".join(HOW))] = "quantile",
    card: CardName = None,
) -> MapOut:
    """An indicator of every region, set against the ground on wish, in classes for a map."""
    told = map_values(session, actor, kind, indicator, period, per=per, breaks=breaks, card=card)
    return MapOut(
        period=PeriodOut.of(period),
        object=kind,
        indicator=indicator,
        title=told.title,
        unit=told.unit,
        per=per,
        per_title=_(PERS[per].title),
        breaks=breaks,
        legend=[ClassOut.model_validate(one) for one in told.legend],
        unlisted=told.unlisted,
        cases=_cases(kind, told, period),
        explain=f"/api/v1/evaluation/explain?object={kind}&code={{code}}&indicator={indicator}"
        f"&period={period.code.replace('+', '%2B')}" + (f"&card={card}" if card else ""),
        items=[ValueOut.model_validate(one) for one in told.items],
        total=len(told.items),
    )


@router.get("/hotspots")
def hot_grids(
    session: DbSession,
    actor: Actor,
    period: Asked,
    weeks: Annotated[int, Query(description="whole weeks up to the end of the period")] = 12,
    count: Annotated[str, Query(max_length=32, description="what is counted")] = "reported",
) -> HotspotsOut:
    """Unit grids around which cases crowd: hot spots that stay, grow, fade or have just come."""
    told = hotspots(session, actor, period, weeks, count)
    span = Period(told.weeks[0].begins, told.weeks[-1].ends)
    return HotspotsOut(
        count=count,
        title=_(told.count.title),
        method=_(METHOD).format(rate=FALSE_DISCOVERIES),
        false_discoveries=FALSE_DISCOVERIES,
        cells=told.cells,
        weeks=[WeekOut.model_validate(one) for one in told.weeks],
        categories=_categories(told),
        cases=_address("unit_grid", count, span),
        items=[HotspotOut.model_validate(one) for one in told.items],
        total=len(told.items),
    )


@router.get("/repeats")
def repeat_places(
    session: DbSession,
    actor: Actor,
    period: Asked,
    radius_m: Annotated[float, Query(description="cases as near as this belong together")] = 30.0,
    least: Annotated[int, Query(description="how many cases make a place")] = 3,
    limit: Annotated[int, Query(description="of places, those with most cases first")] = 100,
) -> RepeatsOut:
    """Places and components where cases of one class come again and again, most cases first."""
    told = repeats(session, actor, period, radius_m=radius_m, least=least, limit=limit)
    return RepeatsOut(
        period=PeriodOut.of(period),
        radius_m=radius_m,
        least=least,
        items=[RepeatOut.model_validate(one) for one in told.items],
        total=told.total,
    )


def _categories(told: Hotspots) -> list[CategoryOut]:
    found = [one.category for one in told.items]
    return [
        CategoryOut(
            code=row.code,
            title=_(row.title),
            explanation=_(row.explanation),
            count=found.count(row.code),
        )
        for row in CATEGORIES
    ]


def _cases(kind: str, told: MapValues, period: Period) -> str | None:
    return _address(kind, told.count, period) if told.count else None


def _address(kind: str, count: str, period: Period) -> str:
    return cases_address(kind, _CODE, count, period, datetime.now(UTC)).replace(_CODE, "{code}")
