"""Which department should act: rules worked out on paper, and against a slow search of all of them."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.case.intake import Report, report_case
from gis.case.models import Case
from gis.case.routing import explain_routing, is_automatic, suggest_department
from gis.case.routing_rules import Hours, Outcome, Party, Question, Rule, RuleBook
from gis.case.routing_words import hours_words, why_words
from gis.case.side_models import AutoDispatch
from gis.component.models import Component
from gis.grid.models import UnitGrid
from gis.i18n import in_locale
from gis.people.models import Department, Responsibility, Role
from gis.standard.tables import CITY_EDITION
from tests import hand_made_city as city

ZONE = ZoneInfo("Asia/Shanghai")
COMMUNITY, STREET, DISTRICT, ELSEWHERE = 1, 2, 3, 9
LEVEL = {COMMUNITY: "community", STREET: "street", DISTRICT: "district", ELSEWHERE: "street", None: None}
MONDAY_10 = datetime(2026, 6, 1, 10, tzinfo=ZONE)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def party(code: str, **more: Any) -> Party:
    return Party(sum(map(ord, code)), code, code, code, **more)


def rule(code: str, class_code: str = "", area: int | None = None, hours: Hours | None = None) -> Rule:
    return Rule("event", "E", class_code, party(code), area, LEVEL[area], hours or Hours())


def ask(class_code: str = "0101", at: datetime = MONDAY_10, **more: Any) -> Question:
    return Question("event", "E", class_code, frozenset({COMMUNITY, STREET, DISTRICT}), at, **more)


# Each row: rules by (department, class, area), and who must be proposed for class 0101.
BY_HAND = [
    ("nobody", [], None),
    ("another major is none", [("A", "02", None)], None),
    ("another street is none", [("A", "0101", ELSEWHERE)], None),
    ("for everything", [("A", "", None)], "A"),
    ("a major before everything", [("A", "", None), ("B", "01", None)], "B"),
    ("a class before its major", [("A", "01", None), ("B", "0101", None)], "B"),
    ("the class comes before the place", [("A", "01", COMMUNITY), ("B", "0101", None)], "B"),
    ("a community before its street", [("A", "01", STREET), ("B", "01", COMMUNITY)], "B"),
    ("a street before its district", [("A", "01", DISTRICT), ("B", "01", STREET)], "B"),
    ("a district before the city", [("A", "01", None), ("B", "01", DISTRICT)], "B"),
    ("equal: by the code", [("B", "01", None), ("A", "01", None)], "A"),
]


@pytest.mark.parametrize(("rows", "expected"), [row[1:] for row in BY_HAND], ids=[row[0] for row in BY_HAND])
def test_the_most_particular_rule_decides(
    rows: list[tuple[str, str, int | None]], expected: str | None
) -> None:
    for order in (rows, rows[::-1]):
        decided = RuleBook([rule(*row) for row in order]).decide(ask())
        assert (decided.code if decided else None) == expected


NIGHT = Hours(None, time(22), time(6))
FRIDAY_NIGHT = Hours("5", time(22), time(6))
WEEKEND = Hours("67")
OFFICE = Hours("12345", time(9), time(17))
WHOLE_DAY_FROM_EIGHT = Hours("1", time(8), time(8))


@pytest.mark.parametrize(
    ("hours", "moment", "held"),
    [
        (Hours(), "2026-06-01 00:00", True),
        (OFFICE, "2026-06-01 09:00", True),
        (OFFICE, "2026-06-01 08:59:59", False),
        (OFFICE, "2026-06-01 17:00", False),  # the end is exclusive
        (OFFICE, "2026-06-06 10:00", False),  # a Saturday
        (WEEKEND, "2026-06-06 00:00", True),
        (WEEKEND, "2026-06-08 00:00", False),
        (NIGHT, "2026-06-01 22:00", True),
        (NIGHT, "2026-06-02 05:59:59", True),
        (NIGHT, "2026-06-02 06:00", False),
        (NIGHT, "2026-06-01 12:00", False),
        (FRIDAY_NIGHT, "2026-06-05 23:00", True),
        (FRIDAY_NIGHT, "2026-06-06 03:00", True),  # Saturday's small hours belong to Friday's night
        (FRIDAY_NIGHT, "2026-06-05 03:00", False),  # Friday's belong to Thursday's
        (FRIDAY_NIGHT, "2026-06-06 23:00", False),
        (WHOLE_DAY_FROM_EIGHT, "2026-06-01 08:00", True),
        (WHOLE_DAY_FROM_EIGHT, "2026-06-02 07:59", True),
        (WHOLE_DAY_FROM_EIGHT, "2026-06-02 08:00", False),
    ],
)
def test_hours_of_a_rule(hours: Hours, moment: str, held: bool) -> None:
    assert hours.hold(local(moment)) is held


def test_a_rule_with_hours_comes_before_one_without() -> None:
    book = RuleBook([rule("DAY", "01"), rule("NIGHT", "01", hours=NIGHT)])
    assert book.decide(ask(at=local("2026-06-01 23:00"))).code == "NIGHT"  # type: ignore[union-attr]
    assert book.decide(ask(at=local("2026-06-01 12:00"))).code == "DAY"  # type: ignore[union-attr]


def test_the_trace_names_every_rule_and_why() -> None:
    closed = party("OLD", closed_on=date(2026, 1, 31))
    office = party("OFFICE", disposes=False)
    book = RuleBook(
        [
            rule("CITY", ""),
            rule("MAJOR", "01"),
            rule("LATER", "0101"),
            rule("CLASS", "0101"),
            rule("NIGHT", "0101", hours=NIGHT),
            Rule("event", "E", "0101", office, COMMUNITY, "community"),
            Rule("event", "E", "0101", closed, STREET, "street"),
            rule("OTHER", "02"),
            rule("FAR", "0101", ELSEWHERE),
        ]
    )
    question = ask(has_component=True)
    trace = book.consider(question)
    decided = next(one for one in trace if one.outcome is Outcome.DECIDED)
    with in_locale("en"):
        told = [
            (one.party.code if one.party else "", one.outcome, why_words(one, decided, question.local))
            for one in trace
        ]
    assert told == [
        ("", "no_department", "the component has no maintainer on record"),
        ("OFFICE", "not_disposing", "OFFICE does not dispose of cases"),
        ("OLD", "department_closed", "OLD was closed on 2026-01-31"),
        ("NIGHT", "outside_hours", "holds only 22:00–06:00; it is Monday 10:00"),
        ("CLASS", "decided", "answers for class 0101 in the city"),
        ("LATER", "not_needed", "as particular as the one that decided, but later in order"),
        ("MAJOR", "not_needed", "less particular in class than the one that decided"),
        ("CITY", "not_needed", "less particular in class than the one that decided"),
    ]  # fmt: skip
    assert book.decide(question) == decided.party


def test_who_maintains_the_component_comes_first() -> None:
    book = RuleBook([rule("CLASS", "0101", COMMUNITY)])
    keeper = party("KEEPER")
    assert book.decide(ask(has_component=True, maintainer=keeper)) == keeper
    trace = book.consider(ask(has_component=True, maintainer=keeper))
    with in_locale("en"):
        assert why_words(trace[1], trace[0], MONDAY_10) == "the component's maintainer comes first"
    closed = party("KEEPER", closed_on=date(2026, 1, 1))
    assert book.decide(ask(has_component=True, maintainer=closed)).code == "CLASS"  # type: ignore[union-attr]


def test_hours_in_words() -> None:
    with in_locale("en"):
        assert hours_words(OFFICE) == "Monday, Tuesday, Wednesday, Thursday, Friday 09:00–17:00"
        assert hours_words(WEEKEND) == "Saturday, Sunday"
        assert hours_words(NIGHT) == "22:00–06:00"
    with in_locale("zh_CN"):
        assert hours_words(FRIDAY_NIGHT) == "周五 22:00–06:00"


some_hours = st.one_of(
    st.just(Hours()),
    st.builds(
        Hours,
        st.none() | st.sets(st.sampled_from("1234567"), min_size=1).map("".join),
        *[st.times().map(lambda at: at.replace(second=0, microsecond=0))] * 2,
    ),
)
some_rules = st.lists(
    st.builds(
        rule,
        st.sampled_from("ABCDE"),
        st.sampled_from(["", "01", "0101", "0102", "02"]),
        st.sampled_from([None, COMMUNITY, STREET, DISTRICT, ELSEWHERE]),
        some_hours,
    ),
    max_size=12,
)
some_moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(  # noqa: DTZ001
    lambda at: at.replace(tzinfo=ZONE)
)


def minute_by_minute(hours: Hours, at: datetime) -> bool:
    """Whether a moment lies in the hours, by walking from each day's start to its end."""
    if hours.starts_at is None or hours.ends_at is None:
        return not hours.weekdays or str(at.isoweekday()) in hours.weekdays
    minute = at.hour * 60 + at.minute
    start = hours.starts_at.hour * 60 + hours.starts_at.minute
    end = hours.ends_at.hour * 60 + hours.ends_at.minute
    length = (end - start) % 1440 or 1440
    for days_before in (0, 1):
        begun = start - 1440 * days_before
        weekday = (at.isoweekday() - 1 - days_before) % 7 + 1
        if begun <= minute < begun + length and (not hours.weekdays or str(weekday) in hours.weekdays):
            return True
    return False


