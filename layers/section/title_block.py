"""What surrounds a drawing on its sheet: title and scale above; legend, notes and 图签 below."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from math import ceil, cos, radians, sin

from pyproj import CRS

from gis.i18n import N_, _
from gis.settings import CITY_SRID, get_settings
from layers.section import findings
from layers.section.drawing import Drawing, LegendEntry
from layers.section.options import DrawOptions
from layers.section.pipes import line_style
from layers.section.scene import Box, Ellipse, Ink, Layer, Line, Pen, Point, Shape, Target, Text
from layers.section.words import cut_to, ems, wrap

HEAD_MM = 16.0
ROW_MM = 6.0
BLOCK_COLUMNS = (17.0, 51.0, 17.0, 45.0)
BLOCK_MM = sum(BLOCK_COLUMNS)
SIZE = 2.4
LINE_MM = 4.0
LEGEND_MM = 42.0
TWO_COLUMNS_MM = 220.0
Entry = tuple[int | None, list[str]]  # the place of a finding among the notes, and its lines
# Findings that are listed, by the width inside the frame: on a small sheet the drawing needs the room.
MOST_NOTES = ((300.0, 5), (450.0, 10), (float("inf"), 14))

DIRECTIONS = (
    N_("north"), N_("north-east"), N_("east"), N_("south-east"),
    N_("south"), N_("south-west"), N_("west"), N_("north-west"),
)  # fmt: skip


def head(drawing: Drawing, inner: Box, options: DrawOptions) -> list[Shape]:
    """Title and scales in the middle, a scale bar at the left, north at the right."""
    frame = drawing.frame
    middle = (inner.left + inner.right) / 2
    title = options.title or drawing.title
    if drawing.part:
        title += _(" (sheet {part})").format(part=drawing.part)
    scales = scales_of(drawing)
    half = max(ems(title) * 5 / 2 + 4, 30)
    rule = ((middle - half, inner.top + 9.3), (middle + half, inner.top + 9.3))
    shapes: list[Shape] = [
        Text(Layer.SHEET, (middle, inner.top + 7.6), title, 5, "middle", bold=True),
        Line(Layer.SHEET, (rule,), Pen(0.5)),
        Text(Layer.SHEET, (middle, inner.top + 13.3), scales, 3, "middle"),
    ]
    shapes += _scale_bar((inner.left + 6, inner.top + 9), frame.scale_h)
    if drawing.azimuth_deg is not None:
        shapes += _north((inner.right - 9, inner.top + 9.8), drawing.azimuth_deg)
        words = direction_words(drawing.azimuth_deg)
        shapes.append(Text(Layer.SHEET, (inner.right - 18, inner.top + 10.6), words, SIZE, "end"))
    return shapes


def scales_of(drawing: Drawing) -> str:
    """Both scales."""
    return _("Horizontal 1:{scale_h}, vertical 1:{scale_v}").format(
        scale_h=f"{drawing.frame.scale_h:g}", scale_v=f"{drawing.frame.scale_v:g}"
    )


def direction_words(azimuth_deg: float) -> str:
    """From where to where the section runs, left to right."""
    end = round(azimuth_deg / 45) % 8
    return _("From {start} to {end} (azimuth {azimuth}°)").format(
        start=_(DIRECTIONS[(end + 4) % 8]), end=_(DIRECTIONS[end]), azimuth=f"{azimuth_deg:.1f}"
    )


def _scale_bar(at: Point, scale_h: float) -> list[Shape]:
    """Four fields of whole metres, about 40 mm long."""
    mm = 1000 / scale_h
    part = min((0.5, 1, 2, 5, 10, 20, 50, 100), key=lambda step: abs(step * mm - 10))
    x, y = at
    shapes: list[Shape] = []
    for number in range(4):
        left, right = x + number * part * mm, x + (number + 1) * part * mm
        fill = Ink.PAPER if number % 2 else Ink.STRONG
        box = Box(left, y, right, y + 1.4)
        shapes.append(Line(Layer.SHEET, (box.corners(),), Pen(0.13), True, fill))
        shapes.append(Text(Layer.SHEET, (left, y - 0.8), f"{number * part:g}", 2.2, "middle"))
    end = x + 4 * part * mm
    shapes.append(Text(Layer.SHEET, (end, y - 0.8), f"{4 * part:g} m", 2.2, "middle"))
    return shapes


def _north(at: Point, azimuth_deg: float) -> list[Shape]:
    """A small plan: north up, the section as a thick line with a dot where it begins."""
    x, y = at
    r = 4.8
    turn = radians(azimuth_deg)
    start, end = (x - r * sin(turn), y + r * cos(turn)), (x + r * sin(turn), y - r * cos(turn))
    needle = ((x, y - r + 0.4), (x + 1.2, y), (x - 1.2, y))
    return [
        Ellipse(Layer.SHEET, at, r, r, Pen(0.15, Ink.QUIET)),
        Line(Layer.SHEET, (needle,), Pen(0.1), True, Ink.STRONG),
        Line(Layer.SHEET, ((start, end),), Pen(0.5, Ink.NOTE)),
        Ellipse(Layer.SHEET, start, 0.8, 0.8, None, Ink.NOTE),
        Text(Layer.SHEET, (x, y - r - 0.6), "N", 2.3, "middle", bold=True),
    ]


def strip_height(drawing: Drawing, inner_width: float) -> float:
    """Height of the strip along the lower edge."""
    lines = max((_height(column) for column in _columns(drawing, inner_width)), default=0)
    legend = _legend_rows(drawing.legend, inner_width) * 5.0
    return max(6 * ROW_MM, legend + 6.0 + lines * LINE_MM)


def _height(column: list[Entry]) -> int:
    return sum(len(lines) for _place, lines in column)


def _columns(drawing: Drawing, inner_width: float) -> list[list[Entry]]:
    """The notes in one column or, on a wide sheet, in two of about the same height."""
    width = _notes_width(inner_width)
    if width < TWO_COLUMNS_MM:
        return [_notes(drawing, width, width)]
    entries = _notes(drawing, width, width / 2)
    half = (_height(entries) + 1) // 2
    first = 0
    while first < len(entries) and _height(entries[: first + 1]) <= half:
        first += 1
    return [entries[:first], entries[first:]]


def _notes_width(inner_width: float) -> float:
    return inner_width - BLOCK_MM - 6


def _legend_rows(entries: list[LegendEntry], inner_width: float) -> int:
    return ceil(len(entries) / max(1, int((_notes_width(inner_width) - 12) // LEGEND_MM)))


def _notes(drawing: Drawing, width: float, column: float) -> list[Entry]:
    """Findings with their marks, then remarks; each wrapped. Of very many the first, and how many more."""
    room = column - 8
    most = next(most for widest, most in MOST_NOTES if width + BLOCK_MM + 6 < widest)
    found: list[Entry] = [
        (number, wrap(note.words, SIZE, room)) for number, note in enumerate(drawing.notes[:most])
    ]
    more = max(0, len(drawing.notes) - most) + drawing.unlisted
    if more > 0:
        found.append((None, [_("{count} more findings are in the data.").format(count=more)]))
    return found + [(None, wrap(remark, SIZE, room)) for remark in drawing.remarks]


def strip(drawing: Drawing, inner: Box, options: DrawOptions, targets: Mapping[str, Target]) -> list[Shape]:
    """Legend and notes at the left, the title block at the right."""
    top = inner.bottom - strip_height(drawing, inner.width)
    edge = inner.right - BLOCK_MM
    lines = ((inner.left, top), (inner.right, top)), ((edge, top), (edge, inner.bottom))
    shapes: list[Shape] = [Line(Layer.SHEET, lines, Pen(0.35))]
    y = top + 4.2
    if drawing.legend:
        shapes += _legend(drawing.legend, inner.left + 3, y, inner.width)
        y += _legend_rows(drawing.legend, inner.width) * 5.0
    columns = _columns(drawing, inner.width)
    for number, column in enumerate(columns):
        left = inner.left + number * _notes_width(inner.width) / len(columns)
        shapes += _listed(drawing, column, left, y, targets)
    return shapes + _block(drawing, Box(edge, inner.bottom - 6 * ROW_MM, inner.right, inner.bottom), options)


def _listed(
    drawing: Drawing, column: list[Entry], left: float, y: float, targets: Mapping[str, Target]
) -> list[Shape]:
    shapes: list[Shape] = []
    for place, words in column:
        if place is not None:
            note = drawing.notes[place]
            name = f"finding-{note.mark}" if f"finding-{note.mark}" in targets else None
            shapes += findings.mark(note, (left + 5.0, y - 0.4), Layer.SHEET, name, radius=1.5)
        for line in words:
            shapes.append(Text(Layer.SHEET, (left + 9, y + 0.5), line, SIZE))
            y += LINE_MM
    return shapes


def _legend(entries: list[LegendEntry], left: float, top: float, inner_width: float) -> list[Shape]:
    columns = max(1, int((_notes_width(inner_width) - 12) // LEGEND_MM))
    shapes: list[Shape] = [Text(Layer.SHEET, (left, top), _("Legend"), SIZE, bold=True)]
    for number, entry in enumerate(entries):
        x = left + 11 + number % columns * LEGEND_MM
        y = top + number // columns * 5.0
        pen = Pen(0.3, Ink.STRONG, line_style(entry.dash))
        words = cut_to(f"{entry.letters} {entry.name}", SIZE, LEGEND_MM - 8)
        shapes.append(Ellipse(Layer.SHEET, (x + 2, y - 0.9), 1.7, 1.7, pen, entry.rgb_hex))
        shapes.append(Text(Layer.SHEET, (x + 5, y), words, SIZE))
    return shapes


def _block(drawing: Drawing, box: Box, options: DrawOptions) -> list[Shape]:
    """图签: six rows of two fields."""
    drawn = options.drawn_on or datetime.now(get_settings().zone).date()
    fields = (
        (_("Project"), options.project, _("Sheet no."), f"{options.sheet_no} {drawing.part}".strip()),
        (_("Title"), options.title or drawing.title, _("Section no."), drawing.name),
        (_("Place"), drawing.place, _("Scales"), _short_scales(drawing)),
        (_("Coordinates"), options.crs or crs_name(), _("Heights"), _(options.height_datum)),
        (_("Drawn by"), options.drawn_by, _("Checked by"), options.checked_by),
        (_("Drawn on"), drawn.isoformat(), _("Data as of"), drawing.data_date or drawn.isoformat()),
    )
    shapes: list[Shape] = []
    edges = [box.left]
    for width in BLOCK_COLUMNS:
        edges.append(edges[-1] + width)
    for number, row in enumerate(fields):
        y = box.top + number * ROW_MM
        shapes.append(Line(Layer.SHEET, (((box.left, y), (box.right, y)),), Pen(0.18)))
        for place, words in enumerate(row):
            left, right = edges[place], edges[place + 1]
            said = cut_to(words, SIZE, right - left - 1.6)
            is_head = place % 2 == 0
            x, anchor = ((left + right) / 2, "middle") if is_head else (left + 1.4, "start")
            colour = Ink.QUIET if is_head else Ink.STRONG
            shapes.append(Text(Layer.SHEET, (x, y + ROW_MM / 2 + 0.9), said, SIZE, anchor, 0, colour))
    runs = tuple(((x, box.top), (x, box.bottom)) for x in edges[1:-1])
    shapes.append(Line(Layer.SHEET, runs, Pen(0.18)))
    shapes.append(Line(Layer.SHEET, (((box.left, box.top), (box.right, box.top)),), Pen(0.35)))
    shapes.append(Line(Layer.SHEET, (((box.left, box.top), (box.left, box.bottom)),), Pen(0.35)))
    return shapes


def _short_scales(drawing: Drawing) -> str:
    return _("H 1:{scale_h}  V 1:{scale_v}").format(
        scale_h=f"{drawing.frame.scale_h:g}", scale_v=f"{drawing.frame.scale_v:g}"
    )


@lru_cache
def crs_name() -> str:
    """The city's system, short enough for the block."""
    name = CRS.from_epsg(CITY_SRID).name.replace("3-degree Gauss-Kruger", "3° GK").replace(" / ", " ")
    return f"{name} (EPSG:{CITY_SRID})"
