"""标高轴 and grid: which levels a drawing spans, and how they are read off it."""

from dataclasses import dataclass
from math import ceil, floor

from gis.i18n import _
from layers.section.scene import Box, Frame, Ink, Layer, Line, Pen, Shape, Text

STEPS_M = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
LEAST_STEP_MM = 8.0
BELOW_MM = 7.0  # between the lowest thing and the datum
BAR_MM = 1.6
AXIS_MM = 16.0  # room of the axis, left of the plot


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels between datum and top, metres. ``is_known`` False: nothing has a level, none is shown."""

    datum: float
    top: float
    step: float
    is_known: bool = True

    def marks(self) -> list[float]:
        """The levels of the grid, from the datum up."""
        count = round((self.top - self.datum) / self.step)
        return [self.datum + number * self.step for number in range(count + 1)]


def levels_for(values: list[float], scale_v: float) -> Levels:
    """The least range of whole steps that holds all values, with room under the lowest."""
    mm = 1000 / scale_v
    step = next((step for step in STEPS_M if step * mm >= LEAST_STEP_MM), STEPS_M[-1])
    if not values:
        return Levels(0.0, step * ceil(20 / (step * mm)), step, is_known=False)
    # Levels are to the millimetre: a whole step shall stay one in spite of binary fractions.
    datum = floor(round((min(values) - BELOW_MM / mm) / step, 6)) * step
    return Levels(datum, max(datum + step, ceil(round(max(values) / step, 6)) * step), step)


def draw(levels: Levels, frame: Frame, plot: Box) -> list[Shape]:
    """Grid lines through the plot; at its left the level scale, black and white in turn."""
    bottom = Line(Layer.TABLE, (((plot.left - 3, plot.bottom), (plot.right, plot.bottom)),), Pen(0.35))
    if not levels.is_known:
        middle = (plot.left + plot.right) / 2
        said = Text(
            Layer.GRID, (middle, plot.bottom - 2), _("No levels are known"), 2.8, "middle", colour=Ink.WARNING
        )
        return [bottom, said]
    shapes: list[Shape] = [bottom]
    marks = levels.marks()
    right = plot.left - 1.2
    for number, level in enumerate(marks):
        y = frame.y(level)
        if number:
            shapes.append(
                Line(Layer.GRID, (((plot.left, y), (plot.right, y)),), Pen(0.1, Ink.FAINT, (1.6, 0.8)))
            )
            below = frame.y(marks[number - 1])
            bar = ((right - BAR_MM, y), (right, y), (right, below), (right - BAR_MM, below))
            fill = Ink.STRONG if number % 2 else Ink.PAPER
            shapes.append(Line(Layer.GRID, (bar,), Pen(0.13), True, fill))
        words = f"{level:.2f}"
        shapes.append(Text(Layer.GRID, (right - BAR_MM - 1, y + 0.9), words, 2.5, "end"))
    shapes.append(
        Text(
            Layer.GRID,
            (plot.left - AXIS_MM, frame.y(levels.top) - 2.6),
            _("Level (m)"),
            2.3,
            colour=Ink.QUIET,
        )
    )
    return shapes
