"""监理检查 over HTTP: the table of checks, runs over the network, and what they found."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from api.dependencies import Actor, DbSession, Limit, allow
from api.detached import allow_detached
from api.pipeline_access import READERS, WRITERS
from api.shapes import local
from gis.database import transaction
from gis.i18n import get_locale, gettext, in_locale
from gis.pipeline.checks import queries, service
from gis.pipeline.checks.check import Check
from gis.pipeline.checks.queries import FoundRow
from gis.pipeline.checks.table import CHECKS
from gis.pipeline.checks.words import text_of, title_of
from gis.survey.models import CheckRun

router = APIRouter(prefix="/api/v1/pipelines", tags=["checks"])
readers, writers = Depends(allow(*READERS)), Depends(allow(*WRITERS))
RunId = Annotated[int, Path(ge=1, lt=2**63)]
Code = Annotated[str | None, Query(max_length=32, description="of the table of checks")]
Severity = Annotated[str | None, Query(description="fatal, error, warning or note")]


class CheckOut(BaseModel):
    """A row of the table of checks. ``limits``: by class of lines, where they differ from ``limit``."""

    code: str
    title: str
    severity: str
    severity_title: str
    subject: str
    explanation: str
    unit: str
    limit: float | None
    limits: dict[str, float]
    source: str
    status: str
    only_import: bool

    @classmethod
    def of(cls, check: Check) -> "CheckOut":
        limit = check.limit
        return cls(
            code=check.code,
            title=gettext(check.title),
            severity=check.severity,
            severity_title=gettext(check.severity),
            subject=check.subject,
            explanation=gettext(check.explanation),
            unit=check.unit,
            limit=limit.value if limit else None,
            limits=dict(limit.by_class) if limit else {},
            source=gettext(limit.source) if limit else "",
            status=limit.status if limit else "",
            only_import=check.only_import,
        )


class ChecksOut(BaseModel):
    items: list[CheckOut]


class RunIn(BaseModel):
    """What part of the network to check; nothing: all of it."""

    class_code: str | None = Field(None, max_length=8)
    bbox: list[float] | None = Field(None, min_length=4, max_length=4, description="west, south, east, north")


class RunOut(BaseModel):
    """A run. ``step`` and ``done`` of ``total`` tell how far it is; ``counts`` come at its end."""

    id: int
    state: str
    import_id: int | None
    scope: dict[str, Any]
    step: str
    step_title: str
    done: int
    total: int | None
    counts: dict[str, int] = Field(description="findings by check")
    severities: dict[str, int] = Field(description="findings by severity")
    message: str
    created_by: str
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, run: CheckRun, names: dict[int, str]) -> "RunOut":
        return cls(
            id=run.id,
            state=run.state,
            import_id=run.import_id,
            scope={name: value for name, value in run.scope.items() if name != "box"},
            step=run.step,
            step_title=title_of(run.step),
            done=run.done,
            total=run.total,
            counts=run.counts,
            severities=queries.counts_by_severity(run.counts),
            message=run.message,
            created_by=names.get(run.created_by or 0, ""),
            created_at=local(run.created_at),
            ended_at=local(run.ended_at),
        )


class RunsOut(BaseModel):
    items: list[RunOut]
    next: str | None


class FindingOut(BaseModel):
    """One thing a check found. ``text`` says it in the reader's language."""

    id: int
    code: str
    title: str
    severity: str
    subject: str
    number: str
    class_code: str | None
    file: str
    sheet: str
    row_no: int | None
    row_id: int
    value: float | None
    limit: float | None
    unit: str
    text: str
    lon: float | None
    lat: float | None
    geometry: dict[str, Any] | None

    @classmethod
    def of(cls, row: FoundRow) -> "FindingOut":
        same = {name: getattr(row, name) for name in _SAME}
        return cls(
            code=row.check.code,
            title=gettext(row.check.title),
            severity=row.check.severity,
            unit=row.check.unit,
            text=text_of(row.check, row.value, row.limit, row.detail),
            **same,
        )


_SAME = (
    *("id", "subject", "number", "class_code", "file", "sheet", "row_no", "row_id", "value", "limit"),
    *("lon", "lat", "geometry"),
)


class FindingsOut(BaseModel):
    items: list[FindingOut]
    next: str | None


@router.get("/checks", dependencies=[readers])
def read_checks() -> ChecksOut:
    """The table of checks, in the order in which they are asked."""
    return ChecksOut(items=[CheckOut.of(check) for check in CHECKS])


@router.post("/check-runs", dependencies=[writers], status_code=202)
def start_run(session: DbSession, actor: Actor, body: RunIn, response: Response) -> RunOut:
    """Have the network in force checked by a job; 409 while another run has not ended."""
    run = service.start_run(session, actor.id, body.class_code, body.bbox)
    response.headers["location"] = f"/api/v1/pipelines/check-runs/{run.id}"
    return RunOut.of(run, {actor.id: actor.name})


