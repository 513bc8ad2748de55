"""Base maps in one file on this machine: PMTiles and MBTiles, pictures or vector tiles.

The file is read where it lies and never written. It is opened once: whoever replaces it restarts the service.
"""

import json
import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote

from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import Compression, TileType

from gis.errors import SetupError, UpstreamFailed
from gis.i18n import _
from layers.base_map.sources import About, Box, Kind

RASTER_TYPES = {TileType.PNG, TileType.JPEG, TileType.WEBP}
RASTER_FORMATS = {"png", "jpg", "jpeg", "webp"}
VECTOR_FORMATS = {"pbf", "mvt"}
MARKUP = re.compile(r"<[^>]*>")


def refuse(path: Path, why: str) -> SetupError:
    """The error of a file that cannot be a base map."""
    return SetupError(_("The base map {path} cannot be used: {why}").format(path=path, why=why))


class PmTiles:
    """A PMTiles file, version 3."""

    def __init__(self, path: Path) -> None:
        try:
            # The mapping outlives the handle.
            with path.open("rb") as file:
                self._reader: Any = Reader(MmapSource(file))
            header = self._reader.header()
            told = self._reader.metadata()
        except Exception as error:  # the package raises whatever the bytes lead it to
            raise refuse(path, _("it is no PMTiles file of version 3 that can be read")) from error
        kind = header["tile_type"]
        if kind not in RASTER_TYPES | {TileType.MVT}:
            raise refuse(path, _("its tiles are neither PNG, JPEG, WebP nor MVT"))
        if header["tile_compression"] not in (Compression.NONE, Compression.GZIP):
            raise refuse(path, _("its tiles are packed by something else than gzip"))
        corners = ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")
        west, south, east, north = (header[name] / 1e7 for name in corners)
        self.about = _about(
            path,
            Kind.VECTOR if kind is TileType.MVT else Kind.RASTER,
            told,
            (header["min_zoom"], header["max_zoom"]),
            (west, south, east, north),
        )

    def read(self, z: int, x: int, y: int) -> bytes | None:
        """One tile as it is stored: vector tiles may be gzipped."""
        try:
            found: bytes | None = self._reader.get(z, x, y)
        except Exception as error:
            raise UpstreamFailed(_("The base map's file is damaged")) from error
        return found


class MbTiles:
    """An MBTiles file, version 1.3: SQLite, with rows counted from the south."""

    def __init__(self, path: Path) -> None:
        try:
            # Immutable: nobody writes beside us, so no lock file is looked for on a disk we may not write to.
            address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
            self._file = sqlite3.connect(address, uri=True, check_same_thread=False)
            told: dict[str, Any] = dict(self._file.execute("SELECT name, value FROM metadata"))
            self._file.execute("SELECT tile_data FROM tiles LIMIT 1").fetchone()
        except (sqlite3.Error, ValueError) as error:
            raise refuse(path, _("it is no MBTiles file that can be read")) from error
        self._lock = Lock()
        form = str(told.get("format", "")).lower()
        if form not in RASTER_FORMATS | VECTOR_FORMATS:
            raise refuse(path, _("its tiles are neither PNG, JPEG, WebP nor MVT"))
        try:
            told |= json.loads(told.get("json") or "{}")
            zooms = (int(told.get("minzoom", 0)), int(told.get("maxzoom", 22)))
            box = tuple(float(part) for part in told["bounds"].split(",")) if told.get("bounds") else None
        except (ValueError, TypeError) as error:
            raise refuse(path, _("what it tells of itself cannot be read")) from error
        kind = Kind.VECTOR if form in VECTOR_FORMATS else Kind.RASTER
        whole = (box[0], box[1], box[2], box[3]) if box and len(box) == 4 else None
        self.about = _about(path, kind, told, zooms, whole)

    def read(self, z: int, x: int, y: int) -> bytes | None:
        """One tile as it is stored: vector tiles may be gzipped."""
        query = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
        try:
            with self._lock:
                row = self._file.execute(query, (z, x, (1 << z) - 1 - y)).fetchone()
        except sqlite3.Error as error:
            raise UpstreamFailed(_("The base map's file is damaged")) from error
        return bytes(row[0]) if row else None


def _about(path: Path, kind: Kind, told: Mapping[str, Any], zooms: tuple[int, int], box: Box | None) -> About:
    layers = tuple(str(layer["id"]) for layer in told.get("vector_layers") or ())
    if kind is Kind.VECTOR and not layers:
        raise refuse(path, _("its vector tiles do not say which layers they have"))
    return About(
        kind=kind,
        title=str(told.get("name") or path.stem),
        # Files bring links in it; here it is shown as words.
        attribution=MARKUP.sub("", str(told.get("attribution") or "")).strip(),
        min_zoom=zooms[0],
        max_zoom=zooms[1],
        bounds=box,
        layers=layers,
    )


ARCHIVES: dict[str, type[PmTiles | MbTiles]] = {".pmtiles": PmTiles, ".mbtiles": MbTiles}
