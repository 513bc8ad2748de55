"""The planner's workbench as planners meet it: by mouse, by keyboard alone, on a phone, in both languages."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ezdxf.filemanagement import readfile
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, TOO_SMALL, Visit, visit
from tests.small_city import AsRole
from web.pipelines_page import MODULES
from web.static_files import STATIC

LOADED_MS = 20_000  # a page with its map, on a machine that draws it in software
DRAWN = (
    "() => { const gl = document.getElementById('map').shown.gl; return gl.loaded() && gl.areTilesLoaded(); }"
)
ON_SCREEN = """(place) => {
  const { gl } = document.getElementById('map').shown;
  const [at, box] = [gl.project(place), gl.getContainer().getBoundingClientRect()];
  return [at.x + box.left, at.y + box.top];
}"""
Place = tuple[float, float]


@dataclass(frozen=True)
class Street:
    """A water main and a cut square across it, 40 m long, in degrees."""

    number: str
    segment_id: int
    middle: Place
    line: tuple[Place, Place]

    @property
    def view(self) -> str:
        """The map on its middle, as the address has it."""
        return f"map=18/{self.middle[1]:.6f}/{self.middle[0]:.6f}"


@pytest.fixture
def planner(as_role: AsRole) -> TestClient:
    return as_role("planner")


@pytest.fixture
def street(planner: TestClient) -> Street:
    """The longest main of the city: other lines lie beside it."""
    body = {"filter": "class = 'JS' AND length_m > 30", "sort": "-length_m", "limit": 1}
    (row,) = answered(planner, "query", body)["items"]
    (x1, y1), (x2, y2) = row["geometry"]["coordinates"][0], row["geometry"]["coordinates"][-1]
    middle = ((x1 + x2) / 2, (y1 + y2) / 2)
    wide = 0.77  # cosine of the city's latitude: a degree of longitude is that much shorter
    east, north = -(y2 - y1), (x2 - x1) * wide
    half = 20 / 111_320 / (east**2 + north**2) ** 0.5
    ends = ((middle[0] - east * half / wide, middle[1] - north * half),
            (middle[0] + east * half / wide, middle[1] + north * half))  # fmt: skip
    return Street(row["number"], row["id"], middle, ends)


def answered(client: TestClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(f"/api/v1/pipelines/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def crossings(client: TestClient, line: list[Place]) -> list[str]:
    """Numbers of the segments that the service finds under a line, in the order of stations."""
    body = {"line": {"type": "LineString", "coordinates": line}}
    return [one["segment_no"] for one in answered(client, "cross-section", body)["crossings"]]


@contextmanager
def at_bench(
    browser: Browser, base: str, query: str = "", role: str = "planner", **options: Any
) -> Iterator[Visit]:
    """A person at the bench once it can be worked with and the map is drawn."""
    with visit(browser, base, role, **options) as seen:
        seen.page.goto(f"{base}/pipelines?{query}")
        expect(seen.page.locator("#bench[data-ready]")).to_be_visible(timeout=LOADED_MS)
        seen.page.wait_for_function(DRAWN, timeout=60_000)
        yield seen


def line_of(page: Page) -> list[Place]:
    """The line as the address has it."""
    found = re.search(r"[?&]line=([^&]+)", page.url)
    assert found, page.url
    pairs = [pair.split(",") for pair in found[1].split(";")]
    return [(float(lon), float(lat)) for lon, lat in pairs]


def numbers(page: Page) -> list[str]:
    """Numbers of the segments in the table of crossings."""
    return page.locator("#pane-table .figures tbody .linked").all_inner_texts()


def shows(page: Page, client: TestClient) -> list[Place]:
    """Wait until the table tells what the service finds under the line of the address; that line."""
    line = line_of(page)
    wanted = crossings(client, line)
    assert wanted
    expect(page.locator("#pane:not([aria-busy]) .figures tbody tr")).to_have_count(
        len(wanted), timeout=LOADED_MS
    )
    assert numbers(page) == wanted
    return line


def on_screen(page: Page, place: Place) -> Place:
    x, y = page.evaluate(ON_SCREEN, list(place))
    return x, y


def test_a_line_drawn_by_mouse_shows_its_section_which_follows_it(
    live_server: str, browser: Browser, planner: TestClient, street: Street
) -> None:
    with at_bench(browser, live_server, street.view) as seen:
        page = seen.page
        page.locator("#draw").click()
        for place in street.line:
            page.mouse.click(*on_screen(page, place))
        expect(page).to_have_url(re.compile("line="), timeout=LOADED_MS)
        first = shows(page, planner)
        assert street.number in numbers(page)
        # The drawing shows the same pipes; one that is pointed at lights up in the table.
        pipe = page.locator(f".section-drawing .layer-pipe [data-segment-id='{street.segment_id}']").first
        pipe.dispatch_event("pointerover")
        expect(page.locator(f"tr.lit[data-key='{street.segment_id}']")).to_have_count(1)

        x, y = on_screen(page, ((first[0][0] + first[1][0]) / 2, (first[0][1] + first[1][1]) / 2))
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 30, y + 20, steps=4)
        page.mouse.up()
        expect(page).not_to_have_url(re.compile(f"line={first[0][0]:g}"))
        moved = shows(page, planner)
        assert moved != first

        page.locator("#map canvas").focus()
        page.keyboard.press("Control+z")
        expect(page.locator("#undo")).to_be_enabled()
        assert shows(page, planner) == first
        seen.check()


def test_a_section_by_keyboard_alone(
    live_server: str, browser: Browser, planner: TestClient, street: Street
) -> None:
    with at_bench(browser, live_server, street.view, locale="en", scheme="dark") as seen:
        page = seen.page
        page.keyboard.press("c")  # square through the road at the middle of the map
        expect(page).to_have_url(re.compile("line="))
        across = shows(page, planner)
        page.keyboard.press("Shift+BracketRight")
        expect(page.locator("#undo")).to_be_enabled()
        assert shows(page, planner) != across
        page.keyboard.press("d")
        page.keyboard.press("Enter")
        for _n in range(2):
            page.keyboard.press("ArrowUp")
            page.wait_for_function("() => !document.getElementById('map').shown.gl.isMoving()")
        page.keyboard.press("Enter")
        expect(page.locator("#hint")).to_be_hidden()
        assert line_of(page)[0] != across[0]
        page.locator("#typed summary").press("Enter")
        for name, (lon, lat) in zip(("start", "end"), street.line, strict=True):
            page.locator(f"#typed-{name}").fill(f"{lon:.7f}, {lat:.7f}")
        page.keyboard.press("Enter")
        assert shows(page, planner) == [(round(lon, 7), round(lat, 7)) for lon, lat in street.line]
        page.locator("#map canvas").focus()
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_contain_text("Move the line along the street")
        seen.check()


def test_a_pipe_is_found_by_its_number_and_tells_all(
    live_server: str, browser: Browser, planner: TestClient, street: Street
) -> None:
    with at_bench(browser, live_server) as seen:
        page = seen.page
        page.keyboard.press("/")
        page.keyboard.type(street.number)
        page.keyboard.press("Enter")
        about = page.locator("#about")
        expect(about.locator("h2")).to_have_text(street.number, timeout=LOADED_MS)
        expect(page).to_have_url(re.compile(f"item=segments/{street.segment_id}"))
        told = planner.get(f"/api/v1/pipelines/segments/{street.segment_id}").json()
        expect(about).to_contain_text(f"{told['start']['levels']['crown']:.3f}")
        about.locator(f"[data-go='points/{told['end']['point']['id']}']").click()
        expect(about.locator("h2")).to_have_text(told["end"]["point"]["number"])
        page.locator("#as-of").fill("1990-01-01")
        expect(about.locator(".notice")).to_contain_text("1990-01-01")
        seen.check()


def wells_of(planner: TestClient, sub_class: str) -> tuple[str, str]:
    """Numbers of the two ends of a drain."""
    body = {"filter": f"class = 'PS' AND sub_class = '{sub_class}'", "limit": 1, "sort": "-length_m"}
    (row,) = answered(planner, "query", body)["items"]
    return row["start_no"], row["end_no"]


def test_a_profile_between_two_wells_or_why_there_is_none(
    live_server: str, browser: Browser, planner: TestClient
) -> None:
    (first, second), (rain, _end) = wells_of(planner, "WS"), wells_of(planner, "YS")
    with at_bench(browser, live_server, "tool=profile", locale="en") as seen:
        page = seen.page
        for count, well in enumerate((first, second), start=1):
            page.locator("#well-no").fill(well)
            page.locator("#well-no").press("Enter")
            expect(page.locator("#well-list li")).to_have_count(count)
        expect(page.locator("#pane-title")).to_contain_text(f"{first}–{second}", timeout=LOADED_MS)
        assert page.locator("#pane-table .figures").first.locator("tbody tr").count() >= 1
        expect(page.locator("#drawing .section-drawing .target[data-segment-id]").first).to_be_visible()

        # Rain and sewage do not meet: the page says where each ends, and shows the places.
        page.locator("#well-no").fill(rain)
        page.locator("#well-no").press("Enter")
        expect(page.locator("#no-way [role=alert]")).to_contain_text(rain, timeout=LOADED_MS)
        expect(page.locator("#no-way-ends button")).to_have_count(2)
        seen.check()


def test_what_is_downloaded_opens_in_other_programs(
    live_server: str, browser: Browser, planner: TestClient, street: Street, tmp_path: Path
) -> None:
    line = ";".join(f"{lon:.7f},{lat:.7f}" for lon, lat in street.line)
    with at_bench(browser, live_server, f"line={line}&name=3-3&{street.view}") as seen:
        page = seen.page
        found = shows(page, planner)

        def download(selector: str) -> Path:
            with page.expect_download(timeout=LOADED_MS) as waiting:
                page.locator(selector).click()
            path = tmp_path / waiting.value.suggested_filename
            waiting.value.save_as(path)
            return path

        assert download("#files [data-format=pdf]").read_bytes().startswith(b"%PDF-")
        assert download("#files [data-format=png]").read_bytes().startswith(b"\x89PNG")
        drawing = readfile(download("#files [data-format=dxf]"))
        assert not drawing.audit().errors
        rows = list(csv.DictReader(io.StringIO(download("#files [data-format=csv]").read_text("utf-8-sig"))))
        assert [row["管段号"] for row in rows] == crossings(planner, found)
        page.locator("#series summary").click()
        page.locator("#every").fill("100")
        assert download("#series-form [value=pdf]").read_bytes().startswith(b"%PDF-")
        seen.check()


def test_a_query_counts_lists_and_leads_on(live_server: str, browser: Browser, planner: TestClient) -> None:
    total = answered(planner, "statistics", {"filter": "class = 'JS'"})["total"]
    with at_bench(browser, live_server, "tool=query", locale="en") as seen:
        page = seen.page
        page.locator("#chips [data-class=JS]").click()
        expect(page.locator("#query-told")).to_contain_text(f"{total['count']:,} segments", timeout=LOADED_MS)
        expect(page.locator("#to-statistics")).to_have_attribute(
            "href", re.compile(r"filter=class\+%3D\+%27JS%27")
        )
        # A chip puts its condition in and takes it out; what a person wrote stays.
        page.locator("#filter").fill("class = 'JS' AND start_depth_m BETWEEN 0 AND 9")
        page.locator("#chips [data-class=PS]").click()
        expect(page.locator("#filter")).to_have_value(
            "class IN ('JS', 'PS') AND start_depth_m BETWEEN 0 AND 9"
        )
        page.locator("#chips [data-class=JS]").click()
        expect(page.locator("#filter")).to_have_value("class = 'PS' AND start_depth_m BETWEEN 0 AND 9")
        page.locator("#filter").fill("class = 'JS' AND")
        page.locator("#query-form [type=submit]").click()
        expect(page.locator("#filter-wrong")).not_to_be_empty()
        page.locator("#filter").fill("width_mm < 0")
        page.locator("#query-form [type=submit]").click()
        expect(page.locator("#query-told")).to_contain_text("Nothing fits")
        seen.check()


def test_on_a_phone_a_street_is_cut_by_one_tap(
    live_server: str, browser: Browser, planner: TestClient, street: Street
) -> None:
    with at_bench(browser, live_server, street.view, size=PHONE, has_touch=True) as seen:
        page = seen.page
        assert page.evaluate(TOO_SMALL) == []
        page.locator("#cut-here").tap()
        page.touchscreen.tap(*on_screen(page, street.middle))
        expect(page.locator("#drawing .section-drawing")).to_be_visible(timeout=LOADED_MS)
        shows(page, planner)
        assert page.evaluate(TOO_SMALL) == []
        seen.check()


def test_every_module_of_the_page_is_asked_for_at_once() -> None:
    found: set[str] = set()
    ahead = ["pipelines/bench.js"]
    while ahead:
        file = ahead.pop()
        text = (STATIC / file).read_text("utf-8")
        names = {
            str((STATIC / file).parent.joinpath(name).resolve().relative_to(STATIC))
            for name in re.findall(r'from "(\.[^"]+)"', text)
        }
        ahead += names - found
        found |= names
    assert found - {"js/api.js"} == set(MODULES)  # that one comes with every page


@pytest.mark.parametrize(("role", "status"), [("planner", 200), ("owner", 200), ("inspector", 403)])
def test_the_bench_is_for_those_who_may_read_the_network(as_role: AsRole, role: str, status: int) -> None:
    assert as_role(role).get("/pipelines", headers={"accept": "text/html"}).status_code == status
