"""Drawings of sections are true to scale, on paper and in files."""

import io
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely
from PIL import Image
from pypdf import PdfReader

from gis.errors import InvalidInput, TooLarge
from layers.section import (
    DrawOptions,
    Paper,
    draw_cross_section,
    draw_profile,
    paper,
    svg,
)
from tests.drawn_sections import SVG, outline, parsed, target_of, words_of
from tests.section_examples import (
    crossing,
    dense,
    oblique,
    profile,
    section,
    sparse,
    ten_metres,
    with_gaps,
)

CHINESE = DrawOptions(locale="zh_CN", drawn_on=date(2026, 11, 23))
MM = 72 / 25.4  # PDF points


@pytest.mark.parametrize(("scale_h", "apart_mm"), [(50, 200.0), (100, 100.0), (200, 50.0), (500, 20.0)])
def test_ten_metres_are_as_long_on_paper_as_the_scale_says(scale_h: int, apart_mm: float) -> None:
    scene = draw_cross_section(ten_metres(), replace(CHINESE, scale_h=scale_h, scale_v=100, paper=Paper.A2))
    drawn = parsed(svg.render(scene))
    assert (drawn.get("width"), drawn.get("height")) == ("594mm", "420mm")
    assert drawn.get("viewBox") == "0 0 594 420"
    pipes = [one for one in drawn.iter(f"{SVG}ellipse") if one.get("fill") in ("#00FFFF", "#FF00FF")]
    pipes = [one for one in pipes if float(one.get("cy", 0)) < 250]  # the others are in the legend
    (ax, ay), (bx, by) = ((float(one.get("cx", 0)), float(one.get("cy", 0))) for one in pipes)
    assert abs(bx - ax) == pytest.approx(apart_mm, abs=0.002)
    assert abs(by - ay) == pytest.approx(10.0, abs=0.002)
    # 400 mm wide and high, in each scale.
    assert 2 * float(pipes[0].get("rx", 0)) == pytest.approx(400 / scale_h, abs=0.002)
    assert 2 * float(pipes[0].get("ry", 0)) == pytest.approx(4.0, abs=0.002)


@pytest.mark.parametrize("size", [Paper.A4, Paper.A3, Paper.A2, Paper.A1])
def test_a_pdf_page_is_as_large_as_its_paper(size: Paper) -> None:
    scene = draw_cross_section(ten_metres(), replace(CHINESE, scale_h=100, scale_v=200, paper=size))
    (page,) = PdfReader(io.BytesIO(paper.to_pdf(scene))).pages
    wide, high = {"A4": (297, 210), "A3": (420, 297), "A2": (594, 420), "A1": (841, 594)}[size.value]
    assert float(page.mediabox.width) == pytest.approx(wide * MM, abs=0.01)
    assert float(page.mediabox.height) == pytest.approx(high * MM, abs=0.01)


def test_a_pdf_is_true_to_scale_and_its_words_are_words() -> None:
    scene = draw_cross_section(ten_metres(), replace(CHINESE, scale_h=100, scale_v=100))
    (page,) = PdfReader(io.BytesIO(paper.to_pdf(scene))).pages
    places: dict[str, list[float]] = {}

    def visit(text: str, cm: list[float], tm: list[float], _font: object, _size: float) -> None:
        if text.strip():
            # Where the words begin on the page, in points.
            places.setdefault(text.strip(), []).append(tm[4] * cm[0] + tm[5] * cm[2] + cm[4])

    text = page.extract_text(visitor_text=visit)
    for word in ("1-1 横断面图", "地面标高", "1985国家高程基准", "球墨铸铁", "鄂尔多斯大街"):
        assert word in text
    # The letters in the middle of both pipes are about as long: they begin 10 m at 1:100 apart.
    (first,), (second,) = places["JP"], places["TR"]
    assert second - first == pytest.approx(100 * MM, abs=0.5)
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    described = [
        one.get_object()["/FontDescriptor"]
        for font in fonts
        for one in font.get("/DescendantFonts", [font])
        if "/FontDescriptor" in one.get_object()
    ]
    assert described
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(one.keys()) for one in described)


def test_a_picture_is_true_to_scale_and_knows_its_resolution() -> None:
    scene = draw_cross_section(ten_metres(), replace(CHINESE, scale_h=100, scale_v=100, paper=Paper.A3))
    picture = Image.open(io.BytesIO(paper.to_png(scene, dpi=254)))  # ten dots a millimetre
    assert picture.size == (4200, 2970)
    assert picture.info["dpi"] == pytest.approx((254, 254), abs=0.1)
    dots = np.asarray(picture.convert("RGB"))[:1700]  # above the legend
    first, second = (np.argwhere((dots == colour).all(axis=2)) for colour in ((0, 255, 255), (255, 0, 255)))
    middle = [(found.min(axis=0) + found.max(axis=0)) / 2 for found in (first, second)]
    assert middle[1][1] - middle[0][1] == pytest.approx(1000, abs=2)
    assert middle[1][0] - middle[0][0] == pytest.approx(100, abs=2)


