"""Finding by address: a door by road and number, a number between known doors, a crossing of two roads."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.place.answer import Answer, Kind, Match
from gis.place.names import Around, names_like
from gis.place.words import Address, crossing_in

NUMBERS_APART = 200  # between doors whose numbers lie farther apart, nothing is said about one in the middle
METRES_APART = 1_500.0
CROSSING_WITHIN_M = 40.0  # centre lines of wide roads need not touch
ROADS_TRIED = 3
HOUSE_M = 60.0  # a plate stands no farther from the middle of its house

_DOORS = """
    SELECT kind, ref_id, address, rest, number, valid_to, valid_to <= current_date AS former,
           ST_X(geom) AS easting, ST_Y(geom) AS northing
    FROM search_door WHERE road = :road AND number = :number
    ORDER BY former NULLS FIRST, rest <> :rest, kind DESC, rest, ref_id LIMIT :limit
"""
# The doors before and after a number: with sides 0 those of its own side of the street (odd or even) only.
_BESIDE = """
    (SELECT number, address, ST_X(geom) AS easting, ST_Y(geom) AS northing FROM search_door
     WHERE road = :road AND number < :number AND valid_to IS NULL AND abs(number - :number) % 2 <= :sides
     ORDER BY number DESC, id LIMIT 1)
    UNION ALL
    (SELECT number, address, ST_X(geom), ST_Y(geom) FROM search_door
     WHERE road = :road AND number > :number AND valid_to IS NULL AND abs(number - :number) % 2 <= :sides
     ORDER BY number, id LIMIT 1)
"""
_CROSSING = """
    SELECT ST_X(at) AS easting, ST_Y(at) AS northing FROM (
        SELECT ST_ClosestPoint(a.geom, b.geom) AS at, ST_Distance(a.geom, b.geom) AS apart_m, a.id, b.id
        FROM road AS a JOIN road AS b ON ST_DWithin(a.geom, b.geom, :within_m)
        WHERE a.name_zh = :one AND b.name_zh = :other AND a.valid_to IS NULL AND b.valid_to IS NULL
        ORDER BY apart_m, a.id, b.id LIMIT 1
    ) AS nearest
"""


def doors_at(session: Session, address: Address, around: Around, limit: int) -> list[Answer]:
    """Doors with that number, else the place between its neighbours, else the road; of every such road."""
    found: list[Answer] = []
    known = _doors(session, address.road, address, limit)
    if known:
        return known
    between = _between(session, address.road, address)
    if between:
        return [between]
    for road in names_like(session, address.road, (Kind.ROAD,), ROADS_TRIED, around):
        name = _chinese_name(session, road)
        known = _doors(session, name, address, limit)
        one = None if known else _between(session, name, address)
        share = road.score if road.match is not Match.EXACT else 1.0
        found += [door.less_sure(share) for door in (known or ([one] if one else []))]
        if not known and not one:
            found.append(_road_of(road, 0.55 * share))
    return found


def crossing_at(session: Session, words: str, around: Around) -> list[Answer]:
    """The crossing of two roads that words name; the words as they were typed."""
    for one, other in crossing_in(words):
        first = names_like(session, one, (Kind.ROAD,), 1, around, guess=False)
        second = names_like(session, other, (Kind.ROAD,), 1, around, guess=False)
        if not first or not second or first[0].id == second[0].id:
            continue
        names = _chinese_name(session, first[0]), _chinese_name(session, second[0])
        values = {"one": names[0], "other": names[1], "within_m": CROSSING_WITHIN_M}
        row = session.execute(text(_CROSSING), values).one_or_none()
        if row:
            title = f"{names[0]}与{names[1]}交叉口"
            score = round(min(first[0].score, second[0].score), 4)
            return [
                Answer(
                    Kind.CROSSING, None, title, title, Match.CROSSING, score, "crossing",
                    row.easting, row.northing,
                )
            ]  # fmt: skip
    return []


def _doors(session: Session, road: str, address: Address, limit: int) -> list[Answer]:
    values = {"road": road, "number": address.number, "rest": address.rest, "limit": 4 * limit}
    answers: list[Answer] = []
    for row in session.execute(text(_DOORS), values):
        kind = Kind.DOOR if row.kind == "place" else Kind.BUILDING
        # What follows the number of a question (a block, a storey) need not be known to find the door.
        score = 1.0 if row.rest == address.rest else 0.9 if not row.rest or not address.rest else 0.7
        door = Answer(
            kind, row.ref_id, row.address, row.address, Match.ADDRESS,
            score - (0.1 if row.former else 0), "door" if row.kind == "place" else "building",
            row.easting, row.northing, bool(row.former), row.valid_to if row.former else None,
        )  # fmt: skip
        if not any(_same_house(door, one) for one in answers):
            answers.append(door)
    return answers[:limit]


def _same_house(one: Answer, other: Answer) -> bool:
    """Whether two doors of an address, a plate and its building, are one to who asks."""
    apart = (one.easting - other.easting) ** 2 + (one.northing - other.northing) ** 2
    return one.title == other.title and one.former == other.former and apart < HOUSE_M**2


def _between(session: Session, road: str, address: Address) -> Answer | None:
    """Where the number must lie by its neighbours; by one of them alone where the other is missing or far."""
    rows: list[Any] = []
    for sides in (0, 1):
        values = {"road": road, "number": address.number, "sides": sides}
        rows = rows or list(session.execute(text(_BESIDE), values))
    if not rows:
        return None
    title = f"{road}{address.number}号"
    if len(rows) == 2:
        low, high = sorted(rows, key=lambda row: row.number)
        apart = ((high.easting - low.easting) ** 2 + (high.northing - low.northing) ** 2) ** 0.5
        if high.number - low.number <= NUMBERS_APART and apart <= METRES_APART:
            share = (address.number - low.number) / (high.number - low.number)
            return Answer(
                Kind.DOOR, None, title, f"{low.address} – {high.address}", Match.INTERPOLATED, 0.8,
                "interpolated",
                low.easting + share * (high.easting - low.easting),
                low.northing + share * (high.northing - low.northing),
            )  # fmt: skip
    near = min(rows, key=lambda row: abs(row.number - address.number))
    if abs(near.number - address.number) > NUMBERS_APART:
        return None
    return Answer(
        Kind.DOOR, None, title, near.address, Match.INTERPOLATED, 0.65, "nearest_door",
        near.easting, near.northing,
    )  # fmt: skip


def _road_of(road: Answer, score: float) -> Answer:
    return Answer(
        Kind.ROAD, road.id, road.title, road.matched, Match.ROAD, round(score, 4), "road",
        road.easting, road.northing, road.former, road.until,
    )  # fmt: skip


def _chinese_name(session: Session, road: Answer) -> str:
    """The name that addresses use, of a road found by any of its names."""
    return str(session.scalar(text("SELECT name_zh FROM road WHERE id = :id"), {"id": road.id}))
