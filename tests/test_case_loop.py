"""案件 from report to closing over HTTP, each step by the role whose step it is, and by every other."""

import io
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import create_engine, text

from gis.case.states import ENDED, CaseState
from gis.case.workflow import ACTIONS, STEPS, Need, Pending, Proof, Source, Step
from gis.people.models import Role
from tests.small_city import AsRole

keys = count(1)
GIVEN = {
    CaseState.DISPATCHED, CaseState.ACCEPTED, CaseState.SUSPENDED, CaseState.DISPOSED, CaseState.FED_BACK,
    CaseState.CHECKING, CaseState.CHECKED, CaseState.CLOSED,
}  # fmt: skip

# The shortest way from a fresh report to each state: (role, action) by (role, action).
MAIN_LINE = [
    ("acceptor", "verify", CaseState.VERIFIED),
    ("shift_leader", "file", CaseState.FILED),
    ("dispatcher", "dispatch", CaseState.DISPATCHED),
    ("department", "accept", CaseState.ACCEPTED),
    ("department", "dispose", CaseState.DISPOSED),
    ("department", "feed_back", CaseState.FED_BACK),
    ("inspector", "check", CaseState.CHECKED),
    ("shift_leader", "close", CaseState.CLOSED),
]
TO_ACCEPTED = [(role, action) for role, action, _state in MAIN_LINE[:4]]
ASIDE = {
    CaseState.SELF_DISPOSED: [("inspector", "self_dispose")],
    CaseState.ARCHIVED: [("inspector", "self_dispose"), ("acceptor", "archive")],
    CaseState.VERIFYING: [("acceptor", "send_verification")],
    CaseState.SUSPENDED: [*TO_ACCEPTED, ("department", "ask_suspension"), ("dispatcher", "grant_suspension")],
    CaseState.CHECKING: [(role, action) for role, action, _state in MAIN_LINE[:6]]
    + [("acceptor", "send_check")],
    CaseState.REFUSED: [("acceptor", "refuse")],
    CaseState.MERGED: [("acceptor", "merge")],
    CaseState.VOID: [("acceptor", "ask_void"), ("shift_leader", "void")],
}
# What must have been asked for before a step can decide it.
ASKED: dict[Pending, list[tuple[str, str]]] = {
    Pending.EXTENSION: [("department", "ask_extension")],
    Pending.SUSPENSION: [("department", "ask_suspension")],
    Pending.VOID: [("acceptor", "ask_void")],
    Pending.APPEAL: [("department", "appeal")],
    Pending.APPEAL_HEARD: [("department", "appeal"), ("dispatcher", "support_appeal")],
}


def way_to(state: CaseState) -> list[tuple[str, str]]:
    if state in ASIDE:
        return ASIDE[state]
    way = []
    for role, action, reached in [("", "", CaseState.REPORTED), *MAIN_LINE]:
        way.append((role, action))
        if reached is state:
            return way[1:]
    raise AssertionError(state)


def report(client: TestClient, place: dict[str, float], **more: Any) -> dict[str, Any]:
    body = {"kind": "event", "class_code": "0101", "description": "路边有暴露垃圾", **place} | more
    answer = client.post("/api/v1/cases", json=body, headers={"Idempotency-Key": f"loop-{next(keys):08}"})
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.json()
    return case


def mine(as_role: AsRole) -> str:
    """The code of the demo department."""
    return str(as_role("department").get("/api/v1/me").json()["department"])


def another(as_role: AsRole, *besides: str) -> str:
    """The code of a department that is neither the demo account's nor one of ``besides``."""
    own = mine(as_role)
    return next(
        str(one["code"])
        for one in as_role("dispatcher").get("/api/v1/departments").json()["items"]
        if one["disposes"] and own not in (one["code"], one["parent"]) and one["code"] not in besides
    )


def add_photo(client: TestClient, case_no: str, stage: str) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), (90, 120, next(keys) % 256)).save(picture, "PNG")
    answer = client.post(
        f"/api/v1/cases/{case_no}/attachments",
        files={"file": ("after.png", picture.getvalue(), "image/png")},
        data={"stage": stage},
    )
    assert answer.status_code in (200, 201), answer.text


