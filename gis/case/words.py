"""Finding cases by number or by words of two Chinese characters and more, on a million of them.

A common word is met soon among the newest cases; a rare one is in an index of every two neighbouring
characters (``public.bigrams``, made by the migration). How common a phrase is no planner knows, so the newest
are looked through first, and the index is asked when they do not fill a page.
"""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, func, literal_column
from sqlalchemy.dialects.postgresql import TSQUERY

from gis.case.models import Case
from gis.errors import InvalidInput
from gis.i18n import _

MOST_WORDS = 8
LOOKED_THROUGH = 5000
# A letter for the kind, then digits: class, day, running number.
NUMBER = re.compile(r"[A-Za-z][0-9]{2,}")


def words_of(text: str) -> list[str]:
    """The words that are parted by blanks; raises InvalidInput for none, or too many."""
    words = text.split()
    if not 0 < len(words) <= MOST_WORDS:
        raise InvalidInput(
            _("Search for 1 to {most} words").format(most=MOST_WORDS), errors=[{"pointer": "/q"}]
        )
    return words


def holding(words: list[str]) -> Callable[[Any], ColumnElement[bool]]:
    """Whether a number begins so, or description or address hold every word; asked of a row's columns."""
    if number := _number(words):
        return lambda columns: _begins(columns, number)
    return lambda columns: and_(*(_holds(columns, word.lower()) for word in words))


def found_by_index(words: list[str]) -> ColumnElement[bool]:
    """The same condition on :class:`Case`, for an index to answer."""
    if number := _number(words):
        return _begins(Case, number)
    asked = " & ".join(_lexemes(word.lower()) for word in words)
    indexed = func.bigrams(_told(Case)).op("@@", is_comparison=True)(cast(asked, TSQUERY))
    # Looked at once more as a whole: 井盖 and 盖板 stand for 井盖板 only where they meet.
    return and_(indexed, *(_holds(Case, word.lower()) for word in words))


def _number(words: list[str]) -> str | None:
    return words[0].upper() if len(words) == 1 and NUMBER.fullmatch(words[0]) else None


def _begins(columns: Any, start: str) -> ColumnElement[bool]:
    # A range, which the index has in any collation: digits stand before Z.
    return and_(columns.case_no >= start, columns.case_no < f"{start}Z")


def _told(columns: Any) -> ColumnElement[str]:
    told: ColumnElement[str] = columns.description + literal_column("' '") + columns.address
    return told


def _holds(columns: Any, word: str) -> ColumnElement[bool]:
    return func.strpos(func.lower(_told(columns)), word) != 0


def _lexemes(word: str) -> str:
    """The neighbours of a word as a query; of a single character, all that begin with it."""
    if len(word) == 1:
        return f"{_quoted(word)}:*"
    return " & ".join(sorted({_quoted(word[n : n + 2]) for n in range(len(word) - 1)}))


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
