"""All facts anew from cases, steps, intervals and tasks: some cases at a time, in bounded memory."""

from collections.abc import Callable

from sqlalchemy import Connection, text

TABLES = ("case_fact", "case_fact_part", "case_fact_post", "fact_total")
CHUNK = 50_000  # cases at a time
TRIGGERS = ("keep_facts_of_new", "keep_facts_of_changed")

_TOTALS = """
INSERT INTO fact_total (grain, count_no, bucket, object_id, amount, fresh)
SELECT k.grain, c.count_no, k.bucket, k.object_id, sum(c.amount), false
FROM case_fact AS f
CROSS JOIN LATERAL app.fact_counts(f) AS c
CROSS JOIN LATERAL app.fact_keys(f, c.day) AS k
GROUP BY 1, 2, 3, 4
"""


def rebuild(connection: Connection, say: Callable[[int, int], None] = lambda _done, _total: None) -> int:
    """Empty facts and totals and derive them from all cases; returns how many there are.

    In the caller's transaction, which no case may change meanwhile: the table of cases is locked against
    writing. ``say`` is told how many of how many are done.
    """
    connection.execute(text('LOCK TABLE "case" IN SHARE MODE'))
    connection.execute(text(f"TRUNCATE {', '.join(TABLES)}"))
    first, last, total = connection.execute(text('SELECT min(id), max(id), count(*) FROM "case"')).one()
    done = 0
    for begin in range(first or 0, (last or -1) + 1, CHUNK):
        span = {"first": begin, "last": begin + CHUNK - 1}
        for table in ("case_fact", "case_fact_part", "case_fact_post"):
            rows = connection.execute(
                text(f"INSERT INTO {table} SELECT * FROM app.{table}s(:first, :last)"), span
            ).rowcount
            if table == "case_fact":
                done += rows
        say(done, total)
    connection.execute(text(_TOTALS))
    for table in TABLES:
        connection.execute(text(f"ANALYZE {table}"))
    return done
