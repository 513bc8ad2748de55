"""Service requests as anybody may read them: what the public page of a case tells, and no more.

No words of the report, no photo, no name. The place is the middle of the case's unit grid, some hundred
metres wide, never the place that was reported.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from gis.case.models import Case
from gis.case.states import ENDED
from gis.case.track import PUBLIC_STATES
from gis.crs import DOOR_SRID
from gis.errors import InvalidInput, NotFound
from gis.grid.models import Area, UnitGrid
from gis.i18n import _
from gis.open311.services import Service
from gis.page import Page, read_cursor, write_cursor
from gis.settings import get_settings
from gis.standard.tables import CITY_EDITION

DEEPEST = 100_000  # rows that ``page`` may skip; a cursor goes on without an end
MOST_NUMBERS = 100

_MIDDLE = func.ST_Transform(func.ST_PointOnSurface(UnitGrid.geom), DOOR_SRID)


@dataclass(frozen=True)
class Wanted:
    """Which requests: ``begin`` ≤ reported < ``end``; ``updated_from`` ≤ changed < ``updated_to``.

    ``services`` and ``is_open``: ``None`` for all. ``numbers`` overrule everything else.
    """

    numbers: tuple[str, ...] = ()
    services: tuple[Service, ...] | None = None
    is_open: bool | None = None
    begin: datetime | None = None
    end: datetime | None = None
    updated_from: datetime | None = None
    updated_to: datetime | None = None

    @property
    def by_change(self) -> bool:
        """Whether they are read in the order of changes, oldest first; else by report, newest first."""
        return self.updated_from is not None or self.updated_to is not None


@dataclass(frozen=True)
class PublicRequest:
    """A case with its public place, degrees of EPSG:4490; ``None`` where the city does not tell it.

    ``merged_into``: number of the case that it was merged into.
    """

    case: Case
    lon: float | None
    lat: float | None
    merged_into: str | None

    @property
    def state(self) -> str:
        """The code of where it stands, one of :data:`gis.case.track.PUBLIC_STATES`."""
        return PUBLIC_STATES[self.case.state][0]

    @property
    def is_open(self) -> bool:
        return self.case.state not in ENDED

    @property
    def expected_at(self) -> datetime | None:
        """Until when it should be done, while that is open."""
        runs = self.case.filed_at is not None and self.case.disposed_at is None and self.is_open
        return self.case.due_at if runs else None


def request_page(
    session: Session, wanted: Wanted, limit: int, *, skip: int = 0, cursor: str | None = None
) -> Page[PublicRequest]:
    """Requests in their order, ``limit`` at most, after ``skip`` rows or after a cursor.

    Raises
    ------
    InvalidInput
        A cursor that is not ours, more rows skipped than :data:`DEEPEST`, too many numbers at once.
    """
    if skip > DEEPEST:
        raise InvalidInput(
            _("Pages end after {most} requests; follow the Link to the next one").format(most=DEEPEST),
            errors=[{"pointer": "/page"}],
        )
    moment = Case.updated_at if wanted.by_change else Case.reported_at
    chosen = select(Case.id, moment.label("moment")).where(*_conditions(wanted))
    if cursor:
        after = tuple_(*read_cursor(cursor, datetime, int))
        place = tuple_(moment, Case.id)
        chosen = chosen.where(place > after if wanted.by_change else place < after)
    order = (moment, Case.id) if wanted.by_change else (moment.desc(), Case.id.desc())
    rows = session.execute(chosen.order_by(*order).offset(skip).limit(limit + 1)).all()
    shown = rows[:limit]
    found = {request.case.id: request for request in _read(session, [row.id for row in shown])}
    more = write_cursor(shown[-1].moment, shown[-1].id) if len(rows) > limit else None
    return Page([found[row.id] for row in shown if row.id in found], more)


def find_request(session: Session, number: str) -> PublicRequest:
    """One request by its number; raises NotFound."""
    found = request_page(session, Wanted(numbers=(number,)), 1).items
    if not found:
        raise NotFound(_("There is no service request {number}").format(number=number[:40]))
    return found[0]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    if wanted.numbers:
        if len(wanted.numbers) > MOST_NUMBERS:
            raise InvalidInput(
                _("At most {most} numbers at once").format(most=MOST_NUMBERS),
                errors=[{"pointer": "/service_request_id"}],
            )
        return [Case.case_no.in_([number.strip().upper() for number in wanted.numbers])]
    asked: list[ColumnElement[bool]] = []
    for bound, column, above in (
        (wanted.begin, Case.reported_at, True),
        (wanted.end, Case.reported_at, False),
        (wanted.updated_from, Case.updated_at, True),
        (wanted.updated_to, Case.updated_at, False),
    ):
        if bound is not None:
            asked.append(column >= bound if above else column < bound)
    if wanted.is_open is not None:
        asked.append(Case.stage.is_not(None) if wanted.is_open else Case.stage.is_(None))
    if wanted.services is not None:
        asked.append(_of_services(wanted.services))
    return asked


def _of_services(services: Iterable[Service]) -> ColumnElement[bool]:
    """Cases of some services. Each kind is a condition of its own: codes repeat between kinds."""
    codes: dict[str, list[str]] = {}
    for service in services:
        codes.setdefault(service.kind, []).append(service.row.code)
    kinds = [and_(Case.kind == kind, Case.class_code.in_(chosen)) for kind, chosen in codes.items()]
    return and_(Case.edition == CITY_EDITION, or_(*kinds)) if kinds else false()


def _read(session: Session, ids: Sequence[int]) -> list[PublicRequest]:
    """Cases by id, with what is told of them. Outlines of areas stay where they are: they are large."""
    other = aliased(Case)
    statement = (
        select(Case, func.ST_X(_MIDDLE), func.ST_Y(_MIDDLE), other.case_no)
        .join(UnitGrid, UnitGrid.id == Case.unit_grid_id)
        .outerjoin(other, other.id == Case.merged_into_id)
        .options(joinedload(Case.street).defer(Area.geom), joinedload(Case.department))
        .where(Case.id.in_(ids))
        .execution_options(populate_existing=True)
    )
    told = get_settings().open311_place
    return [
        PublicRequest(case, round(lon, 6) if told else None, round(lat, 6) if told else None, merged_into)
        for case, lon, lat, merged_into in session.execute(statement)
    ]
