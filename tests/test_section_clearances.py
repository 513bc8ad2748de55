"""Too close, or not: each distance worked by hand and held against the number of the shipped table."""

import math
from dataclasses import replace

import pytest
import shapely

from gis.pipeline.section.around import Around, Building, Road, Segment
from gis.pipeline.section.cross_section import compute
from gis.pipeline.section.limits import Limit
from gis.pipeline.section.model import Finding
from tests.section_rows import Places, segment, shipped_limits, straight

ACROSS = straight((0, 0), (30, 0))
LIMITS = shipped_limits()


def along(x: float) -> Places:
    """A line that runs square to the section."""
    return [(x, -40.0), (x, 40.0)]


def deep(level: float) -> dict[str, float]:
    return {"start_level": level, "end_level": level}


def found(
    *segments: Segment, roads: tuple[Road, ...] = (), walls: tuple[Building, ...] = ()
) -> list[Finding]:
    section = compute(ACROSS, Around.of(segments, roads=roads, buildings=walls), LIMITS)
    return [row for row in section.findings if not row.code.startswith("missing")]


def test_side_by_side_counts_from_face_to_face() -> None:
    # Axes 1.140 apart, DN 200 and DN 300: 1.140 - 0.100 - 0.150 = 0.890, and 1.00 is asked (d <= 200).
    water = segment(along(10), "JS/JP", "200", **deep(98))
    sewer = segment(along(11.14), "PS/WS", "300", **deep(96))
    (finding,) = found(water, sewer)
    assert finding.code == "clearance_horizontal"
    assert finding.severity == "warning"
    assert (finding.value_m, finding.limit_m) == (0.890, 1.0)
    assert finding.parties == ("WATER_D_LE_200", "SEWER_STORM")
    assert finding.station_m == pytest.approx(10.57)
    assert finding.segment_ids == (water.id, sewer.id)
    assert finding.status == "verified_secondary"
    assert finding.is_firm
    # One centimetre more than 1.000 m clear is enough; exactly 1.000 is enough too.
    assert found(water, segment(along(11.25), "PS/WS", "300", **deep(96))) == []
    # A main of DN 300 stands under the other head: 1.50 is asked, and 1.250 - 0.300 = 0.950 is there.
    (finding,) = found(segment(along(10), "JS/JP", "300", **deep(98)),
                       segment(along(11.25), "PS/WS", "300", **deep(96)))  # fmt: skip
    assert (finding.value_m, finding.limit_m) == (0.950, 1.5)


def test_parallel_lines_that_are_cut_aslant_are_measured_square_to_them() -> None:
    # Both run 3 east, 4 north; 1.500 apart along the section is 1.500 * 0.8 = 1.200 in plan; less 0.250.
    def aslant(x: float) -> Places:
        return [(x - 15, -20), (x + 15, 20)]

    (finding,) = found(segment(aslant(10), "JS/JP", "200", **deep(98)),
                       segment(aslant(11.5), "PS/WS", "300", **deep(96)))  # fmt: skip
    assert (finding.value_m, finding.limit_m) == (0.950, 1.0)
    assert "in plan" in finding.text or "平面" in finding.text


def test_lines_that_are_not_parallel_are_measured_in_the_section_and_it_is_said() -> None:
    # 45 degrees to each other, ending before they meet: 1.200 - 0.100 - 0.150 * sqrt(2).
    turned = [(11.2, 0), (14.2, 3)]
    (finding,) = found(segment(along(10), "JS/JP", "200", **deep(98)),
                       segment(turned, "PS/WS", "300", **deep(96)))  # fmt: skip
    assert finding.value_m == round(1.2 - 0.1 - 0.15 * math.sqrt(2), 3)
    assert "沿断面" in finding.text


def test_lines_that_cross_in_plan_are_not_side_by_side() -> None:
    crossing = [(11.0, 0.5), (9.0, -1.5)]  # meets x = 10 at y = -0.5, off the section
    assert (
        found(segment(along(10), "JS/JP", "200", **deep(98)), segment(crossing, "PS/WS", "300", **deep(96)))
        == []
    )


def test_one_above_the_other_counts_from_bottom_to_crown() -> None:
    # They cross on the section. Gas: crown 98.600, DN 200, bottom 98.400; sewer: inside bottom 98.000,
    # DN 300, crown 98.300: 0.100 between them, and 0.15 is asked.
    gas = segment([(0, -10), (20, 10)], "RQ/TR", "200", pressure_band="MPA", **deep(98.6))
    sewer = segment([(0, 10), (20, -10)], "PS/WS", "300", **deep(98.0))
    (finding,) = found(gas, sewer)
    assert (finding.code, finding.severity) == ("clearance_vertical", "warning")
    assert (finding.value_m, finding.limit_m, finding.parties) == (0.1, 0.15, ("GAS", "SEWER_STORM"))
    # 0.150 is enough.
    assert found(replace_levels(gas, 98.65), sewer) == []


def replace_levels(row: Segment, level: float) -> Segment:
    return row._replace(start_level=level, end_level=level)


def test_lines_that_run_through_each_other_are_an_error() -> None:
    gas = segment([(0, -10), (20, 10)], "RQ/TR", "200", pressure_band="MPA", **deep(98.25))
    sewer = segment([(0, 10), (20, -10)], "PS/WS", "300", **deep(98.0))
    (finding,) = found(gas, sewer)
    # Centres 98.150 and 98.150: the first is taken as upper; 98.050 - 98.300.
    assert (finding.severity, finding.value_m) == ("error", -0.25)


