"""Reports, tasks and patrols on the phone app."""

from datetime import datetime
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Route, expect

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

# ---- Reports ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("井盖", "上水井盖"),
        ("0101", "上水井盖"),
        ("jinggai", "上水井盖"),
        ("ssjg", "上水井盖"),
        ("shangsjg", "上水井盖"),
        ("manhole", "上水井盖"),
        ("tyz", "燃气调压站（箱）"),
        ("dyz", "燃气调压站（箱）"),
        ("xingdaoshu", "行道树"),
        ("lj my", "垃圾满溢"),
    ],
)
def test_class_is_found_by_words_code_pinyin_and_first_letters(
    live_server: str, browser: Browser, typed: str, name: str
) -> None:
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        choose(page, typed, name)
        check(seen)


def test_class_is_chosen_by_two_taps_and_stands_first_the_next_time(
    live_server: str, browser: Browser
) -> None:
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        page.locator("#class-open").click()
        expect(page.locator("#class-recent-box")).to_be_hidden()
        page.get_by_role("button", name="街面秩序").click()
        page.get_by_role("button", name="机动车乱停放").first.click()
        expect(page.locator("#class-name")).to_have_text("机动车乱停放")
        page.locator("#send").click()
        expect(page.locator("#photos-wrong")).to_contain_text("不带照片")
        report(page)
        page.locator("#again").click()
        page.locator("#class-open").click()
        expect(page.locator("#class-recent .tile").first).to_contain_text("机动车乱停放")
        check(seen)


def test_the_same_problem_is_followed_not_reported_twice(
    live_server: str, browser: Browser, as_role: AsRole
) -> None:
    words = "同一处塌陷"
    place = {"lon": LON, "lat": LAT}
    body = {"kind": "event", "class_code": "0505", "description": words, "source": "hotline"}
    made = as_role("acceptor").post("/api/v1/cases", json=body | place)
    assert made.status_code == 201, made.text
    case_no = made.json()["case_no"]
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        fill_in(page, "又见塌陷", [photo(11)], "路面塌陷")
        page.locator("#send").click()
        card = page.locator("#similar-list .card").filter(has_text=words)
        expect(card).to_be_visible()
        check(seen)
        card.get_by_role("button", name="就是这一件").click()
        go(page, "queue")
        expect(arrived(page)).to_have_count(1)
        expect(arrived(page)).to_contain_text(case_no)
        check(seen)
    assert len(photos_of(as_role, case_no)) == 1
    assert cases_about(as_role, "又见塌陷") == []


def test_put_right_on_the_spot_without_signal(live_server: str, browser: Browser, as_role: AsRole) -> None:
    words = "小广告当场清除"
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        seen.page.context.set_offline(True)
        fill_in(page, words, [photo(12)], "非法小广告")
        report(page)
        page.locator("#dispose-open").click()
        page.locator("#dispose-send").click()
        expect(page.locator("#dispose-wrong")).not_to_be_empty()  # no photo, no proof
        page.locator("#dispose-photos [data-from=shoot]").set_input_files(photo(13))
        expect(page.locator("#dispose-photos img")).to_have_count(1)
        page.locator("#dispose-note").fill("已清除")
        page.locator("#dispose-send").click()
        go(page, "queue")
        expect(unsent(page)).to_have_count(2)
        seen.page.context.set_offline(False)
        expect(arrived(page)).to_have_count(2)
        check(seen)
    [case] = cases_about(as_role, words)
    assert case["state"] == "self_disposed"
    assert sorted(one["stage"] for one in photos_of(as_role, case["case_no"])) == ["disposal", "report"]


def test_large_photo_is_scaled_down_and_keeps_when_and_where_it_was_taken(
    live_server: str, browser: Browser, as_role: AsRole
) -> None:
    words = "大照片缩小后仍有拍摄时间"
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8769).update({0x9003: "2026:03:04 05:06:07", 0x9011: "+08:00"})
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 49.0, 20.64), 3: "E", 4: (109.0, 59.0, 32.28)})
    large = photo(14, (3200, 2400), exif)
    assert len(large["buffer"]) > 4_000_000
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        fill_in(page, words, [large])
        report(page)
        go(page, "queue")
        expect(arrived(page)).to_have_count(1, timeout=20_000)
    [case] = cases_about(as_role, words)
    [stored] = photos_of(as_role, case["case_no"])
    assert (stored["width_px"], stored["height_px"]) == (1920, 2560)  # upright, once
    assert datetime.fromisoformat(stored["taken_at"]) == datetime.fromisoformat("2026-03-04T05:06:07+08:00")
    assert (stored["taken_lon"], stored["taken_lat"]) == pytest.approx((109.9923, 39.8224), abs=1e-4)


