"""Take the pictures of the pages: ``python -m docs.tools.take_pictures http://127.0.0.1:8000 [NAME …]``.

The service must run with the sample city. Nothing is changed in it: forms are filled in and not sent.
"""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

from tests.browser import DESK, PHONE, launch, visit

PICTURES = Path(__file__).parent.parent / "pictures"
WALL = {"width": 1920, "height": 1080}
WIDEST = 1440  # a wall screen is shown smaller than it is
COLOURS = 256  # pages are drawn in few; a third of the bytes, and no difference to the eye


@dataclass(frozen=True)
class Shot:
    """A picture: its file, whose page it is, the address, the window, what is done before it is taken.

    ``options`` are those of Playwright's ``new_context``.
    """

    name: str
    role: str | None
    path: str
    size: dict[str, int]
    before: Callable[[Page], None] = lambda _page: None
    options: dict[str, Any] = field(default_factory=dict)


def open_at_desk(page: Page) -> None:
    """Open the first case of the desk's list, with all that stands beside it."""
    page.locator("#rows a.open").first.click()
    page.locator("[data-part=case] .steps > li").first.wait_for()
    page.wait_for_function("() => document.getElementById('map').shown?.map?.loaded()")
    page.wait_for_load_state("networkidle")


def ask_suspension(page: Page) -> None:
    """The form by which a department asks for time, filled in."""
    in_time = page.locator(".lamp:is([data-lamp=green], [data-lamp=yellow])")
    rows = page.locator("#rows li").filter(has_text="处置中").filter(has=in_time)
    rows.locator("a.open").first.click()
    page.locator("[data-action=ask_suspension]").click()
    page.locator("#act-until").fill(f"{datetime.now(UTC) + timedelta(days=10):%Y-%m-%d}T18:00")
    page.locator("#act-note").fill("等待备件到货")


def follow_first(page: Page) -> None:
    """The public page of a case that somebody works on; only the desk knows a number."""
    number = page.locator("#rows li").first.get_attribute("data-no")
    page.goto(page.url.partition("/desk")[0] + f"/track/{number}")


def street_photo(name: str, with_cover: bool) -> FilePayload:
    """A drawn photo of a carriageway, with a manhole cover or an open hole: nobody's real street."""
    drawn = Image.new("RGB", (640, 480), "#7d7f80")
    draw = ImageDraw.Draw(drawn)
    draw.line([(0, 400), (640, 330)], fill="#d8d8d0", width=16)
    draw.ellipse(
        (200, 120, 440, 300), fill="#6a6258" if with_cover else "#0c0c0c", outline="#8d8579", width=12
    )
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=80)
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def write_on_phone(page: Page) -> None:
    """A report on the phone, but for the last press."""
    page.locator("#place-grid:not(:empty)").wait_for()
    page.locator("#class-open").click()
    page.locator("#class-search").fill("wsjg")
    page.locator("#class-tiles .tile").first.click()
    photos = [street_photo("1.jpg", with_cover=False), street_photo("2.jpg", with_cover=True)]
    page.locator("#report-photos [data-from=choose]").set_input_files(photos)
    page.locator("#report-photos .thumbs li").nth(1).wait_for()
    page.locator("#description").fill("井盖缺失，位于非机动车道")
    page.wait_for_load_state("networkidle")


def queue_on_phone(page: Page) -> None:
    """The report without signal: it waits on the phone, and is gone with its window."""
    write_on_phone(page)
    page.context.set_offline(True)
    page.locator("#send").click()
    page.locator("#report-done").wait_for()
    page.locator(".tabs [data-view=queue]").click()
    page.locator("#queue-list .thumbs img").nth(1).wait_for()


def task_on_phone(page: Page) -> None:
    """The first of the demo inspector's tasks, where there is one."""
    if page.locator("#tasks-list button").count():
        page.locator("#tasks-list button").first.click()
        page.locator("#task-map .maplibregl-marker").wait_for()
        page.wait_for_timeout(2000)  # the map asks for its tiles when it stands
    page.wait_for_load_state("networkidle")


def drawn_at_bench(page: Page) -> None:
    """The map of the workbench with all its tiles, and the drawing beside it."""
    page.locator(".figures tbody tr").first.wait_for(state="attached")
    page.wait_for_function("() => document.getElementById('map').shown.gl.areTilesLoaded()")


