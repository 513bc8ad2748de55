"""Work that waits in the database: left with the change that wants it, done at its moment by who lives."""

import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session

from gis.case.alarms import next_moment, set_alarm, set_missing_alarms
from gis.case.clocks import NEVER
from gis.case.intake import Report, report_case
from gis.case.models import Case, CaseStep
from gis.case.record import Act
from gis.case.service import apply_action
from gis.case.side_models import CaseEvent
from gis.case.states import CaseState
from gis.cluster import Cluster
from gis.jobs import tables
from gis.jobs.sweeping import KEEP_CHECKS, KEEP_EVENTS, sweep_checks, sweep_events
from gis.jobs.waking import wake_case
from gis.people.models import Department, Person
from gis.settings import get_settings
from gis.survey.models import CheckRun, PipeFinding
from gis.webhook.models import WebhookEvent
from gis.webhook.waking import adopt_settings
from sample_data.load import load
from tests.conftest import HOME, make_database

keys = count(1)
PATIENCE_S = 90  # for another process, on a busy machine


@pytest.fixture(scope="module")
def city(cluster: Cluster, template: str) -> Iterator[Engine]:
    """A small city of its own: here workers run."""
    engine = create_engine(make_database(cluster, "city_with_jobs", template))
    with engine.begin() as connection:
        load(connection, "small")
    yield engine
    engine.dispose()


@pytest.fixture
def session(city: Engine) -> Iterator[Session]:
    with city.connect() as connection:
        outer = connection.begin()
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


def person(session: Session, login: str) -> Person:
    return session.scalars(select(Person).where(Person.login == login)).one()


def new_case(session: Session) -> Case:
    lon, lat = session.execute(
        text(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_PointOnSurface(geom), 4490) AS p"
            " FROM unit_grid ORDER BY id LIMIT 1) AS place"
        )
    ).one()
    sent = Report("event", "0101", lon, lat, "路边有暴露垃圾")
    case, _new = report_case(session, person(session, "inspector"), sent, f"job-{next(keys):08}")
    return case


def walk(session: Session, case: Case, *steps: tuple[str, str], **more: Any) -> Case:
    for role, action in steps:
        own = {"department": more["department"]} if action == "dispatch" else {}
        if action == "ask_suspension":
            own = {"until": datetime.now(UTC) + timedelta(days=10)}
        apply_action(session, case.case_no, action, person(session, role), Act(note="按规定办理", **own))
    return case


def suspended(session: Session) -> Case:
    department = session.get_one(Department, person(session, "department").department_id)
    way = [
        ("acceptor", "verify"),
        ("shift_leader", "file"),
        ("dispatcher", "dispatch"),
        ("department", "accept"),
        ("department", "ask_suspension"),
        ("dispatcher", "grant_suspension"),
    ]
    return walk(session, new_case(session), *way, department=department.code)


def waiting(session: Session, case_id: int) -> list[datetime]:
    """When the jobs ring that wait for a case."""
    return list(
        session.scalars(
            text(
                "SELECT scheduled_at FROM jobs.procrastinate_jobs"
                " WHERE status = 'todo' AND task_name = 'wake_case' AND args ->> 'case_id' = :id"
            ),
            {"id": str(case_id)},
        )
    )


def happened(session: Session, case_id: int) -> list[str]:
    statement = select(CaseEvent.action).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id)
    return list(session.scalars(statement))


def test_the_tables_are_made_once_and_kept_out_of_the_way(session: Session) -> None:
    connection = session.connection()
    tables.install(connection)
    assert connection.scalar(text("SHOW search_path")) == '"$user", public'
    assert connection.scalar(text("SELECT to_regclass('public.procrastinate_jobs')")) is None


def test_a_change_that_is_rolled_back_leaves_no_job(city: Engine) -> None:
    with Session(city) as session:
        case = new_case(session)
        case_id = case.id
        assert waiting(session, case_id) == [case.stage_warn_at]
        session.rollback()
        assert waiting(session, case_id) == []


