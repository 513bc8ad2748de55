"""How cases turned out: what counts as late, and what an appeal takes out of the count and leaves a fact."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.case.outcomes import OUTCOMES, outcome
from gis.case.states import CaseState
from gis.database import session_maker
from gis.errors import InvalidInput


@pytest.fixture
def session(small_city: str) -> Iterator[Session]:
    """The small city; what a test changes is rolled back."""
    with session_maker()() as session:
        yield session
        session.rollback()


@pytest.fixture
def closed(session: Session) -> Case:
    """A case that was handed over in time and closed."""
    wanted = select(Case).where(Case.state == CaseState.CLOSED, Case.disposed_at < Case.due_at, ~Case.exempt)
    return session.scalars(wanted.order_by(Case.id).limit(1)).one()


def outcomes_of(session: Session, case: Case) -> set[str]:
    session.flush()
    return {
        name
        for name in OUTCOMES
        if session.scalar(select(Case.id).where(Case.id == case.id, outcome(name))) is not None
    }


def test_a_case_in_time_is_due_and_on_time(session: Session, closed: Case) -> None:
    assert outcomes_of(session, closed) - {"reworked"} == {"filed", "disposed", "due", "on_time", "closed"}


def test_a_case_that_is_late_stays_late_until_an_appeal_is_granted(session: Session, closed: Case) -> None:
    assert closed.due_at is not None
    closed.disposed_at = closed.due_at + timedelta(seconds=1)
    late = outcomes_of(session, closed)
    assert {"late", "due"} <= late
    assert "on_time" not in late
    closed.exempt = True
    appealed = outcomes_of(session, closed)
    assert "exempt" in appealed
    assert not {"late", "due", "on_time"} & appealed
    assert {"filed", "disposed", "closed"} <= appealed


def test_what_is_exempt_is_neither_due_nor_on_time(session: Session, closed: Case) -> None:
    closed.exempt = True  # by hand: the service grants an appeal of what is late only
    assert outcomes_of(session, closed) - {"reworked"} == {"filed", "disposed", "closed"}


def test_closed_by_force_without_a_hand_over_is_late_when_its_limit_had_passed(
    session: Session, closed: Case
) -> None:
    assert closed.due_at is not None
    closed.disposed_at, closed.closed_by_force = None, True
    closed.closed_at = closed.due_at + timedelta(hours=1)
    assert outcomes_of(session, closed) >= {"late", "due", "closed"}
    closed.closed_at = closed.due_at - timedelta(hours=1)
    # It was closed before its department's time was up: neither in time nor late.
    assert not outcomes_of(session, closed) & {"late", "due", "on_time"}


def test_every_case_that_is_due_is_either_on_time_or_late(session: Session) -> None:
    ids = {name: set(session.scalars(select(Case.id).where(outcome(name)))) for name in OUTCOMES}
    assert ids["on_time"]
    assert ids["late"]
    assert ids["due"] == ids["on_time"] | ids["late"]
    assert not ids["due"] & ids["exempt"]
    assert not ids["on_time"] & ids["late"]


def test_an_outcome_nobody_knows_is_refused() -> None:
    with pytest.raises(InvalidInput):
        outcome("lucky")
