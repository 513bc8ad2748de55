"""What another system sends beside a report: who reported, and what it calls things. Never given out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.columns import Id, Now
from gis.database import Base


class Contact:
    """Columns that say who a citizen is and how to reach them."""

    email: Mapped[str] = mapped_column(String(254), server_default="")
    phone: Mapped[str] = mapped_column(String(64), server_default="")
    first_name: Mapped[str] = mapped_column(String(128), server_default="")
    last_name: Mapped[str] = mapped_column(String(128), server_default="")
    account_id: Mapped[str] = mapped_column(String(128), server_default="")  # by the other system
    media_urls: Mapped[list[str]] = mapped_column(
        ARRAY(String), server_default="{}"
    )  # as sent, never fetched


class ServiceRequest(Contact, Base):
    """服务请求: a case that came by Open311. ``attributes``: all that were sent, known to us or not."""

    __tablename__ = "service_request"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)  # the account of the system
    device_id: Mapped[str] = mapped_column(String(128), server_default="")
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    created_at: Mapped[Now]


class ServiceRequestUpdate(Contact, Base):
    """What a citizen adds to a case later; ``update_id`` is the other system's number, taken once."""

    __tablename__ = "service_request_update"
    __table_args__ = (UniqueConstraint("person_id", "update_id"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    update_id: Mapped[str] = mapped_column(String(128))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("case_step.id"))
    created_at: Mapped[Now]
