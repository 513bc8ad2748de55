"""Cases worth naming: the latest, the most often reworked, and places where the same came back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.evaluation.period import Period
from gis.i18n import pick

MOST_NAMED = 10
LEAST_REPEATS = 3  # cases of one class in one unit grid that make a repeat place


@dataclass(frozen=True)
class NamedCase:
    """One case. ``late_s``: how far over its limit it was handed over, or is by now, seconds."""

    case_no: str
    class_name: str
    place: str
    department: str
    due_at: datetime | None
    disposed_at: datetime | None
    late_s: float
    reworks: int


@dataclass(frozen=True)
class RepeatPlace:
    """A unit grid in which cases of one class came again and again. ``open``: of these not ended yet."""

    grid_code: str
    community: str
    class_name: str
    number: int
    open: int


_CASES = (
    "SELECT c.case_no, k.name_zh AS class_zh, k.name_en AS class_en, c.address,"
    " a.name_zh AS area_zh, a.name_en AS area_en, d.name_zh AS department_zh, d.name_en AS department_en,"
    " f.due_at, f.disposed_at, f.rework_count,"
    " coalesce(extract(epoch FROM coalesce(f.disposed_at, f.closed_at, :now) - f.due_at), 0) AS late_s"
    ' FROM case_fact AS f JOIN "case" AS c ON c.id = f.case_id'
    " LEFT JOIN object_class AS k ON (k.edition, k.kind, k.code) = (c.edition, c.kind, c.class_code)"
    " LEFT JOIN area AS a ON a.id = f.community_id LEFT JOIN department AS d ON d.id = f.department_id"
)


def overdue_cases(session: Session, period: Period, now: datetime) -> list[NamedCase]:
    """Cases whose limit passed in the period without hand-over, the latest first."""
    return _cases(
        session,
        " WHERE f.settled_at >= :begins AND f.settled_at < :ends AND NOT f.disposed_in_time"
        " AND NOT f.is_exempt ORDER BY late_s DESC, f.case_id LIMIT :most",
        period,
        now,
    )


def reworked_cases(session: Session, period: Period, now: datetime) -> list[NamedCase]:
    """Cases that end in the period and were sent back to the same department, the most often first."""
    return _cases(
        session,
        " WHERE f.ending_at >= :begins AND f.ending_at < :ends AND f.rework_count > 0 AND NOT f.is_exempt"
        " ORDER BY f.rework_count DESC, f.case_id LIMIT :most",
        period,
        now,
    )


def _cases(session: Session, which: str, period: Period, now: datetime) -> list[NamedCase]:
    values = {"begins": period.begins, "ends": period.until(now), "now": now, "most": MOST_NAMED}
    return [
        NamedCase(
            found.case_no,
            pick(found.class_zh, found.class_en),
            found.address or pick(found.area_zh, found.area_en),
            pick(found.department_zh, found.department_en),
            found.due_at,
            found.disposed_at,
            float(found.late_s),
            found.rework_count,
        )
        for found in session.execute(text(_CASES + which), values)
    ]


def repeat_places(session: Session, period: Period, now: datetime) -> list[RepeatPlace]:
    """Unit grids with the most filed cases of one class, from three on."""
    rows = session.execute(
        text(
            "WITH often AS ("
            "  SELECT f.unit_grid_id, f.community_id, c.edition, f.kind, f.class_code, count(*) AS n,"
            "         count(*) FILTER (WHERE c.stage IS NOT NULL) AS open"
            '  FROM case_fact AS f JOIN "case" AS c ON c.id = f.case_id'
            "  WHERE f.filed_at >= :begins AND f.filed_at < :ends AND f.is_filed"
            "  GROUP BY 1, 2, 3, 4, 5 HAVING count(*) >= :least ORDER BY n DESC, 1, 5 LIMIT :most)"
            " SELECT g.code, a.name_zh, a.name_en, k.name_zh, k.name_en, o.n, o.open FROM often AS o"
            " JOIN unit_grid AS g ON g.id = o.unit_grid_id LEFT JOIN area AS a ON a.id = o.community_id"
            " LEFT JOIN object_class AS k ON (k.edition, k.kind, k.code) = (o.edition, o.kind, o.class_code)"
            " ORDER BY o.n DESC, g.code, o.class_code"
        ),
        {
            "begins": period.begins,
            "ends": period.until(now),
            "least": LEAST_REPEATS,
            "most": MOST_NAMED,
        },
    )
    return [
        RepeatPlace(code, pick(area_zh, area_en), pick(class_zh, class_en), n, still_open)
        for code, area_zh, area_en, class_zh, class_en, n, still_open in rows
    ]
