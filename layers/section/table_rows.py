"""The table under a drawing: rows of what is known, a column under each thing that is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from layers.section.scene import Ink, Layer, Line, Pen, Shape, Text
from layers.section.spread import spread
from layers.section.words import cut_to, ems

SIZE = 2.5
UPRIGHT_SIZE = 2.2
HEAD_MM = 34.0
LINE_MM = 6.4  # height of a row with lying words
UPRIGHT_MM = 3.5  # least width of a column with upright words
MOST_UPRIGHT_MM = 36.0  # height of the highest row; longer words are cut off and marked
PAD = 1.0
KNEE_MM = 7.0


@dataclass(frozen=True, slots=True)
class Cell:
    """Words of one column. ``is_warning``: what is missing or wrong."""

    words: str
    is_warning: bool = False
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``between``: its cells stand between neighbouring columns, one fewer than these."""

    head: str
    cells: Sequence[Cell]
    between: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the places of their columns, millimetres; ``upright`` words are read from the right."""

    rows: Sequence[Row]
    columns: Sequence[float]
    upright: bool

    @property
    def height(self) -> float:
        return sum(map(self.row_height, self.rows))

    def row_height(self, row: Row) -> float:
        longest = max(
            (
                ems(cell.words) * UPRIGHT_SIZE + 2 * PAD
                for cell, lies in zip(row.cells, self._lying(row), strict=True)
                if not lies
            ),
            default=0.0,
        )
        return min(max(longest, LINE_MM), MOST_UPRIGHT_MM)

    def _lying(self, row: Row) -> list[bool]:
        """Which words of a row lie: between two columns those that fit, else all or none."""
        if not row.between:
            return [not self.upright] * len(row.cells)
        gaps = (right - left for left, right in pairwise(self.columns))
        return [ems(cell.words) * SIZE + 0.8 <= gap for cell, gap in zip(row.cells, gaps, strict=True)]

    def draw(self, left: float, top: float, right: float) -> list[Shape]:
        """From the heads' left edge to the right edge of the plot, downward from ``top``."""
        shapes: list[Shape] = []
        y = top
        for row in self.rows:
            below = y + self.row_height(row)
            shapes += self._row(row, left, y, below)
            shapes.append(Line(Layer.TABLE, (((left, below), (right, below)),), Pen(0.18)))
            y = below
        frame = ((left, top), (right, top), (right, y), (left, y))
        shapes.append(Line(Layer.TABLE, (frame,), Pen(0.35), True))
        shapes.append(Line(Layer.TABLE, (((left + HEAD_MM, top), (left + HEAD_MM, y)),), Pen(0.35)))
        return shapes

    def _row(self, row: Row, left: float, top: float, bottom: float) -> list[Shape]:
        middle = (top + bottom) / 2
        head = cut_to(row.head, SIZE, HEAD_MM - 2)
        shapes: list[Shape] = [
            Text(Layer.TABLE, (left + HEAD_MM / 2, middle + SIZE * 0.36), head, SIZE, "middle")
        ]
        if row.between:
            places = [(a + b) / 2 for a, b in pairwise(self.columns)]
            ticks = tuple(((x, top), (x, bottom)) for x in self.columns)
            shapes.append(Line(Layer.TABLE, ticks, Pen(0.13, Ink.QUIET)))
        else:
            places = list(self.columns)
        for x, cell, lies in zip(places, row.cells, self._lying(row), strict=True):
            if cell.words:
                shapes.append(_cell(cell, x, middle, bottom - top, lies))
        return shapes


def _cell(cell: Cell, x: float, middle: float, height: float, lies: bool) -> Text:
    colour = Ink.WARNING if cell.is_warning else Ink.STRONG
    if lies:
        at = (x, middle + SIZE * 0.36)
        return Text(Layer.TABLE, at, cell.words, SIZE, "middle", 0, colour, target=cell.target)
    size = UPRIGHT_SIZE
    words = cut_to(cell.words, size, height - 2 * PAD + 0.1)
    return Text(Layer.TABLE, (x + size * 0.36, middle), words, size, "middle", 90, colour, target=cell.target)


def columns_of(
    rows: Sequence[Row], wanted: Sequence[float], low: float, high: float
) -> tuple[list[float], bool]:
    """Places of the columns, moved as little as may be; and whether their words must stand upright.

    Words lie where all columns find room for that between ``low`` and ``high``.
    """
    widths = [
        max((ems(row.cells[place].words) * SIZE for row in rows if not row.between), default=0.0)
        for place in range(len(wanted))
    ]
    gaps = [max((a + b) / 2 + 2.8, UPRIGHT_MM) for a, b in pairwise(widths)]
    ends = (widths[0] / 2, widths[-1] / 2) if widths else (0.0, 0.0)
    if sum(gaps) <= high - low - sum(ends):
        return spread(list(wanted), gaps, low + ends[0], high - ends[1]), False
    return spread(list(wanted), UPRIGHT_MM, low, high), True


def drops(wanted: Sequence[float], columns: Sequence[float], top: float) -> Line:
    """Lines from the plot's lower edge to the columns, bent where a column had to give way."""
    runs = tuple(
        ((x0, top), (x0, top + 1.0), (x, top + KNEE_MM - 1.0), (x, top + KNEE_MM))
        for x0, x in zip(wanted, columns, strict=True)
    )
    return Line(Layer.TABLE, runs, Pen(0.13, Ink.QUIET))
