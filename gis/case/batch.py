"""批量办理: one step for many cases; each succeeds or fails by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg.errors import DeadlockDetected, IntegrityError
from sqlalchemy import and_, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.case.queries import WITH_PLACE
from gis.case.record import Act
from gis.case.scope import cases_in_scope
from gis.case.service import apply_action
from gis.errors import CityGridError, Conflict, InvalidInput
from gis.i18n import _
from gis.people.models import Person

MOST_ITEMS = 200
TRIES = 3  # to lock: who works on one case locks its parent after it, a batch all in the order of ids


@dataclass(frozen=True)
class Item:
    """A case to act on; ``version``: the one that was seen, nothing is done when it has moved on since."""

    case_no: str
    version: int | None = None


@dataclass(frozen=True)
class Result:
    """What became of an item: the case after the step, or what stood against it."""

    case_no: str
    case: Case | None = None
    error: CityGridError | None = None


def apply_to_many(
    session: Session, items: Sequence[Item], action: str, actor: Person, act: Act
) -> list[Result]:
    """Take the same step for every item, in the order given; a result for each, in that order.

    Raises
    ------
    InvalidInput
        No item, or more than :data:`MOST_ITEMS`.
    """
    if not 0 < len(items) <= MOST_ITEMS:
        raise InvalidInput(
            _("A batch holds 1 to {most} cases").format(most=MOST_ITEMS), errors=[{"pointer": "/items"}]
        )
    _lock(session, [item.case_no for item in items], actor, act.case)
    taken = [_take(session, item, action, actor, act) for item in items]
    ids = {found.id for found in taken if isinstance(found, Case)}
    shown = select(Case).options(*WITH_PLACE).where(Case.id.in_(ids))
    cases = {case.id: case for case in session.scalars(shown, execution_options={"populate_existing": True})}
    return [
        Result(item.case_no, case=cases[found.id])
        if isinstance(found, Case)
        else Result(item.case_no, error=found)
        for item, found in zip(items, taken, strict=True)
    ]


def _take(session: Session, item: Item, action: str, actor: Person, act: Act) -> Case | CityGridError:
    try:
        with session.begin_nested():
            return apply_action(session, item.case_no, action, actor, act, item.version)
    except CityGridError as error:
        return error
    except DBAPIError as error:
        if isinstance(error.orig, IntegrityError):
            # A guard of the database that no check of ours foresaw.
            return Conflict(constraint=error.orig.diag.constraint_name)
        if isinstance(error.orig, DeadlockDetected):
            return Conflict(_("Someone else is working on this case just now; try again"))
        raise


def _lock(session: Session, numbers: Sequence[str], actor: Person, other: str | None) -> None:
    """Lock the cases, their parents and the other case that the step names, in the order of their ids.

    Two batches that share cases then wait for each other, and never both for each other.
    """
    named = [*numbers, other.strip().upper()] if other else list(numbers)
    seen = and_(Case.case_no.in_(named), cases_in_scope(session, actor))
    ids = session.execute(select(Case.id, Case.parent_id).where(seen)).all()
    statement = (
        select(Case.id)
        .where(Case.id.in_({row.id for row in ids} | {row.parent_id for row in ids} - {None}))
        .order_by(Case.id)
        .with_for_update()
    )
    for left in range(TRIES - 1, -1, -1):
        try:
            with session.begin_nested():
                session.execute(statement)
            return
        except OperationalError as error:
            if not isinstance(error.orig, DeadlockDetected) or not left:
                raise
