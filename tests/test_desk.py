"""The desk as those who work at it meet it: each role by hand, two at once, by keyboard alone, on a phone."""

import itertools
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from gis.settings import get_settings
from tests.browser import DESK, PHONE, TOO_SMALL, Visit, visit
from tests.small_city import AsRole

AT_DESKS = ("acceptor", "shift_leader", "dispatcher", "department", "evaluator", "admin")
COLOURS = itertools.count()
LOADED_MS = 20_000  # a page with its map, or a step taken, where the map is drawn in software


@contextmanager
def at_desk(browser: Browser, base: str, role: str, path: str = "/desk", **options: Any) -> Iterator[Visit]:
    """A person at the desk once its list has come; its stream stays open, so the network is never idle."""
    with visit(browser, base, role, **options) as seen:
        seen.page.goto(base + path)
        is_there(seen.page)
        yield seen


def is_there(page: Page) -> None:
    """Wait until the list shows rows, or the words that stand in their place."""
    expect(page.locator("#rows > li, #states > :not([hidden])").first).to_be_visible(timeout=LOADED_MS)


@pytest.fixture
def reported(as_role: AsRole, place: dict[str, float]) -> Any:
    """Make a report of one's own; returns its number: ``reported("words")``."""

    def report(words: str) -> str:
        body = {"kind": "component", "class_code": "0101", "description": words, **place}
        answer = as_role("inspector").post("/api/v1/cases", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["case_no"])

    return report


