"""通知: what a person is told, nearly always about a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.columns import Id, Moment
from gis.database import Base


class Notice(Base):
    """One line for one person. Its words are made when it is read, in the reader's language.

    One that is about no case is about the service itself, and has no event either.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_person_id", "person_id", "id"),
        Index("ix_notice_unread", "person_id", "id", postgresql_where=text("read_at IS NULL")),
        Index("ix_notice_case_id", "case_id"),
        Index("ix_notice_at", "at"),
        # Also how the notices of an event are found, to be told at once and by e-mail.
        UniqueConstraint("event_id", "person_id"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    event_id: Mapped[int | None] = mapped_column(BigInteger)  # what it tells of; events are kept for days
    kind: Mapped[str] = mapped_column(String(32))
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    at: Mapped[Moment]
    read_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
