"""A person's notices: listed, counted, marked as read. Words are made here, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.i18n import _, pick
from gis.notice.models import Notice
from gis.notice.rules import NOTICE_RULES, SERVICE_NOTICES
from gis.page import Page, read_cursor, write_cursor
from gis.people.models import Person
from gis.standard.tables import find_class

MOST_COUNTED = 100  # unread: beyond that a person only needs to know that there are many


@dataclass(frozen=True)
class NoticeLine:
    """One notice as it is shown. ``text`` is one sentence, ``note`` the reason somebody gave.

    ``case_no`` is empty where it is about no case; ``address`` is the page that it leads to.
    """

    id: int
    kind: str
    text: str
    note: str
    case_no: str
    at: datetime
    read_at: datetime | None
    address: str


def select_notices() -> Select[Any]:
    """Notices with what their words need; the caller says which."""
    columns = (Notice.id, Notice.person_id, Notice.event_id, Notice.kind, Notice.detail, Notice.at)
    case = (Case.case_no, Case.edition, Case.kind.label("case_kind"), Case.class_code)
    return select(*columns, Notice.read_at, *case).outerjoin(Case, Case.id == Notice.case_id)


def line_of(row: Row[Any]) -> NoticeLine:
    """A row of :func:`select_notices` in the reader's language."""
    rule = NOTICE_RULES.get(row.kind)
    note = str(row.detail.get("note", ""))
    if row.case_no is None:
        words, page = SERVICE_NOTICES[row.kind]
        return NoticeLine(
            row.id, row.kind, _(words).format(**row.detail), note, "", row.at, row.read_at, page
        )
    named = find_class(row.edition, row.case_kind, row.class_code)
    text = _("{class_name}: {words} ({case_no})").format(
        class_name=pick(named.name_zh, named.name_en),
        case_no=row.case_no,
        words=_(rule.words) if rule else row.kind,
    )
    address = f"/cases/{quote(row.case_no)}"
    return NoticeLine(row.id, row.kind, text, note, row.case_no, row.at, row.read_at, address)


def notice_page(
    session: Session, person: Person, unread: bool = False, limit: int = 50, cursor: str | None = None
) -> Page[NoticeLine]:
    """The person's notices, newest first."""
    statement = select_notices().where(Notice.person_id == person.id)
    if unread:
        statement = statement.where(Notice.read_at.is_(None))
    if cursor is not None:
        (last,) = read_cursor(cursor, int)
        statement = statement.where(Notice.id < last)
    rows = session.execute(statement.order_by(Notice.id.desc()).limit(limit + 1)).all()
    following = write_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page([line_of(row) for row in rows[:limit]], following)


def count_unread(session: Session, person: Person) -> int:
    """How many notices the person has not read; counted up to :data:`MOST_COUNTED`."""
    some = select(Notice.id).where(Notice.person_id == person.id, Notice.read_at.is_(None))
    counted = select(func.count()).select_from(some.limit(MOST_COUNTED).subquery())
    return session.scalar(counted) or 0


def mark_read(session: Session, person: Person, ids: Sequence[int] | None) -> None:
    """Mark notices as read, all of them where no ids are given; those of others are left alone."""
    statement = update(Notice).where(Notice.person_id == person.id, Notice.read_at.is_(None))
    if ids is not None:
        statement = statement.where(Notice.id.in_(ids))
    session.execute(statement.values(read_at=datetime.now(UTC)))


def mark_case_read(session: Session, person: Person, case_id: int) -> None:
    """Mark the person's notices of a case as read: whoever has opened the case knows."""
    session.execute(
        update(Notice)
        .where(Notice.person_id == person.id, Notice.case_id == case_id, Notice.read_at.is_(None))
        .values(read_at=datetime.now(UTC))
    )
