"""What a cross-section shows: nothing guessed, nothing over something else."""

from dataclasses import replace
from datetime import date

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.pipeline.section.model import Finding, Form
from layers.section import DrawOptions, Paper, draw_cross_section, svg
from layers.section.scene import Box, Ellipse, Layer, Line, Scene, Text
from layers.section.table_rows import HEAD_MM
from tests.drawn_sections import SVG, ellipses_of, outline, parsed, shapes_of, target_of, words_of
from tests.section_examples import (
    crossing,
    oblique,
    section,
    sparse,
    street,
    ten_metres,
    with_gaps,
)

CHINESE = DrawOptions(locale="zh_CN", drawn_on=date(2026, 11, 23))


def test_a_line_cut_obliquely_is_an_ellipse_of_its_apparent_width() -> None:
    """DN600 at 35°: 600 / sin 35° = 1046 mm wide, still 600 mm high."""
    scene = draw_cross_section(oblique(), replace(CHINESE, scale_h=100, scale_v=100))
    name = target_of(scene, "pipe", 3001)
    (pipe,) = (one for one in ellipses_of(scene, name, Layer.PIPE))
    assert 2 * pipe.rx == pytest.approx(10.4607, abs=0.0001)
    assert 2 * pipe.ry == pytest.approx(6.0, abs=0.0001)


def test_a_block_of_ducts_has_its_holes_and_the_used_ones_are_filled() -> None:
    bank = crossing(4.0, "GD", 600, 1319.1, height_mm=400, form=Form.DUCTS, holes=(12, 8))
    scene = draw_cross_section(section([bank], 8.0), replace(CHINESE, scale_h=50, scale_v=50))
    holes = [
        one
        for one in shapes_of(scene, target_of(scene, "pipe", 4001), Layer.PIPE)
        if isinstance(one, Ellipse)
    ]
    assert len(holes) == 12
    assert sum(one.fill == "#FF0000" for one in holes) == 8
    block = Box(*_edges(scene, 4001))
    for one in holes:
        assert block.holds(
            Box(
                one.centre[0] - one.rx, one.centre[1] - one.ry, one.centre[0] + one.rx, one.centre[1] + one.ry
            )
        )


def _edges(scene: Scene, segment_id: int) -> tuple[float, float, float, float]:
    shapes = shapes_of(scene, target_of(scene, "pipe", segment_id), Layer.PIPE)
    block = next(one for one in shapes if isinstance(one, Line) and one.closed)
    return shapely.MultiPoint(block.runs[0]).bounds


def test_a_line_without_a_level_stands_at_no_level() -> None:
    """A dashed line from the ground down to the datum, a question mark, and words; no outline anywhere."""
    scene = draw_cross_section(with_gaps(), CHINESE)
    name = target_of(scene, "pipe", 2001)
    shapes = shapes_of(scene, name, Layer.PIPE)
    assert not any(isinstance(one, Ellipse) for one in shapes)
    marker = next(one for one in shapes if isinstance(one, Line) and not one.closed)
    assert marker.pen
    assert marker.pen.dash
    (x0, top), (x1, bottom) = marker.runs[0]
    assert x0 == x1 == pytest.approx(scene.frame.x(2.0))
    # The ground rises from 1319.950 to 1320.000 over nine metres: 1319.961 at two.
    assert top == pytest.approx(scene.frame.y(1319.9611), abs=0.01)
    assert bottom == pytest.approx(scene.plot.bottom)
    assert "?" in [one.words for one in shapes if isinstance(one, Text)]
    assert "标高缺" in words_of(scene)
    cells = [one for one in scene.shapes if isinstance(one, Text) and one.target == name]
    assert [one.words for one in cells if one.layer is Layer.TABLE].count("缺") == 3  # top, bottom, depth


def test_a_line_without_a_size_is_a_cross_at_its_level() -> None:
    scene = draw_cross_section(with_gaps(), CHINESE)
    shapes = shapes_of(scene, target_of(scene, "pipe", 6001), Layer.PIPE)
    ring = next(one for one in shapes if isinstance(one, Ellipse))
    assert ring.fill is None
    assert ring.pen
    assert ring.pen.dash
    assert ring.centre == pytest.approx(scene.frame.at(6.0, 1318.9))


def test_what_measures_a_level_is_plain_and_what_follows_is_in_brackets() -> None:
    scene = draw_cross_section(sparse(), CHINESE)
    cells = {shape.words for shape in scene.shapes if isinstance(shape, Text) and shape.layer is Layer.TABLE}
    assert {"1318.400", "(1318.100)"} <= cells  # water is measured at its top
    assert {"(1317.600)", "1316.800"} <= cells  # rain water at its inside bottom


def test_a_well_of_unknown_depth_has_no_bottom() -> None:
    scene = draw_cross_section(oblique(), CHINESE)
    open_well = next(name for name, target in scene.targets.items() if target.data.get("point-id") == "78")
    whole = next(name for name, target in scene.targets.items() if target.data.get("point-id") == "77")
    walls = [one for one in shapes_of(scene, open_well, Layer.WELL) if isinstance(one, Line) and one.pen]
    assert any(one.pen and one.pen.dash for one in walls)
    assert "? 井底标高缺" in words_of(scene)
    lowest = max(y for one in shapes_of(scene, whole, Layer.WELL) for _x, y in one.runs[0])  # type: ignore[attr-defined]
    assert lowest == pytest.approx(scene.frame.y(1316.4), abs=1.2)  # walls are 1.1 mm thick on paper


