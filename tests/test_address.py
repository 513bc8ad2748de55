"""What a place is called: the nearest building with an address, else the nearest road, each within 100 m."""

from datetime import date

import pytest
from geoalchemy2.shape import from_shape
from shapely import LineString, box
from shapely.affinity import translate
from sqlalchemy.orm import Session

from gis.case.intake import Report, report_case
from gis.grid.models import Building, Road
from gis.grid.queries import Place, locate
from gis.settings import CITY_SRID
from tests import hand_made_city as city


@pytest.fixture
def town(session: Session) -> Session:
    city.build(session)
    return session


def put_building(
    session: Session, address: str, west: float, south: float, size: float = 20, **more: date
) -> None:
    shape = box(west, south, west + size, south + size)
    session.add(
        Building(
            code=f"B{west}-{south}", address=address, geom=from_shape(_moved(shape), srid=CITY_SRID), **more
        )
    )
    session.flush()


def put_road(session: Session, name: str, y: float) -> None:
    line = LineString([(0, y), (1200, y)])
    session.add(
        Road(
            code=name, name_zh=name, name_en=name, grade="main", geom=from_shape(_moved(line), srid=CITY_SRID)
        )
    )
    session.flush()


def _moved(shape):  # type: ignore[no-untyped-def]
    return translate(shape, city.EAST, city.NORTH)


def at(session: Session, x: float, y: float) -> Place:
    return locate(session, *city.lonlat(x, y))


# A building of 20 m from (200, 100) to (220, 120); its middle is (210, 110).
@pytest.mark.parametrize(
    ("x", "y", "address"),
    [
        (210, 110, "天骄路12号"),  # inside
        (229, 110, "天骄路12号"),  # 9 m from the wall: the side is less certain than the place
        (250, 110, "天骄路12号东侧约30米"),
        (210, 60, "天骄路12号南侧约40米"),
        (166, 110, "天骄路12号西侧约30米"),  # 34 m
        (250, 150, "天骄路12号东北侧约40米"),  # 42.4 m
        (319, 110, "天骄路12号东侧约100米"),  # 99 m
        (321, 110, ""),  # 101 m
    ],
)
def test_by_the_nearest_building(town: Session, x: float, y: float, address: str) -> None:
    put_building(town, "天骄路12号", 200, 100)
    assert at(town, x, y).address == address


def test_a_building_without_an_address_or_pulled_down_names_nothing(town: Session) -> None:
    put_building(town, "", 200, 100)
    put_building(town, "旧楼1号", 240, 100, valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1))
    put_building(town, "天骄路14号", 280, 100)
    assert at(town, 221, 110).address == "天骄路14号西侧约60米"


def test_by_the_road_where_no_building_has_an_address(town: Session) -> None:
    put_road(town, "鄂尔多斯大街", 100)
    assert at(town, 500, 199).address == "鄂尔多斯大街"  # 99 m
    assert at(town, 500, 199).road_distance_m == pytest.approx(99, abs=0.01)
    put_building(town, "天骄路12号", 500, 150)
    assert at(town, 510, 160).address == "天骄路12号"


def test_nothing_near_is_no_address(town: Session) -> None:
    put_road(town, "鄂尔多斯大街", 0)
    assert at(town, 500, 101).address == ""


def test_what_the_reporter_wrote_wins(town: Session) -> None:
    put_building(town, "天骄路12号", 200, 100)
    inspector = city.person(town, "wang")
    lon, lat = city.lonlat(250, 110)
    found, _new = report_case(town, inspector, Report("event", "0101", lon, lat))
    written, _new = report_case(town, inspector, Report("event", "0101", lon, lat, address="早市门口"))
    assert (found.address, written.address) == ("天骄路12号东侧约30米", "早市门口")


def test_a_case_knows_its_grid_duty_grid_community_and_street(town: Session) -> None:
    lon, lat = city.lonlat(850, 50)
    case, _new = report_case(town, city.person(town, "wang"), Report("event", "0101", lon, lat))
    place = at(town, 850, 50)
    assert (case.unit_grid_id, case.duty_grid_id) == (place.unit_grid_id, place.duty_grid_id)
    assert (place.duty_grid_code, place.street_code, place.community_code) == (
        "east", "150602002", "150602002001",
    )  # fmt: skip
