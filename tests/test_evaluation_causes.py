"""Why a value changed: effects make the change without remainder, and say what they claim to."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.evaluation.causes import Pair, split_count, split_ratio

PAIRS = st.integers(0, 10_000).flatmap(
    lambda bottom: st.builds(Pair, st.integers(0, bottom).map(float), st.just(float(bottom)))
)
GROUPS = st.dictionaries(st.integers(0, 30), PAIRS, max_size=20)


def ratio(groups: dict[int, Pair]) -> float | None:
    bottom = sum(pair.bottom for pair in groups.values())
    return sum(pair.top for pair in groups.values()) / bottom if bottom else None


@given(GROUPS, GROUPS)
def test_effects_make_the_change_of_a_ratio(before: dict[int, Pair], after: dict[int, Pair]) -> None:
    first, last = ratio(before), ratio(after)
    effects = split_ratio(before, after)
    if first is None or last is None:
        assert effects == []
        return
    assert {one.key for one in effects} == before.keys() | after.keys()
    assert math.isclose(sum(one.total for one in effects), last - first, abs_tol=1e-9)


@given(GROUPS)
def test_nothing_changed_has_no_cause(groups: dict[int, Pair]) -> None:
    assert all(one.rate == one.mix == 0 for one in split_ratio(groups, groups))


@given(st.dictionaries(st.integers(0, 30), st.tuples(st.integers(1, 99), st.integers(1, 9)), min_size=2))
def test_more_of_every_group_alike_is_no_mix(groups: dict[int, tuple[int, int]]) -> None:
    """All denominators times three, ratios changed: rate effects alone."""
    before = {key: Pair(float(top), 100.0) for key, (top, _to) in groups.items()}
    after = {key: Pair(30.0 * to, 300.0) for key, (_top, to) in groups.items()}
    assert all(abs(one.mix) < 1e-12 for one in split_ratio(before, after))


@pytest.mark.parametrize(
    ("before", "after", "effects"),
    [
        # Both groups as good as before; the worse one has most of the cases now: 0.7 → 0.4.
        # R̄ = 0.55; a: (0.2 − 0.8)·(0.8 − 0.55), b: (0.8 − 0.2)·(0.3 − 0.55).
        ({"a": (64, 80), "b": (6, 20)}, {"a": (16, 20), "b": (24, 80)}, {"a": (0, -0.15), "b": (0, -0.15)}),
        # Same shares; a went from 50 % to 90 % at half the weight: +0.2.
        ({"a": (5, 10), "b": (5, 10)}, {"a": (9, 10), "b": (5, 10)}, {"a": (0.2, 0), "b": (0, 0)}),
        # b is new: all it does is shift. 1.0 → 0.75, R̄ = 0.875; a: −0.5·0.125, b: 0.5·(0.5 − 0.875).
        ({"a": (4, 4)}, {"a": (4, 4), "b": (2, 4)}, {"a": (0, -0.0625), "b": (0, -0.1875)}),
    ],
)
def test_effects_come_out_as_on_paper(
    before: dict[str, tuple[float, float]],
    after: dict[str, tuple[float, float]],
    effects: dict[str, tuple[float, float]],
) -> None:
    found = split_ratio(
        {key: Pair(*pair) for key, pair in before.items()}, {key: Pair(*pair) for key, pair in after.items()}
    )
    assert {one.key for one in found} == effects.keys()
    for one in found:
        assert (one.rate, one.mix) == pytest.approx(effects[one.key])


def test_the_change_of_a_count_is_that_of_its_groups() -> None:
    found = split_count({"a": 3, "b": 5}, {"b": 1, "c": 1})
    assert [(one.key, one.total) for one in found] == [("b", -4), ("a", -3), ("c", 1)]
