"""Pages of evaluation: what they show is what the service says, and each number leads to its cases."""

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import DESK, PHONE, TOO_SMALL, visit
from tests.small_city import AsRole, Client
from web.evaluation_pages import PAGES

SHOWN_MS = 20_000  # charts are fetched and drawn by a busy machine
CHINESE = {"accept-language": "zh"}


@pytest.fixture(scope="module")
def month(as_role: AsRole) -> str:
    """A month with cases: the one of the first report."""
    answer = as_role("evaluator").get("/api/v1/cases?sort=oldest&limit=1")
    return str(answer.json()["items"][0]["reported_at"])[:7]


def standing(as_role: AsRole, month: str, path: str = "regions?level=street") -> Any:
    """Rows of a ranking as the service tells them, the best first."""
    joined = "&" if "?" in path else "?"
    answer = as_role("evaluator").get(
        f"/api/v1/evaluation/{path}{joined}period={month}&sort=rank", headers=CHINESE
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def shown_rows(page: Page) -> Any:
    """Code, score and grade of each line of the ranking, as written."""
    return page.locator("#ranking-table tbody tr").evaluate_all(
        """rows => rows.map((row) => [
             row.dataset.code,
             row.querySelector("[data-explain=score]")?.innerText ?? "",
             row.querySelector(".grade")?.innerText ?? "",
           ])"""
    )


def test_ranking_and_explanation_say_what_the_service_says(
    live_server: str, browser: Browser, as_role: AsRole, month: str
) -> None:
    told = standing(as_role, month)
    expected = [[row["code"], f"{row['score']:.2f}" if row["score"] is not None else "", row["grade"] or ""]
                for row in told]  # fmt: skip
    assert any(score for _code, score, _grade in expected)
    with visit(browser, live_server, "evaluator") as seen:
        page = seen.page
        page.goto(f"{live_server}/evaluation?object=street&period={month}")
        assert shown_rows(page) == expected
        expect(page.locator("#bars [role=img], #bars[role=img]").first).to_be_attached(timeout=SHOWN_MS)
        bars = page.evaluate(
            "() => document.getElementById('bars').shown.getOption().series[0].data.map((one) => one.value)"
        )
        assert [f"{bar:.2f}" for bar in bars] == [row[1] for row in expected if row[1]][: len(bars)]

        # Behind a rate stand two counts; each list has as many cases as the count says.
        best = told[0]
        page.locator(f"#ranking-table tr[data-code='{best['code']}'] [data-explain=on_time_disposal]").click()
        links = page.locator("#explain .fraction a")
        expect(links).to_have_count(2, timeout=SHOWN_MS)
        figure = best["indicators"]["on_time_disposal"]
        counted = [int(re.sub(r"\D", "", text)) for text in links.all_inner_texts()]
        assert counted == [figure["numerator"], figure["denominator"]]
        expect(page.locator("#explain .chart-box svg, #explain .stack-2 > .quiet").first).to_be_visible(
            timeout=SHOWN_MS
        )
        seen.check()
        links.last.click()
        page.wait_for_url("**/cases?*")
        assert page.locator(".behind").get_attribute("data-number") == str(figure["denominator"])
        assert page.locator("table.list tbody tr").count() == min(50, figure["denominator"])
        seen.check()


def test_other_weights_are_tried_on_a_phone_and_change_nothing(
    live_server: str, browser: Browser, as_role: AsRole, month: str
) -> None:
    before = standing(as_role, month, "departments")
    with visit(browser, live_server, "evaluator", size=PHONE, locale="en", scheme="dark") as seen:
        page = seen.page
        page.goto(f"{live_server}/evaluation?object=department&period={month}")
        page.locator("#what-if-open").click()
        rows = page.locator("#what-if-table tbody tr")
        expect(rows).to_have_count(sum(row["rank"] is not None for row in before), timeout=SHOWN_MS)
        weights = page.locator("#weights input[type=number]")
        weights.first.fill("100")
        # The others are brought down to nothing, so that the whole stays 100.
        assert [float(one.input_value()) for one in weights.all()] == [100, *[0] * (weights.count() - 1)]
        only = before[0]["parts"][0]["indicator"]
        body: dict[str, Any] = {"object": "department", "period": month}
        card = as_role("evaluator").get("/api/v1/evaluation/cards/department").json()
        body["parts"] = [{**part, "weight": 100} for part in card["parts"] if part["indicator"] == only]
        tried = as_role("evaluator").post("/api/v1/evaluation/what-if", json=body)
        assert tried.status_code == 200, tried.text
        scores = [f"{row['score']:.2f}" for row in tried.json()["items"] if row["score"] is not None]
        expect(rows.locator("td:nth-child(4)")).to_have_text(scores, timeout=SHOWN_MS)
        assert page.evaluate(TOO_SMALL) == []
        seen.check()
    assert standing(as_role, month, "departments") == before


def test_a_card_whose_weights_do_not_make_100_is_refused_at_its_place(
    live_server: str, browser: Browser, as_role: AsRole
) -> None:
    versions = len(as_role("evaluator").get("/api/v1/evaluation/cards/street").json()["versions"])
    with visit(browser, live_server, "evaluator", size=DESK, locale="en") as seen:
        page = seen.page
        page.goto(f"{live_server}/evaluation/cards/street")
        weight = page.locator("#parts [name=weight]").last
        weight.fill(str(float(weight.input_value()) - 10))
        expect(page.locator("#sum")).to_have_text("The weights make 90: 10 too few")
        page.get_by_role("button", name="Save as version").click()
        expect(page.locator("[data-for='/parts']")).to_have_text("The weights make 90, not 100")
        weight.fill("-5")
        page.get_by_role("button", name="Save as version").click()
        expect(page.locator("#parts .part").last.locator(".wrong")).to_contain_text("more than 0")
        seen.check()
    kept = as_role("evaluator").get("/api/v1/evaluation/cards/street").json()
    assert len(kept["versions"]) == versions


@pytest.mark.parametrize(
    "path",
    [
        "/evaluation?object=department&card=department&card=department_jn&columns=all&sort=-on_time_disposal",
        "/evaluation?object=collector&sort=name",
        "/evaluation/cards",
        "/evaluation/new-card?object=department",
    ],
)
def test_pages_open_for_readers_and_nobody_else(as_role: AsRole, path: str) -> None:
    for role in ("evaluator", "shift_leader", "dispatcher", "admin"):
        assert as_role(role).get(path).status_code == 200, role
    for role in ("inspector", "acceptor", "planner"):
        assert as_role(role).get(path, headers={"accept": "application/json"}).status_code == 403


def test_every_number_of_a_profile_leads_to_as_many_cases(as_role: AsRole, month: str) -> None:
    client = as_role("evaluator")
    code = standing(as_role, month)[0]["code"]
    page = client.get(f"/evaluation/profile/street/{code}?period={month}").text
    links = re.findall(r'<a href="(/cases\?[^"]+)">([\d,]+)</a>', page)
    assert len(links) > 20
    for address, number in links:
        assert _listed(client, html.unescape(address)) == int(number.replace(",", "")), address


def _listed(client: Client, address: str) -> int:
    found = re.search(r'data-number="(\d+)"', client.get(address).text)
    assert found, address
    return int(found[1])


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("object=planet", "/object"),
        ("period=2026-13", "/period"),
        ("period=2190", "/from"),
        ("from=2026-03-05&to=2026-03-01", "/to"),
        ("card=nowhere", "/card"),
        ("card=department", "/card"),
    ],
)
def test_bad_addresses_are_refused_with_their_place(as_role: AsRole, asked: str, place: str) -> None:
    answer = as_role("evaluator").get(f"/evaluation?{asked}", headers={"accept": "application/json"})
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["errors"][0]["pointer"] == place


def test_a_period_without_cases_says_so_and_leads_to_the_first(as_role: AsRole, month: str) -> None:
    page = as_role("evaluator").get("/evaluation?period=1999-05").text
    assert "No cases in this period" in page
    way = re.search(r'class="button" href="([^"]+)">Show ', page)
    assert way
    assert parse_qs(urlsplit(html.unescape(way[1])).query)["period"] == [month]
    assert "0.0%" not in page
    assert "100.0%" not in page


def test_the_bar_leads_only_to_pages_that_are_there(as_role: AsRole) -> None:
    page = as_role("admin").get("/evaluation").text
    bar = re.search(r'<nav class="beside.*?</nav>', page, re.DOTALL)
    assert bar
    led = re.findall(r'href="([^"]+)"', bar[0])
    assert {"/evaluation", "/evaluation/cards"} <= set(led) <= {one.path for one in PAGES}
    for path in led:
        assert as_role("admin").get(path).status_code == 200, path
