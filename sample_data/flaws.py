"""What is wrong with the sample's pipes, on purpose and listed, so that checks have something to find."""

from dataclasses import dataclass

import numpy as np

from sample_data.chance import stream
from sample_data.geometry import millimetres
from sample_data.lanes import LANES
from sample_data.lines import Bools, Ints
from sample_data.pipe_rows import Pipes

THIN_COVER_M = 0.45


@dataclass(frozen=True)
class Flaws:
    """Indexes of the segments with each flaw; no segment has two.

    Attributes
    ----------
    reversed_fall : sewers whose downstream end lies higher
    thin_cover : water mains with :data:`THIN_COVER_M` of soil above
    without_levels : mains whose levels and depths are unknown
    abandoned : out of use, still in the ground and still connected
    """

    reversed_fall: Ints
    thin_cover: Ints
    without_levels: Ints
    abandoned: Ints


def flaw_count(segments: int) -> int:
    """How many segments get each flaw."""
    return int(np.clip(segments // 1500, 3, 60))


def add_flaws(pipes: Pipes, seed: int) -> Flaws:
    """Spoil a few segments, in place."""
    chance = stream(seed, "flaws")
    names = np.array([lane.name for lane in LANES])[pipes.lane]
    main = ~pipes.is_connection
    taken = np.zeros(len(pipes.start), dtype=bool)
    count = flaw_count(len(taken))

    def choose(possible: Bools) -> Ints:
        pool = np.nonzero(possible & ~taken)[0]
        chosen = np.sort(chance.choice(pool, min(count, len(pool)), replace=False))
        taken[chosen] = True
        return np.asarray(chosen)

    fall = pipes.start_level - pipes.end_level
    sewer = (names == "foul") | (names == "storm")
    reversed_fall = choose(sewer & main & (fall > 0.05) & (fall < 1.0))
    swapped = pipes.end_level[reversed_fall].copy()
    pipes.end_level[reversed_fall] = pipes.start_level[reversed_fall]
    pipes.start_level[reversed_fall] = swapped
    thin = choose((names == "water") & main & (pipes.sub == "JP"))
    pipes.start_level[thin] = millimetres(pipes.ground[pipes.start[thin]] - THIN_COVER_M)
    pipes.end_level[thin] = millimetres(pipes.ground[pipes.end[thin]] - THIN_COVER_M)
    unknown = choose(np.isin(names, ("water", "gas", "heat supply")) & main)
    pipes.start_level[unknown] = pipes.end_level[unknown] = np.nan
    abandoned = choose(np.isin(names, ("water", "gas")) & main)
    pipes.abandoned[abandoned] = True
    return Flaws(reversed_fall, thin, unknown, abandoned)
