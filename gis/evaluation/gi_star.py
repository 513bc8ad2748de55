"""Getis-Ord Gi*: where neighbouring cells have more than their share of a count, and how likely by chance.

The statistic is that of PySAL (``esda``). Its probability is not the normal one, which on rare counts calls
three cases in nine cells a wonder: it is the one that permutations converge to, worked out whole instead of
drawn, so that the same counts have the same answer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import comb
from scipy.stats import false_discovery_control

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class GiStar:
    """Of each cell, shape (n,).

    ``z``: the standardised statistic; ``p``: how likely so much or more around it is by chance; ``hot``: it
    stays significant when the false-discovery rate is held.
    """

    z: Floats
    p: Floats
    hot: NDArray[np.bool_]


def gi_star(counts: Counts, neighbours: sparse.csr_array, rate: float) -> GiStar:
    """Gi* of each cell with its neighbours, itself included, each of weight 1; tested for more, not for less.

    Parameters
    ----------
    counts : shape (n,), not negative
    neighbours : shape (n, n), 1 where two cells are neighbours; symmetric, nothing on the diagonal
    rate : how large a share of the cells called hot may be false (Benjamini and Hochberg)

    References
    ----------
    Ord and Getis 1995, Geographical Analysis 27(4), equation 14.
    """
    if counts.min(initial=0) == counts.max(initial=0):
        nothing = np.zeros(counts.size)
        return GiStar(nothing, nothing + 1, nothing.astype(bool))
    p = chance(counts, neighbours)
    return GiStar(_standardised(counts, neighbours), p, false_discovery_control(p, method="bh") <= rate)


def _standardised(counts: Counts, neighbours: sparse.csr_array) -> Floats:
    # Here, since it brings scikit-learn and pandas: seconds and 100 MB that nothing else here needs.
    from esda.getisord import G_Local
    from libpysal.graph import Graph

    graph = Graph.from_sparse(neighbours).assign_self_weight(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = G_Local(counts, graph, transform="B", star=True, permutations=0).Zs
    # Next to every other cell: the share is the whole, and nothing can be said.
    return np.nan_to_num(np.asarray(z, dtype=np.float64), nan=0.0, posinf=0.0, neginf=0.0)


def chance(counts: Counts, neighbours: sparse.csr_array) -> Floats:
    """How likely a cell and its k neighbours have so much or more together, were all counts shuffled.

    Any k + 1 of the n counts are as likely to lie there, which is what the moments of Gi* suppose, too. The
    number of choices by their sum is the coefficient of a product over the values there are, so no choice is
    drawn. Exact but for rounding (1e-12).

    Returns
    -------
    shape (n,), 0–1
    """
    sizes = np.diff(neighbours.indptr) + 1
    sums = np.asarray(neighbours @ counts).astype(np.int64) + counts
    ways = _ways(counts, int(sizes.max(initial=1)), int(sums.max(initial=0)))
    less = np.cumsum(ways, axis=1) - ways  # choices whose sum is smaller
    found: Floats = 1 - less[sizes, sums] / comb(counts.size, sizes)
    return np.clip(found, 0.0, 1.0)


def _ways(counts: Counts, most: int, largest: int) -> Floats:
    """In how many ways j of the counts make the sum s; shape (most + 1, largest + 1)."""
    ways = np.zeros((most + 1, largest + 1))
    ways[0, 0] = 1.0
    for value, times in zip(*np.unique(counts, return_counts=True), strict=True):
        before = ways.copy()
        for taken in range(1, min(int(times), most) + 1):
            shift = taken * int(value)
            if shift > largest:
                break
            ways[taken:, shift:] += before[: most + 1 - taken, : largest + 1 - shift] * comb(times, taken)
    return ways
