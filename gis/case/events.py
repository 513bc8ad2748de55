"""What has just happened to a case, told to whoever listens, when and only when the change is committed."""

import json

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.case.models import Case, CaseStep
from gis.case.side_models import CaseEvent

CHANNEL = "citygrid_cases"


def announce(session: Session, case: Case, step: CaseStep) -> None:
    """Keep the step as an event, and wake who listens; PostgreSQL delivers at commit, never before."""
    event = CaseEvent(case_id=case.id, seq=step.seq, action=step.action, at=step.at)
    session.add(event)
    session.flush()
    session.execute(select(func.pg_notify(CHANNEL, json.dumps({"event": event.id}))))
