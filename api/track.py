"""公众查询: where a case stands, for anybody who has its number; and whether it is fixed."""

import hashlib
import hmac
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field

from api.dependencies import DbSession, public
from api.shapes import class_name, local
from gis.case.track import LONGEST_NOTE, PUBLIC_STATES, Tracked, answer, moments_of, track
from gis.i18n import _, pick
from gis.secrets import secret

router = APIRouter(prefix="/api/v1/track", tags=["track"], dependencies=[Depends(public)])
CaseNo = Annotated[str, Path(max_length=32)]


class MomentOut(BaseModel):
    """A main moment of a case."""

    what: str
    title: str
    at: datetime


class TrackedOut(BaseModel):
    """A case as anybody may see it: nothing personal, no place more exact than the street."""

    case_no: str
    kind: str
    class_name: str
    state: str = Field(description="received, filed, in_hand, on_hold, checking, closed, not_taken, merged")
    state_title: str
    street: str
    moments: list[MomentOut]
    expected_at: datetime | None = Field(description="until when it should be done, while that is open")
    merged_into: str | None
    said: str | None = Field(description="fixed or not_fixed: the last answer since closing")
    may_answer: bool

    @classmethod
    def of(cls, tracked: Tracked) -> "TrackedOut":
        case = tracked.case
        code, title = PUBLIC_STATES[case.state]
        return cls(
            case_no=case.case_no,
            kind=case.kind,
            class_name=class_name(case.edition, case.kind, case.class_code),
            state=code,
            state_title=_(title),
            street=pick(tracked.street.name_zh, tracked.street.name_en),
            moments=[
                MomentOut(what=what, title=words, at=local(at) or at) for what, words, at in moments_of(case)
            ],
            expected_at=local(tracked.expected_at),
            merged_into=tracked.merged_into,
            said=case.said,
            may_answer=tracked.may_answer,
        )


class AnswerIn(BaseModel):
    """Whether it is really fixed, in the eyes of who reported it."""

    fixed: bool
    note: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""


@router.get("/{case_no}")
def read_track(session: DbSession, case_no: CaseNo) -> TrackedOut:
    """Where a case stands."""
    return TrackedOut.of(track(session, case_no))


@router.post("/{case_no}/answer")
def give_answer(request: Request, session: DbSession, case_no: CaseNo, body: AnswerIn) -> TrackedOut:
    """Say of a closed case whether it is fixed; the same answer again changes nothing."""
    return TrackedOut.of(answer(session, case_no, body.fixed, body.note, address_of(request)))


def address_of(request: Request) -> str:
    """Where a request comes from, as a keyed hash: enough to count by, and nobody's address on record."""
    host = request.client.host if request.client else ""
    return hmac.new(secret("track").encode(), host.encode(), hashlib.sha256).hexdigest()
