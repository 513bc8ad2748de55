"""Features over HTTP on the large city, two workers, beside tipg on the same database in the same run.

The page at row 900,000 against the first, boxes of 1 km² by four clients at once, the memory that a file of a
million rows takes. tipg tells the columns of one table; ours adds the names of eight others in two languages.
"""

import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx2
from sqlalchemy import text

from benchmarks.timing import p50, times_ms
from benchmarks.tipg_peer import SEGMENTS, is_there, tipg
from benchmarks.workers import ours
from gis.database import engine, transaction
from gis.page import write_cursor

WORKERS, CLIENTS, SECONDS, ROUNDS = 2, 4, 8.0, 11
LIMIT, DEEP = 1000, 900_000
OURS = "/ogc/collections/pipe_segments/items"
THEIRS = f"/collections/{SEGMENTS}/items"
FORMATS = ("jsonseq", "csv", "fgb", "parquet", "gpkg", "kml")
Box = tuple[float, float, float, float]
_BOXES = """
SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b)
FROM (SELECT ST_Transform(ST_Expand(ST_Force2D(ST_StartPoint(geom)), 500), 4326) AS b
      FROM pipe_segment WHERE id = ANY(:ids)) AS s
"""
_HELD = """
SELECT count(*) FROM pipe_segment
WHERE valid_to IS NULL AND ST_Intersects(geom, ST_Transform(ST_Segmentize(
      ST_MakeEnvelope(:west, :south, :east, :north, 4326), 0.001), ST_SRID(geom)))
"""


def main() -> None:
    """Print pages, boxes and files."""
    boxes, ids = _places()
    found = {}
    if is_there():
        with tipg(WORKERS) as base, httpx2.Client(base_url=base, timeout=120) as client:
            found["tipg"] = measure(client, THEIRS, boxes, f"offset={DEEP}")
    with ours(WORKERS) as base, signed_in(base) as client:
        behind = f"cursor={write_cursor('after', ids[min(DEEP, len(ids) - LIMIT) - 1])}"
        found["citygrid"] = measure(client, OURS, boxes, behind)
        # What both tell: the columns of the table, without the names that ours adds from others.
        same = f"properties={','.join(_common(client))}"
        found["same columns"] = measure(client, OURS, boxes, f"{behind}&{same}", same)
        _check(client, boxes)
    print(f"{'':<12} {'first page':>12} {'row 900,000':>12} {'ratio':>6} {'boxes/s':>8}   ({LIMIT} a page)")
    for name, (first, far, boxes_s) in found.items():
        print(f"{name:<12} {first:>9.0f} ms {far:>9.0f} ms {far / first:>6.2f} {boxes_s:>8.1f}")
    if "tipg" in found:
        print(f"boxes: {found['citygrid'][2] / found['tipg'][2]:.1f} × tipg", end=", ")
        print(f"with the same columns {found['same columns'][2] / found['tipg'][2]:.1f} ×")
    for name in FORMATS:
        line = subprocess.run(
            [sys.executable, "-m", "benchmarks.bench_features", name],
            check=True,
            capture_output=True,
            text=True,
        )
        print(line.stdout.strip())


def _common(client: httpx2.Client) -> list[str]:
    """The properties of ours that are columns of the table."""
    told = client.get(OURS, params={"limit": 1}).json()["features"][0]["properties"]
    with engine().connect() as connection:
        columns = set(
            connection.scalars(
                text("SELECT column_name FROM information_schema.columns WHERE table_name = 'pipe_segment'")
            )
        )
    return [name for name in told if name in columns]


def measure(
    client: httpx2.Client, path: str, boxes: list[Box], far: str, more: str = ""
) -> tuple[float, float, float]:
    """Milliseconds of the first page and of one far behind; requests a second for boxes."""

    def get(query: str) -> Callable[[], bool]:
        def send() -> bool:
            answer = client.get(f"{path}?limit={LIMIT}&{query}", headers={"accept": "application/geo+json"})
            # tipg answers 500 where a line has an unknown height, and which lines a page of it holds varies.
            if answer.status_code != 200 and path == OURS:
                raise RuntimeError(f"{answer.status_code} {answer.url} {answer.text[:200]}")
            return answer.status_code == 200

        return send

    first = p50(times_ms(get(more or ("f=json" if path == OURS else "f=geojson")), ROUNDS, warm_up=6))
    behind = p50(times_ms(get(far), ROUNDS, warm_up=6))
    sends = [get(f"bbox={_listed(box)}&{more}") for box in boxes]
    return first, behind, _rate(sends)


def _rate(sends: list[Callable[[], bool]]) -> float:
    """Requests a second that were answered, of several clients at once, each with its own order."""

    def work(seed: int) -> int:
        order, done, end = random.Random(seed), 0, time.perf_counter() + SECONDS
        while time.perf_counter() < end:
            done += order.choice(sends)()
        return done

    for send in sends:
        send()
    begin = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        done = sum(clients.map(work, range(CLIENTS)))
    return done / (time.perf_counter() - begin)


def _places() -> tuple[list[Box], list[int]]:
    """Boxes of 1 km², and the ids of all segments in their order."""
    with engine().connect() as connection:
        ids = list(connection.scalars(text("SELECT id FROM pipe_segment ORDER BY id")))
        rows = connection.execute(text(_BOXES), {"ids": random.Random(5).sample(ids, 12)})
        boxes: list[Box] = [(row[0], row[1], row[2], row[3]) for row in rows]
    return boxes, ids


def _listed(box: Box) -> str:
    return ",".join(map(repr, box))


def _check(client: httpx2.Client, boxes: list[Box]) -> None:
    """Each box holds, page by page, what SQL says."""
    for box in boxes[:3]:
        with engine().connect() as connection:
            values = dict(zip(("west", "south", "east", "north"), box, strict=True))
            number = connection.scalar(text(_HELD), values) or 0
        page = client.get(OURS, params={"bbox": _listed(box), "limit": LIMIT}).json()
        count = len(page["features"])
        while following := next((one["href"] for one in page["links"] if one["rel"] == "next"), None):
            page = client.get(following).json()
            count += len(page["features"])
        # A chord stands for an edge that is a curve in degrees: a line may lie between the two.
        assert abs(count - number) <= max(2, number // 500), (box, count, number)


@contextmanager
def signed_in(base: str) -> Iterator[httpx2.Client]:
    """A client of ours as a planner."""
    form = {"username": "planner", "password": "citygrid-demo"}
    token = httpx2.post(f"{base}/api/v1/token", data=form, timeout=60).json()["access_token"]
    headers = {"authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=base, headers=headers, timeout=120) as client:
        yield client


def export(name: str) -> None:
    """Write all segments as a file in this process; print what it took."""
    from layers.catalog import LAYERS
    from layers.features.asking import Asked
    from layers.features.files import FORMATS as KINDS
    from layers.features.files import write_file

    with transaction() as session:
        write_file(
            Asked(session, LAYERS["pipe_segments"]), KINDS[name], limit=1000
        ).remove()  # all is imported
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begin = time.perf_counter()
        made = write_file(Asked(session, LAYERS["pipe_segments"]), KINDS[name])
        seconds = time.perf_counter() - begin
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        size = made.path.stat().st_size / 1e6
        made.remove()
    print(
        f"{name:<8} {made.rows:>9,} rows {seconds:>6.1f} s {size:>7.0f} MB on disk,"
        f" memory {before / 1024:.0f} + {(peak - before) / 1024:.0f} MB"
    )


if __name__ == "__main__":
    export(sys.argv[1]) if len(sys.argv) > 1 else main()
