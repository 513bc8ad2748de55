"""封账: what is closed stays, counts again to the same, and tells what has changed since."""

import hashlib
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st
from playwright.sync_api import Browser
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from gis.case.states import CaseState
from gis.database import session_maker
from gis.errors import SetupError
from gis.evaluation.closed import find_version, verify
from gis.evaluation.closing import work_closing
from gis.evaluation.conditions import holds
from gis.evaluation.counts import COUNTS
from gis.evaluation.duties import DUTY_COUNTS
from gis.evaluation.frozen import FrozenFile
from tests.browser import DESK, PHONE, visit
from tests.small_city import AsRole
from tests.test_case_loop import act, case_in, mine

CLOSED = "/api/v1/evaluation/closed"
MONTH = "2026-10"
BEGINS, ENDS = (pd.Timestamp(f"2026-{month}-01T00:00:00+08:00") for month in (10, 11))


def close(as_role: AsRole, period: str = MONTH, reason: str = "") -> dict[str, Any]:
    """Close a period as an evaluator does, with the job done at once; how it ended."""
    client = as_role("evaluator")
    answer = client.post(CLOSED, json={"period": period, "reason": reason})
    assert answer.status_code == 202, answer.text
    work_closing(answer.json()["id"])
    told: dict[str, Any] = client.get(answer.headers["location"]).json()
    return told


@pytest.fixture(scope="module")
def late(as_role: AsRole, place: dict[str, float], small_city: str) -> str:
    """The number of a case of October that was disposed of too late."""
    number = case_in(as_role, place, CaseState.CLOSED)
    engine = create_engine(small_city)
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE \"case\" SET reported_at = '2026-10-05 01:00+00', filed_at = '2026-10-05 01:05+00',"
                " dispatched_at = '2026-10-05 01:10+00', due_at = '2026-10-06 01:00+00',"
                " disposed_at = '2026-10-07 01:00+00', closed_at = '2026-10-07 02:00+00',"
                " version = version + 1"
                " WHERE case_no = :number"
            ),
            {"number": number},
        )
    engine.dispose()
    return number


@pytest.fixture(scope="module")
def first(as_role: AsRole, late: str) -> str:
    """October, closed; the address of its first version."""
    told = close(as_role)
    assert (told["state"], told["done"], told["message"]) == ("done", 100, "")
    return str(told["closed"])


@pytest.fixture(scope="module")
def appealed(as_role: AsRole, first: str, late: str) -> str:
    """The same case after an appeal was upheld."""
    act(as_role, "department", late, "appeal", note="暴雨停工")
    act(as_role, "dispatcher", late, "support_appeal", note="情况属实")
    act(as_role, "acceptor", late, "grant_appeal", note="同意")
    return late


@pytest.fixture(scope="module")
def second(as_role: AsRole, appealed: str) -> str:
    """October, closed once more for that."""
    return str(close(as_role, reason="申诉成立")["closed"])


@pytest.fixture
def city(small_city: str) -> Iterator[Engine]:
    engine = create_engine(small_city)
    yield engine
    engine.dispose()


def test_a_closed_period_counts_again_to_what_it_says(as_role: AsRole, first: str) -> None:
    told = as_role("evaluator").get(f"{first}/verify").json()
    assert (told["holds"], told["differences"], told["digest"]) == (True, [], told["digest_now"])


def test_the_digest_is_that_of_the_two_files_one_behind_the_other(as_role: AsRole, first: str) -> None:
    client = as_role("shift_leader")
    both = b"".join(client.get(f"{first}/{name}").content for name in ("content.json", "facts.parquet"))
    assert hashlib.sha256(both).hexdigest() == client.get(first).json()["digest"]


