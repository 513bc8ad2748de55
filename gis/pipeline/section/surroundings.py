"""What stands on the surface along a section: kerbs, road edges, axes, building walls. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import shapely

from gis.i18n import pick
from gis.pipeline.section.around import Building, Road
from gis.pipeline.section.line import SectionLine
from gis.pipeline.section.model import Surrounding

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
    kerbs = _stretches(line, _surface(roads, "carriageway_m"))
    edges = _stretches(line, _surface(roads, "width_m"))
    for kind, stretches in (("kerb", kerbs), ("road_edge", edges)):
        for station in (end for stretch in stretches for end in stretch):
            # Where the section itself begins or ends, the road goes on: no edge is there.
            if LEAST_M < station < line.length_m - LEAST_M:
                found.append(Surrounding(kind, station, station, _name_at(line, station, roads)))
    for road in roads:
        for station in _meetings(line, road.axis):
            found.append(Surrounding("road_axis", station, station, pick(road.name_zh, road.name_en)))
    for building in buildings:
        for low, high in _stretches(line, building.footprint):
            found.append(Surrounding("building", low, high, building.name, building.height_m))
    found.sort(key=lambda row: (row.from_m, row.kind, row.name))
    found = [row for before, row in pairwise([None, *found]) if row != before and row is not None]
    crossed = [row.name for row in found if row.kind == "road_axis"]
    return Surface(tuple(found), tuple(kerbs), next(iter(crossed), ""))


def _surface(roads: Iterable[Road], column: str) -> shapely.Geometry:
    """The ground that roads take up, as one shape; roads without a width take none."""
    widths = [(road.axis, getattr(road, column)) for road in roads]
    return shapely.union_all([shapely.buffer(axis, width / 2) for axis, width in widths if width])


def _stretches(line: SectionLine, shape: shapely.Geometry) -> list[tuple[float, float]]:
    """Where the section lies inside a shape: stations from and to, in order, those that touch as one."""
    inside = shapely.intersection(line.geometry, shape)
    found: list[tuple[float, float]] = []
    for part in shapely.get_parts(inside):
        if isinstance(part, shapely.LineString) and part.length > LEAST_M:
            stations, _off = line.locate(part.coords)
            found.append((float(stations.min()), float(stations.max())))
    merged: list[tuple[float, float]] = []
    for low, high in sorted(found):
        if merged and low - merged[-1][1] <= LEAST_M:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _meetings(line: SectionLine, axis: shapely.Geometry) -> list[float]:
    """Stations at which an axis is crossed."""
    parts = shapely.get_parts(shapely.intersection(line.geometry, axis))
    points = [part.coords[0] for part in parts if isinstance(part, shapely.Point) and not part.is_empty]
    return [float(station) for station in line.locate(points)[0]] if points else []


def _name_at(line: SectionLine, station: float, roads: Sequence[Road]) -> str:
    """The road whose surface is nearest to a station."""
    here = shapely.Point(line.places([station])[0])
    road = min(roads, key=lambda road: here.distance(road.axis) - (road.width_m or 0) / 2)
    return pick(road.name_zh, road.name_en)
