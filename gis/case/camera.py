"""What a camera noted in a photo, when and where it was taken; read before all notes are dropped."""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

# The time of the exposure, of the scan, of the file: each with the tag of its offset from UTC.
TIMES = (
    (Base.DateTimeOriginal, Base.OffsetTimeOriginal),
    (Base.DateTimeDigitized, Base.OffsetTimeDigitized),
    (Base.DateTime, Base.OffsetTime),
)
FIRST_YEAR = 2000  # before it stand only clocks that were never set
AHEAD = timedelta(days=1)  # a camera's clock may be wrong by its zone, not by more
# All that broken notes were seen to raise: what cannot be read was not noted.
BROKEN = (SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, OSError, struct.error)


@dataclass(frozen=True)
class CameraNotes:
    """``taken_at`` carries its offset; ``lon``, ``lat`` are degrees of EPSG:4326, both there or neither."""

    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


def read_notes(picture: Image.Image, zone: ZoneInfo, now: datetime | None = None) -> CameraNotes:
    """The camera's notes that can be true; a time without offset is of ``zone``.

    A time before 2000 or more than a day ahead of ``now``, and a place that is none (beyond the poles, the
    zero of a receiver without satellites), are left out.
    """
    try:
        exif = picture.getexif()
        noted = {**exif, **exif.get_ifd(IFD.Exif)}
        place = exif.get_ifd(IFD.GPSInfo)
    except BROKEN:
        return CameraNotes()
    lonlat = _lonlat(place)
    return CameraNotes(_taken_at(noted, zone, now or datetime.now(UTC)), *(lonlat or (None, None)))


def _taken_at(noted: Mapping[int, Any], zone: ZoneInfo, now: datetime) -> datetime | None:
    for time_tag, offset_tag in TIMES:
        taken = _moment(noted.get(time_tag), noted.get(offset_tag), zone)
        if taken is not None and taken.year >= FIRST_YEAR and taken <= now + AHEAD:
            return taken
    return None


def _moment(time: Any, offset: Any, zone: ZoneInfo) -> datetime | None:
    try:
        naive = datetime.strptime(_words(time), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - its zone follows
    except ValueError:
        return None
    try:
        return naive.replace(tzinfo=datetime.strptime(_words(offset), "%z").tzinfo)
    except ValueError:
        return naive.replace(tzinfo=zone)


def _words(value: Any) -> str:
    return value.strip("\0 ") if isinstance(value, str) else ""


def _lonlat(place: Mapping[int, Any]) -> tuple[float, float] | None:
    try:
        lon = _degrees(place[GPS.GPSLongitude], place[GPS.GPSLongitudeRef], "EW")
        lat = _degrees(place[GPS.GPSLatitude], place[GPS.GPSLatitudeRef], "NS")
    except BROKEN:
        return None
    if abs(lon) > 180 or abs(lat) > 90 or (lon == 0 and lat == 0):
        return None
    return lon, lat


def _degrees(parts: Any, side: Any, sides: str) -> float:
    """Degrees, minutes and seconds as degrees; raises ValueError where they are none."""
    degrees, minutes, seconds = (float(part) for part in parts)
    if not (degrees >= 0 and 0 <= minutes < 60 and 0 <= seconds <= 60):  # false for NaN, too
        raise ValueError(parts)
    value = degrees + minutes / 60 + seconds / 3600
    return math.copysign(value, 1 - 2 * sides.index(_words(side).upper()[:1] or "?"))
