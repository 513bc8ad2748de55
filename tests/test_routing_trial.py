"""Trials of changed rules, worked out on paper; keeping the rules over HTTP and by the command line."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from gis.case import routing_trial
from gis.case.models import Case
from gis.case.routing import rules_now
from gis.case.routing_trial import Trial, try_rules
from gis.case.rule_drafts import Draft, changed_rules, read_drafts
from gis.case.states import CaseState
from gis.cli import build
from gis.errors import InvalidInput
from gis.i18n import in_locale
from gis.people.models import Department, Responsibility
from gis.standard.tables import CITY_EDITION
from tests import hand_made_city as city
from tests.small_city import AsRole

JUNE = datetime(2026, 6, 1, 2, tzinfo=UTC)  # ten in the morning of a Monday
PERIOD = (JUNE - timedelta(days=1), JUNE + timedelta(days=1))
RULES = "/api/v1/routing/responsibilities"
AUTOMATIC = "/api/v1/routing/automatic"
TRIAL = "/api/v1/routing/trial"


@pytest.fixture
def town(session: Session) -> Session:
    """Departments CLEAN (answers for event major 01), ORDER (02) and NIGHT (nothing yet)."""
    city.build(session)
    for code in ("CLEAN", "ORDER", "NIGHT"):
        city.department(session, code)
    for code, major in (("CLEAN", "01"), ("ORDER", "02")):
        session.add(
            Responsibility(
                department_id=department(session, code).id, kind="event", edition=CITY_EDITION,
                class_code=major, valid_from=date(2020, 1, 1),
            )
        )  # fmt: skip
    session.flush()
    return session


def department(session: Session, code: str) -> Department:
    return session.scalars(select(Department).where(Department.code == code)).one()


def disposed(
    session: Session,
    class_code: str,
    by: str,
    filed_at: datetime = JUNE,
    handed_over: bool = True,
    x: float = 50,
) -> Case:
    """A case that a department has disposed of, or has still in hand."""
    case = city.case(session, x, 50, CaseState.FED_BACK, holder=department(session, by))
    case.class_code, case.filed_at = class_code, filed_at
    case.disposed_at = filed_at + timedelta(hours=3) if handed_over else None
    session.flush()
    return case


def share(trial: Trial) -> tuple[int, int, int]:
    return trial.overall.cases, trial.overall.right, trial.overall.right_changed


def test_accuracy_counts_who_disposed_in_the_end(town: Session) -> None:
    disposed(town, "0101", "CLEAN")
    disposed(town, "0102", "CLEAN")
    wrong = disposed(town, "0102", "ORDER")
    silent = disposed(town, "0301", "ORDER")
    disposed(town, "0101", "ORDER", handed_over=False)  # not decided yet
    disposed(town, "0101", "ORDER", filed_at=PERIOD[1])  # the end is exclusive
    trial = try_rules(town, *PERIOD)
    assert share(trial) == (4, 2, 2)
    assert trial.overall.accuracy == 0.5
    assert {key: (score.cases, score.right) for key, score in trial.classes.items()} == {
        ("event", "0101"): (1, 1), ("event", "0102"): (2, 1), ("event", "0301"): (1, 0),
    }  # fmt: skip
    assert {key: (score.cases, score.right) for key, score in trial.departments.items()} == {
        "CLEAN": (2, 2), "ORDER": (2, 0),
    }  # fmt: skip
    assert trial.silent == 1
    assert {one.case_no: (one.proposed, one.disposed_by) for one in trial.wrong.items} == {
        wrong.case_no: ("CLEAN", "ORDER"), silent.case_no: (None, "ORDER"),
    }  # fmt: skip
    assert trial.moved.total == 0


def test_changed_rules_are_tried_beside_those_in_force(town: Session) -> None:
    gained = disposed(town, "0102", "ORDER")
    lost = disposed(town, "0102", "CLEAN")
    disposed(town, "0101", "CLEAN")
    trial = try_rules(town, *PERIOD, [Draft("event", "0102", "ORDER")])
    assert share(trial) == (3, 2, 2)
    assert {one.case_no: (one.proposed, one.proposed_changed) for one in trial.moved.items} == {
        gained.case_no: ("CLEAN", "ORDER"), lost.case_no: ("CLEAN", "ORDER"),
    }  # fmt: skip
    assert [one.case_no for one in trial.wrong.items] == [lost.case_no]
    # Nothing was stored.
    assert share(try_rules(town, *PERIOD)) == (3, 2, 2)
    assert town.scalars(select(Responsibility.class_code)).all() == ["01", "02"]


def test_each_case_is_asked_at_the_hour_of_its_filing(town: Session) -> None:
    disposed(town, "0101", "CLEAN")
    disposed(town, "0101", "NIGHT", filed_at=datetime(2026, 6, 1, 15, tzinfo=UTC))  # 23:00 in the city
    assert share(try_rules(town, *PERIOD)) == (2, 1, 1)
    night = Draft("event", "01", "NIGHT", starts_at=time(22), ends_at=time(6))
    assert share(try_rules(town, *PERIOD, [night])) == (2, 1, 2)


def test_each_case_is_asked_at_its_place(town: Session) -> None:
    """Same class, same hour, two streets: an answer for one is none for the other."""
    disposed(town, "0101", "CLEAN")
    eastern = disposed(town, "0101", "ORDER", x=850)
    trial = try_rules(town, *PERIOD, [Draft("event", "01", "ORDER", area="150602002")])
    assert share(trial) == (2, 1, 2)
    assert [one.case_no for one in trial.moved.items] == [eastern.case_no]


def test_a_rule_taken_out_proposes_nothing(town: Session) -> None:
    disposed(town, "0101", "CLEAN")
    trial = try_rules(town, *PERIOD, [Draft("event", "01", closed=True)])
    assert share(trial) == (1, 1, 0)
    assert (trial.silent, trial.silent_changed) == (0, 1)


def test_a_draft_takes_the_place_of_the_rule_for_the_same(town: Session) -> None:
    rules = rules_now(town, JUNE)
    drafts = [
        Draft("event", "01", "NIGHT"),
        Draft("event", "01", "ORDER", area="150602001"),
        Draft("event", "01", "ORDER", weekdays="76"),
    ]
    changed = changed_rules(town, rules, drafts)
    assert {(rule.class_code, rule.level, rule.hours.weekdays, rule.party.code) for rule in changed} == {
        ("01", None, None, "NIGHT"), ("02", None, None, "ORDER"),
        ("01", "street", None, "ORDER"), ("01", None, "67", "ORDER"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("draft", "pointer"),
    [
        (Draft("party", "01", "CLEAN"), "/rules/0/kind"),
        (Draft("event", "99", "CLEAN"), "/rules/0/class_code"),
        (Draft("event", "0101", "CLEAN", edition="moon"), "/rules/0/class_code"),
        (Draft("event", "01", "NOBODY"), "/rules/0/department"),
        (Draft("event", "01", "CLEAN", area="1"), "/rules/0/area"),
        (Draft("event", "01", "CLEAN", weekdays="8"), "/rules/0/weekdays"),
        (Draft("event", "01", "CLEAN", starts_at=time(8)), "/rules/0/ends_at"),
        (Draft("event", "01", "CLEAN", starts_at=time(8, tzinfo=UTC), ends_at=time(9)), "/rules/0/starts_at"),
        (Draft("event", "03", closed=True), "/rules/0"),
    ],
)
def test_a_draft_that_cannot_be_is_told(town: Session, draft: Draft, pointer: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        changed_rules(town, rules_now(town, JUNE), [draft])
    assert [error["pointer"] for error in refusal.value.extra["errors"]] == [pointer]


def test_a_department_that_does_not_dispose_is_no_answer(town: Session) -> None:
    department(town, "CLEAN").disposes = False
    town.flush()
    with pytest.raises(InvalidInput):
        changed_rules(town, [], [Draft("event", "01", "CLEAN")])


def test_long_lists_say_that_they_are_cut(town: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing_trial, "MOST_SHOWN", 2)
    cases = [disposed(town, "0101", "ORDER", filed_at=JUNE + timedelta(minutes=n)) for n in range(3)]
    wrong = try_rules(town, *PERIOD).wrong
    assert (wrong.total, wrong.is_capped) == (3, True)
    assert [one.case_no for one in wrong.items] == [cases[2].case_no, cases[1].case_no]  # the newest


def test_drafts_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "rules.csv"
    path.write_text(
        "\ufeffkind,class_code,department,area,weekdays,starts_at,ends_at,closed\n"
        "event,0101,CLEAN,,67,22:00,06:00,\n"
        "component,01,,150602001,,,,true\n",
        "utf-8",
    )
    assert read_drafts(path) == [
        Draft("event", "0101", "CLEAN", None, "67", time(22), time(6)),
        Draft("component", "01", "", "150602001", closed=True),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"kind\nevent\n",
        b"kind,class_code,colour\nevent,01,red\n",
        b"kind,class_code,closed\nevent,01,maybe\n",
        b"kind,class_code,starts_at,ends_at\nevent,01,25:00,06:00\n",
        b"kind,class_code\nevent\n",
        b"\xff\xfe",
    ],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rules.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=r"rules\.csv"):
        read_drafts(path)


@pytest.fixture
def left_as_it_was(small_city: str) -> Iterator[None]:
    """What a test does to the small city's rules is taken back."""
    engine = create_engine(small_city)
    with engine.connect() as connection:
        last = connection.execute(text("SELECT max(id) FROM responsibility")).scalar_one()
    yield
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM responsibility WHERE id > :last"), {"last": last})
        connection.execute(text("DELETE FROM auto_dispatch"))
    engine.dispose()


