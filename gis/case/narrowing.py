"""What a list of cases is narrowed by, as conditions that indexes answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from gis.case.clocks import NEVER
from gis.case.models import Case, CaseStep
from gis.case.order import Order
from gis.case.outcomes import outcome
from gis.case.queues import find_queue, queue_parts
from gis.case.scope import scope_of, scope_parts
from gis.case.side_models import CaseFollower
from gis.case.stages import STAGES, turn_of
from gis.case.states import ENDED, CaseState
from gis.crs import bounds_in_city, to_city
from gis.errors import InvalidInput
from gis.evaluation.behind import Counted, behind
from gis.grid.models import Area, UnitGrid
from gis.i18n import _
from gis.people.models import Person
from gis.people.queries import departments_below, departments_of
from gis.settings import CITY_SRID

LAMPS = ("green", "yellow", "red")
MOST_RADIUS_M = 5000
ME = "me"


@dataclass(frozen=True)
class CaseFilter:
    """What a list of cases is narrowed by; empty fields narrow nothing.

    ``queue`` is a code of :data:`gis.case.queues.QUEUES` and brings its order, unless ``sort`` is given.
    ``bbox``: west, south, east, north; ``near``: lon, lat and metres around; degrees EPSG:4490. ``lamp`` is
    of the link the case is in. ``reporter`` and ``follower`` are logins, ``me`` for who asks; ``parent`` is
    the number of a parent case. ``outcome`` is ``on_time``, ``late``, ``reworked`` … of disposal. ``*_from``
    inclusive, ``*_to`` exclusive. ``department_below``: those below the department, too. ``counted``: the
    figure that the list explains; then ``actor`` is whose acts, and ``department`` whose part, it counts.
    """

    states: tuple[CaseState, ...] = ()
    is_open: bool | None = None
    grid: str | None = None
    area: str | None = None
    department: str | None = None
    class_code: str | None = None
    kind: str | None = None
    due_before: datetime | None = None
    filed_from: datetime | None = None
    filed_to: datetime | None = None
    bbox: tuple[float, float, float, float] | None = None
    outcome: str | None = None
    actor: str | None = None
    action: str | None = None
    words: str | None = None
    mine: bool = False
    queue: str | None = None
    sort: Order | None = None
    lamp: str | None = None
    stage: str | None = None
    pending: str | None = None
    reporter: str | None = None
    follower: str | None = None
    source: str | None = None
    parent: str | None = None
    reported_from: datetime | None = None
    reported_to: datetime | None = None
    near: tuple[float, float, float] | None = None
    department_below: bool = False
    counted: Counted | None = None


def list_of(
    session: Session, person: Person, wanted: CaseFilter
) -> tuple[Order, list[list[ColumnElement[bool]]]]:
    """The order of a list, and its parts: each can be read in that order by an index."""
    scope = scope_of(session, person)
    narrowed = conditions(session, person, wanted)
    if wanted.queue:
        queue = find_queue(wanted.queue)
        order = wanted.sort or queue.order
        parts = [and_(queue.holds(person, scope), part) for part in queue_parts(queue, scope)]
        if order is Order.DUE:
            narrowed.append(Case.stage.is_not(None))
        return order, [[part, *narrowed] for part in parts]
    order = wanted.sort or Order.NEWEST
    parts = scope_parts(scope, by_area=order is not Order.DUE)
    if order is not Order.DUE:
        return order, [[part, *narrowed] for part in parts]
    if scope.departments is not None:
        # The open cases of a department are few enough to be sorted.
        return order, [[part, Case.stage.is_not(None), *narrowed] for part in parts]
    stages = [wanted.stage] if wanted.stage else list(STAGES)
    return order, [[part, Case.stage == stage, *narrowed] for part in parts for stage in stages]


def conditions(session: Session, person: Person, wanted: CaseFilter) -> list[ColumnElement[bool]]:
    """The filter as SQL conditions on :class:`Case`; scope, queue and words stand beside them.

    Raises
    ------
    InvalidInput
        A value that names nothing there is, or a place that is none.
    """
    found: list[ColumnElement[bool]] = []
    if wanted.states:
        found.append(Case.state.in_(wanted.states))
    if wanted.is_open is not None:
        found.append(Case.stage.is_not(None) if wanted.is_open else Case.state.in_(ENDED))
    if wanted.stage:
        found.append(Case.stage == wanted.stage)
    if wanted.pending:
        found.append(Case.pending == wanted.pending)
    if wanted.lamp:
        found.append(has_lamp(wanted.lamp, datetime.now(UTC)))
    found += _about(wanted)
    found += _placed(wanted)
    found += _timed(wanted)
    found += _in_departments(session, wanted)
    found += _by_people(session, person, wanted)
    if wanted.outcome:
        found.append(outcome(wanted.outcome))
    return found


def has_lamp(lamp: str, now: datetime) -> ColumnElement[bool]:
    """Open cases whose link shows this lamp: the rule of :func:`gis.case.clocks.lamp_of`."""
    if lamp not in LAMPS:
        raise InvalidInput(
            _("{lamp} is no lamp; there are: {known}").format(lamp=lamp, known=", ".join(LAMPS)),
            errors=[{"pointer": "/lamp"}],
        )
    late = and_(Case.stage.is_not(None), Case.stage_due_at < now)
    warned = Case.stage_warn_at <= now
    in_time = and_(Case.stage.is_not(None), Case.stage_due_at >= now, Case.stage_due_at < NEVER)
    if lamp == "red":
        return late
    return and_(in_time, warned if lamp == "yellow" else or_(Case.stage_warn_at.is_(None), ~warned))


def _about(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.class_code:
        found.append(Case.class_code.startswith(wanted.class_code, autoescape=True))
    if wanted.kind:
        found.append(Case.kind == wanted.kind)
    if wanted.source:
        found.append(Case.source == wanted.source)
    if wanted.parent:
        found.append(
            Case.parent_id == select(Case.id).where(Case.case_no == wanted.parent.upper()).scalar_subquery()
        )
    return found


def _placed(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.grid:
        grid = select(UnitGrid.id).where(UnitGrid.code == wanted.grid).scalar_subquery()
        found.append(Case.unit_grid_id == grid)
    if wanted.area:
        found.append(_in_area(wanted.area))
    if wanted.bbox:
        found.append(_in_bbox(wanted.bbox))
    if wanted.near:
        found.append(_near(*wanted.near))
    return found


def _timed(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.due_before:
        found += [Case.due_at < wanted.due_before, Case.state.not_in(ENDED)]
    if wanted.filed_from:
        found.append(Case.filed_at >= wanted.filed_from)
    if wanted.filed_to:
        found.append(Case.filed_at < wanted.filed_to)
    if wanted.reported_from:
        found.append(Case.reported_at >= wanted.reported_from)
    if wanted.reported_to:
        found.append(Case.reported_at < wanted.reported_to)
    return found


def _in_departments(session: Session, wanted: CaseFilter) -> list[ColumnElement[bool]]:
    """Of a department, and what a figure counts: the figure of a part is of the department's own part."""
    below = None
    if wanted.department:
        below = departments_below(session, wanted.department, wanted.department_below)
    counted = wanted.counted
    found = []
    if counted:
        login = wanted.actor if counted.way == "duty" else None
        people = (
            None if login is None else list(session.scalars(select(Person.id).where(Person.login == login)))
        )
        found.append(behind(counted, people, below))
    if below is not None and not (counted and counted.way == "part"):
        found.append(Case.department_id.in_(below))
    return found