def section_at_bench(page: Page) -> None:
    """A cross-section with one of its findings chosen."""
    drawn_at_bench(page)
    page.locator(".finding").first.click()
    page.wait_for_timeout(2000)  # the pipe lights up on the map


def profile_at_bench(page: Page) -> None:
    """A profile between two wells that are given by their numbers."""
    for count, number in enumerate(("WS002525", "WS001024"), start=1):
        page.locator("#well-no").fill(number)
        page.locator("#well-no").press("Enter")
        page.locator("#well-list li").nth(count - 1).wait_for()
    drawn_at_bench(page)


def query_at_bench(page: Page) -> None:
    """What lies in an area, drawn over two streets."""
    page.locator("#results li").first.wait_for()
    page.wait_for_function("() => document.getElementById('map').shown.gl.areTilesLoaded()")
    page.wait_for_timeout(2000)  # the rows light up on the map


def drawn_map(page: Page) -> None:
    """The map with all its tiles."""
    page.wait_for_function(
        "() => window.city && city.gl.loaded() && city.gl.areTilesLoaded()", timeout=60_000
    )
    page.wait_for_timeout(1500)  # symbols come by and by


def drawn_wall(page: Page) -> None:
    """The wall screen with its figures and all tiles."""
    page.wait_for_function(
        "() => window.wall && wall.map.loaded() && wall.map.areTilesLoaded()", timeout=60_000
    )
    page.wait_for_timeout(6000)  # its buttons rest


# In the middle of the sample city
PLACED = {
    "geolocation": {"longitude": 109.9923, "latitude": 39.8224, "accuracy": 8},
    "permissions": ["geolocation"],
    "has_touch": True,
}

# Across a street of the sample city, and a block of it
CUT = "line=109.98218505,39.83408076;109.98221958,39.83354107&name=3-3"
AREA = (
    "tool=query&filter=class = 'JS'"
    "&area=109.97984,39.83524;109.98306,39.83541;109.98359,39.8336;109.98038,39.8331"
)

SHOTS = (
    Shot("first-sign-in", None, "/login", DESK),
    Shot("first-home", "acceptor", "/", DESK),
    Shot("desk-dispatcher", "dispatcher", "/desk?queue=dispatch", DESK, open_at_desk),
    Shot("desk-department", "department", "/desk?queue=dispose", DESK, ask_suspension),
    Shot("desk-phone", "dispatcher", "/desk?queue=dispose", PHONE),
    Shot("phone-report", "inspector", "/inspect", PHONE, write_on_phone, PLACED),
    Shot("phone-queue", "inspector", "/inspect", PHONE, queue_on_phone, PLACED),
    Shot("phone-tasks", "inspector", "/inspect#tasks", PHONE, task_on_phone, PLACED),
    Shot(
        "workbench-section", "planner", f"/pipelines?{CUT}&map=18/39.83381/109.9822", DESK, section_at_bench
    ),
    Shot("workbench-profile", "planner", "/pipelines?tool=profile", DESK, profile_at_bench),
    Shot("workbench-query", "planner", f"/pipelines?{AREA}&map=16/39.83381/109.9822", DESK, query_at_bench),
    Shot("workbench-phone", "planner", f"/pipelines?{CUT}", PHONE, drawn_at_bench, {"has_touch": True}),
    Shot("map-city", "dispatcher", "/map", DESK, drawn_map),
    Shot("map-streets", "dispatcher", "/map#map=16/39.8338/109.9822", DESK, drawn_map),
    Shot("map-pipes", "planner", "/map#map=18.5/39.83381/109.9822&hide=unit_grids", DESK, drawn_map),
    Shot("map-phone", "dispatcher", "/map#map=16/39.8338/109.9822", PHONE, drawn_map, {"has_touch": True}),
    Shot("map-wall", "dispatcher", "/map/wall#hide=unit_grids,buildings,pipe_segments", WALL, drawn_wall),
    Shot("track", "evaluator", "/desk?queue=open&lamp=green&state=accepted", PHONE, follow_first),
)


def take(browser: Browser, base: str, shot: Shot) -> int:
    """Take one picture; returns its size in bytes."""
    with visit(browser, base, shot.role, size=shot.size, **shot.options) as seen:
        page = seen.go(shot.path)
        shot.before(page)
        page.wait_for_timeout(800)  # maps fade in
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        picture.thumbnail((WIDEST, WIDEST), Image.Resampling.LANCZOS)
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
