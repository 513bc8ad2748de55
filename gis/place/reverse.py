"""Reverse geocoding: what a place is called, in the words an operator would use."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from gis.crs import DOOR_SRID
from gis.database import read_sql
from gis.grid.queries import ADDRESS_WITHIN_M, AT_THE_DOOR_M, SIDES, Place, locate
from gis.i18n import pick
from gis.settings import CITY_SRID

CROSSING_WITHIN_M = 40.0
AT_THE_CROSSING_M = 20.0  # so near, people name the crossing and no door


@dataclass(frozen=True)
class Beside:
    """Something near: ``side``, the direction in which the place lies from it (北, 东北 …); empty at it."""

    name: str
    distance_m: float
    side: str

    @property
    def words(self) -> str:
        """``天骄路12号东侧约30米``."""
        if self.distance_m <= AT_THE_DOOR_M or not self.side:
            return self.name
        return f"{self.name}{self.side}侧约{round(self.distance_m, -1):.0f}米"


@dataclass(frozen=True)
class Called:
    """What a place is called. ``address`` is Chinese, as addresses are kept; empty where nothing is near."""

    place: Place
    address: str
    door: Beside | None
    poi: Beside | None
    road: Beside | None
    crossing: Beside | None


def called(session: Session, lon: float, lat: float, srid: int = DOOR_SRID) -> Called:
    """What a place is called: the nearest door, named place, road with the side of it, and crossing.

    Raises
    ------
    InvalidInput
        The coordinates are not numbers a place can have.
    OutsideCity
        No unit grid contains the place.
    """
    return called_at(session, locate(session, lon, lat, srid))


def called_at(session: Session, place: Place) -> Called:
    """The same of a place that was located already."""
    row = session.execute(
        read_sql("reverse"),
        {
            "easting": place.easting, "northing": place.northing, "city_srid": CITY_SRID,
            "within_m": ADDRESS_WITHIN_M, "crossing_m": CROSSING_WITHIN_M,
        },
    ).one()  # fmt: skip
    door = _door(place, row)
    poi = _beside(pick(row.poi_zh, row.poi_en), row.poi_distance_m, row.poi_bearing_deg)
    road = _beside(pick(place.road_zh, place.road_en), row.road_distance_m, row.road_bearing_deg)
    crossing = None
    if row.one_zh:
        crossing = Beside(f"{row.one_zh}与{row.other_zh}交叉口", row.crossing_distance_m, "")
    named = _beside(row.poi_zh or "", row.poi_distance_m, row.poi_bearing_deg)
    street = _beside(place.road_zh or "", row.road_distance_m, row.road_bearing_deg)
    return Called(place, _words(door, crossing, named, street), door, poi, road, crossing)


def _words(door: Beside | None, crossing: Beside | None, poi: Beside | None, road: Beside | None) -> str:
    at_a_door = door is not None and door.distance_m <= AT_THE_DOOR_M
    if crossing and crossing.distance_m <= AT_THE_CROSSING_M and not at_a_door:
        return crossing.name
    if door:
        return door.words
    return poi.words if poi else crossing.name if crossing else road.words if road else ""


def _door(place: Place, row: Any) -> Beside | None:
    """The nearer of the nearest plate and the nearest building with an address."""
    plate = _beside(row.plate or "", row.plate_distance_m, row.plate_bearing_deg)
    building = _beside(place.building_address or "", place.building_distance_m, place.building_bearing_deg)
    return min((one for one in (plate, building) if one), key=lambda one: one.distance_m, default=None)


def _beside(name: str, distance_m: float | None, bearing_deg: float | None) -> Beside | None:
    if not name or distance_m is None:
        return None
    side = "" if bearing_deg is None else SIDES[round(bearing_deg / 45) % 8]
    return Beside(name, round(distance_m, 1), side)
