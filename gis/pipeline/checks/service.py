"""Runs over the network in force: begun by a person, done by a job, seen while they run."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from math import isfinite

import structlog
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from gis.crs import to_city_many
from gis.database import transaction
from gis.errors import Conflict, InvalidInput
from gis.i18n import _
from gis.jobs.defer import CHECK_NETWORK, Job, defer
from gis.pipeline.checks.run import Progress, run_checks
from gis.standard.errors import UnknownCode
from gis.standard.tables import pipe_main_class
from gis.survey.models import CheckRun

UNFINISHED = ("waiting", "running")
TELL_S = 0.5  # progress is written no oftener
ONE_RUN = 4_209_031  # one run over the network at a time; the key of an advisory lock
log = structlog.get_logger()


def start_run(
    session: Session, person_id: int, class_code: str | None = None, bbox: Sequence[float] | None = None
) -> CheckRun:
    """Have the network in force checked: all of it, one class, or what lies in a box.

    Parameters
    ----------
    bbox : west, south, east, north, degrees (EPSG:4490)

    Raises
    ------
    InvalidInput
        There is no such class, or the box is none.
    Conflict
        A run over the network has not ended yet; ``run_id`` says which.
    """
    scope: dict[str, object] = {}
    if class_code:
        try:
            scope["class_code"] = pipe_main_class(class_code).class_code
        except UnknownCode as error:
            raise InvalidInput(error.detail, errors=[{"pointer": "/class_code"}]) from error
    if bbox is not None:
        scope |= {"bbox": list(bbox), "box": _city_box(bbox)}
    session.execute(select(func.pg_advisory_xact_lock(ONE_RUN)))
    other = session.scalar(
        select(CheckRun.id).where(CheckRun.import_id.is_(None), CheckRun.state.in_(UNFINISHED)).limit(1)
    )
    if other is not None:
        raise Conflict(
            _("The network is being checked already; wait for run {id}").format(id=other), run_id=other
        )
    run = CheckRun(scope=scope, created_by=person_id)
    session.add(run)
    session.flush()
    defer(session, [Job(CHECK_NETWORK, {"run_id": run.id})])
    return run


def work_run(run_id: int) -> None:
    """What the job of a run does. A run that was cut off is done again from its beginning.

    Findings come with the end of the run, all at once; until then a run shows the check at work.
    """
    with transaction() as session:
        run = session.get(CheckRun, run_id)
        if run is None or run.state not in UNFINISHED:
            return
        run.state = "running"
    try:
        with transaction() as session:
            # Another worker that took this run for abandoned waits here, and then finds it done.
            session.execute(select(func.pg_advisory_xact_lock(ONE_RUN + 1, run_id)))
            run = session.get_one(CheckRun, run_id)
            if run.state == "running":
                run_checks(session, run, _teller(run_id))
    except OperationalError:
        raise  # the database went away: the job is tried again
    except Exception:
        log.exception("a run of the checks failed", run_id=run_id)
        with transaction() as session:
            run = session.get_one(CheckRun, run_id)
            run.state, run.ended_at = "failed", datetime.now(UTC)
            run.message = _("Something went wrong on our side; the log of the service says what")


def _teller(run_id: int) -> Progress:
    """Writes down how far a run is, each time in a short transaction of its own."""
    last = 0.0

    def tell(step: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last < TELL_S and done > 0:
            return
        last = time.monotonic()
        with transaction() as session:
            session.execute(text("SET LOCAL lock_timeout = '2s'"))
            values = {"step": step, "done": done, "total": total}
            session.execute(update(CheckRun).where(CheckRun.id == run_id).values(values))

    return tell


def _city_box(bbox: Sequence[float]) -> list[float]:
    """The box around a box of degrees in the city's CRS."""
    if len(bbox) != 4 or not all(map(isfinite, bbox)) or bbox[0] >= bbox[2] or bbox[1] >= bbox[3]:
        raise InvalidInput(_("A bbox is west, south, east, north in degrees"), errors=[{"pointer": "/bbox"}])
    west, south, east, north = bbox
    x, y = to_city_many([west, east, west, east], [south, south, north, north])
    box = [float(min(x)), float(min(y)), float(max(x)), float(max(y))]
    if not all(map(isfinite, box)):
        raise InvalidInput(_("A bbox is west, south, east, north in degrees"), errors=[{"pointer": "/bbox"}])
    return box
