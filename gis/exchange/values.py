"""Reading one cell as what its field holds. Each reader raises ValueError for what it cannot take."""

import math
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from gis.standard import tables
from gis.standard.code_parts import normalise

Reader = Callable[[Any], Any]


def is_blank(value: Any) -> bool:
    """Whether a cell says nothing: empty, white space, NaN, NaT."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    return str(value).strip() in {"", "NaT", "None", "nan"}


def text(longest: int) -> Reader:
    """Text of at most ``longest`` characters, white space around it taken away."""

    def read(value: Any) -> str:
        # GIS files keep long numbers as floats: 150602.0 is the code 150602.
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        words = str(value).strip()
        if len(words) > longest or "\x00" in words:
            raise ValueError(words[:40])
        return words

    return read


def code(value: Any) -> str:
    """A code of digits or letters, full-width signs made plain."""
    return normalise(text(64)(value))


def number(value: Any) -> float:
    """A finite number."""
    result = float(value)
    if not math.isfinite(result):
        raise ValueError(value)
    return result


def positive(value: Any) -> float:
    """A number above zero; surveys write 0 for unknown."""
    result = number(value)
    if result <= 0:
        raise ValueError(value)
    return result


def whole(value: Any) -> int:
    """A whole number, not below zero."""
    result = number(value)
    if result != int(result) or result < 0:
        raise ValueError(value)
    return int(result)


def size_mm(value: Any) -> int:
    """Whole millimetres above zero."""
    return round(positive(value))


def year(value: Any) -> int:
    """A year in which a pipe can have been laid."""
    result = whole(value)
    if not 1850 <= result <= date.today().year + 1:  # noqa: DTZ011 - a year of slack on either side
        raise ValueError(value)
    return result


def day(value: Any) -> date:
    """A day, ISO form or a date of the file."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value).strip()[:10].replace("/", "-"))


def moment(value: Any) -> datetime:
    """A moment; without an offset where the file has none (the city's own time)."""
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(str(value).strip().replace("/", "-"))


def one_of_table(rows: Callable[[], tuple[Any, ...]]) -> Reader:
    """A code of a reference table, or its Chinese or English name."""

    def read(value: Any) -> str:
        words = normalise(text(64)(value))
        for row in rows():
            if words.upper() == row.code.upper() or words in (row.name_zh, row.name_en):
                return str(row.code)
        raise ValueError(words)

    return read


material = one_of_table(tables.pipe_materials)
laying = one_of_table(tables.laying_methods)
usage_status = one_of_table(tables.usage_statuses)
component_state = one_of_table(tables.component_states)
place_type = one_of_table(tables.place_types)


def flow(value: Any) -> str:
    """Flow relative to the drawing: +, - or 0."""
    words = str(value).strip()
    if words not in {"+", "-", "0"}:
        raise ValueError(words)
    return words
