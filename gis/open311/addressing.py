"""A report without coordinates: its address is looked up, and taken only when it says one place."""

from sqlalchemy.orm import Session

from gis.crs import to_lonlat
from gis.errors import InvalidInput
from gis.i18n import _
from gis.place.answer import Kind
from gis.place.geocode import geocode

# What is one place. A road or a community is too large for an inspector to be sent to.
EXACT_ENOUGH = (
    Kind.COORDINATE,
    Kind.CROSSING,
    Kind.PLACE,
    Kind.BUILDING,
    Kind.DOOR,
    Kind.COMPONENT,
    Kind.UNIT_GRID,
)
LEAST_SCORE = 0.8


def place_of(session: Session, words: str) -> tuple[float, float]:
    """Longitude and latitude (EPSG:4490) of an address, or of a code of ours.

    Raises
    ------
    InvalidInput
        Nothing is found that is surely meant.
    """
    found = geocode(session, words, limit=1, kinds=EXACT_ENOUGH)
    if not found or found[0].score < LEAST_SCORE or found[0].former:
        raise InvalidInput(
            _("The address {words} is not known here; send lat and long").format(words=words[:80]),
            errors=[{"pointer": "/address_string"}],
        )
    return to_lonlat(found[0].easting, found[0].northing)
