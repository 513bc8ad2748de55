"""Components changed one by one: numbered by the rules of their class, placed in their grid, never lost."""

from typing import Any

from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis.component.models import Component
from gis.edit.properties import Values
from gis.edit.record import snapshot, write_record
from gis.edit.shapes import is_same_plan, place_of
from gis.errors import InvalidInput, NotAllowed, NotFound
from gis.grid.models import Area, City, UnitGrid
from gis.grid.queries import locate
from gis.i18n import _
from gis.people.models import Person, PersonArea, Role
from gis.pipeline.asking import city_day
from gis.settings import CITY_SRID
from gis.standard.component_code import ComponentCode, component_lengths
from gis.standard.tables import CITY_EDITION, find_class

COLLECTION = "components"
KEEPERS = (Role.SHIFT_LEADER, Role.ADMIN)
"""Who keeps the stock of components: the centre that sends people out, and the administrator."""


def lock_component(session: Session, component_id: int) -> Component:
    """A component in force, locked until the transaction ends; NotFound where there is none."""
    found = session.scalar(
        select(Component)
        .where(Component.id == component_id, Component.valid_to.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(_("There is no component with the number {id}").format(id=component_id))
    return found


def create_component(session: Session, actor: Person, values: Values, place: Point) -> Component:
    """A new component with the next code of its class, in the unit grid of its place.

    Raises
    ------
    OutsideCity
        No unit grid contains the place.
    NotAllowed
        The place lies outside the areas that the person is limited to.
    MalformedCode
        The numbers of its class are used up.
    """
    kind = find_class(CITY_EDITION, "component", values["class_code"])
    component = Component(
        **values | {"name": values.get("name") or kind.name_zh},
        code=_next_code(session, kind.code),
        edition=kind.edition,
        data_source="edited",
        valid_from=city_day(),
    )
    _put(session, actor, component, place)
    session.add(component)
    session.flush()
    session.refresh(component)
    write_record(session, actor, "create", COLLECTION, component.id, None, snapshot(component))
    return component


def change_component(
    session: Session, actor: Person, component: Component, values: Values, place: Point | None
) -> None:
    """Give a locked component other properties or another place; its code stays.

    Raises
    ------
    InvalidInput
        Another class: that is part of its code.
    OutsideCity, NotAllowed
        As for a new one; the person's areas must hold the old place and the new one.
    """
    if values.get("class_code", component.class_code) != component.class_code:
        raise InvalidInput(
            _("The class is part of the code {code}; end this component and make another").format(
                code=component.code
            ),
            errors=[{"pointer": "/properties/class_code", "detail": _("cannot be changed")}],
        )
    _require_own_area(session, actor, component.unit_grid_id)
    before = snapshot(component)
    for name, value in values.items():
        setattr(component, name, value)
    component.name = component.name or find_class(CITY_EDITION, "component", component.class_code).name_zh
    if place is not None and not is_same_plan(place, place_of(component.geom)):
        _put(session, actor, component, place)
    session.flush()
    session.refresh(component)
    write_record(session, actor, "change", COLLECTION, component.id, before, snapshot(component))


def end_component(session: Session, actor: Person, component: Component) -> None:
    """End a locked component as of today; the row, its code and what names it stay."""
    _require_own_area(session, actor, component.unit_grid_id)
    before = snapshot(component)
    component.valid_to = max(city_day(), component.valid_from)
    session.flush()
    write_record(session, actor, "end", COLLECTION, component.id, before, snapshot(component))


def _put(session: Session, actor: Person, component: Component, place: Point) -> None:
    grid = locate(session, place.x, place.y, CITY_SRID)
    _require_own_area(session, actor, grid.unit_grid_id)
    component.unit_grid_id = grid.unit_grid_id
    component.geom = from_shape(Point(place.x, place.y), srid=CITY_SRID)


def _require_own_area(session: Session, actor: Person, unit_grid_id: int) -> None:
    """Refuse what lies outside the areas a person is limited to; without any, all of the city is theirs."""
    own = select(PersonArea.area_id).where(PersonArea.person_id == actor.id)
    if not session.scalar(select(own.exists())):
        return
    community = select(Area.id, Area.parent_id).join(UnitGrid, UnitGrid.community_id == Area.id)
    row: Any = session.execute(community.where(UnitGrid.id == unit_grid_id)).one()
    district = session.scalar(select(Area.parent_id).where(Area.id == row.parent_id))
    if not session.scalar(select(own.where(PersonArea.area_id.in_((*row, district))).exists())):
        raise NotAllowed(_("This place lies outside the areas you are responsible for"))


def _next_code(session: Session, class_code: str) -> str:
    """The next free code of a class; two who make one at once wait for each other."""
    county = session.scalars(select(City.code)).one()[: component_lengths(CITY_EDITION)[0]]
    prefix = county + class_code
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:prefix))"), {"prefix": prefix})
    last = session.scalar(
        select(func.max(Component.code)).where(Component.code >= prefix, Component.code < prefix + ":")
    )
    number = int(ComponentCode.parse(last, CITY_EDITION).sequence) + 1 if last else 1
    return str(ComponentCode.build(county, class_code, number, CITY_EDITION))
