"""The sheet that a drawing is put on: its size, its frame, and where what goes."""

from dataclasses import dataclass
from math import ceil

from gis.i18n import get_locale
from layers.section import title_block
from layers.section.drawing import Drawing
from layers.section.options import SHEETS, DrawOptions, Paper
from layers.section.scene import Box, Ink, Layer, Line, Pen, Scene

BINDING_MM = 25.0
BARE_MM = 3.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of paper, lying. ``margin`` is that of three sides, the binding has its own (GB/T 14689).

    ``name`` empty: no paper, only the drawing.
    """

    name: str
    width: float
    height: float
    margin: float

    @property
    def inner(self) -> Box:
        """Inside the frame."""
        return Box(BINDING_MM, self.margin, self.width - self.margin, self.height - self.margin)

    def holds(self, drawing: Drawing) -> bool:
        """Whether a drawing and its title block fit."""
        inner = self.inner
        return (
            drawing.bounds.width + 4 <= inner.width
            and drawing.bounds.height + _around(drawing, inner.width) <= inner.height
        )


def named(paper: Paper) -> Sheet:
    """A sheet of the series."""
    width, height = SHEETS[paper]
    return Sheet(paper.value, width, height, 5.0 if paper in (Paper.A4, Paper.A3) else 10.0)


def lengthened(drawing: Drawing) -> Sheet | None:
    """加长: the lowest sheet that is high enough, made longer by halves of its width; else None."""
    for paper in (Paper.A3, Paper.A2, Paper.A1):
        sheet = named(paper)
        missing = drawing.bounds.width + 4 - sheet.inner.width
        halves = max(0, ceil(missing / (sheet.width / 2)))
        longer = Sheet(
            f"{paper.value}×{1 + halves / 2:g}",
            sheet.width * (1 + halves / 2),
            sheet.height,
            sheet.margin,
        )
        if longer.holds(drawing):
            return longer
    return None


def bare(drawing: Drawing) -> Sheet:
    """No paper: as large as the drawing."""
    box = drawing.bounds
    return Sheet("", box.width + 2 * BARE_MM, box.height + 2 * BARE_MM, BARE_MM)


def placed(drawing: Drawing, sheet: Sheet, options: DrawOptions) -> Scene:
    """The drawing on its sheet, with frame, title, legend and title block."""
    if sheet.name:
        inner = sheet.inner
        spare = inner.height - drawing.bounds.height - _around(drawing, inner.width)
        left = inner.left + (inner.width - drawing.bounds.width) / 2
        top = inner.top + title_block.HEAD_MM + spare / 2
    else:
        left, top = BARE_MM, BARE_MM
    frame, plot, shapes = drawing.moved(left - drawing.bounds.left, top - drawing.bounds.top)
    scene = Scene(
        sheet.width,
        sheet.height,
        options.title or drawing.title,
        frame,
        plot,
        "en" if get_locale() == "en" else "zh-CN",
        shapes,
        drawing.targets,
    )
    if sheet.name:
        edge = Box(0, 0, sheet.width, sheet.height).corners()
        scene.shapes.append(Line(Layer.SHEET, (edge,), Pen(0.1, Ink.FAINT), True))
        scene.shapes.append(Line(Layer.SHEET, (sheet.inner.corners(),), Pen(0.7), True))
        scene.shapes += title_block.head(drawing, sheet.inner, options)
        scene.shapes += title_block.strip(drawing, sheet.inner, options, scene.targets)
    return scene


def _around(drawing: Drawing, inner_width: float) -> float:
    """Height of what stands above and below a drawing."""
    return title_block.HEAD_MM + title_block.strip_height(drawing, inner_width) + 3
