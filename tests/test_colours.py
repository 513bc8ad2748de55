"""Colours of cases and findings as people see them who lack one of the three kinds of cones.

Simulated by the matrices of Machado, Oliveira and Fernandes (2009) for the full loss of one kind, on linear
RGB; the difference is CIE 1976 Delta E in L*a*b* under D65, where 2.3 is just noticed.
"""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from layers.catalog import LAYERS
from layers.classes import MAJORS
from layers.layer import Category

SIGHT = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
PAPER = "#fbfaf6"
# What is smaller is told apart by shape only.
CLEAR = 12.0
TOLD = [
    (name, classes)
    for name in ("cases", "pipe_findings")
    for classes in (LAYERS[name].classes, *LAYERS[name].also_by)
    if classes and isinstance(classes.categories, tuple)
]


def lab(colour: str, sight: str) -> NDArray[np.float64]:
    """L*, a*, b* of a colour as it is seen."""
    raw = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    linear = np.where(raw <= 0.04045, raw / 12.92, ((raw + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(SIGHT[sight] @ linear, 0, 1) / TO_XYZ.sum(axis=1)
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: str, other: str, sight: str) -> float:
    return float(np.linalg.norm(lab(one, sight) - lab(other, sight)))


def test_the_measure_knows_black_from_white_and_red_from_green() -> None:
    assert difference("#000000", "#ffffff", "usual") == pytest.approx(100, abs=0.1)
    # The confusion everybody knows: far apart for most, near for a deuteranope.
    assert difference("#b06a00", "#7d8500", "deuteranopia") < difference("#b06a00", "#7d8500", "usual") / 2


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize(("name", "classes"), TOLD, ids=lambda one: getattr(one, "by", one))
def test_classes_are_told_apart_by_colour_and_always_by_shape(name, classes, sight) -> None:  # type: ignore[no-untyped-def]
    categories: tuple[Category, ...] = classes.categories
    for one, other in combinations(categories, 2):
        assert one.symbol.partition("+")[0] != other.symbol.partition("+")[0], (one.value, other.value)
        assert difference(one.colour, other.colour, sight) > CLEAR, (one.value, other.value)
    assert all(difference(one.colour, PAPER, sight) > 30 for one in categories)


@pytest.mark.parametrize("sight", SIGHT)
def test_major_classes_have_colours_apart_beside_their_numbers(sight: str) -> None:
    assert min(difference(one, other, sight) for one, other in combinations(MAJORS, 2)) > CLEAR
