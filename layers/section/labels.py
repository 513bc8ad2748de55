"""Labels that do not lie on one another: beside their pipe where all have room, else in a band above.

A dense section with some labels beside and some above cannot be read at a glance; so it is one or the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from layers.section.scene import Box, Ink, Layer, Line, Pen, Point, Shape, Text
from layers.section.spread import spread
from layers.section.words import ems

SIZE = 2.3
LEADING = 2.9
GAP = 0.5
BAND_GAP = 3.4  # between two upright labels
MOST_BESIDE = 36  # more labels than this never fit beside their pipes
KNEE_MM = 5.0
LEADER_FROM_MM = 1.6


@dataclass(frozen=True, slots=True)
class Label:
    """Words for something that stands in ``box``."""

    target: str
    box: Box
    lines: tuple[str, ...]
    colour: str = Ink.STRONG
    is_above: bool = False  # of a well: over its cover, not among the pipes

    @property
    def width(self) -> float:
        return max(map(ems, self.lines)) * SIZE

    @property
    def height(self) -> float:
        return len(self.lines) * LEADING

    @property
    def on_one_line(self) -> str:
        return "  ".join(self.lines)


class Room:
    """What is taken on the paper; looked up by columns of 20 mm."""

    COLUMN = 20.0

    def __init__(self, boxes: list[Box]) -> None:
        self.reset(boxes)

    def reset(self, boxes: list[Box]) -> None:
        """Forget all but these."""
        self.boxes: list[Box] = []
        self._columns: dict[int, list[Box]] = {}
        for box in boxes:
            self.take(box)

    def take(self, box: Box) -> None:
        self.boxes.append(box)
        for column in self._over(box):
            self._columns.setdefault(column, []).append(box)

    def take_words(self, shapes: Iterable[Shape]) -> None:
        """The room of all words among some shapes."""
        for shape in shapes:
            if isinstance(shape, Text):
                self.take(box_of(shape))

    def is_free(self, box: Box, gap: float = GAP) -> bool:
        return not any(box.meets(other, gap) for c in self._over(box) for other in self._columns.get(c, ()))

    def _over(self, box: Box) -> range:
        return range(int((box.left - 1) // self.COLUMN), int((box.right + 1) // self.COLUMN) + 1)


def box_of(text: Text) -> Box:
    """The room that words take, lying or upright."""
    (x, y), size = text.at, text.size
    length = ems(text.words) * size
    start = {"start": 0.0, "middle": -length / 2, "end": -length}[text.anchor]
    if text.turn:
        return Box(x - size * 0.85, y - start - length, x + size * 0.2, y - start)
    return Box(x + start, y - size * 0.85, x + start + length, y + size * 0.2)


def ground_boxes(line: list[Point], hatch: float = 2.6) -> list[Box]:
    """The room that a ground line with its hatching takes."""
    boxes = []
    for (x0, y0), (x1, y1) in pairwise(line):
        count = max(1, int(abs(x1 - x0) / 4))
        for number in range(count):
            a, b = number / count, (number + 1) / count
            ya, yb = y0 + (y1 - y0) * a, y0 + (y1 - y0) * b
            left, right = sorted((x0 + (x1 - x0) * a, x0 + (x1 - x0) * b))
            boxes.append(Box(left, min(ya, yb) - 0.4, right, max(ya, yb) + hatch))
    return boxes


def beside(labels: list[Label], room: Room, inside: Box) -> list[Shape] | None:
    """Every label right or left of its pipe, below or above it; None if one of them finds no place."""
    if len(labels) > MOST_BESIDE:
        return None
    shapes: list[Shape] = []
    for label in labels:
        place = next(
            (box for box in _places(label) if inside.holds(box) and _is_open(label, box, room)), None
        )
        if place is None:
            return None
        for box in (place, *_leader_boxes(label, place)):
            room.take(box)
        shapes += _written(label, place)
    return shapes


def _is_open(label: Label, place: Box, room: Room) -> bool:
    """Whether neither the words nor the leader to them would lie on anything."""
    return room.is_free(place) and all(room.is_free(box, 0.0) for box in _leader_boxes(label, place))


def _leader(label: Label, place: Box) -> tuple[Point, Point] | None:
    """From the pipe to its words; None where they stand so close that nobody needs one."""
    end, start = _nearest(place, label.box), _nearest(label.box, place)
    return (start, end) if abs(end[0] - start[0]) + abs(end[1] - start[1]) > LEADER_FROM_MM else None


def _leader_boxes(label: Label, place: Box) -> list[Box]:
    leader = _leader(label, place)
    if leader is None:
        return []
    (x0, y0), (x1, y1) = leader
    count = max(2, int(hypot(x1 - x0, y1 - y0) / 0.6))
    # Not at the pipe itself, which it touches.
    steps = [(number / count) for number in range(1, count)]
    places = [(x0 + (x1 - x0) * step, y0 + (y1 - y0) * step) for step in steps]
    return [Box(x - 0.05, y - 0.05, x + 0.05, y + 0.05) for x, y in places]


def _places(label: Label) -> list[Box]:
    """Where a label may stand, best first; farther ones get a leader."""
    box, width, height = label.box, label.width, label.height
    middle_y, middle_x = (box.top + box.bottom) / 2, (box.left + box.right) / 2
    corners = []
    if label.is_above:
        corners = [
            (middle_x - width / 2 + dx, box.top - height - up) for up in (1, 4, 7) for dx in (0, -9, 9)
        ]
        return [Box(x, y, x + width, y + height) for x, y in corners]
    for away in (1.0, 5.0, 9.0):
        for dy in (0.0, -away, away):
            corners.append((box.right + away, middle_y - height / 2 + dy))
            corners.append((box.left - away - width, middle_y - height / 2 + dy))
        corners.append((middle_x - width / 2, box.bottom + away))
        corners.append((middle_x - width / 2, box.top - away - height))
    return [Box(x, y, x + width, y + height) for x, y in corners]


def _written(label: Label, place: Box) -> list[Shape]:
    # Grid lines do not run through words.
    shapes: list[Shape] = [Line(Layer.LEADER, (place.corners(),), None, True, Ink.PAPER)]
    shapes += [
        Text(
            Layer.LABEL,
            (place.left, place.top + LEADING * (number + 0.76)),
            words,
            SIZE,
            colour=label.colour,
            target=label.target,
        )
        for number, words in enumerate(label.lines)
    ]
    if leader := _leader(label, place):
        shapes.append(Line(Layer.LEADER, (leader,), Pen(0.13, Ink.QUIET), target=label.target))
    return shapes


def _nearest(box: Box, other: Box) -> Point:
    """The point of ``box`` nearest to the middle of ``other``."""
    x, y = (other.left + other.right) / 2, (other.top + other.bottom) / 2
    return min(max(x, box.left), box.right), min(max(y, box.top), box.bottom)


def above(labels: list[Label], line_y: float, low: float, high: float) -> tuple[list[Shape], float]:
    """Upright labels over ``line_y``, in the order of their pipes, leaders not crossing; and their top."""
    if not labels:
        return [], line_y
    wanted = [(label.box.left + label.box.right) / 2 for label in labels]
    shapes: list[Shape] = []
    foot = line_y - KNEE_MM
    for label, x0, x in zip(labels, wanted, spread(wanted, BAND_GAP, low, high), strict=True):
        run = ((x0, label.box.top), (x0, line_y), (x, foot), (x, foot - 1))
        shapes.append(Line(Layer.LEADER, (run,), Pen(0.13, Ink.QUIET), target=label.target))
        at = (x + SIZE * 0.36, foot - 1.6)
        words = label.on_one_line
        shapes.append(Text(Layer.LABEL, at, words, SIZE, "start", 90, label.colour, target=label.target))
    return shapes, foot - 1.6 - max(ems(label.on_one_line) for label in labels) * SIZE
