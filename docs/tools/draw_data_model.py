"""Draw the tables of the models as one SVG: ``python -m docs.tools.draw_data_model``.

Where a table stands is said by hand in :data:`COLUMNS`, so that neighbours stay neighbours from one release
to the next; what it holds comes from the models. A table that has no place yet stops the drawing.
"""

from dataclasses import dataclass
from html import escape
from pathlib import Path

from sqlalchemy import Column, Date, DateTime, ForeignKeyConstraint, Table, Time
from sqlalchemy.types import TypeEngine

from gis.database import Base
from gis.schema import metadata

PICTURE = Path(__file__).parent.parent / "pictures" / "data-model.svg"
COLUMNS = (
    ("pipe_segment", "pipe_point", "road", "building", "place", "search_name", "search_door", "pinyin"),
    (
        "survey_import", "survey_staged_point", "survey_staged_line", "survey_mapping", "check_run",
        "pipe_finding",
    ),
    (
        "city", "area", "duty_grid", "unit_grid", "component", "edit_record", "dataset", "patrol_point",
        "patrol_track",
    ),
    ("calendar_day", "local_day", "work_shift", "seasonal_limit", "case_counter", "upload", "attachment"),
    ("case", "case_step", "case_event", "service_request", "service_request_update"),
    ("webhook", "webhook_event", "webhook_delivery", "dataset_change", "platform_delivery"),
    (
        "data_change", "tile_line", "tile_count", "tile_area", "tile_unit_grid", "tile_duty_grid",
        "tile_building", "tile_road", "tile_pipe_segment", "tile_pipe_point", "tile_component",
    ),
    ("case_interval", "case_request", "case_co_department", "case_follower", "case_task", "notice"),
    (
        "person", "department", "responsibility", "auto_dispatch", "person_area", "person_duty_grid",
        "saved_filter", "sign_in_failure", "api_key", "public_answer",
    ),
    (
        "case_fact_post", "case_fact_part", "fact_total", "score_card", "closed_period", "closing_run",
        "lead_note", "analysis_report", "report_schedule",
    ),
    ("case_fact",),
)  # fmt: skip
COLOURS = {
    "pipeline": "#1f5f99",
    "survey": "#23727a",
    "grid": "#3c6e47",
    "component": "#7a5c1e",
    "edit": "#6a4f3c",
    "dataset": "#2d6a62",
    "case": "#a3392f",
    "people": "#5d4a8a",
    "notice": "#8a4a6d",
    "patrol": "#4a6d3c",
    "place": "#6b6a2a",
    "webhook": "#2f5d62",
    "platform": "#4b5d2f",
    "open311": "#6b4a2f",
    "evaluation": "#8a6a1c",
    "tile": "#5b5b5b",
    "standard": "#55606a",
}
WIDTH, GAP, MARGIN, ROW, HEAD, BETWEEN = 268, 76, 24, 16, 26, 26
FONT = "font-family=\"'Noto Sans CJK SC','Microsoft YaHei',sans-serif\""


@dataclass(frozen=True)
class Box:
    """A table on the picture; ``rows`` are its lines: words on the left, on the right, table referred to."""

    name: str
    subject: str
    x: int
    y: int
    rows: tuple[tuple[str, str, str | None], ...]

    @property
    def height(self) -> int:
        return HEAD + ROW * len(self.rows) + 8

    def row_y(self, index: int) -> int:
        return self.y + HEAD + ROW * index + 12


def draw() -> str:
    """The picture, the same to the byte for the same models.

    Raises
    ------
    LookupError
        A table of the models stands in no column, or a column names one that is gone.
    """
    tables = metadata().tables
    subjects = subject_of_tables()
    standard = sorted(name for name, subject in subjects.items() if subject == "standard")
    placed = [name for column in COLUMNS for name in column]
    if sorted([*placed, *standard]) != sorted(tables):
        raise LookupError(f"COLUMNS and the models differ: {set(placed + standard) ^ set(tables)}")
    boxes: dict[str, Box] = {}
    for number, column in enumerate(COLUMNS):
        y = 64
        for name in column:
            x = MARGIN + number * (WIDTH + GAP)
            boxes[name] = Box(name, subjects[name], x, y, table_rows(tables[name]))
            y += boxes[name].height + BETWEEN
    last = MARGIN + len(COLUMNS) * (WIDTH + GAP)
    names = tuple((name, ", ".join(c.name for c in tables[name].primary_key), None) for name in standard)
    standards = Box("standards", "standard", last, 64, names)
    width = last + WIDTH + MARGIN
    height = max(box.y + box.height for box in [*boxes.values(), standards]) + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {FONT} font-size="11">',
        "<title>Data model of citygrid</title>",
        '<defs><marker id="to" viewBox="0 0 8 8" refX="8" refY="4"'
        ' markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#7b858c"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _legend(),
        *(_arrow(box, boxes, index) for box in boxes.values() for index in range(len(box.rows))),
        *(_box(box) for box in [*boxes.values(), standards]),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def subject_of_tables() -> dict[str, str]:
    """Which subject of ``gis`` each table belongs to, by the module of its model."""
    metadata()  # brings in every model
    return {
        str(mapper.local_table.name): mapper.class_.__module__.split(".")[1]  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
    }


