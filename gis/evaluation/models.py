"""Facts of cases that figures are counted from, totals of them, score cards, closed periods, report files.

Facts and totals hold nothing that cases, steps, intervals and tasks do not say: ``app.write_facts``
(``gis/sql/functions/facts.sql``) derives them when a case changes, and :mod:`gis.evaluation.rebuild` derives
all of them anew.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.columns import Id, Moment, Now
from gis.database import Base

MaybeMoment = Mapped[datetime | None]


def _moment() -> Any:
    return mapped_column(DateTime(timezone=True))


class CaseFact(Base):
    """案件事实: one case as figures count it.

    A moment ending in ``_at`` says when something counts; a flag says how it turned out. ``settled_at`` is
    the earlier of hand-over and limit: from then on it is certain whether disposal was in time; every case
    counts in exactly one period, an overdue open one included. ``ending_at`` likewise for closing: the limit
    where disposal was late, else the closing. Either may lie in the future while a case is open, and does not
    count before it has come. Durations are seconds by the clocks of the links, suspension apart.
    """

    __tablename__ = "case_fact"
    __table_args__ = (
        Index("ix_case_fact_reported_at", "reported_at"),
        Index("ix_case_fact_judged_at", "judged_at"),
        Index("ix_case_fact_filed_at", "filed_at"),
        Index("ix_case_fact_verify_at", "verify_at"),
        Index("ix_case_fact_dispatch_at", "dispatch_at"),
        Index("ix_case_fact_settled_at", "settled_at"),
        Index("ix_case_fact_check_at", "check_at"),
        Index("ix_case_fact_ending_at", "ending_at"),
        Index("ix_case_fact_answered_at", "answered_at"),
    )

    case_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("case.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    # What it belongs to. No foreign keys: the case's own row has them.
    unit_grid_id: Mapped[int] = mapped_column(BigInteger)
    community_id: Mapped[int] = mapped_column(BigInteger)
    street_id: Mapped[int] = mapped_column(BigInteger)
    duty_grid_id: Mapped[int | None] = mapped_column(BigInteger)
    department_id: Mapped[int | None] = mapped_column(BigInteger)  # the main one
    kind: Mapped[str] = mapped_column(String(16))
    class_code: Mapped[str] = mapped_column(String(5))
    state: Mapped[str] = mapped_column(String(16))
    # When it counts.
    reported_at: Mapped[Moment]
    judged_at: MaybeMoment = _moment()  # filed, archived, refused or merged
    filed_at: MaybeMoment = _moment()
    verify_at: MaybeMoment = _moment()  # verified, or its limit
    dispatch_at: MaybeMoment = _moment()  # dispatched, or its limit
    settled_at: MaybeMoment = _moment()  # handed over, or its limit
    check_at: MaybeMoment = _moment()  # checked, or its limit
    ending_at: MaybeMoment = _moment()
    answered_at: MaybeMoment = _moment()  # the last answer of a citizen
    due_at: MaybeMoment = _moment()
    disposed_at: MaybeMoment = _moment()
    closed_at: MaybeMoment = _moment()
    # How it turned out.
    is_public: Mapped[bool]  # reported by others than the inspectors
    is_filed: Mapped[bool]  # and not void since
    is_void: Mapped[bool]
    is_self_disposed: Mapped[bool]
    is_valid: Mapped[bool]  # the report was right: filed, void since, or put right on the spot
    was_verified: Mapped[bool]
    verified_in_time: Mapped[bool]
    filed_in_time: Mapped[bool]
    was_dispatched: Mapped[bool]
    dispatched_in_time: Mapped[bool]
    dispatched_right: Mapped[bool]  # never sent back, never sent on to another
    is_disposed: Mapped[bool]
    disposed_in_time: Mapped[bool]
    is_exempt: Mapped[bool]  # late, and not counted: an appeal was granted
    was_checked: Mapped[bool]
    checked_in_time: Mapped[bool]
    is_closed: Mapped[bool]
    closed_by_force: Mapped[bool]
    was_reopened: Mapped[bool]
    is_satisfied: Mapped[bool]
    # How often, and how long.
    rework_count: Mapped[int] = mapped_column(SmallInteger)
    extension_count: Mapped[int] = mapped_column(SmallInteger)
    suspension_count: Mapped[int] = mapped_column(SmallInteger)
    sent_back_count: Mapped[int] = mapped_column(SmallInteger)
    urged_count: Mapped[int] = mapped_column(SmallInteger)
    accept_s: Mapped[int]
    verify_s: Mapped[int]
    file_s: Mapped[int]
    dispatch_s: Mapped[int]
    dispose_s: Mapped[int]
    suspend_s: Mapped[int]
    check_s: Mapped[int]
    close_s: Mapped[int]


class CaseFactPart(Base):
    """A department's part in a case beside the main one's: a co-department's, or one that gave it back.

    ``part``: ``co`` (协办; counts when done, or at the case's limit) or ``former`` (the case was with it and
    went to another; counts when it left). ``seq`` is the step for ``former``, 0 for ``co``.
    """

    __tablename__ = "case_fact_part"
    __table_args__ = (
        CheckConstraint("part IN ('co', 'former')", name="part"),
        Index("ix_case_fact_part_counted_at", "part", "counted_at"),
    )

    case_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("case.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    part: Mapped[str] = mapped_column(String(8), primary_key=True)
    department_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    counted_at: MaybeMoment = _moment()
    is_done: Mapped[bool]
    in_time: Mapped[bool]


class CaseFactPost(Base):
    """What one post did, or should have done, in a case: one act, and how it turned out.

    ``duty``: see :data:`gis.evaluation.duties.DUTIES`. ``seq``: the step; of verify and check
    the task, of accept and send_check the interval. ``at``: when it counts: done, or its limit before that.
    ``in_time`` and ``is_right`` are empty where the duty knows no such thing, or it is not known yet.
    """

    __tablename__ = "case_fact_post"
    __table_args__ = (
        # Read alone for a month of all people: the rows themselves lie far apart.
        Index(
            "ix_case_fact_post_duty",
            "duty", "at",
            postgresql_include=["person_id", "in_time", "is_right"],
        ),
        Index("ix_case_fact_post_person_id", "person_id", "at"),
    )  # fmt: skip

    case_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("case.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    duty: Mapped[str] = mapped_column(String(16), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(BigInteger)
    at: MaybeMoment = _moment()
    is_done: Mapped[bool]
    in_time: Mapped[bool | None]
    is_right: Mapped[bool | None]


class FactTotal(Base):
    """合计: how much of one count falls on one object in one bucket of time.

    Rows of the same key add up: a change of a case adds rows with the difference, and
    :mod:`gis.evaluation.totals` puts them together now and then. ``grain`` names object and bucket:
    ``department`` and ``community`` by day, ``unit_grid`` by month (its first day).
    """

    __tablename__ = "fact_total"
    __table_args__ = (
        CheckConstraint("grain IN ('department', 'community', 'unit_grid')", name="grain"),
        Index("ix_fact_total_key", "grain", "count_no", "bucket", "object_id", postgresql_include=["amount"]),
        Index("ix_fact_total_fresh", "id", postgresql_where=text("fresh")),
    )

    id: Mapped[Id]
    grain: Mapped[str] = mapped_column(String(12))
    count_no: Mapped[int] = mapped_column(SmallInteger)  # of gis.evaluation.counts.COUNTS
    bucket: Mapped[date] = mapped_column(Date)
    object_id: Mapped[int] = mapped_column(BigInteger)  # 0: without a department
    amount: Mapped[int] = mapped_column(BigInteger)
    fresh: Mapped[bool] = mapped_column(server_default=text("true"))  # not put together yet


class ScoreCard(Base):
    """评分卡: how a kind of object is scored. Never changed: another one of the same code is a new version.

    ``content`` is what :class:`gis.evaluation.cards.Card` reads and writes. ``status`` and ``source`` say how
    far weights and bands may be trusted.
    """

    __tablename__ = "score_card"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        CheckConstraint("version >= 1", name="version"),
        Index("uq_score_card_chosen", "object_kind", unique=True, postgresql_where=text("chosen")),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32))
    version: Mapped[int] = mapped_column(SmallInteger)
    object_kind: Mapped[str] = mapped_column(String(16))
    name_zh: Mapped[str]
    name_en: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    source: Mapped[str]
    status: Mapped[str] = mapped_column(String(24))
    chosen: Mapped[bool] = mapped_column(server_default=text("false"))  # the one used unless asked otherwise
    retired: Mapped[bool] = mapped_column(server_default=text("false"))  # no longer offered; kept
    note: Mapped[str] = mapped_column(server_default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[Now]


class ClosedPeriod(Base):
    """封账: figures of a period as they were when it was closed, with the facts they were counted from.

    Never changed. A correction, or an appeal upheld later, makes another version beside it. ``digest`` is the
    SHA-256 of ``content`` in canonical JSON and of ``facts``; ``facts`` is a Parquet file of the facts of all
    cases that count in the period.
    """

    __tablename__ = "closed_period"
    __table_args__ = (
        UniqueConstraint("period", "version"),
        CheckConstraint("begins < ends", name="order"),
        CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name="sha256"),
    )

    id: Mapped[Id]
    period: Mapped[str] = mapped_column(String(48))  # as gis.evaluation.period writes it
    version: Mapped[int] = mapped_column(SmallInteger)
    begins: Mapped[Moment]
    ends: Mapped[Moment]
    reason: Mapped[str] = mapped_column(server_default="")
    changes: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default=text("'{}'")
    )  # against the one before
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)  # cards, rows, scores
    facts: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    case_count: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    closed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[Now]


class ClosingRun(Base):
    """One closing on its way: asked for by a person, worked by a job, ended with a version or a reason."""

    __tablename__ = "closing_run"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'working', 'done', 'failed')", name="state"),
        CheckConstraint("(state = 'done') = (closed_period_id IS NOT NULL)", name="version_when_done"),
        # One at a time for a period: versions follow one another.
        Index(
            "uq_closing_run_open",
            "period",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'working')"),
        ),
    )

    id: Mapped[Id]
    period: Mapped[str] = mapped_column(String(48))
    reason: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(String(8), server_default="waiting")
    step: Mapped[str] = mapped_column(String(16), server_default="")  # of gis.evaluation.closing.STEPS
    done: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))  # per cent
    message: Mapped[str] = mapped_column(server_default="")
    closed_period_id: Mapped[int | None] = mapped_column(ForeignKey("closed_period.id"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[Now]
    ended_at: MaybeMoment = _moment()


class LeadNote(Base):
    """What an evaluator found when looking at a lead: a sign that something may be unfair."""

    __tablename__ = "lead_note"
    __table_args__ = (
        UniqueConstraint("watch", "subject"),
        CheckConstraint("outcome IN ('open', 'explained', 'confirmed')", name="outcome"),
    )

    id: Mapped[Id]
    watch: Mapped[str] = mapped_column(String(32))  # a row of gis.evaluation.watches
    subject: Mapped[str] = mapped_column(String(160))  # what the lead is about, by that row's own key
    outcome: Mapped[str] = mapped_column(String(16))  # open, explained, confirmed
    note: Mapped[str] = mapped_column(server_default="")
    noted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    noted_at: Mapped[Now]


class AnalysisReport(Base):
    """分析报告: a report that was asked for or is due by schedule; its files lie in the home folder."""

    __tablename__ = "analysis_report"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'working', 'ready', 'failed')", name="state"),
        Index("ix_analysis_report_made_at", "asked_at", "id"),
    )

    id: Mapped[Id]
    period: Mapped[str] = mapped_column(String(48))
    begins: Mapped[Moment]
    ends: Mapped[Moment]
    locale: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8), server_default="waiting")
    step: Mapped[str] = mapped_column(String(64), server_default="")
    done: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))  # per cent
    message: Mapped[str] = mapped_column(server_default="")
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    closed_period_id: Mapped[int | None] = mapped_column(ForeignKey("closed_period.id"))
    scheduled: Mapped[bool] = mapped_column(server_default=text("false"))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    asked_at: Mapped[Now]
    ended_at: MaybeMoment = _moment()


class ReportSchedule(Base):
    """When analysis reports are made by themselves: the day of the month, local time; one row."""

    __tablename__ = "report_schedule"
    __table_args__ = (
        CheckConstraint("id = 1", name="one"),
        CheckConstraint("day BETWEEN 1 AND 28", name="day"),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    day: Mapped[int] = mapped_column(SmallInteger, server_default=text("2"))
    hour: Mapped[int] = mapped_column(SmallInteger, server_default=text("6"))
    locale: Mapped[str] = mapped_column(String(8), server_default="zh_CN")
    made_for: Mapped[str] = mapped_column(String(7), server_default="")  # the last month that is done with
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
