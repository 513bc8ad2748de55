"""Updates of service requests, as FixMyStreet speaks them: what became of cases, and what citizens add."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import case as when
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from gis.case.models import Case, CaseStep
from gis.case.record import CITIZEN, Act, record_aside
from gis.case.report_checks import check_words
from gis.case.states import CaseState
from gis.case.track import PUBLIC_STATES, record_answer
from gis.case.workflow import REPORTERS
from gis.errors import Conflict, InvalidInput, NotAllowed, NotFound
from gis.i18n import _
from gis.open311.models import ServiceRequestUpdate
from gis.open311.posting import Sender, check_sender
from gis.page import Page, read_cursor, write_cursor
from gis.people.models import Person

# Where a case stands, in the words that FixMyStreet knows beside open and closed.
EXTENDED: dict[str, str] = {
    "received": "open",
    "filed": "action_scheduled",
    "in_hand": "in_progress",
    "on_hold": "action_scheduled",
    "checking": "in_progress",
    "closed": "fixed",
    "not_taken": "no_further_action",
    "merged": "duplicate",
}
FIXED = frozenset({"FIXED", "CLOSED"})  # what a citizen's application says of a problem that is gone
NOT_FIXED = frozenset({"OPEN", "REOPEN", "INVESTIGATING", "ACTION_SCHEDULED", "IN_PROGRESS", "FOR_TRIAGE"})
OTHER = frozenset({"DUPLICATE", "NOT_COUNCILS_RESPONSIBILITY", "NO_FURTHER_ACTION", "INTERNAL_REFERRAL"})
COMMENT = "citizen_comment"
LONGEST_ID = 128


@dataclass(frozen=True)
class Update:
    """A change of where a case stands: ``state`` as in :data:`PUBLIC_STATES`."""

    id: int
    case_no: str
    state: str
    words: str
    at: datetime


@dataclass(frozen=True)
class Comment:
    """What a citizen adds; ``status`` is what they say of the problem, in capitals or not."""

    case_no: str
    update_id: str
    status: str
    description: str
    sender: Sender


def update_page(
    session: Session, begin: datetime, end: datetime, limit: int, cursor: str | None = None
) -> Page[Update]:
    """Steps in ``begin`` ≤ at < ``end`` after which the public is told something else, oldest first."""
    codes = {state: code for state, (code, _words) in PUBLIC_STATES.items()}
    after = when(codes, value=CaseStep.to_state)
    before = when(codes, value=CaseStep.from_state)
    chosen = (
        select(CaseStep.id, Case.case_no, CaseStep.to_state, CaseStep.at)
        .join(Case, Case.id == CaseStep.case_id)
        .where(CaseStep.at >= begin, CaseStep.at < end, CaseStep.from_state.is_not(None), after != before)
    )
    if cursor:
        chosen = chosen.where(tuple_(CaseStep.at, CaseStep.id) > tuple_(*read_cursor(cursor, datetime, int)))
    rows = session.execute(chosen.order_by(CaseStep.at, CaseStep.id).limit(limit + 1)).all()
    shown = rows[:limit]
    more = write_cursor(shown[-1].at, shown[-1].id) if len(rows) > limit else None
    updates = []
    for row in shown:
        code, words = PUBLIC_STATES[row.to_state]
        updates.append(Update(row.id, row.case_no, code, _(words), row.at))
    return Page(updates, more)


def post_update(session: Session, actor: Person, comment: Comment) -> tuple[int, bool]:
    """Record what a citizen adds; returns the number of the update and whether it is new.

    Of a closed case they say whether it is fixed, which may lead to its being opened again; of any other it
    is a remark. The same ``update_id`` of the same system again is told the same number.

    Raises
    ------
    NotFound
        No such case.
    InvalidInput
        No number, a status that is none, words too long.
    Conflict
        The number was used for another case.
    NotAllowed
        The actor's role does not report.
    """
    if actor.role not in REPORTERS:
        raise NotAllowed(_("Reports come from inspectors and acceptors"))
    status = _check(comment)
    case_id = session.scalar(select(Case.id).where(Case.case_no == comment.case_no.strip().upper()))
    if case_id is None:
        raise NotFound(_("There is no service request {number}").format(number=comment.case_no[:40]))
    # Its row is held from here on: of two alike that come at once, the second one finds the first.
    case = session.get_one(Case, case_id, with_for_update=True, populate_existing=True)
    known = session.scalar(
        select(ServiceRequestUpdate).where(
            ServiceRequestUpdate.person_id == actor.id, ServiceRequestUpdate.update_id == comment.update_id
        )
    )
    if known is not None:
        if known.case_id != case.id:
            raise Conflict(_("This update_id was already used for another service request"))
        return known.step_id, False
    step_id = _record(session, case, comment, status)
    session.add(
        ServiceRequestUpdate(
            person_id=actor.id,
            update_id=comment.update_id,
            case_id=case.id,
            step_id=step_id,
            **comment.sender.columns(),
        )
    )
    session.flush()
    return step_id, True


def _record(session: Session, case: Case, comment: Comment, status: str) -> int:
    """The step that a comment becomes; its id."""
    words = "\n".join(line for line in (comment.description.strip(), *comment.sender.media_urls) if line)
    said = "fixed" if status in FIXED else "not_fixed"
    now = datetime.now(UTC)
    if case.state is CaseState.CLOSED and status not in OTHER and case.said != said:
        return record_answer(session, case, said == "fixed", words, now).id
    return record_aside(session, case, COMMENT, None, Act(note=words), now, CITIZEN).id


def _check(comment: Comment) -> str:
    """The status in capitals, once everything about the comment can be."""
    status = comment.status.strip().upper() or "OPEN"
    if status not in FIXED | NOT_FIXED | OTHER:
        raise InvalidInput(
            _("There is no status {status}; there are: {known}").format(
                status=status[:40], known=", ".join(sorted(FIXED | NOT_FIXED | OTHER))
            ),
            errors=[{"pointer": "/status"}],
        )
    check_words("/update_id", comment.update_id)
    if not 1 <= len(comment.update_id) <= LONGEST_ID:
        raise InvalidInput(
            _("An update needs its update_id, {most} characters at most").format(most=LONGEST_ID),
            errors=[{"pointer": "/update_id"}],
        )
    check_words("/description", comment.description)
    check_sender(comment.sender)
    return status
