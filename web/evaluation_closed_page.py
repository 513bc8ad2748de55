"""封账: closed periods, what was closed in each version, and the frozen cases behind its figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from api.dependencies import Actor, DbSession, allow
from api.evaluation_closing import names_of, reads_whole_city
from gis.evaluation import closed
from gis.evaluation.cards import Card
from gis.evaluation.closed_words import count_title, with_titles
from gis.evaluation.indicators import INDICATORS, OBJECT_KINDS
from gis.evaluation.models import ClosedPeriod
from gis.evaluation.period import of_day, parse_period
from gis.i18n import _, pick
from gis.people.models import Role
from gis.settings import get_settings
from web.evaluation_pages import READERS, frame
from web.evaluation_periods import title_of
from web.evaluation_ranking import written
from web.rendering import render

router = APIRouter(
    prefix="/evaluation/closed",
    include_in_schema=False,
    dependencies=[Depends(allow(*READERS)), Depends(reads_whole_city)],
)
PAGE, ROWS = 30, 100
Period = Annotated[str, Path(pattern=r"^[0-9WQ-]{4,10}$")]
Cursor = Annotated[str | None, Query(max_length=200)]
# How far back each kind of period is offered to be closed.
OFFERED = {"month": 6, "week": 4, "quarter": 2, "year": 1}


@dataclass(frozen=True)
class Offer:
    """A period that is over and was not closed yet."""

    code: str
    title: str


@router.get("")
def closed_periods(request: Request, session: DbSession, actor: Actor, cursor: Cursor = None) -> Response:
    """Closed periods, the latest first, and a form to close another one."""
    page = closed.closed_periods(session, PAGE, cursor)
    codes = [row.period for row in page.items]
    return render(
        request,
        "evaluation_closed.html",
        actor,
        **frame(request, actor),
        rows=page.items,
        names=names_of(session, page.items),
        versions=closed.count_versions(session, codes),
        title_of=_titled,
        offers=_offers(set(codes)) if actor.role is Role.EVALUATOR else [],
        may_close=actor.role is Role.EVALUATOR,
        next_address=f"/evaluation/closed?cursor={page.next_cursor}" if page.next_cursor else "",
    )


@router.get("/{period}")
def closed_period(
    request: Request,
    session: DbSession,
    actor: Actor,
    period: Period,
    version: Annotated[int | None, Query(ge=1, le=32767)] = None,
    kind: Annotated[str, Query(max_length=16)] = "department",
    start: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """One version: what holds it together, its figures, and what differs from the version before."""
    versions = closed.versions_of(session, period)
    shown = closed.find_version(session, period, version or versions[0].version)
    content = shown.content
    kind = kind if kind in content["objects"] else "department"
    rows = content["objects"][kind]
    return render(
        request,
        "evaluation_closed_period.html",
        actor,
        **frame(request, actor),
        title=_titled(period),
        period=period,
        shown=shown,
        is_newest=shown.version == versions[0].version,
        versions=versions,
        names=names_of(session, versions),
        kinds={code: _(title) for code, title in OBJECT_KINDS.items() if code in content["objects"]},
        kind=kind,
        card=content["cards"][kind],
        card_name=pick(content["cards"][kind]["name_zh"], content["cards"][kind]["name_en"]),
        columns=_columns(content, kind),
        rows=rows[start : start + ROWS],
        total=len(rows),
        start=start,
        step=ROWS,
        name_of=_name_of,
        grade_colours=_grade_colours(content, kind),
        cell=lambda row, code: _cell(shown, kind, row, code),
        told=_told_changes(shown),
        may_close=actor.role is Role.EVALUATOR,
    )


@router.get("/{period}/{version}/cases")
def frozen_cases(
    request: Request,
    session: DbSession,
    actor: Actor,
    period: Period,
    version: Annotated[int, Path(ge=1, le=32767)],
    kind: Annotated[str, Query(alias="object", max_length=16)],
    code: Annotated[str, Query(max_length=64)],
    count: Annotated[str, Query(max_length=40)],
    cursor: Cursor = None,
) -> Response:
    """The cases behind a frozen figure, as they stood then."""
    shown = closed.find_version(session, period, version)
    page = closed.cases_behind(shown, kind, code, count, ROWS, cursor)
    row = next(row for row in shown.content["objects"][kind] if row["code"] == code)
    return render(
        request,
        "evaluation_closed_cases.html",
        actor,
        **frame(request, actor),
        title=_titled(period),
        shown=shown,
        name=_name_of(row),
        count_title=count_title(count),
        rows=page.items,
        back=f"/evaluation/closed/{period}?{urlencode({'version': version, 'kind': kind})}",
        next_address=_cases_address(shown, kind, code, count, page.next_cursor) if page.next_cursor else "",
    )


def _cases_address(shown: ClosedPeriod, kind: str, code: str, count: str, cursor: str | None = None) -> str:
    asked = {"object": kind, "code": code, "count": count} | ({"cursor": cursor} if cursor else {})
    return f"/evaluation/closed/{shown.period}/{shown.version}/cases?{urlencode(asked)}"


def _columns(content: Mapping[str, Any], kind: str) -> dict[str, str]:
    """The indicators that the card of a kind scores, by code, in words."""
    parts = Card.from_json(content["cards"][kind]["content"]).parts
    return {part.indicator: indicator_title(part.indicator) for part in parts}


def indicator_title(code: str) -> str:
    """An indicator in words; its code where it is no longer told."""
    return _(INDICATORS[code].title) if code in INDICATORS else code


def _cell(shown: ClosedPeriod, kind: str, row: Mapping[str, Any], code: str) -> dict[str, Any]:
    """A figure as its table shows it: the value, and numerator and denominator with their cases."""
    made, (top, bottom, value) = shown.content["indicators"][code], row["figures"][code]
    parts = [(top, made["numerator"]), (bottom, made["denominator"])]
    return {
        "value": written(made["unit"], value),
        "parts": [
            (amount, _cases_address(shown, kind, row["code"], count), count_title(count))
            for amount, count in parts
            if count
        ],
    }


def _grade_colours(content: Mapping[str, Any], kind: str) -> dict[str, str]:
    card = Card.from_json(content["cards"][kind]["content"])
    return {grade.name: grade.colour for grade in card.grades}


def _told_changes(shown: ClosedPeriod) -> dict[str, Any]:
    """What differs from the version before, in words."""
    changes = shown.changes
    if not changes:
        return {}
    units = {code: made["unit"] for code, made in shown.content["indicators"].items()}
    return changes | {
        "figures": [
            one
            | {
                "title": indicator_title(one["indicator"]),
                "was": _fraction(units.get(one["indicator"], ""), one["before"]),
                "now": _fraction(units.get(one["indicator"], ""), one["after"]),
                "kind_title": _(OBJECT_KINDS.get(one["kind"], one["kind"])),
            }
            for one in changes["figures"][:ROWS]
        ],
        "scores": [
            one | {"kind_title": _(OBJECT_KINDS.get(one["kind"], one["kind"]))}
            for one in changes["scores"][:ROWS]
        ],
        "cases": with_titles(changes["cases"][:ROWS]),
    }


def _fraction(unit: str, figure: list[Any] | None) -> str:
    """A figure with what it was made of: 94.8 % (37/39)."""
    if figure is None:
        return "—"
    top, bottom, value = figure
    return f"{written(unit, value)} ({top:,}/{bottom:,})" if bottom is not None else written(unit, value)


def _titled(code: str) -> str:
    return title_of(parse_period(code))


def _name_of(row: Mapping[str, Any]) -> str:
    return pick(row["name"], row["name_en"])


def _offers(known: set[str], now: datetime | None = None) -> list[Offer]:
    """Periods that ended of late and are not closed."""
    today: date = (now or datetime.now(UTC)).astimezone(get_settings().zone).date()
    found = []
    for kind, number in OFFERED.items():
        period = of_day(kind, today)
        for _earlier in range(number):
            period = of_day(kind, period.begins.date() - timedelta(days=1))
            if period.code not in known:
                found.append(Offer(period.code, title_of(period)))
    return found
