"""Incidents of pipelines per 100 km and year: a network on paper, and the small city by brute force."""

import math
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import shapely
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.case.states import CaseState
from gis.errors import InvalidInput, NotAllowed
from gis.evaluation.incident_classes import INCIDENT_CLASSES, KINDS
from gis.evaluation.incident_question import Question
from gis.evaluation.incident_rates import poisson_interval
from gis.evaluation.incidents import IncidentCase, Incidents, incident_cases, incidents
from gis.evaluation.period import parse_period
from gis.people.models import Role
from gis.standard.models import ObjectClass
from tests.browser import visit
from tests.hand_made_city import build, case, person
from tests.hand_made_pipes import point, segment

AsRole = Callable[[str], TestClient]
NOW = datetime(2027, 2, 1, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
WEST_STREET = "150602001"
ADDRESS = "/api/v1/evaluation/incidents"

# Pipes: metres from the corner, material, year laid, when they left the network.
PIPES: dict[str, dict[str, Any]] = {
    "A": {"ends": ((0, 50), (100, 50)), "class": ("JS", "JP"), "material": "PE", "year_laid": 2020},
    "B": {"ends": ((0, 100), (200, 100)), "class": ("JS", "JP"), "material": "ZT", "year_laid": 1990},
    "C": {"ends": ((0, 150), (100, 150)), "class": ("JS", "JP"), "material": "ZT", "year_laid": 1990,
          "valid_to": date(2026, 4, 11)},  # in the network on the first 100 of 365 days
    "D": {"ends": ((0, 10), (100, 10)), "class": ("JS", "JP"), "material": "PE", "year_laid": 2020,
          "usage_status": "1"},  # abandoned
    "E": {"ends": ((200, 50), (300, 50)), "class": ("RQ", "TR"), "material": "G", "year_laid": None},
}  # fmt: skip
# Cases: class, place, day of report and filing, how it stands, the pipe on paper (or why there is none).
CASES = (
    ("0501", (50, 55), "2026-01-01", None, "A"),
    ("0501", (50, 70), "2026-02-01", None, "A"),  # 20 m away, no further
    ("0501", (50, 95), "2026-02-01", None, "B"),
    ("0501", (150, 104), "2026-12-31", None, "B"),
    ("0501", (50, 152), "2026-03-01", None, "C"),
    ("0501", (50, 152), "2026-05-01", None, "not_then"),
    ("0501", (350, 150), "2026-05-01", None, "far"),
    ("0501", (50, 8), "2026-05-01", None, "far"),  # beside the abandoned one only
    ("0502", (250, 60), "2026-06-01", None, "E"),
    ("0502", (50, 55), "2026-06-01", None, "far"),  # gas, beside water
    ("0501", (50, 55), "2026-06-01", CaseState.VOID, None),
    ("0501", (50, 55), "2026-06-01", CaseState.MERGED, None),
    ("0501", (50, 55), "2027-01-01", None, None),  # the year after
    ("0505", (50, 55), "2026-06-01", None, None),  # another kind: its class names no pipe
    ("0101", (50, 55), "2026-06-01", None, None),  # an event of this number is no lid
)
YEAR = parse_period("2026")


@pytest.fixture
def net(session: Session) -> Session:
    """The network and the cases on the empty city."""
    build(session)
    for name, pipe in PIPES.items():
        class_code, sub_code = pipe["class"]
        of = {"class_code": class_code, "sub_code": sub_code}
        start, end = (point(session, f"{name}{n}", x, y, **of) for n, (x, y) in enumerate(pipe["ends"]))
        more = {key: value for key, value in pipe.items() if key not in ("ends", "class")}
        segment(session, name, start, end, valid_from=LONG_AGO, **more)
    first: Case | None = None
    for class_code, (x, y), day, state, _where in CASES:
        made = case(session, x, y)
        made.class_code = class_code
        # The first minute of the local day: by UTC it is the day before.
        made.reported_at = made.filed_at = datetime.fromisoformat(f"{day}T00:01+08:00")
        if state is not None:
            made.state, made.stage, made.stage_due_at = state, None, None
            made.merged_into_id = first.id if first and state is CaseState.MERGED else None
        first = first or made
    session.flush()
    return session


def asked(net: Session, *by: str, **more: Any) -> Incidents:
    reader = net.info.setdefault("reader", None) or person(net, "reader", role=Role.EVALUATOR)
    net.info["reader"] = reader
    return incidents(net, reader, Question(YEAR, by=by or ("class",), **more), now=NOW)


def test_rates_are_those_worked_out_by_hand(net: Session) -> None:
    c_km_years = 0.1 * 100 / 365
    by_class = {one.key["class"]: one.rate for one in asked(net, "class").groups}
    assert {code: rate.incidents for code, rate in by_class.items() if rate.incidents} == {"JS": 5, "RQ": 1}
    assert by_class["JS"].km_years == pytest.approx(0.3 + c_km_years)
    assert by_class["JS"].value == pytest.approx(500 / (0.3 + c_km_years))
    assert by_class["RQ"].value == pytest.approx(1000)
    assert by_class["JS"].interval == pytest.approx(
        (100 * 1.6235 / (0.3 + c_km_years), 100 * 11.6683 / (0.3 + c_km_years)), rel=1e-4
    )
    assert by_class["JS"].is_small

    by_two = {
        (one.key["material"], one.key["age_band"]): one.rate
        for one in asked(net, "material", "age_band").groups
    }
    assert {key: (rate.incidents, round(rate.km_years, 6)) for key, rate in by_two.items()} == {
        ("PE", "5-10"): (2, 0.1),
        ("ZT", "30-40"): (3, round(0.2 + c_km_years, 6)),
        ("G", None): (1, 0.1),
    }


def test_what_cannot_be_tied_is_told_with_its_reason(net: Session) -> None:
    told = asked(net)
    on_paper = Counter(where for *_rest, where in CASES if where in ("far", "not_then"))
    assert told.untied == {"far": on_paper["far"], "not_then": on_paper["not_then"], "unnamed": 0}
    assert asked(net, incident="collapse").untied == {"far": 0, "not_then": 0, "unnamed": 1}
    # Nearer than 20 m only: one case is left without its pipe.
    assert asked(net, radius_m=19.9).untied["far"] == told.untied["far"] + 1


def test_every_number_leads_to_its_cases(net: Session) -> None:
    reader = person(net, "other", role=Role.EVALUATOR)
    question = Question(YEAR, by=("class",))
    found: dict[str, Counter[str]] = {}
    numbers = {row.id: row.segment_no for row in net.execute(text("SELECT id, segment_no FROM pipe_segment"))}
    for name, key in (
        ("JS", {"class": "JS"}),
        ("old", {"age_band": "30-40"}),
        ("no age", {"age_band": "unknown"}),
    ):
        rows: list[IncidentCase] = []
        cursor: str | None = None
        while True:
            page = incident_cases(net, reader, question, key, limit=2, cursor=cursor, now=NOW)
            rows += page.items
            if (cursor := page.next_cursor) is None:
                break
        found[name] = Counter(numbers[row.segment_id] for row in rows if row.segment_id)
    assert found == {"JS": {"A": 2, "B": 2, "C": 1}, "old": {"B": 2, "C": 1}, "no age": {"E": 1}}
    far = incident_cases(net, reader, question, {}, "far", now=NOW).items
    assert len(far) == 3
    assert all(row.segment_id is None for row in far)
    with pytest.raises(InvalidInput):
        incident_cases(net, reader, question, {"age_band": "7-8"}, now=NOW)


def test_years_before_the_first_case_are_not_years_without_incidents(net: Session) -> None:
    told = asked(net)
    assert [(one.year, one.rate.incidents, one.is_whole) for one in told.trend] == [(2026, 6, False)]
    reader = person(net, "third", role=Role.EVALUATOR)
    before = incidents(net, reader, Question(parse_period("2024")), now=NOW)
    assert before.observed_from is None
    assert all(one.rate.value is None and one.rate.interval is None for one in before.groups)


def test_who_sees_a_part_of_the_city_is_told_no_rate_of_the_whole(net: Session) -> None:
    partly = person(net, "partly", role=Role.EVALUATOR, areas=(WEST_STREET,))
    with pytest.raises(NotAllowed):
        incidents(net, partly, Question(YEAR), now=NOW)


# The limits of Garwood (1936) as they are printed.
@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390), (100, 81.364, 121.627)],
)
def test_the_interval_is_the_exact_one(count: int, low: float, high: float) -> None:
    assert poisson_interval(count) == pytest.approx((low, high), abs=6e-4)


