"""Columns of a chunk of lines as the staged table holds them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis.standard.tables import pressure_band
from gis.survey import cell_words, cells
from gis.survey.cells import Read, plain_text, words
from gis.survey.plan import Plan
from gis.survey.point_rows import LONGEST_NUMBER, Columns
from gis.survey.reading.table import Cells, Chunk, filled_up, missing, without
from gis.survey.row_classes import RowClasses

GAS = "RQ"
LONGEST_SIZE = 20
_TEXTS = {
    "element_code": 8, "road_name": 200, "owner": 200, "survey_unit": 200, "note": 4000,
}  # fmt: skip
_NUMBERS = ("start_depth_m", "end_depth_m", "start_level", "end_level", "start_ground", "end_ground")
_COUNTS = ("cable_count", "total_holes", "used_holes")


def read_lines(plan: Plan, chunk: Chunk, classes: RowClasses) -> Columns:
    """Read the columns of lines, their shapes apart."""
    columns = Columns(plan, "line", chunk)
    columns.unread += classes.unread
    columns.values |= {"class_code": classes.class_code, "sub_code": classes.sub_code}
    for field in ("segment_no", "start_no", "end_no"):
        if (found := columns.cells(field)) is not None:
            columns.add(field, cells.number_text(LONGEST_NUMBER)(found), found)
    columns.texts(_TEXTS)
    columns.numbers(_NUMBERS)
    for field in _COUNTS:
        if (found := columns.cells(field)) is not None:
            columns.add(field, cells.whole()(found), found)
    if (found := columns.cells("temperature_c")) is not None:
        columns.add("temperature_c", cells.whole(least=-100)(found), found)
    for field in ("material", "laying", "usage_status", "flow_direction"):
        columns.code(field)
    if (found := columns.cells("data_source")) is not None:
        columns.add("data_source", words(found, cell_words.data_source), found)
    if (found := columns.cells("voltage_kv")) is not None:
        columns.add("voltage_kv", words(found, lambda word: repr(cell_words.voltage_kv(word))), found)
    columns.day("surveyed_on")
    _read_year(columns)
    _read_sizes(columns)
    _read_pressures(columns, classes.class_code)
    return columns


def _read_year(columns: Columns) -> None:
    """The year of laying; a whole day is kept beside it, and so is the 0 by which surveys mean unknown."""
    found = columns.cells("year_laid")
    if found is None:
        return
    nought = words(found, lambda word: word if word == "0" else None).values
    columns.add("year_laid", cells.year(without(found, nought == "0")), found)
    columns.keep(
        "year_laid", words(found, lambda word: None if word.isdigit() and len(word) == 4 else word).values
    )


def _read_sizes(columns: Columns) -> None:
    """The size as it stands, in millimetres, and width and height of it."""
    found = columns.cells("size")
    if found is not None:
        metres = columns.units.sizes_in_metres
        codes, distinct = pd.factorize(found, use_na_sentinel=True)
        sizes = np.full((3, len(distinct) + 1), None, dtype=object)
        wrong = np.zeros(len(distinct) + 1, dtype=bool)
        for index, cell in enumerate(distinct):
            if word := plain_text(cell):
                sizes[:, index], wrong[index] = _size(word, metres)
        for field, texts in zip(("size", "width_mm", "height_mm"), sizes, strict=True):
            columns.values[field] = texts[codes]
        if wrong[codes].any():
            columns.unread.append(("size", wrong[codes], found))
    for field in ("width_mm", "height_mm"):
        if (sides := columns.cells(field)) is not None:
            read = cells.whole(least=1)(_rounded(sides))
            known = columns.values.get(field)
            values = read.values if known is None else filled_up(read.values, known)
            columns.add(field, Read(values, read.unread), sides)
    width, height = (columns.values.get(field) for field in ("width_mm", "height_mm"))
    if width is not None:  # a round pipe
        columns.values["height_mm"] = filled_up(height, width)


def _size(word: str, metres: bool) -> tuple[tuple[str | None, ...], bool]:
    """Size, width and height as text, and whether the word could not be read."""
    try:
        width, height = cell_words.read_size(word, metres)
    except ValueError:
        shown = None if word in cells.ERRORS or len(word) > LONGEST_SIZE or "\x00" in word else word
        return (None if shown is None else cells.escaped(shown), None, None), True
    if width is None or height is None:
        return (cells.escaped(word[:LONGEST_SIZE]), None, None), len(word) > LONGEST_SIZE
    if metres:
        word = str(width) if width == height else f"{width}X{height}"
    if len(word) > LONGEST_SIZE:
        return (None, str(width), str(height)), True
    return (cells.escaped(word), str(width), str(height)), False


def _rounded(sides: Cells) -> Cells:
    """Whole millimetres; 0, by which surveys mean unknown, is empty."""
    values, unread = cells.floats(sides)
    rounded = np.full(len(sides), None, dtype=object)
    known = ~np.isnan(values) & (values != 0)
    rounded[known] = np.round(values[known])
    return np.where(unread, sides, rounded)


def _read_pressures(columns: Columns, class_codes: Cells) -> None:
    """A pressure in MPa, or the name of a band; for gas the band of the pressure too."""
    found = columns.cells("pressure")
    if found is None:
        return
    codes, distinct = pd.factorize(found, use_na_sentinel=True)
    pressures, bands = np.full((2, len(distinct) + 1), None, dtype=object)
    wrong = np.zeros(len(distinct) + 1, dtype=bool)
    for index, cell in enumerate(distinct):
        word = plain_text(cell)
        if not word:
            continue
        try:
            value = cell_words.pressure_mpa(word)
            band = pressure_band(value)
            pressures[index], bands[index] = repr(value), band.code if band and value > 0 else None
        except ValueError:
            try:
                bands[index] = cell_words.code_of("pressure_band", word)
            except ValueError:
                wrong[index] = True
    by_figure = ~missing(pressures[codes])
    columns.values["pressure_mpa"] = pressures[codes]
    columns.values["pressure_band"] = without(bands[codes], by_figure & (class_codes != GAS))
    if wrong[codes].any():
        columns.unread.append(("pressure", wrong[codes], found))
