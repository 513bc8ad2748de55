"""The survey tables again: 点表 and 线表 of each class (CJJ 61), as they could be imported.

A workbook holds one survey area, because point numbers are unique in one only; of several areas there are
several workbooks in one archive. Columns stand in the order of ``pipeline_field.csv``; what we hold beyond
them, and what the survey had brought beyond them, follows.
"""

import zipfile
from collections.abc import Callable
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.errors import InvalidInput
from gis.exchange.export.selection import Row, Selection
from gis.exchange.export.tables import new_workbook, row_writer
from gis.i18n import _
from gis.pipeline.frame import Kind
from gis.pipeline.models import PipePoint, PipeSegment
from gis.standard.tables import pipe_main_classes, pipeline_fields, point_kinds, pressure_bands
from gis.survey.head_words import HELD

Value = Callable[[Row], Any]
NO_NAME = "survey"
SHEETS = {Kind.POINTS: ("point", "Point"), Kind.SEGMENTS: ("line", "Line")}


def write_survey(selection: Selection, path: Path) -> int:
    """A workbook of the one survey area, else an archive of one workbook each; returns the rows written.

    Raises
    ------
    InvalidInput
        The question is for points alone, or finds nothing.
    """
    if selection.question.kind is not Kind.SEGMENTS:
        raise InvalidInput(_("Survey tables hold segments and points"), errors=[{"pointer": "/kind"}])
    surveys = _surveys(selection)
    if not surveys:
        raise InvalidInput(_("There is nothing to export"), errors=[{"pointer": "/filter"}])
    if len(surveys) == 1:
        return _write_workbook(selection, surveys[0], path)
    count = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for number, survey in enumerate(surveys, start=1):
            part = path.with_name(f"{number}.xlsx")
            count += _write_workbook(selection, survey, part)
            archive.write(part, f"{number:02}-{_file_name(survey)}.xlsx")
            part.unlink()
    return count


def is_archive(selection: Selection) -> bool:
    """Whether there will be an archive and not a workbook."""
    return len(_surveys(selection)) > 1


def _surveys(selection: Selection) -> list[str]:
    found: set[str] = set()
    for kind, model in ((Kind.SEGMENTS, PipeSegment), (Kind.POINTS, PipePoint)):
        statement = select(model.survey).where(model.id.in_(selection.ids(kind))).distinct()
        found.update(selection.session.scalars(statement))
    return sorted(found)


def _file_name(survey: str) -> str:
    return "".join(sign if sign.isalnum() else "_" for sign in survey) or NO_NAME


def _write_workbook(selection: Selection, survey: str, path: Path) -> int:
    count = 0
    with new_workbook(path) as book:
        for main in pipe_main_classes():
            for kind, (table, ending) in SHEETS.items():
                model = PipePoint if kind is Kind.POINTS else PipeSegment
                narrowed = (model.survey == survey, model.class_code == main.class_code)
                rows = iter(selection.rows(kind, *narrowed))
                first = next(rows, None)
                if first is None:
                    continue
                known = [row.field for row in pipeline_fields() if row.table_name == table]
                ours = OURS[kind]
                others = sorted(_extra_keys(selection, model, narrowed) - set(known) - set(ours))
                sheet = book.add_worksheet(f"{main.class_code}{ending}")
                write = row_writer(book, sheet)
                write(0, [*known, *ours, *others])
                sheet.freeze_panes(1, 0)
                values = {**dict.fromkeys(known, _unheld), **VALUES[kind], **ours}
                types = {row.field: row.type for row in pipeline_fields() if row.table_name == table}
                for number, row in enumerate(chain([first], rows), start=1):
                    extra = row["extra"]
                    # A word that the survey had and a code stands for now goes back as it was.
                    cells = [
                        _typed(extra[name], types.get(name, "")) if name in extra else value(row)
                        for name, value in values.items()
                    ]
                    write(number, [*cells, *(extra.get(name) for name in others)])
                    count += 1
        if not count:
            book.add_worksheet("JSPoint")
    return count


def _typed(word: str, kind: str) -> Any:
    """A cell that was kept as text, in the type of its field: ``num(7,2)``, ``int``, ``date`` …"""
    try:
        if kind.startswith("num"):
            return float(word)
        if kind == "int":
            return int(word)
        if kind.startswith("date") and len(word) == len("2020-12-31"):
            return date.fromisoformat(word)
    except ValueError:
        pass
    return word


def _extra_keys(selection: Selection, model: Any, narrowed: tuple[Any, ...]) -> set[str]:
    """What the survey brought in columns of its own."""
    kind = Kind.POINTS if model is PipePoint else Kind.SEGMENTS
    statement = (
        select(func.jsonb_object_keys(model.extra))
        .where(model.id.in_(selection.ids(kind)), model.extra != {}, *narrowed)
        .distinct()
    )
    session: Session = selection.session
    return set(session.scalars(statement))


def _unheld(_row: Row) -> None:
    """A field of the standard that no column of ours holds: it stands in ``extra`` or nowhere."""


def _of(name: str) -> Value:
    return lambda row: row[name]


def _coordinate(axis: int) -> Value:
    return lambda row: shapely.get_coordinates(shapely.from_wkb(bytes(row["shape"])))[0][axis]


def _kind_name(role: str) -> Value:
    """What stands at a point, by the name that the standard prints."""
    names = {(kind.class_code, kind.role.value, kind.code): kind.name_zh for kind in point_kinds()}
    return lambda row: row[role] and names.get((row["class"], role, row[role]), row[role])


def _pressure(row: Row) -> Any:
    """MPa; the name of the band where that is all there is known."""
    if row["pressure_mpa"] is not None or row["pressure_band"] is None:
        return row["pressure_mpa"]
    return next(band.name_zh for band in pressure_bands() if band.code == row["pressure_band"])


def _size(row: Row) -> str | None:
    if row["size"] is not None or row["width_mm"] is None:
        size: str | None = row["size"]
        return size
    width, height = row["width_mm"], row["height_mm"]
    return str(width) if height in (None, width) else f"{width}X{height}"


# Fields whose name among the attributes differs from that of the import.
_ATTRIBUTE = {
    "point_no": "number", "segment_no": "number", "year_laid": "year", "road_name": "road",
    "total_holes": "holes", "flow_direction": "flow",
}  # fmt: skip
# X runs north in survey tables.
_SPECIAL: dict[str, Value] = {
    "x": _coordinate(1),
    "y": _coordinate(0),
    "feature": _kind_name("feature"),
    "appendage": _kind_name("appendage"),
    "kind": _of("class"),
    "pressure": _pressure,
    "size": _size,
    # Ground levels are those of the points; a line table that brought its own gets these back.
    "start_ground": _unheld,
    "end_ground": _unheld,
}


def _values(table: str) -> dict[str, Value]:
    return {
        name: _SPECIAL.get(field) or _of(_ATTRIBUTE.get(field, field)) for name, field in HELD[table].items()
    }


VALUES: dict[Kind, dict[str, Value]] = {
    Kind.POINTS: _values("point"),
    Kind.SEGMENTS: _values("line"),
}
# What we hold beyond the fields of the standard, under the names that an import knows.
OURS: dict[Kind, dict[str, Value]] = {
    Kind.POINTS: {"sub_code": _of("sub_class"), "is_open": _of("is_open")},
    Kind.SEGMENTS: {
        "sub_code": _of("sub_class"),
        "width_mm": _of("width_mm"),
        "height_mm": _of("height_mm"),
    },
}
