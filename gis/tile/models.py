"""What tiles are made of: rows in the projection of tiles, lines merged and points counted, and what changed.

Nothing here is known that the city's own tables do not say. Triggers (``gis/sql/triggers/tiles.sql``) and
:mod:`gis.tile.settling` keep it; :func:`gis.tile.settling.rebuild` makes all of it anew.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, Index, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from gis.columns import Id
from gis.database import Base

MERCATOR = 3857


def flat(kind: str, *, index: bool = True, sort_order: int = 0) -> Any:
    """A geometry in the projection of tiles, without heights."""
    return mapped_column(Geometry(kind, srid=MERCATOR, spatial_index=index), sort_order=sort_order)


class DataChange(Base):
    """Something of a dataset changed in a cell of the tile pyramid (zoom 13).

    ``stamp`` is a number drawn by lot: the stamps of some cells, put together by exclusive or, name the state
    of what lies there. Rows of a cell are put together into one without changing that name. Unsettled: lines
    merged and points counted do not show it yet.
    """

    __tablename__ = "data_change"
    __table_args__ = (
        Index("ix_data_change_cell", "dataset", "x", "y"),
        Index("ix_data_change_unsettled", "dataset", "id", postgresql_where=text("NOT settled")),
    )

    id: Mapped[Id]
    dataset: Mapped[str] = mapped_column(String(32))
    x: Mapped[int]
    y: Mapped[int]
    stamp: Mapped[int] = mapped_column(
        BigInteger, server_default=text("floor(random() * 9007199254740992)::bigint")
    )
    settled: Mapped[bool] = mapped_column(server_default=text("false"))


class TileLine(Base):
    """Lines of one kind that begin in one tile, as one, simplified to half a pixel of it."""

    __tablename__ = "tile_line"
    __table_args__ = (Index("ix_tile_line_cell", "dataset", "z", "x", "y"),)

    id: Mapped[Id]
    dataset: Mapped[str] = mapped_column(String(32))
    z: Mapped[int] = mapped_column(SmallInteger)
    x: Mapped[int]
    y: Mapped[int]
    kind: Mapped[dict[str, str]] = mapped_column(JSONB)
    geom: Mapped[WKBElement] = flat("GEOMETRY")


class TileCount(Base):
    """How many points lie in a cell of a tile, and where on average; ``x`` and ``y`` number the cells."""

    __tablename__ = "tile_count"

    dataset: Mapped[str] = mapped_column(String(32), primary_key=True)
    z: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    x: Mapped[int] = mapped_column(primary_key=True)
    y: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]
    easting: Mapped[float]
    northing: Mapped[float]


def _ends_index(table: str) -> Index:
    return Index(f"ix_{table}_ends_on", "ends_on", postgresql_where=text("ends_on IS NOT NULL"))


class TileRow:
    """A row in force as tiles show it; ``ends_on`` is when it stops to be, where that is known."""

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    ends_on: Mapped[date | None] = mapped_column(sort_order=90)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Index, ...]:  # noqa: N805 - how SQLAlchemy writes it for a mixin
        return (_ends_index(cls.__tablename__),)  # type: ignore[attr-defined]


class Labelled(TileRow):
    """A polygon with the point where its words stand."""

    label: Mapped[WKBElement] = flat("POINT", index=False, sort_order=91)
    geom: Mapped[WKBElement] = flat("GEOMETRY", sort_order=92)


class Merged(TileRow):
    """A line, and the cell of zoom 13 in which it begins."""

    cell_x: Mapped[int] = mapped_column(sort_order=91)
    cell_y: Mapped[int] = mapped_column(sort_order=91)
    geom: Mapped[WKBElement] = flat("LINESTRING", sort_order=92)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Index, ...]:  # noqa: N805
        name: str = cls.__tablename__  # type: ignore[attr-defined]
        return (_ends_index(name), Index(f"ix_{name}_cell", "cell_x", "cell_y"))


class TileArea(Labelled, Base):
    """Rows of the layer areas."""

    __tablename__ = "tile_area"

    code: Mapped[str]
    level: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]


class TileUnitGrid(Labelled, Base):
    """Rows of the layer unit_grids."""

    __tablename__ = "tile_unit_grid"

    code: Mapped[str]


class TileDutyGrid(Labelled, Base):
    """Rows of the layer duty_grids."""

    __tablename__ = "tile_duty_grid"

    code: Mapped[str]
    name: Mapped[str]


class TileBuilding(TileRow, Base):
    """Rows of the layer buildings."""

    __tablename__ = "tile_building"

    geom: Mapped[WKBElement] = flat("GEOMETRY", sort_order=92)


class TileRoad(Merged, Base):
    """Rows of the layer roads."""

    __tablename__ = "tile_road"

    grade: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]


class TilePipeSegment(Merged, Base):
    """Rows of the layer pipe_segments."""

    __tablename__ = "tile_pipe_segment"

    class_code: Mapped[str]
    sub_code: Mapped[str]
    size: Mapped[str]
    flow_direction: Mapped[str]


class TilePipePoint(TileRow, Base):
    """Rows of the layer pipe_points."""

    __tablename__ = "tile_pipe_point"

    class_code: Mapped[str]
    sub_code: Mapped[str]
    mark: Mapped[str]
    geom: Mapped[WKBElement] = flat("POINT", sort_order=92)


class TileComponent(TileRow, Base):
    """Rows of the layer components."""

    __tablename__ = "tile_component"

    major_code: Mapped[str]
    class_zh: Mapped[str | None]
    class_en: Mapped[str | None]
    geom: Mapped[WKBElement] = flat("POINT", sort_order=92)
