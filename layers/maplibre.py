"""The style of the vector map, from the catalogue: the MapLibre style specification, version 8.

No ``glyphs`` and no ``sprite``: words are drawn from the reader's own fonts, symbols come as images with the
style, so that nothing is fetched but tiles.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from sqlalchemy.orm import Session

from gis.i18n import get_locale
from layers.catalog_grid import LAND
from layers.classes import categories_by, categories_of
from layers.layer import (
    Bubble,
    Category,
    Classes,
    Fill,
    Heat,
    Label,
    Layer,
    Line,
    Marker,
    Symbol,
    Zooms,
)
from layers.symbols import symbol

SOURCE_MAX_ZOOM = 17  # beyond, tiles are enlarged: a unit of a tile is 6 cm there
UNKNOWN = "#8a8f93"
ALARM = "#c5221b"
FONTS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Micro Hei")
BOLD = ("PingFang SC Semibold", *FONTS)
# A class's dashes are given in pixels of a line this wide; the map counts in line widths.
DASH_WIDTH = 2.0
RAILS_FROM = 13  # below, a line is thinner than its rails

Expression = list[Any]


def style(session: Session, layers: Sequence[Layer], tiles_root: str = "/tiles") -> dict[str, Any]:
    """The style of some layers, bottom first: fills and lines, raised lines, glows, words, symbols.

    ``metadata["citygrid:layer"]`` of each style layer names the layer of the catalogue it draws, and
    ``metadata["citygrid:by"]`` holds, where the reader may choose, the image by each column to tell rows
    apart by.
    """
    parts: list[tuple[int, dict[str, Any]]] = []
    for layer in layers:
        categories = categories_of(session, layer)
        for number, part in enumerate(layer.symbols):
            drawn = _style_layers(layer, number, part, categories)
            if isinstance(part, Marker) and layer.also_by:
                drawn[0]["metadata"]["citygrid:by"] = _images_by(session, layer, part)
            parts += [(_rank(part), one) for one in drawn]
    parts.sort(key=lambda pair: pair[0])
    ground = {"id": "ground", "type": "background", "paint": {"background-color": LAND}}
    return {
        "version": 8,
        "sources": {layer.name: _source(layer, tiles_root) for layer in layers},
        "layers": [ground, *(one for _rank, one in parts)],
    }


def _rank(part: Symbol) -> int:
    """What is drawn above what, whatever its layer."""
    match part:
        case Marker() | Bubble():
            return 4
        case Label():
            return 3
        case Heat():
            return 2
        case Line(raised=True):
            return 1
    return 0


def images(session: Session, layers: Iterable[Layer]) -> dict[str, str]:
    """The symbols the style of some layers names, ``{name: SVG}``."""
    found: dict[str, str] = {}
    for layer in layers:
        for part in layer.symbols:
            if isinstance(part, Marker):
                found |= _images(layer.name, part, categories_of(session, layer))
                for classes in layer.also_by:
                    found |= _images(_prefix(layer, classes), part, categories_by(session, classes))
    return found


def _prefix(layer: Layer, classes: Classes | None) -> str:
    """What the names of a layer's symbols begin with, told apart by some classes."""
    return f"{layer.name}@{classes.by}" if classes in layer.also_by and classes else layer.name


def _images(prefix: str, part: Marker, categories: Sequence[Category]) -> dict[str, str]:
    if part.by:
        mains = [category for category in categories if not category.parent]
        return {
            f"{prefix}/{category.value}/{value}": symbol(shape, category.colour)
            for category in mains
            for value, (shape, _title) in part.shapes.items()
        }
    found = {f"{prefix}/": symbol("circle", UNKNOWN)}
    for category in categories:
        found[f"{prefix}/{category.value}"] = symbol(category.symbol, category.colour)
        if part.ring:
            found[f"{prefix}/{category.value}!"] = symbol(category.symbol, category.colour, ring=True)
    return found


def _images_by(session: Session, layer: Layer, part: Marker) -> dict[str, Expression]:
    """For each column that the reader may choose, the usual one first: the image of a row."""
    return {
        classes.by: _image(layer, part, classes, categories_by(session, classes))
        for classes in (layer.classes, *layer.also_by)
        if classes
    }


def _source(layer: Layer, tiles_root: str) -> dict[str, Any]:
    return {
        "type": "vector",
        "tiles": [f"{tiles_root}/{layer.name}/{{z}}/{{x}}/{{y}}.mvt"],
        "minzoom": max(layer.min_zoom, min(part.min_zoom for part in layer.symbols)),
        "maxzoom": SOURCE_MAX_ZOOM,
    }


