"""The whole city's figures over a period, and the periods they are compared with."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.evaluation.counts import COUNTS
from gis.evaluation.figures import Figure
from gis.evaluation.indicators import INDICATORS, indicators_of, ratio
from gis.evaluation.models import CaseFact
from gis.evaluation.period import Period
from gis.evaluation.report.telling import Change, year_before
from gis.evaluation.sums import sums

# Records that begin later than this part into a period would make its figures too low to compare with.
LATEST_START = 0.1


@dataclass(frozen=True)
class Totals:
    """Figures of the whole city. ``before`` and ``year_ago`` are None where the records do not reach back.

    ``is_running``: the period has not ended; then only as much of the others is taken as has come of this.
    """

    period: Period
    now: dict[str, Figure]
    before: dict[str, Figure] | None
    year_ago: dict[str, Figure] | None
    is_running: bool
    before_period: Period | None  # what ``before`` was counted over

    def on_before(self, code: str) -> Change:
        return Change(INDICATORS[code], self.now[code], self.before[code] if self.before else None)

    def on_year_ago(self, code: str) -> Change:
        return Change(INDICATORS[code], self.now[code], self.year_ago[code] if self.year_ago else None)


def totals(session: Session, period: Period, now: datetime) -> Totals:
    """The city's figures over a period and those of the periods it is compared with."""
    first = session.scalar(select(func.min(CaseFact.reported_at)))

    def comparable(other: Period) -> Period | None:
        if now < period.ends:
            other = Period(other.begins, other.begins + (now - period.begins))
        latest = other.begins + LATEST_START * (other.ends - other.begins)
        return other if first is not None and first <= latest else None

    before = comparable(period.before())
    last_year = None if period.kind == "year" else comparable(year_before(period))
    return Totals(
        period,
        city_figures(session, period, now),
        city_figures(session, before, now) if before else None,
        city_figures(session, last_year, now) if last_year else None,
        now < period.ends,
        before,
    )


def city_figures(session: Session, period: Period, now: datetime) -> dict[str, Figure]:
    """Every indicator of regions over the whole city, by code."""
    rows = indicators_of("district")
    wanted = [name for row in rows for name in (row.numerator, row.denominator) if name in COUNTS]
    counts: dict[str, int] = {}
    for of_one in sums(session, "community", wanted, period, now).values():
        for code, amount in of_one.items():
            counts[code] = counts.get(code, 0) + amount
    found = {}
    for row in rows:
        top = counts.get(row.numerator, 0)
        bottom = counts.get(row.denominator, 0) if row.denominator else None
        value = ratio(top, bottom)
        found[row.code] = Figure(row, None if value is None else value * row.factor, top, bottom)
    return found
