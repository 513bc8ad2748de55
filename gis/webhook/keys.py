"""Keys that deliveries are signed with. No table holds one: it is made of this installation's own secret.

A copy of the database is worth nothing to who wants to sign. A worker on another machine needs the entry
``webhooks`` of ``secrets.json``; without it, it says so instead of signing with what nobody can verify.
"""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

from gis.errors import Conflict
from gis.i18n import _
from gis.secrets import secret
from gis.settings import get_settings
from gis.webhook.models import Webhook

PREFIX = "whsec_"


def mark() -> str:
    """Tells one installation's secret from another's, and nothing of it."""
    return _made("mark")[:8].hex()


def current_key(webhook: Webhook) -> str:
    """The key that a receiver is given."""
    return _key(webhook, webhook.serial)


def keys_in_force(webhook: Webhook, now: datetime | None = None) -> list[str]:
    """The keys to sign with, the newest first; two while a rotation is under way.

    Raises
    ------
    Conflict
        They cannot be made here: the secrets of the installation were replaced, or the settings lost theirs.
    """
    if webhook.origin == "settings":
        given = get_settings().webhook_secret
        if given is None:
            raise Conflict(_("CITYGRID_WEBHOOK_SECRET is not set where this runs"))
        return [given.get_secret_value()]
    if webhook.key_mark != mark():
        raise Conflict(_("The secrets of this installation were replaced; make a new key for the webhook"))
    keys = [current_key(webhook)]
    if webhook.previous_until is not None and webhook.previous_until > (now or datetime.now(UTC)):
        keys.append(_key(webhook, webhook.serial - 1))
    return keys


def signature(key: str, moment: int, body: bytes) -> str:
    """HMAC-SHA256 of ``{moment}.{body}``, hexadecimal; ``moment`` in seconds since 1970, against replay."""
    return hmac.new(key.encode(), b"%d." % moment + body, hashlib.sha256).hexdigest()


def signed(keys: list[str], moment: int, body: bytes) -> str:
    """The header ``Citygrid-Signature``: the time, and a signature by each key in force."""
    return ",".join([f"t={moment}", *(f"v1={signature(key, moment, body)}" for key in keys)])


def _key(webhook: Webhook, serial: int) -> str:
    made = _made(f"{webhook.salt}/{serial}")
    return PREFIX + base64.urlsafe_b64encode(made).decode().rstrip("=")


def _made(name: str) -> bytes:
    return hmac.new(secret("webhooks").encode(), name.encode(), hashlib.sha256).digest()
