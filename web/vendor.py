"""The front-end packages the pages load: one table, package → folder served, and where each file is found.

Nothing else of ``node_modules`` can be reached. The version stands in the address, so that a browser may keep
a file for ever and still gets the next version at once.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gis.errors import NotFound, SetupError
from gis.i18n import _

WEB = Path(__file__).parent
NODE_MODULES = WEB / "node_modules"
SERVED_SUFFIXES = frozenset({".js", ".mjs", ".css", ".svg", ".png"})


@dataclass(frozen=True)
class Package:
    """One npm package: the folder of it that is served, and the names modules import it by.

    ``imports`` are rows of the page's import map, ``{specifier: file or "" for the folder}``.
    """

    folder: str
    imports: tuple[tuple[str, str], ...] = ()


VENDOR: dict[str, Package] = {
    "@awesome.me/webawesome": Package("dist-cdn", (("webawesome/", ""),)),
    "@geoman-io/leaflet-geoman-free": Package("dist", (("geoman", "leaflet-geoman.min.js"),)),
    "@maplibre/maplibre-gl-leaflet": Package(
        "dist", (("@maplibre/maplibre-gl-leaflet", "leaflet-maplibre-gl.mjs"),)
    ),
    "dexie": Package("dist/modern", (("dexie", "dexie.min.mjs"),)),
    "echarts": Package("dist", (("echarts", "echarts.esm.min.mjs"),)),
    "leaflet": Package("dist", (("leaflet", "leaflet-src.esm.js"),)),
    "lucide-static": Package("icons"),
    "maplibre-gl": Package("dist", (("maplibre-gl", "maplibre-gl.mjs"),)),
    "swagger-ui-dist": Package("."),
}


@lru_cache
def versions() -> dict[str, str]:
    """Exact version of each served package, as the lock file has it."""
    lock = json.loads((WEB / "package-lock.json").read_text("utf-8"))["packages"]
    return {name: lock[f"node_modules/{name}"]["version"] for name in VENDOR}


def vendor_url(package: str, file: str = "") -> str:
    """The address of a package's file; of its folder when ``file`` is empty."""
    return f"/static/vendor/{package}/{versions()[package]}/{file}"


def vendor_file(path: str) -> Path:
    """The file behind ``<package>/<version>/<file>``.

    Raises
    ------
    NotFound
        The package is not in the table, the version is another one, the file is not in the served folder,
        or is of a kind that no page needs.
    """
    for name, package in VENDOR.items():
        prefix = f"{name}/{versions()[name]}/"
        if path.startswith(prefix):
            folder = (NODE_MODULES / name / package.folder).resolve()
            file = (folder / path.removeprefix(prefix)).resolve()
            if file.is_relative_to(folder) and file.suffix in SERVED_SUFFIXES and file.is_file():
                return file
    raise NotFound


@lru_cache
def import_map() -> str:
    """The import map of every page, as JSON: the bare names that our modules import."""
    names = {
        specifier: vendor_url(name, file)
        for name, package in VENDOR.items()
        for specifier, file in package.imports
    }
    return json.dumps({"imports": names}, separators=(",", ":"))


def require_packages() -> None:
    """Refuse to start without the front-end packages: a page without its styles helps nobody.

    Raises
    ------
    SetupError
        A package of the table is not installed.
    """
    for name, package in VENDOR.items():
        if not (NODE_MODULES / name / package.folder).is_dir():
            raise SetupError(
                _("The front-end package {name} is not installed; run `npm ci` in the folder web").format(
                    name=name
                )
            )
