"""Sections as DXF: in metres, at their true places, a layer for each class, nothing for an audit to mend."""

import io
from dataclasses import replace
from datetime import date
from itertools import pairwise

import ezdxf
import numpy as np
import pytest
from ezdxf.document import Drawing

from gis.errors import InvalidInput
from layers.section import DrawOptions, dxf
from layers.section.dxf_tables import nearest_index
from tests.section_examples import crossing, dense, oblique, profile, section, sparse, ten_metres, with_gaps

CHINESE = DrawOptions(locale="zh_CN", drawn_on=date(2026, 11, 23))


def read(data: bytes) -> Drawing:
    document = ezdxf.read(io.StringIO(data.decode("utf-8")))  # type: ignore[attr-defined]
    assert document.dxfversion == "AC1024"  # R2010
    return document


def words_of(document: Drawing) -> list[str]:
    return [one.dxf.text for one in document.modelspace().query("TEXT")]


@pytest.mark.parametrize("example", [sparse, dense, oblique, with_gaps])
def test_an_audit_finds_nothing(example) -> None:
    audit = read(dxf.cross_section(example(), CHINESE)).audit()
    assert not audit.has_errors
    assert not audit.has_fixes


def test_an_audit_of_a_profile_and_of_a_series_finds_nothing() -> None:
    for data in (dxf.profile(profile(), CHINESE), dxf.series([sparse(), dense(), with_gaps()], CHINESE)):
        audit = read(data).audit()
        assert not audit.has_errors
        assert not audit.has_fixes


def test_a_pipe_stands_at_its_station_and_level_in_metres() -> None:
    """DN400 at station 2, top 1319.000: a circle of 0.2 m about 1318.800."""
    document = read(dxf.cross_section(ten_metres(), CHINESE))
    assert document.units == ezdxf.units.M
    (water,) = document.modelspace().query('CIRCLE[layer=="JS-给水"]')
    (gas,) = document.modelspace().query('CIRCLE[layer=="RQ-燃气"]')
    assert tuple(water.dxf.center) == pytest.approx((2.0, 1318.8, 0.0))
    assert tuple(gas.dxf.center) == pytest.approx((12.0, 1317.8, 0.0))
    assert (water.dxf.radius, gas.dxf.radius) == pytest.approx((0.2, 0.2))


def test_the_ground_is_where_it_was_measured() -> None:
    document = read(dxf.cross_section(with_gaps(), CHINESE))
    lines = document.modelspace().query('LWPOLYLINE[layer=="DM-地面线"]')
    ground = max(lines, key=len)
    places = np.array([(x, y) for x, y, *_rest in ground.get_points()])
    assert places == pytest.approx(np.array([(0.0, 1319.95), (9.0, 1320.0), (13.0, 1320.05)]))


def test_heights_are_exaggerated_only_where_both_scales_say_so() -> None:
    """1:100 by 1:50 is twice: the circle becomes an ellipse 0.4 m high about 2 x 1318.800."""
    document = read(dxf.cross_section(ten_metres(), replace(CHINESE, scale_h=100, scale_v=50)))
    (water,) = document.modelspace().query('ELLIPSE[layer=="JS-给水"]')
    assert tuple(water.dxf.center) == pytest.approx((2.0, 2637.6, 0.0))
    assert tuple(water.dxf.major_axis) == pytest.approx((0.0, 0.4, 0.0))
    assert water.dxf.ratio == pytest.approx(0.5)
    assert "图形单位为米，竖向放大 2 倍。" in words_of(document)
    assert "图形单位为米，竖向未放大。" in words_of(read(dxf.cross_section(ten_metres(), CHINESE)))


def test_an_oblique_cut_is_as_wide_as_it_appears() -> None:
    """600 / sin 35° = 1.046 m wide and 0.6 m high."""
    document = read(dxf.cross_section(oblique(), CHINESE))
    (pipe,) = document.modelspace().query('ELLIPSE[layer=="JS-给水"]')
    assert pipe.dxf.major_axis.magnitude == pytest.approx(0.52303, abs=1e-5)
    assert pipe.minor_axis.magnitude == pytest.approx(0.3)


