"""Codes of grids, components and cases: read, checked, built; and the order grids are numbered in."""

from datetime import date
from string import digits

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import InvalidInput
from gis.grid.numbering import sequence_order
from gis.i18n import in_locale
from gis.standard.case_code import CaseNumber
from gis.standard.component_code import ComponentCode
from gis.standard.errors import MalformedCode, UnknownCode
from gis.standard.grid_code import GridCode
from gis.standard.tables import editions
from gis.standard.vocabulary import ObjectKind

GRID_EDITIONS = {row.code: row.grid_parts for row in editions() if row.grid_parts}
COMPONENT_EDITIONS = {row.code: row.component_parts for row in editions() if row.component_parts}


def of_digits(length: int) -> st.SearchStrategy[str]:
    return st.text(digits, min_size=length, max_size=length)


@given(st.data(), st.sampled_from(sorted(GRID_EDITIONS)))
def test_grid_code_reads_back_as_itself(data, edition):
    parts = [data.draw(of_digits(int(length))) for length in GRID_EDITIONS[edition].split("+")]
    code = GridCode(*parts, edition=edition)
    assert GridCode.parse(str(code), edition) == code
    assert str(code) == "".join(parts)


@given(st.data(), st.sampled_from(sorted(COMPONENT_EDITIONS)))
def test_component_code_reads_back_as_itself(data, edition):
    parts = [data.draw(of_digits(int(length))) for length in COMPONENT_EDITIONS[edition].split("+")]
    code = ComponentCode(*parts, edition=edition)
    assert ComponentCode.parse(str(code), edition) == code
    assert len(str(code)) == 16


@given(
    st.sampled_from(ObjectKind),
    of_digits(2),
    of_digits(2),
    st.dates(),
    st.text(digits, min_size=2, max_size=9),
)
def test_case_number_reads_back_as_itself(kind, major, minor, day, sequence):
    number = CaseNumber(kind, major, minor, day, sequence)
    assert CaseNumber.parse(str(number)) == number


code_like = st.text(max_size=24) | st.text(digits + "CE ０１٣²", min_size=13, max_size=18)


@given(code_like, st.sampled_from(sorted(GRID_EDITIONS)))
def test_any_text_is_a_grid_code_or_is_refused_with_the_part_that_is_wrong(text, edition):
    try:
        code = str(GridCode.parse(text, edition))
    except MalformedCode as refused:
        part = refused.extra["part"]
    else:
        part = "none" if code.isascii() and code.isdigit() else "missed"
    assert part in {"none", "length", "county", "street", "community", "sequence"}


@given(code_like)
def test_any_text_is_a_case_number_or_is_refused_with_the_part_that_is_wrong(text):
    try:
        number = str(CaseNumber.parse(text))
    except MalformedCode as refused:
        part = refused.extra["part"]
    else:
        part = "none" if number[0] in "CE" and number[1:].isdigit() else "missed"
    assert part in {"none", "kind", "major", "minor", "date", "sequence"}


@pytest.mark.parametrize(
    ("edition", "text", "community"),
    [
        ("GB30428.1-2013", "150602001003007", "150602001003"),
        ("CJT213-2005", "15060200100307", "150602001003"),
        ("LOCAL-16/YC", "1408020001003007", "1408020001003"),
    ],
)
def test_grid_code_has_the_length_of_its_edition(edition, text, community):
    code = GridCode.parse(text, edition)
    assert code.community_code == community
    assert int(code.sequence) == 7
    for other in GRID_EDITIONS:
        if other != edition:
            with pytest.raises(MalformedCode) as refused:
                GridCode.parse(text, other)
            assert refused.value.extra["part"] == "length"


def test_grid_code_is_built_from_its_community_and_number():
    assert str(GridCode.build("150602001003", 7)) == "150602001003007"
    assert str(GridCode.build("150602001003", 7, "CJT213-2005")) == "15060200100307"
    with pytest.raises(MalformedCode) as refused:
        GridCode.build("150602001003", 1000)
    assert refused.value.extra["part"] == "sequence"
    with pytest.raises(MalformedCode):
        GridCode.build("150602001003", 100, "CJT213-2005")
    with pytest.raises(MalformedCode):
        GridCode.build("150602001003", 0)


def test_refusal_names_the_wrong_part_in_the_reader_s_language():
    with in_locale("zh_CN"), pytest.raises(InvalidInput, match="社区代码“0O3”"):
        GridCode.parse("1506020010O3007")
    with in_locale("en"), pytest.raises(InvalidInput, match="community code “0O3”"):
        GridCode.parse("1506020010O3007")


def test_full_width_digits_are_read_and_a_gap_inside_is_not_guessed():
    assert str(GridCode.parse("\u3000１５０６０２００１００３００７ ")) == "150602001003007"
    with pytest.raises(MalformedCode):
        GridCode.parse("150602 01003007")
    with pytest.raises(MalformedCode):
        GridCode.parse("15060200100300٧")


