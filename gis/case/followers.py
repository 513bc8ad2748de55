"""关注: "this is the same" adds who saw a problem again to its case, instead of another case."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.case.record import Act, record_aside
from gis.case.report_checks import check_words
from gis.case.scope import cases_in_scope
from gis.case.side_models import CaseFollower
from gis.case.states import ENDED, CaseState
from gis.case.workflow import STATE_TITLES
from gis.errors import ActionNotAllowed, Conflict, NotFound
from gis.i18n import _
from gis.people.models import Person


@dataclass(frozen=True)
class Following:
    """That a person follows a case, and how many do."""

    case_no: str
    version: int
    followers: int
    since: datetime


def follow_case(
    session: Session,
    actor: Person,
    case_no: str,
    note: str = "",
    idempotency_key: str | None = None,
    at: datetime | None = None,
) -> tuple[Following, bool]:
    """Let a person follow an open case; returns how it stands and whether the person is new to it.

    Sent again, nothing changes. Other words of the same person (an acceptor has another caller on the line)
    go into the history, so that none are lost.

    Raises
    ------
    NotFound
        There is no such case within what the person may see.
    ActionNotAllowed
        The case has ended; ``merged_into`` names the one it goes on as.
    Conflict
        The key was used for something else.
    InvalidInput
        The note is too long.
    """
    check_words("/note", note)
    case = session.scalar(
        select(Case)
        .where(Case.case_no == case_no, cases_in_scope(session, actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if case is None:
        raise NotFound(_("There is no case {case_no} that you may see").format(case_no=case_no))
    if idempotency_key and _is_known(session, actor, case, idempotency_key):
        return _following(session, actor, case), False
    if case.state in ENDED:
        raise _ended(session, case)
    now = at or datetime.now(UTC)
    known = _row(session, actor, case)
    if known is None:
        row = CaseFollower(
            case_id=case.id, person_id=actor.id, note=note, since=now, idempotency_key=idempotency_key
        )
        session.add(row)
    elif note and note != known.note:
        known.note = note
    else:
        return _following(session, actor, case), False
    record_aside(session, case, "follow", actor, Act(note=note), now)
    return _following(session, actor, case), known is None


def _row(session: Session, actor: Person, case: Case) -> CaseFollower | None:
    return session.scalar(
        select(CaseFollower).where(CaseFollower.case_id == case.id, CaseFollower.person_id == actor.id)
    )


def _is_known(session: Session, actor: Person, case: Case, key: str) -> bool:
    """Whether this very message has arrived before; raises Conflict when the key was another one's."""
    row = session.scalar(select(CaseFollower).where(CaseFollower.idempotency_key == key))
    if row is None:
        return False
    if (row.person_id, row.case_id) != (actor.id, case.id):
        raise Conflict(_("This Idempotency-Key was already used to follow another case"))
    return True


def _following(session: Session, actor: Person, case: Case) -> Following:
    row = _row(session, actor, case)
    count = session.scalar(
        select(func.count()).select_from(CaseFollower).where(CaseFollower.case_id == case.id)
    )
    return Following(case.case_no, case.version, count or 0, row.since if row else case.reported_at)


def _ended(session: Session, case: Case) -> ActionNotAllowed:
    if case.state is CaseState.MERGED:
        into = session.scalar(select(Case.case_no).where(Case.id == case.merged_into_id))
        return ActionNotAllowed(
            _("Case {case_no} goes on as {into}; follow that one").format(case_no=case.case_no, into=into),
            state=case.state,
            merged_into=into,
            open_actions=[],
        )
    return ActionNotAllowed(
        _("Case {case_no} has ended ({state}); what is there again is a new report").format(
            case_no=case.case_no, state=_(STATE_TITLES[case.state])
        ),
        state=case.state,
        open_actions=[],
    )
