"""What a try leaves behind: the delivery, how the receiver stands, and when it is tried again."""

from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from gis.jobs.defer import SEND_MAIL, SEND_WEBHOOK, Job, defer, defer_until
from gis.notice.channels import mail_is_on
from gis.notice.models import Notice
from gis.notice.rules import WEBHOOK_PAUSED
from gis.people.models import Person, Role
from gis.settings import get_settings
from gis.webhook.backoff import wait_after
from gis.webhook.models import DeliveryState, Webhook, WebhookDelivery
from gis.webhook.posting import Outcome

log = structlog.get_logger()
AWAY = 3  # failures in a row after which the receiver counts as away
FAILING = "failing"


def record(session: Session, delivery_id: int, outcome: Outcome) -> bool:
    """Write down how a try went; returns whether the next may follow at once."""
    delivery = session.get(WebhookDelivery, delivery_id, with_for_update=True)
    if delivery is None:  # the webhook was deleted meanwhile
        return False
    webhook = session.get_one(Webhook, delivery.webhook_id, with_for_update=True)
    now = datetime.now(UTC)
    delivery.attempt += 1
    delivery.at, delivery.status, delivery.duration_ms = now, outcome.status, outcome.duration_ms
    delivery.error = outcome.error
    if outcome.is_taken:
        delivery.state, delivery.next_at = DeliveryState.DELIVERED, None
        _taken(session, webhook, now)
        return True
    return _not_taken(session, webhook, delivery, outcome.error, now)


def _taken(session: Session, webhook: Webhook, now: datetime) -> None:
    if webhook.failures >= AWAY:
        # It is back: what was put off while it was away goes now.
        waiting = update(WebhookDelivery).where(
            WebhookDelivery.webhook_id == webhook.id,
            WebhookDelivery.state == DeliveryState.WAITING,
            WebhookDelivery.next_at > now,
        )
        session.execute(waiting.values(next_at=now))
    webhook.failures, webhook.failing_since, webhook.retry_at = 0, None, None
    webhook.last_success_at = now


def _not_taken(
    session: Session, webhook: Webhook, delivery: WebhookDelivery, error: str, now: datetime
) -> bool:
    patience = timedelta(days=get_settings().webhook_pause_days)
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or now
    webhook.last_failure_at, webhook.last_error = now, error
    delivery.next_at = now + wait_after(delivery.attempt)
    if webhook.failing_since < now - patience:
        _pause(session, webhook, now)
        return False
    if delivery.created_at < now - patience:
        # Others are taken, this one is not: what comes after it on its subject must not wait for ever.
        delivery.state, delivery.next_at = DeliveryState.FAILED, None
        return True
    job = Job(SEND_WEBHOOK, {"webhook_id": webhook.id})
    defer_until(session, job, delivery.next_at)
    if webhook.failures < AWAY:
        return True
    webhook.retry_at = now + wait_after(webhook.failures - AWAY + 1)
    defer_until(session, job, webhook.retry_at)
    return False


def _pause(session: Session, webhook: Webhook, now: datetime) -> None:
    """Stop trying, and tell the administrators. What waits stays, and what happens meanwhile waits too."""
    webhook.paused_at, webhook.paused_reason = now, FAILING
    log.warning("webhook paused", webhook=webhook.name, error=webhook.last_error)
    detail = {"name": webhook.name, "days": get_settings().webhook_pause_days, "note": webhook.last_error}
    told = select(Person.id, literal(WEBHOOK_PAUSED), literal(detail, JSONB), func.now()).where(
        Person.role == Role.ADMIN, Person.active
    )
    columns = ["person_id", "kind", "detail", "at"]
    notices = session.scalars(insert(Notice).from_select(columns, told).returning(Notice.id)).all()
    if mail_is_on():
        defer(session, [Job(SEND_MAIL, {"notice_id": id_}) for id_ in notices])
