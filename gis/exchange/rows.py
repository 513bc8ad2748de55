"""From files to rows that importers can work on: fields read, shapes in the city's CRS."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

from gis.errors import InvalidInput
from gis.exchange.fields import FIELDS, Columns, match_columns
from gis.exchange.files import Sheet, open_sheet
from gis.exchange.findings import Report, Where
from gis.exchange.profiles import find_profile, profile_columns
from gis.exchange.values import is_blank
from gis.i18n import _
from gis.settings import CITY_SRID


@dataclass(frozen=True)
class Options:
    """What the sender says beside the files. ``mapping``: field → column."""

    mapping: dict[str, str] = field(default_factory=dict)
    profile: str | None = None
    crs: str | None = None
    layer: str | None = None
    survey: str | None = None
    say: Callable[[str], None] = lambda _line: None


@dataclass
class Row:
    """One row: typed values of its fields (absent = empty), its shape in the city's CRS, metres, 2D."""

    where: Where
    values: dict[str, Any]
    shape: BaseGeometry | None
    profile: str | None

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)


def read_rows(report: Report, paths: Iterable[Path], options: Options) -> list[Row]:
    """Read all files; rows without a needed value, a shape, or a number of their own are refused here.

    Raises
    ------
    InvalidInput
        A file cannot be read, or its columns bring none of the needed fields.
    """
    rows: list[Row] = []
    sheets = [open_sheet(path, options.crs, options.layer) for path in paths]
    for column in options.mapping.values():
        if not any(column in sheet.columns for sheet in sheets):
            raise InvalidInput(_("No file has the column {column}").format(column=column))
    for sheet in sheets:
        profile = find_profile(report.subject, sheet.columns, options.profile)
        if profile:
            options.say(_("{file}: read by profile {profile}").format(file=sheet.name, profile=profile))
        given = profile_columns(profile, report.subject) | options.mapping
        rows += _sheet_rows(report, sheet, match_columns(report.subject, sheet.columns, given), profile)
    return _first_of_each_number(report, rows)


def _sheet_rows(report: Report, sheet: Sheet, columns: Columns, profile: str | None) -> list[Row]:
    fields = [f for f in FIELDS[report.subject] if f.name in columns]
    needed = [f.name for f in FIELDS[report.subject] if f.needed]
    absent = [name for name in needed if name not in columns]
    if absent:
        raise InvalidInput(
            _(
                "{file} has no column for {fields}; say which with --map column=field; it has: {columns}"
            ).format(file=sheet.name, fields=", ".join(absent), columns=", ".join(sheet.columns))
        )
    rows = []
    shapes = sheet.shapes or point_shapes(sheet, columns)
    report.read += len(sheet.rows)
    moved = to_city(shapes, sheet.crs)
    for index, (cells, original, shape) in enumerate(zip(sheet.rows, shapes, moved, strict=True), start=1):
        number = _cell(cells, columns["number"])
        where = Where(sheet.name, index, "" if is_blank(number) else str(number).strip())
        values: dict[str, Any] = {}
        unread = []
        for f in fields:
            cell = _cell(cells, columns[f.name])
            if is_blank(cell):
                continue
            try:
                values[f.name] = f.read(cell)
            except (ValueError, TypeError, OverflowError):
                unread.append((f.name, str(cell)[:60]))
        missing = [name for name in needed if name not in values]
        if missing:
            report.add("value_missing", where, ", ".join(missing))
            continue
        if shape is None or shape.is_empty:
            report.add("no_geometry", where)
            continue
        if not np.isfinite(shape.bounds).all():
            report.add("broken_geometry", where, _("coordinates are not numbers a place can have"))
            continue
        for name, cell in unread:
            report.add("value_not_taken", where, f"{name} = {cell}")
        if original is not None and original.has_z:
            report.add("heights_not_taken", where)
        rows.append(Row(where, values, shape, profile))
    return rows


def _cell(cells: dict[str, Any], columns: list[str]) -> Any:
    """The first of some cells of a row that is filled."""
    return next((cells[column] for column in columns if not is_blank(cells.get(column))), None)


def point_shapes(sheet: Sheet, columns: Columns) -> list[Any]:
    """Points from the columns of longitude and latitude, for files without shapes."""
    points: list[Any] = []
    for cells in sheet.rows:
        try:
            lon, lat = (float(_cell(cells, columns[name])) for name in ("lon", "lat"))
        except (KeyError, TypeError, ValueError):
            points.append(None)
            continue
        points.append(shapely.Point(lon, lat))
    return points


def to_city(shapes: list[Any], crs: CRS) -> list[Any]:
    """The shapes in the city's CRS, metres; heights are left behind, they are given as columns."""
    change = Transformer.from_crs(crs, CRS.from_epsg(CITY_SRID), always_xy=True)

    def moved(places: Any) -> Any:
        return np.column_stack(change.transform(places[:, 0], places[:, 1]))

    array = shapely.force_2d(np.array(shapes, dtype=object))
    return list(shapely.transform(array, moved))


def _first_of_each_number(report: Report, rows: list[Row]) -> list[Row]:
    seen: dict[str, Where] = {}
    kept = []
    for row in rows:
        first = seen.setdefault(row["number"], row.where)
        if first is row.where:
            kept.append(row)
        else:
            detail = _("first in {file}, row {row}").format(file=first.file, row=first.row)
            report.add("number_repeated", row.where, detail)
    return kept
