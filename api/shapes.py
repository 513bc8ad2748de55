"""What goes out: the shapes of people, places and cases, in the reader's language."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from geoalchemy2.shape import to_shape
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from gis.case.clocks import NEVER, lamp_of
from gis.case.models import Case, CaseStep
from gis.case.queries import follower_count
from gis.case.relations import children_of, co_departments
from gis.case.requests import open_request
from gis.case.stages import STAGES
from gis.case.standing import standing_of
from gis.case.workflow import (
    ACTIONS,
    PENDING_TITLES,
    ROLE_TITLES,
    STATE_TITLES,
    Pending,
    Step,
    open_steps,
)
from gis.component.models import Component
from gis.crs import to_lonlat
from gis.i18n import _, pick
from gis.people.models import Department, Person
from gis.settings import get_settings
from gis.standard.errors import UnknownCode
from gis.standard.tables import filing_rule, find_class


def local(at: datetime | None) -> datetime | None:
    """A moment with the city's own offset."""
    return at.astimezone(_zone()) if at else None


def _zone() -> ZoneInfo:
    return get_settings().zone


class ListOf(BaseModel):
    """The frame of every list: some items, and the address of the next ones."""

    items: list[Any]
    next: str | None = None


class PersonOut(BaseModel):
    """Who is signed in."""

    login: str
    name: str
    role: str
    role_title: str
    centre: str
    department: str | None = Field(description="code of the person's department")
    areas: list[str] = Field(description="codes of the areas the person is limited to; empty: the whole city")


class DepartmentOut(BaseModel):
    code: str
    name: str
    parent: str | None
    disposes: bool

    @classmethod
    def of(cls, department: Department, codes: dict[int, str]) -> "DepartmentOut":
        return cls(
            code=department.code,
            name=pick(department.name_zh, department.name_en),
            parent=codes.get(department.parent_id or 0),
            disposes=department.disposes,
        )


class ActionOut(BaseModel):
    """A step the reader could take now."""

    action: str
    title: str
    needs: list[str]
    target: str | None = Field(description="the state it leads to; null: the case stays where it is")
    clock: str = Field(description="what it does to the clocks")

    @classmethod
    def of(cls, step: Step) -> "ActionOut":
        return cls(
            action=step.action,
            title=_(step.title),
            needs=[str(need) for need in step.needs],
            target=step.target,
            clock=step.clock,
        )


class RequestOut(BaseModel):
    """申请: what was asked for and waits for a decision."""

    kind: str
    title: str
    asked_at: datetime | None = None
    asked_by_name: str | None = None
    note: str = ""
    until: datetime | None = None


class PartOut(BaseModel):
    """协办部门: a department that has a part in the case."""

    code: str
    name: str
    note: str
    done: bool