def test_rules_are_kept_by_the_administrator(as_role: AsRole, left_as_it_was: None) -> None:
    admin, dispatcher = as_role("admin"), as_role("dispatcher")
    body: dict[str, Any] = {
        "kind": "event", "class_code": "0101", "department": "CGSZ", "weekdays": "76",
        "starts_at": "22:00", "ends_at": "06:00",
    }  # fmt: skip
    assert dispatcher.post(RULES, json=body).status_code == 403
    made = admin.post(RULES, json=body)
    assert made.status_code == 201, made.text
    rule = made.json()
    assert (rule["class_name"], rule["area_name"], rule["weekdays"]) == (
        "Illegal structure",
        "the city",
        "67",
    )
    again = admin.post(RULES, json=body)
    assert again.status_code == 409
    assert str(rule["id"]) in again.json()["detail"]
    asked = {"class_code": "0101", "kind": "event", "department": "CGSZ"}
    assert [one["id"] for one in dispatcher.get(RULES, params=asked).json()["items"]] == [rule["id"]]
    for _ in range(2):
        ended = admin.post(f"{RULES}/{rule['id']}/close")
        assert ended.status_code == 200
        assert ended.json()["valid_to"] is not None
    assert dispatcher.get(RULES, params=asked).json()["items"] == []
    # A slip of today is mended today: the rule is taken up again, for another department.
    mended = admin.post(RULES, json=body | {"department": "CGZF"})
    assert (mended.status_code, mended.json()["id"]) == (201, rule["id"])
    assert (mended.json()["department"], mended.json()["valid_to"]) == ("CGZF", None)
    assert admin.post(f"{RULES}/999999999/close").status_code == 404
    bad = admin.post(RULES, json=body | {"department": "CGJ"})
    assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "/department")


