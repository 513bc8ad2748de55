"""今日案件: the figures of a wall: what came in and went out since midnight, and how the open cases stand."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.settings import get_settings

# The views are narrowed to what the reader may see; steps are found by their time.
_STEPS = text(
    "SELECT count(DISTINCT s.case_id) FILTER (WHERE s.seq = 1) AS reported,"
    " count(DISTINCT s.case_id) FILTER (WHERE s.action = 'file') AS filed,"
    " count(DISTINCT s.case_id) FILTER (WHERE s.action = 'close') AS closed"
    " FROM public.case_step AS s JOIN app.cases AS c ON c.id = s.case_id WHERE s.at >= :midnight"
)
_LAMPS = text(
    "SELECT count(*) AS open, count(*) FILTER (WHERE lamp = 'green') AS green,"
    " count(*) FILTER (WHERE lamp = 'yellow') AS yellow, count(*) FILTER (WHERE lamp = 'red') AS red"
    " FROM app.cases WHERE is_open"
)


@dataclass(frozen=True)
class Today:
    """Numbers of cases that the reader may see; ``since`` is the city's midnight.

    ``open`` counts all that have not ended, also those whose lamp is dark because no limit runs.
    """

    since: datetime
    reported: int
    filed: int
    closed: int
    open: int
    green: int
    yellow: int
    red: int


def figures_of_today(session: Session) -> Today:
    """The figures of this day; the views of cases must have been narrowed to the reader."""
    now = datetime.now(get_settings().zone)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    steps = session.execute(_STEPS, {"midnight": midnight}).mappings().one()
    lamps = session.execute(_LAMPS).mappings().one()
    return Today(since=midnight, **steps, **lamps)