def test_one_above_the_other_all_along_breaks_both_tables() -> None:
    found_codes = [row.code for row in found(segment(along(10), "JS/JP", "200", **deep(98.4)),
                                             segment(along(10.1), "PS/WS", "300", **deep(97.7)))]  # fmt: skip
    assert found_codes == ["clearance_horizontal", "clearance_vertical"]


def test_lines_of_one_node_are_one_line() -> None:
    main = segment(along(10), "JS/JP", "300", **deep(98), end_point_id=99_001)
    branch = segment([(10, 40), (10.3, -40)], "JS/JP", "100", **deep(98), start_point_id=99_001)
    assert found(main, branch) == []


def test_a_far_pair_is_found_though_another_line_lies_between() -> None:
    water = segment(along(10), "JS/JP", "200", **deep(98))
    cable = segment(along(10.6), "QT/BM", "10")
    sewer = segment(along(11.1), "PS/WS", "300", **deep(96))
    pairs = [row.segment_ids for row in found(water, cable, sewer) if row.code == "clearance_horizontal"]
    assert pairs == [(water.id, sewer.id)]


def test_where_the_table_is_silent_there_is_no_finding() -> None:
    # GB 50289 gives no distance in plan between two water mains.
    assert (
        found(
            segment(along(10), "JS/JP", "300", **deep(98)), segment(along(10.5), "JS/JP", "300", **deep(98))
        )
        == []
    )


def test_where_the_table_cannot_be_read_a_note_says_so() -> None:
    gas = segment(along(10), "RQ/TR", "200", **deep(98))  # pressure unknown
    water = segment(along(10.8), "JS/JP", "200", **deep(98))
    (finding,) = found(gas, water)
    assert (finding.code, finding.severity, finding.limit_m) == ("clearance_unknown", "note", None)
    assert finding.value_m == 0.6
    assert (
        found(gas, segment(along(11.3), "JS/JP", "200", **deep(98))) == []
    )  # 1.100 m: far enough to be quiet


def test_abandoned_lines_are_noted_only() -> None:
    water = segment(along(10), "JS/JP", "200", usage_status="1", **deep(98))
    (finding,) = found(water, segment(along(11.14), "PS/WS", "300", **deep(96)))
    assert (finding.code, finding.severity) == ("clearance_horizontal", "note")


def test_a_number_that_is_not_confirmed_is_told_as_such() -> None:
    water = segment(along(10), "JS/JP", "200", **deep(98))
    heat = segment(along(11), "RL/RS", "300", **deep(98))
    (finding,) = found(water, heat)
    assert (finding.limit_m, finding.status, finding.is_firm) == (1.5, "cross_checked_weak", False)
    assert "未经原文核实" in finding.text


def test_a_corrected_number_is_in_force() -> None:
    water = segment(along(10), "JS/JP", "200", **deep(98))
    sewer = segment(along(11.14), "PS/WS", "300", **deep(96))
    pair = ("WATER_D_LE_200", "SEWER_STORM")
    corrected = replace(LIMITS, horizontal=LIMITS.horizontal | {pair: Limit(0.8, "corrected", "read", True)})
    assert compute(ACROSS, Around.of([water, sewer]), corrected).findings == ()


ROAD = Road("长安街", "Long Peace Street", 16.0, 10.0, shapely.LineString([(15, -50), (15, 50)]))


@pytest.mark.parametrize(
    ("x", "level", "value", "limit"),
    [
        (15, 99.35, 0.65, 0.70),  # under the carriageway, between 10 and 20
        (15, 99.30, None, None),
        (8, 99.35, None, None),  # beside it 0.60 are enough
        (8, 99.45, 0.55, 0.60),
    ],
)
def test_cover_is_asked_by_what_rolls_above(
    x: float, level: float, value: float | None, limit: float | None
) -> None:
    findings = found(segment(along(x), "JS/JP", "200", **deep(level)), roads=(ROAD,))
    assert [(row.code, row.value_m, row.limit_m) for row in findings] == (
        [("cover", pytest.approx(value), limit)] if value else []
    )


def test_cover_of_a_sewer_is_above_its_crown() -> None:
    # Inside bottom 98.900, DN 600: crown 99.500, 0.500 below the ground.
    (finding,) = found(segment(along(8), "PS/WS", "600", **deep(98.9)))
    assert (finding.code, finding.value_m) == ("cover", pytest.approx(0.5))


def test_what_lies_above_the_ground_needs_no_cover() -> None:
    overhead = segment(along(8), "TX/DS", "100", laying="JK", start_depth_m=-6.0, end_depth_m=-6.0)
    on_the_ground = segment(along(15), "RL/RS", "200", laying="DM", **deep(100.2))
    assert found(overhead, on_the_ground) == []


def test_walls_are_parties_too() -> None:
    # The wall at x = 5; gas of medium pressure A at 6.400, DN 200: 1.300 clear, 1.50 asked.
    house = Building("1号", 18.0, shapely.box(0, -5, 5, 5))
    gas = segment(along(6.4), "RQ/TR", "200", pressure_band="MPA", **deep(98.0))
    (finding,) = found(gas, walls=(house,))
    assert (finding.code, finding.value_m, finding.limit_m) == ("clearance_building", 1.3, 1.5)
    assert finding.parties == ("GAS_MPA", "BUILDING")
    assert "1号" in finding.text


def test_of_two_places_of_one_pair_the_worse_is_told() -> None:
    # A line that comes back: 0.500 m from the sewer at first, then 0.250 m.
    back = [(10.0, -5.0), (10.0, 5.0), (10.6, 5.0), (10.6, -5.0)]
    water = segment(back, "JS/JP", "100", **deep(98))
    sewer = segment(along(11.1), "PS/WS", "300", **deep(96))
    (finding,) = found(water, sewer)
    assert finding.value_m == 0.3  # 0.500 - 0.050 - 0.150
