"""The service as a process of its own on a small city of its own, for tests that change much."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Engine, create_engine

from gis.cluster import Cluster
from tests.small_city import PASSWORD


@dataclass(frozen=True)
class RunningService:
    """Where it listens, what it stands on, what it wrote."""

    address: str
    database: Engine
    written: Path

    def token(self, login: str) -> str:
        form = {"username": login, "password": PASSWORD}
        answer = httpx2.post(f"{self.address}/api/v1/token", data=form)
        return str(answer.json()["access_token"])

    def key(self, login: str, scope: str) -> str:
        """A key of a person, made as an administrator makes it."""
        return run_citygrid(self, "key", "add", login, "--name", "a client", "--scope", scope).strip()


@pytest.fixture(scope="module")
def service(
    cluster: Cluster, template: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningService]:
    """``citygrid serve``, without its jobs: nothing is ever sent to anybody."""
    from sample_data.load import load
    from tests.conftest import make_database

    database = create_engine(make_database(cluster, request.module.__name__.replace(".", "_"), template))
    with database.begin() as connection:
        load(connection, "small")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    written = tmp_path_factory.mktemp("service") / "written.txt"
    service = RunningService(f"http://127.0.0.1:{port}", database, written)
    with written.open("wb") as file:
        process = subprocess.Popen(
            [_citygrid(), "serve"], env=_environment(service, str(port)), stdout=file, stderr=file
        )
    try:
        _wait(service, process)
        yield service
    finally:
        process.terminate()
        process.wait(timeout=20)
        database.dispose()


def run_citygrid(service: RunningService, *words: str) -> str:
    """A command of the same installation; what it says on stdout."""
    command = [_citygrid(), *words]
    return subprocess.run(
        command, env=_environment(service), check=True, capture_output=True, text=True, timeout=60
    ).stdout


def _citygrid() -> Path:
    return Path(sys.executable).with_name("citygrid")


def _environment(service: RunningService, port: str = "0") -> dict[str, str]:
    return os.environ | {
        "CITYGRID_DATABASE_URL": service.database.url.render_as_string(hide_password=False),
        "CITYGRID_PORT": port,
        "CITYGRID_JOBS": "false",
    }


def _wait(service: RunningService, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx2.get(f"{service.address}/health/live").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise RuntimeError(service.written.read_text())
