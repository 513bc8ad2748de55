"""Every check finds what it is for, and leaves alone what it is not for."""

from collections.abc import Callable
from dataclasses import dataclass

import networkx as nx  # type: ignore[import-untyped]
import numpy as np
import pytest
from geoalchemy2.shape import to_shape
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis.grid.models import Road
from gis.i18n import in_locale
from gis.pipeline.checks.check import Severity
from gis.pipeline.checks.components import parts_of
from gis.pipeline.checks.relations import CHECKS_SQL
from gis.pipeline.checks.run import check_import
from gis.pipeline.checks.table import CHECKS, find_check
from gis.pipeline.checks.words import text_of
from gis.settings import CITY_SRID
from gis.survey.models import CheckRun, PipeFinding, StagedLine, StagedPoint
from tests.survey_net import (
    EAST,
    NORTH,
    Net,
    drawing,
    findings,
    make_city,
    place,
    plan_line,
    sound_net,
    stage,
)

Spoil = Callable[[Net], object]


@dataclass(frozen=True)
class Case:
    """A row that breaks a check, ``number`` being the one it is told of, and one that just does not."""

    code: str
    number: str
    breaks: Spoil
    keeps: Spoil


def both(*spoils: Spoil) -> Spoil:
    return lambda net: [spoil(net) for spoil in spoils]


def sub_code(net: Net, number: str, code: str) -> None:
    net.line(number, sub_code=code)


def _bent(net: Net, *places: tuple[float, float]) -> object:
    return net.line("Q2", geom=drawing((40, 10), *places, (80, 10)))


def _stub(net: Net, *, y: float = 10.4, x: float = 60, **values: str) -> None:
    """A branch of the sewer's neighbour that ends beside the main Q2, 0.4 m away unless said otherwise."""
    net.add_point("J8", 60, 60, appendage="fire_hydrant")
    net.add_point("J9", x, y, **({"appendage": "", "feature": "turning_point"} | values))
    net.add_line("Q9", "J8", "J9")


def _falls(net: Net, metres: float) -> object:
    """The second sewer, with so much between its ends; depths follow."""
    end = 1297.78 - metres
    return net.line("S2", end_level=end, end_depth_m=1299.5 - end)


def _leaves_at(net: Net, level: float) -> object:
    return net.line("S2", start_level=level, start_depth_m=1299.8 - level, end_level=level - 0.2,
                    end_depth_m=1299.5 - level + 0.2)  # fmt: skip


def _crown_at(net: Net, depth: float) -> object:
    return net.line("Q1", start_level=1300 - depth, start_depth_m=depth)


