"""Geocoding: words to places, places to words, tables of addresses."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from api.dependencies import DbSession, MapReader, signed_in
from api.geocode_shapes import GeocodeOut, GeocodesOut, ReverseOut, answer_out, numbers, reverse_out
from api.geocode_table import TABLE_ANSWERS, TABLE_BODY, Asked, geocode_rows, read_table, write_csv
from gis.crs import parse_crs
from gis.place.answer import Kind
from gis.place.geocode import geocode
from gis.place.reverse import called

router = APIRouter(prefix="/api/v1/geocode", tags=["geocoding"], dependencies=[Depends(signed_in)])


@router.get("")
def forward(
    session: DbSession,
    _reader: MapReader,
    q: Annotated[str, Query(max_length=400, description="name, address, crossing, code or coordinates")],
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
    near: Annotated[str | None, Query(description="lon,lat: nearer ones first among equals")] = None,
    kind: Annotated[list[Kind] | None, Query(description="only these")] = None,
    bbox: Annotated[str | None, Query(description="west,south,east,north in degrees")] = None,
    crs: Annotated[str | None, Query(description="of coordinates in q: EPSG codes, GCJ-02, BD-09")] = None,
) -> GeocodeOut:
    """What words may mean, the surest first: by what it matched, how sure, how exact the place is."""
    point, box = numbers(near, 2, "/near"), numbers(bbox, 4, "/bbox")
    found = geocode(
        session, q, limit=limit, kinds=kind,
        near=(point[0], point[1]) if point else None,
        box=(box[0], box[1], box[2], box[3]) if box else None,
        srid=parse_crs(crs),
    )  # fmt: skip
    return GeocodeOut(items=[answer_out(one) for one in found])


@router.get("/reverse")
def reverse(
    session: DbSession,
    lon: Annotated[float, Query(description="degrees, or easting where crs is projected")],
    lat: Annotated[float, Query(description="degrees, or northing where crs is projected")],
    crs: Annotated[str | None, Query(description="EPSG:4490 unless told otherwise")] = None,
) -> ReverseOut:
    """What a place is called: door, named place, road and side, crossing, community, grid."""
    return reverse_out(called(session, lon, lat, parse_crs(crs)))


async def asked_table(request: Request) -> Asked:
    """The table of a request, JSON or CSV by its media type."""
    return read_table(await request.body(), request.headers.get("content-type", ""))


@router.post("", response_model=GeocodesOut, openapi_extra=TABLE_BODY, responses=TABLE_ANSWERS)
def forward_table(
    session: DbSession, _reader: MapReader, asked: Annotated[Asked, Depends(asked_table)], request: Request
) -> Any:
    """The best answer to each of up to 1000 addresses; CSV goes out with its own columns and ours."""
    rows = geocode_rows(session, asked.table)
    if asked.rows is None and "text/csv" not in request.headers.get("accept", ""):
        return GeocodesOut(items=rows)
    return Response(write_csv(asked, rows), media_type="text/csv; charset=utf-8")
