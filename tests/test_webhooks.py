"""Other systems are told: signed, in order, until they take it, never what they did not ask for."""

import hashlib
import hmac
import http.server
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, expect
from pydantic import SecretStr
from sqlalchemy import func, select, text, update

from gis.database import session_maker
from gis.errors import InvalidInput
from gis.jobs import tasks
from gis.jobs.sweeping import KEEP_WEBHOOK_EVENTS, sweep_deliveries, sweep_webhook_events
from gis.settings import get_settings
from gis.webhook.addresses import Refused, parse_target, resolve
from gis.webhook.backoff import LONGEST, wait_after
from gis.webhook.models import DatasetChange, Webhook, WebhookDelivery, WebhookEvent
from gis.webhook.posting import post
from gis.webhook.sending import send_waiting
from gis.webhook.waking import adopt_settings, wake_webhooks
from tests.browser import DESK, PHONE, TOO_SMALL, visit
from tests.conftest import HOME
from tests.small_city import AsRole
from tests.test_case_loop import act, mine, report

names = count(1)
PATIENCE_S = 60  # for another process, on a busy machine


@dataclass
class Receiver:
    """Another system: what it was sent, and how it answers, one status after the other and then 204.

    ``hold``: it answers no one before this is set. ``refuse``: an event of this subject gets a 500.
    """

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    hold: threading.Event | None = None
    refuse: str | None = None

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.got]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if receiver.hold is not None and not receiver.hold.wait(PATIENCE_S):
                return
            status = receiver.answers.pop(0) if receiver.answers else 204
            if receiver.refuse and json.loads(body).get("subject") == receiver.refuse:
                status = 500
            self.send_response(status)
            self.send_header("Location", f"{receiver.url}/elsewhere")
            self.end_headers()

        def log_message(self, *words: Any) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook?token=hidden"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield receiver
    server.shutdown()
    server.server_close()


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver on this machine, which the settings allow for once."""
    monkeypatch.setattr(get_settings(), "webhook_networks", "127.0.0.0/8")
    with receiving() as receiver:
        yield receiver


@pytest.fixture(autouse=True)
def only_ours(small_city: str) -> Iterator[None]:
    """No webhook is left behind: other tests count what a step writes."""
    yield
    with session_maker()() as session, session.begin():
        for table in (WebhookDelivery, WebhookEvent, Webhook, DatasetChange):
            session.execute(text(f"DELETE FROM {table.__tablename__}"))
        session.execute(text("DELETE FROM jobs.procrastinate_jobs WHERE task_name = 'send_webhook'"))


def subscribe(as_role: AsRole, receiver: Receiver, **more: Any) -> dict[str, Any]:
    wish = {"name": f"receiver {next(names)}", "url": receiver.url, "types": ["case.*"]} | more
    answer = as_role("admin").post("/api/v1/webhooks", json=wish)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def new_case(as_role: AsRole, place: dict[str, float], *steps: tuple[str, str]) -> str:
    case_no = str(report(as_role("inspector"), place)["case_no"])
    for role, action in steps:
        act(as_role, role, case_no, action)
    return case_no


def do_jobs() -> None:
    """What a worker would do of what waits for webhooks now, each job once."""
    with session_maker()() as session, session.begin():
        statement = text(
            "DELETE FROM jobs.procrastinate_jobs WHERE task_name = 'send_webhook' AND status = 'todo'"
            " AND (scheduled_at IS NULL OR scheduled_at <= now()) RETURNING args"
        )
        jobs = session.scalars(statement).all()
    for arguments in jobs:
        tasks.send_webhook(**arguments)


def let_time_pass() -> None:
    """As if the longest wait were over, for whatever waits."""
    with session_maker()() as session, session.begin():
        past = datetime.now(UTC) - timedelta(seconds=1)
        session.execute(
            update(WebhookDelivery).where(WebhookDelivery.next_at.is_not(None)).values(next_at=past)
        )
        session.execute(update(Webhook).where(Webhook.retry_at.is_not(None)).values(retry_at=past))
        wake_webhooks(session)


def is_signed(secret: str, header: str, body: bytes) -> bool:
    """As a receiver would look, by the text of the documents and nothing of ours."""
    parts = [part.split("=", 1) for part in header.split(",")]
    moment = next(value for name, value in parts if name == "t")
    made = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    fresh = abs(time.time() - int(moment)) < 300
    return fresh and any(hmac.compare_digest(made, value) for name, value in parts if name == "v1")


# What is sent.


def test_a_receiver_is_told_what_happened_signed_and_without_people(
    as_role: AsRole, place: dict[str, float], receiver: Receiver
) -> None:
    hook = subscribe(as_role, receiver)
    case_no = new_case(as_role, place, ("acceptor", "verify"))
    do_jobs()
    assert [event["type"] for event in receiver.events] == ["case.report", "case.verify"]
    headers, body = receiver.got[1]
    event = json.loads(body)
    assert headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert (event["specversion"], event["subject"]) == ("1.0", case_no)
    assert event["source"].startswith("urn:citygrid:")
    assert headers["citygrid-event"] == event["id"]
    assert datetime.fromisoformat(event["time"]).tzinfo is not None
    case = event["data"]["case"]
    assert (case["state"], case["version"]) == ("verified", 2)
    assert abs(case["lon"] - place["lon"]) < 1e-6
    assert is_signed(hook["secret"], headers["citygrid-signature"], body)
    assert not is_signed(hook["secret"], headers["citygrid-signature"], body + b" ")
    for private in ("按规定办理", "路边有暴露垃圾", "演示"):
        assert private not in body.decode()


def test_the_sdk_of_cloudevents_reads_both_forms(
    as_role: AsRole, place: dict[str, float], receiver: Receiver
) -> None:
    from cloudevents.v1.http import from_http

    subscribe(as_role, receiver)
    subscribe(as_role, receiver, mode="binary")
    case_no = new_case(as_role, place)
    do_jobs()
    one, other = (from_http(headers, body) for headers, body in receiver.got)
    for attribute in ("specversion", "id", "source", "type", "subject", "time"):
        assert one[attribute] == other[attribute]
    assert one["subject"] == case_no
    assert one.get_data() == other.get_data()


def test_the_secret_is_told_once_and_stands_in_no_table(
    as_role: AsRole, receiver: Receiver, small_city: str
) -> None:
    hook = subscribe(as_role, receiver)
    again = as_role("admin").get(f"/api/v1/webhooks/{hook['id']}").json()
    assert again["secret"] is None
    with session_maker()() as session:
        row = session.execute(text("SELECT to_jsonb(w)::text FROM webhook AS w")).scalar_one()
    assert hook["secret"] not in row
    assert hook["secret"].removeprefix("whsec_") not in row


def test_while_a_key_changes_both_sign_and_then_only_the_new_one(
    as_role: AsRole, place: dict[str, float], receiver: Receiver
) -> None:
    hook = subscribe(as_role, receiver)
    answer = as_role("admin").post(f"/api/v1/webhooks/{hook['id']}/secret", json={"hours": 1})
    old, new = hook["secret"], answer.json()["secret"]
    assert old != new
    new_case(as_role, place)
    do_jobs()
    with session_maker()() as session, session.begin():
        session.execute(update(Webhook).values(previous_until=datetime.now(UTC) - timedelta(seconds=1)))
    new_case(as_role, place)
    do_jobs()
    signed = [
        [is_signed(key, headers["citygrid-signature"], body) for key in (old, new)]
        for headers, body in receiver.got
    ]
    assert signed == [[True, True], [False, True]]


def test_keys_that_are_lost_are_told_and_nothing_is_sent_under_another(
    as_role: AsRole, place: dict[str, float], receiver: Receiver
) -> None:
    hook = subscribe(as_role, receiver)
    with session_maker()() as session, session.begin():
        session.execute(update(Webhook).values(key_mark="of another home"))
    new_case(as_role, place)
    do_jobs()
    assert receiver.got == []
    address = f"/api/v1/webhooks/{hook['id']}"
    assert "密钥文件已更换" in as_role("admin").get(address).json()["last_error"]  # in the city's language
    fresh = as_role("admin").post(f"{address}/secret", json={}).json()
    let_time_pass()
    do_jobs()
    assert is_signed(fresh["secret"], receiver.got[0][0]["citygrid-signature"], receiver.got[0][1])


# Who is sent what.


def test_nothing_goes_where_a_filter_excludes_it(
    as_role: AsRole, place: dict[str, float], receiver: Receiver
) -> None:
    case = report(as_role("inspector"), place)
    street, community = case["street_code"], case["community_code"]
    with session_maker()() as session:
        elsewhere = session.scalar(
            text("SELECT code FROM area WHERE level = 'street' AND code <> :code LIMIT 1"), {"code": street}
        )
    department = as_role("dispatcher").get("/api/v1/departments").json()["items"][0]["code"]
    wanted: dict[str, dict[str, Any]] = {
        "all": {"types": ["*"]},
        "family": {"types": ["case.*"]},
        "one type": {"types": ["case.report"]},
        "its street": {"areas": [street]},
        "its community": {"areas": [community, str(elsewhere)]},
        "its district": {"areas": [street[:6]]},
        "its kind": {"classes": [case["kind"]]},
        "its major": {"classes": [f"{case['kind']}/{case['class_code'][:2]}"]},
        "its class": {"classes": [f"{case['kind']}/{case['class_code']}"]},
    }
    unwanted: dict[str, dict[str, Any]] = {
        "another type": {"types": ["case.close", "dataset.*"]},
        "another street": {"areas": [str(elsewhere)]},
        "another kind": {"classes": ["component"]},
        "another major": {"classes": ["event/05", "component/01"]},
        "a department": {"departments": [department]},  # it has none yet
        "switched off": {"active": False},
    }
    for name, more in (wanted | unwanted).items():
        subscribe(as_role, receiver, name=name, **more)
    new_case(as_role, place)
    with session_maker()() as session:
        told = select(Webhook.name).join(WebhookDelivery, WebhookDelivery.webhook_id == Webhook.id)
        assert set(session.scalars(told)) == set(wanted)


def test_a_department_is_told_from_its_dispatch_on(
    as_role: AsRole, place: dict[str, float], receiver: Receiver
) -> None:
    case_no = new_case(as_role, place, ("acceptor", "verify"), ("shift_leader", "file"))
    subscribe(as_role, receiver, departments=[mine(as_role)])
    act(as_role, "dispatcher", case_no, "dispatch")
    new_case(as_role, place)
    do_jobs()
    assert [(event["type"], event["subject"]) for event in receiver.events] == [("case.dispatch", case_no)]


def test_without_a_webhook_nothing_is_written(as_role: AsRole, place: dict[str, float]) -> None:
    new_case(as_role, place)
    with session_maker()() as session:
        assert session.scalar(select(func.count()).select_from(WebhookEvent)) == 0


def test_what_is_rolled_back_is_not_told(
    as_role: AsRole, place: dict[str, float], receiver: Receiver
) -> None:
    subscribe(as_role, receiver)
    case_no = new_case(as_role, place)
    refused = as_role("acceptor").post(f"/api/v1/cases/{case_no}/actions/close")
    assert refused.status_code >= 400
    with session_maker()() as session:
        assert list(session.scalars(select(WebhookEvent.type))) == ["case.report"]


def test_a_minute_of_changes_to_a_dataset_is_one_event(
    as_role: AsRole, receiver: Receiver, small_city: str
) -> None:
    subscribe(as_role, receiver, types=["dataset.changed"])
    with session_maker()() as session, session.begin():
        for _again in range(2):
            session.execute(
                text(
                    "UPDATE component SET note = note WHERE id IN"
                    " (SELECT id FROM component ORDER BY id LIMIT 7)"
                )
            )
        session.execute(text("UPDATE road SET width_m = width_m WHERE false"))  # changes nothing
    tasks.tell_of_datasets(0)
    tasks.tell_of_datasets(0)
    do_jobs()
    (event,) = receiver.events
    assert (event["type"], event["subject"]) == ("dataset.changed", "components")
    assert event["data"]["dataset"]["changes"] == 14
    assert event["data"]["dataset"]["since"] <= event["data"]["dataset"]["until"]


# Order, and trying again.


def test_what_fails_is_tried_again_under_the_same_id(
    as_role: AsRole, place: dict[str, float], receiver: Receiver
) -> None:
    hook = subscribe(as_role, receiver)
    receiver.answers = [500, 302]
    new_case(as_role, place)
    do_jobs()
    do_jobs()  # before its time nothing is tried
    assert len(receiver.got) == 1
    row = deliveries(as_role, hook)[0]
    assert (row["state"], row["status"], row["attempt"]) == ("waiting", 500, 1)
    assert row["error"] == "127.0.0.1 answered 500"
    assert row["next_at"] is not None
    for _again in range(2):
        let_time_pass()
        do_jobs()
    assert len(receiver.got) == 3  # the redirect was not followed
    assert len({event["id"] for event in receiver.events}) == 1
    row = deliveries(as_role, hook)[0]
    assert (row["state"], row["status"], row["attempt"], row["next_at"]) == ("delivered", 204, 3, None)


def test_a_failure_holds_back_its_own_case_and_no_other(
    as_role: AsRole, place: dict[str, float], receiver: Receiver
) -> None:
    subscribe(as_role, receiver)
    stuck = new_case(as_role, place, ("acceptor", "verify"), ("shift_leader", "file"))
    receiver.refuse = stuck
    other = new_case(as_role, place, ("acceptor", "verify"))
    do_jobs()
    seen = [(event["subject"], event["type"]) for event in receiver.events]
    assert seen.count((stuck, "case.report")) == 1
    assert [kind for subject, kind in seen if subject == other] == ["case.report", "case.verify"]
    assert (stuck, "case.verify") not in seen
    receiver.refuse = None
    receiver.got.clear()
    let_time_pass()
    do_jobs()
    assert [event["data"]["case"]["version"] for event in receiver.events] == [1, 2, 3]


def test_a_receiver_that_is_away_is_tried_now_and_then_and_gets_all_when_it_is_back(
    as_role: AsRole, place: dict[str, float], receiver: Receiver
) -> None:
    hook = subscribe(as_role, receiver)
    cases = [new_case(as_role, place) for _each in range(6)]
    receiver.answers = [503] * 4
    do_jobs()
    assert len(receiver.got) == 3
    let_time_pass()
    do_jobs()
    assert len(receiver.got) == 4  # one try only: it is still away
    let_time_pass()
    do_jobs()
    taken = {event["subject"] for event in receiver.events[4:]}
    assert taken == set(cases)
    told = as_role("admin").get(f"/api/v1/webhooks/{hook['id']}").json()
    assert (told["failures"], told["failing_since"], told["waiting"]) == (0, None, 0)


def test_who_fails_for_days_is_paused_and_loses_nothing(
    as_role: AsRole, place: dict[str, float], receiver: Receiver
) -> None:
    hook = subscribe(as_role, receiver)
    new_case(as_role, place)
    receiver.answers = [500, 500]
    do_jobs()
    with session_maker()() as session, session.begin():
        session.execute(update(Webhook).values(failing_since=datetime.now(UTC) - timedelta(days=4)))
    let_time_pass()
    do_jobs()
    address = f"/api/v1/webhooks/{hook['id']}"
    paused = as_role("admin").get(address).json()
    assert (paused["paused_reason"], paused["waiting"]) == ("failing", 1)
    notices = as_role("admin").get("/api/v1/notices").json()["items"]
    assert hook["name"] in notices[0]["text"]
    page = as_role("admin").get("/notices", headers={"accept": "text/html"})
    assert 'href="/webhooks"' in page.text
    new_case(as_role, place)  # what happens meanwhile waits too
    let_time_pass()
    do_jobs()
    assert len(receiver.got) == 2
    going = as_role("admin").patch(address, json={"paused": False})
    assert going.json()["paused_at"] is None
    let_time_pass()
    do_jobs()
    assert len(receiver.got) == 4


def test_one_event_that_is_refused_for_days_is_given_up_while_others_are_taken(
    as_role: AsRole, place: dict[str, float], receiver: Receiver
) -> None:
    hook = subscribe(as_role, receiver)
    stuck = new_case(as_role, place, ("acceptor", "verify"))
    receiver.refuse = stuck
    with session_maker()() as session, session.begin():
        long_ago = datetime.now(UTC) - timedelta(days=4)
        first = select(func.min(WebhookDelivery.id)).scalar_subquery()
        session.execute(
            update(WebhookDelivery).where(WebhookDelivery.id == first).values(created_at=long_ago)
        )
    do_jobs()
    failed = deliveries(as_role, hook, state="failed")
    assert [row["type"] for row in failed] == ["case.report"]
    receiver.refuse = None
    let_time_pass()
    do_jobs()
    assert receiver.events[-1]["type"] == "case.verify"
    # By hand it goes once more, under its old id.
    address = f"/api/v1/webhooks/{hook['id']}/deliveries/{failed[0]['id']}/replay"
    assert as_role("admin").post(address).status_code == 202
    do_jobs()
    assert receiver.events[-1]["id"] == failed[0]["event"]


def test_a_span_is_replayed_in_order_as_far_as_the_filter_goes(
    as_role: AsRole, place: dict[str, float], receiver: Receiver
) -> None:
    begin = datetime.now(UTC) - timedelta(seconds=1)
    first = subscribe(as_role, receiver, types=["dataset.*"])
    new_case(as_role, place, ("acceptor", "verify"), ("shift_leader", "file"))
    until = datetime.now(UTC) + timedelta(seconds=1)
    # One that comes later is told what was before it, if it asks.
    late = subscribe(as_role, receiver, types=["case.report", "case.file"])
    span = {"from": begin.isoformat(), "to": until.isoformat()}
    replayed = {
        hook["name"]: as_role("admin").post(f"/api/v1/webhooks/{hook['id']}/replay", json=span).json()
        for hook in (first, late)
    }
    assert replayed == {first["name"]: {"events": 0}, late["name"]: {"events": 2}}
    some = as_role("admin").post(
        f"/api/v1/webhooks/{late['id']}/replay", json=span | {"types": ["case.file"]}
    )
    assert some.json() == {"events": 1}
    do_jobs()
    assert [event["type"] for event in receiver.events] == ["case.report", "case.file", "case.file"]


def test_deliveries_are_listed_page_by_page(
    as_role: AsRole, place: dict[str, float], receiver: Receiver
) -> None:
    hook = subscribe(as_role, receiver)
    new_case(as_role, place, ("acceptor", "verify"), ("shift_leader", "file"))
    address: str | None = f"/api/v1/webhooks/{hook['id']}/deliveries?limit=2"
    seen = []
    while address:
        page = as_role("admin").get(address).json()
        seen += [row["type"] for row in page["items"]]
        address = page["next"]
    assert seen == ["case.file", "case.verify", "case.report"]
    assert as_role("admin").get(f"/api/v1/webhooks/{hook['id']}/deliveries?cursor=x").status_code == 422


def test_old_events_go_with_their_deliveries(
    as_role: AsRole, place: dict[str, float], receiver: Receiver
) -> None:
    subscribe(as_role, receiver)
    new_case(as_role, place)
    do_jobs()
    with session_maker()() as session, session.begin():
        assert sweep_deliveries(session) == 0
        later = datetime.now(UTC) + timedelta(days=8)
        assert sweep_webhook_events(session, later) == 0
        assert sweep_deliveries(session, later) == 1
        assert sweep_webhook_events(session, datetime.now(UTC) + KEEP_WEBHOOK_EVENTS + timedelta(days=1)) == 1


@given(st.integers(1, 10_000))
def test_waits_grow_up_to_six_hours(failures: int) -> None:
    assert timedelta(0) < wait_after(failures) <= wait_after(failures + 1) <= LONGEST


# Workers.


@contextmanager
def worker(**settings: str) -> Iterator[subprocess.Popen[bytes]]:
    from gis.database import database_url

    url = database_url().replace("+psycopg", "")
    environment = os.environ | {"CITYGRID_DATABASE_URL": url, "CITYGRID_HOME": str(HOME)} | settings
    script = "import sys; from gis.webhook.sending import send_waiting; send_waiting(int(sys.argv[1]))"
    command = [sys.executable, "-c", script, settings["HOOK"]]
    with subprocess.Popen(command, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def test_what_a_killed_worker_had_begun_is_sent_by_the_next(
    as_role: AsRole, place: dict[str, float], receiver: Receiver
) -> None:
    receiver.hold = threading.Event()
    hook = subscribe(as_role, receiver)
    new_case(as_role, place)
    with worker(CITYGRID_WEBHOOK_NETWORKS="127.0.0.0/8", HOOK=str(hook["id"])) as process:
        deadline = time.monotonic() + PATIENCE_S
        while not receiver.got:
            assert time.monotonic() < deadline, "it was not sent"
            process.poll()
            time.sleep(0.05)
        # Another that comes meanwhile leaves it alone.
        send_waiting(hook["id"])
        assert len(receiver.got) == 1
        process.send_signal(signal.SIGKILL)
        process.wait()
    receiver.hold.set()
    with session_maker()() as session:
        holds = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :id")
        while session.scalar(holds, {"id": (4_209_100_000_000 + hook["id"]) & 0xFFFFFFFF}):
            assert time.monotonic() < deadline, "the lock of the dead is still held"
    send_waiting(hook["id"])
    assert [event["id"] for event in receiver.events] == [receiver.events[0]["id"]] * 2
    assert deliveries(as_role, hook)[0]["state"] == "delivered"


# Where deliveries may go.


@pytest.mark.parametrize(
    "url",
    [
        "ftp://receiver.example/hook",
        "https:///hook",
        "//receiver.example",
        "http://user:word@receiver.example/",
        "http://receiver.example/#part",
        "http://receiver.example:99999/",
        "http://receiver.example/a b",
        "http://receiver.example/\r\nX: 1",
        "http://receiver.example/路",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://0.0.0.0/",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://100.100.100.200/",
        "http://224.0.0.1/",
        "http://[::1",
        "http://" + "a" * 3000,
    ],
)
def test_addresses_that_may_not_be_asked_are_refused(as_role: AsRole, url: str) -> None:
    with pytest.raises(InvalidInput):
        parse_target(url)
    wish = {"name": "wrong", "url": url, "types": ["*"]}
    assert as_role("admin").post("/api/v1/webhooks", json=wish).status_code == 422


@pytest.mark.parametrize("found", ["127.0.0.1", "169.254.169.254", "::1", "fe80::1%eth0", "0.0.0.9"])
def test_a_name_is_judged_by_what_it_means_when_it_is_asked(
    monkeypatch: pytest.MonkeyPatch, found: str
) -> None:
    answers = [(2, 1, 6, "", ("203.0.113.7", 80)), (2, 1, 6, "", (found, 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_asked, **_more: answers)
    with pytest.raises(Refused):
        resolve(parse_target("http://receiver.example/"))
    assert "receiver.example" in post(parse_target("http://receiver.example/"), b"", {}).error


def test_private_addresses_are_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parse_target("http://10.1.2.3/").host == "10.1.2.3"
    monkeypatch.setattr(get_settings(), "webhook_private", False)
    for private in ("10.1.2.3", "192.168.1.1", "100.64.0.9", "[fd12::1]"):
        with pytest.raises(InvalidInput):
            parse_target(f"http://{private}/")
    monkeypatch.setattr(get_settings(), "webhook_networks", "10.1.0.0/16")
    assert parse_target("http://10.1.2.3/").port == 80


# The door.


@pytest.mark.parametrize(
    "wrong",
    [
        {"types": []},
        {"types": ["case.fly"]},
        {"types": ["case.*"] * 101},
        {"areas": ["999999"]},
        {"classes": ["event/1"]},
        {"departments": ["none"]},
        {"name": ""},
        {"name": "a\u0000b"},
        {"mode": "xml"},
    ],
)
def test_wrong_wishes_are_refused(as_role: AsRole, wrong: dict[str, Any]) -> None:
    wish = {"name": "x", "url": "https://receiver.example/", "types": ["*"]} | wrong
    assert as_role("admin").post("/api/v1/webhooks", json=wish).status_code == 422


def test_two_administrators_do_not_overwrite_each_other(as_role: AsRole, receiver: Receiver) -> None:
    hook = subscribe(as_role, receiver)
    address = f"/api/v1/webhooks/{hook['id']}"
    admin = as_role("admin")
    changed = admin.patch(address, json={"types": ["*"]}, headers={"if-match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert admin.patch(address, json={"name": "y"}, headers={"if-match": '"1"'}).status_code == 412
    assert admin.delete(address, headers={"if-match": '"1"'}).status_code == 412
    taken = subscribe(as_role, receiver)
    assert admin.patch(address, json={"name": taken["name"]}).status_code == 409
    assert admin.delete(address).status_code == 204
    assert admin.get(address).status_code == 404


def test_a_test_tells_what_came_back_and_leaves_nothing(as_role: AsRole, receiver: Receiver) -> None:
    hook = subscribe(as_role, receiver, types=["case.close"])
    receiver.answers = [200, 418]
    answers = [as_role("admin").post(f"/api/v1/webhooks/{hook['id']}/test").json() for _each in range(2)]
    assert [(one["taken"], one["status"]) for one in answers] == [(True, 200), (False, 418)]
    assert receiver.events[0]["type"] == "webhook.test"
    assert is_signed(hook["secret"], receiver.got[0][0]["citygrid-signature"], receiver.got[0][1])
    assert deliveries(as_role, hook) == []


# Those of the settings.


def test_an_address_of_the_settings_is_told_every_case_as_the_documents_say(
    as_role: AsRole, place: dict[str, float], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "webhook_networks", "")  # the operator's own word is enough
    monkeypatch.setattr(get_settings(), "webhook_urls", receiver.url)
    monkeypatch.setattr(get_settings(), "webhook_secret", SecretStr("a shared secret"))
    with session_maker()() as session, session.begin():
        adopt_settings(session)
        adopt_settings(session)
        stored = session.execute(text("SELECT to_jsonb(w)::text FROM webhook AS w")).scalar_one()
    assert "hidden" not in stored
    case_no = new_case(as_role, place)
    do_jobs()
    ((headers, body),) = receiver.got
    content = json.loads(body)
    assert content.keys() == {"id", "type", "at", "case"}
    assert (content["type"], content["case"]["case_no"]) == ("case.report", case_no)
    assert headers["citygrid-event"] == content["id"]
    assert is_signed("a shared secret", headers["citygrid-signature"], body)
    (listed,) = as_role("admin").get("/api/v1/webhooks").json()["items"]
    address = f"/api/v1/webhooks/{listed['id']}"
    assert as_role("admin").patch(address, json={"name": "mine"}).status_code == 409
    assert as_role("admin").delete(address).status_code == 409
    # Taken out of the settings it is gone, and so is what waited.
    monkeypatch.setattr(get_settings(), "webhook_urls", "")
    new_case(as_role, place)
    do_jobs()
    assert len(receiver.got) == 1
    with session_maker()() as session, session.begin():
        adopt_settings(session)
        assert session.scalar(select(func.count()).select_from(WebhookDelivery)) == 0


# The page.


def test_an_administrator_subscribes_tries_and_sends_again(
    as_role: AsRole, place: dict[str, float], receiver: Receiver, browser: Browser, live_server: str
) -> None:
    with visit(browser, live_server, "admin", size=DESK, locale="en") as seen:
        page = seen.go("/webhooks")
        page.get_by_label("Name", exact=True).fill("province")
        page.get_by_label("Address", exact=True).fill("http://169.254.169.254/")
        page.get_by_role("button", name="Subscribe").click()
        expect(page.get_by_role("alert").filter(has_text="link-local")).to_be_visible()
        page.get_by_label("Address", exact=True).fill(receiver.url)
        page.get_by_role("button", name="Subscribe").click()
        secret = page.locator("[data-part=secret]")
        expect(secret).to_have_text(re.compile("^whsec_"))
        key = str(secret.text_content())
        page.get_by_role("button", name="I have kept it").click()
        page.wait_for_url("**/webhooks/*")
        page.get_by_role("button", name="Send a test").click()
        expect(page.locator("wa-toast-item", has_text="Taken: 204")).to_be_visible()
        assert is_signed(key, receiver.got[0][0]["citygrid-signature"], receiver.got[0][1])
        new_case(as_role, place)
        do_jobs()
        page.reload()
        page.on("dialog", lambda dialog: dialog.accept())
        with page.expect_navigation():
            page.get_by_role("button", name="Send again").first.click()
        expect(page.get_by_text("Waiting").first).to_be_visible()
        seen.check()
        do_jobs()
    assert [event["type"] for event in receiver.events] == ["webhook.test", "case.report", "case.report"]


def test_the_pages_fit_a_phone(
    as_role: AsRole, receiver: Receiver, browser: Browser, live_server: str
) -> None:
    hook = subscribe(as_role, receiver)
    with visit(browser, live_server, "admin", size=PHONE) as seen:
        for path in ("/webhooks", f"/webhooks/{hook['id']}"):
            page = seen.go(path)
            seen.check()
            assert page.evaluate(TOO_SMALL) == []


def deliveries(as_role: AsRole, hook: dict[str, Any], **asked: str) -> list[dict[str, Any]]:
    answer = as_role("admin").get(f"/api/v1/webhooks/{hook['id']}/deliveries", params=asked)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items
