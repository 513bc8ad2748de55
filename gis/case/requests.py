"""申请: what a department or a centre asks for and the other side decides, and how often and how long."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.case.clocks import disposal_rounds, limit_minutes
from gis.case.models import Case
from gis.case.record import Act
from gis.case.side_models import CaseRequest
from gis.case.workflow import Pending, Step
from gis.errors import ActionNotAllowed, InvalidInput
from gis.i18n import N_, _
from gis.people.models import Person


@dataclass(frozen=True)
class RequestRule:
    """How often a request may be granted, and for how long at most.

    ``per_round``: counted for each department's turn anew; else over the whole case.
    """

    most: int
    per_round: bool
    longest: timedelta | None
    too_often: str


# A city's practice (YC, a secondary source): one more limit each time, twice at most; one year at most, once.
REQUEST_RULES: dict[Pending, RequestRule] = {
    Pending.EXTENSION: RequestRule(
        2, True, None, N_("It was extended {n} times already; no more is allowed")
    ),
    Pending.SUSPENSION: RequestRule(
        1, False, timedelta(days=366), N_("It was suspended {n} times already; no more is allowed")
    ),
}


def ask(session: Session, case: Case, step: Step, actor: Person | None, act: Act, now: datetime) -> None:
    """Write down what is asked for; the case waits for the decision.

    Raises
    ------
    ActionNotAllowed
        It was granted as often as it may be.
    InvalidInput
        The suspension would end in the past, or last too long.
    """
    pending = step.asks
    if pending is None:
        return
    case.pending = pending
    if pending is Pending.APPEAL_HEARD:
        return  # the same request, one office further
    turn = max(1, disposal_rounds(session, case))
    rule = REQUEST_RULES.get(pending)
    if rule is not None:
        granted = _granted(session, case, pending, turn if rule.per_round else None)
        if granted >= rule.most:
            raise ActionNotAllowed(_(rule.too_often).format(n=granted), open_actions=[])
        if rule.longest is not None:
            _check_until(act.until, now, rule.longest)
    if pending is Pending.APPEAL:
        case.appealed = True
    session.add(
        CaseRequest(
            case_id=case.id,
            kind=pending,
            round=turn,
            asked_by=actor.id if actor else None,
            asked_at=now,
            note=act.note,
            until=act.until if pending is Pending.SUSPENSION else None,
        )
    )


def _granted(session: Session, case: Case, kind: Pending, turn: int | None) -> int:
    statement = (
        select(func.count())
        .select_from(CaseRequest)
        .where(CaseRequest.case_id == case.id, CaseRequest.kind == kind, CaseRequest.granted.is_(True))
    )
    if turn is not None:
        statement = statement.where(CaseRequest.round == turn)
    return session.scalar(statement) or 0


def _check_until(until: datetime | None, now: datetime, longest: timedelta) -> None:
    pointer = "/until"
    if until is None:
        raise InvalidInput(_("Say until when"), errors=[{"pointer": pointer, "detail": _("needed")}])
    if until.tzinfo is None:
        raise InvalidInput(_("A time needs its offset, such as +08:00"), errors=[{"pointer": pointer}])
    if not now < until <= now + longest:
        raise InvalidInput(
            _("It must end after now and within {days} days").format(days=longest.days),
            errors=[{"pointer": pointer}],
        )


def decide(
    session: Session, case: Case, granted: bool, actor: Person | None, act: Act, now: datetime
) -> CaseRequest | None:
    """Close the open request of a case; returns it, or ``None`` where nothing was asked."""
    request = session.scalar(
        select(CaseRequest).where(CaseRequest.case_id == case.id, CaseRequest.decided_at.is_(None))
    )
    case.pending = None
    if request is None:
        return None
    request.decided_by = actor.id if actor else None
    request.decided_at = now
    request.granted = granted
    request.decision = act.note
    if granted and request.kind == Pending.EXTENSION and case.limit_value is not None and case.limit_unit:
        # One more limit of the same kind, whatever was granted before.
        request.minutes = limit_minutes(case.limit_value, case.limit_unit)[0]
        case.extension_count += 1
    session.flush()
    return request


def open_request(session: Session, case: Case) -> tuple[CaseRequest, Person | None] | None:
    """What waits for a decision, and who asked for it."""
    row = session.execute(
        select(CaseRequest, Person)
        .outerjoin(Person, Person.id == CaseRequest.asked_by)
        .where(CaseRequest.case_id == case.id, CaseRequest.decided_at.is_(None))
    ).first()
    return (row[0], row[1]) if row else None
