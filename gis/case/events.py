"""What has just happened to a case, told to whoever listens, when and only when the change is committed."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.case.models import Case, CaseStep
from gis.notice.giving import tell

CHANNEL = "citygrid_cases"
# One statement. The message is empty: it says that there is news, and the table says which; PostgreSQL makes
# one of many alike in a transaction, and delivers at commit, never before.
_ANNOUNCE = text(
    "WITH told AS (INSERT INTO case_event (case_id, seq, action, at)"
    " VALUES (:case_id, :seq, :action, :at) RETURNING id)"
    f" SELECT id, pg_notify('{CHANNEL}', '') FROM told"
)


def announce(session: Session, case: Case, step: CaseStep) -> None:
    """Keep the step as an event, wake who listens, and give notice to whom it concerns."""
    event_id = keep_event(session, case, step.seq, step.action, step.at)
    tell(session, case, step.action, event_id, step.at, step.actor_id, step.note)


def announce_turn(session: Session, case: Case, kind: str, at: datetime) -> None:
    """The same for a lamp that has turned by itself, which is no step; ``kind`` as in the notice rules."""
    event_id = keep_event(session, case, case.version, kind, at)
    tell(session, case, kind, event_id, at, None)


def keep_event(session: Session, case: Case, seq: int, action: str, at: datetime) -> int:
    """Store an event and wake who listens; returns its id."""
    values = {"case_id": case.id, "seq": seq, "action": action, "at": at}
    return int(session.execute(_ANNOUNCE, values).one().id)
