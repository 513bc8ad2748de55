"""核实核查任务: which inspector is asked to look at the place of a case, and why."""

from datetime import datetime

from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.case.side_models import CaseTask
from gis.people.models import Person


def give_task(session: Session, case: Case, kind: str, given_by: Person | None, now: datetime) -> CaseTask | None:
    """Ask an inspector to verify or check a case; ``kind`` is ``verify`` or ``check``."""
    return None


def end_task(session: Session, case: Case, outcome: str, actor: Person | None, now: datetime) -> None:
    """End the open task of a case, if there is one; ``outcome`` is the action that ended it."""


def hand_task_on(session: Session, case: Case, login: str, actor: Person, now: datetime) -> None:
    """Give the open task of a case to another inspector."""
