"""XLSX workbooks, read as a stream: a sheet of any length takes the memory of a row.

A faster reader there is (calamine), but it holds the whole sheet in memory, twice the size of its XML, and
turns cells that hold an error (#N/A) into empty ones without a word.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl

from gis.errors import InvalidInput
from gis.i18n import _
from gis.survey.reading.archives import check_archive
from gis.survey.reading.grid import grid_table
from gis.survey.reading.table import Table

# What openpyxl raises for files that are no workbooks, or are cut off.
_BROKEN = (zipfile.BadZipFile, ParseError, KeyError, ValueError, EOFError, OSError, IndexError, TypeError)


def workbook_tables(path: Path) -> list[Table]:
    """The tables of a workbook, one a sheet; sheets without a heading are left out.

    Raises
    ------
    InvalidInput
        The workbook is broken, protected by a password, or unpacks to more than is taken.
    """
    check_archive(path)
    try:
        book = _open(path)
        sheets = [(sheet.title, sheet.max_row) for sheet in book.worksheets if sheet.sheet_state == "visible"]
        book.close()
    except _BROKEN as error:
        raise _broken(path, "", error) from error
    tables = []
    for name, rows in sheets:
        table = grid_table(path.name, name, lambda name=name: _rows(path, name), rows)  # type: ignore[misc]
        if table is not None:
            tables.append(table)
    return tables


def _rows(path: Path, sheet: str) -> Iterator[Sequence[Any]]:
    row = 0
    try:
        book = _open(path)
        try:
            for row, cells in enumerate(book[sheet].iter_rows(values_only=True), start=1):  # noqa: B007
                yield cells
        finally:
            book.close()
    except _BROKEN as error:
        raise _broken(path, _("{sheet}, after row {row}").format(sheet=sheet, row=row), error) from error


def _open(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and extensions that openpyxl does not know are nothing to us
        return openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)


def _broken(path: Path, where: str, error: Exception) -> InvalidInput:
    return InvalidInput(
        _(
            "{file} {where}is broken or no workbook ({reason}); open it, save it anew as .xlsx and send that"
        ).format(
            file=path.name,
            where=f"({where}) " if where else "",
            reason=str(error).splitlines()[0][:120] if str(error) else type(error).__name__,
        )
    )
