"""Words and icons that the script of the statistics page puts on it, by the names it knows them by."""

from gis.i18n import N_

TEXTS: dict[str, str] = {
    "chartSays": N_("Chart: {measure} by {by}. The table holds the same figures."),
    "column_count": N_("Pipes"),
    "column_holes": N_("Holes"),
    "column_length_m": N_("Length (m)"),
    "column_used_holes": N_("Holes in use"),
    "column_volume_m3": N_("Volume (m³)"),
    "drawnArea": N_("inside the drawn area"),
    "groupsTold": N_("{n} groups · {count} pipes · {length} km"),
    "isUnknown": N_("{name} unknown"),
    "mapArea": N_("inside the map as shown"),
    "no": N_("No"),
    "noAnswer": N_("No answer from the service. Check the connection and try again."),
    "noMapRows": N_("The pipes of the map could not be read."),
    "notAllOnMap": N_("{n} pipes in colour; come closer to see all of them."),
    "op_0": N_("is"),
    "op_1": N_("is not"),
    "op_2": N_("below"),
    "op_3": N_("at most"),
    "op_4": N_("above"),
    "op_5": N_("at least"),
    "op_6": N_("contains"),
    "op_7": N_("is unknown"),
    "others": N_("all others"),
    "othersTold": N_("{n} shorter groups"),
    "removeFilter": N_("Remove the filter {name}"),
    "share": N_("Share"),
    "toPipes": N_("Show these pipes in the workbench"),
    "total": N_("Total"),
    "unit_count": "",
    "unit_holes": "",
    "unit_length_m": "km",
    "unit_volume_m3": "m³",
    "unknown": N_("unknown"),
    "value": N_("Value"),
    "volumeTold": N_("Volume without {n} pipes ({length} m) whose size is not known."),
    "yes": N_("Yes"),
}

MEASURES = (
    ("length_m", N_("Length")),
    ("count", N_("Number of pipes")),
    ("holes", N_("Holes")),
    ("volume_m3", N_("Volume")),
)

FORMATS = (
    ("xlsx", N_("Excel (XLSX)")),
    ("csv", N_("Text (CSV)")),
    ("gpkg", N_("GeoPackage")),
    ("dxf", N_("Drawing (DXF)")),
    ("cjj61", N_("CJJ 61 survey tables")),
)

ICONS = ("arrow-down", "arrow-up", "circle-alert", "square-arrow-out-up-right", "x")
