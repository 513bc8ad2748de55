"""疑似重复 over HTTP: cases that a report may repeat, and "this is the same"."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query, Response
from geoalchemy2.shape import to_shape
from pydantic import BaseModel, Field

from api.dependencies import Actor, DbSession, allow, signed_in
from api.photo_shapes import photo_url
from api.shapes import ListOf, class_name
from gis.case.followers import Following, follow_case
from gis.case.similar import Similar, similar_cases
from gis.case.workflow import REPORTERS, STATE_TITLES
from gis.crs import parse_crs, to_lonlat
from gis.i18n import _
from gis.people.models import Role
from gis.settings import get_settings
from gis.standard.tables import CITY_EDITION

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


class PhotoLinks(BaseModel):
    url: str
    thumb_url: str


class SimilarOut(BaseModel):
    """An open case that may be about the same problem."""

    case_no: str
    state: str
    state_title: str
    kind: str
    class_code: str
    class_name: str
    description: str
    address: str
    lon: float = Field(description="degrees, EPSG:4490")
    lat: float
    distance_m: float
    same_component: bool
    same_grid: bool
    reason: str = Field(description="why it is shown, in words")
    reported_at: datetime
    followers: int
    follows: bool = Field(description="the reader reported or follows it")
    photos: list[PhotoLinks]

    @classmethod
    def of(cls, found: Similar) -> "SimilarOut":
        case = found.case
        easting, northing = to_shape(case.location).coords[0][:2]
        lon, lat = to_lonlat(easting, northing)
        photos = [photo_url(case.case_no, photo.sha256) for photo in found.photos]
        return cls(
            case_no=case.case_no,
            state=case.state,
            state_title=_(STATE_TITLES[case.state]),
            kind=case.kind,
            class_code=case.class_code,
            class_name=class_name(case.edition, case.kind, case.class_code),
            description=case.description,
            address=case.address,
            lon=round(lon, 8),
            lat=round(lat, 8),
            distance_m=round(found.distance_m, 1),
            same_component=found.same_component,
            same_grid=found.same_grid,
            reason=found.reason,
            reported_at=case.reported_at.astimezone(get_settings().zone),
            followers=found.followers,
            follows=found.follows,
            photos=[PhotoLinks(url=url, thumb_url=f"{url}?size=thumb") for url in photos],
        )


class FollowIn(BaseModel):
    """What the follower has to say; may be empty."""

    note: str = ""


class FollowingOut(BaseModel):
    case_no: str
    version: int
    followers: int
    since: datetime

    @classmethod
    def of(cls, following: Following) -> "FollowingOut":
        return cls(
            case_no=following.case_no,
            version=following.version,
            followers=following.followers,
            since=following.since.astimezone(get_settings().zone),
        )


@router.get("/similar", dependencies=[Depends(signed_in)])
def list_similar(
    session: DbSession,
    actor: Actor,
    lon: Annotated[float, Query(description="degrees, or easting where crs is projected")],
    lat: Annotated[float, Query(description="degrees, or northing where crs is projected")],
    class_code: Annotated[str, Query(pattern=r"^\d{4,5}$")],
    kind: Annotated[
        Literal["component", "event"] | None,
        Query(description="when not given: component if component_code is, else event"),
    ] = None,
    component_code: Annotated[str | None, Query(max_length=16)] = None,
    edition: Annotated[str, Query(max_length=32)] = CITY_EDITION,
    crs: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> ListOf:
    """Open cases near a place that a report may repeat: of the same component first, then the nearest."""
    found = similar_cases(
        session,
        actor,
        lon,
        lat,
        kind or ("component" if component_code else "event"),
        class_code,
        component_code,
        edition,
        parse_crs(crs),
        limit,
    )
    return ListOf(items=[SimilarOut.of(one) for one in found])


@router.post(
    "/{case_no}/followers", status_code=201, dependencies=[Depends(allow(*REPORTERS, Role.SHIFT_LEADER))]
)
def follow(
    session: DbSession,
    actor: Actor,
    case_no: str,
    response: Response,
    body: FollowIn | None = None,
    idempotency_key: Annotated[str | None, Header(min_length=8, max_length=128)] = None,
) -> FollowingOut:
    """Follow the case that is the same problem, instead of making another. Sent again, it answers 200."""
    note = body.note if body else ""
    following, is_new = follow_case(session, actor, case_no, note, idempotency_key)
    if not is_new:
        response.status_code = 200
    return FollowingOut.of(following)
