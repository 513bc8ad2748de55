"""The tables of the jobs: procrastinate's own, in the schema ``jobs``, made and kept up by its own files."""

from pathlib import Path

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, text

SCHEMA = "jobs"
# Its functions name each other and their tables without a schema. Bound to theirs, they work whatever path
# the caller has: our own transactions defer jobs without knowing where they lie.
_BIND_FUNCTIONS = f"""
DO $$
DECLARE one regprocedure;
BEGIN
    FOR one IN SELECT oid FROM pg_proc WHERE pronamespace = '{SCHEMA}'::regnamespace LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = {SCHEMA}, pg_temp', one);
    END LOOP;
END $$
"""
# Nearly all jobs wait for their time. Without these, looking for one that is due would pass all of them by.
_INDEXES = f"""
CREATE INDEX IF NOT EXISTS ix_jobs_waiting
    ON {SCHEMA}.procrastinate_jobs (scheduled_at) WHERE status = 'todo';
CREATE INDEX IF NOT EXISTS ix_jobs_lock
    ON {SCHEMA}.procrastinate_jobs (lock) WHERE lock IS NOT NULL
"""


def migrations() -> list[Path]:
    """procrastinate's own migrations, oldest first; their names begin with the version that brought them."""
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def content() -> str:
    """What :func:`install` would bring, as text that differs when that does."""
    return "\n".join([migrations()[-1].name, _BIND_FUNCTIONS, _INDEXES])


def install(connection: Connection) -> None:
    """Make the tables, or apply what a newer procrastinate has brought since; in the caller's transaction."""
    known = connection.scalar(
        text("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = :name"),
        {"name": SCHEMA},
    )
    files = migrations()
    if known is None:
        connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        statements = [SchemaManager.get_schema()]
    else:
        statements = [path.read_text("utf-8") for path in files if path.name > known]
    before = connection.scalar(text("SHOW search_path"))
    connection.execute(text(f"SET LOCAL search_path = {SCHEMA}"))
    for statement in statements:
        # The driver's own cursor: these files hold no values to bind, and colons of their own.
        connection.exec_driver_sql(statement.replace("%", "%%"))
    connection.execute(text("SELECT set_config('search_path', :before, true)"), {"before": before})
    connection.exec_driver_sql(_BIND_FUNCTIONS.replace("%", "%%"))
    connection.execute(text(_INDEXES))
    connection.execute(text(f"COMMENT ON SCHEMA {SCHEMA} IS '{files[-1].name}'"))
