"""The phone app as a person holds it: a browser of 360 px that knows its place."""

import io
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from tests.browser import PHONE, TOO_SMALL, Visit, visit
from tests.small_city import AsRole

# In the middle of the small city, in an inspector's own grids
LON, LAT = 109.9923, 39.8224
# What Chromium itself writes when a request finds no network; that is what these tests are about
CUT = re.compile(r"net::ERR_(INTERNET_DISCONNECTED|FAILED|NETWORK_CHANGED|ABORTED)")

WORKER_IS_THERE = """() => navigator.serviceWorker.controller !== null || new Promise((done) => {
  navigator.serviceWorker.addEventListener('controllerchange', () => done(true), { once: true });
})"""


@contextmanager
def phone(
    browser: Browser,
    base: str,
    role: str | None = "inspector",
    lon: float = LON,
    lat: float = LAT,
    **options: Any,
) -> Iterator[Visit]:
    """A phone that knows its place, signed in as an inspector."""
    here = {"longitude": lon, "latitude": lat, "accuracy": 8}
    given = {"size": PHONE, "has_touch": True, "geolocation": here, "permissions": ["geolocation"]} | options
    with visit(browser, base, role, **given) as seen:
        yield seen


def open_app(seen: Visit, address: str = "/inspect") -> Page:
    """Open the app and wait until it is there and would open without signal."""
    page = seen.page
    page.goto(seen.base + address)
    page.locator("body[data-ready]").wait_for()
    page.evaluate(WORKER_IS_THERE)
    return page


def check(seen: Visit) -> None:
    """Nothing left the app, nothing was thrown, nothing is too wide, too small or without a name."""
    seen.errors[:] = [error for error in seen.errors if not CUT.search(error)]
    seen.check()
    assert seen.page.evaluate(TOO_SMALL) == []


def photo(seed: int, size: tuple[int, int] = (900, 700), exif: Image.Exif | None = None) -> FilePayload:
    """A picture that JPEG cannot make small, so that it travels in several pieces."""
    noise = random.Random(seed).randbytes(size[0] * size[1] * 3)  # noqa: S311 - a picture
    out = io.BytesIO()
    Image.frombytes("RGB", size, noise).save(out, "JPEG", quality=90, exif=exif or Image.Exif())
    return {"name": f"现场{seed}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def choose(page: Page, typed: str, name: str) -> None:
    """Choose a class by what is typed."""
    page.locator("#class-open").click()
    page.locator("#class-search").fill(typed)
    page.locator("#class-tiles .tile").filter(has_text=name).first.click()
    expect(page.locator("#class-name")).to_have_text(name)


def fill_in(page: Page, words: str, photos: list[FilePayload], name: str = "道路积水") -> None:
    """Everything of a report but the last press."""
    expect(page.locator("#place-how")).to_contain_text("8")
    choose(page, name, name)
    page.locator("#report-photos [data-from=choose]").set_input_files(photos)
    expect(page.locator("#report-photos .thumbs li")).to_have_count(len(photos))
    page.locator("#description").fill(words)


def report(page: Page) -> None:
    """The last press; cases nearby are others."""
    page.locator("#send").click()
    none = page.locator("#similar-none")
    expect(page.locator("#report-done:visible, #similar-none:visible")).to_have_count(1, timeout=10_000)
    if none.is_visible():
        none.click()
    expect(page.locator("#report-done")).to_be_visible()


def go(page: Page, view: str) -> None:
    """Press a tab."""
    page.locator(f".tabs [data-view={view}]").click()
    expect(page.locator(f"#view-{view}")).to_be_visible()


def cases_about(as_role: AsRole, words: str) -> list[dict[str, Any]]:
    """Cases of the service with these words, as the acceptor sees them."""
    answer = as_role("acceptor").get("/api/v1/cases", params={"q": words})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def photos_of(as_role: AsRole, case_no: str) -> list[dict[str, Any]]:
    """Photos that the service has of a case."""
    found: list[dict[str, Any]] = (
        as_role("acceptor").get(f"/api/v1/cases/{case_no}/attachments").json()["items"]
    )
    return found


def unsent(page: Page) -> Locator:
    """Cards of the queue that have not arrived."""
    return page.locator("#queue-list .card:not([data-state=done])")


def arrived(page: Page) -> Locator:
    """Cards of the queue that have."""
    return page.locator("#queue-list .card[data-state=done]")
