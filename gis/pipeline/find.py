"""Finding by what people have in hand: a number on a plan, the name of a road, an owner."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from gis.crs import DOOR_SRID
from gis.errors import InvalidInput
from gis.grid.models import Road
from gis.i18n import N_, _, pick
from gis.people.models import Department
from gis.pipeline.models import PipePoint, PipeSegment
from gis.standard.tables import pipe_main_classes

SHORTEST_PART = 3  # characters: shorter parts of numbers stand in half of the city
MOST_LOOKED_AT = 200
KINDS = {
    "segment": N_("segment"),
    "point": N_("point"),
    "road": N_("road"),
    "owner": N_("owner"),
}


@dataclass(frozen=True)
class Found:
    """Something by that name. Place and box in degrees (EPSG:4490); an owner has none.

    ``query`` narrows :class:`gis.pipeline.asking.Question` to what belongs to it.
    """

    kind: str
    id: int
    title: str
    subtitle: str
    lon: float | None
    lat: float | None
    box: tuple[float, float, float, float] | None
    query: dict[str, Any]


def find(session: Session, words: str, limit: int = 10) -> list[Found]:
    """Roads and owners by name, segments and points by number: equal ones, then those that begin so, first.

    Raises
    ------
    InvalidInput
        Fewer than two letters (one Chinese one will do), or more than 64.
    """
    words = words.strip()
    if not words or (len(words) < 2 and words.isascii()) or len(words) > 64 or "\0" in words:
        raise InvalidInput(_("Search for 2 to 64 characters"), errors=[{"pointer": "/q"}])
    found = _numbered(session, PipeSegment, PipeSegment.segment_no, "segment", words, limit)
    found += _numbered(session, PipePoint, PipePoint.point_no, "point", words, limit)
    return _roads(session, words, limit) + _owners(session, words, limit) + found


def _numbered(session: Session, model: Any, number: Any, kind: str, words: str, limit: int) -> list[Found]:
    if len(words) < SHORTEST_PART:
        return []
    classes: dict[str, str] = {row.class_code: row.name for row in pipe_main_classes()}
    ids: dict[int, None] = {}
    # Equal, beginning so, holding it: each step is served by the index and ends at once.
    for pattern in (_escaped(words), f"{_escaped(words)}%", f"%{_escaped(words)}%"):
        if len(ids) < limit:
            some = (
                select(model.id, number.label("number"))
                .where(model.valid_to.is_(None), number.ilike(pattern, escape="\\"))
                .limit(MOST_LOOKED_AT)
                .subquery()
            )
            ids |= dict.fromkeys(session.scalars(select(some.c.id).order_by(some.c.number).limit(limit)))
    wanted = list(ids)[:limit]
    statement = select(model.id, number, model.class_code, *_place(model.geom)).where(model.id.in_(wanted))
    rows = {row[0]: row for row in session.execute(statement)}
    return [
        _found(kind, row, row[1], classes.get(row[2], ""), _by_number(kind, row[1]))
        for row in (rows[row_id] for row_id in wanted)
    ]


def _roads(session: Session, words: str, limit: int) -> list[Found]:
    """Roads by name; the parts between two junctions are one road here."""
    names = (Road.name_zh, Road.name_en)
    shape = func.ST_Collect(Road.geom)
    statement = (
        select(func.min(Road.id), Road.name_zh, func.min(Road.name_en), *_place(shape))
        .where(Road.valid_to.is_(None), or_(*(_holds(name, words) for name in names), Road.code == words))
        .group_by(Road.name_zh)
        .order_by(_rank(Road.name_zh, words), Road.name_zh)
        .limit(limit)
    )
    return [
        _found("road", row, pick(row[1], row[2]), "", {"buffer": {"road": row[1], "distance_m": 30}})
        for row in session.execute(statement)
    ]


def _owners(session: Session, words: str, limit: int) -> list[Found]:
    """Departments that own lines."""
    owns = select(PipeSegment.id).where(PipeSegment.owner_id == Department.id).limit(1)
    statement = (
        select(Department.id, Department.code, Department.name_zh, Department.name_en)
        .where(
            or_(
                _holds(Department.name_zh, words),
                _holds(Department.name_en, words),
                Department.code == words,
            ),
            owns.exists(),
        )
        .order_by(_rank(Department.name_zh, words), Department.name_zh)
        .limit(limit)
    )
    return [
        Found(
            "owner", row_id, pick(zh, en), code, None, None, None,
            {"filter": {"op": "=", "args": [{"property": "owner"}, code]}},
        )
        for row_id, code, zh, en in session.execute(statement)
    ]  # fmt: skip


def _by_number(kind: str, number: str) -> dict[str, Any]:
    return {"kind": f"{kind}s", "filter": {"op": "=", "args": [{"property": "number"}, number]}}


def _found(kind: str, row: Any, title: str, subtitle: str, query: dict[str, Any]) -> Found:
    lon, lat, *box = row[-6:]
    return Found(kind, row[0], title, subtitle, lon, lat, (box[0], box[1], box[2], box[3]), query)


def _place(geom: Any) -> list[ColumnElement[Any]]:
    degrees = func.ST_Transform(func.ST_Force2D(geom), DOOR_SRID)
    at = func.ST_PointOnSurface(degrees)
    sides: list[Callable[[Any], Any]] = [func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax]
    return [func.ST_X(at), func.ST_Y(at), *(side(func.Box3D(degrees)) for side in sides)]


def _holds(column: Any, words: str) -> ColumnElement[bool]:
    made: ColumnElement[bool] = column.ilike(f"%{_escaped(words)}%", escape="\\")
    return made


def _rank(column: Any, words: str) -> ColumnElement[int]:
    return case((column == words, 0), (column.ilike(f"{_escaped(words)}%", escape="\\"), 1), else_=2)


def _escaped(words: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", words)
