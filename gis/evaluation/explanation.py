"""What stands behind one number of one object: its figure, and the line of the score card it fills."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from gis.evaluation.card_store import card_for
from gis.evaluation.cards import Card
from gis.evaluation.figures import Figure, Row
from gis.evaluation.models import ScoreCard
from gis.evaluation.one import SCORE, one_row
from gis.evaluation.period import Period
from gis.evaluation.scoring import Score, ScoredPart, score
from gis.people.models import Person


@dataclass(frozen=True)
class Explanation:
    """``figure`` is None where the score itself is explained; ``parts``: the lines of the card concerned."""

    row: Row
    period: Period
    now: datetime
    card: ScoreCard
    score: Score
    figure: Figure | None
    parts: tuple[ScoredPart, ...]


def explain(
    session: Session,
    reader: Person,
    kind: str,
    code: str,
    indicator: str,
    period: Period,
    card: str | None = None,
) -> Explanation:
    """Explain one indicator, or the score (``score``), of one object.

    Raises
    ------
    InvalidInput
        Unknown object, indicator or card; a period in the future.
    """
    now = datetime.now(UTC)
    row = one_row(session, reader, kind, code, period, indicator, now)
    kept = card_for(session, kind, card)
    scored = score(Card.from_json(kept.content), row.values())
    figure = None if indicator == SCORE else row.figures[indicator]
    parts = tuple(part for part in scored.parts if indicator in (SCORE, part.part.indicator))
    return Explanation(row, period, now, kept, scored, figure, parts)
