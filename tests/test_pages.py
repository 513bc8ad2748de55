"""The pages as people meet them: both languages, day and night, phone and desk, the loop by hand."""

import re
from io import BytesIO
from pathlib import Path

import httpx2
import pytest
from babel.messages.extract import extract
from jinja2.ext import babel_extract
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect

import web.vendor
from gis.case.states import CaseState
from gis.i18n import catalogue
from gis.people.models import Role
from tests.browser import DESK, PHONE, TOO_SMALL, Visit, sign_in, visit
from web.case_photos import usual_stage
from web.preferences import safe_next

WEB = Path(web.vendor.__file__).parent
PAGES = [
    (None, "/login"),
    ("acceptor", "/"),
    ("planner", "/"),
    ("acceptor", "/cases"),
    ("acceptor", "/cases?state=void&mine=true&q=nothing"),
    ("inspector", "/report"),
    ("planner", "/docs"),
    ("planner", "/report"),
    ("planner", "/there-is-no-such-page"),
]
HTML = {"accept": "text/html"}


@pytest.mark.parametrize(("role", "path"), PAGES)
@pytest.mark.parametrize(("size", "locale", "scheme"), [(PHONE, "zh_CN", "dark"), (DESK, "en", "light")])
def test_page_stays_inside_fits_and_names_its_controls(
    live_server: str, browser: Browser, role: str, path: str, size: dict[str, int], locale: str, scheme: str
) -> None:
    with visit(browser, live_server, role, size=size, locale=locale, scheme=scheme) as seen:
        page = seen.go(path)
        assert page.locator("html").get_attribute("lang") == {"zh_CN": "zh-CN", "en": "en"}[locale]
        expect(page.locator("#main")).to_be_visible()
        expect(page.locator("h1").first).to_be_attached()
        if size is PHONE and path != "/docs":
            assert page.evaluate(TOO_SMALL) == []
        seen.check()


def test_stranger_is_led_to_the_door_and_back_to_where_they_wanted(
    live_server: str, browser: Browser
) -> None:
    with visit(browser, live_server) as seen:
        page = seen.go("/cases?state=filed")
        assert page.url.endswith("/login?next=%2Fcases%3Fstate%3Dfiled")
        page.get_by_role("button", name="受理员").click()
        page.wait_for_url("**/cases?state=filed")
        seen.check()


def test_wrong_password_opens_nothing_and_says_so(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server) as seen:
        page = seen.go("/login")
        page.get_by_label("账号").fill("nobody-of-this-city")
        page.get_by_label("密码").fill("not-the-password")
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert seen.go("/cases").url.endswith("/login?next=%2Fcases")


def test_sign_in_form_from_elsewhere_is_refused(live_server: str) -> None:
    answer = httpx2.post(f"{live_server}/login", data={"login": "acceptor", "password": "citygrid-demo"})
    assert answer.status_code == 403
    assert "citygrid_session" not in answer.cookies


def test_who_signs_out_is_out(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server, "planner") as seen:
        page = seen.go("/")
        page.locator("#person-menu button").click()
        page.get_by_role("menuitem", name="退出登录").click()
        page.wait_for_url("**/login")
        assert seen.go("/").url.endswith("/login")
        seen.check()


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:1",
        "/\t/evil.example",
        "",
        None,
    ],
)
def test_way_back_never_leads_out_of_the_city(address: str | None) -> None:
    assert safe_next(address) == "/"


def test_language_is_changed_on_the_page_one_reads(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server, "acceptor") as seen:
        page = seen.go("/cases?state=filed")
        expect(page.locator("h1")).to_have_text("案件")
        page.get_by_role("link", name="English").click()
        page.wait_for_url("**/cases?state=filed")
        expect(page.locator("h1")).to_have_text("Cases")


def test_home_leads_into_the_queues_of_the_desk(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server, "dispatcher") as seen:
        page = seen.go("/")
        page.locator(".counts a[href='/desk?queue=dispatch']").click()
        page.wait_for_url("**/desk?queue=dispatch")
        expect(page.locator("#queues [aria-current]")).to_contain_text("待派遣")
        expect(page.locator("#rows > li").first).to_be_visible()
        seen.check()


