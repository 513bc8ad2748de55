"""考核排名: every object of a kind with its score by the chosen card, the best first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gis.errors import NotFound
from gis.evaluation.card_store import card_for
from gis.evaluation.cards import Card
from gis.evaluation.figures import figures
from gis.evaluation.indicators import INDICATORS
from gis.evaluation.models import ScoreCard
from gis.evaluation.period import Period
from gis.evaluation.standing import Placed, ranked
from gis.people.models import Person, Role

# What is told beside the indicators of a card, where the kind of object knows it.
ALSO = ("reported", "filed", "on_time_disposal", "closing")


@dataclass(frozen=True)
class Ranking:
    """All objects of a kind, those without a score last. ``kept``: the card as the city keeps it."""

    kind: str
    kept: ScoreCard
    card: Card
    items: tuple[Placed, ...]

    @property
    def scored(self) -> tuple[Placed, ...]:
        return tuple(item for item in self.items if item.rank is not None)


def whole_city() -> Person:
    """A reader without limits: a report is of the whole city, whoever asked for it."""
    return Person(id=0, role=Role.EVALUATOR)


def ranking(session: Session, kind: str, period: Period, now: datetime) -> Ranking | None:
    """The ranking of a kind of object over a period; None where the city has chosen no card for it."""
    try:
        kept = card_for(session, kind)
    except NotFound:
        return None
    card = Card.from_json(kept.content)
    also = [code for code in ALSO if kind in INDICATORS[code].kinds]
    wanted = {*(part.indicator for part in card.parts), *also}
    rows = figures(session, whole_city(), kind, period, indicators=wanted, now=now)
    placed = ranked(rows, card)
    placed.sort(key=lambda one: (one.rank is None, one.rank or 0, one.row.code))
    return Ranking(kind, kept, card, tuple(placed))
