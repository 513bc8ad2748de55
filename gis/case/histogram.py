"""How many cases were reported when: counts by days, weeks or months of the city's calendar."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, DateTime, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.case.narrowing import CaseFilter, list_of
from gis.case.words import found_by_index, words_of
from gis.errors import InvalidInput
from gis.i18n import _
from gis.people.models import Person
from gis.settings import get_settings

MOST_BARS = 1200  # three years of days: no screen shows more
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


class Step(StrEnum):
    """The width of a bar."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Bar:
    """Cases reported from ``at``, inclusive, to the next bar."""

    at: datetime
    count: int


@dataclass(frozen=True)
class Histogram:
    """Bars without a gap, those of no case, too; ``until`` is where the last one ends."""

    step: Step
    since: datetime
    until: datetime
    bars: tuple[Bar, ...]


def reported_histogram(
    session: Session,
    person: Person,
    wanted: CaseFilter,
    step: Step | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Histogram:
    """Count the cases the person may see by when they were reported.

    Parameters
    ----------
    wanted : what they are narrowed by, as a list of cases is
    step : the width of a bar; the finest that gives no more than ``MOST_BARS`` when not given
    since, until : moments with their offset; both are drawn out to whole steps. The first case and now when
        not given.

    Raises
    ------
    InvalidInput
        A moment without its offset, an end before its beginning, or more than ``MOST_BARS`` bars.
    """
    until = until or datetime.now(UTC)
    since = since or session.scalar(select(func.min(Case.reported_at))) or until
    _check(since, until)
    step = step or _fitting(until - since)
    bounds = _bounds(since, until, step)
    key, number_of = _bar(bounds)
    within = (Case.reported_at >= bounds[0], Case.reported_at < bounds[-1])
    counts = dict.fromkeys(range(1, len(bounds)), 0)
    _order, parts = list_of(session, person, wanted)
    named = [found_by_index(words_of(wanted.words))] if wanted.words else []
    for part in parts:  # they do not overlap
        for value, count in session.execute(
            select(key, func.count()).where(*part, *named, *within).group_by(key)
        ):
            counts[number_of(value)] += count
    bars = tuple(Bar(bounds[number - 1], count) for number, count in counts.items())
    return Histogram(step, bounds[0], bounds[-1], bars)


def _bar(bounds: list[datetime]) -> tuple[ColumnElement[Any], Callable[[Any], int]]:
    """An expression that tells the bars of cases apart, and the number, from 1, of the bar it stands for."""
    width = bounds[1].astimezone(UTC) - bounds[0].astimezone(UTC)
    if all(after.astimezone(UTC) - before.astimezone(UTC) == width for before, after in pairwise(bounds)):
        # Twice as fast as a search among the bounds.
        first = bounds[0].astimezone(UTC)
        return func.date_bin(width, Case.reported_at, first), lambda at: (at - first) // width + 1
    # Months differ, and a day may have 23 or 25 hours.
    return func.width_bucket(Case.reported_at, cast(array(bounds), ARRAY(DateTime(timezone=True)))), int


def _fitting(span: timedelta) -> Step:
    """The finest step in which a span has not too many bars; the last one may have too many all the same."""
    days = {Step.DAY: 1, Step.WEEK: 7, Step.MONTH: 28}
    return next((step for step, width in days.items() if span.days // width + 2 <= MOST_BARS), Step.MONTH)


def _check(since: datetime, until: datetime) -> None:
    for name, moment in (("from", since), ("to", until)):
        if moment.tzinfo is None:
            raise InvalidInput(_("A time needs its offset, such as +08:00"), errors=[{"pointer": f"/{name}"}])
        if not EARLIEST <= moment <= LATEST:
            raise InvalidInput(_("This year is out of range"), errors=[{"pointer": f"/{name}"}])
    if until < since:
        raise InvalidInput(_("The end lies before the beginning"), errors=[{"pointer": "/to"}])


def _bounds(since: datetime, until: datetime, step: Step) -> list[datetime]:
    zone = get_settings().zone
    bounds: list[datetime] = []
    for day in _days(since.astimezone(zone).date(), step):
        bounds.append(datetime.combine(day, time(), zone))
        if len(bounds) > MOST_BARS + 1:
            raise InvalidInput(
                _("At most {most} bars: take a larger step or a shorter time").format(most=MOST_BARS),
                errors=[{"pointer": "/step"}],
            )
        if bounds[-1] >= until and len(bounds) > 1:
            return bounds
    raise AssertionError("days have no end")


def _days(first: date, step: Step) -> Iterator[date]:
    """The first days of steps, from that of a day on; weeks begin on Monday."""
    match step:
        case Step.DAY:
            day = first
        case Step.WEEK:
            day = first - timedelta(days=first.weekday())
        case Step.MONTH:
            day = first.replace(day=1)
    while True:
        yield day
        match step:
            case Step.DAY:
                day += timedelta(days=1)
            case Step.WEEK:
                day += timedelta(days=7)
            case Step.MONTH:
                day = (day + timedelta(days=31)).replace(day=1)
