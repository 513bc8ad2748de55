"""走势: one indicator, or the score, of one object over the last periods."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from gis.errors import InvalidInput
from gis.evaluation.card_store import card_for
from gis.evaluation.cards import Card
from gis.evaluation.figures import Figure
from gis.evaluation.one import SCORE, one_row
from gis.evaluation.period import Period, of_day
from gis.evaluation.scoring import Score, score
from gis.i18n import _
from gis.people.models import Person
from gis.settings import get_settings

UNITS = ("day", "week", "month", "quarter", "year")
MOST_PERIODS = 60


@dataclass(frozen=True)
class Point:
    """One period: the figure of an indicator, or the score."""

    period: Period
    figure: Figure | None = None
    score: Score | None = None


def last_periods(last: Period, unit: str, number: int, now: datetime) -> list[Period]:
    """So many periods of a unit, the oldest first; the last one holds the end of ``last``, or now."""
    if unit not in UNITS:
        raise InvalidInput(
            _("Unknown kind of period {kind}").format(kind=unit), errors=[{"pointer": "/unit"}]
        )
    moment = last.until(now) - timedelta(microseconds=1)
    found = [of_day(unit, moment.astimezone(get_settings().zone).date())]
    while len(found) < number:
        found.append(found[-1].before())
    return found[::-1]


def trend(
    session: Session,
    reader: Person,
    kind: str,
    code: str,
    indicator: str,
    last: Period,
    unit: str = "month",
    number: int = 12,
    card: str | None = None,
) -> list[Point]:
    """The last ``number`` periods of an object.

    Parameters
    ----------
    indicator : a code of :data:`gis.evaluation.indicators.INDICATORS`, or ``score``

    Raises
    ------
    InvalidInput
        Unknown object, indicator, card or unit; a period in the future.
    """
    now = datetime.now(UTC)
    last.refuse_future(now)
    scored_by = Card.from_json(card_for(session, kind, card).content) if indicator == SCORE else None
    found = []
    for period in last_periods(last, unit, number, now):
        row = one_row(session, reader, kind, code, period, indicator, now)
        if scored_by is not None:
            found.append(Point(period, score=score(scored_by, row.values())))
        else:
            found.append(Point(period, figure=row.figures[indicator]))
    return found
