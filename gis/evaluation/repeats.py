"""重复案件: places, and components, where cases of the same class come again and again within a period."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from gis.case.scope import scope_of
from gis.database import read_sql
from gis.errors import InvalidInput
from gis.evaluation.period import Period
from gis.evaluation.sums import scope_values
from gis.i18n import _, pick
from gis.people.models import Person

FEWEST, MOST = 2, 50
NEAREST_M, FARTHEST_M = 5.0, 200.0
LONGEST = timedelta(days=366)
MOST_PLACES = 500
CASES_TOLD = 50


@dataclass(frozen=True)
class Repeat:
    """A place (or one component, ``component_code`` then) with its cases, the newest first.

    ``lon``, ``lat``: the middle of its cases, degrees (EPSG:4490); ``reach_m``: how far the farthest lies
    from it. ``reworked``: of how many cases the repair had to be done again or the case opened again.
    """

    rank: int
    class_code: str
    class_name: str
    component_code: str | None
    cases: int
    reworked: int
    first_at: datetime
    last_at: datetime
    lon: float
    lat: float
    reach_m: float
    unit_grid_code: str
    address: str
    case_nos: list[str]


@dataclass(frozen=True)
class Repeats:
    """``total``: how many there are, ``items`` the first of them."""

    items: list[Repeat]
    total: int


def repeats(
    session: Session,
    reader: Person,
    period: Period,
    *,
    radius_m: float = 30.0,
    least: int = 3,
    limit: int = 100,
    now: datetime | None = None,
) -> Repeats:
    """Where cases filed in a period come again, most cases first.

    Parameters
    ----------
    radius_m : cases of one class as near as this to another belong together (DBSCAN), so a place may reach
        farther than that
    least : how many make a place

    Raises
    ------
    InvalidInput
        A radius, number or limit out of bounds; a period in the future or longer than a year.
    """
    now = now or datetime.now(UTC)
    period.refuse_future(now)
    for name, value, bounds in (
        ("radius_m", radius_m, (NEAREST_M, FARTHEST_M)),
        ("least", least, (FEWEST, MOST)),
        ("limit", limit, (1, MOST_PLACES)),
    ):
        if not bounds[0] <= value <= bounds[1]:
            raise InvalidInput(
                _("{name} lies between {first:g} and {last:g}").format(
                    name=name, first=bounds[0], last=bounds[1]
                ),
                errors=[{"pointer": f"/{name}"}],
            )
    if period.ends - period.begins > LONGEST:
        raise InvalidInput(
            _("Repeat places are looked for within a year at most"), errors=[{"pointer": "/period"}]
        )
    scope = scope_of(session, reader)
    rows = session.execute(
        read_sql("repeat_places"),
        {
            "begins": period.begins,
            "ends": period.until(now),
            "whole": not (scope.streets or scope.communities),
            **scope_values(scope),
            "radius_m": radius_m,
            "least": least,
            "told": CASES_TOLD,
            "limit": limit,
        },
    ).all()
    items = [
        Repeat(
            rank=rank,
            class_code=row.class_code,
            class_name=pick(row.name_zh, row.name_en),
            component_code=row.component_code,
            cases=row.cases,
            reworked=row.reworked,
            first_at=row.first_at,
            last_at=row.last_at,
            lon=row.lon,
            lat=row.lat,
            reach_m=row.reach_m,
            unit_grid_code=row.unit_grid_code,
            address=row.address,
            case_nos=row.case_nos,
        )
        for rank, row in enumerate(rows, start=1)
    ]
    return Repeats(items, rows[0].total if rows else 0)
