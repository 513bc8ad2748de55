"""When a case must be looked at again by itself: a lamp that turns, a suspension that ends."""

from sqlalchemy.orm import Session

from gis.case.models import Case


def set_alarm(session: Session, case: Case) -> None:
    """Have a job wake when the next moment of the case comes."""