def _style_layers(
    layer: Layer, number: int, part: Symbol, categories: Sequence[Category]
) -> list[dict[str, Any]]:
    match part:
        case Fill():
            drawn = [_fill(layer, part)]
        case Line():
            drawn = _line(layer, part, categories)
        case Marker():
            drawn = [_marker(layer, part, categories)]
        case Bubble():
            drawn = _bubble(part)
        case Heat():
            drawn = [_heat(part)]
        case Label():
            drawn = [_label(layer, part)]
        case _:
            raise TypeError(part)
    only = [["in", ["get", part.only[0]], ["literal", list(part.only[1])]]] if part.only else []
    for position, one in enumerate(drawn):
        tests = only + one.pop("tests", [])
        one["id"] = f"{layer.name}:{number}" + (f":{position}" if position else "")
        one["source"] = layer.name
        one.setdefault("source-layer", layer.name)
        one["metadata"] = {"citygrid:layer": layer.name}
        if tests:
            one["filter"] = ["all", *tests]
        least = max(part.min_zoom, layer.min_zoom, one.get("minzoom", 0))
        if least:
            one["minzoom"] = least
    return drawn


def _fill(layer: Layer, part: Fill) -> dict[str, Any]:
    paint: dict[str, Any] = {"fill-color": part.colour, "fill-opacity": part.opacity}
    if part.outline:
        paint["fill-outline-color"] = part.outline
    return {"type": "fill", "paint": paint}


def _line(layer: Layer, part: Line, categories: Sequence[Category]) -> list[dict[str, Any]]:
    joined = {"line-join": "round"}
    drawn: list[dict[str, Any]] = []
    colour: Any = part.colour or _by_class(layer, categories)
    width = _zoomed(part.width)
    if part.casing and layer.classes and layer.classes.table:
        # Two thin rails, not a bed: between dashes the ground must show, and light colours need an edge.
        rails = {"line-color": part.casing, "line-opacity": 0.6, "line-width": part.casing_width / 2}
        rails |= {"line-gap-width": width}
        drawn.append({"type": "line", "layout": joined, "paint": rails, "minzoom": RAILS_FROM})
    elif part.casing:
        wider = _zoomed({zoom: value + part.casing_width for zoom, value in part.width.items()})
        bed = {"line-color": part.casing, "line-width": wider, "line-opacity": part.opacity}
        drawn.append({"type": "line", "layout": joined | {"line-cap": "round"}, "paint": bed})
    paint = {"line-color": colour, "line-width": width, "line-opacity": part.opacity}
    dashed = [category for category in categories if category.dash]
    if part.dash:
        drawn.append({"type": "line", "layout": joined, "paint": paint | {"line-dasharray": list(part.dash)}})
    elif dashed and layer.classes:
        key = _class_key(layer.classes)
        values = [category.value for category in dashed]
        pattern: Expression = ["match", key]
        for category in dashed:
            steps = [float(step) / DASH_WIDTH for step in category.dash.split()]
            pattern += [category.value, ["literal", steps]]
        pattern.append(["literal", [2, 2]])
        is_dashed: Expression = ["in", key, ["literal", values]]
        drawn.append({"type": "line", "layout": joined, "paint": paint, "tests": [["!", is_dashed]]})
        drawn.append(
            {
                "type": "line",
                "layout": joined,
                "paint": paint | {"line-dasharray": pattern},
                "tests": [is_dashed],
            }
        )
    else:
        drawn.append({"type": "line", "layout": joined | {"line-cap": "round"}, "paint": paint})
    return drawn


def _marker(layer: Layer, part: Marker, categories: Sequence[Category]) -> dict[str, Any]:
    layout: dict[str, Any] = {
        "icon-image": _image(layer, part, layer.classes, categories),
        "icon-size": _zoomed(part.size),
        "icon-allow-overlap": True,
        "icon-ignore-placement": True,
    }
    if part.ring:
        layout["symbol-sort-key"] = _if_ringed(part, 1, 0)
    return {"type": "symbol", "layout": layout, "tests": [["!", ["has", "count"]]]}


def _image(layer: Layer, part: Marker, classes: Classes | None, categories: Sequence[Category]) -> Expression:
    """Which symbol stands for a row; a row of a class that is not known has a grey one, never none."""
    prefix = _prefix(layer, classes)
    by: Expression = ["coalesce", ["get", classes.by if classes else ""], ""]
    if part.by:
        return ["concat", f"{prefix}/", by, "/", ["get", part.by]]
    known: Expression = ["in", by, ["literal", [category.value for category in categories]]]
    return ["case", known, ["concat", f"{prefix}/", by, _if_ringed(part, "!", "") or ""], f"{prefix}/"]


