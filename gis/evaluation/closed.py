"""Closed periods, read: the list, versions, the cases behind a frozen figure, whether all still holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import func, select, text, tuple_
from sqlalchemy.orm import Session, aliased, defer, undefer

from gis.errors import InvalidInput, NotFound
from gis.evaluation import recount
from gis.evaluation.closed_changes import Difference, differences, told_by_case
from gis.evaluation.closed_content import digest_of
from gis.evaluation.freezing import cases_that_count, facts_of
from gis.evaluation.frozen import Frozen, FrozenFile, Numbers
from gis.evaluation.indicators import POSTS
from gis.evaluation.models import ClosedPeriod, ClosingRun
from gis.evaluation.period import Period
from gis.i18n import _
from gis.page import Page, read_cursor, write_cursor

# What a list of frozen cases tells of each, beside its number.
CASE_FIELDS = ("kind", "class_code", "state", "reported_at", "due_at", "disposed_at", "closed_at")


@dataclass(frozen=True)
class Verified:
    """Whether a version is what it was when it was closed.

    ``differences``: where figures or scores are not what the frozen facts give (at most a hundred).
    """

    digest: str
    digest_now: str
    differences: list[dict[str, Any]]

    @property
    def holds(self) -> bool:
        return self.digest == self.digest_now and not self.differences


@dataclass(frozen=True)
class Changed:
    """How many cases would count otherwise now, and what of each; ``told`` names at most a thousand."""

    total: int
    told: list[dict[str, Any]]


@dataclass(frozen=True)
class FrozenCase:
    """A case behind a frozen figure, as it stood then; ``amount``: what it adds to the count."""

    case_no: str
    amount: int
    facts: dict[str, Any]


def closed_periods(session: Session, limit: int, cursor: str | None = None) -> Page[ClosedPeriod]:
    """The newest version of each closed period, the latest period first; without contents and facts."""
    later = aliased(ClosedPeriod)
    newest = (
        select(later.id)
        .where(later.period == ClosedPeriod.period, later.version > ClosedPeriod.version)
        .exists()
    )
    statement = (
        select(ClosedPeriod)
        .options(defer(ClosedPeriod.content))
        .where(~newest)
        .order_by(ClosedPeriod.begins.desc(), ClosedPeriod.id.desc())
        .limit(limit + 1)
    )
    if cursor:
        statement = statement.where(
            tuple_(ClosedPeriod.begins, ClosedPeriod.id) < tuple(read_cursor(cursor, datetime, int))
        )
    rows = session.scalars(statement).all()
    following = (
        write_cursor(rows[limit - 1].begins.isoformat(), rows[limit - 1].id) if len(rows) > limit else None
    )
    return Page(rows[:limit], following)


def newest_version(session: Session, code: str) -> ClosedPeriod | None:
    """The newest version of a period, with its facts; empty where it was never closed."""
    return session.scalar(
        select(ClosedPeriod)
        .options(undefer(ClosedPeriod.facts))
        .where(ClosedPeriod.period == code)
        .order_by(ClosedPeriod.version.desc())
        .limit(1)
    )


def versions_of(session: Session, code: str) -> Sequence[ClosedPeriod]:
    """All versions of a period, the newest first, without contents and facts; raises NotFound."""
    rows = session.scalars(
        select(ClosedPeriod)
        .options(defer(ClosedPeriod.content))
        .where(ClosedPeriod.period == code)
        .order_by(ClosedPeriod.version.desc())
    ).all()
    if not rows:
        raise NotFound(_("{period} has not been closed").format(period=code[:48]))
    return rows


def find_version(session: Session, code: str, version: int) -> ClosedPeriod:
    """One version; raises NotFound."""
    found = session.scalar(
        select(ClosedPeriod).where(ClosedPeriod.period == code, ClosedPeriod.version == version)
    )
    if found is None:
        raise NotFound(_("There is no version {n} of {period}").format(n=version, period=code[:48]))
    return found


def find_run(session: Session, run_id: int) -> ClosingRun:
    """How far a closing is; raises NotFound."""
    run = session.get(ClosingRun, run_id)
    if run is None:
        raise NotFound(_("There is no closing {id}").format(id=run_id))
    return run


def frozen_of(closed: ClosedPeriod) -> FrozenFile:
    """The facts of a version, ready to be counted."""
    return FrozenFile(closed.facts, closed.content, closed.begins, closed.ends)


def verify(closed: ClosedPeriod) -> Verified:
    """Make the digest anew, and count all figures and scores anew from the frozen facts."""
    found = digest_of(closed.content, closed.facts)
    return Verified(closed.digest, found, recount.differences(closed.content, frozen_of(closed).parts()))


def changed_since(session: Session, closed: ClosedPeriod) -> Changed:
    """The cases that would count otherwise if the period were closed now; empty where all is as it was.

    Only cases that were written since can be such; of those the facts of now are compared with the frozen.
    """
    frozen = frozen_of(closed)
    counting = cases_that_count(session, Period(closed.begins, closed.ends))
    found: list[Difference] = []
    for first, after in frozen.ranges():
        was = frozen.between(first, after)
        counts_now = counting[(counting >= first) & (counting < after)]
        moved = _written_since(session, np.union1d(was.ids, counts_now), closed.closed_at)
        kept = pc.is_in(was.table["case_id"], value_set=pa.array(moved))
        # What counts in the period no more has no facts of it now.
        now = facts_of(session, np.intersect1d(moved, counts_now))
        found += differences(
            replace(was, table=was.table.filter(kept).combine_chunks()),
            replace(was, table=now.combine_chunks()),
        )
    return Changed(len({one.case_id for one in found}), told_by_case(session, found))


def _written_since(session: Session, ids: Numbers, since: datetime) -> Numbers:
    rows = session.execute(
        text('SELECT id FROM "case" WHERE id = ANY(:ids) AND updated_at >= :since'),
        {"ids": ids.tolist(), "since": since},
    ).scalars()
    return np.sort(np.fromiter(rows, np.int64))


def cases_behind(
    closed: ClosedPeriod, kind: str, code: str, count: str, limit: int, cursor: str | None = None
) -> Page[FrozenCase]:
    """Exactly the cases that a count of an object was made of, by their ids.

    Raises
    ------
    InvalidInput
        The closed period knows no such kind, object or count.
    """
    row = _object(closed.content, kind, code)
    last = read_cursor(cursor, int)[0] if cursor else -1
    items: list[FrozenCase] = []
    ids: list[int] = []
    for frozen in frozen_of(closed).parts():
        amounts = _behind(closed.content, frozen, kind, row, count)
        rows = np.flatnonzero((amounts != 0) & (frozen.ids > last))[: limit + 1 - len(items)]
        told = frozen.table.select(["case_no", *CASE_FIELDS]).take(rows).to_pylist()
        items += [
            FrozenCase(fields.pop("case_no"), int(amounts[at]), fields)
            for at, fields in zip(rows, told, strict=True)
        ]
        ids += frozen.ids[rows].tolist()
        if len(items) > limit:
            break
    return Page(items[:limit], write_cursor(ids[limit - 1]) if len(items) > limit else None)


def _object(content: Mapping[str, Any], kind: str, code: str) -> Mapping[str, Any]:
    if kind not in content["objects"]:
        raise InvalidInput(
            _("Unknown kind of object {kind}; known: {known}").format(
                kind=kind[:40], known=", ".join(content["objects"])
            ),
            errors=[{"pointer": "/object"}],
        )
    for row in content["objects"][kind]:
        if row["code"] == code:
            return row  # type: ignore[no-any-return]
    raise InvalidInput(
        _("The closed period has no {code} of this kind").format(code=code[:40]),
        errors=[{"pointer": "/code"}],
    )


def _behind(
    content: Mapping[str, Any], frozen: Frozen, kind: str, row: Mapping[str, Any], count: str
) -> Numbers:
    """How much each frozen case adds to a count of an object; shape (cases,)."""
    ids, defined = row["ids"], frozen.defined
    if kind in POSTS and count in ("missed", "report_or_missed"):
        missed = frozen.missed(content["patrols"].get(row["code"], []))
        return missed if count == "missed" else missed + _by_case(frozen, frozen.acts("report"), ids)
    if kind in POSTS and count in defined["duties"]:
        return _by_case(frozen, frozen.acts(count), ids)
    if kind == "department" and count in defined["parts"]:
        return _by_case(frozen, frozen.parts(count), ids)
    if kind not in POSTS and count in defined["counts"]:
        return frozen.amounts(count) * np.isin(frozen.belonging(recount.grain_of(kind)), ids)
    raise InvalidInput(
        _("{code} is no count of this kind of object").format(code=count[:40]), errors=[{"pointer": "/count"}]
    )


def _by_case(frozen: Frozen, found: tuple[Numbers, Numbers, Numbers], ids: list[int]) -> Numbers:
    rows, who, _ones = found
    return np.bincount(rows[np.isin(who, ids)], minlength=len(frozen.ids))


def count_versions(session: Session, codes: Sequence[str]) -> dict[str, int]:
    """How many versions each period has."""
    rows = session.execute(
        select(ClosedPeriod.period, func.count())
        .where(ClosedPeriod.period.in_(codes))
        .group_by(ClosedPeriod.period)
    )
    return {row[0]: row[1] for row in rows}