def act(as_role: AsRole, role: str, case_no: str, action: str, **body: str) -> dict[str, Any]:
    """Take a step as another system would."""
    answer = as_role(role).post(f"/api/v1/cases/{case_no}/actions/{action}", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def filed(as_role: AsRole, case_no: str) -> str:
    """Bring a report to the dispatcher."""
    act(as_role, "shift_leader", case_no, "file")
    return case_no


def panel(page: Page, case_no: str) -> Locator:
    """The side panel once it shows a case with its history."""
    shown = page.locator(f"[data-part=case][data-no={case_no}]")
    expect(shown.locator(".steps > li").first).to_be_visible(timeout=LOADED_MS)
    return shown


def open_case(page: Page, base: str, case_no: str) -> Locator:
    """Find a case by its number among all; a single one opens by itself."""
    if page.url.startswith(f"{base}/desk?queue=all"):
        if not page.locator("#search").is_visible():
            page.locator(".panel-head .back").click()  # on a phone, list and case take turns
        page.locator("#search input").fill(case_no)
        page.locator("#search input").press("Enter")
    else:
        page.goto(f"{base}/desk?queue=all&q={case_no}")
    return panel(page, case_no)


def take(page: Page, base: str, case_no: str, action: str, *, photo: bool = False, **fields: str) -> None:
    """Take a step at the desk, filling in what its form asks for."""
    shown = open_case(page, base, case_no)
    shown.locator(f"button[data-action={action}]").click()
    form = page.locator("#act-form")
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    if photo:
        form.locator("[data-from=pick]").set_input_files(a_photo())
        expect(form.locator(".chosen li")).to_have_count(1)
    form.locator("[type=submit]").click()
    expect(form).to_have_count(0, timeout=LOADED_MS)


def a_photo() -> FilePayload:
    """A photo that no case has yet."""
    out = BytesIO()
    Image.new("RGB", (320, 240), (next(COLOURS) * 7 % 255, 90, 120)).save(out, "JPEG")
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def state_of(as_role: AsRole, case_no: str) -> str:
    return str(as_role("evaluator").get(f"/api/v1/cases/{case_no}").json()["state"])


def in_city(days: int) -> str:
    """A moment as a person writes it into the form, by the city's clocks."""
    return (datetime.now(get_settings().zone) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


@pytest.mark.parametrize("role", AT_DESKS)
@pytest.mark.parametrize(("size", "locale", "scheme"), [(PHONE, "zh_CN", "dark"), (DESK, "en", "light")])
def test_desk_fits_and_names_its_controls(
    live_server: str, browser: Browser, role: str, size: dict[str, int], locale: str, scheme: str
) -> None:
    options = {"size": size, "locale": locale, "scheme": scheme}
    with at_desk(browser, live_server, role, "/desk?queue=open", **options) as seen:
        seen.page.locator("#rows a.open").first.click()
        expect(seen.page.locator("[data-part=case] .steps > li").first).to_be_visible(timeout=LOADED_MS)
        if size is PHONE:
            expect(seen.page.locator("#scroll")).to_be_hidden()
            assert seen.page.evaluate(TOO_SMALL) == []
            seen.page.locator(".panel-head [data-close]").click()
            expect(seen.page.locator("#scroll")).to_be_visible()
            assert seen.page.evaluate(TOO_SMALL) == []
        seen.check()


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_search_that_finds_nothing_leads_on(live_server: str, browser: Browser, size: dict[str, int]) -> None:
    with at_desk(browser, live_server, "owner", "/desk?queue=dispose&q=没有这样的案件", size=size) as seen:
        page = seen.page
        expect(page.locator("[data-state=nothing]")).to_be_visible()
        page.locator("#everywhere").click()
        expect(page).to_have_url(re.compile("queue=all"))
        if size is PHONE:
            assert page.evaluate(TOO_SMALL) == []
        seen.check()


@pytest.mark.parametrize("role", ["inspector", "planner"])
def test_desk_is_not_for_the_field(live_server: str, browser: Browser, role: str) -> None:
    with visit(browser, live_server, role) as seen:
        answer = seen.page.goto(f"{live_server}/desk")
        assert answer is not None
        assert answer.status == 403


def test_case_goes_all_its_ways_by_the_desks_alone(
    live_server: str, browser: Browser, as_role: AsRole, reported: Any
) -> None:
    case_no = reported("井盖破损，办理全程")
    department = as_role("department").get("/api/v1/me").json()["department"]
    again = {"department": department}
    ways: list[tuple[str, str, dict[str, Any], str]] = [
        ("acceptor", "verify", {}, "verified"),
        ("shift_leader", "file", {}, "filed"),
        ("dispatcher", "dispatch", again, "dispatched"),
        ("department", "accept", {}, "accepted"),
        ("department", "ask_suspension", {"note": "等待备件", "until": in_city(5)}, "accepted"),
        ("dispatcher", "grant_suspension", {}, "suspended"),
        ("department", "resume", {}, "accepted"),
        ("department", "ask_extension", {"note": "需要夜间施工"}, "accepted"),
        ("dispatcher", "grant_extension", {}, "accepted"),
        ("department", "send_back", {"note": "不属于我部门"}, "filed"),
        ("dispatcher", "dispatch", again, "dispatched"),
        ("department", "accept", {}, "accepted"),
        ("department", "dispose", {}, "disposed"),
        ("department", "feed_back", {"photo": True}, "fed_back"),
        ("acceptor", "rework", {"note": "井盖仍松动"}, "accepted"),
        ("department", "dispose", {"note": "已重新固定"}, "disposed"),
        ("department", "feed_back", {"photo": True}, "fed_back"),
        ("acceptor", "check", {}, "checked"),
        ("shift_leader", "close", {}, "closed"),
        ("acceptor", "say_not_fixed", {"note": "来电人称未修好"}, "closed"),
        ("shift_leader", "reopen", {"note": "重新核查"}, "fed_back"),
    ]
    with ExitStack() as desks:
        sizes = {"department": PHONE}
        seen = {
            role: desks.enter_context(visit(browser, live_server, role, size=sizes.get(role, DESK)))
            for role in ("acceptor", "shift_leader", "dispatcher", "department")
        }
        for role, action, fields, state in ways:
            take(seen[role].page, live_server, case_no, action, **fields)
            assert state_of(as_role, case_no) == state, (role, action)
        shown = open_case(seen["acceptor"].page, live_server, case_no)
        expect(shown.locator(".compare [data-photo]")).to_have_count(2)
        expect(shown.locator(".steps > li")).to_have_count(len(ways) + 1)
        for one in seen.values():
            one.check()


def test_second_desk_is_told_what_changed_and_keeps_what_was_typed(
    live_server: str, browser: Browser, as_role: AsRole, reported: Any
) -> None:
    case_no = filed(as_role, reported("井盖松动，两人同办"))
    with (
        at_desk(browser, live_server, "dispatcher") as first,
        at_desk(browser, live_server, "dispatcher") as second,
    ):
        for one in (first, second):
            open_case(one.page, live_server, case_no)
        second.page.locator("button[data-action=send_back]").click()
        second.page.locator("#act-note").fill("应由街道先核实")
        first.page.locator("button[data-dispatch]").click()
        expect(first.page.locator("[data-part=state] .badge")).to_have_text("待签收")
        # The stream may tell before the form is sent, or the answer 412 afterwards: the words are the same.
        if second.page.locator("#act-form [type=submit]").is_enabled():
            second.page.locator("#act-form [type=submit]").click(force=True)
        expect(second.page.locator("#act-form [data-part=wrong]")).to_contain_text("派遣 (演示派遣员)")
        expect(second.page.locator("#act-note")).to_have_value("应由街道先核实")
        expect(second.page.locator("#act-form [type=submit]")).to_be_disabled()
        expect(second.page.locator("[data-part=state] .badge")).to_have_text("待签收")
        assert state_of(as_role, case_no) == "dispatched"
        for one in (first, second):
            one.check()


def test_case_is_dispatched_by_keyboard_alone(
    live_server: str, browser: Browser, as_role: AsRole, reported: Any
) -> None:
    case_no = filed(as_role, reported("井盖缺失，键盘派遣"))
    with at_desk(browser, live_server, "dispatcher", "/desk?queue=extension") as seen:
        page = seen.page
        page.keyboard.press("g")
        page.keyboard.press("d")
        expect(page).to_have_url(re.compile("queue=dispatch"))
        is_there(page)
        page.keyboard.press("/")
        page.keyboard.type(case_no)
        page.keyboard.press("Enter")
        shown = panel(page, case_no)
        expect(shown.locator("[data-dispatch]")).to_be_visible()
        page.keyboard.press("1")
        expect(page.locator("#act-department")).to_be_focused()
        expect(page.locator("#act-department option").first).to_be_attached()
        page.keyboard.press("Tab")
        page.keyboard.type("请尽快处置")
        page.keyboard.press("Control+Enter")
        expect(shown.locator("[data-part=state] .badge")).to_have_text("待签收")
        page.keyboard.press("Escape")
        expect(page.locator("[data-part=empty]")).to_be_visible()
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        seen.check()
    steps = as_role("evaluator").get(f"/api/v1/cases/{case_no}/steps").json()["items"]
    assert (steps[-1]["action"], steps[-1]["note"]) == ("dispatch", "请尽快处置")


def test_batch_says_of_each_case_what_became_of_it(
    live_server: str, browser: Browser, as_role: AsRole, reported: Any
) -> None:
    words = f"批量派遣{uuid4().hex[:8]}"
    cases = [filed(as_role, reported(f"{words} 第{number}件")) for number in range(5)]
    with visit(browser, live_server, "dispatcher") as seen:
        page = seen.page
        # The page is not told of what happens meanwhile, as when the line is slow.
        page.route("**/api/v1/stream", lambda route: route.fulfill(status=204))
        page.goto(f"{live_server}/desk?queue=dispatch&q={words}")
        expect(page.locator("#rows > li")).to_have_count(5, timeout=LOADED_MS)
        act(as_role, "dispatcher", cases[2], "send_back", note="先行退回")
        page.locator("#all").check()
        page.locator("#batch-bar [data-action=dispatch]").click()
        page.locator("#batch #act-form [type=submit]").click()
        result = page.locator("#batch .results")
        expect(result.locator("[data-ok=true]")).to_have_count(4)
        expect(result.locator("[data-ok=false]")).to_contain_text(cases[2])
        expect(page.locator("#batch [role=status]")).to_contain_text("成功 4 件，未成功 1 件")
        seen.check()
    assert [state_of(as_role, one) for one in cases].count("dispatched") == 4


def test_what_happens_elsewhere_arrives_without_reloading(
    live_server: str, browser: Browser, as_role: AsRole, reported: Any
) -> None:
    words = f"实时更新{uuid4().hex[:8]}"
    here = reported(f"{words} 一")
    with at_desk(browser, live_server, "acceptor", f"/desk?queue=accept&q={words}") as seen:
        page = seen.page
        expect(page.locator("#live")).to_have_attribute("data-state", "live")
        row = page.locator(f"#rows li[data-no={here}]")
        before = row.bounding_box()
        act(as_role, "acceptor", here, "verify")
        expect(row).to_have_class(re.compile("gone"))
        expect(row.locator(".badge")).to_have_text("待立案")
        other = reported(f"{words} 二")
        expect(page.locator("#new")).to_contain_text("1 件新案件")
        assert row.bounding_box() == before  # nothing moved under the pointer
        page.locator("#new").click()
        expect(page.locator("#rows > li")).to_have_count(1)
        expect(page.locator(f"#rows li[data-no={other}]")).to_be_visible()
        seen.check()


def test_address_holds_queue_search_and_case(
    live_server: str, browser: Browser, as_role: AsRole, reported: Any
) -> None:
    words = f"地址栏{uuid4().hex[:8]}"
    case_no = filed(as_role, reported(words))
    with at_desk(browser, live_server, "dispatcher", "/desk?queue=dispatch") as seen:
        page = seen.page
        page.locator("#search input").fill(words)
        page.keyboard.press("Enter")
        expect(page.locator("#rows > li")).to_have_count(1)
        page.locator("#rows a.open").click()
        panel(page, case_no)
        address = page.url
        assert f"case={case_no}" in address
        page.go_back()
        expect(page.locator("[data-part=empty]")).to_be_visible()
        page.go_back()
        expect(page.locator("#search input")).to_have_value("")
        page.goto(address)
        panel(page, case_no)
        expect(page.locator("#search input")).to_have_value(words)
        seen.check()


def test_filter_is_kept_and_taken_away_again(live_server: str, browser: Browser) -> None:
    with at_desk(browser, live_server, "shift_leader", "/desk?queue=open&q=井盖") as seen:
        page = seen.page
        page.locator("#save").click()
        page.locator("#save-name").fill("井盖类")
        page.keyboard.press("Enter")
        kept = page.locator("#filters li", has_text="井盖类")
        expect(kept).to_be_visible()
        page.locator("#clear").click()
        expect(page).not_to_have_url(re.compile("q="))
        kept.locator("a").click()
        expect(page.locator("#search input")).to_have_value("井盖")
        kept.get_by_role("button").click()
        expect(kept).to_have_count(0)
        seen.check()


def test_map_and_list_hold_the_same_case(live_server: str, browser: Browser) -> None:
    with at_desk(browser, live_server, "dispatcher", "/desk?queue=open") as seen:
        page = seen.page
        page.wait_for_function("() => document.getElementById('map').shown?.map?.loaded()", timeout=60_000)
        at = page.evaluate(
            """() => {
              const { map, items } = document.getElementById('map').shown;
              map.jumpTo({ center: [items[3].lon, items[3].lat], zoom: 19 });
              const { x, y } = map.project([items[3].lon, items[3].lat]);
              return { x, y, no: items[3].case_no };
            }"""
        )
        page.wait_for_function("() => document.getElementById('map').shown.map.loaded()", timeout=60_000)
        page.locator("#map").click(position={"x": at["x"], "y": at["y"]})
        panel(page, at["no"])
        expect(page.locator(f"#rows li[data-no={at['no']}] a.open")).to_have_attribute("aria-current", "true")
        page.locator("#rows a.open").first.click()
        first = page.locator("#rows li").first.get_attribute("data-no")
        page.wait_for_function("no => document.getElementById('map').shown.chosen.case_no === no", arg=first)
        seen.check()


def test_long_list_is_read_as_one_scrolls(live_server: str, browser: Browser) -> None:
    with at_desk(browser, live_server, "evaluator", "/desk?queue=all") as seen:
        page = seen.page
        expect(page.locator("#told")).to_contain_text("50+")
        box = page.locator("#scroll")
        for loaded in (100, 150):
            box.evaluate("one => one.scrollTop = one.scrollHeight")
            expect(page.locator("#told")).to_contain_text(f"{loaded}+")
        assert page.locator("#rows > li").count() < 50  # only what is in sight is in the page
        seen.check()
