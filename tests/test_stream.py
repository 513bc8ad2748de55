"""Live changes: in an order that is final, resumable, and to each only what they may see."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from api import live, stream
from gis.case.live import Place, events_after, is_lost, place_now
from gis.case.side_models import CaseEvent
from gis.database import engine, session_maker
from gis.people.models import Person
from tests.small_city import AsRole
from tests.test_case_loop import act, report

PATIENCE_S = 60


class Follower:
    """A client of the stream; a thread reads, so that a message that does not come ends in an error."""

    def __init__(self, response: httpx2.Response) -> None:
        self.lines = response.iter_lines()

    def next(self) -> dict[str, str]:
        """The next message, heartbeats left out: ``event``, ``data``, ``id``."""
        message: dict[str, str] = {}
        for line in self.lines:
            name, _colon, value = line.partition(": ")
            if line == "" and ("event" in message or "retry" in message):
                return message
            if line == "":
                message = {}
            elif name:
                message[name] = value
        raise EOFError

    def until(self, case_no: str, action: str) -> list[dict[str, str]]:
        """All messages up to an action on a case."""
        seen = []
        while True:
            seen.append(self.next())
            data = json.loads(seen[-1].get("data", "{}"))
            if (data.get("case_no"), data.get("action")) == (case_no, action):
                return seen


@pytest.fixture
def follow(live_server: str, as_role: AsRole) -> Any:
    @contextmanager
    def follow(role: str, kept: str | None = None) -> Iterator[Follower]:
        headers = {"accept": "text/event-stream", "accept-language": "en"}
        headers["authorization"] = as_role(role).headers["authorization"]
        if kept:
            headers["last-event-id"] = kept
        with (
            httpx2.Client(timeout=PATIENCE_S) as client,
            client.stream("GET", f"{live_server}/api/v1/stream", headers=headers) as response,
        ):
            assert response.status_code == 200, response.read()
            yield Follower(response)

    return follow


def told(messages: list[dict[str, str]], case_no: str) -> list[tuple[str, str]]:
    """What was told of a case: the kind of message, and the action or kind of notice."""
    return [
        (message["event"], data.get("action") or data["kind"])
        for message in messages
        if (data := json.loads(message.get("data", "{}"))).get("case_no") == case_no
    ]


@pytest.fixture
def two(small_city: str) -> Iterator[tuple[Session, Session]]:
    """Two connections whose transactions overlap."""
    connections = create_engine(small_city)
    with Session(connections) as first, Session(connections) as second:
        yield first, second
    connections.dispose()


def write(session: Session, seq: int) -> int:
    case_id = session.scalar(text('SELECT min(id) FROM "case"'))
    event = CaseEvent(case_id=case_id, seq=seq, action="report", at=datetime.now(UTC))
    session.add(event)
    session.flush()
    return event.id


def test_transactions_that_commit_in_the_other_order_are_told_in_one(two: tuple[Session, Session]) -> None:
    first, second = two
    with session_maker()() as reader:
        start = place_now(reader)
        reader.rollback()
        early = write(first, 1)
        late = write(second, 2)
        second.commit()
        news = events_after(reader, start)
        assert (news.events, news.held_back) == ([], True)
        reader.rollback()
        first.commit()
        news = events_after(reader, start)
        assert [event.place.id for event in news.events] == [early, late]
        assert [event.place for event in news.events] == sorted(event.place for event in news.events)
        # From the place of the first only the second is new, however their ids and commits lay.
        later = events_after(reader, news.events[0].place).events
        assert [event.place.id for event in later] == [late]


def test_a_number_taken_early_by_a_late_transaction_is_not_skipped(two: tuple[Session, Session]) -> None:
    """The second takes its transaction number last and its id first: who went by ids alone would lose it."""
    first, second = two
    with session_maker()() as reader:
        start = place_now(reader)
        reader.rollback()
        first.execute(text("SELECT txid_current()"))
        ids = [write(second, 3)]
        ids.append(write(first, 4))
        second.commit()
        assert events_after(reader, start).events == []
        reader.rollback()
        first.commit()
        assert [event.place.id for event in events_after(reader, start).events] == ids[::-1]


def test_a_place_that_was_swept_or_is_another_databases_is_lost(two: tuple[Session, Session]) -> None:
    session, _other = two
    write(session, 5)
    oldest = session.execute(
        select(CaseEvent.txid, CaseEvent.id).order_by(CaseEvent.txid, CaseEvent.id).limit(1)
    ).one()
    assert not is_lost(session, Place(oldest.txid, oldest.id))
    assert is_lost(session, Place(oldest.txid, oldest.id - 1))
    assert is_lost(session, Place(2**60, 1))


@pytest.mark.parametrize("words", ["", "7", "7-", "-7", "7-x", "١-٢", "1-2-3", "9" * 50])
def test_a_place_we_did_not_write_is_none(words: str) -> None:
    assert Place.read(words) is None


def test_who_may_see_a_case_is_told_and_nobody_else(
    follow: Any, as_role: AsRole, place: dict[str, float]
) -> None:
    with follow("acceptor") as acceptor, follow("department") as department:
        acceptor.next()
        department.next()
        case_no = report(as_role("inspector"), place)["case_no"]
        act(as_role, "acceptor", case_no, "verify")
        act(as_role, "shift_leader", case_no, "file")
        act(as_role, "dispatcher", case_no, "dispatch")
        seen = acceptor.until(case_no, "dispatch")
        assert told(seen, case_no) == [("case", one) for one in ("report", "verify", "file", "dispatch")]
        # The department's people see it from the dispatch on, and are told that it is theirs.
        theirs = department.until(case_no, "dispatch")
        # A stream that reads late may tell of earlier steps too: by then the case is theirs to see.
        assert told(theirs, case_no)[-2:] == [("notice", "dispatch"), ("case", "dispatch")]
        assert told(theirs, case_no).count(("notice", "dispatch")) == 1
        assert [("id" in message) for message in theirs[-2:]] == [False, True]
        words = json.loads(theirs[-2]["data"])["text"]
        assert case_no in words
        assert "dispatched to your department" in words


def test_who_comes_back_gets_what_was_missed(follow: Any, as_role: AsRole, place: dict[str, float]) -> None:
    with follow("acceptor") as acceptor:
        case_no = report(as_role("inspector"), place)["case_no"]
        kept = acceptor.until(case_no, "report")[-1]["id"]
    act(as_role, "acceptor", case_no, "verify")
    act(as_role, "shift_leader", case_no, "file")
    with follow("acceptor", kept) as acceptor:
        assert told(acceptor.until(case_no, "file"), case_no) == [("case", "verify"), ("case", "file")]


def test_who_was_away_too_long_begins_anew(
    follow: Any, as_role: AsRole, place: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    report(as_role("inspector"), place)
    with follow("acceptor", "1-1") as acceptor:
        assert acceptor.next()["event"] == "reset"
    with follow("acceptor", "not a place") as acceptor:
        message = acceptor.next()
        assert message["event"] == "reset"
    monkeypatch.setattr(live, "MOST", 1)
    report(as_role("inspector"), place)
    with session_maker()() as session:
        oldest = session.execute(
            select(CaseEvent.txid, CaseEvent.id).order_by(CaseEvent.txid, CaseEvent.id).limit(1)
        ).one()
    monkeypatch.setattr(live, "events_after", lambda *given: events_after(*given, limit=1))
    with follow("acceptor", str(Place(*oldest))) as acceptor:
        assert acceptor.next()["event"] == "reset"


def test_a_stream_ends_with_its_sign_in(follow: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=1)
    monkeypatch.setattr(stream, "end_of", lambda _claims: soon)
    with follow("planner") as planner:
        planner.next()
        with pytest.raises(EOFError):
            planner.next()


def test_a_withdrawn_sign_in_ends_its_stream(
    live_server: str, as_role: AsRole, follow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LOOK_S", 0.2)
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.2)
    with follow("owner") as owner:
        owner.next()
        with session_maker()() as session, session.begin():
            person = session.scalars(select(Person).where(Person.login == "owner")).one()
            person.active = False
        try:
            with pytest.raises(EOFError):
                owner.next()
        finally:
            with session_maker()() as session, session.begin():
                session.get_one(Person, person.id).active = True


def test_many_streams_hold_no_connection_and_have_a_limit(live_server: str, follow: Any) -> None:
    with ExitStack() as streams:
        followers = [streams.enter_context(follow("evaluator")) for _each in range(live.MOST_STREAMS)]
        for follower in followers:
            follower.next()
        pool: Any = engine().pool
        settled = threading.Event()
        for _try in range(100):
            # The listener may be reading at this very moment.
            if pool.checkedout() == 0:
                settled.set()
                break
            settled.wait(0.05)
        assert settled.is_set()
        with pytest.raises(AssertionError, match="too-many-tries"), follow("evaluator"):
            pass


def test_only_who_asks_for_events_gets_them(as_role: AsRole, anonymous: Any) -> None:
    headers = {"accept": "application/json"}
    assert as_role("acceptor").get("/api/v1/stream", headers=headers).status_code == 406
    headers = {"accept": "text/event-stream"}
    assert anonymous.get("/api/v1/stream", headers=headers).status_code == 401
