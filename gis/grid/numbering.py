"""In which order the grids of one community are numbered."""

import numpy as np
from numpy.typing import NDArray

from gis.errors import InvalidInput
from gis.i18n import _

ROW_HEIGHT_M = 100.0  # the side of a unit grid of 10,000 m²


def sequence_order(centroids: NDArray[np.float64], row_height_m: float = ROW_HEIGHT_M) -> NDArray[np.intp]:
    """Order the grids of a community west to east, row after row from north to south.

    Grids follow streets and walls, so no two centroids of a row lie exactly level. A row is a band: the
    northernmost grid that has no row yet opens one, and every grid whose centroid lies at most half a row
    height south of that centroid belongs to it. Inside a row the west comes first; where two centroids share
    an easting, the northern one, then the one that came first in the input.

    Parameters
    ----------
    centroids : array of float, shape (n, 2), metres
        Easting and northing in the city's CRS, of one community.
    row_height_m : float, metres
        The usual height of a row of grids.

    Returns
    -------
    array of int, shape (n,)
        Indexes into ``centroids``: the first is the grid numbered 1.

    Raises
    ------
    InvalidInput
        A centroid is not a finite place, or the shape is not (n, 2), or the row height is not positive.

    References
    ----------
    GB/T 30428.1: west to east, then north to south, as a Beijing draft after it says; the standard's own text
    was not available. The banding of rows is ours.
    """
    places = np.asarray(centroids, dtype=np.float64)
    if places.size == 0:
        return np.empty(0, dtype=np.intp)
    if places.ndim != 2 or places.shape[1] != 2 or not np.isfinite(places).all():
        raise InvalidInput(_("Grids can only be numbered by the easting and northing of each centroid"))
    if not row_height_m > 0:
        raise InvalidInput(_("The height of a row of grids must be above zero"))
    easting, northing = places[:, 0], places[:, 1]
    row_of = np.empty(len(places), dtype=np.intp)
    row, opened_at = -1, np.inf
    for index in np.argsort(-northing, kind="stable"):
        if opened_at - northing[index] > row_height_m / 2:
            row, opened_at = row + 1, northing[index]
        row_of[index] = row
    return np.lexsort((-northing, easting, row_of))