def test_what_is_no_photo_is_not_taken(live_server: str, browser: Browser) -> None:
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        words: FilePayload = {"name": "说明.jpg", "mimeType": "image/jpeg", "buffer": b"words"}
        page.locator("#report-photos [data-from=choose]").set_input_files([words, photo(15)])
        expect(page.locator("#photos-wrong")).to_contain_text("说明.jpg")
        expect(page.locator("#report-photos img")).to_have_count(1)
        page.locator("#report-photos [data-from=choose]").set_input_files(photo(15))
        page.wait_for_timeout(300)
        expect(page.locator("#report-photos img")).to_have_count(1)  # the same once more is the same
        check(seen)


def test_place_follows_the_hand_once_the_map_is_dragged(live_server: str, browser: Browser) -> None:
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        expect(page.locator("#place-grid")).to_contain_text("1506")
        box = page.locator("#place-map").bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 60, y - 40, steps=5)
        page.mouse.up()
        expect(page.locator("#place-how")).to_have_text("已在地图上选定位置")
        page.context.set_geolocation({"longitude": LON + 0.01, "latitude": LAT, "accuracy": 5})
        expect(page.locator("#place-how")).to_have_text("已在地图上选定位置")
        page.locator("#here").click()
        expect(page.locator("#place-how")).to_contain_text("5")
        check(seen)


# ---- Tasks, cases, patrol --------------------------------------------------------------------------------


def hotline_task(as_role: AsRole, words: str) -> str:
    """A hotline report that was sent to be verified, by the demo inspector; its case number."""
    body = {
        "kind": "event",
        "class_code": "0110",
        "lon": LON,
        "lat": LAT,
        "description": words,
        "source": "hotline",
    }
    made = as_role("acceptor").post("/api/v1/cases", json=body)
    assert made.status_code == 201, made.text
    case_no: str = made.json()["case_no"]
    act = f"/api/v1/cases/{case_no}/actions"
    sent = as_role("acceptor").post(f"{act}/send_verification", json={})
    assert sent.status_code == 200, sent.text
    given = as_role("acceptor").post(f"{act}/assign_task", json={"person": "inspector"})
    assert given.status_code in (200, 409, 422), given.text  # it may be the inspector's already
    return case_no


def test_task_is_done_without_signal_and_arrives(live_server: str, browser: Browser, as_role: AsRole) -> None:
    case_no = hotline_task(as_role, "热线：垃圾成堆待核实")
    with phone(browser, live_server) as seen:
        page = open_app(seen, "/inspect#tasks")
        card = page.locator(f"#tasks-list [data-case={case_no}]")
        expect(card).to_be_visible()
        check(seen)
        seen.page.context.set_offline(True)
        page.reload()
        page.locator("body[data-ready]").wait_for()
        expect(page.locator("#tasks-told")).to_contain_text("数据截至")
        card.locator("button").click()
        expect(page.locator("#task-distance")).to_be_visible()
        page.locator("#task-actions [data-action=not_confirmed]").click()
        expect(page.locator("#task-wrong")).not_to_be_empty()
        page.locator("#task-note").fill("现场属实，约两立方")
        page.locator("#task-photos [data-from=shoot]").set_input_files(photo(16))
        expect(page.locator("#task-photos img")).to_have_count(1)
        check(seen)
        page.locator("#task-actions [data-action=verify]").click()
        expect(card).to_contain_text("正在发送")
        seen.page.context.set_offline(False)
        expect(card).to_have_count(0)
        check(seen)
    case = as_role("acceptor").get(f"/api/v1/cases/{case_no}").json()
    assert case["state"] == "verified"
    assert [one["stage"] for one in photos_of(as_role, case_no)] == ["verification"]


def test_step_whose_answer_was_lost_is_not_taken_twice(
    live_server: str, browser: Browser, as_role: AsRole
) -> None:
    case_no = hotline_task(as_role, "热线：答复丢失")
    with phone(browser, live_server) as seen:
        page = open_app(seen, "/inspect#tasks")
        lost = iter([True])

        def once(route: Route) -> None:
            if next(lost, False):
                route.fetch()
                route.abort()
            else:
                route.fallback()

        page.route("**/actions/verify", once)
        page.locator(f"#tasks-list [data-case={case_no}] button").click()
        page.locator("#task-actions [data-action=verify]").click()
        go(page, "queue")
        expect(page.locator("#queue-list .card[data-state=waiting]")).to_have_count(1)
        page.locator("#queue-now").click()
        expect(arrived(page)).to_have_count(1)
        check(seen)
    steps = as_role("acceptor").get(f"/api/v1/cases/{case_no}/steps").json()["items"]
    assert [step["action"] for step in steps].count("verify") == 1