def test_rules_are_read_page_by_page(as_role: AsRole) -> None:
    client = as_role("dispatcher")
    seen: list[int] = []
    address: str | None = f"{RULES}?limit=50"
    while address:
        page = client.get(address).json()
        seen += [one["id"] for one in page["items"]]
        address = page["next"]
    assert seen == sorted(set(seen))
    assert len(seen) > 100


def test_classes_that_dispatch_themselves(as_role: AsRole, left_as_it_was: None) -> None:
    admin, dispatcher = as_role("admin"), as_role("dispatcher")
    assert dispatcher.put(f"{AUTOMATIC}/event/0110").status_code == 403
    for code in ("0110", "0110", "02"):
        assert admin.put(f"{AUTOMATIC}/event/{code}").status_code == 200
    assert admin.put(f"{AUTOMATIC}/event/9999").status_code == 422
    listed = dispatcher.get(AUTOMATIC).json()["items"]
    assert [(one["class_code"], one["class_name"]) for one in listed] == [
        ("0110", "Exposed household rubbish"), ("02", "Publicity and advertising"),
    ]  # fmt: skip
    for _ in range(2):
        assert admin.delete(f"{AUTOMATIC}/event/0110").status_code == 204
    assert [one["class_code"] for one in dispatcher.get(AUTOMATIC).json()["items"]] == ["02"]


