"""What geocoding is asked and answers."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from gis.crs import to_lonlat
from gis.errors import InvalidInput
from gis.i18n import _, gettext, pick
from gis.place.answer import KIND_TITLES, Answer, Kind, Match
from gis.place.reverse import Beside, Called
from gis.place.words import LONGEST

MOST_ROWS = 1000


class AnswerOut(BaseModel):
    """Something that was found, with its place in degrees (EPSG:4490)."""

    kind: Kind
    kind_title: str
    id: int | None
    title: str
    matched: str = Field(description="the name, number or address that matched")
    match: Match
    score: float = Field(description="0 to 1; 1 is what was asked for, to the letter")
    precision: str = Field(description="what the place is exact to: door, interpolated, road, area …")
    lon: float
    lat: float
    box: tuple[float, float, float, float] | None
    where: str = Field(description="subdistrict and community; empty outside the city")
    distance_m: float | None = Field(description="from near, where that was given")
    former: bool = Field(description="the name or the thing is no longer in force")
    until: date | None


class GeocodeOut(BaseModel):
    """What words may mean, the surest first."""

    items: list[AnswerOut]


class GeocodesIn(BaseModel):
    """A table of addresses; each is asked for by itself."""

    addresses: Annotated[
        list[Annotated[str, Field(max_length=LONGEST)]], Field(min_length=1, max_length=MOST_ROWS)
    ]
    crs: str | None = None
    near: tuple[float, float] | None = None


class RowOut(BaseModel):
    """The best answer to one address of a table, or none; ``row`` counts from 1."""

    row: int
    address: str
    found: AnswerOut | None


class GeocodesOut(BaseModel):
    """The answers to a table, in its order."""

    items: list[RowOut]


class BesideOut(BaseModel):
    """Something near, how far, and on which side of it the place lies."""

    name: str
    distance_m: float
    side: str = Field(description="北, 东北, 东 …; empty where it has none")


class ReverseOut(BaseModel):
    """What a place is called, and where it lies."""

    address: str = Field(description="the words an operator would write; empty where nothing is near")
    door: BesideOut | None
    place: BesideOut | None
    road: BesideOut | None
    crossing: BesideOut | None
    community: str
    community_code: str
    street: str
    street_code: str
    unit_grid_code: str
    duty_grid_code: str | None


def answer_out(one: Answer) -> AnswerOut:
    """An answer as it goes out."""
    lon, lat = to_lonlat(one.easting, one.northing)
    return AnswerOut(
        kind=one.kind, kind_title=gettext(KIND_TITLES[one.kind]), id=one.id, title=one.title,
        matched=one.matched, match=one.match, score=one.score, precision=one.precision,
        lon=round(lon, 7), lat=round(lat, 7), box=one.box, where=one.where, distance_m=one.distance_m,
        former=one.former, until=one.until,
    )  # fmt: skip


def beside_out(one: Beside | None) -> BesideOut | None:
    return None if one is None else BesideOut(name=one.name, distance_m=one.distance_m, side=one.side)


def reverse_out(found: Called) -> ReverseOut:
    """What a place is called, as it goes out."""
    place = found.place
    return ReverseOut(
        address=found.address, door=beside_out(found.door), place=beside_out(found.poi),
        road=beside_out(found.road), crossing=beside_out(found.crossing),
        community=pick(place.community_zh, place.community_en), community_code=place.community_code,
        street=pick(place.street_zh, place.street_en), street_code=place.street_code,
        unit_grid_code=place.unit_grid_code, duty_grid_code=place.duty_grid_code,
    )  # fmt: skip


def numbers(words: str | None, count: int, pointer: str) -> tuple[float, ...] | None:
    """Numbers between commas; InvalidInput where they are not as many, or no numbers."""
    if words is None:
        return None
    try:
        found = tuple(float(part) for part in words.split(","))
    except ValueError:
        found = ()
    if len(found) != count or any(value != value or abs(value) > 1e6 for value in found):
        raise InvalidInput(
            _("{count} numbers with commas between are needed here").format(count=count),
            errors=[{"pointer": pointer}],
        )
    return found
