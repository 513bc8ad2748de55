"""Layers that people and jobs fill: ways of patrols, findings of the checks. Who sees them, and where."""

from datetime import timedelta

import mapbox_vector_tile
import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from gis.case.scope import narrow_views
from gis.patrol.models import PatrolTrack
from gis.patrol.points import Fix
from gis.patrol.service import add_points, delete_points, keeping, sweep_points
from gis.people.models import Person, Role
from gis.settings import CITY_SRID
from gis.survey.models import CheckRun, PipeFinding
from layers.catalog import LAYERS
from layers.source import read_item
from layers.tiles import tile
from tests import hand_made_city as city
from tests.hand_made_city import EAST, NORTH, NOW
from tests.test_tiles import number


@pytest.fixture
def town(session: Session) -> Session:
    city.build(session)
    return session


@pytest.fixture
def walker(town: Session) -> Person:
    return city.person(town, "walker", "west", shares_track=True)


def way(*places: tuple[float, float, float]) -> list[Fix]:
    """Points of a way: metres east, metres north, seconds after ten o'clock."""
    return [Fix(NOW + timedelta(seconds=at), *city.lonlat(x, y), 8) for x, y, at in places]


def tracks(session: Session) -> list[tuple[str, float, int]]:
    """Day, length in metres, number of lines."""
    rows = session.execute(
        text("SELECT day::text, length_m, ST_NumGeometries(geom) FROM patrol_track ORDER BY day")
    )
    return [(row[0], round(row[1], 1), row[2]) for row in rows]


def test_a_days_way_is_one_line_whatever_order_its_points_come_in(town: Session, walker: Person) -> None:
    add_points(town, walker, way((0, 100, 0), (200, 100, 120)), NOW)
    add_points(town, walker, way((100, 100, 60)), NOW)
    assert tracks(town) == [("2026-06-01", 200.0, 1)]


def test_a_way_is_broken_where_nobody_knows_it(town: Session, walker: Person) -> None:
    add_points(
        town,
        walker,
        way((0, 50, -5400), (50, 50, -5340), (60, 50, -3600), (70, 50, -3540), (390, 50, 0), (390, 90, 60)),
        NOW,
    )
    # Standing still for half an hour is known; 320 m in an hour may have gone anywhere.
    assert tracks(town) == [("2026-06-01", 110.0, 2)]


def test_a_day_is_the_citys(town: Session, walker: Person) -> None:
    ten_at_night, midnight = -12 * 3600, -10 * 3600
    add_points(
        town,
        walker,
        way((0, 50, ten_at_night), (90, 50, ten_at_night + 60), (0, 50, midnight), (40, 50, midnight + 60)),
        NOW,
    )
    assert tracks(town) == [("2026-05-31", 90.0, 1), ("2026-06-01", 40.0, 1)]


def test_a_line_goes_with_its_points(town: Session, walker: Person) -> None:
    add_points(town, walker, way((0, 50, 0), (90, 50, 60)), NOW)
    sweep_points(town, NOW + keeping() - timedelta(seconds=1))
    assert len(tracks(town)) == 1
    sweep_points(town, NOW + keeping() + timedelta(seconds=1))
    assert tracks(town) == []
    add_points(town, walker, way((0, 50, 120), (90, 50, 180)), NOW)
    delete_points(town, walker)
    assert tracks(town) == []


def drawn(session: Session, name: str, x: float, y: float, z: int = 16) -> list[dict[str, str]]:
    """What the tile of a place holds of a layer."""
    content = tile(session, LAYERS[name], z, *number(*city.lonlat(x, y), z))
    layer = mapbox_vector_tile.decode(content).get(name, {"features": []}) if content else {"features": []}
    return [feature["properties"] for feature in layer["features"]]


def test_a_shift_leader_sees_who_shares_in_the_own_streets(town: Session, walker: Person) -> None:
    add_points(town, walker, way((0, 50, 0), (90, 50, 60)), NOW)
    leaders = {
        code: city.person(town, f"leader{code}", role=Role.SHIFT_LEADER, areas=(code,))
        for code in ("150602001", "150602002")
    }
    seen = {}
    for code, leader in leaders.items():
        narrow_views(town, leader)
        seen[code] = [row["day"] for row in drawn(town, "patrol_tracks", 50, 50)]
    assert seen == {"150602001": ["2026-06-01"], "150602002": []}
    narrow_views(town, leaders["150602001"])
    walker.shares_track = False
    town.flush()
    assert drawn(town, "patrol_tracks", 50, 50) == []


def run(session: Session, found_at: tuple[float, float], **values: object) -> int:
    """A run of the checks that found one thing; its id."""
    made = CheckRun(**({"state": "done", "scope": {}} | values))
    session.add(made)
    session.flush()
    x, y = EAST + found_at[0], NORTH + found_at[1]
    session.execute(
        insert(PipeFinding).values(
            run_id=made.id, code="slope_reversed", severity="error", subject="line", number=str(made.id),
            row_id=1, class_code="WS", geom=f"SRID={CITY_SRID};LINESTRING({x - 9} {y}, {x} {y}, {x + 9} {y})",
        )
    )  # fmt: skip
    return made.id


def test_findings_are_those_of_the_newest_whole_run_that_ended(town: Session) -> None:
    run(town, (50, 50))
    wanted = run(town, (60, 60), created_at=NOW + timedelta(days=400))
    run(town, (70, 70), created_at=NOW + timedelta(days=500), state="running")
    run(town, (80, 80), created_at=NOW + timedelta(days=500), scope={"class_code": "JS"})
    assert [row["number"] for row in drawn(town, "pipe_findings", 60, 60)] == [str(wanted)]
    finding = town.scalar(select(PipeFinding.id).where(PipeFinding.run_id == wanted))
    assert finding is not None
    told = read_item(town, LAYERS["pipe_findings"], finding)
    assert told.page == f"/pipelines/checks?run={wanted}&finding={finding}"
    # On its line, in its middle: where the sign stands.
    assert (told.lon, told.lat) == pytest.approx(city.lonlat(60, 60), abs=1e-6)


def test_tracks_are_found_by_their_day(town: Session, walker: Person) -> None:
    add_points(town, walker, way((0, 50, -86400), (90, 50, -86340), (0, 50, 0), (90, 50, 60)), NOW)
    began = LAYERS["patrol_tracks"].times
    query = text(f"SELECT day::text FROM app.patrol_tracks WHERE {began} >= :since")
    assert list(town.scalars(query, {"since": NOW})) == ["2026-06-01"]
    assert town.scalar(select(PatrolTrack.person_id).limit(1)) == walker.id
