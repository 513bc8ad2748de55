"""公平监督: the watches, their leads with the cases behind them, and what evaluators noted."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from markupsafe import Markup
from starlette.responses import Response

from api.dependencies import Actor, DbSession, allow
from api.evaluation_closing import reads_whole_city
from api.evaluation_watches import ROLES, Code, asked_limits
from gis.evaluation.leads import OUTCOMES, find_leads, tally
from gis.evaluation.watches import WATCHES, watch_of
from gis.i18n import _
from web.evaluation_pages import frame
from web.evaluation_periods import asked_period, code_of, period_bar
from web.rendering import moment, render

router = APIRouter(
    prefix="/evaluation/watches",
    include_in_schema=False,
    dependencies=[Depends(allow(*ROLES)), Depends(reads_whole_city)],
)
PAGE = 20
ICONS = {
    "grid_unvisited": "footprints",
    "photo_twice": "images",
    "check_far": "map-pin-off",
    "check_quick": "timer",
    "always_pass": "badge-check",
    "jump_collector": "trending-up",
    "jump_community": "chart-no-axes-column-increasing",
    "no_after_photo": "image-off",
    "one_class": "copy",
    "always_granted_department": "calendar-plus",
    "always_granted_dispatcher": "stamp",
}
PeriodCode = Annotated[str, Query(alias="period", max_length=100)]
First = Annotated[date | None, Query(alias="from")]
Last = Annotated[date | None, Query(alias="to")]


@router.get("")
def watches(
    request: Request,
    actor: Actor,
    code: PeriodCode = "",
    first: First = None,
    last: Last = None,
) -> Response:
    """All watches of a period: what each looks for; how many leads it has comes by and by."""
    now = datetime.now(UTC)
    period = asked_period(code, first, last, now)
    return render(
        request,
        "evaluation_watches.html",
        actor,
        **frame(request, actor),
        bar=period_bar(period, now, lambda other: _address("", other)),
        watches=WATCHES.values(),
        # Counting takes seconds in a large city: the page's script asks for one after the other.
        question=urlencode({"period": code_of(period), "limit": 1}),
        icons=ICONS,
        address=lambda watch: _address(f"/{watch.code}", code_of(period)),
    )


@router.get("/{code}")
def watch(
    request: Request,
    session: DbSession,
    actor: Actor,
    code: Code,
    period_code: PeriodCode = "",
    first: First = None,
    last: Last = None,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> Response:
    """The leads of one watch, its limits to be changed, and a note for each lead."""
    now = datetime.now(UTC)
    row = watch_of(code)
    period = asked_period(period_code, first, last, now)
    limits = asked_limits(request, code)
    page = find_leads(session, actor, row, period, limits, PAGE, cursor, now)
    shown = code_of(period)
    asked = {name: value for name, value in limits.items() if name in request.query_params}
    return render(
        request,
        "evaluation_watch.html",
        actor,
        **frame(request, actor),
        watch=row,
        symbol=ICONS[code],
        limits=limits,
        bar=period_bar(period, now, lambda other: _address(f"/{code}", other, **asked)),
        kept=list(asked.items()),
        period=shown,
        leads=page.items,
        found=tally(session, actor, row, period, limits, now),
        outcomes=OUTCOMES,
        shown=figure,
        notes=f"/api/v1/evaluation/watches/{code}/notes",
        question=urlencode({"period": shown} | limits),
        back=_address("", shown),
        next_address=_address(f"/{code}", shown, **asked, cursor=page.next_cursor)
        if page.next_cursor
        else "",
    )


def figure(value: Any, unit: str) -> str | Markup:
    """A figure of a lead with its unit, a dash where it is not known."""
    if value is None:
        return "—"
    if unit == "moment":
        return moment(datetime.fromisoformat(value))
    if unit == "share":
        return f"{value:.1%}"
    if unit == "metres":
        return _("{n} m").format(n=f"{value:,.0f}")
    if unit == "seconds":
        return _("{n} s").format(n=f"{value:,.0f}")
    return f"{value:,.1f}" if unit == "number" else f"{value:,}" if unit == "count" else str(value)


def _address(path: str, period: str, **more: Any) -> str:
    return f"/evaluation/watches{path}?{urlencode({'period': period} | more)}"
