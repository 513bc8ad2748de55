"""The small sample city, loaded once, behind the real application: in process and as a server."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from gis.people.models import Role

PASSWORD = "citygrid-demo"
Client = TestClient
AsRole = Callable[[str], TestClient]


@pytest.fixture(scope="session")
def small_city(template: str) -> str:
    """The service's own database with the small city in it; its SQLAlchemy URL.

    Tests that change it work on cases of their own.
    """
    from gis.database import database_url, engine
    from sample_data.load import load

    with engine().begin() as connection:
        load(connection, "small")
    return database_url()


@pytest.fixture(scope="session")
def app(small_city: str) -> FastAPI:
    """The whole application, pages included."""
    from web.app import create_app

    return create_app()


@pytest.fixture(scope="session")
def anonymous(app: FastAPI) -> TestClient:
    """A client that is not signed in. Errors come back as answers, as they would over the network."""
    return TestClient(app, raise_server_exceptions=False, headers={"accept-language": "en"})


@pytest.fixture(scope="session")
def as_role(app: FastAPI, anonymous: TestClient) -> AsRole:
    """A client signed in by token as a demo account: ``as_role("dispatcher")``."""
    clients: dict[str, TestClient] = {}

    def signed_in(role: str) -> TestClient:
        if role not in clients:
            answer = anonymous.post("/api/v1/token", data={"username": role, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            headers = {
                "authorization": f"Bearer {answer.json()['access_token']}",
                "accept-language": "en",
            }
            clients[role] = TestClient(app, raise_server_exceptions=False, headers=headers)
        return clients[role]

    return signed_in


@pytest.fixture(scope="session")
def every_role(as_role: AsRole) -> dict[str, TestClient]:
    """A client for each role."""
    return {str(role): as_role(role) for role in Role}


@pytest.fixture(scope="session")
def live_server(app: FastAPI) -> Iterator[str]:
    """The application behind a real socket on loopback; its address, such as ``http://127.0.0.1:41234``."""
    listener = socket.socket()
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as the service's own: see api.commands
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    deadline = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("the server did not start")
        time.sleep(0.02)
    assert httpx2.get(f"{address}/health/live").status_code == 200
    yield address
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def place(small_city: str) -> dict[str, float]:
    """A place in the city: the middle of one of its grids."""
    engine = create_engine(small_city)
    with engine.connect() as connection:
        row = connection.execute(
            text(
                "SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM"
                " (SELECT ST_Transform(ST_PointOnSurface(geom), 4490) AS p"
                " FROM unit_grid ORDER BY code LIMIT 1) AS grid"
            )
        ).one()
    engine.dispose()
    return {"lon": row.lon, "lat": row.lat}
