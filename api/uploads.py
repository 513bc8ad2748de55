"""Photos on their way in: announced, sent in pieces, continued after a break. Attached in api.attachments."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from api.cases import STAFF
from api.dependencies import Actor, DbSession, allow
from api.detached import DetachedActor, allow_detached
from api.photo_shapes import Sha256, UploadOut
from gis.case.upload_bytes import Incoming
from gis.case.uploads import (
    Progress,
    drop_upload,
    find_upload,
    incoming,
    note_complete,
    progress,
    start_upload,
)
from gis.database import transaction
from gis.errors import NotFound
from gis.i18n import _
from gis.people.models import Person

router = APIRouter(prefix="/api/v1/uploads", tags=["photos"])
RAW_BODY = {"requestBody": {"required": True, "content": {"application/octet-stream": {}}}}


class UploadIn(BaseModel):
    """A photo as the phone holds it."""

    sha256: Sha256
    size_bytes: Annotated[int, Field(le=2**53)]
    file_name: Annotated[str, Field(max_length=1000)] = ""


@router.post("", status_code=201, dependencies=[Depends(allow(*STAFF))])
def announce(session: DbSession, actor: Actor, body: UploadIn, response: Response) -> UploadOut:
    """Announce a photo before its bytes. The same again answers 200, and where to go on."""
    found, is_new = start_upload(session, actor, body.sha256, body.size_bytes, body.file_name)
    if not is_new:
        response.status_code = 200
    return UploadOut.of(found)


@router.get("/{sha256}", dependencies=[Depends(allow(*STAFF))])
def read_progress(session: DbSession, actor: Actor, sha256: Sha256) -> UploadOut:
    """How far an upload of one's own is."""
    return UploadOut.of(progress(find_upload(session, actor, sha256)))


@router.patch("/{sha256}", dependencies=[Depends(allow_detached(*STAFF))], openapi_extra=RAW_BODY)
async def send(
    request: Request, actor: DetachedActor, sha256: Sha256, upload_offset: Annotated[int, Header(ge=0)]
) -> UploadOut:
    """Send bytes from ``Upload-Offset`` on: all that is left, or a piece. What arrives stays, also of a
    request that breaks off; 409 tells the right ``offset``. With the last byte the hash is checked.
    """
    held = await run_in_threadpool(_held, actor, sha256)
    at = upload_offset
    await run_in_threadpool(held.expect, at)
    try:
        async for block in request.stream():
            await run_in_threadpool(held.write, at, block)
            at += len(block)
    except ClientDisconnect:
        pass  # nobody reads the answer; the next request goes on from here
    return UploadOut.of(await run_in_threadpool(_settle, held))


def _held(actor: Person, sha256: str) -> Incoming:
    with transaction() as session:
        return incoming(find_upload(session, actor, sha256))


def _settle(held: Incoming) -> Progress:
    is_complete = held.finish()
    if is_complete:
        with transaction() as session:
            note_complete(session, held)
    return Progress(held.sha256, held.size_bytes, held.offset, is_complete)


@router.delete("/{sha256}", status_code=204, dependencies=[Depends(allow(*STAFF))])
def drop(session: DbSession, actor: Actor, sha256: Sha256) -> None:
    """Give an upload up."""
    if not drop_upload(session, actor, sha256):
        raise NotFound(_("No such upload of yours; announce it first"))
