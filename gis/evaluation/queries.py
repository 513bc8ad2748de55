"""Counts and rates of regions, departments and posts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from gis.case.models import Case, CaseStep
from gis.case.outcomes import outcome
from gis.case.scope import cases_in_scope
from gis.errors import InvalidInput
from gis.evaluation.indicators import INDICATORS, Indicator
from gis.grid.models import Area, AreaLevel
from gis.i18n import _, pick
from gis.people.models import Department, Person


@dataclass(frozen=True)
class Figure:
    """One indicator of one object. ``value`` is a count, a ratio, or empty where there were no cases."""

    indicator: Indicator
    value: float | None
    numerator: int
    denominator: int | None


@dataclass(frozen=True)
class Row:
    """All figures of one region, department or post."""

    code: str
    name: str
    role: str | None
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Period:
    """From inclusive, to exclusive; by the time of filing."""

    begins: datetime
    ends: datetime

    def __post_init__(self) -> None:
        if self.begins.tzinfo is None or self.ends.tzinfo is None:
            raise InvalidInput(_("A time needs its offset, such as +08:00"), errors=[{"pointer": "/from"}])
        if self.begins >= self.ends:
            raise InvalidInput(_("The period ends before it begins"), errors=[{"pointer": "/to"}])

    def holds(self) -> ColumnElement[bool]:
        return (Case.filed_at >= self.begins) & (Case.filed_at < self.ends)


def by_region(session: Session, reader: Person, period: Period, level: AreaLevel) -> list[Row]:
    """Figures of each street or community, those without cases included, by code."""
    columns: dict[AreaLevel, InstrumentedAttribute[int]] = {
        AreaLevel.STREET: Case.street_id,
        AreaLevel.COMMUNITY: Case.community_id,
    }
    if level not in columns:
        raise InvalidInput(
            _("Regions are compared by street or by community"), errors=[{"pointer": "/level"}]
        )
    counts = _counts(session, reader, period, columns[level])
    areas = session.scalars(
        select(Area).where(Area.level == level, Area.valid_to.is_(None)).order_by(Area.code)
    )
    return [
        Row(area.code, pick(area.name_zh, area.name_en), None, _figures(counts.get(area.id)))
        for area in areas
    ]


def by_department(session: Session, reader: Person, period: Period) -> list[Row]:
    """Figures of each department that disposes of cases, by code."""
    counts = _counts(session, reader, period, Case.department_id)
    found = session.scalars(
        select(Department).where(Department.disposes, Department.valid_to.is_(None)).order_by(Department.code)
    )
    return [
        Row(one.code, pick(one.name_zh, one.name_en), None, _figures(counts.get(one.id))) for one in found
    ]


def by_post(session: Session, reader: Person, period: Period) -> list[Row]:
    """Figures of the cases that each person took a step in, by login."""
    steps = select(CaseStep.case_id, CaseStep.actor_id).distinct().subquery()
    statement = _aggregates(steps.c.actor_id, reader, session, period).join(steps, steps.c.case_id == Case.id)
    counts = {row[0]: tuple(row) for row in session.execute(statement.group_by(steps.c.actor_id))}
    people = session.scalars(select(Person).where(Person.id.in_(counts)).order_by(Person.login))
    return [Row(one.login, one.name, one.role, _figures(counts.get(one.id))) for one in people]


def _counts(
    session: Session,
    reader: Person,
    period: Period,
    key: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> dict[int, tuple[int, ...]]:
    statement = _aggregates(key, reader, session, period).group_by(key)
    return {row[0]: tuple(row) for row in session.execute(statement)}


def _names() -> list[str]:
    named = [name for row in INDICATORS for name in (row.numerator, row.denominator) if name]
    return list(dict.fromkeys(named))


def _aggregates(
    key: ColumnElement[int] | InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    reader: Person,
    session: Session,
    period: Period,
) -> Select[Any]:
    sums = [func.count().filter(outcome(name)).label(name) for name in _names()]
    columns: list[Any] = [key, *sums]
    statement = select(*columns)
    return statement.select_from(Case).where(period.holds(), cases_in_scope(session, reader))


def _figures(counts: tuple[int, ...] | None) -> tuple[Figure, ...]:
    names = _names()
    found = dict(zip(names, counts[1:] if counts else [0] * len(names), strict=True))
    figures = []
    for row in INDICATORS:
        top = found[row.numerator]
        bottom = found[row.denominator] if row.denominator else None
        # No cases is no rate: neither 0 % nor 100 % would be true.
        value = float(top) if bottom is None else (top / bottom if bottom else None)
        figures.append(Figure(row, value, top, bottom))
    return tuple(figures)
