"""What goes out and comes in about routing: traces, rules, scores of a trial."""

from datetime import datetime, time
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.shapes import class_name
from gis.case.responsibilities import Row
from gis.case.routing import Routing
from gis.case.routing_rules import Considered, Outcome
from gis.case.routing_trial import Difference, Score, Shown, Trial
from gis.case.routing_words import why_words
from gis.case.rule_drafts import MOST_DRAFTS, Draft
from gis.case.side_models import AutoDispatch
from gis.i18n import _, pick
from gis.settings import get_settings
from gis.standard.tables import CITY_EDITION, object_classes

Kind = Literal["component", "event"]
ClassOrMajor = Annotated[str, Field(pattern=r"^(\d{2}|\d{4,5})?$")]


def class_or_major_name(edition: str, kind: str, code: str) -> str:
    """The name of a class or, by two digits, of a major; empty for the rules for all."""
    if len(code) != 2:
        return class_name(edition, kind, code) if code else ""
    for row in object_classes():
        if (row.edition, row.kind, row.major_code) == (edition, kind, code):
            return pick(row.major_name_zh, row.major_name_en)
    return code


class ProposedOut(BaseModel):
    code: str
    name: str
    reason: str


class ConsideredOut(BaseModel):
    """A rule that was looked at; ``rule`` is empty for the component's maintainer."""

    rule: int | None
    department: str | None
    department_name: str | None
    class_code: str | None
    area: str | None
    weekdays: str | None
    starts_at: time | None
    ends_at: time | None
    outcome: str
    why: str = Field(description="in the reader's language")

    @classmethod
    def of(cls, one: Considered, decided: Considered | None, local: datetime) -> "ConsideredOut":
        rule, party = one.rule, one.party
        return cls(
            rule=rule.id if rule else None,
            department=party.code if party else None,
            department_name=pick(party.name_zh, party.name_en) if party else None,
            class_code=rule.class_code if rule else None,
            area=(pick(rule.area_zh, rule.area_en) or None) if rule else None,
            weekdays=rule.hours.weekdays if rule else None,
            starts_at=rule.hours.starts_at if rule else None,
            ends_at=rule.hours.ends_at if rule else None,
            outcome=one.outcome,
            why=why_words(one, decided, local),
        )


class RoutingOut(BaseModel):
    """The department proposed for a case, and every rule that was looked at, in that order."""

    department: ProposedOut | None
    automatic: bool = Field(description="dispatched as soon as it is filed")
    trace: list[ConsideredOut]

    @classmethod
    def of(cls, routing: Routing, automatic: bool) -> "RoutingOut":
        decided = next((one for one in routing.trace if one.outcome is Outcome.DECIDED), None)
        proposed = routing.suggestion
        return cls(
            department=proposed
            and ProposedOut(
                code=proposed.department_code,
                name=pick(proposed.name_zh, proposed.name_en),
                reason=proposed.reason,
            ),
            automatic=automatic,
            trace=[ConsideredOut.of(one, decided, routing.local) for one in routing.trace],
        )


class ResponsibilityOut(BaseModel):
    id: int
    kind: str
    edition: str
    class_code: str = Field(description="a class, a major of two digits, or empty for all")
    class_name: str
    area: str | None = Field(description="code; null is the whole city")
    area_name: str
    weekdays: str | None
    starts_at: time | None
    ends_at: time | None
    department: str
    department_name: str
    valid_from: str
    valid_to: str | None

    @classmethod
    def of(cls, row: Row) -> "ResponsibilityOut":
        rule, department, area = row
        return cls(
            id=rule.id,
            kind=rule.kind,
            edition=rule.edition,
            class_code=rule.class_code,
            class_name=class_or_major_name(rule.edition, rule.kind, rule.class_code),
            area=area.code if area else None,
            area_name=pick(area.name_zh, area.name_en) if area else _("the city"),
            weekdays=rule.weekdays,
            starts_at=rule.starts_at,
            ends_at=rule.ends_at,
            department=department.code,
            department_name=pick(department.name_zh, department.name_en),
            valid_from=rule.valid_from.isoformat(),
            valid_to=rule.valid_to.isoformat() if rule.valid_to else None,
        )


class ResponsibilityIn(BaseModel):
    """A rule: ``weekdays`` are digits, 1 Monday … 7 Sunday; hours are local and may run past midnight."""

    kind: Kind
    class_code: ClassOrMajor
    department: Annotated[str, Field(max_length=16)]
    area: Annotated[str | None, Field(max_length=12)] = None
    weekdays: Annotated[str | None, Field(pattern=r"^[1-7]{1,7}$")] = None
    starts_at: time | None = None
    ends_at: time | None = None
    edition: Annotated[str, Field(max_length=32)] = CITY_EDITION

    def draft(self) -> Draft:
        return Draft(**self.model_dump())


