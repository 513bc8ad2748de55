"""对象档案: one department, grid, area or person: its score taken apart, its figures beside the city's."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.dependencies import Actor, DbSession, allow
from gis.evaluation.cards import Card
from gis.evaluation.figures import figures
from gis.evaluation.indicators import INDICATORS, OBJECT_KINDS
from gis.evaluation.mean import means
from gis.evaluation.period import Period
from gis.evaluation.profile import frequent_classes, overdue_cases
from gis.evaluation.scoring import score
from gis.evaluation.standing import Placed
from gis.evaluation.trend import last_periods
from gis.i18n import _, pick
from gis.people.models import Person
from web.evaluation_data import answers_data
from web.evaluation_pages import READERS, frame
from web.evaluation_periods import asked_period, period_bar, title_of
from web.evaluation_ranking import Line, Ranking, cases_page, profile_href, ranking, written
from web.evaluation_words import ICONS
from web.rendering import render

router = APIRouter(include_in_schema=False)

MODULES = (
    *(f"evaluation/{name}.js" for name in ("causes", "charts", "explain", "figures", "profile_trend")),
    *(f"js/{name}.js" for name in ("api", "page_words", "tokens")),
)
PERIODS = 12
Word = Annotated[str, Query(max_length=100)]


@router.get("/evaluation/profile/{kind}/{code}", dependencies=[Depends(allow(*READERS))])
def profile(
    request: Request,
    session: DbSession,
    actor: Actor,
    kind: Annotated[str, Path(max_length=16)],
    code: Annotated[str, Path(max_length=64)],
    period: Word = "",
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    card: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """The profile of one object over a period."""
    now = datetime.now(UTC)
    chosen = asked_period(period, first, last, now)
    found = ranking(session, actor, kind, chosen, [card] if card else [])
    line = _line(session, actor, found, code)
    kept = {"card": card} if card else {}
    bar = period_bar(chosen, now, lambda other: profile_href(kind, code, other, **kept))
    history = _history(session, actor, kind, code, chosen, found.card, now)
    overdue, first_due = overdue_cases(session, actor, kind, code, now)
    return render(
        request, "evaluation_profile.html", actor,
        **frame(request, actor),
        bar=bar,
        kept=kept.items(),
        kind_title=_(OBJECT_KINDS[kind]),
        line=line,
        placed=line.placed,
        of=sum(one.placed.rank is not None for one in found.lines),
        card={"title": pick(found.cards[0].name_zh, found.cards[0].name_en), "row": found.cards[0]},
        back=f"/evaluation?{urlencode({'object': kind, 'period': bar.code, **kept})}",
        parts_of_score=_parts(line.placed),
        figures=_figures(session, actor, found, line),
        history=history,
        told=[part.indicator for part in found.card.parts],
        indicator_titles={code: _(row.title) for code, row in INDICATORS.items()},
        units={code: row.unit for code, row in INDICATORS.items()},
        classes=frequent_classes(session, actor, kind, code, chosen, now),
        overdue=overdue,
        first_due=first_due,
        written=written,
        icons=ICONS,
        modules=MODULES,
        data={
            **answers_data(kind, bar.code, found.cards[0]),
            "code": code,
            "name": line.name,
            "history": history,
            "shown": ["score", *line.placed.row.figures],
        },
    )  # fmt: skip


def _line(session: Session, actor: Person, found: Ranking, code: str) -> Line:
    """The object's line; an object without cases that the ranking leaves out has one of its own.

    Raises
    ------
    InvalidInput
        There is no such object that the reader may see.
    """
    known = next((line for line in found.lines if line.code == code), None)
    if known is not None:
        return known
    (row,) = figures(session, actor, found.kind, found.period, codes=[code], now=found.now)
    return Line(Placed(row, score(found.card, row.values()), None), (), None, None)


def _parts(placed: Placed) -> list[dict[str, Any]]:
    return [
        {
            "indicator": one.part.indicator,
            "title": _(INDICATORS[one.part.indicator].title),
            "value": written(INDICATORS[one.part.indicator].unit, one.value),
            "points": one.points,
            "weight": one.part.weight,
            "share": one.share,
        }
        for one in placed.score.parts
    ]


def _figures(session: Session, actor: Person, found: Ranking, line: Line) -> list[dict[str, Any]]:
    """Each indicator with the lists of its cases, the city's mean and the value of the period before."""
    city = means(session, actor, found.kind, found.period, found.now)
    before = line.placed.before.values() if line.placed.before else {}
    rows = []
    for code, figure in line.placed.row.figures.items():
        row = figure.indicator

        def listed(count: str) -> str:
            return cases_page(found.kind, line.code, count, found.period, found.now)

        mean = city.get(code)
        rows.append(
            {
                "figure": figure,
                "numerator_cases": listed(row.numerator),
                "denominator_cases": listed(row.denominator) if row.denominator else "",
                "mean": mean,
                "way": _way(row.better, figure.value, mean),
                "before": before.get(code),
            }
        )
    return rows


def _way(better: str, value: float | None, mean: float | None) -> str:
    """``good`` or ``bad`` beside the city's mean; empty where neither, or as good as equal."""
    if not better or value is None or mean is None or abs(value - mean) < 5e-4:
        return ""
    return "good" if (value > mean) == (better == "high") else "bad"


def _history(
    session: Session, actor: Person, kind: str, code: str, period: Period, card: Card, now: datetime
) -> list[dict[str, Any]]:
    """Score and figures of the last periods, the oldest first."""
    unit = "month" if period.kind == "span" else period.kind
    told = []
    for one in last_periods(period, unit, PERIODS, now):
        (row,) = figures(session, actor, kind, one, codes=[code], now=now)
        got = score(card, row.values())
        told.append(
            {
                "code": one.code,
                "title": title_of(one),
                "score": got.total,
                "grade": got.grade.name if got.grade else "",
                "colour": got.grade.colour if got.grade else "",
                "values": row.values(),
            }
        )
    return told
