"""Reading events in an order that is final: whoever has read up to a place will find nothing new before it.

Ids are given out when a row is written, commits come in any order. So a reader goes by the transaction first,
and no further than the oldest one that is still under way: what is before that can no longer change. A writer
that takes long, whatever it writes, holds the news back until it has ended; it never makes them get lost.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Row, literal_column, or_, select, tuple_
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.case.scope import Scope, scope_parts
from gis.case.side_models import CaseEvent
from gis.notice.models import Notice
from gis.notice.reading import select_notices

MOST = 1000  # events of one reading; who is further behind does better to read everything anew
_OLDEST_OPEN = literal_column("txid_snapshot_xmin(txid_current_snapshot())", BigInteger)
_NEWEST = literal_column("txid_snapshot_xmax(txid_current_snapshot())", BigInteger)
_ORDER = tuple_(CaseEvent.txid, CaseEvent.id)


@dataclass(frozen=True, order=True)
class Place:
    """A place in the order of events; written ``txid-id`` for clients, who keep it as it is."""

    txid: int
    id: int

    def __str__(self) -> str:
        return f"{self.txid}-{self.id}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place a client has kept; None for anything we did not write."""
        txid, _dash, id_ = text.strip().partition("-")
        if not (txid.isascii() and txid.isdigit() and id_.isascii() and id_.isdigit()) or len(text) > 40:
            return None
        return cls(int(txid), int(id_))


@dataclass(frozen=True)
class Event:
    """One event, with the case as it stands when it is read."""

    place: Place
    case_id: int
    case_no: str
    action: str
    state: str
    stage: str | None
    version: int
    at: datetime


@dataclass(frozen=True)
class News:
    """Events after a place; ``held_back``: there are more that a transaction under way holds back."""

    events: list[Event]
    held_back: bool


def place_now(session: Session) -> Place:
    """The place up to which everything is final at this moment."""
    return Place(session.execute(select(_OLDEST_OPEN)).scalar_one(), 0)


def events_after(session: Session, place: Place, until: Place | None = None, limit: int = MOST) -> News:
    """The events after a place that are final, in order; up to and with ``until`` when it is given."""
    # Asked first: what is let go between the two questions is among the events, or was seen to wait.
    waiting = select(CaseEvent.id).where(CaseEvent.txid >= _OLDEST_OPEN)
    waiting = waiting.order_by(CaseEvent.txid.desc(), CaseEvent.id.desc()).limit(1)
    held_back = session.scalar(waiting) is not None
    statement = (
        select(
            CaseEvent.txid, CaseEvent.id, CaseEvent.case_id, CaseEvent.action, CaseEvent.at,
            Case.case_no, Case.state, Case.stage, Case.version,
        )
        .join(Case, Case.id == CaseEvent.case_id)
        .where(tuple_(place.txid, place.id) < _ORDER, CaseEvent.txid < _OLDEST_OPEN)
        .order_by(CaseEvent.txid, CaseEvent.id)
        .limit(limit)
    )  # fmt: skip
    if until is not None:
        statement = statement.where(tuple_(until.txid, until.id) >= _ORDER)
    events = [
        Event(
            Place(row.txid, row.id), row.case_id, row.case_no, row.action, str(row.state), row.stage,
            row.version, row.at,
        )
        for row in session.execute(statement)
    ]  # fmt: skip
    return News(events, held_back or len(events) == limit)


def is_lost(session: Session, place: Place) -> bool:
    """Whether something after a place may be gone: swept since, or the place is another database's."""
    first = select(CaseEvent.txid, CaseEvent.id).order_by(CaseEvent.txid, CaseEvent.id).limit(1)
    oldest = session.execute(first).one_or_none()
    if place.txid > session.execute(select(_NEWEST)).scalar_one():
        return True
    return oldest is not None and place < Place(oldest.txid, oldest.id)


def seen_by(session: Session, scope: Scope, case_ids: Collection[int]) -> set[int]:
    """Which of these cases a scope holds; one query for all who share it."""
    condition = or_(*scope_parts(scope, by_area=False))
    return set(session.scalars(select(Case.id).where(Case.id.in_(case_ids), condition)))


def notices_of(
    session: Session, event_ids: Collection[int], person_ids: Collection[int]
) -> Sequence[Row[Any]]:
    """The notices of events to these people, oldest first; rows of ``select_notices``."""
    mine = select_notices().where(Notice.event_id.in_(event_ids), Notice.person_id.in_(person_ids))
    return session.execute(mine.order_by(Notice.id)).all()
