"""Which class of pipelines, and which of its two tables, a name of a sheet, file, layer or cell means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from gis.standard.code_parts import normalise
from gis.standard.csv_rows import read_rows
from gis.standard.errors import UnknownCode
from gis.standard.tables import pipe_class, pipe_class_aliases, pipe_classes, pipe_main_classes
from gis.survey.head_words import DATA

_POINT = ("管线点", "管点", "点", "points", "point", "nodes", "node", "pts", "pt", "p")
_LINE = ("管线段", "管段", "管线", "线", "lines", "line", "pipes", "pipe", "ln", "l")
_TAILS = ("表", "成果", "数据", "table", "data")
_CUT = re.compile(r"[\s_\-.\\/|:·（）()\[\]【】]+")
_ELEMENT_CODE = re.compile(r"5\d{7}")


@dataclass(frozen=True, kw_only=True)
class ClassWord:
    """A row of ``data/class_word.csv``: what a class is called, beside the standard's own names."""

    word: str
    class_code: str
    sub_code: str | None


@dataclass(frozen=True)
class PipeKind:
    """A class and, where the name tells it, a sub-class. ``old``: its code of an older edition."""

    class_code: str
    sub_code: str | None = None
    old: str | None = None

    @property
    def code(self) -> str:
        return f"{self.class_code}/{self.sub_code}" if self.sub_code else self.class_code


@dataclass(frozen=True)
class TableName:
    """What a name of a table says: ``table`` point or line, and the class; None where it does not."""

    table: str | None
    kind: PipeKind | None


@lru_cache(maxsize=10_000)
def read_kind(word: str) -> PipeKind | None:
    """The class behind a code (``JS``, ``WS``, ``DX``, ``JS/JP``), an element code, or a name (``给水``)."""
    plain = normalise(word).upper()
    if _ELEMENT_CODE.fullmatch(plain):
        return kind_of_element(plain)
    for sign in "/-_ .":
        first, _sign, second = plain.partition(sign)
        if second and (found := _pair(first.strip(), second.strip())):
            return found
    if plain in _codes():
        return _codes()[plain]
    bare = plain.removesuffix("管线").removesuffix("管道").removesuffix("管网").removesuffix("管")
    return _names().get(plain) or _names().get(bare)


def kind_of_element(code: str) -> PipeKind | None:
    """The class behind an element code of 8 digits: 5, number of the class, number of the sub-class …

    Sub-classes count in the order of appendix B, from 01; a number beyond them leaves the sub-class open.
    """
    main = next((row for row in pipe_main_classes() if str(row.number) == code[1:2]), None)
    if main is None or not code[2:4].isdigit():
        return None
    subs = [row.sub_code for row in pipe_classes() if row.class_code == main.class_code]
    number = int(code[2:4])
    return PipeKind(main.class_code, subs[number - 1] if 1 <= number <= len(subs) else None)


@lru_cache(maxsize=10_000)
def read_table_name(name: str) -> TableName:
    """What a sheet, file or layer is, by its name: ``JSPoint``, ``JS_LINE``, ``给水点``, ``管线表`` …"""
    plain = normalise(name).strip()
    whole = read_kind(plain)
    if whole and plain.upper() in _codes():
        return TableName(None, whole)
    lower = _CUT.sub("", plain).casefold()
    for tail in _TAILS:
        lower = lower.removesuffix(tail)
    for word, table in _endings():
        if lower.endswith(word):
            rest = lower.removesuffix(word)
            kind = read_kind(rest) if rest else None
            if kind or not rest or len(word) > 1:
                return TableName(table, kind or _kind_inside(plain))
    return TableName(None, _kind_inside(plain))


def _kind_inside(name: str) -> PipeKind | None:
    """The class that the parts of a name tell; None where two disagree."""
    parts = [part for part in _CUT.split(name) if part]
    found = {kind for part in parts if (kind := read_kind(part) or _glued(part))}
    if not found:
        words = [word for word in _names() if len(word) > 1 and not word.isascii() and word in name.upper()]
        found = {_names()[max(words, key=len)]} if words else set()
    if len({kind.class_code for kind in found}) > 1:
        return None
    subs = [kind for kind in found if kind.sub_code]  # PS_YS_LINE: the class and its sub-class
    return subs[0] if len(subs) == 1 else next(iter(found)) if len(found) == 1 else None


def _glued(part: str) -> PipeKind | None:
    """``JSLine``, ``WSPT``, ``给水管点``: a class with a word for the table behind it."""
    lower = part.casefold()
    for word, _table in _endings():
        if len(word) > 1 and lower.endswith(word) and (kind := read_kind(lower.removesuffix(word))):
            return kind
    return None


@cache
def _endings() -> tuple[tuple[str, str], ...]:
    words = [(word, "point") for word in _POINT] + [(word, "line") for word in _LINE]
    return tuple(sorted(words, key=lambda pair: -len(pair[0])))


def _pair(first: str, second: str) -> PipeKind | None:
    try:
        row = pipe_class(first, second)
    except UnknownCode:
        return None
    return PipeKind(row.class_code, row.sub_code, first if first != row.class_code else None)


@cache
def _codes() -> dict[str, PipeKind]:
    """Codes alone: of classes, of sub-classes where only one class has them, of older editions."""
    found = {row.class_code: PipeKind(row.class_code) for row in pipe_main_classes()}
    for row in pipe_classes():
        try:
            sub = pipe_class(row.sub_code)
        except UnknownCode:
            continue
        found.setdefault(row.sub_code, PipeKind(sub.class_code, sub.sub_code))
    for alias in pipe_class_aliases():
        found[alias.alias] = PipeKind(alias.class_code, alias.sub_code, alias.alias)
    return found


@cache
def _names() -> dict[str, PipeKind]:
    """Names in Chinese and English, upper case."""
    found: dict[str, PipeKind] = {}
    for main in pipe_main_classes():
        for name in (main.name_zh, main.name_en):
            found[name.upper()] = PipeKind(main.class_code)
    for row in pipe_classes():
        for name in (row.name_zh, row.name_en):
            found.setdefault(name.upper(), PipeKind(row.class_code, row.sub_code))
    for word in read_rows(ClassWord, DATA / "class_word.csv"):
        found.setdefault(word.word.upper(), PipeKind(word.class_code, word.sub_code))
    return found
