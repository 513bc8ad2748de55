"""Figures counted again from frozen facts alone: what a closed period says must come out once more.

Independent of what the figures were made by: no SQL, no totals; conditions are read by
:mod:`gis.evaluation.conditions`, sums are numpy's.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from gis.evaluation.cards import Card
from gis.evaluation.frozen import Frozen, Numbers
from gis.evaluation.indicators import POSTS, ratio
from gis.evaluation.scoring import score

GRAINS = {"unit_grid": "unit_grid_id", "department": "department_id"}  # regions go by their communities
MOST_TOLD = 100


def grain_of(kind: str) -> str:
    """The column of facts by which a kind of region or department is counted."""
    return GRAINS.get(kind, "community_id")


def differences(content: Mapping[str, Any], parts: Iterable[Frozen]) -> list[dict[str, Any]]:
    """Where figures and scores of a closed period are not what its frozen facts give; at most a hundred.

    Each says object, indicator (or ``score``), and what is ``stored`` beside what is ``counted``. ``parts``:
    the frozen facts, some cases at a time.
    """
    tallies = _tallies(content, parts)
    told: list[dict[str, Any]] = []
    for kind, rows in content["objects"].items():
        for row in rows:
            found: dict[str, Any] = {
                code: _figure(content["indicators"][code], kind, row["ids"], tallies)
                for code in row["figures"]
            }
            found["score"] = _score(content, kind, found)
            stored = row["figures"] | {"score": row["score"]}
            about = {"kind": kind, "code": row["code"]}
            told += [
                about | {"indicator": code, "stored": value, "counted": found[code]}
                for code, value in stored.items()
                if value != found[code]
            ]
    return told[:MOST_TOLD]


def _tallies(content: Mapping[str, Any], parts: Iterable[Frozen]) -> dict[tuple[str, str], Counter[int]]:
    """What each count comes to for each object, by where it is counted and its code."""
    codes: dict[str, set[str]] = defaultdict(set)
    for kind, rows in content["objects"].items():
        for code in rows[0]["figures"] if rows else ():
            made = content["indicators"][code]
            codes[_tally_of(kind)] |= {made["numerator"], made["denominator"]} - {None}
    found: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for frozen in parts:
        for where, wanted in codes.items():
            for code in wanted:
                count = (
                    _posts(content, frozen, where, code) if where in POSTS else _places(frozen, where, code)
                )
                found[where, code].update(count)
    return found


def _tally_of(kind: str) -> str:
    """Kinds that are counted alike share a tally: regions are all sums of communities."""
    return kind if kind in POSTS else grain_of(kind)


def _figure(
    made: Mapping[str, Any], kind: str, ids: list[int], tallies: Mapping[tuple[str, str], Counter[int]]
) -> list[float | None]:
    """Numerator, denominator and value of an indicator."""
    top, bottom = (
        sum(tallies[_tally_of(kind), count][each] for each in ids) if count else None
        for count in (made["numerator"], made["denominator"])
    )
    value = ratio(top or 0, bottom)
    return [top, bottom, None if value is None else value * made["factor"]]


def _score(content: Mapping[str, Any], kind: str, figures: Mapping[str, list[float | None]]) -> float | None:
    card = Card.from_json(content["cards"][kind]["content"])
    return score(card, {code: value for code, (_top, _bottom, value) in figures.items()}).total


def _places(frozen: Frozen, column: str, code: str) -> dict[int, int]:
    if code in frozen.defined["parts"]:
        _rows, departments, ones = frozen.parts(code)
        return _sums(departments, ones)
    return _sums(frozen.belonging(column), frozen.amounts(code))


def _posts(content: Mapping[str, Any], frozen: Frozen, kind: str, code: str) -> dict[int, int]:
    if code == "missed":
        return {
            row["ids"][0]: int(frozen.missed(content["patrols"].get(row["code"], [])).sum())
            for row in content["objects"][kind]
        }
    if code == "report_or_missed":
        both = Counter(_posts(content, frozen, kind, "report"))
        both.update(_posts(content, frozen, kind, "missed"))
        return both
    _rows, people, ones = frozen.acts(code)
    return _sums(people, ones)


def _sums(keys: Numbers, amounts: Numbers) -> dict[int, int]:
    objects, inverse = np.unique(keys, return_inverse=True)
    # Weights are doubles: exact up to 2**53, some three hundred million years in seconds.
    total = np.bincount(inverse, weights=amounts, minlength=len(objects))
    return {int(key): int(amount) for key, amount in zip(objects, total, strict=True)}
