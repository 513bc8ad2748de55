"""One line of the network where a plane cuts it: its outline at its true place, size and level."""

from dataclasses import dataclass
from math import ceil, radians, sin, sqrt

from gis.pipeline.section.model import Crossing, CrossingPipe, Form
from layers.section.scene import Box, Ellipse, Frame, Ink, Layer, Line, Pen, Point, Shape, Text
from layers.section.words import ems

LEAST_MM = 0.8  # what is smaller on paper gets a ring around it, to be found
RING_MM = 1.0
UNKNOWN_MM = 1.2  # radius of the mark where the level is known and the size is not
LEAST_ANGLE_DEG = 3.0  # flatter than this, a line lies in the plane and has no width in it
DASH_MM = 0.09  # of one unit of the class's line style, which is in pixels of a line 2 px wide
LEAST_DASH_MM = 0.25
OUTLINE = 0.3


@dataclass(frozen=True, slots=True)
class Cut:
    """What is needed to draw a line that is cut: metres, None = not known."""

    station_m: float
    form: Form
    width_m: float | None  # in the plane of the section
    height_m: float | None
    centre_level: float | None
    rgb_hex: str
    dash: str
    letters: str
    holes: int | None = None
    used_holes: int | None = None

    @property
    def is_placed(self) -> bool:
        """Whether its level is known: only then does it stand anywhere in the ground."""
        return self.centre_level is not None


def of_crossing(crossing: Crossing) -> Cut:
    """A line as a cross-section cuts it."""
    return Cut(
        crossing.station_m,
        crossing.form,
        crossing.apparent_width_m,
        _height(crossing),
        centre_of(crossing),
        crossing.rgb_hex,
        crossing.dash,
        crossing.sub_code,
        crossing.total_holes,
        crossing.used_holes,
    )


def of_crossing_pipe(pipe: CrossingPipe) -> Cut:
    """A line that crosses a profile; its width in the plane follows from its angle."""
    width = _metres(pipe.width_mm)
    if width is not None:
        width = width / sin(radians(pipe.angle_deg)) if abs(pipe.angle_deg) >= LEAST_ANGLE_DEG else None
    return Cut(
        pipe.distance_m, pipe.form, width, _height(pipe), centre_of(pipe), pipe.rgb_hex, "", pipe.sub_code
    )


def centre_of(pipe: Crossing | CrossingPipe) -> float | None:
    """Where a line is drawn: its centre; the face that is known where its height is not."""
    if pipe.centre_level is not None:
        return pipe.centre_level
    half = (_height(pipe) or 0.0) / 2
    if pipe.crown_level is not None:
        return pipe.crown_level - half
    return None if pipe.invert_level is None else pipe.invert_level + half


def _height(pipe: Crossing | CrossingPipe) -> float | None:
    """Of a round line, its diameter stands for both."""
    return _metres(pipe.height_mm or (pipe.width_mm if pipe.form is Form.ROUND else None))


def _metres(size_mm: int | None) -> float | None:
    return None if size_mm is None else size_mm / 1000


def box_of(cut: Cut, frame: Frame) -> Box | None:
    """The room a line takes on the sheet; None where its level is not known."""
    if cut.centre_level is None:
        return None
    x, y = frame.at(cut.station_m, cut.centre_level)
    rx, ry = _radii(cut, frame)
    least = UNKNOWN_MM if rx is None or ry is None else RING_MM if max(rx, ry) * 2 < LEAST_MM else 0.0
    question = 2.0 if rx is None or ry is None else 0.0
    rx, ry = max(rx or 0, least), max(ry or 0, least)
    return Box(x - rx, y - ry, x + rx + question, y + ry)


def _radii(cut: Cut, frame: Frame) -> tuple[float | None, float | None]:
    """Half of the width and of the height on the sheet, millimetres."""
    rx = None if cut.width_m is None else cut.width_m * 500 / frame.scale_h
    ry = None if cut.height_m is None else cut.height_m * 500 / frame.scale_v
    return rx, ry


