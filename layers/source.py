"""Reading the catalogue's views: one row with all its words, and what is there at all."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from gis.errors import NotFound
from gis.i18n import _, pick
from gis.settings import get_settings
from layers.layer import Field, Layer

_PLACE = (
    "ST_X(p.at) AS lon, ST_Y(p.at) AS lat, ST_XMin(p.box) AS west, ST_YMin(p.box) AS south,"
    " ST_XMax(p.box) AS east, ST_YMax(p.box) AS north"
)
_AT = (
    "CROSS JOIN LATERAL (SELECT ST_Transform(ST_PointOnSurface(ST_Force2D(v.geom)), 4490) AS at,"
    " Box3D(ST_Transform(ST_Force2D(v.geom), 4490)) AS box) AS p"
)


@dataclass(frozen=True)
class Told:
    """One field of a row, as it is told: the value for programs, the words for people."""

    name: str
    title: str
    value: Any
    text: str


@dataclass(frozen=True)
class Item:
    """One row of a layer. ``box`` is west, south, east, north in degrees (EPSG:4490)."""

    layer: str
    id: int
    title: str
    lon: float
    lat: float
    box: tuple[float, float, float, float]
    fields: tuple[Told, ...]
    page: str


def read_item(session: Session, layer: Layer, item_id: int) -> Item:
    """One row of a layer by its id, in the reader's language; fields that are empty are left out.

    Raises
    ------
    NotFound
        The layer has no such row, or it is no longer in force.
    """
    told_of = [column for field in layer.fields for column in field.columns]
    columns = _names((*told_of, *re.findall(r"{(\w+)}", layer.page)))
    query = text(f"SELECT v.id{columns}, {_PLACE} FROM {layer.source} AS v {_AT} WHERE v.id = :id")
    row = session.execute(query, {"id": item_id}).mappings().one_or_none()
    if row is None:
        raise NotFound(_("{layer} has nothing with the number {id}").format(layer=_(layer.title), id=item_id))
    told = [_tell(field, row) for field in layer.fields]
    page = re.sub(r"{(\w+)}", lambda name: quote(str(row[name[1]]), safe=""), layer.page)
    return Item(
        layer.name, item_id, heading_of(layer, row), row["lon"], row["lat"], _box(row),
        tuple(one for one in told if one.text), page,
    )  # fmt: skip


def city_box(session: Session) -> tuple[float, float, float, float] | None:
    """Where the city's grids lie (else its areas): west, south, east, north, degrees; None when it is empty.

    Far hinterland would make the opening view of a map a sheet of empty paper.
    """
    box = "Box3D(ST_Transform(ST_SetSRID(ST_Extent(geom)::geometry, :srid), 4490))"
    query = text(
        "SELECT ST_XMin(b) AS west, ST_YMin(b) AS south, ST_XMax(b) AS east, ST_YMax(b) AS north"
        f" FROM (SELECT coalesce((SELECT {box} FROM app.unit_grids), (SELECT {box} FROM app.areas))) AS e (b)"
    )
    row = session.execute(query, {"srid": get_settings().city_srid}).mappings().one()
    return _box(row) if row["west"] is not None else None


def _names(columns: Iterable[str]) -> str:
    return "".join(f", v.{name}" for name in dict.fromkeys(columns))


def _box(row: RowMapping) -> tuple[float, float, float, float]:
    return (row["west"], row["south"], row["east"], row["north"])


def heading_columns(layer: Layer) -> tuple[str, ...]:
    """The columns of its view that the title of a row is made of."""
    return _heading_field(layer).columns


def heading_of(layer: Layer, row: RowMapping) -> str:
    """The title of a row that has its :func:`heading_columns`, in the reader's language."""
    field = _heading_field(layer)
    return _tell(field, row).text or _(layer.title)


def _heading_field(layer: Layer) -> Field:
    return next(field for field in layer.fields if field.name == layer.heading)


def _tell(field: Field, row: RowMapping) -> Told:
    if field.both:
        words = pick(row[f"{field.name}_zh"], row[f"{field.name}_en"])
        return Told(field.name, _(field.title), words or None, words)
    value = row[field.name]
    return Told(field.name, _(field.title), value, _text(field, value))


def _text(field: Field, value: Any) -> str:
    if value is None or value == "":
        return ""
    if field.words:
        word = field.words.get(str(value))
        return _(word) if word else str(value)
    if isinstance(value, datetime):
        return value.astimezone(get_settings().zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    number = f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return f"{number} {field.unit}" if field.unit else number
