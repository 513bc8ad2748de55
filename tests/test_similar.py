"""Cases that a report may repeat, and "this is the same": distances and times worked out on paper."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis.case.followers import follow_case
from gis.case.intake import Report, report_case
from gis.case.models import Case, CaseStep
from gis.case.similar import DUPLICATE_RULES, Similar, duplicate_rule, similar_cases
from gis.case.states import CaseState
from gis.component.models import Component
from gis.database import read_sql
from gis.errors import ActionNotAllowed, Conflict, InvalidInput, NotFound
from gis.grid.models import UnitGrid
from gis.i18n import in_locale
from gis.people.models import Person, Role
from gis.settings import CITY_SRID
from gis.shifted import bd09_from_wgs84
from gis.standard.tables import CITY_EDITION, find_class
from tests import hand_made_city as city
from tests.small_city import PASSWORD, AsRole

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
EVENT = "0102"  # keeps to the rule of events: 50 m, 24 hours


@pytest.fixture
def town(session: Session) -> Session:
    city.build(session)
    city.person(session, "wang")
    return session


def someone(session: Session, login: str = "wang") -> Person:
    return session.scalars(select(Person).where(Person.login == login)).one()


def reported(
    session: Session, x: float, y: float, hours_ago: float = 1, class_code: str = EVENT, **more: Any
) -> str:
    """The number of a case reported from a place some hours before NOW."""
    lon, lat = city.lonlat(x, y)
    report = Report(**{"kind": "event", "class_code": class_code, "lon": lon, "lat": lat} | more)
    case, _new = report_case(session, someone(session), report, at=NOW - timedelta(hours=hours_ago))
    return case.case_no


def similar(
    session: Session, x: float, y: float, class_code: str = EVENT, who: str = "wang", **more: Any
) -> list[Similar]:
    lon, lat = city.lonlat(x, y)
    values = {"kind": "event", "class_code": class_code, "at": NOW} | more
    return similar_cases(session, someone(session, who), lon, lat, **values)


def numbers(found: list[Similar]) -> list[str]:
    return [one.case.case_no for one in found]


def end(session: Session, number: str, state: CaseState, into: str | None = None) -> None:
    case = session.scalars(select(Case).where(Case.case_no == number)).one()
    other = session.scalar(select(Case.id).where(Case.case_no == into))
    case.state, case.merged_into_id = state, other
    case.stage, case.stage_due_at, case.stage_warn_at = None, None, None
    session.flush()


def put_component(session: Session, code: str, x: float, y: float, class_code: str = "0101") -> Component:
    component = Component(
        code=code, edition=CITY_EDITION, class_code=class_code, name="井盖",
        unit_grid_id=session.scalars(select(UnitGrid.id).order_by(UnitGrid.code).limit(1)).one(),
        geom=from_shape(Point(city.EAST + x, city.NORTH + y), srid=CITY_SRID),
    )  # fmt: skip
    session.add(component)
    session.flush()
    return component


def test_within_the_radius_or_in_the_same_grid(town: Session) -> None:
    """The place is 10 m west of the line x = 100 between two grids."""
    near = reported(town, 95, 55)  # 7.1 m, same grid
    same_grid = reported(town, 5, 5)  # 96.2 m, but in the grid
    over_the_line = reported(town, 139, 50)  # 49 m
    reported(town, 141, 50)  # 51 m, another grid
    reported(town, 90, 50, class_code="0103")  # another class
    found = similar(town, 90, 50)
    assert numbers(found) == [near, over_the_line, same_grid]
    assert [round(one.distance_m, 1) for one in found] == [7.1, 49.0, 96.2]
    assert [one.same_grid for one in found] == [True, False, True]
    with in_locale("en"):
        assert [one.reason for one in found] == [
            "the same class in the same unit grid, 7 m away",
            "the same class, 49 m away",
            "the same class in the same unit grid, 96 m away",
        ]


def test_older_than_a_day_is_another_event(town: Session) -> None:
    reported(town, 50, 50, hours_ago=24.01)
    young = reported(town, 50, 50, hours_ago=23.99)
    assert numbers(similar(town, 50, 50)) == [young]


def test_a_class_may_have_its_own_rule(town: Session) -> None:
    """A damaged road (0113) stays damaged; a vendor (0401) is another one after half a day."""
    damaged = reported(town, 50, 50, hours_ago=2000, class_code="0113")
    assert numbers(similar(town, 50, 50, "0113")) == [damaged]
    reported(town, 50, 50, hours_ago=13, class_code="0401")
    assert similar(town, 50, 50, "0401") == []
    sunk = reported(town, 150, 50, class_code="0505")
    assert numbers(similar(town, 60, 50, "0505")) == [sunk]  # 90 m: ground sinks over a longer stretch


def test_the_longest_beginning_of_a_class_decides() -> None:
    assert duplicate_rule("event", "0505").radius_m == 100
    assert duplicate_rule("event", "0502") is DUPLICATE_RULES["event", ""]
    assert duplicate_rule("component", "0505") is DUPLICATE_RULES["component", ""]


@pytest.mark.parametrize(("kind", "class_code"), sorted(key for key in DUPLICATE_RULES if key[1]))
def test_every_rule_names_a_class_of_the_city(kind: str, class_code: str) -> None:
    assert find_class(CITY_EDITION, kind, class_code).kind == kind


def test_the_same_component_comes_first_and_another_one_last(town: Session) -> None:
    put_component(town, "1506020101000001", 50, 50)
    put_component(town, "1506020101000002", 55, 50)
    about = {"kind": "component", "class_code": "0101"}
    # Reported from 40 m away and long ago, and still the same cover.
    same = reported(town, 90, 50, hours_ago=500, component_code="1506020101000001", **about)
    other = reported(town, 55, 50, component_code="1506020101000002", **about)
    unnamed = reported(town, 60, 50, **about)
    found = similar(town, 50, 50, component_code="1506020101000001", **about)
    assert numbers(found) == [same, unnamed, other]
    assert [one.same_component for one in found] == [True, False, False]
    with in_locale("en"):
        assert [one.reason for one in found] == [
            "the same component",
            "the same class in the same unit grid, 10 m away",
            "another component of the same class, 5 m away",
        ]
    # Who names no component is shown them by distance alone.
    assert numbers(similar(town, 50, 50, **about)) == [other, unnamed, same]


def test_what_has_ended_is_not_shown(town: Session) -> None:
    number = reported(town, 50, 50)
    end(town, number, CaseState.REFUSED)
    assert similar(town, 50, 50) == []


def test_nobody_sees_cases_of_another_district(town: Session) -> None:
    city.person(town, "eastern", areas=("150602002",))
    western = reported(town, 790, 50)
    eastern = reported(town, 810, 50)
    assert numbers(similar(town, 805, 50)) == [eastern, western]
    assert numbers(similar(town, 805, 50, who="eastern")) == [eastern]


def test_the_list_has_an_end(town: Session) -> None:
    reported_here = [reported(town, 50 + n, 50) for n in range(4)]
    assert numbers(similar(town, 50, 50, limit=3)) == reported_here[:3]


def test_a_big_table_is_asked_by_its_index(town: Session) -> None:
    """Ten thousand open cases elsewhere: the plan must not read them."""
    number = reported(town, 50, 50)
    town.execute(
        text(
            'INSERT INTO "case" (case_no, kind, edition, class_code, state, source, description, location,'
            " unit_grid_id, community_id, street_id, reported_at, stage, stage_due_at)"
            " SELECT 'X' || g.id || '-' || n, c.kind, c.edition, c.class_code, c.state, c.source, '',"
            " ST_Centroid(g.geom), g.id, a.id, a.parent_id, c.reported_at, c.stage, c.stage_due_at"
            ' FROM "case" AS c, generate_series(1, 450) AS n,'
            " unit_grid AS g JOIN area AS a ON a.id = g.community_id"
            " WHERE c.case_no = :number AND g.id <> c.unit_grid_id"
        ),
        {"number": number},
    )
    town.execute(text('ANALYZE "case"'))
    statement = read_sql("similar_cases").text
    values = {
        "easting": city.EAST + 50, "northing": city.NORTH + 50, "city_srid": CITY_SRID, "radius_m": 50,
        "unit_grid_id": town.scalars(select(UnitGrid.id).order_by(UnitGrid.code).limit(1)).one(),
        "component_id": 0, "kind": "event", "class_code": EVENT, "edition": CITY_EDITION, "since": None,
    }  # fmt: skip
    plan = "\n".join(town.scalars(text("EXPLAIN " + statement), values))
    assert "ix_case_open_location" in plan
    assert "ix_case_component_id" in plan
    assert 'Seq Scan on "case"' not in plan


def test_following_is_recorded_once(town: Session) -> None:
    number = reported(town, 50, 50)
    li = city.person(town, "li")
    first, is_new = follow_case(town, li, number, "又看到了", "follow-key-1", at=NOW)
    assert (is_new, first.followers, first.version, first.since) == (True, 1, 2, NOW)
    for key in ("follow-key-1", "follow-key-2", None):
        again, is_new = follow_case(town, li, number, "又看到了", key, at=NOW + timedelta(hours=1))
        assert not is_new
        assert again == first
    case = town.scalars(select(Case).where(Case.case_no == number)).one()
    (follow,) = town.scalars(select(CaseStep).where(CaseStep.case_id == case.id, CaseStep.seq > 1))
    assert (follow.action, follow.actor_id, follow.note) == ("follow", li.id, "又看到了")
    assert follow.from_state == follow.to_state == CaseState.REPORTED
    (shown,) = similar(town, 50, 50, who="li")
    assert (shown.followers, shown.follows) == (1, True)
    assert similar(town, 50, 50, who="wang")[0].follows  # who reported it follows it anyway


def test_the_words_of_another_caller_are_kept(town: Session) -> None:
    number = reported(town, 50, 50)
    acceptor = city.person(town, "acceptor", role=Role.ACCEPTOR)
    follow_case(town, acceptor, number, "张先生来电", at=NOW)
    stands, is_new = follow_case(town, acceptor, number, "李女士来电", at=NOW + timedelta(minutes=5))
    assert (is_new, stands.followers, stands.since) == (False, 1, NOW)
    notes = town.scalars(
        select(CaseStep.note).where(CaseStep.action == "follow").order_by(CaseStep.seq)
    ).all()
    assert notes == ["张先生来电", "李女士来电"]


def test_a_key_follows_one_case(town: Session) -> None:
    one, other = reported(town, 50, 50), reported(town, 60, 50)
    wang, li = someone(town), city.person(town, "li")
    follow_case(town, wang, one, idempotency_key="follow-key-3")
    with pytest.raises(Conflict):
        follow_case(town, wang, other, idempotency_key="follow-key-3")
    with pytest.raises(Conflict):
        follow_case(town, li, one, idempotency_key="follow-key-3")


def test_who_may_not_see_a_case_cannot_follow_it(town: Session) -> None:
    number = reported(town, 50, 50)
    with pytest.raises(NotFound):
        follow_case(town, city.person(town, "eastern", areas=("150602002",)), number)


def test_a_note_that_is_too_long_changes_nothing(town: Session) -> None:
    number = reported(town, 50, 50)
    with pytest.raises(InvalidInput):
        follow_case(town, someone(town), number, "长" * 4001)
    assert town.scalars(select(Case.version).where(Case.case_no == number)).one() == 1


def test_a_case_that_has_ended_says_so(town: Session) -> None:
    number = reported(town, 50, 50)
    end(town, number, CaseState.REFUSED)
    with in_locale("en"), pytest.raises(ActionNotAllowed, match="new report") as refusal:
        follow_case(town, someone(town), number)
    assert refusal.value.extra["state"] == CaseState.REFUSED


def test_a_merged_case_names_the_one_it_goes_on_as(town: Session) -> None:
    into, number = reported(town, 50, 50), reported(town, 51, 50)
    end(town, number, CaseState.MERGED, into)
    with pytest.raises(ActionNotAllowed, match=into) as refusal:
        follow_case(town, someone(town), number)
    assert refusal.value.extra["merged_into"] == into


def test_over_http(as_role: AsRole, place: dict[str, float]) -> None:
    inspector, acceptor = as_role("inspector"), as_role("acceptor")
    body = {"kind": "event", "class_code": "0118", "description": "绿化弃料", **place}
    number = inspector.post("/api/v1/cases", json=body).json()["case_no"]
    asked = place | {"class_code": "0118", "limit": 50}
    shown = {
        one["case_no"]: one for one in acceptor.get("/api/v1/cases/similar", params=asked).json()["items"]
    }
    assert shown[number] | {"reported_at": ""} == {
        "case_no": number, "state": "reported", "state_title": "Reported", "kind": "event",
        "class_code": "0118", "class_name": "Greening debris", "description": "绿化弃料",
        "address": shown[number]["address"], "lon": pytest.approx(place["lon"], abs=1e-7),
        "lat": pytest.approx(place["lat"], abs=1e-7), "distance_m": 0.0, "same_component": False,
        "same_grid": True, "reason": "the same class in the same unit grid, 0 m away", "reported_at": "",
        "followers": 0, "follows": False, "photos": [],
    }  # fmt: skip
    statuses = [
        acceptor.post(f"/api/v1/cases/{number}/followers", json={"note": "来电"}).status_code
        for _ in range(2)
    ]
    assert statuses == [201, 200]
    (again,) = [
        one
        for one in acceptor.get("/api/v1/cases/similar", params=asked).json()["items"]
        if one["case_no"] == number
    ]
    assert (again["followers"], again["follows"]) == (1, True)
    assert as_role("dispatcher").post(f"/api/v1/cases/{number}/followers").status_code == 403
    lon, lat = (float(v) for v in bd09_from_wgs84(place["lon"], place["lat"]))
    shifted = acceptor.get(
        "/api/v1/cases/similar", params=asked | {"lon": lon, "lat": lat, "crs": "BD-09", "kind": "event"}
    ).json()["items"]
    assert [one["case_no"] for one in shifted] == list(shown)
    other_kind = acceptor.get("/api/v1/cases/similar", params=asked | {"kind": "component"}).json()["items"]
    assert number not in [one["case_no"] for one in other_kind]
    far = acceptor.get("/api/v1/cases/similar", params=asked | {"lon": 116.4})
    assert (far.status_code, far.json()["code"]) == (422, "outside-city")


def test_twenty_taps_make_one_follower(live_server: str, as_role: AsRole, place: dict[str, float]) -> None:
    body = {"kind": "event", "class_code": "0119", **place}
    number = as_role("inspector").post("/api/v1/cases", json=body).json()["case_no"]
    form = {"username": "acceptor", "password": PASSWORD}
    token = httpx2.post(f"{live_server}/api/v1/token", data=form).json()["access_token"]

    def tap(_n: int) -> int:
        return httpx2.post(
            f"{live_server}/api/v1/cases/{number}/followers",
            json={"note": "同一问题"},
            headers={"authorization": f"Bearer {token}", "idempotency-key": "twenty-taps"},
            timeout=60,
        ).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(tap, range(20)))
    assert statuses == [200] * 19 + [201]
    steps = as_role("evaluator").get(f"/api/v1/cases/{number}/steps").json()["items"]
    assert [step["action"] for step in steps] == ["report", "follow"]
