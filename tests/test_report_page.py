"""The report form of the hotline desk: where it comes from, and what is open there already."""

import re

from playwright.sync_api import Browser, expect

from tests.browser import DESK, PHONE, visit
from tests.small_city import AsRole
from tests.test_case_loop import report


def test_the_hotline_desk_sees_open_cases_before_it_reports_one_again(
    live_server: str, browser: Browser, as_role: AsRole, place: dict[str, float]
) -> None:
    known = report(as_role("inspector"), place, class_code="0104", description="垃圾桶满溢")["case_no"]
    for size in (DESK, PHONE):
        with visit(browser, live_server, "acceptor", size=size) as seen:
            page = seen.go("/report")
            page.get_by_text("事件", exact=True).click()
            page.locator("#class").fill("0104")
            page.locator("#class-list [role=option]").first.click()
            page.locator("#lon").fill(f"{place['lon']:.6f}")
            page.locator("#lat").fill(f"{place['lat']:.6f}")
            page.locator("#lat").press("Tab")
            shown = page.locator("#similar li", has_text=known)
            expect(shown).to_contain_text("垃圾桶满溢")
            expect(page.locator("#source option")).to_have_count(4)
            page.wait_for_load_state("networkidle")
            seen.check()
            if size is DESK:
                page.locator("#description").fill("来电人也反映")
                shown.get_by_role("button").click()
                page.wait_for_url(re.compile(f"/cases/{known}$"))
                expect(page.locator("main")).to_contain_text("来电人也反映")
            else:
                expect(shown.get_by_role("button")).to_be_disabled()  # followed already


def test_a_report_says_where_it_comes_from(
    live_server: str, browser: Browser, as_role: AsRole, place: dict[str, float]
) -> None:
    with visit(browser, live_server, "acceptor") as seen:
        page = seen.go("/report")
        page.get_by_text("事件", exact=True).click()
        page.locator("#source").select_option("media")
        page.locator("#class").fill("0105")
        page.locator("#class-list [role=option]").first.click()
        page.locator("#lon").fill(f"{place['lon']:.6f}")
        page.locator("#lat").fill(f"{place['lat']:.6f}")
        page.locator("#description").fill("媒体报道")
        page.get_by_role("button", name="上报").click()
        page.wait_for_url(re.compile(r"/cases/E0105"))
        number = page.url.rsplit("/", 1)[1]
    assert as_role("evaluator").get(f"/api/v1/cases/{number}").json()["source"] == "media"