def test_a_line_without_a_level_has_no_outline() -> None:
    document = read(dxf.cross_section(section([crossing(3.0, "JP", 300, None)], 6.0), CHINESE))
    assert not document.modelspace().query('CIRCLE ELLIPSE[layer=="JS-给水"]')
    dashed = document.modelspace().query('LWPOLYLINE[layer=="JS-给水"]')
    assert any(one.dxf.linetype != "BYLAYER" for one in dashed)
    assert "缺" in words_of(document)


def test_each_class_has_its_layer_in_its_colour() -> None:
    document = read(dxf.cross_section(dense(), CHINESE))
    layers = {layer.dxf.name: layer for layer in document.layers}
    for name, rgb, index in (
        ("JS-给水", (0, 255, 255), 4),
        ("RQ-燃气", (255, 0, 255), 6),
        ("DL-电力", (255, 0, 0), 1),
        ("TX-通信", (0, 255, 0), 3),
    ):
        assert layers[name].rgb == rgb
        assert layers[name].color == index
    assert {"PS-排水", "RL-热力", "DM-表格", "DM-图签", "DM-检查问题"} <= set(layers)


def test_the_index_colour_is_the_nearest() -> None:
    assert nearest_index("#ff8000") == 30
    assert nearest_index("#fefefe") in (7, 255)


def test_words_are_chinese_type_of_the_size_that_the_scale_asks_for() -> None:
    document = read(dxf.cross_section(ten_metres(), replace(CHINESE, scale_h=200)))
    said = words_of(document)
    assert {"1-1 横断面图", "地面标高 (m)", "1985国家高程基准", "鄂尔多斯大街", "1319.000"} <= set(said)
    style = document.styles.get("HZ")
    assert style.dxf.font == "simhei.ttf"
    (level,) = (one for one in document.modelspace().query("TEXT") if one.dxf.text == "地面标高 (m)")
    assert level.dxf.style == "HZ"
    assert level.dxf.height == pytest.approx(2.5 * 0.73 * 0.2)  # capitals of type 2.5 mm high at 1:200


def test_a_series_stands_side_by_side_by_whole_tens_of_metres() -> None:
    document = read(dxf.series([ten_metres(), ten_metres(), ten_metres()], CHINESE))
    circles = sorted(
        document.modelspace().query('CIRCLE[layer=="JS-给水"]'), key=lambda one: one.dxf.center.x
    )
    starts = [one.dxf.center.x - 2.0 for one in circles]
    assert len(starts) == 3
    assert starts[0] == pytest.approx(0.0)
    assert [start % 10 for start in starts] == pytest.approx([0, 0, 0], abs=1e-6)
    assert {round(one.dxf.center.y, 6) for one in circles} == {1318.8}
    frames = [
        one
        for one in document.modelspace().query('LWPOLYLINE[layer=="DM-图签"]')
        if one.closed and len(one) == 4
    ]
    widest = sorted(frames, key=lambda one: one.get_points()[1][0] - one.get_points()[0][0])[-3:]
    edges = sorted((one.get_points()[0][0], one.get_points()[1][0]) for one in widest)
    assert all(left[1] < right[0] for left, right in pairwise(edges))


def test_a_profile_falls_as_its_inverts_do() -> None:
    document = read(dxf.profile(profile(), CHINESE))
    faces = [
        [(x, y) for x, y, *_rest in one.get_points()]
        for one in document.modelspace().query('LWPOLYLINE[layer=="PS-排水"]')
        if len(one) == 2
    ]
    inverts = [((0.0, 1317.6), (32.5, 1317.47)), ((110.2, 1317.12), (148.0, 1317.2))]
    for start, end in inverts:
        assert any(face == [pytest.approx(start), pytest.approx(end)] for face in faces)
        crown = [(start[0], start[1] + 0.5), (end[0], end[1] + 0.5)]
        assert any(face == [pytest.approx(place) for place in crown] for face in faces)
    assert {"WS01", "井（点）编号", "32.50"} <= set(words_of(document))


def test_scales_that_nobody_draws_are_refused() -> None:
    with pytest.raises(InvalidInput):
        dxf.cross_section(ten_metres(), DrawOptions(scale_h=33))