def draw(cut: Cut, frame: Frame, layer: Layer, target: str | None) -> list[Shape]:
    """The outline, filled with the class's colour, dashed in its line style, with its letters inside."""
    if cut.centre_level is None:
        return []
    x, y = frame.at(cut.station_m, cut.centre_level)
    rx, ry = _radii(cut, frame)
    if rx is None or ry is None:
        return _of_unknown_size(x, y, cut, layer, target)
    pen = Pen(OUTLINE, Ink.STRONG, line_style(cut.dash))
    shapes: list[Shape]
    if cut.form is Form.ROUND:
        shapes = [Ellipse(layer, (x, y), rx, ry, pen, cut.rgb_hex, target)]
    else:
        box = Box(x - rx, y - ry, x + rx, y + ry)
        fill = tint(cut.rgb_hex, 0.72) if cut.form is Form.DUCTS else tint(cut.rgb_hex, 0.35)
        shapes = [Line(layer, (box.corners(),), pen, True, fill, target)]
        if cut.form is Form.DUCTS:
            shapes += _holes(cut, box, layer, target)
        else:
            shapes += _walls(box, cut.rgb_hex, layer, target)
    if max(rx, ry) * 2 < LEAST_MM:
        shapes.append(Ellipse(layer, (x, y), RING_MM, RING_MM, Pen(0.15, Ink.STRONG), None, target))
    size = min(2.4, ry * 0.95)
    if cut.form is not Form.DUCTS and size >= 1.5 and ems(cut.letters) * size <= rx * 1.7:
        colour = letters_on(shapes[0].fill if isinstance(shapes[0], Line | Ellipse) else None)
        shapes.append(Text(layer, (x, y + size * 0.36), cut.letters, size, "middle", 0, colour, True, target))
    return shapes


def _of_unknown_size(x: float, y: float, cut: Cut, layer: Layer, target: str | None) -> list[Shape]:
    """A cross at the level that is known, in a dashed ring: how large it is nobody knows."""
    ring = Ellipse(layer, (x, y), UNKNOWN_MM, UNKNOWN_MM, Pen(0.2, Ink.STRONG, (0.6, 0.5)), None, target)
    cross = ((x - 0.8, y), (x + 0.8, y)), ((x, y - 0.8), (x, y + 0.8))
    words = Text(layer, (x + 1.5, y + 0.9), "?", 2.6, "start", 0, Ink.WARNING, True, target)
    return [ring, Line(layer, cross, Pen(0.3, Ink.STRONG), target=target), words]


def _walls(box: Box, colour: str, layer: Layer, target: str | None) -> list[Shape]:
    """A box drain or trench is hollow: an inner line says so. Walls are not surveyed; the line is a sign."""
    inset = min(0.5, box.width / 5, box.height / 5)
    inner = Box(box.left + inset, box.top + inset, box.right - inset, box.bottom - inset)
    return [Line(layer, (inner.corners(),), Pen(0.13, Ink.STRONG), True, tint(colour, 0.8), target)]


def _holes(cut: Cut, box: Box, layer: Layer, target: str | None) -> list[Shape]:
    """The holes of a block in rows, used ones filled. How they lie is not surveyed; their number is."""
    if not cut.holes:
        return []
    columns = min(cut.holes, max(1, ceil(sqrt(cut.holes * box.width / max(box.height, 1e-6)) - 1e-9)))
    rows = ceil(cut.holes / columns)
    radius = min(box.width / columns, box.height / rows) * 0.36
    if radius < 0.2:
        return []
    pen = Pen(min(0.15, radius / 3), Ink.STRONG)
    used = cut.used_holes or 0
    return [
        Ellipse(
            layer,
            place,
            radius,
            radius,
            pen,
            cut.rgb_hex if number < used else "#ffffff",
            target,
        )
        for number, place in enumerate(_places(cut.holes, columns, rows, box))
    ]


def _places(count: int, columns: int, rows: int, box: Box) -> list[Point]:
    return [
        (
            box.left + (number % columns + 0.5) * box.width / columns,
            box.bottom - (number // columns + 0.5) * box.height / rows,
        )
        for number in range(count)
    ]


def line_style(dash: str) -> tuple[float, ...]:
    """A class's line style, ``"10 4 2 4"``, as dashes in millimetres, dots as long as the pen is wide."""
    return tuple(max(float(step) * DASH_MM, LEAST_DASH_MM) for step in dash.split())


def tint(colour: str, share: float) -> str:
    """A colour thinned with ``share`` of white."""
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * share):02x}" for part in parts)


def letters_on(fill: str | None) -> str:
    """Black or white, whichever is read on a colour (luminance of ITU-R BT.709)."""
    if fill is None:
        return Ink.STRONG
    red, green, blue = (int(fill[place : place + 2], 16) for place in (1, 3, 5))
    return "#111111" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 110 else "#ffffff"
