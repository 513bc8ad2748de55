"""A city of 12,000 unit grids with millions of cases over five years, for what evaluation costs.

The cases of a sample city are told again: each copy as many whole weeks earlier as its turn says, by some
minutes moved, in another unit grid, with the steps, intervals and co-departments of the case it copies. So
outcomes are as plausible as those of the sample, and ids go with time as in a city that has grown. Two of
five copy a case that was never filed; a case has seven steps on average.

``CITYGRID_DATABASE_URL=… python -m benchmarks.evaluation_city 10000000`` fills a database that init-db made.
Written by statements over sets, with triggers off and indexes set aside; for 10 million cases it takes about
40 GB of disk with the facts.
"""

import sys
import time
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, Index, text
from sqlalchemy.schema import CreateIndex, DropIndex

from gis.case.models import Case, CaseStep
from gis.case.side_models import CaseCoDepartment, CaseInterval
from gis.database import engine
from sample_data.load import has_city, load
from sample_data.sizes import SIZES

GRIDS = 12_000
SAMPLE_CASES = 10_000
WEEKS = 252  # and the two months of the sample: five years
CHUNK = 500_000  # copies a transaction
# What no figure, no action on a case and no recomputing looks at; half as much disk again.
LEFT_OUT = (
    "ix_case_words", "idx_case_location", "ix_case_class", "ix_case_department_state_id", "ix_case_state_id",
    "ix_case_community_id", "ix_case_street_id", "ix_case_reporter_id", "ix_case_department_id",
    "ix_case_updated_at", "ix_case_unit_grid_id", "ix_case_filed_at", "ix_case_duty_grid_id",
    "ix_case_step_actor_id", "ix_case_step_at",
)  # fmt: skip
TABLES = {'"case"': Case, "case_step": CaseStep, "case_interval": CaseInterval,
          "case_co_department": CaseCoDepartment}  # fmt: skip
# Columns of copied cases that differ from those of the one they copy; moments are moved besides.
OF_COPY = {
    "id": "k.id",
    "case_no": "'B' || k.id",
    "description": "''",
    "address": "''",
    "location": "k.location",
    "unit_grid_id": "k.unit_grid_id",
    "community_id": "k.community_id",
    "street_id": "k.street_id",
    "duty_grid_id": "k.duty_grid_id",
    "component_id": "NULL",
    "idempotency_key": "NULL",
    "idempotency_digest": "NULL",
    "external_id": "NULL",
    "alarm_at": "NULL",
}


def main(cases: int) -> None:
    """Load the sample where there is no city yet, and fill up to so many cases; say what each part took."""
    with engine().begin() as connection:
        if not has_city(connection):
            _load_sample(connection)
    with Watch("copies"), engine().connect() as connection:
        fill(connection, cases)


def _load_sample(connection: Connection) -> None:
    """The city of the middle size with three times its grids, and few pipes: nothing here asks for them."""
    middle = SIZES["city"]
    SIZES["city"] = replace(
        middle, cells=GRIDS, components=1_000, cases=SAMPLE_CASES, surveyed_share=0.02, spacing=3.0
    )
    try:
        load(connection, "city", until=date.today())  # noqa: DTZ011
    finally:
        SIZES["city"] = middle


class Watch:
    """Prints what a part took."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(self, *_rest: object) -> None:
        print(f"{self._name:<24}{time.perf_counter() - self._began:>9.1f} s", flush=True)


def fill(connection: Connection, cases: int) -> None:
    """Copies of the sample's cases that have ended, until there are so many cases."""
    run = connection.exec_driver_sql
    run(
        "SET session_replication_role = replica"
    )  # no triggers, no foreign keys: all is copied from right rows
    run("SET synchronous_commit = off")
    run("SET maintenance_work_mem = '1GB'")
    for index in _plain_indexes():
        connection.execute(DropIndex(index, if_exists=True))
    run("ALTER TABLE case_step DROP CONSTRAINT IF EXISTS pk_case_step CASCADE")  # asked for by nothing
    last = _prepare(connection)
    connection.commit()
    begun = connection.scalar(text('SELECT count(*) FROM "case"')) or 0
    total = cases - begun
    for first in range(0, max(total, 0), CHUNK):
        with Watch(f"cases to {begun + min(total, first + CHUNK):,}"):
            values = {"last": last, "first": first, "after": min(total, first + CHUNK), "total": total}
            connection.execute(text("DROP TABLE IF EXISTS k"))
            connection.execute(text(_COPIES), values)
            connection.execute(text("ANALYZE k"))
            for name, model in TABLES.items():
                connection.execute(text(_copy(name, model)))
            connection.commit()
    for index in _plain_indexes():
        if index.name not in LEFT_OUT:
            with Watch(str(index.name)):
                connection.execute(CreateIndex(index))
                connection.commit()
    for name in TABLES:
        run(f"ANALYZE {name}")
    run("SELECT setval(pg_get_serial_sequence('\"case\"', 'id'), (SELECT max(id) FROM \"case\"))")
    connection.commit()


