"""考核看板: the day so far, the trend, the ranking of a kind of object by one score card or several.

The tables are written here and complete without a script; charts, explanations and "what if" come through
``/api/v1`` from the browser.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.dependencies import Actor, DbSession, allow
from gis.case.scope import scope_of
from gis.case.stages import STAGES
from gis.evaluation.card_store import newest_cards
from gis.evaluation.figures import FEW, figures, objects_of
from gis.evaluation.indicators import INDICATORS
from gis.evaluation.models import ScoreCard
from gis.evaluation.now import ACTS, Now, city_now
from gis.evaluation.period import of_day
from gis.evaluation.profile import first_report
from gis.i18n import _, pick
from gis.people.models import Person, Role
from gis.settings import get_settings
from web.case_clock import LAMP_ICONS
from web.evaluation_data import answers_data
from web.evaluation_pages import READERS, WRITERS, frame
from web.evaluation_periods import Choice, asked_period, code_of, period_bar, title_of
from web.evaluation_ranking import Ranking, columns_of, profile_href, ranking, written
from web.evaluation_words import (
    ICONS,
    KIND_TABS,
    LAMP_WORDS,
    TREND_OF,
    TREND_POINTS,
    TREND_UNITS,
)
from web.rendering import render

router = APIRouter(include_in_schema=False)

MODULES = (
    *(
        f"evaluation/{name}.js"
        for name in ("causes", "charts", "explain", "figures", "score_bars", "trend", "what_if")
    ),
    *(f"js/{name}.js" for name in ("api", "page_words", "toast", "tokens")),
)
PAGE = 50  # lines of one page of a ranking; unit grids go into the thousands
# Whose own work stands first; they also begin with the ranking of their post.
ON_POSTS = {Role.SHIFT_LEADER: "shift_leader", Role.DISPATCHER: "dispatcher"}
BARS = 12  # of the best, in the chart beside the trend


@dataclass(frozen=True)
class Asked:
    """What the address says beside the period."""

    kind: str
    cards: tuple[str, ...]
    sort: str
    everything: bool
    page: int

    def href(self, period: str, **other: Any) -> str:
        """The address of the dashboard for a period, with these words changed."""
        said = {
            "object": self.kind,
            "period": period,
            "card": list(self.cards),
            "sort": self.sort if self.sort != "rank" else "",
            "columns": "all" if self.everything else "",
        } | other
        return f"/evaluation?{urlencode({name: value for name, value in said.items() if value}, doseq=True)}"


@router.get("/evaluation", dependencies=[Depends(allow(*READERS))])
def dashboard(
    request: Request,
    session: DbSession,
    actor: Actor,
    kind: Annotated[str, Query(alias="object", max_length=16)] = "",
    period: Annotated[str, Query(max_length=100)] = "",
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    card: Annotated[list[str] | None, Query(max_length=6)] = None,
    sort: Annotated[str, Query(max_length=40)] = "rank",
    columns: Annotated[str, Query(max_length=8)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """The dashboard; the address holds all that is seen."""
    now = datetime.now(UTC)
    chosen = asked_period(period, first, last, now)
    asked = Asked(kind or ON_POSTS.get(actor.role, "street"), tuple(card or ()), sort, columns == "all", page)
    bar = period_bar(chosen, now, asked.href)
    found = ranking(session, actor, asked.kind, chosen, asked.cards)
    has_cases = any(line.has_cases for line in found.lines)
    return render(
        request, "evaluation.html", actor,
        **frame(request, actor),
        **_today(session, actor, now),
        **_ranking(session, asked, bar.code, found),
        bar=bar,
        kept=[(name, value) for name, value in _kept(asked) if name != "period"],
        kept_for_cards=[("object", asked.kind), ("period", bar.code)],
        kind=asked.kind,
        kinds=[
            Choice(_(title), Asked(code, (), "rank", asked.everything, 1).href(bar.code), code == asked.kind)
            for code, title in KIND_TABS.items()
        ],
        has_cases=has_cases,
        first=None if has_cases else _first(session, asked),
        trend_units=TREND_UNITS,
        trend_unit=TREND_OF[chosen.kind],
        may_write=actor.role in WRITERS,
        icons=ICONS,
        modules=MODULES,
        data=_data(session, actor, asked, bar.code, found),
    )  # fmt: skip


def _kept(asked: Asked) -> list[tuple[str, str]]:
    return [("object", asked.kind), *(("card", name) for name in asked.cards)]


def _today(session: Session, actor: Person, now: datetime) -> dict[str, Any]:
    told = city_now(session, actor, now)
    post = ON_POSTS.get(actor.role)
    today = of_day("day", now.astimezone(get_settings().zone).date())
    own = figures(session, actor, post, today, codes=[actor.login], now=now)[0] if post else None
    return {
        "now": told,
        "acts": [
            {"title": _(title), "today": told.today[code], "yesterday": told.yesterday[code]}
            for code, title, _which in ACTS
        ],
        "most_open": max((stage.open for stage in told.stages), default=0) or 1,
        "own": own,
        "own_stages": _own_stages(actor, told),
        "own_href": profile_href(post, actor.login, today.code) if post else "",
        "LAMP_ICONS": LAMP_ICONS,
        "LAMP_WORDS": LAMP_WORDS,
    }


def _own_stages(actor: Person, told: Now) -> list[Any]:
    return [stage for stage in told.stages if actor.role in STAGES[stage.stage].holders]


def _ranking(session: Session, asked: Asked, period: str, found: Ranking) -> dict[str, Any]:
    in_order = found.in_order(asked.sort).lines
    begin = (asked.page - 1) * PAGE
    pages = []
    if asked.page > 1:
        pages.append(Choice(_("Page before"), asked.href(period, page=asked.page - 1) + "#ranking"))
    if len(in_order) > begin + PAGE:
        pages.append(Choice(_("Next page"), asked.href(period, page=asked.page + 1) + "#ranking"))
    scored = sum(line.placed.rank is not None for line in in_order)
    shown = found.cards

    def sort_href(name: str) -> str:
        # Figures are asked for the largest first, ranks and names from the first on; again turns it round.
        down = name not in ("rank", "name")
        usual, other = (f"-{name}", name) if down else (name, f"-{name}")
        return asked.href(period, sort=other if asked.sort == usual else usual) + "#ranking"

    return {
        "ranking": found,
        "lines": in_order[begin : begin + PAGE],
        "pages": pages,
        "told": _("{scored} of {n} scored").format(scored=scored, n=len(in_order)),
        "sort": asked.sort,
        "sort_href": sort_href,
        "columns": columns_of(asked.kind, found.card, asked.everything),
        "columns_href": asked.href(period, columns="" if asked.everything else "all") + "#ranking",
        "all_columns": asked.everything,
        "cards": _cards(session, asked.kind, shown),
        "others": [{"title": pick(one.name_zh, one.name_en)} for one in shown[1:]],
        "caveat": _(shown[0].note) if shown[0].note else "",
        "card": {
            "parts": [
                {
                    "indicator": part.indicator,
                    "title": _(INDICATORS[part.indicator].title),
                    "weight": f"{part.weight:g}",
                    "sense": part.sense,
                }
                for part in found.card.parts
            ]
        },
        "written": written,
        "profile_href": profile_href,
        "FEW": FEW,
    }


def _cards(session: Session, kind: str, shown: tuple[ScoreCard, ...]) -> list[dict[str, Any]]:
    """Cards that can be asked for; one that was retired only while it is shown."""
    used = {one.id for one in shown}
    known = {one.id: one for one in (*newest_cards(session, kind), *shown)}
    return [
        {
            "name": one.code if one.chosen else f"{one.code}@{one.version}",
            "title": pick(one.name_zh, one.name_en),
            "version": one.version,
            "status": one.status,
            "shown": one.id in used,
        }
        for one in sorted(known.values(), key=lambda one: (not one.chosen, one.code, one.version))
    ]


def _first(session: Session, asked: Asked) -> dict[str, Any] | None:
    at = first_report(session)
    if at is None:
        return None
    day = at.astimezone(get_settings().zone).date()
    month = of_day("month", day)
    return {"day": day, "title": title_of(month), "href": asked.href(code_of(month))}


def _data(session: Session, actor: Person, asked: Asked, period: str, found: Ranking) -> dict[str, Any]:
    """Words and small tables for the page's scripts."""
    best = [line for line in found.lines if line.placed.score.grade][:BARS]
    return {
        **answers_data(asked.kind, period, found.cards[0]),
        "best": [
            {
                "code": line.code,
                "name": line.name,
                "score": line.placed.score.total,
                "grade": line.placed.score.grade.name,
                "colour": line.placed.score.grade.colour,
            }
            for line in best
            if line.placed.score.grade
        ],
        "districts": [one.code for one in objects_of(session, "district", scope_of(session, actor))],
        "trend_points": TREND_POINTS,
    }
