"""A drawing as plain shapes in millimetres on paper: the one source of SVG, PDF and PNG.

The origin is the sheet's upper left corner, x to the right, y down. A shape belongs to a layer, which says
when it is drawn, and to at most one target, which is what a reader can point at.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Point = tuple[float, float]


class Layer(StrEnum):
    """What a shape belongs to, in the order of drawing; also the class that stylesheets know it by."""

    GRID = "grid"
    GROUND = "ground"
    SURROUNDING = "surrounding"
    LEADER = "leader"
    WELL = "well"
    PIPE = "pipe"
    CROSSING = "crossing"  # pipes of other classes in a profile
    FINDING = "finding"
    LABEL = "label"
    TABLE = "table"
    SHEET = "sheet"  # frame, title block, legend


class Ink(StrEnum):
    """Colours by meaning; a page may give them others. The profession's class colours are given outright."""

    STRONG = "strong"
    QUIET = "quiet"
    FAINT = "faint"
    GROUND = "ground"
    PAPER = "paper"
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


ON_PAPER: Mapping[str, str] = {
    Ink.STRONG: "#111111",
    Ink.QUIET: "#4d4d4d",
    Ink.FAINT: "#b9c0c4",
    Ink.GROUND: "#5b4a32",
    Ink.PAPER: "#ffffff",
    Ink.ERROR: "#c5221b",
    Ink.WARNING: "#a85b00",
    Ink.NOTE: "#0a5c74",
}


def on_paper(colour: str) -> str:
    """The ``#rrggbb`` of an ink or of a colour that is given outright."""
    return ON_PAPER.get(colour, colour)


@dataclass(frozen=True, slots=True)
class Pen:
    """A stroke: width and dashes in millimetres; colour is an :class:`Ink` or ``#rrggbb``."""

    width: float = 0.18
    colour: str = Ink.STRONG
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One or more polylines drawn with one pen; ``closed`` ones may be filled."""

    layer: Layer
    runs: tuple[tuple[Point, ...], ...]
    pen: Pen | None = field(default_factory=Pen)
    closed: bool = False
    fill: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Ellipse:
    """An ellipse along the axes of the sheet."""

    layer: Layer
    centre: Point
    rx: float
    ry: float
    pen: Pen | None = field(default_factory=Pen)
    fill: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """One line of words. ``size`` is the height of the type; ``anchor`` start, middle, end.

    ``at`` is on the base line; turned by ``turn`` degrees counter-clockwise about it.
    """

    layer: Layer
    at: Point
    words: str
    size: float = 2.5
    anchor: str = "start"
    turn: float = 0.0
    colour: str = Ink.STRONG
    bold: bool = False
    target: str | None = None


Shape = Line | Ellipse | Text


@dataclass(frozen=True, slots=True)
class Target:
    """What a reader can point at. ``data`` becomes ``data-*`` attributes, ``lines`` the words of a hover.

    ``kind``: pipe, well, reach, station, crossing, finding.
    """

    kind: str
    title: str
    lines: tuple[str, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """How stations and levels (metres) stand on the sheet (millimetres).

    ``origin`` is the place of ``station_m`` and ``level``; one metre is ``1000 / scale_h`` mm along x and
    ``1000 / scale_v`` mm up y.
    """

    origin: Point
    station_m: float
    level: float
    scale_h: float
    scale_v: float

    def x(self, station_m: float) -> float:
        """Millimetres from the left edge of the sheet."""
        return self.origin[0] + (station_m - self.station_m) * 1000 / self.scale_h

    def y(self, level: float) -> float:
        """Millimetres from the upper edge of the sheet."""
        return self.origin[1] - (level - self.level) * 1000 / self.scale_v

    def at(self, station_m: float, level: float) -> Point:
        """The place of a station and a level on the sheet."""
        return self.x(station_m), self.y(level)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the sheet, millimetres."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def meets(self, other: "Box", gap: float = 0.0) -> bool:
        """Whether the two lie closer than ``gap``."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )

    def holds(self, other: "Box") -> bool:
        """Whether the other one lies inside, edges included."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )

    def corners(self) -> tuple[Point, ...]:
        """Clockwise from the upper left."""
        return (
            (self.left, self.top),
            (self.right, self.top),
            (self.right, self.bottom),
            (self.left, self.bottom),
        )


@dataclass
class Scene:
    """One sheet, ``width`` by ``height`` mm. ``plot`` is the part that :attr:`frame` measures in."""

    width: float
    height: float
    title: str
    frame: Frame
    plot: Box
    language: str = "zh-CN"
    shapes: list[Shape] = field(default_factory=list)
    targets: dict[str, Target] = field(default_factory=dict)

    def ordered(self) -> list[Shape]:
        """All shapes in the order of drawing."""
        order = {layer: number for number, layer in enumerate(Layer)}
        return sorted(self.shapes, key=lambda shape: order[shape.layer])
