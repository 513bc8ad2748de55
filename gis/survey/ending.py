"""The end of an import: what waits of it removed, what it brought taken back, its files cleared away."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, text
from sqlalchemy.orm import Session

from gis.errors import Conflict
from gis.i18n import _
from gis.survey.files import remove_files, remove_left_behind
from gis.survey.merge import MERGE_LOCK
from gis.survey.models import CheckRun, ImportState, PipeFinding, StagedLine, StagedPoint, SurveyImport
from gis.survey.statements import run

# Staged rows, findings and files of an import that is at its end can be looked at for so long.
KEEP_ENDED = timedelta(days=30)
ENDED = (ImportState.ACCEPTED, ImportState.UNDONE, ImportState.DROPPED, ImportState.FAILED)
BATCH = 10_000


class ChangedSince(Conflict):
    """Rows that the import brought were changed by a later one."""

    code = "changed-since"


def remove_staged(session: Session, import_id: int) -> None:
    """Remove waiting rows and findings of an import."""
    session.execute(delete(CheckRun).where(CheckRun.import_id == import_id))
    for staged in (StagedPoint, StagedLine):
        session.execute(delete(staged).where(staged.import_id == import_id))


def take_back(session: Session, import_: SurveyImport) -> None:
    """Restore the network as it was before an accepted import: what it brought goes, what it ended lives.

    Raises
    ------
    ChangedSince
        Something later rests on what it brought.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MERGE_LOCK})
    values: dict[str, Any] = {"import_id": import_.id}
    later = run(session, "later_changes", **values).first()
    if later is not None:
        raise ChangedSince(
            _("Import {id} cannot be taken back: {number} was changed by a later survey").format(
                id=import_.id, number=later.number
            )
        )
    run(session, "undo_new", "pipe_segment", **values)
    # Points before the segments that end at them, and away only when none does any more.
    for table in ("pipe_point", "pipe_segment"):
        run(session, "undo_changed", table, **values)
        run(session, "undo_gone", table, **values)
    run(session, "undo_past", "pipe_segment", **values)
    run(session, "undo_new", "pipe_point", **values)
    run(session, "undo_past", "pipe_point", **values)


def sweep_imports(session: Session, now: datetime | None = None) -> int:
    """Remove what is kept of imports that ended long ago, at most a batch; returns how many rows and files.

    The import itself stays, with its counts: rows of the network name it.
    """
    remove_left_behind()
    old = (
        select(SurveyImport.id)
        .where(
            SurveyImport.state.in_(ENDED),
            SurveyImport.ended_at < (now or datetime.now(UTC)) - KEEP_ENDED,
            SurveyImport.files != [],
        )
        .order_by(SurveyImport.id)
        .limit(1)
        .with_for_update()
    )
    import_ = session.scalar(select(SurveyImport).where(SurveyImport.id.in_(old)))
    if import_ is None:
        return 0
    done = _some_staged(session, import_.id)
    if done < BATCH:
        remove_files(import_)
        import_.files = []
        done += 1
    return done


def _some_staged(session: Session, import_id: int) -> int:
    runs = select(CheckRun.id).where(CheckRun.import_id == import_id)
    statements = (
        delete(PipeFinding).where(
            PipeFinding.id.in_(select(PipeFinding.id).where(PipeFinding.run_id.in_(runs)).limit(BATCH))
        ),
        *(
            delete(staged).where(
                staged.id.in_(select(staged.id).where(staged.import_id == import_id).limit(BATCH))
            )
            for staged in (StagedPoint, StagedLine)
        ),
    )
    done = 0
    for statement in statements:
        if done < BATCH:
            done += cast("CursorResult[None]", session.execute(statement)).rowcount
    return done
