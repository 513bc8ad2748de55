"""The queue of the phone app: without signal, with signal that comes and goes, and against a no."""

import json
import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, Route, expect

from tests.browser import sign_in
from tests.phone import (
    LAT,
    LON,
    arrived,
    cases_about,
    check,
    choose,
    fill_in,
    go,
    open_app,
    phone,
    photo,
    photos_of,
    report,
    unsent,
)  # fmt: skip
from tests.small_city import AsRole

# How many photos lie in the phone's own database
KEPT = """async () => {
  const { openStore } = await import('/static/inspect/store.js');
  const { default: Dexie } = await import('dexie');
  return openStore(Dexie).photos.count();
}"""


# ---- No signal -----------------------------------------------------------------------------------------


def test_report_made_without_signal_arrives_once_after_the_network_returns_twice(
    live_server: str, browser: Browser, as_role: AsRole
) -> None:
    words = "离线上报：积水漫过路沿"
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        seen.page.context.set_offline(True)
        expect(page.locator("#signal")).to_contain_text("无信号")
        fill_in(page, words, [photo(1), photo(2)])
        report(page)
        # The phone is switched off and on again, still without signal.
        page.reload()
        page.locator("body[data-ready]").wait_for()
        go(page, "queue")
        expect(unsent(page)).to_have_count(1)
        expect(page.locator("#queue-list .thumbs img")).to_have_count(2)

        # Signal is back: the case gets through, its answer is lost, and so is all after the first piece.
        pieces = 0
        is_cut = True
        lost = iter([True])

        def weak(route: Route) -> None:
            nonlocal pieces
            request = route.request
            if not is_cut:
                route.fallback()
            elif request.method == "POST" and request.url.endswith("/api/v1/cases") and next(lost, False):
                route.fetch()
                route.abort()
            elif request.method == "PATCH":
                pieces += 1
                route.fallback() if pieces == 1 else route.abort()
            else:
                route.fallback()

        page.route("**/api/v1/**", weak)
        page.context.set_offline(False)
        expect(page.locator("#queue-list .card[data-state=waiting]")).to_have_count(1)
        page.locator("#queue-now").click()
        expect(page.locator("#queue-list")).to_contain_text("案件已送达")
        expect(page.locator("#queue-list .card[data-state=waiting]")).to_have_count(1)
        assert pieces >= 1
        page.context.set_offline(True)
        [case] = cases_about(as_role, words)
        assert photos_of(as_role, case["case_no"]) == []

        # The second time it stays.
        is_cut = False
        page.context.set_offline(False)
        expect(arrived(page)).to_have_count(1)
        expect(unsent(page)).to_have_count(0)
        page.reload()
        go(page, "queue")
        expect(arrived(page)).to_have_count(1)
        check(seen)
    [case] = cases_about(as_role, words)
    stored = photos_of(as_role, case["case_no"])
    assert len(stored) == 2
    assert {one["stage"] for one in stored} == {"report"}
    assert case["source"] == "inspector"


def test_bytes_are_kept_until_the_service_has_confirmed_them(
    live_server: str, browser: Browser, as_role: AsRole
) -> None:
    words = "照片确认前不删除"
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        page.route("**/from-upload", lambda route: route.abort())
        fill_in(page, words, [photo(3)])
        report(page)
        go(page, "queue")
        expect(page.locator("#queue-list")).to_contain_text("案件已送达")
        expect(page.locator("#queue-list .card[data-state=waiting]")).to_have_count(1)
        assert page.evaluate(KEPT) == 1
        page.unroute("**/from-upload")
        page.locator("#queue-now").click()
        expect(arrived(page)).to_have_count(1)
        assert page.evaluate(KEPT) == 0
        check(seen)


def test_two_tabs_send_once(live_server: str, browser: Browser, as_role: AsRole) -> None:
    words = "两个标签页只发一次"
    with phone(browser, live_server) as seen:
        first = open_app(seen)
        second = seen.page.context.new_page()
        second.goto(f"{live_server}/inspect#queue")
        second.locator("body[data-ready]").wait_for()
        posts: list[str] = []
        seen.page.context.on(
            "request",
            lambda sent: (
                posts.append(sent.url) if sent.method == "POST" and sent.url.endswith("/cases") else None
            ),
        )
        seen.page.context.set_offline(True)
        fill_in(first, words, [photo(4)])
        report(first)
        expect(unsent(second)).to_have_count(1)
        seen.page.context.set_offline(False)
        second.locator("#queue-now").click()
        expect(arrived(second)).to_have_count(1)
        assert len(posts) == 1
        check(seen)
    [case] = cases_about(as_role, words)
    assert len(photos_of(as_role, case["case_no"])) == 1


