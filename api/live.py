"""One listener for all who follow the changes from this process: reads the news once, gives each their part.

A client costs a queue and no database connection. The listener runs while there are clients.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import psycopg
import structlog
from sqlalchemy import Row, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from gis.case.events import CHANNEL
from gis.case.live import MOST, Event, Place, events_after, is_lost, notices_of, place_now, seen_by
from gis.case.scope import Scope
from gis.database import database_url, session_maker
from gis.errors import TooManyTries
from gis.i18n import _
from gis.people.models import Person, PersonArea

log = structlog.get_logger()

MOST_STREAMS = 8  # of one person at one process
MOST_WAITING = 500  # events a slow client may be behind before it is told to begin anew
PAUSE_S = 0.1  # between two readings: what comes close together is read together
LOOK_S = 15.0  # without a message: whether the connection lives, and people may still listen
AGAIN_S = 2.0  # after the database was away

Standing = tuple[Any, ...]
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Item:
    """One event for one client: the notices it brought them, and the case where they may see it."""

    event: Event
    visible: bool
    notices: tuple[Row[Any], ...]


@dataclass(eq=False)
class Listener:
    """A client. ``standing`` is what must stay as it was when the client came: see :func:`standings`."""

    person_id: int
    scope: Scope
    standing: Standing
    items: asyncio.Queue[Item] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    lost: bool = False  # it was too slow, and some items are gone
    ended: bool = False  # its standing is not what it was

    def begin_anew(self) -> None:
        """Forget what waits, after too much of it."""
        self.lost = False
        while not self.items.empty():
            self.items.get_nowait()


def standings(session: Session, person_ids: Sequence[int]) -> dict[int, Standing]:
    """What the sight of each person hangs on: account, role, department, areas; no account, no standing."""
    areas = func.array_agg(PersonArea.area_id.distinct())
    statement = (
        select(Person.id, Person.token_generation, Person.role, Person.department_id, areas)
        .outerjoin(PersonArea, PersonArea.person_id == Person.id)
        .where(Person.id.in_(person_ids), Person.active)
        .group_by(Person.id)
    )
    return {row[0]: (row[1], row[2], row[3], tuple(row[4])) for row in session.execute(statement)}


class Hub:
    """The listener of a process and its clients; lives in one event loop."""

    def __init__(self) -> None:
        self.place = Place(0, 0)  # how far has been read
        self._clients: set[Listener] = set()
        self._running: asyncio.Task[None] | None = None
        # Who joins during a reading would get none of it, and yet stand before it.
        self._reading = asyncio.Lock()

    def refuse_too_many(self, person_id: int) -> None:
        """Raise TooManyTries when the person listens as often as one may."""
        if sum(client.person_id == person_id for client in self._clients) >= MOST_STREAMS:
            raise TooManyTries(
                _("You follow the changes in {count} windows already").format(count=MOST_STREAMS)
            )

    async def join(self, client: Listener) -> Place:
        """Take a client in; it gets what comes after the returned place."""
        async with self._reading:
            if self._running is None or self._running.done():
                self.place = await run_in_threadpool(_in_session, place_now)
                self._running = asyncio.create_task(self._run())
            self._clients.add(client)
            return self.place

    async def missed(self, client: Listener, since: Place, until: Place) -> list[Item] | None:
        """What a client that comes back has missed; None when too much, or gone: it begins anew."""
        return await run_in_threadpool(_in_session, lambda session: _missed(session, client, since, until))

    def leave(self, client: Listener) -> None:
        """Let a client go; with the last one the listener ends."""
        self._clients.discard(client)
        if not self._clients and self._running is not None:
            self._running.cancel()
            self._running = None

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except (psycopg.Error, SQLAlchemyError) as error:
                # The place stays: what happens meanwhile is read afterwards.
                log.warning("live changes wait for the database", error=type(error).__name__)
                await asyncio.sleep(AGAIN_S)

    async def _listen(self) -> None:
        url = database_url().replace("postgresql+psycopg://", "postgresql://", 1)
        connection = await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=5)
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            clock = asyncio.get_running_loop()
            looked = clock.time()
            while True:
                more = await self._read()
                if clock.time() - looked > LOOK_S:
                    await self._end_withdrawn()
                    looked = clock.time()
                await asyncio.sleep(PAUSE_S)
                # All that has come meanwhile is one reason to read again, not as many as there are.
                heard = [message async for message in connection.notifies(timeout=0)]
                if not (more or heard):
                    async for _message in connection.notifies(timeout=LOOK_S, stop_after=1):
                        pass

    async def _read(self) -> bool:
        """Give out what is new; returns whether to look again soon."""
        async with self._reading:
            scopes = {client.scope for client in self._clients}
            people = {client.person_id for client in self._clients}
            reading = await run_in_threadpool(
                _in_session, lambda session: _read_news(session, scopes, people, self.place)
            )
            for client in self._clients:  # none has come since, for the lock; some may have gone
                _give(client, reading)
            if reading.events:
                self.place = reading.events[-1].place
            return reading.more

    async def _end_withdrawn(self) -> None:
        """End those whose account, role or area is not what it was; they come back as what they are."""
        people = sorted({client.person_id for client in self._clients})
        now = await run_in_threadpool(_in_session, lambda session: standings(session, people))
        for client in self._clients:
            if now.get(client.person_id) != client.standing:
                client.ended = True


@dataclass(frozen=True)
class _Reading:
    """What one reading has found: events, which of their cases each scope holds, each person's notices."""

    events: list[Event]
    more: bool
    seen: dict[Scope, set[int]]
    notices: dict[tuple[int, int], list[Row[Any]]]  # by event and person

    def item(self, event: Event, scope: Scope, person_id: int) -> Item | None:
        """The event for one client; None where it holds nothing for them."""
        notices = tuple(self.notices.get((event.place.id, person_id), ()))
        visible = event.case_id in self.seen[scope]
        return Item(event, visible, notices) if visible or notices else None


def _read_news(
    session: Session,
    scopes: Iterable[Scope],
    people: Collection[int],
    after: Place,
    until: Place | None = None,
) -> _Reading:
    news = events_after(session, after, until)
    cases = {event.case_id for event in news.events}
    seen = {scope: seen_by(session, scope, cases) if cases else set[int]() for scope in scopes}
    notices: dict[tuple[int, int], list[Row[Any]]] = {}
    if cases:
        for row in notices_of(session, [event.place.id for event in news.events], people):
            notices.setdefault((row.event_id, row.person_id), []).append(row)
    return _Reading(news.events, news.held_back, seen, notices)


def _give(client: Listener, reading: _Reading) -> None:
    for event in reading.events:
        item = reading.item(event, client.scope, client.person_id)
        if item is None:
            continue
        if client.items.full():
            client.lost = True
            return
        client.items.put_nowait(item)


def _missed(session: Session, client: Listener, since: Place, until: Place) -> list[Item] | None:
    if is_lost(session, since):
        return None
    reading = _read_news(session, [client.scope], [client.person_id], since, until)
    if len(reading.events) == MOST:
        return None
    items = (reading.item(event, client.scope, client.person_id) for event in reading.events)
    return [item for item in items if item is not None]


def _in_session(ask: Callable[[Session], Answer]) -> Answer:
    with session_maker()() as session, session.begin():
        return ask(session)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())
