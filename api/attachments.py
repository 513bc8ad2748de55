"""Photos of a case."""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Response, UploadFile
from fastapi.responses import FileResponse

from api.cases import STAFF
from api.dependencies import Actor, DbSession, allow, signed_in
from api.shapes import AttachmentOut, ListOf
from gis.case.attachments import add_attachment, find_attachment, path_of
from gis.case.queries import case_attachments, get_case
from gis.errors import TooLarge
from gis.i18n import _
from gis.settings import get_settings

router = APIRouter(prefix="/api/v1/cases/{case_no}/attachments", tags=["cases"])


@router.get("", dependencies=[Depends(signed_in)])
def list_attachments(session: DbSession, actor: Actor, case_no: str) -> ListOf:
    """Photos of a case, oldest first."""
    case = get_case(session, actor, case_no)
    return ListOf(items=[AttachmentOut.of(case_no, found) for found in case_attachments(session, case.id)])


@router.post("", status_code=201, dependencies=[Depends(allow(*STAFF))])
def attach(
    session: DbSession,
    actor: Actor,
    case_no: str,
    file: Annotated[UploadFile, File()],
    response: Response,
    stage: Annotated[str, Form(max_length=16)] = "report",
) -> AttachmentOut:
    """Add a photo (JPEG, PNG, WebP). The same photo again answers 200."""
    most = get_settings().max_upload_bytes
    content = file.file.read(most + 1)
    if len(content) > most:
        raise TooLarge(_("At most {most} bytes are taken here").format(most=most))
    attachment, is_new = add_attachment(session, actor, case_no, content, stage, file.filename or "")
    if not is_new:
        response.status_code = 200
    return AttachmentOut.of(case_no, attachment)


@router.get("/{sha256}", dependencies=[Depends(signed_in)], response_class=FileResponse)
def download(session: DbSession, actor: Actor, case_no: str, sha256: str) -> FileResponse:
    """The photo itself."""
    found = find_attachment(session, actor, case_no, sha256)
    return FileResponse(
        path_of(found.sha256),
        media_type=found.media_type,
        headers={
            "Cache-Control": "private, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
        },
    )
