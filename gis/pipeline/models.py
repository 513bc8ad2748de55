"""管线点 and 管线段: the network as it was surveyed (CJJ 61 tables, by way of pipeline-fields)."""

from __future__ import annotations

from datetime import date

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, Computed, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from gis.columns import Id, Validity, geometry
from gis.database import Base


class Surveyed(Validity):
    """What points and segments share: where a row comes from, and what it was before.

    A re-survey changes the row that lives, so that its ``id`` stays what others refer to; the state before is
    kept as another row whose ``past_of`` names it, valid until the day of the change. A row that has gone
    keeps its place with an end date.
    """

    @declared_attr
    def past_of(cls) -> Mapped[int | None]:  # noqa: N805 - how SQLAlchemy writes a column of a mixin
        return mapped_column(ForeignKey(f"{cls.__tablename__}.id"), index=True, sort_order=90)  # type: ignore[attr-defined]

    # What the survey's tables say that no column holds, by field name of pipeline_field or of the file.
    extra: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'"), sort_order=91)
    import_id: Mapped[int | None] = mapped_column(
        ForeignKey("survey_import.id"), index=True, sort_order=92
    )  # the import that brought this state
    ended_import_id: Mapped[int | None] = mapped_column(
        ForeignKey("survey_import.id"), index=True, sort_order=93
    )  # the import that ended it, by a state after it or for good; taking that back makes this one live again


