"""Features as GeoJSON: a page, a single one, how many there are.

Geometries come as GeoJSON from the database, properties as values: PostgreSQL looks the type of each
column up anew for each row that it makes JSON of, which costs more than all the rest of a page.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Double, Row, Select, any_, cast, func, literal, literal_column, select, text
from sqlalchemy.orm import Session

from gis.errors import InvalidInput, NotFound
from gis.filtering.table import Type
from gis.i18n import _
from layers.features.asking import Asked
from layers.features.systems import LONLAT, STORED, System
from layers.layer import Layer

COUNT_CAP = 10_000  # counted exactly up to here: about 3 ms


@dataclass(frozen=True)
class Number:
    """How many features there are; ``exact`` or the planner's estimate."""

    value: int
    exact: bool


@dataclass(frozen=True)
class Features:
    """Some features in the order of their ids, as the items of a JSON array; ``number`` where it is known."""

    items: Sequence[Any]
    ids: Sequence[int]
    more: bool  # there are others in the direction that was read
    number: Number | None = None


def read_features(
    asked: Asked,
    limit: int,
    *,
    after: int | None = None,
    before: int | None = None,
    offset: int = 0,
    system: System = LONLAT,
    names: Sequence[str] | None = None,
    counted: bool = False,
) -> Features:
    """A page of features: behind an id, before one, or behind so many rows.

    The ids are found first, by the primary key or the index of places; then their rows are read with all
    that the view joins to them, so that no joined table is read whole for a page. ``counted``: the ids of a
    first page are read up to the cap of counting, which is cheaper than to look for them twice.
    """
    session, rows = asked.session, asked.rows
    most = max(limit, COUNT_CAP) if counted else limit
    wanted = asked.ids.limit(most + 1).offset(offset)
    if before is not None:
        wanted = wanted.where(rows.c.id < before).order_by(rows.c.id.desc())
    else:
        wanted = wanted.order_by(rows.c.id)
        if after is not None:
            wanted = wanted.where(rows.c.id > after)
    # A plan for boxes and filters of any size would suit none; to start a second process takes longer than to
    # find the ids of a page.
    session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    session.execute(text("SET LOCAL max_parallel_workers_per_gather = 0"))
    found = list(session.scalars(wanted))
    session.execute(text("SET LOCAL plan_cache_mode = auto"))
    number = None
    if counted:
        exact = len(found) <= most
        number = Number(len(found) if exact else max(len(found), _estimate(asked)), exact)
    ids = sorted(found[:limit])
    return Features(_items(asked, ids, system, names) if ids else (), ids, len(found) > limit, number)


def count_features(asked: Asked, cap: int = COUNT_CAP) -> Number:
    """How many there are: counted up to ``cap``, beyond it as the planner thinks, and at least that many."""
    some = asked.ids.limit(cap + 1).subquery()
    value = asked.session.scalar(select(func.count()).select_from(some)) or 0
    if value <= cap:
        return Number(value, exact=True)
    return Number(max(cap + 1, _estimate(asked)), exact=False)


def read_feature(
    session: Session,
    layer: Layer,
    item_id: int,
    crs: System = LONLAT,
    names: Sequence[str] | None = None,
) -> dict[str, Any]:
    """One feature as GeoJSON: ``id`` is the row's, properties as :func:`properties_of` lists them.

    Raises
    ------
    NotFound
        The layer has no such row, or it is no longer in force.
    """
    asked = Asked(session, layer)
    statement = read_rows(asked, crs, names).where(asked.rows.c.id == item_id, *asked.conditions)
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound(_("{layer} has nothing with the number {id}").format(layer=_(layer.title), id=item_id))
    feature: dict[str, Any] = orjson.loads(to_json(as_feature(row)))
    return feature


def feature_etag(feature: dict[str, Any]) -> str:
    """A strong ETag of a feature's content, as :func:`read_feature` gives it in longitude and latitude."""
    content = {name: feature.get(name) for name in ("id", "geometry", "properties")}
    return content_etag(json.dumps(content, sort_keys=True, separators=(",", ":")).encode())


