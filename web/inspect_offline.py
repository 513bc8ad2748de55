"""What the phone keeps so that the app opens without signal: the list of its files, and their common mark.

The mark changes when any of them changes. The browser compares the service worker's script byte for byte, so
a new mark in its first line is what makes a phone fetch the new app.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from gis.i18n import LOCALES
from web.inspect_classes import class_list
from web.static_files import STATIC
from web.vendor import WEB, vendor_url, versions

APP = STATIC / "inspect"
SHARED = ("citygrid.css", "mark.svg")
TEMPLATES = ("inspect.html", "inspect_views.html", "inspect_sheets.html")
MAP_FILES = ("maplibre-gl.mjs", "maplibre-gl.css")
ICON_SIZES = (192, 512)


@lru_cache
def app_files() -> tuple[Path, ...]:
    """Our own files of the app, the service worker aside: nobody asks it for itself."""
    return tuple(sorted(path for path in APP.iterdir() if path.name != "sw.js"))


def shell_address(locale: str) -> str:
    """Where the empty app is in a language; it holds nothing of any person."""
    return f"/inspect?lang={locale}"


def map_worker_address() -> str:
    """Where the app's maps get their worker, which fetches the tiles.

    Below ``/inspect``: a service worker serves the workers whose own address it stands above, not those that
    one of its pages starts from elsewhere.
    """
    return f"/inspect/map/{versions()['maplibre-gl']}/worker.mjs"


def kept_addresses() -> list[str]:
    """Every address that the service worker fetches when it is installed."""
    return [
        *(shell_address(locale) for locale in LOCALES),
        *(f"/static/inspect/{path.name}" for path in app_files()),
        *(f"/static/{name}" for name in SHARED),
        vendor_url("dexie", "dexie.min.mjs"),
        *(vendor_url("maplibre-gl", name) for name in MAP_FILES),
        map_worker_address(),
        "/inspect/classes.json",
        "/inspect/manifest.webmanifest",
        *(f"/inspect/icon-{size}.png" for size in ICON_SIZES),
    ]


@lru_cache
def app_mark() -> str:
    """A short hash of everything that is kept, the words included."""
    digest = hashlib.sha256(json.dumps([kept_addresses(), class_list()]).encode())
    words = sorted((WEB.parent / "gis" / "locale" / "zh_CN").glob("*.po"))
    files = [STATIC / name for name in SHARED] + [WEB / "templates" / name for name in TEMPLATES]
    for path in [*app_files(), APP / "sw.js", *files, *words, WEB / "inspect_words.py"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@lru_cache
def worker_script() -> str:
    """The service worker: what is kept, in its first lines, then ``web/static/inspect/sw.js``."""
    kept = json.dumps({"mark": app_mark(), "addresses": kept_addresses()})
    dexie = vendor_url("dexie", "dexie.min.mjs")
    script = (APP / "sw.js").read_text("utf-8")
    return f'import Dexie from "{dexie}";\nconst KEPT = {kept};\n{script}'
