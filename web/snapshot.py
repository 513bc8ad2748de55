"""A map as one HTML file: scripts, styles, symbols and tiles inside it; it asks no network for anything.

The scripts are our front-end packages, gzipped and in base64; the file unpacks them into the reader's browser
and joins them by an import map. Its own content security policy forbids every address.
"""

import gzip
import json
import re
from base64 import b64encode
from datetime import date, datetime
from pathlib import Path

from markupsafe import Markup

from gis.i18n import _, get_locale
from gis.settings import get_settings
from layers.folium_map import draw
from layers.snapshot import Snapshot
from web.rendering import LANG, environment
from web.vendor import NODE_MODULES, WEB

# What modules of the file import each other by.
MODULES: dict[str, Path] = {
    "leaflet": NODE_MODULES / "leaflet" / "dist" / "leaflet-src.esm.js",
    "maplibre-gl": NODE_MODULES / "maplibre-gl" / "dist" / "maplibre-gl.mjs",
    "@maplibre/maplibre-gl-leaflet": NODE_MODULES
    / "@maplibre"
    / "maplibre-gl-leaflet"
    / "dist"
    / "leaflet-maplibre-gl.mjs",
    "citygrid/images": WEB / "static" / "map" / "images.js",
    "citygrid/snapshot": WEB / "static" / "map" / "snapshot.js",
}
WORKER = NODE_MODULES / "maplibre-gl" / "dist" / "maplibre-gl-worker.mjs"
STYLES = (
    NODE_MODULES / "leaflet" / "dist" / "leaflet.css",
    NODE_MODULES / "maplibre-gl" / "dist" / "maplibre-gl.css",
    WEB / "static" / "map" / "snapshot.css",
)
# Pictures of controls that the file does not show.
PICTURE_FILE = re.compile(r"url\((?!['\"]?data:)[^)]*\)")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def write_html(snapshot: Snapshot, title: str, as_of: date | None) -> str:
    """The whole file as text."""
    drawn = draw(snapshot.map)
    script = 'import * as L from "leaflet";\nimport { cityTiles } from "citygrid/snapshot";\n' + drawn.script
    now = datetime.now(get_settings().zone)
    return environment.get_template("snapshot.html").render(
        lang=LANG[get_locale()],
        title=title,
        made=now,
        as_of=as_of,
        snapshot=snapshot,
        left_out=" · ".join(_(layer.title) for layer in snapshot.left_out),
        swatch=lambda entry: Markup(entry.swatch),  # noqa: S704 - drawn by layers.legend
        styles=Markup("\n".join(_style(path) for path in STYLES)),  # noqa: S704 - files of ours
        map_html=Markup(drawn.html),  # noqa: S704 - rendered from the catalogue
        modules={name: _packed(path.read_text("utf-8")) for name, path in MODULES.items()},
        worker=_packed(WORKER.read_text("utf-8")),
        script=_packed(script),
        # Base64 and names of layers only: nothing in it could end the element it stands in.
        tiles=Markup(json.dumps(snapshot.tiles, separators=(",", ":"))),  # noqa: S704
    )


def _packed(words: str) -> str:
    return b64encode(gzip.compress(words.encode(), compresslevel=9, mtime=0)).decode()


def _style(path: Path) -> str:
    return PICTURE_FILE.sub("none", COMMENT.sub("", path.read_text("utf-8")))
