"""The search of the map: everything that has a name, a number or a place, for who may see its layer."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from gis.crs import to_lonlat
from gis.errors import InvalidInput
from gis.i18n import _, gettext
from gis.place.answer import KIND_TITLES, Answer, Kind
from gis.place.geocode import geocode
from layers.layer import Layer

LONGEST = 64
MOST_OF_A_KIND = 50
# The layer that shows what was found; of the kinds that are not here the map shows a pin, for everybody.
LAYERS_OF = {
    Kind.AREA: "areas",
    Kind.ROAD: "roads",
    Kind.BUILDING: "buildings",
    Kind.DUTY_GRID: "duty_grids",
    Kind.UNIT_GRID: "unit_grids",
    Kind.COMPONENT: "components",
    Kind.PIPE_POINT: "pipe_points",
    Kind.PIPE_SEGMENT: "pipe_segments",
    Kind.CASE: "cases",
}
ICONS = {
    Kind.COORDINATE: "locate-fixed",
    Kind.AREA: "land-plot",
    Kind.ROAD: "route",
    Kind.CROSSING: "split",
    Kind.PLACE: "map-pin",
    Kind.BUILDING: "building-2",
    Kind.DOOR: "map-pin-house",
    Kind.DUTY_GRID: "grid-2x2",
    Kind.UNIT_GRID: "grid-3x3",
    Kind.COMPONENT: "circle-dot",
    Kind.PIPE_POINT: "waypoints",
    Kind.PIPE_SEGMENT: "waypoints",
    Kind.CASE: "clipboard-list",
}


@dataclass(frozen=True)
class Found:
    """Something that answers a search; ``layer`` is empty where the map has only a pin for it."""

    layer: str
    kind: str
    icon: str
    id: int | None
    title: str
    matched: str
    match: str
    where: str
    former: bool
    until: date | None
    distance_m: float | None
    lon: float
    lat: float
    box: tuple[float, float, float, float]


def find(
    session: Session,
    layers: Iterable[Layer],
    words: str,
    limit: int = 10,
    near: tuple[float, float] | None = None,
) -> list[Found]:
    """What words may mean on the map, kind by kind, the kind of the surest answer first.

    ``layers`` are those that who asks may see; ``limit`` is for each kind; ``near``: longitude, latitude. Too
    short words match everything and help nobody: two characters at least, or one Chinese one.

    Raises
    ------
    InvalidInput
        The words are too short or too long.
    """
    words = words.strip()
    if not words or (len(words) < 2 and words.isascii()) or len(words) > LONGEST or "\0" in words:
        raise InvalidInput(_("Search for 2 to 64 characters"), errors=[{"pointer": "/q"}])
    seen = {layer.name for layer in layers}
    kinds = [kind for kind in Kind if LAYERS_OF.get(kind, "") in seen | {""}]
    answers = geocode(session, words, limit=MOST_OF_A_KIND, kinds=kinds, near=near)
    shown: Counter[Kind] = Counter()
    kept: dict[Kind, list[Answer]] = {}
    for one in answers:
        shown[one.kind] += 1
        if shown[one.kind] <= limit:
            kept.setdefault(one.kind, []).append(one)
    return [_found(one) for some in kept.values() for one in some]


def _found(one: Answer) -> Found:
    lon, lat = to_lonlat(one.easting, one.northing)
    return Found(
        LAYERS_OF.get(one.kind, ""), gettext(KIND_TITLES[one.kind]), ICONS[one.kind], one.id, one.title,
        one.matched, one.match, one.where, one.former, one.until, one.distance_m, lon, lat,
        one.box or (lon, lat, lon, lat),
    )  # fmt: skip
