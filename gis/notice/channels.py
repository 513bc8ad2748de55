"""Where notices go outside: the mail server and the webhooks of the settings; off unless set."""

import hashlib
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from gis.errors import InvalidInput, SetupError
from gis.i18n import _
from gis.settings import get_settings
from gis.webhook.addresses import allowed_networks, parse_target

SMTP_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True)
class MailServer:
    """How mail is handed over; ``encryption`` is "", "starttls" or "tls"."""

    host: str
    port: int
    encryption: str
    user: str | None
    password: str | None


def mail_is_on() -> bool:
    """Whether the city sends e-mail."""
    return get_settings().smtp_url is not None


def mail_server() -> MailServer:
    """The mail server of ``CITYGRID_SMTP_URL``; raises SetupError, without its password, when unusable."""
    url = get_settings().smtp_url
    try:
        parts = urlsplit(url.get_secret_value() if url else "")
        port = parts.port or SMTP_PORTS[parts.scheme]
        host = parts.hostname or ""
    except (KeyError, ValueError):
        host = ""
    if not host or not get_settings().mail_from:
        raise SetupError(
            _(
                "CITYGRID_SMTP_URL must be smtp://, smtp+starttls:// or smtps://[user:password@]host[:port], "
                "and CITYGRID_MAIL_FROM the sender's address"
            )
        )
    if parts.password and parts.scheme == "smtp" and host not in LOOPBACK:
        raise SetupError(_("CITYGRID_SMTP_URL would send its password unencrypted; use smtp+starttls://"))
    encryption = {"smtp": "", "smtp+starttls": "starttls", "smtps": "tls"}[parts.scheme]
    user, password = (unquote(text) if text else None for text in (parts.username, parts.password))
    return MailServer(host, port, encryption, user, password)


def webhooks() -> dict[str, str]:
    """The addresses of ``CITYGRID_WEBHOOK_URLS``, each by a name that tells nothing.

    An address may hold a secret, and a name is stored and logged.
    """
    return {hashlib.sha256(url.encode()).hexdigest()[:16]: url for url in get_settings().webhook_urls.split()}


def require_channels() -> None:
    """Check what is set before anything is sent by it.

    Raises
    ------
    SetupError
        An address cannot be used, or webhooks have no secret to be signed with.
    """
    if mail_is_on():
        mail_server()
    for url in webhooks().values():
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise SetupError(
                _("CITYGRID_WEBHOOK_URLS must be http:// or https:// addresses, with blanks between")
            )
    try:
        allowed_networks(get_settings().webhook_networks)
    except ValueError:
        raise SetupError(_("CITYGRID_WEBHOOK_NETWORKS must be networks such as 127.0.0.0/8")) from None
    if platform := get_settings().platform_url:
        try:
            parse_target(platform, trusted=True)
        except InvalidInput as error:
            raise SetupError(f"CITYGRID_PLATFORM_URL: {error.detail}") from None
    secret = get_settings().webhook_secret
    if webhooks() and (secret is None or not secret.get_secret_value()):
        raise SetupError(_("CITYGRID_WEBHOOK_URLS needs CITYGRID_WEBHOOK_SECRET to sign with"))