def test_queue_is_sent_while_the_app_is_closed(live_server: str, browser: Browser, as_role: AsRole) -> None:
    """Background Sync, asked of the browser as it asks itself when signal is back."""
    words = "应用关闭后由后台发送"
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        page.context.set_offline(True)
        fill_in(page, words, [photo(20)])
        report(page)
        page.goto("about:blank")
        page.context.set_offline(False)
        other = page.context.new_page()
        other.goto(f"{live_server}/static/mark.svg")
        browser_side = page.context.new_cdp_session(other)
        registrations: list[str] = []
        browser_side.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda told: registrations.extend(one["registrationId"] for one in told["registrations"]),
        )
        browser_side.send("ServiceWorker.enable")
        other.wait_for_timeout(200)
        wake = {"origin": live_server, "registrationId": registrations[0], "tag": "send", "lastChance": True}
        browser_side.send("ServiceWorker.dispatchSyncEvent", wake)
        for _turn in range(100):
            made = cases_about(as_role, words)
            if made and photos_of(as_role, made[0]["case_no"]):
                break
            other.wait_for_timeout(200)
    [case] = cases_about(as_role, words)
    assert len(photos_of(as_role, case["case_no"])) == 1


def test_draft_survives_a_crash_without_signal(live_server: str, browser: Browser) -> None:
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        seen.page.context.set_offline(True)
        fill_in(page, "写到一半", [photo(5), photo(6)])
        page.reload()
        page.locator("body[data-ready]").wait_for()
        expect(page.locator("#description")).to_have_value("写到一半")
        expect(page.locator("#class-name")).to_have_text("道路积水")
        expect(page.locator("#report-photos .thumbs img")).to_have_count(2)
        page.locator("#report-photos .remove").first.click()
        expect(page.locator("#report-photos .thumbs img")).to_have_count(1)
        check(seen)


# ---- What the service says no to -------------------------------------------------------------------------


def test_refused_report_stays_with_its_reason_and_is_reported_again_after_editing(
    live_server: str, browser: Browser, as_role: AsRole
) -> None:
    words = "城外上报，改正后再报"
    with phone(browser, live_server, lon=116.4, lat=39.9) as seen:
        page = open_app(seen)
        fill_in(page, words, [photo(7)])
        expect(page.locator("#place-wrong")).to_contain_text("不在本市")
        report(page)
        go(page, "queue")
        card = page.locator("#queue-list .card[data-state=refused]")
        expect(card.locator(".reason")).not_to_be_empty()
        expect(card.locator("img")).to_have_count(1)
        page.reload()
        go(page, "queue")
        expect(card).to_have_count(1)
        check(seen)
        page.context.set_geolocation({"longitude": LON, "latitude": LAT, "accuracy": 8})
        page.get_by_role("button", name="修改后重新上报").click()
        expect(page.locator("#description")).to_have_value(words)
        page.locator("#here").click()
        expect(page.locator("#place-grid")).to_contain_text("1506")
        report(page)
        go(page, "queue")
        expect(arrived(page)).to_have_count(1)
        expect(unsent(page)).to_have_count(0)
    [case] = cases_about(as_role, words)
    assert len(photos_of(as_role, case["case_no"])) == 1


def test_what_the_service_deleted_is_said_and_kept(live_server: str, browser: Browser) -> None:
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        gone = {"type": "/problems/gone", "title": "已删除", "status": 410, "code": "gone"}
        body = json.dumps(gone)
        page.route(
            re.compile(r"/api/v1/cases$"),
            lambda route: route.fulfill(status=410, content_type="application/problem+json", body=body),
        )
        fill_in(page, "已被删除的上报", [photo(8)])
        report(page)
        go(page, "queue")
        card = page.locator("#queue-list .card[data-state=gone]")
        expect(card).to_contain_text("已删除")
        expect(card.locator("img")).to_have_count(1)
        card.get_by_role("button", name="删除").click()
        expect(card).to_have_count(1)  # the first press only asks
        card.get_by_role("button", name="再按一次").click()
        expect(card).to_have_count(0)
        check(seen)


def test_a_sign_in_that_ended_loses_nothing_and_is_renewed_on_the_same_page(
    live_server: str, browser: Browser, as_role: AsRole
) -> None:
    words = "登录过期后上报"
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        page.context.clear_cookies(name="citygrid_session")
        fill_in(page, words, [photo(9)])
        report(page)
        expect(page.locator("#bar-sign-in")).to_be_visible()
        go(page, "queue")
        expect(unsent(page)).to_have_count(1)
        assert cases_about(as_role, words) == []
        page.locator("#bar-sign-in button").click()
        expect(page.get_by_label("账号", exact=True)).to_have_value("inspector")
        page.get_by_label("密码").fill("wrong")
        page.locator("#sign-in [type=submit]").click()
        expect(page.locator("#sign-in-wrong")).not_to_be_empty()
        page.get_by_label("密码").fill("citygrid-demo")
        page.locator("#sign-in [type=submit]").click()
        expect(arrived(page)).to_have_count(1)
        expect(page.locator("#bar-sign-in")).to_be_hidden()
        check(seen)
    assert len(cases_about(as_role, words)) == 1


