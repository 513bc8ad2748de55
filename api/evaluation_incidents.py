"""管线事故率 over HTTP: incidents of pipelines per 100 km and year, the cases behind each number."""

from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from api.cases import next_address
from api.dependencies import Actor, DbSession, Limit, allow
from api.evaluation.asked import near
from gis.evaluation.incident_classes import KINDS, classes_of
from gis.evaluation.incident_question import KEYS, RADIUS_M, REASONS, UNKNOWN, Question
from gis.evaluation.incident_rates import CONFIDENCE, Rate
from gis.evaluation.incidents import incident_cases, incidents
from gis.evaluation.period import of_day, parse_period
from gis.i18n import _, pick
from gis.people.models import Role
from gis.settings import get_settings

READERS = (Role.EVALUATOR, Role.SHIFT_LEADER, Role.DISPATCHER, Role.PLANNER, Role.ADMIN)
router = APIRouter(
    prefix="/api/v1/evaluation/incidents", tags=["evaluation"], dependencies=[Depends(allow(*READERS))]
)
ADDRESS = "/api/v1/evaluation/incidents/cases"


class RateOut(BaseModel):
    """Incidents per 100 km and year with the exact Poisson interval of 95 %; null: no network then."""

    incidents: int
    km: float = Field(description="mean length in the network over the period")
    km_years: float
    rate: float | None
    low: float | None
    high: float | None
    few: bool = Field(description="so few incidents that the rate says little")

    @classmethod
    def values(cls, rate: Rate) -> dict[str, object]:
        low, high = rate.interval or (None, None)
        return {
            "incidents": rate.incidents, "km": rate.km, "km_years": rate.km_years,
            "rate": rate.value, "low": low, "high": high, "few": rate.is_small,
        }  # fmt: skip


class GroupOut(RateOut):
    key: dict[str, str | None]
    title: dict[str, str]
    cases: str


class YearOut(RateOut):
    year: int
    whole: bool = Field(description="the year is over, and cases were on record in all of it")
    cases: str


class UntiedOut(BaseModel):
    reason: str
    title: str
    count: int
    cases: str


class IncidentsOut(BaseModel):
    period: str
    begins: datetime
    ends: datetime
    observed_from: date | None = Field(description="cases were on record from this day of the period on")
    incident: str
    radius_m: float
    confidence: float
    by: list[str]
    total: RateOut
    groups: list[GroupOut] = Field(description="the most incidents first")
    untied: list[UntiedOut]
    trend: list[YearOut]


class IncidentCaseOut(BaseModel):
    case_no: str
    filed_at: datetime
    class_name: str
    reason: str | None
    segment_id: int | None
    distance_m: float | None
    key: dict[str, str | None]


class CasesOut(BaseModel):
    items: list[IncidentCaseOut]
    next: str | None


class ClassOut(BaseModel):
    edition: str
    kind: str
    code: str
    incident: str
    incident_title: str
    pipe_class: str | None
    sub_codes: list[str]
    status: str = Field(description="own: the class's name says it; unverified: it only suggests it")


async def question(
    period: Annotated[
        str | None,
        Query(
            max_length=100, description="2026, 2026-Q4, 2026-10, two days …; the year that runs unless given"
        ),
    ] = None,
    incident: Annotated[str, Query(max_length=16, description=", ".join(KINDS))] = "failure",
    radius_m: Annotated[float, Query(description="how near to a line a case must lie")] = RADIUS_M,
    by: Annotated[str, Query(max_length=64, description=f"one or more of {', '.join(KEYS)}")] = "class",
) -> Question:
    """What is asked; the year that runs unless told otherwise."""
    today = datetime.now(get_settings().zone).date()
    wanted = near(parse_period(period), "/period") if period is not None else of_day("year", today)
    return Question(wanted, incident, radius_m, tuple(name.strip() for name in by.split(",")))


Asked = Annotated[Question, Depends(question)]


@router.get("")
def rates(
    session: DbSession,
    actor: Actor,
    asked: Asked,
    years: Annotated[int, Query(description="how many years the trend tells of; 0: none")] = 5,
) -> IncidentsOut:
    """Incidents per 100 km and year by class, material, age or size; what could not be tied, and why."""
    told = incidents(session, actor, asked, years)
    return IncidentsOut(
        period=asked.period.code,
        begins=asked.period.begins,
        ends=asked.period.ends,
        observed_from=told.observed_from,
        incident=asked.incident,
        radius_m=asked.radius_m,
        confidence=CONFIDENCE,
        by=list(asked.by),
        total=RateOut.model_validate(RateOut.values(told.total)),
        groups=[
            GroupOut.model_validate(
                RateOut.values(one.rate)
                | {"key": one.key, "title": one.title, "cases": address(asked, **_written(one.key))}
            )
            for one in told.groups
        ],
        untied=[
            UntiedOut(reason=reason, title=_(title), count=count, cases=address(asked, reason=reason))
            for (reason, title), count in zip(REASONS.items(), told.untied.values(), strict=True)
        ],
        trend=[
            YearOut.model_validate(
                RateOut.values(one.rate)
                | {"year": one.year, "whole": one.is_whole, "cases": address(asked, period=str(one.year))}
            )
            for one in told.trend
        ],
    )


@router.get("/cases")
def cases(
    session: DbSession,
    actor: Actor,
    request: Request,
    asked: Asked,
    limit: Limit,
    reason: Annotated[
        str | None, Query(max_length=16, description="cases that were not tied, by why")
    ] = None,
    pipe_class: Annotated[str | None, Query(alias="class", max_length=16)] = None,
    material: Annotated[str | None, Query(max_length=16, description=f"{UNKNOWN}: not told")] = None,
    age_band: Annotated[str | None, Query(max_length=16)] = None,
    size_band: Annotated[str | None, Query(max_length=16)] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> CasesOut:
    """The cases behind a number, each with the line it was tied to and how far that is away."""
    given = {"class": pipe_class, "material": material, "age_band": age_band, "size_band": size_band}
    key = {name: code for name, code in given.items() if code is not None}
    page = incident_cases(session, actor, asked, key, reason, limit, cursor)
    return CasesOut(
        items=[
            IncidentCaseOut(
                case_no=one.case_no,
                filed_at=one.filed_at,
                class_name=pick(*one.class_name),
                reason=one.reason,
                segment_id=one.segment_id,
                distance_m=one.distance_m,
                key=one.key,
            )
            for one in page.items
        ],
        next=next_address(request, page.next_cursor),
    )


@router.get("/classes")
def table() -> dict[str, list[ClassOut]]:
    """Which classes of cases are incidents of which pipelines, and how far that may be trusted."""
    return {
        "items": [
            ClassOut(
                edition=row.edition,
                kind=row.case_kind,
                code=row.code,
                incident=row.incident,
                incident_title=_(KINDS[row.incident]),
                pipe_class=row.pipe_class,
                sub_codes=list(row.sub_codes),
                status=row.status,
            )
            for incident in KINDS
            for row in classes_of(incident)
        ]
    }


def _written(key: dict[str, str | None]) -> dict[str, str]:
    return {name: UNKNOWN if code is None else code for name, code in key.items()}


def address(asked: Question, **more: str) -> str:
    """Where the cases behind a number are listed."""
    own = {"period": asked.period.code, "incident": asked.incident, "radius_m": f"{asked.radius_m:g}"}
    return f"{ADDRESS}?{urlencode(own | more)}"
