"""Loading the sample city: COPY, with what only checks or speeds up set aside and made again at the end.

The guards of the database (``gis/sql/functions/guards.sql``) stay on: a row that must not be is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, text

from gis.errors import Conflict
from gis.evaluation.rebuild import TRIGGERS as FACT_TRIGGERS
from gis.evaluation.rebuild import rebuild as rebuild_facts
from gis.i18n import _
from gis.tile.datasets import KEPT
from gis.tile.settling import rebuild
from sample_data.city import UNTIL, build
from sample_data.tables import Table

# Tables that are large enough for it to pay.
LARGE = ("building", "pipe_point", "pipe_segment", "component", '"case"', "case_step", "case_interval")
# They refuse to be emptied; only where the whole city goes are they told to stand aside.
HISTORIES = ("case_step", "edit_record", "closed_period")
Say = Callable[[str, int], None]


@dataclass
class Loaded:
    """Rows and seconds of each table; ``finishing_s`` is for indexes, foreign keys and statistics."""

    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    finishing_s: float = 0.0


def has_city(connection: Connection) -> bool:
    """Whether there is a city in the database."""
    return connection.scalar(text("SELECT true FROM city LIMIT 1")) is True


def load(
    connection: Connection,
    size: str,
    seed: int = 1,
    say: Say = lambda _table, _rows: None,
    until: date = UNTIL,
) -> Loaded:
    """Load the sample city in the transaction of ``connection``; the caller commits.

    ``say`` is told the table and its rows so far.

    Raises
    ------
    Conflict
        There is a city already.
    InvalidInput
        There is no such size.
    """
    if has_city(connection):
        raise Conflict(_("There is a city in this database already; --replace puts the sample in its place"))
    done = Loaded()
    connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    connection.execute(text("SET LOCAL synchronous_commit = off"))
    tables = build(size, seed, until)
    # Facts are derived last: from tables that have their indexes and statistics again.
    with FactsAfterwards(connection):
        with SetAside(connection), TilesAfterwards(connection):
            for table in tables:
                began = perf_counter()
                done.rows[table.name] = copy_table(connection, table, say)
                done.seconds[table.name] = perf_counter() - began
            began = perf_counter()
        for name in done.rows:
            _finish(connection, name)
    done.finishing_s = perf_counter() - began
    return done


def copy_table(connection: Connection, table: Table, say: Say = lambda _table, _rows: None) -> int:
    """COPY all blocks of a table; returns how many rows."""
    driver: Any = connection.connection.driver_connection
    columns = ", ".join(table.columns)
    rows = 0
    for count, lines in table.copy_blocks():
        # One statement a block: the guards look at the rows of a statement together.
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
            copy.write(lines)
        rows += count
        say(table.name, rows)
    return rows


def remove_city(connection: Connection) -> None:
    """Empty the database of its city: places, people, pipes, cases and their history, for good."""
    for history in HISTORIES:
        connection.execute(text(f"ALTER TABLE {history} DISABLE TRIGGER append_only_truncate"))
    connection.execute(
        text(
            "TRUNCATE city, area, duty_grid, unit_grid, road, building, place, department, responsibility,"
            ' person, component, pipe_point, pipe_segment, "case", case_step, case_counter, edit_record'
            " RESTART IDENTITY CASCADE"
        )
    )
    for history in HISTORIES:
        connection.execute(text(f"ALTER TABLE {history} ENABLE TRIGGER append_only_truncate"))


class SetAside:
    """Foreign keys and plain indexes of the large tables: dropped on the way in, made again on the way out.

    Primary keys, unique constraints and partial indexes stay: a condition that is read back and written again
    is no longer the same text. A foreign key made again is checked for all rows at once.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._again: list[str] = []

    def __enter__(self) -> None:
        for table in LARGE:
            keys = self._connection.execute(
                text(
                    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
                    " WHERE conrelid = CAST(:table AS regclass) AND contype = 'f' ORDER BY conname"
                ),
                {"table": table},
            ).all()
            indexes = self._connection.execute(
                text(
                    "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index AS i"
                    " WHERE i.indrelid = CAST(:table AS regclass) AND NOT i.indisunique AND i.indpred IS NULL"
                    " ORDER BY 1"
                ),
                {"table": table},
            ).all()
            self._again += [definition for _name, definition in indexes]
            self._again += [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {key}' for name, key in keys]
            for name, _key in keys:
                self._connection.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'))
            for name, _definition in indexes:
                self._connection.execute(text(f"DROP INDEX {name}"))

    def __exit__(self, kind: object, *_rest: object) -> None:
        if kind is not None:
            return  # the transaction rolls back, and all is as it was
        for statement in self._again:
            self._connection.exec_driver_sql(statement.replace("%", "%%"))


class TilesAfterwards:
    """What tiles are made of is not kept row by row while a city comes in, but made at the end."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._switch("DISABLE")

    def __exit__(self, kind: object, *_rest: object) -> None:
        if kind is None:
            self._switch("ENABLE")
            rebuild(self._connection)

    def _switch(self, how: str) -> None:
        for dataset in KEPT.values():
            for event in ("insert", "update", "delete"):
                self._connection.execute(
                    text(f"ALTER TABLE {dataset.subject} {how} TRIGGER keep_tiles_{event}")
                )


class FactsAfterwards:
    """Facts of cases likewise."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._switch("DISABLE")

    def __exit__(self, kind: object, *_rest: object) -> None:
        if kind is None:
            self._switch("ENABLE")
            rebuild_facts(self._connection)

    def _switch(self, how: str) -> None:
        for trigger in FACT_TRIGGERS:
            self._connection.execute(text(f'ALTER TABLE "case" {how} TRIGGER {trigger}'))


def _finish(connection: Connection, name: str) -> None:
    """Set the identity past the ids that were given, and gather the planner's statistics."""
    identity = connection.scalar(
        text(
            "SELECT pg_get_serial_sequence(:quoted, attname) FROM pg_attribute"
            " WHERE attrelid = CAST(:quoted AS regclass) AND attidentity <> ''"
        ),
        {"quoted": f'"{name}"'},
    )
    if identity:
        connection.execute(
            text(f'SELECT setval(CAST(:seq AS regclass), (SELECT coalesce(max(id), 1) FROM "{name}"))'),
            {"seq": identity},
        )
    connection.execute(text(f'ANALYZE "{name}"'))
