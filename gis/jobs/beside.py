"""A worker beside the service, in a process of its own: it takes no time from who waits for an answer."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog

log = structlog.get_logger()

WITH_PARENT = "--with-parent"
END_S = 15  # the worker gets this long to end what it does
AGAIN_S = 5  # before another is started in the place of one that has died


@contextmanager
def worker_beside() -> Iterator[None]:
    """Keep a worker running as long as the block does.

    It ends with this process whatever ends that: the pipe that it reads closes.
    """
    leaving = threading.Event()
    keeper = threading.Thread(target=_keep, args=(leaving,), name="keeper of the worker", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        leaving.set()
        keeper.join(END_S + 1)


def _keep(leaving: threading.Event) -> None:
    while not leaving.is_set():
        worker = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-c", "from gis.cli import main; main()", "work", WITH_PARENT],
            stdin=subprocess.PIPE,
        )
        while worker.poll() is None and not leaving.wait(1):
            pass
        if leaving.is_set():
            _end(worker)
        else:
            log.error("the worker has ended; another is started", exit_code=worker.returncode)
            leaving.wait(AGAIN_S)


def _end(worker: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and kill it when it does not."""
    worker.terminate()
    with suppress(subprocess.TimeoutExpired):
        worker.wait(END_S)
    worker.kill()
    worker.wait()
