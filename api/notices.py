"""The reader's own notices: list them, count them, mark them as read."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field, model_validator

from api.cases import next_address
from api.dependencies import Actor, DbSession, Limit, by_itself, signed_in
from gis.notice.reading import NoticeLine, count_unread, mark_read, notice_page

router = APIRouter(prefix="/api/v1/notices", tags=["notices"], dependencies=[Depends(signed_in)])


NoticeId = Annotated[int, Field(ge=1, lt=2**63)]


class NoticeOut(BaseModel):
    """One notice. ``text`` is a sentence in the reader's language, ``note`` the reason somebody gave.

    ``case_no`` is empty where it is about the service itself.
    """

    id: int
    kind: str
    text: str
    note: str
    case_no: str
    at: datetime
    read_at: datetime | None

    @classmethod
    def of(cls, line: NoticeLine) -> "NoticeOut":
        return cls(**{name: getattr(line, name) for name in cls.model_fields})


class NoticesOut(BaseModel):
    """Some notices, newest first, and how many are unread; 100 stands for that many or more."""

    items: list[NoticeOut]
    next: str | None
    unread: int


class ReadIn(BaseModel):
    """Which notices have been read: some, or all."""

    ids: Annotated[list[NoticeId] | None, Field(max_length=1000)] = None
    all: bool = False

    @model_validator(mode="after")
    def one_of_both(self) -> "ReadIn":
        if self.all == (self.ids is not None):
            raise ValueError("either ids or all")
        return self


class UnreadOut(BaseModel):
    unread: int


@router.get("", dependencies=[Depends(by_itself)])
def list_notices(
    request: Request,
    session: DbSession,
    actor: Actor,
    limit: Limit,
    unread: bool = False,
    cursor: Annotated[str | None, Query()] = None,
) -> NoticesOut:
    """The reader's notices, newest first; ``unread``: only those not read yet."""
    page = notice_page(session, actor, unread, limit, cursor)
    return NoticesOut(
        items=[NoticeOut.of(line) for line in page.items],
        next=next_address(request, page.next_cursor),
        unread=count_unread(session, actor),
    )


@router.post("/read")
def read_notices(session: DbSession, actor: Actor, body: ReadIn) -> UnreadOut:
    """Mark notices as read; answers how many are left."""
    mark_read(session, actor, body.ids)
    return UnreadOut(unread=count_unread(session, actor))
