"""A few fixed places and things of the sample city, for tests and documents to point at."""

from dataclasses import dataclass

import numpy as np

from sample_data.city import make_plan, spoiled_pipes_of
from sample_data.ground import CENTRE_LONLAT
from sample_data.pipe_tables import numbers

INSIDE_LONLAT = CENTRE_LONLAT  # a place inside the city, in every size
OUTSIDE_LONLAT = (110.50, 39.82)  # a place outside it, in every size


@dataclass(frozen=True)
class FlawedSegments:
    """Numbers (``pipe_segment.segment_no``) of the segments that are wrong on purpose; see sample-city.md."""

    reversed_fall: list[str]
    thin_cover: list[str]
    without_levels: list[str]
    abandoned: list[str]


def flawed_segments(size: str, seed: int = 1) -> FlawedSegments:
    """Which segments of a city have a flaw; takes as long as laying its pipes does."""
    pipes, flaws = spoiled_pipes_of(make_plan(size, seed))
    names = np.array(numbers(pipes.sub, 7), dtype=object)
    return FlawedSegments(
        names[flaws.reversed_fall].tolist(),
        names[flaws.thin_cover].tolist(),
        names[flaws.without_levels].tolist(),
        names[flaws.abandoned].tolist(),
    )
