"""The schema of the database: tables by migrations, all else (schema ``app``) made anew at each upgrade."""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.orm import Session

from gis.case.calendar import last_known_national_year, load_national_calendar
from gis.case.recompute import recompute_here
from gis.crs import require_metric
from gis.database import SQL, Base, check_server, engine
from gis.errors import SetupError
from gis.evaluation import counts, default_cards
from gis.evaluation import rebuild as facts
from gis.evaluation.card_store import seed_cards
from gis.i18n import _
from gis.jobs import tables as jobs
from gis.place.pinyin import load_pinyin
from gis.settings import CITY_SRID
from gis.standard.csv_rows import DATA
from gis.standard.seed import seed
from gis.tile.settling import rebuild as rebuild_tiles

MIGRATIONS = Path(__file__).parent / "migrations"
MODELS = (
    "standard.models",
    "people.models",
    "people.api_keys_models",
    "grid.models",
    "component.models",
    "edit.models",
    "dataset.models",
    "survey.models",
    "pipeline.models",
    "case.models",
    "case.side_models",
    "case.calendar_models",
    "open311.models",
    "notice.models",
    "patrol.models",
    "place.models",
    "webhook.models",
    "platform.models",
    "tile.models",
    "evaluation.models",
)
# Functions before the views and triggers that call them.
REBUILT = ("functions", "views", "triggers")
_UPGRADE_LOCK = 4_209_001


def metadata() -> MetaData:
    """All tables of all subjects."""
    for module in MODELS:
        import_module(f"gis.{module}")
    return Base.metadata


def is_ours(thing: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Whether migrations should look at a thing: PostGIS's own tables and extensions' are not ours."""
    return not (kind == "table" and reflected and compare_to is None and name not in metadata().tables)


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, held here so that no file needs a path."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["connection"] = connection
    return settings


@lru_cache
def release() -> str:
    """A hash of all that an upgrade brings: migrations, jobs, SQL, standards, the years of the calendar."""
    said = (
        str(last_known_national_year()),
        jobs.content(),
        counts.function_sql(),
        repr(default_cards.DEFAULT_CARDS),
    )
    digest = hashlib.sha256("\0".join(said).encode())
    for folder in (MIGRATIONS / "versions", *(SQL / name for name in REBUILT), DATA):
        for path in sorted(folder.iterdir()):
            if path.is_file():
                digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    """Whether the database has this release's tables, functions, views and standards, and facts by them."""
    with engine().connect() as connection:
        return _stamp(connection) == release() and facts.is_current(connection)


def _stamp(connection: Connection) -> str | None:
    """The release that last upgraded this database."""
    found = connection.scalar(
        text("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'app'")
    )
    return None if found is None else str(found)


def upgrade(say: Callable[[str], None] = lambda _line: None) -> None:
    """Bring the database to this release: PostGIS, tables, schema ``app``, the standards' tables.

    One transaction: a failure leaves everything as it was. Two at once wait for each other. Facts of many
    cases are derived after it where what derives them has changed; broken off, the next upgrade does it.

    Raises
    ------
    SetupError
        The server is not fit, the city's CRS is not metric, or the database belongs to another CRS.
    """
    require_metric(CITY_SRID)
    check_server()
    with engine().begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        if _stamp(connection) == release():
            _refuse_other_srid(connection)
        else:
            _upgrade(connection, say)
    with engine().connect() as connection:
        if facts.is_current(connection):
            return
    say(_("Facts of cases"))
    facts.rebuild_beside(engine(), anew=True)


def _upgrade(connection: Connection, say: Callable[[str], None]) -> None:
    connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
    connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    _refuse_other_srid(connection)
    say(_("Tables"))
    command.upgrade(config(connection), "head")
    jobs.install(connection)
    say(_("Functions and views"))
    rebuild(connection)
    say(_("Tiles"))
    rebuild_tiles(connection)
    if not facts.is_current(connection) and facts.is_little(connection):
        facts.rebuild(connection)
    with Session(connection) as session:
        say(_("Standards"))
        seed(session)
        seed_cards(session)
        load_pinyin(session)
        session.execute(text("SELECT app.rebuild_search()"))
        say(_("Working calendar"))
        load_national_calendar(session)
        # A release may know another year: what was provisional is firm now.
        recompute_here(session)
    connection.execute(text(f"COMMENT ON SCHEMA app IS '{release()}'"))


def rebuild(connection: Connection) -> None:
    """Drop schema ``app`` and make it anew from ``gis/sql``; it holds no data."""
    connection.execute(text("DROP SCHEMA IF EXISTS app CASCADE; CREATE SCHEMA app"))
    for folder in REBUILT:
        for path in sorted((SQL / folder).glob("*.sql")):
            # The driver's own cursor: these files hold no values to bind, and colons of their own.
            connection.exec_driver_sql(path.read_text("utf-8").replace("%", "%%"))
        if folder == "functions":
            connection.exec_driver_sql(counts.function_sql().replace("%", "%%"))


def _refuse_other_srid(connection: Connection) -> None:
    made_for = connection.scalar(
        text(
            "SELECT srid FROM geometry_columns"
            " WHERE f_table_schema = 'public' AND f_table_name = 'unit_grid' AND f_geometry_column = 'geom'"
        )
    )
    if made_for is not None and made_for != CITY_SRID:
        raise SetupError(
            _(
                "This database was made for EPSG:{made_for}, but CITYGRID_CITY_SRID is {srid}; "
                "set it back, or use another database"
            ).format(made_for=made_for, srid=CITY_SRID)
        )
