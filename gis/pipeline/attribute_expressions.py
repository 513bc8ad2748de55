"""Attributes that are reckoned from others, in the database. Metres, cubic metres and years."""

from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from math import pi
from typing import Any

from sqlalchemy import ColumnElement, Double, and_, case, cast, extract, func, literal, or_, tuple_

from gis.pipeline.frame import Frame, Kind
from gis.pipeline.levels import is_at_bottom
from gis.pipeline.section.form import DUCTED
from gis.standard.tables import laying_methods, pipe_classes
from gis.standard.vocabulary import DepthReference

# Each band runs from its number to below the next; the first from nothing, the last without end.
SIZE_BANDS_MM = (100, 200, 300, 400, 600, 800, 1000, 1500, 2000)
AGE_BANDS = (5, 10, 20, 30, 40, 50)


def band_codes(limits: tuple[int, ...]) -> tuple[str, ...]:
    """What bands are called: ``<100``, ``100-200`` (below 200), … ``>=2000``."""
    inner = (f"{low}-{high}" for low, high in pairwise(limits))
    return (f"<{limits[0]}", *inner, f">={limits[-1]}")


def size_band(frame: Frame) -> ColumnElement[Any]:
    return _band(frame.row.width_mm, SIZE_BANDS_MM)


def age_band(frame: Frame) -> ColumnElement[Any]:
    """Whole years since the year of laying; of the day asked for."""
    year = frame.row.year_laid if frame.kind is Kind.SEGMENTS else year_built(frame)
    return _band(literal(frame.day.year) - year, AGE_BANDS)


def year_built(frame: Frame) -> ColumnElement[Any]:
    return extract("year", frame.row.built_on)


def volume_m3(frame: Frame) -> ColumnElement[Any]:
    """Section times length in plan; unknown where the size is. Walls are not surveyed: the outer measures."""
    row = frame.row
    width, height = cast(row.width_mm, Double), cast(row.height_mm, Double)
    section = case((is_box(frame), width * height), else_=width * height * (pi / 4))
    volume: ColumnElement[Any] = section * row.length_m / 1_000_000
    return volume


def is_box(frame: Frame) -> ColumnElement[bool]:
    """Whether the outline is a rectangle: :func:`gis.pipeline.section.form.form_of`, for the database."""
    row = frame.row
    return or_(
        row.size.op("~")("[Xx×*]"),
        row.width_mm != row.height_mm,
        and_(row.class_code.in_(sorted(DUCTED)), func.coalesce(row.total_holes, 0) > 1),
    )


def depth_m(frame: Frame) -> ColumnElement[Any]:
    return func.greatest(frame.row.start_depth_m, frame.row.end_depth_m)


def slope_permille(frame: Frame) -> ColumnElement[Any]:
    """Fall along the drawing, metres a thousand metres: positive where the end lies lower."""
    row = frame.row
    fall: ColumnElement[Any] = row.start_level - row.end_level
    return fall / func.nullif(row.length_m, 0) * 1000


def cover_m(frame: Frame) -> ColumnElement[Any]:
    """Ground to outer crown at the end where it is less; see :func:`gis.pipeline.levels.faces`."""
    row = frame.row
    above = case((at_bottom(frame), cast(row.height_mm, Double) / 1000), else_=0.0)
    starts = func.coalesce(row.start_depth_m, frame.start.ground_level - row.start_level)
    ends = func.coalesce(row.end_depth_m, frame.end.ground_level - row.end_level)
    return func.least(starts - above, ends - above)


def at_bottom(frame: Frame) -> ColumnElement[bool]:
    """Whether depths and levels of a line are measured to its inside bottom."""
    row = frame.row
    kind = tuple_(row.class_code, row.sub_code)
    return case(
        (row.laying.in_(_trenches()), kind.in_(_measured_at_bottom(in_trench=True))),
        else_=kind.in_(_measured_at_bottom(in_trench=False)),
    )


@cache
def _trenches() -> list[str]:
    return [row.code for row in laying_methods() if row.is_trench]


@cache
def _measured_at_bottom(in_trench: bool) -> list[tuple[str, str]]:
    return [
        (row.class_code, row.sub_code)
        for row in pipe_classes()
        if is_at_bottom(DepthReference(row.depth_reference_in_trench if in_trench else row.depth_reference))
    ]


def _band(value: ColumnElement[Any], limits: tuple[int, ...]) -> ColumnElement[Any]:
    codes: Iterable[str] = band_codes(limits)
    steps = zip(limits, codes, strict=False)
    return case(
        (value.is_(None), None),
        *((value < limit, code) for limit, code in steps),
        else_=band_codes(limits)[-1],
    )
