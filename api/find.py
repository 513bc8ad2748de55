"""One search over everything the map shows."""

from dataclasses import asdict
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from api.dependencies import DbSession, MapReader, signed_in
from api.geocode_shapes import numbers
from layers.catalog import layers_for
from layers.finding import find

router = APIRouter(tags=["map"], dependencies=[Depends(signed_in)])


class FoundOut(BaseModel):
    """Something that answers, with its place in degrees; see ``/api/v1/geocode`` for ``match``.

    ``layer`` and ``id`` lead to ``/api/v1/layers/{layer}/items/{id}``; ``layer`` is empty where none has it.
    """

    layer: str
    kind: str
    icon: str
    id: int | None
    title: str
    matched: str
    match: str
    where: str
    former: bool
    until: date | None
    distance_m: float | None
    lon: float
    lat: float
    box: tuple[float, float, float, float]


class FindOut(BaseModel):
    """What was found, kind by kind, the best first."""

    items: list[FoundOut]


@router.get("/api/v1/find")
def find_anything(
    session: DbSession,
    actor: MapReader,
    q: Annotated[str, Query(max_length=200, description="name, address, number, place …")],
    limit: Annotated[int, Query(ge=1, le=50, description="most rows of each kind")] = 5,
    near: Annotated[str | None, Query(description="lon,lat: nearer ones first among equals")] = None,
) -> FindOut:
    """Everything that has a name, a number or a place: cases, grids, areas, roads, addresses, pipes …"""
    point = numbers(near, 2, "/near")
    place = (point[0], point[1]) if point else None
    found = find(session, layers_for(actor.role), q, limit, place)
    return FindOut(items=[FoundOut(**asdict(one)) for one in found])
