"""入库 over HTTP: survey files in, looked at before anything is stored, accepted or dropped as a whole."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from api.cases import etag, next_address
from api.dependencies import Actor, DbSession, Limit, SeenVersion, allow
from api.detached import DetachedActor, allow_detached
from api.import_shapes import (
    AcceptIn,
    DifferenceOut,
    ImportOut,
    MappingIn,
    MappingOut,
    PreviewOut,
    SheetOut,
)
from api.incoming_form import FORM, Form, read_form
from api.pipeline_access import READERS, WRITERS
from api.shapes import ListOf
from gis.database import transaction
from gis.errors import InvalidInput, NotFound
from gis.i18n import _
from gis.people.models import Person
from gis.survey import files, mappings, service
from gis.survey.difference import Kind, difference_page
from gis.survey.models import ImportState
from gis.survey.options import SurveyOptions
from gis.survey.preview import preview
from gis.survey.queries import import_page

router = APIRouter(prefix="/api/v1/imports", tags=["survey imports"])
reader, writer = Depends(allow(*READERS)), Depends(allow(*WRITERS))


@router.post("", status_code=202, dependencies=[Depends(allow_detached(*WRITERS))], openapi_extra=FORM)
async def begin(request: Request, actor: DetachedActor, response: Response) -> ImportOut:
    """Send the files of one survey area. They are read, checked and compared by a job; nothing reaches the
    network before somebody accepts it.
    """
    folder = files.new_folder()
    try:
        form = await read_form(request, folder)
        made = await run_in_threadpool(_begin, actor, form, folder)
    finally:
        await run_in_threadpool(shutil.rmtree, folder, ignore_errors=True)  # what was not adopted
    response.headers["ETag"] = etag(made.version)
    response.headers["Location"] = f"/api/v1/imports/{made.id}"
    return made


@router.post("/preview", dependencies=[Depends(allow_detached(*WRITERS))], openapi_extra=FORM)
async def look_at_files(request: Request, actor: DetachedActor) -> PreviewOut:
    """What an import would make of files: their tables, columns, first rows. Nothing is kept."""
    folder = files.new_folder()
    try:
        form = await read_form(request, folder)
        return await run_in_threadpool(_preview, form, folder)
    finally:
        await run_in_threadpool(shutil.rmtree, folder, ignore_errors=True)


@router.get("", dependencies=[reader])
def list_imports(
    request: Request,
    session: DbSession,
    limit: Limit,
    survey: Annotated[str | None, Query(max_length=32)] = None,
    state: ImportState | None = None,
    cursor: str | None = None,
) -> ListOf:
    """Imports, newest first."""
    page = import_page(session, limit, cursor, survey, state)
    return ListOf(
        items=[ImportOut.of(each) for each in page.items], next=next_address(request, page.next_cursor)
    )


@router.get("/mappings", dependencies=[reader])
def list_mappings(session: DbSession) -> ListOf:
    """Saved mappings of columns, by name."""
    return ListOf(items=[MappingOut.of(each) for each in mappings.all_mappings(session)])


@router.post("/mappings", status_code=201, dependencies=[writer])
def save_mapping(session: DbSession, actor: Actor, body: MappingIn) -> MappingOut:
    """Save a mapping; one of that name and table is replaced."""
    return MappingOut.of(
        mappings.save_mapping(session, actor, body.name, body.table, body.columns, body.mapping)
    )


@router.delete("/mappings/{mapping_id}", status_code=204, dependencies=[writer])
def delete_mapping(session: DbSession, mapping_id: int) -> None:
    """Forget a mapping."""
    mappings.delete_mapping(session, mapping_id)


@router.get("/{import_id}", dependencies=[reader])
def read_import(session: DbSession, import_id: int, response: Response) -> ImportOut:
    """One import, and how far it is. Its ``ETag`` goes into ``If-Match`` of a decision."""
    return _answer(service.find_import(session, import_id), response)


@router.get("/{import_id}/preview", dependencies=[Depends(allow_detached(*READERS))])
def look_at_import(import_id: int) -> PreviewOut:
    """The tables of an import's files, as they are read."""
    with transaction() as session:
        found = service.find_import(session, import_id)
        options = SurveyOptions.from_json(found.options | {"survey": found.survey})
        sheets = preview(session, files.paths_of(found), options)
    return PreviewOut(items=[SheetOut.of(sheet) for sheet in sheets])


