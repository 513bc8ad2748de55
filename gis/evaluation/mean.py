"""全市均值: what an indicator is of all objects of a kind together, to see one of them against it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from gis.case.scope import scope_of
from gis.evaluation.counts import COUNTS
from gis.evaluation.figures import figures
from gis.evaluation.indicators import REGIONS, Indicator, indicators_of, ratio
from gis.evaluation.period import Period
from gis.evaluation.sums import sums
from gis.people.models import Person


def means(
    session: Session, reader: Person, kind: str, period: Period, now: datetime
) -> dict[str, float | None]:
    """Each rate (or mean time) over the cases of all objects that the reader may see, by indicator.

    It is the rate of all cases, not the mean of rates: a small object weighs as little as it has cases. Each
    case is counted once, though a department's cases count to those above it as well. None: no cases.
    """
    rates = [row for row in indicators_of(kind) if row.denominator]
    if kind == "department":
        counts = _of_departments(session, reader, rates, period, now)
    else:
        # Districts hold all cases of streets, communities and grids; people's acts are each one person's.
        rows = figures(session, reader, "district" if kind in REGIONS else kind, period, now=now)
        counts = _together(row.counts for row in rows)
    return {row.code: _mean(row, counts) for row in rates if _is_known(kind, row)}


def _is_known(kind: str, row: Indicator) -> bool:
    # Parts of co-departments are counted apart from the sums.
    return kind != "department" or row.numerator in COUNTS


def _of_departments(
    session: Session, reader: Person, rates: Iterable[Indicator], period: Period, now: datetime
) -> Mapping[str, int]:
    wanted = {name for row in rates for name in (row.numerator, row.denominator) if name in COUNTS}
    found = sums(session, "department", sorted(wanted), period, now, scope_of(session, reader))
    return _together(counts for department, counts in found.items() if department)


def _together(each: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    total: Counter[str] = Counter()
    for counts in each:
        total.update(counts)
    return total


def _mean(row: Indicator, counts: Mapping[str, int]) -> float | None:
    value = ratio(counts.get(row.numerator, 0), counts.get(row.denominator or "", 0))
    return None if value is None else value * row.factor
