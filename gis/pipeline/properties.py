"""What may be sent of a pipe point or segment: the survey's fields, codes by the standard's tables.

``start_point`` and ``end_point`` are numbers of points and no columns; :mod:`gis.pipeline.segment_ends`
finds them.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from gis.edit.departments import department_names, departments_by_code
from gis.edit.properties import Kind, Names, Property, Table, Values
from gis.standard import tables
from gis.standard.rows import CodedName
from gis.standard.vocabulary import PointRole

Words = Callable[[], Iterable[CodedName]]


def _level(name: str) -> Property:
    """Metres in the city's height datum; no ground on earth is higher."""
    return Property(name=name, kind=Kind.NUMBER, least=-500, most=9000)


def _depth(name: str) -> Property:
    """Metres down; lines that hang have depths below zero."""
    return Property(name=name, kind=Kind.NUMBER, least=-100, most=1000)


def _count(name: str) -> Property:
    return Property(name=name, kind=Kind.WHOLE, least=0, most=100_000)


def _side(name: str) -> Property:
    """Millimetres."""
    return Property(name=name, kind=Kind.WHOLE, least=1, most=100_000)


def _coded(name: str, prefix: str, words: Words, null: Any) -> tuple[Property, Names]:
    """A code of a dictionary, and the names that reading shows for it."""

    def codes(_session: Session) -> Mapping[str, str]:
        return {row.code: row.code for row in words()}

    def rows(_session: Session) -> list[tuple[str, str, Values]]:
        return [(row.name_zh, row.name_en, {name: row.code}) for row in words()]

    by_code = Property(name=name, codes=codes, null=null)
    return by_code, Names(prefix=prefix, columns=(name,), rows=rows, null={name: null})


def _classes(_session: Session) -> Mapping[str, str]:
    return {row.class_code: row.class_code for row in tables.pipe_main_classes()}


def _sub_classes(_session: Session) -> Mapping[str, str]:
    return {row.sub_code: row.sub_code for row in tables.pipe_classes()}


def _class_names(_session: Session) -> list[tuple[str, str, Values]]:
    return [
        (row.name_zh, row.name_en, {"class_code": row.class_code, "sub_code": row.sub_code})
        for row in tables.pipe_classes()
    ]


def _point_kinds(_session: Session) -> list[tuple[str, str, Values]]:
    """What stands at a point is a feature or an appendage; the same word of several classes is one choice."""
    found: dict[tuple[str, str, PointRole, str], Values] = {}
    for row in tables.point_kinds():
        is_feature = row.role is PointRole.FEATURE
        columns = {"feature": row.code if is_feature else "", "appendage": "" if is_feature else row.code}
        found[row.name_zh, row.name_en, row.role, row.code] = columns
    return [(zh, en, columns) for (zh, en, _role, _code), columns in found.items()]


_OWNER = (
    Property(name="owner_code", column="owner_id", codes=departments_by_code),
    Names(prefix="owner", columns=("owner_id",), rows=department_names("owner_id"), null={"owner_id": None}),
)
_USAGE = _coded("usage_status", "usage", tables.usage_statuses, "0")
_MATERIAL = _coded("material", "material", tables.pipe_materials, None)
_LAYING = _coded("laying", "laying", tables.laying_methods, None)
_PRESSURE = _coded("pressure_band", "pressure", tables.pressure_bands, None)


def _flows(_session: Session) -> Mapping[str, str]:
    return {row.code: row.code for row in tables.flow_directions()}


_CLASS = (
    Property(name="class_code", codes=_classes, required=True),
    Property(name="sub_code", codes=_sub_classes, required=True),
)
_SURVEY = (
    _OWNER[0],
    _USAGE[0],
    Property(name="element_code", null="", longest=8),
    Property(name="surveyed_on", kind=Kind.DATE),
    Property(name="survey_unit", null="", longest=200),
    Property(name="note", null="", longest=2000),
)
_NAMES = (
    Names(prefix="class", columns=("class_code", "sub_code"), rows=_class_names, null=None),
    _OWNER[1],
    _USAGE[1],
)

PIPE_POINT = Table(
    properties=(
        Property(name="survey", required=True, longest=32),
        Property(name="point_no", required=True, longest=64),
        *_CLASS,
        Property(name="feature", null="", longest=32),
        Property(name="appendage", null="", longest=32),
        _level("ground_level"),
        _depth("well_depth_m"),
        Property(name="cover_shape", null="", longest=16),
        Property(name="cover_material", null="", longest=16),
        Property(name="cover_size_mm", null="", longest=16),
        Property(name="is_open", kind=Kind.YES),
        Property(name="address", null="", longest=200),
        Property(name="built_on", kind=Kind.DATE),
        *_SURVEY,
    ),
    names=(
        *_NAMES,
        Names(
            prefix="point_kind",
            columns=("feature", "appendage"),
            rows=_point_kinds,
            null={"feature": "", "appendage": ""},
        ),
    ),
)

PIPE_SEGMENT = Table(
    properties=(
        Property(name="survey", longest=32),  # that of its first point where it is not said
        Property(name="segment_no", longest=64),  # as surveys have it, the numbers of its points
        *_CLASS,
        Property(name="start_point", longest=64),
        Property(name="end_point", longest=64),
        _depth("start_depth_m"),
        _depth("end_depth_m"),
        _level("start_level"),
        _level("end_level"),
        Property(name="size", null="", longest=20),
        _side("width_mm"),
        _side("height_mm"),
        _MATERIAL[0],
        _LAYING[0],
        Property(name="pressure_mpa", kind=Kind.NUMBER, least=0, most=1000),
        _PRESSURE[0],
        Property(name="voltage_kv", kind=Kind.NUMBER, least=0, most=2000),
        Property(name="temperature_c", kind=Kind.WHOLE, least=-100, most=1000),
        _count("cable_count"),
        _count("total_holes"),
        _count("used_holes"),
        Property(name="flow_direction", codes=_flows, null="0"),
        Property(name="year_laid", kind=Kind.WHOLE, least=1850, most=2100),
        Property(name="road_name", null="", longest=200),
        *_SURVEY,
    ),
    names=(*_NAMES, _MATERIAL[1], _LAYING[1], _PRESSURE[1]),
)
