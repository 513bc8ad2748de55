"""Words to places and back on the large city: each kind of question many times, drawn from what it has."""

import random
from collections.abc import Callable, Sequence
from itertools import cycle

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.timing import p50, p95, times_ms
from gis.crs import to_lonlat
from gis.database import engine, session_maker
from gis.people.models import Role
from gis.place.geocode import geocode
from gis.place.pinyin import spelled
from gis.place.reverse import called
from layers.catalog import layers_for
from layers.finding import find
from sample_data.load import has_city, load

ROUNDS = 200
DRAWN = 300


def main() -> None:
    """Print p50 and p95 of each kind of question; one session, words to answers with their places."""
    with engine().begin() as connection:
        if not has_city(connection):
            load(connection, "large")
    with session_maker()() as session:
        session.execute(text("SELECT setseed(0.5)"))
        kinds = questions(session)
        print(f"{ROUNDS} questions of each kind, milliseconds")
        print(f"{'':<36}{'p50':>8}{'p95':>8}{'found':>8}")
        everything: list[float] = []
        for kind, words in kinds.items():
            asked = cycle(words)
            found: list[int] = []
            everything += _line(
                kind,
                lambda asked=asked, found=found: found.append(len(geocode(session, next(asked)))),  # type: ignore[misc]
                found,
            )
        print(f"{'forward, all kinds':<36}{p50(everything):>8.1f}{p95(everything):>8.1f}")
        every = [word for words in kinds.values() for word in words if len(word) > 1]
        random.Random(1).shuffle(every)
        asked, layers = cycle(every), layers_for(Role.ADMIN)
        _line("the map's search, all kinds", lambda: find(session, layers, next(asked), 5))
        places = cycle(_places(session))
        _line("reverse", lambda: called(session, *next(places)))


def questions(session: Session) -> dict[str, list[str]]:
    """Words of each kind, drawn from what the city has."""

    def drawn(query: str) -> list[str]:
        rows = session.scalars(
            text(f"SELECT name FROM ({query}) AS n (name) ORDER BY random() LIMIT {DRAWN}")
        )
        return [str(name) for name in rows]

    names = drawn("SELECT name FROM search_name WHERE rank = 0")
    roads = drawn("SELECT DISTINCT name_zh FROM road")
    addresses = drawn("SELECT address FROM search_door")
    return {
        "name": names,
        "beginning of a name": [name[:2] for name in names],
        "one character": ["街", "巷", "东", "科"],
        "a wrong character": [f"{name[:1]}某{name[2:]}" for name in names if len(name) > 3],
        "pinyin": [spelled(name) for name in names],
        "initials": ["".join(spelled(letter)[:1] for letter in name) for name in names],
        "address": addresses,
        "address in full, words about it": [f"鄂尔多斯市东胜区{one}附近" for one in addresses],
        "number of no door": [f"{road}{7 + 2 * n}号" for n, road in enumerate(roads)],
        "crossing": _crossings(session),
        "coordinates": [f"{lon:.6f},{lat:.6f}" for lon, lat in _places(session)],
        "grid code": drawn("SELECT code FROM unit_grid"),
        "component code": drawn("SELECT code FROM component TABLESAMPLE SYSTEM (2)"),
        "case number": drawn('SELECT case_no FROM "case" TABLESAMPLE SYSTEM (1)'),
        "case number, begun": drawn('SELECT left(case_no, 11) FROM "case" TABLESAMPLE SYSTEM (1)'),
        "pipe number": drawn("SELECT segment_no FROM pipe_segment TABLESAMPLE SYSTEM (1)"),
        "pipe number, begun": drawn("SELECT left(point_no, 6) FROM pipe_point TABLESAMPLE SYSTEM (1)"),
        "what there is not": ["不曾有过的地方", "nosuchplace", "某某路99号", "ZZ99999999", "甲乙丙丁"],
    }


def _crossings(session: Session) -> list[str]:
    rows: Sequence[tuple[str, str]] = session.execute(
        text(
            "SELECT a.name_zh, b.name_zh FROM road AS a JOIN road AS b ON ST_Touches(a.geom, b.geom)"
            f" WHERE a.name_zh < b.name_zh AND a.id % 37 = 0 LIMIT {DRAWN}"
        )
    ).all()  # type: ignore[assignment]
    return [f"{one}与{other}交叉口" for one, other in rows]


def _places(session: Session) -> list[tuple[float, float]]:
    rows = session.execute(
        text(f'SELECT ST_X(location), ST_Y(location) FROM "case" TABLESAMPLE SYSTEM (1) LIMIT {DRAWN}')
    )
    return [to_lonlat(x, y) for x, y in rows]


def _line(what: str, work: Callable[[], object], found: list[int] | None = None) -> list[float]:
    times = times_ms(work, ROUNDS, warm_up=5)
    share = f"{sum(map(bool, found)) / len(found):>8.0%}" if found else ""
    print(f"{what:<36}{p50(times):>8.1f}{p95(times):>8.1f}{share}")
    return times


if __name__ == "__main__":
    main()
