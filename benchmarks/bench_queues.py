"""The desk on the large city: first page of every queue for every role, pages far down, search.

By SQL and over HTTP. A city that keeps up has a thousand open cases; a backlog of half a million that wait to
be dispatched is added, so that there is a 10,000th page of a queue to ask for.
"""

import socket
import threading
import time
from collections.abc import Callable

import httpx2
import uvicorn
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from benchmarks.timing import p50, p95, times_ms
from gis.case.models import Case
from gis.case.narrowing import CaseFilter
from gis.case.order import Order, cursor_after
from gis.case.queries import case_page
from gis.case.queues import QUEUES, queues_of
from gis.case.states import CaseState
from gis.database import engine, session_maker
from gis.people.models import Person, Role
from sample_data.load import has_city, load

ROUNDS = 40
PAGE = 50
BACKLOG = 10_100 * PAGE
FAR = 10_000 * PAGE
WORDS = ("附近", "井盖", "暴露垃圾", "施工渣土", "市民来电 垃圾", "E0110202611", "不曾有过")


def main() -> None:
    """Print p50 and p95, by SQL (one session, rows and their places read) and over HTTP (one client)."""
    with engine().begin() as connection:
        if not has_city(connection):
            load(connection, "large")
    print(f"{'milliseconds':<44}{'SQL p50':>9}{'p95':>8}{'HTTP p50':>10}{'p95':>8}")
    with Server() as server, session_maker()() as session:
        _queues(session, server)
        _lists(session, server)
        _search(session, server)
        began = time.perf_counter()
        _add_backlog(session)
        print(f"a backlog of {BACKLOG:,} added in {time.perf_counter() - began:.0f} s")
        _far(session, server)


def _queues(session: Session, server: "Server") -> None:
    for role in Role:
        mine = [queue.code for queue in QUEUES.values() if role in queue.roles]
        if not mine:
            continue
        person = _demo(session, role)
        _line(f"{role}: how much waits", lambda p=person: queues_of(session, p), server, role, "/queues")
        for code in mine:
            wanted = CaseFilter(queue=code)
            _line(
                f"{role}: {code}",
                lambda p=person, w=wanted: case_page(session, p, w, PAGE),
                server,
                role,
                f"/cases?queue={code}&limit={PAGE}",
            )


def _lists(session: Session, server: "Server") -> None:
    for role in (Role.DISPATCHER, Role.DEPARTMENT):
        person = _demo(session, role)
        for name, wanted, query in (
            ("newest", CaseFilter(), ""),
            ("open", CaseFilter(is_open=True), "open=true&"),
            ("red", CaseFilter(lamp="red"), "lamp=red&"),
            ("closed", CaseFilter(states=(CaseState.CLOSED,)), "state=closed&"),
        ):
            _line(
                f"{role}: {name}",
                lambda p=person, w=wanted: case_page(session, p, w, PAGE),
                server,
                role,
                f"/cases?{query}limit={PAGE}",
            )


def _search(session: Session, server: "Server") -> None:
    for role in (Role.DISPATCHER, Role.DEPARTMENT):
        person = _demo(session, role)
        for words in WORDS:
            _line(
                f"{role}: search {words}",
                lambda p=person, w=words: case_page(session, p, CaseFilter(words=w), PAGE),
                server,
                role,
                f"/cases?q={words}&limit={PAGE}",
            )


def _add_backlog(session: Session) -> None:
    """Copies of a case that waits to be dispatched, each with its own number and due a little later."""
    names = [column.name for column in Case.__table__.columns if column.name not in ("id", "case_no")]
    values = [
        f"c.{name} + n * interval '1 second'" if name in ("stage_due_at", "stage_warn_at") else f"c.{name}"
        for name in names
    ]
    session.execute(
        text(
            f'INSERT INTO "case" (case_no, {", ".join(names)})'
            f" SELECT 'Q' || lpad(n::text, 12, '0'), {', '.join(values)}"
            " FROM generate_series(1, :rows) AS n,"
            " (SELECT * FROM \"case\" WHERE stage = 'dispatch' LIMIT 1) AS c"
        ),
        {"rows": BACKLOG},
    )
    session.execute(text('ANALYZE "case"'))
    session.commit()


def _far(session: Session, server: "Server") -> None:
    person = _demo(session, Role.DISPATCHER)
    for name, wanted, order, query in (
        ("dispatch", CaseFilter(queue="dispatch"), Order.DUE, "queue=dispatch&"),
        ("newest", CaseFilter(), Order.NEWEST, ""),
    ):
        key = (Case.stage_due_at, Case.id) if order is Order.DUE else (Case.id.desc(),)
        where = Case.stage == "dispatch" if order is Order.DUE else Case.id > 0
        last = session.scalars(select(Case).where(where).order_by(*key).offset(FAR - 1).limit(1)).one()
        for place, cursor in (("page 1", None), ("page 10,001", cursor_after(order, last))):
            _line(
                f"backlog, {name}: {place}",
                lambda w=wanted, c=cursor: case_page(session, person, w, PAGE, c),
                server,
                Role.DISPATCHER,
                f"/cases?{query}limit={PAGE}" + (f"&cursor={cursor}" if cursor else ""),
            )
    _line("backlog: how much waits", lambda: queues_of(session, person), server, Role.DISPATCHER, "/queues")


def _demo(session: Session, role: Role) -> Person:
    return session.scalars(select(Person).where(Person.login == role)).one()


def _line(name: str, read: Callable[[], object], server: "Server", role: Role, path: str) -> None:
    by_sql = times_ms(read, ROUNDS, warm_up=3)
    by_http = times_ms(lambda: server.get(role, path), ROUNDS, warm_up=3)
    print(f"{name:<44}{p50(by_sql):>9.1f}{p95(by_sql):>8.1f}{p50(by_http):>10.1f}{p95(by_http):>8.1f}")


class Server:
    """The service behind a socket of loopback, with a client for each demo account."""

    def __enter__(self) -> "Server":
        from web.app import create_app

        listener = socket.socket()
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(("127.0.0.1", 0))
        self._server = uvicorn.Server(uvicorn.Config(create_app(), log_level="warning"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]}, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.05)
        self._base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._clients: dict[Role, httpx2.Client] = {}
        return self

    def get(self, role: Role, path: str) -> None:
        if role not in self._clients:
            form = {"username": role, "password": "citygrid-demo"}
            token = httpx2.post(f"{self._base}/api/v1/token", data=form).json()["access_token"]
            headers = {"authorization": f"Bearer {token}"}
            self._clients[role] = httpx2.Client(base_url=f"{self._base}/api/v1", headers=headers, timeout=60)
        answer = self._clients[role].get(path)
        assert answer.status_code == 200, answer.text

    def __exit__(self, *_rest: object) -> None:
        for client in self._clients.values():
            client.close()
        self._server.should_exit = True
        self._thread.join(timeout=10)


if __name__ == "__main__":
    main()
