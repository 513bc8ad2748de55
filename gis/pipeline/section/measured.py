"""Levels, sizes and places of what a section cuts, as arrays. Pure: the arithmetic of a cross-section.

Between its two nodes a line is straight in height: ground and surveyed level are linear in plan distance
along it. Crown, centre and invert follow from the surveyed face by :mod:`gis.pipeline.levels`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.pipeline.levels import between, faces, is_at_bottom, surveyed_level
from gis.pipeline.section.around import Segment
from gis.pipeline.section.cut import Cuts
from gis.pipeline.section.form import form_of, height_for_levels
from gis.pipeline.section.model import Form
from gis.standard.rows import LayingMethod
from gis.standard.tables import laying_methods, pipe_class
from gis.standard.vocabulary import DepthReference

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """What is cut, in the order of stations; arrays of shape (n,), metres, NaN where unknown.

    ``depth`` is ground to the face that the class measures to (negative overhead), ``cover`` ground to the
    outer crown. ``apparent_width`` lies in the plane of the section; ``width`` is square to the line.
    """

    segments: tuple[Segment, ...]
    cuts: Cuts
    ground: Floats
    crown: Floats
    centre: Floats
    invert: Floats
    depth: Floats
    cover: Floats
    width: Floats
    height: Floats
    apparent_width: Floats


def measure(cuts: Cuts, segments: Sequence[Segment]) -> Measured:
    """Levels where lines are cut; ``cuts.row`` counts in ``segments``."""
    cut = tuple(segments[row] for row in cuts.row)
    width = _column(cut, "width_mm") / 1000
    height = _numbers(height_for_levels(outline(row), row.width_mm, row.height_mm) for row in cut) / 1000
    at_bottom = np.array([is_at_bottom(depth_reference(row)) for row in cut], dtype=bool)
    start_ground, end_ground = _column(cut, "start_ground"), _column(cut, "end_ground")
    start_depth, end_depth = _column(cut, "start_depth_m"), _column(cut, "end_depth_m")
    ground = between(start_ground, end_ground, cuts.share)
    level = between(
        surveyed_level(_column(cut, "start_level"), start_ground, start_depth),
        surveyed_level(_column(cut, "end_level"), end_ground, end_depth),
        cuts.share,
    )
    found = faces(at_bottom, level, height)
    # A depth holds without any level: where the ground was not levelled, it is all there is.
    depth = ground - level
    depth = np.where(np.isnan(depth), between(start_depth, end_depth, cuts.share), depth)
    return Measured(
        segments=cut,
        cuts=cuts,
        ground=ground,
        crown=found.crown,
        centre=found.centre,
        invert=found.invert,
        depth=depth,
        cover=np.where(at_bottom, depth - height, depth),
        width=width,
        height=height,
        apparent_width=width / np.sin(np.radians(cuts.angle_deg)),
    )


def depth_reference(segment: Segment) -> DepthReference:
    """The face that a line's depth is measured to, by its class and how it was laid."""
    return pipe_class(segment.class_code, segment.sub_code).depth_reference_when(_laying(segment.laying))


def outline(segment: Segment) -> Form:
    """Round, a box, or a block of ducts; in a trench also cables lie in a box."""
    form = form_of(segment.class_code, segment.size, segment.width_mm, segment.height_mm, segment.total_holes)
    laying = _laying(segment.laying)
    return Form.RECT if form is Form.DUCTS and laying and laying.is_trench else form


@lru_cache
def _layings() -> dict[str, LayingMethod]:
    return {row.code: row for row in laying_methods()}


def _laying(code: str | None) -> LayingMethod | None:
    return _layings().get(code or "")


def _column(rows: Sequence[Any], name: str) -> Floats:
    return _numbers(getattr(row, name) for row in rows)


def _numbers(values: Iterable[float | None]) -> Floats:
    """None as NaN."""
    return np.array(list(values), dtype=float)
