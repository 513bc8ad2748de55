"""What was reported: by source, by class, by day. Counts of facts, each over one index of moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.case.workflow import Source
from gis.evaluation.figures import FEW
from gis.evaluation.period import Period
from gis.i18n import N_, _, pick
from gis.settings import get_settings

SOURCES: dict[str, str] = {
    Source.INSPECTOR: N_("Inspector's report"),
    Source.HOTLINE: N_("Hotline"),
    Source.CITIZEN: N_("Citizen's report"),
    Source.OPEN311: N_("Citizen's report by another system"),
    Source.MEDIA: N_("Media"),
    Source.LEADER: N_("Leader's instruction"),
    Source.IMPORTED: N_("Imported"),
}
MOST_CLASSES = 10


@dataclass(frozen=True)
class Part:
    """How many cases fall on one source or class, and of those settled how many were in time."""

    name: str
    number: int
    before: int | None
    in_time: int = 0
    settled: int = 0

    @property
    def on_time(self) -> float | None:
        return self.in_time / self.settled if self.settled else None

    @property
    def is_small(self) -> bool:
        return 0 < self.settled < FEW


def by_source(session: Session, period: Period, before: Period | None, now: datetime) -> list[Part]:
    """Reports by where they came from, the most first."""
    asked = text(
        'SELECT c.source, count(*) FROM case_fact AS f JOIN "case" AS c ON c.id = f.case_id'
        " WHERE f.reported_at >= :begins AND f.reported_at < :ends GROUP BY 1"
    )
    told = {source: int(n) for source, n in session.execute(asked, _span(period, now))}
    then = {source: int(n) for source, n in session.execute(asked, _span(before, now))} if before else None
    rows = [
        Part(_(SOURCES.get(source, source)), number, None if then is None else then.get(source, 0))
        for source, number in told.items()
    ]
    return sorted(rows, key=lambda row: (-row.number, row.name))


def by_class(session: Session, period: Period, before: Period | None, now: datetime) -> list[Part]:
    """The classes with the most filed cases, and how many of those due were disposed of in time."""
    asked = text(
        "SELECT c.edition, f.kind, f.class_code,"
        " count(*) FILTER (WHERE f.filed_at >= :begins AND f.filed_at < :ends AND f.is_filed) AS filed,"
        " count(*) FILTER (WHERE f.settled_at >= :begins AND f.settled_at < :ends AND NOT f.is_exempt),"
        " count(*) FILTER (WHERE f.settled_at >= :begins AND f.settled_at < :ends AND NOT f.is_exempt"
        "                        AND f.disposed_in_time)"
        ' FROM case_fact AS f JOIN "case" AS c ON c.id = f.case_id'
        " WHERE f.filed_at >= :begins AND f.filed_at < :ends"
        "    OR f.settled_at >= :begins AND f.settled_at < :ends"
        " GROUP BY 1, 2, 3 HAVING count(*) FILTER"
        " (WHERE f.filed_at >= :begins AND f.filed_at < :ends AND f.is_filed) > 0"
        " ORDER BY filed DESC, 2, 3 LIMIT :most"
    )
    told = session.execute(asked, _span(period, now) | {"most": MOST_CLASSES}).all()
    earlier = (
        {
            tuple(key): int(filed)
            for *key, filed, _settled, _in_time in session.execute(asked, _span(before, now) | {"most": None})
        }
        if before
        else None
    )
    names = {
        (edition, kind, code): pick(name_zh, name_en)
        for edition, kind, code, name_zh, name_en in session.execute(
            text("SELECT edition, kind, code, name_zh, name_en FROM object_class WHERE code = ANY(:codes)"),
            {"codes": sorted({row[2] for row in told})},
        )
    }
    return [
        Part(
            names.get((edition, kind, code), code),
            filed,
            None if earlier is None else earlier.get((edition, kind, code), 0),
            in_time,
            settled,
        )
        for edition, kind, code, filed, settled, in_time in told
    ]


@dataclass(frozen=True)
class DayCount:
    """Reports and filings of one local day, or of the month that it begins."""

    day: date
    reported: int
    filed: int


def over_time(session: Session, period: Period, now: datetime) -> Sequence[DayCount]:
    """Reports and filings by local day, of periods over four months by month; none is left out."""
    step = "month" if (period.ends - period.begins).days > MOST_DAYS else "day"
    rows = session.execute(
        text(
            "WITH told AS ("
            "  SELECT date_trunc(:step, f.reported_at AT TIME ZONE :zone)::date AS day, count(*) AS reported,"
            "         0 AS filed"
            "  FROM case_fact AS f WHERE f.reported_at >= :begins AND f.reported_at < :ends GROUP BY 1"
            "  UNION ALL"
            "  SELECT date_trunc(:step, f.filed_at AT TIME ZONE :zone)::date, 0, count(*)"
            "  FROM case_fact AS f"
            "  WHERE f.filed_at >= :begins AND f.filed_at < :ends AND f.is_filed GROUP BY 1"
            ")"
            " SELECT d::date, coalesce(sum(told.reported), 0), coalesce(sum(told.filed), 0)"
            " FROM generate_series(date_trunc(:step, CAST(:begins AS timestamptz) AT TIME ZONE :zone),"
            "     (CAST(:ends AS timestamptz) AT TIME ZONE :zone) - interval '1 microsecond',"
            "     CAST('1 ' || :step AS interval)) AS d"
            " LEFT JOIN told ON told.day = d::date GROUP BY 1 ORDER BY 1"
        ),
        _span(period, now) | {"step": step, "zone": get_settings().timezone},
    )
    return [DayCount(day, int(reported), int(filed)) for day, reported, filed in rows]


MOST_DAYS = 124


def _span(period: Period, now: datetime) -> dict[str, datetime]:
    return {"begins": period.begins, "ends": period.until(now)}
