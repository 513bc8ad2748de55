"""Values of a filter in the types of attributes; None for what is no such value."""

import math
from datetime import date
from typing import Any

from gis.i18n import N_
from gis.pipeline.attributes import Type

LONGEST_WORD = 1000
TYPE_WORDS = {
    Type.CODE: N_("a code in quotes"),
    Type.TEXT: N_("a text in quotes"),
    Type.WHOLE: N_("a number"),
    Type.NUMBER: N_("a number"),
    Type.DATE: N_("a date such as DATE('2020-12-31')"),
    Type.YES: N_("true or false"),
}


def read_value(kind: Type, value: Any) -> Any:
    """The value as its type has it; None where it is none of that type."""
    return _READ[kind](value)


def _word(value: Any) -> str | None:
    if not isinstance(value, str) or len(value) > LONGEST_WORD or "\0" in value:
        return None
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a surrogate pair: JSON can write it, UTF-8 cannot
        return None
    return value


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _whole(value: Any) -> float | int | None:
    # A whole number goes as one, so that an index of the column serves; 2.5 is compared as it is.
    number = _number(value)
    return int(number) if number is not None and number.is_integer() and abs(number) < 2**31 else number


def _date(value: Any) -> date | None:
    text = value.get("date") if isinstance(value, dict) else value
    try:
        return date.fromisoformat(text) if isinstance(text, str) and len(text) == len("2020-12-31") else None
    except ValueError:
        return None


def _yes(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


_READ = {
    Type.CODE: _word,
    Type.TEXT: _word,
    Type.WHOLE: _whole,
    Type.NUMBER: _number,
    Type.DATE: _date,
    Type.YES: _yes,
}
