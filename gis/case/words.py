"""Finding cases by number or by words of two Chinese characters and more, on a million of them.

The index holds every two neighbouring characters (``public.bigrams``, made by the migration); what it finds
is looked at once more as a whole, so that 井盖 and 盖板 together are not taken for 井盖板.
"""

import re

from sqlalchemy import ColumnElement, and_, cast, func, literal_column
from sqlalchemy.dialects.postgresql import TSQUERY

from gis.case.models import Case
from gis.errors import InvalidInput
from gis.i18n import _

MOST_WORDS = 8
# A letter for the kind, then digits: class, day, running number.
NUMBER = re.compile(r"[A-Za-z][0-9]{2,}")


def holds_words(words: str) -> ColumnElement[bool]:
    """Cases whose number begins so, or whose description or address holds every one of the words.

    Words are parted by blanks; a single character finds what holds it, too.

    Raises
    ------
    InvalidInput
        Nothing but blanks, or too many words.
    """
    parts = words.split()
    if not 0 < len(parts) <= MOST_WORDS:
        raise InvalidInput(
            _("Search for 1 to {most} words").format(most=MOST_WORDS), errors=[{"pointer": "/q"}]
        )
    if len(parts) == 1 and NUMBER.fullmatch(parts[0]):
        return number_begins(parts[0].upper())
    return and_(*(_holds(part) for part in parts))


def number_begins(start: str) -> ColumnElement[bool]:
    """Cases whose number begins so; a range, which the index has in any collation: digits stand before Z."""
    return and_(Case.case_no >= start, Case.case_no < f"{start}Z")


def _holds(word: str) -> ColumnElement[bool]:
    told = Case.description + literal_column("' '") + Case.address
    return and_(
        func.bigrams(told).op("@@", is_comparison=True)(cast(_lexemes(word.lower()), TSQUERY)),
        # Not LIKE: the planner takes that for a second, independent reason, expects next to nothing, and
        # reads every case that holds a common word instead of the newest fifty.
        func.strpos(func.lower(told), word.lower()) != 0,
    )


def _lexemes(word: str) -> str:
    """Neighbours that cover a word, as a query; of a single character, all that begin with it."""
    if len(word) == 1:
        return f"{_quoted(word)}:*"
    starts = {*range(0, len(word) - 1, 2), len(word) - 2}
    return " & ".join(_quoted(word[n : n + 2]) for n in sorted(starts))


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
