"""What every kind of file is read into: tables, whose rows come in chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
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


def object_array(values: list[Any]) -> Cells:
    """An array of objects, even where all values are sequences of one length."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
