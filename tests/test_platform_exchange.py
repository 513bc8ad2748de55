"""Cases go to the upper platform once each, come back the same, and come down as cases of ours."""

import csv
import http.server
import json
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from gis.case.models import Case
from gis.case.side_models import CaseEvent
from gis.cli import build
from gis.cluster import Cluster
from gis.database import session_maker
from gis.exchange.findings import Report
from gis.exchange.rows import Options
from gis.exchange.run import run_import
from gis.platform.feed import Question, pages
from gis.platform.fields import FieldStatus, platform_fields
from gis.platform.models import PlatformDelivery
from gis.platform.push import push_cases
from gis.platform.writing import WRITERS
from gis.settings import get_settings
from sample_data.load import load
from tests.conftest import make_database
from tests.small_city import AsRole
from tests.test_case_loop import act, report
from tests.test_jobs import new_case, walk

numbers = count(1)


# The table of names.


def test_every_name_tells_where_it_comes_from_and_none_claims_to_be_the_standard() -> None:
    rows = platform_fields()
    assert len({row.name for row in rows}) == len({row.field for row in rows}) == len(rows)
    assert all(row.source and row.meaning for row in rows)
    # What the notes could not verify is not called verified here.
    assert {row.name for row in rows if row.status is FieldStatus.VERIFIED} == {"ObjID"}


# The feed.


def read_all(as_role: AsRole, address: str = "/api/v1/exchange/cases?limit=100") -> tuple[list[Any], str]:
    """All records from an address on, and the cursor after them."""
    found: list[dict[str, Any]] = []
    client = as_role("evaluator")
    while True:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["cases"]
        if not page["more"]:
            return found, page["cursor"]
        address = f"/api/v1/exchange/cases?limit=100&cursor={page['cursor']}"


def test_all_cases_come_once_and_then_each_change_once(as_role: AsRole, place: dict[str, float]) -> None:
    records, cursor = read_all(as_role)
    with session_maker()() as session:
        stored = {row.case_no: row.version for row in session.execute(select(Case.case_no, Case.version))}
    assert len(records) == len(stored)
    assert {record["CaseCode"]: record["Version"] for record in records} == stored
    after = f"/api/v1/exchange/cases?cursor={cursor}"
    assert read_all(as_role, after)[0] == []
    case_no = str(report(as_role("inspector"), place)["case_no"])
    act(as_role, "acceptor", case_no, "verify")
    changed, cursor = read_all(as_role, after)
    assert [(record["CaseCode"], record["Version"]) for record in changed] == [(case_no, 2)]
    assert [step["Action"] for step in changed[0]["Steps"]] == ["report", "verify"]
    act(as_role, "shift_leader", case_no, "file")
    changed, cursor = read_all(as_role, f"/api/v1/exchange/cases?cursor={cursor}")
    assert [(record["CaseCode"], record["Version"]) for record in changed] == [(case_no, 3)]
    assert read_all(as_role, f"/api/v1/exchange/cases?cursor={cursor}")[0] == []


def test_a_case_that_changes_while_others_are_read_comes_once_as_it_then_is(
    as_role: AsRole, place: dict[str, float]
) -> None:
    case_no = str(report(as_role("inspector"), place)["case_no"])
    first = as_role("admin").get("/api/v1/exchange/cases?limit=5").json()
    act(as_role, "acceptor", case_no, "verify")
    rest, _cursor = read_all(as_role, f"/api/v1/exchange/cases?limit=100&cursor={first['cursor']}")
    seen = [(record["CaseCode"], record["Version"]) for record in first["cases"] + rest]
    assert len(seen) == len(set(seen))
    assert [version for number, version in seen if number == case_no] == [2]


@pytest.fixture(scope="module")
def city(cluster: Cluster, template: str) -> Iterator[Engine]:
    """A city of its own, for transactions that overlap."""
    from sqlalchemy import create_engine

    engine = create_engine(make_database(cluster, "city_with_platform", template))
    with engine.begin() as connection:
        load(connection, "small")
    yield engine
    engine.dispose()


def feed(city: Engine, cursor: str | None) -> Any:
    from gis.platform.feed import read_feed

    with Session(city) as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        return read_feed(session, Question(), cursor)