def test_case_that_moved_on_is_shown_and_asked_about(
    live_server: str, browser: Browser, as_role: AsRole
) -> None:
    case_no = hotline_task(as_role, "热线：其间被改动")
    with phone(browser, live_server) as seen:
        page = open_app(seen, "/inspect#tasks")
        page.locator(f"#tasks-list [data-case={case_no}] button").click()
        # Meanwhile somebody else follows the case: its version moves on, its state does not.
        moved = as_role("shift_leader").post(f"/api/v1/cases/{case_no}/followers", json={"note": "我也看到"})
        assert moved.status_code == 201, moved.text
        page.locator("#task-actions [data-action=verify]").click()
        go(page, "queue")
        card = page.locator("#queue-list .card[data-state=changed]")
        expect(card).to_contain_text("其间办理")
        check(seen)
        card.get_by_role("button", name="仍然提交").click()
        expect(arrived(page)).to_have_count(1)
    assert as_role("acceptor").get(f"/api/v1/cases/{case_no}").json()["state"] == "verified"


def test_my_cases_are_read_without_signal(live_server: str, browser: Browser, as_role: AsRole) -> None:
    words = "我的案件离线可看"
    body = {"kind": "event", "class_code": "0110", "lon": LON, "lat": LAT, "description": words}
    assert as_role("inspector").post("/api/v1/cases", json=body).status_code == 201
    with phone(browser, live_server) as seen:
        page = open_app(seen, "/inspect#cases")
        expect(page.locator("#cases-list")).to_contain_text(words)
        check(seen)
        seen.page.context.set_offline(True)
        page.reload()
        page.locator("body[data-ready]").wait_for()
        expect(page.locator("#cases-list")).to_contain_text(words)
        expect(page.locator("#cases-told")).to_contain_text("数据截至")


def test_track_is_kept_only_by_choice_and_covers_the_grid_one_stands_in(
    live_server: str, browser: Browser, as_role: AsRole
) -> None:
    with phone(browser, live_server) as seen:
        page = open_app(seen, "/inspect#patrol")
        expect(page.locator("#track-words")).to_contain_text("不会离开本机")
        expect(page.locator("#coverage-share")).to_contain_text("%")
        page.wait_for_load_state("networkidle")  # else what opening the app sends may take the point along
        sent: list[Any] = []
        page.on(
            "request",
            lambda one: sent.append(one.post_data_json) if one.url.endswith("/patrol/points") else None,
        )
        page.locator(".switch").click()
        expect(page.locator("#sharing")).to_be_checked()
        expect(page.locator("#track-words")).to_contain_text("待发送")
        page.reload()  # what was not sent yet is sent when the app is opened again
        page.locator("body[data-ready]").wait_for()
        expect(page.locator("#sharing")).to_be_checked()
        expect(page.locator("#track-words")).not_to_contain_text("待发送")
        assert len(sent) == 1
        check(seen)
        page.locator(".switch").click()
        expect(page.locator("#track-words")).to_contain_text("不会离开本机")
    coverage = as_role("inspector").get("/api/v1/patrol/coverage").json()
    assert coverage["shares_track"] is False


def test_switched_off_without_signal_and_on_again_stays_on(
    live_server: str, browser: Browser, as_role: AsRole
) -> None:
    with phone(browser, live_server) as seen:
        page = open_app(seen, "/inspect#patrol")
        expect(page.locator("#coverage-share")).to_contain_text("%")
        switch = page.locator(".switch")
        switch.click()
        expect(page.locator("#track-words")).to_contain_text("记录轨迹")
        page.context.set_offline(True)
        switch.click()
        expect(page.locator("#track-words")).to_contain_text("不会离开本机")
        expect(page.locator("#toast")).not_to_be_empty()  # the service could not be told
        page.context.set_offline(False)
        switch.click()
        expect(page.locator("#track-words")).to_contain_text("记录轨迹")
        with page.expect_response("**/patrol/sharing"):  # what it tells and asks when it is opened again
            page.reload()
        page.wait_for_load_state("networkidle")
        expect(page.locator("#sharing")).to_be_checked()
        switch.click()
        expect(page.locator("#track-words")).to_contain_text("不会离开本机")
    assert as_role("inspector").get("/api/v1/patrol/sharing").json()["shares_track"] is False


def test_points_are_thinned(live_server: str, browser: Browser) -> None:
    tells = "async ([last, next]) => (await import('/static/inspect/track.js')).tells(last, next)"
    at = {"lon": LON, "lat": LAT, "accuracy": 8, "at": 0}
    cases = [
        (None, at, True),
        (at, at | {"at": 5_000, "lat": LAT + 0.00005}, False),  # 5.6 m after 5 s
        (at, at | {"at": 5_000, "lat": LAT + 0.0002}, True),  # 22 m
        (at, at | {"at": 21_000}, True),
        (at, at | {"at": 21_000, "accuracy": 300}, False),  # could be anywhere
    ]
    with phone(browser, live_server) as seen:
        page = open_app(seen)
        for last, following, expected in cases:
            assert page.evaluate(tells, [last, following]) is expected, following
