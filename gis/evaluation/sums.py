"""Counts of many objects at once: whole days and months from totals, the rest from the facts themselves.

Totals hold what is due later already: that is counted from the facts and taken off, for it is little. What
begins or ends within a day (of unit grids: a month) is counted from the facts, up to this moment.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.case.scope import Scope
from gis.evaluation.counts import COUNTS, Count
from gis.evaluation.period import Period
from gis.settings import get_settings

Sums = dict[int, dict[str, int]]  # object → count → how many
Range = tuple[datetime, datetime]


@dataclass(frozen=True)
class Grain:
    """How one kind of object is counted: its column of ``case_fact``, its totals and their buckets."""

    key: str
    totals: str
    by_month: bool = False


GRAINS = {
    "department": Grain("department_id", "department"),
    "community": Grain("community_id", "community"),
    "unit_grid": Grain("unit_grid_id", "unit_grid", by_month=True),
}


def sums(
    session: Session,
    grain: str,
    counts: Iterable[str],
    period: Period,
    now: datetime,
    scope: Scope | None = None,
    objects: Sequence[int] | None = None,
) -> Sums:
    """How many of each count fall on each object in a period, as far as it has come.

    Parameters
    ----------
    grain : ``department`` (0: without one), ``community`` or ``unit_grid``
    scope : of a reader who sees a part of the city only; then totals are of no use, and facts are counted
    objects : ids to tell of; all where empty

    Returns
    -------
    ids of objects with anything to tell; what is missing is 0
    """
    wanted = [COUNTS[code] for code in dict.fromkeys(counts)]
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    row = GRAINS[grain]
    narrowed = scope is not None and bool(scope.streets or scope.communities)
    buckets, rest = (
        (None, [(period.begins, period.until(now), 1)]) if narrowed else split(period, now, row.by_month)
    )
    # The facts first: what is due later and comes to be meanwhile must not be taken off totals without it.
    for begins, ends, sign in rest:
        for object_id, told in _of_facts(session, row.key, wanted, (begins, ends), scope, objects).items():
            for code, amount in told.items():
                found[object_id][code] += sign * amount
    if buckets is not None and wanted:
        for object_id, no, amount in session.execute(
            text(
                "SELECT object_id, count_no, sum(amount) FROM fact_total"
                " WHERE grain = :grain AND count_no = ANY(:nos) AND bucket >= :first AND bucket < :after"
                + (" AND object_id = ANY(:objects)" if objects is not None else "")
                + " GROUP BY 1, 2"
            ),
            {
                "grain": row.totals,
                "nos": [count.no for count in wanted],
                "first": buckets[0],
                "after": buckets[1],
                "objects": list(objects or ()),
            },
        ):
            found[object_id][_CODES[no]] += int(amount)
    return {
        object_id: kept
        for object_id, told in found.items()
        if (kept := {code: amount for code, amount in told.items() if amount})
    }


_CODES = {count.no: code for code, count in COUNTS.items()}


def split(
    period: Period, now: datetime, by_month: bool
) -> tuple[tuple[date, date] | None, list[tuple[datetime, datetime, int]]]:
    """Whole buckets of a period (first, after last), and what is counted beside them: 1, or taken off: -1."""
    zone = get_settings().zone
    begins, ends = period.begins.astimezone(zone), period.ends.astimezone(zone)
    first = begins.date() if begins == _midnight(begins.date()) else begins.date() + timedelta(days=1)
    after = ends.date()
    if by_month:
        first = first if first.day == 1 else _next_month(first)
        after = after.replace(day=1)
    if first >= after or _midnight(first) >= now:
        return None, [(period.begins, period.until(now), 1)]
    rest = [
        (period.begins, _midnight(first), 1),
        (_midnight(after), period.until(now), 1),
        (now, _midnight(after), -1),
    ]
    return (first, after), [one for one in rest if one[0] < one[1]]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=get_settings().zone)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _of_facts(
    session: Session,
    key: str,
    wanted: Sequence[Count],
    span: Range,
    scope: Scope | None,
    objects: Sequence[int] | None,
) -> Mapping[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    by_moment: dict[str, list[Count]] = defaultdict(list)
    for count in wanted:
        by_moment[count.at].append(count)
    for moment, rows in by_moment.items():
        columns = ", ".join(
            f"coalesce(sum({row.amount}) FILTER (WHERE {row.where}), 0)"
            if row.amount
            else f"count(*) FILTER (WHERE {row.where})"
            for row in rows
        )
        statement = (
            f"SELECT coalesce(f.{key}, 0), {columns} FROM case_fact AS f"
            f" WHERE f.{moment} >= :begins AND f.{moment} < :ends {in_scope(scope)}"
            + (f" AND coalesce(f.{key}, 0) = ANY(:objects)" if objects is not None else "")
            + " GROUP BY 1"
        )
        values = {"begins": span[0], "ends": span[1], "objects": list(objects or ()), **scope_values(scope)}
        for object_id, *amounts in session.execute(text(statement), values):
            for row, amount in zip(rows, amounts, strict=True):
                if amount:
                    found[object_id][row.code] = int(amount)
    return found


def in_scope(scope: Scope | None) -> str:
    """SQL that narrows ``f`` to what a reader may see; empty where that is the whole city."""
    if scope is None or not (scope.streets or scope.communities):
        return ""
    return "AND (f.street_id = ANY(:streets) OR f.community_id = ANY(:communities))"


def scope_values(scope: Scope | None) -> dict[str, list[int]]:
    return {"streets": list(scope.streets), "communities": list(scope.communities)} if scope else {}
