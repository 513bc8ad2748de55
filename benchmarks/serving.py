"""The service on a socket of its own, one worker, and a client that is signed in to it."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import uvicorn


@contextmanager
def served(login: str) -> Iterator[httpx2.Client]:
    """A client of the whole application as a demo account; one request after another is one worker's time."""
    from web.app import create_app

    listener = socket.socket()
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as the service's own: see api.commands
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    form = {"username": login, "password": "citygrid-demo"}
    token = httpx2.post(f"{base}/api/v1/token", data=form).json()["access_token"]
    try:
        with httpx2.Client(base_url=base, headers={"authorization": f"Bearer {token}"}, timeout=60) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(timeout=10)
