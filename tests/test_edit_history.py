"""Changes by hand, day after day, between surveys: the network of any day beside a plain model of it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from geoalchemy2.shape import to_shape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.edit.models import EditRecord
from gis.edit.shapes import place_of
from gis.errors import Conflict, NotFound
from gis.people.models import Centre, Person, Role
from gis.pipeline import editing, history, segment_editing
from gis.pipeline.models import PipePoint, PipeSegment
from gis.survey.ending import ChangedSince, take_back
from tests.import_files import EAST, NORTH, lay_out
from tests.survey_rows import Pipe, Survey, Well, network, take_over

DAY = date(2024, 5, 1)
STREET = Survey(
    wells={"A": Well(10, 10), "B": Well(40, 10), "C": Well(90, 10)},
    pipes={"1": Pipe("A", "B"), "2": Pipe("B", "C", (97.5, 96.9))},
)


class Editor:
    """Somebody who changes a row of survey area S1 on a day that the test says."""

    def __init__(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        self.session, self.day = session, DAY
        self.person = Person(
            login="editor", name="editor", password_hash="", role=Role.PLANNER, centre=Centre.PLANNING
        )
        session.add(self.person)
        session.flush()
        for module in (editing, history, segment_editing):
            monkeypatch.setattr(module, "city_day", lambda: self.day)

    def point(self, number: str) -> PipePoint:
        return editing.lock_point(self.session, self._id(PipePoint, PipePoint.point_no, number))

    def segment(self, number: str) -> PipeSegment:
        return segment_editing.lock_segment(
            self.session, self._id(PipeSegment, PipeSegment.segment_no, number)
        )

    def change(self, number: str, place: Point | None = None, **values: Any) -> None:
        editing.change_point(self.session, self.person, self.point(number), values, place)

    def change_pipe(self, number: str, line: LineString | None = None, **values: Any) -> None:
        segment_editing.change_segment(self.session, self.person, self.segment(number), values, line)

    def add(self, number: str, x: float, y: float) -> None:
        values = {
            "survey": "S1",
            "point_no": number,
            "class_code": "PS",
            "sub_code": "WS",
            "ground_level": 100.0,
        }
        editing.create_point(self.session, self.person, values, place(x, y))

    def add_pipe(self, number: str, start: str, end: str) -> None:
        ends = [place_of(self.point(name).geom) for name in (start, end)]
        values = {
            "survey": "S1", "segment_no": number, "class_code": "PS", "sub_code": "WS", "size": "400",
            "start_level": 98.0, "end_level": 97.5, "start_point": start, "end_point": end,
        }  # fmt: skip
        segment_editing.create_segment(self.session, self.person, values, LineString(ends))

    def end(self, number: str) -> None:
        editing.end_point(self.session, self.person, self.point(number))

    def end_pipe(self, number: str) -> None:
        segment_editing.end_segment(self.session, self.person, self.segment(number))

    def _id(self, model: Any, column: Any, number: str) -> int:
        living = select(model.id).where(column == number, model.survey == "S1", model.valid_to.is_(None))
        return self.session.scalar(living) or 0


def place(x: float, y: float) -> Point:
    return Point(EAST + x, NORTH + y)


@pytest.fixture
def city(session: Session) -> Session:
    lay_out(session)
    return session


@pytest.fixture
def editor(city: Session, monkeypatch: pytest.MonkeyPatch) -> Editor:
    return Editor(city, monkeypatch)


def as_of(session: Session, day: date | None = None) -> Survey:
    session.flush()
    session.expire_all()
    return network(session, day)


def rows(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_change_keeps_the_id_and_leaves_one_past_row_a_day(city: Session, editor: Editor) -> None:
    take_over(city, STREET, DAY)
    before = editor.point("A").id
    editor.day = DAY + timedelta(days=10)
    for level in (101.0, 102.0, 103.0):
        editor.change("A", ground_level=level)
    assert editor.point("A").id == before
    assert rows(city, PipePoint) == 4  # two states of the day were replaced before it was over
    levels = [
        (edit.before["ground_level"], edit.after["ground_level"])
        for edit in city.scalars(select(EditRecord).order_by(EditRecord.id))
        if edit.before
    ]
    assert levels == [(100.0, 101.0), (101.0, 102.0), (102.0, 103.0)]
    assert as_of(city, editor.day - timedelta(days=1)) == STREET
    assert as_of(city, editor.day) == STREET.with_(wells=STREET.wells | {"A": Well(10, 10, 103.0)})


def test_nothing_is_kept_of_a_change_that_changes_nothing(city: Session, editor: Editor) -> None:
    take_over(city, STREET, DAY)
    editor.day = DAY + timedelta(days=1)
    editor.change("A", place(10.001, 10), ground_level=100.0)
    editor.change_pipe("1", size="", start_level=98.0)
    assert (rows(city, PipePoint), rows(city, PipeSegment), rows(city, EditRecord)) == (3, 2, 0)


def test_a_ground_that_sinks_takes_ends_with_a_depth_and_no_level_along(
    city: Session, editor: Editor
) -> None:
    take_over(city, STREET, DAY)
    editor.change_pipe("1", start_level=None, start_depth_m=2.0)
    editor.day = DAY + timedelta(days=5)
    editor.change("A", ground_level=99.0)
    start, end = to_shape(editor.segment("1").geom).coords[0], to_shape(editor.segment("1").geom).coords[-1]
    assert (start[2], end[2]) == pytest.approx((99.0 - 2.0 + 0.2, 97.7))
    assert city.scalar(select(func.count()).where(PipeSegment.past_of.is_not(None))) == 2
    actions = city.scalars(select(EditRecord.action).order_by(EditRecord.id)).all()
    assert actions == ["change", "follow", "change"]


def test_a_state_that_begins_later_is_not_changed_from_before(city: Session, editor: Editor) -> None:
    take_over(city, STREET, DAY + timedelta(days=9))
    with pytest.raises(Conflict):
        editor.change("A", note="x")
    with pytest.raises(Conflict):
        editor.end_pipe("1")


def test_an_import_that_was_changed_by_hand_since_is_not_taken_back(city: Session, editor: Editor) -> None:
    import_, _merged = take_over(city, STREET, DAY)
    editor.change("A", note="by hand")
    with pytest.raises(ChangedSince):
        take_back(city, import_)


def test_a_later_survey_replaces_what_was_changed_by_hand_and_keeps_its_past(
    city: Session, editor: Editor
) -> None:
    take_over(city, STREET, DAY)
    editor.day = DAY + timedelta(days=10)
    editor.change("A", ground_level=101.0)
    again = STREET.with_(wells=STREET.wells | {"A": Well(10, 10, 102.0)})
    import_, _merged = take_over(city, again, DAY + timedelta(days=20))
    assert as_of(city) == again
    changed = STREET.with_(wells=STREET.wells | {"A": Well(10, 10, 101.0)})
    assert as_of(city, DAY + timedelta(days=15)) == changed
    take_back(city, import_)
    assert as_of(city) == changed


def test_what_has_ended_cannot_be_changed(city: Session, editor: Editor) -> None:
    take_over(city, STREET, DAY)
    editor.end_pipe("1")
    with pytest.raises(NotFound):
        editor.change_pipe("1", note="x")
    with pytest.raises(NotFound):
        editor.change("Z", note="x")


OPERATIONS = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 3)),
    st.tuples(st.just("note"), st.sampled_from("ABCD"), st.sampled_from(["", "x", "y"])),
    st.tuples(st.just("move"), st.sampled_from("ABCD"), st.sampled_from([0, 5, 9])),
    st.tuples(st.just("levels"), st.sampled_from("123"), st.sampled_from([98.0, 97.0])),
    st.tuples(st.just("turn"), st.sampled_from("123"), st.sampled_from("ABCD")),
    st.tuples(st.just("add"), st.sampled_from("ABCD")),
    st.tuples(st.just("join"), st.sampled_from("123"), st.sampled_from("ABCD"), st.sampled_from("ABCD")),
    st.tuples(st.just("end"), st.sampled_from("ABCD")),
    st.tuples(st.just("end_pipe"), st.sampled_from("123")),
)
EAST_OF = {"A": 10.0, "B": 40.0, "C": 90.0, "D": 120.0}


@settings(
    max_examples=30, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.lists(OPERATIONS, max_size=14))
def test_the_network_of_any_day_is_what_a_plain_model_says(
    city: Session, editor: Editor, operations: list[tuple[Any, ...]]
) -> None:
    outer = city.begin_nested()
    take_over(city, STREET, DAY)
    now, editor.day = STREET, DAY
    days: dict[date, Survey] = {}
    for name, *said in operations:
        days[editor.day] = now
        now = _apply(editor, now, name, said)
    days[editor.day] = now
    known = now = days[DAY]
    for number in range((editor.day - DAY).days + 1):
        day = DAY + timedelta(days=number)
        known = days.get(day, known)
        assert as_of(city, day) == known, day
    assert as_of(city) == known
    outer.rollback()
    city.expire_all()


def _apply(editor: Editor, now: Survey, name: str, said: list[Any]) -> Survey:
    """Do one thing to the city and to the model, where the model says that it can be done."""
    wells, pipes, number = now.wells, now.pipes, said[0]
    if name == "wait":
        editor.day += timedelta(days=number)
    elif name == "note" and number in wells:
        editor.change(number, note=said[1])
        return now.with_(wells=wells | {number: replace(wells[number], note=said[1])})
    elif name == "move" and number in wells:
        editor.change(number, place(EAST_OF[number], 10 + said[1]))
        return now.with_(wells=wells | {number: replace(wells[number], y=10.0 + said[1])})
    elif name == "levels" and number in pipes:
        editor.change_pipe(number, start_level=said[1])
        return now.with_(
            pipes=pipes | {number: replace(pipes[number], levels=(said[1], pipes[number].levels[1]))}
        )
    elif name == "turn" and number in pipes and said[1] in wells and said[1] != pipes[number].start:
        editor.change_pipe(number, end_point=said[1])
        return now.with_(pipes=pipes | {number: replace(pipes[number], end=said[1])})
    elif name == "add" and number not in wells:
        editor.add(number, EAST_OF[number], 10)
        return now.with_(wells=wells | {number: Well(EAST_OF[number], 10)})
    elif name == "join" and number not in pipes and said[1] != said[2] and {said[1], said[2]} <= wells.keys():
        editor.add_pipe(number, said[1], said[2])
        return now.with_(pipes=pipes | {number: Pipe(said[1], said[2])})
    elif name == "end" and number in wells:
        if any(number in (pipe.start, pipe.end) for pipe in pipes.values()):
            with pytest.raises(Conflict):
                editor.end(number)
            return now
        editor.end(number)
        return now.with_(wells={name: well for name, well in wells.items() if name != number})
    elif name == "end_pipe" and number in pipes:
        editor.end_pipe(number)
        return now.with_(pipes={name: pipe for name, pipe in pipes.items() if name != number})
    return now
