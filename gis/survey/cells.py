"""Cells of a column into what its field holds, a whole column at a time.

A reader takes the cells of a chunk and gives text as COPY takes it, None where a cell is empty or could not
be read, beside the marks which could not. Columns of words are read once a distinct word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.standard.code_parts import normalise
from gis.survey.reading.table import Cells

Marks = NDArray[np.bool_]
ReadWord = Callable[[str], str | None]

ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#####"}  # of spreadsheets
NOTHING = {
    "",
    "/",
    "\\",
    "-",
    "--",
    "—",
    "——",
    "无",
    "NULL",
    "null",
    "None",
    "nan",
    "NaT",
}  # in columns of numbers
_NUMBER = re.compile(r"([-+]?\d+(?:\.\d*)?|[-+]?\.\d+)(?:[eE][-+]?\d+)?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))")
_LENGTHS = {"": None, "m": 1.0, "米": 1.0, "cm": 0.01, "厘米": 0.01, "mm": 0.001, "毫米": 0.001}
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True)
class Read:
    """A column that was read. ``values``: text for COPY, or None. ``unread``: cells that could not be."""

    values: Cells
    unread: Marks

    @classmethod
    def empty(cls, count: int) -> Read:
        return cls(np.full(count, None, dtype=object), np.zeros(count, dtype=bool))


def plain_text(cell: Any) -> str:
    """A cell as the text a person sees: whole numbers without a point, days without a time."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float):
        if math.isnan(cell):
            return ""
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == cell.time().min else cell.isoformat(" ")
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace").strip()
    return "" if cell is pd.NaT else str(cell).strip()


def escaped(text: str) -> str:
    """Text as COPY takes it. Nearly all is printable and without a backslash, and left alone."""
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPES)


def words(cells: Cells, read: ReadWord) -> Read:
    """Read each distinct word once; ValueError marks it as unread."""
    codes, distinct = pd.factorize(cells, use_na_sentinel=True)
    texts = np.empty(len(distinct) + 1, dtype=object)
    wrong = np.zeros(len(distinct) + 1, dtype=bool)
    for index, cell in enumerate(distinct):
        text = plain_text(cell)
        if not text:
            continue
        try:
            if text in ERRORS or "\x00" in text:
                raise ValueError(text)
            value = read(text)
        except (ValueError, OverflowError):
            wrong[index] = True
            continue
        texts[index] = None if value is None else escaped(value)
    return Read(texts[codes], wrong[codes])  # code -1, missing, is the last: None


def text(longest: int) -> Callable[[Cells], Read]:
    """Words as they are, of at most so many letters."""

    def read(word: str) -> str:
        if len(word) > longest:
            raise ValueError(word)
        return word

    return lambda cells: words(cells, read)


def number_text(longest: int = 64) -> Callable[[Cells], Read]:
    """Numbers of points and lines: full-width signs made plain, no blanks around."""

    def read(word: str) -> str:
        word = word if word.isascii() else normalise(word)
        if len(word) > longest:
            raise ValueError(word)
        return word

    return lambda cells: words(cells, read)


def floats(cells: Cells) -> tuple[NDArray[np.float64], Marks]:
    """Finite numbers, NaN where a cell is empty or none, and which cells are none.

    ``1,234.5``, full-width digits and a unit behind the number (``1.2m``, ``90cm`` in metres) are read.
    """
    values = np.array(pd.to_numeric(pd.Series(cells, dtype=object), errors="coerce"), dtype=np.float64)
    rest = np.flatnonzero(~np.isfinite(values))
    values[rest] = np.nan
    unread = np.zeros(len(cells), dtype=bool)
    for index in rest:
        cell = cells[index]
        if cell is None or cell == "":
            continue
        word = plain_text(cell)
        if word in NOTHING:
            continue
        try:
            values[index] = _number(word)
        except ValueError:
            unread[index] = True
    return values, unread


def _number(word: str) -> float:
    plain = _THOUSANDS.sub("", normalise(word).replace(" ", "").casefold())
    found = _NUMBER.match(plain)
    if found is None or plain[found.end() :] not in _LENGTHS:
        raise ValueError(word)
    return float(found.group()) * (_LENGTHS[plain[found.end() :]] or 1.0)


def numbers(factor: float = 1.0, *, least: float = -math.inf) -> Callable[[Cells], Read]:
    """Finite numbers times a factor; below ``least`` is unread."""

    def read(cells: Cells) -> Read:
        values, unread = floats(cells)
        low = values < least
        if factor != 1.0:
            values = np.round(values * factor, 6)
        return Read(_texts(values, low), unread | low)

    return read


def whole(*, least: int = 0) -> Callable[[Cells], Read]:
    """Whole numbers that a column of the database holds."""

    def read(cells: Cells) -> Read:
        values, unread = floats(cells)
        wrong = (values < least) | (values > 2**31 - 1) | (values != np.floor(values)) & ~np.isnan(values)
        ints = np.where(np.isnan(values) | wrong, 0, values).astype(np.int64)
        texts = np.array(list(map(str, ints.tolist())), dtype=object)
        texts[np.isnan(values) | wrong] = None
        return Read(texts, unread | wrong)

    return read


def _texts(values: NDArray[np.float64], leave_out: Marks) -> Cells:
    texts = np.empty(len(values), dtype=object)
    texts[:] = list(map(repr, values.tolist()))
    texts[np.isnan(values) | leave_out] = None
    return texts


# ---- days and years

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?(?:[ T].*)?$")
_TIGHT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_YEAR = re.compile(r"(\d{4})年?$")
FIRST_YEAR = 1850


def read_day(word: str) -> tuple[date, bool]:
    """A day, and whether the word told it whole; of a month or year alone it is the first."""
    plain = normalise(word)
    if found := _TIGHT_DAY.match(plain) or _DAY.match(plain):
        year, month, day = found.groups()
        return date(int(year), int(month), int(day or 1)), day is not None
    if found := _YEAR.match(plain):
        return date(int(found.group(1)), 1, 1), False
    raise ValueError(word)


def day(cells: Cells) -> Read:
    """Days as ISO text; months and years as their first day."""
    return words(cells, lambda word: _sensible(read_day(word)[0]).isoformat())


def year(cells: Cells) -> Read:
    """Years, of days too."""
    return words(cells, lambda word: str(_sensible(read_day(word)[0]).year))


def _sensible(found: date) -> date:
    if not FIRST_YEAR <= found.year <= date.today().year + 1:  # noqa: DTZ011 - a year of slack on either side
        raise ValueError(found)
    return found


def is_whole_day(word: str) -> bool:
    """Whether a word tells a day to the day, so that nothing is lost in a column of days."""
    try:
        return read_day(word)[1]
    except ValueError:
        return False