class CaseOut(BaseModel):
    """案件 as it is now."""

    case_no: str
    state: str
    state_title: str
    version: int
    kind: str
    edition: str
    class_code: str
    class_name: str
    source: str
    description: str
    address: str
    lon: float = Field(description="degrees, EPSG:4490")
    lat: float
    unit_grid_code: str
    community: str
    community_code: str
    street: str
    street_code: str
    department: str | None
    department_name: str | None
    condition: str | None = Field(description="code of the filing rule")
    condition_title: str | None
    limit_value: float | None
    limit_unit: str | None
    due_at: datetime | None
    due_is_provisional: bool
    occurred_at: datetime | None
    reported_at: datetime
    filed_at: datetime | None
    dispatched_at: datetime | None
    disposed_at: datetime | None
    closed_at: datetime | None
    stage: str | None = Field(description="the link the case is in; null once it has ended")
    stage_title: str | None
    stage_due_at: datetime | None
    stage_warn_at: datetime | None = Field(description="the lamp of the link turns yellow")
    warn_at: datetime | None = Field(description="four fifths of the limit are used: the lamp turns yellow")
    lamp: str | None = Field(description="green, yellow or red, of the link the case is in")
    suspended_until: datetime | None
    pending: RequestOut | None = Field(description="the request that waits for a decision")
    duty_grid_code: str | None
    component_code: str | None = None
    parent: str | None = Field(description="number of the parent case")
    merged_into: str | None
    co_departments: list[PartOut] | None = Field(None, description="of one case; null in lists")
    children: list[str] | None = Field(None, description="numbers of the child cases; null in lists")
    followers: int | None = Field(None, description="who saw the same again; of one case, null in lists")
    open_parts: int = Field(description="children that are open and co-departments that are not done")
    urged_count: int
    extension_count: int
    closed_by_force: bool
    exempt: bool = Field(description="late, but an appeal was granted")
    said: str | None = Field(description="fixed or not_fixed: what a citizen or caller said after closing")
    rework_count: int
    on_time: bool | None = Field(description="disposed within its limit; null while undecided")
    updated_at: datetime
    open_actions: list[ActionOut] = Field(description="what the reader could do now")

    @classmethod
    def of(cls, case: Case, reader: Person) -> "CaseOut":
        now = datetime.now(UTC)
        easting, northing = to_shape(case.location).coords[0][:2]
        lon, lat = to_lonlat(easting, northing)
        return cls(
            case_no=case.case_no,
            state=case.state,
            state_title=_(STATE_TITLES[case.state]),
            version=case.version,
            kind=case.kind,
            edition=case.edition,
            class_code=case.class_code,
            class_name=class_name(case.edition, case.kind, case.class_code),
            source=case.source,
            description=case.description,
            address=case.address,
            lon=round(lon, 8),
            lat=round(lat, 8),
            unit_grid_code=case.unit_grid.code,
            community=pick(case.community.name_zh, case.community.name_en),
            community_code=case.community.code,
            street=pick(case.street.name_zh, case.street.name_en),
            street_code=case.street.code,
            department=case.department.code if case.department else None,
            department_name=pick(case.department.name_zh, case.department.name_en)
            if case.department
            else None,
            condition=case.rule_code,
            condition_title=condition_title(case.rule_code),
            limit_value=case.limit_value,
            limit_unit=case.limit_unit,
            due_at=local(case.due_at),
            due_is_provisional=case.due_is_provisional,
            occurred_at=local(case.occurred_at),
            reported_at=case.reported_at.astimezone(_zone()),
            filed_at=local(case.filed_at),
            dispatched_at=local(case.dispatched_at),
            disposed_at=local(case.disposed_at),
            closed_at=local(case.closed_at),
            stage=case.stage,
            stage_title=_(STAGES[case.stage].title) if case.stage else None,
            stage_due_at=local(case.stage_due_at)
            if case.stage_due_at and case.stage_due_at < NEVER
            else None,
            stage_warn_at=local(case.stage_warn_at),
            warn_at=local(case.warn_at),
            lamp=lamp_of(now, case.stage_warn_at, case.stage_due_at),
            suspended_until=local(case.suspended_until),
            pending=RequestOut(kind=case.pending, title=_(PENDING_TITLES[Pending(case.pending)]))
            if case.pending
            else None,
            duty_grid_code=case.duty_grid.code if case.duty_grid else None,
            parent=case.parent.case_no if case.parent else None,
            merged_into=case.merged_into.case_no if case.merged_into else None,
            open_parts=case.open_parts,
            urged_count=case.urged_count,
            extension_count=case.extension_count,
            closed_by_force=case.closed_by_force,
            exempt=case.exempt,
            said=case.said,
            rework_count=case.rework_count,
            on_time=(case.due_at is None or case.disposed_at <= case.due_at) if case.disposed_at else None,
            updated_at=case.updated_at.astimezone(_zone()),
            open_actions=[
                ActionOut.of(step) for step in open_steps(standing_of(case, reader, now), reader.role)
            ],
        )

    @classmethod
    def whole(cls, session: Session, case: Case, reader: Person) -> "CaseOut":
        """One case with what belongs to it: the open request, co-departments, children."""
        shown = cls.of(case, reader)
        if case.pending and (found := open_request(session, case)):
            request, asker = found
            shown.pending = RequestOut(
                kind=case.pending,
                title=_(PENDING_TITLES[Pending(case.pending)]),
                asked_at=local(request.asked_at),
                asked_by_name=asker.name if asker else None,
                note=request.note,
                until=local(request.until),
            )
        shown.co_departments = [
            PartOut(
                code=department.code,
                name=pick(department.name_zh, department.name_en),
                note=part.note,
                done=part.done_at is not None,
            )
            for part, department in co_departments(session, case.id)
        ]
        shown.followers = follower_count(session, case.id)
        shown.children = [child.case_no for child in children_of(session, case.id)]
        if case.component_id is not None:
            shown.component_code = session.get_one(Component, case.component_id).code
        return shown


def class_name(edition: str, kind: str, code: str) -> str:
    """The class's name in the reader's language, its code where the tables lost it."""
    try:
        row = find_class(edition, kind, code)
    except UnknownCode:
        return code
    return pick(row.name_zh, row.name_en)


def condition_title(code: str | None) -> str | None:
    """The words of a filing condition."""
    if code is None:
        return None
    try:
        rule = filing_rule(code)
    except UnknownCode:
        return code
    return pick(rule.condition_zh, rule.condition_en)


class StepOut(BaseModel):
    """办理过程: one step of a case's history."""

    seq: int
    action: str
    action_title: str
    from_state: str | None
    to_state: str
    actor: str | None
    actor_name: str | None
    actor_role: str
    actor_role_title: str
    note: str
    detail: dict[str, Any]
    at: datetime

    @classmethod
    def of(cls, step: CaseStep, actor: Person | None) -> "StepOut":
        titles = {str(role): title for role, title in ROLE_TITLES.items()}
        return cls(
            seq=step.seq,
            action=step.action,
            action_title=_(ACTIONS.get(step.action, step.action)),
            from_state=step.from_state,
            to_state=step.to_state,
            actor=actor.login if actor else None,
            actor_name=actor.name if actor else None,
            actor_role=step.actor_role,
            actor_role_title=_(titles.get(step.actor_role, step.actor_role)),
            note=step.note,
            detail=step.detail,
            at=step.at.astimezone(_zone()),
        )
