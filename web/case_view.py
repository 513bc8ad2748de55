"""A case as the pages tell it: names instead of codes, the clock as a lamp, the place as lon/lat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from geoalchemy2.shape import to_shape
from shapely import get_x, get_y
from sqlalchemy.orm import Session

from gis.case.models import Case, CaseStep
from gis.case.states import CaseState
from gis.case.workflow import ACTIONS
from gis.crs import to_lonlat
from gis.i18n import N_, _, pick
from gis.people.models import Person
from gis.people.queries import department_name
from gis.standard.models import FilingRule
from gis.standard.queries import rules_in_force
from gis.standard.tables import find_class, limit_units
from web.words import KINDS, SOURCES

YELLOW_SHARE = 0.25  # of the limit still left: then the lamp turns from green to yellow
LAMP_ICONS = {"green": "circle-check", "yellow": "hourglass", "red": "octagon-alert"}
DISPOSED = frozenset(
    {CaseState.DISPOSED, CaseState.FED_BACK, CaseState.CHECKING, CaseState.CHECKED, CaseState.CLOSED}
)
WITHOUT_CLOCK = frozenset({CaseState.REFUSED, CaseState.VOID})


@dataclass(frozen=True)
class Clock:
    """绿黄红灯: the lamp (``green``, ``yellow``, ``red``), and the time left or over in words."""

    lamp: str
    text: str

    @property
    def icon(self) -> str:
        """The lamp's shape: told apart without seeing colours."""
        return LAMP_ICONS[self.lamp]


def clock_of(case: Case, now: datetime) -> Clock | None:
    """How the limit of disposal stands; None where none runs (not filed yet, or ended without disposal).

    Once disposal is done, the lamp tells for good whether it was in time.
    """
    if case.due_at is None or case.filed_at is None or case.state in WITHOUT_CLOCK:
        return None
    if case.state in DISPOSED and case.disposed_at is not None:
        late = case.disposed_at - case.due_at
        if late > timedelta():
            return Clock("red", _("Late by {span}").format(span=_span(late)))
        return Clock("green", _("In time"))
    left = case.due_at - now
    if left < timedelta():
        return Clock("red", _("Overdue by {span}").format(span=_span(-left)))
    begin = case.dispatched_at or case.filed_at
    lamp = "yellow" if left < YELLOW_SHARE * (case.due_at - begin) else "green"
    return Clock(lamp, _("{span} left").format(span=_span(left)))


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes >= 2 * 24 * 60:
        return _("{n} d").format(n=minutes // (24 * 60))
    if minutes >= 60:
        return _("{n} h").format(n=minutes // 60)
    return _("{n} min").format(n=max(minutes, 1))


def list_rows(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """What a line of the case list shows."""
    now = datetime.now(UTC)
    return [
        {
            "case_no": case.case_no,
            "class_name": _class_name(case),
            "state": case.state,
            "place": _place(case),
            "clock": clock_of(case, now),
            "reported_at": case.reported_at,
        }
        for case in cases
    ]


def case_facts(session: Session, case: Case) -> dict[str, Any]:
    """Everything the page of one case tells above its history."""
    at = to_shape(case.location)
    lon, lat = to_lonlat(float(get_x(at)), float(get_y(at)))
    rule = session.get(FilingRule, case.rule_code) if case.rule_code else None
    facts = [
        (N_("Kind"), f"{_(KINDS[case.kind])} {case.class_code}"),
        (N_("Case source"), _(SOURCES.get(case.source, case.source))),
        (N_("Unit grid"), case.unit_grid.code),
        (N_("Filing condition"), pick(rule.condition_zh, rule.condition_en) if rule else ""),
        (N_("Time limit"), _limit(case.limit_value, case.limit_unit) if case.filed_at else ""),
        (N_("Due"), case.due_at if case.filed_at else None),
        (N_("Disposing department"), department_name(case.department) if case.department else ""),
        (N_("Reworked"), _("{n} times").format(n=case.rework_count) if case.rework_count else ""),
        (N_("Occurred at"), case.occurred_at),
        (N_("Reported at"), case.reported_at),
        (N_("Filed at"), case.filed_at),
        (N_("Closed at"), case.closed_at),
    ]
    return {
        "case_no": case.case_no,
        "version": case.version,
        "state": case.state,
        "class_name": _class_name(case),
        "description": case.description,
        "place": _place(case),
        "lon": lon,
        "lat": lat,
        "clock": clock_of(case, datetime.now(UTC)),
        "facts": facts,
    }


def step_rows(steps: Sequence[tuple[CaseStep, Person | None]]) -> list[dict[str, Any]]:
    """The history, oldest first: what was done, by whom, into which state."""
    return [
        {
            "title": ACTIONS.get(step.action, step.action),
            "to_state": step.to_state,
            "at": step.at,
            "actor_name": person.name if person else "",
            "actor_role": step.actor_role,
            "note": step.note,
        }
        for step, person in steps
    ]


def rule_choices(session: Session, case: Case) -> list[dict[str, str]]:
    """The filing conditions of a case's class, each with its time limit."""
    return [
        {
            "code": rule.code,
            "text": f"{pick(rule.condition_zh, rule.condition_en)} · "
            + _limit(rule.limit_value_in_force, rule.limit_unit_in_force),
        }
        for rule in rules_in_force(session, case.edition, case.kind, case.class_code)
    ]


def _class_name(case: Case) -> str:
    row = find_class(case.edition, case.kind, case.class_code)
    return pick(row.name_zh, row.name_en)


def _place(case: Case) -> str:
    parts = [pick(area.name_zh, area.name_en) for area in (case.street, case.community)]
    return " · ".join(part for part in (*parts, case.address) if part)


def _limit(value: float | None, unit_code: str | None) -> str:
    unit = next((unit for unit in limit_units() if unit.code == unit_code), None)
    return f"{value:g} {pick(unit.name_zh, unit.name_en)}" if unit and value is not None else ""
