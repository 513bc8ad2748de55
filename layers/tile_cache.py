"""Tiles as they are sent: packed once, kept while nothing they show has changed, named by their content."""

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.layer import Layer
from layers.tiles import tile

KEPT_BYTES = 64_000_000
Key = tuple[str, int, int, int, str]


@dataclass(frozen=True)
class Packed:
    """A tile ready to be sent: gzipped, and a strong ETag of its content."""

    content: bytes
    etag: str

    @property
    def is_empty(self) -> bool:
        return not self.content

    def plain(self) -> bytes:
        """The tile unpacked, for the rare client that does not take gzip."""
        return gzip.decompress(self.content) if self.content else b""


def pack(content: bytes) -> Packed:
    """Pack a tile. The same content gives the same bytes and the same ETag in every server process."""
    digest = hashlib.blake2b(content, digest_size=12).hexdigest()
    return Packed(gzip.compress(content, compresslevel=5, mtime=0) if content else b"", digest)


class TileCache:
    """The tiles used last, up to a number of bytes; shared by the threads of one process."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self.most_bytes = most_bytes
        self._kept: OrderedDict[Key, Packed] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: Key) -> Packed | None:
        """A tile that is kept, which then counts as just used."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Key, packed: Packed) -> None:
        """Keep a tile; the ones used longest ago make room."""
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = packed
            self._bytes += _weight(packed)
            while self._bytes > self.most_bytes and self._kept:
                _old, dropped = self._kept.popitem(last=False)
                self._bytes -= _weight(dropped)

    def __len__(self) -> int:
        return len(self._kept)


def _weight(packed: Packed) -> int:
    return len(packed.content) + 300  # the key and the records round it


CACHE = TileCache()


def data_version(session: Session, layer: Layer) -> str:
    """What changes whenever a row of the layer's tables does: the server's own count of changed rows.

    The server adds up its counts within seconds after a commit, not at once, so a map may show a change that
    late. A layer that is watched live (``refresh_s``) is therefore never kept.
    """
    query = text(
        "SELECT string_agg(relid || '.' || n_tup_ins + n_tup_upd + n_tup_del, '-' ORDER BY relid)"
        " || current_date FROM pg_stat_user_tables WHERE schemaname = 'public' AND relname = ANY(:tables)"
    )
    return str(session.scalar(query, {"tables": list(layer.tables)}))


def packed_tile(session: Session, layer: Layer, z: int, x: int, y: int, cache: TileCache = CACHE) -> Packed:
    """A tile ready to be sent, from the cache when the layer's data are as they were.

    Raises
    ------
    InvalidInput
        There is no tile with these numbers.
    """
    if layer.refresh_s:
        return pack(tile(session, layer, z, x, y))
    key = (layer.name, z, x, y, data_version(session, layer))
    packed = cache.get(key)
    if packed is None:
        packed = pack(tile(session, layer, z, x, y))
        cache.put(key, packed)
    return packed
