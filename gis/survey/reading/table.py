"""What every kind of file is read into: tables, whose rows come in chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from gis.survey.recognised import Recognised

CHUNK_ROWS = 50_000  # a table of any length takes the memory of a few times this many rows

Cells = NDArray[np.object_]


@dataclass(frozen=True)
class Chunk:
    """Some rows of a table, in the order of the file.

    Parameters
    ----------
    row_nos : array of int, shape (n,)
        Their numbers in the table, from 1, without the heading; empty rows are counted and left out.
    cells : dict of str to array of object, shape (n,)
        By column; text, numbers, dates or None as the file holds them.
    shapes : array of geometry, shape (n,), or None
        In the table's coordinate system, x first; None where a row has no shape.
    """

    row_nos: NDArray[np.int64]
    cells: dict[str, Cells]
    shapes: NDArray[np.object_] | None = None

    @classmethod
    def empty(cls, columns: list[str]) -> Chunk:
        """No rows."""
        return cls(np.empty(0, dtype=np.int64), {name: np.empty(0, dtype=object) for name in columns})

    def where(self, marks: NDArray[np.bool_]) -> Chunk:
        """Some of the rows."""
        shapes = None if self.shapes is None else self.shapes[marks]
        return Chunk(self.row_nos[marks], {name: cells[marks] for name, cells in self.cells.items()}, shapes)

    def __len__(self) -> int:
        return len(self.row_nos)


@dataclass(frozen=True)
class Table:
    """A sheet, table or layer of a file.

    ``chunks(limit)`` reads it from its beginning, ``limit`` rows at most where one is given; it raises
    InvalidInput at the row where the file turns out to be broken. ``mapping`` is what the kind of file
    fixes (network models), ``class_code`` likewise; ``rows`` is None where counting would mean reading.
    """

    file: str
    sheet: str
    columns: list[str]
    rows: int | None
    chunks: Callable[[int | None], Iterator[Chunk]]
    crs: CRS | None = None
    has_shapes: bool = False
    is_drawing: bool = False  # x runs east by the kind of file
    table: str | None = None
    class_code: str | None = None
    mapping: dict[str, str] = field(default_factory=dict)
    class_column: str | None = None  # whose words must tell a class, or the row is no pipe at all
    units: str | None = None  # of depths and levels, where the file says
    notes: list[Recognised] = field(default_factory=list)

    def note(self, code: str, **detail: Any) -> Recognised:
        """Something recognised in this table."""
        return Recognised(code, self.file, self.sheet, detail)

    @property
    def title(self) -> str:
        """File and sheet, for messages."""
        return f"{self.file} › {self.sheet}" if self.sheet else self.file


def missing(cells: Cells) -> NDArray[np.bool_]:
    """Which cells are None."""
    found: NDArray[np.bool_] = np.asarray(pd.isna(cells), dtype=bool)
    return found


def without(cells: Cells, marks: NDArray[np.bool_]) -> Cells:
    """The cells with None where they are marked."""
    left = cells.copy()
    left[marks] = None
    return left


def filled_up(cells: Cells | None, others: Cells) -> Cells:
    """The cells with others where they are None."""
    return others if cells is None else np.where(missing(cells), others, cells)


def object_array(values: list[Any]) -> Cells:
    """An array of objects, even where all values are sequences of one length."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
