"""Reading tasks: what waits for an inspector, or for all of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from geoalchemy2.shape import to_shape
from pyproj import Geod
from sqlalchemy import ColumnElement, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, contains_eager

from gis.case.clocks import WARN_SHARE, lamp_of
from gis.case.models import Attachment, Case
from gis.case.scope import cases_in_scope
from gis.case.side_models import CaseTask
from gis.crs import DOOR_SRID, to_lonlat
from gis.errors import InvalidInput
from gis.grid.queries import check_lonlat
from gis.i18n import _
from gis.page import Page, read_cursor, write_cursor
from gis.people.models import Person, Role

MOST_PHOTOS = 12  # of one task: enough to know the place again
GEOD = Geod(ellps="GRS80")  # the ellipsoid of CGCS2000


@dataclass(frozen=True)
class Waiting:
    """A task that waits. ``lon``, ``lat`` in EPSG:4490.

    ``distance_m``, ``bearing_deg`` (0 north, 90 east): on the ellipsoid, from where the reader is; empty
    where the reader did not say.
    """

    task: CaseTask
    case: Case
    lon: float
    lat: float
    lamp: str | None
    distance_m: float | None
    bearing_deg: float | None
    photos: Sequence[Attachment]


def waiting_tasks(
    session: Session,
    reader: Person,
    limit: int = 50,
    cursor: str | None = None,
    here: tuple[float, float] | None = None,
) -> Page[Waiting]:
    """Open tasks, the most urgent first: for inspectors their own and those of their areas that are nobody's.

    ``here``: longitude and latitude of the reader, EPSG:4490. Others than inspectors get all open tasks of
    the cases they may see.
    """
    if here is not None:
        check_lonlat(*here, DOOR_SRID)
    statement = (
        select(CaseTask, Case)
        .join(Case, Case.id == CaseTask.case_id)
        .outerjoin(CaseTask.assignee)
        .options(contains_eager(CaseTask.assignee))
        .where(CaseTask.ended_at.is_(None), cases_in_scope(session, reader), _for(reader))
        .order_by(CaseTask.due_at, CaseTask.id)
        .limit(limit + 1)
    )
    if cursor:
        statement = statement.where(tuple_(CaseTask.due_at, CaseTask.id) > tuple_(*_after(cursor)))
    rows = session.execute(statement).all()
    more = len(rows) > limit
    rows = rows[:limit]
    photos = _photos(session, [row[1].id for row in rows])
    found = _waiting([(row[0], row[1]) for row in rows], photos, here)
    last = rows[-1][0] if more else None
    return Page(found, write_cursor(last.due_at.isoformat(), last.id) if last else None)


def _for(reader: Person) -> ColumnElement[bool]:
    """Which of the tasks are the reader's: nobody's is not for who is party to the repair."""
    if reader.role is not Role.INSPECTOR:
        return literal(True)
    parties = func.app.parties_to_repair(CaseTask.case_id).table_valued("person_id").alias("party")
    party = select(parties.c.person_id).where(parties.c.person_id == reader.id).correlate(CaseTask).exists()
    return or_(CaseTask.assignee_id == reader.id, and_(CaseTask.assignee_id.is_(None), ~party))


def _after(cursor: str) -> tuple[datetime, int]:
    due, task_id = read_cursor(cursor, str, int)
    try:
        at = datetime.fromisoformat(due)
    except ValueError as error:
        raise InvalidInput(
            _("This cursor is not one of ours; begin again without it"), errors=[{"pointer": "/cursor"}]
        ) from error
    return at, task_id


def _waiting(
    rows: Sequence[tuple[CaseTask, Case]],
    photos: dict[int, list[Attachment]],
    here: tuple[float, float] | None,
) -> list[Waiting]:
    places = [_lonlat(case) for _task, case in rows]
    distances: list[float | None] = [None] * len(rows)
    bearings: list[float | None] = [None] * len(rows)
    if here is not None and rows:
        count = len(rows)
        azimuths, _back, metres = GEOD.inv(
            [here[0]] * count, [here[1]] * count, [lon for lon, _lat in places], [lat for _lon, lat in places]
        )
        distances, bearings = list(metres), [azimuth % 360 for azimuth in azimuths]
    now = datetime.now(UTC)
    return [
        Waiting(task, case, lon, lat, lamp(task, now), distance_m, bearing_deg, photos[case.id])
        for (task, case), (lon, lat), distance_m, bearing_deg in zip(
            rows, places, distances, bearings, strict=True
        )
    ]


def _lonlat(case: Case) -> tuple[float, float]:
    easting, northing = to_shape(case.location).coords[0][:2]
    return to_lonlat(easting, northing)


def lamp(task: CaseTask, now: datetime) -> str | None:
    """绿黄红灯 of a task, by its own time."""
    return lamp_of(now, task.given_at + WARN_SHARE * (task.due_at - task.given_at), task.due_at)


def _photos(session: Session, case_ids: Sequence[int]) -> dict[int, list[Attachment]]:
    """The first photos of each case, oldest first."""
    rank = func.row_number().over(partition_by=Attachment.case_id, order_by=Attachment.id)
    ranked = select(Attachment.id, rank.label("rank")).where(Attachment.case_id.in_(case_ids)).subquery()
    photo = aliased(Attachment)
    statement = (
        select(photo)
        .join(ranked, ranked.c.id == photo.id)
        .where(ranked.c.rank <= MOST_PHOTOS)
        .order_by(photo.id)
    )
    found: dict[int, list[Attachment]] = defaultdict(list)
    for row in session.scalars(statement):
        found[row.case_id].append(row)
    return found
