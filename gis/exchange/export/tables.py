"""Rows as a table that people open: CSV and XLSX, names of codes in the reader's language."""

import csv
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from gis.exchange.export.selection import Row, Selection
from gis.i18n import _
from gis.pipeline.attribute_words import words_of
from gis.pipeline.attributes import Attribute

BOM = "utf-8-sig"  # without its mark a Chinese spreadsheet takes a CSV for GBK
# Text that begins so would be worked out as a formula by whoever opens the table.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Cells = list[Any]


def write_csv(selection: Selection, path: Path) -> int:
    """A table with a heading; returns its rows."""
    heading, rows = _table(selection)
    count = 0
    with path.open("w", encoding=BOM, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heading)
        for count, cells in enumerate(rows, start=1):  # noqa: B007 - how many there were
            writer.writerow([_harmless(cell) for cell in cells])
    return count


def write_xlsx(selection: Selection, path: Path) -> int:
    """A workbook of one sheet, written a row at a time; returns its rows."""
    heading, rows = _table(selection)
    count = 0
    with new_workbook(path) as book:
        sheet = book.add_worksheet(_("Pipelines"))
        write = row_writer(book, sheet)
        write(0, heading)
        sheet.freeze_panes(1, 1)
        for count, cells in enumerate(rows, start=1):
            write(count, cells)
        sheet.autofilter(0, 0, count, len(heading) - 1)
    return count


def new_workbook(path: Path) -> Any:
    """A workbook that keeps one row in memory, and takes text for text."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    return xlsxwriter.Workbook(str(path), options)


def row_writer(book: Any, sheet: Any) -> Callable[[int, Cells], None]:
    """Write cells by their type: numbers as numbers, days as days, nothing where nothing is known."""
    day = book.add_format({"num_format": "yyyy-mm-dd"})

    def write(number: int, cells: Cells) -> None:
        for column, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if isinstance(cell, bool):
                sheet.write_boolean(number, column, cell)
            elif isinstance(cell, (int, float)):
                sheet.write_number(number, column, cell)
            elif isinstance(cell, date):
                sheet.write_datetime(number, column, cell, day)
            else:
                sheet.write_string(number, column, cell)

    return write


def _table(selection: Selection) -> tuple[Cells, Iterator[Cells]]:
    kind = selection.question.kind
    attributes = selection.attributes(kind)
    words = {one.words: words_of(selection.session, one.words) for one in attributes if one.words}
    heading = [f"{_(one.title)} ({one.unit})" if _counts(one) else _(one.title) for one in attributes]

    def cells(row: Row) -> Cells:
        return [
            words[one.words].get(row[one.name], row[one.name]) if one.words else row[one.name]
            for one in attributes
        ]

    return heading, (cells(row) for row in selection.rows(kind))


def _counts(one: Attribute) -> bool:
    return bool(one.unit) and not one.words


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