CASES = (
    Case("point_number_missing", "", lambda n: n.add_point(None, 200, 200), lambda n: None),
    Case("line_number_missing", "", lambda n: n.add_line(" ", "J4", "J3"), lambda n: None),
    Case("point_number_repeated", "J3", lambda n: n.add_point("J3", 300, 0), lambda n: n.add_point("j3", 300, 0)),
    Case("line_number_repeated", "Q2", lambda n: n.add_line("Q2", "J3", "J4"),
         lambda n: n.add_line("Q4", "J3", "J4")),
    Case("point_class_unknown", "J3", lambda n: n.point("J3", sub_code=None), lambda n: n.point("J3", sub_code="ZS")),
    Case("line_class_unknown", "Q1", lambda n: n.line("Q1", class_code="XX"), lambda n: sub_code(n, "Q1", "ZS")),
    Case("point_without_place", "J4", lambda n: n.point("J4", geom=None), lambda n: None),
    Case("line_broken", "Q2", lambda n: _bent(n, (np.inf, 10)), lambda n: _bent(n, (60, 11))),
    Case("end_missing", "Q2", lambda n: n.line("Q2", end_no="J33"), lambda n: n.line("Q2", end_no=" J3 ")),
    Case("same_ends", "Q2", lambda n: n.line("Q2", end_no="J2"), lambda n: None),
    Case("line_without_length", "Q2", lambda n: n.point("J3", geom=place(40, 10)),
         lambda n: n.point("J3", geom=place(40.001, 10))),
    Case("line_off_its_points", "Q2", lambda n: n.line("Q2", geom=drawing((40, 10), (80.02, 10))),
         lambda n: n.line("Q2", geom=drawing((40, 10), (80.009, 10)))),
    Case("point_value_unstorable", "J3", lambda n: n.point("J3", usage_status="7"),
         lambda n: n.point("J3", usage_status="1")),
    Case("line_value_unstorable", "Q1", lambda n: n.line("Q1", material="双壁管"), lambda n: n.line("Q1", used_holes=0)),
    Case("end_unstorable", "Q2", lambda n: n.point("J3", sub_code=None), lambda n: n.line("Q1", material="双壁管")),
    Case("end_not_clean", "Q2", lambda n: n.point("J3", unread={"High": "abc"}), lambda n: n.line("Q1", unread={"a": "b"})),
    Case("point_number_ambiguous", "J3", lambda n: n.add_point("J3", 300, 0), lambda n: n.add_point("J5", 300, 0)),
    Case("line_number_ambiguous", "Q2", lambda n: n.add_line("Q2", "J3", "J4"),
         lambda n: n.add_line("Q4", "J3", "J4")),
    Case("point_cells_unread", "J3", lambda n: n.point("J3", unread={"High": "12.5o"}), lambda n: n.point("J3", unread={})),
    Case("line_cells_unread", "Q1", lambda n: n.line("Q1", unread={"Material": "双壁管"}), lambda n: None),
    Case("map_number_repeated", "J4", lambda n: [n.point(no, extra={"Map_No": "7", "TFH": "A"}) for no in ("J3", "J4")],
         lambda n: [n.point(no, extra={"Map_No": "7", "TFH": no}) for no in ("J3", "J4")]),
    Case("point_alone", "J5", lambda n: n.add_point("J5", 200, 200),
         both(lambda n: n.add_point("J5", 80, 50), lambda n: n.add_line("Q5", "J3", "J5"))),
    Case("line_twice", "Q5", lambda n: n.add_line("Q5", "J3", "J2"),
         lambda n: n.add_line("Q5", "J3", "J2", geom=drawing((80, 10), (60, 14), (40, 10)))),
    Case("line_on_line", "Q5",
         both(lambda n: n.add_point("J8", 40, 10.002), lambda n: n.add_point("J9", 80, 10.002),
              lambda n: n.add_line("Q5", "J9", "J8")),
         both(lambda n: n.add_point("J8", 40, 10.3), lambda n: n.add_point("J9", 80, 10.3),
              lambda n: n.add_line("Q5", "J9", "J8"))),
    Case("class_differs", "Q5", lambda n: n.add_line("Q5", "J4", "W3"), lambda n: n.add_line("Q5", "J4", "J3")),
    Case("kind_not_one", "J3", lambda n: n.point("J3", feature="bend"), lambda n: n.point("J3", appendage="fire_hydrant")),
    Case("kind_unknown", "J3", lambda n: n.point("J3", appendage="sewage_manhole"), lambda n: None),
    Case("joins_differ", "J2", lambda n: n.lines.pop(), lambda n: None),
    Case("end_near_line", "J9", _stub, lambda n: _stub(n, y=10.6)),
    Case("end_unexplained", "J9", _stub, lambda n: _stub(n, feature="end_cap")),
    Case("point_near_point", "J9", lambda n: _stub(n, x=80.12, y=10), lambda n: _stub(n, x=80.16, y=10)),
    Case("components_apart", "J8", _stub, both(_stub, lambda n: n.add_line("Q10", "J8", "J4"))),
    Case("abandoned_joined", "Q2", lambda n: n.line("Q2", usage_status="1"),
         lambda n: [n.line(no, usage_status="1") for no in ("Q1", "Q2", "Q3")]),
    Case("line_long", "Q2", lambda n: n.point("J3", geom=place(115.01, 10)), lambda n: n.point("J3", geom=place(115, 10))),
    Case("line_short", "Q2", lambda n: n.point("J3", geom=place(40.04, 10)), lambda n: n.point("J3", geom=place(40.06, 10))),
    Case("line_crosses_itself", "Q2", lambda n: _bent(n, (60, 14), (60, 8), (50, 14)),
         lambda n: _bent(n, (50, 14), (60, 14), (60, 8))),
    Case("point_outside", "J3", lambda n: n.point("J3", geom=place(5051, 10)), lambda n: n.point("J3", geom=place(5049, 10))),
    Case("line_outside", "Q2", lambda n: _bent(n, (60, 5051)), lambda n: _bent(n, (60, 5049))),
    Case("ground_missing", "J3", lambda n: n.point("J3", ground_level=None), lambda n: n.point("J3", ground_level=0)),
    Case("level_missing", "Q2", lambda n: n.line("Q2", end_level=None, end_depth_m=None),
         lambda n: n.line("Q2", end_level=None)),
    Case("level_identity", "Q2", lambda n: n.line("Q2", end_depth_m=1.551), lambda n: n.line("Q2", end_depth_m=1.55)),
    Case("depth_negative", "Q1", lambda n: _crown_at(n, -0.01),
         both(lambda n: _crown_at(n, -0.01), lambda n: n.line("Q1", laying="JK"))),
    Case("depth_large", "Q1", lambda n: _crown_at(n, 5.01), lambda n: _crown_at(n, 5.0)),
    Case("slope_large", "S2", lambda n: _falls(n, 17.51), lambda n: _falls(n, 17.49)),
    Case("slope_small", "S2", lambda n: _falls(n, 0.024), lambda n: _falls(n, 0.026)),
    Case("slope_reversed", "S2", lambda n: _falls(n, -0.031), lambda n: _falls(n, -0.03)),
    Case("flow_unknown", "S2", lambda n: n.line("S2", flow_direction="0"), lambda n: n.line("Q1", flow_direction="0")),
    Case("invert_above", "S2", lambda n: _leaves_at(n, 1297.831), lambda n: _leaves_at(n, 1297.83)),
    Case("size_decreasing", "S2", lambda n: n.line("S2", width_mm=290, height_mm=290),
         lambda n: n.line("S2", width_mm=300, height_mm=300)),
    Case("cover_small", "Q1", lambda n: _crown_at(n, 0.59), lambda n: _crown_at(n, 0.60)),
    Case("size_missing", "Q1", lambda n: n.line("Q1", width_mm=None, height_mm=None), lambda n: n.line("Q1", size="")),
    Case("holes_over", "Q1", lambda n: n.line("Q1", total_holes=4, used_holes=5),
         lambda n: n.line("Q1", total_holes=4, used_holes=4)),
    Case("material_unfit", "Q1", lambda n: n.line("Q1", material="GX"), lambda n: n.line("Q1", material="G")),
    Case("material_year", "Q1", lambda n: n.line("Q1", material="PE", year_laid=1984),
         lambda n: n.line("Q1", material="PE", year_laid=1985)),
    Case("year_impossible", "Q1", lambda n: n.line("Q1", year_laid=1859), lambda n: n.line("Q1", year_laid=1860)),
)  # fmt: skip


