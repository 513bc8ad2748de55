"""The map told in words: what lies in a view or an area, where a place is, how the day stands."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from api.cases import next_address
from api.dependencies import DbSession, Limit, MapReader, signed_in
from api.narrowed import read_bbox
from gis.case.today import figures_of_today
from gis.crs import bounds_in_city, crs_name, to_city
from gis.errors import InvalidInput
from gis.i18n import _
from gis.pipeline.areas import area_in_city
from gis.pipeline.bounded import in_time
from gis.settings import CITY_SRID
from layers.catalog import find_layer, layers_for
from layers.inside import MOST_COUNTED, counts_in, rows_in

LONGEST_S = 10

router = APIRouter(tags=["map"], dependencies=[Depends(signed_in)])


class RowOut(BaseModel):
    """One row; details at ``/api/v1/layers/{layer}/items/{id}``. A point on it in degrees EPSG:4490."""

    id: int
    title: str
    lon: float
    lat: float


class RowsOut(BaseModel):
    """Rows by their ids; ``next`` is the address of the next page, empty at the end."""

    items: list[RowOut]
    next: str | None


class AreaIn(BaseModel):
    """What to count, and where."""

    area: dict[str, Any] = Field(
        description="GeoJSON Polygon or MultiPolygon, or {bbox: [west, south, east, north]}, in EPSG:4490"
    )
    layers: list[str] | None = Field(
        None, max_length=100, description="names of layers; without it all collections the reader may see"
    )


class CountOut(BaseModel):
    """The rows of one layer."""

    layer: str
    title: str
    count: int = Field(description=f"at most {MOST_COUNTED}; see is_capped")
    is_capped: bool = Field(description="there are more than are counted")


class SummaryOut(BaseModel):
    """Counts layer by layer."""

    items: list[CountOut]


class PlaceOut(BaseModel):
    """One place in both systems: degrees EPSG:4490, metres in the city's CRS."""

    lon: float
    lat: float
    crs: str
    easting: float
    northing: float


class TodayOut(BaseModel):
    """Cases the reader may see: those of the day ``since`` midnight, and the open ones by their lamp."""

    since: datetime
    reported: int
    filed: int
    closed: int
    open: int
    green: int
    yellow: int
    red: int


@router.get("/api/v1/layers/{layer}/items")
def layer_items(
    request: Request,
    session: DbSession,
    actor: MapReader,
    layer: str,
    bbox: Annotated[str, Query(max_length=100, description="west,south,east,north in degrees EPSG:4490")],
    limit: Limit = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> RowsOut:
    """Rows of a layer that touch a box, by their ids: the map as a list."""
    known, area = find_layer(layer, actor.role), area_in_city({"bbox": list(read_bbox(bbox))})
    with in_time(session, LONGEST_S):
        page = rows_in(session, known, area, limit, cursor)
    items = [RowOut(**asdict(row)) for row in page.items]
    return RowsOut(items=items, next=next_address(request, page.next_cursor))


@router.post("/api/v1/map/summary")
def summary(session: DbSession, actor: MapReader, body: AreaIn) -> SummaryOut:
    """How much lies in an area, layer by layer; each is counted up to a limit and says so."""
    named = [find_layer(name, actor.role) for name in dict.fromkeys(body.layers or ())]
    wanted = named or [layer for layer in layers_for(actor.role) if layer.collection]
    area = area_in_city(body.area)
    with in_time(session, LONGEST_S):
        counts = counts_in(session, wanted, area)
    return SummaryOut(items=[CountOut(**asdict(one)) for one in counts])


@router.get("/api/v1/map/place")
async def place(
    lon: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)],
    lat: Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)],
) -> PlaceOut:
    """A place given in degrees EPSG:4490, also in the metres of the city's CRS."""
    # Far off, the projection answers numbers that mean nothing: there is no box there.
    if bounds_in_city(lon - 1e-6, lat - 1e-6, lon + 1e-6, lat + 1e-6) is None:
        raise InvalidInput(_("The city's projection does not reach this place"), errors=[{"pointer": "/lon"}])
    easting, northing = to_city(lon, lat)
    return PlaceOut(lon=lon, lat=lat, crs=crs_name(CITY_SRID), easting=easting, northing=northing)


@router.get("/api/v1/map/today")
def today(session: DbSession, actor: MapReader) -> TodayOut:
    """The figures of a wall: cases reported, filed and closed today, and how the open ones stand."""
    return TodayOut(**asdict(figures_of_today(session)))
