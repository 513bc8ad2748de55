"""Reading cases: lists by keyset, one case, its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from gis.case.models import Attachment, Case, CaseStep
from gis.case.outcomes import outcome
from gis.case.scope import cases_in_scope
from gis.case.side_models import CaseFollower
from gis.case.stages import turn_of
from gis.case.states import ENDED, CaseState
from gis.crs import bounds_in_city
from gis.errors import InvalidInput, NotFound
from gis.grid.models import Area, UnitGrid
from gis.i18n import _
from gis.page import Page, read_cursor, write_cursor
from gis.people.models import Department, Person
from gis.people.queries import departments_of
from gis.settings import CITY_SRID


@dataclass(frozen=True)
class CaseFilter:
    """What a list of cases is narrowed by; empty fields narrow nothing.

    ``bbox``: west, south, east, north in lon/lat EPSG:4490. ``outcome`` is ``on_time``, ``late`` or
    ``reworked`` of disposal. ``closed_*``, ``filed_*``: from inclusive, to exclusive.
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


WITH_PLACE = (
    joinedload(Case.unit_grid),
    joinedload(Case.community),
    joinedload(Case.street),
    joinedload(Case.department),
    joinedload(Case.duty_grid),
    # Rare: a query of their own, and only where a case has them.
    selectinload(Case.parent),
    selectinload(Case.merged_into),
)


def case_page(
    session: Session,
    person: Person,
    wanted: CaseFilter | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Case]:
    """Cases the person may see, newest first."""
    statement = (
        select(Case)
        .options(*WITH_PLACE)
        .where(*conditions(session, person, wanted or CaseFilter()))
        .order_by(Case.id.desc())
        .limit(limit + 1)
    )
    if cursor:
        (after,) = read_cursor(cursor, int)
        statement = statement.where(Case.id < after)
    rows = session.scalars(statement).all()
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, write_cursor(rows[-1].id) if more else None)


def conditions(session: Session, person: Person, wanted: CaseFilter) -> list[ColumnElement[bool]]:
    """The filter as SQL conditions on :class:`Case`, the person's scope included."""
    found: list[ColumnElement[bool]] = [cases_in_scope(session, person)]
    if wanted.states:
        found.append(Case.state.in_(wanted.states))
    if wanted.is_open is not None:
        ended = Case.state.in_(ENDED)
        found.append(~ended if wanted.is_open else ended)
    if wanted.grid:
        found.append(
            Case.unit_grid_id == select(UnitGrid.id).where(UnitGrid.code == wanted.grid).scalar_subquery()
        )
    if wanted.area:
        found.append(_in_area(wanted.area))
    if wanted.department:
        named = select(Department.id).where(Department.code == wanted.department).scalar_subquery()
        found.append(Case.department_id == named)
    if wanted.class_code:
        found.append(Case.class_code.startswith(wanted.class_code, autoescape=True))
    if wanted.kind:
        found.append(Case.kind == wanted.kind)
    if wanted.due_before:
        found += [Case.due_at < wanted.due_before, Case.state.not_in(ENDED)]
    if wanted.filed_from:
        found.append(Case.filed_at >= wanted.filed_from)
    if wanted.filed_to:
        found.append(Case.filed_at < wanted.filed_to)
    if wanted.bbox:
        found.append(_in_bbox(wanted.bbox))
    if wanted.outcome:
        found.append(outcome(wanted.outcome))
    if wanted.actor or wanted.action:
        found.append(Case.id.in_(_acted_on(wanted)))
    if wanted.words:
        pattern = f"%{wanted.words}%"
        found.append(
            or_(
                Case.case_no == wanted.words.upper(),
                Case.description.ilike(pattern),
                Case.address.ilike(pattern),
            )
        )
    if wanted.mine:
        found.append(_mine(session, person))
    return found


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


def _acted_on(wanted: CaseFilter) -> Select[int]:
    steps = select(CaseStep.case_id)
    if wanted.actor:
        steps = steps.join(Person, Person.id == CaseStep.actor_id).where(Person.login == wanted.actor)
    if wanted.action:
        steps = steps.where(CaseStep.action == wanted.action)
    return steps


def _mine(session: Session, person: Person) -> ColumnElement[bool]:
    """What waits for this person: states its role has a step from; what it reported itself."""
    waiting = turn_of(person.role)
    own: ColumnElement[bool] = Case.reporter_id == person.id
    if not waiting:
        return own
    todo: ColumnElement[bool] = Case.state.in_(sorted(waiting))
    if departments := departments_of(session, person):
        todo = and_(todo, Case.department_id.in_(departments))
    return or_(todo, and_(own, Case.state.not_in(ENDED)))


def get_case(session: Session, person: Person, case_no: str) -> Case:
    """One case the person may see, with its place and department; raises NotFound."""
    case = session.scalar(
        select(Case)
        .options(*WITH_PLACE)
        .where(Case.case_no == case_no, cases_in_scope(session, person))
        .execution_options(populate_existing=True)
    )
    if case is None:
        raise NotFound(_("There is no case {case_no} that you may see").format(case_no=case_no))
    return case


def with_place(session: Session, case: Case) -> Case:
    """The case with its place and department, for whoever has just changed it.

    Asks for no scope: who sends a case back may not see it any more, and is still told what became of it.
    """
    statement = select(Case).options(*WITH_PLACE).where(Case.id == case.id)
    return session.execute(statement, execution_options={"populate_existing": True}).scalar_one()


def case_steps(session: Session, person: Person, case_no: str) -> Sequence[tuple[CaseStep, Person | None]]:
    """The history of a case in order, each step with who took it."""
    case_id = session.scalar(select(Case.id).where(Case.case_no == case_no, cases_in_scope(session, person)))
    if case_id is None:
        raise NotFound(_("There is no case {case_no} that you may see").format(case_no=case_no))
    rows = session.execute(
        select(CaseStep, Person)
        .outerjoin(Person, Person.id == CaseStep.actor_id)
        .where(CaseStep.case_id == case_id)
        .order_by(CaseStep.seq)
    )
    return [(row[0], row[1]) for row in rows]


def case_attachments(session: Session, case_id: int) -> Sequence[Attachment]:
    """Photos of a case, oldest first."""
    return session.scalars(
        select(Attachment).where(Attachment.case_id == case_id).order_by(Attachment.id)
    ).all()


def follower_count(session: Session, case_id: int) -> int:
    """How many people saw the same problem after it was reported."""
    count = select(func.count()).select_from(CaseFollower).where(CaseFollower.case_id == case_id)
    return session.scalar(count) or 0


def open_counts(session: Session, person: Person) -> dict[CaseState, int]:
    """How many open cases the person may see, by state; states without any are missing."""
    rows = session.execute(
        select(Case.state, func.count())
        .where(Case.state.not_in(ENDED), cases_in_scope(session, person))
        .group_by(Case.state)
    )
    return {row[0]: row[1] for row in rows}
