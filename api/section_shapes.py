"""Sections over HTTP: as data, or drawn as the reader asks for by ``f`` or ``Accept``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Header, Query
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from gis.crs import DOOR_SRID, transformer
from gis.pipeline.section.line import SectionLine
from gis.pipeline.section.model import CrossSection
from gis.settings import CITY_SRID
from layers.section import paper, svg
from layers.section.options import DrawOptions, Paper
from layers.section.scene import Scene


class Format(StrEnum):
    """How a section is answered."""

    JSON = "json"
    SVG = "svg"
    PDF = "pdf"
    PNG = "png"
    DXF = "dxf"


MEDIA = {
    Format.JSON: "application/json",
    Format.SVG: "image/svg+xml",
    Format.PDF: "application/pdf",
    Format.PNG: "image/png",
    Format.DXF: "image/vnd.dxf",
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the section as data or drawn; DXF in metres",
        "content": {media: {} for media in MEDIA.values()},
    },
    406: {"description": "none of the formats asked for is offered"},
}


@dataclass(frozen=True)
class Wanted:
    """What the reader asks for; ``is_interactive``: an SVG for a page, without sheet and title block."""

    format: Format
    options: DrawOptions
    is_interactive: bool = False

    @property
    def draw_options(self) -> DrawOptions:
        return replace(self.options, is_sheet=not self.is_interactive)

    def answer(
        self,
        name: str,
        data: Callable[[], Any],
        scenes: Callable[[DrawOptions], Sequence[Scene]],
        dxf: Callable[[DrawOptions], bytes],
    ) -> Response:
        """The answer in that format; ``name`` is that of the file, without its ending.

        A PDF has one page a scene. A picture holds one scene only: 406 where there are more.
        """
        if self.format is Format.JSON:
            return JSONResponse(data())
        body: bytes | str
        if self.format is Format.DXF:
            body = dxf(self.draw_options)
        elif self.format is Format.PDF:
            body = paper.sheets_pdf(scenes(self.draw_options))
        else:
            pages = scenes(self.draw_options)
            if len(pages) > 1:
                raise HTTPException(406)
            body = (
                svg.render(pages[0], interactive=self.is_interactive)
                if self.format is Format.SVG
                else paper.to_png(pages[0])
            )
        file = quote(f"{name}.{self.format}")
        headers = {"content-disposition": f"inline; filename*=UTF-8''{file}", "vary": "accept"}
        return Response(body, media_type=MEDIA[self.format], headers=headers)


def wanted_format(
    f: Annotated[Format | None, Query(description="instead of Accept")] = None,
    accept: Annotated[str, Header()] = "",
) -> Format:
    """By ``f``, else the first of ``Accept`` that is offered, else data."""
    if f is not None:
        return f
    asked = [part.partition(";")[0].strip().lower() for part in accept.split(",") if part.strip()]
    for media in asked:
        if media in ("*/*", "application/*"):
            return Format.JSON
        for offered, name in MEDIA.items():
            if media in (name, "application/dxf" if offered is Format.DXF else name):
                return offered
    if asked:
        raise HTTPException(406)
    return Format.JSON


def wanted(
    format: Annotated[Format, Depends(wanted_format)],
    scale_h: Annotated[int | None, Query(description="1:n along; chosen to fit the paper when empty")] = None,
    scale_v: Annotated[int | None, Query(description="1:n in height; chosen when empty")] = None,
    paper: Annotated[Paper, Query(description="sheet; auto takes the least that fits")] = Paper.AUTO,
    title: Annotated[str, Query(max_length=80)] = "",
    sheet_no: Annotated[str, Query(max_length=20)] = "",
    interactive: Annotated[bool, Query(description="SVG for a page: no sheet, no title block")] = False,
) -> Wanted:
    """Format and drawing options of a request."""
    options = DrawOptions(scale_h=scale_h, scale_v=scale_v, paper=paper, title=title, sheet_no=sheet_no)
    return Wanted(format, options, interactive)


WantedFormat = Annotated[Wanted, Depends(wanted)]


def cross_section_out(section: CrossSection) -> dict[str, Any]:
    """A cross-section as JSON: the fields of the model, to the millimetre, places in degrees of EPSG:4490."""
    line = SectionLine.through(section.line)
    crossings = [plain(row) for row in section.crossings]
    for row, place in zip(
        crossings, degrees(line.places([row["station_m"] for row in crossings])), strict=True
    ):
        row["lon"], row["lat"] = place
    return {
        "name": section.name,
        "place": section.place,
        "as_of": section.as_of.isoformat() if section.as_of else None,
        "length_m": round(section.length_m, 3),
        "line": {"type": "LineString", "coordinates": degrees(line.xy)},
        "crossings": crossings,
        "wells": [plain(row) for row in section.wells],
        "ground": [plain(row) for row in section.ground],
        "surroundings": [plain(row) for row in section.surroundings],
        "findings": [plain(row) for row in section.findings],
        "along": [plain(row) for row in section.along],
    }


def plain(row: Any) -> dict[str, Any]:
    """A row of a section as JSON takes it: numbers to the millimetre, dates as text."""
    return {name: _plain(getattr(row, name)) for name in row.__dataclass_fields__}


def degrees(xy: Any) -> list[tuple[float, float]]:
    """Places of the city's CRS as longitude and latitude, to a millimetre."""
    lon, lat = transformer(CITY_SRID, DOOR_SRID).transform(xy[:, 0], xy[:, 1])
    return list(zip(lon.round(8).tolist(), lat.round(8).tolist(), strict=True))


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    return value.isoformat() if isinstance(value, date) else value
