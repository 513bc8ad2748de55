"""What lies under and around a case, over HTTP."""

from typing import Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from api.dependencies import Actor, DbSession, signed_in
from api.shapes import CaseOut, class_name
from gis.case.queries import get_case
from gis.case.surroundings import PipeNear, surroundings_of
from gis.component.queries import Nearby
from gis.i18n import pick
from gis.standard.tables import CITY_EDITION, pipe_class, pipe_main_class, pipe_materials

router = APIRouter(prefix="/api/v1/cases", tags=["cases"], dependencies=[Depends(signed_in)])


class PipeNearOut(BaseModel):
    """管线段: a pipe near the place."""

    id: int
    segment_no: str
    class_code: str
    sub_code: str
    class_name: str
    sub_name: str
    colour: str = Field(description="of the profession, as #rrggbb")
    size: str = Field(description="as surveyed, mm")
    width_mm: int | None
    height_mm: int | None
    material: str | None
    owner_name: str | None
    depth_m: float | None = Field(description="below the ground, where it comes nearest")
    distance_m: float
    geometry: dict[str, Any] = Field(description="GeoJSON, EPSG:4490")

    @classmethod
    def of(cls, pipe: PipeNear) -> "PipeNearOut":
        main = pipe_main_class(pipe.class_code)
        sub = pipe_class(pipe.class_code, pipe.sub_code)
        materials = {row.code: pick(row.name_zh, row.name_en) for row in pipe_materials()}
        return cls(
            id=pipe.id,
            segment_no=pipe.segment_no,
            class_code=pipe.class_code,
            sub_code=pipe.sub_code,
            class_name=pick(main.name_zh, main.name_en),
            sub_name=pick(sub.name_zh, sub.name_en),
            colour=sub.rgb_hex,
            size=pipe.size,
            width_mm=pipe.width_mm,
            height_mm=pipe.height_mm,
            material=materials.get(pipe.material or "", pipe.material),
            owner_name=pick(pipe.owner_zh, pipe.owner_en or pipe.owner_zh) if pipe.owner_zh else None,
            depth_m=None if pipe.depth_m is None else round(pipe.depth_m, 2),
            distance_m=round(pipe.distance_m, 2),
            geometry=pipe.geometry,
        )


class ComponentNearOut(BaseModel):
    """部件: a component near the place."""

    code: str
    class_code: str
    class_name: str
    name: str
    state: str
    maintainer_code: str | None
    lon: float
    lat: float
    distance_m: float

    @classmethod
    def of(cls, found: Nearby) -> "ComponentNearOut":
        return cls(
            code=found.code,
            class_code=found.class_code,
            class_name=class_name(CITY_EDITION, "component", found.class_code),
            name=found.name,
            state=found.state,
            maintainer_code=found.maintainer_code,
            lon=round(found.lon, 8),
            lat=round(found.lat, 8),
            distance_m=round(found.distance_m, 2),
        )


class CaseNearOut(CaseOut):
    """An open case near by, and how far."""

    distance_m: float


class SurroundingsOut(BaseModel):
    """Each list nearest first."""

    pipes: list[PipeNearOut]
    components: list[ComponentNearOut]
    cases: list[CaseNearOut]


@router.get("/{case_no}/surroundings")
def read_surroundings(session: DbSession, actor: Actor, case_no: str) -> SurroundingsOut:
    """Pipes within 10 m of a case's place, components within 20 m, open cases within 100 m."""
    around = surroundings_of(session, actor, get_case(session, actor, case_no))
    return SurroundingsOut(
        pipes=[PipeNearOut.of(pipe) for pipe in around.pipes],
        components=[ComponentNearOut.of(found) for found in around.components],
        cases=[
            CaseNearOut(**CaseOut.of(case, actor).model_dump(), distance_m=round(distance_m, 1))
            for case, distance_m in around.cases
        ],
    )
