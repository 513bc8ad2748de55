"""How cases turned out: conditions that lists and figures share, so that they cannot differ."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, func, or_

from gis.case.models import Case
from gis.case.states import ENDED, CaseState
from gis.errors import InvalidInput
from gis.i18n import _

Condition = Callable[[], ColumnElement[bool]]


def _filed() -> ColumnElement[bool]:
    return and_(Case.filed_at.is_not(None), Case.state != CaseState.VOID)


def _disposed() -> ColumnElement[bool]:
    return and_(_filed(), Case.disposed_at.is_not(None))


def _never_handed_over() -> ColumnElement[bool]:
    """Overdue while it is open, or when it was closed by force."""
    until = func.coalesce(Case.closed_at, func.now())
    ended_otherwise = [state for state in ENDED if state is not CaseState.CLOSED]
    return and_(_filed(), Case.disposed_at.is_(None), Case.due_at < until, Case.state.not_in(ended_otherwise))


def _late() -> ColumnElement[bool]:
    return or_(and_(_disposed(), Case.disposed_at > Case.due_at), _never_handed_over())


# name → condition. What is open and not yet due is neither on time nor late; without a limit nothing is late.
# ``exempt``: late in fact, and not counted, since an appeal was granted.
OUTCOMES: dict[str, Condition] = {
    "filed": _filed,
    "disposed": _disposed,
    "due": lambda: and_(or_(_disposed(), _never_handed_over()), ~Case.exempt),
    "on_time": lambda: and_(
        _disposed(), or_(Case.disposed_at <= Case.due_at, Case.due_at.is_(None)), ~Case.exempt
    ),
    "late": lambda: and_(_late(), ~Case.exempt),
    "exempt": lambda: and_(_late(), Case.exempt),
    "reworked": lambda: and_(_disposed(), Case.rework_count > 0),
    "closed": lambda: and_(_filed(), Case.state == CaseState.CLOSED),
}


def outcome(name: str) -> ColumnElement[bool]:
    """The condition of a name; raises InvalidInput for an unknown one."""
    if name not in OUTCOMES:
        raise InvalidInput(
            _("Unknown outcome {name}; known: {known}").format(name=name, known=", ".join(OUTCOMES)),
            errors=[{"pointer": "/outcome"}],
        )
    return OUTCOMES[name]()
