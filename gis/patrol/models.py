"""巡查轨迹: points of an inspector's way, thinned on the phone, kept for a while."""

from __future__ import annotations

from datetime import date

from geoalchemy2 import WKBElement
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis.columns import Id, Moment, geometry
from gis.database import Base


class PatrolPoint(Base):
    """Where an inspector was at a moment; ``unit_grid_id`` empty outside every grid."""

    __tablename__ = "patrol_point"
    __table_args__ = (
        UniqueConstraint("person_id", "at"),
        Index("ix_patrol_point_unit_grid_id", "unit_grid_id", "at"),
        Index("ix_patrol_point_at", "at"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    at: Mapped[Moment]
    accuracy_m: Mapped[float | None]
    unit_grid_id: Mapped[int | None] = mapped_column(ForeignKey("unit_grid.id"))
    location: Mapped[WKBElement] = geometry("POINT")


class PatrolTrack(Base):
    """A day's way of an inspector, by the city's own calendar, made of the points that are kept of it."""

    __tablename__ = "patrol_track"
    __table_args__ = (UniqueConstraint("person_id", "day"), Index("ix_patrol_track_began_at", "began_at"))

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    day: Mapped[date]
    began_at: Mapped[Moment]
    ended_at: Mapped[Moment]
    length_m: Mapped[float]
    geom: Mapped[WKBElement] = geometry("MULTILINESTRING")
