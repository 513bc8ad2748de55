"""工作日历: days, shifts and seasons that the working clock runs by."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    SmallInteger,
    String,
    Time,
)
from sqlalchemy.orm import Mapped, mapped_column

from gis.columns import Id, Now
from gis.database import Base


class CalendarDay(Base):
    """工作日历: one day. A year counts as loaded when all its days are here."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    is_workday: Mapped[bool]
    kind: Mapped[str] = mapped_column(String(16))  # workday, weekend, holiday, makeup
    name: Mapped[str] = mapped_column(server_default="")
    source: Mapped[str]


class LocalDay(Base):
    """地方调整: a day the city itself made free or a workday; stands over the national calendar."""

    __tablename__ = "local_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    is_workday: Mapped[bool]
    name: Mapped[str] = mapped_column(server_default="")
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[Now]


class WorkShift(Base):
    """班次: working hours, local time. ``weekday`` 1 Monday … 7 Sunday, empty: every workday without its own.

    ``from_day``, ``to_day`` (MM-DD, both inclusive, may run over New Year): the part of the year it holds in,
    as with summer and winter hours; empty: the whole year.
    """

    __tablename__ = "work_shift"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("(from_day IS NULL) = (to_day IS NULL)", name="season"),
        CheckConstraint(
            "from_day ~ '^[0-9]{2}-[0-9]{2}$' AND to_day ~ '^[0-9]{2}-[0-9]{2}$'", name="month_day"
        ),
    )

    id: Mapped[Id]
    starts_at: Mapped[time] = mapped_column(Time)
    ends_at: Mapped[time] = mapped_column(Time)
    weekday: Mapped[int | None] = mapped_column(SmallInteger)
    from_day: Mapped[str | None] = mapped_column(String(5))
    to_day: Mapped[str | None] = mapped_column(String(5))


class SeasonalLimit(Base):
    """季节性时限: a filing rule whose limit runs only in a part of each year, such as the planting season."""

    __tablename__ = "seasonal_limit"
    __table_args__ = (
        CheckConstraint(
            "from_day ~ '^[0-9]{2}-[0-9]{2}$' AND to_day ~ '^[0-9]{2}-[0-9]{2}$'", name="month_day"
        ),
    )

    rule_code: Mapped[str] = mapped_column(ForeignKey("filing_rule.code"), primary_key=True)
    from_day: Mapped[str] = mapped_column(String(5), primary_key=True)  # MM-DD, inclusive
    to_day: Mapped[str] = mapped_column(String(5))
    name: Mapped[str] = mapped_column(server_default="")
