"""批量办理 over HTTP: one step for up to 200 cases, an answer for each."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from api.cases import ACTORS, ActIn
from api.dependencies import Actor, DbSession, allow
from api.problems import body_of, status_of
from api.shapes import CaseOut
from gis.case.batch import MOST_ITEMS, Item, Result, apply_to_many
from gis.case.record import Act
from gis.people.models import Person

router = APIRouter(prefix="/api/v1/cases/actions", tags=["cases"])


class ItemIn(BaseModel):
    """A case to act on. ``version`` stands for ``If-Match``: left out, it is not asked for."""

    case_no: Annotated[str, Field(max_length=32)]
    version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None


class BatchIn(ActIn):
    """The same step for many cases: the fields of one step, and the cases."""

    items: Annotated[list[ItemIn], Field(min_length=1, max_length=MOST_ITEMS)]


class ItemOut(BaseModel):
    """What became of one item: the case, or the problem that its own call would have answered."""

    case_no: str
    ok: bool
    status: int
    case: CaseOut | None = None
    problem: dict[str, Any] | None = None

    @classmethod
    def of(cls, result: Result, reader: Person) -> "ItemOut":
        if result.error is not None:
            return cls(
                case_no=result.case_no,
                ok=False,
                status=status_of(result.error),
                problem=body_of(result.error),
            )
        case = CaseOut.of(result.case, reader) if result.case else None
        return cls(case_no=result.case_no, ok=True, status=200, case=case)


class BatchOut(BaseModel):
    """An answer for each item, in the order they were sent."""

    items: list[ItemOut]
    done: int
    failed: int


@router.post("/{action}", dependencies=[Depends(allow(*ACTORS))])
def take_actions(session: DbSession, actor: Actor, action: str, body: BatchIn) -> BatchOut:
    """Take one step for many cases: what can be done is done, and each item says how it went."""
    act = Act(**body.model_dump(exclude={"items"}))
    items = [Item(item.case_no, item.version) for item in body.items]
    results = apply_to_many(session, items, action, actor, act)
    failed = sum(result.error is not None for result in results)
    return BatchOut(
        items=[ItemOut.of(result, actor) for result in results], done=len(results) - failed, failed=failed
    )
