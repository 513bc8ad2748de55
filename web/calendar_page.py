"""The page of the working calendar: a year at a glance, hours, seasons; administrators change them there."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from babel.dates import get_day_names, get_month_names
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.dependencies import Actor, DbSession, signed_in
from gis.case.calendar import stored_shifts
from gis.case.calendar_changes import WEEKDAYS
from gis.case.calendar_view import DayView, YearView, loaded_years, stored_seasons, year_view
from gis.case.recompute import is_recomputed
from gis.i18n import N_, _, get_locale
from gis.people.models import Role
from gis.settings import get_settings
from web.rendering import render

router = APIRouter(include_in_schema=False, dependencies=[Depends(signed_in)])

# How a day is told: title, icon and the sign in its corner; colour comes on top of these.
LOOKS = {
    "workday": (N_("Workday"), "briefcase", ""),
    "weekend": (N_("Weekend"), "coffee", ""),
    "holiday": (N_("Holiday"), "sun", N_("off")),
    "makeup": (N_("Make-up workday"), "calendar-plus", N_("on")),
}
LOCAL_WORK, LOCAL_FREE = N_("Made a workday here"), N_("Made free here")
# As chinesecalendar names them; a file may bring other names, which are shown as they are.
HOLIDAYS = (
    N_("New Year's Day"), N_("Spring Festival"), N_("Tomb-sweeping Day"), N_("Labour Day"),
    N_("Dragon Boat Festival"), N_("National Day"), N_("Mid-autumn Festival"),
)  # fmt: skip


@dataclass(frozen=True)
class DayCell:
    """A day in its month. ``look``: a key of LOOKS; ``said``: all of it in words."""

    day: date
    look: str
    sign: str
    said: str
    name: str
    is_local: bool
    is_workday: bool
    is_today: bool


@dataclass(frozen=True)
class Month:
    """One month: its name, weeks from Monday (None: a day of another month), and what is worked in it."""

    title: str
    weeks: list[list[DayCell | None]]
    workdays: int
    hours: float


@router.get("/admin/calendar")
def calendar(
    request: Request,
    session: DbSession,
    actor: Actor,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
) -> Response:
    """A year of the working calendar."""
    today = datetime.now(get_settings().zone).date()
    seen = year_view(session, year or today.year)
    return render(
        request,
        "calendar.html",
        actor,
        seen=seen,
        sources=[_(source) for source in seen.sources],
        months=_months(seen, today),
        weekdays=_weekdays(),
        workdays=sum(one.is_workday for one in seen.days),
        hours=sum(one.minutes for one in seen.days) / 60,
        years=loaded_years(session),
        shifts=stored_shifts(session),
        seasons=stored_seasons(session),
        weekday_titles=WEEKDAYS,
        looks=LOOKS,
        local_titles=(LOCAL_FREE, LOCAL_WORK),
        is_current_calendar=is_recomputed(session),
        may_change=actor.role is Role.ADMIN,
    )


def _weekdays() -> list[str]:
    names = get_day_names("narrow" if get_locale() == "zh_CN" else "short", locale=get_locale())
    return [names[number] for number in range(7)]


def _months(seen: YearView, today: date) -> list[Month]:
    names = get_month_names("wide", context="stand-alone", locale=get_locale())
    months = []
    for number in range(1, 13):
        days = [one for one in seen.days if one.day.month == number]
        if not days:
            continue
        cells: list[DayCell | None] = [None] * days[0].day.weekday()
        cells += [_cell(one, today) for one in days]
        cells += [None] * (-len(cells) % 7)
        months.append(
            Month(
                title=names[number],
                weeks=[cells[start : start + 7] for start in range(0, len(cells), 7)],
                workdays=sum(one.is_workday for one in days),
                hours=sum(one.minutes for one in days) / 60,
            )
        )
    return months


def _cell(one: DayView, today: date) -> DayCell:
    # What the city has set looks as a holiday or a make-up day does: it is worked against the rule, or not.
    look = one.kind if not one.is_local else ("makeup" if one.is_workday else "holiday")
    title, _icon, sign = LOOKS[look]
    if one.is_local:
        title = LOCAL_WORK if one.is_workday else LOCAL_FREE
    name = _(one.name) if one.name else ""
    said = " · ".join(part for part in (one.day.isoformat(), _(title), name) if part)
    return DayCell(
        one.day, look, _(sign) if sign else "", said, name, one.is_local, one.is_workday, one.day == today
    )
