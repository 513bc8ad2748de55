"""The working calendar: read by everyone, changed by the administrator; deadlines follow each change."""

from datetime import UTC, date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, Field, WithJsonSchema

from api.dependencies import Actor, DbSession, allow, signed_in
from gis.case import calendar_changes
from gis.case.calendar import stored_shifts
from gis.case.calendar_changes import Deadlines, RuleSeason
from gis.case.calendar_file import decode_days
from gis.case.calendar_view import YearView, loaded_years, stored_seasons, year_view
from gis.case.recompute import is_recomputed
from gis.case.working_hours import Season, Shift
from gis.errors import InvalidInput
from gis.i18n import _
from gis.people.models import Role
from gis.settings import get_settings

router = APIRouter(prefix="/api/v1/calendar", tags=["calendar"])
READS = [Depends(signed_in)]
CHANGES = [Depends(allow(Role.ADMIN))]
Year = Annotated[int, Path(ge=2000, le=2100)]
# JSON Schema's own "time" has an offset; the clocks of the city need none.
Clock = Annotated[
    time, WithJsonSchema({"type": "string", "pattern": r"^\d{2}:\d{2}", "examples": ["08:30:00"]})
]
MonthDay = Annotated[str, Field(pattern=r"^\d{2}-\d{2}$", description="MM-DD", examples=["06-01"])]


class DeadlinesOut(BaseModel):
    """What a change did to the deadlines of the open cases."""

    open_cases: int
    moved: int | None = Field(description="how many have another deadline now; null while that is to do")
    said: str = Field(description="the same in words")

    @classmethod
    def of(cls, done: Deadlines) -> "DeadlinesOut":
        if done.moved is None:
            said = _("The deadlines of {n} open cases are being computed anew").format(n=done.open_cases)
        else:
            said = _("{moved} of {n} open cases have another deadline now").format(
                moved=done.moved, n=done.open_cases
            )
        return cls(open_cases=done.open_cases, moved=done.moved, said=said)


class Changed(BaseModel):
    deadlines: DeadlinesOut


class ShiftIO(BaseModel):
    """Working hours, local time; ``weekday`` 1 Monday … 7 Sunday, null: every day without its own."""

    starts_at: Clock
    ends_at: Clock
    weekday: Annotated[int, Field(ge=1, le=7)] | None = None
    from_day: MonthDay | None = Field(None, description="MM-DD; with to_day, the part of the year")
    to_day: MonthDay | None = Field(None, description="MM-DD, included; may lie before from_day")

    @classmethod
    def of(cls, shift: Shift) -> "ShiftIO":
        return cls(
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            weekday=shift.weekday,
            from_day=shift.season.from_day if shift.season else None,
            to_day=shift.season.to_day if shift.season else None,
        )

    def shift(self, pointer: str) -> Shift:
        """The same for the service."""
        if (self.from_day is None) != (self.to_day is None):
            raise InvalidInput(
                _("A part of the year needs its first and its last day"),
                errors=[{"pointer": f"{pointer}/from_day", "detail": _("needed")}],
            )
        season = Season(self.from_day, self.to_day) if self.from_day and self.to_day else None
        return Shift(self.starts_at, self.ends_at, self.weekday, season)


class ShiftsIn(BaseModel):
    items: list[ShiftIO]


class ShiftsOut(Changed):
    items: list[ShiftIO]


class SeasonIO(BaseModel):
    """The part of each year in which the limit of a filing rule runs."""

    rule_code: str = Field(max_length=24)
    from_day: MonthDay
    to_day: MonthDay
    name: str = Field("", max_length=100)

    @classmethod
    def of(cls, one: RuleSeason) -> "SeasonIO":
        return cls(
            rule_code=one.rule_code, from_day=one.season.from_day, to_day=one.season.to_day, name=one.name
        )


class SeasonsIn(BaseModel):
    items: list[SeasonIO]


class SeasonsOut(Changed):
    items: list[SeasonIO]


class DayOut(BaseModel):
    day: date
    is_workday: bool
    kind: str = Field(description="by the national calendar: workday, weekend, holiday, makeup")
    name: str
    is_local: bool = Field(description="the city itself has set it")
    hours: list[tuple[Clock, Clock]]
    minutes: int = Field(description="working minutes")


class LocalDayOut(BaseModel):
    day: date
    is_workday: bool
    name: str


class DayIn(BaseModel):
    is_workday: bool
    name: str = Field("", max_length=100)


class DayChanged(LocalDayOut, Changed):
    year_is_loaded: bool = Field(description="false: it counts from when the year is loaded")


class YearOut(BaseModel):
    year: int
    is_loaded: bool
    sources: list[str]
    years: list[int] = Field(description="the years that are loaded")
    workdays: int
    minutes: int
    days: list[DayOut]
    local_days: list[LocalDayOut]
    shifts: list[ShiftIO]
    seasons: list[SeasonIO]
    deadlines_are_current: bool = Field(description="those of open cases follow the calendar as it stands")


