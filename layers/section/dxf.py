"""Sections as DXF in metres: x is the station, y the level times the exaggeration (1 unless chosen).

What is drawn is what stands on the sheet, taken back from millimetres to metres; each class of lines has a
layer of its own, ``JS-给水``, in its colour. A file is R2010, in metres, with a Chinese text style.
"""

import io
from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any

import ezdxf
from ezdxf import units
from ezdxf.colors import rgb2int
from ezdxf.document import Drawing as Document
from ezdxf.enums import TextEntityAlignment

from gis.i18n import _, get_locale, in_locale
from gis.pipeline.section.model import CrossSection, Profile
from layers.section import title_block
from layers.section.cross_section import across
from layers.section.drawing import Drawing
from layers.section.dxf_tables import ACI, LAYERS, STYLE, Tables, nearest_weight, rgb
from layers.section.options import CROSS_SCALES, PROFILE_SCALES, DrawOptions
from layers.section.profile_drawing import along
from layers.section.scene import Box, Ellipse, Ink, Layer, Line, Pen, Point, Shape, Text
from layers.section.words import clean

TEXT_SCALE = 100  # words are as large as on a sheet of this scale, unless one is chosen
CAP = 0.73  # height of capitals, which DXF measures type by, in heights of the type
APART_M = 10.0
LEAST_SHEET_MM = 270.0
ALIGN = {
    "start": TextEntityAlignment.LEFT,
    "middle": TextEntityAlignment.CENTER,
    "end": TextEntityAlignment.RIGHT,
}


def cross_section(section: CrossSection, options: DrawOptions | None = None) -> bytes:
    """A cross-section. Both scales together give the exaggeration, the horizontal one the words' size."""
    return series([section], options)


def profile(profile: Profile, options: DrawOptions | None = None) -> bytes:
    """A longitudinal profile."""
    options = (options or DrawOptions()).checked(PROFILE_SCALES)
    with in_locale(options.locale or get_locale()):
        return _written([along(profile, *_scales(options))], options)


def series(sections: Sequence[CrossSection], options: DrawOptions | None = None) -> bytes:
    """Cross-sections side by side, each from its own whole ten metres on; levels stay what they are."""
    options = (options or DrawOptions()).checked(CROSS_SCALES)
    with in_locale(options.locale or get_locale()):
        return _written([across(section, *_scales(options)) for section in sections], options)


def _scales(options: DrawOptions) -> tuple[int, int]:
    scale_h = options.scale_h or TEXT_SCALE
    return scale_h, (options.scale_v if options.scale_v and options.scale_h else scale_h)


def _written(drawings: Iterable[Drawing], options: DrawOptions) -> bytes:
    document = ezdxf.new("R2010", units=units.M)  # type: ignore[attr-defined]
    tables = Tables(document)
    free_from_m: float | None = None
    for drawing in drawings:
        sheet = _framed(drawing, options)
        pen = _Pen(document, tables, drawing)
        if free_from_m is not None:
            # By whole tens, so that a station is still read off the coordinates at a glance.
            left_m, _y = pen.at((sheet.left, 0.0))
            pen.shift_m = ceil((free_from_m - left_m) / APART_M) * APART_M
        pen.draw(drawing.shapes)
        free_from_m = pen.at((sheet.right, 0.0))[0] + APART_M
    out = io.StringIO()
    document.write(out)
    return out.getvalue().encode("utf-8")


def _framed(drawing: Drawing, options: DrawOptions) -> Box:
    """Title, legend, notes and title block about a drawing, and a frame around all; where this stands."""
    frame = drawing.frame
    if frame.scale_h != frame.scale_v:
        times = f"{frame.scale_h / frame.scale_v:g}"
        drawing.remarks.append(
            _("Drawing units are metres; heights are drawn {times} times.").format(times=times)
        )
    else:
        drawing.remarks.append(_("Drawing units are metres; heights are not exaggerated."))
    box = drawing.bounds
    width = max(box.width + 8, LEAST_SHEET_MM)
    left = (box.left + box.right - width) / 2
    top = box.top - title_block.HEAD_MM - 2
    bottom = box.bottom + 4 + title_block.strip_height(drawing, width)
    sheet = Box(left, top, left + width, bottom)
    drawing.shapes += title_block.head(drawing, sheet, options)
    drawing.shapes += title_block.strip(drawing, sheet, options, drawing.targets)
    drawing.shapes.append(Line(Layer.SHEET, (sheet.corners(),), Pen(0.5), True))
    return sheet


