"""Areas, unit grids and components from files: each must be where its code says."""

from pathlib import Path

import pytest
from geoalchemy2.shape import to_shape
from shapely import LineString, MultiPolygon, Point, Polygon, box
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.component.models import Component
from gis.errors import Conflict, InvalidInput
from gis.exchange.city import extent_of_bbox, make_city
from gis.exchange.rows import Options
from gis.exchange.run import run_import
from gis.grid.models import Area, AreaLevel, UnitGrid
from tests.import_files import feature, lay_out, refused, said, write_geojson

ROOM = "150602001002"  # a community east of the city
BOW = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])


@pytest.fixture
def city(session: Session) -> Session:
    lay_out(session)
    return session


def test_areas_are_told_apart_by_their_codes(city: Session, tmp_path: Path) -> None:
    path = write_geojson(
        tmp_path / "areas.geojson",
        # The street stands before its district: the order of a file means nothing.
        feature(box(5000, 0, 6000, 900), adcode=150603001, name="街道"),
        feature(MultiPolygon([box(5000, 0, 6000, 1000)]), adcode=150603, name="康巴什区"),
        feature(box(5900, 0, 7000, 1000), adcode=150627, name="伊金霍洛旗"),
        feature(box(0, 0, 10, 10), adcode=150602, name="东胜区"),
        feature(box(0, 0, 10, 10), adcode=150699001, name="无区的街道"),
        feature(box(0, 0, 10, 10), adcode=1506, name="鄂尔多斯市"),
        feature(BOW, adcode=150621, name="蝴蝶"),
        feature(LineString([(0, 0), (1, 1)]), adcode=150622, name="线"),
        feature(box(0, 0, 10, 10), adcode=150623, name=None),
    )
    report = run_import(city, "areas", [path], Options())
    assert refused(report) == {
        "150602": "already_there",
        "150699001": "unknown_parent",
        "1506": "bad_code",
        "150621": "broken_geometry",
        "150622": "wrong_geometry",
        "150623": "value_missing",
    }
    assert report.loaded == 3
    assert {("150603", "area_overlaps"), ("150627", "area_overlaps")} <= said(report)
    areas = {area.code: area for area in city.scalars(select(Area))}
    assert areas["150603"].level is AreaLevel.DISTRICT
    assert areas["150603001"].parent_id == areas["150603"].id


def test_grids_lie_in_their_community_and_over_no_other(city: Session, tmp_path: Path) -> None:
    room = write_geojson(
        tmp_path / "room.geojson", feature(box(1000, 0, 1300, 100), code=ROOM, name="新社区")
    )
    run_import(city, "areas", [room], Options())
    path = write_geojson(
        tmp_path / "grids.geojson",
        feature(box(1000, 0, 1100, 100), bgcode="150602001002001"),
        feature(MultiPolygon([box(1100, 0, 1200, 100)]), bgcode="150602001002002"),
        feature(box(1150, 0, 1190, 100), bgcode="150602001002003"),
        feature(box(1150, 0, 1350, 100), bgcode="150602001002004"),
        feature(box(1200, 0, 1300, 100), bgcode="15060200100205"),
        feature(box(1200, 0, 1300, 100), bgcode="150602001009001"),
        feature(box(0, 0, 100, 100), bgcode="150602001001999"),
        feature(box(0, 0, 100, 100), bgcode="150602001001001"),
        feature(MultiPolygon([box(1200, 0, 1210, 9), box(1220, 0, 1230, 9)]), bgcode="150602001002008"),
        feature(BOW, bgcode="150602001002009"),
    )
    report = run_import(city, "grids", [path], Options())
    assert refused(report) == {
        "150602001002003": "overlaps",
        "150602001002004": "leaves_parent",
        "150602001009001": "unknown_parent",
        "150602001001999": "overlaps",
        "150602001001001": "already_there",
        "150602001002008": "wrong_geometry",
        "150602001002009": "broken_geometry",
    }
    inside = select(UnitGrid).join(Area, Area.id == UnitGrid.community_id).where(Area.code == ROOM)
    grids = {grid.code: grid for grid in city.scalars(inside)}
    assert set(grids) == {"150602001002001", "150602001002002", "15060200100205"}
    assert grids["150602001002001"].area_m2 == pytest.approx(10_000, abs=0.01)
    assert grids["15060200100205"].edition != grids["150602001002001"].edition  # 14 digits are of 2005


