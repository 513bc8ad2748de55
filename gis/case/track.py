"""What anybody may know about a case by its number, and a citizen's answer whether it is fixed.

Nothing personal: no words of the report, no photo, no name, no place more exact than the street.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from gis.case.models import Case, CaseStep
from gis.case.record import CITIZEN, Act, check_text, record_aside
from gis.case.side_models import PublicAnswer
from gis.case.states import ENDED, CaseState
from gis.errors import Conflict, InvalidInput, NotFound, TooManyTries
from gis.grid.models import Area
from gis.i18n import N_, _

ANSWERS = 10  # of one address
ANSWERS_WITHIN = timedelta(minutes=10)
LONGEST_NOTE = 500
S = CaseState

# How a citizen is told where a case stands: state → code for programs, words for people.
PUBLIC_STATES: dict[CaseState, tuple[str, str]] = {
    **dict.fromkeys(
        (S.REPORTED, S.SELF_DISPOSED, S.VERIFYING, S.VERIFIED),
        ("received", N_("Received; we are looking into it")),
    ),
    S.FILED: ("filed", N_("Accepted; it is being given to the department in charge")),
    **dict.fromkeys(
        (S.DISPATCHED, S.ACCEPTED, S.DISPOSED), ("in_hand", N_("The department in charge is working on it"))
    ),
    S.SUSPENDED: ("on_hold", N_("On hold for now; work goes on later")),
    **dict.fromkeys(
        (S.FED_BACK, S.CHECKING, S.CHECKED), ("checking", N_("Work is done; we are checking the result"))
    ),
    S.CLOSED: ("closed", N_("Closed")),
    S.ARCHIVED: ("closed", N_("It was put right on the spot")),
    S.REFUSED: ("not_taken", N_("Not taken up: it is not a matter for this service")),
    S.VOID: ("not_taken", N_("Withdrawn")),
    S.MERGED: ("merged", N_("Reported before; it is handled together with the earlier report")),
}
# A case's main moments: column → code, words.
MOMENTS: tuple[tuple[str, str], ...] = (
    ("reported_at", N_("Report received")),
    ("filed_at", N_("Accepted for handling")),
    ("dispatched_at", N_("Given to the department in charge")),
    ("disposed_at", N_("Work reported done")),
    ("closed_at", N_("Result checked, closed")),
)


@dataclass(frozen=True)
class Tracked:
    """A case as anybody may see it. ``expected_at``: until when it should be done, while that is open."""

    case: Case
    street: Area
    merged_into: str | None
    expected_at: datetime | None

    @property
    def may_answer(self) -> bool:
        """Whether the question if it is fixed is open."""
        return self.case.state is CaseState.CLOSED


def track(session: Session, case_no: str) -> Tracked:
    """What anybody may know about a case; raises NotFound."""
    case = session.scalar(
        select(Case)
        .options(joinedload(Case.street), joinedload(Case.merged_into))
        .where(Case.case_no == case_no.strip().upper())
    )
    if case is None:
        raise NotFound(_("There is no case {case_no}").format(case_no=case_no))
    runs = case.filed_at is not None and case.disposed_at is None and case.state not in ENDED
    return Tracked(
        case,
        case.street,
        case.merged_into.case_no if case.merged_into else None,
        case.due_at if runs else None,
    )


def answer(session: Session, case_no: str, fixed: bool, note: str, address: str) -> Tracked:
    """Record what a citizen says about a closed case; the same answer again changes nothing.

    ``address`` stands for where it comes from, as something that cannot be read back.

    Raises
    ------
    NotFound
        There is no such case.
    Conflict
        It is not closed.
    TooManyTries
        Too many answers from one address.
    """
    if len(note) > LONGEST_NOTE:
        raise InvalidInput(
            _("The text has {length} characters; at most {most}").format(length=len(note), most=LONGEST_NOTE),
            errors=[{"pointer": "/note"}],
        )
    check_text("/note", note)
    tracked = track(session, case_no)
    case = session.get_one(Case, tracked.case.id, with_for_update=True, populate_existing=True)
    if not tracked.may_answer:
        raise Conflict(_("Only a closed case can be answered for"))
    said = "fixed" if fixed else "not_fixed"
    if case.said == said:
        return tracked
    now = datetime.now(UTC)
    count_address(session, address)
    record_answer(session, case, fixed, note.strip(), now)
    return tracked


def record_answer(session: Session, case: Case, fixed: bool, note: str, now: datetime) -> CaseStep:
    """Record what a citizen says about a closed case, which the caller has locked."""
    case.said = "fixed" if fixed else "not_fixed"
    return record_aside(session, case, f"citizen_{case.said}", None, Act(note=note), now, CITIZEN)


def count_address(session: Session, address: str) -> None:
    """Count what comes from an address without a name; raises TooManyTries."""
    now = datetime.now(UTC)
    session.execute(delete(PublicAnswer).where(PublicAnswer.at < now - ANSWERS_WITHIN))
    before = session.scalar(select(func.count()).where(PublicAnswer.address == address))
    if (before or 0) >= ANSWERS:
        raise TooManyTries(
            _("Too many answers; wait {minutes} minutes").format(minutes=ANSWERS_WITHIN.seconds // 60)
        )
    session.add(PublicAnswer(address=address, at=now))
    session.flush()


def moments_of(case: Case) -> Sequence[tuple[str, str, datetime]]:
    """The main moments that have come: code, words in the reader's language, when."""
    times = [(name, title, getattr(case, name)) for name, title in MOMENTS]
    return [(name.removesuffix("_at"), _(title), at) for name, title, at in times if at is not None]
