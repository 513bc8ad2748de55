"""Where the coordinates of a survey lie: which runs north, in which system, in which zone; told by the city.

A Chinese survey table has X north and Y east; GIS has it the other way round. Eastings may begin with the
number of the zone (37 563 254 for 563 254 in zone 37). Neither is ever guessed in silence: what fits the
city's bounds is taken and said; where both orders fit, the sender is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from geoalchemy2.shape import to_shape
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from sqlalchemy.orm import Session

from gis.crs import DOOR_SRID, SHIFTED, crs_name, in_degrees, parse_crs, to_city_many
from gis.errors import InvalidInput
from gis.exchange.city_frame import the_city
from gis.i18n import _
from gis.settings import CITY_SRID
from gis.survey.options import AUTO, SurveyOptions

Floats = NDArray[np.float64]
SAMPLED = 2000
MOST_FIT = 0.5  # the share of places that must lie in the city for an order or system to fit
FIRST_ZONED, LAST_ZONED = 12e6, 46e6  # eastings with a zone number: 13 to 23 of 6°, 25 to 45 of 3°
MILLIMETRES_FROM = 1e8
# CGCS2000 / Gauss-Krüger, EPSG: (first zone, code with zone number, code by meridian, how many)
_FAMILIES = ((13, 4491, 4502, 11), (25, 4513, 4534, 21))
Note = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class City:
    """The bounds of the city, metres in its CRS; ``near`` is half as wide again on each side."""

    bounds: tuple[float, float, float, float]

    @classmethod
    def of(cls, session: Session) -> City:
        """The city of a database; Conflict where there is none."""
        west, south, east, north = to_shape(the_city(session).boundary).bounds
        return cls((west, south, east, north))

    def holds(self, easting: Floats, northing: Floats, margin: float = 0.0) -> NDArray[np.bool_]:
        """Which places lie in the bounds, widened by a share of their size."""
        west, south, east, north = self.bounds
        wide, high = (east - west) * margin, (north - south) * margin
        inside: NDArray[np.bool_] = (
            (easting >= west - wide)
            & (easting <= east + wide)
            & (northing >= south - high)
            & (northing <= north + high)
        )
        return inside


@dataclass(frozen=True)
class System:
    """How coordinates of a table become places in the city.

    ``source``: an EPSG code or one of :data:`gis.crs.SHIFTED`, or a system that only the file describes.
    ``x_is_north``: of the first coordinate. ``factor`` to metres. ``zone``: what eastings begin with.
    """

    source: int | CRS
    x_is_north: bool
    factor: float = 1.0
    zone: int | None = None
    notes: tuple[Note, ...] = ()

    def to_city(self, first: Floats, second: Floats) -> tuple[Floats, Floats]:
        """Easting and northing in the city's CRS, metres; infinite where the projection does not reach."""
        east, north = (second, first) if self.x_is_north else (first, second)
        east, north = east * self.factor, north * self.factor
        if self.source == CITY_SRID:
            return east, north
        if self.zone and self.source == by_zone(self.zone) and by_meridian(self.zone) == CITY_SRID:
            return east - self.zone * 1e6, north  # the same plane: nothing is computed that could be rounded
        if isinstance(self.source, int):
            easting, northing = to_city_many(east, north, self.source)
        else:
            easting, northing = Transformer.from_crs(self.source, CITY_SRID, always_xy=True).transform(
                east, north
            )
        return np.asarray(easting), np.asarray(northing)

    def refuse_other_zones(
        self, title: str, first: Floats, second: Floats, row_nos: NDArray[np.int64]
    ) -> None:
        """Refuse rows whose easting begins with another zone, or with none where the others have one.

        Raises
        ------
        InvalidInput
            The message gives the zones and the first rows.
        """
        if self.zone is None and not _is_chinese(self.source):
            return
        east = (second if self.x_is_north else first) * self.factor
        zones = np.where((east >= FIRST_ZONED) & (east < LAST_ZONED), east // 1e6, 0)
        expected = self.zone or 0
        other = np.isfinite(east) & (zones != expected) & ((zones > 0) | (east < 1e6))
        if not other.any():
            return
        found = sorted({int(zone) for zone in zones[other]} | {expected})
        raise InvalidInput(
            _(
                "{table}: zones are mixed ({zones}; 0 = no zone number), first in rows {rows}; "
                "send each zone as a file of its own"
            ).format(
                table=title,
                zones=", ".join(map(str, found)),
                rows=", ".join(str(row) for row in row_nos[other][:5]),
            )
        )


@dataclass(frozen=True)
class Coordinates:
    """Coordinates of a table as they stand there. ``named``: the heads themselves say which runs north."""

    first: Floats
    second: Floats
    x_is_north: bool
    named: bool
    crs: CRS | None = None


def recognise_system(title: str, coordinates: Coordinates, options: SurveyOptions, city: City) -> System:
    """The system in which coordinates lie in the city; the sender's word goes first, then the file's.

    Raises
    ------
    InvalidInput
        Both orders of the axes fit, or nothing that is known puts the places into the city while neither
        file nor sender names a system; the message says what to declare.
    """
    first, second = _sample(coordinates.first, coordinates.second)
    notes: list[Note] = []
    source, factor, zone = _source(title, first, second, coordinates.crs, options, notes)
    is_known = bool(options.crs) or coordinates.crs is not None
    orders = [System(source, north, factor, zone) for north in (True, False)]
    shares = {system.x_is_north: _share(system, first, second, city) for system in orders}
    fits = {north: share >= MOST_FIT for north, share in shares.items()}
    expected = coordinates.x_is_north
    if options.axis != AUTO and not (coordinates.named and coordinates.crs is None):
        expected = options.axis == "yx"
        notes.append(("axis_said", {"axis": options.axis}))
    elif fits[True] and fits[False] and not coordinates.named:
        raise InvalidInput(
            _(
                "{table}: the coordinates lie in the city whichever of X and Y runs north; "
                "say axis yx (X north, as in survey tables) or xy (X east, as in GIS)"
            ).format(table=title),
            errors=[{"pointer": "/options/axis", "detail": _("both orders fit the city")}],
        )
    elif fits[not expected] and not fits[expected]:
        expected = not expected
        notes.append(("x_is_east" if coordinates.x_is_north else "axes_swapped", {}))
    elif coordinates.x_is_north and len(first):
        notes.append(("x_is_north", {}))
    if len(first) and not is_known and not shares[expected] > 0:
        raise _nowhere(title, first, second, source, city)
    return System(source, expected, factor, zone, tuple(notes))


def by_meridian(zone: int) -> int | None:
    """The EPSG code of a zone without the zone number in its eastings: 37 → 4546."""
    return next((plain + zone - low for low, _z, plain, many in _FAMILIES if 0 <= zone - low < many), None)


def by_zone(zone: int) -> int | None:
    """The EPSG code of a zone with its number in the eastings: 37 → 4525."""
    return next((zoned + zone - low for low, zoned, _p, many in _FAMILIES if 0 <= zone - low < many), None)


def without_zone(srid: int) -> int:
    """A zone's code by meridian for its code with zone number; any other code as it is."""
    for _low, zoned, plain, many in _FAMILIES:
        if 0 <= srid - zoned < many:
            return plain + srid - zoned
    return srid


def _source(
    title: str,
    first: Floats,
    second: Floats,
    crs: CRS | None,
    options: SurveyOptions,
    notes: list[Note],
) -> tuple[int | CRS, float, int | None]:
    """System, factor to metres and zone number, by what is said or by the size of the numbers."""
    typical = [float(np.median(np.abs(side))) if len(side) else 0.0 for side in (first, second)]
    said: int | CRS | None = None
    if options.crs:
        said = parse_crs(options.crs)
        notes.append(("crs_said", {"crs": crs_name(said)}))
    elif crs is not None:
        code = crs.to_epsg()
        said = crs if code is None else code
        notes.append(("crs_of_file", {"crs": f"EPSG:{code}" if code else crs.name}))
    zoned = [int(side // 1e6) for side in typical if FIRST_ZONED <= side < LAST_ZONED]
    zone = zoned[0] if zoned else None
    if said is not None:
        if zone is None or not isinstance(said, int) or in_degrees(said):
            return said, 1.0, None
        if said in (by_zone(zone), by_meridian(zone)):
            code = by_zone(zone)
            notes.append(("zone_prefix", {"zone": zone, "crs": f"EPSG:{code}"}))
            return code or said, 1.0, zone
        if _false_easting(said) // 1e6 == zone:  # another datum's zone, as the sender says
            return said, 1.0, zone
        raise InvalidInput(
            _("{table}: eastings begin with zone {zone}, which is not a zone of {crs}").format(
                table=title, zone=zone, crs=crs_name(said)
            ),
            errors=[
                {"pointer": "/options/crs", "detail": _("try {crs}").format(crs=f"EPSG:{by_zone(zone)}")}
            ],
        )
    if len(first) and max(typical) <= 180:
        notes.append(("degrees", {"crs": f"EPSG:{DOOR_SRID}"}))
        return DOOR_SRID, 1.0, None
    if zone is not None and (code := by_zone(zone)) is not None:
        notes.append(("zone_prefix", {"zone": zone, "crs": f"EPSG:{code}"}))
        return code, 1.0, zone
    if max(typical) >= MILLIMETRES_FROM:
        notes.append(("coordinates_mm", {}))
        return CITY_SRID, 0.001, None
    plain = without_zone(CITY_SRID)
    if len(first):
        notes.append(("crs_assumed", {"crs": f"EPSG:{plain}"}))
    return plain, 1.0, None


def _sample(first: Floats, second: Floats) -> tuple[Floats, Floats]:
    """Finite pairs, evenly chosen where there are many."""
    whole = np.flatnonzero(np.isfinite(first) & np.isfinite(second))
    chosen = whole[:: max(1, len(whole) // SAMPLED)]
    return first[chosen], second[chosen]


def _share(system: System, first: Floats, second: Floats, city: City) -> float:
    """The share of places that an order puts into the city or near it."""
    if not len(first):
        return 0.0
    with np.errstate(invalid="ignore"):
        easting, northing = system.to_city(first, second)
        return float(city.holds(easting, northing, margin=0.5).mean())


def _is_degrees(source: int | CRS) -> bool:
    return in_degrees(source) if isinstance(source, int) else bool(source.is_geographic)


def _is_chinese(source: int | CRS) -> bool:
    """Whether a system is one of ours by meridian, whose eastings have no zone number."""
    return source == CITY_SRID or any(
        isinstance(source, int) and 0 <= source - plain < many for _low, _zoned, plain, many in _FAMILIES
    )


def _false_easting(srid: int) -> float:
    operation = None if srid in SHIFTED else CRS.from_epsg(srid).coordinate_operation
    values = {p.name: p.value for p in operation.params} if operation else {}
    return float(values.get("False easting", 0.0))


def _nowhere(title: str, first: Floats, second: Floats, source: int | CRS, city: City) -> InvalidInput:
    """Coordinates that lie nowhere in the city, with the systems in which they would."""
    fitting = []
    if not _is_degrees(source):
        _low, _zoned, plain, many = _FAMILIES[1]
        for code in range(plain, plain + many):
            shares = [_share(System(code, north), first, second, city) for north in (True, False)]
            if max(shares) >= MOST_FIT:
                fitting.append(f"EPSG:{code}")
    hint = _("they would in {systems}").format(systems=", ".join(fitting)) if fitting else _("say crs")
    shown = source if isinstance(source, int) else 0
    return InvalidInput(
        _("{table}: places such as {x:.3f}, {y:.3f} lie outside the city in {crs}; {hint}").format(
            table=title, x=first[0], y=second[0], crs=f"EPSG:{shown}", hint=hint
        ),
        errors=[{"pointer": "/options/crs", "detail": hint}],
    )