class YearChanged(Changed):
    year: int
    days: int


@router.get("", dependencies=READS)
def read_calendar(session: DbSession, year: Annotated[int | None, Query(ge=2000, le=2100)] = None) -> YearOut:
    """A year day by day, with the shifts and the seasons of limits; this year when none is named."""
    seen = year_view(session, year or datetime.now(get_settings().zone).year)
    return YearOut(
        year=seen.year,
        is_loaded=seen.is_loaded,
        sources=seen.sources,
        years=loaded_years(session),
        workdays=sum(one.is_workday for one in seen.days),
        minutes=sum(one.minutes for one in seen.days),
        days=_days(seen),
        local_days=[
            LocalDayOut(day=one.day, is_workday=one.is_workday, name=one.name) for one in seen.local_days
        ],
        shifts=[ShiftIO.of(one) for one in stored_shifts(session)],
        seasons=[SeasonIO.of(one) for one in stored_seasons(session)],
        deadlines_are_current=is_recomputed(session),
    )


def _days(seen: YearView) -> list[DayOut]:
    return [
        DayOut(
            day=one.day,
            is_workday=one.is_workday,
            kind=one.kind,
            name=one.name,
            is_local=one.is_local,
            hours=one.hours,
            minutes=one.minutes,
        )
        for one in seen.days
    ]


@router.put("/days/{day}", dependencies=CHANGES)
def set_day(session: DbSession, actor: Actor, day: date, body: DayIn) -> DayChanged:
    """Make a day free or a workday in this city, over the national calendar."""
    own = calendar_changes.set_local_day(session, day, body.is_workday, body.name, actor)
    return DayChanged(
        day=own.day,
        is_workday=own.is_workday,
        name=own.name,
        year_is_loaded=day.year in loaded_years(session),
        deadlines=DeadlinesOut.of(calendar_changes.settle(session)),
    )


@router.delete("/days/{day}", dependencies=CHANGES)
def clear_day(session: DbSession, day: date) -> Changed:
    """Let a day be what the national calendar says again."""
    calendar_changes.clear_local_day(session, day)
    return Changed(deadlines=DeadlinesOut.of(calendar_changes.settle(session)))


@router.get("/shifts", dependencies=READS)
def read_shifts(session: DbSession) -> ShiftsIn:
    """The working hours, all of them."""
    return ShiftsIn(items=[ShiftIO.of(one) for one in stored_shifts(session)])


@router.put("/shifts", dependencies=CHANGES)
def set_shifts(session: DbSession, body: ShiftsIn) -> ShiftsOut:
    """Put these working hours in the place of all that were."""
    shifts = [one.shift(f"/items/{number}") for number, one in enumerate(body.items)]
    calendar_changes.replace_shifts(session, shifts)
    deadlines = DeadlinesOut.of(calendar_changes.settle(session))
    return ShiftsOut(items=read_shifts(session).items, deadlines=deadlines)


@router.get("/seasons", dependencies=READS)
def read_seasons(session: DbSession) -> SeasonsIn:
    """The filing rules whose limit runs only in a part of each year."""
    return SeasonsIn(items=[SeasonIO.of(one) for one in stored_seasons(session)])


@router.put("/seasons", dependencies=CHANGES)
def set_seasons(session: DbSession, body: SeasonsIn) -> SeasonsOut:
    """Put these seasons in the place of all that were."""
    calendar_changes.replace_seasons(
        session,
        [RuleSeason(one.rule_code, Season(one.from_day, one.to_day), one.name) for one in body.items],
    )
    deadlines = DeadlinesOut.of(calendar_changes.settle(session))
    return SeasonsOut(items=read_seasons(session).items, deadlines=deadlines)


async def sent_bytes(request: Request) -> bytes:
    """The body as it was sent, whatever type it says it is of."""
    return await request.body()


CSV_BODY = {
    "requestBody": {
        "description": "day,kind,name with every day of the year; empty: the State Council's calendar",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}


@router.post("/years/{year}", dependencies=CHANGES, openapi_extra=CSV_BODY)
def load_year(session: DbSession, year: Year, body: Annotated[bytes, Depends(sent_bytes)]) -> YearChanged:
    """Load a year over what stood there: from the CSV that is sent, else as the State Council arranged it."""
    days = decode_days(body) if body.strip() else None
    source = _("file of {day}").format(day=datetime.now(UTC).astimezone(get_settings().zone).date())
    count = calendar_changes.load_calendar_year(session, year, days, source)
    return YearChanged(year=year, days=count, deadlines=DeadlinesOut.of(calendar_changes.settle(session)))