class TrialRule(ResponsibilityIn):
    """A rule to try; ``closed``: take the rule for this class, area and hours out."""

    department: Annotated[str, Field(max_length=16)] = ""
    closed: bool = False


class TrialIn(BaseModel):
    """Rules to lay over those in force, and the period of filing; a year back when not given."""

    rules: Annotated[list[TrialRule], Field(max_length=MOST_DRAFTS)] = []
    filed_from: Annotated[datetime | None, Field(alias="from")] = None
    filed_to: Annotated[datetime | None, Field(alias="to")] = None


class ScoreOut(BaseModel):
    """Of how many cases the proposal was the department that disposed in the end."""

    cases: int
    right: int
    accuracy: float | None
    right_changed: int | None
    accuracy_changed: float | None

    @classmethod
    def values(cls, score: Score, is_changed: bool) -> dict[str, object]:
        return {
            "cases": score.cases,
            "right": score.right,
            "accuracy": score.accuracy,
            "right_changed": score.right_changed if is_changed else None,
            "accuracy_changed": score.accuracy_changed if is_changed else None,
        }


class ClassScoreOut(ScoreOut):
    kind: str
    class_code: str


class DepartmentScoreOut(ScoreOut):
    department: str


class DifferenceOut(BaseModel):
    case_no: str
    kind: str
    class_code: str
    filed_at: datetime
    disposed_by: str
    proposed: str | None
    proposed_changed: str | None

    @classmethod
    def of(cls, one: Difference, is_changed: bool) -> "DifferenceOut":
        return cls(
            case_no=one.case_no,
            kind=one.kind,
            class_code=one.class_code,
            filed_at=one.filed_at.astimezone(get_settings().zone),
            disposed_by=one.disposed_by,
            proposed=one.proposed,
            proposed_changed=one.proposed_changed if is_changed else None,
        )


class ShownOut(BaseModel):
    """The newest of a list; ``is_capped`` says that there are more, ``total`` how many in all."""

    total: int
    is_capped: bool
    items: list[DifferenceOut]

    @classmethod
    def of(cls, shown: Shown, is_changed: bool) -> "ShownOut":
        items = [DifferenceOut.of(one, is_changed) for one in shown.items]
        return cls(total=shown.total, is_capped=shown.is_capped, items=items)


class TrialOut(BaseModel):
    """First-dispatch accuracy of the rules, and of the changed ones where there are any."""

    filed_from: datetime
    filed_to: datetime
    overall: ScoreOut
    silent: int = Field(description="cases for which no rule held")
    silent_changed: int | None
    classes: list[ClassScoreOut]
    departments: list[DepartmentScoreOut] = Field(description="by the department that disposed")
    wrong: ShownOut = Field(description="cases whose proposal was wrong, by the changed rules if any")
    moved: ShownOut = Field(description="cases whose proposal the changed rules move")

    @classmethod
    def of(cls, trial: Trial, filed_from: datetime, filed_to: datetime) -> "TrialOut":
        changed = trial.is_changed
        return cls(
            filed_from=filed_from,
            filed_to=filed_to,
            overall=ScoreOut.model_validate(ScoreOut.values(trial.overall, changed)),
            silent=trial.silent,
            silent_changed=trial.silent_changed if changed else None,
            classes=[
                ClassScoreOut.model_validate(
                    {"kind": kind, "class_code": code} | ScoreOut.values(score, changed)
                )
                for (kind, code), score in sorted(trial.classes.items())
            ],
            departments=[
                DepartmentScoreOut.model_validate({"department": code} | ScoreOut.values(score, changed))
                for code, score in sorted(trial.departments.items())
            ],
            wrong=ShownOut.of(trial.wrong, changed),
            moved=ShownOut.of(trial.moved, changed),
        )


class AutomaticOut(BaseModel):
    """A class, or a whole major, whose cases are dispatched by themselves."""

    kind: str
    edition: str
    class_code: str
    class_name: str
    set_at: datetime

    @classmethod
    def of(cls, row: AutoDispatch) -> "AutomaticOut":
        return cls(
            kind=row.kind,
            edition=row.edition,
            class_code=row.class_code,
            class_name=class_or_major_name(row.edition, row.kind, row.class_code),
            set_at=row.set_at.astimezone(get_settings().zone),
        )