def test_findings_are_told_by_shape_number_and_words_and_doubt_is_hollow() -> None:
    scene = draw_cross_section(sparse(), CHINESE)
    said = " ".join(words_of(scene))
    assert "水平净距 0.10 m，要求不小于 1.00 m" in said
    assert "覆土厚度 0.90 m，要求不小于 1.00 m (限值未核实)" in said
    marks = {
        name: next(one for one in shapes_of(scene, name, Layer.SHEET) if isinstance(one, Line))
        for name in ("finding-1", "finding-2")
    }
    assert [len(marks[name].runs[0]) for name in sorted(marks)] == [3, 4]  # triangle: error; diamond: warning
    assert [marks[name].fill for name in sorted(marks)] == ["error", "paper"]
    assert "0.10<1.00" in said


def test_a_clearance_is_drawn_from_face_to_face() -> None:
    pair = section(
        [crossing(4.0, "JP", 400, 1318.4), crossing(5.0, "TR", 200, 1318.3)],
        9.0,
        (Finding("clearance_horizontal", "error", 4.5, (4001, 5001), 0.7, 1.0),),
    )
    scene = draw_cross_section(pair, replace(CHINESE, scale_h=50, scale_v=50))
    arrow = next(one for one in shapes_of(scene, "finding-1", Layer.FINDING) if isinstance(one, Line))
    (x0, _y0), (x1, _y1) = arrow.runs[0]
    assert (x0, x1) == pytest.approx((scene.frame.x(4.2), scene.frame.x(4.9)))


def labels_in(scene: Scene) -> list[shapely.Geometry]:
    return [outline(shape).buffer(-0.05) for shape in scene.shapes if shape.layer is Layer.LABEL]


@given(
    stations=st.lists(st.integers(0, 200), min_size=1, max_size=24, unique=True),
    depths=st.lists(st.one_of(st.none(), st.integers(5, 50)), min_size=24, max_size=24),
    widths=st.lists(st.one_of(st.none(), st.sampled_from([25, 110, 300, 800])), min_size=24, max_size=24),
)
@settings(max_examples=40, deadline=None)
def test_labels_and_cells_never_lie_on_one_another(
    stations: list[int], depths: list[int | None], widths: list[int | None]
) -> None:
    subs = ["JP", "YS", "TR", "GD", "RS", "DX"]
    lines = [
        crossing(
            at / 10, subs[number % 6], width, None if depth is None else 1320 - depth / 10, number=number + 1
        )
        for number, (at, depth, width) in enumerate(zip(stations, depths, widths, strict=False))
    ]
    scene = draw_cross_section(section(lines, 20.0, surroundings=street(20.0)), CHINESE)
    for layer in (Layer.LABEL, Layer.TABLE):
        boxes = [
            outline(one).buffer(-0.05) for one in scene.shapes if isinstance(one, Text) and one.layer is layer
        ]
        tree = shapely.STRtree(boxes)
        meeting = tree.query(boxes, predicate="intersects")
        assert [pair for pair in meeting.T.tolist() if pair[0] < pair[1]] == []
    leaders = [
        (one.target, shapely.LineString(run))
        for one in scene.shapes
        if isinstance(one, Line) and one.layer is Layer.LEADER and not one.closed
        for run in one.runs
    ]
    for one in scene.shapes:
        if isinstance(one, Text) and one.layer is Layer.LABEL:
            words = outline(one).buffer(-0.2)
            assert not any(line.intersects(words) for target, line in leaders if target != one.target)
    pipes = [outline(one) for one in scene.shapes if one.layer is Layer.PIPE and isinstance(one, Ellipse)]
    for label in labels_in(scene):
        assert not any(label.intersects(pipe) for pipe in pipes)


def test_columns_stand_under_their_pipes_where_there_is_room() -> None:
    scene = draw_cross_section(ten_metres(), CHINESE)
    stations = {
        one.words: one.at[0] for one in scene.shapes if isinstance(one, Text) and one.layer is Layer.TABLE
    }
    assert stations["2.00"] == pytest.approx(scene.frame.x(2.0))
    assert stations["12.00"] == pytest.approx(scene.frame.x(12.0))
    heads = scene.plot.left - HEAD_MM
    assert stations["地面标高 (m)"] < heads + HEAD_MM


def test_a_hundred_lines_are_all_there_in_the_order_of_stations() -> None:
    many = section(
        [crossing(number * 0.3 + 0.2, "DX", 100, 1319.0 - number % 7 * 0.3) for number in range(100)], 31.0
    )
    drawn = parsed(svg.render(draw_cross_section(many, DrawOptions(is_sheet=False)), True))
    stops = [
        one for one in drawn.iter(f"{SVG}g") if "target-pipe" in one.get("class", "") and one.get("tabindex")
    ]
    stations = [float(one.get("data-station", "nan")) for one in stops]
    assert len(stations) == 100
    assert stations == sorted(stations)
    assert all(one.get("aria-label") and one.get("role") == "button" for one in stops)


def test_a_small_sheet_lists_the_gravest_findings_and_says_how_many_more_there_are() -> None:
    lines = [crossing(1.0 + number * 0.8, "DX", 100, 1319.0) for number in range(20)]
    found = [Finding("cover", "note", None, (one.segment_id,), 0.5, 0.6) for one in lines]
    found.append(Finding("clearance_horizontal", "error", None, (1001, 1801), 0.7, 1.0))
    cut = section(lines, 18.0, tuple(found))
    scene = draw_cross_section(cut, replace(CHINESE, paper=Paper.A3, scale_h=100, scale_v=100))
    said = words_of(scene, Layer.SHEET)
    assert "水平净距 0.70 m，要求不小于 1.00 m" in said
    assert sum(words.startswith("覆土厚度") for words in said) == 9
    assert "其余 11 项问题见成果数据。" in said
