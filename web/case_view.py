"""A case as the pages tell it: names instead of codes, the clock as a lamp, the place as lon/lat."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from geoalchemy2.shape import to_shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.case.models import Case, CaseStep
from gis.case.states import ENDED, CaseState
from gis.case.workflow import ACTIONS
from gis.crs import to_lonlat
from gis.i18n import N_, _, pick
from gis.people.models import Person
from gis.standard.models import FilingRule, LimitUnit, ObjectClass
from web.words import KINDS, SOURCES

YELLOW_SHARE = 0.25  # of the limit's time still left: then the lamp turns from green to yellow
LAMP_ICONS = {"green": "circle-check", "yellow": "hourglass", "red": "octagon-alert", "none": "timer-off"}


@dataclass(frozen=True)
class Clock:
    """绿黄红灯: a lamp by its name, the icon of that shape, and the time left or over in words."""

    lamp: str
    icon: str
    text: str


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes >= 2 * 24 * 60:
        return _("{n} d").format(n=minutes // (24 * 60))
    if minutes >= 60:
        return _("{n} h").format(n=minutes // 60)
    return _("{n} min").format(n=max(minutes, 1))


def clock_of(case: Case, now: datetime) -> Clock | None:
    """How the disposal's limit stands; None where no limit runs (not filed yet, or ended otherwise).

    Disposal is what the limit is for: once it is done, the lamp tells whether it was in time.
    """
    if case.due_at is None or case.state in {CaseState.REFUSED, CaseState.VOID}:
        return None
    done = case.disposed_at if case.state in ENDED or case.state.value in _AFTER_DISPOSAL else None
    if done is not None:
        late = done > case.due_at
        return (
            Clock("red", LAMP_ICONS["red"], _("Late by {span}").format(span=_span(done - case.due_at)))
            if (late)
            else Clock("green", LAMP_ICONS["green"], _("In time"))
        )
    if case.filed_at is None:
        return None
    left = case.due_at - now
    if left < timedelta():
        return Clock("red", LAMP_ICONS["red"], _("Overdue by {span}").format(span=_span(-left)))
    lamp = "yellow" if left < YELLOW_SHARE * (case.due_at - case.filed_at) else "green"
    return Clock(lamp, LAMP_ICONS[lamp], _("{span} left").format(span=_span(left)))


_AFTER_DISPOSAL = frozenset({"disposed", "fed_back", "checking", "checked"})


def class_names(session: Session, cases: list[Case]) -> dict[tuple[str, str, str], str]:
    """Names of the classes of some cases in the reader's language, by edition, kind and code."""
    codes = {case.class_code for case in cases}
    rows = session.scalars(select(ObjectClass).where(ObjectClass.code.in_(codes)))
    return {(row.edition, row.kind, row.code): pick(row.name_zh, row.name_en) for row in rows}


def list_rows(session: Session, cases: list[Case]) -> list[dict[str, Any]]:
    """What a line of the case list shows."""
    names = class_names(session, cases)
    now = datetime.now(UTC)
    return [
        {
            "case_no": case.case_no,
            "class_name": names.get((case.edition, case.kind, case.class_code), case.class_code),
            "state": case.state,
            "place": _place(case),
            "clock": clock_of(case, now),
            "reported_at": case.reported_at,
        }
        for case in cases
    ]


def _place(case: Case) -> str:
    parts = [pick(area.name_zh, area.name_en) for area in (case.street, case.community)]
    return " · ".join(part for part in (*parts, case.address) if part)


def case_facts(session: Session, case: Case) -> dict[str, Any]:
    """Everything the page of one case tells above its history."""
    at = to_shape(case.location)
    lon, lat = to_lonlat(at.x, at.y)
    name = class_names(session, [case]).get((case.edition, case.kind, case.class_code), case.class_code)
    rule = session.get(FilingRule, case.rule_code) if case.rule_code else None
    facts = [
        (N_("Kind"), f"{_(KINDS[case.kind])} {case.class_code}"),
        (N_("Source"), _(SOURCES.get(case.source, case.source))),
        (N_("Unit grid"), case.unit_grid.code),
        (N_("Filing condition"), pick(rule.condition_zh, rule.condition_en) if rule else ""),
        (N_("Time limit"), _limit(session, case.limit_value, case.limit_unit)),
        (N_("Due"), case.due_at),
        (
            N_("Department"),
            pick(case.department.name_zh, case.department.name_en) if case.department else "",
        ),
        (N_("Reworked"), _("{n} times").format(n=case.rework_count) if case.rework_count else ""),
        (N_("Occurred"), case.occurred_at),
        (N_("Reported"), case.reported_at),
        (N_("Filed"), case.filed_at),
        (N_("Closed"), case.closed_at),
    ]
    return {
        "case_no": case.case_no,
        "version": case.version,
        "state": case.state,
        "class_name": name,
        "description": case.description,
        "place": _place(case),
        "lon": lon,
        "lat": lat,
        "clock": clock_of(case, datetime.now(UTC)),
        "facts": facts,
    }


def _limit(session: Session, value: float | None, unit_code: str | None) -> str:
    unit = session.get(LimitUnit, unit_code) if unit_code else None
    return f"{value:g} {pick(unit.name_zh, unit.name_en)}" if unit and value is not None else ""


def step_rows(session: Session, steps: list[CaseStep]) -> list[dict[str, Any]]:
    """The history, oldest first: what was done, by whom, into which state."""
    ids = {step.actor_id for step in steps if step.actor_id is not None}
    people = {person.id: person.name for person in session.scalars(select(Person).where(Person.id.in_(ids)))}
    return [
        {
            "title": ACTIONS.get(step.action, step.action),
            "to_state": step.to_state,
            "at": step.at,
            "actor_name": people.get(step.actor_id, "") if step.actor_id is not None else "",
            "actor_role": step.actor_role,
            "note": step.note,
        }
        for step in steps
    ]


def rule_choices(session: Session, case: Case) -> list[dict[str, str]]:
    """The filing conditions of a case's class, each with its time limit."""
    rules = session.scalars(
        select(FilingRule)
        .where(
            FilingRule.edition == case.edition,
            FilingRule.kind == case.kind,
            FilingRule.class_code == case.class_code,
        )
        .order_by(FilingRule.position)
    )
    return [
        {
            "code": rule.code,
            "text": f"{pick(rule.condition_zh, rule.condition_en)} · "
            + _limit(session, rule.limit_value_in_force, rule.limit_unit_in_force),
        }
        for rule in rules
    ]
