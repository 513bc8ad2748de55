"""Columns of a chunk of points as the staged table holds them."""

from __future__ import annotations

from functools import partial

from gis.standard.vocabulary import PointRole
from gis.survey import cell_words, cells
from gis.survey.cells import Marks, Read, is_whole_day, words
from gis.survey.head_words import field_name
from gis.survey.plan import Plan, column
from gis.survey.reading.table import Cells, Chunk, without
from gis.survey.row_classes import RowClasses

LONGEST_NUMBER = 64
_TEXTS = {
    "element_code": 8, "cover_shape": 16, "cover_material": 16, "cover_size_mm": 16,
    "address": 1000, "owner": 200, "survey_unit": 200, "note": 4000,
}  # fmt: skip
_NUMBERS = ("ground_level", "well_depth_m")

Unread = list[tuple[str, Marks, Cells]]
Kept = list[tuple[str, Cells]]


class Columns:
    """The columns read of a chunk so far, what could not be read, and what is kept beside them."""

    def __init__(self, plan: Plan, table: str, chunk: Chunk) -> None:
        self.table = table
        self.mapped = plan.mapped[table]
        self.units = plan.units[table]
        self.chunk = chunk
        self.values: dict[str, Cells] = {}
        self.unread: Unread = []
        self.kept: Kept = [(key, chunk.cells[head]) for head, key in self.mapped.kept.items()]

    def cells(self, field: str) -> Cells | None:
        """The cells of a field, if it has a column."""
        return column(self.chunk, self.mapped, field)

    def add(self, field: str, read: Read, cells: Cells) -> None:
        """Take what was read of a field's cells."""
        self.values[field] = read.values
        if read.unread.any():
            self.unread.append((field, read.unread, cells))

    def texts(self, longest: dict[str, int]) -> None:
        for field, most in longest.items():
            if (found := self.cells(field)) is not None:
                self.add(field, cells.text(most)(found), found)

    def numbers(self, fields: tuple[str, ...]) -> None:
        for field in fields:
            if (found := self.cells(field)) is not None:
                self.add(field, cells.numbers(self.units.factor(field))(found), found)

    def code(self, field: str) -> None:
        """A word of a dictionary; one that the dictionary has by usage alone is kept beside its code."""
        found = self.cells(field)
        if found is None:
            return
        self.add(field, words(found, partial(cell_words.code_of, field)), found)
        self.keep(field, words(found, partial(_unofficial, field)).values)

    def day(self, field: str) -> None:
        """A day; a month or year, which it makes a day of, is kept beside it."""
        found = self.cells(field)
        if found is None:
            return
        self.add(field, cells.day(found), found)
        self.keep(field, words(found, lambda word: None if is_whole_day(word) else word).values)

    def keep(self, field: str, found: Cells) -> None:
        """Keep words under the standard's name of a field, but for those that count as unread already."""
        unread = next((marks for name, marks, _cells in self.unread if name == field), None)
        if unread is not None:
            found = without(found, unread)
        if any(cell is not None for cell in found):
            self.kept.append((field_name(self.table, field), found))


def read_points(plan: Plan, chunk: Chunk, classes: RowClasses) -> Columns:
    """Read the columns of points, their places apart."""
    columns = Columns(plan, "point", chunk)
    columns.unread += classes.unread
    columns.values |= {"class_code": classes.class_code, "sub_code": classes.sub_code}
    if (numbers := columns.cells("point_no")) is not None:
        columns.add("point_no", cells.number_text(LONGEST_NUMBER)(numbers), numbers)
    columns.texts(_TEXTS)
    columns.numbers(_NUMBERS)
    columns.code("usage_status")
    columns.code("is_open")
    columns.day("built_on")
    columns.day("surveyed_on")
    for field, role in (("feature", PointRole.FEATURE), ("appendage", PointRole.APPENDAGE)):
        if (found := columns.cells(field)) is not None:
            columns.add(field, _point_kinds(found, role, classes.class_code), found)
    return columns


def _point_kinds(found: Cells, role: PointRole, class_codes: Cells) -> Read:
    """Codes of what stands at points, each by the words of its own class."""
    read = Read.empty(len(found))
    for code in set(class_codes.tolist()):
        rows = class_codes == code
        part = words(found[rows], partial(cell_words.point_kind, code, role))
        read.values[rows], read.unread[rows] = part.values, part.unread
    return read


def _unofficial(field: str, word: str) -> str | None:
    return None if cell_words.is_official(field, word) else word