def _if_ringed(part: Marker, yes: Any, no: Any) -> Expression | None:
    return ["case", ["==", ["get", part.ring[0]], part.ring[1]], yes, no] if part.ring else None


def _bubble(part: Bubble) -> list[dict[str, Any]]:
    smallest, largest = (9, 30) if part.numbered else (3, 16)
    root: Expression = ["sqrt", ["get", "count"]]
    paint: dict[str, Any] = {
        "circle-color": part.colour,
        "circle-opacity": part.opacity,
        "circle-radius": ["interpolate", ["linear"], root, 1, smallest, 30, largest],
    }
    if part.numbered:
        alarm: Expression = ["case", [">", ["coalesce", ["get", "overdue"], 0], 0], ALARM, "#ffffff"]
        paint |= {"circle-stroke-width": 2, "circle-stroke-color": alarm}
    circle = {"type": "circle", "paint": paint, "tests": [["has", "count"]]}
    if not part.numbered:
        return [circle]
    number = {
        "type": "symbol",
        "layout": {
            "text-field": ["to-string", ["get", "count"]],
            "text-font": list(BOLD),
            "text-size": 12,
            "text-allow-overlap": True,
            "text-ignore-placement": True,
        },
        "paint": {"text-color": "#ffffff"},
        "tests": [["has", "count"]],
    }
    return [circle, number]


def _heat(part: Heat) -> dict[str, Any]:
    """A glow. Its weight is relative: the map's script sets it by the largest count in the picture."""
    steps = [[(number + 1) / len(part.ramp), colour] for number, colour in enumerate(part.ramp)]
    clear = part.ramp[0] + "00"
    paint: dict[str, Any] = {
        "heatmap-weight": ["min", 1, ["/", ["coalesce", ["get", "count"], 1], 10]],
        "heatmap-radius": _zoomed(part.reach),
        "heatmap-opacity": part.opacity,
        "heatmap-color": ["interpolate", ["linear"], ["heatmap-density"], 0, clear, *chain(*steps)],
    }
    return {"type": "heatmap", "paint": paint, "maxzoom": part.max_zoom}


def _label(layer: Layer, part: Label) -> dict[str, Any]:
    layout: dict[str, Any] = {
        "text-field": _words(part.text),
        "text-font": list(FONTS),
        "text-size": _zoomed(part.size),
        "text-max-width": 8,
        "text-padding": 4,
    }
    if part.along:
        layout |= {"symbol-placement": "line", "symbol-spacing": 320, "text-max-angle": 30}
    if part.spaced:
        layout["text-letter-spacing"] = 0.12
    drawn: dict[str, Any] = {
        "type": "symbol",
        "layout": layout,
        "paint": {
            "text-color": part.colour,
            "text-opacity": part.opacity,
            "text-halo-color": "rgba(255,255,255,0.92)",
            "text-halo-width": 2 if part.along else 1.4,
        },
        "tests": [["!", ["has", "count"]]],
    }
    if layer.labels_from is not None:
        drawn["source-layer"] = f"{layer.name}_label"
    if part.max_zoom < SOURCE_MAX_ZOOM:
        drawn["maxzoom"] = part.max_zoom
    if not part.along and layer.labels_from is None:
        layout |= {"text-anchor": "top", "text-offset": [0, 0.8], "text-optional": True}
    return drawn


def _words(names: tuple[str, ...]) -> Expression:
    """The first column that is not empty; in English, the one in English before the one in Chinese."""
    ordered = sorted(names, key=lambda name: name.endswith("_en") is not (get_locale() == "en"))
    tests = chain.from_iterable(
        (["!=", ["coalesce", ["get", name], ""], ""], ["get", name]) for name in ordered
    )
    return ["case", *tests, ""]


def _class_key(classes: Classes) -> Expression:
    by: Expression = ["get", classes.by]
    return ["concat", by, "/", ["get", classes.sub]] if classes.sub else by


def _by_class(layer: Layer, categories: Sequence[Category]) -> Expression | str:
    """The colour of a row's class; a row of a class that is not known is grey, never missing."""
    if not categories or layer.classes is None:
        return UNKNOWN
    used = [category for category in categories if bool(category.parent) == bool(layer.classes.sub)]
    pairs = chain.from_iterable((category.value, category.colour) for category in used)
    return ["match", _class_key(layer.classes), *pairs, UNKNOWN]


def _zoomed(sizes: Zooms) -> Any:
    if len(sizes) == 1:
        return next(iter(sizes.values()))
    steps = chain.from_iterable(sorted(sizes.items()))
    return ["interpolate", ["exponential", 1.4], ["zoom"], *steps]
