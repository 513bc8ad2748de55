"""tipg on the same database: the peer that features and tiles are measured beside (extra ``bench``).

Its tables are the city's own, ``public.pipe_segment`` and so on. The most features of a tile are raised, so
that its tiles are complete as ours are; it asks for nobody's name, ours do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from benchmarks.workers import workers
from gis.database import database_url

TABLES = ("pipe_segment", "pipe_point", "component", "unit_grid", "road")
SEGMENTS = "public.pipe_segment"


def is_there() -> bool:
    """Whether tipg is installed."""
    return find_spec("tipg") is not None


@contextmanager
def tipg(number: int = 2) -> Iterator[str]:
    """The address of tipg with so many workers: ``/collections/public.pipe_segment/items``, …``/tiles/…``."""
    environment = {
        "DATABASE_URL": database_url().replace("+psycopg", "", 1),
        "TIPG_DB_SCHEMAS": '["public"]',
        "TIPG_DB_TABLES": "[" + ", ".join(f'"public.{name}"' for name in TABLES) + "]",
        "TIPG_DB_SPATIAL_EXTENT": "false",
        "TIPG_DB_DATETIME_EXTENT": "false",
        "TIPG_MAX_FEATURES_PER_TILE": "10000000",
        "TIPG_MAX_FEATURES_PER_QUERY": "100000",
        "TIPG_CATALOG_TTL": "36000",
    }
    with workers("tipg.main:app", number, environment, "/healthz") as base:
        yield base
