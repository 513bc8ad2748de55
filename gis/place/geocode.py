"""Forward geocoding: everything that words may mean, the likeliest first."""

from collections.abc import Callable, Iterable
from math import hypot, isfinite

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.crs import DOOR_SRID, bounds_in_city, to_city
from gis.errors import InvalidInput
from gis.i18n import _
from gis.place.addresses import crossing_at, doors_at
from gis.place.answer import Answer, Kind, Match
from gis.place.codes import by_code
from gis.place.coordinates import Box, read_coordinates
from gis.place.names import Around, names_like
from gis.place.telling import city_box, told
from gis.place.words import LONGEST, address_in, plain, without_tail

MOST = 50
# Among answers that are equally sure, the larger first: a community before the shops that are called by it.
_ORDER = {kind: position for position, kind in enumerate(Kind)}
NEAR_WORDS = 0.97  # what was found without the words 附近 … is a little less what was asked


def geocode(
    session: Session,
    words: str,
    *,
    limit: int = 10,
    kinds: Iterable[Kind] | None = None,
    near: tuple[float, float] | None = None,
    box: Box | None = None,
    srid: int = DOOR_SRID,
) -> list[Answer]:
    """What words may mean, the surest first, each with its place, its subdistrict and its extent.

    ``near`` (longitude, latitude) puts nearer things first among equals; ``box`` (degrees) keeps to what lies
    inside. ``srid`` is what coordinates in the words are written in: GCJ-02 and BD-09 only when declared.

    Raises
    ------
    InvalidInput
        The words are empty or too long, or the box is none.
    """
    if not words.strip() or len(words) > LONGEST or "\0" in words:
        raise InvalidInput(
            _("Ask with 1 to {most} characters").format(most=LONGEST), errors=[{"pointer": "/q"}]
        )
    around = _around(near, box)
    asked = None if kinds is None else tuple(kinds)
    limit = min(limit, MOST)
    if asked is None or Kind.COORDINATE in asked:
        written = read_coordinates(words, city_box(session), srid)
        if written:
            return told(session, _by_coordinates(written.x, written.y, written.srid, words), around)
    found = _meant(session, words, asked, around, limit)
    return told(session, _best(found, around, limit), around)


def _meant(
    session: Session, words: str, kinds: tuple[Kind, ...] | None, around: Around, limit: int
) -> list[Answer]:
    """Everything the words may mean, without order."""
    whole = plain(words)
    cut = without_tail(whole)
    wants: Callable[..., bool] = lambda *some: kinds is None or any(one in kinds for one in some)  # noqa: E731
    found = by_code(session, words, kinds, limit)
    if any(one.score == 1 for one in found):
        return found
    if found:
        return found  # begun, but so long that it is nothing else
    if wants(Kind.CROSSING):
        found += crossing_at(session, words, around)
    found += names_like(session, whole, kinds, limit, around, guess=False)
    if any(one.match is Match.EXACT and not one.former for one in found):
        return found
    street = _street(session, cut)
    share = 1.0 if cut == whole else NEAR_WORDS
    address = address_in(street) if wants(Kind.DOOR, Kind.BUILDING) else None
    if address:
        found += [one.less_sure(share) for one in doors_at(session, address, around, limit)]
    if not found:
        # In a longer phrase the last part is the place: 东胜区交通街道幸福广场对面.
        found = [one.less_sure(share) for one in names_like(session, street, kinds, limit, around)]
    return found


def _street(session: Session, words: str) -> str:
    """Plain words without province, city and subdistrict before the street, unless nothing is left."""
    above = session.scalar(text("SELECT regexp_replace(:words, app.above_street(), '')"), {"words": words})
    return str(above) if above and len(above) > 1 else words


def _best(found: list[Answer], around: Around, limit: int) -> list[Answer]:
    inside = [one for one in found if _inside(one, around.box)]

    def order(one: Answer) -> tuple[float, int, float]:
        away = hypot(one.easting - around.x, one.northing - around.y) if around.x and around.y else 0.0
        return (-one.score, _ORDER[one.kind], away)

    # sorted() is stable: among equals the order in which the searches gave them stands.
    once: dict[tuple[Kind, int | None, str], Answer] = {}
    for one in sorted(inside, key=order):
        once.setdefault((one.kind, one.id, "" if one.id else one.title), one)
    return list(once.values())[:limit]


def _inside(one: Answer, box: Box | None) -> bool:
    return box is None or (box[0] <= one.easting <= box[2] and box[1] <= one.northing <= box[3])


def _by_coordinates(x: float, y: float, srid: int, words: str) -> list[Answer]:
    easting, northing = to_city(x, y, srid)
    if not (isfinite(easting) and isfinite(northing)):
        return []
    title = words.strip()
    return [
        Answer(Kind.COORDINATE, None, title, title, Match.COORDINATE, 1.0, "coordinate", easting, northing)
    ]


def _around(near: tuple[float, float] | None, box: Box | None) -> Around:
    x = y = None
    if near is not None:
        if not (abs(near[0]) <= 180 and abs(near[1]) <= 90):
            raise InvalidInput(_("near is longitude,latitude in degrees"), errors=[{"pointer": "/near"}])
        x, y = to_city(*near)
        if not (isfinite(x) and isfinite(y)):
            x = y = None
    if box is None:
        return Around(x, y)
    if not (all(map(isfinite, box)) and box[0] < box[2] and box[1] < box[3]):
        raise InvalidInput(
            _("bbox is west,south,east,north in degrees, west before east"), errors=[{"pointer": "/bbox"}]
        )
    # Where the projection does not reach there is nothing of the city: a box that holds nothing.
    return Around(x, y, bounds_in_city(*box) or (0.0, 0.0, 0.0, 0.0))
