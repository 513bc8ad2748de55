"""What columns of survey tables are called: by the standard's field tables, and by usage.

The names lie in ``gis/standard/data/pipeline_field.csv`` and, beyond it, in ``data/head.csv``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gis.standard.code_parts import normalise
from gis.standard.csv_rows import read_rows
from gis.standard.tables import pipeline_fields

DATA = Path(__file__).parent / "data"
_BRACKETS = re.compile(r"[(（\[【〔]([^)）\]】〕]*)[)）\]】〕]")
_SIGNS = re.compile(r"[\s_\-./\\:：、·]+")
UNITS = {"m": "m", "米": "m", "cm": "cm", "厘米": "cm", "mm": "mm", "毫米": "mm"}

# Fields of the standard's tables that a column of ours holds; the others are kept by their field name.
HELD: dict[str, dict[str, str]] = {
    "point": {
        "Exp_No": "point_no", "X": "x", "Y": "y", "High": "ground_level", "Code": "element_code",
        "Feature": "feature", "Subsid": "appendage", "WellDeep": "well_depth_m", "Belong": "owner",
        "MDate": "built_on", "SUnit": "survey_unit", "SDate": "surveyed_on", "Note": "note",
        "WellShape": "cover_shape", "WellMaterial": "cover_material", "WellSize": "cover_size_mm",
        "Address": "address", "UStatus": "usage_status",
    },
    "line": {
        "LNo": "segment_no", "S_Exp": "start_no", "E_Exp": "end_no", "S_Deep": "start_depth_m",
        "E_Deep": "end_depth_m", "S_H": "start_level", "E_H": "end_level", "S_High": "start_ground",
        "E_High": "end_ground", "Type": "kind", "Code": "element_code", "Material": "material",
        "PSize": "size", "Pressure": "pressure", "Voltage": "voltage_kv", "Temperature": "temperature_c",
        "CabNum": "cable_count", "TotalHole": "total_holes", "UsedHole": "used_holes",
        "FlowDir": "flow_direction", "Embed": "laying", "MDate": "year_laid", "Belong": "owner",
        "Road": "road_name", "SUnit": "survey_unit", "SDate": "surveyed_on", "UStatus": "usage_status",
        "DataSource": "data_source", "Note": "note",
    },
}  # fmt: skip

# What a column may be mapped to.
FIELDS: dict[str, tuple[str, ...]] = {
    "point": (
        *HELD["point"].values(), "northing", "easting", "lon", "lat", "kind", "sub_code", "is_open",
    ),
    "line": (
        *HELD["line"].values(), "width_mm", "height_mm", "sub_code",
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class HeadRow:
    """A row of ``data/head.csv``: another name of a field. ``table_name``: point, line or both."""

    table_name: str
    field: str
    head: str


def plain_head(head: str) -> str:
    """A head without what does not tell: case, full width, blanks, signs, a unit in brackets."""
    words = normalise(head).casefold()
    return _SIGNS.sub("", _BRACKETS.sub("", words)) or _SIGNS.sub("", words)


def unit_in_head(head: str) -> str | None:
    """The unit of length that a head gives in brackets: ``埋深(cm)`` → cm."""
    for inside in _BRACKETS.findall(normalise(head).casefold()):
        if inside.strip() in UNITS:
            return UNITS[inside.strip()]
    return None


@cache
def names_of(table: str) -> dict[str, tuple[str, str]]:
    """``{plain head: (field, how)}`` of a table, point or line; ``how`` is name or alias."""
    found: dict[str, tuple[str, str]] = {}
    for field in FIELDS[table]:
        found.setdefault(plain_head(field), (field, "name"))
    for row in pipeline_fields():
        field = HELD[table].get(row.field, "")
        if row.table_name == table and field:
            found[plain_head(row.field)] = (field, "name")
            for name in _chinese_names(row.name_zh):
                found.setdefault(plain_head(name), (field, "alias"))
    for extra in read_rows(HeadRow, DATA / "head.csv"):
        if extra.table_name in (table, "both"):
            found.setdefault(plain_head(extra.head), (extra.field, "alias"))
    return found


@cache
def kept_names(table: str) -> dict[str, str]:
    """``{plain head: field name}`` of the standard's fields that no column here holds."""
    found: dict[str, str] = {}
    for row in pipeline_fields():
        if row.table_name == table and row.field not in HELD[table]:
            for name in (row.field, *_chinese_names(row.name_zh)):
                found.setdefault(plain_head(name), row.field)
    return found


@cache
def field_name(table: str, field: str) -> str:
    """What the standard's table calls one of our fields; our own name where it has none."""
    return next((name for name, held in HELD[table].items() if held == field), field)


def is_known_head(head: str) -> bool:
    """Whether a cell is the name of a field of one of the tables."""
    plain = plain_head(head)
    return any(plain in names_of(table) or plain in kept_names(table) for table in FIELDS)


def _chinese_names(name_zh: str) -> list[str]:
    """``物探点号 (管线点编号)`` → both; ``连接/终点点号`` → 连接点号, 终点点号 are rows of head.csv."""
    outside = _BRACKETS.sub("", name_zh).strip()
    inside = [part.strip() for part in _BRACKETS.findall(name_zh)]
    return [part for part in (*outside.split("/"), outside, *inside) if len(part) > 1]
