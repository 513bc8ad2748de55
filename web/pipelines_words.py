"""The words, icons and small tables of the planner's workbench, by the names its script knows them by."""

from typing import Any

from gis.i18n import N_

# From a road's axis to the end of a cut, metres: the half of its width, and what lies under the verge.
HALF_WIDTHS = {"trunk": 33, "main": 27, "secondary": 21, "branch": 14}

FORMATS = ("pdf", "png", "dxf", "svg", "csv")

EXPORTS = (
    ("xlsx", N_("Excel workbook")),
    ("csv", N_("CSV table")),
    ("gpkg", N_("GeoPackage")),
    ("dxf", N_("DXF drawing")),
    ("cjj61", N_("Survey tables (CJJ 61)")),
)

# One press each; they can be joined and then edited as text.
CHIPS = (
    (N_("Level missing"), "start_level IS NULL"),
    (N_("Material missing"), "material IS NULL"),
    (N_("Large (from 600 mm)"), "width_mm >= 600"),
    (N_("Laid before 2000"), "year_laid < 2000"),
    (N_("Not in use"), "usage_status <> '0'"),
)

EXAMPLES = (
    ("class_code = 'JS' AND width_mm >= 300", N_("Water mains from 300 mm")),
    ("class_code = 'PS' AND (year_laid < 2005 OR year_laid IS NULL)", N_("Old drains, or of unknown age")),
    ("material IN ('ZT', 'SM') AND road_name LIKE '康泰%'", N_("Cast iron and asbestos in one road")),
    ("start_depth_m BETWEEN 0 AND 0.7", N_("Shallow at its start")),
)

TEXTS: dict[str, str] = {
    "angle": N_("Angle"),
    "asOfDay": N_("as of {day}"),
    "centre": N_("Centre level"),
    "class": N_("Class"),
    "clear": N_("Clear (m)"),
    "cover": N_("Cover (m)"),
    "crossSection": N_("Cross-section"),
    "crossingOne": N_("1 line cut"),
    "crossingPipes": N_("Crossing lines"),
    "crossingTable": N_("Lines that the section cuts"),
    "crossings": N_("{n} lines cut"),
    "crown": N_("Crown level"),
    "cutAcross": N_("Cut here"),
    "depth": N_("Depth (m)"),
    "depthEnd": N_("Depth, end"),
    "depthStart": N_("Depth, start"),
    "distance": N_("Distance"),
    "drawing": N_("Drawing"),
    "endsAt": N_("The lines end at {point}"),
    "findingsCount": N_("{n} findings"),
    "foundAndLimit": N_("{value} m, least {limit} m"),
    "foundCount": N_("{n} segments, {km} km"),
    "from": N_("From"),
    "fromWell": N_("From"),
    "gap": N_("Clear height (m)"),
    "ground": N_("Ground level"),
    "hintArea": N_("Click the corners of the area; a second click on the last one finishes"),
    "hintCut": N_("Click into a street: the cut goes square through it"),
    "hintLine": N_("Click on one side of the street, then on the other, or drag across"),
    "hintNoWell": N_("There is no well: come closer and click on one"),
    "hintWells": N_("Click the first well, then the next ones in order"),
    "history": N_("History"),
    "invert": N_("Invert level"),
    "invertEnd": N_("Invert, end"),
    "invertIn": N_("Invert in"),
    "invertOut": N_("Invert out"),
    "invertStart": N_("Invert, start"),
    "kind": N_("Kind"),
    "leastCover": N_("Least cover (m)"),
    "length": N_("Length (m)"),
    "lengthIs": N_("{n} m long"),
    "material": N_("Material"),
    "moveEnd": N_("End of the line ({n} m): arrow keys move it, Shift for 10 m"),
    "moveLine": N_("The whole line ({n} m): arrow keys move it along the street, Shift for 10 m"),
    "moveStart": N_("Start of the line ({n} m): arrow keys move it, Shift for 10 m"),
    "neighbours": N_("Neighbours"),
    "noAnswer": N_("No answer from the service. Check the connection and try again."),
    "noFindings": N_("No findings"),
    "noRoad": N_("No road within 150 m: come closer to one, or draw the line by hand"),
    "notKnown": N_("not known"),
    "nothingCut": N_("The line cuts no pipe. Move it, or make it longer."),
    "nothingFits": N_("Nothing fits. Take a condition out, or draw a larger area."),
    "nothingFound": N_("Nothing found"),
    "number": N_("No."),
    "numberFirm": N_("number verified"),
    "numberOpen": N_("number not verified: check the standard"),
    "owner": N_("Owner"),
    "point": N_("Point"),
    "profile": N_("Profile"),
    "profileFrom": N_("Profile from here"),
    "reachTable": N_("Reaches of the profile"),
    "reaches": N_("{n} reaches"),
    "removeWell": N_("Take out {point}"),
    "sectionMark": "1-1",
    "segment": N_("Segment"),
    "seriesCloser": N_("No road under the line: come closer with the map, or move the line onto a road."),
    "seriesComes": N_("The series along {road} is being drawn. You can work on meanwhile."),
    "seriesDone": N_("The series along {road} has been downloaded."),
    "seriesLine": N_("First draw a line across the road."),
    "seriesStopped": N_("Stopped."),
    "showOnMap": N_("Show on the map"),
    "size": N_("Size (mm)"),
    "slope": N_("Slope (‰)"),
    "spacing": N_("Spacing (m)"),
    "station": N_("Station"),
    "stationTable": N_("Wells and points"),
    "to": N_("To"),
    "toWell": N_("To"),
    "typedWrong": N_("Write longitude, a comma, latitude, such as 109.980000, 39.790000"),
    "unnumbered": N_("no number"),
    "viaWell": N_("Via"),
    "wellDepth": N_("Well depth (m)"),
    "wellNotFound": N_("There is no well {text}. Check the number, or click the well on the map."),
    "wellUnclear": N_("Several wells answer to {text}: choose one from the list"),
}

FOUND_KINDS: dict[str, str] = {
    "segment": N_("Segment"),
    "point": N_("Point"),
    "road": N_("Road"),
    "owner": N_("Owner"),
}

ICONS = ("circle-alert", "info", "locate", "scissors", "triangle-alert", "waypoints", "x")


def attribute_rows(attributes: Any) -> list[tuple[str, str, str]]:
    """Name, English title and unit of what a filter can ask."""
    return [(one.name, one.title, one.unit) for one in attributes if one.filterable]
