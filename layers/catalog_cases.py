"""The cases."""

from gis.case.workflow import STATE_TITLES
from gis.i18n import N_
from layers.layer import (
    Bubble,
    Category,
    Classes,
    Count,
    Field,
    Group,
    Layer,
    Marker,
    Shape,
)

LAMPS = {"green": N_("Within the limit"), "yellow": N_("Nearly due"), "red": N_("Overdue")}

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
