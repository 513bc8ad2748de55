"""此刻 over HTTP: what screens show that are looked at all day.

What is asked every few seconds keeps no session alive; the days, asked seldom, do: a wall stays signed in for
a working day.
"""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from api.dependencies import Actor, DbSession, allow, by_itself
from gis.evaluation.now import ACTS, city_now, last_days, last_steps
from gis.i18n import _
from gis.people.models import Role

READERS = (
    Role.EVALUATOR,
    Role.SHIFT_LEADER,
    Role.DISPATCHER,
    Role.ADMIN,
    Role.DEPARTMENT,
    Role.OWNER,
)
router = APIRouter(prefix="/api/v1/evaluation", tags=["evaluation"], dependencies=[Depends(allow(*READERS))])
alone = [Depends(by_itself)]


class ActOut(BaseModel):
    """A count of the day so far; ``yesterday`` up to the same time of the day before."""

    code: str
    title: str
    today: int
    yesterday: int


class StageNowOut(BaseModel):
    stage: str
    title: str
    open: int
    lamps: dict[str, int]


class NowOut(BaseModel):
    """The day so far, and how the open cases stand."""

    at: datetime
    since: datetime = Field(description="the city's midnight")
    acts: list[ActOut] = Field(description="cases with a step of the kind since midnight")
    open: int
    lamps: dict[str, int] = Field(description="open cases by lamp: green, yellow, red; none: no limit runs")
    stages: list[StageNowOut]


class DayOut(BaseModel):
    day: date
    counts: dict[str, int]


class DaysOut(BaseModel):
    items: list[DayOut] = Field(description="oldest first; the last one is today so far")


class StepNowOut(BaseModel):
    id: int
    at: datetime
    case_no: str
    action: str
    action_title: str
    class_name: str
    street: str
    department: str
    lamp: str | None


class StepsOut(BaseModel):
    items: list[StepNowOut] = Field(description="newest first")


@router.get("/now", dependencies=alone)
def now(session: DbSession, actor: Actor) -> NowOut:
    """What happened since midnight, and open cases by link and lamp; departments see their own."""
    told = city_now(session, actor)
    return NowOut(
        at=told.at,
        since=told.since,
        acts=[
            ActOut(code=code, title=_(title), today=told.today[code], yesterday=told.yesterday[code])
            for code, title, _which in ACTS
        ],
        open=told.open,
        lamps=told.lamps,
        stages=[
            StageNowOut(stage=one.stage, title=one.title, open=one.open, lamps=one.lamps)
            for one in told.stages
        ],
    )


@router.get("/now/days")
def days(
    session: DbSession, actor: Actor, days: Annotated[int, Query(description="how many, today included")] = 30
) -> DaysOut:
    """What counted on each of the last days: reported, filed, to be disposed of, in time, closed."""
    return DaysOut(items=[DayOut(day=one.day, counts=one.counts) for one in last_days(session, actor, days)])


@router.get("/now/steps", dependencies=alone)
def steps(
    session: DbSession, actor: Actor, limit: Annotated[int, Query(description="how many")] = 20
) -> StepsOut:
    """The steps taken last, newest first, for lists that follow what happens."""
    rows = last_steps(session, actor, limit)
    return StepsOut(items=[StepNowOut.model_validate(row, from_attributes=True) for row in rows])
