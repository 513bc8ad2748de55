"""Where objects stand: their figures over a period, scored by a card and ranked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from gis.evaluation.card_store import card_for
from gis.evaluation.cards import Card
from gis.evaluation.figures import Row, figures
from gis.evaluation.models import ScoreCard
from gis.evaluation.period import Period
from gis.evaluation.scoring import Score, score
from gis.people.models import Department, Person, Role
from gis.people.queries import departments_of


@dataclass(frozen=True)
class Placed:
    """One object with its score. ``rank`` from 1; equal scores share one; None without a score."""

    row: Row
    score: Score
    rank: int | None
    before: Row | None = None  # its figures in the period before

    @property
    def has_few(self) -> bool:
        """Whether the score rests on a ratio over few cases."""
        scored = (self.row.figures.get(part.part.indicator) for part in self.score.parts)
        return any(figure is not None and figure.is_small for figure in scored)


@dataclass(frozen=True)
class Standing:
    """Objects of a kind, by code. ``now``: what had not come by then was not counted."""

    kind: str
    period: Period
    now: datetime
    card: ScoreCard
    rows: list[Placed]


def standing(
    session: Session,
    reader: Person,
    kind: str,
    period: Period,
    card: str | None = None,
    compare: bool = False,
) -> Standing:
    """Score and rank all objects of a kind that the reader may see.

    A department's own people are told of it and those below it; the rank is among all.

    Parameters
    ----------
    card : ``code`` or ``code@version``; the chosen one where empty
    compare : tell the figures of the period before, too

    Raises
    ------
    InvalidInput
        Unknown kind or card; a period in the future.
    """
    now = datetime.now(UTC)
    rows = figures(session, reader, kind, period, now=now)
    kept = card_for(session, kind, card)
    before = figures(session, reader, kind, period.before(), now=now) if compare else []
    placed = ranked(rows, Card.from_json(kept.content), before)
    seen = codes_seen(session, reader)
    if seen is not None:
        placed = [one for one in placed if one.row.code in seen]
    return Standing(kind, period, now, kept, placed)


def ranked(rows: Sequence[Row], card: Card, before: Sequence[Row] = ()) -> list[Placed]:
    """Rows with score and rank, in their own order."""
    scores = [score(card, row.values()) for row in rows]
    totals = sorted((one.total for one in scores if one.total is not None), reverse=True)
    first = {total: place for place, total in reversed(list(enumerate(totals, start=1)))}
    earlier = {row.code: row for row in before}
    return [
        Placed(row, one, None if one.total is None else first[one.total], earlier.get(row.code))
        for row, one in zip(rows, scores, strict=True)
    ]


def codes_seen(session: Session, reader: Person) -> set[str] | None:
    """Codes of the departments that a department's own people are told of; None: all."""
    if reader.role is not Role.DEPARTMENT:
        return None
    ids = departments_of(session, reader)
    return {one.code for one in session.query(Department).where(Department.id.in_(ids))}
