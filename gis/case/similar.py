"""疑似重复: open cases that a report from this place may be about already, shown before a new one is made."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Boolean, Float, Integer, column, func, select
from sqlalchemy.orm import Session

from gis.case.models import Attachment, Case
from gis.case.scope import cases_in_scope
from gis.case.side_models import CaseFollower
from gis.component.models import Component
from gis.crs import DOOR_SRID
from gis.database import read_sql
from gis.grid.queries import locate
from gis.i18n import _
from gis.people.models import Person
from gis.settings import CITY_SRID
from gis.standard.tables import CITY_EDITION

NO_COMPONENT = 0  # ids count from 1
PHOTOS_SHOWN = 3


@dataclass(frozen=True)
class DuplicateRule:
    """How near and how recent an open case of the same class must be; ``within`` empty: however old.

    ``source`` and ``status`` as in the tables of the standards; ``own``: this service's own setting.
    """

    radius_m: float
    within: timedelta | None
    source: str
    status: str


DAY = timedelta(hours=24)
# By kind and the beginning of the class; the longest that fits is taken.
DUPLICATE_RULES: dict[tuple[str, str], DuplicateRule] = {
    ("event", ""): DuplicateRule(50, DAY, "YC", "secondary"),
    # What is broken stays so until it is mended: an open case of last week is still the same damage.
    ("component", ""): DuplicateRule(50, None, "citygrid", "own"),
    ("event", "0101"): DuplicateRule(50, None, "citygrid", "own"),  # a structure does not walk away
    ("event", "0113"): DuplicateRule(50, None, "citygrid", "own"),  # a damaged road
    ("event", "0134"): DuplicateRule(50, None, "citygrid", "own"),  # an abandoned vehicle
    # Water comes up and ground sinks over a longer stretch than one stands before.
    ("event", "0501"): DuplicateRule(100, DAY, "citygrid", "own"),
    ("event", "0505"): DuplicateRule(100, None, "citygrid", "own"),
    ("event", "0506"): DuplicateRule(100, DAY, "citygrid", "own"),
    # A vendor who has moved on and come back is another matter: half a day.
    ("event", "0401"): DuplicateRule(50, timedelta(hours=12), "citygrid", "own"),
}


def duplicate_rule(kind: str, class_code: str) -> DuplicateRule:
    """The rule for a class: its own, else its major's, else its kind's."""
    for length in (len(class_code), 2, 0):
        if rule := DUPLICATE_RULES.get((kind, class_code[:length])):
            return rule
    raise KeyError(kind)


@dataclass
class Similar:
    """An open case that may be the same problem, and what speaks for it.

    ``followers`` counts who reported it again; ``follows``: the reader reported or follows it.
    """

    case: Case
    distance_m: float
    same_component: bool
    same_grid: bool
    other_component: bool
    followers: int = 0
    follows: bool = False
    photos: Sequence[Attachment] = field(default_factory=list)

    @property
    def reason(self) -> str:
        """Why it is shown, in the reader's language."""
        if self.same_component:
            return _("the same component")
        if self.other_component:
            words = _("another component of the same class, {distance} m away")
        elif self.same_grid:
            words = _("the same class in the same unit grid, {distance} m away")
        else:
            words = _("the same class, {distance} m away")
        return words.format(distance=round(self.distance_m))


_NEAR = (
    column("id", Integer),
    column("same_component", Boolean),
    column("same_grid", Boolean),
    column("distance_m", Float),
    column("other_component", Boolean),
)


def similar_cases(
    session: Session,
    person: Person,
    lon: float,
    lat: float,
    kind: str,
    class_code: str,
    component_code: str | None = None,
    edition: str = CITY_EDITION,
    srid: int = DOOR_SRID,
    limit: int = 10,
    at: datetime | None = None,
) -> list[Similar]:
    """Open cases that the person may see and a report from here may repeat.

    Those of the same component come first, those of another one last; in between the nearest first.

    Raises
    ------
    InvalidInput, OutsideCity
        The place is none, or lies outside the city.
    """
    place = locate(session, lon, lat, srid)
    rule = duplicate_rule(kind, class_code)
    component_id = None
    if component_code:
        component_id = session.scalar(select(Component.id).where(Component.code == component_code))
    near = (
        read_sql("similar_cases")
        .bindparams(
            easting=place.easting,
            northing=place.northing,
            city_srid=CITY_SRID,
            unit_grid_id=place.unit_grid_id,
            component_id=component_id or NO_COMPONENT,
            kind=kind,
            class_code=class_code,
            edition=edition,
            radius_m=rule.radius_m,
            since=(at or datetime.now(UTC)) - rule.within if rule.within else None,
        )
        .columns(*_NEAR)
        .subquery("near")
    )
    rows = session.execute(
        select(Case, near.c.distance_m, near.c.same_component, near.c.same_grid, near.c.other_component)
        .join(near, near.c.id == Case.id)
        .where(cases_in_scope(session, person))
        .order_by(near.c.same_component.desc(), near.c.other_component, near.c.distance_m, Case.id)
        .limit(limit)
    ).all()
    found = [
        Similar(case, distance_m, same_component, same_grid, other)
        for case, distance_m, same_component, same_grid, other in rows
    ]
    if found:
        _add_followers(session, person, found)
        _add_photos(session, found)
    return found


def _add_followers(session: Session, person: Person, found: list[Similar]) -> None:
    rows = session.execute(
        select(
            CaseFollower.case_id,
            func.count(),
            func.bool_or(CaseFollower.person_id == person.id),
        )
        .where(CaseFollower.case_id.in_([one.case.id for one in found]))
        .group_by(CaseFollower.case_id)
    )
    told = {case_id: (count, mine) for case_id, count, mine in rows}
    for one in found:
        one.followers, mine = told.get(one.case.id, (0, False))
        one.follows = mine or one.case.reporter_id == person.id


def _add_photos(session: Session, found: list[Similar]) -> None:
    photos: dict[int, list[Attachment]] = defaultdict(list)
    statement = select(Attachment).where(
        Attachment.case_id.in_([one.case.id for one in found]),
        Attachment.stage.in_(("report", "verification")),
    )
    for photo in session.scalars(statement.order_by(Attachment.id)):
        photos[photo.case_id].append(photo)
    for one in found:
        one.photos = photos[one.case.id][:PHOTOS_SHOWN]
