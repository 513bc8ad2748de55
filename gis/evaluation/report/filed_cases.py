"""Every case that was filed in a period, for the workbook."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.evaluation.period import Period
from gis.i18n import pick

MOST_LISTED = 20_000


@dataclass(frozen=True)
class CaseRow:
    """One case. ``in_time``: None while it is open within its limit."""

    case_no: str
    class_name: str
    street: str
    community: str
    department: str
    filed_at: datetime
    due_at: datetime | None
    disposed_at: datetime | None
    closed_at: datetime | None
    in_time: bool | None
    reworks: int


def filed_cases(session: Session, period: Period, now: datetime) -> list[CaseRow]:
    """Cases filed in the period, void ones apart, by when they were filed; so many at most."""
    rows = session.execute(
        text(
            "SELECT c.case_no, k.name_zh AS class_zh, k.name_en AS class_en, s.name_zh AS street_zh,"
            " s.name_en AS street_en, a.name_zh AS area_zh, a.name_en AS area_en, d.name_zh AS department_zh,"
            " d.name_en AS department_en, f.filed_at, f.due_at, f.disposed_at, f.closed_at, f.rework_count,"
            " CASE WHEN f.disposed_at IS NOT NULL OR f.settled_at < :now"
            "      THEN f.disposed_in_time END AS in_time"
            ' FROM case_fact AS f JOIN "case" AS c ON c.id = f.case_id'
            " LEFT JOIN object_class AS k ON (k.edition, k.kind, k.code) = (c.edition, c.kind, c.class_code)"
            " LEFT JOIN area AS s ON s.id = f.street_id LEFT JOIN area AS a ON a.id = f.community_id"
            " LEFT JOIN department AS d ON d.id = f.department_id"
            " WHERE f.filed_at >= :begins AND f.filed_at < :ends AND f.is_filed"
            " ORDER BY f.filed_at, f.case_id LIMIT :most"
        ),
        {"begins": period.begins, "ends": period.until(now), "now": now, "most": MOST_LISTED},
    )
    return [
        CaseRow(
            row.case_no,
            pick(row.class_zh, row.class_en),
            pick(row.street_zh, row.street_en),
            pick(row.area_zh, row.area_en),
            pick(row.department_zh, row.department_en),
            row.filed_at,
            row.due_at,
            row.disposed_at,
            row.closed_at,
            row.in_time,
            row.rework_count,
        )
        for row in rows
    ]
