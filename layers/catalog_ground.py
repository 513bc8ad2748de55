"""The ground of the map: what stands on it whoever looks."""

from gis.i18n import N_
from layers.layer import (
    Category,
    Classes,
    Field,
    Fill,
    Group,
    Label,
    Layer,
    Line,
    Merge,
    Shape,
)

ROAD_GRADES = {
    "trunk": N_("Trunk road"),
    "main": N_("Main road"),
    "secondary": N_("Secondary road"),
    "branch": N_("Branch road"),
}

BUILDINGS = Layer(
    name="buildings",
    title=N_("Buildings"),
    group=Group.GROUND,
    shape=Shape.POLYGON,
    source="app.buildings",
    ever="app.buildings_ever",
    tables=("building",),
    fields=(
        Field("name", N_("Name")),
        Field("address", N_("Address")),
        Field("code", N_("Code")),
        Field("use", N_("Use")),
        Field("floors", N_("Floors")),
        Field("height_m", N_("Height"), "m"),
        Field("footprint_m2", N_("Footprint"), "m²"),
    ),
    heading="name",
    min_zoom=13,
    symbols=(Fill(colour="#e6e1d6", outline="#d3ccbd", min_zoom=13),),
    search=("name",),
)

ROADS = Layer(
    name="roads",
    title=N_("Roads"),
    group=Group.GROUND,
    shape=Shape.LINE,
    source="app.roads",
    ever="app.roads_ever",
    tables=("road",),
    fields=(
        Field("name", N_("Name"), both=True),
        Field("code", N_("Code")),
        Field("grade", N_("Grade"), words=ROAD_GRADES),
        Field("length_m", N_("Length"), "m"),
        Field("width_m", N_("Width"), "m"),
        Field("carriageway_m", N_("Carriageway"), "m"),
        Field("opened_on", N_("Opened")),
        Field("overhauled_on", N_("Last overhaul")),
    ),
    heading="name",
    in_tiles=("grade", "name_zh", "name_en"),
    min_zoom=9,
    generalise=Merge(below=14, by=("grade", "name_zh", "name_en")),
    classes=Classes(
        "grade",
        (
            Category("branch", "#ffffff", ROAD_GRADES["branch"]),
            Category("secondary", "#ffffff", ROAD_GRADES["secondary"]),
            Category("main", "#fff3cf", ROAD_GRADES["main"]),
            Category("trunk", "#ffe3a6", ROAD_GRADES["trunk"]),
        ),
    ),
    symbols=(
        Line(only=("grade", ("branch",)), width={11: 0.3, 14: 1.6, 16: 5, 19: 26}, casing="#d5d6d0",
             casing_width=1.4),
        Line(only=("grade", ("secondary",)), width={10: 0.5, 14: 2.6, 16: 8, 19: 38}, casing="#cbcdc6",
             casing_width=1.6),
        Line(only=("grade", ("main",)), width={9: 0.7, 14: 4, 16: 12, 19: 56}, casing="#d3bd85",
             casing_width=1.6),
        Line(only=("grade", ("trunk",)), width={8: 0.9, 14: 5, 16: 15, 19: 66}, casing="#cfa95c",
             casing_width=1.8),
        Label(text=("name_zh", "name_en"), colour="#4f4a3f", size={13: 11, 17: 14}, along=True, min_zoom=13),
    ),
    search=("name_zh", "name_en"),
)  # fmt: skip
