"""Finding by code or number: grids, areas, roads, buildings, components, pipes, cases."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from gis.place.answer import Answer, Kind, Match

SHORTEST = 4  # characters of a code: less is the beginning of too many
_CODE = re.compile(r"^(?=.*\d\d)[0-9A-Za-z][0-9A-Za-z-]{2,31}$")
# A range is read from a plain index in its order, under every collation of letters and digits; LIKE needs an
# index of its own.
_BEGINS = "{column} BETWEEN s.code AND s.code || 'zzzzzzzz'"


@dataclass(frozen=True)
class Coded:
    """A table whose rows have a code. ``source``: the table, or the view that narrows it to who asks.

    ``within``: the index of the codes begins with this column; its values, few, are gone through one by one.
    """

    kind: Kind
    source: str
    column: str
    precision: str
    lives: str = "valid_to IS NULL"
    within: str = ""

    def query(self, condition: str) -> str:
        """Rows of the spellings ``s (code)`` that fulfil a condition on ``{column}``."""
        condition = condition.format(column=f"t.{self.column}")
        each = ""
        if self.within:
            least = f"SELECT min({self.within}) FROM {self.source} WHERE {self.lives}"
            each = (
                f" CROSS JOIN (WITH RECURSIVE w (one) AS (({least}) UNION ALL"
                f" SELECT ({least} AND {self.within} > w.one) FROM w WHERE w.one IS NOT NULL)"
                " SELECT one FROM w WHERE one IS NOT NULL) AS w"
            )
            condition += f" AND t.{self.within} = w.one"
        return (
            f"(SELECT '{self.kind}' AS kind, f.id, f.code, ST_PointOnSurface(ST_Force2D(f.geom)) AS at"
            f" FROM spelled AS s{each} CROSS JOIN LATERAL"
            f" (SELECT t.id, t.{self.column} AS code, t.geom FROM {self.source} AS t"
            f" WHERE {condition} AND {self.lives} ORDER BY t.{self.column} LIMIT :limit) AS f"
            " WHERE starts_with(f.code, s.code) LIMIT :limit)"
        )


CODED = (
    Coded(Kind.CASE, "app.cases", "case_no", "case", "true"),
    Coded(Kind.UNIT_GRID, "unit_grid", "code", "grid"),
    Coded(Kind.DUTY_GRID, "duty_grid", "code", "grid"),
    Coded(Kind.AREA, "area", "code", "area"),
    Coded(Kind.ROAD, "road", "code", "road"),
    Coded(Kind.BUILDING, "building", "code", "building"),
    Coded(Kind.PLACE, "place", "code", "place", "valid_to IS NULL AND code IS NOT NULL AND past_of IS NULL"),
    Coded(Kind.COMPONENT, "component", "code", "component"),
    Coded(Kind.PIPE_POINT, "pipe_point", "point_no", "point", within="survey"),
    Coded(Kind.PIPE_SEGMENT, "pipe_segment", "segment_no", "segment", within="survey"),
)
_PRECISIONS = {one.kind: one.precision for one in CODED}


def by_code(
    session: Session, words: str, kinds: tuple[Kind, ...] | None = None, limit: int = 10
) -> list[Answer]:
    """What bears a code, or, where none is just so, what begins with it; as it was typed, or in capitals.

    Cases are those that who asks may see: the caller has narrowed the views (:mod:`gis.case.scope`).
    """
    typed = re.sub(r"\s", "", unicodedata.normalize("NFKC", words))
    asked = [one for one in CODED if kinds is None or one.kind in kinds]
    if len(typed) < SHORTEST or not _CODE.match(typed) or not asked:
        return []
    values = {"spellings": list({typed, typed.upper()}), "limit": limit}
    for condition in ("{column} = s.code", _BEGINS):
        tables = " UNION ALL ".join(one.query(condition) for one in asked)
        rows = session.execute(
            text(
                "WITH spelled (code) AS (SELECT unnest(CAST(:spellings AS text[])))"
                " SELECT kind, id, code, ST_X(at) AS easting, ST_Y(at) AS northing"
                f" FROM ({tables}) AS found"
            ),
            values,
        ).all()
        if rows:
            return [_answer(row, len(typed)) for row in rows]
    return []


def _answer(row: Row[Any], typed: int) -> Answer:
    kind = Kind(row.kind)
    score = 1.0 if len(row.code) == typed else round(0.6 + 0.3 * typed / len(row.code), 4)
    return Answer(
        kind, row.id, row.code, row.code, Match.CODE, score, _PRECISIONS[kind], row.easting, row.northing
    )
