"""Depth arithmetic: from what a survey measured to crown, centre and invert of a line. Pure.

A survey gives one level per end, of the face that the class's depth is measured to
(:class:`gis.standard.vocabulary.DepthReference`). Everything else follows from it and from the height of the
section. What is unknown stays NaN: nothing is guessed.
"""

from dataclasses import dataclass
from math import isnan
from typing import SupportsFloat

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.standard.vocabulary import DepthReference

Floats = NDArray[np.float64]
MEASURED_AT_BOTTOM = (DepthReference.INVERT_INSIDE, DepthReference.TRENCH_BOTTOM_INSIDE)


@dataclass(frozen=True)
class Faces:
    """Levels of a line at places along it, metres in the city's height datum; NaN where unknown.

    ``crown`` is the outer top, ``invert`` the inside bottom. Wall thickness is not surveyed, so the two lie
    one ``height`` apart: cover over a line measured at its bottom is too large by its wall.
    """

    crown: Floats
    centre: Floats
    invert: Floats


def faces(at_bottom: ArrayLike, level: ArrayLike, height_m: ArrayLike) -> Faces:
    """All faces from the surveyed one; the arrays are of one shape or broadcast to one.

    Parameters
    ----------
    at_bottom : whether ``level`` is the inside bottom (see :func:`is_at_bottom`), else the outer top
    level : surveyed pipe level, metres
    height_m : height of the section, of a round pipe its diameter, metres
    """
    at_bottom, level, height = (
        np.asarray(at_bottom, bool),
        np.asarray(level, float),
        np.asarray(height_m, float),
    )
    invert = np.where(at_bottom, level, level - height)
    crown = np.where(at_bottom, level + height, level)
    return Faces(crown, (crown + invert) / 2, invert)


def is_at_bottom(reference: DepthReference) -> bool:
    """Whether depths of this reference are measured to the inside bottom."""
    return reference in MEASURED_AT_BOTTOM


def surveyed_level(level: ArrayLike, ground: ArrayLike, depth_m: ArrayLike) -> Floats:
    """The pipe level of an end: as surveyed, else ground less depth (the identity every survey must keep)."""
    level = np.asarray(level, float)
    return np.where(np.isnan(level), np.asarray(ground, float) - np.asarray(depth_m, float), level)


def between(start: ArrayLike, end: ArrayLike, share: ArrayLike) -> Floats:
    """A level at ``share`` (0 to 1) of the way, linear in plan between two nodes; NaN unless both are known.

    At an end itself that end is enough.
    """
    start, end, share = np.asarray(start, float), np.asarray(end, float), np.asarray(share, float)
    inner = start + (end - start) * share
    return np.where(share <= 0, start, np.where(share >= 1, end, inner))


def faces_at(at_bottom: bool, level: float, height_m: float) -> tuple[float, float, float]:
    """Crown, centre and invert at one place, as :func:`faces` has them for many; NaN where unknown."""
    invert = level if at_bottom else level - height_m
    crown = level + height_m if at_bottom else level
    return crown, (crown + invert) / 2, invert


def surveyed_at(level: float | None, ground: float | None, depth_m: float | None) -> float:
    """The pipe level of one end, as :func:`surveyed_level` has it for many; NaN where unknown."""
    return number(ground) - number(depth_m) if level is None else float(level)


def between_ends(start: float, end: float, share: float) -> float:
    """A level on the way, as :func:`between` has it for many."""
    if share <= 0:
        return start
    return end if share >= 1 else start + (end - start) * share


def number(value: float | None) -> float:
    """What is not known as NaN, as arithmetic wants it."""
    return float("nan") if value is None else float(value)


def known(value: SupportsFloat) -> float | None:
    """A level to the millimetre, None where it is not known, as answers have it."""
    level = float(value)
    return None if isnan(level) else round(level, 3)
