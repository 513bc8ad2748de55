"""Which cases stand behind a figure: the condition the figure was counted by, as a condition on cases.

Conditions are those of :data:`gis.evaluation.counts.COUNTS` and :data:`gis.evaluation.duties.DUTY_COUNTS`
themselves, so that a list and its figure cannot differ.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select, text

from gis.case.models import Case
from gis.errors import InvalidInput
from gis.evaluation.counts import count_of
from gis.evaluation.duties import BESIDE, DUTY_COUNTS, DutyCount
from gis.evaluation.models import CaseFact, CaseFactPart, CaseFactPost
from gis.i18n import _
from gis.people.models import Person, PersonDutyGrid

# By the names that the conditions of the tables of counts use.
_ALIASES = ((CaseFact, "f"), (CaseFactPost, "p"), (CaseFactPart, "part"))
F, P, PART = (model.__table__.alias(name).c for model, name in _ALIASES)
MISSED, REPORT_OR_MISSED = "missed", "report_or_missed"
DUTIES = (*DUTY_COUNTS, MISSED, REPORT_OR_MISSED)
# part → the conditions it was counted by
PARTS: dict[str, tuple[ColumnElement[bool], ...]] = {
    "co_should": (PART.part == "co",),
    "co_in_time": (PART.part == "co", PART.in_time),
    "given_back": (PART.part == "former",),
}


@dataclass(frozen=True)
class Counted:
    """The figure that a list of cases explains.

    Attributes
    ----------
    way : ``count`` (facts of cases), ``duty`` (acts of people) or ``part`` (co- and former departments)
    code : of the table that ``way`` names
    begins, ends : from inclusive, to exclusive; by the moment that the count goes by
    """

    way: str
    code: str
    begins: datetime
    ends: datetime

    def __post_init__(self) -> None:
        if self.way == "count":
            count_of(self.code)
        elif self.code not in (known := DUTIES if self.way == "duty" else tuple(PARTS)):
            raise InvalidInput(
                _("Unknown count {code}; known: {known}").format(code=self.code, known=", ".join(known)),
                errors=[{"pointer": f"/{self.way}"}],
            )
        if self.begins >= self.ends:
            raise InvalidInput(_("The period ends before it begins"), errors=[{"pointer": "/counted_to"}])

    @property
    def title(self) -> str:
        """What is counted, as the tables of counts call it."""
        if self.way == "count":
            return count_of(self.code).title
        return DUTY_COUNTS[self.code].title if self.code in DUTY_COUNTS else BESIDE[self.code]


def behind(
    counted: Counted, login: str | None = None, departments: Sequence[int] | None = None
) -> ColumnElement[bool]:
    """A condition on :class:`Case`: the figure counts it.

    Parameters
    ----------
    login : of a duty: whose acts; anybody's where empty
    departments : of a part: ids of the departments whose part it is; any where empty
    """
    return _WAYS[counted.way](counted, login, departments)


def _by_count(
    counted: Counted, _login: str | None, _departments: Sequence[int] | None
) -> ColumnElement[bool]:
    row = count_of(counted.code)
    return Case.id.in_(select(F.case_id).where(*_within(F[row.at], counted), text(row.where)))


def _by_duty(counted: Counted, login: str | None, _departments: Sequence[int] | None) -> ColumnElement[bool]:
    row = DUTY_COUNTS.get("report" if counted.code == REPORT_OR_MISSED else counted.code)
    acted = [Case.id.in_(_acts(row, counted, login))] if row else []
    missed = [Case.id.in_(_missed(counted, login))] if counted.code in (MISSED, REPORT_OR_MISSED) else []
    found, *more = acted + missed
    return found | more[0] if more else found


def _acts(row: DutyCount, counted: Counted, login: str | None) -> Select[int]:
    acts = select(P.case_id).where(P.duty.in_(row.duties), *_within(P.at, counted), text(row.where))
    return acts.where(P.person_id == _person(login)) if login else acts


def _missed(counted: Counted, login: str | None) -> Select[int]:
    grids = select(PersonDutyGrid.duty_grid_id)
    if login:
        grids = grids.where(PersonDutyGrid.person_id == _person(login))
    return select(F.case_id).where(
        *_within(F.filed_at, counted), F.is_filed, F.is_public, F.duty_grid_id.in_(grids)
    )


def _by_part(counted: Counted, _login: str | None, departments: Sequence[int] | None) -> ColumnElement[bool]:
    parts = select(PART.case_id).where(*PARTS[counted.code], *_within(PART.counted_at, counted))
    if departments is not None:
        parts = parts.where(PART.department_id.in_(departments))
    return Case.id.in_(parts)


_WAYS: dict[str, Callable[[Counted, str | None, Sequence[int] | None], ColumnElement[bool]]] = {
    "count": _by_count,
    "duty": _by_duty,
    "part": _by_part,
}


def _within(moment: Any, counted: Counted) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return moment >= counted.begins, moment < counted.ends


def _person(login: str) -> Any:
    return select(Person.id).where(Person.login == login).scalar_subquery()
