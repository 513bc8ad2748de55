"""Finding the heading of a table that may stand below a title, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gis.errors import InvalidInput
from gis.i18n import _
from gis.survey.head_words import is_known_head

SEARCHED_ROWS = 10


def find_heading(rows: Sequence[Sequence[Any]]) -> int | None:
    """Which of the first rows is the heading: the one with the most known names, the first of equals.

    A row in which nothing is known is taken only if it is the first that has two cells or more, all text.
    None where there is no such row.
    """
    known = [sum(is_known_head(cell) for cell in row if isinstance(cell, str)) for row in rows]
    if known and max(known) >= 2:
        return known.index(max(known))
    for index, row in enumerate(rows):
        filled = [cell for cell in row if cell not in (None, "")]
        if len(filled) >= 2:
            return index if all(isinstance(cell, str) for cell in filled) else None
    return None


def column_names(title: str, heading: Sequence[Any]) -> list[str]:
    """The names of a table's columns; one without a head is named by its letter (``column C``).

    Raises
    ------
    InvalidInput
        Two columns have the same head: which of them is meant cannot be known.
    """
    names = ["" if cell is None else str(cell).strip() for cell in heading]
    while names and not names[-1]:
        names.pop()
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise InvalidInput(
            _("{table}: more than one column is called {names}; give each a name of its own").format(
                table=title, names=", ".join(twice)
            )
        )
    return [name or f"column {letters(index)}" for index, name in enumerate(names)]


def letters(index: int) -> str:
    """What a spreadsheet calls a column, from 0: A … Z, AA …"""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