def test_pandas_counts_the_frozen_facts_to_the_same_figures(as_role: AsRole, first: str) -> None:
    """The formulas of the tables once more, written by hand."""
    client = as_role("evaluator")
    facts = pd.read_parquet(io.BytesIO(client.get(f"{first}/facts.parquet").content))
    settled = facts.settled_at.between(BEGINS, ENDS, inclusive="left") & ~facts.is_exempt
    ended = facts.ending_at.between(BEGINS, ENDS, inclusive="left") & ~facts.is_exempt
    rows = client.get(first).json()["content"]["objects"]
    for row in rows["department"]:
        own = facts.department_id.isin(row["ids"])
        assert row["figures"]["on_time_disposal"][:2] == [
            (own & settled & facts.disposed_in_time).sum(), (own & settled).sum(),
        ]  # fmt: skip
        assert row["figures"]["rework"][:2] == [
            (own & ended & (facts.rework_count > 0)).sum(), (own & ended).sum()
        ]  # fmt: skip
    posts = pd.DataFrame([act for acts in facts.posts for act in acts])
    within = posts["at"].between(BEGINS, ENDS, inclusive="left")
    told = {row["ids"][0]: row["figures"]["accurate_dispatch_of_post"] for row in rows["dispatcher"]}
    sent = posts[within & posts.duty.isin(["dispatch", "redispatch"])]
    assert sum(figure[1] for figure in told.values()) == len(sent) > 50
    for person, acts in sent.groupby("person_id"):
        assert told[person][0] == (acts.is_right == True).sum()  # noqa: E712 - None is not right


@pytest.mark.parametrize("statement", ["UPDATE closed_period SET reason = 'x'", "DELETE FROM closed_period",
                                       "TRUNCATE closed_period CASCADE"])  # fmt: skip
def test_nothing_that_is_closed_is_ever_changed(city: Engine, first: str, statement: str) -> None:
    with city.connect() as connection, pytest.raises(DBAPIError, match="only ever added"):
        connection.execute(text(statement))


def test_what_was_tampered_with_is_found_in_its_place(first: str) -> None:
    with session_maker()() as session:
        closed = find_version(session, MONTH, 1)
        row = next(row for row in closed.content["objects"]["street"] if row["figures"]["filed"][0])
        row["figures"]["filed"][0] += 1
        told = verify(closed)
    assert not told.holds
    assert told.digest_now != told.digest
    assert [(one["kind"], one["code"], one["indicator"]) for one in told.differences] == [
        ("street", row["code"], "filed")
    ]


@pytest.mark.parametrize("kind", ["street", "department", "collector"])
def test_the_frozen_cases_add_up_to_every_figure(as_role: AsRole, first: str, kind: str) -> None:
    client = as_role("evaluator")
    content = client.get(first).json()["content"]
    checked = 0
    for row in content["objects"][kind][:4]:
        for code, (top, _bottom, _value) in row["figures"].items():
            count = content["indicators"][code]["numerator"]
            asked = {"object": kind, "code": row["code"], "count": count, "limit": 1000}
            page = client.get(f"{first}/cases", params=asked).json()
            assert sum(case["amount"] for case in page["items"]) == top, (row["code"], code)
            assert len({case["case_no"] for case in page["items"]}) == len(page["items"])
            checked += top
    assert checked > 0


def test_pages_of_frozen_cases_hold_each_once(as_role: AsRole, first: str) -> None:
    client = as_role("dispatcher")
    content = client.get(first).json()["content"]
    row = max(content["objects"]["street"], key=lambda one: one["figures"]["filed"][0])
    address: str | None = f"{first}/cases?object=street&code={row['code']}&count=filed&limit=7"
    numbers: list[str] = []
    while address:
        page = client.get(address).json()
        numbers += [case["case_no"] for case in page["items"]]
        address = page["next"]
    assert len(numbers) == len(set(numbers)) == row["figures"]["filed"][0] > 7


def test_an_appeal_upheld_after_closing_is_told_with_its_case(as_role: AsRole, appealed: str) -> None:
    told = as_role("evaluator").get(f"{CLOSED}/{MONTH}/changed").json()
    assert (told["cases"], [one["case_no"] for one in told["items"]]) == (1, [appealed])
    counts = {one["what"]: (one["before"], one["after"]) for one in told["items"][0]["changes"]}
    assert counts["should_dispose"] == (1, 0)
    assert counts["exempt"] == (0, 1)