@given(st.integers(0, 200))
def test_beyond_the_interval_what_was_seen_is_improbable(count: int) -> None:
    low, high = poisson_interval(count)

    def at_most(number: int, mean: float) -> float:
        return math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(number + 1))

    assert at_most(count, high) == pytest.approx(0.025, rel=1e-6)
    if count:
        assert 1 - at_most(count - 1, low) == pytest.approx(0.025, rel=1e-6)


def test_every_class_of_the_table_is_one_of_the_standard(session: Session) -> None:
    classes = session.execute(select(ObjectClass.edition, ObjectClass.kind, ObjectClass.code))
    known = {tuple(row) for row in classes}
    rows = [(row.edition, row.case_kind, row.code) for row in INCIDENT_CLASSES]
    assert set(rows) <= known
    assert len(set(rows)) == len(rows)
    pipes = {tuple(row) for row in session.execute(text("SELECT class_code, sub_code FROM pipe_class"))}
    assert all(
        (row.pipe_class, sub) in pipes for row in INCIDENT_CLASSES if row.pipe_class for sub in row.sub_codes
    )


def test_the_small_city_comes_out_as_by_brute_force(small_city: str, as_role: AsRole) -> None:
    year = datetime.now(UTC).year
    asked: dict[str, str | int] = {
        "period": f"{year - 1}-01-01/{year + 1}-01-01",
        "incident": "cover",
        "radius_m": 20,
    }
    answer = as_role("evaluator").get(ADDRESS, params=asked | {"by": "class,material"})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    expected = _brute_force(small_city, year - 1, "cover", 20)
    assert sum(expected.values()) > 0
    groups = {(one["key"]["class"], one["key"]["material"]): one for one in told["groups"]}
    assert {key: one["incidents"] for key, one in groups.items() if one["incidents"]} == {
        key: number for key, number in expected.items() if key[0] is not None
    }
    assert sum(one["count"] for one in told["untied"]) == expected[None, None]
    for one in (*told["groups"][:2], *told["untied"]):
        listed = as_role("evaluator").get(one["cases"] + "&limit=200").json()["items"]
        assert len(listed) == one.get("incidents", one.get("count"))


