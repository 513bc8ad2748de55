"""Sections made up for drawing tests and for the pictures of docs/section-drawings.md."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from math import radians, sin

from gis.pipeline.section.model import (
    Crossing,
    CrossingPipe,
    CrossSection,
    Finding,
    Form,
    GroundPoint,
    Profile,
    Reach,
    Station,
    Surrounding,
    Well,
)

# class, sub, name, colour, line style, face the depth is measured to
KINDS = {
    "JP": ("JS", "配水", "#00FFFF", "", "crown_outside"),
    "YS": ("PS", "雨水", "#4C3926", "10 4", "invert_inside"),
    "WS": ("PS", "污水", "#4C3926", "10 4 2 4", "invert_inside"),
    "TR": ("RQ", "天然气", "#FF00FF", "14 4 2 4", "crown_outside"),
    "RS": ("RL", "热水", "#FF8000", "6 3", "crown_outside"),
    "GD": ("DL", "供电", "#FF0000", "16 3 3 3 3 3", "block_top"),
    "LD": ("DL", "路灯", "#FF0000", "8 3 2 3", "block_top"),
    "DX": ("TX", "中国电信", "#00FF00", "4 4", "block_top"),
}
GROUND = 1320.0


def crossing(
    station_m: float,
    sub_code: str,
    width_mm: int | None,
    crown_level: float | None,
    *,
    height_mm: int | None = None,
    form: Form = Form.ROUND,
    material: str = "球墨铸铁",
    angle_deg: float = 90.0,
    holes: tuple[int | None, int | None] = (None, None),
    ground_level: float | None = GROUND,
    number: int = 0,
) -> Crossing:
    """A line as part of a section; all its levels follow from its crown."""
    class_code, name, colour, dash, reference = KINDS[sub_code]
    height = height_mm or (width_mm if form is Form.ROUND else None)
    centre = invert = None
    if crown_level is not None and height is not None:
        centre, invert = crown_level - height / 2000, crown_level - height / 1000
    face = invert if reference == "invert_inside" else crown_level
    return Crossing(
        station_m=station_m,
        segment_id=number or round(station_m * 1000) + 1,
        segment_no=f"{sub_code}{round(station_m * 10):04d}-{round(station_m * 10) + 1:04d}",
        class_code=class_code,
        sub_code=sub_code,
        class_name=name,
        rgb_hex=colour,
        dash=dash,
        form=form,
        size="",
        width_mm=width_mm,
        height_mm=height,
        material=None if not material else "X",
        material_name=material,
        laying=None,
        owner={
            "JS": "自来水公司",
            "PS": "排水管理处",
            "RQ": "燃气公司",
            "RL": "热力公司",
            "DL": "供电局",
            "TX": "电信公司",
        }[class_code],
        year_laid=2012,
        usage_status="0",
        road_name="鄂尔多斯大街",
        total_holes=holes[0],
        used_holes=holes[1],
        depth_reference=reference,
        ground_level=ground_level,
        crown_level=crown_level,
        centre_level=centre,
        invert_level=invert,
        depth_m=None if face is None or ground_level is None else round(ground_level - face, 3),
        cover_m=None if crown_level is None or ground_level is None else round(ground_level - crown_level, 3),
        angle_deg=angle_deg,
        apparent_width_m=None if width_mm is None else width_mm / 1000 / sin(radians(angle_deg)),
        start_point_no="A1",
        end_point_no="A2",
        missing=() if crown_level is not None else ("levels",),
    )


def section(
    crossings: list[Crossing],
    length_m: float,
    findings: tuple[Finding, ...] = (),
    wells: tuple[Well, ...] = (),
    surroundings: tuple[Surrounding, ...] = (),
    ground: tuple[GroundPoint, ...] | None = None,
) -> CrossSection:
    """A section with the spacings between its lines."""
    ordered = sorted(crossings, key=lambda item: item.station_m)
    spaced = [
        replace(
            here,
            axis_to_next_m=there.station_m - here.station_m,
            clear_to_next_m=there.station_m
            - here.station_m
            - ((here.apparent_width_m or 0) + (there.apparent_width_m or 0)) / 2,
        )
        for here, there in pairwise(ordered)
    ] + ordered[-1:]
    if ground is None:
        ground = tuple(
            GroundPoint(length_m * share, GROUND + lift, "point")
            for share, lift in (
                (0, -0.05),
                (0.2, 0.0),
                (0.22, -0.15),
                (0.5, 0.06),
                (0.78, -0.15),
                (0.8, 0),
                (1, 0.02),
            )
        )
    return CrossSection(
        line=((413500.0, 4410000.0), (413500.0 + length_m * 0.97, 4410000.0 + length_m * 0.243)),
        length_m=length_m,
        crossings=tuple(spaced),
        wells=wells,
        ground=ground,
        surroundings=surroundings,
        findings=findings,
        as_of=date(2026, 11, 23),
        name="1-1",
        place="鄂尔多斯大街",
    )


def street(length_m: float) -> tuple[Surrounding, ...]:
    """Buildings on both sides, kerbs and axis of a road."""
    return (
        Surrounding("building", 0.0, length_m * 0.08, "市政府办公楼", 24.0),
        Surrounding("road_edge", length_m * 0.21, length_m * 0.21),
        Surrounding("road_axis", length_m * 0.5, length_m * 0.5),
        Surrounding("road_edge", length_m * 0.79, length_m * 0.79),
        Surrounding("building", length_m * 0.93, length_m, "", 3.2),
    )


def ten_metres() -> CrossSection:
    """Two pipes ten metres apart, one metre apart in height, in plain ground."""
    return section([crossing(2.0, "JP", 400, 1319.0), crossing(12.0, "TR", 400, 1318.0)], 14.0)


def sparse() -> CrossSection:
    """Five lines in a street of 24 m, a well, two findings."""
    return section(
        [
            crossing(
                4.0, "GD", 600, 1319.1, height_mm=400, form=Form.DUCTS, holes=(12, 8), material="混凝土"
            ),
            crossing(7.6, "JP", 300, 1318.4),
            crossing(12.4, "YS", 800, 1317.6, material="钢筋混凝土"),
            crossing(13.0, "TR", 200, 1318.9, material="PE"),
            crossing(18.5, "RS", 1200, 1318.3, height_mm=900, form=Form.RECT, material="砖"),
        ],
        24.0,
        (
            Finding("cover", "warning", 4.0, (4001,), 0.9, 1.0, is_firm=False),
            Finding("clearance_horizontal", "error", 12.4, (12401, 13001), 0.10, 1.0, is_firm=True),
        ),
        surroundings=street(24.0),
    )


def dense() -> CrossSection:
    """Twenty lines in 15 m, with findings between them."""
    subs = ["GD", "DX", "JP", "LD", "TR", "WS", "YS", "RS", "DX", "JP"] * 2
    found = []
    for number, sub in enumerate(subs):
        width = (200, 110, 300, 50, 160, 400, 600, 250, 100, 150)[number % 10]
        station = 0.6 + number * 0.72 + (0.25 if number % 3 else 0)
        found.append(
            crossing(
                round(station, 2),
                sub,
                width,
                1319.2 - (number % 5) * 0.45 - (1.2 if sub in ("WS", "YS") else 0),
            )
        )
    ids = [item.segment_id for item in found]
    findings = (
        Finding("clearance_horizontal", "error", None, (ids[2], ids[3]), 0.22, 0.5),
        Finding("clearance_horizontal", "warning", None, (ids[4], ids[5]), 0.35, 1.0, is_firm=False),
        Finding("cover", "error", None, (ids[10],), 0.6, 0.8),
        Finding("clearance_vertical", "note", None, (ids[6], ids[7]), 0.1, 0.15, is_firm=False),
    )
    return section(found, 15.0, findings, surroundings=street(15.0))


def oblique() -> CrossSection:
    """Lines cut at an angle, cables that are too small to see, a well cut open."""
    return section(
        [
            crossing(3.0, "JP", 600, 1318.2, angle_deg=35.0),
            crossing(7.0, "LD", 25, 1319.3, material="铜"),
            crossing(9.0, "WS", 500, 1317.2, angle_deg=60.0, material="钢筋混凝土"),
            crossing(14.0, "DX", 300, 1319.0, height_mm=200, form=Form.DUCTS, holes=(6, 6), angle_deg=45.0),
        ],
        18.0,
        wells=(
            Well(9.0, 8.3, 9.7, 77, "WS0090", "PS", "#4C3926", "检查井", 1320.0, 1316.4, 0.1, False),
            Well(14.2, 13.6, 14.8, 78, "DX0140", "TX", "#00FF00", "人孔", 1320.0, None, 0.0, True),
        ),
        surroundings=(Surrounding("kerb", 5.0, 5.0), Surrounding("kerb", 15.5, 15.5)),
    )


def with_gaps() -> CrossSection:
    """What is not known: levels, sizes, material, ground."""
    return section(
        [
            crossing(2.0, "JP", 300, None),
            crossing(6.0, "TR", None, 1318.9, material=""),
            crossing(9.0, "YS", 800, 1317.6, material="钢筋混凝土"),
            crossing(9.6, "GD", None, None, material="", ground_level=None),
            crossing(13.0, "WS", 400, 1316.9, material="PVC"),
        ],
        16.0,
        (
            Finding("missing_level", "warning", 2.0, (2001,)),
            Finding("missing_level", "warning", 9.6, (9601,)),
        ),
        ground=(
            GroundPoint(0.0, 1319.95, "point"),
            GroundPoint(9.0, 1320.0, "node"),
            GroundPoint(13.0, 1320.05, "node"),
        ),
    )


# Distance, ground, invert in and out, whether a well: a sewer that falls, rises once and has a gap.
Node = tuple[float, float | None, float | None, float | None, bool]
NODES: tuple[Node, ...] = (
    (0.0, 1320.00, None, 1317.60, True),
    (32.5, 1319.92, 1317.47, 1317.45, True),
    (68.0, 1319.80, 1317.31, 1317.31, True),
    (74.0, 1319.78, 1317.28, 1317.28, False),
    (110.2, 1319.60, 1317.12, 1317.12, True),
    (148.0, 1319.55, 1317.20, 1317.20, True),
    (186.4, None, None, None, True),
    (225.0, 1319.30, 1316.70, 1316.65, True),
    (262.0, 1319.10, 1316.50, None, True),
)


def profile(
    nodes: tuple[tuple[float, float | None, float | None, float | None, bool], ...] = NODES,
) -> Profile:
    """A sewer DN500 along nodes, with two lines across it, a reverse slope and a gap."""
    stations, reaches = [], []
    for number, (distance, ground, invert_in, invert_out, is_well) in enumerate(nodes, start=1):
        inverts = [one for one in (invert_in, invert_out) if one is not None]
        bottom = min(inverts) - 0.3 if inverts and is_well and number != 3 else None
        stations.append(
            Station(
                distance_m=distance,
                point_id=number,
                point_no=f"WS{number:02d}",
                kind_name="检查井" if is_well else "拐点",
                is_well=is_well,
                ground_level=ground,
                well_bottom_level=bottom,
                well_depth_m=None if bottom is None or ground is None else round(ground - bottom, 2),
                invert_in=invert_in,
                invert_out=invert_out,
                crown_in=None if invert_in is None else invert_in + 0.5,
                crown_out=None if invert_out is None else invert_out + 0.5,
                easting=0.0,
                northing=0.0,
            )
        )
    for number, (here, there) in enumerate(pairwise(nodes), start=1):
        start, end = here[3], there[2]
        length = there[0] - here[0]
        reaches.append(
            Reach(
                segment_id=number,
                segment_no=f"WS{number:02d}-WS{number + 1:02d}",
                from_m=here[0],
                to_m=there[0],
                length_m=length,
                class_code="PS",
                sub_code="WS",
                form=Form.ROUND,
                size="500",
                width_mm=500,
                height_mm=500,
                material="T",
                material_name="混凝土",
                laying=None,
                year_laid=2010,
                usage_status="0",
                start_crown=None if start is None else start + 0.5,
                end_crown=None if end is None else end + 0.5,
                start_invert=start,
                end_invert=end,
                start_depth_m=None if start is None or here[1] is None else here[1] - start,
                end_depth_m=None if end is None or there[1] is None else there[1] - end,
                least_cover_m=1.8,
                slope_permille=None if start is None or end is None else (start - end) / length * 1000,
                flows="+",
            )
        )
    last = nodes[-1][0]
    ground = tuple(GroundPoint(node[0], node[1], "point") for node in nodes if node[1] is not None)
    across = [
        _across(last * 0.2, "JP", Form.ROUND, 600, 600, 1318.9, 0.43),
        _across(last * 0.36, "GD", Form.DUCTS, 900, 600, 1319.1, 0.75),
        _across(last * 0.9, "TR", Form.ROUND, 300, 300, None, None),
    ]
    return Profile(
        class_code="PS",
        sub_code="WS",
        class_name="污水",
        rgb_hex="#4C3926",
        length_m=last,
        stations=tuple(stations),
        reaches=tuple(reaches),
        ground=ground,
        crossing_pipes=tuple(across),
        findings=(
            Finding("reverse_slope", "error", 129.1, (5,), 0.08, 0.0),
            Finding("cover", "warning", 32.5, (2,), 1.97, 2.0, is_firm=False),
        ),
        line=((413500.0, 4410000.0), (413500.0 + last, 4410000.0)),
        as_of=date(2026, 11, 23),
        name="WS01–WS09",
        place="鄂尔多斯大街",
    )


def _across(
    distance_m: float,
    sub_code: str,
    form: Form,
    width: int,
    height: int,
    crown: float | None,
    gap: float | None,
) -> CrossingPipe:
    class_code, name, colour, _dash, _reference = KINDS[sub_code]
    return CrossingPipe(
        distance_m=distance_m,
        segment_id=900 + round(distance_m),
        segment_no=f"{sub_code}9",
        class_code=class_code,
        sub_code=sub_code,
        class_name=name,
        rgb_hex=colour,
        form=form,
        size="",
        width_mm=width,
        height_mm=height,
        crown_level=crown,
        centre_level=None if crown is None else crown - height / 2000,
        invert_level=None if crown is None else crown - height / 1000,
        angle_deg=80.0,
        is_above=None if gap is None else True,
        gap_m=gap,
    )
