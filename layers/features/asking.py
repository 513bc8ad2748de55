"""Which features somebody asks for: box, time, equal values, a filter. One for pages, counts and files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, FromClause, and_, column, false, func, or_, select, table
from sqlalchemy.orm import Session

from gis.errors import InvalidInput
from gis.filtering import translator
from gis.filtering.table import Column, Type
from gis.filtering.values import TYPE_WORDS, read_value
from gis.filtering.values import read_span as value_span
from gis.i18n import _
from gis.settings import get_settings
from layers.features.places import place_in_city, shape_sql
from layers.features.properties import Property, column_types, properties_of, shape_type
from layers.features.systems import LONLAT, System
from layers.layer import Layer

# What may be done to ``geometry`` in a filter: the relations of OGC Simple Features.
SPATIAL = MappingProxyType(
    {
        f"s_{name}": f"ST_{name}"
        for name in (
            "intersects", "disjoint", "equals", "touches", "within", "contains", "overlaps", "crosses",
        )
    }
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked; the parts narrow each other.

    Attributes
    ----------
    box : in the city's CRS; features that touch it
    heights : metres; lines that lie wholly below or above are left out where their heights are known
    span : first and last moment; states in force then, or rows whose moment lies in it
    equal : ``{property: value}`` as text
    filter : CQL2 text or JSON, its coordinates in ``filter_system``
    """

    box: BaseGeometry | None = None
    heights: tuple[float, float] | None = None
    span: tuple[datetime, datetime] | None = None
    equal: Mapping[str, str] = field(default_factory=dict)
    filter: str | dict[str, Any] | None = None
    filter_system: System = LONLAT


class Asked:
    """A question made ready for a layer: the view it reads, its properties, its conditions.

    Raises
    ------
    InvalidInput
        A property, a value or the filter cannot be used; ``errors`` say where.
    """

    def __init__(self, session: Session, layer: Layer, question: Question | None = None) -> None:
        self.session, self.layer = session, layer
        self.question = question or Question()
        past = self.question.span is not None and bool(layer.ever)
        self.source = layer.ever if past else layer.source
        self.properties = properties_of(session, layer, self.source)
        shape = shape_type(session, self.source)
        self.geometry_type = shape.removesuffix("Z")
        self.has_heights = shape.endswith("Z") or shape == "GEOMETRY"
        self.rows = self.view("s")
        self.conditions = list(self._conditions())

    def view(self, alias: str) -> FromClause:
        """The view under a name of its own."""
        schema, _dot, name = self.source.rpartition(".")
        columns = ("id", "geom", *column_types(self.session, self.source))
        return table(name, *map(column, dict.fromkeys(columns)), schema=schema or None).alias(alias)

    def find(self, name: str) -> Property | None:
        """The property of a name."""
        return next((one for one in self.properties if one.name == name), None)

    @property
    def ids(self) -> Any:
        """The ids of all that is asked for, as a statement without an order."""
        return select(self.rows.c.id).where(*self.conditions)

    def _conditions(self) -> list[ColumnElement[bool]]:
        question, columns = self.question, self.rows.c
        found: list[ColumnElement[bool]] = [columns[self.layer.drawn]] if self.layer.drawn else []
        if question.box is not None:
            found.append(
                false()
                if question.box.is_empty
                else func.ST_Intersects(columns.geom, shape_sql(question.box))
            )
        if question.heights is not None and self.has_heights:
            found.append(_between(columns.geom, *question.heights))
        if question.span is not None:
            found += self._in_span(*question.span)
        found += [self._equals(name, value) for name, value in question.equal.items()]
        filtered = translator.condition(_Words(self), question.filter)
        return found if filtered is None else [*found, filtered]

    def _in_span(self, begin: datetime, end: datetime) -> list[ColumnElement[bool]]:
        columns = self.rows.c
        if self.layer.ever:
            first, last = (moment.astimezone(get_settings().zone).date() for moment in (begin, end))
            return [
                columns.valid_from <= last,
                or_(columns.valid_to.is_(None), columns.valid_to > first),
            ]
        return [columns[self.layer.times].between(begin, end)] if self.layer.times else []

    def _equals(self, name: str, said: str) -> ColumnElement[bool]:
        one = self.find(name)
        value = None if one is None else _from_text(one.type, said)
        if one is None or value is None:
            kind = _(TYPE_WORDS[one.type]) if one else ""
            raise InvalidInput(
                _("{name} is compared with {kind}, not with {value}").format(
                    name=name, kind=kind, value=said[:60]
                ),
                errors=[{"pointer": f"/{name}", "detail": said[:60]}],
            )
        made: ColumnElement[bool] = self.rows.c[name] == value
        return made


class _Words:
    """The properties of a layer as the words of a filter (:class:`gis.filtering.table.Table`)."""

    spatial = SPATIAL
    temporal = True

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    def find(self, name: str) -> Column | None:
        if name == "id":
            return Column("id", Type.WHOLE, self.asked.rows.c.id)
        one = self.asked.find(name)
        return Column(name, one.type, self.asked.rows.c[name]) if one else None

    def names(self) -> list[str]:
        return ["id", *(one.name for one in self.asked.properties)]

    @property
    def geometry(self) -> ColumnElement[Any]:
        column_: ColumnElement[Any] = self.asked.rows.c.geom
        return column_

    def place(self, said: Any) -> ColumnElement[Any]:
        return shape_sql(place_in_city(said, self.asked.question.filter_system))


def _between(geom: ColumnElement[Any], low: float, high: float) -> ColumnElement[bool]:
    """Lines that reach into a range of heights; PostgreSQL holds an unknown one (NaN) above all others."""
    lowest, highest = func.ST_ZMin(geom), func.ST_ZMax(geom)
    unknown = or_(lowest == float("nan"), highest == float("nan"))
    return or_(func.ST_NDims(geom) == 2, unknown, and_(lowest <= high, highest >= low))


def _from_text(kind: Type, said: str) -> Any:
    """A value of the address in the type of a property; None where it is none."""
    if kind is Type.YES:
        return {"true": True, "false": False}.get(said.lower())
    if kind in (Type.WHOLE, Type.NUMBER):
        try:
            return read_value(kind, float(said))
        except ValueError:
            return None
    return read_value(kind, said)


def read_span(said: str, pointer: str = "/datetime") -> tuple[datetime, datetime]:
    """``2024-05-01``, a moment with its offset, or two of them with a slash between; ``..`` is an open end.

    A day is the whole day by the city's clocks.

    Raises
    ------
    InvalidInput
        It is none of these, or ends before it begins.
    """
    ends = [part.strip() or ".." for part in said.split("/")] if said.strip() else []
    asked: Any = ends[0] if len(ends) == 1 else {"interval": ends}
    span = value_span(Type.MOMENT, asked) if len(ends) in (1, 2) and ends != [".."] else None
    if span is None:
        raise InvalidInput(
            _("{text} is no day, moment or interval; write 2024-05-01, 2024-05-01T08:00:00Z or a/b").format(
                text=said[:60]
            ),
            errors=[{"pointer": pointer, "detail": said[:60]}],
        )
    return span
