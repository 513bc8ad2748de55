"""The rows that a question is about, and the tables beside them that it turns out to need."""

from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, or_
from sqlalchemy.orm import aliased

from gis.grid.models import Area, DutyGrid, UnitGrid
from gis.i18n import N_
from gis.people.models import Department
from gis.pipeline.in_force import in_force
from gis.pipeline.models import PipePoint, PipeSegment


class Kind(StrEnum):
    """What is asked for."""

    SEGMENTS = N_("segments")
    POINTS = N_("points")


class Frame:
    """Segments or points in force on a day, joined to what is asked of them.

    A table is joined when an expression first names it, so that a count by class reads one table only. The
    joins never multiply rows: each finds one row or none.
    """

    def __init__(self, kind: Kind, as_of: date | None, today: date) -> None:
        self.kind = kind
        self.as_of = as_of
        self.day = as_of or today  # whose ages are told
        self.row: Any = PipeSegment if kind is Kind.SEGMENTS else PipePoint
        self._joins: list[tuple[Any, ColumnElement[bool]]] = []

    @property
    def in_force(self) -> ColumnElement[bool]:
        """The rows that count."""
        return in_force(self.row, self.as_of)

    @cached_property
    def start(self) -> Any:
        """The point where a segment begins; of a point, itself."""
        return self._point(self.row.start_point_id) if self.kind is Kind.SEGMENTS else self.row

    @cached_property
    def end(self) -> Any:
        """The point where a segment ends."""
        return self._point(self.row.end_point_id)

    @cached_property
    def unit_grid(self) -> Any:
        """The unit grid of the starting point: each segment counts in one grid and one community."""
        return self._join(UnitGrid, lambda grid: grid.id == self.start.unit_grid_id)

    @cached_property
    def community(self) -> Any:
        return self._join(Area, lambda area: area.id == self.unit_grid.community_id)

    @cached_property
    def street(self) -> Any:
        return self._join(Area, lambda area: area.id == self.community.parent_id)

    @cached_property
    def duty_grid(self) -> Any:
        return self._join(DutyGrid, lambda grid: grid.id == self.unit_grid.duty_grid_id)

    @cached_property
    def owner(self) -> Any:
        return self._join(Department, lambda department: department.id == self.row.owner_id)

    @property
    def source(self) -> FromClause | Any:
        """What to select from; ask when all expressions have been made."""
        joined: Any = self.row.__table__
        for table, on in self._joins:
            joined = joined.outerjoin(table, on)
        return joined

    def _point(self, named: ColumnElement[int]) -> Any:
        """The point that a segment names, in its state of the day."""
        if self.as_of is None:
            return self._join(PipePoint, lambda point: point.id == named)
        return self._join(
            PipePoint,
            lambda point: and_(or_(point.id == named, point.past_of == named), in_force(point, self.as_of)),
        )

    def _join(self, model: Any, on: Any) -> Any:
        table = aliased(model)
        condition = on(table)  # may join others first
        self._joins.append((table, condition))
        return table
