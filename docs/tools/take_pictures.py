"""Take the pictures of the first five minutes: ``python -m docs.tools.take_pictures http://127.0.0.1:8000``.

The service must run with the sample city. Nothing is changed in it: forms are filled in and not sent.
"""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import DESK, PHONE, launch, visit

PICTURES = Path(__file__).parent.parent / "pictures"
COLOURS = 128  # pages are drawn in few; a third of the bytes, and no difference to the eye


@dataclass(frozen=True)
class Shot:
    """A picture: its file, whose page it is, the address, the window, what is done before it is taken."""

    name: str
    role: str | None
    path: str
    size: dict[str, int]
    before: Callable[[Page], None] = lambda _page: None


def choose_class(page: Page) -> None:
    """Fill in a report: a manhole cover, at the middle of the map."""
    page.locator("#class").fill("井盖")
    page.locator("#class-list [role=option]").first.click()
    page.locator("#place-map").click()
    page.locator("#grid:not(:empty)").wait_for()
    page.locator("#class").scroll_into_view_if_needed()


def open_first(page: Page) -> None:
    """Open the first case of the list."""
    page.locator("[data-list] a.open").first.click()
    page.locator("#history").wait_for()
    page.wait_for_load_state("networkidle")


SHOTS = (
    Shot("first-sign-in", None, "/login", DESK),
    Shot("first-home", "acceptor", "/", DESK),
    Shot("first-report-phone", "inspector", "/report", PHONE, choose_class),
    Shot("first-cases-phone", "inspector", "/cases?mine=true", PHONE),
    Shot("first-case", "dispatcher", "/cases?state=filed", DESK, open_first),
    Shot("first-cases", "department", "/cases?mine=true", DESK),
)


def take(browser: Browser, base: str, shot: Shot) -> int:
    """Take one picture; returns its size in bytes."""
    with visit(browser, base, shot.role, size=shot.size) as seen:
        page = seen.go(shot.path)
        shot.before(page)
        page.wait_for_timeout(800)  # maps fade in
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    path = PICTURES / f"{shot.name}.png"
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return path.stat().st_size


def main(base: str) -> None:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for shot in SHOTS:
            sys.stdout.write(f"{shot.name} {take(browser, base, shot)}\n")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
