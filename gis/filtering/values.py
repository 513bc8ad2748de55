"""Values of a filter in the types of attributes; None for what is no such value."""

import math
from datetime import date, datetime, time
from typing import Any

from gis.filtering.table import Type
from gis.i18n import N_
from gis.settings import get_settings

LONGEST_WORD = 1000
TYPE_WORDS = {
    Type.CODE: N_("a code in quotes"),
    Type.TEXT: N_("a text in quotes"),
    Type.WHOLE: N_("a number"),
    Type.NUMBER: N_("a number"),
    Type.DATE: N_("a date such as DATE('2020-12-31')"),
    Type.MOMENT: N_("a moment such as TIMESTAMP('2020-12-31T08:00:00Z')"),
    Type.YES: N_("true or false"),
}
OPEN = ".."  # an interval without that end


def read_value(kind: Type, value: Any) -> Any:
    """The value as its type has it; None where it is none of that type."""
    return _READ[kind](value)


def read_span(kind: Type, value: Any) -> tuple[Any, Any] | None:
    """Beginning and end of an instant or interval, as values of DATE or MOMENT; None where it is neither.

    A day among moments is the whole day by the city's clocks; an open end is the first or last day there is.
    """
    if isinstance(value, dict) and "interval" in value:
        ends = value["interval"]
        if not isinstance(ends, list) or len(ends) != 2:
            return None
        begin, end = (
            (_open(kind, first=number == 0), _open(kind, first=number == 0))
            if one == OPEN
            else _instant(kind, one)
            for number, one in enumerate(ends)
        )
        return (begin[0], end[1]) if begin and end and begin[0] <= end[1] else None
    return _instant(kind, value)


def _instant(kind: Type, value: Any) -> tuple[Any, Any] | None:
    day = _date(value)
    if kind is Type.DATE:
        moment = None if day else _moment(value)
        day = day or (moment.astimezone(get_settings().zone).date() if moment else None)
        return (day, day) if day else None
    if day:
        return day_in_city(day)
    moment = _moment(value)
    return (moment, moment) if moment else None


def day_in_city(day: date) -> tuple[datetime, datetime]:
    """The first and the last moment of a day by the city's clocks."""
    zone = get_settings().zone
    return datetime.combine(day, time.min, zone), datetime.combine(day, time.max, zone)


def _open(kind: Type, first: bool) -> Any:
    day = date(1, 1, 2) if first else date(9999, 12, 30)  # a day within the ends, for zones
    if kind is Type.DATE:
        return day
    return day_in_city(day)[0 if first else 1]


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


def _moment(value: Any) -> datetime | None:
    text = value.get("timestamp") if isinstance(value, dict) else value
    if not isinstance(text, str) or "T" not in text.upper():
        return None
    try:
        moment = datetime.fromisoformat(text.upper())
        moment.astimezone(get_settings().zone)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else None


def _yes(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


_READ = {
    Type.CODE: _word,
    Type.TEXT: _word,
    Type.WHOLE: _whole,
    Type.NUMBER: _number,
    Type.DATE: _date,
    Type.MOMENT: _moment,
    Type.YES: _yes,
}
