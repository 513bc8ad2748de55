"""A chunk of points into the staged table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from gis.survey.copy_text import CopyText, copy_text, json_column, unread_column
from gis.survey.ewkb import points_text
from gis.survey.line_ends import Ends, Made, place_number
from gis.survey.line_shapes import point_places
from gis.survey.options import SurveyOptions
from gis.survey.places import City, Floats
from gis.survey.plan import Plan, coordinates_of
from gis.survey.point_rows import Columns, read_points
from gis.survey.reading.table import Cells, Chunk, missing, object_array
from gis.survey.row_classes import RowClasses, classes_of
from gis.survey.tally import Tally

POINTS, LINES = "survey_staged_point", "survey_staged_line"


@dataclass
class Staging:
    """Where rows go: ``send`` takes them. ``ends`` only if ends of lines must be joined."""

    import_id: int
    options: SurveyOptions
    city: City
    send: Callable[[CopyText], None]
    ends: Ends | None = None
    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)

    def tally(self, plan: Plan) -> Tally:
        """What is counted for a table."""
        return self.tallies.setdefault((plan.table.file, plan.table.sheet), Tally(plan.table))

    def write(self, table: str, plan: Plan, columns: dict[str, Cells], count: int) -> None:
        """Send rows on their way, with what is the same in all rows of a table."""
        same = {"import_id": str(self.import_id), "file": plan.table.file, "sheet": plan.table.sheet}
        if count:
            self.send(copy_text(table, same, columns, count))


def stage_points(staging: Staging, plan: Plan, chunk: Chunk) -> None:
    """Read a chunk of points and send it to its table.

    Raises
    ------
    InvalidInput
        Rows lie in another zone than the rest.
    """
    classes = classes_of(plan, plan.mapped["point"], chunk, staging.options)
    if classes.unknown is not None and classes.unknown.any():
        staging.tally(plan).layers(plan, chunk, classes.unknown)
        keep = ~classes.unknown
        chunk, classes = chunk.where(keep), classes.where(keep)
    columns = read_points(plan, chunk, classes)
    places = _places(staging, plan, chunk, columns)
    _number(staging, plan, columns, classes, places)
    if staging.ends is not None:
        numbers = columns.values["point_no"]
        staging.ends.add_points(classes.class_code, classes.sub_code, numbers, places)
    staging.tally(plan).rows(chunk, columns, classes)
    values = columns.values | {
        "row_no": row_numbers(chunk),
        "geom": points_text(places[:, 0], places[:, 1]),
        "extra": json_column(columns.kept, len(chunk)),
        "unread": unread_column(columns.unread, len(chunk)),
    }
    staging.write(POINTS, plan, values, len(chunk))


def stage_made_points(staging: Staging, plan: Plan, chunk: Chunk, rows: np.ndarray, made: Made) -> None:
    """Send the points made at ends of a chunk's lines; ``rows``: the row of the chunk behind each line."""
    count = len(made.point_no)
    values = {
        "class_code": made.class_code,
        "sub_code": made.sub_code,
        "point_no": made.point_no,
        "row_no": row_numbers(chunk)[rows[made.of_line]],
        "geom": points_text(made.places[:, 0], made.places[:, 1]),
    }
    staging.write(POINTS, plan, values, count)
    staging.tally(plan).made += count


def row_numbers(chunk: Chunk) -> Cells:
    """Numbers of rows as text."""
    return object_array(list(map(str, chunk.row_nos.tolist())))


def _places(staging: Staging, plan: Plan, chunk: Chunk, columns: Columns) -> Floats:
    """Easting and northing in the city, shape (n, 2); NaN where the row gives none."""
    if plan.system is None:
        return np.full((len(chunk), 2), np.nan)
    if chunk.shapes is not None:
        easting, northing, heights = point_places(chunk.shapes, plan.system)
        if (np.isfinite(heights) & (heights != 0)).any() and "ground_level" not in columns.values:
            columns.kept.append(
                ("Z", object_array([h if np.isfinite(h) else None for h in heights.tolist()]))
            )
    else:
        pair = coordinates_of(plan, chunk)
        if pair is None or plan.places is None:
            return np.full((len(chunk), 2), np.nan)
        plan.system.refuse_other_zones(plan.table.title, *pair, chunk.row_nos)
        easting, northing = plan.system.to_city(*pair)
        for name, figures in zip(plan.places, pair, strict=True):
            cells = chunk.cells[columns.mapped.columns[name]]
            wrong = np.isnan(figures) & np.array([cell not in (None, "") for cell in cells], dtype=bool)
            if wrong.any():
                columns.unread.append((name, wrong, cells))
    places = np.column_stack([easting, northing])
    places[~np.isfinite(places).all(axis=1)] = np.nan
    staging.tally(plan).places(places, staging.city)
    return places


def _number(staging: Staging, plan: Plan, columns: Columns, classes: RowClasses, places: Floats) -> None:
    """Name points without a number by their place, where the table has no column of numbers at all."""
    if "point_no" in columns.values:
        return
    numbers = np.full(len(places), None, dtype=object)
    known = np.isfinite(places).all(axis=1)
    numbers[known] = [
        place_number(code, sub, x, y)
        for code, sub, (x, y) in zip(
            classes.class_code[known], classes.sub_code[known], places[known].tolist(), strict=True
        )
    ]
    columns.values["point_no"] = numbers
    staging.tally(plan).numbered += int((~missing(numbers)).sum())
