"""What a subscription may ask for: types, areas, classes, departments. What is unknown is refused."""

import re
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from gis.case.workflow import ACTIONS
from gis.errors import InvalidInput
from gis.grid.models import Area
from gis.i18n import _
from gis.notice.rules import TURN_RED, TURN_YELLOW
from gis.people.models import Department

MOST = 100  # of each list
CASE_TYPES = tuple(f"case.{action}" for action in (*ACTIONS, TURN_YELLOW, TURN_RED))
TYPES = (*CASE_TYPES, "dataset.changed")
PATTERNS = frozenset({"*", "case.*", "dataset.*", *TYPES})
CLASS = re.compile(r"(component|event)(/\d{2}(\d{2,3})?)?")


def check_types(types: Sequence[str], needed: bool = False) -> None:
    """Refuse a type that no event has; ``needed``: at least one."""
    if needed and not types:
        raise InvalidInput(_("Name at least one type of events"), errors=[{"pointer": "/types"}])
    _refuse("/types", [each for each in types if each not in PATTERNS], types)


def check_filters(
    session: Session, areas: Sequence[str], classes: Sequence[str], departments: Sequence[str]
) -> None:
    """Refuse what is not there; a class is written as ``event``, ``event/01`` or ``event/0101``."""
    _refuse("/areas", _missing(session, Area.code, areas), areas)
    _refuse("/classes", [each for each in classes if not CLASS.fullmatch(each)], classes)
    _refuse("/departments", _missing(session, Department.code, departments), departments)


def _missing(session: Session, column: InstrumentedAttribute[str], codes: Collection[str]) -> list[str]:
    known: ColumnElement[bool] = column.in_(codes)
    return sorted(set(codes) - set(session.scalars(select(column).where(known)))) if codes else []


def _refuse(pointer: str, wrong: Iterable[str], given: Collection[str]) -> None:
    if len(given) > MOST:
        raise InvalidInput(_("At most {most} of them").format(most=MOST), errors=[{"pointer": pointer}])
    if wrong := list(wrong):
        raise InvalidInput(
            _("Not known: {names}").format(names=", ".join(each[:40] for each in wrong[:5])),
            errors=[{"pointer": pointer}],
        )