def test_what_one_person_captured_is_never_sent_in_the_name_of_another(
    live_server: str, browser: Browser, as_role: AsRole
) -> None:
    words = "他人登录时不代发"
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        seen.page.context.set_offline(True)
        fill_in(page, words, [photo(10)])
        report(page)
        sign_in(page.context, live_server, "acceptor")  # before there is signal: else it is sent at once
        seen.page.context.set_offline(False)
        page.reload()
        go(page, "queue")
        expect(page.locator("#queue-list")).to_contain_text("属于 inspector")
        expect(page.locator("#bar-role")).to_be_visible()
        page.locator("#queue-now").click()
        expect(unsent(page)).to_have_count(1)
        assert cases_about(as_role, words) == []


def test_who_signs_in_while_the_queue_is_being_sent_sends_nothing_of_another(
    live_server: str, browser: Browser, as_role: AsRole
) -> None:
    """The app has asked who is signed in, and then another is: the cookie is the browser's, not its."""
    words = "发送途中换人登录"
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        page.context.set_offline(True)
        fill_in(page, words, [photo(11)])
        report(page)
        asked = page.context.request.get(f"{live_server}/inspect/session").json()
        assert asked["person"]["login"] == "inspector"
        page.route("**/inspect/session", lambda route: route.fulfill(json=asked))
        sign_in(page.context, live_server, "acceptor")
        with page.expect_response(lambda one: one.url.endswith("/api/v1/cases")) as answer:
            page.context.set_offline(False)
        assert answer.value.status == 401
        go(page, "queue")
        expect(page.locator("#queue-list .card[data-state=waiting]")).to_have_count(1)
        assert cases_about(as_role, words) == []
        page.unroute("**/inspect/session")
        sign_in(page.context, live_server, "inspector")
        page.reload()
        go(page, "queue")
        expect(arrived(page)).to_have_count(1)
        check(seen)
    [case] = cases_about(as_role, words)
    assert case["source"] == "inspector"
    assert len(photos_of(as_role, case["case_no"])) == 1


def test_step_on_the_spot_follows_its_report_through_editing(
    live_server: str, browser: Browser, as_role: AsRole
) -> None:
    words = "改正后连同自处置一起送达"
    with phone(browser, live_server, lon=116.4, lat=39.9) as seen:
        page = open_app(seen)
        page.context.set_offline(True)
        fill_in(page, words, [photo(17)], "非法小广告")
        report(page)
        page.locator("#dispose-open").click()
        page.locator("#dispose-photos [data-from=shoot]").set_input_files(photo(18))
        page.locator("#dispose-send").click()
        expect(page.locator("#sheet-dispose")).to_be_hidden()
        page.context.set_offline(False)
        go(page, "queue")
        expect(page.locator("#queue-list .card[data-state=refused]")).to_have_count(1)
        expect(page.locator("#queue-list")).to_contain_text("等待所属上报先送达")
        # Another report that has been begun is not thrown away for the refused one.
        go(page, "report")
        page.locator("#again").click()
        choose(page, "0192", "垃圾满溢")
        go(page, "queue")
        page.get_by_role("button", name="修改后重新上报").click()
        expect(page.locator("#toast")).to_contain_text("正在填写")
        expect(unsent(page)).to_have_count(2)
        page.context.set_geolocation({"longitude": LON, "latitude": LAT, "accuracy": 8})
        go(page, "report")
        expect(page.locator("#place-grid")).to_contain_text("1506")
        page.locator("#send").click()
        report(page)
        go(page, "queue")
        expect(arrived(page)).to_have_count(1)
        page.get_by_role("button", name="修改后重新上报").click()
        page.locator("#here").click()
        expect(page.locator("#place-grid")).to_contain_text("1506")
        report(page)
        go(page, "queue")
        expect(arrived(page)).to_have_count(3)
        check(seen)
    [case] = cases_about(as_role, words)
    assert case["state"] == "self_disposed"


def test_phone_whose_clock_is_wrong_reports_the_right_time(
    live_server: str, browser: Browser, as_role: AsRole
) -> None:
    words = "手机时钟快了三小时"
    with phone(browser, live_server) as seen:
        seen.page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=3))
        page = open_app(seen)
        fill_in(page, words, [photo(19)])
        report(page)
        go(page, "queue")
        expect(arrived(page)).to_have_count(1)
        check(seen)
    [case] = cases_about(as_role, words)
    assert abs(datetime.fromisoformat(case["occurred_at"]) - datetime.now(UTC)) < timedelta(minutes=5)
