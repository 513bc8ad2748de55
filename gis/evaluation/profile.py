"""What a profile tells beside figures: classes most frequent, cases overdue now; where the facts begin."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis.case.scope import Scope, scope_of
from gis.evaluation.figures import objects_of
from gis.evaluation.indicators import POSTS
from gis.evaluation.models import CaseFact
from gis.evaluation.period import Period
from gis.evaluation.sums import GRAINS, in_scope, scope_values
from gis.i18n import pick
from gis.people.models import Person

MOST = 8  # classes and cases that are told


@dataclass(frozen=True)
class ClassCount:
    """How many cases of a class were filed, and how many of those settled were disposed of in time."""

    code: str
    name: str
    filed: int
    settled: int
    in_time: int


@dataclass(frozen=True)
class OverdueCase:
    case_no: str
    class_name: str
    address: str
    due_at: datetime


def first_report(session: Session) -> datetime | None:
    """When the first case was reported; None where there is none."""
    return session.scalar(select(func.min(CaseFact.reported_at)))


def frequent_classes(
    session: Session, reader: Person, kind: str, code: str, period: Period, now: datetime
) -> list[ClassCount]:
    """The classes filed most often at a place or with a department; none for posts.

    Raises
    ------
    InvalidInput
        The reader may see no such object.
    """
    if kind in POSTS:
        return []
    scope = scope_of(session, reader)
    where, values = _of_object(session, scope, kind, code)
    rows = session.execute(
        text(
            "SELECT f.kind, f.class_code, k.name_zh, k.name_en, count(*) AS filed,"
            " count(*) FILTER (WHERE f.settled_at < :until AND NOT f.is_exempt),"
            " count(*) FILTER (WHERE f.settled_at < :until AND f.disposed_in_time AND NOT f.is_exempt)"
            ' FROM case_fact AS f JOIN "case" AS c ON c.id = f.case_id'
            " JOIN object_class AS k ON (k.edition, k.kind, k.code) = (c.edition, c.kind, c.class_code)"
            " WHERE f.filed_at >= :begins AND f.filed_at < :until AND f.is_filed"
            f" AND {where} {in_scope(scope)} GROUP BY 1, 2, 3, 4"
            " ORDER BY filed DESC, f.class_code LIMIT :most"
        ),
        {"begins": period.begins, "until": period.until(now), "most": MOST, **values, **scope_values(scope)},
    )
    return [
        ClassCount(class_code, pick(zh, en), filed, settled, in_time)
        for _kind, class_code, zh, en, filed, settled, in_time in rows
    ]


def overdue_cases(
    session: Session, reader: Person, kind: str, code: str, now: datetime
) -> tuple[int, list[OverdueCase]]:
    """How many cases of a place or department are overdue and open now, and those due first; none for posts.

    Raises
    ------
    InvalidInput
        The reader may see no such object.
    """
    if kind in POSTS:
        return 0, []
    scope = scope_of(session, reader)
    where, values = _of_object(session, scope, kind, code)
    rows = session.execute(
        text(
            "SELECT count(*) OVER (), c.case_no, k.name_zh, k.name_en, c.address, f.due_at"
            # By the index of open cases, which are few beside all that were ever overdue.
            ' FROM "case" AS c JOIN case_fact AS f ON f.case_id = c.id'
            " JOIN object_class AS k ON (k.edition, k.kind, k.code) = (c.edition, c.kind, c.class_code)"
            " WHERE c.stage IS NOT NULL AND f.settled_at < :now"
            " AND NOT f.is_disposed AND f.closed_at IS NULL AND NOT f.is_exempt"
            f" AND {where} {in_scope(scope)} ORDER BY f.due_at LIMIT :most"
        ),
        {"now": now, "most": MOST, **values, **scope_values(scope)},
    ).all()
    told = [OverdueCase(no, pick(zh, en), address or "", due) for _n, no, zh, en, address, due in rows]
    return (rows[0][0] if rows else 0), told


def _of_object(session: Session, scope: Scope, kind: str, code: str) -> tuple[str, dict[str, list[int]]]:
    """SQL that narrows ``f`` to an object and what it is summed over."""
    (one,) = objects_of(session, kind, scope, [code])
    key = GRAINS.get(kind, GRAINS["community"]).key
    return f"f.{key} = ANY(:objects)", {"objects": list(one.over)}