def body_for(as_role: AsRole, place: dict[str, float], action: str) -> dict[str, Any]:
    """What an action needs, so that it can be taken."""
    body: dict[str, Any] = {"note": "按规定办理"}
    if action == "dispatch":
        body["department"] = mine(as_role)
    if action in ("redispatch", "add_department"):
        body["department"] = another(as_role)
    if action == "ask_suspension":
        body["until"] = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    if action in ("merge", "put_under"):
        body["case"] = report(as_role("inspector"), place)["case_no"]
    if action == "reclassify":
        body["class_code"] = "0102"
    if action == "assign_task":
        body["person"] = "inspector"
    return body


def act(as_role: AsRole, role: str, case_no: str, action: str, **body: Any) -> dict[str, Any]:
    client = as_role(role)
    if action == "self_dispose":
        add_photo(client, case_no, "disposal")
    if action in ("merge", "put_under") and "case" not in body:
        at = as_role("evaluator").get(f"/api/v1/cases/{case_no}").json()
        body |= body_for(as_role, {"lon": at["lon"], "lat": at["lat"]}, action)
    body = body_for(as_role, {}, action if action not in ("merge", "put_under") else "") | body
    answer = client.post(f"/api/v1/cases/{case_no}/actions/{action}", json=body)
    assert answer.status_code == 200, (role, action, answer.text)
    case: dict[str, Any] = answer.json()
    return case


def case_in(as_role: AsRole, place: dict[str, float], state: CaseState, source: str = "inspector") -> str:
    reporter = "inspector" if source == "inspector" else "acceptor"
    case = report(as_role(reporter), place, source=source)
    for role, action in way_to(state):
        if source != "inspector" and action == "verify":
            act(as_role, "acceptor", case["case_no"], "send_verification")
            role = "inspector"
        case = act(as_role, role, case["case_no"], action)
    assert case["state"] == state
    return str(case["case_no"])


def make_late(small_city: str, case_no: str) -> None:
    """Let a case have been given to its department 400 days earlier, as if all of it had taken that long."""
    engine = create_engine(small_city)
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE case_interval AS i SET started_at = i.started_at - interval '400 days'"
                " FROM \"case\" AS c WHERE c.id = i.case_id AND c.case_no = :no AND i.stage = 'dispose'"
            ),
            {"no": case_no},
        )
        connection.execute(
            text(
                "UPDATE \"case\" SET due_at = due_at - interval '400 days',"
                " stage_due_at = CASE WHEN stage = 'dispose' THEN stage_due_at - interval '400 days'"
                " ELSE stage_due_at END WHERE case_no = :no"
            ),
            {"no": case_no},
        )
    engine.dispose()


def ready_for(as_role: AsRole, place: dict[str, float], small_city: str, step: Step, state: CaseState) -> str:
    """A case that stands so that a row of the table is open."""
    number = case_in(as_role, place, state, step.reports[0] if step.reports else "inspector")
    if Proof.CLOSED_LATE in step.proofs or step.decides in (Pending.APPEAL, Pending.APPEAL_HEARD):
        make_late(small_city, number)
    if Proof.SAID_NOT_FIXED in step.proofs:
        act(as_role, "acceptor", number, "say_not_fixed")
    if step.action == "part_done":
        act(as_role, "dispatcher", case_no := case_in(as_role, place, CaseState.FILED), "dispatch",
            department=another(as_role))  # fmt: skip
        act(as_role, "dispatcher", case_no, "add_department", department=mine(as_role))
        return case_no
    if step.action == "take_out":
        act(as_role, "acceptor", number, "put_under")
    for role, action in ASKED[step.decides] if step.decides else []:
        act(as_role, role, number, action)
    return number


def test_a_case_goes_from_report_to_closing_with_a_rework(as_role: AsRole, place: dict[str, float]) -> None:
    case = report(as_role("inspector"), place)
    number = case["case_no"]
    assert case["state"] == "reported"
    for name in ("unit_grid_code", "community", "street", "due_at"):
        assert case[name]
    for role, action, reached in MAIN_LINE[:6]:
        case = act(as_role, role, number, action)
        assert case["state"] == reached
    assert case["on_time"] is True
    assert act(as_role, "acceptor", number, "rework", note="垃圾仍在")["state"] == "accepted"
    for role, action, reached in MAIN_LINE[4:]:
        case = act(as_role, role, number, action)
        assert case["state"] == reached
    assert case["rework_count"] == 1
    assert case["closed_at"] is not None
    steps = as_role("evaluator").get(f"/api/v1/cases/{number}/steps").json()["items"]
    assert [step["action"] for step in steps] == [
        "report", "verify", "file", "dispatch", "accept", "dispose", "feed_back", "rework",
        "dispose", "feed_back", "check", "close",
    ]  # fmt: skip
    assert [step["seq"] for step in steps] == list(range(1, 13))
    assert [step["from_state"] for step in steps[1:]] == [step["to_state"] for step in steps[:-1]]
    assert case["version"] == 12


