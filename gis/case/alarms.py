"""When a case must be looked at again by itself: a lamp that turns, a suspension that ends.

``case.alarm_at`` is the moment at which a job looks at it: never later than the next moment that matters,
``NEVER`` when there is none. A moment that moves later changes nothing: the job wakes, finds nothing to do,
and sets the next alarm. One that moves nearer moves the job.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from gis.case.clocks import NEVER
from gis.case.models import Case
from gis.jobs.defer import set_alarms


class Timed(Protocol):
    """What has the moments of a case: the case itself, or a row of these columns."""

    stage: str | None
    stage_warn_at: datetime | None
    stage_due_at: datetime | None
    suspended_until: datetime | None


MOMENTS = (Case.stage, Case.stage_warn_at, Case.stage_due_at, Case.suspended_until)


def moments(case: Timed) -> Iterator[datetime]:
    """The moments at which something happens to a case by itself.

    Those of the link it is in: while disposal runs they are the disposal's own, and while it stands still its
    deadline moves with the clock.
    """
    if case.stage is None:
        return
    for at in (case.stage_warn_at, case.stage_due_at, case.suspended_until):
        if at is not None and at < NEVER:
            yield at


def next_moment(case: Timed, now: datetime) -> datetime:
    """The first moment after ``now``; NEVER when there is none."""
    return min((at for at in moments(case) if at > now), default=NEVER)


def set_alarm(session: Session, case: Case, now: datetime | None = None) -> None:
    """Have a job wake when the next moment of the case comes; one statement, and mostly none."""
    now = now or datetime.now(UTC)
    at = next_moment(case, now)
    waiting = case.alarm_at is not None and now < case.alarm_at <= at
    if waiting or (at == NEVER and case.stage is None):
        return
    set_alarms(session, [case.id], [at], NEVER)
    set_committed_value(case, "alarm_at", at)  # as the statement has stored it already


def set_missing_alarms(session: Session, limit: int = 500) -> int:
    """Give alarms to open cases without one, as they come from a bulk load; returns how many, at most limit.

    Only those that nobody holds at the moment: who changes a case sets its alarm.
    """
    rows = session.execute(
        select(Case.id, *MOMENTS)
        .where(Case.stage.is_not(None), Case.alarm_at.is_(None))
        .order_by(Case.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if rows:
        now = datetime.now(UTC)
        set_alarms(session, [row.id for row in rows], [next_moment(row, now) for row in rows], NEVER)
    return len(rows)
