"""Deadlines computed anew: the same from the stored intervals, whatever happened, and in which order."""

import threading
import time as clock_time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, select, text, update
from sqlalchemy.orm import Session

from gis.case.calendar_changes import AT_ONCE, RuleSeason, replace_seasons, set_local_day, settle
from gis.case.calendar_models import LocalDay
from gis.case.clocks import derive, limit_minutes
from gis.case.intake import Report, report_case
from gis.case.models import Case
from gis.case.recompute import (
    Recomputed,
    count_open,
    is_recomputed,
    recompute_all,
    recompute_chunk,
    recompute_here,
)
from gis.case.record import Act
from gis.case.service import apply_action
from gis.case.side_models import CaseInterval, CaseRequest
from gis.case.standing import standing_of
from gis.case.states import CaseState
from gis.case.workflow import Need, open_steps
from gis.case.working_hours import Season
from gis.errors import CityGridError
from gis.people.models import Person, Role
from tests import hand_made_city

CITY = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=CITY)
YEAR_START = datetime(2026, 1, 1, tzinfo=CITY)
NOT_FILED = {CaseState.REPORTED, CaseState.VERIFIED, CaseState.VERIFYING, CaseState.SELF_DISPOSED}
CLASSES = ("0108", "0110", "0101", "0183")  # limits in working days, hours, natural days, many working days
# What concerns other cases, photos, tasks and talk does nothing to the clock of disposal; and a history that
# ends before disposal is a short one.
LEFT_OUT = {
    "merge", "put_under", "take_out", "self_dispose", "assign_task", "add_department", "part_done", "urge",
    "ask_void", "refuse",
}  # fmt: skip
# What a department and a dispatcher do to the clock, some of it in two steps; "any": what comes.
WISHES = (
    ("grant_extension", "ask_extension"), ("grant_extension", "ask_extension"),
    ("grant_suspension", "ask_suspension"), ("grant_suspension", "ask_suspension"), ("resume",),
    ("redispatch", "dispatch"), ("send_back",), ("dispatch", "accept"), ("accept",), ("reclassify",),
    ("feed_back", "dispose"), ("rework",), ("any",),
)  # fmt: skip
INTO_DISPOSAL = (("lead", "file"), ("dis", "dispatch"), ("roads", "accept"))


@dataclass(frozen=True)
class Team:
    """One person of each role, and two departments."""

    people: list[Person]
    departments: list[str]


@pytest.fixture
def team(session: Session) -> Team:
    hand_made_city.build(session)
    roads = hand_made_city.department(session, "ROADS")
    parks = hand_made_city.department(session, "PARKS")
    people = [
        hand_made_city.person(session, "ins", "west", "middle"),
        hand_made_city.person(session, "acc", role=Role.ACCEPTOR),
        hand_made_city.person(session, "lead", role=Role.SHIFT_LEADER),
        hand_made_city.person(session, "dis", role=Role.DISPATCHER),
        hand_made_city.person(session, "roads", role=Role.DEPARTMENT, of=roads),
        hand_made_city.person(session, "parks", role=Role.DEPARTMENT, of=parks),
    ]
    return Team(people, [roads.code, parks.code])


def new_case(session: Session, team: Team, steps: int) -> Case:
    """A case that has gone some steps of the way into disposal, a minute each."""
    lon, lat = hand_made_city.lonlat(50, 50)
    case, _is_new = report_case(session, team.people[0], Report("event", CLASSES[0], lon, lat), at=BEGIN)
    for number, (login, action) in enumerate(INTO_DISPOSAL[:steps], start=1):
        actor = next(person for person in team.people if person.login == login)
        act = Act(department=team.departments[0])
        apply_action(session, case.case_no, action, actor, act, at=BEGIN + timedelta(minutes=number))
    return case


