"""Filters (CQL2) over the attributes of the network: what they may name, and the areas they speak of."""

from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement

from gis.filtering import translator
from gis.filtering.table import Column
from gis.pipeline.areas import area_in_city, area_sql
from gis.pipeline.attributes import attributes_of, find_attribute
from gis.pipeline.frame import Frame


class _Network:
    """The words of a frame (:class:`gis.filtering.table.Table`)."""

    spatial = MappingProxyType({"s_intersects": "ST_Intersects", "s_within": "ST_CoveredBy"})
    temporal = False

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    def find(self, name: str) -> Column | None:
        attribute = find_attribute(self.frame.kind, name)
        if attribute is None or not attribute.filterable:
            return None
        return Column(attribute.name, attribute.type, attribute.of(self.frame))

    def names(self) -> list[str]:
        return [one.name for one in attributes_of(self.frame.kind) if one.filterable]

    @property
    def geometry(self) -> ColumnElement[Any]:
        column: ColumnElement[Any] = self.frame.row.geom
        return column

    def place(self, said: Any) -> ColumnElement[Any]:
        return area_sql(area_in_city(said, ""))


def condition(frame: Frame, said: str | dict[str, Any] | None) -> ColumnElement[bool] | None:
    """The rows of a frame that a filter asks for; see :func:`gis.filtering.translator.condition`."""
    return translator.condition(_Network(frame), said)
