"""What can be asked of the network: each attribute once, with its words, its unit and where it stands.

The filter language, grouping, the interface, exports and the page of statistics all read this table; a new
attribute is one row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func

from gis.errors import InvalidInput
from gis.filtering.table import Type
from gis.i18n import N_, _
from gis.pipeline import attribute_expressions as reckoned
from gis.pipeline.frame import Frame, Kind

Expression = Callable[[Frame], ColumnElement[Any]]


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """One attribute. ``words``: which list of :mod:`gis.pipeline.attribute_words` names its codes.

    An empty cell of the database is an unknown value (NULL) here, whatever its type.
    """

    name: str
    title: str
    type: Type
    of: Expression
    unit: str = ""
    words: str = ""
    filterable: bool = True
    groupable: bool = False
    exported: bool = True
    aliases: tuple[str, ...] = ()
    surveyed: bool = True  # False: reckoned, or told by another row; no change of the row itself


def _column(name: str) -> Expression:
    return lambda frame: getattr(frame.row, name)


def _filled(name: str) -> Expression:
    """A text column whose empty text means unknown."""
    return lambda frame: func.nullif(getattr(frame.row, name), "")


_CLASS = (
    Attribute(
        name="class", title=N_("Class"), type=Type.CODE, of=_column("class_code"), words="class",
        groupable=True, aliases=("class_code",),
    ),
    Attribute(
        name="sub_class", title=N_("Sub-class"), type=Type.CODE, of=_column("sub_code"), words="sub_class",
        groupable=True, aliases=("sub_code",),
    ),
)  # fmt: skip
_PLACE = (
    Attribute(
        name="owner", title=N_("Owner"), type=Type.CODE, of=lambda f: f.owner.code, words="owner",
        groupable=True, aliases=("owner_code",),
    ),
    Attribute(
        name="usage_status", title=N_("Usage status"), type=Type.CODE, of=_column("usage_status"),
        words="usage_status", groupable=True,
    ),
    Attribute(
        name="street", surveyed=False,
        title=N_("Street"), type=Type.CODE, of=lambda f: f.street.code, words="street",
        groupable=True,
    ),
    Attribute(
        name="community", surveyed=False,
        title=N_("Community"), type=Type.CODE, of=lambda f: f.community.code,
        words="community", groupable=True,
    ),
    Attribute(
        name="duty_grid", surveyed=False,
        title=N_("Duty grid"), type=Type.CODE, of=lambda f: f.duty_grid.code,
        words="duty_grid", groupable=True,
    ),
    Attribute(
        name="unit_grid", surveyed=False,
        title=N_("Unit grid"), type=Type.TEXT, of=lambda f: f.unit_grid.code,
        groupable=True,
    ),
)  # fmt: skip
_SURVEY = (
    Attribute(
        name="survey", title=N_("Survey area"), type=Type.TEXT, of=_column("survey"), groupable=True,
    ),
    Attribute(
        name="survey_unit", title=N_("Surveyed by"), type=Type.TEXT, of=_filled("survey_unit"),
        groupable=True,
    ),
    Attribute(name="surveyed_on", title=N_("Surveyed on"), type=Type.DATE, of=_column("surveyed_on")),
    Attribute(name="valid_from", title=N_("Valid from"), type=Type.DATE, of=_column("valid_from")),
    Attribute(name="element_code", title=N_("Element code"), type=Type.TEXT, of=_filled("element_code")),
    Attribute(name="note", title=N_("Note"), type=Type.TEXT, of=_filled("note")),
)  # fmt: skip

SEGMENT_ATTRIBUTES = (
    Attribute(
        name="number", title=N_("Segment number"), type=Type.TEXT, of=_column("segment_no"),
        aliases=("segment_no",),
    ),
    *_CLASS,
    Attribute(name="start_no", title=N_("Start point"), type=Type.TEXT, of=lambda f: f.start.point_no),
    Attribute(name="end_no", title=N_("End point"), type=Type.TEXT, of=lambda f: f.end.point_no),
    Attribute(name="size", title=N_("Size"), type=Type.TEXT, of=_filled("size"), unit="mm", groupable=True),
    Attribute(name="width_mm", title=N_("Width"), type=Type.WHOLE, of=_column("width_mm"), unit="mm"),
    Attribute(name="height_mm", title=N_("Height"), type=Type.WHOLE, of=_column("height_mm"), unit="mm"),
    Attribute(
        name="size_band", surveyed=False,
        title=N_("Size band"), type=Type.CODE, of=reckoned.size_band, unit="mm",
        words="size_band", groupable=True,
    ),
    Attribute(
        name="material", title=N_("Material"), type=Type.CODE, of=_column("material"), words="material",
        groupable=True,
    ),
    Attribute(
        name="laying", title=N_("Laying"), type=Type.CODE, of=_column("laying"), words="laying",
        groupable=True,
    ),
    Attribute(
        name="pressure_mpa", title=N_("Pressure"), type=Type.NUMBER, of=_column("pressure_mpa"), unit="MPa",
    ),
    Attribute(
        name="pressure_band", title=N_("Pressure band"), type=Type.CODE, of=_column("pressure_band"),
        words="pressure_band", groupable=True,
    ),
    Attribute(
        name="voltage_kv", title=N_("Voltage"), type=Type.NUMBER, of=_column("voltage_kv"), unit="kV",
        groupable=True,
    ),
    Attribute(
        name="temperature_c", title=N_("Temperature"), type=Type.WHOLE, of=_column("temperature_c"),
        unit="°C",
    ),
    Attribute(name="cable_count", title=N_("Cables"), type=Type.WHOLE, of=_column("cable_count")),
    Attribute(
        name="holes", title=N_("Holes"), type=Type.WHOLE, of=_column("total_holes"), groupable=True,
        aliases=("total_holes",),
    ),
    Attribute(name="used_holes", title=N_("Holes in use"), type=Type.WHOLE, of=_column("used_holes")),
    Attribute(
        name="flow", title=N_("Flow"), type=Type.CODE, of=_column("flow_direction"), words="flow",
        groupable=True, aliases=("flow_direction",),
    ),
    Attribute(
        name="year", title=N_("Year laid"), type=Type.WHOLE, of=_column("year_laid"), groupable=True,
        aliases=("year_laid",),
    ),
    Attribute(
        name="age_band", surveyed=False,
        title=N_("Age band"), type=Type.CODE, of=reckoned.age_band, words="age_band",
        unit="a", groupable=True,
    ),
    Attribute(
        name="road", title=N_("Road"), type=Type.TEXT, of=_filled("road_name"), groupable=True,
        aliases=("road_name",),
    ),
    *_PLACE,
    Attribute(
        name="start_ground", surveyed=False,
        title=N_("Ground level at the start"), type=Type.NUMBER, unit="m",
        of=lambda f: f.start.ground_level,
    ),
    Attribute(
        name="end_ground", surveyed=False,
        title=N_("Ground level at the end"), type=Type.NUMBER, unit="m",
        of=lambda f: f.end.ground_level,
    ),
    Attribute(
        name="start_depth_m", title=N_("Depth at the start"), type=Type.NUMBER, unit="m",
        of=_column("start_depth_m"),
    ),
    Attribute(
        name="end_depth_m", title=N_("Depth at the end"), type=Type.NUMBER, unit="m",
        of=_column("end_depth_m"),
    ),
    Attribute(
        name="start_level", title=N_("Pipe level at the start"), type=Type.NUMBER, unit="m",
        of=_column("start_level"),
    ),
    Attribute(
        name="end_level", title=N_("Pipe level at the end"), type=Type.NUMBER, unit="m",
        of=_column("end_level"),
    ),
    Attribute(
        name="depth_m", surveyed=False,
        title=N_("Greatest depth"), type=Type.NUMBER, unit="m", of=reckoned.depth_m,
    ),
    Attribute(
        name="cover_m", surveyed=False,
        title=N_("Least cover"), type=Type.NUMBER, unit="m", of=reckoned.cover_m,
        aliases=("cover",),
    ),
    Attribute(
        name="slope_permille", surveyed=False,
        title=N_("Slope"), type=Type.NUMBER, unit="‰", of=reckoned.slope_permille,
    ),
    Attribute(name="length_m", title=N_("Length"), type=Type.NUMBER, unit="m", of=_column("length_m")),
    Attribute(
        name="volume_m3", surveyed=False, title=N_("Volume"), type=Type.NUMBER, unit="m³",
        of=reckoned.volume_m3,
    ),
    Attribute(
        name="data_source", title=N_("Data source"), type=Type.CODE, of=_filled("data_source"),
        words="data_source", groupable=True,
    ),
    *_SURVEY,
)  # fmt: skip

POINT_ATTRIBUTES = (
    Attribute(
        name="number", title=N_("Point number"), type=Type.TEXT, of=_column("point_no"),
        aliases=("point_no",),
    ),
    *_CLASS,
    Attribute(
        name="feature", title=N_("Feature"), type=Type.CODE, of=_filled("feature"), words="feature",
        groupable=True,
    ),
    Attribute(
        name="appendage", title=N_("Appendage"), type=Type.CODE, of=_filled("appendage"), words="appendage",
        groupable=True,
    ),
    Attribute(
        name="ground_level", title=N_("Ground level"), type=Type.NUMBER, unit="m",
        of=_column("ground_level"),
    ),
    Attribute(
        name="well_depth_m", title=N_("Well depth"), type=Type.NUMBER, unit="m", of=_column("well_depth_m"),
    ),
    Attribute(
        name="cover_shape", title=N_("Lid shape"), type=Type.TEXT, of=_filled("cover_shape"),
        groupable=True,
    ),
    Attribute(
        name="cover_material", title=N_("Lid material"), type=Type.TEXT, of=_filled("cover_material"),
        groupable=True,
    ),
    Attribute(
        name="cover_size_mm", title=N_("Lid size"), type=Type.TEXT, of=_filled("cover_size_mm"), unit="mm",
    ),
    Attribute(name="is_open", title=N_("Valve is open"), type=Type.YES, of=_column("is_open")),
    Attribute(
        name="year", title=N_("Year built"), type=Type.WHOLE, of=reckoned.year_built, groupable=True,
    ),
    Attribute(name="built_on", title=N_("Built on"), type=Type.DATE, of=_column("built_on")),
    Attribute(
        name="age_band", surveyed=False,
        title=N_("Age band"), type=Type.CODE, of=reckoned.age_band, words="age_band",
        unit="a", groupable=True,
    ),
    Attribute(name="address", title=N_("Address"), type=Type.TEXT, of=_filled("address")),
    *_PLACE,
    *_SURVEY,
)  # fmt: skip

_TABLES = {Kind.SEGMENTS: SEGMENT_ATTRIBUTES, Kind.POINTS: POINT_ATTRIBUTES}
_BY_NAME = {
    kind: {name: one for one in table for name in (one.name, *one.aliases)} for kind, table in _TABLES.items()
}


def attributes_of(kind: Kind) -> tuple[Attribute, ...]:
    """All attributes of segments or points, in the order they are shown."""
    return _TABLES[kind]


def find_attribute(kind: Kind, name: str) -> Attribute | None:
    """The attribute of a name or alias."""
    return _BY_NAME[kind].get(name)


def groupable(kind: Kind, names: list[str]) -> list[Attribute]:
    """The attributes to group by, each once.

    Raises
    ------
    InvalidInput
        A name is unknown, cannot be grouped by, or stands twice; the answer lists those that can.
    """
    found: list[Attribute] = []
    for name in names:
        one = find_attribute(kind, name)
        if one is None or not one.groupable or one in found:
            known = ", ".join(each.name for each in attributes_of(kind) if each.groupable)
            raise InvalidInput(
                _("Cannot group by {name}; group by: {known}").format(name=name[:40], known=known),
                errors=[{"pointer": "/group_by", "detail": name[:40]}],
            )
        found.append(one)
    return found
