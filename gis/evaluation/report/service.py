"""Reports that are asked for: listed, found, removed. The work itself is a job's: see ``working``."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from gis.errors import Conflict, InvalidInput, NotFound
from gis.evaluation.models import AnalysisReport, ClosedPeriod
from gis.evaluation.period import FIRST_YEAR, LAST_YEAR, parse_period
from gis.evaluation.report.files import drop_after_commit
from gis.evaluation.whole_city import need_whole_city
from gis.i18n import LOCALES, _
from gis.jobs.defer import MAKE_REPORT, Job, defer
from gis.page import Page, read_cursor, write_cursor
from gis.people.models import Person

UNFINISHED = ("waiting", "working")
LONGEST_CODE = 48
_LOCK = 4_209_006  # of asking: two who ask at once get the same report


def ask_report(
    session: Session, person: Person, code: str, locale: str, now: datetime | None = None
) -> AnalysisReport:
    """Have the report of a period made; one that is on its way already is given instead of a second.

    Raises
    ------
    InvalidInput
        No period, one in the future, or a language that there is not.
    NotAllowed
        The person sees a part of the city only.
    """
    need_whole_city(session, person)
    return add_report(session, code, locale, person.id, now=now)


def add_report(
    session: Session,
    code: str,
    locale: str,
    asked_by: int | None = None,
    scheduled: bool = False,
    now: datetime | None = None,
) -> AnalysisReport:
    """The same without a person, as the schedule asks."""
    period = parse_period(code)
    period.refuse_future(now or datetime.now(UTC))
    is_near = period.begins.year >= FIRST_YEAR and period.ends.year <= LAST_YEAR
    if not is_near or len(period.code) > LONGEST_CODE:
        raise InvalidInput(
            _("This period cannot have a report; name days, or a week, month, quarter or year"),
            errors=[{"pointer": "/period"}],
        )
    if locale not in LOCALES:
        raise InvalidInput(
            _("one of: {words}").format(words=", ".join(LOCALES)), errors=[{"pointer": "/locale"}]
        )
    session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    other = session.scalar(
        select(AnalysisReport).where(
            AnalysisReport.period == period.code,
            AnalysisReport.locale == locale,
            AnalysisReport.state.in_(UNFINISHED),
        )
    )
    if other is not None:
        return other
    report = AnalysisReport(
        period=period.code,
        begins=period.begins,
        ends=period.ends,
        locale=locale,
        scheduled=scheduled,
        asked_by=asked_by,
    )
    session.add(report)
    session.flush()
    session.refresh(report)
    defer(session, [Job(MAKE_REPORT, {"report_id": report.id})])
    return report


def report_page(
    session: Session, person: Person, limit: int = 50, cursor: str | None = None
) -> Page[AnalysisReport]:
    """Reports, the last one asked for first."""
    need_whole_city(session, person)
    rows = select(AnalysisReport).order_by(AnalysisReport.asked_at.desc(), AnalysisReport.id.desc())
    if cursor is not None:
        after = read_cursor(cursor, datetime, int)
        rows = rows.where(tuple_(AnalysisReport.asked_at, AnalysisReport.id) < tuple_(*after))
    found = session.scalars(rows.limit(limit + 1)).all()
    last = found[limit - 1] if len(found) > limit else None
    return Page(found[:limit], write_cursor(last.asked_at.isoformat(), last.id) if last else None)


def find_report(session: Session, person: Person, report_id: int) -> AnalysisReport:
    """A report; raises NotFound, and NotAllowed for who sees a part of the city only."""
    need_whole_city(session, person)
    report = session.get(AnalysisReport, report_id)
    if report is None:
        raise NotFound(_("There is no report {id}").format(id=report_id))
    return report


def remove_report(session: Session, person: Person, report_id: int) -> None:
    """Remove a report and its files; raises Conflict while it is being made."""
    report = find_report(session, person, report_id)
    session.refresh(report, with_for_update=True)
    if report.state == "working":
        raise Conflict(_("The report is being made; remove it when it is ready"))
    drop_after_commit(session, report)
    session.delete(report)
    session.flush()


def names_of(session: Session, reports: Iterable[AnalysisReport]) -> dict[int, str]:
    """Who asked for some reports: names by id."""
    ids = {report.asked_by for report in reports if report.asked_by is not None}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))) if ids else ()
    return {row[0]: row[1] for row in rows}


def versions_of(session: Session, reports: Iterable[AnalysisReport]) -> dict[int, tuple[int, str]]:
    """The closed version that each report names, by that version's id: its number and digest."""
    ids = {report.closed_period_id for report in reports if report.closed_period_id is not None}
    asked = select(ClosedPeriod.id, ClosedPeriod.version, ClosedPeriod.digest).where(ClosedPeriod.id.in_(ids))
    rows = session.execute(asked) if ids else ()
    return {row[0]: (row[1], row[2]) for row in rows}
