"""Take the pictures of the pages: ``python -m docs.tools.take_pictures http://127.0.0.1:8000 [NAME …]``.

The service must run with the sample city. Nothing is changed in it: forms are filled in and not sent.
"""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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


def open_at_desk(page: Page) -> None:
    """Open the first case of the desk's list, with all that stands beside it."""
    page.locator("#rows a.open").first.click()
    page.locator("[data-part=case] .steps > li").first.wait_for()
    page.wait_for_function("() => document.getElementById('map').shown?.map?.loaded()")
    page.wait_for_load_state("networkidle")


def ask_suspension(page: Page) -> None:
    """The form by which a department asks for time, filled in."""
    page.locator("#rows li:has([data-lamp=green]) a.open").first.click()
    page.locator("[data-action=ask_suspension]").click()
    page.locator("#act-until").fill(f"{datetime.now(UTC) + timedelta(days=10):%Y-%m-%d}T18:00")
    page.locator("#act-note").fill("等待备件到货")


def follow_first(page: Page) -> None:
    """The public page of a case that somebody works on; only the desk knows a number."""
    number = page.locator("#rows li").first.get_attribute("data-no")
    page.goto(page.url.partition("/desk")[0] + f"/track/{number}")


SHOTS = (
    Shot("first-sign-in", None, "/login", DESK),
    Shot("first-home", "acceptor", "/", DESK),
    Shot("first-report-phone", "inspector", "/report", PHONE, choose_class),
    Shot("first-cases-phone", "inspector", "/cases?mine=true", PHONE),
    Shot("first-case", "dispatcher", "/cases?state=filed", DESK, open_first),
    Shot("first-cases", "department", "/cases?mine=true", DESK),
    Shot("desk-dispatcher", "dispatcher", "/desk?queue=dispatch", DESK, open_at_desk),
    Shot("desk-department", "department", "/desk?queue=dispose&state=accepted", DESK, ask_suspension),
    Shot("desk-phone", "dispatcher", "/desk?queue=dispose", PHONE),
    Shot("track", "evaluator", "/desk?queue=open&state=accepted", PHONE, follow_first),
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


def main(base: str, *names: str) -> None:
    """Take the pictures of these names; all of them when none is named."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for shot in SHOTS:
            if names and shot.name not in names:
                continue
            sys.stdout.write(f"{shot.name} {take(browser, base, shot)}\n")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
