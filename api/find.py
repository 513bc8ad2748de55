"""One search over everything the map shows."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from api.dependencies import DbSession, MapReader, signed_in
from layers.catalog import layers_for
from layers.source import find

router = APIRouter(tags=["map"], dependencies=[Depends(signed_in)])


class FoundOut(BaseModel):
    """A row that answers, with its place in degrees; ``kind`` is its layer's title."""

    layer: str
    kind: str
    id: int
    title: str
    lon: float
    lat: float
    box: tuple[float, float, float, float]


class FindOut(BaseModel):
    """What was found, layer by layer, the best first."""

    items: list[FoundOut]


@router.get("/api/v1/find")
def find_anything(
    session: DbSession,
    actor: MapReader,
    q: Annotated[str, Query(max_length=200, description="a case or grid number, a road, a community …")],
    limit: Annotated[int, Query(ge=1, le=50, description="most rows of each layer")] = 5,
) -> FindOut:
    """Rows by their number or name: cases, grids, areas, roads, components, pipes."""
    found = find(session, reversed(layers_for(actor.role)), q, limit)
    return FindOut(items=[FoundOut(**asdict(one)) for one in found])
