"""What the browser may do with our answers: a strict content security policy, and its named exceptions.

A page asks for an exception before it is rendered, and only for itself::

    allow_also(request, "img-src", "https://tiles.example")
"""

import secrets
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: dict[str, tuple[str, ...]] = {
    "default-src": ("'self'",),
    "script-src": ("'self'", "{nonce}"),
    "style-src": ("'self'", "{nonce}"),
    # The component library and Leaflet place things by style attributes. They can hide, not run, anything.
    "style-src-attr": ("'unsafe-inline'",),
    "img-src": ("'self'", "data:", "blob:"),
    "font-src": ("'self'", "data:"),
    "connect-src": ("'self'",),
    "worker-src": ("'self'", "blob:"),
    "object-src": ("'none'",),
    "base-uri": ("'none'",),
    "form-action": ("'self'",),
    "frame-ancestors": ("'self'",),
}
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
}


def csp_nonce(request: Request) -> str:
    """The mark that this answer's own inline scripts and styles carry."""
    return str(_state(request.scope).setdefault("csp_nonce", secrets.token_urlsafe(16)))


def allow_also(request: Request, directive: str, *sources: str) -> None:
    """Widen the policy of this one answer, e.g. for a library that writes ``style`` attributes."""
    _state(request.scope).setdefault("csp_also", {}).setdefault(directive, []).extend(sources)


def policy(nonce: str, also: dict[str, list[str]] | None = None) -> str:
    """The header's text, base policy and exceptions together."""
    directives = {name: list(sources) for name, sources in POLICY.items()}
    for name, sources in (also or {}).items():
        directives.setdefault(name, []).extend(sources)
    return "; ".join(
        f"{name} {' '.join(sources)}".replace("{nonce}", f"'nonce-{nonce}'")
        for name, sources in directives.items()
    )


def _state(scope: Scope) -> dict[str, Any]:
    state: dict[str, Any] = scope.setdefault("state", {})
    return state


class SecurityHeaders:
    """ASGI middleware: puts the headers on every answer that does not carry its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = _state(scope)
        nonce = state.setdefault("csp_nonce", secrets.token_urlsafe(16))

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("content-security-policy", policy(nonce, state.get("csp_also")))
            await send(message)

        await self.app(scope, receive, with_headers)
