"""The ground line of a section, from what was levelled along it. Pure."""

from collections.abc import Iterable, Sequence

import numpy as np

from gis.pipeline.section.around import Point
from gis.pipeline.section.line import SectionLine
from gis.pipeline.section.measured import Floats, Measured
from gis.pipeline.section.model import GroundPoint

# A street falls by a few percent: from so near, a level is good to a few centimetres.
BESIDE_M = 2.0
SAME_STATION_M = 0.01
# So near a levelled point the terrain model is not asked: it is coarser, and the two would jump.
LEVELLED_M = 2.0


def ground_of(
    line: SectionLine,
    measured: Measured,
    points: Iterable[Point],
    terrain: tuple[Floats, Floats] | None = None,
) -> tuple[GroundPoint, ...]:
    """Ground levels in the order of stations.

    Surveyed points up to :data:`BESIDE_M` off count at their nearest station; the ground above a line that is
    cut lies between its two nodes; ``terrain`` (stations and levels, NaN where it has none) fills what lies
    between. At one station the surveyed point wins, of two the nearer one.
    """
    levelled = [row for row in points if row.ground_level is not None]
    station, offset = line.locate([(row.easting, row.northing) for row in levelled])
    # (station, how little it is worth, level, source)
    found: list[tuple[float, float, float, str]] = [
        (at, abs(off), float(row.ground_level or 0), "point")
        for row, at, off in zip(levelled, station.tolist(), offset.tolist(), strict=True)
        if abs(off) <= BESIDE_M
    ]
    nodes = zip(measured.cuts.station.tolist(), measured.ground.tolist(), strict=True)
    found += [(at, np.inf, level, "node") for at, level in nodes if level == level]
    if terrain is not None:
        known = np.sort([row[0] for row in found])
        found += [
            (at, np.inf, level, "dem")
            for at, level in zip(*(values.tolist() for values in terrain), strict=True)
            if level == level and _is_far(at, known)
        ]
    found.sort()
    kept: list[GroundPoint] = []
    for at, _worth, level, source in found:
        if not kept or at - kept[-1].station_m > SAME_STATION_M:
            kept.append(GroundPoint(at, level, source))
    return tuple(kept)


def _is_far(station: float, known: Sequence[float] | Floats) -> bool:
    at = int(np.searchsorted(known, station))
    return all(abs(known[i] - station) > LEVELLED_M for i in (at - 1, at) if 0 <= i < len(known))
