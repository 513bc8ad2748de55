"""Photos of a case. No route here holds a transaction while a photo is read, cleaned or written."""

import hashlib
from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, File, Form, Header, Query, Response, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from api.cases import STAFF
from api.dependencies import Actor, DbSession, signed_in
from api.detached import DetachedActor, allow_detached
from api.photo_shapes import AttachmentOut, Sha256
from api.shapes import ListOf
from gis.case.attachments import (
    KeptPhoto,
    attach_photo,
    case_photos,
    find_attachment,
    find_sent,
    keep_photo,
    kept_before,
)
from gis.case.photo_files import open_path
from gis.case.queries import get_case
from gis.case.uploads import drop_upload, find_upload, incoming
from gis.database import transaction
from gis.errors import InvalidInput, TooLarge
from gis.i18n import _
from gis.people.models import Person, Role
from gis.settings import get_settings

router = APIRouter(prefix="/api/v1/cases/{case_no}/attachments", tags=["photos"])


class FromUploadIn(BaseModel):
    """Which upload becomes a photo of the case, and what it shows."""

    sha256: Annotated[Sha256, Field(description="of the bytes as they were sent")]
    stage: Annotated[str, Field(max_length=16)] = "report"


@router.get("", dependencies=[Depends(signed_in)])
def list_attachments(session: DbSession, actor: Actor, case_no: str) -> ListOf:
    """Photos of a case and of those merged into it, oldest first."""
    case = get_case(session, actor, case_no)
    return ListOf(items=[AttachmentOut.of(case_no, found) for found in case_photos(session, case.id)])


@router.post("", status_code=201, dependencies=[Depends(allow_detached(*STAFF))])
def attach(
    actor: DetachedActor,
    case_no: str,
    file: Annotated[UploadFile, File()],
    response: Response,
    stage: Annotated[str, Form(max_length=16)] = "report",
) -> AttachmentOut:
    """Add a photo (JPEG, PNG, WebP, HEIC). The same photo again answers 200."""
    most = get_settings().max_upload_bytes
    content = file.file.read(most + 1)
    if len(content) > most:
        raise TooLarge(_("At most {most} bytes are taken here").format(most=most))
    source_sha256 = hashlib.sha256(content).hexdigest()
    return _add(
        actor, case_no, stage, source_sha256, lambda: keep_photo(content, file.filename or ""), response
    )


@router.post("/from-upload", status_code=201, dependencies=[Depends(allow_detached(*STAFF))])
def attach_upload(
    actor: DetachedActor, case_no: str, body: FromUploadIn, response: Response
) -> AttachmentOut:
    """Add a photo that was sent to ``/uploads``. Asking again, after an answer that got lost, answers 200."""
    answer = _add(actor, case_no, body.stage, body.sha256, lambda: _keep_upload(actor, body.sha256), response)
    _drop(actor, body.sha256)
    return answer


def _add(
    actor: Person,
    case_no: str,
    stage: str,
    source_sha256: str,
    keep: Callable[[], KeptPhoto],
    response: Response,
) -> AttachmentOut:
    """The photo as one of the case's; ``keep`` reads and stores it, between two short transactions."""
    with transaction() as session:
        found = find_sent(session, actor, case_no, stage, source_sha256)
        kept = None if found else kept_before(session, actor, source_sha256)
    is_new = False
    if found is None:
        photo = kept or keep()
        with transaction() as session:
            found, is_new = attach_photo(session, actor, case_no, stage, photo)
    if not is_new:
        response.status_code = 200
    return AttachmentOut.of(case_no, found)


def _keep_upload(actor: Person, sha256: str) -> KeptPhoto:
    with transaction() as session:
        upload = find_upload(session, actor, sha256)
    content = incoming(upload).read()
    try:
        return keep_photo(content, upload.file_name)
    except (InvalidInput, TooLarge):
        # What is no photo now will never be one: it would only lie there.
        _drop(actor, sha256)
        raise


def _drop(actor: Person, sha256: str) -> None:
    with transaction() as session:
        drop_upload(session, actor, sha256)


@router.get("/{sha256}", dependencies=[Depends(allow_detached(*Role))], response_class=FileResponse)
def download(
    actor: DetachedActor,
    case_no: str,
    sha256: str,
    size: Annotated[
        Literal["thumb", "screen"] | None, Query(description="longest side 320 or 1600 px, as JPEG")
    ] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """The photo itself, or a smaller one."""
    with transaction() as session:
        found = find_attachment(session, actor, case_no, sha256)
    headers = {
        # A name that is a hash never means other bytes.
        "Cache-Control": "private, max-age=31536000, immutable",
        "ETag": f'"{found.sha256}{"-" + size if size else ""}"',
        "X-Content-Type-Options": "nosniff",
    }
    if if_none_match == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    media_type = "image/jpeg" if size else found.media_type
    return FileResponse(open_path(found.sha256, size or ""), media_type=media_type, headers=headers)
