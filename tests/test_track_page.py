"""The public page of a case: for anybody, nothing personal, and the question whether it is fixed."""

from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from tests.browser import DESK, PHONE, TOO_SMALL, visit
from tests.small_city import AsRole

WORDS = "张先生电话13900000000称井盖破损"


@pytest.fixture
def reported(as_role: AsRole, place: dict[str, float]) -> str:
    """The number of a report whose words name a person."""
    body = {"kind": "component", "class_code": "0101", "description": WORDS, **place}
    answer = as_role("inspector").post("/api/v1/cases", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_no"])


def closed(as_role: AsRole, case_no: str) -> str:
    """Bring a report to its closing."""
    department = as_role("department").get("/api/v1/me").json()["department"]
    ways: list[tuple[str, str, dict[str, Any]]] = [
        ("shift_leader", "file", {}),
        ("dispatcher", "dispatch", {"department": department}),
        ("department", "accept", {}),
        ("department", "dispose", {}),
        ("department", "feed_back", {}),
        ("acceptor", "check", {}),
        ("shift_leader", "close", {}),
    ]
    for role, action, body in ways:
        answer = as_role(role).post(f"/api/v1/cases/{case_no}/actions/{action}", json=body)
        assert answer.status_code == 200, answer.text
    return case_no


@pytest.mark.parametrize(("size", "locale", "scheme"), [(PHONE, "zh_CN", "dark"), (DESK, "en", "light")])
def test_stranger_finds_a_case_by_its_number(
    live_server: str, browser: Browser, reported: str, size: dict[str, int], locale: str, scheme: str
) -> None:
    with visit(browser, live_server, size=size, locale=locale, scheme=scheme) as seen:
        page = seen.go("/track")
        page.locator("#no").fill(f" {reported.lower()} ")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/track/{reported}")
        expect(page.locator(".moments .past")).to_have_count(1)
        expect(page.locator(".moments .ahead")).to_have_count(4)
        assert (
            page.get_by_role("button", name={"zh_CN": "是，已解决", "en": "Yes, it is fixed"}[locale]).count()
            == 0
        )
        if size is PHONE:
            assert page.evaluate(TOO_SMALL) == []
        seen.check()


def test_page_tells_nothing_personal(live_server: str, reported: str) -> None:
    text = httpx2.get(f"{live_server}/track/{reported}").text
    assert reported in text
    for secret in ("张先生", "13900000000", "演示监督员"):
        assert secret not in text


def test_unknown_number_is_said_in_words(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server, size=PHONE) as seen:
        page = seen.go("/track/C0101209901010001")
        expect(page.get_by_role("alert")).to_contain_text("C0101209901010001")
        expect(page.locator("#no")).to_have_value("C0101209901010001")
        seen.check()
    assert httpx2.get(f"{live_server}/track/C0101209901010001").status_code == 404


def test_citizen_says_that_it_is_not_fixed_and_it_is_opened_again(
    live_server: str, browser: Browser, as_role: AsRole, reported: str
) -> None:
    case_no = closed(as_role, reported)
    with visit(browser, live_server, size=PHONE, java_script_enabled=False) as seen:
        page = seen.page
        page.goto(f"{live_server}/track/{case_no}")
        page.locator("#note").fill("井盖仍在响")
        page.get_by_role("button", name="否，未解决").click()
        expect(page.get_by_role("status").first).to_contain_text("未解决")
        expect(page.get_by_role("button", name="否，未解决")).to_have_count(0)
        expect(page.get_by_role("button", name="是，已解决")).to_be_visible()
    found = as_role("shift_leader").get(f"/api/v1/cases/{case_no}").json()
    assert found["said"] == "not_fixed"
    assert "reopen" in {step["action"] for step in found["open_actions"]}


def test_answer_from_another_site_is_refused(live_server: str, as_role: AsRole, reported: str) -> None:
    case_no = closed(as_role, reported)
    answer = httpx2.post(f"{live_server}/track/{case_no}", data={"fixed": "false"})
    assert answer.status_code == 403
    assert as_role("evaluator").get(f"/api/v1/cases/{case_no}").json()["said"] is None
