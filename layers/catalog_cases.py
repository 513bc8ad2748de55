"""The cases: open ones as they stand, how densely they lie, and all that were ever reported."""

from gis.case.workflow import STATE_TITLES
from gis.i18n import N_
from layers.layer import (
    Bubble,
    Category,
    Classes,
    Count,
    Field,
    Group,
    Heat,
    Layer,
    Marker,
    Shape,
    Standard,
)

LAMPS = {"green": N_("Within the limit"), "yellow": N_("Nearly due"), "red": N_("Overdue")}
# Who must act now; shapes tell it without colour.
HELD = (
    Category("intake", "#0a6c88", N_("Taken in, to be verified and filed"), symbol="circle+"),
    Category("command", "#673a9b", N_("Filed, to be dispatched"), symbol="diamond+"),
    Category("department", "#c2640a", N_("With the department"), symbol="square+"),
    Category("inspection", "#17754a", N_("Disposed of, to be checked"), symbol="triangle+"),
)
ENDED = Category("ended", "#6c6f73", N_("Ended"), symbol="hexagon+flat")
# From few to many each step is darker, so that it is read without colour, too.
GLOW = ("#fde9b8", "#f9b64a", "#e4703a", "#b5304f", "#6a1b5c", "#2d0f45")

FIELDS = (
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
)

CASES = Layer(
    name="cases",
    title=N_("Open cases"),
    group=Group.CASES,
    shape=Shape.POINT,
    source="app.cases",
    tables=("case",),
    drawn="is_open",
    fields=FIELDS,
    heading="class",
    in_tiles=("case_no", "held", "state", "lamp", "major"),
    generalise=Count(below=14, cells=8, sums={"overdue": "lamp = 'red'"}),
    classes=Classes("held", HELD, title=N_("Whose turn")),
    also_by=(
        Classes(
            "lamp",
            (
                Category("green", "#17754a", LAMPS["green"], symbol="circle+tick"),
                Category("yellow", "#a87400", LAMPS["yellow"], symbol="triangle+alert"),
                Category("red", "#b3201a", LAMPS["red"], symbol="octagon+late"),
                Category("", "#6c6f73", N_("No limit runs"), symbol="square+flat"),
            ),
            title=N_("Clock"),
        ),
        Classes("major", Standard.CASE_CLASSES, title=N_("Class")),
    ),
    symbols=(
        Bubble(colour="#0a6c88", opacity=0.9),
        Marker(size={14: 0.66, 16: 0.85, 19: 1}, min_zoom=14, ring=("lamp", "red"), ring_title=N_("Overdue")),
    ),
    search=("case_no",),
    page="/cases/{case_no}",
    refresh_s=30,
)

CASE_HEAT = Layer(
    name="case_heat",
    title=N_("Density of open cases"),
    group=Group.CASES,
    shape=Shape.POINT,
    source="app.cases",
    tables=("case",),
    drawn="is_open",
    fields=FIELDS,
    heading="class",
    generalise=Count(below=15, cells=32),
    symbols=(Heat(ramp=GLOW, opacity=0.75, reach={9: 16, 13: 28, 16: 60}, max_zoom=17),),
    page="/cases/{case_no}",
    refresh_s=30,
    visible=False,
    collection=False,
)

CASE_REPORTS = Layer(
    name="case_reports",
    title=N_("Reported cases over time"),
    group=Group.CASES,
    shape=Shape.POINT,
    source="app.cases",
    tables=("case",),
    times="reported_at",
    fields=FIELDS,
    heading="class",
    in_tiles=("case_no", "held"),
    generalise=Count(below=14, cells=32),
    classes=Classes("held", (*HELD, ENDED)),
    symbols=(
        Heat(ramp=GLOW, opacity=0.75, reach={9: 16, 13: 28}, max_zoom=14),
        Marker(size={14: 0.5, 17: 0.75}, min_zoom=14),
    ),
    page="/cases/{case_no}",
    refresh_s=60,
    visible=False,
    collection=False,
)
