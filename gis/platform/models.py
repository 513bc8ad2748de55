"""What was handed to the upper platform, batch by batch."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.columns import Id, Now
from gis.database import Base


class PlatformDelivery(Base):
    """上报批次: the cases between two places of the feed, and how the platform took them.

    ``begins`` and ``ends`` are cursors of the feed; the next batch begins where the last one taken ends.
    ``numbers``: what the platform answered, our number → its own.
    """

    __tablename__ = "platform_delivery"

    id: Mapped[Id]
    begins: Mapped[str] = mapped_column(String(200), server_default="")
    ends: Mapped[str] = mapped_column(String(200), server_default="")
    cases: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[Now]
    attempt: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    status: Mapped[int | None] = mapped_column(SmallInteger)
    duration_ms: Mapped[int | None]
    error: Mapped[str] = mapped_column(server_default="")
    next_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    taken_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    numbers: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
