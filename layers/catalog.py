"""Every map layer, one entry each, from the bottom of the picture to its top.

Adding a row here is all: tiles, style, legend, layer switch, details, search and the API's list follow.
"""

from gis.case.workflow import STATE_TITLES
from gis.errors import NotAllowed, NotFound
from gis.i18n import N_, _
from gis.people.models import Role
from layers.layer import (
    Bubble,
    Category,
    Classes,
    Count,
    Field,
    Fill,
    Group,
    Label,
    Layer,
    Line,
    Marker,
    Merge,
    Shape,
    Standard,
)

ROAD_GRADES = {
    "trunk": N_("Trunk road"),
    "main": N_("Main road"),
    "secondary": N_("Secondary road"),
    "branch": N_("Branch road"),
}
AREA_LEVELS = {"district": N_("District"), "street": N_("Subdistrict"), "community": N_("Community")}
LAMPS = {"green": N_("Within the limit"), "yellow": N_("Nearly due"), "red": N_("Overdue")}
YES_NO = {"True": N_("Open (lets through)"), "False": N_("Shut")}
FLOWS = {"+": N_("From start to end"), "-": N_("From end to start"), "0": N_("Not known")}

# Paper for the ground, ink for what lies on it: the strong colours are left to pipes and cases.
PAPER = "#fbfaf6"
LAND = "#e9ecea"
INK = "#3c474d"

AREAS = Layer(
    name="areas",
    title=N_("Areas"),
    group=Group.GRID,
    shape=Shape.POLYGON,
    source="app.areas",
    tables=("area",),
    fields=(
        Field("name", N_("Name"), both=True),
        Field("code", N_("Code")),
        Field("level", N_("Level"), words=AREA_LEVELS),
        Field("parent", N_("Belongs to"), both=True),
        Field("area_km2", N_("Area"), "km²"),
        Field("population", N_("Population")),
        Field("open_cases", N_("Open cases")),
        Field("note", N_("Remark")),
        Field("valid_from", N_("In force since")),
    ),
    heading="name",
    in_tiles=("code", "level", "name_zh", "name_en"),
    min_zoom=6,
    symbols=(
        Fill(colour=PAPER, only=("level", ("district",))),
        Line(colour="#a7b0b2", opacity=0.9, width={10: 0.4, 14: 0.9, 18: 1.6}, dash=(4, 2.5), min_zoom=11,
             only=("level", ("community",))),
        Line(colour="#6d5a7e", opacity=0.75, width={9: 0.8, 14: 2, 18: 3.5}, only=("level", ("street",)),
             dash=(5, 1.5, 1, 1.5), raised=True),
        Line(colour="#4d5b61", width={8: 1.2, 14: 2.6, 18: 4}, only=("level", ("district",)),
             casing="#c9d2d1", casing_width=5, raised=True),
        Label(text=("name_zh", "name_en"), colour="#33424a", size={9: 12, 14: 16}, spaced=True,
              only=("level", ("street",)), max_zoom=14),
        Label(text=("name_zh", "name_en"), colour="#5b6a71", size={13: 11.5, 17: 14}, min_zoom=13,
              only=("level", ("community",)), max_zoom=17),
    ),
    search=("name_zh", "name_en", "code"),
)  # fmt: skip