@pytest.fixture
def city(session: Session) -> Session:
    make_city(session)
    return session


def told(session: Session, net: Net) -> set[tuple[str, str]]:
    """What is found: check and number."""
    return {(row.code, row.number) for row in findings(session, net)}


def test_every_check_has_a_case_and_a_question() -> None:
    codes = [check.code for check in CHECKS]
    assert len(set(codes)) == len(codes)
    assert sorted(case.code for case in CASES) == sorted(codes)
    assert sorted(path.stem for path in CHECKS_SQL.glob("*.sql")) == sorted(codes)


def test_nothing_is_found_in_a_sound_survey(city: Session) -> None:
    assert told(city, sound_net()) == set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_check_finds_the_row_that_breaks_it(city: Session, case: Case) -> None:
    net = sound_net()
    case.breaks(net)
    found = [row for row in findings(city, net) if row.code == case.code]
    assert [row.number for row in found] == [case.number]
    check = find_check(case.code)
    assert {(row.severity, row.subject) for row in found} == {(check.severity, check.subject)}
    for locale in ("zh_CN", "en"):
        with in_locale(locale):
            told = text_of(check, found[0].value, found[0].limit, found[0].detail)
        assert told
        assert "–" not in told, "a name of the text that the finding does not bring"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_check_leaves_the_row_alone_that_does_not_break_it(city: Session, case: Case) -> None:
    net = sound_net()
    case.keeps(net)
    assert case.code not in {code for code, _number in told(city, net)}


def test_rows_are_clean_that_have_no_error_and_whose_ends_have_none(city: Session) -> None:
    net = sound_net()
    net.point("J3", unread={"High": "abc"})
    net.line("Q1", used_holes=2, total_holes=1)
    net.line("S2", width_mm=290, height_mm=290)  # a warning
    import_ = stage(city, net)
    # Whatever stood there before is written anew, whichever way.
    city.execute(text("UPDATE survey_staged_line SET is_clean = false"))
    run = check_import(city, import_.id)
    city.expire_all()
    points = {row.point_no for row in city.scalars(select(StagedPoint)) if not row.is_clean}
    lines = {row.segment_no for row in city.scalars(select(StagedLine)) if not row.is_clean}
    assert (points, lines) == ({"J3"}, {"Q1", "Q2"})
    assert run.counts == {
        "point_cells_unread": 1, "size_decreasing": 1, "holes_over": 1, "end_not_clean": 1,
    }  # fmt: skip
    assert (run.state, run.done) == ("done", run.total)


