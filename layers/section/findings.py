"""Findings in a drawing: a numbered mark, and where it is a distance, the distance itself.

Severity is told by shape and number as well as by colour: a triangle is an error, a diamond a warning, a
circle a note. What rests on a number that is not firm is hollow, and says so in the list.
"""

from collections.abc import Sequence

from gis.i18n import N_, _
from gis.pipeline.section.model import Finding
from layers.section.drawing import Note
from layers.section.labels import Room
from layers.section.scene import Box, Ellipse, Ink, Layer, Line, Pen, Point, Shape, Text

INKS = {"error": Ink.ERROR, "warning": Ink.WARNING, "note": Ink.NOTE}
RADIUS = 1.9
ARROW = 1.1
MOST_MARKED = 40

TITLES = {
    "clearance_vertical": N_("Vertical clearance"),
    "clearance_horizontal": N_("Horizontal clearance"),
    "cover": N_("Soil cover"),
    "reverse_slope": N_("Reverse slope"),
    "missing_level": N_("Level missing"),
    "missing_size": N_("Size missing"),
}
UNFIRM = N_("limit not verified")


def ink_of(finding: Finding) -> str:
    """The colour of its severity."""
    return INKS.get(finding.severity, Ink.NOTE)


def words_of(finding: Finding) -> str:
    """What a finding says, in the reader's language."""
    if finding.text:
        return finding.text
    title = TITLES.get(finding.code)
    words = _(title) if title else finding.code.replace("_", " ")
    if finding.value_m is not None and finding.limit_m:
        words += " " + _("{value} m, required {limit} m").format(
            value=f"{finding.value_m:.2f}", limit=f"{finding.limit_m:.2f}"
        )
    return words if finding.is_firm else f"{words} ({_(UNFIRM)})"


def ranked(found: Sequence[Finding]) -> list[tuple[int, Finding]]:
    """The gravest first, numbered; no more than a drawing can show."""
    order = {"error": 0, "warning": 1}
    first = sorted(found, key=lambda finding: order.get(finding.severity, 2))[:MOST_MARKED]
    return list(enumerate(first, start=1))


def note_of(mark: int, finding: Finding) -> Note:
    """Its line in the list."""
    return Note(mark, finding.severity, finding.is_firm, words_of(finding))


def mark(note: Note, at: Point, layer: Layer, target: str | None, radius: float = RADIUS) -> list[Shape]:
    """A number in the shape of its severity."""
    x, y = at
    ink = INKS.get(note.severity, Ink.NOTE)
    pen = Pen(0.25, ink)
    fill = ink if note.is_firm else Ink.PAPER
    shape: Shape
    low = 0.36
    if note.severity == "error":
        r, low = radius * 1.25, 0.45
        triangle = ((x, y - r), (x + r * 0.92, y + r * 0.72), (x - r * 0.92, y + r * 0.72))
        shape = Line(layer, (triangle,), pen, True, fill, target)
    elif note.severity == "warning":
        r = radius * 1.12
        diamond = ((x, y - r), (x + r, y), (x, y + r), (x - r, y))
        shape = Line(layer, (diamond,), pen, True, fill, target)
    else:
        shape = Ellipse(layer, at, radius, radius, pen, fill, target)
    size = radius * (1.2 if note.mark < 10 else 1.0)
    colour = Ink.PAPER if note.is_firm else ink
    words = Text(layer, (x, y + size * low), str(note.mark), size, "middle", 0, colour, True, target)
    return [shape, words]


def find_place(near: Box, room: Room) -> Point:
    """A free place for a mark close to something; on its corner where all is taken."""
    x, y = (near.left + near.right) / 2, (near.top + near.bottom) / 2
    for away in (RADIUS + 0.6, RADIUS * 2 + 1, RADIUS * 3.4 + 1, RADIUS * 5):
        for at in (
            (near.right + away, y),
            (near.left - away, y),
            (near.right + away, near.bottom + away),
            (near.left - away, near.bottom + away),
            (x, near.bottom + away),
            (near.right + away, near.top - away),
            (near.left - away, near.top - away),
            (x, near.top - away),
        ):
            if room.is_free(_around(at), 0.2):
                room.take(_around(at))
                return at
    return near.right, near.bottom


