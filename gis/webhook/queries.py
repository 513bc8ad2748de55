"""Webhooks and their deliveries as they are read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from gis.page import Page, read_cursor, write_cursor
from gis.webhook.models import DeliveryState, Webhook, WebhookDelivery

MOST_COUNTED = 10_000  # of what waits: beyond that it only matters that there is much


@dataclass(frozen=True)
class Waiting:
    """What waits for a webhook: how much, counted up to :data:`MOST_COUNTED`, and when the next is tried."""

    count: int
    next_at: datetime | None


def all_webhooks(session: Session) -> Sequence[Webhook]:
    """Every subscription, by name; there are a hundred at most."""
    return session.scalars(select(Webhook).order_by(Webhook.name)).all()


def waiting_for(session: Session, webhooks: Collection[Webhook]) -> dict[int, Waiting]:
    """What waits for each, by its id."""
    found = {}
    for webhook in webhooks:
        theirs = WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.state == DeliveryState.WAITING
        some = select(WebhookDelivery.id).where(*theirs).limit(MOST_COUNTED).subquery()
        count = session.scalar(select(func.count()).select_from(some)) or 0
        next_at = session.scalar(select(func.min(WebhookDelivery.next_at)).where(*theirs))
        if next_at is not None and webhook.retry_at is not None:
            next_at = max(next_at, webhook.retry_at)
        is_sent = webhook.active and webhook.paused_at is None
        found[webhook.id] = Waiting(count, next_at if is_sent else None)
    return found


def delivery_page(
    session: Session,
    webhook_id: int,
    limit: int = 50,
    cursor: str | None = None,
    state: DeliveryState | None = None,
) -> Page[WebhookDelivery]:
    """Deliveries of a webhook with their events, newest first."""
    statement = (
        select(WebhookDelivery)
        .options(joinedload(WebhookDelivery.event))
        .where(WebhookDelivery.webhook_id == webhook_id)
        .order_by(WebhookDelivery.id.desc())
    )
    if state is not None:
        statement = statement.where(WebhookDelivery.state == state)
    if cursor is not None:
        (last,) = read_cursor(cursor, int)
        statement = statement.where(WebhookDelivery.id < last)
    rows = session.scalars(statement.limit(limit + 1)).all()
    following = write_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page(rows[:limit], following)