def test_an_import_is_checked_anew_without_leaving_the_findings_of_before(city: Session) -> None:
    net = sound_net()
    net.line("Q1", used_holes=2, total_holes=1)
    import_ = stage(city, net)
    check_import(city, import_.id)
    city.execute(text("UPDATE survey_staged_line SET used_holes = 0"))
    assert check_import(city, import_.id).counts == {}
    assert len(city.scalars(select(CheckRun)).all()) == 1
    assert city.scalars(select(PipeFinding)).all() == []


def _live(session: Session, survey: str = "T1", east: float = 0) -> None:
    """The water main of the sound net, in the network already."""
    for number, kind, x, y in (
        ("J1", "end_cap", 0, 10), ("J2", "tee", 40, 10), ("J3", "end_cap", 80, 10), ("J4", "end_cap", 40, 30),
    ):  # fmt: skip
        session.execute(
            text(
                "INSERT INTO pipe_point (survey, point_no, class_code, sub_code, feature, ground_level, geom)"
                " VALUES (:survey, :number, 'JS', 'JP', :kind, 1300, ST_SetSRID(ST_MakePoint(:x, :y), :srid))"
            ),
            {
                "survey": survey,
                "number": number,
                "kind": kind,
                "x": EAST + x + east,
                "y": NORTH + y,
                "srid": CITY_SRID,
            },
        )
    for number, start, end in (("Q1", "J1", "J2"), ("Q2", "J2", "J3"), ("Q3", "J2", "J4")):
        session.execute(
            text(
                "INSERT INTO pipe_segment (survey, segment_no, class_code, sub_code, start_point_id, end_point_id,"
                " start_level, end_level, start_depth_m, end_depth_m, width_mm, height_mm, geom)"
                " SELECT a.survey, :number, 'JS', 'JP', a.id, b.id, 1298.5, 1298.5, 1.5, 1.5, 200, 200,"
                " ST_Force3D(ST_MakeLine(a.geom, b.geom), 1298.4) FROM pipe_point AS a, pipe_point AS b"
                " WHERE a.survey = :survey AND b.survey = a.survey AND a.point_no = :start AND b.point_no = :end"
            ),
            {"survey": survey, "number": number, "start": start, "end": end},
        )


def test_a_survey_that_comes_again_is_no_double_of_itself(city: Session) -> None:
    _live(city)
    assert told(city, sound_net()) == set()


def test_a_part_of_a_survey_is_joined_to_what_stays_of_it(city: Session) -> None:
    """The tee keeps its other lines, and the new line ends at a point that only the network has."""
    _live(city)
    net = sound_net()
    net.points = [net.point("J2")]
    net.lines = [net.line("Q2")]
    assert told(city, net) == set()


def test_where_the_whole_survey_is_brought_anew_the_rest_of_it_goes(city: Session) -> None:
    _live(city)
    net = sound_net()
    net.options = {"replace": True}
    net.lines.remove(net.line("Q3"))
    net.points.remove(net.point("J4"))
    # Q3 may go: two lines would be left at the tee, and then again it may not.
    assert told(city, net) == set()
    net.add_point("J7", 40, 30, appendage="fire_hydrant")
    net.add_line("Q7", "J2", "J7")
    assert told(city, net) == set(), "what goes is no rival of what comes in its place"


def test_numbers_of_an_import_that_adds_must_be_new(city: Session) -> None:
    _live(city, east=500)
    net = sound_net()
    net.options = {"mode": "add"}
    found = told(city, net)
    assert {number for code, number in found if code == "point_number_repeated"} == {"J1", "J2", "J3", "J4"}
    assert {number for code, number in found if code == "line_number_repeated"} == {"Q1", "Q2", "Q3"}


def test_what_another_survey_has_already_is_found(city: Session) -> None:
    _live(city, survey="OLD")
    found = told(city, sound_net())
    assert {number for code, number in found if code == "point_near_point"} == {"J1", "J2", "J3", "J4"}
    assert {number for code, number in found if code == "line_on_line"} == {"Q1", "Q2", "Q3"}


