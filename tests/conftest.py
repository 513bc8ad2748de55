"""One private PostGIS for the whole run, in a folder of its own; nothing of a running city is touched."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before anything of the city is imported: settings are read once.
HOME = Path(tempfile.mkdtemp(prefix="citygrid-test-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
HOME.chmod(0o711)  # the server's user passes through when root runs the tests
for name in [name for name in os.environ if name.startswith("CITYGRID_")]:
    if name != "CITYGRID_CHROMIUM":
        del os.environ[name]
os.environ["CITYGRID_HOME"] = str(HOME)

from sqlalchemy import Engine, create_engine, text  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402

from gis.cluster import Cluster  # noqa: E402
from gis.i18n import DEFAULT_LOCALE, in_locale  # noqa: E402

pytest_plugins = ["tests.small_city", "tests.browser", "tests.running_service"]


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A command run in the test's own process leaves its language behind: each begins with the usual one."""
    with in_locale(DEFAULT_LOCALE):
        yield


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The server of this run; ``gis.database`` finds it as the private cluster of the home folder."""
    server = Cluster(HOME, durable=False)
    try:
        server.start()
        yield server
    finally:
        server.destroy()


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """The name of a database with all tables and standards, and no city in it."""
    from gis.database import engine
    from gis.schema import upgrade

    upgrade()
    engine().dispose()
    # The service's own database gets a city later; the copies are made of one that never does.
    make_database(cluster, "template_city", "citygrid")
    return "template_city"


@pytest.fixture(scope="session")
def database(cluster: Cluster, template: str) -> Iterator[Engine]:
    """An empty city: a copy of the template."""
    url = make_database(cluster, "empty_city", template)
    engine = create_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    """A session on the empty city; whatever a test does is rolled back, its commits too."""
    with database.connect() as connection:
        outer = connection.begin()
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


def make_database(cluster: Cluster, name: str, template: str) -> str:
    """Copy the template under another name; returns its SQLAlchemy URL."""
    maintenance = create_engine(sqlalchemy_url(cluster, "postgres"), isolation_level="AUTOCOMMIT")
    with maintenance.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    maintenance.dispose()
    return sqlalchemy_url(cluster, name)


def sqlalchemy_url(cluster: Cluster, name: str) -> str:
    return cluster.database_url(name).replace("postgresql://", "postgresql+psycopg://", 1)
