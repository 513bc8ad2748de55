"""What stands on the surface along a section: kerbs, road edges, axes, building walls. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
import shapely

from gis.i18n import pick
from gis.pipeline.section.around import Building, Geometries, Road
from gis.pipeline.section.line import SectionLine
from gis.pipeline.section.model import Surrounding

Owner = TypeVar("Owner")
End = tuple[float, Owner]  # station, and whose edge is there
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


def surface_of(line: SectionLine, roads: Sequence[Road], buildings: Sequence[Building]) -> Surface:
    """Kerbs and edges lie half a width from the axis; where roads meet, they end where the other's begin."""
    found: list[Surrounding] = []
    names = [pick(road.name_zh, road.name_en) for road in roads]
    kerbs = _merged(_inside(line, _surfaces(roads, "carriageway_m"), names))
    edges = _merged(_inside(line, _surfaces(roads, "width_m"), names))
    for kind, stretches in (("kerb", kerbs), ("road_edge", edges)):
        for station, name in (end for stretch in stretches for end in stretch):
            # Where the section itself begins or ends, the road goes on: no edge is there.
            if LEAST_M < station < line.length_m - LEAST_M:
                found.append(Surrounding(kind, station, station, name))
    for station, name in _meetings(line, [road.axis for road in roads], names):
        found.append(Surrounding("road_axis", station, station, name))
    walls = _inside(line, [building.footprint for building in buildings], list(buildings))
    for (low, building), (high, _same) in walls:
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


def _inside(
    line: SectionLine, shapes: Sequence[shapely.Geometry] | Geometries, owners: Sequence[Owner]
) -> list[tuple[End[Owner], End[Owner]]]:
    """Where the section lies inside shapes: stations from and to, each with whose shape it is."""
    met = shapely.intersection(line.geometry, np.asarray(shapes, dtype=object))
    parts, shape = shapely.get_parts(met, return_index=True)
    is_stretch = shapely.length(parts) > LEAST_M
    parts, shape = parts[is_stretch], shape[is_stretch]
    if not len(parts):
        return []
    xy, part = shapely.get_coordinates(parts, return_index=True)
    station, _off = line.locate(xy)
    begins = np.searchsorted(part, np.arange(len(parts)))
    low, high = np.minimum.reduceat(station, begins), np.maximum.reduceat(station, begins)
    rows = zip(low.tolist(), high.tolist(), shape.tolist(), strict=True)
    return [((start, owners[index]), (end, owners[index])) for start, end, index in rows]


def _merged(stretches: list[tuple[End[str], End[str]]]) -> list[tuple[End[str], End[str]]]:
    """In order, and those that touch as one."""
    merged: list[tuple[End[str], End[str]]] = []
    for low, high in sorted(stretches):
        if merged and low[0] - merged[-1][1][0] <= LEAST_M:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _meetings(line: SectionLine, axes: Sequence[shapely.Geometry], names: Sequence[str]) -> list[End[str]]:
    """Stations at which axes are crossed."""
    met = shapely.intersection(line.geometry, np.asarray(axes, dtype=object))
    parts, axis = shapely.get_parts(met, return_index=True)
    is_point = shapely.get_dimensions(parts) == 0
    station, _off = line.locate(shapely.get_coordinates(parts[is_point]))
    return [(at, names[index]) for at, index in zip(station.tolist(), axis[is_point].tolist(), strict=True)]
