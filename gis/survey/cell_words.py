"""Words of the survey's dictionaries: materials, layings, states, points … by code, by name, by usage."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from gis.standard import tables
from gis.standard.code_parts import normalise
from gis.standard.csv_rows import read_rows
from gis.standard.rows import CodedName
from gis.standard.vocabulary import PointRole
from gis.survey.head_words import DATA

DICTIONARIES: dict[str, Callable[[], Iterable[CodedName]]] = {
    "material": tables.pipe_materials,
    "laying": tables.laying_methods,
    "usage_status": tables.usage_statuses,
    "pressure_band": tables.pressure_bands,
    "flow_direction": tables.flow_directions,
    "data_source": tables.data_origins,
    "is_open": tuple,
}
_BRACKETED = re.compile(r"[(（][^)）]*[)）]")


@dataclass(frozen=True, kw_only=True)
class CellWord:
    """A row of ``data/cell_word.csv``: what surveys write for a code, beside the standard's names."""

    dictionary: str
    code: str
    word: str


@cache
def official(dictionary: str) -> dict[str, str]:
    """``{word: code}`` by code and by name, upper case."""
    found: dict[str, str] = {}
    for row in DICTIONARIES[dictionary]():
        for name in (row.code, row.name_zh, row.name_en, _BRACKETED.sub("", row.name_zh)):
            found.setdefault(name.upper(), row.code)
    return found


@cache
def usual(dictionary: str) -> dict[str, str]:
    """The same by usage alone."""
    rows = read_rows(CellWord, DATA / "cell_word.csv")
    return {normalise(row.word).upper(): row.code for row in rows if row.dictionary == dictionary}


def code_of(dictionary: str, word: str) -> str:
    """The code behind a word; ValueError where no row says it."""
    plain = normalise(word).upper()
    code = official(dictionary).get(plain) or usual(dictionary).get(plain)
    if code is None:
        raise ValueError(word)
    return code


def is_official(dictionary: str, word: str) -> bool:
    """Whether a word is a code or name of the standard's dictionary, so that its code says all of it."""
    plain = normalise(word).upper()
    return plain in official(dictionary) or usual(dictionary).get(plain, "").upper() == plain


def data_source(word: str) -> str:
    """The code of a data origin; another word as it is, if the column can hold it."""
    code = official("data_source").get(normalise(word).upper())
    if code is None and len(word) > 16:
        raise ValueError(word)
    return code or word


# ---- what stands at a point


@cache
def _point_kinds(class_code: str, role: PointRole) -> dict[str, str]:
    return {
        name.upper(): kind.code
        for kind in tables.point_kinds_of(class_code, role)
        for name in (kind.name_en, kind.code, kind.name_zh)
    }


def point_kind(class_code: str | None, role: PointRole, word: str) -> str:
    """The code of a feature or appendage of a class; the word itself where the class has none of that name.

    ValueError where the word is longer than the column.
    """
    code = _point_kinds(class_code, role).get(normalise(word).upper()) if class_code else None
    if code is None and len(word) > 32:
        raise ValueError(word)
    return code or word


# ---- sizes

_COUNT = re.compile(r"(\d+)\s*[-X*×]?\s*(?=(?:DN|[ΦφØD]))")
_SIGN = re.compile(r"^(?:DN|DE|D|Φ|Ø|⌀|Ф)\.?\s*|\s*MM$")
LEAST_SIDE_MM = 10  # 2X100 is two pipes of some kind rather than a section 2 mm wide: not said, so unknown
_FIGURE = r"(\d+(?:\.\d+)?)"
_RECTANGLE = re.compile(rf"^{_FIGURE}\s*(?:MM)?\s*[X*×]\s*{_FIGURE}$")


def read_size(word: str, metres: bool = False) -> tuple[int | None, int | None]:
    """Width and height in mm of ``300``, ``DN300``, ``Φ300``, ``1200X800`` (width first), ``2Φ100``.

    Two pipes lie side by side: twice as wide as high. How three or more lie is not said, so both are None,
    as they are for a size of 0, by which surveys mean that it is unknown.

    Parameters
    ----------
    metres : bool
        Whether the figures are metres.

    Raises
    ------
    ValueError
        It is no size.
    """
    plain = normalise(word).upper().replace("×", "X").replace("＊", "*")
    count = 1
    if found := _COUNT.match(plain):
        count, plain = int(found.group(1)), plain[found.end() :]
    plain = _SIGN.sub("", _SIGN.sub("", plain)).strip()
    if found := _RECTANGLE.match(plain):
        width, height = (float(side) for side in found.groups())
    else:
        width = height = float(plain)
    if not math.isfinite(width * count) or not math.isfinite(height):
        raise ValueError(word)
    factor = 1000 if metres else 1
    sides = [round(side * factor) for side in (width * count, height)]
    if not all(0 <= side < 2**31 for side in sides) or (0 in sides and min(width, height) > 0):
        raise ValueError(word)  # less than half a millimetre is no size
    if count > 2 or 0 in sides or (width < LEAST_SIDE_MM and not metres and width != height):
        return None, None
    return sides[0], sides[1]


# ---- pressures and voltages

_WITH_UNIT = re.compile(rf"^{_FIGURE}\s*([A-Z]*)$")
_PRESSURES = {"": 1.0, "MPA": 1.0, "KPA": 0.001, "BAR": 0.1, "PA": 1e-6}
_VOLTAGES = {"": 1.0, "KV": 1.0, "V": 0.001}


def pressure_mpa(word: str) -> float:
    """A pressure in MPa, the unit behind it read too; ValueError where it is none."""
    return _with_unit(word, _PRESSURES)


def voltage_kv(word: str) -> float:
    """A voltage in kV, the unit behind it read too (``380V``); ValueError where it is none."""
    return _with_unit(word, _VOLTAGES)


def _with_unit(word: str, units: dict[str, float]) -> float:
    found = _WITH_UNIT.match(normalise(word).upper())
    if found is None or found.group(2) not in units:
        raise ValueError(word)
    return round(float(found.group(1)) * units[found.group(2)], 9)
