"""What is kept for a time only, and taken away when that is over."""

from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, Delete, delete, func, select, tuple_
from sqlalchemy.orm import Session

from gis.case.side_models import CaseEvent
from gis.notice.models import Notice
from gis.survey.models import CheckRun
from gis.webhook.models import DeliveryState, WebhookDelivery, WebhookEvent

KEEP_EVENTS = timedelta(days=7)
KEEP_NOTICES = timedelta(days=90)
KEEP_CHECKS = timedelta(days=90)
KEEP_DELIVERED = timedelta(days=7)
KEEP_WEBHOOK_EVENTS = timedelta(days=30)
BATCH = 10_000  # rows of one transaction


def sweep_events(session: Session, now: datetime | None = None) -> int:
    """Delete old events but the last of them, at most a batch; returns how many.

    The one that stays marks how far was swept: who resumes from before it has missed something.
    """
    old = CaseEvent.at < (now or datetime.now(UTC)) - KEEP_EVENTS
    order = tuple_(CaseEvent.txid, CaseEvent.id)
    last = (
        select(CaseEvent.txid, CaseEvent.id)
        .where(old)
        .order_by(CaseEvent.txid.desc(), CaseEvent.id.desc())
        .limit(1)
    )
    mark = session.execute(last).one_or_none()
    if mark is None:
        return 0
    swept = select(CaseEvent.id).where(old, order < tuple_(mark.txid, mark.id)).order_by(CaseEvent.at)
    return _deleted(session, delete(CaseEvent).where(CaseEvent.id.in_(swept.limit(BATCH))))


def sweep_notices(session: Session, now: datetime | None = None) -> int:
    """Delete notices that are old, read or not, at most a batch; returns how many."""
    old = Notice.at < (now or datetime.now(UTC)) - KEEP_NOTICES
    swept = select(Notice.id).where(old).order_by(Notice.at).limit(BATCH)
    return _deleted(session, delete(Notice).where(Notice.id.in_(swept)))


def sweep_checks(session: Session, now: datetime | None = None) -> int:
    """Delete runs of the checks over the network that are old, findings and all; one at a time, it is large.

    The newest that came to its end stays, however old: a pipe's findings are read from it. Runs over an
    import go with that.
    """
    network = CheckRun.import_id.is_(None)
    newest = select(func.max(CheckRun.id)).where(network, CheckRun.state == "done").scalar_subquery()
    old = network & (CheckRun.ended_at < (now or datetime.now(UTC)) - KEEP_CHECKS)
    swept = (
        select(CheckRun.id).where(old, CheckRun.id.is_distinct_from(newest)).order_by(CheckRun.id).limit(1)
    )
    return _deleted(session, delete(CheckRun).where(CheckRun.id.in_(swept)))


def sweep_deliveries(session: Session, now: datetime | None = None) -> int:
    """Delete deliveries that were taken long ago, at most a batch; returns how many."""
    old = WebhookDelivery.created_at < (now or datetime.now(UTC)) - KEEP_DELIVERED
    taken = WebhookDelivery.state == DeliveryState.DELIVERED
    swept = select(WebhookDelivery.id).where(old, taken).order_by(WebhookDelivery.created_at).limit(BATCH)
    return _deleted(session, delete(WebhookDelivery).where(WebhookDelivery.id.in_(swept)))


def sweep_webhook_events(session: Session, now: datetime | None = None) -> int:
    """Delete what other systems were told, or were to be told, long ago, with its deliveries; a batch."""
    old = WebhookEvent.at < (now or datetime.now(UTC)) - KEEP_WEBHOOK_EVENTS
    swept = select(WebhookEvent.id).where(old).order_by(WebhookEvent.at).limit(BATCH)
    return _deleted(session, delete(WebhookEvent).where(WebhookEvent.id.in_(swept)))


def _deleted(session: Session, statement: Delete) -> int:
    return cast("CursorResult[None]", session.execute(statement)).rowcount