def test_components_lie_in_a_grid_and_have_a_class(city: Session, tmp_path: Path) -> None:
    def row(code: str, x: float, **more: str) -> dict[str, object]:
        return feature(Point(x, 50), objcode=code, **more)

    path = write_geojson(
        tmp_path / "components.geojson",
        row("1506020101000001", 50, objstate="完好"),
        row("１５０６０２０１０１０００００２", 60, objstate="奇怪", bgcode="150602001001001"),
        row("1506020101000003", 5000),
        row("1506029999000001", 50),
        row("150602", 50),
        row("1506020101000001", 70),
        feature(box(0, 0, 1, 1), objcode="1506020101000004"),
    )
    report = run_import(city, "components", [path], Options())
    assert sorted(refused(report).values()) == sorted(
        ["outside_city", "bad_code", "bad_code", "number_repeated", "wrong_geometry"]
    )
    codes = {code for _number, code in said(report)}
    assert {"value_not_taken", "other_grid"} <= codes
    stored = {component.code: component for component in city.scalars(select(Component))}
    assert set(stored) == {"1506020101000001", "1506020101000002"}
    assert stored["1506020101000002"].state == "intact"
    assert stored["1506020101000001"].name == "上水井盖"
    assert refused(run_import(city, "components", [path], Options()))["1506020101000001"]


def test_a_city_of_squares_leaves_no_gap_and_numbers_from_the_north_west(city: Session) -> None:
    grids = city.scalars(select(UnitGrid).order_by(UnitGrid.code)).all()
    assert len(grids) == 25
    assert [grid.code[-3:] for grid in grids] == [f"{n:03}" for n in range(1, 26)]
    first, second, sixth = (to_shape(grids[n].geom).centroid for n in (0, 1, 5))
    assert first.x < second.x
    assert first.y == pytest.approx(second.y)
    assert sixth.y < first.y
    assert sum(grid.area_m2 for grid in grids) == 250_000


def test_a_large_city_is_cut_into_communities_of_at_most_999_grids(session: Session) -> None:
    made = make_city(
        session, "150602", "东胜区", "D", (413_000, 4_410_000, 416_400, 4_413_200), 100, "Asia/Tokyo"
    )
    assert (made.grids, made.communities) == (34 * 32, 4)
    counts = session.scalars(select(UnitGrid.community_id).order_by(UnitGrid.community_id)).all()
    assert len(counts) == made.grids
    assert max(counts.count(one) for one in set(counts)) <= 999


def test_a_second_city_is_refused(city: Session) -> None:
    with pytest.raises(Conflict):
        lay_out(city)


@pytest.mark.parametrize(
    ("code", "cell", "zone", "bbox"),
    [
        ("1506", 100, "Asia/Shanghai", "109.9,39.8,110.0,39.9"),
        ("150602", 1, "Asia/Shanghai", "109.9,39.8,110.0,39.9"),
        ("150602", 100, "Mars/Olympus", "109.9,39.8,110.0,39.9"),
        ("150602", 100, "Asia/Shanghai", "110.0,39.9,109.9,39.8"),
        ("150602", 100, "Asia/Shanghai", "109.9 39.8"),
        ("150602", 10, "Asia/Shanghai", "105.0,35.0,115.0,45.0"),
    ],
)
def test_a_city_that_cannot_be_is_refused(
    session: Session, code: str, cell: float, zone: str, bbox: str
) -> None:
    with pytest.raises(InvalidInput):
        make_city(session, code, "市", "City", extent_of_bbox(bbox), cell, zone)
