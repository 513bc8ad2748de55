"""Survey data by hand: from a workbook with two faults to rows in the network, and back again."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import create_engine, text

from gis.crs import to_city
from gis.survey.job import work_import
from tests.browser import DESK, PHONE, TOO_SMALL, visit
from tests.small_city import AsRole

LOADED_MS = 20_000  # a page with its map, on a machine that draws it in software
SURVEY = "页面测试区"
POINT_HEADS = ("Exp_No", "X", "Y", "High", "Subsid", "Type", "SUnit")
LINE_HEADS = ("LNo", "S_Exp", "E_Exp", "S_Deep", "E_Deep", "S_H", "E_H", "Material", "PSize", "Type")
LIVING_LINES = "SELECT segment_no FROM pipe_segment WHERE survey = :survey AND valid_to IS NULL ORDER BY 1"
OF_POINTS = "SELECT survey_unit, extra->>'SUnit' FROM pipe_point WHERE survey = :survey AND valid_to IS NULL"
Asked = Callable[[str], list[tuple[Any, ...]]]
PAGES = (
    ("planner", "/pipelines/imports"),
    ("owner", "/pipelines/imports/new"),
    ("evaluator", "/pipelines/checks"),
    ("department", "/pipelines/statistics?by=class,material"),
)


@pytest.fixture
def workbook(tmp_path: Path, place: dict[str, float]) -> Path:
    """Four chambers in a row and three mains between them; one level is wrong, a fourth main ends nowhere."""
    easting, northing = to_city(place["lon"], place["lat"])
    book = Workbook()
    points, lines = book.active, book.create_sheet("JSLine")
    assert points is not None
    points.title = "JSPoint"
    points.append(POINT_HEADS)
    lines.append(LINE_HEADS)
    for number in range(1, 5):
        x, y = round(northing, 3), round(easting + 20 * number, 3)
        points.append((f"UI-{number}", x, y, 1300.0, "阀门井", "JP", "一队"))
    levels = {1: 1298.5, 2: 1297.2, 3: 1298.5}  # 1300.0 - 1.5 = 1298.5, so the second contradicts itself
    for number, level in levels.items():
        ends = (f"UI-{number}", f"UI-{number + 1}", 1.5, 1.5, level, 1298.5)
        lines.append((f"UI-L{number}", *ends, "QM", "300", "JP"))
    lines.append(("UI-L9", "UI-1", "UI-99", 1.5, 1.5, 1298.5, 1298.5, "QM", "300", "JP"))
    path = tmp_path / "测区.xlsx"
    book.save(path)
    return path


@pytest.fixture
def asked(small_city: str) -> Iterator[Asked]:
    """Ask the database about the test's survey area; whatever is left of it is taken out at the end."""
    engine = create_engine(small_city)

    def ask(question: str) -> list[tuple[Any, ...]]:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(question), {"survey": SURVEY})]

    yield ask
    with engine.begin() as connection:
        for table in ("pipe_segment", "pipe_point", "survey_import"):
            connection.execute(text(f"DELETE FROM {table} WHERE survey = :survey"), {"survey": SURVEY})
    engine.dispose()


def decide(page: Page, act: str, import_id: int, *, sure: bool = False) -> None:
    """Press a button of the decision, say yes where it asks, and have the job done."""
    page.locator(f"[data-act={act}]").click()
    if sure:
        page.locator("#sure [data-yes]").click()
    expect(page.locator(f"[data-act={act}]")).to_have_count(0)
    work_import(import_id)


def test_what_is_sent_before_the_script_came_is_kept(
    live_server: str, browser: Browser, workbook: Path
) -> None:
    with visit(browser, live_server, "planner") as seen:
        page, late = seen.page, list[Route]()
        page.route("**/imports/wizard.js*", lambda route: late.append(route))
        page.goto(f"{live_server}/pipelines/imports/new", wait_until="commit")
        page.locator("#files").set_input_files(workbook)
        page.get_by_label("测区", exact=True).fill(SURVEY)
        page.get_by_role("button", name="识别文件").click()
        assert late
        assert page.url.endswith("/new")
        late[0].continue_()
        expect(page.locator("details.sheet").first).to_contain_text("JSPoint", timeout=LOADED_MS)
        seen.check()


