"""What a report is written from: figures, rankings and cases of a period, gathered at one moment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.evaluation.indicators import OBJECT_KINDS
from gis.evaluation.models import ClosedPeriod
from gis.evaluation.period import Period
from gis.evaluation.report.areas import map_areas
from gis.evaluation.report.blocks import MapArea
from gis.evaluation.report.breakdown import DayCount, Part, by_class, by_source, over_time
from gis.evaluation.report.filed_cases import CaseRow, filed_cases
from gis.evaluation.report.named_cases import (
    NamedCase,
    RepeatPlace,
    overdue_cases,
    repeat_places,
    reworked_cases,
)
from gis.evaluation.report.ranking import Ranking, ranking
from gis.evaluation.report.totals import Totals, totals
from gis.grid.models import City
from gis.i18n import N_, pick

Tell = Callable[[str, int], None]  # what is done now, and per cent done
MAPPED = "on_time_disposal"


@dataclass(frozen=True)
class Closed:
    """The version of the closed period that stands beside the report."""

    id: int
    version: int
    digest: str
    closed_at: datetime


@dataclass(frozen=True)
class Material:
    """``rankings`` by kind of object; a kind for which no card is chosen is missing."""

    city: str
    period: Period
    now: datetime
    totals: Totals
    sources: list[Part]
    classes: list[Part]
    days: list[DayCount]
    rankings: dict[str, Ranking]
    streets: tuple[MapArea, ...]
    overdue: list[NamedCase]
    reworked: list[NamedCase]
    repeats: list[RepeatPlace]
    filed: list[CaseRow]
    closed: Closed | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all counts in the period."""
        return not any(figure.numerator or figure.denominator for figure in self.totals.now.values())


def gather(
    session: Session, period: Period, now: datetime, tell: Tell = lambda _step, _done: None
) -> Material:
    """Read all that a report says. Call it in a transaction that sees one state of the city."""
    tell(N_("Counting"), 5)
    told = totals(session, period, now)
    before = told.before_period
    rankings = {}
    for place, kind in enumerate(OBJECT_KINDS):
        tell(N_("Scoring"), 15 + 4 * place)
        if (found := ranking(session, kind, period, now)) is not None:
            rankings[kind] = found
    tell(N_("Looking for cases to name"), 55)
    city = session.get(City, 1)
    return Material(
        city=pick(city.name_zh, city.name_en) if city else "",
        period=period,
        now=now,
        totals=told,
        sources=by_source(session, period, before, now),
        classes=by_class(session, period, before, now),
        days=list(over_time(session, period, now)),
        rankings=rankings,
        streets=map_areas(session, rankings["street"], MAPPED) if "street" in rankings else (),
        overdue=overdue_cases(session, period, now),
        reworked=reworked_cases(session, period, now),
        repeats=repeat_places(session, period, now),
        filed=filed_cases(session, period, now),
        closed=closed_version(session, period),
    )


def closed_version(session: Session, period: Period) -> Closed | None:
    """The newest version of the period as it was closed, if it was."""
    row = session.execute(
        select(ClosedPeriod.id, ClosedPeriod.version, ClosedPeriod.digest, ClosedPeriod.closed_at)
        .where(ClosedPeriod.period == period.code)
        .order_by(ClosedPeriod.version.desc())
        .limit(1)
    ).first()
    return Closed(*row) if row else None
