"""The words, icons and tools of the map, by the names its scripts know them by."""

from dataclasses import dataclass

from gis.i18n import N_


@dataclass(frozen=True)
class Tool:
    """One button of the map's tool bar: it opens the panel ``panel-{name}``, or leads to ``href``."""

    name: str
    title: str
    icon: str
    key: str = ""
    href: str = ""


TOOLS = (
    Tool("list", N_("What is in view"), "list", key="v"),
    Tool("draw", N_("Draw and measure"), "pencil-ruler", key="d"),
    Tool("compare", N_("Compare dates"), "columns-2"),
    Tool("bookmarks", N_("Views"), "bookmark", key="b"),
    Tool("print", N_("Print"), "printer", href="/map/print"),
    Tool("wall", N_("Wall screen"), "monitor", href="/map/wall"),
    Tool("layers", N_("Layers of the map"), "table-properties", href="/map/layers"),
)

# What can be drawn: geoman's name of the shape, our word, its icon.
SHAPES = (
    ("Marker", N_("Single point"), "map-pin"),
    ("Line", N_("Line"), "spline"),
    ("Polygon", N_("Polygon"), "pentagon"),
    ("Rectangle", N_("Rectangle"), "square"),
    ("Circle", N_("Circle"), "circle"),
    ("Text", N_("Text note"), "type"),
)
CHANGES = (
    ("edit", N_("Move corners"), "move-diagonal"),
    ("drag", N_("Move the whole"), "move"),
    ("cut", N_("Cut out of an area"), "scissors"),
)

TEXTS: dict[str, str] = {
    "area": N_("Area"),
    "bearing": N_("Bearing"),
    "bookmarkDelete": N_("Delete the view {name}"),
    "bookmarkGo": N_("Show the view {name}"),
    "bookmarkName": N_("View {n}"),
    "circle": N_("Circle"),
    "circumference": N_("Circumference"),
    "clearAll": N_("Delete everything that is drawn here ({n})?"),
    "compareLabel": N_("{date}: {layers}"),
    "compareNow": N_("Now"),
    "comparePast": N_("Details are told of the present map: click on its side of the line"),
    "compareWithout": N_("Not shown for a past day, as no history is kept: {layers}"),
    "copied": N_("The link has been copied"),
    "delete": N_("Delete"),
    "drawn": N_("{n} drawn"),
    "drawNothing": N_("Nothing is drawn yet. Choose a shape and click on the map; Esc leaves it."),
    "findFormer": N_("formerly {name}"),
    "findGone": N_("no longer there"),
    "here": N_("What lies here"),
    "imported": N_("{n} shapes have been read"),
    "importFailed": N_("This is no GeoJSON file with points, lines or areas in degrees"),
    "importLarge": N_("This file is too large to be drawn: at most {n} shapes"),
    "length": N_("Length"),
    "line": N_("Line"),
    "listEmpty": N_("Nothing of the layers that are switched on lies in this view"),
    "listMore": N_("More"),
    "listOpen": N_("Details of {title}"),
    "listReading": N_("Reading …"),
    "listTotal": N_("{layers} layers, {count} objects in this view"),
    "moreThan": N_("more than {n}"),
    "nothingHere": N_("Nothing of the map's layers lies in this area"),
    "pan": N_("Press and drag, or use the arrow keys"),
    "perimeter": N_("Perimeter"),
    "point": N_("Single point"),
    "polygon": N_("Polygon"),
    "radius": N_("Radius"),
    "rectangle": N_("Rectangle"),
    "restored": N_("As it was before"),
    "text": N_("Text note"),
    "zoom": N_("Zoom to it"),
}

ICONS = ("bookmark", "eye", "list-tree", "locate-fixed", "trash-2")

# Sheets: their name and the sides in millimetres, the long one first.
PAPERS = (("a4", "A4", 297, 210), ("a3", "A3", 420, 297))
SCALES = (200, 500, 1000, 2000, 5000, 10_000, 20_000, 25_000, 50_000, 100_000, 200_000)
PRINT_TEXTS: dict[str, str] = {
    "failed": N_("This could not be read; try again"),
    "ready": N_("The sheet is ready to be printed"),
    "drawing": N_("Drawing …"),
}
WALL_TEXTS: dict[str, str] = {
    "city": N_("Whole city"),
    "ending": N_("The sign-in ends at {time}: sign in again before"),
    "lost": N_("No connection since {time}: figures and map are of then"),
    "signedOut": N_("The sign-in has ended: figures and map stand still"),
}
GEOMETRIES = {"polygon": N_("Areas (polygons)"), "line": N_("Lines"), "point": N_("Points")}
