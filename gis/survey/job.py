"""The work on an import: read, stage, check and compare; take over; take back.

Each stage is one transaction. How far it is, is written in short transactions of its own, which others see.
A job that is done again, because its worker was killed, begins anew and comes to the same.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from gis.database import engine, transaction
from gis.errors import CityGridError, InvalidInput
from gis.i18n import DEFAULT_LOCALE, _, in_locale
from gis.pipeline.checks.run import check_import
from gis.survey import ending
from gis.survey.comparing import compare
from gis.survey.files import paths_of
from gis.survey.merge import merge
from gis.survey.models import (
    ImportState,
    PipeFinding,
    StagedLine,
    StagedPoint,
    SurveyImport,
)
from gis.survey.options import SurveyOptions
from gis.survey.recognised import Recognised
from gis.survey.service import day_of
from gis.survey.staging import stage
from gis.survey.statements import run

log = structlog.get_logger()

TELL_S = 0.3  # how far a stage is, is told no more often than this
SEVERITIES = ("fatal", "error", "warning", "note")
Tell = Callable[[str, int, int | None], None]  # step, done, total


class StillRunning(Exception):
    """Another worker is at this import; it may have been thought dead too soon."""


def work_import(import_id: int, tell: Tell | None = None) -> None:
    """Do what an import waits for; nothing, where it waits for nothing or a person.

    ``tell`` hears of every step besides what is written down.

    Raises
    ------
    StillRunning
        Another worker does it at this moment.
    sqlalchemy.exc.OperationalError
        The database is away: to be tried again.
    """
    with claimed(import_id):
        with transaction() as session:
            import_ = session.get(SurveyImport, import_id)
            if import_ is None:
                return
            state, locale = import_.state, import_.options.get("locale", DEFAULT_LOCALE)
        told = _teller(import_id, tell)
        with in_locale(locale):
            if state in (ImportState.RECEIVED, ImportState.READING, ImportState.CHECKING):
                _or_end(import_id, ImportState.FAILED, lambda: _prepare(import_id, told))
            elif state is ImportState.ACCEPTING:
                _or_end(import_id, ImportState.CHECKED, lambda: _take_over(import_id, told))
            elif state is ImportState.UNDOING:
                _or_end(import_id, ImportState.ACCEPTED, lambda: _take_back(import_id, told))


def _prepare(import_id: int, tell: Tell) -> None:
    with transaction() as session:
        ending.remove_staged(session, import_id)
        import_ = session.get_one(SurveyImport, import_id)
        _turn(import_, ImportState.READING, recognised=[], counts={}, step="read")
        paths, options = paths_of(import_), _survey_options(import_)
    with transaction() as session:
        recognised = stage(session, import_id, paths, options, lambda done, total: tell("read", done, total))
        recognised += _sub_classes(session, import_id, options.survey, paths[0].name)
        import_ = session.get_one(SurveyImport, import_id)
        _turn(
            import_,
            ImportState.CHECKING,
            recognised=[each.to_json() for each in recognised],
            counts=_rows(session, import_id),
            step="check",
        )
    with transaction() as session:
        checks = check_import(session, import_id, lambda at, done, total: tell(f"check {at}", done, total))
        session.flush()
        found = _findings(session, checks.id) | _clean(session, import_id)
    tell("compare", 0, None)
    with transaction() as session:
        session.execute(text("SET LOCAL work_mem = '64MB'"))
        import_ = session.get_one(SurveyImport, import_id)
        change = compare(session, import_)
        counts = import_.counts | found | {"change": change}
        _turn(import_, ImportState.CHECKED, counts=counts, checked_at=datetime.now(UTC))


def _take_over(import_id: int, tell: Tell) -> None:
    tell("merge", 0, None)
    with transaction() as session:
        session.execute(text("SET LOCAL work_mem = '64MB'"))
        import_ = session.get_one(SurveyImport, import_id)
        if _others_since(session, import_):
            change = compare(session, import_)
            if change != import_.counts.get("change"):
                message = _("The network has changed since the comparison; please look at it again")
                counts = import_.counts | {"change": change}
                now = datetime.now(UTC)
                _turn(import_, ImportState.CHECKED, counts=counts, message=message, checked_at=now)
                return
        merged = merge(session, import_, day_of(import_), only_clean=import_.accepted_how == "clean")
        options = import_.options | {"valid_from": day_of(import_).isoformat()}
        counts = import_.counts | {"merged": vars(merged)}
        _turn(import_, ImportState.ACCEPTED, counts=counts, options=options, ended_at=datetime.now(UTC))


def _take_back(import_id: int, tell: Tell) -> None:
    tell("undo", 0, None)
    with transaction() as session:
        import_ = session.get_one(SurveyImport, import_id)
        ending.take_back(session, import_)
        _turn(import_, ImportState.UNDONE, ended_at=datetime.now(UTC))


def _turn(import_: SurveyImport, state: ImportState, **values: Any) -> None:
    """The next state, seen by others when the transaction ends."""
    values = {"message": "", "step": "", "done": 0, "total": None} | values
    for name, value in values.items():
        setattr(import_, name, value)
    import_.state = state
    import_.version += 1


def _or_end(import_id: int, state: ImportState, work: Callable[[], None]) -> None:
    """Do a piece of work; where it cannot be done, say why and leave the import in a state."""
    try:
        work()
        return
    except OperationalError:
        raise
    except CityGridError as error:
        message = str(error)
    except IntegrityError as error:
        reason = str(error.orig).splitlines()[0]
        message = _("The database refuses the import: {reason}").format(reason=reason)
    except Exception:
        log.exception("an import failed", import_id=import_id)
        message = _("Something went wrong on our side; the log of the service says what")
    with transaction() as session:
        import_ = session.get_one(SurveyImport, import_id)
        if state is ImportState.FAILED:
            ending.remove_staged(session, import_id)
            import_.ended_at = datetime.now(UTC)
        _turn(import_, state, message=message)


def _survey_options(import_: SurveyImport) -> SurveyOptions:
    return SurveyOptions.from_json(import_.options | {"survey": import_.survey})


def _sub_classes(session: Session, import_id: int, survey: str, file: str) -> list[Recognised]:
    """Give points that name only their class a sub-class by their lines; what there is to say about it."""
    without = (StagedPoint.import_id == import_id, StagedPoint.sub_code.is_(None))
    if session.scalar(select(StagedPoint.id).where(*without).limit(1)) is None:
        return []
    count = run(session, "points_by_lines", import_id=import_id, survey=survey).rowcount
    return [Recognised("points_by_lines", file, detail={"count": count})] if count else []


def _rows(session: Session, import_id: int) -> dict[str, Any]:
    counted = {
        name: session.scalar(select(func.count()).where(staged.import_id == import_id))
        for name, staged in (("points", StagedPoint), ("lines", StagedLine))
    }
    if not any(counted.values()):
        raise InvalidInput(_("No points and no lines were found in the files"))
    return counted


def _clean(session: Session, import_id: int) -> dict[str, Any]:
    return {
        name: session.scalar(select(func.count()).where(staged.import_id == import_id, staged.is_clean))
        for name, staged in (("clean_points", StagedPoint), ("clean_lines", StagedLine))
    }


def _findings(session: Session, run_id: int) -> dict[str, Any]:
    counted = session.execute(
        select(PipeFinding.severity, PipeFinding.code, func.count())
        .where(PipeFinding.run_id == run_id)
        .group_by(PipeFinding.severity, PipeFinding.code)
    ).all()
    by_severity: dict[str, int] = dict.fromkeys(SEVERITIES, 0)
    for severity, _code, count in counted:
        by_severity[severity] += count
    return {"findings": by_severity, "run_id": run_id, "by_check": {code: n for _s, code, n in counted}}


def _others_since(session: Session, import_: SurveyImport) -> bool:
    """Whether another import has changed the network since this one was compared with it."""
    changed = select(SurveyImport.id).where(
        SurveyImport.state.in_((ImportState.ACCEPTED, ImportState.UNDONE)),
        SurveyImport.ended_at >= import_.checked_at,
    )
    return session.scalar(changed.limit(1)) is not None


def _teller(import_id: int, tell: Tell | None) -> Tell:
    """Writes down how far the work is; not each row of it."""
    last, last_step = 0.0, ""

    def told(step: str, done: int, total: int | None) -> None:
        nonlocal last, last_step
        if tell is not None:
            tell(step, done, total)
        now = time.monotonic()
        if step == last_step and now - last < TELL_S and done != total:
            return
        last, last_step = now, step
        with transaction() as session:
            values = {"step": step[:32], "done": done, "total": total}
            session.execute(update(SurveyImport).where(SurveyImport.id == import_id).values(values))

    return told


@contextmanager
def claimed(import_id: int) -> Iterator[None]:
    """Have an import for oneself. The lock goes with its connection, and so with a process that dies."""
    key = func.hashtextextended(f"import:{import_id}", 0)
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(select(func.pg_try_advisory_lock(key))):
            raise StillRunning(import_id)
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(key)))