def test_a_second_version_stands_beside_the_first(
    as_role: AsRole, first: str, second: str, late: str
) -> None:
    client = as_role("evaluator")
    versions = client.get(f"{CLOSED}/{MONTH}").json()["items"]
    assert [(one["version"], one["reason"]) for one in versions] == [(2, "申诉成立"), (1, "")]
    told = client.get(second).json()
    assert told["changes"]["cases"] == 1
    assert [one["case_no"] for one in told["differences"]["cases"]] == [late]
    department = mine(as_role)
    (figure,) = [
        one for one in told["differences"]["figures"]
        if (one["kind"], one["code"], one["indicator"]) == ("department", department, "on_time_disposal")
    ]  # fmt: skip
    assert figure["before"][1] - figure["after"][1] == 1
    for address, is_there in ((first, True), (second, False)):
        assert client.get(f"{address}/verify").json()["holds"]
        asked = {"object": "department", "code": department, "count": "should_dispose", "limit": 1000}
        cases = client.get(f"{address}/cases", params=asked).json()["items"]
        assert (late in [case["case_no"] for case in cases]) is is_there
    (listed,) = [one for one in client.get(CLOSED).json()["items"] if one["period"] == MONTH]
    assert (listed["version"], listed["versions"]) == (2, 2)
    assert client.get(listed["changed"]).json()["cases"] == 0


def test_a_version_that_says_the_same_is_not_made(as_role: AsRole, second: str) -> None:
    told = close(as_role, reason="再来一次")
    assert (told["state"], told["closed"]) == ("failed", None)
    assert "2026-10" in told["message"]


@pytest.mark.parametrize(
    ("role", "body", "status"),
    [
        ("evaluator", {"period": f"{datetime.now(UTC):%Y}"}, 409),
        ("evaluator", {"period": "2150-01"}, 409),
        ("evaluator", {"period": "2026-13"}, 422),
        ("evaluator", {"period": "2026-10-03/2026-10-17"}, 422),
        ("evaluator", {"period": ""}, 422),
        ("shift_leader", {"period": MONTH}, 403),
        ("department", {"period": MONTH}, 403),
    ],
)
def test_what_cannot_be_closed(as_role: AsRole, role: str, body: dict[str, str], status: int) -> None:
    assert as_role(role).post(CLOSED, json=body).status_code == status


def test_a_second_closing_needs_a_reason_and_waits_for_the_first(as_role: AsRole, first: str) -> None:
    client = as_role("evaluator")
    refused = client.post(CLOSED, json={"period": MONTH, "reason": "  "})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/reason")
    body = {"period": "2026-09", "reason": ""}
    run = client.post(CLOSED, json=body).json()["id"]
    assert client.post(CLOSED, json=body).status_code == 409
    work_closing(run)
    assert client.get(f"{CLOSED}/2026-09/1/verify").json()["holds"]


def test_the_list_of_closed_periods_goes_page_by_page(as_role: AsRole, first: str) -> None:
    if as_role("evaluator").get(f"{CLOSED}/2026-W43").status_code == 404:
        close(as_role, "2026-W43")
    client = as_role("admin")
    whole = [one["period"] for one in client.get(CLOSED).json()["items"]]
    address: str | None = f"{CLOSED}?limit=1"
    seen: list[str] = []
    while address:
        page = client.get(address).json()
        seen += [one["period"] for one in page["items"]]
        address = page["next"]
    assert seen == whole
    assert seen.index("2026-W43") < seen.index(MONTH)  # the latest begin first


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("1999-01", 404), ("nothing", 422), (f"{MONTH}/99", 404), (f"{MONTH}/0", 422),
        (f"{MONTH}/1/cases?object=street&code=1&count=filed", 422),
        (f"{MONTH}/1/cases?object=planet&code=1&count=filed", 422),
        (f"{MONTH}/1/cases?object=district&code=150602&count=unknown", 422),
        (f"{MONTH}/1/cases?object=district&code=150602&count=filed&cursor=x", 422),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told(as_role: AsRole, first: str, path: str, status: int) -> None:
    assert as_role("evaluator").get(f"{CLOSED}/{path}").status_code == status


