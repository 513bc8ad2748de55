"""Live changes as server-sent events: what happens to cases the reader may see, and notices to the reader."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Depends, Header, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.exceptions import HTTPException

from api.dependencies import Actor, DbSession, by_itself, signed_in
from api.live import Item, Listener, hub, standings
from api.session import LONGEST_SESSION, Claims
from gis.case.live import Place
from gis.case.scope import scope_of
from gis.notice.reading import line_of
from gis.settings import get_settings

HEARTBEAT_S = 15.0
RETRY_MS = 3000  # how long a browser waits before it comes back
CLOSE_S = 5  # for clients to be let go in good order when the service ends
SEND_S = 30  # a client that takes nothing for so long is gone


def wants_events(accept: Annotated[str, Header()] = "") -> None:
    """Not for who asks for another format: the answer has no end."""
    if accept and not any(kind in accept for kind in ("text/event-stream", "text/*", "*/*")):
        raise HTTPException(406)


def listener(session: DbSession, actor: Actor) -> Listener:
    """The reader as a client of the hub: what they may see is read once, and watched."""
    return Listener(actor.id, scope_of(session, actor), standings(session, [actor.id])[actor.id])


router = APIRouter(prefix="/api/v1", tags=["live"], dependencies=[Depends(signed_in)])


@router.get(
    "/stream",
    dependencies=[Depends(wants_events), Depends(by_itself)],
    response_class=EventSourceResponse,
    responses={
        200: {"description": "events `case`, `notice`, `reset`", "content": {"text/event-stream": {}}}
    },
)
async def stream(
    request: Request,
    client: Annotated[Listener, Depends(listener)],
    last_event_id: Annotated[str | None, Header(max_length=40)] = None,
) -> EventSourceResponse:
    """Follow what happens; with ``Last-Event-ID`` from where one has stopped.

    ``case``: a case the reader may see has changed. ``notice``: a notice to the reader. ``reset``: too much
    was missed, read everything anew. The answer ends with the sign-in, and one comes back with a new one.
    """
    hub().refuse_too_many(client.person_id)
    closing = anyio.Event()
    return EventSourceResponse(
        messages(client, last_event_id, end_of(request.state.claims), closing),
        ping=0,
        send_timeout=SEND_S,
        shutdown_event=closing,
        shutdown_grace_period=CLOSE_S,
    )


def end_of(claims: Claims) -> datetime:
    """When a sign-in ends that is not renewed."""
    life = timedelta(minutes=get_settings().token_minutes)
    return min(claims.issued + life, claims.began + LONGEST_SESSION)


async def messages(
    client: Listener, kept: str | None, end: datetime, closing: anyio.Event
) -> AsyncIterator[ServerSentEvent]:
    """All that one client is told, from joining the hub to leaving it; ``closing``: the service ends."""
    live = hub()
    place = await live.join(client)
    closed = asyncio.create_task(closing.wait())
    try:
        since = Place.read(kept) if kept else place
        caught_up = await live.missed(client, since, place) if since and since < place else []
        if since is None or caught_up is None:
            yield reset(place)
            since, caught_up = place, []
        else:
            yield ServerSentEvent(id=str(since), retry=RETRY_MS, comment="citygrid")
        for item in caught_up:
            for message in told(item):
                yield message
        while not client.ended and (left := (end - datetime.now(UTC)).total_seconds()) > 0:
            waiting = asyncio.create_task(client.items.get())
            await asyncio.wait(
                {waiting, closed}, timeout=min(HEARTBEAT_S, left), return_when=asyncio.FIRST_COMPLETED
            )
            if closed.done():
                waiting.cancel()
                return
            if not waiting.done():
                waiting.cancel()
                # All that was given has been sent: the place moves on for who saw nothing, too.
                yield ServerSentEvent(id=str(max(since, live.place)), comment="")
            elif client.lost:
                client.begin_anew()
                yield reset(live.place)
            elif waiting.result().event.place > since:
                # Not so where another process had told more than this one had read.
                for message in told(waiting.result()):
                    yield message
    finally:
        closed.cancel()
        live.leave(client)


def told(item: Item) -> list[ServerSentEvent]:
    """One event as messages: notices first, the last one bears the place, so that nothing between is lost."""
    parts: list[tuple[str, dict[str, Any]]] = []
    for row in item.notices:
        line = line_of(row)
        parts.append(
            ("notice", {"id": line.id, "kind": line.kind, "text": line.text, "case_no": line.case_no})
        )
    event = item.event
    if item.visible:
        case = {
            "case_no": event.case_no,
            "action": event.action,
            "state": event.state,
            "stage": event.stage,
            "version": event.version,
            "at": event.at.isoformat(),
        }
        parts.append(("case", case))
    last = len(parts) - 1
    return [
        ServerSentEvent(
            json.dumps(data, ensure_ascii=False), event=name, id=str(event.place) if index == last else None
        )
        for index, (name, data) in enumerate(parts)
    ]


def reset(place: Place) -> ServerSentEvent:
    """Tells the client to read everything anew."""
    return ServerSentEvent("{}", event="reset", id=str(place), retry=RETRY_MS)