def test_chosen_theme_is_there_before_any_script_runs(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server, "acceptor", scheme="light") as seen:
        page = seen.go("/")
        page.get_by_role("button", name="浅色或深色").click()
        html = seen.page.context.request.get(f"{live_server}/cases").text()
        assert '<html lang="zh-CN" data-theme="dark">' in html


def test_program_gets_a_problem_where_a_person_gets_a_page(live_server: str) -> None:
    person = httpx2.get(f"{live_server}/no-such-page", headers=HTML)
    program = httpx2.get(f"{live_server}/no-such-page")
    door = httpx2.get(f"{live_server}/api/v1/no-such-call", headers=HTML)
    assert [one.status_code for one in (person, program, door)] == [404, 404, 404]
    assert person.headers["content-type"].startswith("text/html")
    assert program.headers["content-type"] == door.headers["content-type"] == "application/problem+json"


def test_planner_is_told_that_reporting_is_not_for_them(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server, "planner") as seen:
        answer = seen.page.goto(f"{live_server}/report")
        assert answer is not None
        assert answer.status == 403
        expect(seen.page.get_by_role("link", name="首页").first).to_be_visible()


def test_scripts_run_only_from_us_or_with_this_answers_nonce(live_server: str) -> None:
    policies = [httpx2.get(f"{live_server}/login").headers["content-security-policy"] for _ in range(2)]
    nonces = [re.search(r"script-src 'self' 'nonce-([^']+)'", policy) for policy in policies]
    assert all(nonces)
    assert len({nonce[1] for nonce in nonces if nonce}) == 2
    for directive in policies[0].split("; "):
        assert "unsafe" not in directive or directive.startswith("style-src-attr ")
    assert "default-src 'self'" in policies[0]


def test_vendor_serves_the_table_and_nothing_beside_it(live_server: str) -> None:
    version = web.vendor.versions()["leaflet"]
    leaflet = httpx2.get(f"{live_server}/static/vendor/leaflet/{version}/leaflet.js")
    assert leaflet.status_code == 200
    assert leaflet.headers["content-type"].startswith("text/javascript")
    assert "immutable" in leaflet.headers["cache-control"]
    known = {"if-none-match": leaflet.headers["etag"]}
    assert httpx2.get(str(leaflet.url), headers=known).status_code == 304
    for path in ("lit/3/index.js", "leaflet/0.0.1/leaflet.js", f"leaflet/{version}/%2e%2e/package.json", ""):
        assert httpx2.get(f"{live_server}/static/vendor/{path}").status_code == 404


@pytest.mark.parametrize("path", ["..%2fapp.py", "%2e%2e/%2e%2e/pyproject.toml", "js", "nothing.css"])
def test_static_files_end_at_their_folder(live_server: str, path: str) -> None:
    assert httpx2.get(f"{live_server}/static/{path}").status_code == 404


def test_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (WEB / "package-lock.json").read_text("utf-8")


def _said_by_pages() -> set[str]:
    keywords = {"_": None, "N_": None}
    said: set[str] = set()
    for path in [*WEB.glob("*.py"), *(WEB / "templates").glob("*.html")]:
        content = BytesIO(path.read_bytes())
        if path.suffix == ".py":
            found = extract("python", content, keywords)
        else:
            found = (
                (line, words, [], None) for line, _f, words, _c in babel_extract(content, keywords, [], {})
            )
        for _line, words, _comments, _context in found:
            first = words[0] if isinstance(words, tuple) else words
            if first is not None:  # a variable: its words are marked where they stand
                said.add(first)
    return said


def test_every_word_of_the_pages_stands_in_chinese() -> None:
    assert _said_by_pages() - set(catalogue("zh_CN")) == set()


def _tokens(css: str) -> dict[str, tuple[str, str]]:
    both = re.findall(r"(--[\w-]+): light-dark\((#\w+), (#\w+)\);", css)
    same = re.findall(r"(--[\w-]+): (#\w{6});", css)
    return {name: (day, night) for name, day, night in both} | {name: (one, one) for name, one in same}


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


