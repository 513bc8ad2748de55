"""A city made by hand, on the empty database: two streets side by side, three duty grids, squares of 100 m.

Duty grid ``west`` is 400 m by 200 m, ``middle`` the same to its east, both in the first street; ``east`` lies
in the second. Places are metres from the city's south-western corner.
"""

from datetime import UTC, datetime

from geoalchemy2 import WKBElement
from geoalchemy2.shape import from_shape
from shapely import MultiPolygon, Point, Polygon, box
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis.case.models import Case, CaseStep
from gis.case.states import CaseState
from gis.crs import to_lonlat
from gis.grid.models import Area, DutyGrid, UnitGrid
from gis.patrol.models import PatrolPoint
from gis.people.models import Department, Person, PersonArea, PersonDutyGrid, Role
from gis.people.service import CENTRE_OF_ROLE
from gis.settings import CITY_SRID

EAST, NORTH = 413_000.0, 4_410_000.0
DUTY_GRIDS = ("west", "middle", "east")
NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)  # ten in the morning in the city


def build(session: Session) -> None:
    """Put the places into the database."""
    district = _area("150602", "district", None, 0, 1200)
    session.add(district)
    session.flush()
    for number, (west, east) in enumerate(((0, 800), (800, 1200)), start=1):
        street = _area(f"15060200{number}", "street", district.id, west, east)
        session.add(street)
        session.flush()
        session.add(_area(f"15060200{number}001", "community", street.id, west, east))
    session.flush()
    for number, name in enumerate(DUTY_GRIDS):
        west = 400 * number
        street, community = (area(session, code) for code in _codes(west))
        duty = DutyGrid(code=name, name=name.title(), street_id=street.id, geom=_square(west, 0, 400, 200))
        session.add(duty)
        session.flush()
        for column in range(4):
            for row in range(2):
                session.add(
                    UnitGrid(
                        code=f"{community.code}{100 * number + 10 * column + row:03}",
                        edition="GB30428.1-2013",
                        community_id=community.id,
                        duty_grid_id=duty.id,
                        area_m2=10_000,
                        geom=from_shape(_box(west + 100 * column, 100 * row, 100, 100), srid=CITY_SRID),
                    )
                )
    session.flush()


def area(session: Session, code: str) -> Area:
    return session.scalars(select(Area).where(Area.code == code)).one()


def lonlat(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a place."""
    return to_lonlat(EAST + x, NORTH + y)


def department(session: Session, code: str, parent: Department | None = None) -> Department:
    made = Department(code=code, name_zh=code, name_en=code, parent_id=parent.id if parent else None)
    session.add(made)
    session.flush()
    return made


def person(
    session: Session,
    login: str,
    *duty_grids: str,
    role: Role = Role.INSPECTOR,
    areas: tuple[str, ...] = (),
    of: Department | None = None,
    shares_track: bool = False,
) -> Person:
    """Somebody who patrols duty grids, may act in areas (none: everywhere) and may be of a department."""
    made = Person(
        login=login, name=login.title(), password_hash="!", role=role, centre=CENTRE_OF_ROLE[role],
        department_id=of.id if of else None, shares_track=shares_track,
    )  # fmt: skip
    session.add(made)
    session.flush()
    for code in duty_grids:
        duty_id = session.scalars(select(DutyGrid.id).where(DutyGrid.code == code)).one()
        session.add(PersonDutyGrid(person_id=made.id, duty_grid_id=duty_id))
    session.add_all(PersonArea(person_id=made.id, area_id=area(session, code).id) for code in areas)
    session.flush()
    return made


def walk(session: Session, who: Person, x: float, y: float, at: datetime) -> None:
    """Somebody's phone told that he was there."""
    session.add(PatrolPoint(person_id=who.id, at=at, accuracy_m=5, location=_point(x, y)))
    session.flush()


def case(
    session: Session,
    x: float,
    y: float,
    state: CaseState = CaseState.VERIFYING,
    reporter: Person | None = None,
    holder: Department | None = None,
) -> Case:
    """A case at a place, as it would stand in that state."""
    unit = session.scalars(
        select(UnitGrid).where(UnitGrid.geom.ST_Covers(_point(x, y))).order_by(UnitGrid.code).limit(1)
    ).one()
    street, community = (area(session, code) for code in _codes(x))
    number = session.query(Case).count() + 1
    made = Case(
        case_no=f"E0101{number:012}", kind="event", edition="GB30428.2-2013/YC", class_code="0101",
        state=state, stage="verify" if state is CaseState.VERIFYING else "check", stage_due_at=NOW,
        source="hotline", description="", location=_point(x, y), unit_grid_id=unit.id,
        community_id=community.id, street_id=street.id, duty_grid_id=unit.duty_grid_id,
        reporter_id=reporter.id if reporter else None, department_id=holder.id if holder else None,
        reported_at=NOW, filed_at=NOW if holder else None, due_at=NOW if holder else None,
        dispatched_at=NOW if holder else None,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def step(
    session: Session, of: Case, action: str, actor: Person, seq: int, holder: Department | None = None
) -> None:
    """Somebody took a step of the case."""
    session.add(
        CaseStep(
            case_id=of.id, seq=seq, action=action, from_state=None if seq == 1 else of.state,
            to_state=of.state, actor_id=actor.id, actor_role=actor.role,
            department_id=holder.id if holder else None, at=NOW,
        )
    )  # fmt: skip
    session.flush()


def toothed_border(session: Session, teeth: int) -> None:
    """Give two neighbours of the west a common border of many small teeth, as a surveyed shore has."""
    border = [(100 + 20 * (number % 2), 100 * number / teeth) for number in range(1, teeth)]
    west = [(0, 0), (100, 0), *border, (100, 100), (0, 100)]
    east = [(200, 0), (200, 100), (100, 100), *reversed(border), (100, 0)]
    shapes = [Polygon([(EAST + x, NORTH + y) for x, y in ring]).wkb_hex for ring in (west, east)]
    # Both in one statement: grids may never overlap, not even for a moment.
    session.execute(
        text(
            "UPDATE unit_grid SET geom = ST_SetSRID(CAST(CASE code WHEN '150602001001000' THEN :west"
            " ELSE :east END AS geometry), :srid) WHERE code IN ('150602001001000', '150602001001010')"
        ),
        {"west": shapes[0], "east": shapes[1], "srid": CITY_SRID},
    )


def _codes(x: float) -> tuple[str, str]:
    street = "150602001" if x < 800 else "150602002"
    return street, f"{street}001"


def _area(code: str, level: str, parent: int | None, west: float, east: float) -> Area:
    return Area(
        code=code, level=level, name_zh=code, name_en=code, parent_id=parent,
        geom=_square(west, 0, east - west, 200),
    )  # fmt: skip


def _box(x: float, y: float, width: float, height: float) -> Polygon:
    return box(EAST + x, NORTH + y, EAST + x + width, NORTH + y + height)


def _square(x: float, y: float, width: float, height: float) -> WKBElement:
    return from_shape(MultiPolygon([_box(x, y, width, height)]), srid=CITY_SRID)


def _point(x: float, y: float) -> WKBElement:
    return from_shape(Point(EAST + x, NORTH + y), srid=CITY_SRID)