def content_etag(content: bytes) -> str:
    """A strong ETag of bytes."""
    return f'"{hashlib.blake2b(content, digest_size=16).hexdigest()}"'


def chosen_names(asked: Asked, said: str | None) -> list[str] | None:
    """The properties that ``properties=a,b`` chooses; None for all.

    Raises
    ------
    InvalidInput
        One of them is not a property.
    """
    if said is None:
        return None
    names = list(dict.fromkeys(name for name in (part.strip() for part in said.split(",")) if name))
    for name in names:
        if asked.find(name) is None:
            known = ", ".join(one.name for one in asked.properties)
            raise InvalidInput(
                _("There is no attribute {name}; there are: {known}").format(name=name[:60], known=known),
                errors=[{"pointer": "/properties", "detail": name[:60]}],
            )
    return names


def read_rows(
    asked: Asked, system: System, names: Sequence[str] | None = None, shape: str = ""
) -> Select[Any]:
    """The statement of rows: ``id``, ``shape`` (GeoJSON unless other SQL is given), then the properties."""
    rows = asked.rows
    columns = [
        cast(rows.c[one.name], Double).label(one.name) if one.type is Type.NUMBER else rows.c[one.name]
        for one in asked.properties
        if names is None or one.name in names
    ]
    return select(rows.c.id, literal_column(shape or geometry_sql(asked, system)).label("shape"), *columns)


def as_feature(row: Row[Any], names: Sequence[str] | None = None) -> dict[str, Any]:
    """A row of :func:`read_rows` as GeoJSON; its geometry is text already.

    ``names``: its columns, where many rows are made features: looked up once instead of for each.
    """
    told: Sequence[Any] = row
    id_, shape, *values = told
    return {
        "type": "Feature",
        "id": id_,
        "geometry": orjson.Fragment(shape),
        "properties": dict(zip((names or row._fields)[2:], values, strict=True)),
    }


def to_json(value: Any) -> bytes:
    """JSON in UTF-8: moments by Greenwich, what is no number as null."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def _items(asked: Asked, ids: list[int], system: System, names: Sequence[str] | None) -> list[Any]:
    rows = asked.rows
    statement = read_rows(asked, system, names).where(rows.c.id == any_(literal(ids))).order_by(rows.c.id)
    found = asked.session.execute(statement)
    columns = list(found.keys())
    return [as_feature(row, columns) for row in found.all()]


def geometry_sql(asked: Asked, system: System) -> str:
    """The geometry of a row as GeoJSON; a line with an unknown height without any: JSON has no NaN."""
    shape = transformed("s.geom", system)
    plain = f"ST_AsGeoJSON({shape}, {system.digits}, 0)"
    if not asked.has_heights:
        return plain
    flat = f"ST_AsGeoJSON(ST_Force2D({shape}), {system.digits}, 0)"
    # OFFSET 0: each is reckoned once, not once where it is looked at and again where it is told.
    return (
        f"(SELECT CASE WHEN position('NaN' IN g.told) > 0 THEN {flat} ELSE g.told END"
        f" FROM (SELECT {plain} AS told OFFSET 0) AS g)"
    )


def transformed(column: str, system: System) -> str:
    """A column in another system, axes in its order."""
    shape = column if system.srid == STORED.srid else f"ST_Transform({column}, {system.srid})"
    return f"ST_FlipCoordinates({shape})" if system.flipped else shape


def _estimate(asked: Asked) -> int:
    statement: Select[Any] = asked.ids
    compiled = statement.compile(
        dialect=asked.session.get_bind().dialect, compile_kwargs={"render_postcompile": True}
    )
    plan = (
        asked.session.connection()
        .exec_driver_sql(f"EXPLAIN (FORMAT JSON) {compiled}", compiled.params)
        .scalar_one()
    )
    return int(plan[0]["Plan"]["Plan Rows"])
