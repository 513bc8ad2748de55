"""Keeping places: adding, changing with a memory, ending. Nothing is deleted."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.crs import DOOR_SRID, to_city_many
from gis.errors import Conflict, InvalidInput, NotFound, Stale
from gis.grid.queries import locate
from gis.i18n import _
from gis.place.models import Place
from gis.place.words import plain
from gis.settings import CITY_SRID
from gis.standard.tables import place_types

MOST_VERTICES = 10_000
MOST_ALIASES = 20
TEXTS = ("name_zh", "name_en", "address", "road", "door_no", "source", "note")
# What people know a place by: the state before such a change is kept.
TOLD = ("name_zh", "name_en", "aliases", "address", "road", "door_no", "type_code", "geom")


@dataclass(frozen=True)
class Told:
    """What is said of a place; ``shape`` in the city's CRS, metres. What is not said is not in ``values``."""

    values: Mapping[str, Any]
    shape: BaseGeometry | None = None


def find_place(session: Session, place_id: int, lock: bool = False) -> Place:
    """The place of that number, as it is now; NotFound where there is none."""
    statement = select(Place).where(Place.id == place_id, Place.past_of.is_(None))
    place = session.scalar(statement.with_for_update() if lock else statement)
    if place is None:
        raise NotFound(_("There is no place with the number {id}").format(id=place_id))
    return place


def former_states(session: Session, place_id: int) -> list[Place]:
    """What the place was before, the last state first."""
    statement = select(Place).where(Place.past_of == place_id)
    return list(session.scalars(statement.order_by(Place.valid_to.desc(), Place.id.desc()).limit(200)))


def add_place(session: Session, told: Told) -> Place:
    """Put a place on record from today.

    Raises
    ------
    InvalidInput
        It has no name, no place, or a type that is not in the table; OutsideCity where no grid contains it.
    Conflict
        Another place has that code.
    """
    if told.shape is None:
        raise InvalidInput(_("Where it is must be said"), errors=[{"pointer": "/geometry"}])
    place = Place(
        **{"name_en": "", "aliases": [], "address": "", "road": "", "door_no": "", "source": "", "note": ""}
        | _checked(session, told.values, None)
    )
    if not place.name_zh:
        raise InvalidInput(_("A place needs a name"), errors=[{"pointer": "/name_zh"}])
    if not place.type_code:
        raise InvalidInput(_("A place needs a type"), errors=[{"pointer": "/type_code"}])
    place.valid_from = _today(session)
    _put(session, place, told.shape)
    session.add(place)
    session.flush()
    return place


def change_place(
    session: Session, place_id: int, told: Told, seen: int | None, correction: bool = False
) -> Place:
    """Change a place; what it was called, and where, stays on record until today unless it was a mistake.

    Raises
    ------
    Stale
        It was changed since the version that was seen.
    Conflict
        It has ended.
    """
    place = _in_force(session, place_id, seen)
    values = _checked(session, told.values, place)
    if told.shape is not None:
        values["geom"] = from_shape(told.shape, srid=CITY_SRID)
    if not correction and any(name in TOLD and values[name] != getattr(place, name) for name in values):
        _keep_state(session, place)
    for name, value in values.items():
        setattr(place, name, value)
    if told.shape is not None:
        _put(session, place, told.shape)
    return _written(session, place)


def end_place(session: Session, place_id: int, seen: int | None, on: date | None = None) -> Place:
    """End a place's validity on a day (today); it stays findable as what was there.

    Raises
    ------
    InvalidInput
        The day lies before the place's beginning.
    """
    place = _in_force(session, place_id, seen)
    day = on or _today(session)
    if day < place.valid_from:
        raise InvalidInput(
            _("The place is on record from {day} only").format(day=place.valid_from.isoformat()),
            errors=[{"pointer": "/on"}],
        )
    place.valid_to = day
    return _written(session, place)


