"""Keeping where inspectors were: only while they want it, only in the city, only for a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from gis.crs import DOOR_SRID, transformer
from gis.database import read_sql
from gis.errors import NotAllowed
from gis.i18n import _
from gis.patrol.models import PatrolPoint, PatrolTrack
from gis.patrol.points import THIN_TIME, Fix, Spot, check_fixes, thinned
from gis.people.models import Person
from gis.settings import CITY_SRID, get_settings

VAGUE_M = 50.0  # half the side of a unit grid: less exact than that, a point proves no visit
BATCH = 10_000  # points that one sweep deletes
BEYOND_M = 500.0  # how far from the nearest grid a point may be and still be part of a patrol
# Between two points as far apart as this in time and place nobody knows the way: no line is drawn.
GAP, JUMP_M = timedelta(minutes=10), 200.0


@dataclass(frozen=True)
class Taken:
    """What became of points: stored, known already, dropped as telling nothing new or outside the city."""

    stored: int
    known: int
    dropped: int


def share_track(session: Session, person: Person, wanted: bool) -> Person:
    """Begin or end sharing the track, by the person's own choice. What is kept stays until it is deleted."""
    person.shares_track = wanted
    session.flush()
    return person


def add_points(session: Session, person: Person, fixes: Sequence[Fix], now: datetime | None = None) -> Taken:
    """Keep the points of a way; sending the same ones again changes nothing.

    Raises
    ------
    NotAllowed
        The person does not share the track.
    InvalidInput
        Some points cannot be; nothing is kept.
    """
    if not person.shares_track:
        raise NotAllowed(_("You do not share your track; switch it on first"))
    check_fixes(fixes, now or datetime.now(UTC), keeping())
    sent = {spot.at: spot for spot in _spots(fixes)}
    before = _before(session, person, list(sent))
    stored_already = {spot.at for spot in before} & sent.keys()
    fresh = [spot for at, spot in sent.items() if at not in stored_already]
    new = _store(session, person, thinned(fresh, before))
    if new:
        _draw(session, person, list(sent))
    return Taken(new, len(stored_already), len(fixes) - new - len(stored_already))


def delete_points(session: Session, person: Person) -> int:
    """Delete the person's whole track; returns how many points that were."""
    session.execute(delete(PatrolTrack).where(PatrolTrack.person_id == person.id))
    return _count(session, delete(PatrolPoint).where(PatrolPoint.person_id == person.id))


def sweep_points(session: Session, now: datetime | None = None) -> int:
    """Delete what is older than points are kept, at most a batch; returns how many points that were.

    The track of a day goes as a whole, with its first point.
    """
    before = (now or datetime.now(UTC)) - keeping()
    session.execute(delete(PatrolTrack).where(PatrolTrack.began_at < before))
    old = select(PatrolPoint.id).where(PatrolPoint.at < before).order_by(PatrolPoint.at).limit(BATCH)
    return _count(session, delete(PatrolPoint).where(PatrolPoint.id.in_(old)))


def keeping() -> timedelta:
    """How long points are kept."""
    return timedelta(days=get_settings().patrol_keep_days)


def _spots(fixes: Sequence[Fix]) -> list[Spot]:
    eastings, northings = transformer(DOOR_SRID, CITY_SRID).transform(
        [fix.lon for fix in fixes], [fix.lat for fix in fixes]
    )
    return [
        Spot(fix.at, easting, northing, fix.accuracy_m)
        for fix, easting, northing in zip(fixes, eastings, northings, strict=True)
        if isfinite(easting) and isfinite(northing)  # the projection does not reach other continents
    ]


def _before(session: Session, person: Person, moments: list[datetime]) -> list[Spot]:
    values = {"person_id": person.id, "ats": moments, "within": THIN_TIME}
    return [Spot(*row) for row in session.execute(read_sql("patrol_points_before"), values)]


def _store(session: Session, person: Person, spots: Sequence[Spot]) -> int:
    values = {
        "person_id": person.id,
        "ats": [spot.at for spot in spots],
        "eastings": [spot.easting for spot in spots],
        "northings": [spot.northing for spot in spots],
        "accuracies": [spot.accuracy_m for spot in spots],
        "city_srid": CITY_SRID,
        "vague_m": VAGUE_M,
        "beyond_m": BEYOND_M,
    }
    return len(session.execute(read_sql("store_patrol_points"), values).all())


def _draw(session: Session, person: Person, ats: Sequence[datetime]) -> None:
    """Draw the tracks of the days of some moments anew."""
    zone = get_settings().timezone
    values = {"person_id": person.id, "ats": list(ats), "zone": zone, "gap": GAP, "jump_m": JUMP_M}
    session.execute(read_sql("draw_patrol_tracks"), values)


def _count(session: Session, statement: Any) -> int:
    return cast("CursorResult[Any]", session.execute(statement)).rowcount
