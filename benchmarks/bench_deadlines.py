"""Deadlines of 100,000 cases in disposal, computed anew and written, after the calendar has changed."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

from gis.case.calendar_changes import clear_local_day, set_local_day
from gis.case.recompute import Recomputed, recompute_all
from gis.database import engine, transaction
from gis.schema import metadata
from gis.settings import get_settings

CASES = 100_000
# Copies of the city's cases in disposal, begun minute by minute in the past 70 days; half have run before:
# sent back, and dispatched again to the same department.
MAKE = (
    """
    INSERT INTO "case" (case_no, kind, edition, class_code, rule_code, state, source, description, location,
                        unit_grid_id, community_id, street_id, duty_grid_id, department_id,
                        reported_at, filed_at, dispatched_at, limit_value, limit_unit,
                        due_at, stage, stage_due_at)
    SELECT 'BENCH' || n, kind, edition, class_code, rule_code, state, source, 'bench', location,
           unit_grid_id, community_id, street_id, duty_grid_id, department_id,
           at, at, at, 1 + n % 7, CASE n % 3 WHEN 0 THEN 'WORK_HOUR' ELSE 'WORK_DAY' END,
           at, 'dispose', at
    FROM generate_series(1, :cases) AS n
    CROSS JOIN LATERAL (SELECT now() - n * interval '1 minute' AS at) AS begun
    JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS rank, count(*) OVER () AS many
          FROM "case" WHERE stage = 'dispose' AND state = 'accepted') AS model ON rank = n % many
    """,
    """
    INSERT INTO case_interval (case_id, stage, round, started_at, ended_at, department_id)
    SELECT id, 'dispose', 1, dispatched_at - interval '1 day', dispatched_at - interval '23 hours',
           department_id
    FROM "case" WHERE description = 'bench' AND id % 2 = 0
    """,
    """
    INSERT INTO case_interval (case_id, stage, round, started_at, department_id)
    SELECT id, 'dispose', 1, dispatched_at, department_id FROM "case" WHERE description = 'bench'
    """,
    "ANALYZE case_interval",
    'ANALYZE "case"',
)
REMOVE = (
    "DELETE FROM case_interval WHERE case_id IN (SELECT id FROM \"case\" WHERE description = 'bench')",
    "DELETE FROM \"case\" WHERE description = 'bench'",
)


def timed(name: str, work: Callable[[], Recomputed]) -> None:
    begin = time.perf_counter()
    done = work()
    seconds = time.perf_counter() - begin
    print(f"{name:<42}{done.cases:>10,}{done.moved:>10,}{seconds:>8.2f}")


def main() -> None:
    """Print how many cases were looked at, how many deadlines moved, and the seconds it took."""
    metadata()
    with engine().begin() as connection:
        _run(connection, MAKE)
    print(f"{'':<42}{'cases':>10}{'moved':>10}{'s':>8}")
    timed("every deadline is written", recompute_all)
    timed("nothing has changed", recompute_all)
    holiday = datetime.now(UTC).astimezone(get_settings().zone).date() - timedelta(days=1)
    while holiday.isoweekday() > 5:
        holiday -= timedelta(days=1)
    with transaction() as session:
        set_local_day(session, holiday, False, "bench", None)
    timed(f"{holiday} is a holiday after all", recompute_all)
    with transaction() as session:
        clear_local_day(session, holiday)
    timed("it is a workday again", recompute_all)
    with engine().begin() as connection:
        _run(connection, REMOVE)


def _run(connection: Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        values = {"cases": CASES} if ":cases" in statement else {}
        connection.execute(text(statement), values)


if __name__ == "__main__":
    main()