def _by_people(session: Session, person: Person, wanted: CaseFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.reporter:
        found.append(Case.reporter_id == _person_id(session, person, wanted.reporter))
    if wanted.follower:
        follower = _person_id(session, person, wanted.follower)
        found.append(Case.id.in_(select(CaseFollower.case_id).where(CaseFollower.person_id == follower)))
    acted = wanted.actor if not (wanted.counted and wanted.counted.way == "duty") else None
    if acted or wanted.action:
        found.append(Case.id.in_(_acted_on(acted, wanted.action)))
    if wanted.mine:
        found.append(_mine(session, person))
    return found


def _person_id(session: Session, person: Person, login: str) -> int:
    if login == ME:
        return person.id
    return session.scalar(select(Person.id).where(Person.login == login)) or 0  # ids count from 1


def _in_area(code: str) -> ColumnElement[bool]:
    if len(code) == 12:
        return Case.community_id == select(Area.id).where(Area.code == code).scalar_subquery()
    if len(code) == 9:
        return Case.street_id == select(Area.id).where(Area.code == code).scalar_subquery()
    parent = select(Area.id).where(Area.code == code).scalar_subquery()
    return Case.street_id.in_(select(Area.id).where(Area.parent_id == parent))


def _in_bbox(bbox: tuple[float, float, float, float]) -> ColumnElement[bool]:
    west, south, east, north = bbox
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InvalidInput(
            _("bbox must be west,south,east,north in degrees, west < east and south < north"),
            errors=[{"pointer": "/bbox"}],
        )
    box = bounds_in_city(west, south, east, north)
    if box is None:
        return false()
    return Case.location.op("&&")(func.ST_MakeEnvelope(*box, CITY_SRID))


def _near(lon: float, lat: float, radius_m: float) -> ColumnElement[bool]:
    if not (-180 <= lon <= 180 and -90 <= lat <= 90 and 0 < radius_m <= MOST_RADIUS_M):
        raise InvalidInput(
            _("near must be lon,lat,metres: degrees, and at most {most} m").format(most=MOST_RADIUS_M),
            errors=[{"pointer": "/near"}],
        )
    easting, northing = to_city(lon, lat)
    here = func.ST_SetSRID(func.ST_MakePoint(easting, northing), CITY_SRID)
    return func.ST_DWithin(Case.location, here, radius_m)


def _acted_on(actor: str | None, action: str | None) -> Select[int]:
    steps = select(CaseStep.case_id)
    if actor:
        steps = steps.join(Person, Person.id == CaseStep.actor_id).where(Person.login == actor)
    if action:
        steps = steps.where(CaseStep.action == action)
    return steps


def _mine(session: Session, person: Person) -> ColumnElement[bool]:
    """What waits for this person: states in which it is the role's turn; what it reported itself."""
    own: ColumnElement[bool] = Case.reporter_id == person.id
    waiting: Sequence[CaseState] = sorted(turn_of(person.role))
    if not waiting:
        return own
    todo: ColumnElement[bool] = Case.state.in_(waiting)
    if departments := departments_of(session, person):
        todo = and_(todo, Case.department_id.in_(departments))
    return or_(todo, and_(own, Case.stage.is_not(None)))
