"""Several connections that ask for a list of addresses as fast as they are answered; no library in between.

A client costs the same two cores as what it measures, so this one does next to nothing.
"""

import socket
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answered:
    """What came of a list of addresses: answers a second, and the milliseconds of each."""

    per_second: float
    times_ms: list[float]
    statuses: Mapping[int, int]
    bytes: int


def ask_all(
    base: str,
    paths: Sequence[str],
    headers: Mapping[str, str],
    connections: int = 4,
    tags: Mapping[str, str] | None = None,
) -> Answered:
    """Ask for every path once, over so many kept-alive connections; ``tags`` are ETags the client has."""
    waiting = list(reversed(paths))
    lock = threading.Lock()
    times: list[float] = []
    statuses: dict[int, int] = {}
    total = 0

    def work() -> None:
        nonlocal total
        address = urlsplit(base)
        with socket.create_connection((address.hostname or "", address.port or 80), timeout=120) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            reader = line.makefile("rb")
            while True:
                with lock:
                    if not waiting:
                        return
                    path = waiting.pop()
                known = f"if-none-match: {tags[path]}\r\n" if tags else ""
                head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
                began = time.perf_counter()
                line.sendall(
                    f"GET {path} HTTP/1.1\r\nhost: {address.netloc}\r\n{head}{known}\r\n".encode("ascii")
                )
                status, size, _tag = _read(reader)
                took = (time.perf_counter() - began) * 1000
                with lock:
                    times.append(took)
                    statuses[status] = statuses.get(status, 0) + 1
                    total += size

    began = time.perf_counter()
    threads = [threading.Thread(target=work) for _number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Answered(len(times) / (time.perf_counter() - began), times, statuses, total)


def tags_of(base: str, paths: Sequence[str], headers: Mapping[str, str]) -> dict[str, str]:
    """The ETag of every path."""
    address = urlsplit(base)
    found = {}
    with socket.create_connection((address.hostname or "", address.port or 80), timeout=120) as line:
        reader = line.makefile("rb")
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        for path in paths:
            line.sendall(f"GET {path} HTTP/1.1\r\nhost: {address.netloc}\r\n{head}\r\n".encode("ascii"))
            found[path] = _read(reader)[2]
    return found


def _read(reader: socket.SocketIO) -> tuple[int, int, str]:  # type: ignore[type-arg]
    """Status, bytes of the body and ETag of one answer; the body is read and forgotten."""
    status = int(reader.readline().split()[1])
    length, tag, chunked = 0, "", False
    while line := reader.readline().strip():
        name, _colon, value = line.partition(b":")
        match name.lower():
            case b"content-length":
                length = int(value)
            case b"etag":
                tag = value.strip().decode("ascii")
            case b"transfer-encoding":
                chunked = b"chunked" in value
    if chunked:
        while size := int(reader.readline(), 16):
            reader.read(size + 2)
            length += size
        reader.readline()
        return status, length, tag
    if length and status not in (204, 304):
        reader.read(length)
    return status, length, tag
