"""部件 near a place."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.dependencies import DbSession, Limit, signed_in
from api.shapes import ListOf
from gis.component.queries import components_near
from gis.crs import parse_crs

router = APIRouter(prefix="/api/v1/components", tags=["components"], dependencies=[Depends(signed_in)])


@router.get("/near")
def near(
    session: DbSession,
    limit: Limit,
    lon: float,
    lat: float,
    radius_m: Annotated[float, Query(gt=0, le=2000)] = 50.0,
    class_code: Annotated[str | None, Query(pattern=r"^\d{4,5}$")] = None,
    crs: str | None = None,
) -> ListOf:
    """Components around a place, nearest first, with their distance in metres."""
    found = components_near(session, lon, lat, radius_m, class_code, parse_crs(crs), limit)
    return ListOf(items=[asdict(nearby) for nearby in found])
