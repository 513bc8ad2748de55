"""What was recognised in the files of a survey, and how it is said to people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gis.i18n import N_, gettext

# code → sentence; names in braces are keys of ``detail``.
SENTENCES = {
    "table": N_("Read as {table} table of {class_name}"),
    "table_of_many": N_("Read as {table} table; each row names its class"),
    "table_by_columns": N_("Read as {table} table because of its columns"),
    "left_out": N_("Not read: {reason}"),
    "encoding": N_("Text is encoded in {encoding}"),
    "heading_row": N_("The heading stands in row {row}"),
    "saved_mapping": N_("Columns as in the saved mapping {name}"),
    "old_edition": N_("{old} of an older edition is read as {new}"),
    "x_is_north": N_("X runs north and Y east, as CJJ 61 has it"),
    "x_is_east": N_("X runs east and Y north; the other way round the places lie outside the city"),
    "axes_swapped": N_(
        "The coordinates stand in the other order than is usual here; "
        "only the other way round do they lie in the city"
    ),
    "axis_said": N_("The order of the axes is as the sender said: {axis}"),
    "zone_prefix": N_("Eastings begin with the zone number {zone}: {crs}"),
    "degrees": N_("Coordinates are degrees, taken as {crs}"),
    "crs_of_file": N_("Coordinate system as the file says: {crs}"),
    "crs_said": N_("Coordinate system as the sender said: {crs}"),
    "crs_assumed": N_("The file names no coordinate system; it fits the city in {crs}"),
    "coordinates_mm": N_("Coordinates are millimetres"),
    "outside_city": N_("{count} of {total} places lie outside the city's bounds"),
    "unit_depths": N_("Depths are in {unit}"),
    "unit_levels": N_("Levels are in {unit}"),
    "unit_said": N_("Depths and levels are in {unit}, as the sender said"),
    "unit_sizes": N_("Sizes are in metres"),
    "unit_system": N_("Units of the network file: {units}"),
    "heights_kept": N_("Heights of the shapes are taken as the centre of the pipe"),
    "parts_joined": N_("{count} lines of several parts joined into one each"),
    "parts_split": N_("{count} lines of several parts that do not join; each part is a line of its own"),
    "other_shapes": N_("{count} shapes are neither points nor lines and are not read (first: row {row})"),
    "no_class": N_("{count} rows name no class of pipelines (first: row {row}, {word})"),
    "points_by_lines": N_("{count} points name no sub-class and have that of the lines that end at them"),
    "layers_left_out": N_("Layers that name no class are not read: {layers}"),
    "numbers_made": N_("{count} rows have no number; they are numbered by their ends or their place"),
    "ends_made": N_("{count} points made at ends of lines where no point of the class lies"),
    "ends_joined": N_("{count} ends of lines joined to points that lie there"),
    "unread_cells": N_("{count} cells of {field} could not be read (first: row {row}, “{cell}”)"),
    "column_alike": N_("Column {column} is taken as {field}, which it is like ({percent} %)"),
    "needs_more": N_("Cannot be read as it is: {reason}"),
    "columns_kept": N_("Columns with no field here are kept under their own names: {columns}"),
    "no_depths": N_("Network models of this kind hold no depths"),
}


@dataclass(frozen=True)
class Recognised:
    """One thing recognised in a file or one of its sheets; ``code`` is a key of :data:`SENTENCES`."""

    code: str
    file: str
    sheet: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in the reader's language."""
        shown = {
            name: gettext(value) if isinstance(value, str) else value for name, value in self.detail.items()
        }
        return gettext(SENTENCES[self.code]).format(**shown)

    def to_json(self) -> dict[str, Any]:
        """As ``survey_import.recognised`` keeps it."""
        return {"code": self.code, "file": self.file, "sheet": self.sheet, "detail": dict(self.detail)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Recognised:
        """What :meth:`to_json` wrote."""
        return cls(kept["code"], kept["file"], kept.get("sheet", ""), kept.get("detail", {}))
