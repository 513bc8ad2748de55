"""A table on its way into the database: named columns in blocks, written as the text COPY reads.

Blocks keep memory bounded: a million rows pass through as blocks of some ten thousand.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

Column = Sequence[Any] | NDArray[Any]
Values = Column | str | int | float | bool | None
BLOCK_ROWS = 50_000
NULL = "\\N"


@dataclass(frozen=True)
class Block:
    """Some rows of a table, column by column. A plain value stands for all rows of its column."""

    rows: int
    columns: Mapping[str, Values]


@dataclass(frozen=True)
class Table:
    """The rows of one table of the schema; ``blocks`` can be run through once."""

    name: str
    columns: tuple[str, ...]
    blocks: Iterator[Block]

    def copy_blocks(self) -> Iterator[tuple[int, bytes]]:
        """How many rows, and their text for COPY, block after block."""
        for block in self.blocks:
            yield block.rows, copy_text(block, self.columns)


def table(name: str, columns: Mapping[str, Values], rows: int | None = None) -> Table:
    """A table that is small enough to stand in memory as a whole; it is cut into blocks."""
    if rows is None:
        rows = next(len(v) for v in columns.values() if is_column(v))
    return Table(name, tuple(columns), cut(columns, rows))


def cut(columns: Mapping[str, Values], rows: int) -> Iterator[Block]:
    """Blocks of at most :data:`BLOCK_ROWS` rows."""
    for start in range(0, rows, BLOCK_ROWS):
        stop = min(rows, start + BLOCK_ROWS)
        part = {k: v[start:stop] if is_column(v) else v for k, v in columns.items()}
        yield Block(stop - start, part)


def with_geometry(
    name: str, columns: Mapping[str, Values], rows: int, geometry: Callable[[slice], list[str]]
) -> Table:
    """A table whose geometries, the column ``geom``, are written block by block: as text they are large."""

    def blocks() -> Iterator[Block]:
        for number, block in enumerate(cut(columns, rows)):
            part = slice(number * BLOCK_ROWS, number * BLOCK_ROWS + block.rows)
            yield Block(block.rows, {**block.columns, "geom": geometry(part)})

    return Table(name, (*columns, "geom"), blocks())


def either(condition: NDArray[np.bool_], yes: Any, no: Any) -> NDArray[np.object_]:
    """A column of mixed values, such as numbers and None."""
    result = np.empty(len(condition), dtype=object)
    result[condition] = yes[condition] if isinstance(yes, np.ndarray) else yes
    result[~condition] = no[~condition] if isinstance(no, np.ndarray) else no
    return result


def moments(seconds: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """Moments of COPY from seconds since 1970 UTC; NaT where these are below 0: there is none."""
    result = seconds.astype("datetime64[s]")
    result[seconds < 0] = np.datetime64("NaT")
    return result


def is_column(values: Values) -> TypeGuard[Column]:
    """Whether there is one value for each row."""
    return not isinstance(values, str) and hasattr(values, "__len__")


def copy_text(block: Block, names: Sequence[str]) -> bytes:
    """The rows in the text format of COPY, UTF-8. Texts must be free of tabs and line ends."""
    fields = [_texts(block.columns[name], block.rows) for name in names]
    return ("\n".join(map("\t".join, zip(*fields, strict=True))) + "\n").encode() if block.rows else b""


def _texts(values: Values, rows: int) -> list[str]:
    if not is_column(values):
        return [_text(values)] * rows
    if not isinstance(values, np.ndarray):
        return [_text(value) for value in values]
    kind = values.dtype.kind
    if kind in "iu":
        return list(map(str, values.tolist()))
    if kind == "f":
        return [NULL if v != v else repr(v) for v in values.tolist()]
    if kind == "b":
        return ["t" if v else "f" for v in values.tolist()]
    if kind == "M":
        texts = np.datetime_as_string(values)
        zone = "" if values.dtype == np.dtype("datetime64[D]") else "Z"
        return [NULL if text == "NaT" else text + zone for text in texts.tolist()]
    return [_text(value) for value in values.tolist()]


def _text(value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, float):
        return NULL if value != value else repr(value)
    text = str(value)
    return text.replace("\\", "\\\\") if "\\" in text else text
