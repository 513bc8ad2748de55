"""The phone app itself: how it looks, what it keeps, how it is installed."""

import io

import httpx2
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.browser import sign_in
from tests.phone import (
    check,
    go,
    open_app,
    phone,
)  # fmt: skip
from web.inspect_classes import class_list, spelt
from web.inspect_icons import app_icon
from web.inspect_offline import app_mark, kept_addresses, worker_script

# ---- How it looks, and what it is made of ------------------------------------------------------------------


@pytest.mark.parametrize(("theme", "locale"), [("light", "zh_CN"), ("dark", "zh_CN"), ("sunlight", "en")])
def test_every_view_fits_a_small_phone(live_server: str, browser: Browser, theme: str, locale: str) -> None:
    with phone(browser, live_server, locale=locale) as seen:
        seen.page.add_init_script(f"localStorage.setItem('citygrid-inspect-theme', '{theme}')")
        page = open_app(seen)
        for view in ("report", "tasks", "queue", "cases", "patrol"):
            go(page, view)
            page.wait_for_load_state("networkidle")
            expect(page.locator("h1")).to_be_visible()
            check(seen)
        for opener in ("#settings-open", "#class-open"):
            go(page, "report")
            page.locator(opener).click()
            check(seen)
            page.keyboard.press("Escape")


# Words whose contrast with what lies behind them is under 7:1, as WCAG counts it
INK = """(selectors) => {
  const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const read = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const colour = read(getComputedStyle(at).backgroundColor);
      if (colour[3] === undefined || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const ratio = (one) => {
    const [a, b] = [light(read(getComputedStyle(one).color)), light(ground(one))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  return [...document.querySelectorAll(selectors)]
    .filter((one) => one.checkVisibility() && one.textContent.trim() && ratio(one) < 7)
    .map((one) => [ratio(one), one.outerHTML.slice(0, 80)]);
}"""


@pytest.mark.parametrize("theme", ["light", "dark", "sunlight"])
def test_words_are_read_in_the_sun(live_server: str, browser: Browser, theme: str) -> None:
    """Contrast of at least 7:1, the AAA of WCAG, in every theme."""
    with phone(browser, live_server) as seen:
        seen.page.add_init_script(f"localStorage.setItem('citygrid-inspect-theme', '{theme}')")
        page = open_app(seen)
        for view in ("report", "tasks", "queue", "cases", "patrol"):
            go(page, view)
            assert (
                page.evaluate(INK, "h1, h2, h3, p, b, a, button, label, .quiet, .lamp, .badge, .caption")
                == []
            )


def test_sunlight_is_one_press_away_and_stays(live_server: str, browser: Browser) -> None:
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        page.locator("#sunlight").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "sunlight")
        page.reload()
        expect(page.locator("html")).to_have_attribute("data-theme", "sunlight")
        page.locator("#sunlight").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "")


def test_language_changes_without_signal_too(live_server: str, browser: Browser) -> None:
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        seen.page.context.set_offline(True)
        page.locator("#settings-open").click()
        page.locator("#locales").get_by_text("English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("#send")).to_have_text("Report")
        seen.page.context.set_offline(False)
        page.reload()
        page.locator("body[data-ready]").wait_for()
        page.wait_for_load_state("networkidle")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        check(seen)


def test_keys_lead_through_the_views(live_server: str, browser: Browser) -> None:
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        page.keyboard.press("3")
        expect(page.locator("#view-queue")).to_be_visible()
        page.keyboard.press("1")
        expect(page.locator("#view-report")).to_be_visible()
        page.keyboard.press("c")
        expect(page.locator("#sheet-class")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#sheet-class")).to_be_hidden()
        page.locator("#description").fill("12345")
        expect(page.locator("#view-report")).to_be_visible()


def test_new_version_waits_until_the_person_takes_it(
    live_server: str, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        page.locator("#description").fill("写到一半")
        newer = worker_script().replace(app_mark(), "newer")
        monkeypatch.setattr("web.inspect_app.worker_script", lambda: newer)
        page.evaluate("navigator.serviceWorker.ready.then((one) => one.update()).then(() => 0)")
        expect(page.locator("#bar-update")).to_be_visible()
        with page.expect_navigation():
            page.locator("#update").click()
        page.locator("body[data-ready]").wait_for()
        expect(page.locator("#bar-update")).to_be_hidden()
        expect(page.locator("#description")).to_have_value("写到一半")
        shells = "caches.keys().then((all) => all.filter((one) => one.startsWith('inspect-shell-')))"
        assert page.evaluate(shells) == ["inspect-shell-newer"]
        check(seen)


def test_what_lies_on_the_phone_is_nobodys(live_server: str) -> None:
    """The shell is kept for weeks: the same for a stranger, and without a mark of any session."""
    stranger = httpx2.get(f"{live_server}/inspect").text
    assert "csrf" not in stranger
    for address in kept_addresses():
        assert httpx2.get(f"{live_server}{address}").status_code == 200, address


def test_session_tells_who_is_there_and_nothing_is_kept(live_server: str, browser: Browser) -> None:
    answer = httpx2.get(f"{live_server}/inspect/session")
    assert answer.json()["person"] is None
    assert answer.headers["cache-control"] == "no-store"
    context = browser.new_context()
    sign_in(context, live_server, "inspector")
    told = context.request.get(f"{live_server}/inspect/session").json()
    assert told["person"]["login"] == "inspector"
    context.close()


def test_app_can_be_installed(live_server: str) -> None:
    manifest = httpx2.get(f"{live_server}/inspect/manifest.webmanifest").json()
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == (
        "/inspect",
        "/inspect",
        "standalone",
    )
    for one in manifest["icons"]:
        picture = Image.open(io.BytesIO(httpx2.get(live_server + one["src"]).content))
        assert f"{picture.width}x{picture.height}" == one["sizes"]
    assert httpx2.get(f"{live_server}/inspect/icon-193.png").status_code == 404


def test_worker_may_serve_the_app_and_names_its_files() -> None:
    script = worker_script()
    assert all(address in script for address in kept_addresses())


def test_worker_is_asked_for_anew_each_time(live_server: str) -> None:
    answer = httpx2.get(f"{live_server}/inspect/sw.js")
    assert answer.headers["service-worker-allowed"] == "/inspect"
    assert answer.headers["cache-control"] == "no-cache"


def test_icon_that_may_be_cut_is_filled_to_its_corners() -> None:
    cut = Image.open(io.BytesIO(app_icon(512, maskable=True))).convert("RGBA")
    plain = Image.open(io.BytesIO(app_icon(512))).convert("RGBA")
    assert cut.getpixel((0, 0)) == (0x12, 0x23, 0x2D, 255)
    assert plain.getpixel((0, 0))[3] == 0
    assert cut.getpixel((256, 256)) == plain.getpixel((256, 256)) == (0xF2, 0xA3, 0x3A, 255)


def test_each_class_is_spelt_sign_by_sign() -> None:
    assert spelt("井盖") == "jing gai|ge"
    assert spelt("燃气调压站（箱）") == "ran qi diao|tiao ya zhan xiang"
    for one in class_list()["classes"]:
        signs = [sign for sign in one["name_zh"] if "\u4e00" <= sign <= "\u9fff"]
        assert len(one["sounds"].split()) == len(signs), one