def test_edition_without_grid_codes_is_not_guessed():
    with pytest.raises(UnknownCode):
        GridCode.parse("150602001003007", "CJT214-2007")
    with pytest.raises(UnknownCode):
        GridCode.parse("150602001003007", "GB30428.1-2099")


def test_the_component_of_the_suzhou_record():
    code = ComponentCode.parse("3205080101000001")
    assert (code.county, code.class_code, code.sequence) == ("320508", "0101", "000001")
    assert ComponentCode.build("320508", "0101", 1) == code


def test_the_same_sixteen_digits_are_another_class_in_the_newer_draft():
    code = ComponentCode.parse("3205080108000001", "DRAFT-2025/GC")
    assert (code.class_code, code.sequence) == ("01080", "00001")
    assert code.is_local_extension is True
    assert ComponentCode.parse("3205080107900001", "DRAFT-2025/GC").is_local_extension is False
    assert ComponentCode.parse("3205080199000001").is_local_extension is None


def test_component_county_cannot_borrow_a_digit_from_its_class():
    with pytest.raises(MalformedCode) as refused:
        ComponentCode.build("32050", "80101", 1)
    assert refused.value.extra["part"] == "county"


def test_the_case_number_of_the_sources():
    number = CaseNumber.parse("C01012019041101")
    assert number == CaseNumber(ObjectKind.COMPONENT, "01", "01", date(2019, 4, 11), "01")
    assert number.class_code == "0101"
    assert number.number == 1
    assert str(number) == "C01012019041101"


def test_case_numbers_are_built_with_four_digits_and_grow():
    day = date(2026, 11, 23)
    assert str(CaseNumber.build("event", "0506", day, 12)) == "E0506202611230012"
    assert str(CaseNumber.build("event", "0506", day, 12345)) == "E05062026112312345"
    with pytest.raises(MalformedCode):
        CaseNumber.build("event", "0506", day, 0)
    with pytest.raises(MalformedCode):
        CaseNumber.build("event", "05060", day, 1)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "kind"),
        ("X01012019041101", "kind"),
        ("CA1012019041101", "major"),
        ("C01A12019041101", "minor"),
        ("C01012019023001", "date"),
        ("C0101201904", "date"),
        ("C0101201904111", "sequence"),
        ("C010120190411", "sequence"),
        ("C0101201904110A", "sequence"),
    ],
)
def test_wrong_case_number_says_which_part_is_wrong(text, part):
    with pytest.raises(MalformedCode) as refused:
        CaseNumber.parse(text)
    assert refused.value.extra["part"] == part


def test_grids_are_numbered_along_the_rows_from_the_north_west():
    # Two rows of three, none of them quite level: 1 2 3 / 4 5 6.
    centroids = np.array([[250, 30], [50, 170], [250, 140], [150, 60], [150, 185], [50, 48]], dtype=float)
    assert sequence_order(centroids).tolist() == [1, 4, 2, 5, 3, 0]


def test_grid_half_a_row_south_of_the_first_still_belongs_to_its_row():
    east_then_south = np.array([[200.0, 100.0], [100.0, 50.0]])
    assert sequence_order(east_then_south, row_height_m=100).tolist() == [1, 0]
    assert sequence_order(east_then_south, row_height_m=99).tolist() == [0, 1]


coordinates = st.tuples(st.floats(0, 5000), st.floats(0, 5000))


@given(st.lists(coordinates, max_size=60))
def test_a_grid_more_than_half_a_row_north_of_another_is_numbered_before_it(places):
    centroids = np.array(places, dtype=float).reshape(-1, 2)
    order = sequence_order(centroids, row_height_m=100).tolist()
    assert sorted(order) == list(range(len(places)))
    for at, index in enumerate(order):
        later = centroids[order[at + 1 :]]
        assert not (later[:, 1] - centroids[index, 1] > 50).any()
        level = later[later[:, 1] == centroids[index, 1]]
        assert (level[:, 0] >= centroids[index, 0]).all()


@given(st.lists(coordinates, min_size=1, max_size=40, unique=True), st.randoms())
def test_numbering_does_not_depend_on_the_order_grids_are_handed_in(places, random):
    shuffled = list(places)
    random.shuffle(shuffled)
    first = [places[index] for index in sequence_order(np.array(places))]
    second = [shuffled[index] for index in sequence_order(np.array(shuffled))]
    assert first == second


@pytest.mark.parametrize(
    "centroids", [np.array([[1.0, np.nan]]), np.array([1.0, 2.0]), np.array([[1.0, 2.0, 3.0]])]
)
def test_grid_without_a_place_is_not_numbered(centroids):
    with pytest.raises(InvalidInput):
        sequence_order(centroids)


def test_a_community_without_grids_has_nothing_to_number():
    assert sequence_order(np.empty((0, 2))).tolist() == []
