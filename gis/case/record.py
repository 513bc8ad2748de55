"""What every step of a case leaves behind."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gis.case.events import announce
from gis.case.models import Case, CaseStep
from gis.case.states import CaseState
from gis.errors import InvalidInput
from gis.i18n import _
from gis.people.models import Person

LONGEST_TEXT = 4000
SERVICE, CITIZEN = "service", "citizen"  # who acts when it is nobody of ours


@dataclass(frozen=True)
class ForeignLimit:
    """The deadline another system gave a case; empty where it gave none, and then the case is never late."""

    due_at: datetime | None


@dataclass(frozen=True)
class Act:
    """What a step brings with it; which of it is needed stands in the workflow table.

    ``condition``, ``closing``: codes of filing rules; ``case``: number of another case; ``until``: with an
    offset; ``person``: a login; ``kind``, ``class_code``, ``component_code``: what the case is about instead.
    ``foreign_limit``: for an imported case, what the other system has set instead of our filing rules.
    """

    note: str = ""
    department: str | None = None
    condition: str | None = None
    closing: str | None = None
    until: datetime | None = None
    case: str | None = None
    kind: str | None = None
    class_code: str | None = None
    component_code: str | None = None
    person: str | None = None
    foreign_limit: ForeignLimit | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def check_text(pointer: str, text: str) -> None:
    """Refuse what is too long or cannot be stored; ``pointer`` is the JSON pointer of the field."""
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(
            _("The text has {length} characters; at most {most}").format(length=len(text), most=LONGEST_TEXT),
            errors=[{"pointer": pointer, "detail": _("too long")}],
        )
    if "\x00" in text:
        raise InvalidInput(
            _("The text holds a character that cannot be stored"), errors=[{"pointer": pointer}]
        )


def record_step(
    session: Session,
    case: Case,
    action: str,
    origin: CaseState | None,
    target: CaseState,
    actor: Person | None,
    act: Act,
    now: datetime,
    role: str = SERVICE,
) -> CaseStep:
    """Add the step to the case's history and tell who listens; ``case.version`` is its number.

    ``role`` says who acted where ``actor`` is nobody: the service itself, or a citizen.
    """
    step = CaseStep(
        case_id=case.id,
        seq=case.version,
        action=action,
        from_state=origin,
        to_state=target,
        actor_id=actor.id if actor else None,
        actor_role=actor.role if actor else role,
        department_id=case.department_id,
        note=act.note,
        detail=dict(act.detail),
        at=now,
    )
    session.add(step)
    session.flush()
    announce(session, case, step)
    return step


def record_aside(
    session: Session,
    case: Case,
    action: str,
    actor: Person | None,
    act: Act,
    now: datetime,
    role: str = SERVICE,
) -> CaseStep:
    """Record what happened to a case beside its workflow: its state stays, its version moves on."""
    case.version += 1
    case.updated_at = now
    return record_step(session, case, action, case.state, case.state, actor, act, now, role)
