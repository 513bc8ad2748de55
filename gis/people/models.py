"""People, what they may do and where; departments and what they answer for."""

from __future__ import annotations

from datetime import datetime, time
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    String,
    Time,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from gis.columns import Id, Now, Validity, one_of
from gis.database import Base


class Centre(StrEnum):
    """The two axes and what stands beside them: supervision and command are separate by rule."""

    SUPERVISION = "supervision"
    COMMAND = "command"
    DEPARTMENT = "department"
    EVALUATION = "evaluation"
    PLANNING = "planning"
    ADMINISTRATION = "administration"


class Role(StrEnum):
    """岗位. One person holds one: that is how the two centres stay apart."""

    INSPECTOR = "inspector"
    ACCEPTOR = "acceptor"
    SHIFT_LEADER = "shift_leader"
    DISPATCHER = "dispatcher"
    DEPARTMENT = "department"
    EVALUATOR = "evaluator"
    PLANNER = "planner"
    OWNER = "owner"
    ADMIN = "admin"


class Department(Validity, Base):
    """专业部门, 权属单位: who disposes of cases, who owns and keeps things."""

    __tablename__ = "department"
    __table_args__ = (Validity.check(), UniqueConstraint("code"))

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(16))
    name_zh: Mapped[str]
    name_en: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    disposes: Mapped[bool] = mapped_column(server_default=text("true"))  # cases may be dispatched to it


class Responsibility(Validity, Base):
    """职责: which department acts on a class in an area at a time. What is empty holds for every one.

    The most particular row decides: a class before a major, an inner area before an outer one, a row with
    hours before one without. ``weekdays`` are digits, 1 Monday … 7 Sunday; hours past midnight run over it.
    """

    __tablename__ = "responsibility"
    __table_args__ = (
        Validity.check(),
        CheckConstraint("class_code ~ '^([0-9]{2}|[0-9]{4,5})?$'", name="class_prefix"),
        CheckConstraint("weekdays ~ '^[1-7]{1,7}$'", name="weekdays"),
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="hours"),
        UniqueConstraint(
            "area_id",
            "kind",
            "edition",
            "class_code",
            "weekdays",
            "starts_at",
            "valid_from",
            name="uq_responsibility_place_class_time",
        ),
        Index("ix_responsibility_class", "kind", "edition", "class_code"),
    )

    id: Mapped[Id]
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    edition: Mapped[str] = mapped_column(ForeignKey("edition.code"))
    class_code: Mapped[str] = mapped_column(
        String(5), server_default=""
    )  # "", a major "01", or a class "0101"
    weekdays: Mapped[str | None] = mapped_column(String(7))
    starts_at: Mapped[time | None] = mapped_column(Time)  # local time
    ends_at: Mapped[time | None] = mapped_column(Time)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)


class Person(Base):
    """人员. ``token_generation`` rises to make every token handed out before worthless."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("login"),
        Index("ix_person_role", "role"),
        CheckConstraint(
            "centre = CASE role"
            " WHEN 'inspector' THEN 'supervision' WHEN 'acceptor' THEN 'supervision'"
            " WHEN 'shift_leader' THEN 'supervision' WHEN 'dispatcher' THEN 'command'"
            " WHEN 'department' THEN 'department' WHEN 'owner' THEN 'department'"
            " WHEN 'evaluator' THEN 'evaluation' WHEN 'planner' THEN 'planning'"
            " ELSE 'administration' END",
            name="centre_of_role",
        ),
        CheckConstraint("role <> 'department' OR department_id IS NOT NULL", name="department_known"),
    )

    id: Mapped[Id]
    login: Mapped[str] = mapped_column(String(64))
    name: Mapped[str]
    password_hash: Mapped[str]
    role: Mapped[Role] = mapped_column(one_of(Role))
    centre: Mapped[Centre] = mapped_column(one_of(Centre))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    is_demo: Mapped[bool] = mapped_column(server_default=text("false"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    token_generation: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[Now]
    email: Mapped[str | None] = mapped_column(String(254))  # where notices go, when the city sends e-mail
    shares_track: Mapped[bool] = mapped_column(server_default=text("false"))  # 巡查轨迹: by own choice
    last_seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class PersonArea(Base):
    """管辖范围: areas a person may act on. No row at all means the whole city."""

    __tablename__ = "person_area"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True, index=True)


class PersonDutyGrid(Base):
    """Which inspectors patrol which duty grid."""

    __tablename__ = "person_duty_grid"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    duty_grid_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("duty_grid.id"), primary_key=True, index=True
    )


class SignInFailure(Base):
    """A wrong password: counted so that guessing becomes slow, for every server process alike."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_login_at", "login", "at"),)

    id: Mapped[Id]
    login: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
