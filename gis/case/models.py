"""案件, its steps that are only ever added to, its photos, and the counters of its numbers."""

from __future__ import annotations

from datetime import date, datetime
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
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gis.case.states import CaseState
from gis.columns import Id, Moment, Now, geometry
from gis.database import Base
from gis.grid.models import Area, DutyGrid, UnitGrid
from gis.people.models import Department

StateColumn = Enum(
    CaseState,
    native_enum=False,
    values_callable=lambda enum: [state.value for state in enum],
    length=16,
    create_constraint=False,
)
_OPEN = "state NOT IN ('closed', 'archived', 'refused', 'merged', 'void')"
_HAS_STAGE = "stage IS NOT NULL"


class Case(Base):
    """案件: one reported problem, from report to closing.

    ``version`` counts changes and is the ETag. ``due_at`` is the end of disposal by the filing rule; while
    ``due_is_provisional`` disposal does not run (what is left would end then if it did), or the calendar does
    not reach that far. Only a case from another system may have none.

    ``stage`` is the link the case is in, empty once it has ended; ``stage_due_at`` the end of that link's
    limit (of disposal: ``due_at``), ``NEVER`` where it has none, so that every queue has one order.
    ``warn_at`` and ``stage_warn_at`` are when four fifths of the limit are used. All of these are derived
    from the intervals by :mod:`gis.case.clocks`, and only there.
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
            "state NOT IN ('dispatched', 'accepted', 'suspended', 'disposed', 'fed_back', 'checking',"
            " 'checked', 'closed')"
            " OR (department_id IS NOT NULL AND dispatched_at IS NOT NULL)",
            name="department_when_dispatched",
        ),
        CheckConstraint(
            "state NOT IN ('filed', 'dispatched', 'accepted', 'suspended', 'disposed', 'fed_back',"
            " 'checking', 'checked', 'closed')"
            " OR (filed_at IS NOT NULL AND (due_at IS NOT NULL OR source = 'imported'))",
            name="limit_when_filed",
        ),
        CheckConstraint("kind = 'component' OR component_id IS NULL", name="component_of_component_case"),
        CheckConstraint(
            "(state IN ('closed', 'archived', 'refused', 'merged', 'void')) = (stage IS NULL)",
            name="stage_while_open",
        ),
        CheckConstraint("(stage IS NULL) = (stage_due_at IS NULL)", name="stage_has_due"),
        CheckConstraint("(state = 'suspended') = (suspended_until IS NOT NULL)", name="suspended_until"),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into_one"),
        CheckConstraint("parent_id <> id AND merged_into_id <> id", name="not_its_own"),
        Index("ix_case_state_id", "state", "id"),
        Index("ix_case_department_state_id", "department_id", "state", "id"),
        Index("ix_case_unit_grid_id", "unit_grid_id", "id"),
        Index("ix_case_community_id", "community_id", "id"),
        Index("ix_case_street_id", "street_id", "id"),
        Index("ix_case_reporter_id", "reporter_id", "id"),
        Index("ix_case_component_id", "component_id", postgresql_where=text("component_id IS NOT NULL")),
        Index("ix_case_due_at", "due_at", postgresql_where=text(_OPEN)),
        Index("ix_case_filed_at", "filed_at"),
        # What is handed to other systems: by when it was reported, or last changed.
        Index("ix_case_reported_at", "reported_at", "id"),
        Index("ix_case_updated_at", "updated_at", "id"),
        Index("ix_case_class", "kind", "class_code", "id"),
        # The queues, most urgent first: of a centre, and of a department.
        Index("ix_case_queue", "stage", "stage_due_at", "id", postgresql_where=text(_HAS_STAGE)),
        Index(
            "ix_case_department_queue",
            "department_id", "stage", "stage_due_at", "id",
            postgresql_where=text(_HAS_STAGE),
        ),
        Index("ix_case_pending", "pending", "id", postgresql_where=text("pending IS NOT NULL")),
        Index("ix_case_parent_id", "parent_id", postgresql_where=text("parent_id IS NOT NULL")),
        Index(
            "ix_case_merged_into_id", "merged_into_id", postgresql_where=text("merged_into_id IS NOT NULL")
        ),
        # Open cases near a place: looked for before a new one is made.
        Index(
            "ix_case_open_location", "location", postgresql_using="gist", postgresql_where=text(_HAS_STAGE)
        ),
        # Words of two characters or more in what is told; by gis.case.words.
        Index(
            "ix_case_words",
            text("bigrams((description::text || ' '::text) || address::text)"),
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ),
        # Lists, newest first: of what is open, and of a department.
        Index("ix_case_open", "id", postgresql_where=text(_HAS_STAGE)),
        Index("ix_case_department_id", "department_id", "id"),
        Index("ix_case_said", "said", "id", postgresql_where=text("said IS NOT NULL")),
        Index(
            "ix_case_without_alarm", "id", postgresql_where=text("stage IS NOT NULL AND alarm_at IS NULL")
        ),
    )  # fmt: skip

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
    duty_grid_id: Mapped[int | None] = mapped_column(ForeignKey("duty_grid.id"), index=True)  # at intake
    component_id: Mapped[int | None] = mapped_column(ForeignKey("component.id"))
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    occurred_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reported_at: Mapped[Moment]
    filed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    dispatched_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    disposed_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True)
    )  # handed over, the last time
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    limit_value: Mapped[float | None]
    limit_unit: Mapped[str | None] = mapped_column(ForeignKey("limit_unit.code"))
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    due_is_provisional: Mapped[bool] = mapped_column(server_default=text("true"))
    warn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    stage: Mapped[str | None] = mapped_column(String(16))
    stage_due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    stage_warn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    suspended_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    alarm_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # when the next job wakes
    pending: Mapped[str | None] = mapped_column(String(16))  # the request that waits for a decision
    closing_rule_code: Mapped[str | None] = mapped_column(ForeignKey("filing_rule.code"))  # 结案条件
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    urged_count: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    extension_count: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    closed_by_force: Mapped[bool] = mapped_column(server_default=text("false"))
    exempt: Mapped[bool] = mapped_column(
        server_default=text("false")
    )  # late, but not counted: appeal granted
    appealed: Mapped[bool] = mapped_column(server_default=text("false"))
    open_parts: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))  # children, helpers
    said: Mapped[str | None] = mapped_column(String(16))  # fixed, not_fixed: the last answer since closing
    rework_count: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    idempotency_key: Mapped[str | None] = mapped_column(String(128))
    idempotency_digest: Mapped[str | None] = mapped_column(String(64))
    external_id: Mapped[str | None] = mapped_column(String(64), unique=True)  # its number in another system
    updated_at: Mapped[Now]

    unit_grid: Mapped[UnitGrid] = relationship(lazy="raise")
    community: Mapped[Area] = relationship(foreign_keys=[community_id], lazy="raise")
    street: Mapped[Area] = relationship(foreign_keys=[street_id], lazy="raise")
    duty_grid: Mapped[DutyGrid | None] = relationship(lazy="raise")
    department: Mapped[Department | None] = relationship(lazy="raise")
    parent: Mapped[Case | None] = relationship(foreign_keys=[parent_id], remote_side="Case.id", lazy="raise")
    merged_into: Mapped[Case | None] = relationship(
        foreign_keys=[merged_into_id], remote_side="Case.id", lazy="raise"
    )
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


class Upload(Base):
    """断点续传: a photo on its way in; what has arrived lies in the home folder, keyed by hash and sender."""

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint("size_bytes > 0", name="not_empty"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        Index("ix_upload_started_at", "started_at"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)  # of the bytes the phone holds
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    file_name: Mapped[str] = mapped_column(server_default="")
    started_at: Mapped[Now]
    complete_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Attachment(Base):
    """附件: a photo of a case; the bytes lie in the home folder under their SHA-256."""

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("case_id", "sha256"),
        CheckConstraint("size_bytes > 0", name="not_empty"),
        Index("ix_attachment_uploaded_at", "uploaded_at"),
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
    source_sha256: Mapped[str | None] = mapped_column(
        String(64), index=True
    )  # of the bytes as they were sent
    taken_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # by the camera's clock
    taken_place: Mapped[WKBElement | None] = geometry("POINT", nullable=True)  # by the camera's receiver
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[Now]


class CaseCounter(Base):
    """The last sequence number given out for a class and a day."""

    __tablename__ = "case_counter"

    prefix: Mapped[str] = mapped_column(String(16), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    last: Mapped[int]
