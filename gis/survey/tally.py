"""What is counted while a table is read, and said when it has been."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gis.survey.cells import plain_text
from gis.survey.line_shapes import LineShapes
from gis.survey.places import City, Floats
from gis.survey.plan import Plan
from gis.survey.point_rows import Columns
from gis.survey.reading.table import Chunk, Table, missing
from gis.survey.recognised import Recognised
from gis.survey.row_classes import RowClasses


@dataclass
class Tally:
    """Counts of one table."""

    table: Table
    numbered: int = 0
    made: int = 0
    joined: int = 0
    joined_parts: int = 0
    split_parts: int = 0
    outside: int = 0
    located: int = 0
    has_heights: bool = False
    no_class: int = 0
    no_class_first: tuple[int, str] = (0, "")
    other_shapes: int = 0
    other_shapes_row: int = 0
    unread: dict[str, tuple[int, int, str]] = field(default_factory=dict)  # field: count, first row, cell
    old: set[tuple[str, str]] = field(default_factory=set)
    left_layers: set[str] = field(default_factory=set)

    def rows(self, chunk: Chunk, columns: Columns, classes: RowClasses) -> None:
        """Count cells that could not be read, and rows that name no class."""
        self.old |= classes.old
        for name, marks, cells in columns.unread:
            rows = np.flatnonzero(marks)
            if len(rows):
                count, row, cell = self.unread.get(
                    name, (0, int(chunk.row_nos[rows[0]]), plain_text(cells[rows[0]])[:40])
                )
                self.unread[name] = (count + len(rows), row, cell)
        bare = np.flatnonzero(missing(classes.class_code))
        if len(bare):
            if not self.no_class:
                words = [
                    plain_text(cells[bare[0]]) for name, _marks, cells in columns.unread if name == "kind"
                ]
                self.no_class_first = (int(chunk.row_nos[bare[0]]), words[0] if words else "–")
            self.no_class += len(bare)

    def places(self, places: Floats, city: City) -> None:
        """Count places, and those outside the city's bounds."""
        known = np.isfinite(places).all(axis=1)
        self.located += int(known.sum())
        self.outside += int((known & ~city.holds(places[:, 0], places[:, 1])).sum())

    def shapes(self, shapes: LineShapes, city: City) -> None:
        """Count lines by their first ends, and parts."""
        self.places(shapes.ends(last=False), city)
        self.joined_parts += shapes.joined
        self.split_parts += shapes.split
        self.has_heights = self.has_heights or shapes.has_heights

    def others(self, chunk: Chunk, marks: np.ndarray) -> None:
        """Count shapes that are no pipes."""
        rows = chunk.row_nos[marks]
        if len(rows):
            self.other_shapes_row = self.other_shapes_row or int(rows[0])
            self.other_shapes += len(rows)

    def layers(self, plan: Plan, chunk: Chunk, marks: np.ndarray) -> None:
        """Take down the layers of a drawing that are left out."""
        if plan.table.class_column:
            self.left_layers |= set(map(str, chunk.cells[plan.table.class_column][marks]))

    def said(self) -> list[Recognised]:
        """What there is to say, once the table has been read."""
        note = self.table.note
        counted = [
            ("parts_joined", self.joined_parts), ("parts_split", self.split_parts),
            ("numbers_made", self.numbered), ("ends_made", self.made), ("ends_joined", self.joined),
        ]  # fmt: skip
        found = [note("old_edition", old=old, new=new) for old, new in sorted(self.old)]
        found += [note(code, count=count) for code, count in counted if count]
        if self.has_heights:
            found.append(note("heights_kept"))
        if self.outside:
            found.append(note("outside_city", count=self.outside, total=self.located))
        if self.other_shapes:
            found.append(note("other_shapes", count=self.other_shapes, row=self.other_shapes_row))
        if self.left_layers:
            found.append(note("layers_left_out", layers=", ".join(sorted(self.left_layers)[:20])))
        if self.no_class:
            row, word = self.no_class_first
            found.append(note("no_class", count=self.no_class, row=row, word=word))
        found += [
            note("unread_cells", field=name, count=count, row=row, cell=cell)
            for name, (count, row, cell) in self.unread.items()
        ]
        return found
