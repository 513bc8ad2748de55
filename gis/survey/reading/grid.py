"""Rows of cells, as text files, workbooks and databases hold them, into a table in chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np

from gis.errors import InvalidInput
from gis.i18n import _
from gis.survey.reading.heads import SEARCHED_ROWS, column_names, find_heading
from gis.survey.reading.table import CHUNK_ROWS, Chunk, Table, object_array

Rows = Iterator[Sequence[Any]]
MOST_COLUMNS = 400


def grid_table(
    file: str,
    sheet: str,
    open_rows: Callable[[], Rows],
    all_rows: int | None = None,
    *,
    cut_is_broken: bool = False,
) -> Table | None:
    """The table in a grid of cells; None where there is no heading, so no table.

    Parameters
    ----------
    open_rows : callable
        Gives the rows from the first on; raises InvalidInput where the file turns out to be broken.
    all_rows : int, optional
        How many rows there are with those above the table.
    cut_is_broken : bool
        Whether every row has all its cells, so that a last row that has fewer was cut off.

    Raises
    ------
    InvalidInput
        Two columns have one name, or there are more columns than any survey has.
    """
    title = f"{file} › {sheet}" if sheet else file
    first = list(islice(open_rows(), SEARCHED_ROWS))
    heading = find_heading(first)
    if heading is None:
        return None
    columns = column_names(title, first[heading])
    if len(columns) > MOST_COLUMNS:
        raise InvalidInput(
            _("{table} has {count} columns; no survey has more than {most}").format(
                table=title, count=len(columns), most=MOST_COLUMNS
            )
        )

    def chunks(limit: int | None) -> Iterator[Chunk]:
        rows = open_rows()
        for _above in range(heading + 1):
            next(rows, None)
        begin, left = 1, limit
        while left is None or left > 0:
            size = CHUNK_ROWS if left is None else min(left, CHUNK_ROWS)
            block = list(islice(rows, size))
            if not block:
                return
            if cut_is_broken and len(block) < size:
                _refuse_cut(title, block, begin, len(columns))
            yield _chunk(title, columns, block, begin)
            begin += len(block)
            left = None if left is None else left - len(block)

    table = Table(file, sheet, columns, None if all_rows is None else max(all_rows - heading - 1, 0), chunks)
    if heading:
        table.notes.append(table.note("heading_row", row=heading + 1))
    return table


def _chunk(title: str, columns: list[str], block: list[Sequence[Any]], begin: int) -> Chunk:
    width = len(columns)
    row_nos = np.arange(begin, begin + len(block))
    if set(map(len, block)) != {width}:
        for index, row in enumerate(block):
            if len(row) > width and any(cell not in (None, "") for cell in row[width:]):
                raise InvalidInput(
                    _(
                        "{table}, row {row}: {count} cells where the heading has {width}; "
                        "look for a stray separator or an unquoted comma"
                    ).format(table=title, row=begin + index, count=len(row), width=width)
                )
        block = [(*row[:width], *[None] * (width - len(row))) for row in block]
    filled = np.fromiter(map(_is_filled, block), bool, len(block))
    if not filled.all():
        block = [row for row, keep in zip(block, filled, strict=True) if keep]
        row_nos = row_nos[filled]
    cells = zip(*block, strict=True) if block else ([] for _column in columns)
    return Chunk(
        row_nos, {name: object_array(list(values)) for name, values in zip(columns, cells, strict=True)}
    )


def _is_filled(row: Sequence[Any]) -> bool:
    return any(row) or any(cell not in (None, "") for cell in row)  # a 0 says something


def _refuse_cut(title: str, block: list[Sequence[Any]], begin: int, width: int) -> None:
    last = block[-1]
    if 0 < len(last) < width and any(last):
        raise InvalidInput(
            _(
                "{table} ends in the middle of row {row} ({count} of {width} cells): "
                "the file was cut off; send the whole file"
            ).format(table=title, row=begin + len(block) - 1, count=len(last), width=width)
        )
