"""Finding by code or number: grids, areas, roads, buildings, components, pipes, cases."""

import re
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.place.answer import Answer, Kind, Match

SHORTEST = 4  # characters of a code: less is the beginning of too many
_CODE = re.compile(r"^[0-9A-Z][0-9A-Z-]{2,31}$")


@dataclass(frozen=True)
class Coded:
    """A table whose rows have a code. ``source``: the table, or the view that narrows it to who asks."""

    kind: Kind
    source: str
    column: str
    precision: str
    lives: str = "valid_to IS NULL"
    geom: str = "geom"
    # Some numbers have an index of their parts (trigrams), and none in their order.
    by_parts: bool = False


CODED = (
    Coded(Kind.CASE, "app.cases", "case_no", "case", "true"),
    Coded(Kind.UNIT_GRID, "unit_grid", "code", "grid"),
    Coded(Kind.DUTY_GRID, "duty_grid", "code", "grid"),
    Coded(Kind.AREA, "area", "code", "area"),
    Coded(Kind.ROAD, "road", "code", "road"),
    Coded(Kind.BUILDING, "building", "code", "building"),
    Coded(Kind.PLACE, "place", "code", "place", "valid_to IS NULL AND past_of IS NULL"),
    Coded(Kind.COMPONENT, "component", "code", "component"),
    Coded(Kind.PIPE_POINT, "pipe_point", "point_no", "point", by_parts=True),
    Coded(Kind.PIPE_SEGMENT, "pipe_segment", "segment_no", "segment", by_parts=True),
)


def by_code(
    session: Session, words: str, kinds: tuple[Kind, ...] | None = None, limit: int = 10
) -> list[Answer]:
    """What bears a code, or, where none is just so, what begins with it. ``words`` are plain.

    Cases are those that who asks may see: the caller has narrowed the views (:mod:`gis.case.scope`).
    """
    code = words.upper()
    if len(code) < SHORTEST or not _CODE.match(code) or not re.search(r"\d{2}", code):
        return []
    asked = [one for one in CODED if kinds is None or one.kind in kinds]
    exact = [answer for one in asked for answer in _rows(session, one, "{column} = :code", code, limit)]
    if exact:
        return exact
    found = []
    for one in asked:
        # A range serves a plain index under every collation of letters and digits; LIKE needs one of its own.
        range_ = "{column} >= :code AND {column} <= :code || 'zzzzzzzz' AND starts_with({column}, :code)"
        found += _rows(session, one, "{column} LIKE :code || '%'" if one.by_parts else range_, code, limit)
    return found[: limit * 2]


def _rows(session: Session, one: Coded, condition: str, code: str, limit: int) -> list[Answer]:
    rows = session.execute(
        text(
            f"SELECT id, code, ST_X(at) AS easting, ST_Y(at) AS northing FROM ("
            f"SELECT id, {one.column} AS code, ST_PointOnSurface(ST_Force2D({one.geom})) AS at"
            f" FROM {one.source} WHERE {condition.format(column=one.column)} AND {one.lives} LIMIT :limit"
            ") AS found ORDER BY code"
        ),
        {"code": code, "limit": limit},
    )
    return [
        Answer(
            one.kind, row.id, row.code, row.code, Match.CODE,
            1.0 if row.code == code else round(0.6 + 0.3 * len(code) / len(row.code), 4),
            one.precision, row.easting, row.northing,
        )
        for row in rows
    ]  # fmt: skip
