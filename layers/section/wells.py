"""Wells cut open: cover at the ground, walls, bottom. Only what is known stands at a level."""

from gis.i18n import _
from gis.pipeline.section.model import Well
from layers.section.patterns import slanted
from layers.section.scene import Box, Frame, Ink, Layer, Line, Pen, Shape, Text
from layers.section.words import level_m, metres_m

WALL_MM = 1.1  # on paper: thickness of walls is not surveyed, so it is a sign and no measure
COVER_M = 0.7
SIZE = 2.2


def box_of(well: Well, frame: Frame) -> Box:
    """The room a chamber takes; down to the datum where its bottom is not known."""
    left, right = _sides(well, frame)
    top = frame.origin[1] if well.ground_level is None else frame.y(well.ground_level)
    bottom = frame.origin[1] if well.bottom_level is None else frame.y(well.bottom_level)
    return Box(left - WALL_MM, min(top, bottom), right + WALL_MM, max(top, bottom))


def _sides(well: Well, frame: Frame) -> tuple[float, float]:
    left, right = frame.x(well.from_m), frame.x(well.to_m)
    if right - left >= 1.0:
        return left, right
    return (left + right) / 2 - 0.5, (left + right) / 2 + 0.5


def draw(well: Well, frame: Frame, datum_y: float, target: str) -> list[Shape]:
    """A chamber from its cover down; dashed where a size or a level was not surveyed."""
    left, right = _sides(well, frame)
    if well.ground_level is None:
        return [_marker((left + right) / 2, datum_y, target)]
    top = frame.y(well.ground_level)
    shapes = _cover(well, frame, left, right, top, target)
    if well.bottom_level is None:
        # Walls that end nowhere: how deep it is nobody has measured.
        runs = tuple(((x, top), (x, datum_y)) for x in (left, right))
        shapes.append(Line(Layer.WELL, runs, Pen(0.25, Ink.QUIET, (1.4, 1.0)), target=target))
        words = _("bottom level missing")
        at = ((left + right) / 2 + SIZE * 0.36, datum_y - 1.5)
        shapes.append(Text(Layer.WELL, at, f"? {words}", SIZE, "start", 90, Ink.WARNING, target=target))
        return shapes
    bottom = frame.y(well.bottom_level)
    pen = Pen(0.3, Ink.STRONG, (1.4, 0.8) if well.is_size_assumed else ())
    for a, b, c, d in (
        (left - WALL_MM, top, left, bottom),
        (right, top, right + WALL_MM, bottom),
        (left - WALL_MM, bottom, right + WALL_MM, bottom + WALL_MM),
    ):
        shapes.append(Line(Layer.WELL, slanted(a, b, c, d, 0.9), Pen(0.1, Ink.QUIET), target=target))
    inner = ((left, top), (left, bottom), (right, bottom), (right, top))
    outer = (
        (left - WALL_MM, top),
        (left - WALL_MM, bottom + WALL_MM),
        (right + WALL_MM, bottom + WALL_MM),
        (right + WALL_MM, top),
    )
    shapes.append(Line(Layer.WELL, (inner, outer), pen, target=target))
    return shapes


def lines_of(well: Well) -> tuple[str, ...]:
    """What is told of a well."""
    said = [
        _("Ground level {level}").format(level=level_m(well.ground_level)),
        _("Bottom level {level}").format(level=level_m(well.bottom_level)),
    ]
    if well.ground_level is not None and well.bottom_level is not None:
        said.append(_("Depth {depth}").format(depth=metres_m(well.ground_level - well.bottom_level)))
    if well.is_size_assumed:
        said.append(_("The size of its chamber was not surveyed"))
    return tuple(said)


def _cover(well: Well, frame: Frame, left: float, right: float, top: float, target: str) -> list[Shape]:
    half = min(COVER_M * 500 / frame.scale_h, (right - left) / 2)
    middle = (left + right) / 2
    lid = (
        (middle - half, top - 0.7),
        (middle + half, top - 0.7),
        (middle + half, top),
        (middle - half, top),
    )
    slab = ((left - WALL_MM, top), (right + WALL_MM, top))
    return [
        Line(Layer.WELL, (slab,), Pen(0.4), target=target),
        Line(Layer.WELL, (lid,), Pen(0.2), True, well.rgb_hex, target),
    ]


def _marker(x: float, datum_y: float, target: str) -> Line:
    return Line(
        Layer.WELL, (((x, datum_y - 12), (x, datum_y)),), Pen(0.3, Ink.WARNING, (1.5, 1.0)), target=target
    )
