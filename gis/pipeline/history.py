"""The past of what is changed by hand, kept as a survey keeps it: the row lives, its state before is a row.

See docs/decisions/history-in-past-rows.md. Days are the grain. A state that a change by hand brought and
another replaces on the same day never held at the end of any day, and leaves no past row: the record of edits
has it.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.errors import Conflict
from gis.i18n import _
from gis.pipeline.asking import city_day
from gis.pipeline.models import PipePoint, PipeSegment
from gis.survey.merge import MERGE_LOCK
from gis.survey.statements import run

Row = PipePoint | PipeSegment


def begin_edit(session: Session) -> None:
    """Hold off surveys that are about to be merged until this transaction ends; it is short.

    Raises
    ------
    Conflict
        One is being merged now; that may take minutes, which nobody should wait for with a form open.
    """
    free = text("SELECT pg_try_advisory_xact_lock_shared(:key)")
    if not session.scalar(free, {"key": MERGE_LOCK}):
        raise Conflict(_("Survey data are being taken over just now; try again in a few minutes"))


def keep_past(session: Session, rows: Sequence[Row]) -> date:
    """Write the states of some rows of one table as past; returns the day from which new ones hold.

    Raises
    ------
    Conflict
        A state began after today.
    """
    day = city_day()
    for row in rows:
        if row.valid_from > day:
            raise Conflict(_("What is stored holds from {since} only").format(since=row.valid_from))
    leaving = [row for row in rows if row.valid_from < day or row.import_id is not None]
    if leaving:
        table = leaving[0].__tablename__
        run(session, "state_past", table, ids=[row.id for row in leaving], day=day)
    return day


def begin_state(row: Row, day: date) -> None:
    """Let a state hold from a day on; no import brought it."""
    row.valid_from, row.import_id = day, None


def end_row(row: Row) -> None:
    """End a row for good as of today; Conflict where it holds from a later day only."""
    day = city_day()
    if row.valid_from > day:
        raise Conflict(_("What is stored holds from {since} only").format(since=row.valid_from))
    row.valid_to = day
