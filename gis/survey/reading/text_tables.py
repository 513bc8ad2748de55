"""CSV and other text tables: encoding and separator recognised, read a line at a time."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from gis.errors import InvalidInput
from gis.i18n import _
from gis.survey.reading.grid import grid_table
from gis.survey.reading.table import Table

BLOCK = 1 << 20
# GB 18030 holds all of GBK; UTF-8 is tried first, because Chinese text in GBK is almost never valid UTF-8.
ENCODINGS = ("utf-8", "gb18030")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SPOKEN = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "gb18030": "GB 18030 (GBK)"}


def text_tables(path: Path) -> list[Table]:
    """The one table of a text file.

    Raises
    ------
    InvalidInput
        It is no text, in no known encoding, or broken at some row.
    """
    encoding, lines, plain = find_encoding(path)
    separator = _separator(path, encoding)

    def rows() -> Iterator[Sequence[Any]]:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, delimiter=separator, strict=True)
            try:
                yield from reader
            except csv.Error as error:
                raise InvalidInput(
                    _("{file}, line {line}: {reason}; a quotation mark may be missing").format(
                        file=path.name, line=reader.line_num, reason=error
                    )
                ) from error

    table = grid_table(path.name, "", rows, lines, cut_is_broken=True)
    if table is None:
        return []
    if not plain:
        table.notes.append(table.note("encoding", encoding=SPOKEN[encoding]))
    return [table]


def find_encoding(path: Path) -> tuple[str, int, bool]:
    """Encoding of a text file, its number of lines, and whether it is plain ASCII.

    The whole file is read, since its first Chinese letter may stand anywhere.

    Raises
    ------
    InvalidInput
        It holds NUL bytes, as no text does, or is neither UTF-8 nor GB 18030; the message names the line.
    """
    with path.open("rb") as file:
        head = file.read(4)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name, _decode(path, name)[0], False
    failed = 0
    for encoding in ENCODINGS:
        lines, plain, whole = _decode(path, encoding)
        if whole:
            return encoding, lines, plain
        failed = max(failed, lines)
    raise InvalidInput(
        _("{file}, line {line}: neither UTF-8 nor GBK text; save the table as CSV UTF-8").format(
            file=path.name, line=failed
        )
    )


def _decode(path: Path, encoding: str) -> tuple[int, bool, bool]:
    """Lines, whether all is ASCII, and whether all could be read; else the line that could not."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, plain, last = 1, True, ""
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK)
            try:
                words = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return lines + error.object[: error.start].count(b"\n"), False, False
            if not block:
                break
            if "\x00" in words:
                raise InvalidInput(_("{file} is not a text table").format(file=path.name))
            lines += words.count("\n")
            plain = plain and words.isascii()
            last = words or last
    return lines - last.endswith("\n"), plain, True


def _separator(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        first = "".join(file.readline(BLOCK) for _line in range(5))
    return max(",\t;|", key=first.count)
