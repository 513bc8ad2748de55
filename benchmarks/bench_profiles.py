"""纵断面 over HTTP: the way found, its reaches, what crosses it; beside networkx on the same edges.

``python -m benchmarks.bench_profiles``: the database of ``CITYGRID_DATABASE_URL``, else the private one.
"""

import random
import time
from collections import defaultdict

import networkx as nx
from sqlalchemy import text

from benchmarks.serving import served
from benchmarks.timing import p50, p95, times_ms
from gis.database import engine

REACHES = 200
PAIRS = 10
ROUNDS = 40


def main() -> None:
    """Print p50 and p95 of profiles of about 200 reaches, each round another pair of points."""
    begin = time.perf_counter()
    pairs = pairs_apart()
    if not pairs:
        print("profiles: no network of the city is long enough")
        return
    graph_s = time.perf_counter() - begin
    with served("planner") as client:
        asked = iter(range(10**9))
        sizes: list[tuple[int, int]] = []

        def ask(form: str) -> None:
            first, last = pairs[next(asked) % len(pairs)]
            answer = client.post(
                f"/api/v1/pipelines/profile?f={form}&interactive=true",
                json={"from_point": first, "to_point": last},
            )
            assert answer.status_code == 200, answer.text[:400]
            if form == "json":
                body = answer.json()
                sizes.append((len(body["reaches"]), len(body["crossing_pipes"])))

        for form in ("json", "svg"):
            found = times_ms(lambda form=form: ask(form), ROUNDS, warm_up=2)  # type: ignore[misc]
            print(f"profile {form:<5} p50 {p50(found):>7.1f} ms   p95 {p95(found):>7.1f} ms")
        reaches, crossings = zip(*sizes, strict=True)
        print(f"reaches {min(reaches)}–{max(reaches)}, lines crossing {min(crossings)}–{max(crossings)}")
    print(
        f"(the same ways by networkx: the graph of the class alone takes {graph_s:.1f} s to read and build)"
    )


def pairs_apart() -> list[tuple[int, int]]:
    """Pairs of points of the foul sewers that :data:`REACHES` segments lie between, spread over the city."""
    statement = text(
        "SELECT start_point_id, end_point_id, length_m FROM pipe_segment"
        " WHERE class_code = 'PS' AND valid_to IS NULL"
    )
    graph = nx.Graph()
    with engine().connect() as connection:
        graph.add_weighted_edges_from(tuple(row) for row in connection.execute(statement))
    pieces = [piece for piece in nx.connected_components(graph) if len(piece) > REACHES]
    chance = random.Random(1)
    pairs: list[tuple[int, int]] = []
    for piece in chance.sample(pieces, min(len(pieces), 4 * PAIRS)):
        for start in chance.sample(sorted(piece), 3):
            ways = nx.single_source_dijkstra_path(graph.subgraph(piece), start)
            by_count = defaultdict(list)
            for end, way in ways.items():
                by_count[len(way) - 1].append(end)
            if by_count[REACHES]:
                pairs.append((start, min(by_count[REACHES])))
                break
        if len(pairs) == PAIRS:
            break
    return pairs


if __name__ == "__main__":
    main()
