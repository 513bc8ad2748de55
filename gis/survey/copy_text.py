"""Whole chunks of columns as the text that COPY reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from sqlalchemy.orm import Session

from gis.survey.cells import Marks, escaped, plain_text, words
from gis.survey.reading.table import Cells

NULL = "\\N"
# What a column that may not be NULL holds where a cell says nothing.
SILENT = {"usage_status": "0", "flow_direction": "0", "extra": "{}", "unread": "{}"}
_NOT_NULL = {
    *("element_code", "owner", "survey_unit", "note", "feature", "appendage", "cover_shape"),
    *("cover_material", "cover_size_mm", "address", "size", "road_name", "data_source"),
}


@dataclass(frozen=True)
class CopyText:
    """Rows of a table as COPY reads them."""

    table: str
    columns: tuple[str, ...]
    rows: str


def copy_text(table: str, constants: Mapping[str, str], columns: Mapping[str, Cells], count: int) -> CopyText:
    """Write ``count`` rows of columns of text; columns that are None throughout are left to their default."""
    filled = {name: column for name, column in columns.items() if any(cell is not None for cell in column)}
    lists = []
    for name, column in filled.items():
        silent = SILENT.get(name, "" if name in _NOT_NULL else NULL)
        lists.append([silent if cell is None else cell for cell in column.tolist()])
    head = "\t".join(escaped(value) for value in constants.values())
    rows = "\n".join(map("\t".join, zip([head] * count, *lists, strict=True)))
    return CopyText(table, (*constants, *filled), rows + "\n" if count else "")


def copy(session: Session, text: CopyText) -> None:
    """COPY rows in the transaction of a session."""
    names = ", ".join(f'"{name}"' for name in text.columns)
    driver = session.connection().connection.driver_connection
    assert driver is not None  # noqa: S101 - an open session has one
    with driver.cursor() as cursor, cursor.copy(f'COPY "{text.table}" ({names}) FROM STDIN') as copying:
        copying.write(text.rows)


def json_column(kept: Sequence[tuple[str, Cells]], count: int) -> Cells:
    """Cells by key as one JSON object a row, escaped for COPY; None for rows that say nothing."""
    parts = []
    for key, cells in kept:
        parts.append(words(cells, partial(_member, json.dumps(key, ensure_ascii=False))).values)
    found = np.full(count, None, dtype=object)
    if len(parts) == 1:
        found[:] = [None if part is None else f"{{{part}}}" for part in parts[0]]
    elif parts:
        rows = zip(*(part.tolist() for part in parts), strict=True)
        texts = (", ".join(part for part in row if part is not None) for row in rows)
        found[:] = [f"{{{text}}}" if text else None for text in texts]
    return found


def _member(key: str, word: str) -> str:
    plain = word.isprintable() and '"' not in word and "\\" not in word
    return f'{key}: "{word}"' if plain else f"{key}: {json.dumps(word, ensure_ascii=False)}"


def unread_column(unread: Sequence[tuple[str, Marks, Cells]], count: int) -> Cells:
    """The cells that could not be read, by field, as one JSON object a row."""
    rows: dict[int, dict[str, str]] = {}
    for field, marks, cells in unread:
        for row in np.flatnonzero(marks).tolist():
            rows.setdefault(row, {})[field] = plain_text(cells[row]).replace("\x00", "")[:200]
    found = np.full(count, None, dtype=object)
    for index, fields in rows.items():
        found[index] = escaped(json.dumps(fields, ensure_ascii=False))
    return found
