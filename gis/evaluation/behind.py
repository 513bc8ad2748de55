"""Which cases stand behind a figure: the condition the figure was counted by, as a condition on cases.

Conditions are those of :data:`gis.evaluation.counts.COUNTS` and :data:`gis.evaluation.duties.DUTY_COUNTS`
themselves, so that a list and its figure cannot differ.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, TextClause, or_, select, text

from gis.case.models import Case
from gis.errors import InvalidInput
from gis.evaluation.counts import COUNTS, count_of
from gis.evaluation.duties import BESIDE, DUTY_COUNTS
from gis.evaluation.models import CaseFact, CaseFactPart, CaseFactPost
from gis.i18n import _
from gis.people.models import PersonDutyGrid

# By the names that the conditions of the tables of counts use.
FACT, POST = CaseFact.__table__.alias("f"), CaseFactPost.__table__.alias("p")
PART = CaseFactPart.__table__.alias("part")
MISSED, REPORT_OR_MISSED = "missed", "report_or_missed"
DUTIES = (*DUTY_COUNTS, MISSED, REPORT_OR_MISSED)
# part → the conditions it is counted by
PARTS: dict[str, tuple[ColumnElement[bool], ...]] = {
    "co_should": (PART.c.part == "co",),
    "co_in_time": (PART.c.part == "co", PART.c.in_time),
    "given_back": (PART.c.part == "former",),
}


@dataclass(frozen=True)
class Counted:
    """A count over a span of time.

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


@dataclass(frozen=True)
class Source:
    """Rows a count is made of, each for so much; ``facts``: they, with the facts of their cases."""

    case_id: ColumnElement[int]
    facts: FromClause
    conditions: tuple[ColumnElement[bool] | TextClause, ...]
    amount: str = "1"


def title_of(code: str, is_duty: bool = False) -> str:
    """What a count is called, in English; posts have some codes of their own."""
    tables: tuple[Any, ...] = (DUTY_COUNTS, COUNTS) if is_duty else (COUNTS, DUTY_COUNTS)
    found = next((table[code].title for table in tables if code in table), None)
    return str(found or BESIDE[code])


def way_of(code: str, is_duty: bool) -> str:
    """The way a count of an indicator goes: of posts, or of places."""
    if is_duty:
        return "duty"
    return "part" if code in PARTS else "count"


def behind(
    counted: Counted, people: Sequence[int] | None = None, departments: Sequence[int] | None = None
) -> ColumnElement[bool]:
    """A condition on :class:`Case`: the figure counts it. See :func:`sources`."""
    rows = sources(counted, people, departments)
    return or_(*(Case.id.in_(select(row.case_id).where(*row.conditions)) for row in rows))


def sources(
    counted: Counted, people: Sequence[int] | None = None, departments: Sequence[int] | None = None
) -> list[Source]:
    """The rows that are counted; the count is their sum.

    Parameters
    ----------
    people : of a duty: ids of those whose acts; anybody's where None
    departments : of a part: ids of the departments whose part it is; any where None
    """
    return _WAYS[counted.way](counted, people, departments)


def _by_count(counted: Counted, *_whose: Sequence[int] | None) -> list[Source]:
    row = count_of(counted.code)
    conditions = (*_within(FACT.c[row.at], counted), text(row.where))
    return [Source(FACT.c.case_id, FACT, conditions, row.amount or "1")]


def _by_duty(counted: Counted, people: Sequence[int] | None, *_whose: Sequence[int] | None) -> list[Source]:
    if counted.code == MISSED:
        return [_missed(counted, people)]
    if counted.code == REPORT_OR_MISSED:
        return [_acts("report", counted, people), _missed(counted, people)]
    return [_acts(counted.code, counted, people)]


def _acts(code: str, counted: Counted, people: Sequence[int] | None) -> Source:
    row = DUTY_COUNTS[code]
    whose = () if people is None else (POST.c.person_id.in_(people),)
    conditions = (POST.c.duty.in_(row.duties), *_within(POST.c.at, counted), text(row.where), *whose)
    return Source(POST.c.case_id, POST.join(FACT, FACT.c.case_id == POST.c.case_id), conditions)


def _missed(counted: Counted, people: Sequence[int] | None) -> Source:
    grids = select(PersonDutyGrid.duty_grid_id)
    if people is not None:
        grids = grids.where(PersonDutyGrid.person_id.in_(people))
    conditions = (FACT.c.is_filed, FACT.c.is_public, FACT.c.duty_grid_id.in_(grids))
    return Source(FACT.c.case_id, FACT, (*_within(FACT.c.filed_at, counted), *conditions))


def _by_part(
    counted: Counted, _people: Sequence[int] | None, departments: Sequence[int] | None
) -> list[Source]:
    whose = () if departments is None else (PART.c.department_id.in_(departments),)
    conditions = (*PARTS[counted.code], *_within(PART.c.counted_at, counted), *whose)
    return [Source(PART.c.case_id, PART.join(FACT, FACT.c.case_id == PART.c.case_id), conditions)]


_WAYS: dict[str, Callable[[Counted, Sequence[int] | None, Sequence[int] | None], list[Source]]] = {
    "count": _by_count,
    "duty": _by_duty,
    "part": _by_part,
}


def _within(moment: Any, counted: Counted) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return moment >= counted.begins, moment < counted.ends