@pytest.mark.parametrize("state", list(CaseState))
def test_each_action_is_open_to_its_roles_and_to_no_other(
    as_role: AsRole, every_role: dict[str, TestClient], place: dict[str, float], state: CaseState
) -> None:
    """Every action by every role from every state: 200, 403 or 409, exactly as the table has it."""
    number = case_in(as_role, place, state)
    for action in sorted({step.action for step in STEPS} | {"report", "no_such_step"}):
        for role, client in every_role.items():
            # In time, nothing asked, no parts; the demo inspector reported it.
            proofs = {Proof.IN_TIME, Proof.PARTS_DONE} | (
                {Proof.OWN_REPORT} if role == "inspector" else set()
            )
            if _row(action, state, role, "inspector", proofs):
                continue  # what is allowed is walked in the test below, each on a case of its own
            answer = client.post(f"/api/v1/cases/{number}/actions/{action}", json={"note": "x"})
            assert answer.status_code == _refusal(action, role, state), (action, role, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            if answer.status_code == 409:
                expected = [step.action for step in _open(state, role, "inspector", proofs)]
                assert answer.json()["open_actions"] == expected
    assert as_role("evaluator").get(f"/api/v1/cases/{number}").json()["state"] == state


ALLOWED = [
    pytest.param(step, state, role, id=f"{step.action}-{state}-{role}")
    for step in STEPS
    for state in step.sources
    for role in step.roles
]


@pytest.mark.parametrize(("step", "state", "role"), ALLOWED)
def test_each_row_of_the_table_can_be_walked(
    as_role: AsRole, place: dict[str, float], small_city: str, step: Step, state: CaseState, role: Role
) -> None:
    number = ready_for(as_role, place, small_city, step, state)
    before = as_role("evaluator").get(f"/api/v1/cases/{number}").json()
    if Need.NOTE in step.needs:
        answer = as_role(role).post(f"/api/v1/cases/{number}/actions/{step.action}", json={"note": "  "})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/note"
    after = act(as_role, role, number, step.action)
    assert after["state"] == (step.target or before["state"])
    assert after["version"] == before["version"] + 1
    assert (after["pending"] or {}).get("kind") == step.asks
    assert (after["stage"] is None) == (after["state"] in ENDED)


@pytest.mark.parametrize("source", [Source.HOTLINE, Source.MEDIA, Source.CITIZEN])
def test_what_was_not_seen_on_site_is_verified_by_an_inspector_before_it_is_filed(
    as_role: AsRole, place: dict[str, float], source: Source
) -> None:
    number = case_in(as_role, place, CaseState.REPORTED, source)
    for role, action in (("shift_leader", "file"), ("acceptor", "verify")):
        answer = as_role(role).post(f"/api/v1/cases/{number}/actions/{action}", json={})
        assert answer.status_code == 409, (role, action)
    act(as_role, "acceptor", number, "send_verification")
    act(as_role, "inspector", number, "verify")
    assert act(as_role, "shift_leader", number, "file")["state"] == "filed"


def test_only_a_closed_case_goes_on_after_its_end() -> None:
    """What was closed may turn out not to be fixed; refused, merged, archived and void stay so."""
    left = {state for step in STEPS for state in step.sources}
    assert ENDED & left == {CaseState.CLOSED}


def test_every_state_can_be_reached_and_left_or_ends() -> None:
    reached = {CaseState.REPORTED} | {step.target for step in STEPS if step.target}
    left = {state for step in STEPS for state in step.sources}
    assert reached == set(CaseState)
    assert left == set(CaseState) - ENDED | {CaseState.CLOSED}


def test_the_two_centres_stay_apart() -> None:
    """No role both dispatches and closes, and none that disposes checks."""
    holders: dict[str, set[Role]] = {}
    for step in STEPS:
        holders.setdefault(step.action, set()).update(step.roles)
    assert not holders["dispatch"] & holders["close"]
    assert not holders["dispose"] & (holders["check"] | holders["rework"] | holders["close"])


def test_a_stale_hand_is_told_and_changes_nothing(as_role: AsRole, place: dict[str, float]) -> None:
    number = case_in(as_role, place, CaseState.FILED)
    seen = as_role("dispatcher").get(f"/api/v1/cases/{number}").headers["etag"]
    act(as_role, "dispatcher", number, "dispatch")
    answer = as_role("shift_leader").post(
        f"/api/v1/cases/{number}/actions/urge", json={"note": "重复"}, headers={"If-Match": seen}
    )
    assert answer.status_code == 412
    assert answer.json()["state"] == "dispatched"
    assert [change["action"] for change in answer.json()["changes"]] == ["dispatch"]
    assert as_role("evaluator").get(f"/api/v1/cases/{number}").json()["state"] == "dispatched"


def test_the_same_key_makes_one_case(as_role: AsRole, place: dict[str, float]) -> None:
    body = {"kind": "event", "class_code": "0101", "description": "一次", **place}
    headers = {"Idempotency-Key": f"loop-{next(keys):08}"}
    first = as_role("inspector").post("/api/v1/cases", json=body, headers=headers)
    again = as_role("inspector").post("/api/v1/cases", json=body, headers=headers)
    other = as_role("inspector").post("/api/v1/cases", json=body | {"description": "另一"}, headers=headers)
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json()["case_no"] == again.json()["case_no"] == other.json()["case_no"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"class_code": "9999"}, None),
        ({"lon": 0.0}, "/lon"),
        ({"lon": 39.82, "lat": 109.99}, None),
        ({"class_code": "abc"}, "/class_code"),
        ({"kind": "street"}, "/kind"),
        ({"crs": "EPSG:999999"}, None),
        ({"occurred_at": "2999-01-01T00:00:00+08:00"}, "/occurred_at"),
        ({"occurred_at": "2026-01-01T00:00:00"}, "/occurred_at"),
        ({"description": "长" * 5000}, "/description"),
        ({"description": "\x00"}, "/description"),
        ({"component_code": "1506020101000001"}, "/component_code"),
        ({"source": "rumour"}, "/source"),
    ],
)
def test_a_report_that_cannot_be_right_is_refused_and_leaves_nothing(
    as_role: AsRole, place: dict[str, float], change: dict[str, Any], pointer: str | None
) -> None:
    client = as_role("inspector")
    before = client.get("/api/v1/cases?limit=1").json()["items"][0]["case_no"]
    body = {"kind": "event", "class_code": "0101", **place} | change
    answer = client.post("/api/v1/cases", json=body)
    assert answer.status_code == 422, answer.text
    if pointer:
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert client.get("/api/v1/cases?limit=1").json()["items"][0]["case_no"] == before


