"""What is done when the alarm of a case rings."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.case.alarms import set_alarm
from gis.case.events import announce_turn
from gis.case.models import Case
from gis.case.service import resume_when_due
from gis.notice.rules import TURN_RED, TURN_YELLOW


def wake_case(session: Session, case_id: int, now: datetime | None = None) -> None:
    """Do what is due for a case and set its next alarm.

    What has come due since the alarm was set to ring: an alarm never rings later than the next moment, so
    nothing lies before it that was not done then. A job that rings for nothing, because the moment has moved
    or the case has ended, changes nothing but the alarm; a job that is done twice does nothing the second
    time.
    """
    now = now or datetime.now(UTC)
    case = session.scalar(
        select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    )
    if case is None or case.stage is None or case.alarm_at is None:
        return
    if resume_when_due(session, case, now):
        return  # a step like any other: it has set the alarm
    since = case.alarm_at
    for at, kind in ((case.stage_due_at, TURN_RED), (case.stage_warn_at, TURN_YELLOW)):
        if at is not None and since <= at <= now:
            announce_turn(session, case, kind, at)
            break  # who slept through both is told the later one
    set_alarm(session, case, now)