@settings(deadline=None)
@given(some_hours, some_moments)
def test_hours_against_a_walk_through_the_day(hours: Hours, at: datetime) -> None:
    assert hours.hold(at) is minute_by_minute(hours, at)


@settings(deadline=None)
@given(some_rules, st.sampled_from(["0101", "0102", "0201"]), some_moments)
def test_the_answer_is_the_best_of_all_rules_whatever_their_order(
    rules: list[Rule], class_code: str, at: datetime
) -> None:
    question = ask(class_code, at)
    fitting = [
        (-len(one.class_code), [COMMUNITY, STREET, DISTRICT, None].index(one.area_id),
         -one.hours.conditions, one.party.code)
        for one in rules
        if class_code.startswith(one.class_code) and one.area_id != ELSEWHERE
        and minute_by_minute(one.hours, at)
    ]  # fmt: skip
    for order in (rules, rules[::-1]):
        decided = RuleBook(order).decide(question)
        assert (decided.code if decided else None) == (min(fitting)[3] if fitting else None)


@pytest.fixture
def town(session: Session) -> Session:
    city.build(session)
    for code in ("CLEAN", "ORDER", "NIGHT", "KEEPER"):
        city.department(session, code)
    return session


def answers_for(session: Session, code: str, class_code: str, area: str | None = None, **more: Any) -> None:
    department = session.scalars(select(Department).where(Department.code == code)).one()
    values = {"kind": "event", "edition": CITY_EDITION, "valid_from": date(2020, 1, 1)} | more
    session.add(
        Responsibility(
            department_id=department.id,
            class_code=class_code,
            area_id=city.area(session, area).id if area else None,
            **values,
        )
    )
    session.flush()


