"""What stands beside a case: its clocks' intervals, requests, co-departments, followers, tasks, events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gis.columns import Id, Moment, Now
from gis.database import Base
from gis.people.models import Department, Person


class CaseInterval(Base):
    """环节计时: one stretch of time in which the clock of one link ran; deadlines are derived from these.

    Intervals of one ``round`` of a stage add up; a new round starts anew (another department, a new task).
    """

    __tablename__ = "case_interval"
    __table_args__ = (
        CheckConstraint("ended_at >= started_at", name="order"),
        CheckConstraint("round >= 1", name="round"),
        Index("ix_case_interval_case_id", "case_id", "stage"),
        Index("uq_case_interval_running", "case_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    stage: Mapped[str] = mapped_column(String(16))
    round: Mapped[int] = mapped_column(SmallInteger)
    started_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))  # whose disposal it was
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # who ended it


class CaseRequest(Base):
    """申请: an extension, a suspension, voiding or an appeal; asked, then granted or denied."""

    __tablename__ = "case_request"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (granted IS NULL)", name="decided"),
        Index("ix_case_request_case_id", "case_id", "kind"),
        Index("uq_case_request_open", "case_id", unique=True, postgresql_where=text("decided_at IS NULL")),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[str] = mapped_column(String(16))  # extension, suspension, void, appeal
    round: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))  # of disposal, where it counts
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[Moment]
    note: Mapped[str] = mapped_column(server_default="")
    until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # of a suspension
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    granted: Mapped[bool | None]
    decision: Mapped[str] = mapped_column(server_default="")
    minutes: Mapped[float | None]  # of an extension: added to the limit, in the limit's own time


class CaseCoDepartment(Base):
    """协办部门: a department that has a part in a case beside the main one."""

    __tablename__ = "case_co_department"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True, index=True)
    note: Mapped[str] = mapped_column(server_default="")
    added_at: Mapped[Moment]
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    done_note: Mapped[str] = mapped_column(server_default="")

    department: Mapped[Department] = relationship(lazy="raise")


class CaseFollower(Base):
    """关注: who saw the same problem, and is told how it ends."""

    __tablename__ = "case_follower"
    __table_args__ = (UniqueConstraint("case_id", "person_id"), UniqueConstraint("idempotency_key"))

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    note: Mapped[str] = mapped_column(server_default="")
    since: Mapped[Moment]
    idempotency_key: Mapped[str | None] = mapped_column(String(128))


class CaseTask(Base):
    """核实核查任务: an inspector is asked to look at a place, to verify a report or to check a repair."""

    __tablename__ = "case_task"
    __table_args__ = (
        CheckConstraint("kind IN ('verify', 'check')", name="kind"),
        CheckConstraint("ended_at IS NULL OR outcome IS NOT NULL", name="outcome"),
        Index("uq_case_task_open", "case_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_case_task_assignee_id", "assignee_id", "due_at", postgresql_where=text("ended_at IS NULL")),
        Index("ix_case_task_due_at", "due_at", "id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_case_task_case_id", "case_id"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[str] = mapped_column(String(8))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # empty: nobody fits; anyone may
    reason: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))  # why this inspector
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[Moment]
    due_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str | None] = mapped_column(String(16))  # the action that ended it, or "withdrawn"

    assignee: Mapped[Person | None] = relationship(foreign_keys=[assignee_id], lazy="raise")


class CaseEvent(Base):
    """What has just happened to cases, in the order of commits, for those who listen; kept for days only.

    ``txid`` orders what ``id`` cannot: a transaction that took its id early may commit late.
    """

    __tablename__ = "case_event"
    __table_args__ = (Index("ix_case_event_txid_id", "txid", "id"), Index("ix_case_event_at", "at"))

    id: Mapped[Id]
    txid: Mapped[int] = mapped_column(BigInteger, server_default=text("txid_current()"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    seq: Mapped[int] = mapped_column(SmallInteger)  # the step
    action: Mapped[str] = mapped_column(String(32))
    at: Mapped[Moment]


class AutoDispatch(Base):
    """自动派遣: classes whose cases are dispatched to the proposed department as soon as they are filed."""

    __tablename__ = "auto_dispatch"
    __table_args__ = (CheckConstraint("class_code ~ '^([0-9]{2}|[0-9]{4,5})$'", name="class_prefix"),)

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    edition: Mapped[str] = mapped_column(ForeignKey("edition.code"), primary_key=True)
    class_code: Mapped[str] = mapped_column(String(5), primary_key=True)  # a class, or a whole major
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[Now]


class SavedFilter(Base):
    """A filter of the desk that a person has kept under a name."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(64))
    query: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[Now]


class PublicAnswer(Base):
    """That an address has answered for a case, for minutes only: counted so that nobody answers in bulk.

    ``address`` is a keyed hash of where it came from.
    """

    __tablename__ = "public_answer"
    __table_args__ = (Index("ix_public_answer_address", "address"), Index("ix_public_answer_at", "at"))

    id: Mapped[Id]
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[Moment]
