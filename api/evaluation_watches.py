"""公平监督 over HTTP: the table of watches, their leads, and what evaluators noted. For evaluators alone."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, Field

from api.dependencies import Actor, DbSession, Limit, allow
from api.evaluation.asked import wanted_period
from api.shapes import local
from gis.evaluation import leads
from gis.evaluation.leads import Lead, Note, Tally
from gis.evaluation.period import Period
from gis.evaluation.watches import WATCHES, Watch, watch_of
from gis.i18n import gettext
from gis.people.models import Role

ROOT = "/api/v1/evaluation/watches"
ROLES = (Role.EVALUATOR, Role.ADMIN)
router = APIRouter(prefix=ROOT, tags=["evaluation"], dependencies=[Depends(allow(*ROLES))])
Asked = Annotated[Period, Depends(wanted_period)]
Code = Annotated[str, Path(max_length=40)]
_OTHERS = {
    "period",
    "from",
    "to",
    "limit",
    "cursor",
    "api_key",
}  # of the query; what is left are limits of the watch


class LimitOut(BaseModel):
    """A threshold; its code is a parameter of the query."""

    code: str
    title: str
    value: float
    least: float
    most: float


class WatchOut(BaseModel):
    """A watch: what it looks for, and what that may mean when nothing is wrong."""

    code: str
    title: str
    looks_for: str
    innocent: str
    limits: list[LimitOut]
    leads: int
    open: int = Field(description="leads that nobody has explained or confirmed")
    url: str

    @classmethod
    def of(cls, watch: Watch, found: Tally, period: Period) -> "WatchOut":
        return cls(
            code=watch.code,
            title=gettext(watch.title),
            looks_for=gettext(watch.looks_for),
            innocent=gettext(watch.innocent),
            limits=[
                LimitOut(
                    code=one.code, title=gettext(one.title), value=one.value, least=one.least, most=one.most
                )
                for one in watch.limits
            ],
            leads=found.leads,
            open=found.open,
            url=f"{ROOT}/{watch.code}?{urlencode({'period': period.code})}",
        )


class WatchesOut(BaseModel):
    period: str
    items: list[WatchOut]
    next: str | None = None


class FigureOut(BaseModel):
    """A figure of a lead. Units: count, number, share (0–1), metres, seconds, moment, text."""

    code: str
    title: str
    value: Any
    unit: str


class NoteOut(BaseModel):
    """What was found about a lead."""

    outcome: str
    note: str
    noted_by: str
    noted_at: datetime

    @classmethod
    def of(cls, note: Note) -> "NoteOut":
        return cls(outcome=note.outcome, note=note.note, noted_by=note.by, noted_at=local(note.at))


class CaseLink(BaseModel):
    case_no: str
    url: str


class LeadOut(BaseModel):
    """A sign, no verdict. ``cases``: the newest twenty of ``cases_total``."""

    subject: str
    name: str
    figures: list[FigureOut]
    cases: list[CaseLink]
    cases_total: int
    note: NoteOut | None

    @classmethod
    def of(cls, watch: Watch, lead: Lead) -> "LeadOut":
        return cls(
            subject=lead.subject,
            name=lead.name,
            figures=[
                FigureOut(code=code, title=gettext(title), value=_local(lead.figures[code], unit), unit=unit)
                for code, (title, unit) in watch.tells.items()
            ],
            cases=[CaseLink(case_no=number, url=f"/api/v1/cases/{number}") for number in lead.cases],
            cases_total=lead.cases_total,
            note=NoteOut.of(lead.note) if lead.note else None,
        )


class LeadsOut(WatchOut):
    """A watch with its leads, the strangest first; ``asked``: the limits they were found by."""

    period: str
    asked: dict[str, float]
    items: list[LeadOut]
    next: str | None


class NoteIn(BaseModel):
    """``outcome``: open, explained or confirmed; the last two need a word on why."""

    outcome: str = Field(max_length=16)
    note: str = Field("", max_length=4000)


def asked_limits(request: Request, code: Code) -> dict[str, float]:
    """The limits of a watch, those of the query in place of the usual ones."""
    asked = {name: value for name, value in request.query_params.items() if name not in _OTHERS}
    return watch_of(code).limits_with(asked)


Limits = Annotated[dict[str, float], Depends(asked_limits)]


@router.get("")
def read_watches(session: DbSession, actor: Actor, period: Asked) -> WatchesOut:
    """The table of watches, each with how many leads it has in a period by its usual limits."""
    found = [leads.tally(session, actor, watch, period, {}) for watch in WATCHES.values()]
    return WatchesOut(period=period.code, items=[WatchOut.of(one.watch, one, period) for one in found])


@router.get("/{code}")
def read_leads(
    session: DbSession,
    actor: Actor,
    code: Code,
    period: Asked,
    limits: Limits,
    limit: Limit,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> LeadsOut:
    """The leads of a watch, the strangest first; its limits are parameters, such as `weeks=6`."""
    watch = watch_of(code)
    page = leads.find_leads(session, actor, watch, period, limits, limit, cursor)
    told = WatchOut.of(watch, leads.tally(session, actor, watch, period, limits), period).model_dump()
    following = {"period": period.code, **limits, "limit": limit, "cursor": page.next_cursor}
    return LeadsOut(
        **told,
        period=period.code,
        asked=limits,
        items=[LeadOut.of(watch, lead) for lead in page.items],
        next=f"{ROOT}/{code}?{urlencode(following)}" if page.next_cursor else None,
    )


@router.put("/{code}/notes/{subject:path}")
def write_note(
    session: DbSession,
    actor: Actor,
    code: Code,
    subject: Annotated[str, Path(max_length=160, pattern=r"^[^\x00]+$")],
    body: NoteIn,
    period: Asked,
    limits: Limits,
) -> NoteOut:
    """Note what was found about a lead; period and limits as it was found by."""
    watch = watch_of(code)
    return NoteOut.of(
        leads.write_note(session, actor, watch, subject, body.outcome, body.note, period, limits)
    )


def _local(value: Any, unit: str) -> Any:
    """Moments with the city's own offset; everything else as it is."""
    return local(datetime.fromisoformat(value)) if unit == "moment" and value else value
