"""案件 over HTTP: report, list, read, act."""

from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel, Field

from api.dependencies import Actor, DbSession, Limit, SeenVersion, allow, signed_in
from api.narrowed import Narrowed
from api.shapes import CaseOut, ListOf, StepOut
from gis.case.intake import Report, report_case
from gis.case.queries import case_page, case_steps, get_case, with_place
from gis.case.record import Act
from gis.case.routing import suggest_department
from gis.case.service import apply_action
from gis.case.workflow import REPORTERS
from gis.crs import parse_crs
from gis.i18n import pick
from gis.people.models import Role
from gis.standard.queries import rules_in_force
from gis.standard.tables import CITY_EDITION

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])
STAFF = (Role.INSPECTOR, Role.ACCEPTOR, Role.SHIFT_LEADER, Role.DISPATCHER, Role.DEPARTMENT)
ACTORS = (*STAFF, Role.EVALUATOR)  # who urges is no staff of the case


class ReportIn(BaseModel):
    """A report as it comes from a phone or the hotline desk."""

    kind: Literal["component", "event"]
    class_code: Annotated[str, Field(pattern=r"^\d{4,5}$", examples=["0101"])]
    lon: Annotated[float, Field(examples=[109.99])]
    lat: Annotated[float, Field(examples=[39.82])]
    description: str = ""
    component_code: Annotated[str | None, Field(max_length=16)] = None
    edition: Annotated[str, Field(max_length=32)] = CITY_EDITION
    unit_grid_code: Annotated[str | None, Field(max_length=16)] = None
    crs: Annotated[str | None, Field(max_length=64)] = None
    source: Annotated[str | None, Field(max_length=16)] = None
    occurred_at: datetime | None = None
    address: Annotated[str, Field(max_length=200)] = ""


class ActIn(BaseModel):
    """What a step brings with it; what it needs stands in ``open_actions[].needs``."""

    note: str = ""
    department: Annotated[str | None, Field(max_length=16)] = None
    condition: Annotated[str | None, Field(max_length=24, description="code of a filing rule")] = None
    closing: Annotated[str | None, Field(max_length=24, description="code of a filing rule")] = None
    until: Annotated[datetime | None, Field(description="end of a suspension, with its offset")] = None
    case: Annotated[str | None, Field(max_length=32, description="number of another case")] = None
    kind: Literal["component", "event"] | None = None
    class_code: Annotated[str | None, Field(pattern=r"^\d{4,5}$")] = None
    component_code: Annotated[str | None, Field(max_length=16)] = None
    person: Annotated[str | None, Field(max_length=64, description="login of an inspector")] = None


def etag(version: int) -> str:
    return f'"{version}"'


@router.post("", status_code=201, dependencies=[Depends(allow(*REPORTERS))])
def report(
    session: DbSession,
    actor: Actor,
    body: ReportIn,
    response: Response,
    idempotency_key: Annotated[str | None, Header(min_length=8, max_length=128)] = None,
) -> CaseOut:
    """Take in a report. The same ``Idempotency-Key`` and body again answers the same case with 200."""
    values = body.model_dump(exclude={"crs"})
    case, is_new = report_case(session, actor, Report(**values, srid=parse_crs(body.crs)), idempotency_key)
    if not is_new:
        response.status_code = 200
    stored = with_place(session, case)
    response.headers["ETag"] = etag(stored.version)
    response.headers["Location"] = f"/api/v1/cases/{stored.case_no}"
    if is_new:  # nothing belongs to it yet
        return CaseOut.of(stored, actor)
    return CaseOut.whole(session, stored, actor)


@router.get("", dependencies=[Depends(signed_in)])
def list_cases(
    request: Request,
    session: DbSession,
    actor: Actor,
    limit: Limit,
    wanted: Narrowed,
    cursor: str | None = None,
) -> ListOf:
    """Cases the reader may see: a queue most urgent first, else newest first."""
    page = case_page(session, actor, wanted, limit, cursor)
    return ListOf(
        items=[CaseOut.of(case, actor) for case in page.items], next=next_address(request, page.next_cursor)
    )


def next_address(request: Request, cursor: str | None) -> str | None:
    """The address of the next page: this one with another cursor."""
    if cursor is None:
        return None
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f"{request.url.path}?{urlencode([*kept, ('cursor', cursor)])}"


@router.get("/{case_no}", dependencies=[Depends(signed_in)])
def read_case(session: DbSession, actor: Actor, case_no: str, response: Response) -> CaseOut:
    """One case. Its ``ETag`` goes into ``If-Match`` of the next step."""
    case = get_case(session, actor, case_no)
    response.headers["ETag"] = etag(case.version)
    return CaseOut.whole(session, case, actor)


@router.get("/{case_no}/steps", dependencies=[Depends(signed_in)])
def read_steps(session: DbSession, actor: Actor, case_no: str) -> ListOf:
    """The history of a case, first step first."""
    return ListOf(items=[StepOut.of(step, person) for step, person in case_steps(session, actor, case_no)])


@router.get("/{case_no}/choices", dependencies=[Depends(signed_in)])
def read_choices(session: DbSession, actor: Actor, case_no: str) -> dict[str, object]:
    """What a step may choose from: filing conditions, and the department proposed with its reason."""
    case = get_case(session, actor, case_no)
    suggestion = suggest_department(session, case)
    return {
        "conditions": [
            {
                "code": rule.code,
                "title": pick(rule.condition_zh, rule.condition_en),
                "closing": pick(rule.closing_zh, rule.closing_en),
                "limit_value": rule.limit_value_in_force,
                "limit_unit": rule.limit_unit_in_force,
                "source": rule.source,
                "status": rule.status,
            }
            for rule in rules_in_force(session, case.edition, case.kind, case.class_code)
        ],
        "department": None
        if suggestion is None
        else {
            "code": suggestion.department_code,
            "name": pick(suggestion.name_zh, suggestion.name_en),
            "reason": suggestion.reason,
        },
    }


@router.post("/{case_no}/actions/{action}", dependencies=[Depends(allow(*ACTORS))])
def take_action(
    session: DbSession,
    actor: Actor,
    case_no: str,
    action: str,
    response: Response,
    version: SeenVersion,
    body: ActIn | None = None,
) -> CaseOut:
    """Take one step of the workflow. With ``If-Match``: 412 when the case has moved on since."""
    act = Act(**body.model_dump()) if body else Act()
    case = with_place(session, apply_action(session, case_no, action, actor, act, version))
    response.headers["ETag"] = etag(case.version)
    return CaseOut.whole(session, case, actor)
