"""The two uniform relations that every check reads, made of staged rows or of the network in force.

``checked_point`` and ``checked_line`` are temporary and end with the transaction; their columns are told in
``gis/sql/checks/relations/*.sql``. Small relations beside them hold the limits, the materials, the points in
carriageways, the use of points, the flow of gravity lines and the parts that hang together.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from gis.database import SQL
from gis.pipeline.checks.components import make_components
from gis.pipeline.checks.rows_attributes import MATERIAL_RULES
from gis.pipeline.checks.table import CHECKS
from gis.settings import CITY_SRID
from gis.standard.tables import pipe_main_classes

CHECKS_SQL = SQL / "checks"
MADE = (
    *("checked_point", "joined_line", "checked_line", "point_use", "carriageway_point", "checked_flow"),
    *("checked_component", "check_limit", "material_rule"),
)
PREPARING = "relations"  # the step of a run before its first check
BESIDE_M = 1.0  # how far around a box lines are looked at as neighbours
INDEXES = {
    "checked_point": ("row_id", "GIST:geom"),
    "checked_line": ("row_id", "start_row", "end_row", "GIST:geom"),
    "point_use": ("row_id",),
    "carriageway_point": ("row_id",),
}
KEYS = {
    "checked_point": ("row_id", "number", "survey", "class_code", "is_subject", "occurrence"),
    "checked_line": ("row_id", "start_row", "end_row", "number", "survey", "class_code", "is_subject"),
    "point_use": ("row_id", "lines"),
    "carriageway_point": ("row_id",),
}
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Scope:
    """Which part of the network a run looks at; empty: all. ``box``: west, south, east, north, city's CRS."""

    class_code: str | None = None
    box: Box | None = None

    @property
    def is_whole(self) -> bool:
        return self.class_code is None and self.box is None


def import_relations(session: Session, import_id: int, survey: str, *, adds: bool, keeps: bool) -> None:
    """Make the relations from the staged rows of an import and the network around them.

    ``adds``: its numbers must be new to the survey; else a known number brings that row anew. ``keeps``: rows
    of the survey that the import does not bring stay; else it brings the whole survey.
    """
    _clear(session)
    values = {"import_id": import_id, "survey": survey, "adds": adds, "keeps": keeps, "srid": CITY_SRID}
    for name in ("staged_points", "context_points"):
        session.execute(_statement(name), values)
    _index(session, "checked_point")
    session.execute(_statement("staged_lines"), values)
    session.execute(text("ANALYZE joined_line (number)"))
    session.execute(_statement("context_lines"), values)
    session.execute(_statement("line_columns"))
    _index(session, "checked_line")
    _side_relations(session)


def network_relations(session: Session, scope: Scope) -> None:
    """Make the relations from the network in force."""
    _clear(session)
    parts, values = _conditions(scope)
    session.execute(_statement("living_points", **parts), values)
    if not scope.is_whole:
        session.execute(_statement("living_ends", **parts), values)
    _index(session, "checked_point")
    session.execute(_statement("living_lines", **parts), values)
    session.execute(_statement("line_columns"))
    _index(session, "checked_line")
    _side_relations(session)


def _conditions(scope: Scope) -> tuple[dict[str, str], dict[str, Any]]:
    """What the scope means for points ``p``, lines ``s`` and the lines around them, as SQL."""
    points, lines, beside, values = ["true"], ["true"], "false", dict[str, Any]()
    if scope.class_code is not None:
        points.append("p.class_code = :class_code")
        lines.append("s.class_code = :class_code")
        values["class_code"] = scope.class_code
    if scope.box is not None:
        box = "ST_MakeEnvelope(:west, :south, :east, :north, :srid)"
        points.append(f"p.geom && {box}")
        lines.append(f"s.geom && {box}")
        beside = f"s.geom && ST_Expand({box}, {BESIDE_M})"
        values |= dict(zip(("west", "south", "east", "north"), scope.box, strict=True), srid=CITY_SRID)
    return {"points": _all(points), "lines": _all(lines), "beside": f"({beside})"}, values


def _all(conditions: list[str]) -> str:
    return f"({' AND '.join(conditions)})"


def _side_relations(session: Session) -> None:
    for name in ("point_use", "carriageway_points", "flow"):
        session.execute(_statement(name))
    for table in ("point_use", "carriageway_point"):
        _index(session, table)
    session.execute(text("ANALYZE checked_flow"))
    _rules(session)
    make_components(session)


def _rules(session: Session) -> None:
    """Limits by class and the rules of materials, from the tables of the code."""
    session.execute(
        text(
            "CREATE TEMPORARY TABLE check_limit (code text, class_code text, value float8) ON COMMIT DROP;"
            " CREATE TEMPORARY TABLE material_rule (class_code text, material text, first_year integer,"
            " last_year integer, status text) ON COMMIT DROP"
        )
    )
    classes = [row.class_code for row in pipe_main_classes()]
    limits = [
        {"code": check.code, "class_code": code, "value": check.limit.of(code)}
        for check in CHECKS
        if check.limit is not None and check.limit.by_class
        for code in classes
    ]
    session.execute(text("INSERT INTO check_limit VALUES (:code, :class_code, :value)"), limits)
    names = ("class_code", "material", "first_year", "last_year", "status")
    rules = [{name: getattr(rule, name) for name in names} for rule in MATERIAL_RULES]
    columns = ", ".join(f":{name}" for name in names)
    session.execute(text(f"INSERT INTO material_rule VALUES ({columns})"), rules)


def _clear(session: Session) -> None:
    """Nothing is left of a run before this one in the same transaction."""
    session.execute(text("DROP TABLE IF EXISTS " + ", ".join(f"pg_temp.{name}" for name in MADE)))


def _index(session: Session, table: str) -> None:
    for column in INDEXES[table]:
        method, _colon, name = column.rpartition(":")
        session.execute(text(f"CREATE INDEX ON {table} USING {method or 'BTREE'} ({name})"))
    # Not the shapes: looking at them takes longer than all else, and no plan depends on it.
    session.execute(text(f"ANALYZE {table} ({', '.join(KEYS[table])})"))


def _statement(name: str, **parts: str) -> TextClause:
    words = _relation_sql(name)
    return text(words.format(**parts) if parts else words)


@lru_cache
def _relation_sql(name: str) -> str:
    return (CHECKS_SQL / "relations" / f"{name}.sql").read_text("utf-8")
