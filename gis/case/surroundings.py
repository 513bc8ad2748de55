"""What lies under and around the place of a case: pipes, components, other open cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geoalchemy2.shape import to_shape
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.case.queries import WITH_PLACE
from gis.case.scope import cases_in_scope
from gis.component.queries import Nearby, components_near
from gis.crs import to_lonlat
from gis.database import read_sql
from gis.people.models import Person

# How far one looks, in metres: a trench and its working room; what stands in sight; the same street corner.
PIPES_M, COMPONENTS_M, CASES_M = 10.0, 20.0, 100.0
MOST = 50


@dataclass(frozen=True)
class PipeNear:
    """A pipe and how far it lies from the place of a case, in plan.

    ``depth_m`` is that of its survey line (crown or invert, by its class) where it comes nearest, metres
    below the ground; ``geometry`` a GeoJSON line in lon/lat EPSG:4490.
    """

    id: int
    segment_no: str
    class_code: str
    sub_code: str
    size: str
    width_mm: int | None
    height_mm: int | None
    material: str | None
    owner_zh: str | None
    owner_en: str | None
    distance_m: float
    depth_m: float | None
    geometry: dict[str, Any]


@dataclass(frozen=True)
class Surroundings:
    """Each list nearest first, at most :data:`MOST` of each."""

    pipes: Sequence[PipeNear]
    components: Sequence[Nearby]
    cases: Sequence[tuple[Case, float]]


def surroundings_of(session: Session, person: Person, case: Case) -> Surroundings:
    """What is around a case that the person may see; of other cases only those they may see, too."""
    values = {"case_id": case.id, "radius_m": PIPES_M, "most": MOST}
    pipes = [PipeNear(**row) for row in session.execute(read_sql("pipes_near_case"), values).mappings()]
    easting, northing = to_shape(case.location).coords[0][:2]
    lon, lat = to_lonlat(easting, northing)
    components = components_near(session, lon, lat, COMPONENTS_M, limit=MOST)
    return Surroundings(pipes, components, _open_cases_near(session, person, case))


def _open_cases_near(session: Session, person: Person, case: Case) -> Sequence[tuple[Case, float]]:
    distance = func.ST_Distance(Case.location, case.location)
    rows = session.execute(
        select(Case, distance)
        .options(*WITH_PLACE)
        .where(
            Case.stage.is_not(None),
            func.ST_DWithin(Case.location, case.location, CASES_M),
            Case.id != case.id,
            cases_in_scope(session, person),
        )
        .order_by(distance, Case.id)
        .limit(MOST)
    )
    return [(row[0], row[1]) for row in rows]
