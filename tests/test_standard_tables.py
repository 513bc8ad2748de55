"""The reference tables: whole, without contradictions, honest about sources; and safe in the database."""

import re
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect as inspect_model

from gis.standard import rows, tables
from gis.standard.csv_rows import read_rows
from gis.standard.errors import UnknownCode
from gis.standard.seed import SHIPPED
from gis.standard.vocabulary import DepthReference, PointRole

GB, CJ = tables.CITY_EDITION, "CJT214-2007"
EVERY_TABLE = {model.__tablename__: (model, read) for model, read in SHIPPED}
CHINESE = re.compile("[\u4e00-\u9fff]")


def test_nothing_of_the_reference_was_lost():
    counts = {name: len(tuple(read())) for name, (_model, read) in EVERY_TABLE.items()}
    assert counts["object_class"] == 345
    assert counts["filing_rule"] == 534
    assert counts["pipe_class"] == 37
    assert counts["pipeline_field"] == 64
    assert counts["clearance_horizontal"] == 248
    # 83 printed cells: two pairs of cable against its protected kind are printed twice.
    assert counts["clearance_vertical"] == 81
    assert counts["least_cover"] == 2 * 10  # on and off the carriageway
    assert (counts["pipe_material"], counts["laying_method"], counts["usage_status"]) == (15, 13, 4)


def test_classes_and_rules_are_as_many_as_each_source_has():
    classes = Counter((row.edition, row.kind.value) for row in tables.object_classes())
    assert classes == {
        (GB, "component"): 102,
        (GB, "event"): 104,
        (CJ, "component"): 85,
        (CJ, "event"): 54,
    }
    rules = Counter((rule.city, rule.kind.value) for rule in tables.filing_rules())
    assert rules == {("YC", "component"): 375, ("YC", "event"): 144, ("QX", "event"): 10, ("JY", "event"): 5}


def test_trust_in_the_clearances_is_as_low_as_the_sources_say():
    horizontal = Counter(row.status for row in tables.clearances_horizontal())
    assert horizontal == {
        "verified_secondary": 12,
        "cross_checked": 91,
        "cross_checked_weak": 11,
        "unverified": 134,
    }
    vertical = Counter(row.status for row in tables.clearances_vertical())
    assert vertical == {"verified_secondary": 43, "cross_checked": 2, "unverified": 34, "conflict": 2}


@pytest.mark.parametrize("name", EVERY_TABLE)
def test_no_key_stands_twice(name):
    model, read = EVERY_TABLE[name]
    keys = [column.name for column in inspect_model(model).primary_key]
    times = Counter(tuple(getattr(row, key) for key in keys) for row in read())
    assert [key for key, count in times.items() if count > 1] == []


@pytest.mark.parametrize("name", [name for name in EVERY_TABLE if name != "trust_level"])
def test_every_row_says_where_it_was_read_and_how_far_it_may_be_trusted(name):
    levels = {level.code for level in tables.trust_levels()}
    for row in EVERY_TABLE[name][1]():
        assert row.source, row
        assert row.status in levels, row


@pytest.mark.parametrize("name", EVERY_TABLE)
def test_every_row_is_named_in_both_languages(name):
    for row in EVERY_TABLE[name][1]():
        if isinstance(row, rows.Named):
            assert row.name_zh, row
            assert row.name_en, row
            assert not CHINESE.search(row.name_en), row


@pytest.mark.parametrize("name", EVERY_TABLE)
def test_a_row_of_a_file_fills_a_row_of_its_table(name):
    model, read = EVERY_TABLE[name]
    shipped = {field.name for field in fields(next(iter(read())))} | {"position"}
    columns = {
        column.name
        for column in model.__table__.columns
        if column.computed is None and "correct" not in column.name
    }
    assert shipped == columns


def test_every_file_of_the_folder_is_read():
    folder = Path(tables.__file__).parent / "data"
    assert {path.stem for path in folder.glob("*.csv")} == set(EVERY_TABLE) | {"source"}


def test_short_source_keys_are_explained():
    keys = {source.key for source in tables.sources()}
    used = {row.source for row in (*tables.object_classes(), *tables.filing_rules())}
    assert {source for source in used if source.isupper()} <= keys


def test_every_rule_of_this_city_has_its_class_and_a_comparison_row_has_one_or_says_so():
    classes = {(row.edition, row.kind, row.code): row.name_zh for row in tables.object_classes()}
    without = []
    for rule in tables.filing_rules():
        if rule.class_code is None:
            without.append(rule.code)
            continue
        assert classes[rule.edition, rule.kind, rule.class_code] == rule.class_name_zh, rule
    assert without == [
        "QX-E0103-1",
        "QX-E0103-2",
        "QX-E0104-1",
        "QX-E0104-2",
        "QX-E0105-1",
        "QX-E0106-1",
        "JY-E0101-1",
    ]