@router.get("/check-runs", dependencies=[readers])
def read_runs(session: DbSession, limit: Limit, cursor: str | None = None) -> RunsOut:
    """Runs over the network, the last one first."""
    page = queries.network_runs(session, limit, cursor)
    names = queries.names_of(session, page.items)
    following = f"/api/v1/pipelines/check-runs?limit={limit}&cursor={page.next_cursor}"
    return RunsOut(
        items=[RunOut.of(run, names) for run in page.items], next=following if page.next_cursor else None
    )


@router.get("/check-runs/{run_id}", dependencies=[readers])
def read_run(session: DbSession, run_id: RunId) -> RunOut:
    """How far a run is, and how much of what it found; the run of an import too."""
    run = queries.find_run(session, run_id)
    return RunOut.of(run, queries.names_of(session, [run]))


@router.get(
    "/check-runs/{run_id}/findings",
    dependencies=[Depends(allow_detached(*READERS))],
    response_model=FindingsOut,
    responses={200: {"content": {"application/geo+json": {}, "text/csv": {}}}},
)
def read_findings(
    run_id: RunId,
    limit: Limit,
    code: Code = None,
    severity: Severity = None,
    cursor: str | None = None,
    f: Annotated[Literal["json", "geojson", "csv"], Query(description="geojson, csv: all of them")] = "json",
) -> FindingsOut | StreamingResponse:
    """What a run found, the gravest first; all of it as one file with ``f=geojson`` or ``f=csv``."""
    if f != "json":
        return _file(run_id, code, severity, f)
    with transaction() as session:
        page = queries.findings_page(session, run_id, limit, cursor, code, severity)
    asked = "".join(f"&{name}={value}" for name, value in (("code", code), ("severity", severity)) if value)
    following = f"/api/v1/pipelines/check-runs/{run_id}/findings?limit={limit}{asked}&cursor="
    return FindingsOut(
        items=[FindingOut.of(row) for row in page.items],
        next=following + page.next_cursor if page.next_cursor else None,
    )


def _file(run_id: int, code: str | None, severity: str | None, form: str) -> StreamingResponse:
    """All findings as a file that is written while it is read, some thousand rows in memory."""
    with transaction() as session:
        queries.findings_page(
            session, run_id, 1, None, code, severity
        )  # a wrong question is answered, not cut
    kind, write = {"geojson": ("application/geo+json", _geojson), "csv": ("text/csv; charset=utf-8", _csv)}[
        form
    ]
    name = f'attachment; filename="findings-{run_id}.{form}"'
    pages = _pages(run_id, code, severity, get_locale())
    return StreamingResponse(write(pages), media_type=kind, headers={"content-disposition": name})


def _pages(run_id: int, code: str | None, severity: str | None, locale: str) -> Iterator[list[FindingOut]]:
    """Pages of findings, each read in a transaction of its own: a slow reader holds no connection."""
    cursor: str | None = None
    while True:
        with in_locale(locale), transaction() as session:
            page = queries.findings_page(session, run_id, queries.STREAMED, cursor, code, severity)
            rows = [FindingOut.of(row) for row in page.items]
        yield rows
        cursor = page.next_cursor
        if cursor is None:
            return


def _geojson(pages: Iterator[list[FindingOut]]) -> Iterator[str]:
    yield '{"type":"FeatureCollection","features":['
    comma = ""
    for rows in pages:
        features = []
        for row in rows:
            told = row.model_dump(exclude={"id", "geometry"})
            feature = {"type": "Feature", "id": row.id, "geometry": row.geometry, "properties": told}
            features.append(json.dumps(feature, ensure_ascii=False))
        if features:
            yield comma + ",\n".join(features)
            comma = ",\n"
    yield "]}\n"


_CSV = (
    *("severity", "code", "title", "subject", "number", "class_code", "file", "sheet", "row_no"),
    *("value", "limit", "unit", "text", "lon", "lat"),
)


def _csv(pages: Iterator[list[FindingOut]]) -> Iterator[str]:
    yield "\ufeff"  # spreadsheets take it for UTF-8
    heads: tuple[str, ...] | None = _CSV
    for rows in pages:
        lines = io.StringIO()
        writer = csv.writer(lines)
        if heads:
            writer.writerow(heads)
            heads = None
        writer.writerows([_cell(getattr(row, name)) for name in _CSV] for row in rows)
        yield lines.getvalue()


def _cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: numbers and names come from files of others."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


_FORMS: dict[str, tuple[str, Callable[[Iterator[list[FindingOut]]], Iterator[str]]]] = {
    "geojson": ("application/geo+json", _geojson),
    "csv": ("text/csv; charset=utf-8", _csv),
}
