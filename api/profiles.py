"""纵断面 over HTTP: the way between points or along chosen segments, as data or drawn."""

from datetime import date
from typing import Any

import numpy as np
from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.detached import allow_detached
from api.pipeline_access import READERS
from api.section_shapes import RESPONSES, Format, WantedFormat, degrees, plain
from gis.database import transaction
from gis.errors import InvalidInput
from gis.i18n import _
from gis.pipeline.section.model import Profile
from gis.pipeline.section.profile import profile_between, profile_of_segments
from layers.section import dxf
from layers.section.profile import draw_profile, draw_profile_sheets

# Drawing takes longer than reading: no connection is kept for it.
router = APIRouter(
    prefix="/api/v1/pipelines", tags=["pipelines"], dependencies=[Depends(allow_detached(*READERS))]
)


class ProfileIn(BaseModel):
    """Either two points, by way of others where wished, or the segments themselves."""

    from_point: int | None = Field(None, description="id of the first pipe point")
    to_point: int | None = Field(None, description="id of the last pipe point")
    via: list[int] = Field(default=[], max_length=50, description="ids of points to pass, in order")
    segments: list[int] = Field(default=[], description="ids of segments that make one chain, in any order")
    as_of: date | None = Field(None, description="the network as it was on this day")


@router.post("/profile", responses=RESPONSES)
def read_profile(body: ProfileIn, wanted: WantedFormat) -> Response:
    """The longitudinal profile of the shortest way between two points, or of a chain of segments."""
    profile = profile_of(body)
    return wanted.answer(
        f"profile-{profile.name}",
        lambda: profile_out(profile),
        lambda options: (
            draw_profile_sheets(profile, options)
            if wanted.format is Format.PDF
            else [draw_profile(profile, options)]  # a picture is one, however long
        ),
        lambda options: dxf.profile(profile, options),
    )


def profile_of(body: ProfileIn) -> Profile:
    """What a request asks for, read in a transaction of its own.

    Raises
    ------
    InvalidInput
        It asks for both or for neither.
    """
    if (body.from_point is None) != (body.to_point is None) or (body.from_point is None) != bool(
        body.segments
    ):
        raise InvalidInput(
            _("Give either from_point and to_point, or segments"), errors=[{"pointer": "/from_point"}]
        )
    with transaction() as session:
        if body.from_point is not None and body.to_point is not None:
            return profile_between(session, [body.from_point, *body.via, body.to_point], body.as_of)
        return profile_of_segments(session, body.segments, body.as_of)


def profile_out(profile: Profile) -> dict[str, Any]:
    """A profile as JSON: the fields of the model, places in degrees of EPSG:4490 beside the city's own."""
    stations = [plain(row) for row in profile.stations]
    places = degrees(np.array([(row.easting, row.northing) for row in profile.stations]))
    for row, (lon, lat) in zip(stations, places, strict=True):
        row["lon"], row["lat"] = lon, lat
    return plain(profile) | {
        "stations": stations,
        "reaches": [plain(row) for row in profile.reaches],
        "ground": [plain(row) for row in profile.ground],
        "crossing_pipes": [plain(row) for row in profile.crossing_pipes],
        "findings": [plain(row) for row in profile.findings],
        "line": {"type": "LineString", "coordinates": degrees(np.array(profile.line))},
    }
