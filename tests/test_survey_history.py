"""Surveys of one area, one after the other: what changes, what stays, and what the network was on any day."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, aliased

from gis.errors import Conflict
from gis.people.models import Department
from gis.pipeline.models import PipePoint, PipeSegment
from gis.survey.comparing import compare
from gis.survey.difference import difference_page
from gis.survey.ending import ChangedSince, take_back
from gis.survey.head_words import HELD
from gis.survey.merge import merge
from gis.survey.models import StagedLine, StagedPoint
from tests.import_files import NORTH, lay_out
from tests.survey_rows import Pipe, Survey, Well, network, staged, take_over

DAY = date(2024, 5, 1)
LATER, LAST = DAY + timedelta(days=100), DAY + timedelta(days=300)
STREET = Survey(
    wells={"A": Well(10, 10), "B": Well(40, 10), "C": Well(90, 10)},
    pipes={"1": Pipe("A", "B"), "2": Pipe("B", "C", (97.5, 96.9))},
)


@pytest.fixture
def city(session: Session) -> Session:
    lay_out(session)
    return session


def ids(session: Session) -> dict[str, int]:
    rows = session.execute(select(PipePoint.point_no, PipePoint.id).where(PipePoint.valid_to.is_(None)))
    lines = session.execute(
        select(PipeSegment.segment_no, PipeSegment.id).where(PipeSegment.valid_to.is_(None))
    )
    return {number: id_ for found in (rows, lines) for number, id_ in found}


def everything(session: Session) -> list[tuple[object, ...]]:
    """All rows of the network with all that they say."""
    rows: list[tuple[object, ...]] = []
    for table in ("pipe_point", "pipe_segment"):
        rows += [tuple(row) for row in session.execute(text(f"SELECT * FROM {table} ORDER BY id"))]
    return rows


def test_a_first_survey_is_taken_over_as_it_is(city: Session) -> None:
    _import, merged = take_over(city, STREET, DAY)
    assert (merged.new, merged.changed, merged.moved, merged.gone) == (5, 0, 0, 0)
    assert network(city) == network(city, DAY) == STREET
    assert network(city, DAY - timedelta(days=1)) == Survey({}, {})
    grids = city.scalars(select(PipePoint.unit_grid_id).order_by(PipePoint.point_no)).all()
    assert all(grids)
    assert len(set(grids)) == 1


def test_the_same_survey_again_changes_nothing(city: Session) -> None:
    take_over(city, STREET, DAY)
    before = everything(city)
    import_, merged = take_over(city, STREET, LATER)
    assert (merged.new, merged.changed) == (0, 0)
    assert import_.counts["change"]["same"] == 5
    assert everything(city) == before


def test_a_changed_row_keeps_its_id_and_its_past(city: Session) -> None:
    take_over(city, STREET, DAY)
    before = ids(city)
    wider = STREET.with_(pipes=STREET.pipes | {"2": Pipe("B", "C", (97.4, 96.9), 600)})
    _import, merged = take_over(city, wider, LATER)
    assert (merged.new, merged.changed) == (0, 1)
    assert ids(city) == before
    assert network(city) == network(city, LATER) == wider
    assert network(city, LATER - timedelta(days=1)) == STREET
    past = city.scalars(select(PipeSegment).where(PipeSegment.past_of.is_not(None))).one()
    assert (past.past_of, past.valid_from, past.valid_to) == (before["2"], DAY, LATER)


def test_heights_of_a_segment_are_those_of_its_centre(city: Session) -> None:
    """An invert of 98.000 m and a pipe of 400 mm: the centre is 98.200 m; unknown is NaN, never 0."""
    pipes = {
        "1": Pipe("A", "B", (98.0, 97.5)),
        "2": Pipe("B", "C", (None, 96.9)),
        "3": Pipe("A", "C", (98.0, 97.5), None),
    }
    take_over(city, STREET.with_(pipes=pipes), DAY)
    heights = {
        number: (start, end)
        for number, start, end in city.execute(
            select(
                PipeSegment.segment_no,
                func.ST_Z(func.ST_StartPoint(PipeSegment.geom)),
                func.ST_Z(func.ST_EndPoint(PipeSegment.geom)),
            )
        )
    }
    assert heights["1"] == pytest.approx((98.2, 97.7))
    assert heights["2"] == pytest.approx((float("nan"), 97.1), nan_ok=True)
    assert heights["3"] == pytest.approx((float("nan"), float("nan")), nan_ok=True)


def test_a_depth_stands_in_for_a_level_that_is_missing(city: Session) -> None:
    import_ = staged(city, STREET)
    line = city.scalars(select(StagedLine).where(StagedLine.segment_no == "1")).one()
    line.start_level, line.start_depth_m = None, 2.5  # ground 100.000, so the invert is 97.500
    city.flush()
    compare(city, import_)
    take = select(func.ST_Z(func.ST_StartPoint(PipeSegment.geom))).where(PipeSegment.segment_no == "1")
    merge(city, import_, DAY, only_clean=False)
    assert city.scalar(take) == pytest.approx(97.7)


def test_a_moved_point_takes_segments_of_other_surveys_along_and_they_have_a_past(city: Session) -> None:
    take_over(city, STREET, DAY)
    # The neighbour's branch ends at our well B.
    branch = city.scalars(select(PipePoint).where(PipePoint.point_no == "C")).one()
    well = city.scalars(select(PipePoint).where(PipePoint.point_no == "B")).one()
    city.execute(
        text(
            "INSERT INTO pipe_segment (survey, segment_no, class_code, sub_code, start_point_id,"
            " end_point_id, start_level, end_level, height_mm, geom, valid_from)"
            " SELECT 'S2', 'X', 'PS', 'WS', a.id, b.id, 97, 96, 200,"
            " ST_MakeLine(ARRAY[ST_Force3DZ(a.geom, 97.1),"
            " ST_SetSRID(ST_MakePoint(ST_X(a.geom), ST_Y(a.geom) + 30, 96.6), ST_SRID(a.geom)),"
            " ST_Force3DZ(b.geom, 96.1)]), :day FROM pipe_point AS a, pipe_point AS b"
            " WHERE a.id = :start AND b.id = :end"
        ),
        {"start": well.id, "end": branch.id, "day": DAY},
    )
    moved = STREET.with_(wells=STREET.wells | {"B": Well(40, 12)})
    import_, merged = take_over(city, moved, LATER)
    assert import_.counts["change"]["moved"] == merged.moved == 1
    rows = city.execute(
        select(
            PipeSegment.valid_from,
            func.ST_Y(func.ST_StartPoint(PipeSegment.geom)) - NORTH,
            func.ST_Y(func.ST_PointN(PipeSegment.geom, 2)) - NORTH,
        )
        .where(PipeSegment.segment_no == "X")
        .order_by(PipeSegment.valid_from)
    ).all()
    assert [tuple(row) for row in rows] == [(DAY, 10.0, 40.0), (LATER, 12.0, 40.0)]
    take_back(city, import_)
    city.expire_all()
    assert network(city) == STREET
    assert city.scalar(
        select(func.ST_Y(func.ST_StartPoint(PipeSegment.geom)) - NORTH).where(PipeSegment.segment_no == "X")
    ) == 10.0  # fmt: skip


def test_what_is_not_in_the_files_stays_unless_the_whole_area_was_surveyed_again(city: Session) -> None:
    take_over(city, STREET, DAY)
    less = Survey({name: STREET.wells[name] for name in "AB"}, {"1": STREET.pipes["1"]})
    import_, merged = take_over(city, less, LATER)
    assert import_.counts["change"]["gone"] == 2
    assert merged.gone == 0
    assert network(city) == STREET
    _import, merged = take_over(city, less, LATER, replace=True)
    assert merged.gone == 2
    assert network(city) == less
    assert network(city, LATER - timedelta(days=1)) == STREET


def test_a_point_at_which_a_kept_segment_ends_does_not_go(city: Session) -> None:
    take_over(city, STREET, DAY)
    _import, merged = take_over(
        city, Survey({"A": STREET.wells["A"]}, {"2": STREET.pipes["2"]}), LATER, replace=True
    )
    assert merged.gone == 1  # segment 1; B and C hold segment 2
    assert set(network(city).wells) == {"A", "B", "C"}


AROUND = Survey({name: STREET.wells[name] for name in "AC"}, {"1": Pipe("A", "C")})


def test_a_point_that_its_last_segment_leaves_goes(city: Session) -> None:
    """Segment 1 now passes by well B, and segment 2 is there no more: shown before, ended, and taken back."""
    take_over(city, STREET, DAY)
    before = everything(city)
    import_ = staged(city, AROUND, replace=True)
    counts = compare(city, import_)
    assert (counts["changed"], counts["gone"]) == (1, 2)
    shown = [row.number for row in difference_page(city, import_, "gone", 50).items]
    assert shown == ["B", "2"]
    assert merge(city, import_, LATER, only_clean=False).gone == 2
    city.expire_all()
    assert network(city) == AROUND
    assert network(city, LATER - timedelta(days=1)) == STREET
    take_back(city, import_)
    city.expire_all()
    assert everything(city) == before


def test_a_point_at_which_a_segment_of_another_survey_ends_does_not_go(city: Session) -> None:
    take_over(city, STREET, DAY)
    numbers = ids(city)
    city.execute(
        text(
            "INSERT INTO pipe_segment (survey, segment_no, class_code, sub_code, start_point_id,"
            " end_point_id, geom, valid_from)"
            " SELECT 'S2', 'X', class_code, sub_code, :end, :start, ST_Reverse(geom), :day"
            " FROM pipe_segment WHERE segment_no = '1'"
        ),
        {"start": numbers["A"], "end": numbers["B"], "day": DAY},
    )
    import_, merged = take_over(city, AROUND, LATER, replace=True)
    assert import_.counts["change"]["gone"] == merged.gone == 1
    assert network(city) == AROUND.with_(wells=STREET.wells)


def test_a_point_stays_where_the_line_that_would_leave_it_has_an_error(city: Session) -> None:
    take_over(city, STREET, DAY)
    _import, merged = take_over(city, AROUND, LATER, dirty=frozenset({"1"}), only_clean=True, replace=True)
    assert merged.gone == 1
    assert network(city) == Survey(STREET.wells, {"1": STREET.pipes["1"]})


def test_a_number_that_went_can_come_again(city: Session) -> None:
    take_over(city, STREET, DAY)
    take_over(city, Survey({}, {}), LATER, replace=True)
    take_over(city, STREET, LAST)
    assert network(city) == STREET
    assert network(city, LAST - timedelta(days=1)) == Survey({}, {})
    assert network(city, DAY) == STREET


def test_two_surveys_on_one_day_leave_the_last_in_force(city: Session) -> None:
    take_over(city, STREET, DAY)
    first = STREET.with_(wells=STREET.wells | {"A": Well(10, 10, 101.0)})
    second = STREET.with_(wells=STREET.wells | {"A": Well(10, 11, 102.0)})
    take_over(city, first, LATER)
    import_, _merged = take_over(city, second, LATER)
    assert network(city, LATER) == network(city) == second
    assert network(city, LATER - timedelta(days=1)) == STREET
    take_back(city, import_)
    city.expire_all()
    assert network(city, LATER) == network(city) == first


def test_a_survey_of_a_day_before_the_state_it_would_replace_is_refused(city: Session) -> None:
    take_over(city, STREET, LATER)
    import_ = staged(city, STREET.with_(wells=STREET.wells | {"A": Well(10, 10, 99.0)}))
    assert compare(city, import_)["not_before"] == LATER.isoformat()


def test_lines_without_numbers_are_known_by_their_ends(city: Session) -> None:
    take_over(city, STREET, DAY)
    before = ids(city)
    import_ = staged(city, STREET.with_(pipes={"1": Pipe("B", "A", (97.5, 98.0)), "2": STREET.pipes["2"]}))
    for line in city.scalars(select(StagedLine).where(StagedLine.import_id == import_.id)):
        line.segment_no = None
    new = StagedLine(
        import_id=import_.id, file="f.csv", row_no=3, start_no="A", end_no="C", class_code="PS", sub_code="WS"
    )
    city.add(new)
    city.flush()
    counts = compare(city, import_)["lines"]
    assert (counts["new"], counts["changed"], counts["same"]) == (1, 1, 1)
    merge(city, import_, LATER, only_clean=False)
    city.expire_all()
    assert ids(city) == before | {"A-C": ids(city)["A-C"]}
    assert network(city).pipes["1"] == Pipe("B", "A", (97.5, 98.0))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("UPDATE survey_staged_line SET end_no = start_no WHERE segment_no = '1'", "from a point to itself"),
        ("UPDATE survey_staged_line SET end_no = 'Z' WHERE segment_no = '1'", "an end that is nowhere"),
        (
            "UPDATE survey_staged_line SET segment_no = '2', id = id + 99 WHERE segment_no = '1'",
            "a number twice",
        ),
        ("UPDATE survey_staged_line SET width_mm = 0 WHERE segment_no = '1'", "no width"),
        ("UPDATE survey_staged_line SET total_holes = -1 WHERE segment_no = '1'", "fewer than no holes"),
        ("UPDATE survey_staged_line SET sub_code = NULL WHERE segment_no = '1'", "no class"),
        ("UPDATE survey_staged_point SET geom = NULL WHERE point_no = 'A'", "no place"),
        ("UPDATE survey_staged_point SET point_no = 'B' WHERE point_no = 'A'", "a point twice"),
        (
            "UPDATE survey_staged_point AS b SET geom = a.geom FROM survey_staged_point AS a"
            " WHERE a.point_no = 'A' AND b.point_no = 'B'",
            "no length",
        ),
    ],
)
def test_what_no_row_can_hold_is_refused_and_the_rest_taken_over(
    city: Session, change: str, why: str
) -> None:
    import_ = staged(city, STREET)
    city.execute(text(change))
    counts = compare(city, import_)
    assert counts["refused"] > 0, why
    merged = merge(city, import_, DAY, only_clean=True)
    city.expire_all()
    assert "1" not in network(city).pipes
    assert merged.new == len(network(city).wells) + len(network(city).pipes) < 5


def test_where_numbers_are_only_added_those_that_exist_are_refused(city: Session) -> None:
    take_over(city, STREET, DAY)
    more = Survey(STREET.wells | {"D": Well(120, 10)}, {"2": STREET.pipes["2"], "3": Pipe("C", "D")})
    import_ = staged(city, more, mode="add")
    counts = compare(city, import_)
    assert (counts["new"], counts["refused"]) == (2, 4)


def test_clean_rows_come_without_the_others_and_without_lines_that_hang(city: Session) -> None:
    _import, merged = take_over(city, STREET, DAY, dirty=frozenset({"C"}), only_clean=True)
    assert merged.new == 3
    assert network(city) == Survey({name: STREET.wells[name] for name in "AB"}, {"1": STREET.pipes["1"]})


def test_a_clean_line_may_end_at_a_living_point_whose_new_row_has_an_error(city: Session) -> None:
    take_over(city, STREET, DAY)
    again = Survey(
        STREET.wells | {"C": Well(95, 20, 1.0)}, STREET.pipes | {"2": Pipe("B", "C", (97.5, 96.0))}
    )
    _import, merged = take_over(city, again, LATER, dirty=frozenset({"C"}), only_clean=True)
    assert merged.changed == 1
    assert network(city) == STREET.with_(pipes=again.pipes)


def test_owners_are_found_by_code_or_name_and_else_kept_as_written(city: Session) -> None:
    water = Department(code="SW01", name_zh="水务公司", name_en="Water")
    city.add(water)
    city.flush()
    import_ = staged(city, STREET)
    for point, owner in zip(
        city.scalars(select(StagedPoint).order_by(StagedPoint.point_no)),
        ("SW01", "水务公司", "某某公司"),
        strict=True,
    ):
        point.owner, point.extra, point.unread = owner, {"SurfBldg": "门卫"}, {"built_on": "去年"}
    city.flush()
    compare(city, import_)
    merge(city, import_, DAY, only_clean=False)
    rows = city.scalars(select(PipePoint).order_by(PipePoint.point_no)).all()
    assert [row.owner_id for row in rows] == [water.id, water.id, None]
    kept = {"SurfBldg": "门卫", "MDate": "去年"}
    assert [row.extra for row in rows] == [kept, kept, kept | {"Belong": "某某公司"}]


def test_cells_that_could_not_be_read_are_kept_under_the_names_of_the_standard(city: Session) -> None:
    for view, table in (("ready_point", "point"), ("ready_line", "line")):
        source = city.scalar(text("SELECT pg_get_viewdef(CAST(:view AS regclass))"), {"view": f"app.{view}"})
        for name, ours in HELD[table].items():
            if ours not in ("point_no", "segment_no", "start_no", "end_no", "x", "y", "owner"):
                assert f'"{ours}": "{name}"' in source, (view, ours)


def test_the_difference_is_shown_field_by_field_and_by_how_far_points_move(city: Session) -> None:
    take_over(city, STREET, DAY)
    again = Survey(
        STREET.wells | {"C": Well(93, 14, 100.5), "D": Well(120, 10)},
        {"2": Pipe("B", "C", (97.5, 96.0)), "3": Pipe("C", "D")},
    )
    import_ = staged(city, again)
    compare(city, import_)
    rows = {
        (row.number, row.kind): row
        for kind in ("new", "changed", "gone")
        for row in difference_page(city, import_, kind, 50).items
    }
    assert set(rows) == {
        ("D", "new"), ("3", "new"), ("C", "changed"), ("2", "changed"), ("1", "gone")
    }  # fmt: skip
    well = rows["C", "changed"]
    assert well.moved_m == pytest.approx(5.0)
    assert [(c.field, c.before, c.after) for c in well.changes] == [("ground_level", 100.0, 100.5)]
    assert [(c.field, c.before, c.after) for c in rows["2", "changed"].changes] == [("end_level", 96.9, 96.0)]
    for row in rows.values():
        shapes = (row.geometry is not None, row.geometry_before is not None)
        assert shapes == {"new": (True, False), "changed": (True, True), "gone": (False, True)}[row.kind]


def test_the_difference_comes_in_pages(city: Session) -> None:
    import_ = staged(city, STREET)
    compare(city, import_)
    found, cursor = [], None
    while True:
        page = difference_page(city, import_, "new", 2, cursor)
        assert len(page.items) <= 2
        found += [row.number for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == ["A", "B", "C", "1", "2"]


def test_an_import_is_taken_back_as_a_whole(city: Session) -> None:
    take_over(city, STREET, DAY)
    before = everything(city)
    again = Survey(
        {"A": Well(12, 10), "B": Well(40, 10), "D": Well(60, 60)}, {"1": Pipe("A", "B"), "3": Pipe("B", "D")}
    )
    import_, merged = take_over(city, again, LATER, replace=True)
    assert (merged.new, merged.changed, merged.gone) == (2, 2, 2)
    take_back(city, import_)
    city.expire_all()
    assert everything(city) == before


def test_an_import_on_which_a_later_one_rests_stays(city: Session) -> None:
    first, _merged = take_over(city, STREET, DAY)
    take_over(city, STREET.with_(wells=STREET.wells | {"A": Well(10, 10, 99.0)}), LATER)
    before = everything(city)
    with pytest.raises(ChangedSince):
        take_back(city, first)
    assert everything(city) == before


def test_what_an_import_ended_does_not_live_again_beside_its_successor(city: Session) -> None:
    take_over(city, STREET, DAY)
    emptied, _merged = take_over(city, Survey({}, {}), LATER, replace=True)
    take_over(city, STREET, LAST)
    with pytest.raises(ChangedSince):
        take_back(city, emptied)


def test_merging_before_a_state_began_is_refused(city: Session) -> None:
    take_over(city, STREET, LATER)
    with pytest.raises(Conflict):
        take_over(city, Survey({}, {}), DAY, replace=True)


NUMBERS = "ABCD"
STATES = st.tuples(st.integers(0, 2), st.sampled_from([100.0, 99.0, None]))  # metres to the north, ground
LEVELS = st.tuples(st.sampled_from([98.0, 97.0, None]), st.sampled_from([97.0, 96.0]))


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    """Wells, each about a place of its own, so that no line is without length, and pipes between them."""
    names = draw(st.lists(st.sampled_from(NUMBERS), min_size=2, unique=True))
    wells = {}
    for name in names:
        north, ground = draw(STATES)
        wells[name] = Well(30.0 * NUMBERS.index(name), 3.0 * north, ground)
    ends = st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True)
    pairs = draw(st.lists(ends, max_size=3))
    return Survey(wells, {str(n): Pipe(a, b, draw(LEVELS)) for n, (a, b) in enumerate(pairs)})


def replaced(_before: Survey, after: Survey) -> Survey:
    """The plain model: the whole area was surveyed again."""
    return after


def updated(before: Survey, after: Survey) -> Survey:
    """The plain model: what is not in the files stays as it was."""
    return Survey(before.wells | after.wells, before.pipes | after.pipes)


def gone_in(before: Survey, after: Survey) -> int:
    """How many wells and pipes there are no more."""
    return len(before.wells.keys() - after.wells.keys()) + len(before.pipes.keys() - after.pipes.keys())


def off_their_points(session: Session) -> list[str]:
    """Living segments that do not run from one living point to another."""
    start, end = aliased(PipePoint), aliased(PipePoint)
    runs = (
        select(PipeSegment.id)
        .join(start, PipeSegment.start_point_id == start.id)
        .join(end, PipeSegment.end_point_id == end.id)
        .where(start.valid_to.is_(None), end.valid_to.is_(None))
        .where(func.ST_Distance(func.ST_StartPoint(PipeSegment.geom), start.geom) < 0.001)
        .where(func.ST_Distance(func.ST_EndPoint(PipeSegment.geom), end.geom) < 0.001)
    )
    off = select(PipeSegment.segment_no).where(PipeSegment.valid_to.is_(None), PipeSegment.id.not_in(runs))
    return list(session.scalars(off))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
@given(st.lists(st.tuples(surveys(), st.booleans(), st.integers(0, 2)), min_size=1, max_size=3))
@example(  # a pipe leaves the well that goes
    [
        (Survey({"A": Well(0, 0), "B": Well(30, 0)}, {"0": Pipe("A", "B")}), False, 0),
        (Survey({"A": Well(0, 0), "B": Well(30, 6), "C": Well(60, 0)}, {}), False, 0),
        (Survey({"A": Well(0, 0), "C": Well(60, 0)}, {"0": Pipe("A", "C")}), True, 0),
    ]
)
def test_any_past_day_is_asked_for_and_every_import_can_be_taken_back(
    city: Session, steps: list[tuple[Survey, bool, int]]
) -> None:
    """Against a plain model: after each survey, and as of each day, the network is what was surveyed."""
    with city.begin_nested() as savepoint:
        day, now = DAY, Survey({}, {})
        known: dict[date, Survey] = {DAY - timedelta(days=1): now}
        done = []
        for survey, replaces, wait in steps:
            day += timedelta(days=wait)
            before, now = now, (replaced if replaces else updated)(now, survey)
            known[day] = now
            rows = everything(city)
            import_, merged = take_over(city, survey, day, replace=replaces)
            done.append((import_, before, rows))
            assert network(city) == now
            assert off_their_points(city) == []
            assert merged.gone == gone_in(before, now)
            if replaces:
                assert import_.counts["change"]["gone"] == merged.gone
        for when, expected in known.items():
            assert network(city, when) == expected
        for import_, before, rows in reversed(done):
            take_back(city, import_)
            city.expire_all()
            assert network(city) == before
            assert everything(city) == rows
        savepoint.rollback()
