"""纵断面 over HTTP: the way between points or along chosen segments, as data or drawn."""

from dataclasses import asdict
from datetime import date
from typing import Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from api.dependencies import DbSession, allow
from api.pipeline_access import READERS
from gis.crs import DOOR_SRID, transformer
from gis.errors import InvalidInput
from gis.i18n import _
from gis.pipeline.section.model import Profile
from gis.pipeline.section.profile import profile_between, profile_of_segments
from gis.settings import CITY_SRID

router = APIRouter(prefix="/api/v1/pipelines", tags=["pipelines"], dependencies=[Depends(allow(*READERS))])


class ProfileIn(BaseModel):
    """Either two points, by way of others where wished, or the segments themselves."""

    from_point: int | None = Field(None, description="id of the first pipe point")
    to_point: int | None = Field(None, description="id of the last pipe point")
    via: list[int] = Field(default=[], max_length=50, description="ids of points to pass, in order")
    segments: list[int] = Field(default=[], description="ids of segments that make one chain, in any order")
    as_of: date | None = Field(None, description="the network as it was on this day")


@router.post("/profile")
def profile(body: ProfileIn, session: DbSession) -> Response:
    """The longitudinal profile of the shortest way between two points, or of a chain of segments."""
    return JSONResponse(profile_out(profile_of(session, body)))


def profile_of(session: Any, body: ProfileIn) -> Profile:
    """What a request asks for; InvalidInput where it asks for both or for neither."""
    by_points = body.from_point is not None and body.to_point is not None
    if by_points == bool(body.segments):
        raise InvalidInput(
            _("Give either from_point and to_point, or segments"), errors=[{"pointer": "/from_point"}]
        )
    if by_points:
        return profile_between(session, [body.from_point, *body.via, body.to_point], body.as_of)
    return profile_of_segments(session, body.segments, body.as_of)


def profile_out(profile: Profile) -> dict[str, Any]:
    """The answer: the profile's own fields, places in degrees beside the city's coordinates."""
    body = asdict(profile)
    to_degrees = transformer(CITY_SRID, DOOR_SRID).transform
    places = ([each.easting for each in profile.stations], [each.northing for each in profile.stations])
    for station, lon, lat in zip(body["stations"], *to_degrees(*places), strict=True):
        station |= {"lon": round(lon, 8), "lat": round(lat, 8)}
    lons, lats = to_degrees(*zip(*profile.line, strict=True))
    body["line"] = {
        "type": "LineString",
        "coordinates": [(round(lon, 8), round(lat, 8)) for lon, lat in zip(lons, lats, strict=True)],
    }
    body["as_of"] = profile.as_of.isoformat() if profile.as_of else None
    return body
