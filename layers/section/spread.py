"""Where things stand that must not touch: columns and labels moved as little as may be."""

import numpy as np
from scipy.optimize import isotonic_regression


def spread(wanted: list[float], least: float | list[float], low: float, high: float) -> list[float]:
    """Places in ``wanted``'s order with gaps of at least ``least``, inside ``low`` to ``high``.

    Parameters
    ----------
    wanted : where each would stand by itself, rising, millimetres
    least : the gap to keep; or one for each pair of neighbours, one fewer than ``wanted``
    low, high : the room; too little of it is overrun to the right

    Returns
    -------
    list of float
        The places with the least sum of squared moves (an isotonic regression after taking off the gaps).
    """
    if not wanted:
        return []
    gaps = [least] * (len(wanted) - 1) if isinstance(least, int | float) else least
    taken = np.concatenate(([0.0], np.cumsum(gaps)))
    # On a solution without bounds, clipping is the solution with them.
    free = isotonic_regression(np.asarray(wanted) - taken).x
    return [float(place) for place in np.clip(free, low, max(low, high - taken[-1])) + taken]
