"""Base maps made for tests: archives of one-coloured pictures, and a server that stands for another's."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

from PIL import Image
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import write

Place = tuple[int, int, int]


def picture(place: Place, form: str = "PNG") -> bytes:
    """A picture whose colour says which tile it is."""
    colour = (place[0] * 10, place[1] % 256, place[2] % 256)
    packed = BytesIO()
    Image.new("RGB", (256, 256), colour).save(packed, form, lossless=True)
    return packed.getvalue()


def colour_of(content: bytes) -> tuple[int, int, int]:
    found = Image.open(BytesIO(content)).convert("RGB").getpixel((100, 100))
    assert isinstance(found, tuple)
    return (int(found[0]), int(found[1]), int(found[2]))


def make_pmtiles(
    path: Path,
    tiles: dict[Place, bytes],
    kind: TileType = TileType.PNG,
    packed: Compression = Compression.NONE,
    told: dict[str, object] | None = None,
) -> Path:
    """A PMTiles file of the whole world."""
    with write(str(path)) as writer:
        for place in sorted(tiles, key=lambda one: zxy_to_tileid(*one)):
            writer.write_tile(zxy_to_tileid(*place), tiles[place])
        zooms = [place[0] for place in tiles]
        header = {
            "tile_type": kind, "tile_compression": packed,
            "min_zoom": min(zooms), "max_zoom": max(zooms),
            "min_lon_e7": -1800000000, "min_lat_e7": -850000000,
            "max_lon_e7": 1800000000, "max_lat_e7": 850000000,
            "center_zoom": 0, "center_lon_e7": 0, "center_lat_e7": 0,
        }  # fmt: skip
        writer.finalize(header, told or {})
    return path


def make_mbtiles(path: Path, tiles: dict[Place, bytes], **told: str) -> Path:
    """An MBTiles file; ``told`` are rows of its table ``metadata``."""
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE metadata (name text, value text)")
        file.execute("CREATE TABLE tiles (zoom_level int, tile_column int, tile_row int, tile_data blob)")
        file.executemany("INSERT INTO metadata VALUES (?, ?)", told.items())
        rows = [(z, x, 2**z - 1 - y, content) for (z, x, y), content in tiles.items()]
        file.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    file.close()
    return path


@dataclass
class Elsewhere:
    """Another's tile server: what it was asked, and what it answers next."""

    address: str = ""
    asked: list[str] = field(default_factory=list)
    status: int = 200
    kind: str = "image/png"
    body: bytes = b""
    location: str = ""


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """Run such a server on this machine."""
    told = Elsewhere(body=picture((3, 5, 6)))

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            self.send_response(told.status)
            self.send_header("content-type", told.kind)
            if told.location:
                self.send_header("location", told.location)
            self.send_header("content-length", str(len(told.body)))
            self.end_headers()
            self.wfile.write(told.body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    told.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
