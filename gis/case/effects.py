"""What a step changes beside the state of the case and its clocks: one row an action."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.case.limits import choose_limit
from gis.case.models import Case
from gis.case.record import Act
from gis.case.relations import add_department, merge, other_case, part_done, put_under, take_out
from gis.case.routing import suggest_department
from gis.case.side_models import CaseRequest
from gis.case.states import CaseState
from gis.case.tasks import give_task, hand_task_on
from gis.component.models import Component
from gis.errors import Conflict, InvalidInput
from gis.i18n import _
from gis.people.models import Department, Person
from gis.people.queries import departments_of
from gis.people.service import find_department
from gis.standard.tables import find_class


@dataclass(frozen=True)
class Taking:
    """One step being taken. ``request``: the one it decides. ``told`` goes into the history with the note."""

    session: Session
    case: Case
    actor: Person | None
    act: Act
    now: datetime
    request: CaseRequest | None = None
    told: dict[str, Any] = field(default_factory=dict)


def _grant_extension(t: Taking) -> None:
    t.told["minutes"] = t.request.minutes if t.request else None


def _file(t: Taking) -> None:
    _set_limit(t, t.act.condition)
    t.case.filed_at = t.now
    t.told["condition"] = t.case.rule_code


def _set_limit(t: Taking, condition: str | None) -> None:
    case = t.case
    limit = choose_limit(t.session, case.edition, case.kind, case.class_code, condition)
    case.rule_code = limit.rule_code
    if t.act.foreign_limit is None:
        case.limit_value, case.limit_unit = limit.value, limit.unit
    else:
        case.limit_value = case.limit_unit = None
        case.due_at = t.act.foreign_limit.due_at


def _dispatch(t: Taking) -> None:
    department = _department(t)
    t.case.department_id = department.id
    t.case.dispatched_at = t.now


def _redispatch(t: Taking) -> None:
    if not t.act.department:
        raise InvalidInput(
            _("Name the department"), errors=[{"pointer": "/department", "detail": _("needed")}]
        )
    if find_department(t.session, t.act.department).id == t.case.department_id:
        raise Conflict(_("The case is with this department already"))
    _dispatch(t)


def _department(t: Taking) -> Department:
    if t.act.department:
        department = find_department(t.session, t.act.department)
        if not department.disposes:
            raise InvalidInput(
                _("{name} does not dispose of cases").format(name=department.name_zh),
                errors=[{"pointer": "/department", "detail": _("not a disposing department")}],
            )
        return department
    suggestion = suggest_department(t.session, t.case)
    if suggestion is None:
        raise InvalidInput(
            _("No responsibility fits this case; name the department"),
            errors=[{"pointer": "/department", "detail": _("needed")}],
        )
    return t.session.get_one(Department, suggestion.department_id)


def _send_back(t: Taking) -> None:
    if t.case.state is CaseState.FILED:
        t.case.filed_at = None
    t.case.department_id = None
    t.case.dispatched_at = None


def _feed_back(t: Taking) -> None:
    # Disposal ends when the department hands over, not when its workers are done.
    t.case.disposed_at = t.now


def _rework(t: Taking) -> None:
    t.case.rework_count += 1
    t.case.disposed_at = None  # the first hand-over was none; it stays in the history


def _suspend(t: Taking) -> None:
    until = t.request.until if t.request else None
    if until is None or until <= t.now:
        raise InvalidInput(_("The time asked for has passed already; let the department ask again"))
    t.case.suspended_until = until
    t.told["until"] = until.isoformat()


def _resume(t: Taking) -> None:
    t.case.suspended_until = None


def _close(t: Taking) -> None:
    case, closing = t.case, t.act.closing
    if closing:
        choose_limit(t.session, case.edition, case.kind, case.class_code, closing, pointer="/closing")
    case.closing_rule_code = closing or case.rule_code
    _end(t)


def _force_close(t: Taking) -> None:
    t.case.closed_by_force = True
    _end(t)


def _end(t: Taking) -> None:
    t.case.closed_at = t.now
    t.case.suspended_until = None
    t.case.said = None


def _reopen(t: Taking) -> None:
    t.case.closed_at = None
    t.case.closed_by_force = False
    t.case.closing_rule_code = None
    t.case.said = None
    # Closed by force without ever being handed over: then it is handed over now, to be checked.
    t.case.disposed_at = t.case.disposed_at or t.now


def _say_fixed(t: Taking) -> None:
    t.case.said = "fixed"


def _say_not_fixed(t: Taking) -> None:
    t.case.said = "not_fixed"


def _grant_appeal(t: Taking) -> None:
    # The fact that it was late stays; it is only not counted against the department.
    t.case.exempt = True


def _void(t: Taking) -> None:
    t.case.suspended_until = None


def _merge(t: Taking) -> None:
    into = other_case(t.session, t.case, t.actor, t.act.case)
    merge(t.session, t.case, into, t.actor, t.now)
    t.told["case"] = into.case_no


def _put_under(t: Taking) -> None:
    parent = other_case(t.session, t.case, t.actor, t.act.case)
    put_under(t.session, t.case, parent)
    t.told["case"] = parent.case_no


def _take_out(t: Taking) -> None:
    take_out(t.session, t.case)


def _add_department(t: Taking) -> None:
    if not t.act.department:
        raise InvalidInput(
            _("Name the department"), errors=[{"pointer": "/department", "detail": _("needed")}]
        )
    department = _department(t)
    add_department(t.session, t.case, department, t.act.note, t.now)
    t.told["department"] = department.code


def _part_done(t: Taking) -> None:
    mine = departments_of(t.session, t.actor) if t.actor else []
    part_done(t.session, t.case, list(mine), t.act.note, t.now)


def _reclassify(t: Taking) -> None:
    case, act = t.case, t.act
    kind, code = act.kind or case.kind, act.class_code
    if not code:
        raise InvalidInput(_("Name the class"), errors=[{"pointer": "/class_code", "detail": _("needed")}])
    find_class(case.edition, kind, code)
    t.told.update({"from": f"{case.kind}/{case.class_code}", "to": f"{kind}/{code}"})
    case.component_id = _component(t, kind, code)
    case.kind, case.class_code = kind, code
    filed = case.filed_at is not None
    _set_limit(t, act.condition)
    if not filed:
        case.rule_code = None


def _component(t: Taking, kind: str, class_code: str) -> int | None:
    if not t.act.component_code:
        return None
    component = t.session.scalar(
        select(Component).where(Component.code == t.act.component_code, Component.valid_to.is_(None))
    )
    if component is None or kind != "component" or component.class_code != class_code:
        raise InvalidInput(
            _("There is no component {code} of this class").format(code=t.act.component_code),
            errors=[{"pointer": "/component_code"}],
        )
    return component.id


def _urge(t: Taking) -> None:
    t.case.urged_count += 1


def _verification(t: Taking) -> None:
    give_task(t.session, t.case, "verify", t.actor, t.now)


def _check_task(t: Taking) -> None:
    give_task(t.session, t.case, "check", t.actor, t.now)


def _assign_task(t: Taking) -> None:
    if not t.act.person or t.actor is None:
        raise InvalidInput(_("Name the inspector"), errors=[{"pointer": "/person", "detail": _("needed")}])
    hand_task_on(t.session, t.case, t.act.person, t.actor, t.now)


EFFECTS: dict[str, Callable[[Taking], None]] = {
    "send_verification": _verification,
    "file": _file,
    "dispatch": _dispatch,
    "redispatch": _redispatch,
    "send_back": _send_back,
    "add_department": _add_department,
    "part_done": _part_done,
    "feed_back": _feed_back,
    "grant_extension": _grant_extension,
    "grant_suspension": _suspend,
    "resume": _resume,
    "send_check": _check_task,
    "rework": _rework,
    "close": _close,
    "force_close": _force_close,
    "reopen": _reopen,
    "say_fixed": _say_fixed,
    "say_not_fixed": _say_not_fixed,
    "grant_appeal": _grant_appeal,
    "void": _void,
    "merge": _merge,
    "put_under": _put_under,
    "take_out": _take_out,
    "reclassify": _reclassify,
    "assign_task": _assign_task,
    "urge": _urge,
}
