"""封账 over HTTP: closing a period, its versions, whether they still hold, the cases behind frozen counts."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.dependencies import Actor, DbSession, Limit, allow
from api.evaluation.asked import READ
from api.shapes import local
from gis.case.workflow import STATE_TITLES
from gis.evaluation import closed, closing
from gis.evaluation.closed_content import canonical
from gis.evaluation.closed_words import with_titles
from gis.evaluation.models import ClosedPeriod, ClosingRun
from gis.evaluation.whole_city import need_whole_city
from gis.i18n import gettext
from gis.people.models import Person, Role

ROOT = "/api/v1/evaluation/closed"


def reads_whole_city(session: DbSession, actor: Actor) -> None:
    """What is closed is of the whole city."""
    need_whole_city(session, actor)


router = APIRouter(
    prefix="/api/v1/evaluation",
    tags=["evaluation"],
    dependencies=[Depends(reads_whole_city)],
)
Code = Annotated[
    str, Path(alias="period", pattern=r"^[0-9WQ-]{4,10}$", description="2026-10, 2026-W41, 2026-Q4 …")
]
Version = Annotated[int, Path(ge=1, le=32767)]


class ClosingIn(BaseModel):
    """A period that is over: a day, week, month, quarter or year."""

    period: str = Field(max_length=48, examples=["2026-10"])
    reason: str = Field("", max_length=4000, description="needed where the period is closed already")


class ClosingOut(BaseModel):
    """A closing on its way. ``closed``: the version it made, once it is done."""

    id: int
    period: str
    state: str = Field(description="waiting, working, done or failed")
    step: str
    step_title: str
    done: int = Field(description="per cent")
    message: str
    closed: str | None
    asked_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, run: ClosingRun, closed: ClosedPeriod | None = None) -> "ClosingOut":
        title = closing.STEPS.get(run.step)
        return cls(
            id=run.id,
            period=run.period,
            state=run.state,
            step=run.step,
            step_title=gettext(title[0]) if title else "",
            done=run.done,
            message=run.message,
            closed=f"{ROOT}/{run.period}/{closed.version}" if closed else None,
            asked_at=local(run.asked_at),
            ended_at=local(run.ended_at),
        )


class VersionOut(BaseModel):
    """One version, without its figures. ``changes``: how much differs from the version before."""

    period: str
    version: int
    begins: datetime
    ends: datetime
    closed_at: datetime
    closed_by: str
    reason: str
    cases: int = Field(description="that count in the period")
    digest: str = Field(description="SHA-256 of content.json and facts.parquet, one behind the other")
    changes: dict[str, int] = Field(description="cases, figures, scores")
    url: str

    @classmethod
    def of(cls, row: ClosedPeriod, names: dict[int, str]) -> "VersionOut":
        parts = {"cases": "cases_total", "figures": "figures_total", "scores": "scores_total"}
        return cls(
            period=row.period,
            version=row.version,
            begins=local(row.begins),
            ends=local(row.ends),
            closed_at=local(row.closed_at),
            closed_by=names.get(row.closed_by, ""),
            reason=row.reason,
            cases=row.case_count,
            digest=row.digest,
            changes={name: row.changes[key] for name, key in parts.items()} if row.changes else {},
            url=f"{ROOT}/{row.period}/{row.version}",
        )


class ClosedOut(VersionOut):
    """The newest version of a period. ``changed``: where to ask what would count otherwise now."""

    versions: int
    changed: str


class ClosedListOut(BaseModel):
    items: list[ClosedOut]
    next: str | None


class VersionsOut(BaseModel):
    """All versions of a period, the newest first."""

    items: list[VersionOut]
    next: str | None = None


class ContentOut(VersionOut):
    """A version with its figures: ``content`` is what the digest is of, ``differences`` what changed."""

    content: dict[str, Any]
    differences: dict[str, Any]


class ChangedOut(BaseModel):
    """Cases that would count otherwise if the period were closed now; ``items``: at most a thousand."""

    period: str
    version: int
    cases: int
    items: list[dict[str, Any]]
    next: str | None = None


class VerifiedOut(BaseModel):
    """Whether a version is what it was: digest made anew, figures and scores counted anew from the facts."""

    holds: bool
    digest: str
    digest_now: str
    differences: list[dict[str, Any]] = Field(description="stored beside counted; at most a hundred")


class FrozenCaseOut(BaseModel):
    """A case as it stood when the period was closed; ``amount``: what it adds to the count."""

    case_no: str
    amount: int
    kind: str
    class_code: str
    state: str
    state_title: str
    reported_at: datetime
    due_at: datetime | None
    disposed_at: datetime | None
    closed_at: datetime | None
    url: str

    @classmethod
    def of(cls, row: closed.FrozenCase) -> "FrozenCaseOut":
        moments = {name: local(value) for name, value in row.facts.items() if name.endswith("_at")}
        title = STATE_TITLES[row.facts["state"]]
        return cls(
            case_no=row.case_no,
            amount=row.amount,
            kind=row.facts["kind"],
            class_code=row.facts["class_code"],
            state=row.facts["state"],
            state_title=gettext(title),
            url=f"/api/v1/cases/{row.case_no}",
            **moments,
        )


class FrozenCasesOut(BaseModel):
    items: list[FrozenCaseOut]
    next: str | None


@router.get("/closed", dependencies=[READ])
def read_closed(
    session: DbSession, limit: Limit, cursor: Annotated[str | None, Query(max_length=200)] = None
) -> ClosedListOut:
    """Closed periods by their newest version, the latest period first."""
    page = closed.closed_periods(session, limit, cursor)
    names = names_of(session, page.items)
    counts = closed.count_versions(session, [row.period for row in page.items])
    following = f"{ROOT}?{urlencode({'limit': limit, 'cursor': page.next_cursor})}"
    return ClosedListOut(
        items=[
            ClosedOut(
                **VersionOut.of(row, names).model_dump(),
                versions=counts[row.period],
                changed=f"{ROOT}/{row.period}/changed",
            )
            for row in page.items
        ],
        next=following if page.next_cursor else None,
    )


@router.post("/closed", dependencies=[Depends(allow(Role.EVALUATOR))], status_code=202)
def close(session: DbSession, actor: Actor, body: ClosingIn, response: Response) -> ClosingOut:
    """Have a period closed by a job; 409 while it is not over. A second closing needs a reason."""
    run = closing.ask_closing(session, actor, body.period, body.reason)
    response.headers["location"] = f"/api/v1/evaluation/closings/{run.id}"
    return ClosingOut.of(run)


@router.get("/closings/{run_id}", dependencies=[READ])
def read_closing(session: DbSession, run_id: Annotated[int, Path(ge=1, lt=2**63)]) -> ClosingOut:
    """How far a closing is."""
    run = closed.find_run(session, run_id)
    made = session.get(ClosedPeriod, run.closed_period_id) if run.closed_period_id else None
    return ClosingOut.of(run, made)


@router.get("/closed/{period}", dependencies=[READ])
def read_versions(session: DbSession, period: Code) -> VersionsOut:
    """All versions of a period, the newest first."""
    rows = closed.versions_of(session, period)
    names = names_of(session, rows)
    return VersionsOut(items=[VersionOut.of(row, names) for row in rows])


@router.get("/closed/{period}/changed", dependencies=[READ])
def read_changed(session: DbSession, period: Code) -> ChangedOut:
    """Cases that would count otherwise now than in the newest version, each with what would."""
    newest = closed.versions_of(session, period)[0]
    found = closed.changed_since(session, newest)
    return ChangedOut(period=period, version=newest.version, cases=found.total, items=with_titles(found.told))


@router.get("/closed/{period}/{version}", dependencies=[READ])
def read_version(session: DbSession, period: Code, version: Version) -> ContentOut:
    """A version with all its figures and scores, the cards they were made by, and what has changed."""
    row = closed.find_version(session, period, version)
    told = VersionOut.of(row, names_of(session, [row])).model_dump()
    return ContentOut(**told, content=row.content, differences=row.changes)


@router.get("/closed/{period}/{version}/verify", dependencies=[READ])
def verify(session: DbSession, period: Code, version: Version) -> VerifiedOut:
    """Make the digest anew and count all figures anew from the frozen facts."""
    found = closed.verify(closed.find_version(session, period, version))
    return VerifiedOut(
        holds=found.holds, digest=found.digest, digest_now=found.digest_now, differences=found.differences
    )


@router.get("/closed/{period}/{version}/cases", dependencies=[READ])
def read_cases(
    session: DbSession,
    period: Code,
    version: Version,
    limit: Limit,
    count: Annotated[str, Query(max_length=40, description="code of a count: filed, disposed_in_time …")],
    kind: Annotated[str, Query(alias="object", max_length=16, description="street, department …")],
    code: Annotated[str, Query(max_length=64)],
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> FrozenCasesOut:
    """Exactly the cases that a frozen count of an object was made of."""
    page = closed.cases_behind(
        closed.find_version(session, period, version), kind, code, count, limit, cursor
    )
    asked = {"count": count, "object": kind, "code": code, "limit": limit, "cursor": page.next_cursor}
    following = f"{ROOT}/{period}/{version}/cases?{urlencode(asked)}"
    return FrozenCasesOut(
        items=[FrozenCaseOut.of(row) for row in page.items], next=following if page.next_cursor else None
    )


@router.get(
    "/closed/{period}/{version}/content.json",
    dependencies=[READ],
    response_class=Response,
    responses={200: {"content": {"application/json": {}}}},
)
def export_content(session: DbSession, period: Code, version: Version) -> Response:
    """The content of a version, byte by byte as its digest is made of it."""
    row = closed.find_version(session, period, version)
    return _file(canonical(row.content), "application/json", f"{period}-v{version}-content.json")


@router.get(
    "/closed/{period}/{version}/facts.parquet",
    dependencies=[READ],
    response_class=Response,
    responses={200: {"content": {"application/vnd.apache.parquet": {}}}},
)
def export_facts(session: DbSession, period: Code, version: Version) -> Response:
    """The frozen facts of a version as Parquet: one row a case."""
    row = closed.find_version(session, period, version)
    return _file(row.facts, "application/vnd.apache.parquet", f"{period}-v{version}-facts.parquet")


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


def names_of(session: Session, rows: Any) -> dict[int, str]:
    """Names of who closed some versions, by id."""
    return {row.closed_by: session.get_one(Person, row.closed_by).name for row in rows}