def read_place_shape(said: Any, srid: int = DOOR_SRID, pointer: str = "/geometry") -> BaseGeometry:
    """A GeoJSON geometry as a shape in the city's CRS.

    Raises
    ------
    InvalidInput
        It is none, is empty, broken, too long, or where the city's projection does not reach.
    """
    try:
        shape = shapely.geometry.shape(said)
        numbers = shapely.get_coordinates(shape)
    except (
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
        IndexError,
        shapely.errors.ShapelyError,
    ) as error:
        raise _no_shape(pointer) from error
    kind = shape.geom_type.removeprefix("Multi")
    if kind not in ("Point", "LineString", "Polygon") or shape.is_empty or not np.isfinite(numbers).all():
        raise _no_shape(pointer)
    if len(numbers) > MOST_VERTICES:
        raise InvalidInput(
            _("At most {most} vertices").format(most=MOST_VERTICES), errors=[{"pointer": pointer}]
        )
    moved = shapely.transform(
        shapely.force_2d(shape), lambda at: np.column_stack(to_city_many(at[:, 0], at[:, 1], srid))
    )
    if not all(map(math.isfinite, moved.bounds)) or not moved.is_valid:
        raise _no_shape(pointer)
    return moved


def _checked(session: Session, values: Mapping[str, Any], place: Place | None) -> dict[str, Any]:
    """The values that may be stored: texts without white space around, a known type, a free code."""
    kept = {name: str(values[name] or "").strip() for name in TEXTS if name in values}
    if "name_zh" in kept and not plain(kept["name_zh"]):
        raise InvalidInput(_("A place needs a name"), errors=[{"pointer": "/name_zh"}])
    if any("\0" in text for text in kept.values()):
        raise InvalidInput(_("A text holds a character that cannot be kept"))
    checked: dict[str, Any] = dict(kept)
    if "aliases" in values:
        aliases = list(dict.fromkeys(text for one in values["aliases"] or () if (text := str(one).strip())))
        if len(aliases) > MOST_ALIASES or any("\0" in text for text in aliases):
            raise InvalidInput(
                _("At most {most} other names").format(most=MOST_ALIASES), errors=[{"pointer": "/aliases"}]
            )
        checked["aliases"] = aliases
    if "type_code" in values:
        known = [row.code for row in place_types()]
        if values["type_code"] not in known:
            raise InvalidInput(
                _("The types of places are: {known}").format(known=", ".join(known)),
                errors=[{"pointer": "/type_code"}],
            )
        checked["type_code"] = values["type_code"]
    if "code" in values:
        code = str(values["code"] or "").strip() or None
        taken = select(Place.id).where(Place.code == code, Place.past_of.is_(None))
        if code and session.scalar(taken.where(Place.id != (place.id if place else 0))):
            raise Conflict(_("Another place has the code {code}").format(code=code[:64]))
        checked["code"] = code
    return checked


def _in_force(session: Session, place_id: int, seen: int | None) -> Place:
    place = find_place(session, place_id, lock=True)
    if seen is not None and seen != place.version:
        raise Stale(_("The place is at version {version} now").format(version=place.version))
    if place.valid_to is not None and place.valid_to <= _today(session):
        raise Conflict(_("The place ended on {day}").format(day=place.valid_to.isoformat()))
    return place


def _keep_state(session: Session, place: Place) -> None:
    """Write down what the place is, as a row of the past; the place itself begins anew today."""
    values = {column.name: getattr(place, column.name) for column in Place.__table__.columns}
    values |= {"past_of": place.id, "valid_to": _today(session), "updated_at": func.now()}
    del values["id"]
    session.add(Place(**values))
    place.valid_from = _today(session)


def _put(session: Session, place: Place, shape: BaseGeometry) -> None:
    """Set the shape, and the grid and community that its middle lies in."""
    middle = shape.point_on_surface()
    where = locate(session, middle.x, middle.y, CITY_SRID)
    place.geom = from_shape(shape, srid=CITY_SRID)
    place.unit_grid_id, place.community_id = where.unit_grid_id, where.community_id


def _written(session: Session, place: Place) -> Place:
    place.version += 1
    place.updated_at = func.now()
    session.flush()
    session.refresh(place)
    return place


def _today(session: Session) -> date:
    """The day by the clock that every view and search of the database asks whether something is in force."""
    return session.scalars(select(func.current_date())).one()


def _no_shape(pointer: str) -> InvalidInput:
    return InvalidInput(
        _("A GeoJSON point, line or polygon inside the city's map is needed"), errors=[{"pointer": pointer}]
    )