def test_rule_codes_tell_kind_class_and_place_in_the_class():
    for rule in tables.filing_rules():
        if rule.city == tables.CITY_RULES:
            assert re.fullmatch(rf"{rule.kind.letter}{rule.class_code}-[1-9]\d?", rule.code)
    assert [rule.code for rule in tables.rules_for(GB, "component", "0101")][:2] == ["C0101-1", "C0101-2"]


def test_limits_are_positive_and_counted_in_a_known_unit():
    units = {unit.code: unit for unit in tables.limit_units()}
    for rule in tables.filing_rules():
        assert rule.limit_value > 0
        assert rule.limit_unit in units
    assert {code for code, unit in units.items() if unit.is_continuous} == {"URGENT_HOUR", "URGENT_DAY"}
    assert units["WORK_DAY"].minutes == 8 * 60


def test_a_missing_water_cover_is_filed_for_two_urgent_hours():
    rule = tables.filing_rule("C0101-1")
    assert (rule.limit_value, rule.limit_unit, rule.closing_zh) == (2, "URGENT_HOUR", "恢复")


def test_rules_of_other_cities_are_never_this_city_s():
    assert tables.rules_for(CJ, "event", "0102") == ()
    assert {rule.limit_value for rule in tables.rules_for(CJ, "event", "0102", city="JY")} == {1}


def test_event_majors_04_and_05_swap_between_editions():
    majors = {(row.edition, row.major_code): row.major_name_zh for row in tables.event_classes(GB)}
    majors |= {(row.edition, row.major_code): row.major_name_zh for row in tables.event_classes(CJ)}
    assert majors[GB, "04"] == majors[CJ, "05"] == "街面秩序"
    assert majors[GB, "05"] == majors[CJ, "04"] == "突发事件"


def test_a_class_code_means_nothing_without_its_edition():
    assert tables.find_class(GB, "component", "0140").name_zh == "报刊亭"
    assert tables.find_class(CJ, "component", "0121").name_zh == "报刊亭"
    with pytest.raises(UnknownCode):
        tables.find_class(CJ, "component", "0140")


def test_codes_keep_their_leading_zeros():
    for row in tables.object_classes():
        assert re.fullmatch(r"\d{4}", row.code)
        assert row.code == row.major_code + row.minor_code
    assert [row.code for row in tables.usage_statuses()] == ["0", "1", "2", "3"]


def test_references_between_the_tables_hold():
    mains = {row.class_code: row for row in tables.pipe_main_classes()}
    subs = {(row.class_code, row.sub_code): row for row in tables.pipe_classes()}
    parties = {row.code for row in tables.clearance_parties()}
    bands = {row.code for row in tables.pressure_bands()}
    levels = {level.code for level in tables.trust_levels()}
    assert {class_code for class_code, _sub in subs} == set(mains)
    for sub in subs.values():
        assert sub.depth_reference_status in levels
        assert re.fullmatch("#[0-9A-F]{6}", sub.rgb_hex)
    for alias in tables.pipe_class_aliases():
        assert alias.alias not in mains
        assert alias.sub_code is None or (alias.class_code, alias.sub_code) in subs
    assert {kind.class_code for kind in tables.point_kinds()} == set(mains)
    for pair in (*tables.clearances_horizontal(), *tables.clearances_vertical()):
        assert {pair.class_a, pair.class_b} <= parties
        assert pair.class_a <= pair.class_b
    assert {row.party for row in tables.least_covers()} <= parties
    for protection in tables.protection_ranges():
        assert protection.class_code in mains
        assert set((protection.pressure_bands or "").split()) <= bands


def test_a_main_class_has_the_colour_of_its_first_sub_class():
    first = {row.class_code: row for row in reversed(tables.pipe_classes())}
    for main in tables.pipe_main_classes():
        assert main.rgb_hex == first[main.class_code].rgb_hex
    dashes = Counter(main.dash for main in tables.pipe_main_classes())
    assert max(dashes.values()) == 1, "two classes cannot be told apart without colour"


def test_television_is_a_sub_class_of_telecommunication():
    assert tables.pipe_class("TV") == tables.pipe_class("TX", "DS") == tables.pipe_class("DS")
    assert tables.pipe_class("DX", "DH") == tables.pipe_class("TX", "DH")
    assert tables.pipe_main_class("dx").class_code == "TX"


