"""A service behind several worker processes, as a city runs it; for measuring beside peers."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx2

LONGEST_START_S = 120.0


@contextmanager
def workers(
    application: str, number: int, environment: Mapping[str, str], ready: str, *arguments: str
) -> Iterator[str]:
    """The address of an application that uvicorn serves with so many workers; ended with all of them.

    ``application`` is ``module:name``; ``ready`` is a path that answers 200 once it can work.
    """
    port = _free_port()
    command = [
        sys.executable, "-m", "uvicorn", application, "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(number), "--log-level", "warning", *arguments,
    ]  # fmt: skip
    process = subprocess.Popen(command, env=os.environ | dict(environment), start_new_session=True)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(process, base + ready)
        yield base
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def ours(number: int = 2, **environment: str) -> Iterator[str]:
    """Our own service on the database of this process's settings."""
    from gis.database import database_url

    own = {"CITYGRID_DATABASE_URL": database_url().replace("+psycopg", "", 1), "CITYGRID_JOBS": "false"}
    with workers("web.app:create_app", number, own | environment, "/health/live", "--factory") as base:
        yield base


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + LONGEST_START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx2.get(address, timeout=30).status_code == 200:
                return
        except httpx2.HTTPError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"{address} does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
