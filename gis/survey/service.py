"""What people do with an import: begin it, accept it, drop it, take it back. The work itself is a job's."""

from datetime import UTC, date, datetime
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gis.errors import Conflict, InvalidInput, NotFound, Stale
from gis.i18n import N_, _, get_locale
from gis.jobs.defer import WORK_IMPORT, Job, defer
from gis.people.models import Person
from gis.settings import get_settings
from gis.survey.models import OPEN_STATES, CheckRun, ImportState, PipeFinding, SurveyImport
from gis.survey.options import LONGEST_SURVEY, SurveyOptions

How = Literal["all", "clean"]
MODES = ("update", "add")
MOST_LISTED = 50

STATE_TITLES = {
    ImportState.RECEIVED: N_("waiting to be read"),
    ImportState.READING: N_("being read"),
    ImportState.CHECKING: N_("being checked"),
    ImportState.CHECKED: N_("checked, waits for a decision"),
    ImportState.ACCEPTING: N_("being taken over"),
    ImportState.ACCEPTED: N_("taken over"),
    ImportState.UNDOING: N_("being taken back"),
    ImportState.UNDONE: N_("taken back"),
    ImportState.DROPPED: N_("dropped"),
    ImportState.FAILED: N_("failed"),
}
ACTIONS = {
    ImportState.CHECKED: ("accept_all", "accept_clean", "drop"),
    ImportState.RECEIVED: ("drop",),
    ImportState.FAILED: (),
    ImportState.ACCEPTED: ("undo",),
}


class FatalFindings(Conflict):
    """``findings`` lists the first of them, ``count`` says how many there are."""

    code = "fatal-findings"
    title = N_("Rows with fatal faults cannot be taken over")


def check_options(said: dict[str, Any]) -> dict[str, Any]:
    """The options of an import as they are kept; raises InvalidInput for those that cannot be."""
    SurveyOptions.from_json(said)
    if said.get("mode", "update") not in MODES:
        raise _wrong("mode", _("one of: {words}").format(words=", ".join(MODES)))
    if not isinstance(said.get("replace", False), bool):
        raise _wrong("replace", _("true or false"))
    if said.get("replace") and said.get("mode") == "add":
        raise _wrong("replace", _("what is only added to cannot be replaced"))
    if said.get("valid_from"):
        said = said | {"valid_from": read_day(str(said["valid_from"])).isoformat()}
    return said


def read_day(said: str) -> date:
    """A day of a survey: not after today in the city."""
    try:
        day = date.fromisoformat(said)
    except ValueError as error:
        raise _wrong("valid_from", _("a day such as 2026-11-20")) from error
    if day > today():
        raise _wrong("valid_from", _("a survey cannot be of a day to come"))
    return day


def today() -> date:
    """The day in the city."""
    return datetime.now(get_settings().zone).date()


def begin(session: Session, actor: Person | None, survey: str, options: dict[str, Any]) -> SurveyImport:
    """An import of a survey area, its files still to be named.

    Raises
    ------
    InvalidInput
        The survey has no name, or too long a one, or an option is wrong.
    Conflict
        Another import of that survey area is not at its end.
    """
    survey = survey.strip()
    if not survey or len(survey) > LONGEST_SURVEY:
        detail = _("The name of a survey has 1 to {most} letters").format(most=LONGEST_SURVEY)
        raise InvalidInput(detail, errors=[{"pointer": "/survey", "detail": detail}])
    options = check_options(options) | {"locale": get_locale()}
    # Two that begin at once: the second waits here, and then finds the first.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"survey:{survey}", 0))))
    other = session.scalar(
        select(SurveyImport).where(SurveyImport.survey == survey, SurveyImport.state.in_(OPEN_STATES))
    )
    if other is not None:
        raise Conflict(
            _("Import {id} of survey {survey} is {state}; accept or drop it first").format(
                id=other.id, survey=survey, state=_(STATE_TITLES[other.state])
            ),
            import_id=other.id,
        )
    made = SurveyImport(survey=survey, files=[], options=options, created_by=actor.id if actor else None)
    session.add(made)
    session.flush()
    return made


def send_to_work(session: Session, import_: SurveyImport) -> None:
    """Have a worker go on with an import as soon as this transaction is committed."""
    defer(session, [Job(WORK_IMPORT, {"import_id": import_.id})])


def find_import(session: Session, import_id: int, *, for_update: bool = False) -> SurveyImport:
    """The import of that number; raises NotFound."""
    found = session.get(SurveyImport, import_id, with_for_update=for_update, populate_existing=for_update)
    if found is None:
        raise NotFound(_("There is no import {id}").format(id=import_id))
    return found


