"""What differs between two countings of one period: cases, figures and scores.

A case has changed for a period where it counts otherwise in it. What happened to it later, and counts in a
later period, is no change of this one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.evaluation.frozen import BELONGS, POST, Frozen, Numbers

MOST = 1_000  # cases and figures that are named; how many there are is always told


@dataclass(frozen=True)
class Difference:
    """One case counts otherwise. ``who``: a person or department by id, 0 where the count knows none."""

    case_id: int
    what: str
    who: int
    before: int
    after: int


def differences(before: Frozen, after: Frozen) -> list[Difference]:
    """Where cases count otherwise, by case; one count after the other, so that few stand in memory."""
    found: list[Difference] = []
    for name in dict.fromkeys((*before.names(), *after.names())):
        found += _of_one(name, before, after)
    return sorted(found, key=lambda one: (one.case_id, one.what, one.who))


def _of_one(name: str, before: Frozen, after: Frozen) -> Iterable[Difference]:
    sides = [_keyed(frozen, name) for frozen in (before, after)]
    people = np.unique(np.concatenate([who for _cases, who, _amounts in sides]))
    keys = [cases * max(len(people), 1) + np.searchsorted(people, who) for cases, who, _amounts in sides]
    every = np.union1d(*keys)
    amounts = np.zeros((2, len(every)), np.int64)
    for side, (key, (_cases, _who, amount)) in enumerate(zip(keys, sides, strict=True)):
        amounts[side, np.searchsorted(every, key)] = amount
    for at in np.flatnonzero(amounts[0] != amounts[1]):
        case_id, person = divmod(int(every[at]), len(people))
        yield Difference(case_id, name, int(people[person]), int(amounts[0, at]), int(amounts[1, at]))


def _keyed(frozen: Frozen, name: str) -> tuple[Numbers, Numbers, Numbers]:
    if name not in frozen.names():
        nothing = np.zeros(0, np.int64)
        return nothing, nothing, nothing
    rows, who, amounts = frozen.contribution(name)
    return frozen.ids[rows], who, amounts


def told_by_case(session: Session, found: Iterable[Difference]) -> list[dict[str, Any]]:
    """Differences as they are kept and shown: by the case's number, with codes and logins for ids."""
    by_case: dict[int, list[Difference]] = defaultdict(list)
    for one in found:
        by_case[one.case_id].append(one)
    shown = list(by_case)[:MOST]
    names = _Names(session, [one for case_id in shown for one in by_case[case_id]], shown)
    return [
        {
            "case_no": names.cases.get(case_id, str(case_id)),
            "changes": [names.told(one) for one in by_case[case_id]],
        }
        for case_id in shown
    ]


_CODES = {
    "unit_grid_id": "SELECT id, code FROM unit_grid WHERE id = ANY(:ids)",
    "community_id": "SELECT id, code FROM area WHERE id = ANY(:ids)",
    "department_id": "SELECT id, code FROM department WHERE id = ANY(:ids)",
    "person_id": "SELECT id, login FROM person WHERE id = ANY(:ids)",
    "case_id": 'SELECT id, case_no FROM "case" WHERE id = ANY(:ids)',
}


class _Names:
    """Codes, logins and case numbers of what differences name, read in one question each."""

    def __init__(self, session: Session, found: list[Difference], cases: list[int]) -> None:
        ids: dict[str, set[int]] = defaultdict(set)
        for one in found:
            if one.what in BELONGS:
                ids[one.what] |= {one.before, one.after}
            elif one.who:
                ids[self._kind(one)].add(one.who)
        self._known = {kind: _codes(session, kind, wanted) for kind, wanted in ids.items()}
        self.cases = _codes(session, "case_id", cases)

    @staticmethod
    def _kind(one: Difference) -> str:
        return "person_id" if one.what.startswith(POST) else "department_id"

    def told(self, one: Difference) -> dict[str, Any]:
        if one.what in BELONGS:
            codes = self._known[one.what]
            return {
                "what": one.what.removesuffix("_id"),
                "before": codes.get(one.before),
                "after": codes.get(one.after),
            }
        who = {"who": self._known[self._kind(one)].get(one.who, str(one.who))} if one.who else {}
        return {"what": one.what.removeprefix(POST), "before": one.before, "after": one.after, **who}


def _codes(session: Session, kind: str, ids: Iterable[int]) -> dict[int, str]:
    return {row.id: row[1] for row in session.execute(text(_CODES[kind]), {"ids": list(ids)})}


def changed_rows(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Figures and scores that differ between the contents of two versions."""
    figures: list[dict[str, Any]] = []
    scores: list[dict[str, Any]] = []
    for kind, rows in after["objects"].items():
        was = {row["code"]: row for row in before["objects"].get(kind, ())}
        now = {row["code"]: row for row in rows}
        for code in dict.fromkeys((*was, *now)):
            one, other = was.get(code), now.get(code)
            about = {"kind": kind, "code": code, "name": (other or one or {})["name"]}
            figures += [about | each for each in _figures(one, other)]
            marks = [None if row is None else [row["score"], row["grade"]] for row in (one, other)]
            if marks[0] != marks[1]:
                scores.append(about | {"before": marks[0], "after": marks[1]})
    return {
        "figures": figures[:MOST],
        "figures_total": len(figures),
        "scores": scores[:MOST],
        "scores_total": len(scores),
    }


def _figures(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterable[dict[str, Any]]:
    was, now = (row["figures"] if row else {} for row in (before, after))
    for code in dict.fromkeys((*was, *now)):
        if was.get(code) != now.get(code):
            yield {"indicator": code, "before": was.get(code), "after": now.get(code)}
