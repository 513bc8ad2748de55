"""封账: a period that is over is closed by an evaluator; what it says then is never changed.

A correction, or an appeal upheld later, makes another version beside the first. The work is a job: 200,000
cases take seconds.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from gis.case.record import check_text
from gis.database import session_maker, transaction
from gis.errors import CityGridError, Conflict, InvalidInput
from gis.evaluation.closed import frozen_of, newest_version
from gis.evaluation.closed_changes import changed_rows, differences, told_by_case
from gis.evaluation.closed_content import digest_of, make_content
from gis.evaluation.freezing import cases_that_count, write_facts
from gis.evaluation.frozen import FrozenFile
from gis.evaluation.models import ClosedPeriod, ClosingRun
from gis.evaluation.period import parse_period
from gis.evaluation.recount import differences as recounted
from gis.evaluation.whole_city import need_whole_city
from gis.i18n import N_, _
from gis.jobs.defer import CLOSE_PERIOD, Job, defer
from gis.people.models import Person

# What a closing does, and how far it is (per cent) when that begins.
STEPS = {
    "figures": (N_("Counting the figures"), 0),
    "facts": (N_("Copying the facts"), 25),
    "check": (N_("Counting again from the copy"), 75),
    "compare": (N_("Comparing with the version before"), 90),
}
UNFINISHED = ("waiting", "working")
Tell = Callable[[str, int], None]
log = structlog.get_logger()


def ask_closing(
    session: Session, person: Person, code: str, reason: str = "", now: datetime | None = None
) -> ClosingRun:
    """Have a period closed, or closed once more for a reason.

    Raises
    ------
    InvalidInput
        No period, one that cannot be closed by itself, or no reason for another version.
    Conflict
        The period is not over, or is being closed already.
    NotAllowed
        The person sees a part of the city only.
    """
    need_whole_city(session, person)
    period = parse_period(code)
    check_text("/reason", reason)
    if period.kind == "span":
        raise InvalidInput(
            _("A day, week, month, quarter or year is closed, not any span"), errors=[{"pointer": "/period"}]
        )
    if period.ends > (now or datetime.now(UTC)):
        raise Conflict(
            _("{period} is not over yet; it can be closed after {ends}").format(
                period=period.code, ends=f"{period.ends:%Y-%m-%d %H:%M}"
            )
        )
    if newest_version(session, period.code) is not None and not reason.strip():
        raise InvalidInput(
            _("{period} is closed already; say why there must be another version").format(period=period.code),
            errors=[{"pointer": "/reason"}],
        )
    run = ClosingRun(period=period.code, reason=reason.strip(), asked_by=person.id)
    try:
        with session.begin_nested():
            session.add(run)
    except IntegrityError:
        raise Conflict(_("{period} is being closed already").format(period=period.code)) from None
    session.refresh(run)
    defer(session, [Job(CLOSE_PERIOD, {"run_id": run.id})])
    return run


def work_closing(run_id: int) -> None:
    """What the job of a closing does. One that was cut off is done again from its beginning."""
    with transaction() as session:
        run = session.get(ClosingRun, run_id, with_for_update=True)
        if run is None or run.state not in UNFINISHED:
            return
        run.state = "working"
    try:
        made = _made(run_id)
        with transaction() as session:
            _keep(session, run_id, made)
    except OperationalError:
        raise  # the database went away: the job is tried again
    except CityGridError as error:
        _fail(run_id, str(error))
    except Exception:
        log.exception("a closing failed", run_id=run_id)
        _fail(run_id, _("Something went wrong on our side; the log of the service says what"))


def _made(run_id: int) -> ClosedPeriod:
    """A version as it will be kept; made in one look at the database, while cases go on."""
    with session_maker()() as session, session.begin():
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        run = session.get_one(ClosingRun, run_id)
        return make_version(session, run.period, run.reason, run.asked_by, _teller(run_id))


def make_version(
    session: Session, code: str, reason: str, closed_by: int, tell: Tell = lambda _step, _done: None
) -> ClosedPeriod:
    """The next version of a period, not stored yet. ``tell`` is told the step and how far all is, per cent.

    Raises
    ------
    Conflict
        Nothing differs from the version before; or figures and facts contradict each other, and nothing may
        be closed before they are derived anew.
    """
    period, now = parse_period(code), datetime.now(UTC)
    tell("figures", STEPS["figures"][1])
    before = newest_version(session, period.code)
    content = make_content(session, period, now)
    version = before.version + 1 if before else 1
    content["made"] = {
        "version": version,
        "reason": reason,
        "closed_by": session.get_one(Person, closed_by).login,
        "closed_at": now.isoformat(),
    }
    ids = cases_that_count(session, period)
    facts = write_facts(session, ids, _share(tell))
    tell("check", STEPS["check"][1])
    frozen = FrozenFile(facts, content, period.begins, period.ends)
    if wrong := recounted(content, frozen.parts()):
        log.error("figures and facts differ", period=period.code, differences=wrong[:10])
        raise Conflict(
            _(
                "Figures and facts contradict each other in {n} places; have the facts derived anew first"
            ).format(n=len(wrong)),
            differences=wrong[:10],
        )
    tell("compare", STEPS["compare"][1])
    return ClosedPeriod(
        period=period.code,
        version=version,
        begins=period.begins,
        ends=period.ends,
        reason=reason,
        changes=_changes(session, before, content, frozen) if before else {},
        content=content,
        facts=facts,
        case_count=len(ids),
        digest=digest_of(content, facts),
        closed_by=closed_by,
        closed_at=now,
    )


def _changes(
    session: Session, before: ClosedPeriod, content: dict[str, Any], frozen: FrozenFile
) -> dict[str, Any]:
    was = frozen_of(before)
    cases = [
        one for first, after in was.ranges()
        for one in differences(was.between(first, after), frozen.between(first, after))
    ]  # fmt: skip
    rows = changed_rows(before.content, content)
    cards = [kind for kind, card in content["cards"].items() if card != before.content["cards"].get(kind)]
    if not (cases or cards or rows["figures_total"] or rows["scores_total"]):
        raise Conflict(
            _("Nothing of {period} differs from version {n}; there is no other version to keep").format(
                period=before.period, n=before.version
            )
        )
    return {
        "version": before.version,
        "cards": cards,
        **rows,
        "cases": told_by_case(session, cases),
        "cases_total": len({one.case_id for one in cases}),
    }


def _keep(session: Session, run_id: int, made: ClosedPeriod) -> None:
    run = session.get_one(ClosingRun, run_id, with_for_update=True)
    if run.state != "working":
        return  # another worker that took this run for abandoned has ended it
    session.add(made)
    session.flush()
    run.state, run.done, run.ended_at = "done", 100, datetime.now(UTC)
    run.closed_period_id = made.id


def _fail(run_id: int, message: str) -> None:
    with transaction() as session:
        run = session.get_one(ClosingRun, run_id)
        run.state, run.message, run.ended_at = "failed", message, datetime.now(UTC)


def _teller(run_id: int) -> Tell:
    """Writes down how far a closing is, each time in a short transaction of its own."""

    def tell(step: str, done: int) -> None:
        with transaction() as session:
            values = {"step": step, "done": done}
            session.execute(update(ClosingRun).where(ClosingRun.id == run_id).values(values))

    return tell


def _share(tell: Tell) -> Callable[[int, int], None]:
    """Progress of the copying as a share of the whole."""
    begin, end = STEPS["facts"][1], STEPS["check"][1]
    return lambda done, total: tell("facts", begin + (end - begin) * done // max(total, 1))