HELD = ("supervision", "command", "department", "done", "ended")
INKS = [
    *[
        (ink, ground, 4.5)
        for ink in ("ink", "ink-quiet", "brand")
        for ground in ("ground", "surface", "surface-sunk")
    ],
    *[(name, f"{name}-soft", 4.5) for name in (*HELD, "brand", "lamp-green", "lamp-yellow", "lamp-red")],
    *[(f"lamp-{name}", "surface", 4.5) for name in ("green", "yellow", "red")],
    ("on-brand", "brand-fill", 4.5),
    ("on-brand", "brand-fill-hover", 4.5),
    ("bar-ink", "bar", 4.5),
    ("bar-ink-quiet", "bar", 4.5),
    ("bar-ink", "bar-raised", 4.5),
    ("line-strong", "surface", 3.0),
    ("focus", "ground", 3.0),
    ("focus", "surface", 3.0),
    ("signal", "bar", 3.0),
]


@pytest.mark.parametrize(("ink", "ground", "least"), INKS)
@pytest.mark.parametrize("night", [False, True])
def test_ink_is_read_on_its_ground_by_day_and_by_night(
    ink: str, ground: str, least: float, night: bool
) -> None:
    tokens = _tokens((WEB / "static" / "citygrid.css").read_text("utf-8"))
    light, dark = sorted((_luminance(tokens[f"--{name}"][night]) for name in (ink, ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= least


def _report(seen: Visit, words: str) -> str:
    """Report by hand; returns the case number."""
    page = _fill_in(seen, words)
    page.get_by_role("button", name="上报").click()
    page.wait_for_url("**/cases/*")
    return page.url.rsplit("/", 1)[-1]


def _fill_in(seen: Visit, words: str) -> Page:
    """Fill in the report form by hand."""
    page = seen.go("/report")
    lon, lat = (
        page.locator("#place-map").get_attribute("data-lon"),
        page.locator("#place-map").get_attribute("data-lat"),
    )
    page.get_by_role("combobox", name="类别").fill("0101")
    page.keyboard.press("Enter")
    page.get_by_label("经度").fill(str(lon))
    page.get_by_label("纬度").fill(str(lat))
    page.get_by_label("问题描述").fill(words)
    expect(page.locator("#grid")).to_contain_text("15")
    return page


def _step(page: Page, action: str, note: str = "", department: str = "") -> None:
    page.locator(f"[data-action={action}]").click()
    form = page.locator("#act-form")
    expect(form.locator("textarea")).to_be_visible()
    if note:
        form.locator("textarea").fill(note)
    if department:
        form.locator("[name=department]").select_option(department)
    with page.expect_navigation():
        form.locator("[type=submit]").click()


def test_case_goes_from_report_to_closing_by_hands_alone(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server, "inspector") as seen:
        case_no = _report(seen, "井盖松动，车过有响声")
        seen.check()
    with visit(browser, live_server, "department") as seen:
        department = seen.page.context.request.get(f"{live_server}/api/v1/me").json()["department"]
    hands = [
        ("shift_leader", [("file", "", "")]),
        ("dispatcher", [("dispatch", "请尽快处置", department)]),
        ("department", [("accept", "", ""), ("dispose", "已更换井盖", ""), ("feed_back", "", "")]),
        ("acceptor", [("check", "", "")]),
        ("shift_leader", [("close", "", "")]),
    ]
    for role, steps in hands:
        with visit(browser, live_server, role) as seen:
            page = seen.go(f"/cases/{case_no}")
            for action, note, to in steps:
                _step(page, action, note, to)
            page.wait_for_load_state("networkidle")
            seen.check()
    with visit(browser, live_server, "evaluator") as seen:
        page = seen.go(f"/cases/{case_no}")
        expect(page.locator(".head .badge")).to_have_text("已结案")
        assert page.locator(".steps > li").count() == 8
        assert page.locator("[data-action]").count() == 0
        expect(page.locator(".steps")).to_contain_text("已更换井盖")


def test_who_comes_second_is_told_that_the_case_moved_on(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server, "inspector") as seen:
        case_no = _report(seen, "井盖破损")
    with (
        visit(browser, live_server, "shift_leader") as first,
        visit(browser, live_server, "shift_leader") as second,
    ):
        first.go(f"/cases/{case_no}")
        second.go(f"/cases/{case_no}")
        _step(first.page, "file")
        page = second.page
        page.locator("[data-action=refuse]").click()
        form = page.locator("#act-form")
        form.locator("textarea").fill("重复上报")
        form.locator("[type=submit]").click()
        expect(form.get_by_role("alert")).to_contain_text("立案 (演示值班长)")
        expect(form.locator("[type=submit]")).to_be_disabled()
        assert form.locator("textarea").input_value() == "重复上报"
        with page.expect_navigation():
            form.get_by_role("button", name="取消").click()
        expect(page.locator("wa-toast-item").filter(has_text="此案件刚被他人办理")).to_be_visible()
        expect(page.locator("[data-action=refuse]")).to_have_count(0)


def test_step_that_needs_a_reason_is_not_sent_without_one(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server, "inspector") as seen:
        case_no = _report(seen, "井盖缺失")
    with visit(browser, live_server, "shift_leader") as seen:
        page = seen.go(f"/cases/{case_no}")
        page.locator("[data-action=refuse]").click()
        expect(page.locator("#act-note")).to_be_visible()
        page.locator("#act-form [type=submit]").click()
        expect(page.locator("#act-form select:visible")).to_have_count(0)  # neither department nor condition
        assert page.locator("#act-note").evaluate("one => one.validity.valueMissing")
        assert page.locator(".steps > li").count() == 1


def test_report_without_class_or_place_goes_nowhere(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server, "inspector") as seen:
        page = seen.go("/report")
        page.get_by_role("button", name="上报").click()
        assert page.locator("[aria-invalid=true]").count() == 4  # class, longitude, latitude, description
        assert page.url.endswith("/report")


def _photo(name: str, colour: str, size: tuple[int, int] = (640, 480)) -> FilePayload:
    """A picture of one colour, as a file that a person chooses."""
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_photos_of_a_report_stand_on_its_case(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server, "inspector", size=PHONE, has_touch=True) as seen:
        page = _fill_in(seen, "井盖破损，附照片")
        broken: FilePayload = {"name": "坏图.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
        words: FilePayload = {"name": "说明.txt", "mimeType": "text/plain", "buffer": b"words"}
        chosen = [
            _photo("IMG_20260101_120000_a_very_long_name_of_a_photo.jpg", "teal"),
            words,
            broken,
            _photo("近.jpg", "olive", (480, 640)),
        ]
        page.locator("[data-from=pick]").set_input_files(chosen)
        expect(page.locator(".chosen li")).to_have_count(2)
        expect(page.locator(".refused p")).to_have_count(2)
        expect(page.locator(".refused")).to_contain_text("说明.txt")
        expect(page.get_by_role("button", name="拍照")).to_be_visible()
        page.locator("[data-from=take]").set_input_files(_photo("误拍.jpg", "gray"))
        page.get_by_role("button", name="移除 误拍.jpg").click()
        expect(page.locator(".chosen li")).to_have_count(2)
        assert page.evaluate(TOO_SMALL) == []
        seen.check()
        page.get_by_role("button", name="上报").click()
        page.wait_for_url("**/cases/*")
        expect(page.locator(".stages h3")).to_have_text("处置前（上报）")
        expect(page.locator(".photos img")).to_have_count(2)
        page.wait_for_load_state("networkidle")
        assert page.locator(".photos img").evaluate_all("all => all.map(one => one.naturalHeight)") == [
            240,
            320,
        ]  # small ones; the large one comes when it is opened
        page.get_by_role("link", name="处置前（上报）照片 1").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("ArrowRight")
        expect(page.locator("#photo img")).to_have_attribute("alt", "处置前（上报）照片 2")
        assert page.evaluate(TOO_SMALL) == []
        seen.check()


def test_photo_that_was_not_stored_is_told_and_sent_again(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server, "inspector", size=PHONE) as seen:
        page = _fill_in(seen, "井盖破损，信号不好")
        page.locator("[data-from=pick]").set_input_files(
            [_photo("一.jpg", "navy"), _photo("二.jpg", "maroon")]
        )
        lost = iter([True])
        page.route(
            "**/api/v1/uploads", lambda route: route.abort() if next(lost, False) else route.fallback()
        )
        page.get_by_role("button", name="上报").click()
        expect(page.locator(".chosen [data-state=failed]")).to_have_count(1)
        expect(page.locator(".chosen [data-state=stored]")).to_have_count(1)
        expect(page.get_by_role("button", name="不带照片继续")).to_be_visible()
        assert page.url.endswith("/report")
        page.get_by_role("button", name="重试").click()
        page.wait_for_url("**/cases/*")
        expect(page.locator(".photos img")).to_have_count(2)


def test_going_on_without_a_photo_is_a_choice(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server, "inspector") as seen:
        page = _fill_in(seen, "井盖破损，没有信号")
        page.locator("[data-from=pick]").set_input_files(_photo("一.jpg", "navy"))
        page.route("**/api/v1/uploads", lambda route: route.abort())
        page.get_by_role("button", name="上报").click()
        page.get_by_role("button", name="不带照片继续").click()
        page.wait_for_url("**/cases/*")
        expect(page.locator("wa-toast-item").filter(has_text="1 张照片未上传")).to_be_visible()
        expect(page.get_by_text("此案件暂无照片。")).to_be_visible()


def test_photo_is_added_by_who_works_on_the_case_and_seen_by_all(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server, "inspector") as seen:
        case_no = _report(seen, "井盖缺失，补拍")
        page = seen.page
        expect(page.locator("#stage")).to_have_value("report")
        page.locator("[data-from=pick]").set_input_files(_photo("补.jpg", "purple"))
        page.locator("#stage").select_option("disposal")
        with page.expect_navigation():
            page.get_by_role("button", name="添加到案件").click()
        expect(page.locator("wa-toast-item").filter(has_text="已上传照片 1 张")).to_be_visible()
        expect(page.get_by_role("img", name="处置后照片 1")).to_be_visible()
        seen.check()
    with visit(browser, live_server, "evaluator", size=PHONE) as seen:
        page = seen.go(f"/cases/{case_no}")
        expect(page.get_by_role("img", name="处置后照片 1")).to_be_visible()
        assert page.locator("#add-photos").count() == 0
        seen.check()


@pytest.mark.parametrize(
    ("role", "state", "stage"),
    [
        (Role.ACCEPTOR, CaseState.REPORTED, "report"),
        (Role.INSPECTOR, CaseState.VERIFYING, "verification"),
        (Role.DEPARTMENT, CaseState.ACCEPTED, "disposal"),
        (Role.INSPECTOR, CaseState.CHECKING, "inspection"),
    ],
)
def test_stage_offered_is_what_the_person_photographs_now(role: Role, state: CaseState, stage: str) -> None:
    assert usual_stage(role, state) == stage


def test_place_outside_the_city_is_refused_in_words(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server, "inspector") as seen:
        page = seen.go("/report")
        page.get_by_label("经度").fill("116.4")
        page.get_by_label("纬度").fill("39.9")
        page.get_by_label("纬度").press("Tab")
        expect(page.locator("#place-wrong")).not_to_be_empty()


def test_keys_walk_the_list_and_open(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server, "inspector") as seen:
        _report(seen, "键盘走查")
        page = seen.go("/cases")
        page.keyboard.press("/")
        expect(page.locator("[data-search]")).to_be_focused()
        page.keyboard.press("Escape")
        page.locator("#main").focus()
        page.keyboard.press("j")
        expect(page.locator("[data-list] a.open").first).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url("**/cases/*")
        page.wait_for_load_state("networkidle")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        seen.check()


def test_session_cookie_is_hidden_from_scripts(live_server: str, browser: Browser) -> None:
    context = browser.new_context()
    sign_in(context, live_server, "planner")
    cookies = {cookie["name"]: cookie for cookie in context.cookies()}
    assert cookies["citygrid_session"]["httpOnly"]
    assert cookies["citygrid_session"]["sameSite"] in ("Lax", "Strict")
    assert cookies["citygrid_csrf"]["httpOnly"]
    context.close()
