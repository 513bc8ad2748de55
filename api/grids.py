"""Which grid a place lies in."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from api.dependencies import DbSession, signed_in
from gis.crs import parse_crs
from gis.grid.queries import locate, locate_many
from gis.i18n import pick

router = APIRouter(prefix="/api/v1/grids", tags=["grids"], dependencies=[Depends(signed_in)])


class PlaceOut(BaseModel):
    """Where a place lies. ``easting``, ``northing``: metres in the city's CRS."""

    unit_grid_code: str
    duty_grid_code: str | None
    community: str
    community_code: str
    street: str
    street_code: str
    road: str | None
    road_distance_m: float | None
    address: str = Field(description="what the place is called; empty where nothing with a name is near")
    easting: float
    northing: float


class PlacesIn(BaseModel):
    """Many places at once; ``points`` are ``[lon, lat]`` pairs."""

    points: Annotated[list[tuple[float, float]], Field(max_length=10_000)]
    crs: str | None = None


@router.get("/locate")
def locate_place(
    session: DbSession,
    lon: Annotated[float, Query(description="degrees, or easting where crs is projected")],
    lat: Annotated[float, Query(description="degrees, or northing where crs is projected")],
    crs: Annotated[str | None, Query(description="EPSG:4490 unless told otherwise")] = None,
) -> PlaceOut:
    """The unit grid of a place, with its community, street and nearest road."""
    place = locate(session, lon, lat, parse_crs(crs))
    return PlaceOut(
        unit_grid_code=place.unit_grid_code,
        duty_grid_code=place.duty_grid_code,
        community=pick(place.community_zh, place.community_en),
        community_code=place.community_code,
        street=pick(place.street_zh, place.street_en),
        street_code=place.street_code,
        road=pick(place.road_zh, place.road_en) or None,
        road_distance_m=place.road_distance_m,
        address=place.address,
        easting=round(place.easting, 3),
        northing=round(place.northing, 3),
    )


@router.post("/locate")
def locate_places(session: DbSession, body: PlacesIn) -> dict[str, list[Any]]:
    """Unit grid codes of many places, in their order; null where one lies outside the city."""
    return {"unit_grid_codes": locate_many(session, body.points, parse_crs(body.crs))}
