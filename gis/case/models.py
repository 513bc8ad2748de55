"""案件, its steps that are only ever added to, its attachments, and the calendar its clock runs by."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gis.case.states import CaseState
from gis.columns import Id, Moment, Now, geometry
from gis.database import Base
from gis.grid.models import Area, UnitGrid
from gis.people.models import Department

StateColumn = Enum(
    CaseState,
    native_enum=False,
    values_callable=lambda enum: [state.value for state in enum],
    length=16,
    create_constraint=False,
)
_OPEN = "state NOT IN ('closed', 'refused', 'void')"


class Case(Base):
    """案件: one reported problem, from report to closing.

    ``version`` counts changes and is the ETag. ``due_at`` is the end of disposal by the filing rule; while
    ``due_is_provisional`` it is what the class's usual rule would give, or lacks a calendar year. Only a case
    from another system may have none.
    """

    __tablename__ = "case"
    __table_args__ = (
        UniqueConstraint("case_no"),
        UniqueConstraint("idempotency_key"),
        ForeignKeyConstraint(
            ["edition", "kind", "class_code"],
            ["object_class.edition", "object_class.kind", "object_class.code"],
        ),
        CheckConstraint(
            "state IN (" + ", ".join(f"'{state}'" for state in CaseState) + ")", name="state_known"
        ),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at_when_closed"),
        CheckConstraint(
            "state NOT IN ('dispatched', 'accepted', 'disposed', 'fed_back', 'checking', 'checked', 'closed')"
            " OR (department_id IS NOT NULL AND dispatched_at IS NOT NULL)",
            name="department_when_dispatched",
        ),
        CheckConstraint(
            "state NOT IN ('filed', 'dispatched', 'accepted', 'disposed', 'fed_back', 'checking', 'checked',"
            " 'closed') OR (filed_at IS NOT NULL AND (due_at IS NOT NULL OR source = 'imported'))",
            name="limit_when_filed",
        ),
        CheckConstraint("kind = 'component' OR component_id IS NULL", name="component_of_component_case"),
        Index("ix_case_state_id", "state", "id"),
        Index("ix_case_department_state_id", "department_id", "state", "id"),
        Index("ix_case_unit_grid_id", "unit_grid_id", "id"),
        Index("ix_case_community_id", "community_id", "id"),
        Index("ix_case_street_id", "street_id", "id"),
        Index("ix_case_reporter_id", "reporter_id", "id"),
        Index("ix_case_component_id", "component_id", postgresql_where=text("component_id IS NOT NULL")),
        Index("ix_case_due_at", "due_at", postgresql_where=text(_OPEN)),
        Index("ix_case_filed_at", "filed_at"),
        Index("ix_case_class", "kind", "class_code", "id"),
    )

    id: Mapped[Id]
    case_no: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))
    edition: Mapped[str]
    class_code: Mapped[str] = mapped_column(String(5))
    rule_code: Mapped[str | None] = mapped_column(ForeignKey("filing_rule.code"))  # 立案条件
    state: Mapped[CaseState] = mapped_column(StateColumn)
    version: Mapped[int] = mapped_column(server_default=text("1"))
    source: Mapped[str] = mapped_column(String(16))
    description: Mapped[str]
    address: Mapped[str] = mapped_column(server_default="")
    location: Mapped[WKBElement] = geometry("POINT")
    unit_grid_id: Mapped[int] = mapped_column(ForeignKey("unit_grid.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    street_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    component_id: Mapped[int | None] = mapped_column(ForeignKey("component.id"))
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    occurred_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reported_at: Mapped[Moment]
    filed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    dispatched_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    disposed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # the last time
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    limit_value: Mapped[float | None]
    limit_unit: Mapped[str | None] = mapped_column(ForeignKey("limit_unit.code"))
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    due_is_provisional: Mapped[bool] = mapped_column(server_default=text("true"))
    rework_count: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    idempotency_key: Mapped[str | None] = mapped_column(String(128))
    idempotency_digest: Mapped[str | None] = mapped_column(String(64))
    external_id: Mapped[str | None] = mapped_column(String(64), unique=True)  # its number in another system
    updated_at: Mapped[Now]

    unit_grid: Mapped[UnitGrid] = relationship(lazy="raise")
    community: Mapped[Area] = relationship(foreign_keys=[community_id], lazy="raise")
    street: Mapped[Area] = relationship(foreign_keys=[street_id], lazy="raise")
    department: Mapped[Department | None] = relationship(lazy="raise")
    steps: Mapped[list[CaseStep]] = relationship(order_by="CaseStep.seq", lazy="raise")


class CaseStep(Base):
    """办理过程: one step of one case. Rows are only ever added; the database refuses anything else."""

    __tablename__ = "case_step"
    __table_args__ = (
        UniqueConstraint("case_id", "seq"),
        CheckConstraint("seq >= 1", name="seq"),
        CheckConstraint("(seq = 1) = (from_state IS NULL)", name="first_has_no_from"),
        Index("ix_case_step_actor_id", "actor_id", "at"),
        Index("ix_case_step_at", "at"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    seq: Mapped[int] = mapped_column(SmallInteger)
    action: Mapped[str] = mapped_column(String(32))
    from_state: Mapped[CaseState | None] = mapped_column(StateColumn)
    to_state: Mapped[CaseState] = mapped_column(StateColumn)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # empty: the citizen or the service
    actor_role: Mapped[str] = mapped_column(String(16))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    note: Mapped[str] = mapped_column(server_default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    at: Mapped[Moment]


class Attachment(Base):
    """附件: a photo of a case; the bytes lie in the home folder under their SHA-256."""

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("case_id", "sha256"),
        CheckConstraint("size_bytes > 0", name="not_empty"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    stage: Mapped[str] = mapped_column(String(16))  # report, verification, disposal, inspection
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(String(32))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    width_px: Mapped[int]
    height_px: Mapped[int]
    file_name: Mapped[str] = mapped_column(server_default="")
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[Now]


class CaseCounter(Base):
    """The last sequence number given out for a class and a day."""

    __tablename__ = "case_counter"

    prefix: Mapped[str] = mapped_column(String(16), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    last: Mapped[int]


class CalendarDay(Base):
    """工作日历: one day. A year counts as loaded when all its days are here."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    is_workday: Mapped[bool]
    kind: Mapped[str] = mapped_column(String(16))  # workday, weekend, holiday, makeup
    name: Mapped[str] = mapped_column(server_default="")
    source: Mapped[str]


class WorkShift(Base):
    """班次: working hours of each workday, local time."""

    __tablename__ = "work_shift"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="order"),)

    id: Mapped[Id]
    starts_at: Mapped[time] = mapped_column(Time)
    ends_at: Mapped[time] = mapped_column(Time)
