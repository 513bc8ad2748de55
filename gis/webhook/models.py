"""Who is told of what, what there was to tell, and how the telling went."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gis.columns import Id, Moment, Now, one_of
from gis.database import Base

Codes = ARRAY(String)


class Mode(StrEnum):
    """How an event is written: the two forms of CloudEvents over HTTP, or a JSON object of our own."""

    STRUCTURED = "structured"
    BINARY = "binary"
    PLAIN = "plain"


class DeliveryState(StrEnum):
    """``WAITING``: for its first try or its next one. ``FAILED``: given up; only a replay sends it again."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class Webhook(Base):
    """订阅: an address that is told of events whose type, area, class and department it asks for.

    An empty list asks for all. The keys it is signed with are made of ``salt`` and ``serial`` and stand in no
    table: see :mod:`gis.webhook.keys`. ``failing_since`` is the first failure after the last success,
    ``failures`` how many there were in a row; before ``retry_at`` nothing is sent.
    """

    __tablename__ = "webhook"
    __table_args__ = (
        Index("uq_webhook_name", "name", unique=True),
        CheckConstraint("origin IN ('person', 'settings')", name="origin"),
        CheckConstraint("(origin = 'settings') = (url = '')", name="address"),
        CheckConstraint("(paused_at IS NULL) = (paused_reason = '')", name="paused_for_a_reason"),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(64))
    url: Mapped[str] = mapped_column(server_default="")  # of the settings: stands there, it may hold a secret
    origin: Mapped[str] = mapped_column(String(16), server_default="person")
    mode: Mapped[Mode] = mapped_column(one_of(Mode), server_default="structured")
    types: Mapped[list[str]] = mapped_column(Codes)
    areas: Mapped[list[str]] = mapped_column(Codes, server_default=text("'{}'"))
    classes: Mapped[list[str]] = mapped_column(Codes, server_default=text("'{}'"))
    departments: Mapped[list[str]] = mapped_column(Codes, server_default=text("'{}'"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    salt: Mapped[str] = mapped_column(String(32), server_default="")
    serial: Mapped[int] = mapped_column(server_default=text("1"))
    key_mark: Mapped[str] = mapped_column(String(16), server_default="")
    previous_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    failing_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    retry_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_success_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_failure_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_error: Mapped[str] = mapped_column(server_default="")
    paused_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    paused_reason: Mapped[str] = mapped_column(String(32), server_default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[Now]


class WebhookEvent(Base):
    """One event as it is told. ``areas``, ``classes``, ``departments``: what filters are asked about; empty
    column, not list: the event is of no place, and those filters do not concern it.
    """

    __tablename__ = "webhook_event"
    __table_args__ = (Index("ix_webhook_event_at", "at", "id"),)

    id: Mapped[Id]
    uid: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))
    type: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[Moment]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    areas: Mapped[list[str] | None] = mapped_column(Codes)
    classes: Mapped[list[str] | None] = mapped_column(Codes)
    departments: Mapped[list[str] | None] = mapped_column(Codes)


class WebhookDelivery(Base):
    """投递: one event to one address. Of one subject, the next waits until the one before has gone."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("ix_webhook_delivery_webhook_id", "webhook_id", "id"),
        Index("ix_webhook_delivery_event_id", "event_id"),
        Index("ix_webhook_delivery_created_at", "created_at"),
        Index(
            "ix_webhook_delivery_waiting", "webhook_id", "next_at", "id",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_webhook_delivery_subject", "webhook_id", "subject", "id",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_webhook_delivery_failed", "webhook_id", "id", postgresql_where=text("state = 'failed'")
        ),
    )  # fmt: skip

    id: Mapped[Id]
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("webhook_event.id", ondelete="CASCADE"))
    subject: Mapped[str] = mapped_column(String(64))
    state: Mapped[DeliveryState] = mapped_column(one_of(DeliveryState), server_default="waiting")
    attempt: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # of the last try
    status: Mapped[int | None] = mapped_column(SmallInteger)  # of its answer, where there was one
    duration_ms: Mapped[int | None]
    error: Mapped[str] = mapped_column(server_default="")
    next_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[Now]

    event: Mapped[WebhookEvent] = relationship(lazy="raise")


class DatasetChange(Base):
    """How many rows of a dataset a statement has changed; gathered each minute into one event."""

    __tablename__ = "dataset_change"

    id: Mapped[Id]
    dataset: Mapped[str] = mapped_column(String(32))
    changes: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[Now]
