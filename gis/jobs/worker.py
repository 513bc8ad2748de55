"""The worker: does the jobs that are due until it is asked to stop. As many as wanted may run at once."""

import asyncio
import logging
import signal
import sys
from contextlib import suppress

import procrastinate
import structlog
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Status

from gis import logs
from gis.database import database_url
from gis.jobs import tasks
from gis.jobs.tables import SCHEMA

log = structlog.get_logger()

LOOK_S = 1.0  # how long after its second an alarm may ring; one look asks an index
AT_ONCE = 4  # jobs done side by side
LAST_CHANCE_S = 10  # to end what is being done, once asked to stop
SILENT_S = 30  # without a sign of life a worker counts as dead, and another does its jobs
AGAIN_S = 3  # after the database was away


async def work(stop: asyncio.Event) -> None:
    """Do jobs until ``stop`` is set; wait for the database as often as it goes away."""
    asked = asyncio.create_task(stop.wait())
    while not stop.is_set():
        try:
            await _work_while_connected(asked)
        except ConnectorException as error:
            log.warning("jobs wait for the database", error=str(error))
        await asyncio.wait({asked}, timeout=AGAIN_S)


def work_until_signal(with_parent: bool = False) -> None:
    """Do jobs in this process until SIGINT or SIGTERM; ``with_parent``: or until stdin is closed."""
    listen_to_library()

    async def main() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()

        def left_alone() -> None:
            loop.remove_reader(sys.stdin)
            stop.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        if with_parent:
            # Nothing is ever written to it: it is readable at its end, and then for good.
            loop.add_reader(sys.stdin, left_alone)
        await work(stop)

    asyncio.run(main())


def listen_to_library() -> None:
    """Write what procrastinate has to say into our log: what goes wrong, and what is tried again."""
    library = logging.getLogger("procrastinate")
    handler = logs.AsOurs()
    handler.addFilter(
        lambda line: line.levelno >= logging.WARNING or getattr(line, "action", "") == "job_error_retry"
    )
    library.handlers[:] = [handler]
    library.setLevel(logging.INFO)
    library.propagate = False


async def _work_while_connected(asked: asyncio.Task[bool]) -> None:
    """Do jobs until asked to stop; returns or raises ConnectorException when the database goes away."""
    with tasks.app.replace_connector(_connector()) as app:
        async with app.open_async():
            rescuing = asyncio.create_task(_rescue(app))
            doing = asyncio.create_task(
                app.run_worker_async(
                    concurrency=AT_ONCE,
                    fetch_job_polling_interval=LOOK_S,
                    shutdown_graceful_timeout=LAST_CHANCE_S,
                    stalled_worker_timeout=SILENT_S,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                )
            )
            await asyncio.wait({asked, doing}, return_when=asyncio.FIRST_COMPLETED)
            rescuing.cancel()
            doing.cancel()  # it ends what it does before it goes
            with suppress(asyncio.CancelledError):
                await doing


def _connector() -> PsycopgConnector:
    return PsycopgConnector(
        conninfo=database_url().replace("postgresql+psycopg://", "postgresql://", 1),
        kwargs={"options": f"-c timezone=UTC -c search_path={SCHEMA}", "connect_timeout": 5},
        min_size=1,
        max_size=3,
        timeout=10,
    )


async def _rescue(app: procrastinate.App) -> None:
    """Now and again, have jobs done that a dead worker had begun."""
    while True:
        try:
            await rescue_jobs(app)
        except ConnectorException as error:
            log.warning("jobs of dead workers were not looked for", error=str(error))
        await asyncio.sleep(SILENT_S)


async def rescue_jobs(app: procrastinate.App) -> None:
    """Put the jobs of dead workers back among those that wait."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_S):
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:
            # Another one like it waits already, and will do what this one did not.
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
