"""Lines of an overview: joined where they go straight on, none missing and none made up."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.tile.strokes import overview, strokes

PLACES = st.tuples(st.integers(0, 30), st.integers(0, 30))
LINES = st.lists(st.lists(PLACES, min_size=2, max_size=4, unique=True), min_size=1, max_size=40)


def lines(*texts: str) -> np.ndarray:  # type: ignore[type-arg]
    return shapely.from_wkt([f"LINESTRING({text})" for text in texts])


def test_two_streets_that_cross_are_two_lines() -> None:
    found = strokes(lines("0 0, 10 0", "10 0, 20 1", "10 -9, 10 0", "10 0, 10 12"))
    assert {(line.coords[0], line.coords[-1]) for line in found} <= {
        ((0, 0), (20, 1)), ((20, 1), (0, 0)), ((10, -9), (10, 12)), ((10, 12), (10, -9)),
    }  # fmt: skip
    assert len(found) == 2


def test_at_a_fork_the_straighter_branch_goes_on() -> None:
    found = strokes(lines("0 0, 10 0", "10 0, 20 3", "10 0, 20 1"))
    whole = next(line for line in found if len(line.coords) == 3)
    assert {whole.coords[0], whole.coords[-1]} == {(0, 0), (20, 1)}


def test_a_corner_is_not_gone_round() -> None:
    assert len(strokes(lines("0 0, 10 0", "10 0, 10 10"))) == 2


def test_a_ring_of_pieces_is_one_line_that_ends_where_it_began() -> None:
    turns = np.linspace(0, 2 * np.pi, 13)
    corners = [(100 * np.cos(a), 100 * np.sin(a)) for a in turns[:-1]]
    pieces = [shapely.LineString([corners[i], corners[(i + 1) % 12]]) for i in range(12)]
    (ring,) = strokes(np.array(pieces, dtype=object))
    assert ring.is_ring
    assert ring.length == pytest.approx(sum(piece.length for piece in pieces))


def test_house_connections_go_where_the_main_is_drawn_and_stay_where_nothing_is() -> None:
    main = [f"{x} 0, {x + 10} 0" for x in range(0, 300, 10)]
    houses = [f"{x} 0, {x} 6" for x in range(10, 300, 10)]
    alone = ["900 900, 903 903"]
    found = overview(lines(*main, *houses, *alone), half_pixel=5)
    assert sorted(shapely.get_num_coordinates(found)) == [2, 2]
    assert sorted(shapely.length(found)) == [pytest.approx(3 * 2**0.5), pytest.approx(300)]


def test_nothing_of_nothing() -> None:
    assert len(overview(np.array([], dtype=object), 1.0)) == 0


@given(LINES, st.randoms())
def test_order_of_the_pieces_means_nothing(pieces: list[list[tuple[int, int]]], random) -> None:  # type: ignore[no-untyped-def]
    made = [shapely.LineString(piece) for piece in pieces]
    shuffled = list(made)
    random.shuffle(shuffled)
    one, other = (shapely.to_wkb(overview(np.array(x, dtype=object), 0.7)) for x in (made, shuffled))
    assert sorted(one) == sorted(other)


@given(LINES)
def test_strokes_are_the_same_metres_in_fewer_lines(pieces: list[list[tuple[int, int]]]) -> None:
    made = np.array([shapely.LineString(piece) for piece in pieces], dtype=object)
    found = strokes(made)
    assert len(found) <= len(made)
    assert shapely.length(found).sum() == pytest.approx(shapely.length(made).sum())
    assert shapely.equals(shapely.union_all(found).normalize(), shapely.union_all(made).normalize())


@given(LINES, st.floats(0.2, 6))
def test_an_overview_is_true_to_two_pixels(pieces: list[list[tuple[int, int]]], half_pixel: float) -> None:
    made = np.array([shapely.LineString(piece) for piece in pieces], dtype=object)
    drawn = overview(made, half_pixel)
    true, shown = shapely.union_all(made), shapely.union_all(drawn)
    for a, b in ((true, shown), (shown, true)):
        points = shapely.points(shapely.get_coordinates(shapely.segmentize(a, 0.5)))
        assert shapely.distance(points, b).max() <= 4 * half_pixel + 1e-9
