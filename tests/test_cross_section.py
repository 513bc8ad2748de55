"""Cross-sections worked on paper: every number below was computed by hand, and holds to the millimetre."""

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from gis.errors import InvalidInput
from gis.pipeline.section.around import Around, Building, Point, Road
from gis.pipeline.section.cross_section import compute, not_along
from gis.pipeline.section.cut import cut
from gis.pipeline.section.limits import Limits
from gis.pipeline.section.line import SectionLine
from gis.pipeline.section.model import Crossing, CrossSection, Form
from gis.pipeline.section.series import lines_across
from tests.section_rows import Places, segment, straight

MM = 0.0005
# The section runs east from (0, 0) to (30, 0). Lines run north from (x, -20) to (x, 60): 80 m, cut at a
# quarter of their length. Their ground rises from 100.000 to 100.800: at the cut it is 100.200.
ACROSS = straight((0, 0), (30, 0))
RISING: dict[str, Any] = {"start_ground": 100.0, "end_ground": 100.8}


def at(x: float) -> Places:
    return [(x, -20.0), (x, 60.0)]


def section(*segments: Any, line: SectionLine = ACROSS, **around: Any) -> CrossSection:
    return compute(line, Around.of(segments, **around), Limits())


def only(*segments: Any, line: SectionLine = ACROSS) -> Crossing:
    (crossing,) = section(*segments, line=line).crossings
    return crossing


def levels(row: Crossing) -> tuple[float | None, ...]:
    return row.ground_level, row.crown_level, row.centre_level, row.invert_level, row.depth_m, row.cover_m


