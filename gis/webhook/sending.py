"""Sending what waits for a webhook: in order within a subject, until taken, by one worker at a time.

A failure holds back its own subject only. Three in a row, of whatever subjects, mean that the receiver is
away: then nothing is sent for a while but one try now and then, and when that is taken all the rest follows.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session, aliased, joinedload

from gis.database import engine, transaction
from gis.errors import CityGridError
from gis.grid.models import City
from gis.jobs.defer import SEND_WEBHOOK, Job, defer
from gis.notice.channels import webhooks as addresses_of_settings
from gis.webhook import forms, keys
from gis.webhook.addresses import parse_target
from gis.webhook.models import DeliveryState, Webhook, WebhookDelivery, WebhookEvent
from gis.webhook.posting import Outcome, post
from gis.webhook.recording import record

BATCH = 50  # deliveries read at a time
RUN_S = 20.0  # then other webhooks have their turn
_LOCKS = 4_209_100_000_000  # advisory locks of webhooks: this, and the id


def send_waiting(webhook_id: int) -> None:
    """Send what is due for a webhook; nothing while it is paused, switched off, or another worker is at it.

    Who finds another worker at it may go: that one looks once more after it has let go, and sees whatever
    was committed before.
    """
    due = True
    while due:
        with _only_one(webhook_id) as is_ours:
            if not is_ours:
                return
            in_time = _send_for_a_while(webhook_id)
        with transaction() as session:
            due = bool(_due(session, webhook_id, 1))
            if due and not in_time:
                defer(session, [Job(SEND_WEBHOOK, {"webhook_id": webhook_id})])
                return


def send_once(webhook: Webhook, event: WebhookEvent, source: str) -> Outcome:
    """One try. What is wrong on our side, such as keys that are lost, is told like a receiver's error."""
    is_trusted = webhook.origin == "settings"
    try:
        target = parse_target(url_of(webhook), is_trusted)
        message = forms.write(event, webhook.mode, source)
        signed = keys.signed(keys.keys_in_force(webhook), int(time.time()), message.body)
    except CityGridError as error:
        return Outcome(None, 0, str(error))
    headers = {
        **message.headers,
        "User-Agent": "citygrid",
        "Citygrid-Event": str(event.uid),
        "Citygrid-Signature": signed,
    }
    return post(target, message.body, headers, is_trusted)


def source_of(session: Session) -> str:
    """Whose events these are; with an event's id its name for ever, so nothing that a setting can change."""
    return f"urn:citygrid:{session.scalar(select(City.code)) or 'city'}"


def url_of(webhook: Webhook) -> str:
    """Where it goes; empty where the settings name it no longer."""
    return webhook.url or addresses_of_settings().get(webhook.name, "")


def _send_for_a_while(webhook_id: int) -> bool:
    """Send what is due; returns false when the time was over before."""
    end = time.monotonic() + RUN_S
    while True:
        with transaction() as session:
            waiting = _due(session, webhook_id, BATCH)
            webhook = session.get(Webhook, webhook_id)
            source = source_of(session)
        if not waiting or webhook is None:
            return True
        for delivery in waiting:
            if time.monotonic() > end:
                return False
            outcome = send_once(webhook, delivery.event, source)
            with transaction() as session:
                if not record(session, delivery.id, outcome):
                    return True


def _due(session: Session, webhook_id: int, limit: int) -> Sequence[WebhookDelivery]:
    """The first of each subject that are due, oldest first, with their events; one only, to try a receiver
    that was away.
    """
    now = datetime.now(UTC)
    webhook = session.get(Webhook, webhook_id)
    if webhook is None or not webhook.active or webhook.paused_at is not None or not url_of(webhook):
        return []
    if webhook.retry_at is not None:
        if webhook.retry_at > now:
            return []
        limit = 1
    before = aliased(WebhookDelivery)
    statement = (
        select(WebhookDelivery)
        .options(joinedload(WebhookDelivery.event))
        .where(
            WebhookDelivery.webhook_id == webhook_id,
            WebhookDelivery.state == DeliveryState.WAITING,
            WebhookDelivery.next_at <= now,
            ~select(before.id)
            .where(
                before.webhook_id == webhook_id,
                before.subject == WebhookDelivery.subject,
                before.state == DeliveryState.WAITING,
                before.id < WebhookDelivery.id,
            )
            .exists(),
        )
        .order_by(WebhookDelivery.next_at, WebhookDelivery.id)
        .limit(limit)
    )
    return session.scalars(statement).all()


@contextmanager
def _only_one(webhook_id: int) -> Iterator[bool]:
    """Whether this is the only worker that sends for a webhook, for as long as the block does.

    The lock is a connection's, not a transaction's: it holds while the other side is asked, and goes with a
    worker that is killed.
    """
    connection = engine().connect().execution_options(isolation_level="AUTOCOMMIT")
    with connection:
        key = {"key": _LOCKS + webhook_id}
        is_ours = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key))
        try:
            yield is_ours
        finally:
            if is_ours:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)
