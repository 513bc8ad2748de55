"""Findings in the reader's language: the text of a check with the numbers and names of one finding."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from gis.i18n import N_, _, gettext
from gis.pipeline.checks.check import Check
from gis.pipeline.checks.relations import PREPARING
from gis.pipeline.checks.table import CHECKS
from gis.standard.tables import (
    laying_methods,
    pipe_main_classes,
    pipe_materials,
    point_kinds,
    trust_levels,
)

UNKNOWN = "–"
ENDS = {"start": N_("at its start"), "end": N_("at its end"), "both": N_("at both ends"), "": N_("level")}
SURFACES = {
    "carriageway": N_("under a carriageway"),
    "non_carriageway": N_("outside carriageways"),
}
BOUNDS = {"first": N_("in use from"), "last": N_("in use until")}
PREPARING_TITLE = N_("Bringing the rows together")
_TITLES = {check.code: check.title for check in CHECKS} | {PREPARING: PREPARING_TITLE}


def title_of(step: str) -> str:
    """What a run is at, in the reader's language; empty for a step that has no name."""
    return gettext(_TITLES[step]) if step in _TITLES else ""


def text_of(check: Check, value: float | None, limit: float | None, detail: Mapping[str, Any]) -> str:
    """What one finding says. A name the finding does not bring is shown as unknown."""
    words: dict[str, str] = {name: _word(name, what) for name, what in detail.items()}
    words["value"] = number(value, check.digits)
    words["limit"] = number(limit, check.digits)
    words["doubt"] = doubt(str(detail.get("status", "")))
    return gettext(check.text).format_map(defaultdict(lambda: UNKNOWN, words))


def number(value: float | None, digits: int) -> str:
    """A number as people read it, without the minus of a zero."""
    return UNKNOWN if value is None else f"{round(value, digits) + 0.0:.{digits}f}"


def doubt(status: str) -> str:
    """What to add where the number behind a finding is not firm; empty where it is."""
    for level in trust_levels():
        if level.code == status and not level.is_firm:
            return _(" (basis: {trust})").format(trust=level.name)
    return ""


def _word(name: str, what: Any) -> str:
    if what is None:
        return UNKNOWN
    read = _READERS.get(name)
    return read(what) if read else str(what)


def _class(code: str) -> str:
    return next((row.name for row in pipe_main_classes() if row.class_code == code), code)


def _material(code: str) -> str:
    return next((row.name for row in pipe_materials() if row.code == code), code)


def _laying(code: str) -> str:
    return next((row.name for row in laying_methods() if row.code == code), code)


def _point_kind(key: list[str]) -> str:
    for row in point_kinds():
        if [row.class_code, str(row.role), row.code] == key:
            return row.name
    return key[-1]


def _cells(cells: Mapping[str, str]) -> str:
    return "; ".join(f"{field} “{cell}”" for field, cell in cells.items())


def _metres(value: float) -> str:
    return number(value, 3)


def _of(words: Mapping[str, str]) -> Callable[[str], str]:
    return lambda code: gettext(words.get(code, code))


_READERS: dict[str, Callable[[Any], str]] = {
    "end": _of(ENDS),
    "falls_to": _of(ENDS),
    "surface": _of(SURFACES),
    "bound": _of(BOUNDS),
    "class": _class,
    "other_class": _class,
    "material": _material,
    "laying": _laying,
    "point_kind": _point_kind,
    "cells": _cells,
    **dict.fromkeys(("ground", "depth", "level"), _metres),
}
