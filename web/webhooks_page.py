"""推送: who is told, how each receiver is, what was sent to it, and sending again. For administrators."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from api.dependencies import Actor, DbSession, allow
from gis.case.workflow import ACTIONS
from gis.i18n import N_, _
from gis.people.models import Role
from gis.settings import get_settings
from gis.webhook import queries, service
from gis.webhook.filters import PATTERNS
from gis.webhook.models import DeliveryState, Mode, Webhook
from gis.webhook.queries import Waiting
from gis.webhook.recording import FAILING
from gis.webhook.sending import url_of
from web.rendering import render

router = APIRouter(prefix="/webhooks", include_in_schema=False, dependencies=[Depends(allow(Role.ADMIN))])
PAGE = 50

MODES = {
    Mode.STRUCTURED: N_("CloudEvents in one JSON object"),
    Mode.BINARY: N_("CloudEvents, attributes in headers"),
    Mode.PLAIN: N_("Plain JSON"),
}
STATES = {
    DeliveryState.WAITING: (N_("Waiting"), "clock"),
    DeliveryState.DELIVERED: (N_("Delivered"), "circle-check"),
    DeliveryState.FAILED: (N_("Given up"), "circle-x"),
}
FAMILIES = {"*": N_("Everything"), "case.*": N_("All of cases"), "dataset.*": N_("All of datasets")}


@dataclass(frozen=True)
class Health:
    """How a receiver is, in a word, an icon and a colour."""

    title: str
    icon: str
    lamp: str


@dataclass(frozen=True)
class Row:
    """A webhook as it is listed; ``url``: where it goes, a host only where the settings name it."""

    webhook: Webhook
    url: str
    health: Health
    waiting: Waiting


@router.get("")
def webhooks(request: Request, session: DbSession, actor: Actor) -> Response:
    """All subscriptions, and a form for a new one."""
    stored = queries.all_webhooks(session)
    waiting = queries.waiting_for(session, stored)
    return render(
        request,
        "webhooks.html",
        actor,
        rows=[_row(each, waiting[each.id]) for each in stored],
        modes=MODES,
        types=type_titles(),
    )


@router.get("/{webhook_id}")
def webhook(
    request: Request,
    session: DbSession,
    actor: Actor,
    webhook_id: Annotated[int, Path(ge=1, lt=2**63)],
    state: DeliveryState | None = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """One subscription with its deliveries."""
    found = service.find_webhook(session, webhook_id)
    page = queries.delivery_page(session, webhook_id, PAGE, cursor, state)
    kept = f"state={state}&" if state else ""
    return render(
        request,
        "webhook.html",
        actor,
        row=_row(found, queries.waiting_for(session, [found])[found.id]),
        deliveries=page.items,
        next_address=f"/webhooks/{webhook_id}?{kept}cursor={page.next_cursor}" if page.next_cursor else "",
        state=state,
        offset=datetime.now(get_settings().zone).isoformat()[-6:],
        states=STATES,
        modes=MODES,
        types=type_titles(),
    )


def type_titles() -> dict[str, str]:
    """What may be asked for, in the reader's language: families first, then each type."""
    single = sorted(PATTERNS - FAMILIES.keys())
    return {name: _(title) for name, title in FAMILIES.items()} | {name: type_title(name) for name in single}


def type_title(name: str) -> str:
    """A type in words; its own name where there are none."""
    family, _dot, action = name.partition(".")
    if family == "dataset":
        return _("A dataset was changed")
    lamps = {"turn_yellow": N_("A lamp turned yellow"), "turn_red": N_("A lamp turned red")}
    words = lamps.get(action) or ACTIONS.get(action)
    return _(words) if words else name


def _row(webhook: Webhook, waiting: Waiting) -> Row:
    url = url_of(webhook)
    shown = url if webhook.origin == "person" else url.split("?")[0]
    return Row(webhook, shown, health_of(webhook), waiting)


def health_of(webhook: Webhook) -> Health:
    """How a receiver is, the gravest first."""
    if not webhook.active:
        return Health(_("Switched off"), "circle-minus", "")
    if webhook.paused_at is not None:
        title = _("Paused: it took nothing for days") if webhook.paused_reason == FAILING else _("Paused")
        return Health(title, "circle-pause", "red")
    if webhook.failures:
        return Health(_("Failing, {n} in a row").format(n=webhook.failures), "circle-alert", "yellow")
    if webhook.last_success_at is None:
        return Health(_("Nothing sent yet"), "circle-dashed", "")
    return Health(_("Takes what it is sent"), "circle-check", "green")
