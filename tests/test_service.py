"""The running service: starting it wrongly, losing its database, and what it says of itself."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from tests.small_city import AsRole


def serve(database: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run ``citygrid serve`` until it refuses."""
    known = {"CITYGRID_DATABASE_URL": database, "CITYGRID_LOCALE": "en"}
    return subprocess.run(
        [Path(sys.executable).with_name("citygrid"), "serve"],
        env=os.environ | known | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The one line a refused start says."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


@pytest.mark.parametrize(
    "settings",
    [{"CITYGRID_HOST": "0.0.0.0"}, {"CITYGRID_BEHIND_HTTPS": "true"}],  # noqa: S104 - refused
)
def test_demo_accounts_are_refused_where_others_can_reach_them(
    small_city: str, settings: dict[str, str]
) -> None:
    said = refusal(serve(small_city, **settings, CITYGRID_PORT="0"))
    assert "demo accounts" in said
    assert "127.0.0.1" in said


def test_a_taken_port_is_said_in_one_line(small_city: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        said = refusal(serve(small_city, CITYGRID_PORT=port))
    assert f"Port {port}" in said
    assert "CITYGRID_PORT" in said


def test_a_database_that_is_down_is_said_in_one_line() -> None:
    said = refusal(serve("postgresql://citygrid@127.0.0.1:9/citygrid"))
    assert "database does not answer" in said


def test_a_lost_database_is_a_passing_trouble_not_a_defect(
    as_role: AsRole, anonymous: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_role("inspector")
    gone = create_engine("postgresql+psycopg://nobody@127.0.0.1:9/none", connect_args={"connect_timeout": 1})
    monkeypatch.setattr("api.dependencies.session_maker", lambda: sessionmaker(gone))
    for address in ("/api/v1/me", "/health/ready"):
        answer = client.get(address)
        assert answer.status_code == 503, answer.text
        assert answer.headers["retry-after"]
        assert "127.0.0.1" not in answer.text  # where the database lies is nobody's business
    assert anonymous.get("/health/live").status_code == 200


def test_the_service_says_that_it_is_ready_and_counts(anonymous: TestClient) -> None:
    assert anonymous.get("/health/ready").json() == {"status": "ready"}
    figures = anonymous.get("/metrics").text
    assert 'citygrid_requests_total{method="GET",status="200"}' in figures


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("GET", "/api/v1/nothing", 404), ("DELETE", "/api/v1/cases", 405), ("POST", "/api/v1/token", 422)],
)
def test_every_problem_is_told_the_same_way(
    anonymous: TestClient, method: str, address: str, status: int
) -> None:
    answer = anonymous.request(method, address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert {"type", "title", "code"} <= problem.keys()


def test_what_could_not_be_foreseen_is_told_without_its_secrets(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_values: object) -> None:
        raise RuntimeError("a secret thing")

    monkeypatch.setattr("api.people.check_sign_in", broken)
    client = TestClient(app, raise_server_exceptions=False)
    answer = client.post("/api/v1/token", data={"username": "x", "password": "my-own-password"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret thing" not in answer.text
    logged = capsys.readouterr()
    assert "a secret thing" in logged.err  # the operator is told what happened, and where
    assert "my-own-password" not in logged.out + logged.err  # but not what the person typed
