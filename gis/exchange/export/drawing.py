"""The network as a DXF drawing in real coordinates: x east, y north, z the pipe's centre, metres.

A line whose heights are all known is a polyline in space, any other a flat one. Each class has a layer for
its lines, points and words, in the colour of the class.
"""

import math
from pathlib import Path
from typing import Any

import shapely
from ezdxf import units
from ezdxf.colors import DXF_DEFAULT_COLORS, int2rgb
from ezdxf.enums import TextEntityAlignment
from ezdxf.filemanagement import new

from gis.exchange.export.selection import Row, Selection
from gis.pipeline.frame import Kind
from gis.standard.tables import pipe_main_classes, point_kinds

FONT, STYLE = "simhei.ttf", "HZ"
TEXT_M = 1.5  # 3 mm on a sheet of 1:500
SYMBOL_M = 1.0  # width of a symbol, likewise
LINES, POINTS, WORDS = "", "-点", "-注记"
# Symbols by what a point acts as; everything else that one can climb into is a well.
SYMBOLS = {"valve": "VALVE", "check_valve": "VALVE", "hydrant": "HYDRANT"}
WELL, JOINT = "WELL", "JOINT"
# Control signs would end a line of the file.
_SIGNS = dict.fromkeys((*range(32), 127), " ")


def write_dxf(selection: Selection, path: Path) -> int:
    """Lines with their size and material, wells with number and levels; returns what was drawn."""
    document = new("R2010", units=units.M)
    document.styles.add(STYLE, font=FONT)
    _layers(document)
    _blocks(document)
    space = document.modelspace()
    count = 0
    if selection.question.kind is Kind.SEGMENTS:
        for row in selection.rows(Kind.SEGMENTS):
            _line(space, row)
            count += 1
    acts = {(kind.class_code, kind.code): kind.acts_as for kind in point_kinds()}
    for row in selection.rows(Kind.POINTS):
        _point(space, row, acts.get((row["class"], row["appendage"] or "")))
        count += 1
    document.saveas(path)
    return count


def layer_of(class_code: str, part: str) -> str:
    """``JS-给水``, ``JS-给水-点``, ``JS-给水-注记``: names of the trade, in whatever language one reads."""
    name = next(row.name_zh for row in pipe_main_classes() if row.class_code == class_code)
    return f"{class_code}-{name}{part}"


def _layers(document: Any) -> None:
    for row in pipe_main_classes():
        rgb = tuple(bytes.fromhex(row.rgb_hex.removeprefix("#")))
        for part in (LINES, POINTS, WORDS):
            layer = document.layers.add(layer_of(row.class_code, part), color=_nearest(rgb))
            layer.rgb = rgb


def _nearest(rgb: tuple[int, ...]) -> int:
    """The nearest entry of the colour index, for readers without true colour."""

    def distance(index: int) -> int:
        return sum((a - b) ** 2 for a, b in zip(rgb, int2rgb(DXF_DEFAULT_COLORS[index]), strict=True))

    return min(range(1, 256), key=distance)


def _blocks(document: Any) -> None:
    radius = SYMBOL_M / 2
    well = document.blocks.new(WELL)
    well.add_circle((0, 0), radius)
    well.add_line((-radius, 0), (radius, 0))
    valve = document.blocks.new("VALVE")
    corners = [(-radius, -radius / 2), (radius, radius / 2), (radius, -radius / 2), (-radius, radius / 2)]
    valve.add_lwpolyline(corners, close=True)
    hydrant = document.blocks.new("HYDRANT")
    hydrant.add_circle((0, 0), radius)
    hydrant.add_circle((0, 0), radius / 2)
    document.blocks.new(JOINT).add_circle((0, 0), radius / 4)
    for block in (WELL, "VALVE", "HYDRANT", JOINT):
        for tag, height in (("NUMBER", 0.0), ("GROUND", -TEXT_M)):
            place = (radius * 1.5, height)
            attributes = {"height": TEXT_M, "style": STYLE}
            document.blocks.get(block).add_attdef(tag, place, dxfattribs=attributes)


def _line(space: Any, row: Row) -> None:
    line = shapely.from_wkb(bytes(row["shape"]))
    places = shapely.get_coordinates(line, include_z=True).tolist()
    attributes = {"layer": layer_of(row["class"], LINES)}
    if all(math.isfinite(place[2]) for place in places):
        space.add_polyline3d(places, dxfattribs=attributes)
    else:
        space.add_lwpolyline([place[:2] for place in places], dxfattribs=attributes)
    words = " ".join(part for part in (row["size"] or "", row["material"] or "") if part).translate(_SIGNS)
    if words and row["length_m"] >= len(words) * TEXT_M:
        _along(space, line, words, row["class"])
    for place, level in ((places[0], row["start_level"]), (places[-1], row["end_level"])):
        if level is not None and not math.isfinite(place[2]):
            _words(space, f"{level:.3f}", place[:2], 0.0, row["class"])


def _along(space: Any, line: Any, words: str, class_code: str) -> None:
    """Words beside the middle of a line, never upside down."""
    middle = line.interpolate(0.5, normalized=True)
    before, after = (line.interpolate(share, normalized=True) for share in (0.49, 0.51))
    angle = math.degrees(math.atan2(after.y - before.y, after.x - before.x))
    _words(space, words, (middle.x, middle.y), (angle + 90) % 180 - 90, class_code)


def _words(space: Any, words: str, place: Any, angle: float, class_code: str) -> None:
    attributes = {
        "layer": layer_of(class_code, WORDS),
        "style": STYLE,
        "height": TEXT_M,
        "rotation": angle,
    }
    text = space.add_text(words, dxfattribs=attributes)
    text.set_placement((place[0], place[1]), align=TextEntityAlignment.BOTTOM_CENTER)


def _point(space: Any, row: Row, acts_as: str | None) -> None:
    ((x, y),) = shapely.get_coordinates(shapely.from_wkb(bytes(row["shape"]))).tolist()
    block = SYMBOLS.get(acts_as or "", WELL if row["appendage"] else JOINT)
    ground = row["ground_level"]
    insert = space.add_blockref(
        block,
        (x, y, ground if ground is not None else 0.0),
        dxfattribs={"layer": layer_of(row["class"], POINTS)},
    )
    values = {"NUMBER": str(row["number"]).translate(_SIGNS)}
    if ground is not None:
        values["GROUND"] = f"{ground:.3f}"
    insert.add_auto_attribs(values)
    for attribute in insert.attribs:
        attribute.dxf.layer = layer_of(row["class"], WORDS)
