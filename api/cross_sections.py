"""横断面 over HTTP: across a street, or a series of them along an axis."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.detached import allow_detached
from api.pipeline_access import READERS
from api.section_shapes import RESPONSES, WantedFormat, cross_section_out
from gis.crs import parse_crs
from gis.database import transaction
from gis.pipeline.section.cross_section import cross_section, cross_sections
from gis.pipeline.section.line import section_line
from gis.pipeline.section.model import CrossSection
from gis.pipeline.section.series import LONGEST_AXIS_M, MOST_SECTIONS, axis_of_road, lines_across
from gis.standard.tables import pipe_main_class
from layers.section import dxf
from layers.section.cross_section import draw_cross_section

# Drawing takes longer than reading: no connection is kept for it.
router = APIRouter(
    prefix="/api/v1/pipelines", tags=["pipelines"], dependencies=[Depends(allow_detached(*READERS))]
)


class LineIn(BaseModel):
    """A line as GeoJSON has it."""

    type: Literal["LineString"] = "LineString"
    coordinates: list[list[float]] = Field(description="longitude and latitude, or as crs says")


class AskedIn(BaseModel):
    """What both ask for."""

    crs: str | None = Field(None, description="of the coordinates; EPSG:4490 when empty")
    as_of: date | None = Field(None, description="the network as it was on this day")
    class_codes: Annotated[list[str], Field(max_length=20)] = Field(
        default=[], description="main classes such as JS; all when empty"
    )

    @property
    def classes(self) -> Sequence[str]:
        """Main classes by their codes; UnknownCode for what names none."""
        return [pipe_main_class(code).class_code for code in self.class_codes]


class CrossSectionIn(AskedIn):
    """The line of a section; stations run along it."""

    line: LineIn
    name: Annotated[str, Field(max_length=20)] = Field("", description="section number on the sheet, 1-1")


class SeriesIn(AskedIn):
    """Sections across an axis, from its left to its right."""

    axis: LineIn | int | str = Field(description="a line, or a road by its id or code")
    every_m: float
    half_width_m: float
    most: int = Field(MOST_SECTIONS, ge=1, le=MOST_SECTIONS, description="refuse to make more")


@router.post("/cross-section", responses=RESPONSES)
def read_cross_section(body: CrossSectionIn, wanted: WantedFormat) -> Response:
    """What a line across the street cuts: levels, sizes, spacing, wells, ground, what is too close."""
    section = section_of(body)
    return wanted.answer(
        f"section-{section.name or 'cross'}",
        lambda: cross_section_out(section),
        lambda options: [draw_cross_section(section, options)],
        lambda options: dxf.cross_section(section, options),
    )


@router.post("/cross-sections", responses=RESPONSES)
def read_cross_sections(body: SeriesIn, wanted: WantedFormat) -> Response:
    """A series of sections along an axis every so many metres: data, a PDF of sheets, one DXF."""
    sections = series_of(body)
    return wanted.answer(
        "sections",
        lambda: {"items": [cross_section_out(section) for section in sections]},
        lambda options: [draw_cross_section(section, options) for section in sections],
        lambda options: dxf.series(sections, options),
    )


def section_of(body: CrossSectionIn) -> CrossSection:
    """The section that a request asks for, read in a transaction of its own."""
    line = section_line(body.line.coordinates, parse_crs(body.crs))
    with transaction() as session:
        return cross_section(session, line, body.as_of, body.classes, body.name)


def series_of(body: SeriesIn) -> list[CrossSection]:
    """The sections that a request asks for, read in a transaction of its own."""
    with transaction() as session:
        axis = (
            section_line(
                body.axis.coordinates, parse_crs(body.crs), longest_m=LONGEST_AXIS_M, pointer="/axis"
            )
            if isinstance(body.axis, LineIn)
            else axis_of_road(session, body.axis)
        )
        lines = lines_across(axis, body.every_m, body.half_width_m, body.most)
        return cross_sections(session, lines, body.as_of, body.classes)
