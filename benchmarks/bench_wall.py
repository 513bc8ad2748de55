"""The wall screen for half an hour under load: does its memory grow? ``BENCH_WALL_MINUTES`` sets the time.

Headless Chromium shows ``/evaluation/wall`` while cases are reported and taken on at several a second. First
the page is made to read everything anew some hundred times, as in a day: until then the engine compiles more
and more of it, which looks like growth and ends by itself. Then, each minute, its garbage is collected and
what is left is counted. The slope of the last two thirds of the time (Theil and Sen: one reading in the midst
of drawing says nothing) must stay below bounds that a screen could live with for a week.
"""

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import CDPSession, Page, sync_playwright
from scipy.stats import theilslopes
from sqlalchemy import text

from gis.database import engine
from tests.browser import launch, visit

Figures = NDArray[np.float64]

MINUTES = float(os.environ.get("BENCH_WALL_MINUTES", "30"))
EVERY_S = 60.0
REFRESHED = 300  # times before counting begins; of the slow parts a day's worth
PER_S = 4.0  # changes of cases
PORT = int(os.environ.get("CITYGRID_PORT", "8098"))
TOKEN_S = 900.0
STEPS = (  # who takes a case on from which queue
    ("shift_leader", "file", {"verified": "file"}),
    ("dispatcher", "dispatch", {"filed": "dispatch"}),
    ("acceptor", "accept", {"reported": "verify"}),
)
WEEK_MIN = 7 * 24 * 60


@dataclass(frozen=True)
class Measure:
    """One thing that must not grow: its name, how much of it a minute may add, what it is told in."""

    name: str
    most_per_minute: float
    divisor: float = 1.0
    unit: str = ""


# A week at the bound adds 100 MB; of nodes and listeners less than what a page of the desk has.
MEASURES = (
    Measure("JS heap", 10_000, 1e6, "MB"),
    Measure("DOM nodes", 0.5),
    Measure("listeners", 0.05),
)


@dataclass
class Load:
    """Reports and steps against the service, until it is told to stop; ``done`` counts what was taken."""

    base: str
    places: list[tuple[float, float]]
    stop: threading.Event = field(default_factory=threading.Event)
    done: int = 0
    refused: int = 0

    def run(self) -> None:
        chance = random.Random(1)
        with httpx2.Client(base_url=self.base, timeout=30) as client:
            tokens: dict[str, dict[str, str]] = {}
            renewed, due = 0.0, time.monotonic()
            while not self.stop.wait(max(0.0, due - time.monotonic())):
                due = max(due + 1 / PER_S, time.monotonic() - 1)
                with suppress(httpx2.TransportError):
                    if time.monotonic() - renewed > TOKEN_S:
                        tokens = {
                            role: _token(client, role) for role in ("inspector", *(s[0] for s in STEPS))
                        }
                        renewed = time.monotonic()
                    self._act(client, tokens, chance)

    def _act(self, client: httpx2.Client, tokens: dict[str, dict[str, str]], chance: random.Random) -> None:
        if chance.random() < 0.5:
            lon, lat = chance.choice(self.places)
            body = {
                "lon": lon,
                "lat": lat,
                "kind": "event",
                "class_code": "0105",
                "description": "wall screen",
            }
            self._note(client.post("/api/v1/cases", json=body, headers=tokens["inspector"]))
            return
        role, queue, actions = chance.choice(STEPS)
        rows = client.get("/api/v1/cases", params={"queue": queue, "limit": 20}, headers=tokens[role]).json()
        open_rows = [row for row in rows.get("items", ()) if row["state"] in actions]
        if open_rows:
            row = chance.choice(open_rows)
            address = f"/api/v1/cases/{row['case_no']}/actions/{actions[row['state']]}"
            seen = {"If-Match": f'"{row["version"]}"'}
            self._note(client.post(address, json={"note": "wall screen"}, headers=tokens[role] | seen))

    def _note(self, answer: httpx2.Response) -> None:
        if answer.is_success:
            self.done += 1
        else:
            self.refused += 1


