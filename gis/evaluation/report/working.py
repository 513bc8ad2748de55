"""The job that makes a report: gather, write, draw, keep, tell. Cut off, it begins anew."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import entry_points

import structlog
from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from gis.database import session_maker, transaction
from gis.errors import SetupError
from gis.evaluation.models import AnalysisReport
from gis.evaluation.period import parse_period
from gis.evaluation.report.content import Report, write
from gis.evaluation.report.files import keep
from gis.evaluation.report.material import Tell, gather
from gis.evaluation.report.service import UNFINISHED
from gis.i18n import _, in_locale
from gis.jobs.defer import SEND_MAIL, Job, defer
from gis.notice.channels import mail_is_on
from gis.notice.models import Notice
from gis.notice.rules import REPORT_READY
from gis.people.models import Person, Role

# Who draws stands on a floor above: it is found by its name, as commands are.
GROUP = "citygrid.reports"
Draw = Callable[[Report, Tell], Mapping[str, bytes]]  # files by their ending
log = structlog.get_logger()


def work_report(report_id: int) -> None:
    """What the job of a report does."""
    with transaction() as session:
        report = session.get(AnalysisReport, report_id, with_for_update=True)
        if report is None or report.state not in UNFINISHED:
            return
        report.state, report.done = "working", 0
        code, locale = report.period, report.locale
    try:
        with in_locale(locale):
            made, files = _made(code, _teller(report_id))
        with transaction() as session:
            _keep(session, report_id, made, files)
    except OperationalError:
        raise  # the database went away: the job is tried again
    except Exception:
        log.exception("a report failed", report_id=report_id)
        with transaction() as session:
            report = session.get(AnalysisReport, report_id)
            if report is not None:
                report.state, report.ended_at = "failed", datetime.now(UTC)
                report.message = _("Something went wrong on our side; the log of the service says what")


def _made(code: str, tell: Tell) -> tuple[Report, Mapping[str, bytes]]:
    """The report and its files; all figures in one look at the database, while cases go on."""
    with session_maker()() as session, session.begin():
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        found = gather(session, parse_period(code), datetime.now(UTC), tell)
        report = write(found)
        session.expunge_all()  # cards are read after the transaction, and not written
    return report, _draw()(report, tell)


def _draw() -> Draw:
    """Who draws reports; raises SetupError where no floor does."""
    for entry in entry_points(group=GROUP):
        draw: Draw = entry.load()
        return draw
    raise SetupError(_("Nothing here draws reports; run make setup"))


def _keep(session: Session, report_id: int, made: Report, files: Mapping[str, bytes]) -> None:
    report = session.get(AnalysisReport, report_id, with_for_update=True)
    if report is None or report.state != "working":
        return  # another worker that took this report for abandoned has ended it
    report.files = keep(files, made.file_name)
    report.state, report.done, report.step = "ready", 100, ""
    report.ended_at = datetime.now(UTC)
    report.closed_period_id = made.closed.id if made.closed else None
    _tell_people(session, report)


def _tell_people(session: Session, report: AnalysisReport) -> None:
    """A notice to who asked; of a scheduled report to all evaluators."""
    whom = Person.role == Role.EVALUATOR if report.scheduled else Person.id == report.asked_by
    detail = {"period": report.period}
    told = select(Person.id, literal(REPORT_READY), literal(detail, JSONB), func.now()).where(
        whom, Person.active
    )
    columns = ["person_id", "kind", "detail", "at"]
    notices = session.scalars(insert(Notice).from_select(columns, told).returning(Notice.id)).all()
    if mail_is_on():
        defer(session, [Job(SEND_MAIL, {"notice_id": id_}) for id_ in notices])


def _teller(report_id: int) -> Tell:
    """Writes down how far a report is, each time in a short transaction of its own."""

    def tell(step: str, done: int) -> None:
        with transaction() as session:
            values = {"step": step, "done": done}
            session.execute(update(AnalysisReport).where(AnalysisReport.id == report_id).values(values))

    return tell