def drain(city: Engine, cursor: str | None) -> tuple[list[tuple[str, int]], str]:
    seen, more = [], True
    while more:
        page = feed(city, cursor)
        seen += [(record["CaseCode"], record["Version"]) for record in page.records]
        cursor, more = page.cursor, page.more
    return seen, str(cursor)


def test_what_commits_late_is_neither_missed_nor_doubled(city: Engine) -> None:
    with Session(city, expire_on_commit=False) as session, session.begin():
        early, late = new_case(session), new_case(session)
    with Session(city) as slow:
        walk(slow, slow.get_one(Case, late.id), ("acceptor", "verify"))  # begun first, committed last
        with Session(city) as quick, quick.begin():
            walk(quick, quick.get_one(Case, early.id), ("acceptor", "verify"))
        all_of_it, cursor = drain(city, None)
        assert (late.case_no, 1) not in all_of_it or (late.case_no, 2) not in all_of_it
        slow.commit()
    changes, cursor = drain(city, cursor)
    both = [*all_of_it, *changes]
    assert len(both) == len(set(both))
    assert both.count((early.case_no, 2)) == 1
    assert both.count((late.case_no, 2)) == 1
    assert drain(city, cursor)[0] == []


def test_who_comes_back_after_too_long_is_told(city: Engine) -> None:
    from gis.errors import Gone

    _all, cursor = drain(city, None)
    with Session(city) as session, session.begin():
        new_case(session)
    with Session(city) as session:
        session.execute(update(CaseEvent).values(at=datetime.now(UTC) - timedelta(days=8)))
        session.execute(text("DELETE FROM case_event WHERE id < (SELECT max(id) FROM case_event)"))
        session.flush()
        from gis.platform.feed import read_feed

        session.execute(text("UPDATE case_event SET txid = txid + 1"))
        with pytest.raises(Gone):
            read_feed(session, Question(), cursor)
        session.rollback()


