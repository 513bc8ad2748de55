"""编辑记录: who changed which row of the city's stock, and what it was before."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.columns import Id, Now
from gis.database import Base


class EditRecord(Base):
    """One change of one row; only ever added. ``before`` is empty for what was made, ``after`` never.

    Both hold the row's columns as they stood, its shape as WKT in the city's CRS.
    """

    __tablename__ = "edit_record"
    __table_args__ = (Index("ix_edit_record_item", "collection", "item_id", "id"),)

    id: Mapped[Id]
    at: Mapped[Now]
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    action: Mapped[str] = mapped_column(String(16))  # create, change, follow (its point moved), end
    collection: Mapped[str] = mapped_column(String(32))
    item_id: Mapped[int] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
