"""Why a value changed: the change split, without remainder, into what its parts did and how they shifted.

A ratio of a whole is the mean of its groups' ratios, weighted by their denominators. Between two periods each
group adds a *rate effect* (its own ratio changed, at its mean weight) and a *mix effect* (its weight changed,
at how far its mean ratio lies from the whole's). A score is the mean of its lines' points, weighted likewise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K")


@dataclass(frozen=True)
class Pair:
    """Numerator and denominator of one group in one period."""

    top: float = 0.0
    bottom: float = 0.0

    @property
    def ratio(self) -> float | None:
        return self.top / self.bottom if self.bottom else None


@dataclass(frozen=True)
class Effect(Generic[K]):
    """What one group adds to the change of the whole."""

    key: K
    rate: float
    mix: float

    @property
    def total(self) -> float:
        return self.rate + self.mix


def whole(groups: Mapping[K, Pair]) -> Pair:
    """All groups together."""
    return Pair(sum(one.top for one in groups.values()), sum(one.bottom for one in groups.values()))


def split_ratio(before: Mapping[K, Pair], after: Mapping[K, Pair]) -> list[Effect[K]]:
    """Split the change of a ratio of two periods over its groups.

    With weights ``w = bottom / sum of bottoms`` and ratios ``r``, of means over both periods:
    rate effect = ``w̄ · Δr``, mix effect = ``Δw · (r̄ − R̄)``. The weights of each period make 1, so the effects
    make the change of the ratio ``R`` of the whole. A group that is there in one period only is all mix.

    Returns
    -------
    one effect for each group of either period, the greatest first; empty where a period has no cases at all
    """
    totals = whole(before), whole(after)
    if totals[0].ratio is None or totals[1].ratio is None:
        return []
    mean = (totals[0].ratio + totals[1].ratio) / 2
    found = []
    for key in dict.fromkeys([*before, *after]):
        pairs = before.get(key, Pair()), after.get(key, Pair())
        weights = [pair.bottom / total.bottom for pair, total in zip(pairs, totals, strict=True)]
        ratios = [pair.ratio for pair in pairs]
        # A group without cases has no ratio of its own; with the other period's, nothing of it is rate.
        first = ratios[0] if ratios[0] is not None else ratios[1] or 0.0
        last = ratios[1] if ratios[1] is not None else first
        rate = (weights[0] + weights[1]) / 2 * (last - first)
        mix = (weights[1] - weights[0]) * ((first + last) / 2 - mean)
        found.append(Effect(key, rate, mix))
    return sorted(found, key=lambda one: -abs(one.total))


def split_count(before: Mapping[K, float], after: Mapping[K, float]) -> list[Effect[K]]:
    """Split the change of a count: each group by its own, which is neither rate nor mix but told as rate."""
    found = [
        Effect(key, after.get(key, 0.0) - before.get(key, 0.0), 0.0)
        for key in dict.fromkeys([*before, *after])
    ]
    return sorted(found, key=lambda one: -abs(one.total))