class _Pen:
    """Draws the shapes of one drawing into a document, in metres."""

    def __init__(self, document: Document, tables: Tables, drawing: Drawing) -> None:
        self.space = document.modelspace()
        self.tables = tables
        self.drawing = drawing
        self.shift_m = 0.0

    def at(self, place: Point) -> Point:
        """Metres of a place on the sheet."""
        frame = self.drawing.frame
        metre = frame.scale_h / 1000
        level = frame.level * frame.scale_h / frame.scale_v
        return (
            frame.station_m + self.shift_m + (place[0] - frame.origin[0]) * metre,
            level + (frame.origin[1] - place[1]) * metre,
        )

    def draw(self, shapes: Iterable[Shape]) -> None:
        """All of them; what only hides something on paper is left out."""
        for shape in shapes:
            if isinstance(shape, Text):
                self._write(shape)
            elif isinstance(shape, Ellipse):
                self._ellipse(shape)
            elif shape.pen is not None or shape.fill not in (None, Ink.PAPER):
                self._line(shape)

    def _line(self, line: Line) -> None:
        look = self._look(line.layer, line.target, line.pen)
        for run in line.runs:
            places = [self.at(place) for place in run]
            if line.fill == Ink.STRONG and line.closed:
                hatch = self.space.add_hatch(color=7, dxfattribs={"layer": look["layer"]})
                hatch.paths.add_polyline_path(places, is_closed=True)
            if line.pen is not None:
                self.space.add_lwpolyline(places, close=line.closed, dxfattribs=look)

    def _ellipse(self, ellipse: Ellipse) -> None:
        look = self._look(ellipse.layer, ellipse.target, ellipse.pen)
        if ellipse.layer is Layer.SHEET and ellipse.fill and ellipse.fill not in ACI:
            look["true_color"] = rgb2int(rgb(ellipse.fill))  # the legend, whose layer has no class
        metre = self.drawing.frame.scale_h / 1000
        centre, rx, ry = self.at(ellipse.centre), ellipse.rx * metre, ellipse.ry * metre
        if abs(rx - ry) < 1e-9:
            self.space.add_circle(centre, rx, dxfattribs=look)
            return
        major = (rx, 0.0) if rx > ry else (0.0, ry)
        ratio = max(min(rx, ry) / max(rx, ry), 1e-6)
        self.space.add_ellipse(centre, major, ratio, dxfattribs=look)

    def _write(self, text: Text) -> None:
        words = clean(text.words)
        if not words:
            return
        look = self._look(text.layer, text.target, None)
        if text.colour in ACI and text.colour != Ink.PAPER:
            look["color"] = ACI[text.colour]
        metre = self.drawing.frame.scale_h / 1000
        entity = self.space.add_text(
            words, height=text.size * CAP * metre, rotation=text.turn, dxfattribs={**look, "style": STYLE}
        )
        entity.set_placement(self.at(text.at), align=ALIGN[text.anchor])

    def _look(self, layer: Layer, target: str | None, pen: Pen | None) -> dict[str, Any]:
        look: dict[str, Any] = {"layer": self._layer(layer, target)}
        if pen is None:
            return look
        look["lineweight"] = nearest_weight(pen.width)
        # A class's lines are in the colour of its layer; what is said about them is in its own.
        if pen.colour in (Ink.ERROR, Ink.WARNING, Ink.NOTE, Ink.FAINT, Ink.QUIET):
            look["color"] = ACI[pen.colour]
        if pen.dash:
            look["linetype"] = self.tables.linetype(pen.dash, self.drawing.frame.scale_h / 1000)
        return look

    def _layer(self, layer: Layer, target: str | None) -> str:
        if target and layer in (Layer.PIPE, Layer.CROSSING):
            # A profile draws wells over the line they stand on; they keep the layer of wells.
            known = self.drawing.targets[target]
            if known.kind == "well":
                return LAYERS[Layer.WELL]
            if code := known.data.get("class-code"):
                return self.tables.class_layer(code)
        return LAYERS[layer]