def test_a_class_without_its_sub_class_is_not_guessed():
    for codes in (("JS",), ("JS", "YS"), ("XX", "XX"), ("", "")):
        with pytest.raises(UnknownCode):
            tables.pipe_class(*codes)
    with pytest.raises(UnknownCode):
        tables.pipe_main_class("YS")


def test_depth_is_measured_to_the_crown_of_water_the_invert_of_sewers_and_the_bottom_of_trenches():
    laying = {row.code: row for row in tables.laying_methods()}
    water, sewer = tables.pipe_class("JS", "JP"), tables.pipe_class("PS", "WS")
    power, tunnel = tables.pipe_class("DL", "GD"), tables.pipe_class("QT", "ZH")
    assert water.depth_reference_when(laying["ZM"]) is DepthReference.CROWN_OUTSIDE
    assert sewer.depth_reference_when(None) is DepthReference.INVERT_INSIDE
    assert power.depth_reference_when(laying["GK"]) is DepthReference.BLOCK_TOP
    assert power.depth_reference_when(laying["GG"]) is DepthReference.TRENCH_BOTTOM_INSIDE
    assert tunnel.depth_reference_when(None) is DepthReference.TRENCH_BOTTOM_INSIDE


def test_only_the_depth_of_water_and_drainage_is_more_than_memory():
    firm = {row.class_code for row in tables.pipe_classes() if row.depth_reference_status != "unverified"}
    assert firm == {"JS", "PS"}


def test_points_of_a_water_line_can_shut_and_feed_it():
    kinds = tables.point_kinds_of("JS", PointRole.APPENDAGE)
    assert {kind.name_zh for kind in kinds if kind.acts_as == "valve"} == {"阀门", "阀门井", "阀门孔"}
    assert {kind.name_zh for kind in kinds if kind.acts_as == "hydrant"} == {"消防栓", "消防井"}
    assert {kind.joins for kind in tables.point_kinds_of("JS", PointRole.FEATURE)} == {None, 3, 4}


PARTIES = st.sampled_from([party.code for party in tables.clearance_parties()])


@given(PARTIES, PARTIES)
def test_clearance_is_the_same_from_either_side(a, b):
    assert tables.horizontal_clearance(a, b) == tables.horizontal_clearance(b, a)
    assert tables.vertical_clearance(a, b) == tables.vertical_clearance(b, a)


def test_where_sources_contradict_the_larger_distance_is_kept_and_said_to_be_in_conflict():
    for pair in (("TELECOM_DIRECT", "GAS"), ("POWER_PROTECTED", "POWER_DIRECT")):
        row = tables.vertical_clearance(*pair)
        assert row is not None
        assert (row.min_clearance_m, row.status) == (0.50, "conflict")
        assert not tables.trust_level(row.status).is_firm


def test_a_pair_the_table_is_silent_on_has_no_distance():
    assert tables.vertical_clearance("BUILDING", "WATER") is None


@pytest.mark.parametrize(
    ("pressure_mpa", "band"),
    [
        (0.0, "LP"),
        (0.0099, "LP"),
        (0.01, "MPB"),
        (0.2, "MPB"),
        (0.21, "MPA"),
        (0.8, "SHB"),
        (1.6, "SHA"),
        (4.0, "HPA"),
    ],
)
def test_gas_pressure_falls_into_the_band_whose_end_it_reaches(pressure_mpa, band):
    found = tables.pressure_band(pressure_mpa)
    assert found is not None
    assert found.code == band


def test_gas_above_the_last_band_is_not_covered():
    assert tables.pressure_band(4.01) is None


def test_no_least_cover_is_not_a_cover_of_zero():
    trench = [row for row in tables.least_covers() if row.party == "TRENCH"]
    assert {row.surface: row.cover_m for row in trench} == {"carriageway": 0.5, "non_carriageway": None}


def test_a_file_whose_header_or_cells_do_not_fit_is_refused_with_its_line(tmp_path):
    path = tmp_path / "limit_unit.csv"
    head = "code,name_zh,name_en,is_continuous,minutes,source,status\n"
    path.write_text(head + "A,甲,a,true,60,s,ours\nB,乙,b,yes,60,s,ours\n", "utf-8")
    with pytest.raises(ValueError, match=r"line 3: 'yes'"):
        read_rows(rows.LimitUnit, path)
    path.write_text(head + "A,甲,a,true\n", "utf-8")
    with pytest.raises(ValueError, match="line 2: 4 cells"):
        read_rows(rows.LimitUnit, path)
    path.write_text(head.replace("minutes", "hours"), "utf-8")
    with pytest.raises(ValueError, match="hours"):
        read_rows(rows.LimitUnit, path)
