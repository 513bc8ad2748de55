"""The ranking that pages show: where objects stand by one card or several, beside the period before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote, urlencode

from sqlalchemy.orm import Session

from api.evaluation.links import cases_address
from gis.evaluation.card_store import card_for
from gis.evaluation.cards import Card
from gis.evaluation.figures import Figure
from gis.evaluation.indicators import Indicator, indicators_of
from gis.evaluation.models import ScoreCard
from gis.evaluation.period import Period
from gis.evaluation.scoring import Score
from gis.evaluation.standing import Placed, ranked, standing
from gis.i18n import _
from gis.people.models import Person

# Told of every kind of place beside what its card scores; of posts the cards tell all.
ALSO = ("filed", "on_time_disposal", "overdue_pending", "rework")


@dataclass(frozen=True)
class Line:
    """One object: its place by the first card, its scores by the others, and how it stood before."""

    placed: Placed
    others: tuple[Score, ...]
    score_before: float | None
    rank_before: int | None

    @property
    def code(self) -> str:
        return self.placed.row.code

    @property
    def name(self) -> str:
        return self.placed.row.name

    @property
    def change(self) -> float | None:
        """Points against the period before."""
        if self.placed.score.total is None or self.score_before is None:
            return None
        return round(self.placed.score.total - self.score_before, 2)

    @property
    def has_cases(self) -> bool:
        return any(figure.numerator or figure.denominator for figure in self.placed.row.figures.values())

    @property
    def is_idle(self) -> bool:
        """Whether nothing that is scored has happened: a band of none filed is no case."""
        return not any(
            part.value if part.part.sense == "band" else part.points is not None
            for part in self.placed.score.parts
        )

    def figure(self, code: str) -> Figure:
        return self.placed.row.figures[code]


@dataclass(frozen=True)
class Ranking:
    """All objects of a kind by the chosen cards; ``now``: what had not come by then was not counted."""

    kind: str
    period: Period
    now: datetime
    cards: tuple[ScoreCard, ...]
    lines: list[Line]

    @property
    def card(self) -> Card:
        """The card that ranks."""
        return Card.from_json(self.cards[0].content)

    def in_order(self, sort: str) -> "Ranking":
        """The same by a column's name, with ``-`` before it the largest first; what has no value is last."""
        name, down = sort.removeprefix("-"), sort.startswith("-")
        value = _value_by(name)
        told = [(got, line) for line in self.lines if (got := value(line)) is not None]
        told.sort(key=lambda pair: pair[0], reverse=down)
        return replace(
            self, lines=[line for _got, line in told] + [one for one in self.lines if value(one) is None]
        )


def ranking(session: Session, reader: Person, kind: str, period: Period, cards: Sequence[str]) -> Ranking:
    """Objects of a kind, the best first; those without a score last, by code.

    Parameters
    ----------
    cards : names of cards, the first of which ranks; the one that the city chose where empty

    Raises
    ------
    InvalidInput
        Unknown kind or card; a period in the future.
    """
    told = standing(session, reader, kind, period, cards[0] if cards else None, compare=True)
    others = [card_for(session, kind, name) for name in dict.fromkeys(cards[1:])]
    rows = [one.row for one in told.rows]
    beside = [ranked(rows, Card.from_json(other.content)) for other in others]
    card = Card.from_json(told.card.content)
    before = {one.row.code: one for one in ranked([one.before for one in told.rows if one.before], card)}
    lines = []
    for at, placed in enumerate(told.rows):
        earlier = before.get(placed.row.code)
        lines.append(
            Line(
                placed,
                tuple(each[at].score for each in beside),
                earlier.score.total if earlier else None,
                earlier.rank if earlier else None,
            )
        )
    lines.sort(key=lambda line: (line.placed.rank is None, line.placed.rank or 0, line.code))
    return Ranking(kind, told.period, told.now, (told.card, *others), lines)


def columns_of(kind: str, card: Card, everything: bool) -> list[Indicator]:
    """The indicators shown: what the card scores, in its order, and what is always asked; or all."""
    known = {row.code: row for row in indicators_of(kind)}
    scored = [part.indicator for part in card.parts]
    wanted = dict.fromkeys([*scored, *(known if everything else ALSO)])
    return [known[code] for code in wanted if code in known]


def _value_by(name: str) -> Callable[[Line], float | str | None]:
    ways: dict[str, Callable[[Line], float | str | None]] = {
        "rank": lambda line: line.placed.rank,
        "name": lambda line: line.name,
        "score": lambda line: line.placed.score.total,
        "change": lambda line: line.change,
    }
    return ways.get(name) or (
        lambda line: line.placed.row.figures[name].value if name in line.placed.row.figures else None
    )


def written(unit: str, value: float | None) -> str:
    """A value with its unit: 94.8 %, 45.4 h, 1,234; without cases a dash, never 0 %."""
    if value is None:
        return "—"
    if unit == "ratio":
        return f"{value:.1%}"
    if unit == "hours":
        return _("{n} h").format(n=f"{value:,.1f}")
    return f"{value:,.0f}"


def cases_page(kind: str, code: str, count: str, period: Period, now: datetime) -> str:
    """The page that lists exactly the cases a count of an object counts."""
    return cases_address(kind, code, count, period, now).removeprefix("/api/v1")


def profile_href(kind: str, code: str, period_code: str, **more: str) -> str:
    """The profile of an object."""
    return f"/evaluation/profile/{kind}/{quote(code, safe='')}?{urlencode({'period': period_code, **more})}"