def test_a_department_acts_on_its_own_cases_only(as_role: AsRole, place: dict[str, float]) -> None:
    number = case_in(as_role, place, CaseState.FILED)
    act(as_role, "dispatcher", number, "dispatch", department=another(as_role))
    answer = as_role("department").post(f"/api/v1/cases/{number}/actions/accept", json={})
    assert answer.status_code == 404  # it may not even see it


def _open(state: CaseState, role: str, source: str, proofs: set[Proof]) -> list[Step]:
    """The table read a second time, by hand: for a case of which nothing was asked."""
    return [
        s
        for s in STEPS
        if state in s.sources
        and role in s.roles
        and (not s.reports or source in s.reports)
        and s.decides is None
        and proofs.issuperset(s.proofs)
    ]


def _row(action: str, state: CaseState, role: str, source: str, proofs: set[Proof]) -> bool:
    return any(step.action == action for step in _open(state, role, source, proofs))


def _refusal(action: str, role: str, state: CaseState) -> int:
    if role == "department" and state not in GIVEN:
        return 404  # a department sees a case when it is given to it, and not before
    staff = {"inspector", "acceptor", "shift_leader", "dispatcher", "department", "evaluator"}
    if role not in staff:
        return 403
    holders = {str(holder) for step in STEPS if step.action == action for holder in step.roles}
    return 409 if role in holders or not holders else 403


def test_every_action_has_a_title() -> None:
    assert {step.action for step in STEPS} < set(ACTIONS)
