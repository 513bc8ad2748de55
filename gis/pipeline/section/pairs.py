"""Which cut lines stand beside or above each other, and how far. Arrays in, arrays out; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.pipeline.section.around import Geometries
from gis.pipeline.section.line import SectionLine
from gis.pipeline.section.measured import Measured

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]

PARALLEL_DEG = 30.0
NEIGHBOURS_M = 60.0  # along the section: no table asks for more, even where a line is cut at a flat angle


@dataclass(frozen=True)
class Pairs:
    """Two lines each, by their numbers in the order of stations; arrays of shape (n,).

    Attributes
    ----------
    apart : between the two axes along the section, metres
    reach : half of the two widths in the section: less apart than that, they stand one above the other
    half : half of the two widths, square to the lines
    is_parallel : whether they turn from each other by less than :data:`PARALLEL_DEG`
    """

    i: Ints
    j: Ints
    apart: Floats
    reach: Floats
    half: Floats
    is_parallel: Bools

    def only(self, chosen: Bools) -> "Pairs":
        """Those pairs."""
        return Pairs(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def pairs_of(measured: Measured) -> Pairs:
    """All pairs at most :data:`NEIGHBOURS_M` apart, but not lines that meet in a point of the network.

    A width that is not known counts as 0: the true distance is less than what is measured.
    """
    station, heading = measured.cuts.station, measured.cuts.heading
    count = np.searchsorted(station, station + NEIGHBOURS_M, side="right") - np.arange(len(station)) - 1
    i = np.repeat(np.arange(len(station)), count)
    j = i + 1 + np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count)
    ids = np.array([row.id for row in measured.segments])
    start = np.array([row.start_point_id for row in measured.segments])
    end = np.array([row.end_point_id for row in measured.segments])
    apart_in_network = ids[i] != ids[j]
    for a in (start, end):
        for b in (start, end):
            apart_in_network &= a[i] != b[j]
    turn = np.abs(np.degrees(heading[i] - heading[j])) % 180
    width, apparent = np.nan_to_num(measured.width), np.nan_to_num(measured.apparent_width)
    return Pairs(
        i=i,
        j=j,
        apart=station[j] - station[i],
        reach=(apparent[i] + apparent[j]) / 2,
        half=(width[i] + width[j]) / 2,
        is_parallel=np.minimum(turn, 180 - turn) < PARALLEL_DEG,
    ).only(apart_in_network)


def side_by_side(
    pairs: Pairs, least: Floats, line: SectionLine, measured: Measured, plans: Geometries
) -> tuple[Pairs, Floats]:
    """Pairs nearer than ``least`` (shape (n,), NaN: not asked), and how far they are face to face.

    Nearly parallel lines are measured in plan, from where the section cuts either to the other's axis: cut at
    a flat angle, they seem farther apart than they are. Others are measured along the section. Those that
    cross in plan stand side by side nowhere.
    """
    sine = np.sin(np.radians(measured.cuts.angle_deg))
    # First as if the lines went on straight: only what is near then is worth measuring.
    flat = pairs.apart * np.minimum(sine[pairs.i], sine[pairs.j]) - pairs.half
    in_section = pairs.apart - pairs.reach
    near = np.where(pairs.is_parallel, flat, in_section) < least
    pairs, least, in_section = pairs.only(near), least[near], in_section[near]
    here = np.asarray(shapely.points(line.places(measured.cuts.station)), dtype=object)
    plan = np.minimum(
        np.asarray(shapely.distance(here[pairs.i], plans[pairs.j]), float),
        np.asarray(shapely.distance(here[pairs.j], plans[pairs.i]), float),
    )
    crossing = ~pairs.is_parallel & shapely.intersects(plans[pairs.i], plans[pairs.j])
    gap = np.asarray(np.where(pairs.is_parallel, plan - pairs.half, in_section), float).round(3)
    close = (gap < least) & ~crossing
    return pairs.only(close), gap[close]


def one_above_the_other(pairs: Pairs, measured: Measured) -> tuple[Pairs, Floats]:
    """Pairs whose outlines overlap along the section, and the height between them; NaN where unknown.

    It is bottom of the upper less crown of the lower, below 0 where they run through each other.
    """
    pairs = pairs.only(pairs.apart < pairs.reach)
    is_first_upper = measured.centre[pairs.i] >= measured.centre[pairs.j]
    upper = np.where(is_first_upper, pairs.i, pairs.j)
    lower = np.where(is_first_upper, pairs.j, pairs.i)
    return pairs, np.round(measured.invert[upper] - measured.crown[lower], 3)


def numbered(words: Sequence[str | None]) -> tuple[Ints, list[str | None]]:
    """Words as numbers, and the words by their numbers."""
    known = list(dict.fromkeys(words))
    number = {word: index for index, word in enumerate(known)}
    return np.array([number[word] for word in words], dtype=np.intp), known
