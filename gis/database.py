"""The one way to the database: engine, session, SQL files, and what a server must be able to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine, MetaData, TextClause, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from gis.errors import SetupError
from gis.i18n import _
from gis.settings import get_settings

SQL = Path(__file__).parent / "sql"
LEAST_POSTGRESQL = 14
LEAST_POSTGIS = (3, 3)


class Base(DeclarativeBase):
    """The root of all tables; constraints are named by one convention, so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def database_url() -> str:
    """Where the database is, as a SQLAlchemy URL with the psycopg driver.

    ``CITYGRID_DATABASE_URL`` wins; else the private cluster of :mod:`gis.cluster`.
    """
    url = get_settings().database_url
    if url is None:
        from gis.cluster import private_cluster

        url = private_cluster().url
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


@lru_cache
def engine() -> Engine:
    """The engine of this process."""
    return create_engine(
        database_url(),
        pool_size=get_settings().pool_size,
        max_overflow=5,
        pool_pre_ping=True,
        connect_args={"options": "-c timezone=UTC -c jit=off", "connect_timeout": 5},
    )


@lru_cache
def session_maker() -> sessionmaker[Session]:
    return sessionmaker(engine(), expire_on_commit=False)


@contextmanager
def transaction() -> Iterator[Session]:
    """One command, one transaction: commits at the end, rolls back on any error."""
    with session_maker()() as session, session.begin():
        yield session


@lru_cache
def read_sql(name: str) -> TextClause:
    """The statement of ``sql/queries/{name}.sql`` with its ``:values`` still to bind."""
    return text((SQL / "queries" / f"{name}.sql").read_text("utf-8"))


def check_server() -> dict[str, str]:
    """Versions of PostgreSQL and PostGIS of the configured server.

    Raises
    ------
    SetupError
        The server does not answer, is too old, or has no PostGIS to be had.
    """
    try:
        with engine().connect() as connection:
            number = int(connection.scalar(text("SHOW server_version_num")) or 0)
            server = str(connection.scalar(text("SHOW server_version")))
            postgis = connection.scalar(
                text("SELECT default_version FROM pg_available_extensions WHERE name = 'postgis'")
            )
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
        raise SetupError(
            _("The database does not answer ({reason}); start it, or correct CITYGRID_DATABASE_URL").format(
                reason=reason
            )
        ) from error
    if number < LEAST_POSTGRESQL * 10_000:
        raise SetupError(
            _("PostgreSQL {version} is too old; citygrid needs {least} or newer").format(
                version=server, least=LEAST_POSTGRESQL
            )
        )
    if postgis is None:
        raise SetupError(_("The server has no PostGIS; install the package postgresql-postgis on it"))
    if tuple(int(part) for part in postgis.split(".")[:2]) < LEAST_POSTGIS:
        raise SetupError(
            _("PostGIS {version} is too old; citygrid needs {least} or newer").format(
                version=postgis, least=".".join(map(str, LEAST_POSTGIS))
            )
        )
    return {"postgresql": server, "postgis": str(postgis)}
