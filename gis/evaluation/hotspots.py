"""热点: unit grids around which cases crowd, week by week: those that stay, grow, fade or have just come."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.stats import kendalltau
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.case.scope import Scope, scope_of
from gis.errors import InvalidInput
from gis.evaluation.counts import Count, count_of
from gis.evaluation.gi_star import GiStar, gi_star
from gis.evaluation.period import Period, of_day
from gis.evaluation.sums import in_scope, scope_values
from gis.i18n import N_, _
from gis.people.models import Person
from gis.settings import get_settings
from gis.tile.versions import dataset_version

FALSE_DISCOVERIES = 0.05  # of the hot spots told for a week, at most this share may be chance
TREND = 0.05  # the level of the test for a trend
MOST = 0.75  # of the weeks: "most"
FEWEST_WEEKS, MOST_WEEKS = 4, 53
TOUCHING_M = 1.0  # grids as near as this are neighbours: borders are drawn to the decimetre at best


@dataclass(frozen=True)
class Weeks:
    """One grid's weeks, the oldest first: whether it was hot, and where the statistic goes (−1, 0, 1)."""

    hot: NDArray[np.bool_]
    trend: int

    @property
    def is_hot_now(self) -> bool:
        return bool(self.hot[-1])

    @property
    def is_hot_mostly(self) -> bool:
        return bool(self.hot.mean() >= MOST)

    @property
    def last_run(self) -> int:
        """How many weeks it has been hot without a break until now."""
        cold = np.flatnonzero(~self.hot[::-1])
        return int(cold[0]) if cold.size else self.hot.size


@dataclass(frozen=True)
class Category:
    """One kind of hot spot. ``holds``: whether a grid that was hot at least once is of it."""

    code: str
    title: str
    explanation: str
    holds: Callable[[Weeks], bool]


