"""What anybody may know about a case, and what a citizen may say about it."""

from itertools import count
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, func, select, text

from gis.case.models import Case, CaseStep
from gis.case.side_models import PublicAnswer
from gis.case.states import CaseState
from gis.case.track import ANSWERS, PUBLIC_STATES
from gis.database import session_maker
from tests.small_city import AsRole

TOLD = {
    "case_no", "kind", "class_name", "state", "state_title", "street", "moments", "expected_at",
    "merged_into", "said", "may_answer",
}  # fmt: skip
places = count(1)


@pytest.fixture(autouse=True)
def calm(small_city: str) -> None:
    """Nobody has answered within the last minutes."""
    with session_maker()() as session, session.begin():
        session.execute(delete(PublicAnswer))


def number_of(state: CaseState) -> str:
    with session_maker()() as session:
        wanted = select(Case.case_no).where(Case.state == state, Case.said.is_(None)).order_by(Case.id)
        # Another closed case for each test: what is said stays.
        return session.scalars(wanted.offset(next(places) if state is CaseState.CLOSED else 0).limit(1)).one()


def answers_of(case_no: str) -> list[tuple[str, int | None, str, str]]:
    with session_maker()() as session:
        rows = session.execute(
            select(CaseStep.action, CaseStep.actor_id, CaseStep.actor_role, CaseStep.note)
            .join(Case, Case.id == CaseStep.case_id)
            .where(Case.case_no == case_no, CaseStep.action.like("citizen%"))
            .order_by(CaseStep.seq)
        )
        return [tuple(row) for row in rows]


def say(client: TestClient, case_no: str, fixed: bool, note: str = "") -> Any:
    return client.post(f"/api/v1/track/{case_no}/answer", json={"fixed": fixed, "note": note})


@pytest.mark.parametrize("state", list(CaseState))
def test_anybody_learns_how_a_case_stands_and_nothing_personal(
    anonymous: TestClient, as_role: AsRole, state: CaseState
) -> None:
    case_no = number_of(state)
    answer = anonymous.get(f"/api/v1/track/{case_no.lower()}")
    assert answer.status_code == 200
    told = answer.json()
    assert set(told) == TOLD
    assert told["state"] == PUBLIC_STATES[state][0]
    case = as_role("evaluator").get(f"/api/v1/cases/{case_no}").json()
    steps = as_role("evaluator").get(f"/api/v1/cases/{case_no}/steps").json()["items"]
    secrets = {
        case["description"],
        str(case["lon"]),
        str(case["lat"]),
        case["unit_grid_code"],
        case["community"],
    }
    secrets |= {case["department_name"]} | {step["actor_name"] for step in steps}
    secrets |= {step["note"] for step in steps}
    for secret in secrets - {None, ""}:
        assert str(secret) not in answer.text, secret
    assert told["merged_into"] == case["merged_into"]
    assert told["may_answer"] == (state is CaseState.CLOSED)
    times = [moment["at"] for moment in told["moments"]]
    assert times == sorted(times)
    assert told["moments"][0]["what"] == "reported"
    being_done = {
        CaseState.FILED,
        CaseState.DISPATCHED,
        CaseState.ACCEPTED,
        CaseState.DISPOSED,
        CaseState.SUSPENDED,
    }
    assert (told["expected_at"] is not None) == (state in being_done)


def test_it_is_told_in_the_readers_language(anonymous: TestClient) -> None:
    address = f"/api/v1/track/{number_of(CaseState.ACCEPTED)}"
    assert (
        anonymous.get(address, headers={"accept-language": "zh"}).json()["state_title"] == "责任部门正在处置"
    )
    assert anonymous.get(address).json()["state_title"] == "The department in charge is working on it"


@pytest.mark.parametrize("case_no", ["E0101202601010001", "nothing", "E%00", "x" * 33])
def test_a_number_that_is_none_is_answered_alike(anonymous: TestClient, case_no: str) -> None:
    answer = anonymous.get(f"/api/v1/track/{case_no}")
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    if len(case_no) <= 32 and "%" not in case_no:
        assert answer.status_code == 404
        assert say(anonymous, case_no, True).status_code == 404


def test_an_answer_stands_in_the_history_as_nobodys(anonymous: TestClient, as_role: AsRole) -> None:
    case_no = number_of(CaseState.CLOSED)
    before = as_role("shift_leader").get(f"/api/v1/cases/{case_no}").json()
    told = say(anonymous, case_no, False, "  井盖还在响  ")
    assert (told.status_code, told.json()["said"]) == (200, "not_fixed")
    assert "井盖还在响" not in told.text
    assert answers_of(case_no) == [("citizen_not_fixed", None, "citizen", "井盖还在响")]
    after = as_role("shift_leader").get(f"/api/v1/cases/{case_no}").json()
    assert (after["said"], after["version"], after["state"]) == ("not_fixed", before["version"] + 1, "closed")
    assert "reopen" in {step["action"] for step in after["open_actions"]}
    waiting = as_role("shift_leader").get("/api/v1/cases?queue=not_fixed&limit=1000").json()["items"]
    assert case_no in {case["case_no"] for case in waiting}


def test_the_same_answer_again_changes_nothing_another_one_counts(anonymous: TestClient) -> None:
    case_no = number_of(CaseState.CLOSED)
    for fixed in (True, True, False, False, True):
        assert say(anonymous, case_no, fixed).status_code == 200
    assert [action for action, *_rest in answers_of(case_no)] == [
        "citizen_fixed", "citizen_not_fixed", "citizen_fixed",
    ]  # fmt: skip


@pytest.mark.parametrize("state", [CaseState.ACCEPTED, CaseState.CHECKED, CaseState.VOID, CaseState.ARCHIVED])
def test_only_a_closed_case_is_answered_for(anonymous: TestClient, state: CaseState) -> None:
    case_no = number_of(state)
    assert say(anonymous, case_no, True).status_code == 409
    assert answers_of(case_no) == []


@pytest.mark.parametrize(
    "body", [{}, {"fixed": "maybe"}, {"fixed": True, "note": "长" * 501}, {"fixed": True, "note": "\x00"}]
)
def test_an_answer_that_cannot_be_read_leaves_nothing(anonymous: TestClient, body: dict[str, Any]) -> None:
    case_no = number_of(CaseState.CLOSED)
    assert anonymous.post(f"/api/v1/track/{case_no}/answer", json=body).status_code == 422
    assert answers_of(case_no) == []


def test_one_address_cannot_answer_in_bulk(anonymous: TestClient) -> None:
    case_no = number_of(CaseState.CLOSED)
    for n in range(ANSWERS):
        assert say(anonymous, case_no, bool(n % 2)).status_code == 200
    refused = say(anonymous, case_no, bool(ANSWERS % 2))
    # The last answer once more is no new one, and is not counted.
    last = say(anonymous, case_no, bool((ANSWERS - 1) % 2))
    assert (refused.status_code, last.status_code) == (429, 200)
    assert refused.headers["retry-after"]
    assert len(answers_of(case_no)) == ANSWERS
    with session_maker()() as session, session.begin():
        kept = session.scalars(select(PublicAnswer.address)).all()
        assert "testclient" not in kept
        session.execute(text("UPDATE public_answer SET at = at - interval '11 minutes'"))
    assert say(anonymous, case_no, bool(ANSWERS % 2)).status_code == 200
    with session_maker()() as session:
        assert session.scalar(select(func.count()).select_from(PublicAnswer)) == 1
