"""Photos at a browser: sent in pieces over a line that breaks, and shown with what the camera noted."""

import io
import os

from PIL import Image
from playwright.sync_api import Browser, FilePayload, Route, expect

from tests.browser import PHONE, visit
from tests.photos import at_place, notes, picture
from tests.small_city import AsRole
from tests.test_case_loop import report


def _file(name: str, content: bytes, kind: str = "image/jpeg") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def _large() -> bytes:
    """A photo of about 2 MB: several pieces."""
    out = io.BytesIO()
    Image.frombytes("RGB", (900, 800), os.urandom(900 * 800 * 3)).save(out, "JPEG", quality=98)
    return out.getvalue()


def test_a_photo_that_was_cut_off_goes_on_where_it_stood(
    live_server: str, browser: Browser, as_role: AsRole, place: dict[str, float]
) -> None:
    case_no = report(as_role("inspector"), place)["case_no"]
    offsets: list[str] = []

    def weak_line(route: Route) -> None:
        offsets.append(route.request.headers["upload-offset"])
        if len(offsets) == 2:
            route.abort()
        else:
            route.fallback()

    with visit(browser, live_server, "inspector", size=PHONE) as seen:
        page = seen.go(f"/cases/{case_no}")
        page.route("**/api/v1/uploads/*", weak_line)
        page.locator("[data-from=pick]").set_input_files(_file("大.jpg", _large()))
        page.get_by_role("button", name="添加到案件").click()
        expect(page.locator(".chosen [data-state=failed]")).to_have_count(1)
        with page.expect_navigation():
            page.context.set_offline(True)
            page.context.set_offline(False)  # the browser tells that it is online again
        expect(page.get_by_role("img", name="处置前（上报）照片 1")).to_be_visible()
    assert len(offsets) > 3
    assert offsets[:3] == ["0", "524288", "524288"]
    assert len(set(offsets)) == len(offsets) - 1  # only the piece that was cut off was sent twice


def test_a_heic_photo_is_taken_and_tells_when_and_where_it_was_made(
    live_server: str, browser: Browser, as_role: AsRole, place: dict[str, float]
) -> None:
    case_no = report(as_role("inspector"), place)["case_no"]
    exif = notes("2026:11:20 10:11:12", "+08:00", at_place(place["lon"], place["lat"] + 0.001))
    with visit(browser, live_server, "inspector", size=PHONE) as seen:
        page = seen.go(f"/cases/{case_no}")
        heic = picture("HEIF", size=(640, 480), exif=exif)
        page.locator("[data-from=pick]").set_input_files(_file("IMG_0001.HEIC", heic, "image/heic"))
        expect(page.locator(".chosen .no-picture")).to_be_visible()
        with page.expect_navigation():
            page.get_by_role("button", name="添加到案件").click()
        page.get_by_role("link", name="处置前（上报）照片 1").click()
        told = ["拍摄于 2026-11-20 10:11", "距案件位置 111 米"]
        expect(page.locator("#photo [data-caption] span")).to_have_text(told)
        expect(page.get_by_role("link", name="查看原图")).to_be_visible()
        seen.check()
