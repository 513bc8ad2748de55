"""Tiles as they are sent: packed once, kept while nothing they show has changed."""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from threading import Lock

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.orm import Session

from gis.tile.datasets import KEPT
from gis.tile.versions import STATE_SQL, State, state_values, tile_state
from layers.layer import Layer
from layers.tiles import NOW, When, tile, tile_bounds, tile_sql, tile_values

KEPT_BYTES = 64_000_000


@dataclass(frozen=True)
class Packed:
    """A tile ready to be sent: gzipped, with a strong ETag. Its content is made when first asked for."""

    etag: str
    make: Callable[[], bytes] = field(compare=False, repr=False)

    @cached_property
    def content(self) -> bytes:
        return self.make()

    @property
    def is_empty(self) -> bool:
        return not self.content

    def plain(self) -> bytes:
        """The tile unpacked, for the rare client that does not take gzip."""
        return gzip.decompress(self.content) if self.content else b""


def pack(content: bytes) -> Packed:
    """A tile named by its content. The same content has the same bytes and name in every server process."""
    packed = _gzip(content)
    return Packed(_digest(content), lambda: packed)


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=5, mtime=0) if content else b""


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=12).hexdigest()


class TileCache:
    """The tiles used last by their names, up to a number of bytes; shared by the threads of one process."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self.most_bytes = most_bytes
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, name: str) -> bytes | None:
        """A tile that is kept, which then counts as just used."""
        with self._lock:
            found = self._kept.get(name)
            if found is not None:
                self._kept.move_to_end(name)
            return found

    def put(self, name: str, content: bytes) -> None:
        """Keep a tile; the ones used longest ago make room."""
        with self._lock:
            if name in self._kept:
                return
            self._kept[name] = content
            self._bytes += _weight(content)
            while self._bytes > self.most_bytes and self._kept:
                _old, dropped = self._kept.popitem(last=False)
                self._bytes -= _weight(dropped)

    def __len__(self) -> int:
        return len(self._kept)


def _weight(content: bytes) -> int:
    return len(content) + 300  # the name and the records round it


CACHE = TileCache()


def packed_tile(
    session: Session, layer: Layer, z: int, x: int, y: int, when: When = NOW, cache: TileCache = CACHE
) -> Packed:
    """A tile ready to be sent.

    Where the database notes what changes, a tile is named by the state of what lies there, and made only when
    neither the client nor the cache has it by that name. Else it is made and named by its content.

    Raises
    ------
    InvalidInput
        There is no tile with these numbers, or the layer has no such time.
    """
    dataset = KEPT.get(layer.name)
    if dataset is None:
        return pack(tile(session, layer, z, x, y, when))
    when.check(layer)
    tile_bounds(z, x, y)
    # Asked before the tile is made: if something changes between the two, the tile is newer than its name and
    # is made again for the next one.
    name = _name(layer, z, x, y, when, tile_state(session, dataset.name, z, x, y))

    def make() -> bytes:
        content = cache.get(name)
        if content is None:
            content = _gzip(tile(session, layer, z, x, y, when))
            cache.put(name, content)
        return content

    return Packed(name, make)


def read_tile(connection: Connection, layer: Layer, z: int, x: int, y: int) -> Packed:
    """A tile of a dataset that the database keeps, with its name, in one question; of now.

    For who has nothing of it yet: where a client or the cache may have it, :func:`packed_tile` asks less.
    """
    state = state_values(layer.name, z, x, y)
    values = tile_values(layer, z, x, y)
    row = connection.execute(_tile_and_state(layer, z, values is not None), state | (values or {})).one()
    name = _name(layer, z, x, y, NOW, State(row.number, row.settled))
    content = _gzip(bytes(row.tile))
    CACHE.put(name, content)
    return Packed(name, lambda: content)


@lru_cache(maxsize=1024)
def _tile_and_state(layer: Layer, z: int, with_rows: bool) -> TextClause:
    tile_ = f"({tile_sql(layer, z)})" if with_rows else "''::bytea"
    return text(f"SELECT s.number, s.settled, {tile_} AS tile FROM ({STATE_SQL}) AS s")


def _name(layer: Layer, z: int, x: int, y: int, when: When, state: State) -> str:
    # An overview drawn from what is not settled yet shows the same by other bytes.
    ready = state.settled or layer.is_whole_at(z)
    what = f"{layer.name}/{z}/{x}/{y}@{when.as_of}={state.number}{'' if ready else '*'}"
    return _digest(f"{what}:{tile_sql(layer, z, when)}".encode())