def table_rows(table: Table) -> tuple[tuple[str, str, str | None], ...]:
    """What is written about each column; a reference of several columns is told at its last one."""
    refers: dict[str, str] = {}
    for constraint in sorted(table.foreign_key_constraints, key=_first_column):
        columns = [column.name for column in constraint.columns]
        refers[columns[-1]] = constraint.referred_table.name
    rows: list[tuple[str, str, str | None]] = []
    for column in table.columns:
        if column.name == "valid_to" and "valid_from" in table.columns:
            continue
        name = "valid_from … valid_to" if column.name == "valid_from" else column.name
        target = refers.get(column.name)
        kind = f"→ {target}" if target else kind_of(column)
        rows.append((("◆ " if column.primary_key else "") + name, kind, target))
    return tuple(rows)


def kind_of(column: "Column[object]") -> str:
    """The type of a column in few letters; a question mark says that it may be empty."""
    optional = "?" if column.nullable and column.name != "valid_from" else ""
    kind: TypeEngine[object] = column.type
    geometry = getattr(kind, "geometry_type", None)
    if geometry:
        return f"{geometry}{optional}"
    if isinstance(kind, DateTime):
        return f"moment{optional}"
    if isinstance(kind, (Date, Time)):
        return f"{type(kind).__name__.lower()}{optional}"
    words = {
        "Float": "number",
        "Double": "number",
        "Boolean": "yes/no",
        "JSONB": "json",
        "Enum": "word",
        "String": "text",
    }
    name = type(kind).__name__
    return words.get(name, "whole" if "Integer" in name else name.lower()) + optional


def _first_column(constraint: ForeignKeyConstraint) -> str:
    return str(next(iter(constraint.columns)).name)


def _box(box: Box) -> str:
    colour = COLOURS[box.subject]
    lines = [
        f'<rect x="{box.x}" y="{box.y}" width="{WIDTH}" height="{box.height}" rx="4"'
        f' fill="#ffffff" stroke="{colour}"/>',
        f'<path d="M{box.x} {box.y + HEAD - 4}v-18q0 -4 4 -4h{WIDTH - 8}q4 0 4 4v18z" fill="{colour}"/>',
        f'<text x="{box.x + 10}" y="{box.y + 16}" font-size="13" font-weight="600" fill="#ffffff">'
        f"{escape(box.name)}</text>",
    ]
    for index, (left, right, target) in enumerate(box.rows):
        y = box.row_y(index)
        ink = "#1d252b" if target is None else "#0b4f7d"
        lines.append(f'<text x="{box.x + 10}" y="{y}" fill="{ink}">{escape(left)}</text>')
        lines.append(
            f'<text x="{box.x + WIDTH - 10}" y="{y}" text-anchor="end" fill="#55606a">{escape(right)}</text>'
        )
    return "\n".join(lines)


def _arrow(box: Box, boxes: dict[str, Box], index: int) -> str:
    """A line to the table a row refers to, where that stands beside; farther ones are told in words only."""
    target = boxes.get(box.rows[index][2] or "")
    if target is None or target is box or abs(target.x - box.x) > WIDTH + GAP:
        return ""
    y, end_y = box.row_y(index) - 4, target.y + HEAD // 2 - 2
    if target.x > box.x:
        x, end_x, bend, end_bend = box.x + WIDTH, target.x, 46, -46
    elif target.x < box.x:
        x, end_x, bend, end_bend = box.x, target.x + WIDTH, -46, 46
    else:
        x, end_x, bend, end_bend = box.x + WIDTH, target.x + WIDTH, 40, 40
    curve = f"M{x} {y}C{x + bend} {y} {end_x + end_bend} {end_y} {end_x} {end_y}"
    return f'<path d="{curve}" fill="none" stroke="#7b858c" marker-end="url(#to)"/>'


def _legend() -> str:
    """The subjects by colour, and how to read a row."""
    parts = []
    for number, (subject, colour) in enumerate(COLOURS.items()):
        x = MARGIN + number * 104
        parts.append(f'<rect x="{x}" y="20" width="14" height="14" rx="2" fill="{colour}"/>')
        parts.append(f'<text x="{x + 20}" y="31" fill="#1d252b">{subject}</text>')
    words = "◆ key · → refers to · ? may be empty · moment: with time zone · heights in metres, 1985 datum"
    parts.append(f'<text x="{MARGIN + len(COLOURS) * 104 + 36}" y="31" fill="#55606a">{words}</text>')
    return "\n".join(parts)


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
