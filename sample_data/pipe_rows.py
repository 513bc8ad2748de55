"""Points and segments of pipes as columns, and how two sets of them become one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sample_data.geometry import Floats
from sample_data.lines import Bools, Ints


@dataclass
class Pipes:
    """Points and segments of all lanes, numbered from 0; NaN where a level is unknown.

    ``lane`` indexes :data:`LANES`; ``start_level`` and ``end_level`` are crown, block top or inside bottom by
    the lane; ``road`` is -1 away from roads.
    """

    lane_of_point: Ints
    xy: Floats
    kind: NDArray[np.object_]
    ground: Floats
    near: Ints
    point_road: Ints
    point_sub: NDArray[np.object_]
    lane: Ints
    sub: NDArray[np.object_]
    start: Ints
    end: Ints
    start_level: Floats
    end_level: Floats
    width_mm: Ints
    height_mm: Ints
    road: Ints
    grade: Ints
    year: Ints
    is_connection: Bools
    abandoned: Bools


def append(
    pipes: Pipes,
    at: Ints,
    xy: Floats,
    kind: str,
    level: Floats,
    near: Ints,
    levels: tuple[Floats, Floats],
    width: Ints,
    outward: bool,
    connection: Bools,
) -> Pipes:
    """Add a point beside each of the points ``at``, and a segment between.

    ``levels`` of the segment at the old and at the new point; ``outward``: drawn from the old to the new.
    """
    count, new = len(at), len(pipes.xy) + np.arange(len(at))
    first, last = (at, new) if outward else (new, at)
    first_level, last_level = levels if outward else levels[::-1]
    one = np.full(count, pipes.lane[0] if len(pipes.lane) else 0)
    road = pipes.point_road[at]
    sub = pipes.point_sub[at]
    by_point = np.full(len(pipes.xy), 0, dtype=np.intp)
    by_point[pipes.start], by_point[pipes.end] = pipes.grade, pipes.grade
    year = np.zeros(len(pipes.xy), dtype=np.intp)
    year[pipes.start], year[pipes.end] = pipes.year, pipes.year

    def plus(old: Any, added: Any) -> Any:
        return np.concatenate([old, added])

    return replace(
        pipes,
        lane_of_point=plus(pipes.lane_of_point, one), xy=plus(pipes.xy, xy),
        kind=plus(pipes.kind, np.full(count, kind, dtype=object)), ground=plus(pipes.ground, level),
        near=plus(pipes.near, near), point_road=plus(pipes.point_road, road),
        point_sub=plus(pipes.point_sub, sub), lane=plus(pipes.lane, one), sub=plus(pipes.sub, sub),
        start=plus(pipes.start, first), end=plus(pipes.end, last),
        start_level=plus(pipes.start_level, first_level), end_level=plus(pipes.end_level, last_level),
        width_mm=plus(pipes.width_mm, width), height_mm=plus(pipes.height_mm, width),
        road=plus(pipes.road, road), grade=plus(pipes.grade, by_point[at]), year=plus(pipes.year, year[at]),
        is_connection=plus(pipes.is_connection, connection),
        abandoned=plus(pipes.abandoned, np.zeros(count, dtype=bool)),
    )  # fmt: skip


def together(parts: Sequence[Pipes]) -> Pipes:
    """One numbering for all lanes."""
    shift = np.concatenate([[0], np.cumsum([len(part.xy) for part in parts])])
    for part, by in zip(parts, shift, strict=False):
        part.start, part.end = part.start + by, part.end + by
    names = list(Pipes.__dataclass_fields__)
    return Pipes(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})
