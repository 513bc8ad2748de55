"""The class and sub-class of every row of a chunk: of its own words, else of its table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from gis.survey.cells import Marks, plain_text
from gis.survey.class_words import PipeKind, kind_of_element, read_kind, read_table_name
from gis.survey.mapping import Mapped
from gis.survey.options import SurveyOptions
from gis.survey.plan import Plan, column
from gis.survey.reading.table import Cells, Chunk, missing


@dataclass
class RowClasses:
    """Codes by row, None where nothing tells them. ``unread``: words of the class column that tell none.

    ``unknown``: layers of a drawing that name no class; their rows are no pipes.
    """

    class_code: Cells
    sub_code: Cells
    unread: list[tuple[str, Marks, Cells]] = field(default_factory=list)
    old: set[tuple[str, str]] = field(default_factory=set)
    unknown: Marks | None = None

    def where(self, marks: Marks) -> RowClasses:
        """Those of some rows."""
        unread = [(name, wrong[marks], cells[marks]) for name, wrong, cells in self.unread]
        return RowClasses(self.class_code[marks], self.sub_code[marks], unread, self.old)


def classes_of(plan: Plan, mapped: Mapped, chunk: Chunk, options: SurveyOptions) -> RowClasses:
    """Classes of rows: the sender's word; the row's own columns; the table's name; the element code."""
    count = len(chunk)
    base = plan.kind
    found = RowClasses(
        _filled(count, base.class_code if base else None), _filled(count, base.sub_code if base else None)
    )
    if options.class_code:
        return found
    if plan.table.class_column in chunk.cells:
        layers = chunk.cells[plan.table.class_column]
        known = _take(found, layers, lambda word: read_table_name(word).kind)
        found.unknown = ~known & missing(found.class_code)
        return found
    kinds = column(chunk, mapped, "kind")
    if kinds is not None:
        known = _take(found, kinds, read_kind)
        told = np.array([bool(plain_text(cell)) for cell in kinds], dtype=bool)
        found.unread.append(("kind", told & ~known, kinds))
    subs = column(chunk, mapped, "sub_code")
    if subs is not None:
        known = _take(found, subs, read_kind)
        told = np.array([bool(plain_text(cell)) for cell in subs], dtype=bool)
        found.unread.append(("sub_code", told & ~known, subs))
    codes = column(chunk, mapped, "element_code")
    if codes is not None:
        _take(found, codes, _kind_of_code, fill_only=True)
    return found


def _take(
    found: RowClasses, cells: Cells, read: Callable[[str], PipeKind | None], *, fill_only: bool = False
) -> Marks:
    """Set the classes that words tell; returns which rows' words tell one.

    A word for the class alone leaves a sub-class of that class as it is; ``fill_only`` never contradicts.
    """
    codes, distinct = pd.factorize(cells, use_na_sentinel=True)
    known = np.zeros(len(cells), dtype=bool)
    for index, cell in enumerate(distinct):
        word = plain_text(cell)
        kind = read(word) if word else None
        if kind is None:
            continue
        rows = codes == index
        known |= rows
        if kind.old:
            found.old.add((kind.old, kind.code))
        same = rows & (found.class_code == kind.class_code)
        empty = rows & missing(found.class_code)
        if fill_only:
            found.class_code[empty] = kind.class_code
            without = (same | empty) & missing(found.sub_code)
            found.sub_code[without] = kind.sub_code
            continue
        found.class_code[rows] = kind.class_code
        if kind.sub_code is None:
            found.sub_code[rows & ~same] = None
        else:
            found.sub_code[rows] = kind.sub_code
    return known


def _kind_of_code(word: str) -> PipeKind | None:
    return kind_of_element(word) if len(word) == 8 and word.startswith("5") and word.isdigit() else None


def _filled(count: int, value: str | None) -> Cells:
    return np.full(count, value or None, dtype=object)
