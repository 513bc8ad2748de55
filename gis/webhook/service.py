"""Subscribing, changing, trying and repeating. Services flush; whoever opened the transaction commits."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import CursorResult, select, text
from sqlalchemy.orm import Session

from gis.database import transaction
from gis.errors import Conflict, InvalidInput, NotFound, Stale, TooLarge
from gis.i18n import _
from gis.jobs.defer import SEND_WEBHOOK, Job, defer
from gis.people.models import Person
from gis.webhook.addresses import parse_target
from gis.webhook.filters import check_filters, check_types
from gis.webhook.keys import current_key, mark
from gis.webhook.models import DeliveryState, Mode, Webhook, WebhookDelivery, WebhookEvent
from gis.webhook.outbox import WANTS
from gis.webhook.posting import Outcome
from gis.webhook.sending import send_once, source_of

MOST_WEBHOOKS = 100
MOST_REPLAYED = 100_000
TEST_TYPE = "webhook.test"
BY_HAND = "by_hand"
FILTERS = ("areas", "classes", "departments")


@dataclass(frozen=True)
class Wish:
    """What a subscription is to be; ``None``: as it is."""

    name: str | None = None
    url: str | None = None
    mode: Mode | None = None
    types: Sequence[str] | None = None
    areas: Sequence[str] | None = None
    classes: Sequence[str] | None = None
    departments: Sequence[str] | None = None
    active: bool | None = None
    paused: bool | None = None

    def given(self) -> dict[str, Any]:
        """What it says, without what is to stay."""
        return {name: value for name, value in vars(self).items() if value is not None}


def create_webhook(session: Session, actor: Person, wish: Wish) -> tuple[Webhook, str]:
    """Subscribe an address; returns it and the key that it is signed with, which is told this once.

    Raises
    ------
    InvalidInput
        The address may not be used, or a type, area, class or department is not known.
    Conflict
        The name is taken, or there are too many.
    """
    if len(session.scalars(select(Webhook.id).limit(MOST_WEBHOOKS)).all()) >= MOST_WEBHOOKS:
        raise Conflict(_("There are {most} webhooks; delete one first").format(most=MOST_WEBHOOKS))
    webhook = Webhook(
        origin="person", salt=secrets.token_hex(16), serial=1, key_mark=mark(), created_by=actor.id,
        types=[], areas=[], classes=[], departments=[],
    )  # fmt: skip
    _apply(session, webhook, wish)
    session.add(webhook)
    session.flush()
    session.refresh(webhook)
    return webhook, current_key(webhook)


def change_webhook(session: Session, webhook_id: int, wish: Wish, version: int | None) -> Webhook:
    """Change a subscription; what waits for it goes by the new address, in the new form.

    Raises
    ------
    NotFound, Stale
        It is not there, or was changed since ``version``.
    Conflict
        It stands in the settings, where all but its pause is changed; or the name is taken.
    """
    webhook = _locked(session, webhook_id, version)
    if webhook.origin == "settings" and wish.given().keys() - {"paused"}:
        raise Conflict(_("This webhook stands in CITYGRID_WEBHOOK_URLS; change it there"))
    _apply(session, webhook, wish)
    webhook.version += 1
    session.flush()
    defer(session, [Job(SEND_WEBHOOK, {"webhook_id": webhook.id})])
    return webhook


def delete_webhook(session: Session, webhook_id: int, version: int | None) -> None:
    """End a subscription; what waits for it is never sent."""
    webhook = _locked(session, webhook_id, version)
    if webhook.origin == "settings":
        raise Conflict(_("This webhook stands in CITYGRID_WEBHOOK_URLS; take it out there"))
    session.delete(webhook)
    session.flush()


def rotate_key(session: Session, webhook_id: int, hours: int) -> tuple[Webhook, str]:
    """Make a new key; what is sent carries signatures by both until the old one ends after ``hours``."""
    webhook = _locked(session, webhook_id, None)
    if webhook.origin == "settings":
        raise Conflict(_("Its key is CITYGRID_WEBHOOK_SECRET; change it there"))
    was_ours = webhook.key_mark == mark()
    webhook.serial += 1
    webhook.key_mark = mark()
    webhook.previous_until = datetime.now(UTC) + timedelta(hours=hours) if hours and was_ours else None
    webhook.version += 1
    session.flush()
    return webhook, current_key(webhook)


def find_webhook(session: Session, webhook_id: int) -> Webhook:
    """A subscription; NotFound where it is not there."""
    webhook = session.get(Webhook, webhook_id)
    if webhook is None:
        raise NotFound(_("There is no webhook {id}").format(id=webhook_id))
    return webhook


def try_webhook(webhook_id: int) -> Outcome:
    """Send a test event now, whatever the filter says, and tell what came back. Nothing is kept of it.

    Opens its own transaction, over before the other side is asked.
    """
    with transaction() as session:
        webhook = find_webhook(session, webhook_id)
        source = source_of(session)
    test = WebhookEvent(
        uid=uuid4(), type=TEST_TYPE, subject=webhook.name, at=datetime.now(UTC),
        data={"webhook": {"name": webhook.name}},
    )  # fmt: skip
    return send_once(webhook, test, source)


def replay_delivery(session: Session, webhook_id: int, delivery_id: int) -> WebhookDelivery:
    """Send the event of a delivery again, under the same id; the delivery itself stays as it was."""
    webhook = find_webhook(session, webhook_id)
    old = session.get(WebhookDelivery, delivery_id)
    if old is None or old.webhook_id != webhook.id:
        raise NotFound(_("There is no delivery {id} of this webhook").format(id=delivery_id))
    if old.state is DeliveryState.WAITING:
        raise Conflict(_("This delivery still waits to be sent"))
    new = WebhookDelivery(
        webhook_id=webhook.id,
        event=session.get_one(WebhookEvent, old.event_id),
        subject=old.subject,
        next_at=datetime.now(UTC),
    )
    session.add(new)
    session.flush()
    session.refresh(new, ["created_at", "state", "attempt", "error"])
    defer(session, [Job(SEND_WEBHOOK, {"webhook_id": webhook.id})])
    return new


_SPAN = (
    f" FROM webhook_event AS e JOIN webhook AS w ON w.id = :webhook_id AND {WANTS}"
    " WHERE e.at >= :begin AND e.at < :until AND (CAST(:types AS varchar[]) IS NULL OR"
    " CAST(:types AS varchar[]) && ARRAY['*', split_part(e.type, '.', 1) || '.*', e.type]::varchar[])"
)


def replay_span(
    session: Session, webhook_id: int, begin: datetime, until: datetime, types: Sequence[str] | None
) -> int:
    """Send again what happened from ``begin`` to before ``until`` and the webhook asks for, in order.

    Returns how many events that are.

    Raises
    ------
    InvalidInput
        The span ends before it begins, or a type is not known.
    TooLarge
        There are more than :data:`MOST_REPLAYED`; none is sent.
    """
    webhook = find_webhook(session, webhook_id)
    if until <= begin:
        raise InvalidInput(_("The span ends before it begins"), errors=[{"pointer": "/to"}])
    check_types(types or ())
    values = {
        "webhook_id": webhook.id, "begin": begin, "until": until,
        "types": list(types) if types else None, "most": MOST_REPLAYED + 1,
    }  # fmt: skip
    count = session.scalar(text(f"SELECT count(*) FROM (SELECT{_SPAN} LIMIT :most) AS counted"), values) or 0
    if count > MOST_REPLAYED:
        raise TooLarge(_("There are more than {most} events; take a shorter span").format(most=MOST_REPLAYED))
    made = session.execute(
        text(
            "INSERT INTO webhook_delivery (webhook_id, event_id, subject, next_at)"
            f" SELECT w.id, e.id, e.subject, now(){_SPAN} ORDER BY e.id"
        ),
        values,
    )
    defer(session, [Job(SEND_WEBHOOK, {"webhook_id": webhook.id})])
    return made.rowcount if isinstance(made, CursorResult) else 0


def _apply(session: Session, webhook: Webhook, wish: Wish) -> None:
    given = wish.given()
    paused = given.pop("paused", None)
    if (url := given.get("url")) is not None:
        parse_target(url)
    if (types := given.get("types")) is not None:
        check_types(types, needed=True)
    check_filters(session, **{name: given.get(name, ()) for name in FILTERS})
    if (name := given.get("name")) is not None:
        _refuse_taken_name(session, webhook, name)
    for name, value in given.items():
        setattr(webhook, name, list(dict.fromkeys(value)) if name in ("types", *FILTERS) else value)
    if paused is False or "url" in given:  # it is given another chance from now on
        webhook.paused_at, webhook.paused_reason = None, ""
        webhook.failures, webhook.failing_since, webhook.retry_at = 0, None, None
    elif paused and webhook.paused_at is None:
        webhook.paused_at, webhook.paused_reason = datetime.now(UTC), BY_HAND


def _refuse_taken_name(session: Session, webhook: Webhook, name: str) -> None:
    if not name.strip() or any(ord(sign) < 0x20 for sign in name):
        raise InvalidInput(_("A webhook needs a name"), errors=[{"pointer": "/name"}])
    with session.no_autoflush:
        other = session.scalar(select(Webhook.id).where(Webhook.name == name))
    if other is not None and other != webhook.id:
        raise Conflict(_("There is a webhook of the name {name} already").format(name=name))


def _locked(session: Session, webhook_id: int, version: int | None) -> Webhook:
    webhook = session.get(Webhook, webhook_id, with_for_update=True, populate_existing=True)
    if webhook is None:
        raise NotFound(_("There is no webhook {id}").format(id=webhook_id))
    if version is not None and version != webhook.version:
        raise Stale(
            _("The webhook is now at version {now}, you saw {seen}").format(
                now=webhook.version, seen=version
            ),
            version=webhook.version,
        )
    return webhook
