"""Turns at the database: no more requests work at it at once than there are connections.

A request that waits for its turn holds no thread. If it did, enough of them would hold all threads while
they wait for connections whose owners wait for a thread to commit on, and nobody would go on.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from anyio.lowlevel import RunVar
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gis.settings import get_settings

LONGEST_WAIT_S = 30.0
# One of each event loop: a semaphore belongs to the loop that it wakes.
_free: RunVar[anyio.Semaphore] = RunVar("citygrid_turns")


@asynccontextmanager
async def turn() -> AsyncIterator[None]:
    """Wait until the database has a connection to spare, and keep it until the end.

    Raises
    ------
    sqlalchemy.exc.TimeoutError
        None was given back in :data:`LONGEST_WAIT_S` seconds: told as 503.
    """
    free = _semaphore()
    try:
        with anyio.fail_after(LONGEST_WAIT_S):
            await free.acquire()
    except TimeoutError as error:
        raise PoolTimeout("no turn at the database in time") from error
    try:
        yield
    finally:
        free.release()


def _semaphore() -> anyio.Semaphore:
    try:
        return _free.get()
    except LookupError:
        semaphore = anyio.Semaphore(get_settings().pool_size)
        _free.set(semaphore)
        return semaphore
