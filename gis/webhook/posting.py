"""One POST to another system: bounded in time and size, to the address that was looked at, nowhere else."""

import http.client
import socket
import ssl
import threading
import time
from dataclasses import dataclass

from gis.webhook.addresses import Refused, Target, resolve

TIMEOUT_S = 10.0  # for all of it: looking up aside
MOST_READ = 65_536  # bytes of an answer


@dataclass(frozen=True)
class Outcome:
    """How a POST went. ``status`` is empty where nothing answered; ``error`` says why it was not taken."""

    status: int | None
    duration_ms: int
    error: str
    body: bytes = b""

    @property
    def is_taken(self) -> bool:
        """Any 2xx."""
        return not self.error


def post(target: Target, body: bytes, headers: dict[str, str], trusted: bool = False) -> Outcome:
    """POST and tell how it went; never raises for what the other side does.

    No redirect is followed: what is signed for one receiver is for no other. An error names the host and
    never the path, which may hold a secret.
    """
    began = time.monotonic()
    status, error, answer = None, "", b""
    try:
        status, answer = _post(target, resolve(target, trusted), body, headers)
        if not 200 <= status < 300:
            error = f"{target.host} answered {status}"
    except Refused as refused:
        error = str(refused)
    except (OSError, http.client.HTTPException, ValueError) as failed:
        error = f"{target.host}: {type(failed).__name__}"
    return Outcome(status, round((time.monotonic() - began) * 1000), error, answer)


def _post(target: Target, address: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    channel = socket.create_connection((address, target.port), TIMEOUT_S)
    # A socket's own limit is for each piece; one that sends a byte now and then would hold us for ever. The
    # second handle stays good when TLS takes the first one over.
    handle = channel.dup()
    end = threading.Timer(TIMEOUT_S, _cut, (handle,))
    end.daemon = True
    end.start()
    try:
        connection = http.client.HTTPConnection(target.host, target.port)
        if target.scheme == "https":
            connection = http.client.HTTPSConnection(target.host, target.port)
            channel = ssl.create_default_context().wrap_socket(channel, server_hostname=target.host)
        connection.sock = channel
        connection.request("POST", target.path, body, {**headers, "Connection": "close"})
        answer = connection.getresponse()
        return answer.status, answer.read(MOST_READ)
    finally:
        end.cancel()
        handle.close()
        channel.close()


def _cut(handle: socket.socket) -> None:
    try:
        handle.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has ended by itself