def test_a_later_moment_leaves_the_job_and_a_nearer_one_moves_it(
    session: Session,
) -> None:
    case = new_case(session)
    first = case.alarm_at
    assert first == case.stage_warn_at
    walk(session, case, ("acceptor", "verify"))
    assert case.stage_warn_at is not None
    assert first is not None
    assert case.stage_warn_at > first
    assert waiting(session, case.id) == [first]
    case.stage_warn_at = datetime.now(UTC) + timedelta(minutes=1)
    set_alarm(session, case)
    assert waiting(session, case.id) == [case.stage_warn_at] == [case.alarm_at]


def test_an_alarm_that_rings_too_early_sets_the_next_and_tells_nobody(session: Session) -> None:
    case = walk(session, new_case(session), ("acceptor", "verify"))
    before = happened(session, case.id)
    assert case.alarm_at is not None
    wake_case(session, case.id, case.alarm_at)
    assert happened(session, case.id) == before
    assert case.alarm_at == case.stage_warn_at
    assert waiting(session, case.id) == [case.stage_warn_at]


def test_a_lamp_turns_yellow_then_red_and_each_only_once(session: Session) -> None:
    case = new_case(session)
    now = datetime.now(UTC)
    case.stage_warn_at, case.stage_due_at = now - timedelta(minutes=3), now + timedelta(minutes=1)
    case.alarm_at = case.stage_warn_at
    session.flush()
    for _again in range(2):
        wake_case(session, case.id)
        assert happened(session, case.id) == ["report", "turn_yellow"]
    assert waiting(session, case.id) == [case.stage_due_at]
    late = now + timedelta(minutes=2)
    wake_case(session, case.id, late)
    assert happened(session, case.id) == ["report", "turn_yellow", "turn_red"]


def test_who_slept_through_both_moments_is_told_the_later_one(session: Session) -> None:
    case = new_case(session)
    assert case.stage_due_at is not None
    wake_case(session, case.id, case.stage_due_at + timedelta(hours=1))
    assert happened(session, case.id) == ["report", "turn_red"]


def test_an_ended_case_is_left_alone(session: Session) -> None:
    case = new_case(session)
    walk(session, case, ("acceptor", "refuse"))
    before = happened(session, case.id)
    wake_case(session, case.id, datetime.now(UTC) + timedelta(hours=1))
    assert happened(session, case.id) == before


def test_a_suspension_ends_by_itself_at_its_moment(session: Session) -> None:
    case = suspended(session)
    until = case.suspended_until
    assert until is not None
    wake_case(session, case.id, until - timedelta(seconds=1))
    assert case.state is CaseState.SUSPENDED
    wake_case(session, case.id, until)
    assert case.state is CaseState.ACCEPTED
    last = session.scalars(select(CaseStep).where(CaseStep.case_id == case.id).order_by(CaseStep.seq)).all()[
        -1
    ]
    assert (last.action, last.actor_id, last.actor_role) == ("resume", None, "service")


def test_a_case_without_a_limit_has_no_alarm(session: Session) -> None:
    case = new_case(session)
    case.stage_warn_at, case.stage_due_at = None, NEVER
    assert next_moment(case, datetime.now(UTC)) == NEVER


def test_cases_of_a_bulk_load_get_their_alarms(session: Session) -> None:
    done = 1
    while done:
        done = set_missing_alarms(session, limit=20)
        assert done <= 20
    cases = session.scalars(select(Case).where(Case.stage.is_not(None))).all()
    assert len(cases) > 20
    now = datetime.now(UTC)
    for case in cases:
        assert case.alarm_at is not None
        # Those that are red already have nothing more to come.
        assert waiting(session, case.id) == ([case.alarm_at] if case.alarm_at < NEVER else [])
        assert case.alarm_at > now - timedelta(minutes=5)