def take_step(
    session: Session, team: Team, case: Case, wishes: Sequence[str], choice: int, now: datetime
) -> None:
    """Somebody takes the first of the wished steps that is open to any, else one of those that are open."""
    possible = [
        (person, step)
        for person in team.people
        for step in open_steps(standing_of(case, person, now), person.role)
        if step.action not in LEFT_OUT
    ]
    wished = [pair for wish in wishes for pair in possible if pair[1].action == wish]
    if not possible:
        return
    person, step = wished[0] if wished else possible[choice % len(possible)]
    act = Act(
        note="because",
        department=team.departments[choice % 2] if Need.DEPARTMENT in step.needs else None,
        until=now + timedelta(days=1 + choice % 40) if Need.UNTIL in step.needs else None,
        kind="event" if Need.CLASS in step.needs else None,
        class_code=CLASSES[choice % len(CLASSES)] if Need.CLASS in step.needs else None,
    )
    try:
        with session.begin_nested():
            apply_action(session, case.case_no, step.action, person, act, at=now)
    except CityGridError:  # a person of another department, the same class again
        session.refresh(case)


def open_minutes(local: dict[date, bool]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which minutes of 2026 are worked, laid out day by day."""
    minutes = np.zeros(366 * 1440, dtype=np.bool_)
    for number in range(365):
        day = date(2026, 1, 1) + timedelta(days=number)
        if local.get(day, chinese_calendar.is_workday(day)):
            for begin, end in ((8, 12), (14, 18)):
                minutes[number * 1440 + begin * 60 : number * 1440 + end * 60] = True
    return minutes


def slow_deadline(session: Session, case: Case, local: dict[date, bool], share: float) -> datetime | None:
    """Where a share of the limit is used up, by counting minutes through the stored intervals."""
    rows = session.scalars(
        select(CaseInterval)
        .where(CaseInterval.case_id == case.id, CaseInterval.stage == "dispose")
        .order_by(CaseInterval.id)
    ).all()
    turn = max((row.round for row in rows), default=0)
    spans = [(row.started_at, row.ended_at) for row in rows if row.round == turn]
    if case.state in NOT_FILED:
        spans = [(case.reported_at, None)]
    elif case.state in (CaseState.FILED, CaseState.SUSPENDED):
        stopped = spans[-1][1] if spans else None
        spans.append((case.suspended_until or stopped or case.filed_at or case.reported_at, None))
    if not spans or case.limit_value is None or case.limit_unit is None:
        return None
    minutes, continuous = limit_minutes(case.limit_value, case.limit_unit)
    granted = session.scalars(
        select(CaseRequest.minutes).where(
            CaseRequest.case_id == case.id, CaseRequest.kind == "extension", CaseRequest.granted.is_(True),
            CaseRequest.round == turn,
        )
    )  # fmt: skip
    left = (minutes + sum(granted)) * share
    assert left == round(left), "the slow clock counts whole minutes"
    works = open_minutes(local)
    for number, (start, end) in enumerate(spans):
        now = int((start - YEAR_START).total_seconds()) // 60
        is_last = number == len(spans) - 1
        stop = len(works) if is_last or end is None else int((end - YEAR_START).total_seconds()) // 60
        while now < stop:
            left -= 1 if continuous or works[now] else 0
            now += 1
            if left == 0:
                return YEAR_START + timedelta(minutes=now)
    raise AssertionError("the limit ends beyond the year")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(10, 90) | st.integers(10, 90) | st.integers(10, 3000),
            st.integers(0, 1000),
            st.sampled_from([*WISHES, "correct", "recompute"]),
        ),
        min_size=4,
        max_size=20,
    ),
    st.sampled_from([0, 1, 3, 3, 3]),
)
def test_any_history_gives_the_deadline_that_counting_minutes_gives(
    session: Session, team: Team, events: list[tuple[int, int, Any]], steps: int
) -> None:
    """Pauses, extensions, other departments, other classes, and a calendar corrected in between."""
    outer = session.begin_nested()
    try:
        case, now, local = new_case(session, team, steps), BEGIN, dict[date, bool]()
        for minutes, choice, kind in events:
            now += timedelta(minutes=minutes)
            if kind == "correct":
                day = (BEGIN + timedelta(days=choice % 60)).date()
                local[day] = not local.get(day, chinese_calendar.is_workday(day))
                set_local_day(session, day, local[day], "", None)
            elif kind == "recompute":
                recompute_here(session)
            else:
                take_step(session, team, case, kind, choice, now)
        recompute_chunk(session, 0, closed=True)
        session.refresh(case)
        if case.state in (CaseState.REFUSED, CaseState.VOID, CaseState.ARCHIVED):
            return  # what it would have been due at stays as it was
        due = slow_deadline(session, case, local, 1.0)
        if due is not None:
            assert case.due_at == due
            assert case.warn_at == slow_deadline(session, case, local, 0.8)
        if case.stage == "dispose":
            assert (case.stage_due_at, case.stage_warn_at) == (case.due_at, case.warn_at)
        found = written(case)
        derive(session, case)
        assert written(case) == found, "one case at a time gives the same"
        assert recompute_here(session).moved == 0
        # There and back again: nothing is ever added to a deadline that was computed before.
        today = now.astimezone(CITY).date()
        was = local.get(today, chinese_calendar.is_workday(today))
        for is_workday in (not was, was):
            set_local_day(session, today, is_workday, "", None)
            recompute_chunk(session, 0, closed=True)
        session.refresh(case)
        assert written(case) == found
    finally:
        outer.rollback()


def written(case: Case) -> tuple[object, ...]:
    return (
        case.due_at, case.warn_at, case.due_is_provisional, case.stage, case.stage_due_at, case.stage_warn_at
    )  # fmt: skip


@pytest.fixture
def city(small_city: str) -> Iterator[Session]:
    """The small sample city; whatever a test does to it is rolled back."""
    engine = create_engine(small_city)
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()
    engine.dispose()


def everything(session: Session) -> dict[int, tuple[object, ...]]:
    session.expire_all()
    cases = session.scalars(select(Case).where(Case.stage.is_not(None) | (Case.state == "closed")))
    return {case.id: written(case) for case in cases}


def test_many_at_once_agree_with_one_by_one(city: Session) -> None:
    """Over all the sample's cases, with a season on the rule that most of them were filed by."""
    rules = city.execute(
        text(
            'SELECT rule_code FROM "case" JOIN limit_unit ON limit_unit.code = limit_unit'
            " WHERE rule_code IS NOT NULL AND NOT is_continuous GROUP BY 1 ORDER BY count(*) DESC LIMIT 2"
        )
    ).scalars()
    replace_seasons(city, [RuleSeason(rule, Season("10-01", "04-30")) for rule in rules])
    first_day = city.scalars(select(Case.dispatched_at).where(Case.stage == "dispose").limit(1)).one()
    assert first_day is not None
    set_local_day(city, first_day.astimezone(CITY).date(), False, "", None)
    before = everything(city)
    done = Recomputed()
    after: int | None = 0
    while after is not None:
        chunk, after = recompute_chunk(city, after, closed=True, size=37)
        done += chunk
    at_once = everything(city)
    assert done.cases == len(at_once)
    assert done.moved == sum(at_once[number] != before[number] for number in at_once) > 0
    for case in city.scalars(select(Case).where(Case.id.in_(at_once))):
        derive(city, case)
    city.flush()
    assert everything(city) == at_once


def test_whatever_stood_there_is_put_right(city: Session) -> None:
    recompute_here(city)
    right = everything(city)
    city.execute(
        text(
            'UPDATE "case" SET due_at = now(), warn_at = NULL, due_is_provisional = NOT due_is_provisional,'
            " stage_due_at = CASE WHEN stage = 'dispose' THEN now() ELSE stage_due_at END"
            " WHERE stage IS NOT NULL AND limit_value IS NOT NULL"
        )
    )
    assert recompute_here(city).moved > 0
    assert everything(city) == right


def test_only_what_moves_is_written_and_no_version_changes(city: Session) -> None:
    recompute_here(city)
    city.execute(update(Case).values(updated_at=datetime(2020, 1, 1, tzinfo=UTC)))
    versions = dict(city.execute(select(Case.id, Case.version)).all())
    before = everything(city)
    case = city.scalars(
        select(Case).where(Case.state == "accepted", Case.limit_unit == "WORK_DAY").limit(1)
    ).one()
    assert case.dispatched_at is not None
    day = case.dispatched_at.astimezone(CITY).date()
    while not chinese_calendar.is_workday(day):
        day += timedelta(days=1)
    set_local_day(city, day, False, "", None)
    assert not is_recomputed(city)
    moved = settle(city).moved
    assert is_recomputed(city)
    after = everything(city)
    touched = set(city.scalars(select(Case.id).where(Case.updated_at > datetime(2020, 1, 2, tzinfo=UTC))))
    assert touched == {number for number in after if after[number] != before[number]}
    assert case.id in touched
    assert moved == len(touched)
    assert dict(city.execute(select(Case.id, Case.version)).all()) == versions


def test_an_alarm_that_would_ring_too_late_is_taken_away(city: Session) -> None:
    """The calendar gives back a day that was free: deadlines come nearer, alarms must too."""
    case = city.scalars(
        select(Case).where(Case.state == "accepted", Case.limit_unit == "WORK_DAY").limit(1)
    ).one()
    assert case.dispatched_at is not None
    day = case.dispatched_at.astimezone(CITY).date() + timedelta(days=1)
    while not chinese_calendar.is_workday(day):
        day += timedelta(days=1)
    set_local_day(city, day, False, "", None)
    recompute_here(city)
    city.refresh(case)
    assert case.warn_at is not None
    case.alarm_at = case.warn_at
    city.flush()
    city.execute(delete(LocalDay))
    recompute_here(city)
    city.refresh(case)
    assert case.alarm_at is None
    case.alarm_at = case.warn_at
    city.flush()
    set_local_day(city, day, False, "", None)
    recompute_here(city)
    city.refresh(case)
    assert case.alarm_at is not None, "later than before: the alarm rings, finds nothing, and is set anew"


def test_many_open_cases_are_left_to_a_run_of_their_own(
    city: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert count_open(city) <= AT_ONCE
    monkeypatch.setattr("gis.case.calendar_changes.AT_ONCE", 1)
    before = everything(city)
    set_local_day(city, date(2026, 1, 5), False, "", None)
    left = settle(city)
    assert (left.open_cases, left.moved) == (count_open(city), None)
    assert not is_recomputed(city)
    assert everything(city) == before


def test_a_step_under_way_is_waited_for(small_city: str) -> None:
    """It has read the old calendar and not committed yet: its deadline must not outlive the new one."""
    engine = create_engine(small_city)
    recompute_all()  # other tests may have left deadlines behind them that no calendar gives
    told: list[Recomputed] = []
    with Session(engine) as step:
        case = step.scalars(
            select(Case)
            .where(Case.state == "accepted", Case.limit_unit == "WORK_DAY")
            .limit(1)
            .with_for_update()
        ).one()
        right = case.due_at
        case.due_at = datetime(2026, 1, 1, tzinfo=UTC)
        step.flush()
        other = threading.Thread(target=lambda: told.append(recompute_all()))
        other.start()
        with engine.connect() as watch:
            waiting = text(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND query LIKE '%FOR NO KEY UPDATE%'"
            )
            end = clock_time.monotonic() + 20
            while not watch.scalar(waiting):
                assert clock_time.monotonic() < end, "nobody waits for the step"
                watch.rollback()
                clock_time.sleep(0.02)
        step.commit()
        number = case.id
    other.join(timeout=30)
    assert told
    assert told[0].moved == 1
    with Session(engine) as session:
        assert session.get_one(Case, number).due_at == right
    engine.dispose()
