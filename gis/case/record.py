"""What every step of a case leaves behind."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gis.case.models import Case, CaseStep
from gis.case.states import CaseState
from gis.errors import InvalidInput
from gis.i18n import _
from gis.people.models import Person

LONGEST_TEXT = 4000


@dataclass(frozen=True)
class ForeignLimit:
    """The deadline another system gave a case; empty where it gave none, and then the case is never late."""

    due_at: datetime | None


@dataclass(frozen=True)
class Act:
    """What a step brings with it; which of it is needed stands in the workflow table.

    ``foreign_limit``: for an imported case, what the other system has set instead of our filing rules.
    """

    note: str = ""
    department: str | None = None
    condition: str | None = None
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
    actor: Person,
    act: Act,
    now: datetime,
) -> None:
    """Add the step to the case's history; ``case.version`` is its number."""
    detail = dict(act.detail)
    if action == "file":
        detail["condition"] = case.rule_code
    session.add(
        CaseStep(
            case_id=case.id,
            seq=case.version,
            action=action,
            from_state=origin,
            to_state=target,
            actor_id=actor.id,
            actor_role=actor.role,
            department_id=case.department_id,
            note=act.note,
            detail=detail,
            at=now,
        )
    )
    session.flush()
