"""地名地址: places by name, and the index by which everything that has a name is found."""

from __future__ import annotations

from datetime import date

from geoalchemy2 import WKBElement
from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from gis.columns import Id, Now, Validity, geometry
from gis.database import Base


class Place(Validity, Base):
    """A place that people call by a name or an address (GB/T 30428.3; the types from a draft of it).

    A renamed or moved place keeps its ``id``; its former state is a row of its own whose ``past_of`` leads to
    it. The standard's form of ``code`` is not known: whatever the city gives.
    """

    __tablename__ = "place"
    __table_args__ = (
        Validity.check(),
        CheckConstraint("name_zh <> ''", name="has_name"),
        CheckConstraint("past_of IS NULL OR valid_to IS NOT NULL", name="past_has_ended"),
        Index("uq_place_code", "code", unique=True, postgresql_where="code IS NOT NULL AND past_of IS NULL"),
        Index("ix_place_name_zh", "name_zh"),
    )

    id: Mapped[Id]
    code: Mapped[str | None] = mapped_column(String(64))
    type_code: Mapped[str] = mapped_column(ForeignKey("place_type.code"))
    name_zh: Mapped[str]
    name_en: Mapped[str] = mapped_column(server_default="")
    aliases: Mapped[list[str]] = mapped_column(ARRAY(String), server_default="{}")
    address: Mapped[str] = mapped_column(server_default="")
    road: Mapped[str] = mapped_column(server_default="")  # 街路巷 of the address
    door_no: Mapped[str] = mapped_column(String(32), server_default="")  # 门牌号, as 12 or 12-1
    community_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    unit_grid_id: Mapped[int | None] = mapped_column(ForeignKey("unit_grid.id"), index=True)
    source: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")
    past_of: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    version: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[Now]
    geom: Mapped[WKBElement] = geometry("GEOMETRY")


class SearchName(Base):
    """A name of something, ready to be searched; kept by triggers (``gis/sql/triggers/search.sql``).

    ``row_id`` is the row of the table it was made from, ``ref_id`` what is told of: a former state of a place
    leads to the place. ``rank`` is 0 for the name in Chinese, then English, then aliases. ``pinyin`` and
    ``initials`` hold every reading between bars: ``|changningjie|zhangningjie|``.
    """

    __tablename__ = "search_name"
    __table_args__ = (
        Index("ix_search_name_row", "kind", "row_id"),
        Index("ix_search_name_plain", "plain"),
        Index(
            "ix_search_name_parts",
            "plain", "pinyin", "initials",
            postgresql_using="gin",
            postgresql_ops={"plain": "gin_trgm_ops", "pinyin": "gin_trgm_ops", "initials": "gin_trgm_ops"},
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    ref_id: Mapped[int] = mapped_column(BigInteger)
    row_id: Mapped[int] = mapped_column(BigInteger)
    rank: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str]
    plain: Mapped[str]
    pinyin: Mapped[str]
    initials: Mapped[str]
    valid_to: Mapped[date | None]
    geom: Mapped[WKBElement] = geometry("POINT", index=False)


class SearchDoor(Base):
    """An address of a road and a number, ready to be searched; kept by triggers like :class:`SearchName`.

    ``rest`` is what follows the number: ``-1``, ``院2号楼``.
    """

    __tablename__ = "search_door"
    __table_args__ = (
        Index("ix_search_door_row", "kind", "row_id"),
        Index("ix_search_door_road", "road", "number"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    ref_id: Mapped[int] = mapped_column(BigInteger)
    row_id: Mapped[int] = mapped_column(BigInteger)
    address: Mapped[str]
    road: Mapped[str]
    number: Mapped[int]
    rest: Mapped[str]
    valid_to: Mapped[date | None]
    geom: Mapped[WKBElement] = geometry("POINT", index=False)


class Pinyin(Base):
    """拼音 of a character, without tones, the commonest reading first; loaded at each upgrade."""

    __tablename__ = "pinyin"

    letter: Mapped[str] = mapped_column(String(1), primary_key=True)
    readings: Mapped[list[str]] = mapped_column(ARRAY(String))
