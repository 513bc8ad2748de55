"""How a base map is drawn: what MapLibre puts under our own layers, and what TileJSON tells of it.

The layers of a vector file may be called anything. They are drawn by their geometry alone, in greys, so that
what is ours stays in front.
"""

from typing import Any

from layers.base_map.config import BaseMap
from layers.base_map.sources import Kind
from layers.maplibre import FONTS

SOURCE = "base"
# Where files of the usual schemas keep a name, Chinese before any other.
NAMES = ("name:zh-Hans", "name:zh", "name_zh", "name", "name:latin", "name:en", "name_en")
Part = dict[str, Any]


def tiles_path(base: BaseMap) -> str:
    """The path of its tiles, with ``{z}``, ``{x}`` and ``{y}``."""
    return f"/base/{base.name}/{{z}}/{{x}}/{{y}}"


def drawn(base: BaseMap) -> dict[str, Any]:
    """What a page needs to put it under the map: its source and its layers, bottom first."""
    about = base.about
    source: Part = {"type": about.kind, "tiles": [tiles_path(base)]}
    source |= {"minzoom": about.min_zoom, "maxzoom": about.max_zoom}
    if about.kind is Kind.RASTER:
        source["tileSize"] = about.tile_px
    if about.bounds:
        source["bounds"] = list(about.bounds)
    told = {"name": base.name, "title": base.title, "attribution": about.attribution}
    return told | {"source": source, "layers": _layers(base)}


def tilejson(base: BaseMap, root: str, query: str = "") -> dict[str, Any]:
    """TileJSON 3.0.0 of a base map. ``root`` is our address; ``query`` stands behind that of tiles."""
    about = base.about
    told: Part = {
        "tilejson": "3.0.0",
        "name": base.title,
        "attribution": about.attribution,
        "tiles": [root + tiles_path(base) + query],
        "minzoom": about.min_zoom,
        "maxzoom": about.max_zoom,
        "bounds": list(about.bounds or (-180.0, -85.051129, 180.0, 85.051129)),
    }
    if about.kind is Kind.VECTOR:
        told["vector_layers"] = [{"id": name, "fields": {}} for name in about.layers]
    return told


def _layers(base: BaseMap) -> list[Part]:
    if base.about.kind is Kind.RASTER:
        return [{"id": "base:0", "type": "raster", "source": SOURCE, "paint": {"raster-fade-duration": 0}}]
    rules = (_area, _line, _point, _word)
    return [
        {"id": f"base:{number}:{position}", "source": SOURCE, "source-layer": name} | rule()
        for number, rule in enumerate(rules)
        for position, name in enumerate(base.about.layers)
    ]


def _is(*kinds: str) -> list[Any]:
    """A test of a feature's geometry; parts of a multi-geometry have the same type in a tile."""
    names = [*kinds, *(f"Multi{kind}" for kind in kinds)]
    return ["in", ["geometry-type"], ["literal", names]]


def _area() -> Part:
    paint = {"fill-color": "#d8dadb", "fill-opacity": 0.35, "fill-outline-color": "#c2c6c8"}
    return {"type": "fill", "filter": _is("Polygon"), "paint": paint}


def _line() -> Part:
    width = ["interpolate", ["exponential", 1.4], ["zoom"], 8, 0.4, 14, 1.2, 18, 4]
    paint = {"line-color": "#b4b9bc", "line-width": width}
    return {"type": "line", "filter": _is("LineString"), "paint": paint}


def _point() -> Part:
    paint = {"circle-color": "#9aa1a5", "circle-radius": 2}
    return {"type": "circle", "filter": _is("Point"), "minzoom": 14, "paint": paint}


def _word() -> Part:
    words = ["coalesce", *(["get", name] for name in NAMES), ""]
    layout = {"text-field": ["to-string", words], "text-font": list(FONTS), "text-size": 11}
    paint = {"text-color": "#7d858a", "text-halo-color": "#ffffff", "text-halo-width": 1.2}
    # Words of lines would need their own placement; names of roads are ours to write.
    return {"type": "symbol", "filter": _is("Point"), "layout": layout, "paint": paint}
