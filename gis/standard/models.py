"""The tables of the standards. Natural keys throughout: other tables refer to them by the codes people write.

What is shipped comes from ``data/*.csv`` by :mod:`gis.standard.seed` at each upgrade. Every row says where it
was read (``source``) and how far it may be trusted (``status``). A number that an administrator may correct
keeps the shipped value beside ``corrected_value``; readers take the generated column ``…_in_force``.
"""

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Numeric,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from gis.database import Base
from gis.standard.columns import CodedName, Correctable, Metres, Named, Sourced, signed_correction


class TrustLevel(Base):
    """How far a row of these tables may be trusted; ``is_firm`` false = say so to whoever reads a finding."""

    __tablename__ = "trust_level"

    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    is_firm: Mapped[bool]


class Edition(Named, Sourced, Base):
    """One edition of a standard, or a city's list that follows one. Codes mean nothing without it."""

    __tablename__ = "edition"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))  # in_use, superseded, draft, local
    grid_parts: Mapped[str | None] = mapped_column(String(16))  # "6+3+3+3": digits of a unit grid's code
    component_parts: Mapped[str | None] = mapped_column(String(16))  # "6+2+2+6"
    local_minor_from: Mapped[int | None] = mapped_column(SmallInteger)  # minors from here are a city's own
    note: Mapped[str | None] = mapped_column(Text)


class ObjectClass(Named, Sourced, Base):
    """部件 or 事件 class; ``code`` is major + minor. Event majors 04 and 05 swap between editions."""

    __tablename__ = "object_class"

    edition: Mapped[str] = mapped_column(String(32), ForeignKey("edition.code"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(9), primary_key=True)
    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    major_code: Mapped[str] = mapped_column(String(2))
    major_name_zh: Mapped[str] = mapped_column(Text)
    major_name_en: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(String(16))  # national, local_ext

    __table_args__ = (
        CheckConstraint("kind IN ('component', 'event')", name="kind"),
        CheckConstraint(
            "code ~ '^[0-9]{4,5}$' AND left(code, 2) = major_code", name="code_begins_with_major"
        ),
    )


class LimitUnit(Named, Sourced, Base):
    """What a time limit is counted in. ``is_continuous``: runs through nights, weekends and holidays."""

    __tablename__ = "limit_unit"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    is_continuous: Mapped[bool]
    minutes: Mapped[int]  # of natural time where continuous, else of working time


class FilingRule(Correctable, Sourced, Base):
    """立案条件: one condition on which a city files a case, its time limit and what closes it.

    Limits are a city's, never the nation's: ``city`` says whose. A comparison row of another city whose
    numbering fits no loaded edition has no ``class_code``.
    """

    __tablename__ = "filing_rule"

    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    city: Mapped[str] = mapped_column(String(16))
    edition: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(9))
    class_code: Mapped[str | None] = mapped_column(String(5))
    class_name_zh: Mapped[str] = mapped_column(Text)  # as the city prints it
    condition_zh: Mapped[str] = mapped_column(Text)
    condition_en: Mapped[str] = mapped_column(Text)
    limit_value: Mapped[float] = mapped_column(Numeric(10, 3, asdecimal=False))
    limit_unit: Mapped[str] = mapped_column(String(16), ForeignKey("limit_unit.code"))
    closing_zh: Mapped[str] = mapped_column(Text)
    closing_en: Mapped[str] = mapped_column(Text)
    corrected_unit: Mapped[str | None] = mapped_column(
        String(16), ForeignKey("limit_unit.code"), sort_order=95
    )
    limit_value_in_force: Mapped[float] = mapped_column(
        Numeric(10, 3, asdecimal=False),
        Computed("coalesce(corrected_value, limit_value)", persisted=True),
        sort_order=99,
    )
    limit_unit_in_force: Mapped[str] = mapped_column(
        String(16), Computed("coalesce(corrected_unit, limit_unit)", persisted=True), sort_order=99
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["edition", "kind", "class_code"],
            ["object_class.edition", "object_class.kind", "object_class.code"],
        ),
        CheckConstraint("(edition IS NULL) = (class_code IS NULL)", name="class_has_edition"),
        CheckConstraint("kind IN ('component', 'event')", name="kind"),
        CheckConstraint("limit_value > 0 AND coalesce(corrected_value, 1) > 0", name="limit_is_positive"),
        CheckConstraint(
            "corrected_unit IS NULL OR corrected_value IS NOT NULL", name="corrected_unit_has_value"
        ),
        signed_correction(),
    )


class PipeMainClass(Named, Sourced, Base):
    """The eight classes of lines (CJJ 61-2017 appendix B): JS, PS, RQ, RL, DL, TX, GY, QT."""

    __tablename__ = "pipe_main_class"

    class_code: Mapped[str] = mapped_column(String(2), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger)  # second digit of an element code
    rgb_hex: Mapped[str] = mapped_column(String(7))
    dash: Mapped[str] = mapped_column(String(32))  # SVG dash array, "" = solid; ours
    is_gravity: Mapped[bool]  # flows by its fall: traced by level, drawn by invert
    can_be_isolated: Mapped[bool]  # valves are shut on a burst


class PipeClass(Named, Sourced, Base):
    """A sub-class of lines. Sub-codes repeat elsewhere with other meanings, so the key is the pair."""

    __tablename__ = "pipe_class"

    class_code: Mapped[str] = mapped_column(
        String(2), ForeignKey("pipe_main_class.class_code"), primary_key=True
    )
    sub_code: Mapped[str] = mapped_column(String(2), primary_key=True)
    rgb_hex: Mapped[str] = mapped_column(String(7))
    colour_zh: Mapped[str] = mapped_column(Text)
    colour_en: Mapped[str] = mapped_column(Text)
    dash: Mapped[str] = mapped_column(String(32))
    depth_reference: Mapped[str] = mapped_column(String(24))
    depth_reference_in_trench: Mapped[str] = mapped_column(String(24))
    depth_reference_status: Mapped[str] = mapped_column(String(24), ForeignKey("trust_level.code"))
    depth_reference_source: Mapped[str] = mapped_column(Text)


class PipeClassAlias(Sourced, Base):
    """Another name under which files bring a class: DX of the 2003 edition, TV of some cities."""

    __tablename__ = "pipe_class_alias"

    alias: Mapped[str] = mapped_column(String(16), primary_key=True)
    class_code: Mapped[str] = mapped_column(String(2), ForeignKey("pipe_main_class.class_code"))
    sub_code: Mapped[str | None] = mapped_column(String(2))
    note: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        ForeignKeyConstraint(["class_code", "sub_code"], ["pipe_class.class_code", "pipe_class.sub_code"]),
    )


class PipeMaterial(CodedName, Base):
    """材质 (CJJ 61-2017 C.0.1)."""

    __tablename__ = "pipe_material"


class LayingMethod(CodedName, Base):
    """埋设方式 (CJJ 61-2017 C.0.2)."""

    __tablename__ = "laying_method"

    is_trench: Mapped[bool] = mapped_column(server_default=false())  # depth to the inside bottom instead
    is_overhead: Mapped[bool] = mapped_column(server_default=false())  # depths are negative


class UsageStatus(CodedName, Base):
    """使用状态 (CJJ 61-2017 C.0.3): "0" in use … "3" other."""

    __tablename__ = "usage_status"


class FlowDirection(CodedName, Base):
    """流向 of a line relative to its drawing: "+", "-" or "0"."""

    __tablename__ = "flow_direction"


class DataOrigin(CodedName, Base):
    """数据来源 of a line: "1" surveyed, "2" working drawing, "3" as-built drawing, "4" presumed."""

    __tablename__ = "data_origin"


class ComponentState(CodedName, Base):
    """部件状态: intact, broken, lost, abandoned, occupied. The codes are ours."""

    __tablename__ = "component_state"


class PlaceType(CodedName, Base):
    """基本地点类型 of address geocoding (GB/T 30428.3): region, tract, sub-tract, street, plate, POI."""

    __tablename__ = "place_type"


class AccuracyClass(Correctable, CodedName, Base):
    """How exactly a component is placed: A, B, C, by the mean square error in plan."""

    __tablename__ = "accuracy_class"

    rmse_m: Mapped[float] = mapped_column(Metres)
    rmse_m_in_force: Mapped[float] = mapped_column(
        Metres, Computed("coalesce(corrected_value, rmse_m)", persisted=True), sort_order=99
    )

    __table_args__ = (signed_correction(),)


class PressureBand(Correctable, CodedName, Base):
    """Gas pressure classes, each up to ``upper_mpa``, where the next begins. Above the last: no class."""

    __tablename__ = "pressure_band"

    upper_mpa: Mapped[float] = mapped_column(Metres)
    upper_included: Mapped[bool]
    upper_mpa_in_force: Mapped[float] = mapped_column(
        Metres, Computed("coalesce(corrected_value, upper_mpa)", persisted=True), sort_order=99
    )

    __table_args__ = (signed_correction(),)


