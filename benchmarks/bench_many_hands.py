"""Thirty reports a second for minutes, while forty desks list and act: on the large city, over HTTP.

The service runs as it is served, two server processes and its jobs; whoever sends runs beside it on the same
machine and takes its share of the cores. A report is what a phone does: it asks for open cases that it may
repeat, then sends itself; every twentieth is sent twice. Times count from when a report was due, so that a
queue in the sender is not hidden.
"""

import asyncio
import os
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from sqlalchemy import text

from benchmarks.timing import p50, p95
from gis.database import engine

RATE_PER_S = 30
MINUTES = float(os.environ.get("BENCH_MINUTES", "5"))
DESKS = {"acceptor": 10, "shift_leader": 10, "dispatcher": 12, "department": 8}
THINK_S = 5.0  # a person reads between two steps, on average
QUEUES = {"acceptor": "accept", "shift_leader": "file", "dispatcher": "dispatch", "department": "dispose"}
STEPS = {
    "reported": "verify",
    "verified": "file",
    "filed": "dispatch",
    "dispatched": "accept",
    "accepted": "dispose",
    "disposed": "feed_back",
}
CLASSES = ("0101", "0102", "0104", "0105", "0301", "0401", "0403", "0409")
MARK = "many hands"
KEYS = f"many-hands-{os.getpid()}-"  # of this run: the city may hold others


@dataclass
class Tally:
    """Milliseconds by what was asked, answers by status, and what the service has promised."""

    times: dict[str, list[float]] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    promised: dict[str, str] = field(default_factory=dict)

    def note(self, what: str, begun: float, status: int) -> None:
        self.times.setdefault(what, []).append((time.perf_counter() - begun) * 1000)
        self.answers[f"{what} {status}"] += 1


def main() -> None:
    """Print p50 and p95 of reports, lists and steps, and whether any report was lost or stored twice."""
    with engine().connect() as connection:
        places = [
            tuple(row)
            for row in connection.execute(
                text(
                    "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_PointOnSurface(geom), 4490) AS p"
                    " FROM unit_grid WHERE valid_to IS NULL ORDER BY md5(code) LIMIT 3000) AS grid"
                )
            )
        ]
    port = 8099
    environment = os.environ | {"CITYGRID_PORT": str(port), "CITYGRID_WORKERS": "2"}
    server = subprocess.Popen(
        [str(Path(sys.executable).parent / "citygrid"), "serve"], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        tally = asyncio.run(_storm(f"http://127.0.0.1:{port}", places))
    finally:
        server.terminate()
        server.wait(timeout=30)
    _print(tally)
    _check(tally)


async def _storm(base: str, places: list[tuple[float, float]]) -> Tally:
    tally = Tally()
    limits = httpx2.Limits(max_connections=200, max_keepalive_connections=200)
    async with httpx2.AsyncClient(base_url=base, timeout=60, limits=limits) as client:
        await _until_up(client)
        tokens = {role: await _token(client, role) for role in ("inspector", *DESKS)}
        end = time.perf_counter() + MINUTES * 60
        desks = [
            asyncio.create_task(_desk(client, tally, role, tokens[role], end, random.Random(f"{role}{n}")))
            for role, count in DESKS.items()
            for n in range(count)
        ]
        await _reports(client, tally, tokens["inspector"], places, end)
        await asyncio.gather(*desks)
    return tally


async def _until_up(client: httpx2.AsyncClient) -> None:
    for _ in range(300):
        try:
            if (await client.get("/health/ready")).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        await asyncio.sleep(0.2)
    raise RuntimeError("the service did not start")


async def _token(client: httpx2.AsyncClient, role: str) -> dict[str, str]:
    answer = await client.post("/api/v1/token", data={"username": role, "password": "citygrid-demo"})
    return {"authorization": f"Bearer {answer.json()['access_token']}"}


async def _reports(
    client: httpx2.AsyncClient,
    tally: Tally,
    token: dict[str, str],
    places: list[tuple[float, float]],
    end: float,
) -> None:
    chance = random.Random(1)
    waiting: set[asyncio.Task[None]] = set()
    due, number = time.perf_counter(), 0
    while due < end:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        task = asyncio.create_task(_report(client, tally, token, chance.choice(places), number, due))
        waiting.add(task)
        task.add_done_callback(waiting.discard)
        number += 1
        due += 1 / RATE_PER_S
    await asyncio.gather(*waiting)


async def _report(
    client: httpx2.AsyncClient,
    tally: Tally,
    token: dict[str, str],
    place: tuple[float, float],
    number: int,
    due: float,
) -> None:
    lon, lat = place
    asked = {"lon": lon, "lat": lat, "kind": "event", "class_code": CLASSES[number % len(CLASSES)]}
    begun = time.perf_counter()
    found = await client.get("/api/v1/cases/similar", params=asked, headers=token)
    tally.note("ask for the same nearby", begun, found.status_code)
    key = f"{KEYS}{number:07}"
    body = asked | {"description": f"{MARK} {number}"}
    for _time in range(2 if number % 20 == 0 else 1):
        begun = time.perf_counter()
        answer = await client.post("/api/v1/cases", json=body, headers=token | {"Idempotency-Key": key})
        tally.note("report a case", begun, answer.status_code)
        if answer.status_code in (200, 201):
            tally.promised[key] = answer.json()["case_no"]
    tally.note("both, from when it was due", due, answer.status_code)


async def _desk(
    client: httpx2.AsyncClient,
    tally: Tally,
    role: str,
    token: dict[str, str],
    end: float,
    chance: random.Random,
) -> None:
    await asyncio.sleep(chance.uniform(0, THINK_S))
    while time.perf_counter() < end:
        begun = time.perf_counter()
        listed = await client.get("/api/v1/cases", params={"queue": QUEUES[role], "limit": 50}, headers=token)
        tally.note("list a queue", begun, listed.status_code)
        await asyncio.sleep(chance.expovariate(1 / THINK_S))
        cases = listed.json().get("items", [])
        if not cases:
            continue
        case = chance.choice(cases)
        begun = time.perf_counter()
        answer = await client.post(
            f"/api/v1/cases/{case['case_no']}/actions/{STEPS[case['state']]}",
            json={"note": MARK},
            headers=token | {"If-Match": f'"{case["version"]}"'},
        )
        tally.note("take a step", begun, answer.status_code)


def _print(tally: Tally) -> None:
    desks = sum(DESKS.values())
    print(
        f"{RATE_PER_S} reports/s for {MINUTES:g} min, {desks} desks, 2 server processes, all on this machine"
    )
    print(f"{'milliseconds':<28} {'number':>7} {'p50':>8} {'p95':>8} {'most':>8}")
    for what, found in tally.times.items():
        print(f"{what:<28} {len(found):>7} {p50(found):>8.1f} {p95(found):>8.1f} {max(found):>8.1f}")
    print("answers: " + ", ".join(f"{name}: {count}" for name, count in sorted(tally.answers.items())))


def _check(tally: Tally) -> None:
    """Every promised case is there, under its key, once."""
    with engine().connect() as connection:
        stored = connection.execute(
            text(
                "SELECT count(*), count(DISTINCT idempotency_key), count(DISTINCT description)"
                ' FROM "case" WHERE idempotency_key LIKE :keys'
            ),
            {"keys": f"%{KEYS}%"},
        ).one()
    promised = len(set(tally.promised.values()))
    print(f"promised {len(tally.promised)} reports as {promised} cases; stored {stored[0]}")
    assert tuple(stored) == (promised,) * 3, "a report was lost or stored twice"
    assert len(tally.promised) == promised


if __name__ == "__main__":
    main()