BUILDINGS = Layer(
    name="buildings",
    title=N_("Buildings"),
    group=Group.GROUND,
    shape=Shape.POLYGON,
    source="app.buildings",
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

UNIT_GRIDS = Layer(
    name="unit_grids",
    title=N_("Unit grids"),
    group=Group.GRID,
    shape=Shape.POLYGON,
    source="app.unit_grids",
    tables=("unit_grid",),
    fields=(
        Field("code", N_("Grid code")),
        Field("name", N_("Name")),
        Field("community", N_("Community"), both=True),
        Field("street", N_("Subdistrict"), both=True),
        Field("duty_grid", N_("Duty grid")),
        Field("area_m2", N_("Area"), "m²"),
        Field("open_cases", N_("Open cases")),
        Field("land_use", N_("Land use")),
        Field("note", N_("Remark")),
        Field("valid_from", N_("In force since")),
    ),
    heading="code",
    in_tiles=("code",),
    min_zoom=12,
    symbols=(
        Fill(colour="#0a5c74", opacity=0.03),
        Line(colour="#0a5c74", opacity=0.45, width={12: 0.22, 14: 0.6, 17: 1.2}),
        Label(text=("code",), colour="#0a5c74", opacity=0.85, size={17: 10.5, 19: 12}, min_zoom=17),
    ),
    search=("code",),
)

DUTY_GRIDS = Layer(
    name="duty_grids",
    title=N_("Duty grids"),
    group=Group.GRID,
    shape=Shape.POLYGON,
    source="app.duty_grids",
    tables=("duty_grid",),
    fields=(
        Field("name", N_("Name")),
        Field("code", N_("Code")),
        Field("street", N_("Subdistrict"), both=True),
        Field("inspectors", N_("Inspectors")),
        Field("unit_grids", N_("Unit grids")),
        Field("area_km2", N_("Area"), "km²"),
        Field("valid_from", N_("In force since")),
    ),
    heading="name",
    in_tiles=("code", "name"),
    min_zoom=11,
    symbols=(
        Fill(colour="#0a5c74", opacity=0.02),
        Line(colour="#0a5c74", opacity=0.85, width={11: 0.8, 14: 1.8, 18: 3}, dash=(6, 2, 1, 2)),
        Label(text=("name",), colour="#0a5c74", size={13: 11, 16: 13}, min_zoom=13),
    ),
    search=("code", "name"),
    visible=False,
)

PIPE_SEGMENTS = Layer(
    name="pipe_segments",
    title=N_("Pipelines"),
    group=Group.PIPELINES,
    shape=Shape.LINE,
    source="app.pipe_segments",
    tables=("pipe_segment",),
    fields=(
        Field("main_class", N_("Class"), both=True),
        Field("class", N_("Sub-class"), both=True),
        Field("segment_no", N_("Segment")),
        Field("size", N_("Size"), "mm"),
        Field("material", N_("Material"), both=True),
        Field("laying", N_("Laying"), both=True),
        Field("length_m", N_("Length"), "m"),
        Field("start_point", N_("Start point")),
        Field("end_point", N_("End point")),
        Field("start_depth_m", N_("Depth at the start"), "m"),
        Field("end_depth_m", N_("Depth at the end"), "m"),
        Field("start_level", N_("Level at the start"), "m"),
        Field("end_level", N_("Level at the end"), "m"),
        Field("fall_per_mille", N_("Fall"), "‰"),
        Field("flow_direction", N_("Flow"), words=FLOWS),
        Field("pressure", N_("Pressure class"), both=True),
        Field("pressure_mpa", N_("Pressure"), "MPa"),
        Field("voltage_kv", N_("Voltage"), "kV"),
        Field("cable_count", N_("Cables")),
        Field("total_holes", N_("Holes")),
        Field("used_holes", N_("Holes in use")),
        Field("owner", N_("Owner"), both=True),
        Field("year_laid", N_("Year laid")),
        Field("usage", N_("Status"), both=True),
        Field("road_name", N_("Road")),
        Field("surveyed_on", N_("Surveyed")),
        Field("survey", N_("Survey area")),
        Field("note", N_("Remark")),
    ),
    heading="segment_no",
    in_tiles=("class_code", "sub_code", "size", "flow_direction"),
    min_zoom=10,
    generalise=Merge(below=14, by=("class_code", "sub_code")),
    classes=Classes("class_code", Standard.PIPE_CLASSES, sub="sub_code", table="public.pipe_class"),
    symbols=(
        Line(width={10: 0.7, 13: 1.2, 15: 2, 17: 3, 20: 7}, casing="#26323a", casing_width=1.3),
        Label(text=("size",), size={17: 10.5, 20: 13}, along=True, min_zoom=17, colour="#26323a"),
    ),
    search=("segment_no",),
)

PIPE_POINTS = Layer(
    name="pipe_points",
    title=N_("Wells and pipe points"),
    group=Group.PIPELINES,
    shape=Shape.POINT,
    source="app.pipe_points",
    tables=("pipe_point",),
    fields=(
        Field("main_class", N_("Class"), both=True),
        Field("class", N_("Sub-class"), both=True),
        Field("point_kind", N_("Kind"), both=True),
        Field("point_no", N_("Point")),
        Field("ground_level", N_("Ground level"), "m"),
        Field("well_depth_m", N_("Depth of the well"), "m"),
        Field("is_open", N_("Valve position"), words=YES_NO),
        Field("cover_size_mm", N_("Cover"), "mm"),
        Field("cover_material", N_("Cover material")),
        Field("address", N_("Address")),
        Field("unit_grid", N_("Unit grid")),
        Field("owner", N_("Owner"), both=True),
        Field("usage", N_("Status"), both=True),
        Field("built_on", N_("Built")),
        Field("surveyed_on", N_("Surveyed")),
        Field("survey", N_("Survey area")),
        Field("note", N_("Remark")),
    ),
    heading="point_no",
    in_tiles=("class_code", "mark"),
    min_zoom=13,
    generalise=Count(below=16, cells=16),
    classes=Classes("class_code", Standard.PIPE_CLASSES),
    symbols=(
        Marker(
            by="mark",
            shapes={
                "chamber": ("chamber", N_("Well or cabinet")),
                "valve": ("valve", N_("Valve")),
                "hydrant": ("hydrant", N_("Hydrant")),
                "joint": ("joint", N_("Bend, tee or other joint")),
            },
            size={16: 0.36, 18: 0.6, 20: 0.85},
            min_zoom=16,
        ),
    ),
    search=("point_no",),
)

COMPONENTS = Layer(
    name="components",
    title=N_("Components"),
    group=Group.COMPONENTS,
    shape=Shape.POINT,
    source="app.components",
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

CASES = Layer(
    name="cases",
    title=N_("Open cases"),
    group=Group.CASES,
    shape=Shape.POINT,
    source="app.cases",
    tables=("case",),
    drawn="is_open",
    fields=(
        Field("case_no", N_("Case number")),
        Field("class", N_("Class"), both=True),
        Field("state", N_("State"), words={state.value: title for state, title in STATE_TITLES.items()}),
        Field("lamp", N_("Clock"), words=LAMPS),
        Field("description", N_("Description")),
        Field("address", N_("Address")),
        Field("street", N_("Subdistrict"), both=True),
        Field("community", N_("Community"), both=True),
        Field("unit_grid", N_("Unit grid")),
        Field("department", N_("Department"), both=True),
        Field("reported_at", N_("Reported at")),
        Field("filed_at", N_("Filed at")),
        Field("due_at", N_("Due")),
        Field("rework_count", N_("Reworks")),
    ),
    heading="class",
    in_tiles=("case_no", "held", "state", "lamp"),
    generalise=Count(below=14, cells=8, sums={"overdue": "lamp = 'red'"}),
    classes=Classes(
        "held",
        (
            Category("intake", "#0a6c88", N_("Taken in, to be verified and filed"), symbol="circle+"),
            Category("command", "#673a9b", N_("Filed, to be dispatched"), symbol="diamond+"),
            Category("department", "#c2640a", N_("With the department"), symbol="square+"),
            Category("inspection", "#17754a", N_("Disposed of, to be checked"), symbol="triangle+"),
        ),
    ),
    symbols=(
        Bubble(colour="#0a6c88", opacity=0.9),
        Marker(size={14: 0.66, 16: 0.85, 19: 1}, min_zoom=14, ring=("lamp", "red"), ring_title=N_("Overdue")),
    ),
    search=("case_no",),
    page="/cases/{case_no}",
    refresh_s=30,
)

LAYERS: dict[str, Layer] = {
    layer.name: layer
    for layer in (
        AREAS, BUILDINGS, ROADS, UNIT_GRIDS, DUTY_GRIDS, PIPE_SEGMENTS, PIPE_POINTS, COMPONENTS, CASES,
    )
}  # fmt: skip


def find_layer(name: str, role: Role) -> Layer:
    """A layer by its name, for a person of a role.

    Raises
    ------
    NotFound
        There is no such layer.
    NotAllowed
        There is, but the role may not see it.
    """
    layer = LAYERS.get(name)
    if layer is None:
        raise NotFound(
            _("There is no layer {name}; there are: {names}").format(name=name, names=", ".join(LAYERS))
        )
    if role not in layer.roles:
        raise NotAllowed
    return layer


def layers_for(role: Role) -> list[Layer]:
    """The layers a role may see, in the order they are drawn."""
    return [layer for layer in LAYERS.values() if role in layer.roles]
