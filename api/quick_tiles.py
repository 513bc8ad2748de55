"""The short way to a tile: no dependencies, no transaction, and mostly no database.

A map asks for dozens of tiles at once. Who was let in a moment ago is let in again without being looked up;
what has not changed since it was last read is sent, or answered with 304, from memory. Everything else goes
the usual way through :mod:`api.tiles`, which also says what is wrong with a request.
"""

import re
import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from api.session import SESSION_COOKIE
from api.tile_answer import client_has, packed_answer
from api.turns import turn
from gis.database import engine
from gis.people.models import Role
from gis.tile.datasets import KEPT
from gis.tile.listening import CHANGES
from layers.catalog import LAYERS
from layers.layer import MAX_ZOOM, Layer
from layers.tile_cache import CACHE, Packed, packed_tile, read_tile

KNOWN_S = 2.0  # a sign-in that is withdrawn still opens tiles for so long
MOST_KNOWN = 10_000
MOST_NAMES = 50_000
_PATH = re.compile(r"/tiles/(\w+)/(\d{1,2})/(\d{1,7})/(\d{1,7})\.mvt")
_COOKIE = re.compile(rf"(?:^|;\s*){SESSION_COOKIE}=([^;\s]+)".encode())
# With these, the usual way has more to look at than who it is.
_MORE = (b"x-person", b"x-api-key")


@dataclass(frozen=True)
class _Asked:
    """A tile of a dataset that the database keeps, asked for by somebody; ``by`` is what they showed."""

    layer: Layer
    z: int
    x: int
    y: int
    by: bytes
    accept_encoding: str
    if_none_match: str

    @property
    def place(self) -> tuple[str, int, int, int]:
        return (self.layer.name, self.z, self.x, self.y)


_people: OrderedDict[bytes, tuple[Role, float]] = OrderedDict()
_names: OrderedDict[tuple[str, int, int, int], tuple[str, int]] = OrderedDict()
_lock = Lock()


class QuickTiles:
    """Answers what it can, and hands on the rest."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = _read(scope) if scope["type"] == "http" and scope["path"].startswith("/tiles/") else None
        if asked is None or not _may_see(asked):
            await self.app(scope, receive, send)
            return
        packed = _known_tile(asked)
        if packed is None:
            async with turn():
                packed = await run_in_threadpool(_make, asked)
        answer = packed_answer(packed, asked.accept_encoding, asked.if_none_match)
        await answer(scope, receive, send)


def remember(scope: Scope, role: Role) -> None:
    """Who has just been let in with what they showed, is let in again for a moment."""
    asked = _read(scope)
    if asked is not None:
        _put(_people, asked.by, (role, time.monotonic() + KNOWN_S), MOST_KNOWN)


def _read(scope: Scope) -> _Asked | None:
    """What is asked for, when it is a plain question for a tile that can be."""
    found = _PATH.fullmatch(scope["path"])
    if found is None or scope["method"] != "GET" or scope["query_string"]:
        return None
    z, x, y = int(found[2]), int(found[3]), int(found[4])
    if found[1] not in KEPT or z > MAX_ZOOM or x >> z or y >> z:
        return None
    by = accept_encoding = if_none_match = b""
    for name, value in scope["headers"]:
        if name in _MORE:
            return None
        if name == b"authorization":
            by = value
        elif name == b"cookie" and not by and (cookie := _COOKIE.search(value)):
            by = b"cookie " + cookie[1]
        elif name == b"accept-encoding":
            accept_encoding = value
        elif name == b"if-none-match":
            if_none_match = value
    if not by.startswith((b"Bearer ey", b"cookie ey")):  # tokens; keys are counted each time
        return None
    return _Asked(
        LAYERS[found[1]], z, x, y, by, accept_encoding.decode("latin-1"), if_none_match.decode("latin-1")
    )


def _may_see(asked: _Asked) -> bool:
    known = _people.get(asked.by)
    return known is not None and known[1] > time.monotonic() and known[0] in asked.layer.roles


def _known_tile(asked: _Asked) -> Packed | None:
    """The tile as it was last read, when nothing of its dataset has changed since; None: it must be read."""
    name, count = _names.get(asked.place, ("", None))
    if count is None or count != CHANGES.count(asked.layer.name):
        return None
    if client_has(name, asked.accept_encoding, asked.if_none_match):
        return Packed(name, bytes)  # nothing of it will be sent
    content = CACHE.get(name)
    return None if content is None else Packed(name, lambda: content)


def _make(asked: _Asked) -> Packed:
    count = CHANGES.count(asked.layer.name)  # before it is read: what changes meanwhile is not missed
    at_once = engine().execution_options(isolation_level="AUTOCOMMIT")
    with at_once.connect() as connection:
        packed = _read_it(connection, asked)
    if count is not None:
        _put(_names, asked.place, (packed.etag, count), MOST_NAMES)
    return packed


def _read_it(connection: Connection, asked: _Asked) -> Packed:
    if not asked.if_none_match:
        return read_tile(connection, asked.layer, asked.z, asked.x, asked.y)
    with Session(connection) as session:
        packed = packed_tile(session, asked.layer, asked.z, asked.x, asked.y)
        unwanted = client_has(packed.etag, asked.accept_encoding, asked.if_none_match)
        content = b"" if unwanted else packed.content
    return Packed(packed.etag, lambda: content)


def _put(kept: OrderedDict[Any, Any], key: object, value: object, most: int) -> None:
    with _lock:
        kept[key] = value
        kept.move_to_end(key)
        while len(kept) > most:
            kept.popitem(last=False)