def a_case(session: Session, **more: Any) -> Case:
    lon, lat = city.lonlat(50, 50)
    values = {"kind": "event", "class_code": "0102", "lon": lon, "lat": lat} | more
    inspector = city.person(session, "wang", role=Role.INSPECTOR)
    return report_case(session, inspector, Report(**values), at=datetime(2026, 6, 1, 2, tzinfo=UTC))[0]


def test_a_case_is_routed_by_its_place_class_and_the_citys_clock(town: Session) -> None:
    answers_for(town, "CLEAN", "01")
    answers_for(town, "ORDER", "0102", "150602001")
    answers_for(town, "NIGHT", "0102", "150602001", starts_at=time(22), ends_at=time(6))
    answers_for(town, "KEEPER", "0102", "150602002")  # the other street
    case = a_case(town)
    by_day = suggest_department(town, case, datetime(2026, 6, 1, 2, tzinfo=UTC))  # 10:00 in the city
    by_night = suggest_department(town, case, datetime(2026, 6, 1, 15, tzinfo=UTC))  # 23:00 in the city
    assert by_day is not None
    assert by_night is not None
    assert (by_day.department_code, by_night.department_code) == ("ORDER", "NIGHT")
    with in_locale("en"):
        routing = explain_routing(town, case, datetime(2026, 6, 1, 2, tzinfo=UTC))
    assert routing.suggestion is not None
    assert routing.suggestion.reason == "answers for class 0102 in 150602001"
    assert [(one.party.code, one.outcome) for one in routing.trace if one.party] == [
        ("NIGHT", "outside_hours"), ("ORDER", "decided"), ("CLEAN", "not_needed"),
    ]  # fmt: skip


def test_a_community_and_a_district_may_have_their_own(town: Session) -> None:
    answers_for(town, "CLEAN", "01", "150602")
    case = a_case(town)
    assert suggest_department(town, case).department_code == "CLEAN"  # type: ignore[union-attr]
    answers_for(town, "ORDER", "01", "150602001001")
    assert suggest_department(town, case).department_code == "ORDER"  # type: ignore[union-attr]


def test_a_rule_of_the_past_or_the_future_is_none(town: Session) -> None:
    answers_for(town, "CLEAN", "01", valid_from=date(2025, 1, 1), valid_to=date(2026, 1, 1))
    answers_for(town, "ORDER", "01", valid_from=date(2999, 1, 1))
    routing = explain_routing(town, a_case(town))
    assert routing.suggestion is None
    assert routing.trace == []


def test_a_component_goes_to_who_maintains_it(town: Session) -> None:
    answers_for(town, "CLEAN", "01", kind="component")
    component = Component(
        code="1506020101000001", edition=CITY_EDITION, class_code="0101", name="井盖",
        unit_grid_id=town.scalars(select(UnitGrid.id).order_by(UnitGrid.code).limit(1)).one(),
        maintainer_id=town.scalars(select(Department.id).where(Department.code == "KEEPER")).one(),
        geom=city._point(50, 50),
    )  # fmt: skip
    town.add(component)
    town.flush()
    case = a_case(town, kind="component", class_code="0101", component_code=component.code)
    assert suggest_department(town, case).department_code == "KEEPER"  # type: ignore[union-attr]
    component.maintainer_id = None
    town.flush()
    assert suggest_department(town, case).department_code == "CLEAN"  # type: ignore[union-attr]


def test_a_class_or_its_major_may_be_dispatched_by_itself(town: Session) -> None:
    case = a_case(town)
    assert not is_automatic(town, case)
    town.add(AutoDispatch(kind="component", edition=CITY_EDITION, class_code="0102"))
    town.add(AutoDispatch(kind="event", edition=CITY_EDITION, class_code="0103"))
    town.flush()
    assert not is_automatic(town, case)
    town.add(AutoDispatch(kind="event", edition=CITY_EDITION, class_code="01"))
    town.flush()
    assert is_automatic(town, case)
