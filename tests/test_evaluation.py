"""考核: figures worked on paper, and lists that hold exactly the cases a figure counts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.case.states import ENDED
from gis.errors import InvalidInput
from gis.evaluation.indicators import INDICATORS
from gis.evaluation.queries import Period, by_department, by_post, by_region
from gis.grid.models import AreaLevel
from gis.people.models import Person
from tests.small_city import AsRole

FILED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DUE = FILED + timedelta(hours=8)
PERIOD = Period(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))

# case, state, department, disposed after hours (None: not), reworks. DUE is long past.
ON_PAPER: list[tuple[str, str, str | None, float | None, int]] = [
    ("in time", "closed", "A", 3, 0),
    ("to the second", "closed", "A", 8, 0),
    ("late", "closed", "A", 9, 0),
    ("reworked, then in time", "closed", "A", 7, 1),
    ("open and overdue", "accepted", "A", None, 0),
    ("void", "void", "A", None, 0),
    ("of another department", "closed", "B", 1, 0),
    ("not dispatched yet, overdue", "filed", None, None, 0),
]
# A: filed 5 (void is not), due 5 (4 disposed + 1 overdue), on time 3, disposed 4, reworked 1, closed 4.
EXPECTED = {
    "A": {"filed": (5, None), "on_time_disposal": (3, 5), "rework": (1, 4), "closing": (4, 5)},
    "B": {"filed": (1, None), "on_time_disposal": (1, 1), "rework": (0, 1), "closing": (1, 1)},
    "C": {"filed": (0, None), "on_time_disposal": (0, 0), "rework": (0, 0), "closing": (0, 0)},
}


@pytest.fixture
def month(session: Session) -> Session:
    srid = session.scalar(text("SELECT srid FROM geometry_columns WHERE f_table_name = 'unit_grid'"))
    box = f"ST_MakeEnvelope(413000, 4410000, 413100, 4410100, {srid})"
    for number, code, level, parent in (
        (1, "150602", "district", None),
        (2, "150602001", "street", 1),
        (3, "150602001001", "community", 2),
    ):
        session.execute(
            text(
                "INSERT INTO area (id, code, level, name_zh, name_en, parent_id, geom)"
                f" VALUES (:id, :code, :level, 'x', 'x', :parent, ST_Multi({box}))"
            ),
            {"id": number, "code": code, "level": level, "parent": parent},
        )
    session.execute(
        text(
            "INSERT INTO unit_grid (id, code, edition, community_id, area_m2, geom)"
            f" VALUES (1, '150602001001001', 'GB30428.1-2013', 3, 10000, {box})"
        )
    )
    session.execute(
        text(
            "INSERT INTO department (id, code, name_zh, name_en)"
            " VALUES (1, 'A', 'a', 'a'), (2, 'B', 'b', 'b'), (3, 'C', 'c', 'c')"
        )
    )
    session.execute(
        text(
            "INSERT INTO person (id, login, name, password_hash, role, centre)"
            " VALUES (1, 'e', 'e', '!', 'evaluator', 'evaluation'),"
            " (2, 'd', 'd', '!', 'dispatcher', 'command')"
        )
    )
    for number, (_name, state, department, hours, reworks) in enumerate(ON_PAPER, start=1):
        session.execute(
            text(
                'INSERT INTO "case" (id, case_no, kind, edition, class_code, state, source, description,'
                " location, unit_grid_id, community_id, street_id, department_id, reported_at, filed_at,"
                " dispatched_at,"
                " disposed_at, closed_at, due_at, rework_count, stage, stage_due_at)"
                " VALUES (:id, :no, 'event', 'GB30428.2-2013/YC', '0101', :state, 'inspector', '',"
                f" ST_SetSRID(ST_MakePoint(413050, 4410050), {srid}), 1, 3, 2,"
                " (SELECT id FROM department WHERE code = :department), :filed, :filed, :dispatched,"
                " :disposed, :closed, :due, :reworks,"
                " CASE WHEN :open THEN 'dispose' END, CASE WHEN :open THEN CAST(:due AS timestamptz) END)"
            ),
            {
                "id": number,
                "no": f"E{number}",
                "state": state,
                "open": state not in ENDED,
                "department": department,
                "filed": FILED,
                "dispatched": FILED if department else None,
                "disposed": FILED + timedelta(hours=hours) if hours else None,
                "closed": DUE + timedelta(days=1) if state == "closed" else None,
                "due": DUE,
                "reworks": reworks,
            },
        )
    session.execute(
        text(
            "INSERT INTO case_step (case_id, seq, action, to_state, actor_id, actor_role, at)"
            " SELECT id, 1, 'report', 'reported', 2, 'dispatcher', filed_at FROM \"case\" WHERE id <= 3"
        )
    )
    return session


def reader(session: Session) -> Person:
    return session.get_one(Person, 1)


def test_departments_come_out_as_on_paper(month: Session) -> None:
    rows = by_department(month, reader(month), PERIOD)
    found = {row.code: {f.indicator.code: (f.numerator, f.denominator) for f in row.figures} for row in rows}
    assert found == EXPECTED


def test_no_cases_is_no_rate(month: Session) -> None:
    row = next(row for row in by_department(month, reader(month), PERIOD) if row.code == "C")
    assert {figure.indicator.code: figure.value for figure in row.figures} == {
        "filed": 0, "on_time_disposal": None, "rework": None, "closing": None,
    }  # fmt: skip


def test_regions_and_posts_count_the_same_cases(month: Session) -> None:
    (street,) = by_region(month, reader(month), PERIOD, AreaLevel.STREET)
    (community,) = by_region(month, reader(month), PERIOD, AreaLevel.COMMUNITY)
    assert street.figures == community.figures
    assert [f.numerator for f in street.figures] == [7, 4, 1, 5]  # the undispatched one counts here
    (post,) = by_post(month, reader(month), PERIOD)
    assert (post.code, post.figures[0].numerator) == ("d", 3)


def test_a_case_filed_on_the_edge_belongs_to_one_period(month: Session) -> None:
    before = Period(FILED - timedelta(days=1), FILED)
    after = Period(FILED, FILED + timedelta(days=1))
    counts = [
        sum(row.figures[0].numerator for row in by_region(month, reader(month), period, AreaLevel.STREET))
        for period in (before, after)
    ]
    assert counts == [0, 7]


def test_a_period_runs_forwards_and_has_an_offset() -> None:
    with pytest.raises(InvalidInput):
        Period(FILED, FILED)
    with pytest.raises(InvalidInput):
        Period(datetime(2026, 1, 1), FILED)  # noqa: DTZ001 - that is the fault


def figures_with_links(client: TestClient) -> Iterator[tuple[str, str, dict[str, Any]]]:
    period = {"from": "2026-09-01T00:00:00+08:00", "to": "2026-12-01T00:00:00+08:00"}
    for kind in ("regions", "departments", "posts"):
        rows = client.get(f"/api/v1/evaluation/{kind}", params=period).json()["items"]
        assert rows
        for row in rows[:6]:
            for code, figure in row["indicators"].items():
                yield kind, code, figure


def test_every_figure_of_the_sample_city_has_exactly_its_cases_behind_it(as_role: AsRole) -> None:
    client = as_role("evaluator")
    checked = 0
    for kind, code, figure in figures_with_links(client):
        cases = client.get(f"{figure['cases']}&limit=1000").json()
        assert len(cases["items"]) == figure["numerator"], (kind, code)
        assert cases["next"] is None
        checked += figure["numerator"]
    assert checked > 100


def test_indicators_say_how_far_they_may_be_trusted(as_role: AsRole) -> None:
    items = as_role("evaluator").get("/api/v1/evaluation/indicators").json()["items"]
    assert [item["code"] for item in items] == [row.code for row in INDICATORS]
    assert all(item["status"] for item in items)
    assert (
        as_role("evaluator")
        .get("/api/v1/evaluation/regions?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z")
        .status_code
        == 422
    )
