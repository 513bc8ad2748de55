"""Vector tiles, made by PostGIS.

A tile is complete: rows are merged or counted where they are too many to be drawn one by one, never left out.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from math import atan, cos, degrees, pi, radians, sinh
from typing import Any

from pyproj import CRS
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from gis.crs import transformer
from gis.errors import InvalidInput
from gis.i18n import _
from gis.settings import CITY_SRID
from gis.tile.datasets import KEPT, Kept
from gis.tile.settling import half_pixel
from layers.layer import MAX_ZOOM, Layer
from layers.tile_kept import kept_statement
from layers.tile_sql import EXTENT, MARGIN, statement

WORLD_M = 2 * pi * 6378137.0
# A degree of slack round the CRS's area of use; beyond that, its arithmetic means nothing.
SLACK_DEG = 1.0

Box = tuple[float, float, float, float]


def tile_bounds(z: int, x: int, y: int, margin: float = 0.0) -> Box:
    """West, south, east, north of a tile in degrees; ``margin`` is a share of its side added all round.

    Raises
    ------
    InvalidInput
        No such tile: the zoom is not 0 to 22, or a number is not 0 to 2^z - 1.
    """
    if not 0 <= z <= MAX_ZOOM:
        raise InvalidInput(
            _("The zoom must be 0 to {most}, not {z}").format(most=MAX_ZOOM, z=z),
            errors=[{"pointer": "/z", "detail": f"0..{MAX_ZOOM}"}],
        )
    side = 1 << z
    for name, number in (("x", x), ("y", y)):
        if not 0 <= number < side:
            raise InvalidInput(
                _("At zoom {z} the tile's {name} must be 0 to {most}, not {number}").format(
                    z=z, name=name, most=side - 1, number=number
                ),
                errors=[{"pointer": f"/{name}", "detail": f"0..{side - 1}"}],
            )

    def lon(column: float) -> float:
        return min(180.0, max(-180.0, column / side * 360.0 - 180.0))

    def lat(row: float) -> float:
        return degrees(atan(sinh(pi * (1 - 2 * row / side))))

    return lon(x - margin), lat(y + 1 + margin), lon(x + 1 + margin), lat(y - margin)


@lru_cache
def area_of_use() -> Box:
    """Where the city's CRS can be used, west, south, east, north in degrees, with some slack."""
    area = CRS.from_epsg(CITY_SRID).area_of_use
    if area is None:
        return (-180.0, -85.0, 180.0, 85.0)
    return (area.west - SLACK_DEG, area.south - SLACK_DEG, area.east + SLACK_DEG, area.north + SLACK_DEG)


def city_box(z: int, x: int, y: int, margin: float = 0.0) -> Box | None:
    """A tile as a box in the city's CRS, metres, that holds all of it; None when it lies far off the city.

    The edges of a tile are curves there: they are followed point by point, not from corner to corner.
    """
    west, south, east, north = tile_bounds(z, x, y, margin)
    use = area_of_use()
    west, south, east, north = max(west, use[0]), max(south, use[1]), min(east, use[2]), min(north, use[3])
    if west >= east or south >= north:
        return None
    left, bottom, right, top = transformer(4326, CITY_SRID).transform_bounds(
        west, south, east, north, densify_pts=21
    )
    # What lies between two of those points bulges by less than a thousandth of the tile.
    slack = max(right - left, top - bottom) / 1000 + 1.0
    return (left - slack, bottom - slack, right + slack, top + slack)


@dataclass(frozen=True)
class When:
    """Of which time a tile shows the rows: of now, as they were on a day, or those of a span.

    ``as_of`` is for layers with a history; ``since`` (included) and ``until`` (not) for layers with moments.
    """

    as_of: date | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def has_span(self) -> bool:
        return self.since is not None or self.until is not None

    def check(self, layer: Layer) -> None:
        """Raise InvalidInput when a layer cannot be asked this, or the span ends before it begins."""
        if self.as_of is not None and not layer.ever:
            raise InvalidInput(
                _("{layer} has no history that could be asked by day").format(layer=_(layer.title)),
                errors=[{"pointer": "/as_of"}],
            )
        if self.has_span and not layer.times:
            raise InvalidInput(
                _("{layer} has no moments that could be asked by span").format(layer=_(layer.title)),
                errors=[{"pointer": "/from"}],
            )
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise InvalidInput(_("The span ends before it begins"), errors=[{"pointer": "/to"}])


NOW = When()


def kept_of(layer: Layer, when: When = NOW) -> Kept | None:
    """The dataset kept for a layer's tiles; None where they are made from its view."""
    return None if when.as_of is not None else KEPT.get(layer.name)


def tile(session: Session, layer: Layer, z: int, x: int, y: int, when: When = NOW) -> bytes:
    """One tile as MVT; ``b""`` where nothing lies.

    Layers of the tile: the layer's own name, and ``{name}_label`` with one point a polygon for its words.

    Raises
    ------
    InvalidInput
        There is no tile with these numbers, or the layer has no such time.
    """
    values = tile_values(layer, z, x, y, when)
    content = session.scalar(tile_sql(layer, z, when), values) if values else None
    return bytes(content) if content else b""


def tile_values(layer: Layer, z: int, x: int, y: int, when: When = NOW) -> dict[str, Any] | None:
    """What :func:`tile_sql` binds; None for a tile in which nothing can lie. Raises as :func:`tile` does."""
    when.check(layer)
    box = city_box(z, x, y, MARGIN / EXTENT)
    if box is None or z < layer.min_zoom:
        return None
    side = WORLD_M / 2**z
    south, north = tile_bounds(z, x, y)[1::2]
    values: dict[str, Any] = {
        "z": z,
        "x": x,
        "y": y,
        "per_metre": EXTENT / side,
        "west": -WORLD_M / 2 + x * side,
        "north": WORLD_M / 2 - y * side,
    }
    if kept_of(layer, when) is not None:
        values["half_pixel"] = half_pixel(z)
    else:
        values |= dict(zip(("left", "bottom", "right", "top"), box, strict=True))
        # Half a pixel of a tile of 512 px, metres on the ground: Mercator stretches by 1 / cos(latitude).
        values["half_pixel"] = half_pixel(z) * cos(radians((south + north) / 2))
        values |= {"srid": CITY_SRID, "as_of": when.as_of, "since": when.since, "until": when.until}
    return values


def tile_sql(layer: Layer, z: int, when: When = NOW) -> TextClause:
    """The statement of a layer's tiles at a zoom."""
    return _sql(layer, z, kept_of(layer, when) is not None, when.as_of is not None, when.has_span)


@lru_cache(maxsize=1024)
def _sql(layer: Layer, z: int, is_kept: bool, on_a_day: bool, in_a_span: bool) -> TextClause:
    if is_kept:
        return text(kept_statement(layer, KEPT[layer.name], z))
    return text(statement(layer, z, on_a_day, in_a_span))
