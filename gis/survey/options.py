"""What the sender of survey files says beside them; it goes before whatever is recognised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from gis.crs import parse_crs
from gis.errors import InvalidInput
from gis.i18n import _
from gis.standard.errors import UnknownCode
from gis.standard.tables import pipe_class, pipe_main_class

AUTO = "auto"
AXES = (AUTO, "xy", "yx")  # xy: X runs east, as in GIS; yx: X runs north, as in CJJ 61 tables
UNITS = (AUTO, "m", "cm", "mm")  # of depths and levels; sizes are told apart on their own
TABLES = ("point", "line")
LONGEST_SURVEY = 32


@dataclass(frozen=True)
class SurveyOptions:
    """``mapping`` is ``{"point": {field: column}, "line": {field: column}}``; what it omits is suggested.

    ``layer`` picks one sheet, table or layer by name; ``class_code`` (``JS`` or ``WS``) is the class of all
    rows. ``survey`` (测区) names the area inside which numbers are unique.
    """

    crs: str | None = None
    axis: str = AUTO
    units: str = AUTO
    mapping: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    layer: str | None = None
    class_code: str | None = None
    survey: str = ""

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> SurveyOptions:
        """Read what came as JSON; keys of others (``mode``, ``mapping_name``) are left to them.

        Raises
        ------
        InvalidInput
            A value is not one of those there are; every wrong one is named.
        """
        given = {name: said[name] for name in cls.__dataclass_fields__ if said.get(name) not in (None, "")}
        errors = []
        for name, check in _CHECKS.items():
            if name in given and (detail := check(given[name])):
                errors.append({"pointer": f"/options/{name}", "detail": detail})
        if errors:
            raise InvalidInput(errors[0]["detail"], errors=errors)
        return cls(**given)

    def to_json(self) -> dict[str, Any]:
        """What :meth:`from_json` reads."""
        return asdict(self)


def _one_of(words: tuple[str, ...]) -> Any:
    def check(value: Any) -> str:
        return "" if value in words else _("one of: {words}").format(words=", ".join(words))

    return check


def _crs(value: Any) -> str:
    try:
        parse_crs(str(value))
    except InvalidInput as error:
        return error.detail
    return ""


def _class_code(value: Any) -> str:
    for read in (pipe_main_class, pipe_class):
        try:
            read(str(value))
        except UnknownCode:
            continue
        return ""
    return _("{code} names no class of pipelines").format(code=str(value)[:20])


def _mapping(value: Any) -> str:
    right = isinstance(value, dict) and all(
        table in TABLES
        and isinstance(columns, dict)
        and all(isinstance(cell, str) for pair in columns.items() for cell in pair)
        for table, columns in value.items()
    )
    return "" if right else _('a mapping is {"point": {field: column}, "line": {field: column}}')


def _text(longest: int) -> Any:
    def check(value: Any) -> str:
        right = isinstance(value, str) and len(value) <= longest
        return "" if right else _("text of at most {most} letters").format(most=longest)

    return check


_CHECKS = {
    "crs": _crs,
    "axis": _one_of(AXES),
    "units": _one_of(UNITS),
    "mapping": _mapping,
    "layer": _text(200),
    "class_code": _class_code,
    "survey": _text(LONGEST_SURVEY),
}
