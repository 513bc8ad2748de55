"""What somebody asks about: which rows, of which place, on which day. One for lists, sums and exports."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import shapely
from geoalchemy2.shape import to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from gis.errors import InvalidInput, NotFound
from gis.grid.models import Area, AreaLevel, DutyGrid, UnitGrid
from gis.i18n import _
from gis.pipeline.areas import (
    Corridor,
    area_in_city,
    area_sql,
    box_in_city,
    check_distance,
    line_in_city,
    road_lines,
)
from gis.pipeline.filtering import condition
from gis.pipeline.frame import Frame, Kind
from gis.settings import get_settings


def city_day() -> date:
    """The day it is in the city."""
    return datetime.now(get_settings().zone).date()


@dataclass(frozen=True, kw_only=True)
class Buffer:
    """A corridor: along a GeoJSON LineString (degrees) or a road by name or code."""

    distance_m: float
    line: dict[str, Any] | None = None
    road: str | None = None


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which rows. ``filter`` is CQL2 text or JSON; the parts narrow each other.

    ``community`` is the code of a community, street or district, ``grid`` that of a unit grid or duty grid: a
    segment counts where its starting point stands, so that the parts of a city add up to the whole. ``clip``
    takes what lies inside the area instead, and of lines across its edge only what is inside.
    """

    kind: Kind = Kind.SEGMENTS
    filter: str | dict[str, Any] | None = None
    bbox: tuple[float, float, float, float] | None = None
    area: dict[str, Any] | None = None
    buffer: Buffer | None = None
    community: str | None = None
    grid: str | None = None
    as_of: date | None = None
    clip: bool = False


class Asked:
    """A question made ready: its frame, its conditions, the area that lengths are cut to."""

    def __init__(self, session: Session, question: Question) -> None:
        self.session, self.question = session, question
        self.frame = Frame(question.kind, question.as_of, city_day())
        self.cut: BaseGeometry | None = None
        self.conditions: list[ColumnElement[bool]] = [self.frame.in_force]
        self._place()
        found = condition(self.frame, question.filter)
        if found is not None:
            self.conditions.append(found)

    @cached_property
    def cut_sql(self) -> ColumnElement[Any] | None:
        """The area that lengths are cut to, None where they are not."""
        return None if self.cut is None else area_sql(self.cut)

    def _place(self) -> None:
        question, row = self.question, self.frame.row
        areas: list[BaseGeometry] = []
        if question.bbox is not None:
            areas.append(box_in_city(question.bbox))
        if question.area is not None:
            areas.append(area_in_city(question.area))
        if question.clip:
            areas += [
                self._shape_of(code, levels)
                for code, levels in ((question.community, _AREAS), (question.grid, _GRIDS))
                if code is not None
            ]
        else:
            self._where_it_starts()
        self.conditions += [func.ST_Intersects(row.geom, area_sql(area)) for area in areas]
        if question.buffer is not None:
            corridor = self._corridor(question.buffer)
            self.conditions.append(corridor.covers(row.geom))
            areas.append(corridor.area)
        if question.clip:
            if not areas:
                raise InvalidInput(_("clip needs an area to cut to"), errors=[{"pointer": "/clip"}])
            self.cut = shapely.intersection_all(areas) if len(areas) > 1 else areas[0]

    def _corridor(self, buffer: Buffer) -> Corridor:
        distance_m = check_distance(buffer.distance_m)
        if (buffer.line is None) == (buffer.road is None):
            raise InvalidInput(
                _("A buffer runs along either a line or a road"), errors=[{"pointer": "/buffer"}]
            )
        if buffer.line is not None:
            return Corridor(line_in_city(buffer.line, "/buffer/line"), distance_m)
        return Corridor(road_lines(self.session, buffer.road or ""), distance_m)

    def _where_it_starts(self) -> None:
        if self.question.community is not None:
            area = self._find(_AREAS, self.question.community)
            column = {
                AreaLevel.COMMUNITY: lambda: self.frame.community.id,
                AreaLevel.STREET: lambda: self.frame.community.parent_id,
                AreaLevel.DISTRICT: lambda: self.frame.street.parent_id,
            }[AreaLevel(area.level)]()
            self.conditions.append(column == area.id)
        if self.question.grid is not None:
            grid = self._find(_GRIDS, self.question.grid)
            unit = self.frame.unit_grid
            self.conditions.append((unit.id if isinstance(grid, UnitGrid) else unit.duty_grid_id) == grid.id)

    def _shape_of(self, code: str, models: tuple[Any, ...]) -> BaseGeometry:
        return to_shape(self._find(models, code).geom)

    def _find(self, models: tuple[Any, ...], code: str) -> Any:
        for model in models:
            found = self.session.scalars(select(model).where(model.code == code)).one_or_none()
            if found is not None:
                return found
        pointer = "/community" if models is _AREAS else "/grid"
        raise NotFound(
            _("There is no area or grid {code}").format(code=code[:40]), errors=[{"pointer": pointer}]
        )


_AREAS = (Area,)
_GRIDS = (UnitGrid, DutyGrid)
