"""Many hands and many cases: batches that answer for each, and twenty dispatchers on one queue."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from gis.case.models import Case, CaseStep
from gis.case.service import apply_action
from gis.database import session_maker
from gis.people.models import Person
from tests.small_city import PASSWORD, AsRole

keys = count(1)


@pytest.fixture(scope="module")
def place(as_role: AsRole) -> dict[str, float]:
    case = as_role("evaluator").get("/api/v1/cases?limit=1").json()["items"][0]
    return {"lon": case["lon"], "lat": case["lat"]}


@pytest.fixture
def reports(as_role: AsRole, place: dict[str, float]) -> list[dict[str, Any]]:
    return reported(as_role, place, 3)


def reported(as_role: AsRole, place: dict[str, float], number: int) -> list[dict[str, Any]]:
    cases = []
    for _n in range(number):
        body = {"kind": "event", "class_code": "0110", "description": "批量", **place}
        key = {"Idempotency-Key": f"batch-{next(keys):08}"}
        answer = as_role("inspector").post("/api/v1/cases", json=body, headers=key)
        assert answer.status_code == 201, answer.text
        cases.append(answer.json())
    return cases


def items(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"case_no": case["case_no"], "version": case["version"]} for case in cases]


def batch(client: TestClient, action: str, cases: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    answer = client.post(f"/api/v1/cases/actions/{action}", json={"items": cases, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_each_item_succeeds_or_fails_by_itself(as_role: AsRole, reports: list[dict[str, Any]]) -> None:
    one, two, three = items(reports)
    leader = as_role("shift_leader")
    sent = [
        one,
        {"case_no": "E0000000000000"},
        two | {"version": 99},
        one,
        three,
    ]
    found = batch(leader, "file", sent)
    assert [item["case_no"] for item in found["items"]] == [item["case_no"] for item in sent]
    assert [item["status"] for item in found["items"]] == [200, 404, 412, 412, 200]
    assert (found["done"], found["failed"]) == (2, 3)
    for item in found["items"]:
        assert (
            item["ok"] == (item["status"] == 200) == (item["case"] is not None) == (item["problem"] is None)
        )
    assert found["items"][0]["case"]["state"] == "filed"
    # The second one of the same case saw what the first one has changed since.
    assert [change["action"] for change in found["items"][3]["problem"]["changes"]] == ["file"]
    states = [leader.get(f"/api/v1/cases/{case['case_no']}").json()["state"] for case in reports]
    assert states == ["filed", "reported", "filed"]


def test_an_item_fails_as_its_own_call_would(as_role: AsRole, reports: list[dict[str, Any]]) -> None:
    leader = as_role("shift_leader")
    for action, body, version in (
        ("close", {}, None),  # not from this state
        ("refuse", {}, None),  # no reason given
        ("file", {"condition": "X"}, None),
        ("file", {}, 7),
        ("dispatch", {}, None),  # not by this role
        ("no_such_step", {}, None),
    ):
        case_no = reports[0]["case_no"]
        (item,) = batch(leader, action, [{"case_no": case_no, "version": version}], **body)["items"]
        headers = {"If-Match": f'"{version}"'} if version else {}
        alone = leader.post(f"/api/v1/cases/{case_no}/actions/{action}", json=body, headers=headers)
        assert alone.status_code >= 400
        assert (item["status"], item["problem"]) == (alone.status_code, alone.json()), action


def test_the_guard_of_the_database_stops_one_item_only(
    as_role: AsRole, reports: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What our own checks let through, and the database refuses, is undone for that case alone."""

    def careless(session: Any, case_no: str, *rest: Any) -> Case:
        case = apply_action(session, case_no, *rest)
        if case_no == reports[1]["case_no"]:
            case.due_at = None
            session.flush()
        return case

    monkeypatch.setattr("gis.case.batch.apply_action", careless)
    found = batch(as_role("shift_leader"), "file", items(reports))
    assert [item["status"] for item in found["items"]] == [200, 409, 200]
    assert found["items"][1]["problem"]["constraint"] == "ck_case_limit_when_filed"
    case = as_role("shift_leader").get(f"/api/v1/cases/{reports[1]['case_no']}").json()
    assert (case["state"], case["version"]) == ("reported", 1)


@pytest.mark.parametrize("number", [0, 201])
def test_a_batch_has_an_end(as_role: AsRole, number: int) -> None:
    body = {"items": [{"case_no": f"E{n}"} for n in range(number)]}
    assert as_role("shift_leader").post("/api/v1/cases/actions/file", json=body).status_code == 422


def test_who_may_not_act_may_not_act_on_many(as_role: AsRole, reports: list[dict[str, Any]]) -> None:
    answer = as_role("planner").post("/api/v1/cases/actions/file", json={"items": items(reports)})
    assert answer.status_code == 403


# Real clients


@pytest.fixture(scope="module")
def tokens(as_role: AsRole, live_server: str) -> dict[str, str]:
    found = {}
    for role in ("dispatcher", "shift_leader"):
        form = {"username": role, "password": PASSWORD}
        found[role] = httpx2.post(f"{live_server}/api/v1/token", data=form).json()["access_token"]
    return found


