"""Figures counted again from frozen facts alone: what a closed period says must come out once more.

Independent of what the figures were made by: no SQL, no totals; conditions are read by
:mod:`gis.evaluation.conditions`, sums are numpy's.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np

from gis.evaluation.cards import Card
from gis.evaluation.frozen import Frozen, Numbers
from gis.evaluation.indicators import POSTS, ratio
from gis.evaluation.scoring import score

GRAINS = {"unit_grid": "unit_grid_id", "department": "department_id"}  # regions go by their communities
MOST_TOLD = 100
Tally = Mapping[int, int]  # by the id of an object


def grain_of(kind: str) -> str:
    """The column of facts by which a kind of region or department is counted."""
    return GRAINS.get(kind, "community_id")


def differences(content: Mapping[str, Any], frozen: Frozen) -> list[dict[str, Any]]:
    """Where figures and scores of a closed period are not what its frozen facts give; at most a hundred.

    Each says object, indicator (or ``score``), and what is ``stored`` beside what is ``counted``.
    """
    told: list[dict[str, Any]] = []
    for kind, rows in content["objects"].items():
        for row, counted in zip(rows, _figures(content, frozen, kind), strict=True):
            found: dict[str, Any] = {code: [*value] for code, value in counted.items()}
            found["score"] = _score(content, kind, found)
            stored = row["figures"] | {"score": row["score"]}
            told += [
                {
                    "kind": kind,
                    "code": row["code"],
                    "indicator": code,
                    "stored": value,
                    "counted": found[code],
                }
                for code, value in stored.items()
                if value != found[code]
            ]
        if len(told) >= MOST_TOLD:
            break
    return told[:MOST_TOLD]


def _score(content: Mapping[str, Any], kind: str, figures: Mapping[str, list[Any]]) -> float | None:
    card = Card.from_json(content["cards"][kind]["content"])
    return score(card, {code: value for code, (_top, _bottom, value) in figures.items()}).total


def _figures(
    content: Mapping[str, Any], frozen: Frozen, kind: str
) -> list[dict[str, tuple[int, int | None, float | None]]]:
    """Numerator, denominator and value of each indicator, for each object of a kind."""
    tallies: dict[str, Tally] = {}

    def tally(code: str) -> Tally:
        if code not in tallies:
            tallies[code] = (
                _posts(content, frozen, kind, code) if kind in POSTS else _places(frozen, kind, code)
            )
        return tallies[code]

    found = []
    for row in content["objects"][kind]:
        told: dict[str, tuple[int, int | None, float | None]] = {}
        for code in row["figures"]:
            made = content["indicators"][code]
            top = sum(tally(made["numerator"]).get(each, 0) for each in row["ids"])
            bottom = made["denominator"] and sum(
                tally(made["denominator"]).get(each, 0) for each in row["ids"]
            )
            value = ratio(top, bottom)
            told[code] = (top, bottom, None if value is None else value * made["factor"])
        found.append(told)
    return found


def _places(frozen: Frozen, kind: str, code: str) -> Tally:
    if code in frozen.defined["parts"]:
        _rows, departments, ones = frozen.parts(code)
        return _sums(departments, ones)
    return _sums(frozen.belonging(grain_of(kind)), frozen.amounts(code))


def _posts(content: Mapping[str, Any], frozen: Frozen, kind: str, code: str) -> Tally:
    if code == "missed":
        return {
            row["ids"][0]: int(frozen.missed(content["patrols"].get(row["code"], [])).sum())
            for row in content["objects"][kind]
        }
    if code == "report_or_missed":
        both: dict[int, int] = defaultdict(int)
        for part in ("report", "missed"):
            for person, amount in _posts(content, frozen, kind, part).items():
                both[person] += amount
        return both
    _rows, people, ones = frozen.acts(code)
    return _sums(people, ones)


def _sums(keys: Numbers, amounts: Numbers) -> Tally:
    objects, inverse = np.unique(keys, return_inverse=True)
    # Weights are doubles: exact up to 2**53, some three hundred million years in seconds.
    total = np.bincount(inverse, weights=amounts, minlength=len(objects))
    return {int(key): int(amount) for key, amount in zip(objects, total, strict=True)}
