"""增量: each state of each case once, neither missed nor doubled, however often a reader comes back.

First all cases that are asked for, by when they were reported (or last changed), as they are at that
moment; then what has changed since the first page. The order of changes is that of :mod:`gis.case.live`,
which is final. A case that changes while the first part is being read is left to the second. A cursor holds
the whole question. A page is read in one snapshot (:func:`snapshot`): else a case could move on between being
found and being read.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from gis.case.live import Place, is_lost, place_now
from gis.case.models import Case
from gis.case.side_models import CaseEvent
from gis.database import session_maker
from gis.errors import Gone, InvalidInput
from gis.i18n import _
from gis.jobs.sweeping import KEEP_EVENTS
from gis.notice.rules import TURN_RED, TURN_YELLOW
from gis.page import read_cursor, write_cursor
from gis.platform.records import Record, records_of

FIRST, THEN = "all", "changes"
LAMPS = (TURN_YELLOW, TURN_RED)  # events that change nothing in a record
NO_MOMENT = ""
MOST = 500


@dataclass(frozen=True)
class Question:
    """Which cases: reported from ``begin`` to before ``until``, changed after ``updated_after``."""

    begin: datetime | None = None
    until: datetime | None = None
    updated_after: datetime | None = None


@dataclass(frozen=True)
class Spot:
    """How far a reader is: in the first part after ``key`` and ``case_id``, or among changes."""

    question: Question
    part: str
    place: Place
    key: datetime | None = None
    case_id: int = 0


@dataclass(frozen=True)
class FeedPage:
    """Some records, the cursor after them, and whether there is more by now."""

    records: list[Record]
    cursor: str
    more: bool


Found = tuple[Sequence[int], Spot, bool]


def read_feed(session: Session, question: Question, cursor: str | None, limit: int = MOST) -> FeedPage:
    """The records after a cursor; without one, the first of those that ``question`` asks for.

    Raises
    ------
    InvalidInput
        The cursor is none of ours, or the span ends before it begins.
    Gone
        What has changed since the cursor is not known any more: it is older than a week.
    """
    if cursor:
        spot = read_spot(cursor)
    else:
        if question.begin and question.until and question.until <= question.begin:
            raise InvalidInput(_("The span ends before it begins"), errors=[{"pointer": "/to"}])
        spot = Spot(question, FIRST, place_now(session))
    if cursor and _is_lost(session, spot.place):
        raise Gone(_("What has changed since is not known any more; begin again without a cursor"))
    read = _unchanged if spot.part == FIRST else _changes
    ids, spot, more = read(session, spot, limit)
    return FeedPage(records_of(session, ids), write_spot(spot), more)


def pages(session: Session, question: Question, limit: int = MOST) -> Iterator[list[Record]]:
    """All records that are asked for, page by page, as they are in the one snapshot of ``session``."""
    spot = Spot(question, FIRST, place_now(session))
    while spot.part == FIRST:
        ids, spot, _more = _first(session, spot, limit)
        yield records_of(session, ids)
        session.expunge_all()  # a year of cases does not stay in memory


@contextmanager
def snapshot() -> Iterator[Session]:
    """A transaction that sees the database as it is at its first question, to its end."""
    with session_maker()() as session, session.begin():
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


def _unchanged(session: Session, spot: Spot, limit: int) -> Found:
    later = aliased(CaseEvent)
    changed = (
        select(later.id)
        .where(later.case_id == Case.id, later.action.not_in(LAMPS), _after(later, spot.place))
        .exists()
    )
    return _first(session, spot, limit, ~changed)


def _first(session: Session, spot: Spot, limit: int, *more: ColumnElement[bool]) -> Found:
    key: InstrumentedAttribute[datetime] = (
        Case.updated_at if spot.question.updated_after else Case.reported_at
    )
    statement = select(Case.id, key).where(*more, *_asked(spot.question)).order_by(key, Case.id)
    if spot.key is not None:
        statement = statement.where(tuple_(key, Case.id) > tuple_(spot.key, spot.case_id))
    rows = session.execute(statement.limit(limit)).all()
    if len(rows) < limit:
        return [row.id for row in rows], Spot(spot.question, THEN, spot.place), True
    return [row.id for row in rows], replace(spot, key=rows[-1][1], case_id=rows[-1].id), True


def _changes(session: Session, spot: Spot, limit: int) -> Found:
    """Of each case only its last change: what it was in between stands in its steps."""
    now = place_now(session)
    statement = (
        select(CaseEvent.txid, CaseEvent.id, CaseEvent.case_id)
        .join(Case, Case.id == CaseEvent.case_id)
        .where(
            _after(CaseEvent, spot.place), CaseEvent.txid < now.txid,
            CaseEvent.seq == Case.version, CaseEvent.action.not_in(LAMPS),
            *_asked(replace(spot.question, updated_after=None)),
        )
        .order_by(CaseEvent.txid, CaseEvent.id)
        .limit(limit)
    )  # fmt: skip
    rows = session.execute(statement).all()
    if len(rows) < limit:  # all that is final has been read, whatever it was
        return [row.case_id for row in rows], replace(spot, place=max(now, spot.place)), False
    return [row.case_id for row in rows], replace(spot, place=Place(rows[-1].txid, rows[-1].id)), True


def _is_lost(session: Session, place: Place) -> bool:
    """Whether changes after a place may have been swept; while nothing is that old, nothing was."""
    oldest = session.scalar(select(CaseEvent.at).order_by(CaseEvent.txid, CaseEvent.id).limit(1))
    has_swept = oldest is not None and oldest < datetime.now(UTC) - KEEP_EVENTS
    return place > place_now(session) or (has_swept and is_lost(session, place))


def _after(event: type[CaseEvent], place: Place) -> ColumnElement[bool]:
    return tuple_(event.txid, event.id) > tuple_(place.txid, place.id)


def _asked(question: Question) -> list[ColumnElement[bool]]:
    conditions = []
    if question.begin:
        conditions.append(Case.reported_at >= question.begin)
    if question.until:
        conditions.append(Case.reported_at < question.until)
    if question.updated_after:
        conditions.append(Case.updated_at > question.updated_after)
    return conditions


def write_spot(spot: Spot) -> str:
    """The cursor of a spot."""
    asked = spot.question
    moments = [
        at.isoformat() if at else NO_MOMENT
        for at in (asked.begin, asked.until, asked.updated_after, spot.key)
    ]
    return write_cursor(spot.part, str(spot.place), *moments, spot.case_id)


def read_spot(cursor: str) -> Spot:
    """The spot of a cursor; InvalidInput for anything we did not write."""
    part, place, *moments, case_id = read_cursor(cursor, str, str, str, str, str, str, int)
    try:
        begin, until, updated_after, key = (_moment(text) for text in moments)
        found = Place.read(place)
    except ValueError:
        found = None
    if found is None or part not in (FIRST, THEN) or not 0 <= case_id < 2**63 or found.txid >= 2**63:
        raise InvalidInput(
            _("This cursor is not one of ours; begin again without it"), errors=[{"pointer": "/cursor"}]
        )
    return Spot(Question(begin, until, updated_after), part, found, key, case_id)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment
