"""部件: manhole covers, lamps, bins, benches … each with one place, one class, one grid."""

from __future__ import annotations

from geoalchemy2 import WKBElement
from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis.columns import Id, Validity, geometry
from gis.database import Base


class Component(Validity, Base):
    """A component (GB/T 30428.2 fields, from secondary sources). ``code`` has 16 digits."""

    __tablename__ = "component"
    __table_args__ = (
        Validity.check(),
        UniqueConstraint("code"),
        ForeignKeyConstraint(
            ["edition", "kind", "class_code"],
            ["object_class.edition", "object_class.kind", "object_class.code"],
        ),
        Index("ix_component_class", "class_code"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(16))
    edition: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16), server_default="component")
    class_code: Mapped[str] = mapped_column(String(5))
    name: Mapped[str]
    state: Mapped[str] = mapped_column(ForeignKey("component_state.code"), server_default="intact")
    unit_grid_id: Mapped[int] = mapped_column(ForeignKey("unit_grid.id"), index=True)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))  # 主管部门
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))  # 权属单位
    maintainer_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))  # 养护单位
    data_source: Mapped[str] = mapped_column(String(16), server_default="surveyed")
    note: Mapped[str] = mapped_column(server_default="")
    geom: Mapped[WKBElement] = geometry("POINT")
