"""The city, its areas, its unit grids and duty grids."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis.columns import Id, Now, Validity, geometry, one_of
from gis.database import Base


class City(Base):
    """The one city of this database: what it is called, how it is measured, where it ends."""

    __tablename__ = "city"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(12))
    name_zh: Mapped[str]
    name_en: Mapped[str]
    srid: Mapped[int]
    timezone: Mapped[str]
    note_zh: Mapped[str] = mapped_column(server_default="")
    note_en: Mapped[str] = mapped_column(server_default="")
    boundary: Mapped[WKBElement] = geometry("MULTIPOLYGON")
    created_at: Mapped[Now]


class AreaLevel(StrEnum):
    """行政层级."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


class Area(Validity, Base):
    """区、街道、社区: an administrative area. ``code`` is the 6, 9 or 12 digit division code."""

    __tablename__ = "area"
    __table_args__ = (Validity.check(), UniqueConstraint("code"), Index("ix_area_parent_id", "parent_id"))

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(12))
    level: Mapped[AreaLevel] = mapped_column(one_of(AreaLevel))
    name_zh: Mapped[str]
    name_en: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    population: Mapped[int | None]
    note: Mapped[str] = mapped_column(server_default="")
    geom: Mapped[WKBElement] = geometry("MULTIPOLYGON")


class DutyGrid(Validity, Base):
    """责任网格: whole unit grids that one or more inspectors patrol."""

    __tablename__ = "duty_grid"
    __table_args__ = (Validity.check(), UniqueConstraint("code"))

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(24))
    name: Mapped[str]
    street_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    geom: Mapped[WKBElement] = geometry("MULTIPOLYGON")


class UnitGrid(Validity, Base):
    """单元网格: about 10,000 m² inside one community (GB/T 30428.1; figures from secondary sources).

    A re-divided grid keeps its row with an end date; the new ones get new codes.
    """

    __tablename__ = "unit_grid"
    __table_args__ = (
        Validity.check(),
        UniqueConstraint("code"),
        CheckConstraint("area_m2 > 0", name="has_area"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(16))
    edition: Mapped[str] = mapped_column(ForeignKey("edition.code"))
    name: Mapped[str] = mapped_column(server_default="")
    community_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    duty_grid_id: Mapped[int | None] = mapped_column(ForeignKey("duty_grid.id"), index=True)
    area_m2: Mapped[float]
    land_use: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")
    geom: Mapped[WKBElement] = geometry("POLYGON")


class Road(Validity, Base):
    """道路: a named road between two junctions, by its centre line."""

    __tablename__ = "road"
    __table_args__ = (
        Validity.check(),
        UniqueConstraint("code"),
        CheckConstraint("width_m IS NULL OR width_m > 0", name="has_width"),
        Index("ix_road_name_zh", "name_zh"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32))
    name_zh: Mapped[str]
    name_en: Mapped[str]
    grade: Mapped[str] = mapped_column(String(16))  # trunk, main, secondary, branch
    width_m: Mapped[float | None]
    carriageway_m: Mapped[float | None]
    opened_on: Mapped[date | None]
    overhauled_on: Mapped[date | None]
    geom: Mapped[WKBElement] = geometry("LINESTRING")


class Building(Validity, Base):
    """建筑: footprint and height."""

    __tablename__ = "building"
    __table_args__ = (Validity.check(), UniqueConstraint("code"))

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(server_default="")
    address: Mapped[str] = mapped_column(server_default="")
    use: Mapped[str] = mapped_column(String(16), server_default="")
    floors: Mapped[int | None]
    height_m: Mapped[float | None]
    road_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("road.id"), index=True)
    geom: Mapped[WKBElement] = geometry("POLYGON")