def _around(at: Point) -> Box:
    return Box(at[0] - RADIUS, at[1] - RADIUS, at[0] + RADIUS, at[1] + RADIUS)


def between(a: Box, b: Box, finding: Finding, target: str) -> tuple[list[Shape], Box]:
    """The clear distance between two pipes as a dimension, and the room it takes.

    Upright where one lies over the other, lying otherwise.
    """
    if finding.code == "clearance_vertical":
        upper, lower = sorted((a, b), key=lambda box: box.top + box.bottom)
        x = _common((upper.left, upper.right), (lower.left, lower.right))
        shapes, box = _dimension((x, upper.bottom), (x, lower.top), finding, target)
        ends = [((one.left + one.right) / 2, y) for one, y in ((upper, upper.bottom), (lower, lower.top))]
        helps = [((at, y), (x, y)) for at, y in ends if abs(at - x) > 0.5]
    else:
        left, right = sorted((a, b), key=lambda box: box.left + box.right)
        y = _common((left.top, left.bottom), (right.top, right.bottom))
        shapes, box = _dimension((left.right, y), (right.left, y), finding, target)
        sides = [(x, (one.top + one.bottom) / 2) for one, x in ((left, left.right), (right, right.left))]
        helps = [((x, at), (x, y)) for x, at in sides if abs(at - y) > 0.5]
    if helps:
        shapes.append(Line(Layer.FINDING, tuple(helps), Pen(0.13, ink_of(finding)), target=target))
    return shapes, box


def down_to(box: Box, ground_y: float, finding: Finding, target: str) -> tuple[list[Shape], Box]:
    """The cover over a pipe as a dimension."""
    x = (box.left + box.right) / 2
    return _dimension((x, ground_y), (x, box.top), finding, target)


def _common(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The middle of what two spans share, or of the gap between them."""
    return (max(a[0], b[0]) + min(a[1], b[1])) / 2


def _dimension(start: Point, end: Point, finding: Finding, target: str) -> tuple[list[Shape], Box]:
    ink = ink_of(finding)
    (x0, y0), (x1, y1) = start, end
    length = max(abs(x1 - x0), abs(y1 - y0), 1e-9)
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    size = min(ARROW, length / 2.5)
    heads: list[tuple[Point, ...]] = []
    for (x, y), way in ((start, 1), (end, -1)):
        bx, by = x + ux * size * way, y + uy * size * way
        wide = size * 0.32
        heads.append(((x, y), (bx - uy * wide, by + ux * wide), (bx + uy * wide, by - ux * wide)))
    shapes: list[Shape] = [
        Line(Layer.FINDING, ((start, end),), Pen(0.3, ink), target=target),
        Line(Layer.FINDING, tuple(heads), None, True, ink, target),
    ]
    box = Box(min(x0, x1) - 0.4, min(y0, y1) - 0.4, max(x0, x1) + 0.4, max(y0, y1) + 0.4)
    return shapes, box


def value_beside(box: Box, finding: Finding, room: Room, target: str) -> list[Shape]:
    """Value against limit next to a dimension, where there is room; the list has it in any case."""
    if finding.value_m is None or finding.limit_m is None:
        return []
    words = f"{finding.value_m:.2f}<{finding.limit_m:.2f}"
    size, width = 2.1, 11.5
    y = (box.top + box.bottom) / 2
    for left, top in (
        (box.right + 0.4, y - size / 2),
        (box.left - 0.4 - width, y - size / 2),
        ((box.left + box.right - width) / 2, box.bottom + 0.4),
        ((box.left + box.right - width) / 2, box.top - 0.4 - size),
    ):
        place = Box(left, top, left + width, top + size)
        if room.is_free(place, 0.1):
            room.take(place)
            return [
                Text(
                    Layer.FINDING, (left + width / 2, top + size * 0.85), words, size, "middle", 0,
                    ink_of(finding), True, target,
                )
            ]  # fmt: skip
    return []
