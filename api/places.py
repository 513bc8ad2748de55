"""Places by name: looking them up, keeping them."""

import json
from datetime import date
from typing import Annotated, Any

import numpy as np
import shapely
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from geoalchemy2.shape import to_shape
from pydantic import BaseModel, Field, StringConstraints

from api.cases import etag, next_address
from api.dependencies import DbSession, Limit, SeenVersion, allow, signed_in
from api.shapes import ListOf
from gis.crs import DOOR_SRID, parse_crs, transformer
from gis.people.models import Role
from gis.place import service
from gis.place.models import Place
from gis.place.queries import place_page
from gis.settings import CITY_SRID
from gis.standard.tables import place_types

router = APIRouter(prefix="/api/v1/places", tags=["geocoding"])
keeper = Depends(allow(Role.ADMIN))
reader = Depends(signed_in)
Id = Annotated[int, Path(ge=1, lt=2**63)]
Name = Annotated[str, StringConstraints(max_length=200)]
Note = Annotated[str, StringConstraints(max_length=2000)]


class PlaceChange(BaseModel):
    """What is to become of a place; what is left out stays. ``geometry``: GeoJSON, in ``crs``."""

    name_zh: Name | None = None
    name_en: Name | None = None
    aliases: Annotated[list[Name], Field(max_length=20)] | None = None
    type_code: Annotated[str, StringConstraints(max_length=16)] | None = None
    code: Annotated[str, StringConstraints(max_length=64)] | None = None
    address: Name | None = None
    road: Name | None = None
    door_no: Annotated[str, StringConstraints(max_length=32)] | None = None
    source: Name | None = None
    note: Note | None = None
    geometry: dict[str, Any] | None = None
    crs: str | None = None
    correction: bool = Field(False, description="what was there was a mistake: keep no former state")

    def told(self) -> service.Told:
        """What is said, for the service."""
        values = self.model_dump(exclude_unset=True, exclude={"geometry", "crs", "correction"})
        shape = service.read_place_shape(self.geometry, parse_crs(self.crs)) if self.geometry else None
        return service.Told(values, shape)


class PlaceIn(PlaceChange):
    """A new place."""

    name_zh: Name
    type_code: Annotated[str, StringConstraints(max_length=16)]
    geometry: dict[str, Any]


class FormerOut(BaseModel):
    """What a place was before."""

    name_zh: str
    name_en: str
    address: str
    valid_from: date
    valid_to: date | None


class PlaceOut(BaseModel):
    """A place as it is now, its geometry in degrees (EPSG:4490)."""

    id: int
    code: str | None
    type_code: str
    name_zh: str
    name_en: str
    aliases: list[str]
    address: str
    road: str
    door_no: str
    source: str
    note: str
    valid_from: date
    valid_to: date | None
    version: int
    geometry: dict[str, Any]
    former: list[FormerOut] | None = Field(None, description="former states, told of one place only")

    @classmethod
    def of(cls, place: Place, former: list[Place] | None = None) -> "PlaceOut":
        named = (
            "id", "code", "type_code", "name_zh", "name_en", "aliases", "address", "road", "door_no",
            "source", "note", "valid_from", "valid_to", "version",
        )  # fmt: skip
        shape = to_shape(place.geom)
        degrees = shapely.transform(shape, _degrees)
        past = ("name_zh", "name_en", "address", "valid_from", "valid_to")
        return cls(
            **{name: getattr(place, name) for name in named},
            geometry=json.loads(shapely.to_geojson(degrees)),
            former=None
            if former is None
            else [FormerOut(**{name: getattr(one, name) for name in past}) for one in former],
        )


@router.get("", dependencies=[reader])
def list_places(
    request: Request,
    session: DbSession,
    limit: Limit,
    cursor: str | None = None,
    q: Annotated[str, Query(max_length=100, description="part of a name, former names too")] = "",
    type_code: str | None = None,
    ended: Annotated[bool, Query(description="those no longer there, too")] = False,
) -> ListOf:
    """Places by their number."""
    page = place_page(session, limit, cursor, q, type_code, ended)
    return ListOf(
        items=[PlaceOut.of(place) for place in page.items], next=next_address(request, page.next_cursor)
    )


@router.get("/types", dependencies=[reader])
def list_types() -> ListOf:
    """The basic types of places, with their source."""
    return ListOf(
        items=[
            {"code": row.code, "name_zh": row.name_zh, "name_en": row.name_en,
             "source": row.source, "status": row.status}
            for row in place_types()
        ]
    )  # fmt: skip


@router.post("", status_code=201, dependencies=[keeper])
def create(session: DbSession, body: PlaceIn, response: Response) -> PlaceOut:
    """Put a place on record."""
    place = service.add_place(session, body.told())
    response.headers["Location"] = f"/api/v1/places/{place.id}"
    response.headers["ETag"] = etag(place.version)
    return PlaceOut.of(place)


@router.get("/{place_id}", dependencies=[reader])
def read(session: DbSession, place_id: Id, response: Response) -> PlaceOut:
    """One place with its former states. Its ``ETag`` goes into ``If-Match`` of a change."""
    place = service.find_place(session, place_id)
    response.headers["ETag"] = etag(place.version)
    return PlaceOut.of(place, service.former_states(session, place_id))


@router.patch("/{place_id}", dependencies=[keeper])
def change(
    session: DbSession, place_id: Id, body: PlaceChange, seen: SeenVersion, response: Response
) -> PlaceOut:
    """Change a place; its former name stays findable. With ``If-Match``: 412 when it was changed since."""
    place = service.change_place(session, place_id, body.told(), seen, body.correction)
    response.headers["ETag"] = etag(place.version)
    return PlaceOut.of(place, service.former_states(session, place_id))


@router.delete("/{place_id}", dependencies=[keeper])
def end(
    session: DbSession,
    place_id: Id,
    seen: SeenVersion,
    on: Annotated[date | None, Query(description="the day it ended; today")] = None,
) -> PlaceOut:
    """End a place; it is kept, and found as what was there."""
    return PlaceOut.of(service.end_place(session, place_id, seen, on))


def _degrees(places: Any) -> Any:
    """City coordinates, shape (n, 2), in degrees; 8 digits are a millimetre."""
    return np.round(np.column_stack(transformer(CITY_SRID, DOOR_SRID).transform(*places.T)), 8)
