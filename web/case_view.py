"""A case as the pages tell it: names instead of codes, the place as lon/lat, what belongs to it as links."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from api.shapes import CaseOut
from gis.case.models import Case, CaseStep
from gis.case.workflow import ACTIONS
from gis.i18n import N_, _, pick
from gis.people.models import Person
from gis.standard.tables import find_class, limit_units
from web.case_clock import clock_of
from web.desk_words import SAID
from web.words import KINDS, SOURCES


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


def case_facts(case: Case, shown: CaseOut) -> dict[str, Any]:
    """Everything the page of one case tells above its history; ``shown`` is the same case as it goes out."""
    facts = [
        (N_("Kind"), f"{_(KINDS[case.kind])} {case.class_code}"),
        (N_("Component"), shown.component_code or ""),
        (N_("Case source"), _(SOURCES.get(case.source, case.source))),
        (N_("Unit grid"), case.unit_grid.code),
        (N_("Duty grid"), shown.duty_grid_code or ""),
        (N_("Filing condition"), shown.condition_title or ""),
        (N_("Time limit"), _limit(case.limit_value, case.limit_unit) if case.filed_at else ""),
        (N_("Limit of the link"), _stage(shown)),
        (N_("Due"), case.due_at if case.filed_at else None),
        (N_("Suspended until"), case.suspended_until),
        (N_("Extended"), _times(case.extension_count)),
        (N_("Disposing department"), shown.department_name or ""),
        (N_("Co-departments"), _parts(shown)),
        (N_("Parent case"), _links([shown.parent])),
        (N_("Child cases"), _links(shown.children or [])),
        (N_("Merged into"), _links([shown.merged_into])),
        (N_("Followers"), _people(shown.followers or 0)),
        (N_("Urged"), _times(case.urged_count)),
        (N_("Reworked"), _times(case.rework_count)),
        (N_("Closed by force"), _("Yes") if case.closed_by_force else ""),
        (N_("Appeal granted"), _("Yes: late, but not counted") if case.exempt else ""),
        (N_("Citizen's answer"), _(SAID[case.said]) if case.said else ""),
        (N_("Occurred at"), case.occurred_at),
        (N_("Reported at"), case.reported_at),
        (N_("Filed at"), case.filed_at),
        (N_("Dispatched at"), case.dispatched_at),
        (N_("Disposed at"), case.disposed_at),
        (N_("Closed at"), case.closed_at),
    ]
    return {
        "case_no": case.case_no,
        "state": case.state,
        "class_name": shown.class_name,
        "description": case.description,
        "place": _place(case),
        "lon": shown.lon,
        "lat": shown.lat,
        "clock": clock_of(case, datetime.now(UTC)),
        "pending": shown.pending,
        "facts": facts,
    }


def step_rows(steps: Sequence[tuple[CaseStep, Person | None]]) -> list[dict[str, Any]]:
    """The history, oldest first: what was done, by whom, into which state."""
    return [
        {
            "title": ACTIONS.get(step.action, step.action),
            "to_state": step.to_state,
            "moved": step.from_state != step.to_state,
            "at": step.at,
            "actor_name": person.name if person else "",
            "actor_role": step.actor_role,
            "note": step.note,
        }
        for step, person in steps
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


def _stage(shown: CaseOut) -> str:
    if shown.stage_due_at is None:
        return ""
    return f"{shown.stage_title} · {shown.stage_due_at:%Y-%m-%d %H:%M}"


def _times(count: int) -> str:
    return _("{n} times").format(n=count) if count else ""


def _people(count: int) -> str:
    return _("{n} people").format(n=count) if count else ""


def _parts(shown: CaseOut) -> str:
    parts = shown.co_departments or []
    return ", ".join(f"{part.name} ({_('done') if part.done else _('still open')})" for part in parts)


def _links(numbers: Sequence[str | None]) -> Markup:
    """Numbers of cases as links to their pages."""
    links = [
        Markup('<a class="code" href="/cases/{0}">{0}</a>').format(number) for number in numbers if number
    ]
    return Markup(", ").join(links)
