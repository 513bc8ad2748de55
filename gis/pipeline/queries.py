"""Rows of the network by any attribute and place: lists a page at a time."""

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import shapely
from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from gis.crs import DOOR_SRID, transformer
from gis.errors import InvalidInput
from gis.filtering.table import Type
from gis.i18n import _
from gis.page import Page, read_cursor, write_cursor
from gis.pipeline.asking import Asked, Question, city_day
from gis.pipeline.attribute_words import words_of
from gis.pipeline.attributes import Attribute, attributes_of, find_attribute
from gis.pipeline.frame import Frame, Kind
from gis.pipeline.in_force import entity_id
from gis.settings import CITY_SRID

Item = dict[str, Any]


@dataclass(frozen=True)
class Order:
    """By which attribute a list is sorted, ties by id; unknown values stand last either way."""

    attribute: Attribute | None = None
    descending: bool = False

    @property
    def name(self) -> str:
        """How the sender writes it."""
        sign = "-" if self.descending else ""
        return f"{sign}{self.attribute.name}" if self.attribute else ""

    @classmethod
    def read(cls, kind: Kind, said: str | None) -> "Order":
        """``material`` or ``-length_m``; nothing: by id.

        Raises
        ------
        InvalidInput
            There is no such attribute.
        """
        if not said:
            return cls()
        attribute = find_attribute(kind, said.removeprefix("-"))
        if attribute is None:
            known = ", ".join(one.name for one in attributes_of(kind))
            raise InvalidInput(
                _("Cannot sort by {name}; sort by: {known}").format(name=said[:40], known=known),
                errors=[{"pointer": "/sort"}],
            )
        return cls(attribute, said.startswith("-"))


def rows_asked(
    session: Session, question: Question, limit: int, cursor: str | None = None, sort: str | None = None
) -> Page[Item]:
    """A page of segments or points with every attribute, titles of codes and the shape in degrees.

    ``id`` is what the row is known by at any time; a state of the past has the id of what lives.
    """
    asked = Asked(session, question)
    frame, order = asked.frame, Order.read(question.kind, sort)
    key = order.attribute.of(frame) if order.attribute else literal(None)
    # Which rows first, by the tables that the question needs; then all attributes of these few.
    statement = select(frame.row.id, key.label("key")).select_from(frame.source).where(*asked.conditions)
    found = session.execute(_ordered(statement, frame, order, cursor).limit(limit + 1)).all()
    shown = found[:limit]
    items = whole_rows(session, question, [row_id for row_id, _key in shown])
    if len(found) <= limit:
        return Page(items, None)
    last_id, last_key = shown[-1]
    return Page(items, _cursor_after(last_id, last_key, order))


def whole_rows(session: Session, question: Question, row_ids: list[int]) -> list[Item]:
    """Rows with all that is told of them, in the order given."""
    frame = Frame(question.kind, question.as_of, city_day())
    attributes = attributes_of(question.kind)
    columns = [one.of(frame).label(one.name) for one in attributes]
    statement = select(
        frame.row.id.label("_row"),
        entity_id(frame.row).label("id"),
        func.ST_AsBinary(func.ST_Force2D(frame.row.geom)).label("_shape"),
        *columns,
    )
    statement = statement.select_from(frame.source).where(frame.row.id.in_(row_ids))
    by_id = {row["_row"]: row for row in session.execute(statement).mappings()}
    rows = [by_id[row_id] for row_id in row_ids]
    items = [item_of(attributes, row) for row in rows]
    add_shapes(items, [bytes(row["_shape"]) for row in rows])
    add_titles(session, attributes, items)
    return items


def item_of(attributes: tuple[Attribute, ...], row: RowMapping) -> Item:
    """A row as it is told: id and attributes, NULL where a value is unknown."""
    return {"id": row["id"], **{one.name: plain(row[one.name]) for one in attributes}}


def plain(value: Any) -> Any:
    """A value of the database as JSON has it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def add_titles(session: Session, attributes: tuple[Attribute, ...], items: list[Item]) -> None:
    """Give each item ``titles``: the names of its codes in the reader's language."""
    for item in items:
        item["titles"] = {}
    for one in attributes:
        if not one.words:
            continue
        codes = {item[one.name] for item in items if item[one.name] is not None}
        words = words_of(session, one.words, codes) if codes else {}
        for item in items:
            if item[one.name] is not None:
                item["titles"][one.name] = words.get(item[one.name], item[one.name])


def add_shapes(items: list[Item], shapes: list[bytes]) -> None:
    """Give each item its ``geometry``, GeoJSON in degrees (EPSG:4490), to a tenth of a millimetre or so."""
    to_degrees = transformer(CITY_SRID, DOOR_SRID)
    degrees = shapely.transform(
        shapely.from_wkb(shapes), lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1]))
    )
    for item, shape in zip(items, degrees, strict=True):
        places = [[round(lon, 9), round(lat, 9)] for lon, lat in shapely.get_coordinates(shape).tolist()]
        item["geometry"] = {
            "type": shape.geom_type,
            "coordinates": places[0] if shape.geom_type == "Point" else places,
        }


def _ordered(statement: Select[Any], frame: Frame, order: Order, cursor: str | None) -> Select[Any]:
    row_id = frame.row.id
    if order.attribute is None:
        if cursor:
            (last,) = read_cursor(cursor, int)
            statement = statement.where(row_id > last)
        return statement.order_by(row_id)
    key = order.attribute.of(frame)
    if cursor:
        statement = statement.where(_after(frame, key, order, cursor))
    return statement.order_by((key.desc() if order.descending else key.asc()).nulls_last(), row_id)


def _after(frame: Frame, key: ColumnElement[Any], order: Order, cursor: str) -> ColumnElement[bool]:
    """The rows behind the last one shown; what has no key stands at the end, in the order of ids."""
    name, value, last = _read_key(cursor, order)
    if name != order.name:
        raise InvalidInput(
            _("This cursor is not one of ours; begin again without it"), errors=[{"pointer": "/cursor"}]
        )
    if value is None:
        return and_(key.is_(None), frame.row.id > last)
    further = key < value if order.descending else key > value
    return or_(further, and_(key == value, frame.row.id > last), key.is_(None))


def _read_key(cursor: str, order: Order) -> tuple[str, Any, int]:
    """Sort, key and id of the last row shown; raises InvalidInput where the cursor is of another sort."""
    kinds = _KEYS.get(order.attribute.type, (str,)) if order.attribute else ()
    for kind in kinds:
        try:
            name, value, last = read_cursor(cursor, str, kind, int)
            if order.attribute and order.attribute.type is Type.DATE:
                value = date.fromisoformat(value)
        except (InvalidInput, ValueError):
            continue
        return name, value, last
    name, _nothing, last = read_cursor(cursor, str, type(None), int)
    return name, None, last


_KEYS: dict[Type, tuple[type, ...]] = {
    Type.WHOLE: (int, float),
    Type.NUMBER: (float, int),
    Type.YES: (bool,),
}


def _cursor_after(row_id: int, key: Any, order: Order) -> str:
    return write_cursor(row_id) if order.attribute is None else write_cursor(order.name, plain(key), row_id)
