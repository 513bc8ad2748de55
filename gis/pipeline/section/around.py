"""What the database knows around section lines, as plain rows: all that a section is computed from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

Geometries = NDArray[np.object_]


class Segment(NamedTuple):
    """A line that a section may cut; columns as of ``pipe_segment``, with what its two ends say.

    ``wkb`` is its plan in the city's CRS, from its start to its end.
    """

    id: int
    segment_no: str
    class_code: str
    sub_code: str
    size: str
    width_mm: int | None
    height_mm: int | None
    material: str | None
    laying: str | None
    pressure_band: str | None
    pressure_mpa: float | None
    owner_zh: str | None
    owner_en: str | None
    year_laid: int | None
    usage_status: str
    road_name: str
    total_holes: int | None
    used_holes: int | None
    start_point_id: int
    end_point_id: int
    start_point_no: str
    end_point_no: str
    start_ground: float | None
    end_ground: float | None
    start_level: float | None
    end_level: float | None
    start_depth_m: float | None
    end_depth_m: float | None
    wkb: bytes


class Point(NamedTuple):
    """A pipe point near a section."""

    id: int
    point_no: str
    class_code: str
    sub_code: str
    appendage: str
    ground_level: float | None
    well_depth_m: float | None
    easting: float
    northing: float


class Road(NamedTuple):
    """A road by its axis; widths between the property lines and between the kerbs, metres."""

    name_zh: str
    name_en: str
    width_m: float | None
    carriageway_m: float | None
    axis: shapely.Geometry


class Building(NamedTuple):
    """A building by its footprint."""

    name: str
    height_m: float | None
    footprint: shapely.Geometry


@dataclass(frozen=True)
class Around:
    """All rows; ``lines`` are the segments' plans, shape (n,), in the order of ``segments``."""

    segments: Sequence[Segment]
    lines: Geometries
    points: Sequence[Point] = ()
    roads: Sequence[Road] = ()
    buildings: Sequence[Building] = ()

    @classmethod
    def of(
        cls,
        segments: Sequence[Segment],
        points: Sequence[Point] = (),
        roads: Sequence[Road] = (),
        buildings: Sequence[Building] = (),
    ) -> "Around":
        lines = np.atleast_1d(shapely.from_wkb([row.wkb for row in segments]))
        return cls(segments, lines, points, roads, buildings)
