"""What a report is made of: sections of paragraphs, tables and pictures, in the reader's language, undrawn.

Every format (``layers.report``) walks the same blocks, so that DOCX and PDF cannot say different things.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Paragraph:
    """Running text; ``quiet``: a remark in smaller type under a table or a picture."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell. ``colour``: a grade's, where the cell shows one."""

    text: str
    colour: str = ""


@dataclass(frozen=True)
class Column:
    """``width``: its share of the table's width; figures stand on the right, words on the left."""

    head: str
    width: float = 1.0
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """Never without rows: a section that has nothing to list says so in words."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Series:
    """One value a label; None: no cases."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Chart:
    """``kind``: ``bars`` (lying, the first label on top), ``lines`` (over time). ``unit``: ratio or cases."""

    kind: str
    caption: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = "cases"


@dataclass(frozen=True)
class MapArea:
    """An area of a map: in the city's CRS (metres). ``value``: 0–1; None: no cases."""

    name: str
    shape: BaseGeometry
    value: float | None
    is_small: bool


@dataclass(frozen=True)
class AreaMap:
    """A choropleth map of a ratio."""

    caption: str
    title: str
    areas: tuple[MapArea, ...]
    no_cases: str


Block = Paragraph | Table | Chart | AreaMap


@dataclass(frozen=True)
class Section:
    """A numbered heading and what stands under it; ``parts`` are the headings below it."""

    title: str
    blocks: tuple[Block, ...] = ()
    parts: "tuple[Section, ...]" = ()


def row(*texts: str | Cell) -> tuple[Cell, ...]:
    """A table's row from plain words and cells."""
    return tuple(text if isinstance(text, Cell) else Cell(text) for text in texts)


def captions(sections: Sequence[Section]) -> list[str]:
    """The captions of all tables and pictures, in order."""
    found: list[str] = []
    for section in sections:
        found += [block.caption for block in section.blocks if not isinstance(block, Paragraph)]
        found += captions(section.parts)
    return found
