"""API keys: how a program comes in as a person."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from gis.columns import Id, Now
from gis.database import Base


class Scope(StrEnum):
    """What a key is good for; the role of its person narrows it further."""

    READ = "read"  # GET, HEAD and OPTIONS, everywhere
    WRITE = "write"  # every method, everywhere
    OPEN311 = "open311"  # every method, below /georeport alone


class ApiKey(Base):
    """接口密钥 of a person: told once, kept as its SHA-256, since 256 random bits need no slow hash.

    ``minute_began`` and ``minute_count`` count the requests of the running minute, where ``per_minute``
    limits them.
    """

    __tablename__ = "api_key"
    __table_args__ = (
        UniqueConstraint("prefix"),
        CheckConstraint("per_minute > 0", name="per_minute"),
        CheckConstraint(
            "cardinality(scopes) > 0 AND scopes <@ ARRAY['read', 'write', 'open311']::varchar[]",
            name="scopes",
        ),
    )

    id: Mapped[Id]
    prefix: Mapped[str] = mapped_column(String(16))  # its first characters, by which people know it
    key_hash: Mapped[str] = mapped_column(String(64))  # SHA-256, hexadecimal
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String(16)))
    per_minute: Mapped[int | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[Now]
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # to the minute
    minute_began: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    minute_count: Mapped[int] = mapped_column(server_default=text("0"))
