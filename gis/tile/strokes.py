"""Lines of an overview: pieces that go on straight become one, bends too small to be seen and stubs go.

A net of streets falls into as many lines as it has blocks when lines end at every junction. Drawn as strokes
that go on through junctions, a straight street is two points however many houses are joined to it.
"""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Lines = NDArray[Any]  # of shapely LineStrings
ROUND_M = 0.01  # ends closer than this are one
STRAIGHT = np.cos(np.radians(45.0))  # pieces that turn by less go on as one


def overview(lines: Lines, half_pixel: float) -> Lines:
    """Return the lines to be drawn for some lines of one kind.

    Parameters
    ----------
    lines : array of LineStrings, shape (n,), metres; their order means nothing
    half_pixel : tolerance, metres

    Returns
    -------
    array of LineStrings, shape (m,), m <= n
        Every place of the input lies within two pixels of one of them, and none lies further off the input.
        What is shorter than a pixel stays where nothing longer is drawn beside it.
    """
    drawn = shapely.simplify(strokes(lines), half_pixel, preserve_topology=False)
    pixel = 2 * half_pixel
    length = shapely.length(drawn)
    is_long = length >= pixel
    long, short = drawn[is_long], drawn[~is_long]
    if len(long) and len(short):
        covered, _by = shapely.STRtree(long).query(
            shapely.centroid(short), predicate="dwithin", distance=pixel
        )
        kept = np.ones(len(short), dtype=bool)
        kept[covered] = False
        short = short[kept]
    return np.concatenate([long, short])


def strokes(lines: Lines) -> Lines:
    """Join lines end to end where one goes on in the direction of another; the same for any order of them.

    At a junction the pair that turns least is joined first, then the next; what turns by 45 degrees or more
    is not joined.
    """
    lines = lines[shapely.get_num_points(lines) >= 2]
    lines = lines[np.argsort(shapely.to_wkb(lines), kind="stable")]
    if not len(lines):
        return lines
    points, index = shapely.get_coordinates(lines, return_index=True)
    begin = np.searchsorted(index, np.arange(len(lines)))
    end = np.append(begin[1:], len(points)) - 1
    # Ends are numbered: 2 i is where line i begins, 2 i + 1 where it ends.
    place = np.empty((2 * len(lines), 2))
    place[0::2], place[1::2] = points[begin], points[end]
    outward = np.empty_like(place)
    outward[0::2] = points[begin] - points[begin + 1]
    outward[1::2] = points[end] - points[end - 1]
    size = np.hypot(outward[:, 0], outward[:, 1])
    outward /= np.where(size > 0, size, 1.0)[:, None]
    partner = _partners(place, outward)
    chains = _chains(partner)
    parts = []
    for chain in chains:
        for position, e in enumerate(chain):
            part = points[begin[e >> 1] : end[e >> 1] + 1][:: 1 if e % 2 == 0 else -1]
            parts.append(part[1:] if position else part)  # where two meet stands once
    number = np.repeat(np.arange(len(chains)), [len(chain) for chain in chains])
    sizes = [len(part) for part in parts]
    return np.asarray(shapely.linestrings(np.concatenate(parts), indices=np.repeat(number, sizes)))


def _partners(place: NDArray[np.float64], outward: NDArray[np.float64]) -> NDArray[np.int64]:
    """For each end the end it goes on with, or -1."""
    _nodes, node = np.unique(np.round(place / ROUND_M).astype(np.int64), axis=0, return_inverse=True)
    node = node.ravel()
    order = np.argsort(node, kind="stable")
    starts = np.flatnonzero(np.diff(node[order], prepend=-1))
    degree = np.diff(np.append(starts, len(order)))
    partner = np.full(len(place), -1, dtype=np.int64)
    two = starts[degree == 2]
    a, b = order[two], order[two + 1]
    # A line that ends where it begins goes on with nothing: it is a ring.
    straight = (-(outward[a] * outward[b]).sum(axis=1) > STRAIGHT) & (a >> 1 != b >> 1)
    partner[a[straight]], partner[b[straight]] = b[straight], a[straight]
    for start, count in zip(starts[degree > 2], degree[degree > 2], strict=True):
        ends = order[start : start + count]
        cosine = -(outward[ends] @ outward[ends].T)
        one, other = np.triu_indices(count, 1)
        for pair in np.argsort(-cosine[one, other], kind="stable"):
            i, j = ends[one[pair]], ends[other[pair]]
            if cosine[one[pair], other[pair]] <= STRAIGHT:
                break
            if partner[i] < 0 and partner[j] < 0 and i >> 1 != j >> 1:
                partner[i], partner[j] = j, i
    return partner


def _chains(partner: NDArray[np.int64]) -> list[list[int]]:
    """Lines in the order they are gone along, each by the end it is entered at."""
    following = partner.tolist()
    seen = [False] * (len(following) // 2)
    chains = []
    open_ends = [end for end, next_end in enumerate(following) if next_end < 0]
    # What has no open end is a ring of several lines; it is entered at its first.
    for first in (*open_ends, *range(0, len(following), 2)):
        if seen[first >> 1]:
            continue
        chain, end = [], first
        while end >= 0 and not seen[end >> 1]:
            seen[end >> 1] = True
            chain.append(end)
            end = following[end ^ 1]
        chains.append(chain)
    return chains
