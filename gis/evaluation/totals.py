"""Totals of counts by object and day or month: made from the facts anew, and put together where they grew.

A change of a case adds rows with its differences, and nothing ever changes a row; so the sum over the rows of
a key is right at every moment, whoever writes meanwhile. Each statement below replaces the rows it sees by
rows with the same sums, and what is added meanwhile stays beside them. Only two that replace the same rows
must not run at once: an advisory lock keeps them apart, and nobody else takes it.
"""

from collections import defaultdict
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from gis.evaluation.counts import COUNTS, Count
from gis.settings import get_settings

BATCH = 20_000  # fresh rows put together in one transaction
_LOCK = 4_209_012
_EARLIEST, _LATEST = date(1900, 1, 1), date(9999, 1, 1)

_TOGETHER = text(
    """
    WITH fresh AS (
        SELECT grain, count_no, bucket, object_id FROM fact_total WHERE fresh ORDER BY id LIMIT :most
    ), keys AS MATERIALIZED (
        SELECT DISTINCT grain, count_no, bucket, object_id FROM fresh
    ), gone AS (
        DELETE FROM fact_total AS t USING keys AS k
        WHERE (t.grain, t.count_no, t.bucket, t.object_id) = (k.grain, k.count_no, k.bucket, k.object_id)
        RETURNING t.*
    ), kept AS (
        INSERT INTO fact_total (grain, count_no, bucket, object_id, amount, fresh)
        SELECT grain, count_no, bucket, object_id, sum(amount), false FROM gone
        GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0
    )
    SELECT count(*) FROM fresh
    """
)


def put_together(session: Session, most: int = BATCH) -> int:
    """Make one row of the rows of each key that has fresh ones; none where they add up to nothing.

    Returns how many fresh rows that were, 0 where fewer than ``most`` were left or another does the same.
    """
    connection = session.connection()
    if not connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LOCK}):
        return 0
    done = int(connection.scalar(_TOGETHER, {"most": most}) or 0)
    return done if done == most else 0


def months(connection: Connection) -> list[tuple[date, date]]:
    """The months that cases were reported in, as first day and day after; first and last reach for ever."""
    earliest, latest = connection.execute(
        text("SELECT (SELECT min(reported_at) FROM case_fact), (SELECT max(reported_at) FROM case_fact)")
    ).one()
    if earliest is None:
        return [(_EARLIEST, _LATEST)]
    zone = get_settings().zone
    day, last = earliest.astimezone(zone).date().replace(day=1), latest.astimezone(zone).date()
    starts = []
    while day <= last:
        starts.append(day)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return list(zip([_EARLIEST, *starts[1:]], [*starts[1:], _LATEST], strict=True))


def keep_apart(connection: Connection) -> None:
    """Wait for who puts rows together, and let nobody until the transaction ends."""
    connection.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _LOCK})


def remake(connection: Connection, first: date, after: date, anew: bool = False) -> None:
    """Replace the totals of the days from ``first`` to before ``after`` by what the facts say.

    Both the first day of a month. In the caller's transaction, which must be read committed: the snapshot is
    taken after the lock. ``anew``: all that is there came by changes since totals were emptied.
    """
    keep_apart(connection)
    values = {"first": first, "after": after, "nos": [count.no for count in COUNTS.values()]}
    connection.execute(text(_remake_sql(_FRESH if anew else _BY_KEY)), values)


# The condition that an index serves: the small one of fresh rows, or that of all keys.
_FRESH = "fresh"
_BY_KEY = "grain = ANY(ARRAY['department', 'community', 'unit_grid']) AND count_no = ANY(:nos)"


def _by_moment() -> dict[str, list[Count]]:
    found: dict[str, list[Count]] = defaultdict(list)
    for count in COUNTS.values():
        found[count.at].append(count)
    return found


@lru_cache
def _remake_sql(which: str) -> str:
    """One statement, so one snapshot: what is deleted and what is counted are of the same moment."""
    zone = get_settings().timezone
    begins, ends = (f"(CAST(:{day} AS date)::timestamp AT TIME ZONE '{zone}')" for day in ("first", "after"))
    parts = []
    for moment, counts in _by_moment().items():
        amounts = ", ".join(
            f"coalesce(sum({row.amount or 1}) FILTER (WHERE {row.where}), 0) AS n{row.no}"
            if row.amount
            else f"count(*) FILTER (WHERE {row.where}) AS n{row.no}"
            for row in counts
        )
        values = ", ".join(f"({row.no}, n{row.no})" for row in counts)
        parts.append(
            "SELECT g.grain, v.no, g.bucket, g.object_id, v.amount FROM ("
            "SELECT CASE WHEN GROUPING(f.department) = 0 THEN 'department'"
            " WHEN GROUPING(f.community_id) = 0 THEN 'community' ELSE 'unit_grid' END AS grain,"
            " coalesce(f.day, f.month) AS bucket,"
            " coalesce(f.department, f.community_id, f.unit_grid_id) AS object_id,"
            f" {amounts} FROM (SELECT c.*, coalesce(c.department_id, 0) AS department, d.day,"
            " date_trunc('month', d.day)::date AS month FROM case_fact AS c CROSS JOIN LATERAL"
            f" (SELECT (c.{moment} AT TIME ZONE '{zone}')::date AS day) AS d"
            f" WHERE c.{moment} >= {begins} AND c.{moment} < {ends}) AS f"
            " GROUP BY GROUPING SETS ((f.department, f.day), (f.community_id, f.day),"
            " (f.unit_grid_id, f.month))) AS g"
            f" CROSS JOIN LATERAL (VALUES {values}) AS v (no, amount) WHERE v.amount <> 0"
        )
    return (
        f"WITH gone AS (DELETE FROM fact_total WHERE {which} AND bucket >= :first AND bucket < :after)"
        " INSERT INTO fact_total (grain, count_no, bucket, object_id, amount, fresh)"
        " SELECT grain, no, bucket, object_id, amount, false FROM (" + " UNION ALL ".join(parts) + ") AS t"
    )
