"""工作队列 over HTTP: what waits for the reader's role, and how late it is."""

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from api.dependencies import Actor, DbSession, signed_in
from gis.case.queues import MOST_COUNTED, Waiting, queues_of
from gis.i18n import _

router = APIRouter(prefix="/api/v1/queues", tags=["cases"], dependencies=[Depends(signed_in)])


class QueueOut(BaseModel):
    """One queue; its cases are ``GET /cases?queue={code}``, most urgent first."""

    code: str
    title: str
    count: int = Field(description=f"at most {MOST_COUNTED}; see count_is_capped")
    count_is_capped: bool = Field(description="there are more than are counted")
    red: int = Field(description="of those counted, past the limit of their link")
    yellow: int = Field(description="of those counted, with four fifths of it used")

    @classmethod
    def of(cls, waiting: Waiting) -> "QueueOut":
        return cls(
            code=waiting.queue.code,
            title=_(waiting.queue.title),
            count=waiting.count,
            count_is_capped=waiting.is_capped,
            red=waiting.red,
            yellow=waiting.yellow,
        )


class QueuesOut(BaseModel):
    """The queues of a role, in the order of the work."""

    items: list[QueueOut]


@router.get("")
def read_queues(session: DbSession, actor: Actor) -> QueuesOut:
    """The queues of the reader's role."""
    return QueuesOut(items=[QueueOut.of(waiting) for waiting in queues_of(session, actor)])