def test_a_picture_too_large_to_draw_is_refused() -> None:
    scene = replace(draw_cross_section(ten_metres(), CHINESE), width=5000.0)
    with pytest.raises(TooLarge):
        paper.to_png(scene, dpi=300)
    with pytest.raises(InvalidInput):
        paper.to_png(scene, dpi=5)


def test_what_does_not_fit_is_refused_with_what_would_do() -> None:
    wide = section([crossing(5.0, "JP", 300, 1318.5), crossing(25.0, "TR", 200, 1318.5)], 30.0)
    with pytest.raises(InvalidInput) as refused:
        draw_cross_section(wide, replace(CHINESE, scale_h=50, paper=Paper.A4))
    said = str(refused.value)
    assert "A4" in said
    assert "1:50" in said
    assert refused.value.extra["errors"][0]["pointer"] == "/paper"
    # What it proposes does.
    larger = re.search(r"可改用：(A\d) 图幅，或", said)
    smaller = re.search(r"横向 1:(\d+)、纵向 1:(\d+)", said)
    assert larger
    assert smaller
    draw_cross_section(wide, replace(CHINESE, scale_h=50, paper=Paper(larger[1])))
    draw_cross_section(
        wide, replace(CHINESE, scale_h=int(smaller[1]), scale_v=int(smaller[2]), paper=Paper.A4)
    )


def test_a_scale_that_nobody_draws_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        draw_cross_section(sparse(), DrawOptions(scale_h=75))
    assert refused.value.extra["errors"][0]["pointer"] == "/scale_h"
    assert draw_profile(profile(), DrawOptions(scale_h=1000)).frame.scale_h == 1000
    with pytest.raises(InvalidInput):
        draw_cross_section(sparse(), DrawOptions(scale_h=1000))


def test_open_scales_are_chosen_to_fit_and_never_in_between() -> None:
    for example in (sparse(), dense(), oblique(), with_gaps()):
        scene = draw_cross_section(example, CHINESE)
        assert scene.frame.scale_h in (50, 100, 200, 500)
        assert scene.frame.scale_v == scene.frame.scale_h
        sheet = shapely.box(0, 0, scene.width, scene.height)
        for shape in scene.shapes:
            assert sheet.buffer(0.3).contains(outline(shape)), shape


def test_a_page_reads_metres_off_the_drawing() -> None:
    """What section.js does: from millimetres of the sheet, by what the root says, to station and level."""
    scene = draw_cross_section(sparse(), DrawOptions(is_sheet=False, scale_h=100, scale_v=50))
    drawn = parsed(svg.render(scene, interactive=True))
    name = target_of(scene, "pipe", 7601)
    group = next(
        one for one in drawn.iter(f"{SVG}g") if one.get("data-target") == name and one.get("tabindex")
    )
    ellipse = group.find(f"{SVG}ellipse")
    assert ellipse is not None
    root = {
        key: float(drawn.get(f"data-{key}", "nan"))
        for key in ("x0", "y0", "station", "level", "mm-per-m-x", "mm-per-m-y")
    }
    station = root["station"] + (float(ellipse.get("cx", 0)) - root["x0"]) / root["mm-per-m-x"]
    level = root["level"] - (float(ellipse.get("cy", 0)) - root["y0"]) / root["mm-per-m-y"]
    assert (station, level) == pytest.approx((7.6, 1318.25), abs=0.0001)
    assert "球墨铸铁" in (group.get("data-lines") or "")


def test_a_drawing_holds_nothing_that_runs_and_no_style() -> None:
    hostile = replace(
        crossing(3.0, "JP", 300, 1318.5),
        segment_no='<script>alert(1)</script>"\x0b',
        owner="' onload='x",
        material_name="铸铁 & <铁>",
    )
    for interactive in (False, True):
        text = svg.render(draw_cross_section(section([hostile], 6.0), CHINESE), interactive)
        drawn = parsed(text)
        names = {one.tag.removeprefix(SVG) for one in drawn.iter()}
        assert names <= {"svg", "title", "rect", "g", "path", "ellipse", "text"}
        for one in drawn.iter():
            assert not [name for name in one.attrib if name.startswith("on") or name in ("style", "href")]
        assert "铸铁 & <铁>" in [one.text for one in drawn.iter(f"{SVG}text")]


def test_a_drawing_speaks_the_readers_language() -> None:
    chinese, english = (
        words_of(draw_cross_section(sparse(), replace(CHINESE, locale=one))) for one in ("zh_CN", "en")
    )
    assert "1-1 横断面图" in chinese
    assert "Cross-section 1-1" in english
    assert len(chinese) == len(english)
    told = {"鄂尔多斯大街", "球墨铸铁", "天然气", "雨水", "市政府办公楼"}  # the data's own words
    fixed = [
        word
        for word in english
        if re.search("[\u4e00-\u9fff]", word) and not any(name in word for name in told)
    ]
    assert [word for word in fixed if re.search("标高|埋深|图|比例", word)] == []
