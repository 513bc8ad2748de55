"""Points of a patrol as a phone sends them: which are impossible, and which tell nothing new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import hypot, isfinite

from gis.crs import DOOR_SRID
from gis.errors import InvalidInput
from gis.grid.queries import check_lonlat
from gis.i18n import _

AHEAD = timedelta(minutes=5)  # how far a phone's clock may run ahead of ours
VAGUEST_M = 10_000.0  # what is less exact than this was not measured by a receiver
THIN_M = 5.0
THIN_TIME = timedelta(seconds=5)
MOST_ERRORS = 20  # told at once; the phone drops these and sends the others again


@dataclass(frozen=True)
class Fix:
    """Where a phone was. ``lon``, ``lat`` in EPSG:4490; ``accuracy_m``: radius, as the receiver tells it."""

    at: datetime
    lon: float
    lat: float
    accuracy_m: float | None = None


@dataclass(frozen=True)
class Spot:
    """A point in metres of the city's CRS."""

    at: datetime
    easting: float
    northing: float
    accuracy_m: float | None = None


def check_fixes(fixes: Sequence[Fix], now: datetime, kept: timedelta) -> None:
    """Refuse points that cannot be; ``kept``: how long points are kept, so how old one may be.

    Raises
    ------
    InvalidInput
        With a pointer for each of the first wrong points.
    """
    errors = []
    for number, fix in enumerate(fixes):
        for field, detail in _faults(fix, now, kept):
            errors.append({"pointer": f"/points/{number}/{field}", "detail": detail})
        if len(errors) >= MOST_ERRORS:
            break
    if errors:
        raise InvalidInput(
            _("These points cannot be; leave them out and send the others again"), errors=errors[:MOST_ERRORS]
        )


def _faults(fix: Fix, now: datetime, kept: timedelta) -> list[tuple[str, str]]:
    faults = []
    if fix.at.tzinfo is None:
        faults.append(("at", _("A time needs its offset, such as +08:00")))
    elif fix.at > now + AHEAD:
        faults.append(("at", _("lies in the future")))
    elif fix.at < now - kept:
        faults.append(("at", _("is older than points are kept")))
    try:
        check_lonlat(fix.lon, fix.lat, DOOR_SRID)
    except InvalidInput as error:
        faults.append(("lon", error.detail))
    if fix.accuracy_m is not None and not (isfinite(fix.accuracy_m) and 0 <= fix.accuracy_m <= VAGUEST_M):
        faults.append(("accuracy_m", _("is no accuracy in metres")))
    return faults


def thinned(spots: Sequence[Spot], kept: Sequence[Spot]) -> list[Spot]:
    """The spots that tell something new, in the order of time.

    A spot is dropped when the last one before it, sent or ``kept`` already, is both nearer than
    :data:`THIN_M` and younger than :data:`THIN_TIME`. The phone has thinned its way already; this is for one
    that has not.
    """
    line = sorted(
        [(spot, True) for spot in kept] + [(spot, False) for spot in spots],
        key=lambda entry: (entry[0].at, not entry[1]),
    )
    result: list[Spot] = []
    last: Spot | None = None
    for spot, is_kept in line:
        if is_kept or last is None or not _is_close(last, spot):
            last = spot
            if not is_kept:
                result.append(spot)
    return result


def _is_close(one: Spot, other: Spot) -> bool:
    return (
        other.at - one.at < THIN_TIME
        and hypot(other.easting - one.easting, other.northing - one.northing) < THIN_M
    )
