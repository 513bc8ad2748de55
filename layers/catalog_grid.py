"""The areas a city is run by and the grids they are cut into."""

from gis.i18n import N_
from gis.people.models import Role
from layers.layer import (
    Field,
    Fill,
    Group,
    Label,
    Layer,
    Line,
    Shape,
)

AREA_LEVELS = {"district": N_("District"), "street": N_("Subdistrict"), "community": N_("Community")}

# Paper for the ground, ink for what lies on it: the strong colours are left to pipes and cases.
PAPER = "#fbfaf6"
LAND = "#e9ecea"

AREAS = Layer(
    name="areas",
    title=N_("Areas"),
    group=Group.GRID,
    shape=Shape.POLYGON,
    source="app.areas",
    ever="app.areas_ever",
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

UNIT_GRIDS = Layer(
    name="unit_grids",
    title=N_("Unit grids"),
    group=Group.GRID,
    shape=Shape.POLYGON,
    source="app.unit_grids",
    ever="app.unit_grids_ever",
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
    ever="app.duty_grids_ever",
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

PATROL_TRACKS = Layer(
    name="patrol_tracks",
    title=N_("Patrol tracks"),
    group=Group.GRID,
    shape=Shape.LINE,
    source="app.patrol_tracks",
    tables=("patrol_track", "person"),
    times="began_at",
    fields=(
        Field("inspector", N_("Inspector")),
        Field("day", N_("Day")),
        Field("began_at", N_("First point")),
        Field("ended_at", N_("Last point")),
        Field("length_m", N_("Length"), "m"),
        Field("duty_grids", N_("Duty grids")),
    ),
    heading="inspector",
    in_tiles=("inspector", "day"),
    min_zoom=10,
    symbols=(
        Line(colour="#3b3fa0", opacity=0.85, width={10: 1.2, 15: 2.6, 18: 4}, casing="#ffffff",
             casing_width=2, dash=(3, 1.2), raised=True),
        Label(text=("inspector",), colour="#2b2e75", size={14: 11, 18: 13}, along=True, min_zoom=14),
    ),
    # A narrowed layer that people change all day: never kept from one reader for the next.
    refresh_s=60,
    visible=False,
    collection=False,
    roles=(Role.SHIFT_LEADER,),
)  # fmt: skip
