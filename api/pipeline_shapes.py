"""What a question about the network looks like over HTTP: the same for lists, sums and exports."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from gis.pipeline.asking import Buffer, Question
from gis.pipeline.frame import Kind

Code = Annotated[str, Field(min_length=1, max_length=40)]
Box = tuple[float, float, float, float]


class BufferIn(BaseModel):
    """A corridor along a line (GeoJSON LineString, degrees EPSG:4490) or along a road by name or code."""

    model_config = ConfigDict(extra="forbid")

    distance_m: Annotated[float, Field(gt=0, le=2000)]
    line: dict[str, Any] | None = None
    road: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class QuestionIn(BaseModel):
    """Which rows. The parts narrow each other; without any, all rows in force."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind = Kind.SEGMENTS
    filter: str | dict[str, Any] | None = Field(
        None, description="CQL2 text or CQL2 JSON over the names of GET /pipelines/attributes"
    )
    bbox: Box | None = Field(None, description="west, south, east, north in degrees")
    area: dict[str, Any] | None = Field(
        None, description="GeoJSON Polygon or MultiPolygon, degrees EPSG:4490"
    )
    buffer: BufferIn | None = None
    community: Code | None = Field(None, description="code of a community, street or district")
    grid: Code | None = Field(None, description="code of a unit grid or duty grid")
    as_of: date | None = Field(None, description="the network as it was at the end of that day")
    clip: bool = Field(False, description="take what lies inside the area, lines cut at its edge")

    def question(self) -> Question:
        """The same for :mod:`gis.pipeline`."""
        own = {name: getattr(self, name) for name in QuestionIn.model_fields if name != "buffer"}
        buffer = Buffer(**self.buffer.model_dump()) if self.buffer else None
        return Question(**own, buffer=buffer)

    def asked_again(self, narrowed: str | dict[str, Any] | None) -> dict[str, Any]:
        """The body of ``POST /pipelines/query`` for the same rows under another filter."""
        own = {name: getattr(self, name) for name in QuestionIn.model_fields if name != "filter"}
        body = QuestionIn(**own).model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        return body | ({"filter": narrowed} if narrowed else {})