class PointKind(Named, Sourced, Base):
    """特征 or 附属物 that a survey point of one class of lines may be."""

    __tablename__ = "point_kind"

    class_code: Mapped[str] = mapped_column(
        String(2), ForeignKey("pipe_main_class.class_code"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(9), primary_key=True)
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    acts_as: Mapped[str | None] = mapped_column(String(16))  # valve, hydrant, meter, source, … ; ours
    joins: Mapped[int | None] = mapped_column(SmallInteger)  # lines that must meet there, where fixed

    __table_args__ = (
        UniqueConstraint("class_code", "role", "name_zh"),
        CheckConstraint("role IN ('feature', 'appendage')", name="role"),
    )


class PipelineField(Named, Sourced, Base):
    """A column of the survey tables 点表 and 线表 as cities exchange them."""

    __tablename__ = "pipeline_field"

    table_name: Mapped[str] = mapped_column("table_name", String(8), primary_key=True)  # point, line
    field: Mapped[str] = mapped_column(String(16), primary_key=True)
    type: Mapped[str] = mapped_column(String(24))
    unit: Mapped[str | None] = mapped_column(String(8))
    note: Mapped[str | None] = mapped_column(Text)


class ClearanceParty(CodedName, Base):
    """A row or column head of the clearance tables: a kind of line, tree, building, rail."""

    __tablename__ = "clearance_party"

    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    is_line: Mapped[bool]


class Clearance(Correctable, Sourced):
    """The least distance between two parties, face to face; each pair once, in the order of its letters."""

    @declared_attr
    def class_a(cls) -> Mapped[str]:  # noqa: N805
        return mapped_column(String(24), ForeignKey("clearance_party.code"), primary_key=True, sort_order=-2)

    @declared_attr
    def class_b(cls) -> Mapped[str]:  # noqa: N805
        return mapped_column(String(24), ForeignKey("clearance_party.code"), primary_key=True, sort_order=-1)

    min_clearance_m: Mapped[float] = mapped_column(Metres)
    note: Mapped[str | None] = mapped_column(Text)
    min_clearance_m_in_force: Mapped[float] = mapped_column(
        Metres, Computed("coalesce(corrected_value, min_clearance_m)", persisted=True), sort_order=99
    )

    @declared_attr.directive
    def __table_args__(cls) -> tuple[CheckConstraint, ...]:  # noqa: N805
        # COLLATE "C": the order must not depend on the server's language.
        pair = CheckConstraint('class_a COLLATE "C" <= class_b COLLATE "C"', name="pair_in_order")
        return (pair, signed_correction())


class ClearanceHorizontal(Clearance, Base):
    """GB 50289-2016 table 4.1.9."""

    __tablename__ = "clearance_horizontal"


class ClearanceVertical(Clearance, Base):
    """GB 50289-2016 table 4.1.14."""

    __tablename__ = "clearance_vertical"


class LeastCover(Correctable, Sourced, Base):
    """GB 50289-2016 table 4.1.1: least soil above a line's outer crown."""

    __tablename__ = "least_cover"

    party: Mapped[str] = mapped_column(String(24), ForeignKey("clearance_party.code"), primary_key=True)
    laying: Mapped[str] = mapped_column(String(24), primary_key=True)
    surface: Mapped[str] = mapped_column(String(16), primary_key=True)  # carriageway, non_carriageway
    laying_zh: Mapped[str] = mapped_column(Text)
    laying_en: Mapped[str] = mapped_column(Text)
    cover_m: Mapped[float | None] = mapped_column(Metres)  # null: the table gives none
    note: Mapped[str | None] = mapped_column(Text)
    cover_m_in_force: Mapped[float | None] = mapped_column(
        Metres, Computed("coalesce(corrected_value, cover_m)", persisted=True), sort_order=99
    )

    __table_args__ = (
        CheckConstraint("surface IN ('carriageway', 'non_carriageway')", name="surface"),
        signed_correction(),
    )


class PipeParty(Sourced, Base):
    """Under which heads of the clearance and cover tables a line stands; the first row that fits decides.

    NULL fits every line; ``most_mm`` is the greatest width the row fits, an unknown width fits only NULL. A
    party that is NULL: the tables are silent about such lines, which is never a pass.
    """

    __tablename__ = "pipe_party"

    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    class_code: Mapped[str] = mapped_column(String(2), ForeignKey("pipe_main_class.class_code"))
    sub_code: Mapped[str | None] = mapped_column(String(2))
    laying: Mapped[str | None] = mapped_column(ForeignKey("laying_method.code"))
    pressure_band: Mapped[str | None] = mapped_column(ForeignKey("pressure_band.code"))
    material: Mapped[str | None] = mapped_column(ForeignKey("pipe_material.code"))
    most_mm: Mapped[int | None]
    horizontal: Mapped[str | None] = mapped_column(ForeignKey("clearance_party.code"))
    vertical: Mapped[str | None] = mapped_column(ForeignKey("clearance_party.code"))
    cover: Mapped[str | None] = mapped_column(ForeignKey("clearance_party.code"))
    cover_laying: Mapped[str | None] = mapped_column(String(24))
    note: Mapped[str | None] = mapped_column(Text)


class ProtectionRange(Correctable, Named, Sourced, Base):
    """How far on each side of a line digging is forbidden (protection) or must be agreed (control)."""

    __tablename__ = "protection_range"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    zone: Mapped[str] = mapped_column(String(16), primary_key=True)
    class_code: Mapped[str] = mapped_column(String(2), ForeignKey("pipe_main_class.class_code"))
    scope: Mapped[str] = mapped_column(String(16))  # national, or whose local rule
    pressure_bands: Mapped[str | None] = mapped_column(String(32))  # "LP MPB MPA"; null: not asked
    distance_m: Mapped[float | None] = mapped_column(Metres)  # null: none fixed
    note: Mapped[str | None] = mapped_column(Text)
    distance_m_in_force: Mapped[float | None] = mapped_column(
        Metres, Computed("coalesce(corrected_value, distance_m)", persisted=True), sort_order=99
    )

    __table_args__ = (
        CheckConstraint("zone IN ('protection', 'control')", name="zone"),
        signed_correction(),
    )