def _plain_indexes() -> list[Index]:
    """Of the tables that are filled; unique ones and those with a condition stay while they are."""
    return [
        index
        for model in (Case, CaseStep, CaseInterval)
        for index in model.metadata.tables[model.__tablename__].indexes
        if not index.unique and index.dialect_options["postgresql"]["where"] is None
    ]


def _prepare(connection: Connection) -> int:
    """Temporary tables of what is copied and of where it may be laid; returns the highest id of a case."""
    run = connection.exec_driver_sql
    run('CREATE TEMP TABLE o AS SELECT * FROM "case" WHERE stage IS NULL AND id <= '
        f"(SELECT min(id) + {SAMPLE_CASES} FROM \"case\")")  # fmt: skip
    run(
        "CREATE TEMP TABLE turns AS SELECT id, filed_at IS NULL AS short,"
        " row_number() OVER (PARTITION BY filed_at IS NULL ORDER BY id) - 1 AS turn FROM o"
    )
    run("CREATE TEMP TABLE lengths AS SELECT short, count(*) AS among FROM turns GROUP BY 1")
    run(
        "CREATE TEMP TABLE places AS SELECT row_number() OVER (ORDER BY g.id) - 1 AS turn,"
        " g.id AS unit_grid_id, g.community_id, a.parent_id AS street_id, g.duty_grid_id,"
        " ST_PointOnSurface(g.geom) AS location"
        " FROM unit_grid AS g JOIN area AS a ON a.id = g.community_id"
    )
    for name in ("case_step", "case_interval", "case_co_department"):
        run(f"CREATE TEMP TABLE o_{name} AS SELECT * FROM {name} WHERE case_id IN (SELECT id FROM o)")
        run(f"CREATE INDEX ON o_{name} (case_id)")
        run(f"ANALYZE o_{name}")
    for name in ("o", "turns", "places"):
        run(f"ANALYZE {name}")
    return int(connection.scalar(text('SELECT max(id) FROM "case"')) or 0)


# Which case each copy copies, where it lies, and by how much it is earlier.
_COPIES = f"""
CREATE TEMP TABLE k AS
SELECT CAST(:last AS bigint) + 1 + n AS id, o.id AS of_id, p.unit_grid_id, p.community_id, p.street_id,
       p.duty_grid_id, p.location,
       make_interval(weeks => {WEEKS} - ({WEEKS}::bigint * n / :total)::integer,
                     mins => (abs(hashint8(n)) % 240)::integer, secs => (n % 60)::integer) AS earlier
FROM generate_series(CAST(:first AS bigint), CAST(:after AS bigint) - 1) AS n
JOIN lengths AS l ON l.short = (n % 5 >= 3)
JOIN turns AS o ON o.short = l.short AND o.turn = abs(hashint8(n + 7)) % l.among
JOIN places AS p ON p.turn = abs(hashint8(n + 77)) % (SELECT count(*) FROM places)
ORDER BY 1
"""


def _copy(name: str, model: type) -> str:
    columns = [column for column in model.__table__.columns if column.name != "id" or model is Case]  # type: ignore[attr-defined]
    said = []
    for column in columns:
        own = (
            OF_COPY.get(column.name) if model is Case else {"case_id": "k.id", "note": "''"}.get(column.name)
        )
        moved = column.type.python_type.__name__ == "datetime" if own is None else False
        said.append(own or (f"o.{column.name} - k.earlier" if moved else f"o.{column.name}"))
    source = "o ON o.id = k.of_id" if model is Case else f"o_{name} AS o ON o.case_id = k.of_id"
    return (
        f"INSERT INTO {name} ({', '.join(column.name for column in columns)})"
        f" SELECT {', '.join(said)} FROM k JOIN {source}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1].replace("_", "")))