def test_a_span_and_a_moment_narrow_the_feed(as_role: AsRole) -> None:
    with session_maker()() as session:
        moments = sorted(session.scalars(select(Case.reported_at)))
        begin, until = moments[len(moments) // 4], moments[len(moments) // 2]
        inside = select(Case.case_no).where(Case.reported_at >= begin, Case.reported_at < until)
        wanted = set(session.scalars(inside))
        newest = session.scalars(select(Case.updated_at).order_by(Case.updated_at.desc()).offset(3)).first()
        changed = set(session.scalars(select(Case.case_no).where(Case.updated_at > newest)))
    asked = {"from": begin.isoformat(), "to": until.isoformat(), "limit": "500"}
    some = as_role("shift_leader").get("/api/v1/exchange/cases", params=asked).json()["cases"]
    assert {record["CaseCode"] for record in some} == wanted
    asked = {"updated_after": str(newest.isoformat() if newest else "")}
    some = as_role("admin").get("/api/v1/exchange/cases", params=asked).json()["cases"]
    assert {record["CaseCode"] for record in some} == changed


@pytest.mark.parametrize(
    "asked",
    [
        {"cursor": "x"},
        {"cursor": "WzFd"},
        {"limit": "0"},
        {"limit": "1000000000"},
        {"from": "yesterday"},
        {"from": "2026-01-01T00:00:00"},  # without its offset
        {"from": "2026-02-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"},
    ],
)
def test_wrong_questions_are_refused(as_role: AsRole, asked: dict[str, str]) -> None:
    assert as_role("admin").get("/api/v1/exchange/cases", params=asked).status_code == 422


def test_no_person_is_named(as_role: AsRole) -> None:
    records, _cursor = read_all(as_role)
    told = {value for record in records for value in record.values() if isinstance(value, str)}
    told |= {str(value) for record in records for step in record["Steps"] for value in step.values()}
    with session_maker()() as session:
        people = set(session.scalars(text("SELECT name FROM person")))
    assert told & people == set()


# Files, and back.


def read_back(form: str, path: Path) -> list[dict[str, Any]]:
    """The cases of a file, by other readers than ours; empty cells as empty text."""
    if form == "json":
        rows = json.loads(path.read_text("utf-8"))["cases"]
    elif form == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    elif form == "xlsx":
        head, *lines = openpyxl.load_workbook(path)["Cases"].iter_rows(values_only=True)
        rows = [dict(zip(map(str, head), line, strict=True)) for line in lines]
    else:
        rows = [{cell.tag: cell.text for cell in case} for case in ET.parse(path).getroot()]  # noqa: S314
    names = [row.name for row in platform_fields()]
    return [{name: plain(row.get(name)) for name in names} for row in rows]


def plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    words = "" if value is None else str(value)
    return {"True": "true", "False": "false"}.get(words, words.removesuffix(".0"))


@pytest.mark.parametrize("form", ["csv", "xlsx", "xml"])
def test_every_format_tells_the_same(city: Engine, tmp_path: Path, form: str) -> None:
    with Session(city) as session:
        counts = {
            name: WRITERS[name](tmp_path / f"cases.{name}", pages(session, Question(), 50))
            for name in ("json", form)
        }
        stored = session.scalar(select(func.count()).select_from(Case))
    assert set(counts.values()) == {stored}
    assert read_back(form, tmp_path / f"cases.{form}") == read_back("json", tmp_path / "cases.json")


SAME = ("ClassCode", "CaseKind", "X", "Y", "Address", "Description", "ReportTime", "CloseTime", "BGID")


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_file_that_is_read_back_gives_the_same_cases(city: Engine, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"cases.{form}"
    with Session(city, autoflush=False) as session:
        some = next(pages(session, Question(), 25))
        sent = {record["CaseCode"]: record for record in some}
        WRITERS[form](path, iter([some]))
        # As another city would read it: there it is known by the number it had here.
        result: Report = run_import(session, "cases", [path], Options())
        session.flush()
        every = [record for page in pages(session, Question()) for record in page]
        session.rollback()
    got = {record["SuperiorCode"]: record for record in every if record["SuperiorCode"]}
    assert (result.read, result.loaded) == (len(sent), len(sent)), result.findings[:3]
    assert got.keys() == sent.keys()
    for number, record in got.items():
        assert {name: record[name] for name in SAME} == {name: sent[number][name] for name in SAME}, number


def test_the_command_writes_a_file(small_city: str, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    wanted = ["export", "cases", "--platform", "--from", "2000-01-01", "--format", "csv", "--out", str(path)]
    done = CliRunner().invoke(build(), wanted)
    assert done.exit_code == 0, done.output
    with session_maker()() as session:
        assert len(read_back("csv", path)) == session.scalar(select(func.count()).select_from(Case))


# Handing over.


@dataclass
class Platform:
    """The upper platform: what it got, and how it answers, one status after the other and then 200."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], list[dict[str, Any]]]] = field(default_factory=list)


@contextmanager
def receiving() -> Iterator[Platform]:
    platform = Platform()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            platform.got.append(({k.lower(): v for k, v in self.headers.items()}, body["cases"]))
            self.send_response(platform.answers.pop(0) if platform.answers else 200)
            self.end_headers()
            taken = {case["CaseCode"]: f"P{case['CaseCode']}" for case in body["cases"]}
            self.wfile.write(json.dumps({"accepted": taken}).encode())

        def log_message(self, *words: Any) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    platform.url = f"http://127.0.0.1:{server.server_address[1]}/cases"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield platform
    server.shutdown()
    server.server_close()


@pytest.fixture
def platform(small_city: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    with receiving() as platform:
        monkeypatch.setattr(get_settings(), "platform_url", platform.url)
        monkeypatch.setattr(get_settings(), "platform_key", SecretStr("a key of theirs"))
        yield platform
    with session_maker()() as session, session.begin():
        session.execute(text("DELETE FROM platform_delivery"))


def let_time_pass() -> None:
    past = datetime.now(UTC) - timedelta(days=1)
    with session_maker()() as session, session.begin():
        session.execute(update(PlatformDelivery).values(next_at=past))
        session.execute(
            update(PlatformDelivery).where(PlatformDelivery.taken_at.is_not(None)).values(taken_at=past)
        )


def test_batches_go_on_where_the_last_one_was_taken(
    as_role: AsRole, place: dict[str, float], platform: Platform
) -> None:
    with session_maker()() as session:
        stored = session.scalar(select(func.count()).select_from(Case)) or 0
    platform.answers = [503]
    assert push_cases() == 0
    assert push_cases() == 0  # not before its time
    assert len(platform.got) == 1
    let_time_pass()
    push_cases()
    # The batch that was not taken came again whole, under the same key; then the rest.
    (first, cases), (again, same), *_rest = platform.got
    assert first["authorization"] == "Bearer a key of theirs"
    assert (first["idempotency-key"], cases) == (again["idempotency-key"], same)
    taken = [case["CaseCode"] for _headers, cases in platform.got[1:] for case in cases]
    assert len(taken) == len(set(taken)) == stored
    with session_maker()() as session:
        rows = session.scalars(select(PlatformDelivery).order_by(PlatformDelivery.id)).all()
    assert sum(row.cases for row in rows) == stored
    assert rows[0].attempt == 2
    assert rows[0].numbers["accepted"][taken[0]] == f"P{taken[0]}"
    # Later only what is new.
    platform.got.clear()
    case_no = str(report(as_role("inspector"), place)["case_no"])
    let_time_pass()
    assert push_cases() == 1
    ((_headers, cases),) = platform.got
    assert [case["CaseCode"] for case in cases] == [case_no]
    let_time_pass()
    assert push_cases() == 0


def test_without_a_platform_nothing_is_handed_over(small_city: str) -> None:
    assert push_cases() == 0
    with session_maker()() as session:
        assert session.scalar(select(func.count()).select_from(PlatformDelivery)) == 0


# Coming down.


def given(place: dict[str, float], **more: Any) -> dict[str, Any]:
    return {
        "SuperiorCode": f"SJ-{next(numbers):06}",
        "SuperiorType": "supervise",
        "CaseKind": "E",
        "ClassCode": "0101",
        "X": place["lon"],
        "Y": place["lat"],
        "Description": "群众反映多次",
        "Deadline": "2026-12-31T18:00:00+08:00",
    } | more


def test_a_case_from_above_is_ours_once_and_its_state_goes_back(
    as_role: AsRole, place: dict[str, float]
) -> None:
    body = given(place)
    made = as_role("acceptor").post("/api/v1/exchange/cases", json=body)
    assert made.status_code == 201, made.text
    again = as_role("acceptor").post(
        "/api/v1/exchange/cases", json=body, headers={"accept-language": "zh-CN"}
    )
    assert (again.status_code, again.json()["CaseCode"]) == (200, made.json()["CaseCode"])
    record = made.json()
    assert (record["SuperiorCode"], record["SourceCode"]) == (body["SuperiorCode"], "leader")
    for told in ("督办", body["SuperiorCode"], "2026-12-31 18:00", "群众反映多次"):
        assert told in record["Description"]
    _all, cursor = read_all(as_role)
    act(as_role, "acceptor", record["CaseCode"], "send_verification")
    (changed,), _cursor = read_all(as_role, f"/api/v1/exchange/cases?cursor={cursor}")
    assert (changed["SuperiorCode"], changed["CaseState"]) == (body["SuperiorCode"], "verifying")
    stands = as_role("acceptor").get(f"/api/v1/exchange/cases/{body['SuperiorCode']}").json()
    assert stands["CaseState"] == "verifying"
    other = as_role("acceptor").post("/api/v1/exchange/cases", json=body | {"Description": "另一件事"})
    assert other.status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"X": 1e400},
        {"X": 181},
        {"X": 0, "Y": 0},
        {"ClassCode": "9999"},
        {"CaseKind": "X"},
        {"SuperiorCode": ""},
        {"SuperiorCode": "a b"},
        {"Deadline": "soon"},
        {"SuperiorType": "order"},
    ],
)
def test_wrong_cases_from_above_are_refused(
    as_role: AsRole, place: dict[str, float], wrong: dict[str, Any]
) -> None:
    body = json.dumps(given(place, **wrong))
    answer = as_role("acceptor").post(
        "/api/v1/exchange/cases", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422, answer.text
