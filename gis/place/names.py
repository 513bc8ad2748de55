"""Finding by name: to the letter, by its beginning or a part of it, in pinyin or initials, nearly so."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.database import read_sql
from gis.place.answer import Answer, Kind, Match
from gis.place.pinyin import spelled
from gis.settings import CITY_SRID

SHORTEST_GUESSED = 3  # characters: shorter words are one letter away from everything
MOST_GUESSED = 16
PRECISIONS = {
    Kind.AREA: "area",
    Kind.ROAD: "road",
    Kind.PLACE: "place",
    Kind.BUILDING: "building",
    Kind.DUTY_GRID: "grid",
}


@dataclass(frozen=True)
class Around:
    """Where answers are wanted, all in the city's CRS, metres: nearer ones first, only those in a box."""

    x: float | None = None
    y: float | None = None
    box: tuple[float, float, float, float] | None = None


def names_like(
    session: Session,
    words: str,
    kinds: tuple[Kind, ...] | None = None,
    limit: int = 10,
    around: Around = Around(),
    guess: bool = True,
) -> list[Answer]:
    """What is called by plain words; ``guess``: what is nearly called so, where nothing is."""
    if not words:
        return []
    named = [str(kind) for kind in kinds or PRECISIONS if kind in PRECISIONS]
    if not named:
        return []
    latin = spelled(words)
    west, south, east, north = around.box or (None, None, None, None)
    values: dict[str, Any] = {
        "q": words, "is_latin": words.isascii(),
        "begins": f"{words}%", "holds": f"%{words}%", "read": f"%|{latin}%", "read_whole": f"%|{latin}|%",
        "kinds": named, "limit": limit, "x": around.x, "y": around.y,
        "west": west, "south": south, "east": east, "north": north, "srid": CITY_SRID,
    }  # fmt: skip
    rows = session.execute(read_sql("search_names"), values).all()
    if not rows and guess and SHORTEST_GUESSED <= len(words) <= MOST_GUESSED:
        # The default, 0.6, asks for more than a slip in a short name leaves.
        session.execute(text("SET LOCAL pg_trgm.word_similarity_threshold = 0.55"))
        values |= {"patterns": _one_off(words), "length": len(words), "latin": latin}
        rows = session.execute(read_sql("search_similar"), values).all()
    return [_answer(row) for row in rows]


def _answer(row: Any) -> Answer:
    kind = Kind(row.kind)
    return Answer(
        kind, row.ref_id, row.name, row.name, Match(row.match), round(float(row.score), 4), PRECISIONS[kind],
        row.easting, row.northing, bool(row.former), row.valid_to if row.former else None,
    )  # fmt: skip


def _one_off(words: str) -> list[str]:
    """LIKE patterns of names with one character replaced, left out or put in."""
    cuts = range(len(words) + 1)
    replaced = [f"{words[:at]}_{words[at + 1 :]}" for at in cuts[:-1]]
    longer = [f"{words[:at]}_{words[at:]}" for at in cuts]
    shorter = [f"{words[:at]}{words[at + 1 :]}" for at in cuts[:-1]]
    return [*replaced, *longer, *shorter]
