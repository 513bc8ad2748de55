"""The difference that accepting an import would make: row by row, what is new, changed, moved and gone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.page import Page, read_cursor, write_cursor
from gis.survey.models import SurveyImport
from gis.survey.statements import (
    LINE_MEASURES,
    LINE_PLAIN,
    POINT_MEASURES,
    POINT_PLAIN,
    statement,
)

Kind = Literal["new", "changed", "same", "refused", "gone", "moved"]
KINDS: tuple[Kind, ...] = ("new", "changed", "same", "refused", "gone", "moved")
LEAST_M = 0.0006  # as app.differs has it: below the last digit that surveys give
FIELDS = {
    "point": (*POINT_PLAIN, *POINT_MEASURES, "is_open"),
    "line": ("start_no", "end_no", *LINE_PLAIN, *LINE_MEASURES),
}
MEASURES = {"point": POINT_MEASURES, "line": LINE_MEASURES}
_PLACES = {"point": 0, "line": 1}


@dataclass(frozen=True)
class Change:
    """A field before and after; None where unknown."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Difference:
    """A row of the import against the living row it is about; either may be missing.

    ``geometry`` and ``geometry_before`` are GeoJSON, lon/lat EPSG:4490; ``moved_m`` is in plan.
    """

    subject: str
    kind: str
    number: str
    class_code: str | None
    file: str
    sheet: str
    row_no: int | None
    living_id: int | None
    is_clean: bool
    moved_m: float | None
    changes: list[Change] = field(default_factory=list)
    geometry: Mapping[str, Any] | None = None
    geometry_before: Mapping[str, Any] | None = None


def difference_page(
    session: Session, import_: SurveyImport, kind: Kind, limit: int, cursor: str | None = None
) -> Page[Difference]:
    """Rows of one kind: points before lines, in the order of the files, or by id where no file has them."""
    subject, after = ("point", 0)
    if cursor:
        place, after = read_cursor(cursor, int, int)
        subject = "line" if place else "point"
    rows: list[tuple[int, Difference]] = []
    subjects = ("point", "line") if subject == "point" else ("line",)
    for each in subjects:
        if len(rows) > limit:
            break
        start = after if each == subject else 0
        rows += _rows(session, import_, kind, each, start, limit + 1 - len(rows))
    next_cursor = None
    if len(rows) > limit:
        order, last = rows[limit - 1]
        next_cursor = write_cursor(_PLACES[last.subject], order)
    return Page([row for _order, row in rows[:limit]], next_cursor)


def _rows(
    session: Session, import_: SurveyImport, kind: Kind, subject: str, after: int, limit: int
) -> list[tuple[int, Difference]]:
    if kind == "moved" and subject == "point":
        return []
    name = {"gone": "gone_page", "moved": "moved_page"}.get(kind, f"difference_{subject}s")
    values = {
        "import_id": import_.id, "survey": import_.survey, "kind": kind, "subject": subject,
        "after": after, "limit": limit,
    }  # fmt: skip
    found = session.execute(text(statement(name)), values)
    return [(row.place, _difference(kind, subject, row)) for row in found]


def _difference(kind: Kind, subject: str, row: Any) -> Difference:
    changes = []
    if kind == "changed":
        for name in FIELDS[subject]:
            before, after = row.before.get(name), row.after.get(name)
            if _is_other(name in MEASURES[subject], before, after) and (
                name != "is_open" or after is not None
            ):
                changes.append(Change(name, before, after))
    return Difference(
        subject, kind, row.number, row.class_code, row.file, row.sheet, row.row_no, row.living_id,
        row.is_clean, row.moved_m, changes, row.geometry, row.geometry_before,
    )  # fmt: skip


def _is_other(is_measure: bool, before: Any, after: Any) -> bool:
    if is_measure and before is not None and after is not None:
        return abs(float(after) - float(before)) > LEAST_M
    return bool(before != after)
