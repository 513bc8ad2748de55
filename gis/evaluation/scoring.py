"""得分: a score from figures by a card; pure, and told part by part so that it can be explained."""

from collections.abc import Mapping
from dataclasses import dataclass

from gis.evaluation.cards import Card, Grade, Part

LEAST_WEIGHT = 50.0  # per cent of a card that must have cases before there is a score


@dataclass(frozen=True)
class ScoredPart:
    """One line of a score. ``points`` 0–100 before the weight; None: no cases, and the line is left out."""

    part: Part
    value: float | None
    points: float | None

    @property
    def share(self) -> float | None:
        """What it adds to the score before what was left out is made up for."""
        return None if self.points is None else self.points * self.part.weight / 100


@dataclass(frozen=True)
class Score:
    """0–100, or None where too little of the card has cases; ``weight_used`` in per cent."""

    total: float | None
    grade: Grade | None
    weight_used: float
    parts: tuple[ScoredPart, ...]


def points_of(part: Part, value: float | None) -> float | None:
    """0–100 of one line; None where there are no cases."""
    if value is None:
        return None
    if part.sense == "band":
        return next(band.points for band in part.bands if band.most is None or value <= band.most)
    share = min(max(value, 0.0), 1.0)
    if part.sense == "inverse":
        share = 1 - share
    return 100 * min(share / part.full_at, 1.0)


def grade_of(card: Card, total: float) -> Grade:
    """The best grade whose least points are reached."""
    return next(grade for grade in card.grades if total >= grade.least)


def score(card: Card, values: Mapping[str, float | None]) -> Score:
    """The score of one object from the values of its indicators.

    A line without cases is neither full nor empty: it is left out and the others carry the whole, as long as
    half of the card's weight is there. A line by bands counts as cases only if any other line does: that none
    was filed is no achievement where nothing happened.
    """
    parts = tuple(
        ScoredPart(part, values.get(part.indicator), points_of(part, values.get(part.indicator)))
        for part in card.parts
    )
    told = [row for row in parts if row.points is not None]
    used = sum(row.part.weight for row in told)
    has_cases = any(row.part.sense != "band" for row in told) or any(
        row.value for row in told if row.part.sense == "band"
    )
    if not has_cases or used < LEAST_WEIGHT:
        return Score(None, None, used, parts)
    total = round(sum((row.points or 0) * row.part.weight for row in told) / used, 2)
    return Score(total, grade_of(card, total), used, parts)
