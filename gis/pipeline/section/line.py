"""The line of a cross-section: what may be one, and how stations run along it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from gis.crs import DOOR_SRID, to_city_many
from gis.errors import InvalidInput, OutsideCity
from gis.i18n import _

Floats = NDArray[np.float64]
LONGEST_M = 5000.0
SHORTEST_M = 0.01
MOST_VERTICES = 200
FARTHEST_M = 1e8  # beyond any place on earth in any projection


@dataclass(frozen=True)
class SectionLine:
    """A polyline in the city's CRS, metres; ``xy`` has shape (n, 2), n ≥ 2, no vertex twice in a row."""

    xy: Floats

    @classmethod
    def through(cls, places: Iterable[Sequence[float]]) -> "SectionLine":
        """The line through places of the city's CRS that were checked before."""
        return cls(np.array(list(places), dtype=float))

    @cached_property
    def stations(self) -> Floats:
        """Station of each vertex, metres from the beginning."""
        steps = np.hypot(*np.diff(self.xy, axis=0).T)
        return np.concatenate([[0.0], np.cumsum(steps)])

    @property
    def length_m(self) -> float:
        return float(self.stations[-1])

    @cached_property
    def geometry(self) -> shapely.LineString:
        return shapely.LineString(self.xy)

    def piece_at(self, station_m: ArrayLike) -> NDArray[np.intp]:
        """Number of the straight piece that a station lies on; the later one at a vertex."""
        found = np.searchsorted(self.stations, station_m, side="right") - 1
        return np.clip(found, 0, len(self.xy) - 2)

    def directions(self) -> Floats:
        """Unit vector of each straight piece, shape (n - 1, 2)."""
        step = np.diff(self.xy, axis=0)
        unit: Floats = step / np.hypot(*step.T)[:, None]
        return unit

    def places(self, station_m: ArrayLike) -> Floats:
        """Easting and northing at stations, shape (k, 2)."""
        station = np.asarray(station_m, float).reshape(-1)
        at = self.piece_at(station)
        found: Floats = self.xy[at] + self.directions()[at] * (station - self.stations[at])[:, None]
        return found

    def locate(self, xy: ArrayLike) -> tuple[Floats, Floats]:
        """Of points: station of the nearest place on the line, and how far to the left (right: below 0)."""
        points = np.asarray(xy, float).reshape(-1, 2)
        unit, length = self.directions(), np.diff(self.stations)
        reach = points[:, None, :] - self.xy[None, :-1, :]
        along = np.clip((reach * unit).sum(axis=2), 0.0, length)
        off = reach - along[..., None] * unit
        best = np.hypot(off[..., 0], off[..., 1]).argmin(axis=1)
        row = np.arange(len(points))
        offset = np.hypot(*off[row, best].T)
        side = unit[best, 0] * off[row, best, 1] - unit[best, 1] * off[row, best, 0]
        return self.stations[best] + along[row, best], np.where(side < 0, -offset, offset)


def section_line(
    coordinates: Sequence[Sequence[float]],
    srid: int = DOOR_SRID,
    *,
    longest_m: float = LONGEST_M,
    pointer: str = "/line",
) -> SectionLine:
    """Check what somebody drew, and bring it into the city's CRS. Points given twice in a row count once.

    Raises
    ------
    InvalidInput
        Fewer than two points, too many, not finite, no length, too long, or crossing or touching itself.
    OutsideCity
        The projection does not reach there.
    """

    def refuse(words: str) -> InvalidInput:
        return InvalidInput(words, errors=[{"pointer": pointer, "detail": words}])

    if len(coordinates) < 2:
        raise refuse(
            _("A section line needs two points at least; {count} came").format(count=len(coordinates))
        )
    if len(coordinates) > MOST_VERTICES:
        raise refuse(
            _("A section line has {most} points at most; {count} came").format(
                most=MOST_VERTICES, count=len(coordinates)
            )
        )
    if any(len(place) < 2 for place in coordinates):
        raise refuse(_("Each point of a section line is a pair of longitude and latitude"))
    given = np.array([place[:2] for place in coordinates], dtype=float)
    if not np.isfinite(given).all():
        raise refuse(_("The section line has coordinates that are not numbers"))
    xy = np.column_stack(to_city_many(given[:, 0], given[:, 1], srid))
    if not np.isfinite(xy).all() or np.abs(xy).max() > FARTHEST_M:
        raise OutsideCity(_("The section line lies outside the city"), errors=[{"pointer": pointer}])
    moved = np.concatenate([[True], np.hypot(*np.diff(xy, axis=0).T) > 1e-6])
    line = SectionLine(xy[moved])
    if len(line.xy) < 2 or line.length_m < SHORTEST_M:
        raise refuse(_("The section line has no length: all its points are one place"))
    if line.length_m > longest_m:
        raise refuse(
            _("The section line is {length:.0f} m long; {longest:.0f} m is the most").format(
                length=line.length_m, longest=longest_m
            )
        )
    if not line.geometry.is_simple or line.geometry.is_closed:
        raise refuse(_("The section line crosses or touches itself: stations along it would mean two places"))
    return line
