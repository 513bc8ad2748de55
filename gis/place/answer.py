"""What a search answers: what was found, by what it matched, how sure that is and how exact the place."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from gis.i18n import N_


class Kind(StrEnum):
    """What can be found."""

    COORDINATE = "coordinate"
    AREA = "area"
    ROAD = "road"
    CROSSING = "crossing"
    PLACE = "place"
    BUILDING = "building"
    DOOR = "door"
    DUTY_GRID = "duty_grid"
    UNIT_GRID = "unit_grid"
    COMPONENT = "component"
    PIPE_POINT = "pipe_point"
    PIPE_SEGMENT = "pipe_segment"
    CASE = "case"


KIND_TITLES = {
    Kind.COORDINATE: N_("Place by coordinates"),
    Kind.AREA: N_("Areas"),
    Kind.ROAD: N_("Roads"),
    Kind.CROSSING: N_("Crossings"),
    Kind.PLACE: N_("Named places"),
    Kind.BUILDING: N_("Buildings"),
    Kind.DOOR: N_("Addresses"),
    Kind.DUTY_GRID: N_("Duty grids"),
    Kind.UNIT_GRID: N_("Unit grids"),
    Kind.COMPONENT: N_("Components"),
    Kind.PIPE_POINT: N_("Pipe points"),
    Kind.PIPE_SEGMENT: N_("Pipe segments"),
    Kind.CASE: N_("Cases"),
}


class Match(StrEnum):
    """By what something was found."""

    EXACT = "exact"
    PREFIX = "prefix"
    PART = "part"
    WORDS = "words"
    PINYIN = "pinyin"
    INITIALS = "initials"
    SIMILAR = "similar"
    CODE = "code"
    COORDINATE = "coordinate"
    ADDRESS = "address"
    INTERPOLATED = "interpolated"
    CROSSING = "crossing"
    ROAD = "road"  # the road of an address whose number nobody knows


@dataclass(frozen=True)
class Answer:
    """Something that was found. ``easting``, ``northing``: metres in the city's CRS.

    Attributes
    ----------
    id : of the row of its kind; None for what is no row (coordinates, a crossing, an interpolated door)
    title : what it is called now; ``matched``: the name or number that matched
    score : 0 to 1; 1 is what was asked for, to the letter
    precision : what the place is exact to, as people would name it: ``door``, ``road``, ``area`` …
    former : the name, or the thing, is no longer in force; ``until``: since when
    where : subdistrict and community; ``box``: west, south, east, north in degrees where it has an extent
    """

    kind: Kind
    id: int | None
    title: str
    matched: str
    match: Match
    score: float
    precision: str
    easting: float
    northing: float
    former: bool = False
    until: date | None = None
    where: str = ""
    box: tuple[float, float, float, float] | None = None
    distance_m: float | None = None

    def less_sure(self, share: float) -> "Answer":
        """The same with a part of its score."""
        return replace(self, score=round(self.score * share, 4))
