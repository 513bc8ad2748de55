"""核实核查任务 over HTTP: what waits to be looked at. A task is ended by the step on its case."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from api.cases import next_address
from api.dependencies import Actor, DbSession, Limit, allow
from api.shapes import ListOf, class_name, local
from gis.case.stages import STAGES
from gis.case.task_queries import Waiting, waiting_tasks
from gis.case.task_words import reason_words
from gis.errors import InvalidInput
from gis.i18n import _
from gis.people.models import Role

router = APIRouter(prefix="/api/v1/tasks", tags=["tasks"])


class PhotoOut(BaseModel):
    """A photo of the case, and where to get it."""

    stage: str
    url: str
    thumb_url: str


class TaskOut(BaseModel):
    """A place to look at, with the case as far as one needs it on site."""

    id: int
    kind: str
    kind_title: str
    case_no: str
    class_name: str
    description: str
    address: str
    lon: float = Field(description="degrees, EPSG:4490")
    lat: float
    state: str
    version: int = Field(description="of the case: its ETag")
    given_at: datetime | None
    due_at: datetime | None
    lamp: str | None
    distance_m: float | None = Field(description="on the ellipsoid, from the place that was given")
    bearing_deg: float | None = Field(description="0 north, 90 east")
    assignee: str | None = Field(description="login; empty: any inspector of the area")
    assignee_name: str | None
    reason: str
    photos: list[PhotoOut]

    @classmethod
    def of(cls, found: Waiting) -> "TaskOut":
        task, case = found.task, found.case
        return cls(
            id=task.id,
            kind=task.kind,
            kind_title=_(STAGES[task.kind].title),
            case_no=case.case_no,
            class_name=class_name(case.edition, case.kind, case.class_code),
            description=case.description,
            address=case.address,
            lon=round(found.lon, 8),
            lat=round(found.lat, 8),
            state=case.state,
            version=case.version,
            given_at=local(task.given_at),
            due_at=local(task.due_at),
            lamp=found.lamp,
            distance_m=None if found.distance_m is None else round(found.distance_m, 1),
            bearing_deg=None if found.bearing_deg is None else round(found.bearing_deg, 1),
            assignee=task.assignee.login if task.assignee else None,
            assignee_name=task.assignee.name if task.assignee else None,
            reason=reason_words(task.reason),
            photos=[_photo(case.case_no, photo.stage, photo.sha256) for photo in found.photos],
        )


def _photo(case_no: str, stage: str, sha256: str) -> PhotoOut:
    url = f"/api/v1/cases/{case_no}/attachments/{sha256}"
    return PhotoOut(stage=stage, url=url, thumb_url=f"{url}?size=thumb")


@router.get("", dependencies=[Depends(allow(Role.INSPECTOR, Role.ACCEPTOR, Role.SHIFT_LEADER))])
def list_tasks(
    request: Request,
    session: DbSession,
    actor: Actor,
    limit: Limit,
    cursor: str | None = None,
    lon: Annotated[float | None, Query(description="where the reader is, degrees, EPSG:4490")] = None,
    lat: Annotated[float | None, Query(description="the same")] = None,
) -> ListOf:
    """Open tasks, most urgent first: an inspector's own and nobody's; for acceptors and shift leaders all."""
    if (lon is None) != (lat is None):
        missing = "/lat" if lat is None else "/lon"
        raise InvalidInput(
            _("A place needs both lon and lat"), errors=[{"pointer": missing, "detail": _("needed")}]
        )
    here = None if lon is None or lat is None else (lon, lat)
    page = waiting_tasks(session, actor, limit, cursor, here)
    return ListOf(
        items=[TaskOut.of(found) for found in page.items], next=next_address(request, page.next_cursor)
    )
