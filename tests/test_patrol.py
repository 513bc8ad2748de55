"""Patrol tracks: kept by own choice only, once each, located, thinned, and deleted in time."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import inf, nan
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import shapely
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.errors import InvalidInput, NotAllowed, NotFound
from gis.grid.models import UnitGrid
from gis.grid.queries import locate_many
from gis.patrol.grids import grids_of
from gis.patrol.models import PatrolPoint
from gis.patrol.points import THIN_M, THIN_TIME, Fix, Spot, thinned
from gis.patrol.queries import coverage
from gis.patrol.service import Taken, add_points, delete_points, keeping, sweep_points
from gis.people.models import Person, Role
from tests import hand_made_city as city
from tests.hand_made_city import NOW
from tests.small_city import AsRole

TODAY = date(2026, 6, 1)


@pytest.fixture
def town(session: Session) -> Session:
    city.build(session)
    return session


@pytest.fixture
def walker(town: Session) -> Person:
    return city.person(town, "walker", "west", shares_track=True)


def fix(x: float, y: float, seconds: float = 0, accuracy_m: float | None = 8) -> Fix:
    return Fix(NOW + timedelta(seconds=seconds), *city.lonlat(x, y), accuracy_m)


def kept(session: Session) -> list[tuple[float, str | None]]:
    """Seconds and unit grid of what is stored."""
    rows = session.execute(select(PatrolPoint.at, UnitGrid.code).outerjoin(UnitGrid).order_by(PatrolPoint.at))
    return [((at - NOW).total_seconds(), code) for at, code in rows]


def test_each_point_is_stored_once_with_its_grid(town: Session, walker: Person) -> None:
    way = [fix(50, 50), fix(150, 50, 60), fix(150, 150, 120)]
    assert add_points(town, walker, way, NOW) == Taken(stored=3, known=0, dropped=0)
    assert add_points(town, walker, [*way, fix(250, 150, 180)], NOW) == Taken(stored=1, known=3, dropped=0)
    assert kept(town) == [
        (0, "150602001001000"), (60, "150602001001010"), (120, "150602001001011"), (180, "150602001001021"),
    ]  # fmt: skip


def test_a_point_lies_where_a_case_would(town: Session, walker: Person) -> None:
    """Also on edges and corners, where a place belongs to up to four grids."""
    sent = [fix(50 * column, 50 * row, 60 * (5 * column + row)) for column in range(25) for row in range(5)]
    assert add_points(town, walker, sent, NOW + timedelta(days=1)).stored == len(sent)
    assert [code for _second, code in kept(town)] == [
        locate_many(town, [(one.lon, one.lat)])[0] for one in sent
    ]


def test_two_people_may_be_out_at_the_same_moment(town: Session, walker: Person) -> None:
    other = city.person(town, "other", "west", shares_track=True)
    for who in (walker, other):
        assert add_points(town, who, [fix(50, 50)], NOW).stored == 1


def test_a_vague_point_is_kept_but_proves_no_visit(town: Session, walker: Person) -> None:
    sent = [fix(50, 50, 0, 50), fix(50, 150, 60, 51), fix(150, 50, 120, None)]
    assert add_points(town, walker, sent, NOW).stored == 3
    assert kept(town) == [(0, "150602001001000"), (60, None), (120, "150602001001010")]


def test_only_what_is_near_the_city_is_kept(town: Session, walker: Person) -> None:
    """Between grids one still patrols; the way home and another continent are nobody's business."""
    abroad = [Fix(NOW + timedelta(minutes=2), -74.0, 40.7), Fix(NOW + timedelta(minutes=3), 0.0, -90.0)]
    sent = [fix(-400, 50), fix(-600, 50, 60), *abroad]
    assert add_points(town, walker, sent, NOW) == Taken(stored=1, known=0, dropped=3)
    assert kept(town) == [(0, None)]
    assert add_points(town, walker, sent, NOW) == Taken(stored=0, known=1, dropped=3)


