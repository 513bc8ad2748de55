"""A chunk of lines into the staged table."""

from __future__ import annotations

import numpy as np

from gis.survey.copy_text import json_column, unread_column
from gis.survey.ewkb import lines_text
from gis.survey.line_rows import read_lines
from gis.survey.line_shapes import LineShapes, line_shapes
from gis.survey.plan import Plan
from gis.survey.reading.table import Cells, Chunk, filled_up, missing, object_array
from gis.survey.row_classes import RowClasses, classes_of
from gis.survey.staged_points import LINES, Staging, row_numbers, stage_made_points


def stage_lines(staging: Staging, plan: Plan, chunk: Chunk) -> None:
    """Read a chunk of lines, join the ends of those that do not name their points, and send it on."""
    classes = classes_of(plan, plan.mapped["line"], chunk, staging.options)
    if classes.unknown is not None and classes.unknown.any():
        staging.tally(plan).layers(plan, chunk, classes.unknown)
        keep = ~classes.unknown
        chunk, classes = chunk.where(keep), classes.where(keep)
    columns = read_lines(plan, chunk, classes)
    staging.tally(plan).rows(chunk, columns, classes)
    values = columns.values | {
        "row_no": row_numbers(chunk),
        "extra": json_column(columns.kept, len(chunk)),
        "unread": unread_column(columns.unread, len(chunk)),
    }
    count = len(chunk)
    if chunk.shapes is not None and plan.system is not None:
        shapes = line_shapes(chunk.shapes, plan.system)
        staging.tally(plan).shapes(shapes, staging.city)
        values = {name: column[shapes.rows] for name, column in values.items()}
        values["geom"] = lines_text(shapes.places, shapes.counts)
        count = len(shapes.rows)
        _join(staging, plan, chunk, classes, shapes, values)
        _number_parts(shapes, values)
    _number(staging, plan, values, count)
    staging.write(LINES, plan, values, count)


def _join(
    staging: Staging,
    plan: Plan,
    chunk: Chunk,
    classes: RowClasses,
    shapes: LineShapes,
    values: dict[str, Cells],
) -> None:
    """Give each end without a point number the number of the point that lies there, or is made there.

    The inner ends of parts are theirs alone: a row's own numbers speak of its first and last end.
    """
    if staging.ends is None:
        return
    given = {name: values.get(name, np.full(len(shapes.rows), None, dtype=object)) for name in ENDS}
    several = shapes.parts > 0
    for column in given.values():
        column[several] = None
    bare = {name: missing(column) for name, column in given.items()}
    ends = np.concatenate([shapes.ends(last=False), shapes.ends(last=True)])
    ends[~np.concatenate([bare[name] for name in ENDS])] = np.nan
    codes, subs = classes.class_code[shapes.rows], classes.sub_code[shapes.rows]
    joined = staging.ends.joined
    numbers, made = staging.ends.join(np.tile(codes, 2), np.tile(subs, 2), ends)
    staging.tally(plan).joined += staging.ends.joined - joined
    half = len(shapes.rows)
    for name, found in zip(ENDS, (numbers[:half], numbers[half:]), strict=True):
        values[name] = filled_up(given[name], found)
    stage_made_points(staging, plan, chunk, np.tile(shapes.rows, 2), made)


ENDS = ("start_no", "end_no")


def _number_parts(shapes: LineShapes, values: dict[str, Cells]) -> None:
    """Parts of one row are numbered ``number/1``, ``number/2`` in the order of the drawing."""
    if "segment_no" in values:
        numbers = values["segment_no"]
        for index in np.flatnonzero(shapes.parts):
            if numbers[index] is not None:
                numbers[index] = f"{numbers[index]}/{shapes.parts[index]}"


def _number(staging: Staging, plan: Plan, values: dict[str, Cells], count: int) -> None:
    """Number lines by their ends, where the table has no column of numbers at all.

    Parallel lines get the same; :func:`gis.survey.staging.tell_parallels_apart` tells them apart.
    """
    if "segment_no" in values or not all(name in values for name in ENDS):
        return
    pairs = zip(values["start_no"].tolist(), values["end_no"].tolist(), strict=True)
    numbers = object_array([f"{a}-{b}" if a is not None and b is not None else None for a, b in pairs])
    values["segment_no"] = numbers
    staging.tally(plan).numbered += count - int(missing(numbers).sum())
