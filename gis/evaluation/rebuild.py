"""All facts anew from cases, steps, intervals and tasks: some cases at a time, in bounded memory.

:func:`rebuild` does it in the caller's transaction, for who loads or upgrades a city; nobody can write cases
meanwhile. :func:`rebuild_beside` does it while the service runs: each chunk of cases is a transaction of its
own, two at a time, and only who ends a step of one of these cases waits for it, a second or two. Until it
ends, whole months show what they showed before.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import date
from itertools import chain
from threading import Lock

from sqlalchemy import Connection, Engine, Index, text
from sqlalchemy.schema import CreateIndex, DropIndex

from gis.database import SQL, Base
from gis.evaluation import counts, models  # noqa: F401 - the tables whose indexes are made again
from gis.evaluation.totals import keep_apart, months, remake

FACTS = {  # table → what tells its rows of a case apart
    "case_fact": ("case_id",),
    "case_fact_part": ("case_id", "part", "department_id", "seq"),
    "case_fact_post": ("case_id", "duty", "seq"),
}
TABLES = (*FACTS, "fact_total")
CHUNK_BITS = 15  # 32768 ids at a time; app.write_facts takes the lock of the chunk of its case
# Holds by which functions the facts were derived; no comment of a table, which the models would have to know.
STAMPED = "CONSTRAINT pk_case_fact ON public.case_fact"
TRIGGERS = ("keep_facts_of_new", "keep_facts_of_changed")
WORKERS = 2
_LOCK = 4_209_011  # of a chunk, beside its number
_ONE_RUN = 4_209_013
_SETTINGS = "SET LOCAL work_mem = '128MB'; SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL jit = off"

Say = Callable[[int, int], None]


def _quiet(_done: int, _total: int) -> None:
    pass


def rebuild(connection: Connection, say: Say = _quiet) -> int:
    """Empty facts and totals and derive them from all cases; returns how many there are.

    In the caller's transaction, which no case may change meanwhile: the table of cases is locked against
    writing. ``say`` is told how many of how many are done.
    """
    connection.exec_driver_sql(_SETTINGS)
    connection.execute(text('LOCK TABLE "case" IN SHARE MODE'))
    connection.execute(text(f"TRUNCATE {', '.join(TABLES)}"))
    _set_aside(connection)
    done = 0
    total = _count(connection)
    for chunk in _chunks(connection):
        done += _derive(connection, chunk)
        say(done, total)
    for statement in chain.from_iterable(_lacking(connection, FACTS)):
        connection.exec_driver_sql(statement)
    connection.execute(text("ANALYZE case_fact"))
    for first, after in months(connection):
        remake(connection, first, after, anew=True)
    for statement in chain.from_iterable(_lacking(connection, TABLES)):
        connection.exec_driver_sql(statement)
    for table in TABLES:
        connection.execute(text(f"ANALYZE {table}"))
    stamp(connection)
    return done


def rebuild_beside(engine: Engine, say: Say = _quiet, workers: int = WORKERS, anew: bool = False) -> int:
    """Derive all facts while the service runs, and write those that differ; returns how many cases there are.

    Parameters
    ----------
    anew : empty them first and make indexes at the end: quicker where all of them differ, but until it ends
        figures lack what is not derived yet

    Two at once wait for each other.
    """
    with engine.connect() as guard, guard.begin():
        guard.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_RUN})
        if anew:
            keep_apart(guard)
        return _rebuild_beside(engine, say, workers, anew)


def _rebuild_beside(engine: Engine, say: Say, workers: int, anew: bool) -> int:
    with engine.begin() as connection:
        if anew:
            # Broken off, the next upgrade begins anew.
            connection.execute(text(f"COMMENT ON {STAMPED} IS NULL"))
            connection.execute(text(f"TRUNCATE {', '.join(TABLES)}"))
            _set_aside(connection)
        chunks, total = _chunks(connection), _count(connection)
    told, lock = 0, Lock()

    def derive(chunk: int) -> int:
        nonlocal told
        with engine.begin() as connection:
            connection.exec_driver_sql(_SETTINGS + "; SET LOCAL synchronous_commit = off")
            connection.execute(
                text("SELECT pg_advisory_xact_lock(:lock, :chunk)"), {"lock": _LOCK, "chunk": chunk}
            )
            done = _derive(connection, chunk) if anew else _correct(connection, chunk)
        with lock:
            told += done
            say(told, total)
        return done

    def make(statements: Sequence[str]) -> None:
        for statement in statements:
            with engine.begin() as connection:
                connection.exec_driver_sql(_SETTINGS)
                connection.exec_driver_sql(statement)

    def make_all(tables: Iterable[str], pool: Executor) -> None:
        with engine.connect() as connection:
            lacking = _lacking(connection, tables)
        list(pool.map(make, lacking))

    def add_up(span: tuple[date, date]) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql(_SETTINGS)
            remake(connection, *span, anew)

    with ThreadPoolExecutor(workers) as pool:
        done = sum(pool.map(derive, chunks))
        make_all(FACTS if anew else TABLES, pool)
        make(["ANALYZE case_fact"])
        with engine.connect() as connection:
            spans = months(connection)
        list(pool.map(add_up, spans))
        make_all(TABLES, pool)
        list(pool.map(make, ([f"ANALYZE {table}"] for table in TABLES)))
    with engine.begin() as connection:
        stamp(connection)
    return done


def is_current(connection: Connection) -> bool:
    """Whether the facts were derived by the functions of this release."""
    found = connection.scalar(
        text("SELECT obj_description(oid, 'pg_constraint') FROM pg_constraint WHERE conname = 'pk_case_fact'")
    )
    return bool(found == digest())


def is_little(connection: Connection) -> bool:
    """Whether all cases are one chunk at most: then it is a matter of a moment."""
    return len(_chunks(connection)) <= 1


def stamp(connection: Connection) -> None:
    """Note by which functions all facts were derived."""
    connection.execute(text(f"COMMENT ON {STAMPED} IS '{digest()}'"))


def digest() -> str:
    """A hash of all that facts and totals depend on but the cases."""
    said = (SQL / "functions" / "facts.sql").read_text("utf-8") + counts.function_sql()
    return hashlib.sha256(said.encode()).hexdigest()


def _count(connection: Connection) -> int:
    return int(connection.scalar(text('SELECT count(*) FROM "case"')) or 0)


def _chunks(connection: Connection) -> Sequence[int]:
    first, last = connection.execute(text('SELECT min(id), max(id) FROM "case"')).one()
    return [] if first is None else range(first >> CHUNK_BITS, (last >> CHUNK_BITS) + 1)


def _span(chunk: int) -> dict[str, int]:
    return {"first": chunk << CHUNK_BITS, "last": ((chunk + 1) << CHUNK_BITS) - 1}


def _derive(connection: Connection, chunk: int) -> int:
    """The facts of a chunk of cases, of which there are none but those that were written meanwhile."""
    done = 0
    for table in FACTS:
        connection.execute(text(f"DELETE FROM {table} WHERE case_id BETWEEN :first AND :last"), _span(chunk))
        rows = connection.execute(
            text(f"INSERT INTO {table} SELECT * FROM app.{table}s(:first, :last)"), _span(chunk)
        ).rowcount
        done += rows if table == "case_fact" else 0
    return done


def _correct(connection: Connection, chunk: int) -> int:
    """Write what differs in the facts of a chunk of cases."""
    done = 0
    for table, key in FACTS.items():
        same = " AND ".join(f"d.{name} = k.{name}" for name in key)
        connection.execute(text("DROP TABLE IF EXISTS pg_temp.derived"))
        rows = connection.execute(
            text(f"CREATE TEMP TABLE derived ON COMMIT DROP AS SELECT * FROM app.{table}s(:first, :last)"),
            _span(chunk),
        ).rowcount
        done += rows if table == "case_fact" else 0
        connection.execute(text("ANALYZE derived"))
        connection.execute(
            text(
                f"DELETE FROM {table} AS k WHERE k.case_id BETWEEN :first AND :last AND NOT EXISTS"
                f" (SELECT FROM derived AS d WHERE {same} AND ROW(d.*) IS NOT DISTINCT FROM ROW(k.*))"
            ),
            _span(chunk),
        )
        connection.execute(
            text(
                f"INSERT INTO {table} SELECT d.* FROM derived AS d"
                f" WHERE NOT EXISTS (SELECT FROM {table} AS k WHERE {same})"
            )
        )
    return done


def _set_aside(connection: Connection) -> None:
    """Drop what only checks or speeds up: plain indexes, and foreign keys, looked at row by row otherwise."""
    for table in TABLES:
        for index in _plain_indexes(table):
            connection.execute(DropIndex(index, if_exists=True))
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS fk_{table}_case_id"))


def _lacking(connection: Connection, tables: Iterable[str]) -> list[list[str]]:
    """Statements, one transaction each, that make what is set aside or lacks since a run was broken off."""
    found = []
    # The longest first: the acts of posts.
    for table in sorted(tables, reverse=True):
        for index in _plain_indexes(table):
            if not connection.scalar(text("SELECT to_regclass(:name)"), {"name": f"public.{index.name}"}):
                found.append([str(CreateIndex(index).compile(dialect=connection.dialect))])
        name = f"fk_{table}_case_id"
        if table in FACTS and not connection.scalar(
            text("SELECT 1 FROM pg_constraint WHERE conname = :name"), {"name": name}
        ):
            # Added first and checked after: the check alone keeps nobody from writing.
            found.append(
                [
                    f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (case_id)"
                    ' REFERENCES "case" (id) ON DELETE CASCADE NOT VALID',
                    f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}",
                ]
            )
    return found


def _plain_indexes(table: str) -> list[Index]:
    """All but the primary key and the small one of fresh totals, by which those are found meanwhile."""
    return [
        index
        for index in Base.metadata.tables[table].indexes
        if index.dialect_options["postgresql"]["where"] is None
    ]