def test_without_consent_nothing_is_taken(town: Session) -> None:
    silent = city.person(town, "silent", "west")
    with pytest.raises(NotAllowed, match="轨迹"):
        add_points(town, silent, [fix(50, 50)], NOW)
    assert kept(town) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Fix(NOW + timedelta(minutes=6), 110, 39.8), "at"),
        (Fix(NOW - timedelta(days=91), 110, 39.8), "at"),
        (Fix(NOW.replace(tzinfo=None), 110, 39.8), "at"),
        (Fix(NOW, 39.8, 110), "lon"),
        (Fix(NOW, nan, 39.8), "lon"),
        (Fix(NOW, 110, 39.8, -1), "accuracy_m"),
        (Fix(NOW, 110, 39.8, inf), "accuracy_m"),
        (Fix(NOW, 110, 39.8, 10_001), "accuracy_m"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_kept(
    town: Session, walker: Person, wrong: Fix, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        add_points(town, walker, [fix(50, 50), wrong, fix(60, 50, 60)], NOW)
    assert [error["pointer"] for error in refused.value.extra["errors"]] == [f"/points/1/{field}"]
    assert kept(town) == []


def test_points_at_the_ends_of_what_may_be_are_taken(town: Session, walker: Person) -> None:
    ends = [
        fix(50, 50, 300),
        fix(50, 50, -keeping().total_seconds()),
        fix(50, 50, 0, 0),
        fix(50, 50, 60, 10_000),
    ]
    assert add_points(town, walker, ends, NOW).stored == 4


def test_not_more_errors_than_one_can_read(town: Session, walker: Person) -> None:
    with pytest.raises(InvalidInput) as refused:
        add_points(town, walker, [Fix(NOW, 110, 95, -1)] * 500, NOW)
    assert len(refused.value.extra["errors"]) == 20


def test_a_way_that_was_not_thinned_is(town: Session, walker: Person) -> None:
    dense = [fix(50 + second, 50, second) for second in range(20)]  # 1 m a second
    assert add_points(town, walker, dense, NOW) == Taken(stored=4, known=0, dropped=16)
    assert [second for second, _grid in kept(town)] == [0, 5, 10, 15]
    # In pieces, and again: the same.
    assert add_points(town, walker, dense[3:9], NOW) == Taken(stored=0, known=1, dropped=5)
    assert add_points(town, walker, [fix(70, 50, 20)], NOW).stored == 1


spots = st.lists(
    st.builds(
        lambda s, x: Spot(NOW + timedelta(seconds=s), x, 0.0),
        st.integers(0, 60), st.integers(0, 30).map(float),
    ),
    max_size=40, unique_by=lambda spot: spot.at,
)  # fmt: skip


@given(spots, spots)
def test_thinning_keeps_what_tells_something_new(sent: list[Spot], before: list[Spot]) -> None:
    """Every spot left stands apart from the one before it; every one dropped lies close to one before it."""
    moments = {spot.at for spot in before}
    sent = [spot for spot in sent if spot.at not in moments]
    left = thinned(sent, before)
    assert left == sorted(left, key=lambda spot: spot.at)
    assert set(left) <= set(sent)
    line = sorted([*left, *before], key=lambda spot: spot.at)
    for spot in sent:
        earlier = [other for other in line if other.at < spot.at]
        close = bool(earlier) and (
            spot.at - earlier[-1].at < THIN_TIME and abs(spot.easting - earlier[-1].easting) < THIN_M
        )
        assert (spot in left) is not close


def test_what_is_too_old_is_swept_and_no_more(town: Session, walker: Person) -> None:
    for days in (1, 89, 91, 200):
        city.walk(town, walker, 50, 50, NOW - timedelta(days=days))
    assert sweep_points(town, NOW) == 2
    assert [round(-seconds / 86400) for seconds, _grid in kept(town)] == [89, 1]


def test_ones_own_track_can_be_deleted_and_no_other(town: Session, walker: Person) -> None:
    other = city.person(town, "other", shares_track=True)
    add_points(town, walker, [fix(50, 50), fix(150, 50, 60)], NOW)
    add_points(town, other, [fix(50, 50)], NOW)
    assert delete_points(town, walker) == 2
    assert town.scalars(select(PatrolPoint.person_id)).all() == [other.id]


class TestCoverage:
    def test_counts_the_own_grids_that_were_visited(self, town: Session, walker: Person) -> None:
        add_points(town, walker, [fix(50, 50), fix(60, 60, 60), fix(150, 50, 120), fix(450, 50, 180)], NOW)
        found = coverage(town, walker, now=NOW)
        assert found.day == TODAY
        (west,) = found.duty_grids
        assert (west.code, west.name, len(west.unit_grids), west.visited, west.share) == (
            "west",
            "West",
            8,
            2,
            0.25,
        )
        visits = {visit.code: visit.visited_at for visit in west.unit_grids if visit.visited_at}
        assert visits == {"150602001001000": NOW, "150602001001010": NOW + timedelta(minutes=2)}

    def test_a_day_is_the_citys(self, town: Session, walker: Person) -> None:
        zone = ZoneInfo("Asia/Shanghai")
        midnight = datetime(2026, 6, 1, tzinfo=zone)
        later = NOW + timedelta(days=2)
        for minutes, x in ((-1, 50), (0, 150), (24 * 60 - 1, 250), (24 * 60, 350)):
            there = Fix(midnight + timedelta(minutes=minutes), *city.lonlat(x, 50))
            add_points(town, walker, [there], later)
        seen = {}
        for month, day in ((5, 31), (6, 1), (6, 2)):
            (west,) = coverage(town, walker, None, date(2026, month, day), later).duty_grids
            seen[day] = {visit.code[-2:] for visit in west.unit_grids if visit.visited_at}
        assert seen == {31: {"00"}, 1: {"10", "20"}, 2: {"30"}}

    @pytest.mark.parametrize(
        "day", [TODAY + timedelta(days=1), TODAY - timedelta(days=91), date.max, date.min]
    )
    def test_of_a_day_that_is_not_known_nothing_is_said(
        self, town: Session, walker: Person, day: date
    ) -> None:
        with pytest.raises(InvalidInput):
            coverage(town, walker, None, day, NOW)

    def test_others_are_not_an_inspectors_business(self, town: Session, walker: Person) -> None:
        city.person(town, "other", "west", shares_track=True)
        with pytest.raises(NotAllowed):
            coverage(town, walker, "other", now=NOW)
        assert coverage(town, walker, "walker", now=NOW).person is walker

    def test_a_shift_leader_reads_who_shares_in_the_own_areas(self, town: Session, walker: Person) -> None:
        both = city.person(town, "both", "middle", "east", shares_track=True)
        leader = city.person(town, "leader", role=Role.SHIFT_LEADER)
        of_east = city.person(town, "of-east", role=Role.SHIFT_LEADER, areas=("150602002",))

        def read(reader: Person, login: str) -> list[str]:
            return [duty.code for duty in coverage(town, reader, login, now=NOW).duty_grids]

        assert read(leader, "both") == ["east", "middle"]
        assert read(of_east, "both") == ["east"]
        assert read(of_east, "walker") == []
        both.shares_track = False
        town.flush()
        with pytest.raises(NotAllowed):
            read(leader, "both")
        with pytest.raises(NotFound):
            read(leader, "leader")
        with pytest.raises(InvalidInput):
            coverage(town, leader, now=NOW)


class TestGridsForThePhone:
    def test_are_the_own_ones_in_degrees(self, town: Session) -> None:
        two = city.person(town, "two", "west", "east")
        collection = shapely.from_geojson(grids_of(town, two))
        assert len(collection.geoms) == 16
        parts = [shapely.union_all(collection.geoms[first : first + 8]) for first in (0, 8)]
        for west, found in zip((0, 800), parts, strict=True):
            corners = ((0, 0), (400, 0), (400, 200), (0, 200))
            expected = shapely.Polygon([city.lonlat(west + x, y) for x, y in corners])
            assert found.symmetric_difference(expected).area < 1e-3 * expected.area

    def test_who_patrols_nothing_gets_an_empty_collection(self, town: Session) -> None:
        idle = city.person(town, "idle")
        assert grids_of(town, idle) == b'{"type":"FeatureCollection","features":[]}'

    def test_fine_outlines_are_simplified_until_they_fit(self, town: Session, walker: Person) -> None:
        """A shore of many small teeth between two grids: simplified on both sides alike, so no gap opens."""
        city.toothed_border(town, teeth=2000)
        fine = grids_of(town, walker, 10_000_000)
        small = grids_of(town, walker, 20_000)
        assert len(small) < 20_000 < len(fine)
        grids = shapely.get_parts(shapely.from_geojson(small))
        whole = shapely.union_all(grids)
        assert whole.geom_type == "Polygon"
        assert len(whole.interiors) == 0
        assert shapely.area(grids).sum() == pytest.approx(whole.area, rel=1e-6)
        assert len(grids) == 8


class TestOverHttp:
    @pytest.fixture
    def inspector(self, as_role: AsRole) -> Iterator[TestClient]:
        client = as_role("inspector")
        yield client
        assert client.put("/api/v1/patrol/sharing", json={"shares_track": False}).status_code == 200
        assert client.delete("/api/v1/patrol/points").status_code == 200

    def test_a_day_on_patrol(self, inspector: TestClient, as_role: AsRole) -> None:
        grids = inspector.get("/api/v1/patrol/grids")
        assert grids.headers["content-type"] == "application/geo+json"
        mine = grids.json()["features"]
        lon, lat = shapely.geometry.shape(mine[0]["geometry"]).representative_point().coords[0]
        point = {"at": datetime.now(ZoneInfo("UTC")).isoformat(), "lon": lon, "lat": lat, "accuracy_m": 6}
        body = {"points": [point]}
        refused = inspector.post("/api/v1/patrol/points", json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
        assert "track" in refused.json()["detail"]
        answer = inspector.put("/api/v1/patrol/sharing", json={"shares_track": True})
        assert answer.json() == {"shares_track": True, "keep_days": 90}
        assert inspector.get("/api/v1/patrol/sharing").json() == answer.json()
        answers = [inspector.post("/api/v1/patrol/points", json=body).json() for _ in range(2)]
        assert answers == [
            {"stored": 1, "known": 0, "dropped": 0}, {"stored": 0, "known": 1, "dropped": 0},
        ]  # fmt: skip
        for reader in (
            inspector.get("/api/v1/patrol/coverage"),
            as_role("shift_leader").get("/api/v1/patrol/coverage?person=inspector"),
        ):
            duty_grids = reader.json()["duty_grids"]
            assert sum(duty["visited"] for duty in duty_grids) == 1
            assert sum(duty["grids"] for duty in duty_grids) == len(mine)
            visited = [
                grid["code"] for duty in duty_grids for grid in duty["unit_grids"] if grid["visited_at"]
            ]
            assert visited == [mine[0]["properties"]["code"]]
        assert inspector.delete("/api/v1/patrol/points").json() == {"deleted": 1}

    def test_grids_are_sent_once(self, inspector: TestClient) -> None:
        first = inspector.get("/api/v1/patrol/grids")
        assert first.json()["features"]
        again = inspector.get("/api/v1/patrol/grids", headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        other = inspector.get("/api/v1/patrol/grids", headers={"if-none-match": '"other"'})
        assert other.status_code == 200

    @pytest.mark.parametrize(
        "points",
        [
            [{"at": "yesterday", "lon": 110, "lat": 39.8}], [{"lon": 110, "lat": 39.8}],
            [{"at": "2026-06-01T10:00:00+08:00", "lon": "x", "lat": 39.8}],
            [{"at": "2026-06-01T10:00:00+08:00", "lon": 110, "lat": 39.8}] * 1001, None,
        ],
    )  # fmt: skip
    def test_what_is_no_list_of_points_is_refused(self, inspector: TestClient, points: Any) -> None:
        inspector.put("/api/v1/patrol/sharing", json={"shares_track": True})
        answer = inspector.post("/api/v1/patrol/points", json={"points": points})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"].startswith("/points")

    @pytest.mark.parametrize("path", ["sharing", "grids", "coverage"])
    def test_a_track_is_an_inspectors(self, as_role: AsRole, path: str) -> None:
        for role in ("acceptor", "dispatcher", "department", "planner", "admin"):
            assert as_role(role).get(f"/api/v1/patrol/{path}").status_code == 403

    def test_nobody_can_read_the_points(self, inspector: TestClient) -> None:
        assert inspector.get("/api/v1/patrol/points").status_code == 405
