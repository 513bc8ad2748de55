"""Imports of survey data, their rows while they wait, mappings people saved, and what the checks found."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from gis.columns import Id, Now, geometry, one_of
from gis.database import Base
from gis.settings import CITY_SRID


class ImportState(StrEnum):
    """How far an import is. What is received, reading, checking, accepting or undoing waits for a job."""

    RECEIVED = "received"
    READING = "reading"
    CHECKING = "checking"
    CHECKED = "checked"  # waits for a person
    ACCEPTING = "accepting"
    ACCEPTED = "accepted"
    UNDOING = "undoing"
    UNDONE = "undone"  # was accepted, and taken back as a whole
    DROPPED = "dropped"
    FAILED = "failed"


# An import in one of these keeps others of its survey area out: what it was compared with must stay.
OPEN_STATES = (
    ImportState.RECEIVED,
    ImportState.READING,
    ImportState.CHECKING,
    ImportState.CHECKED,
    ImportState.ACCEPTING,
    ImportState.UNDOING,
)


class SurveyImport(Base):
    """入库: files of one survey area, staged and checked, then accepted or dropped by a person."""

    __tablename__ = "survey_import"
    __table_args__ = (
        Index("ix_survey_import_created", "created_at", "id"),
        Index("ix_survey_import_survey", "survey"),
        Index(
            "uq_survey_import_open",
            "survey",
            unique=True,
            postgresql_where=text(f"state IN ({', '.join(repr(state.value) for state in OPEN_STATES)})"),
        ),
    )

    id: Mapped[Id]
    survey: Mapped[str] = mapped_column(String(32))  # 测区
    state: Mapped[ImportState] = mapped_column(one_of(ImportState), server_default="received")
    # [{"name", "sha256", "size_bytes", "path"}]: what was sent, and where it lies below the service's home
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    # What the sender said: crs, axis, units, mapping per table, layer, mode, surveyed_on …
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    # What was recognised in the files, said to the person: [{"code", "file", "table", "detail": {}}]
    recognised: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    step: Mapped[str] = mapped_column(String(32), server_default="")
    done: Mapped[int] = mapped_column(server_default="0")
    total: Mapped[int | None]
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))  # rows, findings …
    message: Mapped[str] = mapped_column(server_default="")  # why it failed, for people
    accepted_how: Mapped[str] = mapped_column(String(8), server_default="")  # all, clean
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[Now]
    checked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(server_default="1")


class Staged:
    """Columns of both staged tables. ``row_no`` counts from 1 without the heading."""

    id: Mapped[Id] = mapped_column(sort_order=-10)

    @declared_attr
    def import_id(cls) -> Mapped[int]:  # noqa: N805
        return mapped_column(ForeignKey("survey_import.id", ondelete="CASCADE"), sort_order=-9)

    file: Mapped[str] = mapped_column(sort_order=-8)
    sheet: Mapped[str] = mapped_column(server_default="", sort_order=-7)
    row_no: Mapped[int] = mapped_column(sort_order=-6)
    class_code: Mapped[str | None] = mapped_column(String(2), sort_order=-5)
    sub_code: Mapped[str | None] = mapped_column(String(2), sort_order=-4)
    element_code: Mapped[str] = mapped_column(server_default="", sort_order=-3)
    owner: Mapped[str] = mapped_column(server_default="", sort_order=80)  # as the file calls it
    usage_status: Mapped[str] = mapped_column(String(1), server_default="0", sort_order=81)
    surveyed_on: Mapped[date | None] = mapped_column(sort_order=82)
    survey_unit: Mapped[str] = mapped_column(server_default="", sort_order=83)
    note: Mapped[str] = mapped_column(server_default="", sort_order=84)
    extra: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'"), sort_order=85)
    # Fields whose cell could not be read: {"material": "双壁管"}; the column is empty, the cell stays here.
    unread: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'"), sort_order=86)
    is_clean: Mapped[bool] = mapped_column(server_default=text("true"), sort_order=87)  # no error found
    # What accepting would do: new, changed, same, moved; NULL before the comparison.
    change: Mapped[str | None] = mapped_column(String(8), sort_order=88)
    living_id: Mapped[int | None] = mapped_column(BigInteger, sort_order=89)  # the row it would change


class StagedPoint(Staged, Base):
    """A row of a point table on its way in; columns mean what those of ``pipe_point`` mean."""

    __tablename__ = "survey_staged_point"
    __table_args__ = (Index("ix_survey_staged_point_no", "import_id", "point_no"),)

    point_no: Mapped[str | None]
    feature: Mapped[str] = mapped_column(server_default="")
    appendage: Mapped[str] = mapped_column(server_default="")
    ground_level: Mapped[float | None]
    well_depth_m: Mapped[float | None]
    cover_shape: Mapped[str] = mapped_column(server_default="")
    cover_material: Mapped[str] = mapped_column(server_default="")
    cover_size_mm: Mapped[str] = mapped_column(server_default="")
    is_open: Mapped[bool | None]
    address: Mapped[str] = mapped_column(server_default="")
    built_on: Mapped[date | None]
    geom: Mapped[WKBElement | None] = geometry("POINT", index=False)


class StagedLine(Staged, Base):
    """A row of a line table on its way in; columns mean what those of ``pipe_segment`` mean.

    ``geom`` is empty for CJJ tables, whose lines run straight between their points. ``start_ground`` and
    ``end_ground`` are ground levels the line table brings itself.
    """

    __tablename__ = "survey_staged_line"
    __table_args__ = (Index("ix_survey_staged_line_no", "import_id", "segment_no"),)

    segment_no: Mapped[str | None]
    start_no: Mapped[str | None]
    end_no: Mapped[str | None]
    start_depth_m: Mapped[float | None]
    end_depth_m: Mapped[float | None]
    start_level: Mapped[float | None]
    end_level: Mapped[float | None]
    start_ground: Mapped[float | None]
    end_ground: Mapped[float | None]
    size: Mapped[str] = mapped_column(server_default="")
    width_mm: Mapped[int | None]
    height_mm: Mapped[int | None]
    material: Mapped[str | None] = mapped_column(String(16))
    laying: Mapped[str | None] = mapped_column(String(16))
    pressure_mpa: Mapped[float | None]
    pressure_band: Mapped[str | None] = mapped_column(String(16))
    voltage_kv: Mapped[float | None]
    temperature_c: Mapped[int | None]
    cable_count: Mapped[int | None]
    total_holes: Mapped[int | None]
    used_holes: Mapped[int | None]
    flow_direction: Mapped[str] = mapped_column(String(1), server_default="0")
    year_laid: Mapped[int | None]
    road_name: Mapped[str] = mapped_column(server_default="")
    data_source: Mapped[str] = mapped_column(server_default="")
    geom: Mapped[WKBElement | None] = geometry("LINESTRINGZ", index=False)


class SurveyMapping(Base):
    """列映射 that a person saved: which column of a table means which field."""

    __tablename__ = "survey_mapping"
    __table_args__ = (
        UniqueConstraint("name", "table_name"),
        CheckConstraint("table_name IN ('point', 'line')", name="table"),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(64))
    table_name: Mapped[str] = mapped_column(String(8))
    columns: Mapped[list[str]] = mapped_column(ARRAY(String))  # heads of the table it was made for, sorted
    mapping: Mapped[dict[str, str]] = mapped_column(JSONB)  # field → column
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[Now]


class CheckRun(Base):
    """监理检查: one run of the checks, over an import or over the network in force, or a part of it."""

    __tablename__ = "check_run"
    __table_args__ = (Index("ix_check_run_created", "created_at", "id"),)

    id: Mapped[Id]
    import_id: Mapped[int | None] = mapped_column(
        ForeignKey("survey_import.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(String(8), server_default="waiting")  # running, done, failed
    scope: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))  # class_code, bbox …
    step: Mapped[str] = mapped_column(String(32), server_default="")  # the check at work
    done: Mapped[int] = mapped_column(server_default="0")  # checks done, of total
    total: Mapped[int | None]
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))  # by check code
    message: Mapped[str] = mapped_column(server_default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[Now]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class PipeFinding(Base):
    """检查发现: what one check says of a point or line. Words come from ``code`` and ``detail``."""

    __tablename__ = "pipe_finding"
    __table_args__ = (
        CheckConstraint("subject IN ('point', 'line')", name="subject"),
        Index("ix_pipe_finding_run", "run_id", "code", "id"),
        Index("ix_pipe_finding_row", "row_id", "run_id"),
    )

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("check_run.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(32))  # a row of the table of checks
    severity: Mapped[str] = mapped_column(String(8))  # fatal, error, warning, note
    subject: Mapped[str] = mapped_column(String(8))
    number: Mapped[str] = mapped_column(server_default="")  # point or segment number
    class_code: Mapped[str | None] = mapped_column(String(2))
    file: Mapped[str] = mapped_column(server_default="")
    sheet: Mapped[str] = mapped_column(server_default="")
    row_no: Mapped[int | None]
    row_id: Mapped[int] = mapped_column(BigInteger)  # staged row, else point or segment
    value: Mapped[float | None]  # what was found, in the check's unit
    limit: Mapped[float | None] = mapped_column("limit_value")  # what it was measured against
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    geom: Mapped[WKBElement | None] = geometry("GEOMETRY")
    place: Mapped[WKBElement | None] = mapped_column(  # where its sign stands on a map
        Geometry("POINT", srid=CITY_SRID), Computed("ST_PointOnSurface(geom)", persisted=True)
    )
