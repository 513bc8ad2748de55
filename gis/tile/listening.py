"""Hearing what changes: a count for each dataset that goes up with every change another process commits.

What was read while a count stood still is still true. One thread a process listens; while it cannot, nothing
counts as known.
"""

import threading
import time

import psycopg
import structlog

from gis.database import database_url
from gis.tile.datasets import KEPT

log = structlog.get_logger()

CHANNEL = "citygrid_tiles"  # as in gis/sql/functions/tiles.sql
AGAIN_S = 2.0


class Changes:
    """The counts. The first one who asks starts the thread; it ends with the process."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(KEPT, 0)
        self._lock = threading.Lock()
        self._hears = False
        self._thread: threading.Thread | None = None

    def count(self, dataset: str) -> int | None:
        """The count of a dataset; None while nothing is heard, and for what is none."""
        if self._thread is None:
            self._start()
        return self._counts.get(dataset) if self._hears else None

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="tile changes", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        url = database_url().replace("postgresql+psycopg://", "postgresql://", 1)
        while True:
            try:
                self._listen(url)
            except psycopg.Error as error:
                log.warning("tiles are asked for each time until the database answers", error=str(error))
            self._hears = False
            time.sleep(AGAIN_S)

    def _listen(self, url: str) -> None:
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            # What happened while nobody listened is not known.
            for dataset in self._counts:
                self._counts[dataset] += 1
            self._hears = True
            for notice in connection.notifies():
                if notice.payload in self._counts:
                    self._counts[notice.payload] += 1


CHANGES = Changes()
