"""What a report must keep to before it becomes a case: source, words, time, grid, component."""

from datetime import datetime, timedelta

from geoalchemy2.shape import to_shape
from shapely import Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.case.record import check_text
from gis.case.workflow import Source
from gis.component.models import Component
from gis.errors import InvalidInput
from gis.grid.models import UnitGrid
from gis.grid.queries import Place
from gis.i18n import _
from gis.people.models import Person, Role
from gis.settings import CITY_SRID

AHEAD = timedelta(minutes=5)  # how far a phone's clock may run ahead of ours
# A phone without signal may keep a report for weeks; a clock that lost its battery shows 1970 or 2000.
OLDEST = timedelta(days=366)
# A phone between houses is 10 to 30 m off, and the inspector stands across the street from the lamp.
COMPONENT_WITHIN_M = 50.0
# A phone that works offline draws the grids in rounded degrees: on the line it may see the other one.
GRID_TOLERANCE_M = 1.0


def check_source(actor: Person, wanted: str | None) -> str:
    """The source of a report: as sent, else by the role of who reports."""
    source = wanted or (Source.INSPECTOR if actor.role is Role.INSPECTOR else Source.HOTLINE)
    if source not in set(Source):
        raise InvalidInput(
            _("Unknown source {source}; known: {known}").format(source=source, known=", ".join(Source)),
            errors=[{"pointer": "/source", "detail": _("unknown source")}],
        )
    if source == Source.INSPECTOR and actor.role is not Role.INSPECTOR:
        raise InvalidInput(
            _("Only an inspector's own report has the source inspector"),
            errors=[{"pointer": "/source", "detail": _("not yours")}],
        )
    return str(source)


def check_words(pointer: str, words: str) -> None:
    """Refuse text that is too long or holds half of a character, which no database can store."""
    check_text(pointer, words)
    try:
        words.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(
            _("The text holds a character that cannot be stored"), errors=[{"pointer": pointer}]
        ) from error


def check_time(occurred_at: datetime | None, now: datetime) -> None:
    """Refuse a moment without its offset, in the future, or so long ago that a clock must be wrong."""
    if occurred_at is None:
        return
    errors = [{"pointer": "/occurred_at"}]
    if occurred_at.tzinfo is None:
        raise InvalidInput(_("A time needs its offset, such as +08:00"), errors=errors)
    if occurred_at > now + AHEAD:
        raise InvalidInput(_("The problem cannot have occurred in the future"), errors=errors)
    if occurred_at < now - OLDEST:
        raise InvalidInput(
            _("The problem cannot have occurred more than a year ago; is the clock of the phone right?"),
            errors=errors,
        )


def check_grid(session: Session, wanted: str | None, place: Place) -> None:
    """Refuse a report that names another unit grid than the one its place lies in."""
    if not wanted or wanted == place.unit_grid_code:
        return
    here = func.ST_SetSRID(func.ST_MakePoint(place.easting, place.northing), CITY_SRID)
    on_the_line = session.scalar(
        select(func.ST_DWithin(UnitGrid.geom, here, GRID_TOLERANCE_M)).where(
            UnitGrid.code == wanted, UnitGrid.valid_to.is_(None)
        )
    )
    if not on_the_line:
        raise InvalidInput(
            _("The place lies in unit grid {actual}, not in {given}").format(
                actual=place.unit_grid_code, given=wanted
            ),
            errors=[
                {
                    "pointer": "/unit_grid_code",
                    "detail": _("it is {code}").format(code=place.unit_grid_code),
                }
            ],
            unit_grid_code=place.unit_grid_code,
        )


def check_component(
    session: Session, kind: str, class_code: str, component_code: str | None, place: Place
) -> int | None:
    """The id of the component that a report names, once it is sure that the report can be about it."""
    if not component_code:
        return None
    errors = [{"pointer": "/component_code"}]
    if kind != "component":
        raise InvalidInput(_("Only a component report names a component"), errors=errors)
    component = session.scalar(select(Component).where(Component.code == component_code))
    if component is None:
        raise InvalidInput(_("There is no component {code}").format(code=component_code), errors=errors)
    if component.valid_to is not None:
        raise InvalidInput(
            _("Component {code} is not there any more since {day}").format(
                code=component.code, day=component.valid_to.isoformat()
            ),
            errors=errors,
        )
    if component.class_code != class_code:
        raise InvalidInput(
            _("Component {code} is of class {actual}, not {given}").format(
                code=component.code, actual=component.class_code, given=class_code
            ),
            errors=errors,
        )
    distance_m = to_shape(component.geom).distance(Point(place.easting, place.northing))
    if distance_m > COMPONENT_WITHIN_M:
        raise InvalidInput(
            _("Component {code} stands {distance:.0f} m from the place; at most {most:.0f} m").format(
                code=component.code, distance=distance_m, most=COMPONENT_WITHIN_M
            ),
            errors=errors,
        )
    return component.id
