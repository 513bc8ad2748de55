"""Coordinates as people write them: decimal degrees in either order, 度分秒, eastings and northings.

Shifted degrees (GCJ-02, BD-09) look like any others: only who declares them has them converted.
"""

import re
import unicodedata
from dataclasses import dataclass

from gis.crs import DOOR_SRID, in_degrees
from gis.settings import CITY_SRID

Box = tuple[float, float, float, float]

_NUMBER = r"[-+]?\d{1,9}(?:\.\d{1,15})?"
_ANGLE = re.compile(
    r"(?P<before>东经|西经|北纬|南纬|经度|纬度|[NSEW](?![A-Z]))?[:=]?\s*"
    rf"(?P<deg>{_NUMBER})\s*(?:[°度]\s*(?:(?P<min>\d{{1,2}}(?:\.\d+)?)\s*['分]\s*"
    # Two digits before another degree sign begin the next angle.
    r"(?:(?P<sec>\d{1,2}(?:\.\d+)?)(?![\d.]*\s*[°度])\s*[\"秒]?\s*)?)?)?"
    r"(?(before)|(?P<after>[NSEW](?![A-Z]))?)",
    re.IGNORECASE,
)
# Minutes and seconds as they are typed and printed; a double prime comes apart when widths are made plain.
_SIGNS = (("′′", '"'), ("''", '"'), ("′", "'"), ("’", "'"), ("‘", "'"), ("”", '"'), ("、", ","))
_LABELLED = re.compile(rf"(?P<label>[XYNE])\s*[:=]\s*(?P<value>{_NUMBER})", re.IGNORECASE)
_APART = re.compile(r"^[\s,;/]*$")
_OF_LATITUDE = {"北纬", "南纬", "纬度", "N", "S"}
_OF_LONGITUDE = {"东经", "西经", "经度", "E", "W"}
_NEGATIVE = {"西经", "南纬", "W", "S"}
# 7 digits of a northing anywhere in China, 6 of an easting; 8 with the number of the zone before them.
_NORTHINGS = (1_500_000.0, 6_500_000.0)
_EASTINGS = (100_000.0, 900_000.0)
_THREE_DEGREE_ZONES = {zone: 4513 + zone - 25 for zone in range(25, 46)}
_SIX_DEGREE_ZONES = {zone: 4491 + zone - 13 for zone in range(13, 24)}
ZONES = _THREE_DEGREE_ZONES | _SIX_DEGREE_ZONES  # CGCS2000 / Gauss-Kruger zone → EPSG


@dataclass(frozen=True)
class Written:
    """Coordinates that were read: ``x`` is longitude or easting, in ``srid``."""

    x: float
    y: float
    srid: int


def read_coordinates(words: str, city: Box | None, srid: int = DOOR_SRID) -> Written | None:
    """The place that words say in numbers; None where they are no coordinates.

    ``city``: west, south, east, north in degrees; where nothing else tells, it decides which of two numbers
    is the longitude, and longitude first where it does not either. ``srid``: what the sender declares.
    """
    text = _tidy(words)
    if len(text) > 100:
        return None
    return _plane(text, srid) or (_degrees(text, city, srid) if in_degrees(srid) else None)


def _tidy(words: str) -> str:
    text = unicodedata.normalize("NFKC", words).strip().strip("()[]")
    for signs, sign in _SIGNS:
        text = text.replace(signs, sign)
    return text


def _plane(text: str, srid: int) -> Written | None:
    """Eastings and northings: by their labels (survey tables call the northing X), else by their size."""
    labelled = [(m["label"].upper(), float(m["value"])) for m in _LABELLED.finditer(text)]
    if len(labelled) == 2 and _APART.match(_LABELLED.sub("", text)):
        values = dict(labelled)
        pairs = (("Y", "X"), ("E", "N"))
        found = next(((values[e], values[n]) for e, n in pairs if e in values and n in values), None)
        # X as an easting is how GIS writes it: the size of the numbers tells.
        if found and _is_easting(found[1]) and _is_northing(found[0]):
            found = (found[1], found[0])
    else:
        parts = re.split(r"[\s,;/]+", text)
        if len(parts) != 2 or not all(re.fullmatch(_NUMBER, part) for part in parts):
            return None
        one, other = float(parts[0]), float(parts[1])
        found = (one, other) if _is_easting(one) else (other, one)
    if found is None:
        return None
    if not in_degrees(srid) and srid != CITY_SRID:
        return Written(*found, srid)
    if not (_is_easting(found[0]) and _is_northing(found[1])):
        return None
    zone = int(found[0] // 1_000_000)
    return Written(*found, ZONES[zone] if zone else CITY_SRID)


def _is_easting(value: float) -> bool:
    zone, rest = divmod(value, 1_000_000)
    return (zone == 0 or int(zone) in ZONES) and _EASTINGS[0] <= rest <= _EASTINGS[1]


def _is_northing(value: float) -> bool:
    return _NORTHINGS[0] <= value <= _NORTHINGS[1]


def _degrees(text: str, city: Box | None, srid: int) -> Written | None:
    angles = list(_ANGLE.finditer(text))
    if len(angles) != 2 or not _APART.match(_ANGLE.sub("", text)):
        return None
    if re.search(r"\d[-+]\d", text):
        return None  # a number with a part, 12-1: degrees stand apart
    values, axes = [], []
    for angle in angles:
        words = {(angle[part] or "").upper() for part in ("before", "after")} - {""}
        minutes, seconds = float(angle["min"] or 0), float(angle["sec"] or 0)
        if minutes >= 60 or seconds >= 60:
            return None
        degrees = float(angle["deg"])
        value = abs(degrees) + minutes / 60 + seconds / 3600
        values.append(-value if degrees < 0 or words & _NEGATIVE else value)
        axes.append("lat" if words & _OF_LATITUDE else "lon" if words & _OF_LONGITUDE else "")
    if axes[0] == axes[1] != "":
        return None
    here, swapped = (values[0], values[1]), (values[1], values[0])
    if axes[0] == "lat" or axes[1] == "lon":
        orders = [swapped]
    elif axes[0] == "lon" or axes[1] == "lat":
        orders = [here]
    else:
        orders = sorted([here, swapped], key=lambda pair: not _inside(pair, city))
    fitting = (pair for pair in orders if abs(pair[0]) <= 180 and abs(pair[1]) <= 90)
    found = next(fitting, None)
    return Written(*found, srid) if found else None


def _inside(pair: tuple[float, float], city: Box | None) -> bool:
    # Half a degree of slack: shifted degrees, and places just outside, keep their order.
    return city is not None and (
        city[0] - 0.5 <= pair[0] <= city[2] + 0.5 and city[1] - 0.5 <= pair[1] <= city[3] + 0.5
    )
