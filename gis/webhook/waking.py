"""Looking after webhooks that no job was left for, and keeping up those of the settings."""

from datetime import UTC, datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.jobs.defer import SEND_WEBHOOK, Job, defer
from gis.notice.channels import webhooks as addresses_of_settings
from gis.webhook.models import DeliveryState, Mode, Webhook, WebhookDelivery

CASES = ["case.*"]


def wake_webhooks(session: Session) -> None:
    """Leave a job for each webhook that something is due for: a job may have been lost with its worker."""
    now = datetime.now(UTC)
    due = (
        select(WebhookDelivery.id)
        .where(
            WebhookDelivery.webhook_id == Webhook.id,
            WebhookDelivery.state == DeliveryState.WAITING,
            WebhookDelivery.next_at <= now,
        )
        .exists()
    )
    awake = select(Webhook.id).where(
        Webhook.active,
        Webhook.paused_at.is_(None),
        or_(Webhook.retry_at.is_(None), Webhook.retry_at <= now),
        due,
    )
    defer(session, [Job(SEND_WEBHOOK, {"webhook_id": id_}) for id_ in session.scalars(awake)])


def adopt_settings(session: Session) -> None:
    """Make the addresses of ``CITYGRID_WEBHOOK_URLS`` webhooks of their own, and drop those that left it.

    They are told what such an address has always been told: every case, as plain JSON.
    """
    names = list(addresses_of_settings())
    if names:
        rows = [{"name": name, "origin": "settings", "mode": Mode.PLAIN, "types": CASES} for name in names]
        session.execute(insert(Webhook).on_conflict_do_nothing(index_elements=["name"]), rows)
    gone = delete(Webhook).where(Webhook.origin == "settings", Webhook.name.not_in(names))
    session.execute(gone)
