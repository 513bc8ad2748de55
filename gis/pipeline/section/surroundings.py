"""What stands on the surface along a section: kerbs, road edges, axes, building walls. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from gis.i18n import pick
from gis.pipeline.section.around import Building, Geometries, Road
from gis.pipeline.section.line import SectionLine
from gis.pipeline.section.model import Surrounding

End = tuple[float, str]  # station, and whose edge is there
LEAST_M = 0.001  # what is shorter along the section is a touch


@dataclass(frozen=True)
class Surface:
    """``carriageways``: stretches between kerbs, from and to, in order."""

    surroundings: tuple[Surrounding, ...]
    carriageways: tuple[tuple[float, float], ...]
    place: str = ""  # the first road that the section crosses

    def is_carriageway(self, station_m: float) -> bool:
        """Whether wheels roll above that station."""
        return any(low <= station_m <= high for low, high in self.carriageways)


def surface_of(line: SectionLine, roads: Sequence[Road], buildings: Iterable[Building]) -> Surface:
    """Kerbs and edges lie half a width from the axis; where roads meet, they end where the other's begin."""
    found: list[Surrounding] = []
    names = [pick(road.name_zh, road.name_en) for road in roads]
    kerbs = _stretches(line, _surfaces(roads, "carriageway_m"), names)
    edges = _stretches(line, _surfaces(roads, "width_m"), names)
    for kind, stretches in (("kerb", kerbs), ("road_edge", edges)):
        for station, name in (end for stretch in stretches for end in stretch):
            # Where the section itself begins or ends, the road goes on: no edge is there.
            if LEAST_M < station < line.length_m - LEAST_M:
                found.append(Surrounding(kind, station, station, name))
    for road in roads:
        for station in _meetings(line, road.axis):
            found.append(Surrounding("road_axis", station, station, pick(road.name_zh, road.name_en)))
    for building in buildings:
        for (low, _name), (high, _same) in _stretches(line, [building.footprint], [building.name]):
            found.append(Surrounding("building", low, high, building.name, building.height_m))
    found.sort(key=lambda row: (row.from_m, row.kind, row.name))
    found = [row for before, row in pairwise([None, *found]) if row != before and row is not None]
    crossed = [row.name for row in found if row.kind == "road_axis"]
    carriageways = tuple((low, high) for (low, _left), (high, _right) in kerbs)
    return Surface(tuple(found), carriageways, next(iter(crossed), ""))


def _surfaces(roads: Iterable[Road], column: str) -> Geometries:
    """The ground that each road takes up; roads without a width take none."""
    half = np.array([getattr(road, column) or 0 for road in roads], dtype=float) / 2
    axes = np.array([road.axis for road in roads], dtype=object)
    return np.asarray(shapely.buffer(axes, half, quad_segs=4, join_style="mitre"), dtype=object)


def _stretches(
    line: SectionLine, shapes: Sequence[shapely.Geometry] | Geometries, names: Sequence[str]
) -> list[tuple[End, End]]:
    """Where the section lies inside any of the shapes, in order; each end with the name of its shape."""
    merged: list[tuple[End, End]] = []
    for low, high in sorted(_inside(line, shapes, names)):
        if merged and low[0] - merged[-1][1][0] <= LEAST_M:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _inside(
    line: SectionLine, shapes: Sequence[shapely.Geometry] | Geometries, names: Sequence[str]
) -> Iterator[tuple[End, End]]:
    inside = shapely.intersection(line.geometry, np.asarray(shapes, dtype=object))
    parts, of = shapely.get_parts(inside, return_index=True)
    for part, index in zip(parts, of.tolist(), strict=True):
        if isinstance(part, shapely.LineString) and part.length > LEAST_M:
            stations, _off = line.locate(part.coords)
            yield (float(stations.min()), names[index]), (float(stations.max()), names[index])


def _meetings(line: SectionLine, axis: shapely.Geometry) -> list[float]:
    """Stations at which an axis is crossed."""
    parts = shapely.get_parts(shapely.intersection(line.geometry, axis))
    points = [part.coords[0] for part in parts if isinstance(part, shapely.Point) and not part.is_empty]
    return [float(station) for station in line.locate(points)[0]] if points else []
