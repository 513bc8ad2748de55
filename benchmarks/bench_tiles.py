"""One uncached tile of the city: time in the database and size on the wire, layer by layer.

``python -m benchmarks.bench_tiles`` against the database of ``CITYGRID_DATABASE_URL`` (else the private one).
"""

import gzip
import math
import random
import statistics
import time

from sqlalchemy.orm import Session

from gis.database import session_maker
from layers.catalog import LAYERS
from layers.layer import Layer
from layers.source import city_box
from layers.tiles import tile

ZOOMS = (12, 14, 16)
ROUNDS = 30


def tiles_at(box: tuple[float, float, float, float], z: int, most: int) -> list[tuple[int, int]]:
    """Up to ``most`` tiles spread over the city, the same ones in every run."""
    west, north = _number(box[0], box[3], z)
    east, south = _number(box[2], box[1], z)
    every = [(x, y) for x in range(west, east + 1) for y in range(north, south + 1)]
    return random.Random(1).sample(every, min(most, len(every)))


def measure(session: Session, layer: Layer, z: int, places: list[tuple[int, int]]) -> dict[str, float]:
    """p50 and p95 of one tile in milliseconds, and the largest one packed, kB."""
    times: list[float] = []
    largest = 0
    for number in range(ROUNDS):
        x, y = places[number % len(places)]
        begin = time.perf_counter()
        content = tile(session, layer, z, x, y)
        times.append((time.perf_counter() - begin) * 1000)
        largest = max(largest, len(gzip.compress(content, 5)))
    return {
        "p50_ms": statistics.median(times),
        "p95_ms": statistics.quantiles(times, n=20)[-1],
        "largest_kb": largest / 1000,
    }


def _number(lon: float, lat: float, z: int) -> tuple[int, int]:
    side = 1 << z
    row = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side
    return int((lon + 180) / 360 * side), int(row)


def main() -> None:
    """Print one line a layer and zoom."""
    with session_maker()() as session:
        box = city_box(session)
        if box is None:
            print("tiles: the database holds no city")
            return
        print(f"{'layer':<14} {'zoom':>4} {'p50 ms':>8} {'p95 ms':>8} {'largest kB':>10}")
        for layer in LAYERS.values():
            for z in ZOOMS:
                if z < layer.min_zoom:
                    continue
                found = measure(session, layer, z, tiles_at(box, z, 12))
                print(
                    f"{layer.name:<14} {z:>4} {found['p50_ms']:>8.1f} {found['p95_ms']:>8.1f}"
                    f" {found['largest_kb']:>10.1f}"
                )


if __name__ == "__main__":
    main()
