"""A section drawing in a page: pointing, choosing, keys and measuring, under a strict content policy."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from layers.section import DrawOptions, draw_cross_section, svg
from tests.section_examples import crossing, section

STATIC = Path(__file__).resolve().parent.parent / "web" / "static"
BASE = "http://127.0.0.1:9"  # nothing listens there: every answer is given below
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html; charset=utf-8"}
START = """
import { bindSection } from "/section/section.js";
const svg = document.querySelector("svg");
window.told = [];
window.section = bindSection(svg);
for (const name of ["section-select", "section-measure"]) {
  svg.addEventListener(name, (event) => window.told.push([name, event.detail]));
}
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with one drawing at 1:100 by 1:100: water DN400 at 2 m, gas DN400 at 12 m one metre lower."""
    cut = section(
        [crossing(12.0, "TR", 400, 1318.0), crossing(2.0, "JP", 400, 1319.0), crossing(6.0, "YS", 800, None)],
        14.0,
    )
    options = DrawOptions(scale_h=100, scale_v=100, is_sheet=False, locale="zh_CN")
    drawing = svg.render(draw_cross_section(cut, options), interactive=True)
    html = (
        '<!doctype html><html lang="zh-CN"><head><link rel="stylesheet" href="/citygrid.css">'
        '<link rel="stylesheet" href="/section/section.css"></head>'
        f'<body>{drawing}<script type="module" src="/start.js"></script></body></html>'
    )

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(BASE)
        body = (
            html if path == "/" else START if path == "/start.js" else (STATIC / path[1:]).read_text("utf-8")
        )
        kind = TYPES[Path(path).suffix or ".html"]
        route.fulfill(body=body, headers={"content-type": kind, "content-security-policy": POLICY})

    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.route(f"{BASE}/**", answer)
    page.goto(f"{BASE}/")
    page.wait_for_function("window.section")
    yield page
    assert errors == []
    context.close()


def pipe(page: Page, number: int) -> tuple[float, float]:
    """The middle of a pipe on the screen."""
    box = page.locator(f'.target-pipe[data-segment-id="{number}"] ellipse').first.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_pointing_at_a_pipe_tells_what_it_is(page: Page) -> None:
    card = page.locator(".section-card")
    assert card.is_hidden()
    page.mouse.move(*pipe(page, 2001))
    assert card.is_visible()
    said = card.inner_text()
    assert "配水" in said
    assert "外顶标高 1319.000 m" in said
    page.mouse.move(5, 5)
    assert card.is_hidden()


def test_a_click_chooses_the_pipe_with_its_label_and_its_column(page: Page) -> None:
    page.mouse.click(*pipe(page, 12001))
    (event,) = page.evaluate("window.told")
    assert event[0] == "section-select"
    assert event[1]["segmentId"] == 12001
    assert event[1]["station"] == 12.0
    chosen = page.locator(".is-selected").all_text_contents()
    assert "RQ/TR" in chosen
    page.evaluate("window.section.light(2001)")
    assert "JS/JP" in page.locator(".is-selected").all_text_contents()
    assert "RQ/TR" not in page.locator(".is-selected").all_text_contents()


def test_keys_go_through_the_pipes_in_the_order_of_stations(page: Page) -> None:
    page.keyboard.press("Tab")
    seen = []
    for _step in range(3):
        seen.append(page.evaluate("document.activeElement.dataset.segmentId"))
        page.keyboard.press("ArrowRight")
    assert seen == ["2001", "6001", "12001"]
    page.keyboard.press("Enter")
    assert page.evaluate("window.told.at(-1)[1].segmentId") == 12001
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.dataset.segmentId") == "2001"


def test_two_clicks_measure_in_metres_and_between_pipes_from_face_to_face(page: Page) -> None:
    """Axes 10 m apart and 1 m down: 10.0499 m; less two radii of 0.2 m, 9.6499 m."""
    page.evaluate("window.section.measure(true)")
    page.mouse.click(*pipe(page, 2001))
    page.mouse.click(*pipe(page, 12001))
    name, found = page.evaluate("window.told.at(-1)")
    assert name == "section-measure"
    assert found["horizontal"] == pytest.approx(10.0, abs=0.02)
    assert found["vertical"] == pytest.approx(1.0, abs=0.02)
    assert found["clear"] == pytest.approx(9.6499, abs=0.0005)  # of the pipes, not of where the hand clicked
    said = page.locator(".section-measure").text_content() or ""
    assert re.search(r"净距（外壁） 9\.6\d\d m", said)
    page.evaluate("window.section.measure(false)")
    assert page.locator(".section-measure").count() == 0


def test_the_drawing_comes_nearer_and_goes_back(page: Page) -> None:
    def seen() -> list[float]:
        return [float(one) for one in (page.locator("svg").get_attribute("viewBox") or "").split()]

    before = seen()
    page.locator('.target-pipe[data-segment-id="2001"]').focus()
    page.keyboard.press("+")
    assert seen()[2] == pytest.approx(before[2] / 1.4)
    page.keyboard.press("0")
    assert seen() == pytest.approx(before)


def test_the_sheet_is_dark_on_a_dark_page(page: Page) -> None:
    ground = "getComputedStyle(document.querySelector('.sheet-paper')).fill"
    line = "getComputedStyle(document.querySelector('.layer-ground path')).stroke"
    light = page.evaluate(ground), page.evaluate(line)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(ground), page.evaluate(line)
    assert light == ("rgb(255, 255, 255)", "rgb(22, 35, 43)")
    assert dark == ("rgb(20, 32, 39)", "rgb(229, 237, 241)")
