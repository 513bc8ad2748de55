"""The statements of ``sql/survey``, with the columns that they take from the models."""

from functools import cache
from typing import Any, cast

from sqlalchemy import CursorResult, text
from sqlalchemy.orm import Session

from gis.database import SQL
from gis.pipeline.models import PipePoint, PipeSegment

# Where a row stands in time, and what the database reckons itself: all else is the state of a row.
OF_TIME = ("id", "valid_from", "valid_to", "past_of", "import_id", "ended_import_id")
POINT_STATE = tuple(column.name for column in PipePoint.__table__.columns if column.name not in OF_TIME)
LINE_STATE = tuple(
    column.name
    for column in PipeSegment.__table__.columns
    if column.name not in OF_TIME and column.computed is None
)
# Compared by other means than equality, or not surveyed.
POINT_MEASURES = ("ground_level", "well_depth_m")
LINE_MEASURES = ("start_depth_m", "end_depth_m", "start_level", "end_level")
POINT_PLAIN = tuple(
    name
    for name in POINT_STATE
    if name not in (*POINT_MEASURES, "survey", "point_no", "geom", "unit_grid_id", "is_open")
)
LINE_PLAIN = tuple(
    name
    for name in LINE_STATE
    if name not in (*LINE_MEASURES, "survey", "segment_no", "geom", "start_point_id", "end_point_id")
)


def differs(plain: tuple[str, ...], measures: tuple[str, ...], new: str, old: str) -> str:
    """Whether two rows, called ``new`` and ``old``, differ in any of some columns."""
    rows = " IS DISTINCT FROM ".join(f"({of(plain, alias)})" for alias in (new, old))
    return " OR ".join([rows, *(f"app.differs({new}.{name}, {old}.{name})" for name in measures)])


def of(columns: tuple[str, ...], alias: str) -> str:
    """Columns of a row called ``alias``, with commas between."""
    return ", ".join(f"{alias}.{name}" for name in columns)


# A line as it would be between the points ``a`` and ``b``, from a row ``r`` of ``app.ready_line``.
LINE = """app.pipe_line(r.drawn, a.geom, b.geom,
    app.centre_level(r.at_bottom, r.start_level, a.ground_level, r.start_depth_m, r.height_mm),
    app.centre_level(r.at_bottom, r.end_level, b.ground_level, r.end_depth_m, r.height_mm))"""
POINT_SURVEYED = (*POINT_PLAIN, *POINT_MEASURES, "geom")
LINE_SURVEYED = (*LINE_PLAIN, *LINE_MEASURES)

PARTS = {
    "point_state": ", ".join(POINT_STATE),
    "line_state": ", ".join(LINE_STATE),
    "point_state_of_p": of(POINT_STATE, "p"),
    "line_state_of_p": of(LINE_STATE, "p"),
    "point_surveyed": ", ".join(POINT_SURVEYED),
    "line_surveyed": ", ".join(LINE_SURVEYED),
    "point_surveyed_of_r": of(POINT_SURVEYED, "r"),
    "line_surveyed_of_r": of(LINE_SURVEYED, "r"),
    "point_differs": "("
    + differs(POINT_PLAIN, POINT_MEASURES, "r", "p")
    + " OR r.is_open IS NOT NULL AND r.is_open IS DISTINCT FROM p.is_open)",
    "line_differs": "(" + differs(LINE_PLAIN, LINE_MEASURES, "r", "p") + ")",
    "line": LINE,
    "rests_on_ground": """(CASE WHEN g.start_point_id = p.id THEN g.start_level ELSE g.end_level END IS NULL
            AND CASE WHEN g.start_point_id = p.id THEN g.start_depth_m ELSE g.end_depth_m END IS NOT NULL)""",
}
# Of statements that hold for either table: ``{table}`` and its state.
OF_TABLE = {
    "pipe_point": {
        "table": "pipe_point",
        "state": ", ".join(POINT_STATE),
        "state_of_c": of(POINT_STATE, "c"),
    },
    "pipe_segment": {
        "table": "pipe_segment",
        "state": ", ".join(LINE_STATE),
        "state_of_c": of(LINE_STATE, "c"),
    },
}

# Statements that read from another one.
WITHIN = {"gone_page": ("gone",), "moved_page": ("moved",)}


@cache
def statement(name: str, table: str = "") -> str:
    """The statement of ``sql/survey/{name}.sql``; words in braces are those of :data:`PARTS`."""
    parts = PARTS | OF_TABLE.get(table, {}) | {inner: statement(inner) for inner in WITHIN.get(name, ())}
    return (SQL / "survey" / f"{name}.sql").read_text("utf-8").format(**parts)


def run(session: Session, name: str, /, table: str = "", **values: Any) -> CursorResult[Any]:
    """Execute a statement with its ``:values``."""
    return cast("CursorResult[Any]", session.execute(text(statement(name, table)), values))
