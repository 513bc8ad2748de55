"""Responsibilities as people write them: one by one, as a table in a file, or laid over those in force."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import time
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.case.routing import party_of
from gis.case.routing_rules import Hours, Rule
from gis.errors import InvalidInput, NotFound
from gis.grid.models import Area
from gis.i18n import _
from gis.people.models import Department
from gis.people.service import find_department
from gis.standard.tables import CITY_EDITION, object_classes

KINDS = ("component", "event")
MOST_DRAFTS = 5000  # a city has hundreds of rules


@dataclass(frozen=True)
class Draft:
    """A rule as people write it. ``area``, ``department``: codes; no area: the whole city.

    ``closed``: in a trial, the rule for this class, area and hours is taken out instead.
    """

    kind: str
    class_code: str
    department: str = ""
    area: str | None = None
    weekdays: str | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    edition: str = CITY_EDITION
    closed: bool = False


def rule_of(session: Session, draft: Draft, pointer: str = "") -> Rule:
    """A draft as a rule that can be asked; ``pointer`` is where the draft stands in what was sent.

    Raises
    ------
    InvalidInput
        Unknown kind, class, area or department; a department that disposes of nothing; impossible hours.
    """
    area, hours = _scope_of(session, draft, pointer)
    return Rule(
        kind=draft.kind,
        edition=draft.edition,
        class_code=draft.class_code,
        party=party_of(_department(session, draft, pointer)),
        area_id=area.id if area else None,
        level=str(area.level) if area else None,
        hours=hours,
        area_zh=area.name_zh if area else None,
        area_en=area.name_en if area else None,
    )


def changed_rules(session: Session, rules: Iterable[Rule], drafts: Sequence[Draft]) -> list[Rule]:
    """The rules with the drafts laid over them.

    A draft takes the place of the rule for its class, area and hours; a closed one only takes it out.

    Raises
    ------
    InvalidInput
        See :func:`rule_of`; a rule to take out that is not there; too many drafts.
    """
    if len(drafts) > MOST_DRAFTS:
        raise _wrong("/rules", _("At most {most} rules at once").format(most=MOST_DRAFTS))
    laid = {_holds_for(rule): rule for rule in rules}
    for number, draft in enumerate(drafts):
        pointer = f"/rules/{number}"
        if not draft.closed:
            rule = rule_of(session, draft, pointer)
            laid[_holds_for(rule)] = rule
            continue
        area, hours = _scope_of(session, draft, pointer)
        key = (draft.kind, draft.edition, draft.class_code, area.id if area else None, hours)
        if laid.pop(key, None) is None:
            raise _wrong(pointer, _("There is no rule for this class, area and time to take out"))
    return list(laid.values())


def read_drafts(path: Path) -> list[Draft]:
    """Drafts of a CSV file with the names of :class:`Draft` as its first line; UTF-8.

    Raises
    ------
    InvalidInput
        A column that is unknown or missing, hours or a truth that cannot be read; says the line.
    """
    known = [field.name for field in fields(Draft)]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            columns = rows.fieldnames or []
            if not {"kind", "class_code"} <= set(columns) <= set(known):
                raise InvalidInput(
                    _("{file} must have the columns {known}").format(file=path.name, known=", ".join(known))
                )
            return [_draft(row, f"{path.name}:{rows.line_num}") for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidInput(
            _("{file} cannot be read: {reason}").format(file=path.name, reason=error)
        ) from error


def _draft(row: Mapping[str | None, str | None], where: str) -> Draft:
    sent = {str(name): (value or "").strip() for name, value in row.items() if isinstance(value, str)}
    try:
        return Draft(
            kind=sent["kind"],
            class_code=sent["class_code"],
            department=sent.get("department", ""),
            area=sent.get("area") or None,
            weekdays=sent.get("weekdays") or None,
            starts_at=time.fromisoformat(sent["starts_at"]) if sent.get("starts_at") else None,
            ends_at=time.fromisoformat(sent["ends_at"]) if sent.get("ends_at") else None,
            edition=sent.get("edition") or CITY_EDITION,
            closed={"": False, "false": False, "0": False, "true": True, "1": True}[
                sent.get("closed", "").lower()
            ],
        )
    except (KeyError, ValueError) as error:
        raise InvalidInput(_("{where}: {value} cannot be read").format(where=where, value=error)) from error


def _holds_for(rule: Rule) -> tuple[str, str, str, int | None, Hours]:
    """What there is one rule for."""
    return rule.kind, rule.edition, rule.class_code, rule.area_id, rule.hours


def _scope_of(session: Session, draft: Draft, pointer: str) -> tuple[Area | None, Hours]:
    """Where and when a draft holds, once its class is known."""
    if draft.kind not in KINDS:
        raise _wrong(f"{pointer}/kind", _("A kind is one of: {known}").format(known=", ".join(KINDS)))
    known = (row for row in object_classes() if (row.edition, row.kind) == (draft.edition, draft.kind))
    if draft.class_code and not any(draft.class_code in (row.code, row.major_code) for row in known):
        raise _wrong(
            f"{pointer}/class_code", _("There is no class or major {code}").format(code=draft.class_code)
        )
    if (draft.starts_at is None) != (draft.ends_at is None):
        raise _wrong(f"{pointer}/ends_at", _("Hours need both a start and an end"))
    for name in ("starts_at", "ends_at"):
        if (at := getattr(draft, name)) is not None and at.tzinfo is not None:
            raise _wrong(f"{pointer}/{name}", _("Hours are of the city's clock, without an offset"))
    days = set(draft.weekdays or "")
    if not days <= set("1234567"):
        raise _wrong(f"{pointer}/weekdays", _("Weekdays are digits, 1 Monday … 7 Sunday"))
    hours = Hours("".join(sorted(days)) or None, draft.starts_at, draft.ends_at)
    if not draft.area:
        return None, hours
    area = session.scalar(select(Area).where(Area.code == draft.area, Area.valid_to.is_(None)))
    if area is None:
        raise _wrong(f"{pointer}/area", _("There is no area {code}").format(code=draft.area))
    return area, hours


def _department(session: Session, draft: Draft, pointer: str) -> Department:
    try:
        department = find_department(session, draft.department)
    except NotFound as error:
        raise _wrong(f"{pointer}/department", str(error)) from error
    if not department.disposes:
        detail = _("{name} does not dispose of cases").format(name=department.name_zh)
        raise _wrong(f"{pointer}/department", detail)
    return department


def _wrong(pointer: str, detail: str) -> InvalidInput:
    return InvalidInput(detail, errors=[{"pointer": pointer, "detail": detail}])
