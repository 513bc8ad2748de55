"""Cross-sections of a hundred crossings over HTTP, beside the same cut in geopandas without any service."""

import socket
import threading
import time
from typing import Any

import geopandas as gpd
import httpx2
import numpy as np
import shapely
import uvicorn
from sqlalchemy import Connection, text

from benchmarks.timing import p50, p95, times_ms
from gis.crs import to_lonlat
from gis.database import engine, transaction
from gis.pipeline.section.cross_section import cross_section
from gis.pipeline.section.line import SectionLine
from gis.settings import CITY_SRID

CROSSINGS = 100
ROUNDS = 100
BEARING_DEG = 20.0  # nobody draws quite square to the streets
STEP_M = 50.0

# What the peer needs of each line: its plan, the levels of its ends, the ground above them.
AROUND = """
SELECT s.id, s.class_code, s.sub_code, s.start_level, s.end_level, s.width_mm, s.height_mm, s.geom,
       a.ground_level AS start_ground, b.ground_level AS end_ground
FROM pipe_segment AS s
JOIN pipe_point AS a ON a.id = s.start_point_id
JOIN pipe_point AS b ON b.id = s.end_point_id
WHERE s.valid_to IS NULL AND s.geom && ST_MakeEnvelope(:west, :south, :east, :north, :srid)
"""


def main() -> None:
    """Print p50 and p95 of the section as data and drawn, and how geopandas compares."""
    from web.app import create_app

    line, expected = find_line()
    listener = socket.socket()
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as the service's own: see api.commands
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    form = {"username": "planner", "password": "citygrid-demo"}
    token = httpx2.post(f"{base}/api/v1/token", data=form).json()["access_token"]
    places = [to_lonlat(x, y) for x, y in line.xy]
    body = {"line": {"type": "LineString", "coordinates": places}}
    print(f"section of {line.length_m:.0f} m with {expected} crossings; {ROUNDS} each, one after another")
    print(f"{'milliseconds':<26} {'p50':>8} {'p95':>8} {'kB':>8}")
    found: dict[str, list[float]] = {}
    with httpx2.Client(base_url=base, headers={"authorization": f"Bearer {token}"}, timeout=60) as client:
        for name in ("json", "svg"):
            address = f"/api/v1/pipelines/cross-section?f={name}"
            answer = client.post(address, json=body)
            assert answer.status_code == 200, answer.text
            if name == "json":
                assert len(answer.json()["crossings"]) == expected
            found[name] = times_ms(lambda at=address: client.post(at, json=body), ROUNDS, warm_up=5)
            print(
                f"{name + ' over HTTP':<26} {p50(found[name]):>8.1f} {p95(found[name]):>8.1f}"
                f" {len(answer.content) / 1000:>8.0f}"
            )
    server.should_exit = True
    thread.join(timeout=10)
    with engine().connect() as connection:
        assert len(with_geopandas(connection, line)) == expected
        peer = times_ms(lambda: with_geopandas(connection, line), max(ROUNDS // 5, 5))
    print(f"{'geopandas, levels only':<26} {p50(peer):>8.1f} {p95(peer):>8.1f}")
    print(f"the service answers {p50(peer) / p50(found['json']):.1f} times as fast (p50)")


def find_line() -> tuple[SectionLine, int]:
    """A line from the middle of the network, as long as it takes to cut that many lines."""
    with transaction() as session:
        x, y = session.execute(
            text(
                "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ST_X(geom)),"
                " percentile_cont(0.5) WITHIN GROUP (ORDER BY ST_Y(geom)) FROM pipe_point"
            )
        ).one()
        ahead = np.array([np.sin(np.radians(BEARING_DEG)), np.cos(np.radians(BEARING_DEG))])
        length = STEP_M
        while True:
            line = SectionLine(np.array([[x, y], [x, y] + ahead * length]))
            count = len(cross_section(session, line).crossings)
            if count >= CROSSINGS:
                return line, count
            length += STEP_M


def with_geopandas(connection: Connection, line: SectionLine) -> gpd.GeoDataFrame:
    """The crossings with their levels and spacing, as one would write it by hand: no wells, no clearances."""
    cut: shapely.LineString = line.geometry
    west, south, east, north = cut.bounds
    values: dict[str, Any] = {"west": west, "south": south, "east": east, "north": north, "srid": CITY_SRID}
    lines = gpd.read_postgis(text(AROUND), connection, geom_col="geom", params=values)
    lines = lines[lines.intersects(cut)].copy()
    flat = lines.geometry.force_2d()
    place = flat.intersection(cut).representative_point()
    share = flat.project(place, normalized=True)
    height = lines.height_mm.fillna(lines.width_mm) / 1000
    lines["station"] = shapely.line_locate_point(cut, place.to_numpy())
    lines["ground"] = lines.start_ground + (lines.end_ground - lines.start_ground) * share
    level = lines.start_level + (lines.end_level - lines.start_level) * share
    at_bottom = lines.class_code.eq("PS")
    lines["crown"] = level.where(~at_bottom, level + height)
    lines["invert"] = (level - height).where(~at_bottom, level)
    lines = lines.sort_values("station")
    lines["clear"] = lines.station.diff() - lines.width_mm.rolling(2).sum() / 2000
    return lines


if __name__ == "__main__":
    main()
