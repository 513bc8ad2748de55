"""What the layout of drawings rests on: lengths of words, places that keep apart, words on lines."""

import subprocess

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont
from scipy.optimize import minimize

from layers.section.axes import levels_for
from layers.section.patterns import slanted
from layers.section.spread import spread
from layers.section.words import clean, cut_to, ems, wrap

WORDS = [
    "1318.400", "(1317.600)", "1317.470/1317.450", "DN500  4.00‰ ↘", "JS 配水 DN300 球墨铸铁", "GD0040-0041",
    "聚氯乙烯（PVC）", "东胜区供水公司", "PS 雨水 DN800 钢筋混凝土", "12/8", "WS01", "600×400", "φ110",
    "MWmw@%",
]  # fmt: skip


@pytest.fixture(scope="module")
def face() -> ImageFont.FreeTypeFont:
    """The Chinese font that drawings are written in."""
    path = subprocess.run(
        ["fc-match", "--format=%{file}|%{index}", "sans-serif:lang=zh-cn"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    file, _bar, index = path.partition("|")
    return ImageFont.truetype(file, 100, index=int(index) & 0xFFFF)


@pytest.mark.parametrize("words", WORDS)
def test_words_take_no_more_room_than_was_reckoned(words: str, face: ImageFont.FreeTypeFont) -> None:
    assert face.getlength(words) / 100 <= ems(words) + 1e-9


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=12).map(sorted),
    st.floats(0.5, 8),
)
def test_places_keep_apart_and_in_order_with_the_least_moves(wanted: list[float], least: float) -> None:
    room = max(100.0, least * len(wanted))
    places = spread(wanted, least, 0.0, room)
    assert all(places[number + 1] - places[number] >= least - 1e-9 for number in range(len(places) - 1))
    assert places[0] >= -1e-9
    assert places[-1] <= room + 1e-9
    # An optimiser that knows nothing of the trick finds nothing better.
    other = minimize(
        lambda at: float(((at - wanted) ** 2).sum()),
        np.linspace(0, least * (len(wanted) - 1), len(wanted)),
        jac=lambda at: 2 * (at - wanted),
        method="SLSQP",
        bounds=[(0.0, room)] * len(wanted),
        constraints={"type": "ineq", "fun": lambda at: np.diff(at) - least} if len(wanted) > 1 else (),
        options={"maxiter": 400, "ftol": 1e-10},
    )
    if other.success:
        assert float(((np.asarray(places) - wanted) ** 2).sum()) <= other.fun + 1e-4


def test_each_pair_may_want_a_gap_of_its_own() -> None:
    assert spread([1.0, 1.0, 10.0], [4.0, 2.0], 0.0, 20.0) == pytest.approx([0.0, 4.0, 10.0])
    assert spread([], 3.0, 0.0, 1.0) == []


@given(st.lists(st.floats(-50, 4000), min_size=1, max_size=8), st.sampled_from([50, 100, 200, 500, 1000]))
def test_the_axis_holds_every_level_and_counts_by_whole_steps(values: list[float], scale_v: int) -> None:
    levels = levels_for(values, scale_v)
    assert levels.datum < min(values)
    assert levels.top >= max(values) - 1e-6
    assert levels.step * 1000 / scale_v >= 8
    assert levels.datum / levels.step == pytest.approx(round(levels.datum / levels.step), abs=1e-6)
    marks = levels.marks()
    assert marks[0] == levels.datum
    assert marks[-1] == pytest.approx(levels.top)


def test_a_hatching_stays_inside_its_rectangle() -> None:
    for run in slanted(10.0, 20.0, 13.0, 40.0, 0.7):
        for x, y in run:
            assert 10.0 - 1e-9 <= x <= 13.0 + 1e-9
            assert 20.0 - 1e-9 <= y <= 40.0 + 1e-9


def test_words_are_cut_and_wrapped_to_their_room() -> None:
    assert cut_to("钢筋混凝土", 2.0, 10.0) == "钢筋混凝土"
    assert cut_to("钢筋混凝土", 2.0, 8.0) == "钢筋混…"
    assert wrap("管线缺标高，以虚线示其平面位置", 2.0, 12.0) == ["管线缺标高，", "以虚线示其平", "面位置"]
    assert wrap("levels in brackets follow", 2.0, 22.0) == ["levels in brackets", "follow"]
    assert wrap("", 2.0, 10.0) == []
    assert clean("a\x0b\n b\ud800\ufffe") == "a b"
