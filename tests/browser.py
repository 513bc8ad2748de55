"""A person at a browser: headless Chromium that notes every request that leaves the app and every error.

WebGL is drawn in software, so that maps are seen on machines without a graphics card. Nothing is fetched at
start-up: whatever reaches the network was asked for by a page.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

DEMO_PASSWORD = "citygrid-demo"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}
ARGUMENTS = (
    "--no-sandbox",  # root runs the tests in containers, where Chromium's sandbox does not start
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    # The network is cut: no name but this machine's is found. Cutting request by request would also turn the
    # browser's cache off, which no reader does.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)

# A busy machine is slow; what never comes is found all the same.
expect.set_options(timeout=20_000)

# Everything of ours that a person can operate, and what a screen reader would call it.
UNLABELLED = """() => {
  const said = (one) => (one?.textContent || '').trim();
  const pointed = (one) => (one.getAttribute('aria-labelledby') || '').split(' ');
  const named = (one) => (one.getAttribute('aria-label') || '').trim() || one.title
    || [...(one.labels || [])].some(said)
    || pointed(one).some((id) => said(document.getElementById(id)))
    || [...one.querySelectorAll('img')].some((picture) => picture.alt.trim())
    || (!one.matches('input, select, textarea') && said(one));
  const controls = 'a[href], button, input:not([type=hidden]), select, textarea, [role=application]';
  return [...document.querySelectorAll(controls)]
    .filter((one) => one.checkVisibility() && !one.closest('.swagger-ui') && !named(one))
    .map((one) => one.outerHTML.slice(0, 120));
}"""
# Controls of ours that a thumb would miss: under 44 px.
TOO_SMALL = """() => {
  const hand = 'button, select, textarea, .button, .bar-tool, .sections a, '
    + 'input:not([type=hidden], [type=checkbox], [type=radio])';
  return [...document.querySelectorAll(hand)]
    .filter((one) => one.checkVisibility() && !one.closest('.maplibregl-map, .leaflet-container'))
    .filter((one) => Math.min(one.offsetHeight, one.offsetWidth) < 44)
    .map((one) => one.outerHTML.slice(0, 120));
}"""


def launch(playwright: Playwright) -> Browser:
    """Chromium of the distribution; Playwright's own would have to be downloaded."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is missing: make test installs it"
    return playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; each visit has a window and cookies of its own."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@dataclass
class Visit:
    """A browser window and what went wrong in it so far."""

    page: Page
    base: str
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the app and wait until nothing is loading any more."""
        self.page.goto(self.base + path)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def check(self) -> None:
        """No request left the app, nothing was refused or thrown, nothing needs sideways scrolling."""
        assert self.outside == [], self.outside
        assert self.errors == [], self.errors
        assert self.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        unlabelled = self.page.evaluate(UNLABELLED)
        assert unlabelled == [], unlabelled

    def note_request(self, request: Request) -> None:
        """What is not the app's own address is noted."""
        if not request.url.startswith((self.base + "/", "data:", "blob:")):
            self.outside.append(request.url)


@contextmanager
def visit(
    browser: Browser,
    base: str,
    role: str | None = None,
    *,
    size: dict[str, int] = DESK,
    locale: str = "zh_CN",
    scheme: str = "light",
    **options: Any,
) -> Iterator[Visit]:
    """A window of its own, signed in as the demo account of a role when one is named."""
    context = browser.new_context(viewport=size, color_scheme=scheme, **options)  # type: ignore[arg-type]
    context.add_cookies([{"name": "citygrid_locale", "value": locale, "url": base}])
    if role:
        sign_in(context, base, role)
    seen = Visit(context.new_page(), base)
    context.on("request", seen.note_request)
    seen.page.on("console", lambda message: _note(seen, message))
    seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
    try:
        yield seen
    finally:
        context.close()


def sign_in(context: BrowserContext, base: str, login: str, password: str = DEMO_PASSWORD) -> None:
    """Send the sign-in form as a browser would."""
    form = context.request.get(f"{base}/login").text()
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token, "the sign-in form carries no CSRF token"
    answer = context.request.post(
        f"{base}/login", form={"login": login, "password": password, "csrf_token": token[1]}, max_redirects=0
    )
    assert answer.status == 303, f"{login} could not sign in: {answer.status}"


def _note(seen: Visit, message: ConsoleMessage) -> None:
    # An answer that is an error by design (the 404 page) is told here too; its status is tested itself.
    if message.type == "error" and "the server responded with a status of 4" not in message.text:
        seen.errors.append(message.text)