def test_under_a_carriageway_more_cover_is_asked_for_and_doubt_is_said(city: Session) -> None:
    """Water: 0.60 outside and 0.70 under a carriageway, of which the first is not verified."""
    city.add(
        Road(
            code="R1", name_zh="路", name_en="Road", grade="main", width_m=20, carriageway_m=12,
            geom=plan_line((-100, 15), (300, 15)),
        )
    )  # fmt: skip
    net = sound_net()
    _crown_at(net, 0.65)  # at J1, 5 m from the centre line
    net.line("Q3", end_level=1300 - 0.45, end_depth_m=0.45)  # at J4, 15 m away
    rows = {row.number: row for row in findings(city, net) if row.code == "cover_small"}
    check = find_check("cover_small")
    with in_locale("zh_CN"):
        words = {no: text_of(check, row.value, row.limit, row.detail) for no, row in rows.items()}
    assert words == {
        "Q1": "覆土 0.65 m，低于表列 0.70 m；起点，机动车道下",
        "Q3": "覆土 0.45 m，低于表列 0.60 m（依据未核实）；终点，非机动车道下",
    }


def test_levels_are_measured_at_the_face_of_the_class(city: Session) -> None:
    """A sewer's depth goes to its invert: its cover is less by its height, 0.60 + 0.30 m here."""
    net = sound_net()
    net.line("S1", start_level=1300 - 0.89, start_depth_m=0.89)
    (row,) = [row for row in findings(city, net) if row.code == "cover_small"]
    assert (row.number, row.value, row.limit) == ("S1", 0.59, 0.6)


def test_of_an_inflow_and_an_outflow_the_lowest_of_each_count(city: Session) -> None:
    """A high side inlet is no step; a second, lower way out is none either."""
    net = sound_net()
    net.add_point("W0", 50, 40, like="W1")
    net.add_line(
        "S0", "W0", "W2", like="S1", start_level=1299.0, start_depth_m=1.0, end_level=1298.8, end_depth_m=1.0
    )
    assert told(city, net) == set()
    net.line("S0", end_level=1297.7, end_depth_m=2.1)
    assert told(city, net) == {("invert_above", "S2")}


def test_real_sewers_have_the_cover_that_their_owner_states(city: Session) -> None:
    """Two sewers of Bellinge, and the next one downstream, which is truly smaller; levels of the Danish datum."""
    net = sound_net()
    net.points, net.lines = [], []
    sewer = sound_net().line("S1") | {"start_depth_m": None, "end_depth_m": None, "sub_code": "HS"}
    manhole = sound_net().point("W1") | {"sub_code": "HS"}
    for number, ground, x in (
        ("821", 25.049, 0),
        ("820", 26.129, 54.9),
        ("810", 25.729, 102.1),
        ("800", 24.65, 131.3),
    ):
        net.points.append(manhole | {"point_no": number, "ground_level": ground, "geom": place(x, 0)})
    for number, start, end, invert_up, invert_down, size in (
        ("l1", "821", "820", 23.779, 23.369, 200), ("l2", "820", "810", 23.369, 22.879, 350),
        ("l3", "810", "800", 22.879, 21.85, 300),
    ):  # fmt: skip
        levels = {"start_level": invert_up, "end_level": invert_down, "width_mm": size, "height_mm": size}
        net.lines.append(sewer | {"segment_no": number, "start_no": start, "end_no": end} | levels)
    assert told(city, net) == {("size_decreasing", "l3")}
    cover = city.execute(
        text("SELECT start_ground - start_crown, end_ground - end_crown FROM checked_line ORDER BY row_id")
    ).all()
    assert [round(float(metres), 2) for row in cover[:2] for metres in row] == [1.07, 2.56, 2.41, 2.50]


def test_findings_of_a_broken_row_have_a_place_all_the_same(city: Session) -> None:
    """A line whose other end is unknown is shown at the end that is known."""
    net = sound_net()
    net.line("Q2", end_no="J33")
    (row,) = [row for row in findings(city, net) if row.code == "end_missing"]
    assert row.geom is not None
    assert to_shape(row.geom) == to_shape(place(40, 10))
    assert (row.file, row.sheet, row.row_no) == ("T1.xlsx", "Line", 4)


def test_severity_fatal_is_for_rows_on_their_way_in_only() -> None:
    assert all(check.only_import for check in CHECKS if check.severity is Severity.FATAL)


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_parts_are_the_connected_components(lines: list[tuple[int, int]]) -> None:
    points, labels, counts = parts_of(np.array([a for a, _b in lines]), np.array([b for _a, b in lines]))
    graph = nx.MultiGraph(lines)
    expected = {
        frozenset(part): graph.subgraph(part).number_of_edges() for part in nx.connected_components(graph)
    }
    found = {frozenset(points[labels == n].tolist()): int(counts[n]) for n in range(len(counts))}
    assert found == expected
