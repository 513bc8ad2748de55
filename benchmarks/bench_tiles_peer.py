"""Tiles of the large city's pipes over HTTP beside tipg: the same tiles, workers, connections and database.

Uncached: every tile is asked for once of a service that has met none of them. Cached: again, when each worker
has met each tile. 304: with the name of the tile that the client has. tipg keeps nothing and names nothing.
"""

import statistics

import httpx2
import mapbox_vector_tile
from sqlalchemy import text

from benchmarks.asking import Answered, ask_all, tags_of
from benchmarks.bench_tiles import tiles_at
from benchmarks.tipg_peer import SEGMENTS, is_there, tipg
from benchmarks.workers import ours
from gis.database import session_maker
from layers.source import city_box

WORKERS, CONNECTIONS = 2, 4
TILES = {10: 4, 11: 9, 12: 16, 14: 80, 15: 250, 16: 600}
ROUNDS = 6  # of cached tiles: 2 workers meet each tile several times


def main() -> None:
    """Print requests a second, p50, p95 and ratios for each zoom."""
    with session_maker()() as session:
        box = city_box(session)
        if box is None:
            print("tiles: the database holds no city")
            return
    places = {z: tiles_at(box, z, most) for z, most in TILES.items()}
    warming = tiles_at(box, 17, 40)  # other tiles: processes and connections are there, no tile is
    peer: dict[int, Answered] = {}
    counts: dict[tuple[int, int, int], int] = {}
    if is_there():
        with tipg(WORKERS) as base:
            first = [f"/collections/{SEGMENTS}/tiles/WebMercatorQuad/17/{x}/{y}" for x, y in warming]
            ask_all(base, first, {"accept-encoding": "gzip"}, CONNECTIONS)
            for z in (14, 15, 16):
                paths = [f"/collections/{SEGMENTS}/tiles/WebMercatorQuad/{z}/{x}/{y}" for x, y in places[z]]
                peer[z] = ask_all(base, paths, {"accept-encoding": "gzip"}, CONNECTIONS)
                counts |= {(z, *at): _count(base + path, "default") for at, path in _some(places[z], paths)}
    else:
        print("tipg is not installed: only our own are measured")
    print(f"{'zoom':>4} {'':<9} {'/s':>8} {'p50 ms':>8} {'p95 ms':>8} {'kB':>7} {'of tipg':>8}")
    with ours(WORKERS) as base:
        headers = {"accept-encoding": "gzip", "authorization": f"Bearer {_token(base)}"}
        ask_all(base, [f"/tiles/pipe_segments/17/{x}/{y}.mvt" for x, y in warming], headers, CONNECTIONS)
        for z, at in places.items():
            paths = [f"/tiles/pipe_segments/{z}/{x}/{y}.mvt" for x, y in at]
            first = ask_all(base, paths, headers, CONNECTIONS)
            _tell(z, "uncached", first, peer.get(z))
            many = paths * max(ROUNDS, 1200 // len(paths))
            ask_all(base, many, headers, CONNECTIONS)
            _tell(z, "cached", ask_all(base, many, headers, CONNECTIONS), peer.get(z))
            tags = tags_of(base, paths, headers)
            _tell(z, "304", ask_all(base, many, headers, CONNECTIONS, tags), peer.get(z))
            if z in peer:
                _tell(z, "tipg", peer[z], None)
                for place, path in _some(at, paths):
                    told = _count(base + path, "pipe_segments", headers)
                    print(
                        f"     {z}/{place[0]}/{place[1]}: {told} features, {_by_sql(z, *place, 64)} by SQL;"
                        f" tipg {counts[z, *place]}, {_by_sql(z, *place, 256)} by SQL with its margin"
                    )


def _some(places: list[tuple[int, int]], paths: list[str]) -> list[tuple[tuple[int, int], str]]:
    return list(zip(places, paths, strict=True))[:3]


def _tell(z: int, what: str, answered: Answered, peer: Answered | None) -> None:
    ratio = f"{answered.per_second / peer.per_second:.1f} x" if peer else ""
    times = sorted(answered.times_ms)
    kilobytes = answered.bytes / len(times) / 1000
    print(
        f"{z:>4} {what:<9} {answered.per_second:>8.0f} {statistics.median(times):>8.1f}"
        f" {statistics.quantiles(times, n=20)[-1]:>8.1f} {kilobytes:>7.1f} {ratio:>8}"
        + ("" if set(answered.statuses) <= {200, 204, 304} else f" {answered.statuses}")
    )


def _token(base: str) -> str:
    form = {"username": "planner", "password": "citygrid-demo"}
    return str(httpx2.post(f"{base}/api/v1/token", data=form).json()["access_token"])


def _count(address: str, layer: str, headers: dict[str, str] | None = None) -> int:
    content = httpx2.get(address, headers=headers, timeout=120).content
    return len(mapbox_vector_tile.decode(content)[layer]["features"]) if content else 0


def _by_sql(z: int, x: int, y: int, margin: int) -> int:
    """Rows that meet the tile and its margin, of 4096 units a side; by the geometry itself."""
    with session_maker()() as session:
        return int(
            session.scalar(
                text(
                    "SELECT count(*) FROM pipe_segment AS s, LATERAL (SELECT ST_TileEnvelope(:z, :x, :y,"
                    " margin => CAST(:margin AS double precision) / 4096) AS g) AS b"
                    " WHERE s.valid_to IS NULL AND s.geom && ST_Transform(b.g, ST_SRID(s.geom))"
                    " AND ST_Intersects(ST_Transform(ST_Force2D(s.geom), 3857), b.g)"
                ),
                {"z": z, "x": x, "y": y, "margin": margin},
            )
            or 0
        )


if __name__ == "__main__":
    main()
