"""Which department should act: by the component's maintainer, then by the responsibilities."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.case.routing_rules import Considered, Hours, Outcome, Party, Question, Rule, RuleBook
from gis.case.routing_words import reason_words
from gis.case.side_models import AutoDispatch
from gis.component.models import Component
from gis.grid.models import Area
from gis.people.models import Department, Responsibility
from gis.settings import get_settings


@dataclass(frozen=True)
class Suggestion:
    """A department and the reason it is proposed, in the reader's language."""

    department_id: int
    department_code: str
    name_zh: str
    name_en: str
    reason: str


@dataclass(frozen=True)
class Routing:
    """What is proposed, and every rule that was looked at on the way, in that order."""

    suggestion: Suggestion | None
    trace: Sequence[Considered]
    local: datetime  # the moment it was asked for, by the city's clock


def suggest_department(session: Session, case: Case, at: datetime | None = None) -> Suggestion | None:
    """The department a case belongs to at a moment (now), or ``None`` where the tables are silent."""
    return explain_routing(session, case, at).suggestion


def explain_routing(session: Session, case: Case, at: datetime | None = None) -> Routing:
    """The same with the trace."""
    local = (at or datetime.now(UTC)).astimezone(get_settings().zone)
    district_id = session.scalar(select(Area.parent_id).where(Area.id == case.street_id))
    areas = frozenset(id for id in (case.community_id, case.street_id, district_id) if id is not None)
    question = Question(
        kind=case.kind,
        edition=case.edition,
        class_code=case.class_code,
        areas=areas,
        local=local,
        has_component=case.component_id is not None,
        maintainer=_maintainer(session, case),
    )
    beginnings = [case.class_code[:length] for length in range(len(case.class_code) + 1)]
    book = RuleBook(
        rules_now(
            session,
            local,
            Responsibility.kind == case.kind,
            Responsibility.edition == case.edition,
            Responsibility.class_code.in_(beginnings),
            Responsibility.area_id.is_(None) | Responsibility.area_id.in_(areas),
        )
    )
    trace = book.consider(question)
    decided = next((one for one in trace if one.outcome is Outcome.DECIDED), None)
    suggestion = None
    if decided is not None and decided.party is not None:
        party = decided.party
        suggestion = Suggestion(
            party.id, party.code, party.name_zh, party.name_en, reason_words(decided.rule)
        )
    return Routing(suggestion, trace, local)


def rules_now(session: Session, local: datetime, *conditions: ColumnElement[bool]) -> list[Rule]:
    """The responsibilities in force on a day, those of closed departments too."""
    statement = (
        select(Responsibility, Department, Area)
        .join(Department, Department.id == Responsibility.department_id)
        .outerjoin(Area, Area.id == Responsibility.area_id)
        .where(Responsibility.valid_to.is_(None), Responsibility.valid_from <= local.date(), *conditions)
    )
    return [_rule(row, party_of(department), area) for row, department, area in session.execute(statement)]


def _rule(row: Responsibility, party: Party, area: Area | None) -> Rule:
    return Rule(
        kind=row.kind,
        edition=row.edition,
        class_code=row.class_code,
        party=party,
        area_id=row.area_id,
        level=str(area.level) if area else None,
        hours=Hours(row.weekdays, row.starts_at, row.ends_at),
        id=row.id,
        area_zh=area.name_zh if area else None,
        area_en=area.name_en if area else None,
    )


def party_of(department: Department) -> Party:
    """A department as the rules see it."""
    return Party(
        department.id,
        department.code,
        department.name_zh,
        department.name_en,
        department.disposes,
        department.valid_to,
    )


def _maintainer(session: Session, case: Case) -> Party | None:
    if case.component_id is None:
        return None
    department = session.scalar(
        select(Department)
        .join(Component, Component.maintainer_id == Department.id)
        .where(Component.id == case.component_id)
    )
    return party_of(department) if department else None


def is_automatic(session: Session, case: Case) -> bool:
    """Whether cases of this class are dispatched to the proposed department as soon as they are filed."""
    by_class = select(AutoDispatch.class_code).where(
        AutoDispatch.kind == case.kind,
        AutoDispatch.edition == case.edition,
        AutoDispatch.class_code.in_((case.class_code, case.class_code[:2])),
    )
    return session.scalar(by_class.limit(1)) is not None
