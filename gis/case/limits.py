"""How long a department has: from the filing rule in force, by the working clock."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gis.case.calendar import clock_for
from gis.case.clock import Deadline
from gis.errors import InvalidInput
from gis.i18n import _
from gis.standard.models import FilingRule
from gis.standard.queries import rules_in_force
from gis.standard.tables import limit_units


@dataclass(frozen=True)
class Limit:
    """A time limit. ``rule_code`` is empty where the city has set no rule for the class."""

    value: float
    unit: str
    rule_code: str | None


# Where the city's table is silent about a class: ours, a setting of this service, not of any standard.
UNWRITTEN = Limit(3, "WORK_DAY", None)


def choose_limit(
    session: Session,
    edition: str,
    kind: str,
    class_code: str,
    condition: str | None,
    pointer: str = "/condition",
) -> Limit:
    """The limit of a filing condition, or of the class's first one when none is chosen.

    Raises
    ------
    InvalidInput
        The condition is not one of this class; ``errors`` names those that are.
    """
    rules = rules_in_force(session, edition, kind, class_code)
    if condition is None:
        return _limit(rules[0]) if rules else UNWRITTEN
    for rule in rules:
        if rule.code == condition:
            return _limit(rule)
    raise InvalidInput(
        _("{condition} is not a filing condition of class {code}; there are: {known}").format(
            condition=condition, code=class_code, known=", ".join(rule.code for rule in rules) or "–"
        ),
        errors=[{"pointer": pointer, "detail": _("unknown filing condition")}],
    )


def _limit(rule: FilingRule) -> Limit:
    return Limit(rule.limit_value_in_force, rule.limit_unit_in_force, rule.code)


def deadline(session: Session, start: datetime, limit: Limit) -> Deadline:
    """When a limit that begins at ``start`` ends."""
    unit = next(unit for unit in limit_units() if unit.code == limit.unit)
    return clock_for(session, limit.rule_code).deadline(start, limit.value * unit.minutes, unit.is_continuous)
