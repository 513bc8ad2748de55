"""An accepted import into the network: new rows, new states of living ones, history of what they were.

Set by set, in the caller's transaction: all of it or nothing. A row that lives keeps its id; the state before
becomes a row of its own, until the day of the survey.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.errors import Conflict
from gis.i18n import _
from gis.survey.comparing import gone_rows, replaces
from gis.survey.models import SurveyImport
from gis.survey.statements import run

# One merge of the city at a time: two that take each other's segments along would wait forever.
MERGE_LOCK = 4_209_002


@dataclass(frozen=True)
class Merged:
    """Rows of points and lines that an import brought, changed, took along and ended."""

    new: int
    changed: int
    moved: int
    gone: int


def merge(session: Session, import_: SurveyImport, day: date, *, only_clean: bool) -> Merged:
    """Bring the compared rows of an import into the network, as valid from a day on.

    Raises
    ------
    Conflict
        A state that the import would end began after that day.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MERGE_LOCK})
    # The comparison has filled the column that all of this asks for: planned by what stood there before, each
    # statement would look for one row where there are as many as were surveyed.
    for table in ("survey_staged_point", "survey_staged_line"):
        session.execute(text(f"ANALYZE {table} (import_id, change, is_clean)"))
    values: dict[str, Any] = {"import_id": import_.id, "day": day}
    of_rows = values | {"only_clean": only_clean}
    gone = gone_rows(session, import_) if replaces(import_) else None
    _refuse_before(day, [*gone.points.values(), *gone.lines.values()] if gone else [])
    if gone:
        run(session, "lines_gone", ids=list(gone.lines), **values)
    changed = run(session, "points_past", **of_rows).rowcount
    run(session, "points_changed", **of_rows)
    new = run(session, "points_new", **of_rows).rowcount
    session.execute(text("DROP TABLE IF EXISTS survey_end, survey_line"))
    run(session, "living_ends", survey=import_.survey)
    session.execute(text("ANALYZE survey_end"))
    run(session, "taken_lines", import_id=import_.id, only_clean=only_clean)
    session.execute(text("ANALYZE survey_line (change, id)"))
    changed += run(session, "lines_past", **values).rowcount
    run(session, "lines_changed", **values)
    new += run(session, "lines_new", **values).rowcount
    moved = {row.id: row.valid_from for row in run(session, "moved_now", import_id=import_.id)}
    _refuse_before(day, list(moved.values()))
    if moved:
        run(session, "moved_past", ids=list(moved), **values)
        run(session, "moved_changed", ids=list(moved), **values)
    ended = 0
    if gone:
        ended = len(gone.lines) + run(session, "points_gone", ids=list(gone.points), **values).rowcount
    return Merged(new, changed, len(moved), ended)


def _refuse_before(day: date, since: list[date]) -> None:
    latest = max(since, default=day)
    if latest > day:
        raise Conflict(
            _("What this survey would replace holds since {since}; the survey cannot be of {day}").format(
                since=latest, day=day
            )
        )
