"""The worker: does the jobs that are due until it is asked to stop. As many as wanted may run at once."""

import asyncio
import logging
import signal

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
        doing = asyncio.create_task(_work_while_connected())
        await asyncio.wait({asked, doing}, return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            log.warning("jobs wait for the database", error=str(doing.exception() or ""))
            await asyncio.wait({asked}, timeout=AGAIN_S)
        else:
            doing.cancel()
            await asyncio.wait({doing})
    asked.cancel()


def work_until_signal() -> None:
    """Do jobs in this process until SIGINT or SIGTERM."""
    listen_to_library()

    async def main() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
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


async def _work_while_connected() -> None:
    """Do jobs until cancelled; returns or raises when the database goes away."""
    with tasks.app.replace_connector(_connector()) as app:
        async with app.open_async():
            rescuing = asyncio.create_task(_rescue(app))
            try:
                await app.run_worker_async(
                    concurrency=AT_ONCE,
                    fetch_job_polling_interval=LOOK_S,
                    shutdown_graceful_timeout=LAST_CHANCE_S,
                    stalled_worker_timeout=SILENT_S,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                )
            finally:
                rescuing.cancel()


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
