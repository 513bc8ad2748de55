"""The network as a file: tables, layers, a drawing, the survey tables again."""

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse
from pydantic import Field
from starlette.background import BackgroundTask

from api.detached import DetachedActor, allow_detached
from api.pipeline_access import READERS
from api.pipeline_shapes import QuestionIn
from gis.database import transaction
from gis.exchange.export.run import FORMATS, export

router = APIRouter(
    prefix="/api/v1/pipelines/export", tags=["pipelines"], dependencies=[Depends(allow_detached(*READERS))]
)


class ExportIn(QuestionIn):
    """A question, and what kind of file its rows are wanted in."""

    format: str = Field(max_length=20, description=" | ".join(FORMATS))


@router.post("", response_class=FileResponse)
def export_pipelines(actor: DetachedActor, body: ExportIn) -> FileResponse:
    """The rows as a file; 413 where there are more than one export may hold. Each export is logged."""
    with transaction() as session:
        made = export(session, body.question(), body.format, actor.login)
    return FileResponse(
        made.path,
        media_type=made.media_type,
        filename=made.name,
        headers={"X-Row-Count": str(made.rows), "Cache-Control": "no-store"},
        background=BackgroundTask(made.remove),
    )