# The first row that holds is the grid's.
CATEGORIES = (
    Category(
        "new", N_("New"), N_("Hot in the last week, never before"),
        lambda one: one.is_hot_now and one.hot.sum() == 1,
    ),
    Category(
        "intensifying", N_("Intensifying"), N_("Hot in most weeks and the last one, and rising"),
        lambda one: one.is_hot_now and one.is_hot_mostly and one.trend > 0,
    ),
    Category(
        "diminishing", N_("Diminishing"), N_("Hot in most weeks and the last one, but falling"),
        lambda one: one.is_hot_now and one.is_hot_mostly and one.trend < 0,
    ),
    Category(
        "persistent", N_("Persistent"), N_("Hot in most weeks and the last one, neither rising nor falling"),
        lambda one: one.is_hot_now and one.is_hot_mostly,
    ),
    Category(
        "emerging", N_("Emerging"), N_("Hot for some weeks without a break until now, never before that"),
        lambda one: one.is_hot_now and one.last_run == one.hot.sum(),
    ),
    Category(
        "past", N_("Former"), N_("Hot in most weeks, but not in the last one"),
        lambda one: one.is_hot_mostly,
    ),
    Category(
        "sporadic", N_("Sporadic"), N_("Hot now and then"),
        lambda one: True,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Week:
    code: str
    begins: datetime
    ends: datetime
    cases: int
    hot: int


@dataclass(frozen=True)
class Hotspot:
    """One grid that was hot in a week at least; ``counts``, ``z`` and ``hot`` by week, the oldest first."""

    id: int
    code: str
    name: str
    lon: float
    lat: float
    category: str
    trend: int
    counts: list[int]
    z: list[float]
    hot: list[bool]


@dataclass(frozen=True)
class Hotspots:
    """``cells``: how many grids were tested each week."""

    count: Count
    weeks: list[Week]
    cells: int
    items: list[Hotspot]


def hotspots(
    session: Session,
    reader: Person,
    period: Period,
    weeks: int = 12,
    count: str = "reported",
    now: datetime | None = None,
) -> Hotspots:
    """Hot unit grids over the whole weeks up to the end of a period, by category and heat.

    Parameters
    ----------
    weeks : how many, the last one being the last that is over by ``now`` and by the period's end
    count : what is counted, a code of :data:`gis.evaluation.counts.COUNTS`

    Raises
    ------
    InvalidInput
        Too few or too many weeks, an unknown count or one of time, a period in the future.
    """
    now = now or datetime.now(UTC)
    period.refuse_future(now)
    if not FEWEST_WEEKS <= weeks <= MOST_WEEKS:
        raise InvalidInput(
            _("Between {least} and {most} weeks are looked at").format(least=FEWEST_WEEKS, most=MOST_WEEKS),
            errors=[{"pointer": "/weeks"}],
        )
    row = count_of(count)
    if row.amount:
        raise InvalidInput(_("Hot spots are of numbers of cases"), errors=[{"pointer": "/count"}])
    spans = whole_weeks(period.until(now), weeks)
    scope = scope_of(session, reader)
    cells, neighbours = _lattice(session, scope)
    table = _counted(session, row, spans, scope, [cell.id for cell in cells])
    told = [gi_star(table[week], neighbours, FALSE_DISCOVERIES) for week in range(weeks)]
    hot = np.array([week.hot for week in told])
    order = [category.code for category in CATEGORIES]
    items = [_told(cells[at], table[:, at], told, at) for at in np.flatnonzero(hot.any(axis=0)).tolist()]
    items.sort(key=lambda one: (order.index(one.category), -one.z[-1], -sum(one.counts), one.code))
    return Hotspots(
        row,
        [
            Week(span.code, span.begins, span.ends, int(table[at].sum()), int(hot[at].sum()))
            for at, span in enumerate(spans)
        ],
        len(cells),
        items,
    )


def whole_weeks(until: datetime, weeks: int) -> list[Period]:
    """The last weeks (from Monday) that are over by a moment, the oldest first."""
    last = until.astimezone(get_settings().zone).date()
    monday = last - timedelta(days=last.weekday())
    return [of_day("week", monday - timedelta(weeks=back)) for back in range(weeks, 0, -1)]


def categorise(hot: NDArray[np.bool_], z: NDArray[np.float64]) -> tuple[str, int]:
    """The category of one grid and its trend (Mann–Kendall: Kendall's tau of the statistic with the week).

    ``hot``, ``z`` : shape (weeks,), the oldest first; hot at least once
    """
    with np.errstate(invalid="ignore"):
        test = kendalltau(np.arange(z.size), z)
    trend = int(np.sign(test.statistic)) if test.pvalue < TREND else 0
    weeks = Weeks(hot, trend)
    return next(category.code for category in CATEGORIES if category.holds(weeks)), trend


@dataclass(frozen=True)
class _Cell:
    id: int
    code: str
    name: str
    lon: float
    lat: float


_CELLS = """
SELECT g.id, g.code, coalesce(nullif(g.name, ''), g.code), ST_X(p.at), ST_Y(p.at)
FROM unit_grid AS g
JOIN area AS a ON a.id = g.community_id
CROSS JOIN LATERAL (SELECT ST_Transform(ST_PointOnSurface(g.geom), 4490) AS at) AS p
WHERE g.valid_to IS NULL {scope}
ORDER BY g.id
"""
_PAIRS = """
SELECT a.id, b.id
FROM unit_grid AS a
JOIN unit_grid AS b ON b.id <> a.id AND ST_DWithin(a.geom, b.geom, :touching)
WHERE a.valid_to IS NULL AND b.valid_to IS NULL
"""
# What the grids are like changes seldom; kept in this process until it does.
_kept: dict[tuple[int, Scope], tuple[list[_Cell], sparse.csr_array]] = {}
_MOST_KEPT = 4


def _lattice(session: Session, scope: Scope) -> tuple[list[_Cell], sparse.csr_array]:
    """The grids in force that a reader may see, and which of them are neighbours."""
    key = (dataset_version(session, "unit_grids"), scope)
    if key not in _kept:
        narrowed = scope.streets or scope.communities
        where = "AND (a.parent_id = ANY(:streets) OR a.id = ANY(:communities))" if narrowed else ""
        rows = session.execute(text(_CELLS.format(scope=where)), scope_values(scope))
        cells = [_Cell(*row) for row in rows]
        place = {cell.id: at for at, cell in enumerate(cells)}
        pairs = [
            (place[one], place[other])
            for one, other in session.execute(text(_PAIRS), {"touching": TOUCHING_M})
            if one in place and other in place
        ]
        ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        matrix = sparse.csr_array(
            (np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(cells), len(cells))
        )
        if len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = cells, matrix
    return _kept[key]


def _counted(
    session: Session, count: Count, spans: list[Period], scope: Scope, ids: list[int]
) -> NDArray[np.int64]:
    """Cases by week and grid, shape (weeks, grids)."""
    rows = session.execute(
        text(
            f"SELECT f.unit_grid_id, date_trunc('week', f.{count.at} AT TIME ZONE :zone)::date, count(*)"
            f" FROM case_fact AS f WHERE f.{count.at} >= :begins AND f.{count.at} < :ends"
            f" AND ({count.where}) {in_scope(scope)} GROUP BY 1, 2"
        ),
        {
            "zone": get_settings().timezone,
            "begins": spans[0].begins,
            "ends": spans[-1].ends,
            **scope_values(scope),
        },
    )
    table = np.zeros((len(spans), len(ids)), dtype=np.int64)
    grids = {id_: at for at, id_ in enumerate(ids)}
    weeks = {span.begins.date(): at for at, span in enumerate(spans)}
    for grid, monday, number in rows:
        if grid in grids:  # of a grid that was re-divided: its place has other grids now
            table[weeks[monday], grids[grid]] = number
    return table


def _told(cell: _Cell, counts: NDArray[np.int64], told: list[GiStar], at: int) -> Hotspot:
    hot = np.array([week.hot[at] for week in told])
    z = np.array([week.z[at] for week in told])
    category, trend = categorise(hot, z)
    return Hotspot(
        cell.id, cell.code, cell.name, cell.lon, cell.lat, category, trend,
        counts.tolist(), np.round(z, 3).tolist(), hot.tolist(),
    )  # fmt: skip
