"""数据集: one entry of the catalogue, for data of our own or of a department."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import DateTime, ForeignKey, Index, String, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.columns import Id, Now, geometry
from gis.database import Base


class Dataset(Base):
    """What one set of data is, who answers for it, and where it can be had.

    ``collection`` names the layer that the data are served as; its number of rows and date are reckoned when
    they are told (:mod:`gis.dataset.live`), and where quality or date stand here they are its owner's words.
    Without ``extent`` it covers the city. ``distributions`` are ``[{"title", "href", "type"}]``,
    ``external_ids`` ``[{"scheme", "value"}]``.
    """

    __tablename__ = "dataset"
    __table_args__ = (
        UniqueConstraint("code"),
        Index("ix_dataset_theme", "theme", "code"),
        Index("ix_dataset_updated_at", "updated_at", "id"),
        Index("uq_dataset_collection", "collection", unique=True, postgresql_where=text("collection <> ''")),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(64))
    title_zh: Mapped[str]
    title_en: Mapped[str]
    description_zh: Mapped[str] = mapped_column(server_default="")
    description_en: Mapped[str] = mapped_column(server_default="")
    theme: Mapped[str] = mapped_column(String(16), server_default="other")
    keywords: Mapped[list[str]] = mapped_column(JSONB, server_default=text("'[]'"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    contact: Mapped[str] = mapped_column(server_default="")
    data_date: Mapped[date | None]
    update_frequency: Mapped[str] = mapped_column(String(16), server_default="unknown")
    quality_zh: Mapped[str] = mapped_column(server_default="")
    quality_en: Mapped[str] = mapped_column(server_default="")
    licence: Mapped[str] = mapped_column(server_default="")
    collection: Mapped[str] = mapped_column(String(32), server_default="")
    distributions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    external_ids: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    extent: Mapped[WKBElement | None] = geometry("POLYGON")
    created_at: Mapped[Now]
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"))
