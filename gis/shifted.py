"""GCJ-02 and BD-09: the shifted longitudes and latitudes of Chinese map applications, there and back.

Neither has a published definition or an EPSG code. The formulas are the ones that every open implementation
shares. There is no formula for the way back: it is found by fixed-point iteration on the way there, which
shrinks the error at least fifty-fold at each turn, so that :data:`TURNS` of them end below the resolution
of a double.

Everything here takes and gives degrees, scalars or arrays of one shape, longitude first.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

# The ellipsoid of Krasovsky, which the formulas use although the coordinates are of WGS84.
_SEMI_MAJOR_M = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
# Where the shift is applied. Outside, map applications show WGS84, and so do the formulas.
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_BAIDU_STEP = np.pi * 3000 / 180
TURNS = 10


def gcj02_from_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Shift WGS84 to GCJ-02; outside the shifted rectangle the place comes back as it was."""
    east, north = _degrees(lon), _degrees(lat)
    east_shift, north_shift = _shift(east, north)
    shifted = _is_shifted(east, north)
    return np.where(shifted, east + east_shift, east), np.where(shifted, north + north_shift, north)


def wgs84_from_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Take the shift of GCJ-02 back. Within about 1 km of the rectangle's edge the answer is not unique."""
    east, north = _degrees(lon), _degrees(lat)
    shifted = _is_shifted(east, north)

    def there(x: Floats, y: Floats) -> Pair:
        x_shift, y_shift = _shift(x, y)
        return x + x_shift, y + y_shift

    back = _inverse(there, east, north)
    return np.where(shifted, back[0], east), np.where(shifted, back[1], north)


def bd09_from_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Shift GCJ-02 further to BD-09, the degrees of Baidu maps; they shift the whole world."""
    east, north = _degrees(lon), _degrees(lat)
    radius = np.hypot(east, north) + 0.00002 * np.sin(north * _BAIDU_STEP)
    angle = np.arctan2(north, east) + 0.000003 * np.cos(east * _BAIDU_STEP)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def gcj02_from_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Take the shift of BD-09 back, to GCJ-02."""
    return _inverse(bd09_from_gcj02, _degrees(lon), _degrees(lat))


def bd09_from_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    return bd09_from_gcj02(*gcj02_from_wgs84(lon, lat))


def wgs84_from_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    return wgs84_from_gcj02(*gcj02_from_bd09(lon, lat))


def _inverse(there: Callable[[Floats, Floats], Pair], lon: Floats, lat: Floats) -> Pair:
    """The place that ``there`` takes to ``lon``, ``lat``: each turn moves it by what is still missing."""
    x, y = lon, lat
    for _turn in range(TURNS):
        reached_x, reached_y = there(x, y)
        x, y = x + (lon - reached_x), y + (lat - reached_y)
    return x, y


def _degrees(value: ArrayLike) -> Floats:
    return np.asarray(value, dtype=np.float64)


def _is_shifted(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    return (lon >= _WEST) & (lon <= _EAST) & (lat >= _SOUTH) & (lat <= _NORTH)


def _shift(lon: Floats, lat: Floats) -> Pair:
    """By how many degrees GCJ-02 moves a place of WGS84."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    short_waves = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north_m += (short_waves + 20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi / 3.0 * y)) * 2.0 / 3.0
    north_m += (160.0 * np.sin(np.pi / 12.0 * y) + 320.0 * np.sin(np.pi / 30.0 * y)) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east_m += (short_waves + 20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi / 3.0 * x)) * 2.0 / 3.0
    east_m += (150.0 * np.sin(np.pi / 12.0 * x) + 300.0 * np.sin(np.pi / 30.0 * x)) * 2.0 / 3.0
    latitude = np.radians(lat)
    flat = 1.0 - _ECCENTRICITY_SQUARED * np.sin(latitude) ** 2
    meridian_m = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_SQUARED) / (flat * np.sqrt(flat))
    parallel_m = _SEMI_MAJOR_M / np.sqrt(flat) * np.cos(latitude)
    return np.degrees(east_m / parallel_m), np.degrees(north_m / meridian_m)
