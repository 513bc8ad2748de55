"""In which unit a table gives depths, levels and sizes: said, in the head, or told by their size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gis.errors import InvalidInput
from gis.i18n import _
from gis.survey.cell_words import read_size
from gis.survey.cells import floats, plain_text
from gis.survey.head_words import unit_in_head
from gis.survey.options import AUTO
from gis.survey.reading.table import Cells

METRES = {"m": 1.0, "cm": 0.01, "mm": 0.001}
DEPTHS = ("start_depth_m", "end_depth_m", "well_depth_m")
LEVELS = ("ground_level", "start_level", "end_level", "start_ground", "end_ground")
# Half of all lines lie 0.3 to 30 m deep in any city: a typical figure above is centimetres or millimetres.
DEEPEST_M, DEEPEST_CM, LEAST_MM = 30.0, 300.0, 500.0
HIGHEST_M = 9000.0  # no ground on earth is higher
LARGEST_SIZE_M = 10.0  # and no pipe's size is less than 10 mm


@dataclass(frozen=True)
class Units:
    """Factors to metres; ``sizes_in_metres`` where sizes are not the millimetres they should be."""

    depths: str = "m"
    levels: str = "m"
    sizes_in_metres: bool = False

    def factor(self, field: str) -> float:
        """What a figure of a field is multiplied by."""
        return METRES[self.depths if field in DEPTHS else self.levels if field in LEVELS else "m"]


def recognise_units(
    title: str, columns: Mapping[str, str], sample: Mapping[str, Cells], said: str, of_file: str | None
) -> Units:
    """The units of a table by its first rows.

    Parameters
    ----------
    columns : mapping of field to column
    sample : mapping of column to cells
    said : str
        The sender's word on depths and levels, ``auto`` where there is none.
    of_file : str, optional
        What the kind of file fixes for depths and levels.

    Raises
    ------
    InvalidInput
        Depths may be centimetres or millimetres; the sender is asked.
    """
    metres = _sizes_in_metres(columns, sample)
    if said != AUTO or of_file:
        unit = said if said != AUTO else of_file or "m"
        return Units(unit, unit, metres)
    depths = _unit_in_heads(columns, DEPTHS) or _unit_of_depths(title, _typical(columns, sample, DEPTHS))
    levels = _unit_in_heads(columns, LEVELS)
    if levels is None:
        high = _typical(columns, sample, LEVELS)
        levels = "m" if high is None or high <= HIGHEST_M else depths if depths != "m" else "mm"
    return Units(depths, levels, metres)


def _unit_in_heads(columns: Mapping[str, str], fields: tuple[str, ...]) -> str | None:
    units = {unit for field in fields if (unit := unit_in_head(columns.get(field, "")))}
    return units.pop() if len(units) == 1 else None


def _typical(
    columns: Mapping[str, str], sample: Mapping[str, Cells], fields: tuple[str, ...]
) -> float | None:
    """The median of figures other than 0, without their sign."""
    found = [np.abs(floats(sample[columns[field]])[0]) for field in fields if columns.get(field) in sample]
    figures = np.concatenate(found) if found else np.empty(0)
    figures = figures[np.isfinite(figures) & (figures > 0)]
    return float(np.median(figures)) if len(figures) else None


def _unit_of_depths(title: str, typical: float | None) -> str:
    if typical is None or typical <= DEEPEST_M:
        return "m"
    if typical < DEEPEST_CM:
        return "cm"
    if typical >= LEAST_MM:
        return "mm"
    raise InvalidInput(
        _("{table}: depths around {typical:.0f} may be centimetres or millimetres; say units").format(
            table=title, typical=typical
        ),
        errors=[{"pointer": "/options/units", "detail": _("one of: {words}").format(words="cm, mm")}],
    )


def _sizes_in_metres(columns: Mapping[str, str], sample: Mapping[str, Cells]) -> bool:
    if columns.get("size") not in sample:
        return False
    if unit := unit_in_head(columns["size"]):
        return unit == "m"
    widths = []
    for cell in sample[columns["size"]]:
        try:
            width, height = read_size(plain_text(cell), metres=True)
        except ValueError:
            continue
        widths += [side / 1000 for side in (width, height) if side]
    return bool(widths) and float(np.median(widths)) < LARGEST_SIZE_M
