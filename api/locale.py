"""The reader's language: the cookie of their choice, else what the browser asks for, else Chinese."""

from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from gis.i18n import DEFAULT_LOCALE, LOCALES, in_locale


def wanted_locale(headers: Headers) -> str:
    """One of :data:`gis.i18n.LOCALES`."""
    try:
        chosen = SimpleCookie(headers.get("cookie", "")).get("citygrid_locale")
    except CookieError:
        chosen = None
    if chosen is not None and chosen.value in LOCALES:
        return chosen.value
    ranked = []
    for position, part in enumerate(headers.get("accept-language", "").split(",")):
        name, _semicolon, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            weight = 0.0
        if weight > 0:
            ranked.append((-weight, position, name.lower()))
    for _weight, _position, name in sorted(ranked):
        if name.startswith("zh"):
            return "zh_CN"
        if name.startswith("en"):
            return "en"
    return DEFAULT_LOCALE


class LocaleMiddleware:
    """ASGI, not a dependency: a context variable set in a sync dependency would not reach the route."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with in_locale(wanted_locale(Headers(scope=scope))):
            await self.app(scope, receive, send)