def connect(address: str, token: str) -> httpx2.Client:
    headers = {"authorization": f"Bearer {token}", "accept-language": "en"}
    return httpx2.Client(base_url=f"{address}/api/v1", headers=headers, timeout=60)


def test_twenty_dispatchers_on_one_queue_dispatch_each_case_once(
    as_role: AsRole, place: dict[str, float], live_server: str, tokens: dict[str, str]
) -> None:
    filed = batch(as_role("shift_leader"), "file", items(reported(as_role, place, 100)))
    assert filed["done"] == 100
    cases = {item["case"]["case_no"] for item in filed["items"]}
    ready = Barrier(20)

    def dispatcher(_n: int) -> list[tuple[str, int, dict[str, Any]]]:
        """Take the most urgent case again and again, as the list showed it, until none is left."""
        answers = []
        with connect(live_server, tokens["dispatcher"]) as client:
            ready.wait(timeout=60)
            while True:
                seen = client.get("/cases", params={"queue": "dispatch", "limit": 200}).json()["items"]
                waiting = [case for case in seen if case["case_no"] in cases]
                if not waiting:
                    return answers
                for case in waiting[:10]:
                    headers = {"If-Match": f'"{case["version"]}"'}
                    step = client.post(f"/cases/{case['case_no']}/actions/dispatch", headers=headers)
                    answers.append((case["case_no"], step.status_code, step.json()))

    with ThreadPoolExecutor(20) as pool:
        answers = [answer for told in pool.map(dispatcher, range(20)) for answer in told]
    won = [case_no for case_no, status, _body in answers if status == 200]
    assert sorted(won) == sorted(cases)
    lost = [(status, body) for _case_no, status, body in answers if status != 200]
    assert lost, "nobody was ever second: the clients did not meet"
    for status, body in lost:
        assert status in (409, 412)
        if status == 412:
            assert body["state"] == "dispatched"
            assert [change["action"] for change in body["changes"]] == ["dispatch"]
    with session_maker()() as session:
        rows = session.execute(
            select(Case.case_no, Case.version, CaseStep.seq, CaseStep.action)
            .join(CaseStep, CaseStep.case_id == Case.id)
            .where(Case.case_no.in_(cases))
        ).all()
    steps = Counter((row.case_no, row.action) for row in rows)
    assert {steps[case_no, "dispatch"] for case_no in cases} == {1}
    assert {row.version for row in rows} == {3}
    assert Counter(row.seq for row in rows) == {1: 100, 2: 100, 3: 100}


def test_batches_that_share_cases_in_any_order_all_end(
    as_role: AsRole, place: dict[str, float], live_server: str, tokens: dict[str, str]
) -> None:
    """Each urges the same thirty cases, half of them from the other end: nobody waits for a ring."""
    sent = [{"case_no": case["case_no"]} for case in reported(as_role, place, 30)]
    assert batch(as_role("shift_leader"), "file", sent)["done"] == 30
    ready = Barrier(6)

    def urge(n: int) -> int:
        with connect(live_server, tokens["shift_leader"]) as client:
            ready.wait(timeout=60)
            body = {"items": sent if n % 2 else sent[::-1], "note": "请尽快"}
            return int(client.post("/cases/actions/urge", json=body).json()["done"])

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(urge, range(6))) == [30] * 6
    urged = as_role("shift_leader").get(f"/api/v1/cases/{sent[0]['case_no']}").json()["urged_count"]
    assert urged == 6


def test_a_parent_is_locked_before_its_children_are_changed(
    as_role: AsRole, place: dict[str, float], live_server: str, tokens: dict[str, str]
) -> None:
    parent, *children = reported(as_role, place, 11)
    sent = [{"case_no": case["case_no"]} for case in children]
    acceptor = as_role("acceptor")
    assert batch(acceptor, "put_under", sent, case=parent["case_no"])["done"] == 10
    assert acceptor.get(f"/api/v1/cases/{parent['case_no']}").json()["open_parts"] == 10
    ready = Barrier(2)

    def refuse(half: list[dict[str, Any]]) -> int:
        with connect(live_server, tokens["shift_leader"]) as client:
            ready.wait(timeout=60)
            body = {"items": half, "note": "重复"}
            return int(client.post("/cases/actions/refuse", json=body).json()["done"])

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(refuse, (sent[:5], sent[:4:-1]))) == 10
    assert acceptor.get(f"/api/v1/cases/{parent['case_no']}").json()["open_parts"] == 0


def test_the_person_who_acts_stands_in_each_history(as_role: AsRole, reports: list[dict[str, Any]]) -> None:
    batch(as_role("shift_leader"), "file", items(reports))
    with session_maker()() as session:
        logins = session.scalars(
            select(Person.login)
            .join(CaseStep, CaseStep.actor_id == Person.id)
            .join(Case, Case.id == CaseStep.case_id)
            .where(Case.case_no.in_([case["case_no"] for case in reports]), CaseStep.action == "file")
        ).all()
    assert logins == ["shift_leader"] * 3