HAND_WORKED = {
    # Crown outside. Crown falls from 98.000 to 97.600: 98.000 - 0.400 / 4 = 97.900; DN 300.
    "water, surveyed at its crown": (
        segment(at(10), "JS/JP", "300", start_level=98.0, end_level=97.6, **RISING),
        (100.200, 97.900, 97.750, 97.600, 2.300, 2.300), Form.ROUND, "crown_outside",
    ),
    # Inside bottom. 95.500 - 0.400 / 4 = 95.400; DN 600: crown 96.000, cover 4.800 - 0.600.
    "sewer, surveyed at its inside bottom": (
        segment(at(10), "PS/WS", "600", start_level=95.5, end_level=95.1, **RISING),
        (100.200, 96.000, 95.700, 95.400, 4.800, 4.200), Form.ROUND, "invert_inside",
    ),
    # A box drain of 1200 by 800: the height makes the levels.
    "box drain": (
        segment(at(10), "PS/YS", "1200X800", start_level=97.0, end_level=97.0, **RISING),
        (100.200, 97.800, 97.400, 97.000, 3.200, 2.400), Form.RECT, "invert_inside",
    ),
    # Top of the block. 99.200 + 0.600 / 4 = 99.350; 150 high.
    "duct bank of power": (
        segment(at(10), "DL/GD", "600X150", laying="GK", total_holes=4, start_level=99.2, end_level=99.8,
                **RISING),
        (100.200, 99.350, 99.275, 99.200, 0.850, 0.850), Form.DUCTS, "block_top",
    ),
    # A cable laid directly has no size: its top is known, nothing else; no hole is counted.
    "cable without a size": (
        segment(at(10), "TX/XX", "", start_level=99.4, end_level=99.4, **RISING),
        (100.200, 99.400, None, None, 0.800, 0.800), Form.ROUND, "block_top",
    ),
    # Bottom of the trench inside, though heat is measured to its crown elsewhere. 97.000 + 0.200 / 4.
    "heat in a trench": (
        segment(at(10), "RL/RS", "1500X900", laying="GG", start_level=97.0, end_level=97.2, **RISING),
        (100.200, 97.950, 97.500, 97.050, 3.150, 2.250), Form.RECT, "trench_bottom_inside",
    ),
    "cables in a trench": (
        segment(at(10), "DL/GD", "1000X1000", laying="GG", start_level=98.0, end_level=98.0, **RISING),
        (100.200, 99.000, 98.500, 98.000, 2.200, 1.200), Form.RECT, "trench_bottom_inside",
    ),
    # Overhead: depths of -6.500 and -7.300; levels 106.500 and 108.100: 106.900 at the cut.
    "overhead, by its depths": (
        segment(at(10), "TX/DS", "100", laying="JK", start_depth_m=-6.5, end_depth_m=-7.3, **RISING),
        (100.200, 106.900, 106.850, 106.800, -6.700, -6.700), Form.ROUND, "block_top",
    ),
    # No level surveyed: 100.000 - 1.500 = 98.500 and 100.800 - 1.900 = 98.900; 98.600 at the cut.
    "level missing, depth known": (
        segment(at(10), "JS/JP", "200", start_depth_m=1.5, end_depth_m=1.9, **RISING),
        (100.200, 98.600, 98.500, 98.400, 1.600, 1.600), Form.ROUND, "crown_outside",
    ),
    # Level at the one end, depth at the other: 98.500 and 98.900 again.
    "level here, depth there": (
        segment(at(10), "JS/JP", "200", start_level=98.5, end_depth_m=1.9, **RISING),
        (100.200, 98.600, 98.500, 98.400, 1.600, 1.600), Form.ROUND, "crown_outside",
    ),
    # One end without any level: between the two nothing is known.
    "one end missing": (
        segment(at(10), "JS/JP", "200", start_level=98.5, **RISING),
        (100.200, None, None, None, None, None), Form.ROUND, "crown_outside",
    ),
    # The ground was not levelled: 1.500 + 0.400 / 4 = 1.600 below it, wherever that is.
    "ground missing, depth known": (
        segment(at(10), "JS/JP", "200", start_depth_m=1.5, end_depth_m=1.9, start_ground=None),
        (None, None, None, None, 1.600, 1.600), Form.ROUND, "crown_outside",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HAND_WORKED)
def test_levels_come_out_as_worked_on_paper(name: str) -> None:
    row, expected, form, reference = HAND_WORKED[name]
    found = only(row)
    assert levels(found) == pytest.approx(expected, abs=MM)
    assert (found.form, found.depth_reference, found.station_m) == (form, reference, 10.0)


def test_what_is_not_known_is_said_of_each_line() -> None:
    found = section(
        segment(at(5), "JS/JP", "", start_level=98.5, end_level=98.5),
        segment(at(10), "JS/JP", "200", start_ground=None),
    )
    assert [row.missing for row in found.crossings] == [("size",), ("levels", "ground")]
    assert [(row.code, row.station_m) for row in found.findings] == [
        ("missing_size", 5.0),
        ("missing_level", 10.0),
        ("missing_ground", 10.0),
    ]


def test_an_oblique_cut_shows_a_line_wider_than_it_is() -> None:
    # The line climbs 3 in 4: sin = 0.6, so DN 300 is 0.500 wide in the section.
    found = only(segment([(6, -3), (14, 3)], "JS/JP", "300", start_level=98.0, end_level=99.0))
    assert found.station_m == pytest.approx(10.0)
    assert found.angle_deg == pytest.approx(np.degrees(np.arcsin(0.6)))
    assert found.apparent_width_m == pytest.approx(0.5)
    assert found.crown_level == pytest.approx(98.5)


def test_spacing_is_from_axis_to_axis_and_from_face_to_face() -> None:
    # DN 300 at 10.000, a block of 600 at 10.800, DN 400 cut under 30 degrees (0.800 wide) at 12.000.
    slope = 1 / np.sqrt(3)
    oblique = [(12 - 2, -2 * slope), (12 + 2, 2 * slope)]
    found = section(
        segment(oblique, "PS/WS", "400"),
        segment(at(10), "JS/JP", "300"),
        segment(at(10.8), "DL/GD", "600X150"),
    ).crossings
    assert [row.class_code for row in found] == ["JS", "DL", "PS"]
    assert [row.axis_to_next_m for row in found] == [pytest.approx(0.8), pytest.approx(1.2), None]
    # 0.800 - 0.150 - 0.300 and 1.200 - 0.300 - 0.400
    assert [row.clear_to_next_m for row in found] == [pytest.approx(0.35), pytest.approx(0.5), None]


def test_without_a_size_the_clear_distance_is_not_known() -> None:
    found = section(segment(at(10), "JS/JP", "300"), segment(at(11), "TX/XX", "")).crossings
    assert found[0].axis_to_next_m == pytest.approx(1.0)
    assert found[0].clear_to_next_m is None


def test_a_bent_line_is_cut_wherever_it_is_met() -> None:
    # North over the section at 4, 6 m east, south over it at 10: 10 + 6 + 10 = 26 m, cut after 5 and 21.
    bent = [(4.0, -5.0), (4.0, 5.0), (10.0, 5.0), (10.0, -5.0)]
    found = section(segment(bent, "PS/WS", "300", start_level=97.6, end_level=95.0)).crossings
    assert [row.station_m for row in found] == [4.0, 10.0]
    # It falls 2.600 over 26 m: 0.100 a metre.
    assert [row.invert_level for row in found] == [pytest.approx(97.1), pytest.approx(95.5)]
    assert len({row.segment_id for row in found}) == 1


def test_a_line_that_bends_on_the_section_is_cut_once() -> None:
    assert len(section(segment([(10, -5), (10, 0), (13, 5)])).crossings) == 1
    assert len(section(segment([(8, 5), (10, 0), (12, 5)])).crossings) == 1  # only touches it


def test_stations_run_along_a_section_with_a_corner() -> None:
    # 10 m east, then 20 m north: (10, 5) is station 15.
    line = straight((0, 0), (10, 0), (10, 20))
    assert only(segment([(5, 5), (15, 5)]), line=line).station_m == pytest.approx(15.0)
    # A line through the corner itself is one crossing.
    assert only(segment([(9, 1), (11, -1)]), line=line).station_m == pytest.approx(10.0)


def test_a_section_that_runs_along_a_line_says_so_and_does_not_cut_it() -> None:
    found = section(segment([(5, 0.02), (15, 0.02)]), segment(at(20)))
    assert [row.station_m for row in found.crossings] == [20.0]
    assert [(row.from_m, row.to_m) for row in found.along] == [(5.0, 15.0)]
    assert "along" in {row.code for row in found.findings}


def test_a_section_wholly_along_lines_is_refused_with_their_numbers() -> None:
    first, second = (
        segment([(-5, 0), (12, 0)], segment_no="JP7"),
        segment([(12, 0), (35, 0)], segment_no="JP8"),
    )
    assert not_along(section(first)).length_m == 30.0  # beyond it there may be something to cut
    with pytest.raises(InvalidInput, match="JP7、JP8") as refused:
        not_along(section(first, second))
    assert refused.value.extra["errors"][0]["pointer"] == "/line"


def test_a_section_that_cuts_nothing_is_still_one() -> None:
    point = Point(1, "a", "JS", "JP", "", 100.0, None, 4.0, 1.0)
    found = section(points=[point])
    assert found.crossings == ()
    assert [(row.station_m, row.level) for row in found.ground] == [(4.0, 100.0)]
    assert [row.code for row in found.findings] == ["no_crossings"]


def test_a_well_is_cut_open_along_its_chord() -> None:
    # 0.300 off the line, radius 0.500: half the chord is 0.400.
    well = Point(7, "W7", "PS", "WS", "sewage_manhole", 100.0, 4.25, 12.0, 0.3)
    beside = Point(8, "W8", "PS", "WS", "sewage_manhole", 100.0, 4.25, 14.0, 0.6)
    plain = Point(9, "T9", "JS", "JP", "", 100.0, None, 16.0, 0.0)
    (found,) = section(points=[well, beside, plain]).wells
    assert (found.from_m, found.to_m) == (pytest.approx(11.6), pytest.approx(12.4))
    assert (found.point_no, found.bottom_level, found.is_size_assumed) == ("W7", 95.75, True)
    assert found.offset_m == pytest.approx(0.3)  # left of a section that runs east


def test_wells_of_classes_that_were_not_asked_for_are_left_out() -> None:
    well = Point(7, "W7", "PS", "WS", "sewage_manhole", 100.0, 4.25, 12.0, 0.0)
    found = compute(ACROSS, Around.of([], points=[well]), Limits(), class_codes=["JS"])
    assert found.wells == ()
    assert [row.level for row in found.ground] == [100.0]


@pytest.mark.parametrize(
    ("classes", "appendage", "well_depth_m", "is_well"),
    [
        ("JS", "valve_chamber", None, True),
        ("JS", "meter_chamber", None, True),
        ("JS", "valve", None, False),
        ("JS", "valve", 1.8, True),
        ("TX", "handhole", None, True),
        ("PS", "storm_grate", None, False),
        ("JS", "", None, False),
    ],
)
def test_what_counts_as_a_well(
    classes: str, appendage: str, well_depth_m: float | None, is_well: bool
) -> None:
    point = Point(1, "a", classes, {"JS": "JP", "TX": "DH", "PS": "YS"}[classes], appendage, 100.0,
                  well_depth_m, 3.0, 0.0)  # fmt: skip
    assert bool(section(points=[point]).wells) is is_well


def test_ground_comes_from_points_beside_the_line_and_from_the_nodes() -> None:
    points = [
        Point(1, "near", "JS", "JP", "", 100.5, None, 10.0, 1.0),
        Point(2, "farther", "JS", "JP", "", 109.0, None, 10.0, -1.5),  # the same station
        Point(4, "of another section", "JS", "JP", "", 109.0, None, 12.0, 2.1),
        Point(3, "unknown", "JS", "JP", "", None, None, 15.0, 0.0),
    ]
    found = section(segment(at(20), **RISING), points=points).ground
    assert [(row.station_m, round(row.level, 3), row.source) for row in found] == [
        (10.0, 100.5, "point"),
        (20.0, 100.2, "node"),
    ]


def test_a_terrain_model_fills_what_was_not_levelled() -> None:
    terrain = np.arange(0.0, 31.0), np.where(np.arange(31) < 25, 101.0, np.nan)
    found = compute(ACROSS, Around.of([segment(at(10))]), Limits(), terrain).ground
    assert {row.source for row in found} == {"dem", "node"}
    # Not within 2 m of the levelled ground at 10, and not where the model has nothing.
    assert [row.station_m for row in found if row.source == "dem"] == [*range(8), *range(13, 25)]


def test_kerbs_edges_and_walls_stand_where_the_section_meets_them() -> None:
    # A road of 16 m between its edges and 10 m between its kerbs, its axis at x = 15; a house from 2 to 5.
    road = Road("长安街", "Long Peace Street", 16.0, 10.0, shapely.LineString([(15, -50), (15, 50)]))
    house = Building("1号", 18.0, shapely.box(2, -5, 5, 5))
    found = section(roads=[road], buildings=[house])
    assert [(row.kind, round(row.from_m, 3), round(row.to_m, 3)) for row in found.surroundings] == [
        ("building", 2, 5), ("road_edge", 7, 7), ("kerb", 10, 10), ("road_axis", 15, 15), ("kerb", 20, 20),
        ("road_edge", 23, 23),
    ]  # fmt: skip
    assert found.place == "长安街"


def test_where_roads_meet_there_is_no_kerb_between_them() -> None:
    # Along the axis of one road, over a junction: only where the section leaves neither road is an edge.
    along = Road("东街", "East", 16.0, 10.0, shapely.LineString([(-50, 0), (50, 0)]))
    across = Road("北街", "North", 16.0, 10.0, shapely.LineString([(15, -50), (15, 50)]))
    found = section(roads=[along, across]).surroundings
    assert [row.kind for row in found] == ["road_axis"]


grid = st.integers(0, 12)
places = st.tuples(grid, grid)
polylines = st.lists(places, min_size=2, max_size=6, unique=True)


def meetings(a: Places, b: Places) -> list[shapely.Point]:
    """Where straight pieces of two lines meet, by GEOS; what only goes on in one direction is not cut."""
    found = []
    for (p, q), (r, s) in product(pairwise(a), pairwise(b)):
        if (q[0] - p[0]) * (s[1] - r[1]) != (q[1] - p[1]) * (s[0] - r[0]):
            found.append(shapely.intersection(shapely.LineString([p, q]), shapely.LineString([r, s])))
    return [each for each in found if not each.is_empty]


@given(polylines, st.lists(polylines, min_size=1, max_size=5))
def test_crossings_are_those_that_geos_finds(section_places: Places, lines: list[Places]) -> None:
    line = SectionLine.through(section_places)
    assume(line.geometry.is_simple and not line.geometry.is_closed)
    shapes = [shapely.LineString(each) for each in lines]
    xy, of = shapely.get_coordinates(shapes, return_index=True)
    cuts, runs = cut(line, xy, of)
    for number, shape in enumerate(shapes):
        met = shapely.intersection(line.geometry, shape)
        shared = [part for part in shapely.get_parts(met) if isinstance(part, shapely.LineString)]
        mine = runs.row == number
        assert (runs.to_m - runs.from_m)[mine].sum() == pytest.approx(sum(p.length for p in shared), abs=1e-6)
        # A point where a run ends belongs to the run.
        expected = [
            line.geometry.project(point)
            for point in meetings(section_places, lines[number])
            if all(point.distance(run) > 0.05 for run in shared)
        ]
        # A line that comes back to one place of the section is cut there twice, and is one point there.
        found = cuts.station[cuts.row == number]
        assert all(np.abs(found - each).min(initial=np.inf) < 1e-4 for each in expected)
        assert all(np.abs(np.array(expected) - each).min(initial=np.inf) < 1e-4 for each in found)


@given(polylines, polylines)
def test_at_a_crossing_section_and_line_are_in_one_place(section_places: Places, line_places: Places) -> None:
    line, shape = SectionLine.through(section_places), shapely.LineString(line_places)
    cuts, _runs = cut(line, *shapely.get_coordinates(shape, return_index=True))
    on_line = shapely.get_coordinates(shapely.line_interpolate_point(shape, cuts.share, normalized=True))
    assert line.places(cuts.station) == pytest.approx(on_line, abs=1e-5)
    assert (np.diff(cuts.station) >= 0).all()
    assert ((cuts.angle_deg > 0) & (cuts.angle_deg <= 90)).all()


@given(polylines, st.lists(places, min_size=1, max_size=8))
def test_the_place_of_a_point_beside_the_line_is_that_of_geos(section_places: Places, points: Places) -> None:
    line = SectionLine.through(section_places)
    station, offset = line.locate(points)
    for at_m, off, place in zip(station, offset, points, strict=True):
        assert abs(off) == pytest.approx(line.geometry.distance(shapely.Point(place)), abs=1e-9)
        assert shapely.Point(line.places([at_m])[0]).distance(shapely.Point(place)) == pytest.approx(abs(off))


def test_a_series_stands_square_to_its_axis_from_left_to_right() -> None:
    # 25 m east, then north: stations 0, 10, 20, 30; half a width of 6 m.
    found = lines_across(straight((0, 0), (25, 0), (25, 14)), every_m=10, half_width_m=6)
    assert [name for name, _line in found] == ["1-1", "2-2", "3-3", "4-4"]
    assert found[1][1].xy.tolist() == [[10, 6], [10, -6]]
    assert found[3][1].xy.tolist() == [[19, 5], [31, 5]]


@pytest.mark.parametrize(
    ("every_m", "half_width_m", "pointer"),
    [(0, 10, "/every_m"), (-5, 10, "/every_m"), (0.1, 10, "/every_m"), (float("nan"), 10, "/every_m"),
     (10, 0, "/half_width_m"), (10, 501, "/half_width_m")],
)  # fmt: skip
def test_a_series_that_cannot_be_is_refused(every_m: float, half_width_m: float, pointer: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        lines_across(ACROSS, every_m, half_width_m)
    assert refused.value.extra["errors"][0]["pointer"] == pointer


def test_a_series_has_an_end() -> None:
    axis = straight((0, 0), (1990, 0))
    assert len(lines_across(axis, 10, 20)) == 200
    with pytest.raises(InvalidInput, match="200"):
        lines_across(axis, 9.9, 20)
    with pytest.raises(InvalidInput):
        lines_across(axis, 10, 20, most=100)