def main() -> None:
    """Print a line a minute, then the slopes; AssertionError where one is above its bound."""
    with served() as base:
        load = Load(base, _places())
        thread = threading.Thread(target=load.run, daemon=True)
        with sync_playwright() as playwright:
            browser = launch(playwright)
            with visit(browser, base, "evaluator", size={"width": 1920, "height": 1080}) as seen:
                seen.page.goto(f"{base}/evaluation/wall")
                seen.page.wait_for_function("() => document.getElementById('open').textContent !== '–'")
                thread.start()
                rows = watch(seen.page, load)
                load.stop.set()
                assert not seen.outside, seen.outside
                assert not seen.errors, seen.errors
            browser.close()
        thread.join(timeout=30)
    judge(rows)


def watch(page: Page, load: Load) -> Figures:
    """Rows of minute, heap (bytes), nodes, listeners; one a minute, printed as they come."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    print(f"{'minute':>6} {'MB':>7} {'nodes':>6} {'listeners':>9} {'changes':>8}")
    for _time in range(REFRESHED):
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(200)
    rows = []
    begun = time.monotonic()
    for number in range(int(MINUTES * 60 / EVERY_S) + 1):
        # The page's own events are handled while it waits.
        page.wait_for_timeout(max(0.0, begun + number * EVERY_S - time.monotonic()) * 1000)
        # Nothing is asked of the page by script meanwhile: what is asked leaves its own traces in the heap.
        heap, nodes, listeners = _counted(session)
        minute = (time.monotonic() - begun) / 60
        rows.append((minute, heap, nodes, listeners))
        print(f"{minute:6.1f} {heap / 1e6:7.3f} {nodes:6.0f} {listeners:9.0f} {load.done:8}", flush=True)
    stream = page.locator("#wall").get_attribute("data-stream")
    print(f"{load.done} changes taken, {load.refused} refused (another had taken the case); stream: {stream}")
    assert stream == "live"
    assert page.locator("#alarm").is_hidden()
    return np.array(rows)


def _counted(session: CDPSession) -> tuple[float, float, float]:
    """Bytes of heap, DOM nodes and listeners once garbage is collected."""
    for _time in range(2):  # what the first sets free holds the next
        session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"]
    dom = session.send("Memory.getDOMCounters")
    return float(heap), float(dom["nodes"]), float(dom["jsEventListeners"])


def slopes(rows: Figures) -> list[float]:
    """Growth a minute of each column after the first, over the last two thirds of the time."""
    late = rows[rows[:, 0] >= rows[-1, 0] / 3]
    return [float(theilslopes(column, late[:, 0]).slope) for column in late[:, 1:].T]


def judge(rows: Figures) -> None:
    too_steep = []
    for measure, slope, last in zip(MEASURES, slopes(rows), rows[-1, 1:], strict=True):
        week, end = slope * WEEK_MIN / measure.divisor, last / measure.divisor
        print(
            f"{measure.name}: {end:.3f} {measure.unit} at the end, {slope:+.3f} a minute"
            f" (bound {measure.most_per_minute:g}), {week:+.1f} {measure.unit} in a week at that rate"
        )
        if slope > measure.most_per_minute:
            too_steep.append(measure.name)
    assert not too_steep, f"these grow: {', '.join(too_steep)}"


@contextmanager
def served() -> Iterator[str]:
    """The service on the database of the settings, with its worker, as a process of its own."""
    command = [str(Path(sys.executable).parent / "citygrid"), "serve"]
    environment = os.environ | {"CITYGRID_PORT": str(PORT)}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{PORT}"
    try:
        for _time in range(600):
            with suppress(httpx2.TransportError):
                if httpx2.get(f"{base}/health/ready").status_code == 200:
                    break
            time.sleep(0.2)
        yield base
    finally:
        server.terminate()
        server.wait(timeout=30)


def _places() -> list[tuple[float, float]]:
    statement = text(
        "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_PointOnSurface(geom), 4490) AS p"
        " FROM unit_grid WHERE valid_to IS NULL ORDER BY md5(code) LIMIT 300) AS grid"
    )
    with engine().connect() as connection:
        return [(float(lon), float(lat)) for lon, lat in connection.execute(statement)]


def _token(client: httpx2.Client, role: str) -> dict[str, str]:
    answer = client.post("/api/v1/token", data={"username": role, "password": "citygrid-demo"})
    return {"authorization": f"Bearer {answer.json()['access_token']}"}


if __name__ == "__main__":
    assert shutil.which("chromium") or shutil.which("chromium-browser"), "Chromium is missing"
    main()
