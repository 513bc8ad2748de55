"""与上级平台交换 over HTTP: cases up, in the platform's own field names; cases down, and how they stand."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy.orm import Session

from api.dependencies import Actor, DbSession, allow
from api.detached import allow_detached
from gis.case.models import Case
from gis.people.models import Role
from gis.platform.feed import MOST, Question, read_feed, snapshot
from gis.platform.fields import FieldStatus, platform_fields
from gis.platform.receiving import Given, case_of_number, take_case
from gis.platform.records import records_of

READERS = (Role.EVALUATOR, Role.ADMIN, Role.SHIFT_LEADER)
router = APIRouter(prefix="/api/v1/exchange", tags=["exchange"])
Number = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\w./-]+$")]


class FeedOut(BaseModel):
    """Records, and where to go on: ``cursor`` is always there, ``more``: ask again at once."""

    cases: list[dict[str, Any]]
    cursor: str
    more: bool


class FieldOut(BaseModel):
    """A field of a record: our name, theirs, and how far theirs may be trusted."""

    field: str
    name: str
    type: str
    code_list: str
    meaning: str
    source: str
    status: FieldStatus


class FieldsOut(BaseModel):
    items: list[FieldOut]


class GivenIn(BaseModel):
    """A case that the upper platform gives to the city, in its own field names."""

    number: Annotated[Number, Field(alias="SuperiorCode")]
    kind: Annotated[Literal["C", "E"], Field(alias="CaseKind")]
    class_code: Annotated[str, Field(alias="ClassCode", pattern=r"^\d{4,5}$")]
    lon: Annotated[float, Field(alias="X", ge=-180, le=180)]
    lat: Annotated[float, Field(alias="Y", ge=-90, le=90)]
    description: Annotated[str, Field(alias="Description", min_length=1, max_length=3500)]
    type: Annotated[
        Literal["supervise", "assign"],
        Field(alias="SuperiorType", description="supervise 督办, assign 交办"),
    ] = "assign"
    address: Annotated[str, Field(alias="Address", max_length=200)] = ""
    deadline: Annotated[AwareDatetime | None, Field(alias="Deadline")] = None
    occurred_at: Annotated[AwareDatetime | None, Field(alias="OccurTime")] = None

    def given(self) -> Given:
        return Given(**self.model_dump())


@router.get("/cases", dependencies=[Depends(allow_detached(*READERS))])
def read_cases(
    begin: Annotated[AwareDatetime | None, Query(alias="from", description="reported on or after")] = None,
    to: Annotated[AwareDatetime | None, Query(description="reported before")] = None,
    updated_after: AwareDatetime | None = None,
    cursor: Annotated[str | None, Query(max_length=1000, description="holds the whole question")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 200,
) -> FeedOut:
    """Cases with steps and a list of their photos: first all that are asked for, then each change once."""
    with snapshot() as session:
        page = read_feed(session, Question(begin, to, updated_after), cursor, limit)
    return FeedOut(cases=page.records, cursor=page.cursor, more=page.more)


@router.get("/fields", dependencies=[Depends(allow_detached(*READERS))])
def read_fields() -> FieldsOut:
    """The fields of a record, each with source and status."""
    return FieldsOut(items=[FieldOut(**vars(row)) for row in platform_fields()])


@router.post("/cases", status_code=201, dependencies=[Depends(allow(Role.ACCEPTOR))])
def give_case(session: DbSession, actor: Actor, body: GivenIn, response: Response) -> dict[str, Any]:
    """Give the city a case. The same number and content again answers the same case with 200."""
    case, is_new = take_case(session, actor, body.given())
    if not is_new:
        response.status_code = 200
    return _record(session, case)


@router.get("/cases/{number:path}", dependencies=[Depends(allow(Role.ACCEPTOR, *READERS))])
def read_given(session: DbSession, number: Annotated[str, Path(max_length=64)]) -> dict[str, Any]:
    """How a case stands that the platform gave, by the number it has there."""
    return _record(session, case_of_number(session, number))


def _record(session: Session, case: Case) -> dict[str, Any]:
    (record,) = records_of(session, [case.id])
    return record
