"""Profiles as they are drawn: true levels, gaps left open, as many sheets as it takes."""

import io
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from pypdf import PdfReader

from gis.errors import InvalidInput
from layers.section import (
    DrawOptions,
    Paper,
    draw_profile,
    draw_profile_sheets,
    paper,
)
from layers.section.scene import Layer, Text
from tests.drawn_sections import ellipses_of, lines_of, target_of, words_of
from tests.section_examples import (
    profile,
)

CHINESE = DrawOptions(locale="zh_CN", drawn_on=date(2026, 11, 23))


def test_a_profile_is_drawn_at_its_usual_scales() -> None:
    scene = draw_profile(profile(), CHINESE)
    assert (scene.frame.scale_h, scene.frame.scale_v) == (1000, 100)
    name = target_of(scene, "reach", 1)
    faces = next(one for one in lines_of(scene, name, Layer.PIPE) if one.pen)
    crown, invert = faces.runs
    assert crown[1][0] - crown[0][0] == pytest.approx(32.5)  # metres at 1:1000 are millimetres
    assert invert[1][1] - invert[0][1] == pytest.approx(1.3)  # 1317.600 - 1317.470 at 1:100
    assert invert[0][1] - crown[0][1] == pytest.approx(5.0)
    cells = {shape.words for shape in scene.shapes if isinstance(shape, Text) and shape.layer is Layer.TABLE}
    assert {"1317.470/1317.450", "DN500  4.00‰ ↘", "DN500  2.12‰ ↗", "32.50", "WS01", "2.45/2.47"} <= cells


def test_a_reach_without_levels_is_left_open() -> None:
    scene = draw_profile(profile(), CHINESE)
    name = target_of(scene, "reach", 6)
    lines = lines_of(scene, name, Layer.PIPE)
    assert all(one.pen and one.pen.dash for one in lines)
    # Nothing of it stands higher than three millimetres over the datum.
    assert all(scene.plot.bottom - y <= 3.0001 for one in lines for run in one.runs for _x, y in run)
    assert "? 标高缺" in words_of(scene)


def test_a_crossing_pipe_has_its_real_size_and_level() -> None:
    scene = draw_profile(profile(), replace(CHINESE, scale_h=500, scale_v=50, paper=Paper.A1))
    name = next(
        name for name, target in scene.targets.items() if target.kind == "crossing" and "JP9" in target.title
    )
    pipe = next(one for one in ellipses_of(scene, name, Layer.CROSSING))
    assert pipe.centre == pytest.approx(scene.frame.at(52.4, 1318.6))
    assert 2 * pipe.ry == pytest.approx(12.0)
    assert 2 * pipe.rx == pytest.approx(600 / 0.984808 / 500, abs=0.001)  # at 80°


def test_a_long_profile_goes_on_over_sheets_without_losing_a_station() -> None:
    nodes = tuple((at * 45.0, 1330 - at * 0.8, 1327 - at * 0.8, 1327 - at * 0.8, True) for at in range(41))
    scenes = draw_profile_sheets(profile(nodes), replace(CHINESE, paper=Paper.A3))
    assert len(scenes) > 4
    assert {(one.frame.scale_h, one.frame.scale_v, one.width) for one in scenes} == {(1000, 100, 420)}
    seen = [{word for word in words_of(one) if re.fullmatch(r"WS\d\d", word)} for one in scenes]
    assert set.union(*seen) == {f"WS{number:02d}" for number in range(1, 42)}
    # Each sheet begins with the station that the one before ended with.
    assert all(len(before & after) == 1 for before, after in pairwise(seen))
    assert len(PdfReader(io.BytesIO(paper.sheets_pdf(scenes))).pages) == len(scenes)
    with pytest.raises(InvalidInput, match="A3"):
        draw_profile(profile(nodes), replace(CHINESE, paper=Paper.A3, scale_h=1000, scale_v=100))
    longer = draw_profile(profile(nodes), CHINESE)
    assert longer.width > 1800
    assert longer.frame.scale_h == 1000


def test_a_reach_longer_than_a_sheet_ends_at_a_match_line_at_its_level() -> None:
    nodes = ((0.0, 1330.0, None, 1327.0, True), (1000.0, 1328.0, 1325.0, None, True))
    first, *others = draw_profile_sheets(profile(nodes), CHINESE)
    assert others
    assert "接图线" in words_of(first)
    name = target_of(first, "reach", 1)
    faces = next(one for one in lines_of(first, name, Layer.PIPE) if one.pen)
    start, end = faces.runs[1]
    fall_m = (end[1] - start[1]) * 100 / 1000
    assert fall_m == pytest.approx((end[0] - start[0]) * 0.002, abs=1e-6)  # 2 in 1000, as the whole reach