@router.get("/{import_id}/findings", status_code=307, dependencies=[reader])
def read_findings(request: Request, session: DbSession, import_id: int) -> RedirectResponse:
    """Where the findings of an import's last check are: those of its run, asked with the same words."""
    service.find_import(session, import_id)
    run = service.latest_run(session, import_id)
    if run is None:
        raise NotFound(_("Import {id} has not been checked yet").format(id=import_id))
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/api/v1/pipelines/check-runs/{run.id}/findings{query}")


@router.get("/{import_id}/difference", dependencies=[reader])
def read_difference(
    request: Request,
    session: DbSession,
    limit: Limit,
    import_id: int,
    kind: Kind = "changed",
    cursor: str | None = None,
) -> ListOf:
    """What accepting would change (and did), row by row: fields before and after, and both shapes."""
    page = difference_page(session, service.find_import(session, import_id), kind, limit, cursor)
    return ListOf(
        items=[DifferenceOut.of(each) for each in page.items], next=next_address(request, page.next_cursor)
    )


@router.post("/{import_id}/accept", status_code=202, dependencies=[writer])
def accept(
    session: DbSession, actor: Actor, import_id: int, body: AcceptIn, response: Response, seen: SeenVersion
) -> ImportOut:
    """Take an import over, as a whole or its clean rows only; all of that or nothing, by a job."""
    found = service.accept(session, import_id, body.how, actor, seen, body.valid_from)
    return _answer(found, response)


@router.post("/{import_id}/drop", dependencies=[writer])
def drop(
    session: DbSession, actor: Actor, import_id: int, response: Response, seen: SeenVersion
) -> ImportOut:
    """Drop an import: nothing of it reaches the network."""
    return _answer(service.drop(session, import_id, actor, seen), response)


@router.post("/{import_id}/undo", status_code=202, dependencies=[writer])
def undo(
    session: DbSession, actor: Actor, import_id: int, response: Response, seen: SeenVersion
) -> ImportOut:
    """Take an accepted import back as a whole, by a job, while nothing later rests on it."""
    return _answer(service.undo(session, import_id, actor, seen), response)


def _answer(found: Any, response: Response) -> ImportOut:
    response.headers["ETag"] = etag(found.version)
    return ImportOut.of(found)


def _begin(actor: Person, form: Form, folder: Path) -> ImportOut:
    options = _options(form.fields)
    with transaction() as session:
        if name := options.get("mapping_name"):
            saved = mappings.mapping_of_name(session, str(name))
            options["mapping"] = saved | dict(options.get("mapping") or {})
        survey = form.fields.get("survey") or str(options.get("survey") or "")
        made = service.begin(session, actor, survey, options)
        made.files = files.adopt(folder, form.files, made.id)
        service.send_to_work(session, made)
        session.flush()
        return ImportOut.of(made)


def _preview(form: Form, folder: Path) -> PreviewOut:
    options = SurveyOptions.from_json(_options(form.fields))
    with transaction() as session:
        sheets = preview(session, [folder / file.name for file in form.files], options)
    return PreviewOut(items=[SheetOut.of(sheet) for sheet in sheets])


def _options(fields: Mapping[str, str]) -> dict[str, Any]:
    try:
        said = json.loads(fields.get("options") or "{}")
    except ValueError:
        said = None
    if not isinstance(said, dict):
        detail = _("The options must be a JSON object")
        raise InvalidInput(detail, errors=[{"pointer": "/options", "detail": detail}])
    return said
