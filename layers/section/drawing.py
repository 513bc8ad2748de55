"""What stands on a sheet before it has one: the drawing itself, about its own origin."""

from dataclasses import dataclass, field, replace

from layers.section.scene import Box, Ellipse, Frame, Line, Shape, Target, Text


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A class that the drawing shows."""

    name: str
    letters: str
    rgb_hex: str
    dash: str


@dataclass(frozen=True, slots=True)
class Note:
    """A finding as the sheet lists it; ``mark`` is the number that stands in the drawing as well."""

    mark: int
    severity: str
    is_firm: bool
    words: str


@dataclass
class Drawing:
    """Shapes in millimetres about station 0 at the datum. ``bounds`` holds all of them."""

    frame: Frame
    plot: Box
    bounds: Box
    title: str
    part: str = ""  # which sheet of how many, "1/3"
    name: str = ""
    place: str = ""
    data_date: str = ""
    azimuth_deg: float | None = None  # of the section's direction, clockwise from north
    shapes: list[Shape] = field(default_factory=list)
    targets: dict[str, Target] = field(default_factory=dict)
    legend: list[LegendEntry] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    unlisted: int = 0  # findings beyond what a drawing can show
    remarks: list[str] = field(default_factory=list)

    def moved(self, dx: float, dy: float) -> tuple[Frame, Box, list[Shape]]:
        """Frame, plot and shapes at another place."""
        x, y = self.frame.origin
        plot = self.plot
        return (
            replace(self.frame, origin=(x + dx, y + dy)),
            Box(plot.left + dx, plot.top + dy, plot.right + dx, plot.bottom + dy),
            [_moved(shape, dx, dy) for shape in self.shapes],
        )


def _moved(shape: Shape, dx: float, dy: float) -> Shape:
    # Written out: a sheet has thousands of shapes, and dataclasses.replace is slow.
    if isinstance(shape, Line):
        runs = tuple(tuple((x + dx, y + dy) for x, y in run) for run in shape.runs)
        return Line(shape.layer, runs, shape.pen, shape.closed, shape.fill, shape.target)
    if isinstance(shape, Ellipse):
        x, y = shape.centre
        return Ellipse(shape.layer, (x + dx, y + dy), shape.rx, shape.ry, shape.pen, shape.fill, shape.target)
    x, y = shape.at
    return Text(
        shape.layer,
        (x + dx, y + dy),
        shape.words,
        shape.size,
        shape.anchor,
        shape.turn,
        shape.colour,
        shape.bold,
        shape.target,
    )
