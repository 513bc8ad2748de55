"""巡查 over HTTP: the own track, by own choice, and what of the own grids it has covered."""

import hashlib
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.dependencies import Actor, DbSession, allow
from api.shapes import local
from gis.patrol import service
from gis.patrol.grids import grids_of
from gis.patrol.points import Fix
from gis.patrol.queries import coverage
from gis.people.models import Person, Role
from gis.settings import get_settings

GEOJSON = "application/geo+json"
MOST_POINTS = 1000

router = APIRouter(prefix="/api/v1/patrol", tags=["patrol"])
inspector = Depends(allow(Role.INSPECTOR))


class SharingIn(BaseModel):
    """Whether the own track is to be kept from now on."""

    shares_track: bool


class SharingOut(BaseModel):
    """Whether the own track is kept, and for how many days."""

    shares_track: bool
    keep_days: int

    @classmethod
    def of(cls, person: Person) -> "SharingOut":
        return cls(shares_track=person.shares_track, keep_days=get_settings().patrol_keep_days)


class PointIn(BaseModel):
    """Where the phone was. ``accuracy_m``: radius, as the receiver tells it."""

    at: datetime
    lon: float
    lat: float
    accuracy_m: float | None = None


class PointsIn(BaseModel):
    """A stretch of the way, in any order."""

    points: Annotated[list[PointIn], Field(max_length=MOST_POINTS)]


class TakenOut(BaseModel):
    """What became of the points sent; the three add up to their number."""

    stored: int
    known: int = Field(description="sent before")
    dropped: int = Field(description="told nothing new, or lay outside the city")


class VisitOut(BaseModel):
    code: str
    visited_at: datetime | None


class DutyGridOut(BaseModel):
    """A duty grid, and which of its unit grids were visited."""

    code: str
    name: str
    grids: int
    visited: int
    share: float
    unit_grids: list[VisitOut]


class CoverageOut(BaseModel):
    """What was covered on a day of the city's calendar."""

    person: str
    name: str
    day: date
    shares_track: bool
    duty_grids: list[DutyGridOut]


@router.get("/sharing", dependencies=[inspector])
def read_sharing(actor: Actor) -> SharingOut:
    """Whether my track is kept."""
    return SharingOut.of(actor)


@router.put("/sharing", dependencies=[inspector])
def share(session: DbSession, actor: Actor, body: SharingIn) -> SharingOut:
    """Begin or end sharing my track. What is kept stays until it is deleted or too old."""
    return SharingOut.of(service.share_track(session, actor, body.shares_track))


@router.post("/points", dependencies=[inspector])
def send_points(session: DbSession, actor: Actor, body: PointsIn) -> TakenOut:
    """Keep points of my way. The same points again are known, and change nothing."""
    taken = service.add_points(session, actor, [Fix(**point.model_dump()) for point in body.points])
    return TakenOut(stored=taken.stored, known=taken.known, dropped=taken.dropped)


@router.delete("/points", dependencies=[inspector])
def delete_points(session: DbSession, actor: Actor) -> dict[str, int]:
    """Delete my whole track."""
    return {"deleted": service.delete_points(session, actor)}


@router.get("/coverage", dependencies=[Depends(allow(Role.INSPECTOR, Role.SHIFT_LEADER))])
def read_coverage(
    session: DbSession,
    actor: Actor,
    day: Annotated[date | None, Query(description="of the city's calendar; today when not given")] = None,
    person: Annotated[str | None, Query(max_length=64, description="login; for a shift leader")] = None,
) -> CoverageOut:
    """Which of the own unit grids were visited that day; a shift leader names the inspector."""
    found = coverage(session, actor, person, day)
    return CoverageOut(
        person=found.person.login,
        name=found.person.name,
        day=found.day,
        shares_track=found.person.shares_track,
        duty_grids=[
            DutyGridOut(
                code=duty.code,
                name=duty.name,
                grids=len(duty.unit_grids),
                visited=duty.visited,
                share=round(duty.share, 4),
                unit_grids=[VisitOut(code=v.code, visited_at=local(v.visited_at)) for v in duty.unit_grids],
            )
            for duty in found.duty_grids
        ],
    )


@router.get(
    "/grids", dependencies=[inspector], response_class=Response, responses={200: {"content": {GEOJSON: {}}}}
)
def read_grids(session: DbSession, actor: Actor, if_none_match: Annotated[str, Header()] = "") -> Response:
    """My unit grids for a phone without signal, in lon/lat, simplified; 304 while nothing has changed."""
    content = grids_of(session, actor)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"etag": etag, "cache-control": "private, no-cache"}
    seen = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    if etag in seen or "*" in seen:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=GEOJSON, headers=headers)
