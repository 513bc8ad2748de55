"""Cases of another system go through the loop like every other, with the times they had."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.case.models import Case, CaseStep
from gis.case.states import CaseState
from gis.errors import InvalidInput
from gis.exchange.fields import parse_mapping
from gis.exchange.findings import Report
from gis.exchange.rows import Options
from gis.exchange.run import run_import
from gis.people.models import Department, Person
from tests.import_files import lay_out, lonlat, refused, said

HEAD = ["case_enquiry_id", "open_dt", "target_dt", "closed_dt", "ontime", "type", "department"]
HEAD += ["case_title", "location", "closure_reason", "longitude", "latitude"]
AWAY = (100.0, 39.0)
FIRST, SECOND, THIRD = (f"2022-03-0{day} 08:00:00" for day in (1, 2, 3))

# number: opened, target, closed, on time by the file, type, department
ROWS = {
    "early": (FIRST, THIRD, SECOND, "ONTIME", "Needle Pickup", "PWDx"),
    "exact": (FIRST, THIRD, THIRD, "ONTIME", "Sign Repair", "PWDx"),
    "late": ("2022-03-01 08:30:00", THIRD, "2022-03-03 08:00:01", "OVERDUE", "Graffiti Removal", "PROP"),
    "open": (FIRST, THIRD, "", "OVERDUE", "Street Light Outages", "PWDx"),
    "no target": (FIRST, "", SECOND, "ONTIME", "Dancing Bears", "Zoo"),
    "backwards": (SECOND, THIRD, FIRST, "ONTIME", "Sign Repair", "PWDx"),
    "to come": ("2922-03-02 08:00:00", "", "", "ONTIME", "Sign Repair", "PWDx"),
    "no time": ("yesterday", "", "", "ONTIME", "Sign Repair", "PWDx"),
    "far away": (FIRST, "", "", "ONTIME", "Sign Repair", "PWDx"),
    "nowhere": (FIRST, "", "", "ONTIME", "Sign Repair", "PWDx"),
}
OUT = {
    "backwards": "times_in_disorder",
    "to come": "times_in_disorder",
    "no time": "value_missing",
    "far away": "outside_city",
    "nowhere": "no_geometry",
}


def write(path: Path, encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        lines = csv.writer(file)
        lines.writerow(HEAD)
        for number, cells in ROWS.items():
            place = {"far away": AWAY, "nowhere": ("", "")}.get(number, lonlat(50, 50))
            lines.writerow([number, *cells, f"标题 {number}", "1 Main St", "done", *place])
    return path


@pytest.fixture
def city(session: Session) -> Session:
    lay_out(session)
    return session


@pytest.fixture
def report(city: Session, tmp_path: Path) -> Report:
    return run_import(city, "cases", [write(tmp_path / "cases.csv")], Options())


def case(city: Session, number: str) -> Case:
    return city.scalars(select(Case).where(Case.external_id == number)).one()


def test_what_cannot_be_a_case_here_is_refused_and_the_rest_is_loaded(report: Report) -> None:
    assert refused(report) == OUT
    assert (report.read, report.loaded) == (len(ROWS), len(ROWS) - len(OUT))


def test_every_step_of_the_loop_is_in_the_history(city: Session, report: Report) -> None:
    steps = city.execute(
        select(CaseStep.action, CaseStep.actor_role, CaseStep.at)
        .where(CaseStep.case_id == case(city, "late").id)
        .order_by(CaseStep.seq)
    ).all()
    assert [tuple(step[:2]) for step in steps] == [
        ("report", "acceptor"),
        ("verify", "inspector"),
        ("file", "shift_leader"),
        ("dispatch", "dispatcher"),
        ("accept", "department"),
        ("dispose", "department"),
        ("feed_back", "department"),
        ("check", "inspector"),
        ("close", "shift_leader"),
    ]
    # The file's times are the city's own: 08:30 in Dongsheng is half past midnight UTC.
    assert {step.at for step in steps[:5]} == {datetime(2022, 3, 1, 0, 30, tzinfo=UTC)}
    assert {step.at for step in steps[5:]} == {datetime(2022, 3, 3, 0, 0, 1, tzinfo=UTC)}


def test_on_time_is_what_the_file_says(city: Session, report: Report) -> None:
    for number in ("early", "exact", "late"):
        found = case(city, number)
        assert found.state is CaseState.CLOSED
        assert (found.closed_at <= found.due_at) == (ROWS[number][3] == "ONTIME"), number
        assert not found.due_is_provisional


def test_an_open_case_is_in_disposal_and_keeps_its_deadline(city: Session, report: Report) -> None:
    found = case(city, "open")
    assert found.state is CaseState.ACCEPTED
    assert found.due_at == datetime(2022, 3, 3, tzinfo=UTC)
    assert (found.kind, found.class_code, found.source) == ("component", "0137", "imported")
    assert (found.description, found.address) == ("标题 open", "1 Main St")


def test_what_has_no_class_or_no_deadline_is_said(city: Session, report: Report) -> None:
    assert {("no target", "class_by_fallback"), ("no target", "no_target")} <= said(report)
    assert case(city, "no target").due_at is None
    assert (case(city, "no target").edition, case(city, "no target").class_code) == ("CJT214-2007", "0199")


def test_departments_are_made_once_and_named_by_the_profile(city: Session, report: Report) -> None:
    names = dict(city.execute(select(Department.code, Department.name_zh)).all())
    assert names == {"PWDx": "公共工程局", "PROP": "物业管理局", "Zoo": "Zoo"}


def test_the_accounts_of_the_import_cannot_sign_in(city: Session, report: Report) -> None:
    people = city.scalars(select(Person)).all()
    assert {person.login for person in people} >= {"import-acceptor", "import-department-PWDx"}
    assert {person.password_hash for person in people} == {"!"}


def test_the_same_file_twice_adds_nothing(city: Session, tmp_path: Path, report: Report) -> None:
    again = run_import(city, "cases", [write(tmp_path / "again.csv", "gb18030")], Options())
    assert again.loaded == 0
    assert refused(again) == dict.fromkeys(ROWS, "already_there") | OUT
    assert city.scalar(select(func.count()).select_from(Case)) == report.loaded


def test_a_file_of_our_own_fields_needs_no_profile(city: Session, tmp_path: Path) -> None:
    lon, lat = lonlat(50, 50)
    path = tmp_path / "own.csv"
    path.write_text(
        f"案件编号,上报时间,小类代码,经度,纬度,科室\nA1,2024/03/01 08:00,0112,{lon},{lat},环卫科\n"
        f"A2,2024/03/01 08:00,9999,{lon},{lat},环卫科\n",
        "gb18030",
    )
    mapping = parse_mapping("cases", ["科室=department"])
    report = run_import(city, "cases", [path], Options(mapping))
    assert refused(report) == {"A2": "not_accepted"}
    assert case(city, "A1").class_code == "0112"
    with pytest.raises(InvalidInput):
        run_import(city, "cases", [path], Options(parse_mapping("cases", ["处室=department"])))
