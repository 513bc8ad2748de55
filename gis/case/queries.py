"""Reading cases: lists by keyset, one case, its history."""

from collections.abc import Sequence

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from gis.case.models import Case, CaseStep
from gis.case.narrowing import CaseFilter as CaseFilter
from gis.case.narrowing import conditions, list_of
from gis.case.order import Order, cursor_after, first_of_all, first_rows, first_that_hold, in_order
from gis.case.scope import cases_in_scope
from gis.case.side_models import CaseFollower
from gis.case.states import CaseState
from gis.case.words import LOOKED_THROUGH, found_by_index, holding, words_of
from gis.errors import NotFound
from gis.grid.models import Area, DutyGrid, UnitGrid
from gis.i18n import _
from gis.page import Page
from gis.people.models import Person

# Without the outlines: a street's has more bytes than a page of cases.
WITH_PLACE = (
    joinedload(Case.unit_grid).defer(UnitGrid.geom),
    joinedload(Case.community).defer(Area.geom),
    joinedload(Case.street).defer(Area.geom),
    joinedload(Case.department),
    joinedload(Case.duty_grid).defer(DutyGrid.geom),
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
    """Cases the person may see: a queue most urgent first, else newest first or as ``wanted.sort`` says."""
    wanted = wanted or CaseFilter()
    order, parts = list_of(session, person, wanted)
    most = limit + 1  # one more shows whether there is a next page
    if wanted.counted:  # an index finds what is counted: few of the city's cases
        if wanted.words:
            parts = [[*part, holding(words_of(wanted.words))(Case)] for part in parts]
        rows = _read(session, first_of_all(parts, order, most, cursor), order)
    elif not wanted.words:
        rows = _read(session, first_rows(parts, order, most, cursor), order)
    else:
        words = words_of(wanted.words)
        rows = _read(
            session, first_that_hold(parts, order, most, cursor, holding(words), LOOKED_THROUGH), order
        )
        if len(rows) < most:
            indexed = [[*part, found_by_index(words)] for part in parts]
            rows = _read(session, first_of_all(indexed, order, most, cursor), order)
    shown = rows[:limit]
    return Page(shown, cursor_after(order, shown[-1]) if len(rows) > limit else None)


def counted_number(session: Session, person: Person, wanted: CaseFilter) -> int:
    """How many cases a list has that explains a figure: an index finds what is counted."""
    narrowed = (cases_in_scope(session, person), *conditions(session, person, wanted))
    return session.scalar(select(func.count()).select_from(Case).where(*narrowed)) or 0


def _read(session: Session, first: Subquery, order: Order) -> Sequence[Case]:
    return session.scalars(
        select(Case)
        .join(first, first.c.id == Case.id)
        .options(*WITH_PLACE)
        .order_by(*in_order(order, first.c))
    ).all()


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


def follower_count(session: Session, case_id: int) -> int:
    """How many people saw the same problem after it was reported."""
    count = select(func.count()).select_from(CaseFollower).where(CaseFollower.case_id == case_id)
    return session.scalar(count) or 0


def open_counts(session: Session, person: Person) -> dict[CaseState, int]:
    """How many open cases the person may see, by state; states without any are missing."""
    rows = session.execute(
        select(Case.state, func.count())
        .where(Case.stage.is_not(None), cases_in_scope(session, person))
        .group_by(Case.state)
    )
    return {row[0]: row[1] for row in rows}
