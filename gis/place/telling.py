"""What is told beside an answer: its name now, where it lies, how far it reaches, how far away it is."""

from collections.abc import Iterable
from dataclasses import replace
from math import hypot
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.crs import DOOR_SRID
from gis.database import read_sql
from gis.i18n import pick
from gis.place.answer import Answer, Kind
from gis.place.coordinates import Box
from gis.place.names import Around
from gis.settings import CITY_SRID

# Extents, by the ids of a kind; a road reaches as far as all pieces of its name.
_EXTENTS = {
    Kind.AREA: "SELECT id, geom FROM area WHERE id = ANY (:ids)",
    Kind.DUTY_GRID: "SELECT id, geom FROM duty_grid WHERE id = ANY (:ids)",
    Kind.UNIT_GRID: "SELECT id, geom FROM unit_grid WHERE id = ANY (:ids)",
    Kind.PLACE: "SELECT id, geom FROM place WHERE id = ANY (:ids)",
    Kind.PIPE_SEGMENT: "SELECT id, geom FROM pipe_segment WHERE id = ANY (:ids)",
    Kind.ROAD: "SELECT r.id, ST_Collect(p.geom) AS geom FROM road AS r"
    " JOIN road AS p ON p.name_zh = r.name_zh AND (p.valid_to IS NULL OR r.valid_to IS NOT NULL)"
    " WHERE r.id = ANY (:ids) GROUP BY r.id",
}
# What a row is called now, whatever name of it was found.
_TITLES = {
    Kind.AREA: "SELECT id, name_zh, name_en FROM area WHERE id = ANY (:ids)",
    Kind.ROAD: "SELECT id, name_zh, name_en FROM road WHERE id = ANY (:ids)",
    Kind.PLACE: "SELECT id, name_zh, name_en FROM place WHERE id = ANY (:ids)",
    Kind.CASE: "SELECT id, class_zh AS name_zh, class_en AS name_en FROM app.cases WHERE id = ANY (:ids)",
    Kind.COMPONENT: "SELECT id, name AS name_zh, '' AS name_en FROM component WHERE id = ANY (:ids)",
}
_BOX = (
    "SELECT id, ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM ("
    "SELECT id, Box3D(ST_Transform(ST_SetSRID(Box2D(geom)::geometry, :srid), :door)) AS b FROM ({}) AS g"
    ") AS boxes"
)


def told(session: Session, answers: list[Answer], around: Around) -> list[Answer]:
    """The answers with all that is told beside them, in their order."""
    if not answers:
        return []
    boxes = _by_id(session, answers, {kind: _BOX.format(query) for kind, query in _EXTENTS.items()})
    titles = _by_id(session, answers, _TITLES)
    wheres = _wheres(session, answers)
    return [
        replace(
            one,
            title=_title(one, titles.get((one.kind, one.id))),
            box=_box(boxes.get((one.kind, one.id))),
            where=wheres.get(position, ""),
            distance_m=_distance(one, around),
        )
        for position, one in enumerate(answers, start=1)
    ]


def city_box(session: Session) -> Box | None:
    """Where the city lies: west, south, east, north in degrees; None while there is none."""
    row = session.execute(
        text(
            "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM"
            " (SELECT Box3D(ST_Transform(ST_SetSRID(Box2D(boundary)::geometry, :srid), :door)) AS b"
            " FROM city) AS c"
        ),
        {"srid": CITY_SRID, "door": DOOR_SRID},
    ).one_or_none()
    return (row[0], row[1], row[2], row[3]) if row else None


def _by_id(session: Session, answers: Iterable[Answer], queries: dict[Kind, str]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    ids: dict[Kind, list[int]] = {}
    for one in answers:
        if one.id is not None:
            ids.setdefault(one.kind, []).append(one.id)
    for kind, some in ids.items():
        if kind in queries:
            values = {"ids": some, "srid": CITY_SRID, "door": DOOR_SRID}
            for row in session.execute(text(queries[kind]), values):
                found[kind, row[0]] = row
    return found


def _wheres(session: Session, answers: list[Answer]) -> dict[int, str]:
    values = {
        "eastings": [one.easting for one in answers],
        "northings": [one.northing for one in answers],
        "srid": CITY_SRID,
    }
    rows = session.execute(read_sql("where_places_lie"), values)
    return {
        row.n: " · ".join(
            filter(None, (pick(row.street_zh, row.street_en), pick(row.community_zh, row.community_en)))
        )
        for row in rows
    }


def _title(one: Answer, row: Any) -> str:
    if row is None:
        return one.title
    name = pick(row.name_zh, row.name_en)
    # A number alone says little: 雨水井盖 1506020103000001.
    return f"{name} {one.title}" if one.kind in (Kind.CASE, Kind.COMPONENT) else name


def _box(row: Any) -> Box | None:
    return (row[1], row[2], row[3], row[4]) if row else None


def _distance(one: Answer, around: Around) -> float | None:
    if around.x is None or around.y is None:
        return None
    return round(hypot(one.easting - around.x, one.northing - around.y), 1)