class PipePoint(Surveyed, Base):
    """管线点: a well, a valve, a bend: where segments begin and end.

    ``geom`` is the plan position; the ground there is ``ground_level`` (m, 1985 datum), unknown when empty.
    Exactly one of ``feature`` and ``appendage`` should say what it is; a survey that fills none or both is a
    finding, and is kept as it is.
    """

    __tablename__ = "pipe_point"
    __table_args__ = (
        Validity.check(),
        Index(
            "uq_pipe_point_survey_point_no",
            "survey",
            "point_no",
            unique=True,
            postgresql_where=text("valid_to IS NULL"),
        ),
        Index(  # finds a number by any part of it
            "ix_pipe_point_point_no_parts",
            "point_no",
            postgresql_using="gin",
            postgresql_ops={"point_no": "gin_trgm_ops"},
            postgresql_where=text("valid_to IS NULL"),
        ),
        ForeignKeyConstraint(["class_code", "sub_code"], ["pipe_class.class_code", "pipe_class.sub_code"]),
    )

    id: Mapped[Id]
    survey: Mapped[str] = mapped_column(String(32))  # 测区: point numbers are unique inside it
    point_no: Mapped[str] = mapped_column(String(64))
    class_code: Mapped[str] = mapped_column(String(2))
    sub_code: Mapped[str] = mapped_column(String(2))
    element_code: Mapped[str] = mapped_column(String(8), server_default="")
    feature: Mapped[str] = mapped_column(String(32), server_default="")  # 特征
    appendage: Mapped[str] = mapped_column(String(32), server_default="")  # 附属物
    ground_level: Mapped[float | None]
    well_depth_m: Mapped[float | None]
    cover_shape: Mapped[str] = mapped_column(String(16), server_default="")
    cover_material: Mapped[str] = mapped_column(String(16), server_default="")
    cover_size_mm: Mapped[str] = mapped_column(String(16), server_default="")
    is_open: Mapped[bool | None]  # valves: whether it lets through; unknown when empty
    address: Mapped[str] = mapped_column(server_default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    unit_grid_id: Mapped[int | None] = mapped_column(ForeignKey("unit_grid.id"), index=True)
    usage_status: Mapped[str] = mapped_column(ForeignKey("usage_status.code"), server_default="0")
    built_on: Mapped[date | None]
    surveyed_on: Mapped[date | None]
    survey_unit: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")
    geom: Mapped[WKBElement] = geometry("POINT")


class PipeSegment(Surveyed, Base):
    """管线段: one pipe, duct or cable run between two points.

    Heights of ``geom`` are the pipe's centre at each vertex (m, 1985 datum), NaN where no level is known.
    ``start_level`` and ``end_level`` are the pipe levels of the survey, crown or invert by the class's depth
    reference; ``start_depth_m`` and ``end_depth_m`` measure down to that same line from the ground, negative
    overhead. ``length_m`` is measured in plan.
    """

    __tablename__ = "pipe_segment"
    __table_args__ = (
        Validity.check(),
        Index(
            "uq_pipe_segment_survey_segment_no",
            "survey",
            "segment_no",
            unique=True,
            postgresql_where=text("valid_to IS NULL"),
        ),
        Index(  # finds a number by any part of it
            "ix_pipe_segment_segment_no_parts",
            "segment_no",
            postgresql_using="gin",
            postgresql_ops={"segment_no": "gin_trgm_ops"},
            postgresql_where=text("valid_to IS NULL"),
        ),
        ForeignKeyConstraint(["class_code", "sub_code"], ["pipe_class.class_code", "pipe_class.sub_code"]),
        CheckConstraint("start_point_id <> end_point_id", name="two_points"),
        CheckConstraint("used_holes >= 0 AND total_holes >= 0", name="holes"),
        CheckConstraint("width_mm IS NULL OR width_mm > 0", name="has_width"),
        CheckConstraint("height_mm IS NULL OR height_mm > 0", name="has_height"),
        CheckConstraint("flow_direction IN ('+', '-', '0')", name="flow"),
        CheckConstraint("pressure_mpa IS NULL OR pressure_mpa >= 0", name="pressure"),
        CheckConstraint("voltage_kv IS NULL OR voltage_kv >= 0", name="voltage"),
        Index("ix_pipe_segment_start_point_id", "start_point_id"),
        Index("ix_pipe_segment_end_point_id", "end_point_id"),
        Index("ix_pipe_segment_class", "class_code", "sub_code"),
    )

    id: Mapped[Id]
    survey: Mapped[str] = mapped_column(String(32))
    segment_no: Mapped[str] = mapped_column(String(64))
    class_code: Mapped[str] = mapped_column(String(2))
    sub_code: Mapped[str] = mapped_column(String(2))
    element_code: Mapped[str] = mapped_column(String(8), server_default="")
    start_point_id: Mapped[int] = mapped_column(ForeignKey("pipe_point.id"))
    end_point_id: Mapped[int] = mapped_column(ForeignKey("pipe_point.id"))
    start_depth_m: Mapped[float | None]
    end_depth_m: Mapped[float | None]
    start_level: Mapped[float | None]
    end_level: Mapped[float | None]
    size: Mapped[str] = mapped_column(String(20), server_default="")  # as surveyed: "300" or "1200X800", mm
    width_mm: Mapped[int | None]  # outer width; of a round pipe the diameter
    height_mm: Mapped[int | None]
    material: Mapped[str | None] = mapped_column(ForeignKey("pipe_material.code"))
    laying: Mapped[str | None] = mapped_column(ForeignKey("laying_method.code"))
    pressure_mpa: Mapped[float | None]
    pressure_band: Mapped[str | None] = mapped_column(ForeignKey("pressure_band.code"))
    voltage_kv: Mapped[float | None]
    temperature_c: Mapped[int | None]
    cable_count: Mapped[int | None]
    total_holes: Mapped[int | None]
    used_holes: Mapped[int | None]
    flow_direction: Mapped[str] = mapped_column(String(1), server_default="0")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    year_laid: Mapped[int | None]
    usage_status: Mapped[str] = mapped_column(ForeignKey("usage_status.code"), server_default="0")
    road_name: Mapped[str] = mapped_column(server_default="")
    data_source: Mapped[str] = mapped_column(String(16), server_default="")
    surveyed_on: Mapped[date | None]
    survey_unit: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")
    geom: Mapped[WKBElement] = geometry("LINESTRINGZ")
    length_m: Mapped[float] = mapped_column(Computed("ST_Length(geom)", persisted=True))
