"""分级: values of a map into a few classes, each value into exactly one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.errors import InvalidInput
from gis.i18n import N_, _

Floats = NDArray[np.float64]
MOST_CLASSES = 5
HOW = {
    "quantile": N_("Equally many in each class"),
    "equal": N_("Equally wide classes"),
}


@dataclass(frozen=True)
class ValueClass:
    """One class: more than ``above`` (of the first: from it on), at most ``most``.

    ``count`` values lie in it.
    """

    no: int
    above: float
    most: float
    count: int
    first: bool = False


def class_edges(values: Floats, how: str, classes: int = MOST_CLASSES) -> Floats:
    """The upper ends of the classes, rising; the last is the greatest value.

    Parameters
    ----------
    values : shape (n,), finite
    how : a key of :data:`HOW`. With ``quantile`` equal values stay together, and a value that is a class's
        share or more by itself makes a class of its own; the others share what classes are left.

    Raises
    ------
    InvalidInput
        There is no such way to divide.
    """
    if how not in HOW:
        raise InvalidInput(
            _("Unknown classes {how}; known: {known}").format(how=how[:40], known=", ".join(HOW)),
            errors=[{"pointer": "/breaks"}],
        )
    if not values.size:
        return np.empty(0)
    if how == "equal":
        return np.unique(np.linspace(values.min(), values.max(), classes + 1)[1:])
    return _equally_many(*np.unique(values, return_counts=True), classes)


def _equally_many(distinct: Floats, counts: NDArray[np.int64], classes: int) -> Floats:
    heaped = np.zeros(distinct.size, dtype=bool)
    left, free = int(counts.sum()), classes
    while free > 0 and (more := ~heaped & (counts >= left / free)).any():
        heaped |= more
        left, free = left - int(counts[more].sum()), free - int(more.sum())
    ends, inside = [], 0
    for at, (count, alone) in enumerate(zip(counts, heaped, strict=True)):
        share = left / max(free, 1)
        # Closed where that comes nearer to a class's share than going on.
        if inside and (alone or (free > 1 and inside + count - share > share - inside)):
            ends.append(distinct[at - 1])
            left, free, inside = left - inside, free - 1, 0
        if alone:
            ends.append(distinct[at])
        else:
            inside += int(count)
    if inside:
        ends.append(distinct[-1])
    return np.array(ends)


def classify(
    values: Floats, how: str, zero_apart: bool = False
) -> tuple[NDArray[np.int64], list[ValueClass]]:
    """The class of each value, from 0 on, and the classes for a legend.

    ``zero_apart``: what is 0 makes a class of its own, the first one; numbers are divided without it.
    """
    divided = values[values != 0] if zero_apart else values
    edges = class_edges(divided, how)
    if zero_apart and values.size:
        edges = np.concatenate(([0.0], edges))
    found = np.searchsorted(edges, values, side="left")
    counts = np.bincount(found, minlength=edges.size)
    lowest = values[:0] if not values.size else np.array([0.0 if zero_apart else values.min()])
    lows = np.concatenate((lowest, edges[:-1]))
    return found, [
        ValueClass(no, float(low), float(edge), int(count), first=no == 0)
        for no, (low, edge, count) in enumerate(zip(lows, edges, counts, strict=True))
    ]
