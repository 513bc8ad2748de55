"""From surveyed levels and depths to crown, centre and invert: worked by hand, and as identities."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.pipeline.levels import (
    between,
    between_ends,
    faces,
    faces_at,
    is_at_bottom,
    number,
    surveyed_at,
    surveyed_level,
)
from gis.standard.tables import laying_methods, pipe_class
from gis.standard.vocabulary import DepthReference

LAYINGS = {row.code: row for row in laying_methods()}
levels = st.floats(-50, 3000)
heights = st.floats(0.02, 6)


def test_a_pressure_pipe_is_surveyed_at_its_crown() -> None:
    # Crown 98.000, diameter 0.300: centre 0.150 below, inside bottom 0.300 below.
    found = faces(False, 98.000, 0.300)
    assert (found.crown, found.centre, found.invert) == pytest.approx((98.000, 97.850, 97.700), abs=1e-9)


def test_a_sewer_is_surveyed_at_its_inside_bottom() -> None:
    found = faces(True, 95.120, 0.600)
    assert (found.crown, found.centre, found.invert) == pytest.approx((95.720, 95.420, 95.120), abs=1e-9)


def test_without_a_size_only_the_surveyed_face_is_known() -> None:
    top, bottom = faces([False, True], [98.0, 95.0], np.nan).crown, faces([False, True], [98.0, 95.0], np.nan)
    assert top[0] == 98.0
    assert np.isnan(top[1])
    assert np.isnan(bottom.invert[0])
    assert bottom.invert[1] == 95.0
    assert np.isnan(bottom.centre).all()


@pytest.mark.parametrize(
    ("codes", "laying", "reference", "at_bottom"),
    [
        (("JS", "JP"), "ZM", DepthReference.CROWN_OUTSIDE, False),
        (("PS", "WS"), "ZM", DepthReference.INVERT_INSIDE, True),
        (("DL", "GD"), "GK", DepthReference.BLOCK_TOP, False),
        (("DL", "GD"), "GG", DepthReference.TRENCH_BOTTOM_INSIDE, True),
        (("RL", "RS"), "GG", DepthReference.TRENCH_BOTTOM_INSIDE, True),
        (("JS", "JP"), "ZH", DepthReference.TRENCH_BOTTOM_INSIDE, True),
        (("QT", "ZH"), None, DepthReference.TRENCH_BOTTOM_INSIDE, True),
        (("JS", "JP"), None, DepthReference.CROWN_OUTSIDE, False),
    ],
)
def test_the_face_follows_from_class_and_laying(
    codes: tuple[str, str], laying: str | None, reference: DepthReference, at_bottom: bool
) -> None:
    found = pipe_class(*codes).depth_reference_when(LAYINGS[laying] if laying else None)
    assert found is reference
    assert is_at_bottom(found) is at_bottom


def test_a_level_that_was_not_surveyed_follows_from_the_depth() -> None:
    # As surveyed; ground 100.00 less 2.33; neither; overhead: a depth of -6.50 lies above the ground.
    found = surveyed_level([97.5, np.nan, np.nan, np.nan], [100, 100, np.nan, 100], [9.9, 2.33, 2.33, -6.5])
    assert found[:2] == pytest.approx([97.5, 97.67])
    assert np.isnan(found[2])
    assert found[3] == 106.5


def test_between_two_nodes_a_level_is_linear_and_needs_both() -> None:
    assert between(96.00, 95.00, 0.25) == pytest.approx(95.75)
    assert np.isnan(between(96.00, np.nan, 0.25))
    assert between(96.00, np.nan, 0.0) == 96.00  # at the node itself
    assert between(np.nan, 95.00, 1.0) == 95.00


@given(st.booleans(), levels, heights)
def test_crown_and_invert_lie_one_height_apart_around_the_centre(
    at_bottom: bool, level: float, height: float
) -> None:
    found = faces(at_bottom, level, height)
    assert found.crown - found.invert == pytest.approx(height)
    assert found.crown - found.centre == pytest.approx(height / 2)
    assert (found.invert if at_bottom else found.crown) == level


@given(levels, levels, st.floats(0, 1))
def test_a_level_between_lies_between_and_the_way_does_not_matter(
    start: float, end: float, share: float
) -> None:
    found = float(between(start, end, share))
    assert min(start, end) - 1e-9 <= found <= max(start, end) + 1e-9
    assert found == pytest.approx(float(between(end, start, 1 - share)), abs=1e-6)


unknown_or_metres = st.one_of(st.none(), st.floats(-50, 3000))


@given(
    st.booleans(),
    unknown_or_metres,
    unknown_or_metres,
    unknown_or_metres,
    unknown_or_metres,
    st.floats(-0.5, 1.5),
)
def test_one_place_reckons_as_many_do(
    at_bottom: bool,
    level: float | None,
    ground: float | None,
    depth: float | None,
    height: float | None,
    share: float,
) -> None:
    start = surveyed_at(level, ground, depth)
    many = surveyed_level([number(level)], [number(ground)], [number(depth)])
    assert np.array_equal([start], many, equal_nan=True)
    of_many = faces(at_bottom, start, number(height))
    of_one = faces_at(at_bottom, start, number(height))
    assert np.array_equal(of_one, [of_many.crown, of_many.centre, of_many.invert], equal_nan=True)
    end = number(ground)
    assert np.array_equal(between_ends(start, end, share), between(start, end, share), equal_nan=True)