def test_old_events_are_swept_but_for_the_last_of_them(session: Session) -> None:
    case = new_case(session)
    walk(session, case, ("acceptor", "verify"))
    everything = session.scalars(select(CaseEvent).order_by(CaseEvent.txid, CaseEvent.id)).all()
    assert len(everything) >= 2
    sweep_events(session, datetime.now(UTC) + KEEP_EVENTS + timedelta(minutes=1))
    left = session.scalars(select(CaseEvent.id)).all()
    assert left == [everything[-1].id]


def test_old_runs_of_checks_are_swept_but_for_the_newest_that_ended(session: Session) -> None:
    now = datetime.now(UTC)
    old = now - KEEP_CHECKS - timedelta(days=1)
    ended = (("done", old), ("done", old), ("failed", old), ("running", None), ("failed", now))
    runs = [CheckRun(state=state, ended_at=at) for state, at in ended]
    session.add_all(runs)
    session.flush()
    session.add(PipeFinding(run_id=runs[0].id, code="x", severity="note", subject="line", row_id=1))
    session.flush()
    while sweep_checks(session, now):
        pass
    assert session.scalars(select(CheckRun.id).order_by(CheckRun.id)).all() == [
        runs[1].id, runs[3].id, runs[4].id,
    ]  # fmt: skip
    assert session.scalars(select(PipeFinding)).all() == []


# Below: real workers on the city, started and ended as an operating system would.


@contextmanager
def worker(city: Engine, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    url = city.url.render_as_string(hide_password=False).replace("+psycopg", "")
    environment = os.environ | {"CITYGRID_DATABASE_URL": url, "CITYGRID_HOME": str(HOME)} | settings
    command = [sys.executable, "-c", "from gis.cli import main; main()", "work"]
    with subprocess.Popen(command, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


@contextmanager
def receiver(answer: Callable[[], int]) -> Iterator[tuple[str, list[str]]]:
    """A server that notes which events it is sent; ``answer`` says with what status it answers."""
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            seen.append(self.headers["citygrid-event"])
            status = answer()
            if status:
                self.send_response(status)
                self.end_headers()

        def log_message(self, *words: Any) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/hook", seen
    server.shutdown()
    server.server_close()


def test_a_worker_rings_at_the_moment_and_ends_when_asked(city: Engine) -> None:
    with Session(city, expire_on_commit=False) as session, session.begin():
        case = new_case(session)
        case.stage_warn_at = datetime.now(UTC) + timedelta(seconds=3)
        session.flush()
        set_alarm(session, case)

    def is_told() -> bool:
        with Session(city) as session:
            return "turn_yellow" in happened(session, case.id)

    with worker(city) as process:
        wait_for(is_told)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0
    with city.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM jobs.procrastinate_workers")) == 0
        # Those of the bulk load were not forgotten meanwhile.
        forgotten = text('SELECT count(*) FROM "case" WHERE stage IS NOT NULL AND alarm_at IS NULL')
        assert connection.scalar(forgotten) == 0


def test_what_a_killed_worker_had_begun_is_done_by_the_next(
    city: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = threading.Event()

    def answer() -> int:
        return 204 if killed.wait(PATIENCE_S) else 0

    with receiver(answer) as (url, seen):
        settings = {"CITYGRID_WEBHOOK_URLS": url, "CITYGRID_WEBHOOK_SECRET": "a shared secret"}
        monkeypatch.setattr(get_settings(), "webhook_urls", url)
        with Session(city) as session, session.begin():
            adopt_settings(session)
            new_case(session)
            event_id = session.scalars(select(WebhookEvent.uid)).one()
        with worker(city, **settings) as process:
            wait_for(lambda: len(seen) == 1)
            process.kill()
            process.wait()
        with city.begin() as connection:
            # As if half a minute had passed, after which a silent worker counts as dead.
            connection.execute(
                text("UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
            )
        killed.set()
        with worker(city, **settings):
            wait_for(lambda: len(seen) == 2)
        assert seen == [str(event_id)] * 2
