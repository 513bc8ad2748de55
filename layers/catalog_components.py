"""The components: what stands in the street and belongs to somebody."""

from gis.i18n import N_
from layers.layer import (
    Category,
    Classes,
    Count,
    Field,
    Group,
    Label,
    Layer,
    Marker,
    Shape,
)

COMPONENTS = Layer(
    name="components",
    title=N_("Components"),
    group=Group.COMPONENTS,
    shape=Shape.POINT,
    source="app.components",
    ever="app.components_ever",
    tables=("component",),
    fields=(
        Field("class", N_("Class"), both=True),
        Field("code", N_("Component code")),
        Field("name", N_("Name")),
        Field("state", N_("State"), both=True),
        Field("unit_grid", N_("Unit grid")),
        Field("supervisor", N_("Supervised by"), both=True),
        Field("owner", N_("Owner"), both=True),
        Field("maintainer", N_("Kept by"), both=True),
        Field("note", N_("Remark")),
        Field("valid_from", N_("In force since")),
    ),
    heading="name",
    in_tiles=("major_code", "class_zh", "class_en"),
    min_zoom=12,
    generalise=Count(below=15, cells=16),
    classes=Classes(
        "major_code",
        (
            Category("01", "#3f6b8f", N_("Public utilities"), symbol="ring"),
            Category("02", "#8a5a2b", N_("Road and traffic"), symbol="triangle"),
            Category("03", "#7b5ea7", N_("Cityscape and environment"), symbol="square"),
            Category("04", "#3b7d44", N_("Parks and greening"), symbol="leaf"),
            Category("05", "#6c6f73", N_("Housing, land and other"), symbol="hexagon"),
            Category("06", "#4d4f52", N_("Other components"), symbol="diamond"),
        ),
    ),
    symbols=(
        Marker(size={15: 0.32, 17: 0.5, 20: 0.8}, min_zoom=15),
        Label(text=("class_zh", "class_en"), colour="#4a555b", size={18: 11, 20: 12}, min_zoom=18),
    ),
    search=("code",),
)