# ---- Conditions, read without a database ---------------------------------------------------------------

ATOMS = st.sampled_from(["f.a", "f.b", "f.a IS NULL", "f.b IS NOT NULL", "f.n > 0", "f.n > 2", "true"])
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        inner.map("NOT {}".format),
        inner.map("({})".format),
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(" ".join),
    ),
    max_leaves=6,
)
ROWS = st.lists(
    st.tuples(*[st.sampled_from([None, True, False])] * 2, st.sampled_from([None, 0, 1, 3])),
    min_size=1,
    max_size=6,
)


@given(condition=CONDITIONS, rows=ROWS)
@tries(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_conditions_hold_where_postgresql_says(
    city: Engine, condition: str, rows: list[tuple[bool | None, bool | None, int | None]]
) -> None:
    table = pa.table(
        [
            pa.array(column, kind)
            for column, kind in zip(zip(*rows, strict=True), COLUMNS.values(), strict=True)
        ],
        names=list(COLUMNS),
    )
    values = {f"{name}{at}": row[index] for at, row in enumerate(rows) for index, name in enumerate("abn")}
    listed = ", ".join(
        f"({at}, CAST(:a{at} AS boolean), CAST(:b{at} AS boolean), CAST(:n{at} AS int))"
        for at in range(len(rows))
    )
    with city.connect() as connection:
        said = connection.scalars(
            text(
                f"SELECT coalesce({condition}, false) FROM (VALUES {listed}) AS f (at, a, b, n) ORDER BY at"
            ),
            values,
        ).all()
    found = holds(condition, lambda name: table[name].combine_chunks(), len(rows))
    assert found.to_pylist() == said


COLUMNS = {"a": pa.bool_(), "b": pa.bool_(), "n": pa.int64()}


def test_every_condition_of_the_tables_is_read(as_role: AsRole, first: str) -> None:
    client = as_role("evaluator")
    content = client.get(first).json()["content"]
    facts = client.get(f"{first}/facts.parquet").content
    (frozen,) = FrozenFile(facts, content, BEGINS.to_pydatetime(), ENDS.to_pydatetime()).parts()
    assert {*content["counts"]} == {*COUNTS}
    assert all(len(frozen.amounts(code)) == len(frozen.ids) for code in COUNTS)
    assert all(np.isin(frozen.acts(code)[2], [1]).all() for code in DUTY_COUNTS)


@pytest.mark.parametrize(
    "condition", ["f.a; DROP TABLE x", "f.n", "f.a AND", "lower(f.a)", "f.a = 1", "(f.a"]
)
def test_a_condition_that_is_not_understood_counts_nothing(condition: str) -> None:
    column = {"a": pa.array([True]), "n": pa.array([1])}
    with pytest.raises(SetupError):
        holds(condition, column.__getitem__, 1)


# ---- The pages -----------------------------------------------------------------------------------------


def test_a_person_sees_that_it_holds_and_reaches_the_cases(
    browser: Browser, live_server: str, second: str
) -> None:
    with visit(browser, live_server, "evaluator", size=DESK) as seen:
        page = seen.go(f"/evaluation/closed/{MONTH}?kind=street")
        page.click("[data-verify] button")
        page.wait_for_selector("[data-part=verified][data-kind=done]")
        page.wait_for_selector("[data-cases=changed]:not(.changed)")
        link = page.locator(".figures-of td a").first
        told = int(link.inner_text().replace(",", ""))
        link.click()
        page.wait_for_load_state("networkidle")
        assert page.locator("tbody tr").count() == min(told, 100)
        seen.check()


@pytest.mark.parametrize("path", ["/evaluation/closed", f"/evaluation/closed/{MONTH}"])
def test_closed_periods_fit_a_phone_in_english(
    browser: Browser, live_server: str, second: str, path: str
) -> None:
    with visit(browser, live_server, "shift_leader", size=PHONE, locale="en", scheme="dark") as seen:
        page = seen.go(path)
        assert page.locator("[data-close]").count() == 0  # only an evaluator closes
        assert "version 2" in page.inner_text("main").lower()
        seen.check()