def accept(
    session: Session,
    import_id: int,
    how: How,
    actor: Person | None,
    seen: int | None = None,
    valid_from: str | None = None,
    *,
    by_job: bool = True,
) -> SurveyImport:
    """Decide that a checked import is to be taken over, as a whole or with its clean rows only.

    ``by_job``: a worker does it; else the caller, by :func:`gis.survey.job.work_import`.

    Raises
    ------
    Stale
        It was changed since version ``seen``.
    Conflict
        It is in another state; or its day lies before something that it would replace began to hold.
    FatalFindings
        The whole cannot be taken: it has rows with fatal faults.
    """
    found = _settled(session, import_id, seen, ImportState.CHECKED)
    if valid_from:
        found.options = found.options | {"valid_from": read_day(valid_from).isoformat()}
    _refuse_before(found)
    if how == "all":
        _refuse_fatal(session, found)
    found.accepted_how = how
    _turn(found, ImportState.ACCEPTING, actor)
    session.flush()
    if by_job:
        send_to_work(session, found)
    return found


def drop(session: Session, import_id: int, actor: Person | None, seen: int | None = None) -> SurveyImport:
    """Decide that a waiting import is not to be taken over."""
    found = _settled(session, import_id, seen, ImportState.CHECKED, ImportState.RECEIVED)
    _turn(found, ImportState.DROPPED, actor)
    found.ended_at = datetime.now(UTC)
    session.flush()
    return found


def undo(session: Session, import_id: int, actor: Person | None, seen: int | None = None) -> SurveyImport:
    """Decide that an accepted import is to be taken back as a whole; the job finds out whether it can be."""
    found = _settled(session, import_id, seen, ImportState.ACCEPTED)
    _turn(found, ImportState.UNDOING, actor)
    try:
        session.flush()
    except IntegrityError as error:
        detail = _("Another import of survey {survey} is not at its end").format(survey=found.survey)
        raise Conflict(detail) from error
    send_to_work(session, found)
    return found


def day_of(import_: SurveyImport) -> date:
    """The day from which the survey holds."""
    said = import_.options.get("valid_from")
    return date.fromisoformat(said) if said else today()


def fatal_findings(session: Session, import_id: int) -> tuple[int, list[PipeFinding]]:
    """How many fatal findings the last check of an import has, and the first of them."""
    run = select(func.max(CheckRun.id)).where(CheckRun.import_id == import_id).scalar_subquery()
    fatal = (PipeFinding.run_id == run, PipeFinding.severity == "fatal")
    count = session.scalar(select(func.count()).where(*fatal)) or 0
    rows = session.scalars(
        select(PipeFinding).where(*fatal).order_by(PipeFinding.code, PipeFinding.id).limit(MOST_LISTED)
    )
    return count, list(rows)


def latest_run(session: Session, import_id: int) -> CheckRun | None:
    """The last check of an import."""
    statement = select(CheckRun).where(CheckRun.import_id == import_id).order_by(CheckRun.id.desc())
    return session.scalar(statement.limit(1))


def _refuse_fatal(session: Session, import_: SurveyImport) -> None:
    count, rows = fatal_findings(session, import_.id)
    refused = import_.counts.get("change", {}).get("refused", 0)
    if count or refused:
        raise FatalFindings(
            _("{count} rows cannot be taken over; take the clean rows only, or mend the files").format(
                count=max(count, refused)
            ),
            count=max(count, refused),
            findings=[
                {"code": row.code, "subject": row.subject, "number": row.number, "file": row.file,
                 "sheet": row.sheet, "row_no": row.row_no}
                for row in rows
            ],
        )  # fmt: skip


def _refuse_before(import_: SurveyImport) -> None:
    since = import_.counts.get("change", {}).get("not_before")
    if since and date.fromisoformat(since) > day_of(import_):
        raise Conflict(
            _("What this survey would replace holds since {since}; the survey cannot be of {day}").format(
                since=since, day=day_of(import_)
            ),
            not_before=since,
        )


def _settled(session: Session, import_id: int, seen: int | None, *states: ImportState) -> SurveyImport:
    """An import in one of some states, locked against others who decide about it."""
    found = find_import(session, import_id, for_update=True)
    if seen is not None and seen != found.version:
        raise Stale(_("The import is at version {version} now").format(version=found.version))
    if found.state not in states:
        raise Conflict(
            _("Import {id} is {state}").format(id=found.id, state=_(STATE_TITLES[found.state])),
            open_actions=list(ACTIONS.get(found.state, ())),
        )
    return found


def _turn(import_: SurveyImport, state: ImportState, actor: Person | None) -> None:
    import_.state = state
    import_.version += 1
    import_.message = ""
    import_.step = ""
    import_.done, import_.total = 0, None
    import_.ended_by = actor.id if actor else None


def _wrong(option: str, detail: str) -> InvalidInput:
    return InvalidInput(detail, errors=[{"pointer": f"/options/{option}", "detail": detail}])
