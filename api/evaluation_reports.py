"""分析报告 over HTTP: ask for one, see how far it is, fetch its files; when they are made by themselves."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field
from starlette.responses import FileResponse

from api.dependencies import Actor, DbSession, Limit
from api.evaluation.asked import READ, WRITE
from api.shapes import local
from gis.evaluation.models import AnalysisReport
from gis.evaluation.period import parse_period
from gis.evaluation.report import schedule, service
from gis.evaluation.report.files import file_of
from gis.evaluation.report.schedule import Plan
from gis.evaluation.report.telling import period_words
from gis.i18n import get_locale, gettext

BASE = "/api/v1/evaluation/reports"
router = APIRouter(prefix=BASE, tags=["evaluation"])
ReportId = Annotated[int, Path(ge=1, lt=2**63)]
Form = Literal["docx", "pdf", "xlsx"]
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ReportIn(BaseModel):
    """What to report on."""

    period: str = Field(max_length=100, description="2026-10, 2026-W41, 2026-Q4, 2026, 2026-10-03/2026-10-17")
    locale: str | None = Field(None, max_length=8, description="zh_CN or en; the caller's unless given")


class FileOut(BaseModel):
    """A file of a report. ``sha256`` of its content."""

    format: str
    name: str
    size: int
    sha256: str
    url: str


class ClosedOut(BaseModel):
    """The closed version of the period that stood when the report was made."""

    version: int
    digest: str


class ReportOut(BaseModel):
    """A report: waiting, working, ready or failed. ``done`` in per cent, ``step`` is what is done now."""

    id: int
    period: str
    title: str
    locale: str
    state: str
    step: str
    done: int
    message: str
    files: list[FileOut]
    closed: ClosedOut | None
    scheduled: bool
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(
        cls, report: AnalysisReport, names: dict[int, str], versions: dict[int, tuple[int, str]]
    ) -> "ReportOut":
        kept = versions.get(report.closed_period_id or 0)
        return cls(
            id=report.id,
            period=report.period,
            title=period_words(parse_period(report.period)),
            locale=report.locale,
            state=report.state,
            step=gettext(report.step) if report.step else "",
            done=report.done,
            message=report.message,
            files=[FileOut(**file, url=f"{BASE}/{report.id}/{file['format']}") for file in report.files],
            closed=ClosedOut(version=kept[0], digest=kept[1]) if kept else None,
            scheduled=report.scheduled,
            asked_by=names.get(report.asked_by or 0, ""),
            asked_at=local(report.asked_at),
            ended_at=local(report.ended_at),
        )


class ReportsOut(BaseModel):
    items: list[ReportOut]
    next: str | None


class PlanIn(BaseModel):
    """When last month's report is made by itself: a day of the month (1–28), an hour (0–23)."""

    active: bool
    day: int = 2
    hour: int = 6
    locale: str = Field("zh_CN", max_length=8)


class PlanOut(PlanIn):
    """The schedule; ``next_at`` and ``next_period`` are empty while it is off."""

    next_at: datetime | None
    next_period: str | None

    @classmethod
    def of(cls, plan: Plan) -> "PlanOut":
        return cls(
            active=plan.active,
            day=plan.day,
            hour=plan.hour,
            locale=plan.locale,
            next_at=local(plan.next_at),
            next_period=plan.next_period,
        )


def _out(session: DbSession, *reports: AnalysisReport) -> list[ReportOut]:
    names, versions = service.names_of(session, reports), service.versions_of(session, reports)
    return [ReportOut.of(report, names, versions) for report in reports]


@router.post("", dependencies=[WRITE], status_code=202)
def ask_report(session: DbSession, actor: Actor, body: ReportIn, response: Response) -> ReportOut:
    """Have a report made by a job; one that is on its way already is given instead of a second."""
    report = service.ask_report(session, actor, body.period, body.locale or get_locale())
    response.headers["location"] = f"{BASE}/{report.id}"
    return _out(session, report)[0]


@router.get("", dependencies=[READ])
def read_reports(session: DbSession, actor: Actor, limit: Limit, cursor: str | None = None) -> ReportsOut:
    """Reports, the last one asked for first."""
    page = service.report_page(session, actor, limit, cursor)
    following = f"{BASE}?limit={limit}&cursor={page.next_cursor}" if page.next_cursor else None
    return ReportsOut(items=_out(session, *page.items), next=following)


@router.get("/schedule", dependencies=[READ])
def read_schedule(session: DbSession) -> PlanOut:
    """When reports are made by themselves."""
    return PlanOut.of(schedule.read_plan(session))


@router.put("/schedule", dependencies=[WRITE])
def set_schedule(session: DbSession, actor: Actor, body: PlanIn) -> PlanOut:
    """Change when reports are made by themselves, or that they are not."""
    plan = schedule.set_plan(session, actor, body.active, body.day, body.hour, body.locale)
    return PlanOut.of(plan)


@router.get("/{report_id}", dependencies=[READ])
def read_report(session: DbSession, actor: Actor, report_id: ReportId) -> ReportOut:
    """How far a report is, and its files when it is ready."""
    return _out(session, service.find_report(session, actor, report_id))[0]


@router.get(
    "/{report_id}/{form}",
    dependencies=[READ],
    response_class=FileResponse,
    responses={200: {"content": {media: {} for media in MEDIA.values()}}},
)
def read_file(session: DbSession, actor: Actor, report_id: ReportId, form: Form) -> Any:
    """A file of a report: DOCX, PDF or XLSX."""
    found = file_of(service.find_report(session, actor, report_id), form)
    return FileResponse(found.path, media_type=MEDIA[form], filename=found.name)


@router.delete("/{report_id}", dependencies=[WRITE], status_code=204)
def remove_report(session: DbSession, actor: Actor, report_id: ReportId) -> None:
    """Remove a report and its files; 409 while it is being made."""
    service.remove_report(session, actor, report_id)
