"""The page of pipeline statistics: the same figures as the service's, in table, chart and address."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, TOO_SMALL, visit
from tests.small_city import AsRole

LOADED_MS = 20_000  # a page with its map, on a machine that draws it in software
AWKWARD = "it's 50% of \"it\" AND ('more')"


def shown_groups(page: Page) -> dict[tuple[str, str], tuple[str, str]]:
    """What the table says: class and material → number of pipes and length, as they are written."""
    rows = page.locator("#groups tbody tr").evaluate_all(
        """rows => rows.map((row) => [
             row.cells[0].innerText.trim(), row.cells[1].innerText.trim(),
             ...["count", "length_m"].map((name) => row.querySelector(`[data-column=${name}]`).innerText),
           ])"""
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


def test_table_and_chart_say_what_the_service_says(
    live_server: str, browser: Browser, as_role: AsRole
) -> None:
    answer = as_role("planner").post(
        "/api/v1/pipelines/statistics",
        json={"group_by": ["class", "material"]},
        headers={"accept-language": "zh"},
    )
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert len(told["groups"]) > 5
    with visit(browser, live_server, "planner") as seen:
        page = seen.page
        page.goto(f"{live_server}/pipelines/statistics?by=class,material")
        expect(page.locator("#groups tbody tr")).to_have_count(len(told["groups"]), timeout=LOADED_MS)
        expected = {
            (group["title"]["class"], group["title"]["material"]): (
                f"{group['count']:,}",
                f"{group['length_m']:,.1f}",
            )
            for group in told["groups"]
        }
        assert shown_groups(page) == expected
        total = page.locator("#groups tfoot")
        expect(total.locator("[data-column=count]")).to_have_text(f"{told['total']['count']:,}")
        expect(total.locator("[data-column=length_m]")).to_have_text(f"{told['total']['length_m']:,.1f}")
        # The drawing carries the words of its title for those who cannot see it.
        expect(page.locator("#chart [role=img], #chart[role=img]").first).to_have_attribute(
            "aria-label", "图表：按类别 · 材质统计长度 (m)，与表格数据一致。", timeout=LOADED_MS
        )
        in_chart = page.evaluate(
            """() => document.getElementById("chart").shown.getOption().series
                 .flatMap((one) => one.data).reduce((sum, one) => sum + (one.value ?? one), 0)"""
        )
        assert abs(in_chart * 1000 - told["total"]["length_m"]) < 0.01

        page.locator("#groups a.open").first.click()
        expect(page.locator("#groups tr[data-chosen]")).to_have_count(1)
        assert "row" in parse_qs(urlsplit(page.url).query)
        page.wait_for_function("() => document.getElementById('map').shown?.drawn.chosen.features.length > 0")
        link = page.locator("#groups tr[data-chosen] td.end a").get_attribute("href")
        filter_text = parse_qs(urlsplit(link or "").query)["filter"][0]
        rows = as_role("planner").post("/api/v1/pipelines/query", json={"filter": filter_text, "limit": 1000})
        assert rows.status_code == 200, rows.text
        first = page.locator("#groups tr[data-chosen] [data-column=count]").inner_text()
        assert f"{len(rows.json()['items']):,}" == first
        seen.check()


def test_filter_is_put_together_by_hand_and_fits_a_phone(live_server: str, browser: Browser) -> None:
    with visit(browser, live_server, "owner", size=PHONE, locale="en", scheme="dark") as seen:
        page = seen.page
        page.goto(f"{live_server}/pipelines/statistics?by=size_band")
        expect(page.locator("#groups tbody tr").first).to_be_visible(timeout=LOADED_MS)
        assert page.evaluate(TOO_SMALL) == []
        page.get_by_text("Narrow by an attribute").click()
        page.get_by_label("Attribute", exact=True).select_option("road")
        page.get_by_label("Value", exact=True).fill(AWKWARD)
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_role("heading", name="No pipe fits")).to_be_visible()
        # What a person typed is one value, whatever stands in it, and is read back as such.
        chip = page.locator("[data-part=chips] button")
        expect(chip).to_have_count(1)
        expect(chip).to_contain_text(AWKWARD)
        assert page.evaluate(TOO_SMALL) == []
        chip.click()
        expect(page.locator("#groups tbody tr").first).to_be_visible()
        assert "filter" not in page.url
        seen.check()
