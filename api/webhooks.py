"""推送 over HTTP: who is told of what, how the telling goes, and telling again."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from api.cases import etag, next_address
from api.dependencies import Actor, DbSession, Limit, SeenVersion, allow
from api.detached import allow_detached
from api.shapes import ListOf
from api.webhook_shapes import (
    DeliveryOut,
    ReplayedOut,
    RotateIn,
    SpanIn,
    TestOut,
    WebhookChange,
    WebhookIn,
    WebhookOut,
)
from gis.people.models import Role
from gis.webhook import queries, service
from gis.webhook.models import DeliveryState, Webhook

router = APIRouter(prefix="/api/v1/webhooks", tags=["webhooks"])
admin = Depends(allow(Role.ADMIN))
Id = Annotated[int, Path(ge=1, lt=2**63)]


@router.post("", status_code=201, dependencies=[admin])
def create(session: DbSession, actor: Actor, body: WebhookIn, response: Response) -> WebhookOut:
    """Subscribe an address. ``secret``, which deliveries are signed with, is told in this answer only."""
    webhook, secret = service.create_webhook(session, actor, body.wish())
    response.headers["Location"] = f"/api/v1/webhooks/{webhook.id}"
    return _answer(session, webhook, response, secret)


@router.get("", dependencies=[admin])
def list_webhooks(session: DbSession) -> ListOf:
    """All subscriptions by name, a hundred at most, and how their receivers are."""
    webhooks = queries.all_webhooks(session)
    waiting = queries.waiting_for(session, webhooks)
    return ListOf(items=[WebhookOut.of(each, waiting[each.id]) for each in webhooks])


@router.get("/{webhook_id}", dependencies=[admin])
def read(session: DbSession, webhook_id: Id, response: Response) -> WebhookOut:
    """One subscription. Its ``ETag`` goes into ``If-Match`` of a change."""
    return _answer(session, service.find_webhook(session, webhook_id), response)


@router.patch("/{webhook_id}", dependencies=[admin])
def change(
    session: DbSession, webhook_id: Id, body: WebhookChange, version: SeenVersion, response: Response
) -> WebhookOut:
    """Change a subscription, pause it, let it go on. With ``If-Match``: 412 when it was changed since."""
    return _answer(session, service.change_webhook(session, webhook_id, body.wish(), version), response)


@router.delete("/{webhook_id}", status_code=204, dependencies=[admin])
def delete(session: DbSession, webhook_id: Id, version: SeenVersion) -> None:
    """End a subscription; what waits for it is not sent any more."""
    service.delete_webhook(session, webhook_id, version)


@router.post("/{webhook_id}/secret", dependencies=[admin])
def rotate(session: DbSession, webhook_id: Id, body: RotateIn, response: Response) -> WebhookOut:
    """Make a new key, told in this answer only; the one before signs too for ``hours`` more."""
    webhook, secret = service.rotate_key(session, webhook_id, body.hours)
    return _answer(session, webhook, response, secret)


@router.post("/{webhook_id}/test", dependencies=[Depends(allow_detached(Role.ADMIN))])
def test(webhook_id: Id) -> TestOut:
    """Send a test event now, of the type ``webhook.test``, and tell what came back."""
    return TestOut.of(service.try_webhook(webhook_id))


@router.get("/{webhook_id}/deliveries", dependencies=[admin])
def list_deliveries(
    request: Request,
    session: DbSession,
    webhook_id: Id,
    limit: Limit,
    state: DeliveryState | None = None,
    cursor: str | None = None,
) -> ListOf:
    """What was sent and what waits, newest first; ``state=failed``: what was given up."""
    service.find_webhook(session, webhook_id)
    page = queries.delivery_page(session, webhook_id, limit, cursor, state)
    items = [DeliveryOut.of(row) for row in page.items]
    return ListOf(items=items, next=next_address(request, page.next_cursor))


@router.post("/{webhook_id}/deliveries/{delivery_id}/replay", status_code=202, dependencies=[admin])
def replay_one(session: DbSession, webhook_id: Id, delivery_id: Id) -> DeliveryOut:
    """Send the event of a delivery again, as a new delivery under the event's old id."""
    return DeliveryOut.of(service.replay_delivery(session, webhook_id, delivery_id))


@router.post("/{webhook_id}/replay", status_code=202, dependencies=[admin])
def replay_span(session: DbSession, webhook_id: Id, body: SpanIn) -> ReplayedOut:
    """Send again what happened in a span of time, as far as the subscription asks for it, in order."""
    return ReplayedOut(events=service.replay_span(session, webhook_id, body.begin, body.to, body.types))


def _answer(
    session: DbSession, webhook: Webhook, response: Response, secret: str | None = None
) -> WebhookOut:
    response.headers["ETag"] = etag(webhook.version)
    if secret:
        response.headers["Cache-Control"] = "no-store"
    return WebhookOut.of(webhook, queries.waiting_for(session, [webhook])[webhook.id], secret)
