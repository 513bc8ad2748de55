"""上报: cases handed to the upper platform in batches, each until it is taken; then on from there."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis.database import engine, transaction
from gis.errors import Gone
from gis.platform.feed import FeedPage, Question, read_feed, snapshot
from gis.platform.models import PlatformDelivery
from gis.settings import get_settings
from gis.webhook.addresses import parse_target
from gis.webhook.backoff import wait_after
from gis.webhook.posting import Outcome, post

log = structlog.get_logger()
BATCH = 200  # cases
MOST_BATCHES = 20  # of one run; a city's first hand-over goes on in the next
_LOCK = 4_209_003
OVERLAP = timedelta(days=1)  # read again where the feed has forgotten how far it was


def push_cases() -> int:
    """Hand over what is new, when it is time for it; returns how many batches were taken.

    Does nothing where no platform is set, or another worker is at it.
    """
    if not get_settings().platform_url:
        return 0
    # The lock is a connection's: it holds while the platform is asked, and goes with a worker that is killed.
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}):
            return 0
        try:
            return _push()
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})


def _push() -> int:
    taken = 0
    while taken < MOST_BATCHES:
        with transaction() as session:
            last = _last(session)
        now = datetime.now(UTC)
        if last is not None and not _is_time(last, now, is_first=taken == 0):
            break
        page = _page(last)
        if not page.records:
            _note_nothing(last, page, now)
            break
        if not _hand_over(last, page):
            break
        taken += 1
    return taken


def _is_time(last: PlatformDelivery, now: datetime, is_first: bool) -> bool:
    if last.taken_at is None:
        return last.next_at is None or last.next_at <= now
    return not is_first or last.taken_at <= now - timedelta(minutes=get_settings().platform_minutes)


def _page(last: PlatformDelivery | None) -> FeedPage:
    """The next batch; after a stop so long that the feed has forgotten, all that changed since then."""
    cursor = None if last is None else (last.ends if last.taken_at else last.begins) or None
    with snapshot() as session:
        try:
            return read_feed(session, Question(), cursor, BATCH)
        except Gone:
            log.warning("the feed of cases has forgotten how far it was; changed cases are read anew")
            since = last.taken_at or last.created_at if last else None
            return read_feed(session, Question(updated_after=since and since - OVERLAP), None, BATCH)


def _note_nothing(last: PlatformDelivery | None, page: FeedPage, now: datetime) -> None:
    """Move on without a batch, so that a place that nothing follows does not grow too old."""
    if last is None:
        return
    with transaction() as session:
        row = session.get_one(PlatformDelivery, last.id)
        row.ends = page.cursor
        if row.taken_at is None:  # what it was to hold is there no longer
            row.cases, row.taken_at = 0, now


def _hand_over(last: PlatformDelivery | None, page: FeedPage) -> bool:
    """Post a batch and write down how it went; a batch that was not taken is the one that is tried again."""
    with transaction() as session:
        if last is None or last.taken_at is not None:
            row = PlatformDelivery(begins=last.ends if last else "", attempt=0)
            session.add(row)
            session.flush()
        else:
            row = session.get_one(PlatformDelivery, last.id)
        row.ends, row.cases = page.cursor, len(page.records)
        row_id = row.id
    outcome = _post(page.records)
    with transaction() as session:
        row = session.get_one(PlatformDelivery, row_id)
        now = datetime.now(UTC)
        row.attempt += 1
        row.at, row.status, row.duration_ms, row.error = (
            now,
            outcome.status,
            outcome.duration_ms,
            outcome.error,
        )
        if outcome.is_taken:
            row.taken_at, row.next_at, row.numbers = now, None, _answered(outcome.body)
        else:
            row.next_at = now + wait_after(row.attempt)
            log.warning("the upper platform did not take a batch", error=outcome.error, batch=row_id)
    return outcome.is_taken


def _post(records: list[dict[str, Any]]) -> Outcome:
    settings = get_settings()
    body = json.dumps({"cases": records}, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "citygrid",
        # The same cases in the same state are the same batch, however often they are sent.
        "Idempotency-Key": hashlib.sha256(body).hexdigest(),
    }
    if settings.platform_key is not None:
        headers["Authorization"] = f"Bearer {settings.platform_key.get_secret_value()}"
    return post(parse_target(settings.platform_url, trusted=True), body, headers, trusted=True)


def _answered(body: bytes) -> dict[str, Any]:
    """What the platform said of the cases, where it does: ``{"accepted": {ours: its}, "rejected": {…}}``."""
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    known = ("accepted", "rejected")
    return {name: said[name] for name in known if name in said} if isinstance(said, dict) else {}


def _last(session: Session) -> PlatformDelivery | None:
    return session.scalar(select(PlatformDelivery).order_by(PlatformDelivery.id.desc()).limit(1))
