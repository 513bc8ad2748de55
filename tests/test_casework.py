"""What stands beside the main line: requests, clocks, parts, duplicates, appeals, what a case does alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from gis.case.calendar import working_clock
from gis.case.models import Case
from gis.case.record import Act
from gis.case.service import apply_action, resume_when_due
from gis.case.side_models import AutoDispatch, CaseFollower, CaseInterval
from gis.case.states import CaseState
from gis.case.workflow import STEPS, Clock, Pending, Step
from gis.errors import NotAllowed
from gis.people.models import Department, Person
from gis.standard.tables import CITY_EDITION
from tests.small_city import AsRole
from tests.test_case_loop import (
    act,
    another,
    case_in,
    make_late,
    mine,
    report,
)

Place = dict[str, float]


def refused(as_role: AsRole, role: str, number: str, action: str, **body: Any) -> tuple[int, str]:
    """Status and text of a step that must not be taken; the case stays as it was."""
    before = as_role("evaluator").get(f"/api/v1/cases/{number}").json()["version"]
    answer = as_role(role).post(f"/api/v1/cases/{number}/actions/{action}", json={"note": "x"} | body)
    assert answer.status_code >= 400, answer.text
    assert as_role("evaluator").get(f"/api/v1/cases/{number}").json()["version"] == before
    return answer.status_code, str(answer.json().get("detail"))


def read(as_role: AsRole, number: str) -> dict[str, Any]:
    case: dict[str, Any] = as_role("evaluator").get(f"/api/v1/cases/{number}").json()
    return case


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# ---- More time -----------------------------------------------------------------------------------------


def test_an_extension_adds_the_limit_once_more_and_twice_at_most(as_role: AsRole, place: Place) -> None:
    number = case_in(as_role, place, CaseState.ACCEPTED)
    first = read(as_role, number)
    assert first["limit_unit"] == "URGENT_DAY"  # natural time: the sum can be done by hand
    limit = timedelta(days=first["limit_value"])
    for times in (1, 2):
        act(as_role, "department", number, "ask_extension", note="配件未到")
        case = act(as_role, "dispatcher", number, "grant_extension")
        assert moment(case["due_at"]) - moment(first["due_at"]) == times * limit
        assert case["extension_count"] == times
    status, why = refused(as_role, "department", number, "ask_extension")
    assert status == 409
    assert "2" in why


def test_a_denied_extension_changes_no_deadline_and_says_why(as_role: AsRole, place: Place) -> None:
    number = case_in(as_role, place, CaseState.ACCEPTED)
    due = read(as_role, number)["due_at"]
    asked = act(as_role, "department", number, "ask_extension", note="配件未到")
    assert asked["pending"]["kind"] == "extension"
    assert asked["pending"]["note"] == "配件未到"
    assert refused(as_role, "dispatcher", number, "deny_extension", note=" ")[0] == 422
    case = act(as_role, "dispatcher", number, "deny_extension", note="时限足够")
    assert case["due_at"] == due
    assert case["pending"] is None


@pytest.mark.parametrize("action", ["ask_extension", "ask_suspension"])
def test_nothing_is_asked_for_once_the_limit_has_passed(
    as_role: AsRole, place: Place, small_city: str, action: str
) -> None:
    number = case_in(as_role, place, CaseState.ACCEPTED)
    make_late(small_city, number)
    until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    assert refused(as_role, "department", number, action, until=until)[0] == 409


def test_one_request_waits_at_a_time(as_role: AsRole, place: Place) -> None:
    number = case_in(as_role, place, CaseState.ACCEPTED)
    act(as_role, "department", number, "ask_extension")
    until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    assert refused(as_role, "department", number, "ask_suspension", until=until)[0] == 409
    assert refused(as_role, "dispatcher", number, "ask_void")[0] == 409
    assert refused(as_role, "dispatcher", number, "grant_suspension")[0] == 409


def test_what_was_asked_is_denied_by_a_step_that_moves_the_case(
    as_role: AsRole, place: Place, small_city: str
) -> None:
    number = case_in(as_role, place, CaseState.ACCEPTED)
    act(as_role, "department", number, "ask_extension")
    assert act(as_role, "department", number, "dispose")["pending"] is None
    engine = create_engine(small_city)
    with engine.connect() as connection:
        granted = connection.scalar(
            text('SELECT granted FROM case_request JOIN "case" AS c ON c.id = case_id WHERE c.case_no = :no'),
            {"no": number},
        )
    engine.dispose()
    assert granted is False


# ---- Suspension ----------------------------------------------------------------------------------------


def test_a_suspended_case_is_locked_and_its_limit_stands_still(as_role: AsRole, place: Place) -> None:
    number = case_in(as_role, place, CaseState.ACCEPTED)
    before = read(as_role, number)
    until = datetime.now(UTC) + timedelta(days=30)
    act(as_role, "department", number, "ask_suspension", until=until.isoformat(), note="冬季无法施工")
    case = act(as_role, "dispatcher", number, "grant_suspension")
    assert case["state"] == "suspended"
    assert moment(case["suspended_until"]) == until
    assert case["due_is_provisional"] is True
    # What is left goes on from the suspension's date.
    left = moment(case["due_at"]) - until
    assert left <= timedelta(days=before["limit_value"])
    assert left > timedelta(days=before["limit_value"]) - timedelta(minutes=5)
    assert refused(as_role, "department", number, "dispose")[0] == 409
    case = act(as_role, "department", number, "resume")
    assert case["state"] == "accepted"
    assert case["due_is_provisional"] is False
    # The pause took seconds: the deadline is where it was, but for those.
    assert timedelta() <= moment(case["due_at"]) - moment(before["due_at"]) < timedelta(minutes=2)
    assert refused(as_role, "department", number, "ask_suspension", until=until.isoformat())[0] == 409


@pytest.mark.parametrize("days", [-1, 400])
def test_a_suspension_ends_after_now_and_within_a_year(as_role: AsRole, place: Place, days: int) -> None:
    number = case_in(as_role, place, CaseState.ACCEPTED)
    until = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    assert refused(as_role, "department", number, "ask_suspension", until=until)[0] == 422
    assert refused(as_role, "department", number, "ask_suspension")[0] == 422
    assert refused(as_role, "department", number, "ask_suspension", until="2026-12-01T08:00:00")[0] == 422


def test_a_suspension_ends_by_itself_at_its_date_and_not_before(
    as_role: AsRole, place: Place, small_city: str
) -> None:
    number = case_in(as_role, place, CaseState.SUSPENDED)
    until = moment(read(as_role, number)["suspended_until"])
    engine = create_engine(small_city)
    with Session(engine) as session, session.begin():
        case = session.scalars(select(Case).where(Case.case_no == number).with_for_update()).one()
        assert not resume_when_due(session, case, until - timedelta(seconds=1))
        assert resume_when_due(session, case, until)
    engine.dispose()
    case_now = read(as_role, number)
    assert case_now["state"] == "accepted"
    last = as_role("evaluator").get(f"/api/v1/cases/{number}/steps").json()["items"][-1]
    assert (last["action"], last["actor"], last["actor_role"]) == ("resume", None, "service")


# ---- The clock of disposal -----------------------------------------------------------------------------


class Story:
    """A case whose steps are taken at moments of our choice, by people with the roles."""

    def __init__(self, session: Session, number: str) -> None:
        self.session, self.number = session, number
        self.people = {p.role: p for p in session.scalars(select(Person).where(Person.is_demo))}

    def take(self, role: str, action: str, at: datetime, **act: Any) -> Case:
        actor = self.people[role]  # type: ignore[index]
        return apply_action(self.session, self.number, action, actor, Act(note="按规定", **act), at=at)


@pytest.fixture
def told(as_role: AsRole, place: Place, small_city: str) -> Any:
    """A filed case of the class 0101 whose limit is two natural days; all of it is rolled back."""
    number = case_in(as_role, place, CaseState.FILED)
    engine = create_engine(small_city)
    with Session(engine) as session:
        yield Story(session, number)
        session.rollback()
    engine.dispose()


NOON = datetime(2027, 3, 1, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_rework_goes_on_where_disposal_had_stopped(told: Story, as_role: AsRole) -> None:
    case = told.take("dispatcher", "dispatch", NOON, department=mine(as_role))
    assert case.due_at == NOON + 48 * HOUR
    told.take("department", "accept", NOON + HOUR)
    told.take("department", "dispose", NOON + 10 * HOUR)
    case = told.take("department", "feed_back", NOON + 12 * HOUR)
    assert case.disposed_at == NOON + 12 * HOUR
    case = told.take("acceptor", "rework", NOON + 112 * HOUR)
    assert case.due_at == NOON + (112 + 36) * HOUR  # 12 of 48 hours were used
    assert case.disposed_at is None


def test_the_same_department_goes_on_and_another_starts_anew(told: Story, as_role: AsRole) -> None:
    told.take("dispatcher", "dispatch", NOON, department=mine(as_role))
    told.take("department", "send_back", NOON + 8 * HOUR)
    case = told.take("dispatcher", "dispatch", NOON + 20 * HOUR, department=mine(as_role))
    assert case.due_at == NOON + 60 * HOUR  # 40 hours were left
    other = another(as_role)
    case = told.take("dispatcher", "redispatch", NOON + 30 * HOUR, department=other)
    assert case.due_at == NOON + 78 * HOUR
    rounds = told.session.execute(
        select(CaseInterval.round, Department.code)
        .join(Department, Department.id == CaseInterval.department_id)
        .where(CaseInterval.case_id == case.id, CaseInterval.stage == "dispose")
        .order_by(CaseInterval.id)
    ).all()
    assert [tuple(row) for row in rounds] == [(1, mine(as_role)), (1, mine(as_role)), (2, other)]


def test_another_class_brings_its_limit_and_the_time_used_counts(told: Story, as_role: AsRole) -> None:
    told.take("dispatcher", "dispatch", NOON, department=mine(as_role))
    case = told.take("acceptor", "reclassify", NOON + 5 * HOUR, class_code="0102")
    clock = working_clock(told.session)
    assert (case.class_code, case.case_no) == ("0102", told.number)
    minutes = {"URGENT_HOUR": 60, "URGENT_DAY": 1440, "WORK_HOUR": 60, "WORK_DAY": 480}[case.limit_unit or ""]
    continuous = str(case.limit_unit).startswith("URGENT")
    by_hand = clock.deadline(NOON, (case.limit_value or 0) * minutes, continuous)
    assert case.due_at == by_hand.due_at


def test_the_lamp_turns_yellow_at_four_fifths(told: Story, as_role: AsRole) -> None:
    case = told.take("dispatcher", "dispatch", NOON, department=mine(as_role))
    assert case.warn_at == NOON + timedelta(hours=0.8 * 48)
    assert (case.stage_due_at, case.stage_warn_at) == (case.due_at, case.warn_at)


def test_the_link_of_acceptance_stands_still_while_an_inspector_looks(
    as_role: AsRole, place: Place, small_city: str
) -> None:
    number = report(as_role("acceptor"), place, source="hotline")["case_no"]
    engine = create_engine(small_city)
    with Session(engine) as session:
        story = Story(session, number)
        begun = session.scalars(select(Case).where(Case.case_no == number)).one().reported_at
        case = story.take("acceptor", "send_verification", begun + timedelta(minutes=10))
        assert case.stage_due_at == begun + timedelta(minutes=40)
        case = story.take("inspector", "not_confirmed", begun + timedelta(minutes=25))
        assert case.stage_due_at == begun + timedelta(minutes=30)  # 5 of 15 minutes were left
        session.rollback()
    engine.dispose()


# ---- Together ------------------------------------------------------------------------------------------


def test_a_merged_case_goes_on_as_the_other_and_its_reporter_follows(
    as_role: AsRole, place: Place, small_city: str
) -> None:
    kept = report(as_role("acceptor"), place, source="hotline")["case_no"]
    doubled = report(as_role("inspector"), place)["case_no"]
    case = act(as_role, "acceptor", doubled, "merge", case=kept.lower())
    assert (case["state"], case["merged_into"], case["open_actions"]) == ("merged", kept, [])
    engine = create_engine(small_city)
    with Session(engine) as session:
        logins = session.scalars(
            select(Person.login)
            .join(CaseFollower, CaseFollower.person_id == Person.id)
            .join(Case, Case.id == CaseFollower.case_id)
            .where(Case.case_no == kept)
        ).all()
    engine.dispose()
    assert logins == ["inspector"]
    last = as_role("evaluator").get(f"/api/v1/cases/{kept}/steps").json()["items"][-1]
    assert (last["action"], last["detail"]["case"]) == ("follow", doubled)


@pytest.mark.parametrize("other", ["itself", "ended", "nowhere"])
def test_a_case_merges_only_into_another_open_one(as_role: AsRole, place: Place, other: str) -> None:
    number = report(as_role("inspector"), place)["case_no"]
    names = {"itself": number, "nowhere": "E0101202001019999"}
    name = names.get(other) or case_in(as_role, place, CaseState.REFUSED)
    assert refused(as_role, "acceptor", number, "merge", case=name)[0] == 422


def test_a_parent_waits_for_its_children(as_role: AsRole, place: Place) -> None:
    parent = case_in(as_role, place, CaseState.CHECKED)
    child = report(as_role("inspector"), place)["case_no"]
    act(as_role, "shift_leader", child, "put_under", case=parent)
    assert read(as_role, parent)["children"] == [child]
    assert read(as_role, parent)["open_parts"] == 1
    assert refused(as_role, "shift_leader", parent, "close")[0] == 409
    assert refused(as_role, "acceptor", parent, "put_under", case=child)[0] == 409  # no rings
    act(as_role, "acceptor", child, "refuse")
    assert act(as_role, "shift_leader", parent, "close")["state"] == "closed"


def test_the_main_department_waits_for_its_helpers(as_role: AsRole, place: Place) -> None:
    number = case_in(as_role, place, CaseState.FILED)
    act(as_role, "dispatcher", number, "dispatch", department=mine(as_role))
    act(as_role, "dispatcher", number, "add_department", department=another(as_role), note="配合断电")
    assert refused(as_role, "dispatcher", number, "add_department", department=mine(as_role))[0] == 409
    for action in ("accept", "dispose"):
        act(as_role, "department", number, action)
    case = read(as_role, number)
    assert [(part["code"], part["done"]) for part in case["co_departments"]] == [(another(as_role), False)]
    assert refused(as_role, "department", number, "feed_back")[0] == 409


def test_who_put_something_right_on_the_spot_does_not_verify_it(as_role: AsRole, place: Place) -> None:
    number = case_in(as_role, place, CaseState.SELF_DISPOSED)
    act(as_role, "acceptor", number, "not_put_right", note="照片不清")
    assert refused(as_role, "inspector", number, "verify")[0] == 403
    assert act(as_role, "acceptor", number, "verify")["state"] == "verified"


# ---- After closing -------------------------------------------------------------------------------------


def test_a_case_is_opened_again_only_when_somebody_said_it_is_not_fixed(
    as_role: AsRole, place: Place
) -> None:
    number = case_in(as_role, place, CaseState.CLOSED)
    assert refused(as_role, "shift_leader", number, "reopen")[0] == 409
    act(as_role, "acceptor", number, "say_not_fixed", note="来电人称仍有垃圾")
    case = act(as_role, "shift_leader", number, "reopen", note="现场复核")
    assert (case["state"], case["closed_at"], case["said"]) == ("fed_back", None, None)
    act(as_role, "inspector", number, "rework", note="仍有垃圾")
    for role, action in (("department", "dispose"), ("department", "feed_back"), ("inspector", "check")):
        act(as_role, role, number, action)
    assert act(as_role, "shift_leader", number, "close")["state"] == "closed"


def test_an_appeal_is_heard_twice_once_and_the_fact_stays(
    as_role: AsRole, place: Place, small_city: str
) -> None:
    number = case_in(as_role, place, CaseState.CLOSED)
    assert refused(as_role, "department", number, "appeal")[0] == 409  # it was in time
    make_late(small_city, number)
    assert read(as_role, number)["on_time"] is False
    act(as_role, "department", number, "appeal", note="暴雨停工")
    assert refused(as_role, "acceptor", number, "grant_appeal")[0] == 409  # the dispatcher first
    act(as_role, "dispatcher", number, "support_appeal", note="情况属实")
    case = act(as_role, "acceptor", number, "grant_appeal", note="同意")
    assert (case["exempt"], case["on_time"], case["pending"]) == (True, False, None)
    assert refused(as_role, "department", number, "appeal")[0] == 409


def test_closing_by_force_is_marked_and_never_by_who_dispatched(
    as_role: AsRole, place: Place, small_city: str
) -> None:
    number = case_in(as_role, place, CaseState.ACCEPTED)
    engine = create_engine(small_city)
    with Session(engine) as session:
        dispatcher = session.scalars(select(Person).where(Person.login == "dispatcher")).one()
        dispatcher.role, dispatcher.centre = "shift_leader", "supervision"  # type: ignore[assignment]
        session.flush()
        with pytest.raises(NotAllowed):
            apply_action(session, number, "force_close", dispatcher, Act(note="x"))
        session.rollback()
    engine.dispose()
    case = act(as_role, "shift_leader", number, "force_close", note="工地已拆除")
    assert (case["state"], case["closed_by_force"]) == ("closed", True)


def test_a_closing_condition_must_be_one_of_the_class(as_role: AsRole, place: Place) -> None:
    number = case_in(as_role, place, CaseState.CHECKED)
    assert refused(as_role, "shift_leader", number, "close", closing="C0101-1")[0] == 422
    rule = read(as_role, number)["condition"]
    assert act(as_role, "shift_leader", number, "close", closing=rule)["state"] == "closed"


# ---- By itself, and by nobody --------------------------------------------------------------------------


def test_a_class_set_so_is_dispatched_as_soon_as_it_is_filed(
    as_role: AsRole, place: Place, small_city: str
) -> None:
    engine = create_engine(small_city)
    with Session(engine) as session, session.begin():
        session.add(AutoDispatch(kind="event", edition=CITY_EDITION, class_code="0102"))
    number = report(as_role("inspector"), place, class_code="0102")["case_no"]
    act(as_role, "acceptor", number, "verify")
    case = act(as_role, "shift_leader", number, "file")
    with Session(engine) as session, session.begin():
        session.delete(session.get_one(AutoDispatch, ("event", CITY_EDITION, "0102")))
    engine.dispose()
    assert case["state"] == "dispatched"
    last = as_role("evaluator").get(f"/api/v1/cases/{number}/steps").json()["items"][-1]
    assert (last["action"], last["actor_role"], last["detail"]["automatic"]) == ("dispatch", "service", True)
    assert last["note"]  # why this department


def test_who_urges_is_counted_and_changes_no_clock(as_role: AsRole, place: Place) -> None:
    number = case_in(as_role, place, CaseState.DISPATCHED)
    before = read(as_role, number)
    case = act(as_role, "evaluator", number, "urge", note="领导关注")
    assert case["urged_count"] == 1
    assert (case["due_at"], case["state"]) == (before["due_at"], before["state"])


def test_self_disposal_needs_its_photo_and_its_own_reporter(as_role: AsRole, place: Place) -> None:
    number = report(as_role("inspector"), place)["case_no"]
    status, why = refused(as_role, "inspector", number, "self_dispose")
    assert status == 422
    assert "photo" in why
    called = report(as_role("acceptor"), place, source="hotline")["case_no"]
    assert refused(as_role, "inspector", called, "self_dispose")[0] == 409


# ---- The table itself ----------------------------------------------------------------------------------


def test_every_request_can_be_granted_and_denied() -> None:
    for pending in Pending:
        deciders = {step.action for step in STEPS if step.decides is pending}
        assert any(action.startswith("deny") for action in deciders), pending
        assert any(not action.startswith("deny") for action in deciders), pending


def test_who_asks_never_decides() -> None:
    for step in STEPS:
        if step.asks:
            deciders = {role for row in STEPS if row.decides is step.asks for role in row.roles}
            assert not deciders & set(step.roles), step.action


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.action}-{step.roles[0]}")
def test_a_row_says_of_the_clock_what_its_states_say(step: Step) -> None:
    ends = step.target in {
        CaseState.CLOSED, CaseState.REFUSED, CaseState.VOID, CaseState.MERGED, CaseState.ARCHIVED,
    }  # fmt: skip
    assert (step.clock is Clock.END) == ends
    if step.target is None:
        assert step.clock in (Clock.NOTHING, Clock.MORE, Clock.LIMIT)


def test_the_public_and_other_roles_take_no_step(
    anonymous: TestClient, as_role: AsRole, place: Place
) -> None:
    number = case_in(as_role, place, CaseState.DISPATCHED)
    assert anonymous.post(f"/api/v1/cases/{number}/actions/urge", json={"note": "x"}).status_code == 401
    for role in ("planner", "owner", "admin"):
        status = as_role(role).post(f"/api/v1/cases/{number}/actions/urge", json={"note": "x"}).status_code
        assert status == 403