def test_why_a_department_is_proposed_over_http(as_role: AsRole) -> None:
    client = as_role("dispatcher")
    number = client.get("/api/v1/cases", params={"kind": "event", "limit": 1}).json()["items"][0]["case_no"]
    routing = client.get(f"/api/v1/cases/{number}/routing").json()
    outcomes = [one["outcome"] for one in routing["trace"]]
    assert outcomes.count("decided") == 1
    decided = routing["trace"][outcomes.index("decided")]
    assert routing["department"]["code"] == decided["department"]
    assert routing["department"]["reason"] == decided["why"]
    assert routing["automatic"] is False
    assert all(one["why"] for one in routing["trace"])
    in_chinese = client.get(f"/api/v1/cases/{number}/routing", headers={"accept-language": "zh"}).json()
    assert in_chinese["department"]["reason"].startswith("负责")


def test_a_trial_over_http(as_role: AsRole) -> None:
    client = as_role("evaluator")
    plain = client.post(TRIAL, json={}).json()
    assert plain["overall"]["cases"] > 0
    assert sum(one["cases"] for one in plain["classes"]) == plain["overall"]["cases"]
    assert sum(one["right"] for one in plain["departments"]) == plain["overall"]["right"]
    assert plain["overall"]["accuracy_changed"] is None
    # Of all classes the one whose proposals were right most often: under another rule they no longer are.
    usual = max((one for one in plain["classes"] if one["kind"] == "event"), key=lambda one: one["right"])
    rule = {"kind": "event", "class_code": usual["class_code"], "department": "GAJ"}
    tried = client.post(TRIAL, json={"rules": [rule]}).json()
    moved = [one for one in tried["classes"] if one["right"] != one["right_changed"]]
    assert [(one["kind"], one["class_code"]) for one in moved] == [("event", usual["class_code"])]
    assert 0 < tried["moved"]["total"] <= usual["cases"]
    assert as_role("inspector").post(TRIAL, json={}).status_code == 403
    for wrong in (
        {"from": "2026-06-01T00:00:00"},
        {"from": "2026-06-02T00:00:00Z", "to": "2026-06-01T00:00:00Z"},
        {"from": "2006-06-02T00:00:00Z"},
        {"rules": [rule | {"class_code": "9999"}]},
    ):
        assert client.post(TRIAL, json=wrong).status_code == 422, wrong


def test_an_automatic_class_is_dispatched_when_it_is_filed(
    as_role: AsRole, place: dict[str, float], left_as_it_was: None
) -> None:
    assert as_role("admin").put(f"{AUTOMATIC}/event/0110").status_code == 200
    body = {"kind": "event", "class_code": "0110", **place}
    number = as_role("inspector").post("/api/v1/cases", json=body).json()["case_no"]
    filed = as_role("shift_leader").post(f"/api/v1/cases/{number}/actions/file", json={})
    assert filed.status_code == 200, filed.text
    proposed = as_role("dispatcher").get(f"/api/v1/cases/{number}/routing").json()
    assert proposed["automatic"] is True
    assert (filed.json()["state"], filed.json()["department"]) == (
        "dispatched",
        proposed["department"]["code"],
    )


def test_the_command_prints_what_the_trial_found(small_city: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.csv"
    path.write_text("kind,class_code,department\nevent,01,GAJ\n", "utf-8")
    app = build(["routing"])
    with in_locale("en"):
        plain = CliRunner().invoke(app, ["routing", "try"], catch_exceptions=False)
        tried = CliRunner().invoke(app, ["routing", "try", "--rules", str(path)], catch_exceptions=False)
    assert plain.exit_code == tried.exit_code == 0
    assert "First-dispatch accuracy" in plain.output
    assert "elsewhere" not in plain.output
    assert "elsewhere" in tried.output
    with pytest.raises(InvalidInput, match="yesterday"):
        CliRunner().invoke(app, ["routing", "try", "--from", "yesterday"], catch_exceptions=False)