def test_survey_goes_in_by_hand_clean_rows_only_and_comes_out_again(
    live_server: str, browser: Browser, workbook: Path, asked: Asked
) -> None:
    with visit(browser, live_server, "planner") as seen:
        page = seen.page
        page.goto(f"{live_server}/pipelines/imports")
        page.locator("main .head a[href='/pipelines/imports/new']").click()
        page.locator("#files").set_input_files(workbook)
        page.get_by_label("测区", exact=True).fill(SURVEY)
        page.get_by_role("button", name="识别文件").click()
        sheet = page.locator("details.sheet").first
        expect(sheet).to_contain_text("JSPoint", timeout=LOADED_MS)
        expect(sheet).to_contain_text("X 为纵坐标")
        # Whose column it is, the person says: this one is kept under its own name.
        sheet.get_by_label("列 SUnit 的含义").select_option("")
        seen.check()
        page.get_by_role("button", name="开始导入").click()
        page.wait_for_url(re.compile(r"/pipelines/imports/\d+$"))
        import_id = int(page.url.rpartition("/")[2])
        work_import(import_id)

        findings = page.locator("#findings .found > li")
        expect(findings.first).to_be_visible(timeout=LOADED_MS)
        missing = findings.filter(has_text="UI-99")
        wrong = findings.filter(has_text="UI-L2")
        expect(missing).to_have_count(1)
        expect(wrong.first).to_contain_text("1297.200")
        wrong.first.locator("a.open").click()
        expect(wrong.first.locator(".why")).to_be_visible()
        # The map stands where the finding is: between the second chamber and the third.
        page.wait_for_function("() => document.getElementById('map').shown?.shown.chosen.length === 1")
        assert "finding=" in page.url
        page.get_by_role("tab", name="与现状对比").click()
        expect(page.locator("#differences .found > li").first).to_contain_text("UI-1")
        seen.check()

        assert asked(LIVING_LINES) == []
        decide(page, "accept_clean", import_id)
        expect(page.locator("[data-act=undo]")).to_be_visible(timeout=LOADED_MS)
        assert asked(LIVING_LINES) == [("UI-L1",), ("UI-L3",)]
        assert asked(OF_POINTS) == [("", "一队")] * 4
        decide(page, "undo", import_id, sure=True)
        expect(page.locator("[data-part=state]")).to_have_text("已撤回", timeout=LOADED_MS)
        assert asked(LIVING_LINES) == []
        seen.check()


@pytest.mark.parametrize(("size", "locale", "scheme"), [(PHONE, "zh_CN", "dark"), (DESK, "en", "light")])
def test_pages_fit_and_name_their_controls(
    live_server: str, browser: Browser, size: dict[str, int], locale: str, scheme: str
) -> None:
    for role, path in PAGES:
        with visit(browser, live_server, role, size=size, locale=locale, scheme=scheme) as seen:
            page = seen.go(path)
            expect(page.locator("h1").first).to_be_visible()
            expect(page.locator(".beside [aria-current]")).to_have_count(1)
            if size is PHONE:
                assert page.evaluate(TOO_SMALL) == [], path
            seen.check()


def test_who_only_reads_is_not_offered_to_bring_data_in(as_role: AsRole) -> None:
    page = as_role("evaluator").get("/pipelines/imports", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "/pipelines/imports/new" not in page.text
    refused = as_role("evaluator").get("/pipelines/imports/new", headers={"accept": "text/html"})
    assert refused.status_code == 403
    assert as_role("inspector").get("/pipelines/imports").status_code == 403