def _brute_force(database: str, first_year: int, incident: str, radius_m: float) -> Counter[tuple[Any, Any]]:
    """Cases by class and material of the nearest line, (None, None) where there is none: by plain loops."""
    zone = timedelta(hours=8)
    table = {
        (row.edition, row.case_kind, row.code): row for row in INCIDENT_CLASSES if row.incident == incident
    }
    engine = create_engine(database)
    with engine.connect() as connection:
        cases = connection.execute(
            text("SELECT edition, kind, class_code, filed_at, coalesce(occurred_at, reported_at), state,"
                 ' ST_AsBinary(location) FROM "case" WHERE filed_at IS NOT NULL')
        ).all()  # fmt: skip
        pipes = [
            (shapely.from_wkb(bytes(line)), *rest)
            for line, *rest in connection.execute(
                text("SELECT ST_AsBinary(ST_Force2D(geom)), id, class_code, sub_code, material, valid_from,"
                     " valid_to FROM pipe_segment WHERE usage_status <> '1'")
            )
        ]  # fmt: skip
    engine.dispose()
    found: Counter[tuple[Any, Any]] = Counter()
    for edition, kind, code, filed_at, at, state, place in cases:
        row = table.get((edition, kind, code))
        local = filed_at.astimezone(UTC) + zone
        if row is None or local.year < first_year or state in ("void", "merged", "archived", "refused"):
            continue
        day, where = (at.astimezone(UTC) + zone).date(), shapely.from_wkb(bytes(place))
        near = [
            # At a well several lines end: the one that came first.
            (round(where.distance(line), 6), id_, class_code, material)
            for line, id_, class_code, sub_code, material, begins, ends in pipes
            if class_code == row.pipe_class and (not row.sub_codes or sub_code in row.sub_codes)
            and begins <= day and (ends is None or ends > day) and where.distance(line) <= radius_m
        ]  # fmt: skip
        found[min(near)[2:] if near else (None, None)] += 1
    return found


@pytest.mark.parametrize(
    "query",
    [
        "period=2026-02/2026-01", "period=", "period=9999", "period=2026-13", "incident=flood",
        "radius_m=nan", "radius_m=0", "radius_m=1e9", "by=", "by=class,class", "by=owner", "years=-1",
        "years=99",
    ],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused(as_role: AsRole, query: str) -> None:
    answer = as_role("evaluator").get(f"{ADDRESS}?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"]


@pytest.mark.parametrize("query", ["reason=x", "age_band=1", "material=%00", "class=ZZ", "cursor=x"])
def test_cases_of_nothing_that_there_is_are_refused(as_role: AsRole, query: str) -> None:
    assert as_role("evaluator").get(f"{ADDRESS}/cases?{query}").status_code == 422


def test_departments_and_inspectors_are_not_told(as_role: AsRole) -> None:
    assert as_role("planner").get(ADDRESS).status_code == 200
    for role in ("department", "inspector", "owner"):
        assert as_role(role).get(ADDRESS).status_code == 403
    kinds = {row["incident"] for row in as_role("planner").get(f"{ADDRESS}/classes").json()["items"]}
    assert kinds == set(KINDS)


def test_the_page_shows_rates_and_the_cases_behind_them(
    browser: Browser, live_server: str, as_role: AsRole
) -> None:
    told = as_role("evaluator").get(ADDRESS, params={"incident": "cover"}).json()
    first = told["groups"][0]
    with visit(browser, live_server, "evaluator", locale="en") as seen:
        page = seen.go("/evaluation/incidents?incident=cover")
        row = page.locator("#groups tbody tr").first
        assert row.locator("[data-column=incidents]").inner_text() == str(first["incidents"])
        assert row.locator("[data-column=rate]").inner_text() == f"{first['rate']:,.1f}"
        row.locator("[data-column=incidents] a").click()
        assert page.locator("#cases tbody tr").count() == min(first["incidents"], 50)
        seen.check()
